# SPDX-License-Identifier: EUPL-1.2
"""140 organisations with 280 services on one installation: each sees its own, at the cost of a small one."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from bench.many_organisations import SERVICES, organisation_id, service_id, site_text
from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from config.site_file import read_site
from tests.web.personas import Persona, Present, comes
from tests.web.running import ON
from web import demo
from web.accounts.account import StaffRole
from web.accounts.audit import Audited
from web.app import create_app
from web.bootstrap import open_house
from web.house import House
from web.security import OwnOrigins

URL = "http://127.0.0.1:8000"
MANY, FEW = 140, 2
SEED = 20_261_127


@dataclass
class Installation:
    """A house without a port, and who asks it."""

    house: House
    http: httpx.AsyncClient

    async def get(self, who: Present, path: str) -> httpx.Response:
        """Ask for a page as somebody."""
        return await self.http.get(path, headers={"Cookie": f"__Host-staff={who.cookie}"})


@asynccontextmanager
async def installed(place: Path, organisations: int) -> AsyncGenerator[Installation]:
    """Open one with so many organisations."""
    text = site_text(organisations)
    site = read_site(text, today=ON, source="many", unverified=True).whole()
    async with open_house(demo.demo_settings(place, 8000), site, demo=True, limits=False) as house:
        transport = httpx.ASGITransport(app=create_app(house, OwnOrigins.from_urls([URL])))
        async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
            yield Installation(house, http)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def many(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Installation]:
    """The large one, for the module."""
    async with installed(tmp_path_factory.mktemp("many"), MANY) as found:
        yield found


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Collect what is asked of a house's database meanwhile, and not what other servers here do."""
    found: list[str] = []

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if str(connection.engine.url.database).startswith(str(house.settings.data)):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def three(role: StaffRole) -> Persona:
    """Return somebody who sees three services."""
    services = frozenset({service_id(0, "linden"), service_id(0, "eken"), service_id(1, "linden")})
    return Persona("of three", role, services)


PAGES = ("/supervisor", "/supervisor/board", "/replies")


@pytest.mark.parametrize("path", PAGES)
async def test_what_three_services_cost_does_not_grow_with_the_others(
    many: Installation, tmp_path: Path, path: str
) -> None:
    """The database is asked the same at 4 and at 280 services, by somebody who sees three."""
    asked = []
    async with installed(tmp_path, FEW) as few:
        for each in (few, many):
            who = await comes(each.house.accounts, three(StaffRole.SUPERVISOR), "three")
            assert (await each.get(who, path)).status_code == 200
            with statements(each.house) as found:
                await each.get(who, path)
            asked.append(sorted(found))
    assert asked[0] == asked[1]
    assert asked[0] != []


async def test_page_for_a_visitor_does_not_ask_for_each_service_anew(many: Installation) -> None:
    """The second who looks for a chat costs the database nothing, however many chats there are."""
    assert (await many.http.get("/")).status_code == 200
    with statements(many.house) as found:
        page = await many.http.get("/")
    assert page.status_code == 200
    assert found == []
    assert "/chat/linden-139" in page.text


async def test_nobody_sees_what_is_not_theirs_whatever_their_account_says(many: Installation) -> None:
    """Accounts with scopes drawn at random: every list names exactly what is theirs, of 280."""
    draw = random.Random(SEED)
    every = [service_id(number, which) for number in range(MANY) for which in SERVICES]
    day = local_day(many.house.clock.now())
    for number in range(MANY):
        whose, place = OrganisationId(organisation_id(number)), ServiceId(service_id(number, "linden"))
        await many.house.audit.record(Audited.LIFTED, f"someone-{number}", whose, place, day)
    for number in range(12):
        runs = frozenset(organisation_id(each) for each in draw.sample(range(MANY), draw.randint(0, 3)))
        role = StaffRole.ADMINISTRATOR if number % 2 else StaffRole.SUPERVISOR
        services = frozenset(draw.sample(every, draw.randint(1, 4)))
        persona = Persona("drawn", role, services if number % 2 == 0 else frozenset(), organisations=runs)
        who = await comes(many.house.accounts, persona, f"drawn-{number}")
        own = set(persona.services) | {
            service_id(int(each.rpartition("-")[2]), which) for each in runs for which in SERVICES
        }
        board = (await many.get(who, "/supervisor/board")).json()
        assert {row["service"] for row in board["rows"]} == own, (SEED, number)
        listed = await many.get(who, "/replies")
        named = set(re.findall(r"/replies/([a-z0-9-]+)", listed.text + listed.headers.get("location", "")))
        assert named == own, (SEED, number)
        audit = await many.get(who, "/staff/audit")
        seen = set(re.findall(r"<bdi>someone-(\d+)</bdi></td>", audit.text))
        mine = {each.rpartition("-")[2] for each in runs} if role is StaffRole.ADMINISTRATOR else set()
        assert seen == mine, (SEED, number)
