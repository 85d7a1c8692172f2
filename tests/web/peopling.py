# SPDX-License-Identifier: EUPL-1.2
"""Somebody at the pages about people, and somebody with a link: as browsers send what they fill in."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from html import unescape

import httpx
import pyotp

from chat.ids import OrganisationId, ServiceId
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.server import Staff
from tests.web.running import Running
from web.accounts import codes
from web.accounts.account import Account, AccountId, StaffRole

PASSWORD = "åtta glada katter"
VALLENTUNA = OrganisationId("kvinnojouren-vallentuna")
HASHED: dict[str, str] = {}
"""The hash of the password of everybody who joins."""


class Person(Operator):
    """Somebody at the pages of the staff."""

    def __init__(self, run: Running, name: str, password: str = PASSWORD) -> None:
        super().__init__(run.at, Staff(name, password, "", ()))
        self.run = run
        self.used = ""
        """The code with which a second factor was set up."""

    async def does(self, path: str, **fields: str) -> httpx.Response:
        """Send a form with this sign-in's own token, unless another is given."""
        session = await self.run.session_of(self)
        token = self.cookies.get("__Host-staff")
        session = session or await self.run.house.accounts.unfinished(token)
        form = {"csrf": session.csrf if session else "", **fields}
        return await self.request(
            "POST", path, {name.replace("__", "."): each for name, each in form.items()}
        )

    async def finds(self, name: str) -> str:
        """Return the page of a person that the list leads to."""
        page = await self.request("GET", "/staff/people")
        found = re.search(rf'href="(/staff/people/[^"?]+)[^"]*"><bdi>{re.escape(name)}</bdi>', page.text)
        assert found is not None, name
        return found[1]

    async def invites(self, label: str = "Lisa", role: str = "operator", **places: str) -> str:
        """Make a link, and return where it leads on this server."""
        answer = await self.does(
            "/staff/people/invite", label=label, role=role, **(places or {"service__linden": "on"})
        )
        assert answer.status_code == 200, answer.text
        return link_in(answer)

    async def enters(self, code: str = "", password: str | None = None) -> httpx.Response:
        """Sign in as far as it goes: the password, and the code where it is asked for."""
        page = await self.request("GET", "/staff/sign-in")
        form = {"name": self.staff.name, "password": password or self.staff.password}
        answer = await self.request("POST", "/staff/sign-in", {**form, "csrf": hidden(page, "csrf")})
        if code and answer.status_code == 403:
            form = {"code": code, "csrf": hidden(answer, "csrf"), "step": hidden(answer, "step")}
            answer = await self.request("POST", "/staff/sign-in", form)
        return answer


async def seated(run: Running, name: str) -> Person:
    """Return one of the demo's staff, signed in; a sign-in serves one test after the other."""
    person = Person(run, name, run.staff(name).password)
    run.people.append(person)
    earlier = run.sign_ins.get(name)
    if earlier is not None and await run.session_of(earlier) is not None:
        person.cookies = dict(earlier.cookies)
    else:
        await person.enters()
        run.sign_ins[name] = person
    session = await run.session_of(person)
    assert session is not None
    person.csrf = session.csrf
    return person


class Invited(Person):
    """Somebody with a link."""

    async def opens(self, path: str) -> httpx.Response:
        """Look at it."""
        return await self.request("GET", path)

    async def uses(self, path: str, name: str = "", **more: str) -> httpx.Response:
        """Fill in the form behind it."""
        page = await self.opens(path)
        form = {"name": name or self.staff.name, "password": PASSWORD, "again": PASSWORD}
        csrf = hidden(page, "csrf") if page.status_code == 200 else ""
        return await self.request("POST", path, {**form, "csrf": csrf, **more})


def link_in(answer: httpx.Response) -> str:
    """Return the path of the link that a page shows."""
    found = re.search(r"<code id=\"once\">http://[^/]+(/staff/invitation/[\w-]{43})</code>", answer.text)
    assert found is not None, answer.text
    return found[1]


def hidden(page: httpx.Response, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, (page.status_code, name)
    return unescape(found[1])


def shows(run: Running, secret: str, steps: int = 0) -> str:
    """Return what a phone with this secret shows now."""
    at = int(run.house.clock.now().timestamp()) // 30 + steps
    return pyotp.TOTP(secret).generate_otp(at)


async def joins(run: Running, name: str, role: StaffRole = StaffRole.OPERATOR) -> Invited:
    """Return somebody new of Vallentuna, signed in; the password that all have is hashed once."""
    accounts = run.house.accounts
    if PASSWORD not in HASHED:
        HASHED[PASSWORD] = await accounts._passwords.hash(PASSWORD)
    runs = role is StaffRole.ADMINISTRATOR
    made = Account(
        id=AccountId(new_id()),
        name=name,
        role=role,
        services=frozenset() if runs else frozenset({ServiceId("linden")}),
        organisations=frozenset({VALLENTUNA}) if runs else frozenset(),
        password_hash=HASHED[PASSWORD],
    )
    await accounts._store.add(made)
    somebody = Invited(run, name)
    signed_in = await accounts._begun(made)
    somebody.cookies["__Host-staff"] = signed_in.token
    somebody.csrf = signed_in.session.csrf
    run.people.append(somebody)
    return somebody


async def account(run: Running, name: str) -> Account:
    """Return an account as it is stored."""
    return await run.house.accounts.named(name)


async def given_a_factor(run: Running, id_: AccountId) -> None:
    """Let an account have a second factor that nobody has a phone for."""
    factors = run.house.accounts.factors
    key = await factors.key.for_sealing()
    sealed = codes.seal("A" * 32, id_, key, run.house.randomness)
    await factors._store.add_factor(id_, sealed, 1, [b"digest"], check=codes.check_of(key), keep=None)


@asynccontextmanager
async def wanting(run: Running, *roles: str) -> AsyncGenerator[None]:
    """Let Vallentuna want a second factor of some roles, for as long as the block lasts."""
    before = run.house.site
    wants = replace(before.organisations[VALLENTUNA], second_factor=frozenset(roles))
    services = {
        id_: replace(each, organisation=wants) if each.organisation.id == VALLENTUNA else each
        for id_, each in before.services.items()
    }
    organisations = {**before.organisations, VALLENTUNA: wants}
    run.house.site = replace(before, organisations=organisations, services=services)
    try:
        yield
    finally:
        run.house.site = before
