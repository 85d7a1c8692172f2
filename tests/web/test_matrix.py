# SPDX-License-Identifier: EUPL-1.2
"""Every role, object and verb over HTTP: allowed, or refused so that nothing can be learnt of it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.routing import Route

from chat.ids import ServiceId
from tests.outside.connection import browser
from tests.web.matrix import LINK, OBJECTS, OF_NOBODY, TABLE, TICKET, Row
from tests.web.personas import INTAKE, NOBODY, STAFF, Present, everybody
from tests.web.running import Running
from tests.web.ticketing import hand_over
from web.accounts.account import StaffRole
from web.app import routes_of
from web.people.managing import invite
from web.people.scope import Places
from web.visitor.routes import visitor_routes

LINDEN = Places(services=frozenset({ServiceId("linden")}))
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def verbs_of(routes: Iterable[Any]) -> set[tuple[str, str]]:
    """Return each verb and path of some routes."""
    found = [each for each in routes if isinstance(each, Route)]
    return {(verb, each.path) for each in found for verb in (each.methods or set()) - {"HEAD"}}


@dataclass(frozen=True)
class Told:
    """An answer, without what is one's own in it."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


@dataclass
class World:
    """The server with everybody before it, and one ticket."""

    run: Running
    there: dict[str, Present]
    ticket: str
    http: httpx.AsyncClient

    async def asks(
        self, who: Present, row: Row, object_: str, *, verb: str = "", csrf: str | None = None
    ) -> Told:
        """Send what a row says as somebody; `csrf` instead of their own."""
        name = await self._name_of(object_)
        names = iter(name.split("/"))
        path = re.sub(r"\{\w+(:int)?\}", lambda _: next(names), row.path)
        headers = {"Origin": self.run.at.url, "Cookie": f"__Host-staff={who.cookie}"} if who.cookie else {}
        headers["Origin"] = self.run.at.url
        form = None
        verb = verb or row.method
        if verb != "GET":
            own = who.session.csrf if who.session is not None else "x" * 43
            form = {key.replace("{}", name): value.replace("{}", name) for key, value in row.fields}
            form |= {"csrf": own if csrf is None else csrf}
        answer = await self.http.request(verb, self.run.at.url + path, headers=headers, data=form)
        return self._told(answer, who, (path, name))

    async def _name_of(self, object_: str) -> str:
        if object_ == LINK:
            maker = self.there["administrator"].session
            assert maker is not None
            link = await invite(self.run.house, maker, "Lisa", StaffRole.OPERATOR, LINDEN)
            return link.invitation.id
        return self.ticket if object_ == TICKET else object_

    def _told(self, answer: httpx.Response, who: Present, asked: tuple[str, ...]) -> Told:
        text = answer.text
        own = [who.session.csrf, who.session.account] if who.session is not None else []
        for word in own:
            text = text.replace(word, "·")
        # Where a page names its own address it repeats what was asked for, and tells nothing more.
        text = text.replace(asked[0], "·path·")
        headers = {
            # A sign-in repeats the address too, to lead back to it.
            key: value.partition("?to=")[0]
            for key, value in answer.headers.items()
            if key not in {"date", "content-length"}
        }
        return Told(answer.status_code, text, tuple(sorted(headers.items())))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(shared: Running) -> AsyncGenerator[World]:
    """All of it, once for the module."""
    there = await everybody(shared)
    _, (ticket,) = await hand_over(shared, INTAKE)
    await shared.all_leave()
    async with browser() as http:
        yield World(shared, there, ticket, http)


def test_every_route_stands_in_the_table(shared: Running) -> None:
    """A new route is a decision about who may use it; one that is gone leaves no line behind."""
    hers = verbs_of(visitor_routes(shared.house))
    every = verbs_of(routes_of(shared.house))
    table = {(row.method, row.path) for row in TABLE}
    assert every - hers == table | OF_NOBODY
    assert OF_NOBODY & table == set()
    assert hers & table == set()
    assert len(table) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
async def test_role_gets_what_is_its_own_and_nothing_else(world: World, row: Row) -> None:
    """Each persona, each object. What is refused looks the same whatever it was, and as what is nowhere."""
    if row.path == "/staff/sign-out":
        return  # it would end the sign-ins of the others here; test_sign_in_ends.py has it
    for persona in STAFF:
        who = world.there[persona.name]
        refusals: dict[Told, str] = {}
        objects = OBJECTS[row.of] if persona.role in row.who else OBJECTS[row.of][:2]
        for object_ in objects:
            told = await world.asks(who, row, object_)
            where = f"{persona.name} {row.method} {row.path} {object_}"
            if row.is_for(persona, object_):
                assert told.status not in {401, 403, 404, 500, 503}, where
                assert not leads_to_sign_in(told), where
            else:
                expected = row.refused if persona.role in row.who else 403
                assert told.status == expected, where
                refusals[told] = where
        assert len(refusals) <= 1, list(refusals.values())


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
async def test_without_a_live_sign_in_all_is_refused_alike(world: World, row: Row) -> None:
    """None at all, one of a disabled account, one that is too old, one that never was."""
    told = {
        await world.asks(world.there[name], row, object_)
        for name in NOBODY
        for object_ in OBJECTS[row.of][:2]
    }
    assert len(told) == 1
    (answer,) = told
    if row.bare:
        assert (answer.status, answer.text) == (401, "")
    else:
        assert leads_to_sign_in(answer)


@pytest.mark.parametrize("row", [row for row in TABLE if row.method != "GET"], ids=lambda row: row.path)
async def test_form_of_another_sign_in_is_refused(world: World, row: Row) -> None:
    """Without a token, with a made-up one, with that of somebody else who may: 403, for the same form."""
    other = world.there["administrator elsewhere"].session
    assert other is not None
    for persona in STAFF:
        if any(row.is_for(persona, object_) for object_ in OBJECTS[row.of]):
            who = world.there[persona.name]
            for csrf in ("", "x" * 43, other.csrf):
                if who.session is not None and csrf != who.session.csrf:
                    told = await world.asks(who, row, OBJECTS[row.of][0], csrf=csrf)
                    assert told.status == 403, (persona.name, csrf)


@pytest.mark.parametrize("path", sorted({row.path for row in TABLE}))
async def test_other_verbs_are_nobodys(world: World, path: str) -> None:
    """405 before anybody is asked who they are: the same for who may and for who is not there."""
    rows = [row for row in TABLE if row.path == path]
    answered = {row.method for row in TABLE if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", row.path), path)}
    for verb in set(VERBS) - answered:
        told = {
            await world.asks(world.there[name], rows[0], OBJECTS[rows[0].of][0], verb=verb)
            for name in ("no sign-in", "administrator", "receiver")
        }
        assert {each.status for each in told} == {405}, verb
        assert len(told) == 1, verb


def leads_to_sign_in(told: Told) -> bool:
    """Tell whether an answer sends somebody to sign in."""
    return told.status == 303 and dict(told.headers).get("location") == "/staff/sign-in"
