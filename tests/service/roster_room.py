# SPDX-License-Identifier: EUPL-1.2
"""A roster over a new database, with the demo's services and some of its staff."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import config
from chat.adapters.sql.database import Database
from chat.adapters.sql.schema import migrate
from chat.adapters.system import SystemRandomness
from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import DutyId, OrganisationId, ServiceId
from chat.sealing import Token
from config.site import OpenWhen, PublicService, Site
from config.site_file import read_site
from tests.service.accounts_house import Clock
from web.accounts.account import Account, AccountId, StaffRole, StaffSession
from web.roster.able import Able
from web.roster.adapters.sql import SqlRosterStore
from web.roster.openings import Openings
from web.roster.service import Roster
from web.roster.shift import (
    Change,
    Shift,
    Take,
)

LINDEN, EKEN, HAMNEN = ServiceId("linden"), ServiceId("eken"), ServiceId("hamnen")
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """Return a Swedish wall clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def site() -> Site:
    """Return the demo's site, where eken is open on evenings while somebody is on a shift."""
    path = Path(config.__file__).parent / "demo.toml"
    whole = read_site(path.read_text("utf-8"), today=date(2026, 11, 24), source="", unverified=True).whole()
    eken = whole.services[EKEN]
    evenings = replace(eken.chat, hours=OpeningHours("18:00-21:00"))
    staffed = replace(eken, chat=evenings, open_when=OpenWhen.STAFFED)
    return replace(whole, services={**whole.services, EKEN: staffed})


SITE = site()
TRACKS = {id_: each.chat.track for id_, each in SITE.services.items()}


def account(name: str, *services: ServiceId, role: StaffRole = StaffRole.OPERATOR) -> Account:
    """Return an account."""
    return Account(id=AccountId(name), name=name, role=role, services=frozenset(services), password_hash="x")


def session(name: str, role: StaffRole, *services: ServiceId, runs: str = "") -> StaffSession:
    """Return a sign-in."""
    return StaffSession(
        id=DutyId("d" * 22),
        account=name,
        role=role,
        services=frozenset(services),
        organisations=frozenset([OrganisationId(runs)] if runs else []),
        token=Token(20_000, b"t" * 32),
        expires_at=at("2026-12-24 12:00"),
    )


SARA, ELIN, MAJA = (session(name, StaffRole.OPERATOR, EKEN) for name in ("sara", "elin", "maja"))
ULLA = session("ulla", StaffRole.COORDINATOR, LINDEN, EKEN)
EVA = session("eva", StaffRole.ADMINISTRATOR, runs="kvinnojouren-vallentuna")


class People:
    """Who has an account."""

    def __init__(self) -> None:
        self.all = [
            *(account(name, EKEN) for name in ("sara", "elin")),
            account("maja", LINDEN, EKEN),
            account("ulla", LINDEN, EKEN, role=StaffRole.COORDINATOR),
        ]

    async def list(self) -> list[Account]:
        """Return all."""
        return self.all


@dataclass
class Room:
    """A roster over a new database, at eleven on a Tuesday."""

    store: SqlRosterStore
    people: People
    clock: Clock
    roster: Roster
    openings: Openings

    @property
    def eken(self) -> PublicService:
        """The service."""
        return SITE.services[EKEN]

    async def has(self, start: str, end: str, *names: str, fewest: int = 1) -> Shift:
        """Make a shift with these people on it."""
        await self.roster.make(ULLA, self.eken, [(at(start), at(end))], 3, fewest)
        shifts = await self.store.between([EKEN], at(start), at(end))
        shift = next(each for each in shifts if each.starts_at == at(start) and not each.held)
        for name in names:
            shift = await self.does(session(name, StaffRole.OPERATOR, EKEN), shift, Take(name))
        return shift

    async def does(self, who: StaffSession, shift: Shift, change: Change) -> Shift:
        """Change a shift."""
        return await self.roster.change(who, self.eken, shift.id, change, TRACKS)

    async def now(self, moment: str = "") -> PublicService:
        """Return the service as it is, perhaps later."""
        if moment:
            self.clock.moment = at(moment)
        return (await self.openings.layer(SITE)).services[EKEN]


@asynccontextmanager
async def roster_room(folder: Path) -> AsyncIterator[Room]:
    """Open the roster; its database lies in `folder`."""
    url = f"sqlite+aiosqlite:///{folder}/house.sqlite"
    await asyncio.to_thread(migrate, url)
    database = await Database.open(url)
    store, people, clock = SqlRosterStore(database), People(), Clock()
    clock.moment = at("2026-11-24 11:00")
    able = Able(people, clock)
    roster = Roster(store, able, clock, SystemRandomness())
    yield Room(store, people, clock, roster, Openings(store, able, clock))
    await database.close()
