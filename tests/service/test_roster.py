# SPDX-License-Identifier: EUPL-1.2
"""The roster at work: who may, what is decided on what is stored, and what follows for a service's hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import config
from chat.adapters.sql.database import Database
from chat.adapters.sql.schema import migrate
from chat.adapters.system import SystemRandomness
from chat.errors import Stale, Unavailable
from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import DutyId, OrganisationId, ServiceId
from chat.sealing import Token
from config.site import OpenWhen, PublicService, Site
from config.site_file import read_site
from tests.service.accounts_house import Clock
from web.accounts.account import Account, AccountId, StaffRole, StaffSession
from web.roster.able import Able
from web.roster.adapters.sql import SqlRosterStore
from web.roster.errors import CannotServe, MayNot, NoSuchShift, NothingToClose, Unfit
from web.roster.openings import HORIZON, KEPT, Openings
from web.roster.service import Roster
from web.roster.shift import Cancel, Change, Leave, Offer, Plan, Remove, Shift, Take, TakeOver
from web.roster.staffing import Lack

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


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """The roster."""
    url = f"sqlite+aiosqlite:///{tmp_path}/house.sqlite"
    await asyncio.to_thread(migrate, url)
    database = await Database.open(url)
    store, people, clock = SqlRosterStore(database), People(), Clock()
    clock.moment = at("2026-11-24 11:00")
    able = Able(people, clock)
    roster = Roster(store, able, clock, SystemRandomness())
    yield Room(store, people, clock, roster, Openings(store, able, clock))
    await database.close()


async def test_service_opens_with_the_shift_and_closes_when_nobody_is_left(room: Room) -> None:
    """Within its hours only; who cannot come leaves it closed, who takes over opens it again."""
    assert not (await room.now("2026-11-24 18:30")).chat.hours.is_open(room.clock.now())
    await room.now("2026-11-24 11:00")
    shift = await room.has("2026-11-24 17:00", "2026-11-24 20:00", "sara")
    hours = (await room.now()).chat.hours
    assert hours.opens_at(room.clock.now()) == at("2026-11-24 18:00")
    assert hours.closes_at(at("2026-11-24 18:00")) == at("2026-11-24 20:00")
    await room.does(SARA, shift, Leave("sara"))
    assert (await room.now()).chat.hours.opens_at(room.clock.now()) is None
    assert [each.lack for each in await room.roster.warnings([EKEN])] == [Lack.NOBODY]
    await room.does(MAJA, shift, Take("maja"))
    assert (await room.now("2026-11-24 18:30")).chat.hours.is_open(room.clock.now())
    assert await room.roster.warnings([EKEN]) == []


async def test_account_that_is_shut_tonight_opens_nothing(room: Room) -> None:
    """Within the minute, though no shift has changed; the board is told."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    assert (await room.now("2026-11-24 18:30")).chat.hours.is_open(room.clock.now())
    room.people.all[0] = replace(room.people.all[0], disabled=True)
    assert not (await room.now()).chat.hours.is_open(room.clock.now())
    assert [each.lack for each in await room.roster.warnings([EKEN])] == [Lack.NOBODY]


async def test_board_that_asks_all_the_time_reads_everybody_s_accounts_once_a_minute(room: Room) -> None:
    """However many services there are: what it costs must not grow with theirs."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    await room.roster.warnings([EKEN])
    listed = room.people.list

    async def never() -> list[Account]:
        raise AssertionError

    room.people.list = never  # type: ignore[method-assign]  # whoever asks now asks too often
    room.clock.moment += timedelta(minutes=1)
    assert await room.roster.warnings([EKEN]) == []
    room.people.list = listed  # type: ignore[method-assign]  # a minute later it may be another answer
    room.people.all = []
    room.clock.moment += timedelta(seconds=1)
    assert [each.lack for each in await room.roster.warnings([EKEN])] == [Lack.NOBODY]


async def test_minute_in_which_nothing_changed_makes_no_other_site(room: Room) -> None:
    """The shifts are not even read again; a service that asks for no shift is left alone altogether."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    first = await room.openings.layer(SITE)
    room.clock.moment += timedelta(minutes=1)

    async def never(*_: object) -> list[Shift]:
        raise AssertionError

    room.store.between = never  # type: ignore[assignment]  # whoever reads them now reads them in vain
    again = await room.openings.layer(SITE)
    assert again == first
    assert first.services[LINDEN] is SITE.services[LINDEN]


async def test_only_the_coming_weeks_open_anything_and_old_shifts_are_forgotten(room: Room) -> None:
    """The horizon moves with the days."""
    far = f"{(at('2026-11-24 18:00') + HORIZON + timedelta(days=1)):%Y-%m-%d}"
    await room.has(f"{far} 18:00", f"{far} 21:00", "sara")
    assert (await room.now()).chat.hours.staffed == ()
    assert (await room.now("2026-11-27 11:00")).chat.hours.staffed == (
        (at(f"{far} 18:00"), at(f"{far} 21:00")),
    )
    room.clock.moment = at(f"{far} 21:00") + KEPT + timedelta(days=1)
    await room.openings.layer(SITE)
    assert await room.store.of("sara", at("2026-01-01 12:00")) == (0, [])


async def test_disk_that_is_full_does_not_keep_a_service_open(room: Room) -> None:
    """What is old is deleted later; what is closed is closed now."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    tidies = room.store.forget_before
    asked = 0

    async def full(_: datetime) -> None:
        nonlocal asked
        asked += 1
        raise Unavailable

    room.store.forget_before = full  # type: ignore[assignment]  # the disk is full
    assert (await room.now("2026-11-24 18:30")).chat.hours.is_open(room.clock.now())
    await room.now()
    room.store.forget_before = tidies  # type: ignore[method-assign]  # and not any more
    await room.now()
    assert asked == 2


@pytest.mark.parametrize(
    ("who", "change"),
    [
        (SARA, Take("elin")),
        (SARA, Leave("elin")),
        (SARA, Offer("elin", offered=True)),
        (SARA, TakeOver("elin", "sara")),
        (SARA, Take("sara", planned=True)),
        (SARA, Remove("sara")),
        (SARA, Cancel()),
        (ULLA, Take("ulla")),
        (EVA, Take("eva")),
        (session("karin", StaffRole.OPERATOR, ServiceId("bron")), Take("karin")),
        (session("mats", StaffRole.SUPERVISOR, HAMNEN), Take("sara", planned=True)),
        (session("ingrid", StaffRole.RECEIVER), Cancel()),
        (session("x", StaffRole.ADMINISTRATOR, runs="oppenvarden-vallentuna"), Cancel()),
        (
            session("mats", StaffRole.SUPERVISOR, HAMNEN),
            Plan(at("2026-11-25 18:00"), at("2026-11-25 21:00"), 2, 1),
        ),
    ],
)
async def test_nobody_decides_for_others_but_who_plans(room: Room, who: StaffSession, change: Change) -> None:
    """Nor in services of others."""
    shift = await room.has("2026-11-25 18:00", "2026-11-25 21:00", "elin")
    with pytest.raises(MayNot):
        await room.does(who, shift, change)
    assert await room.store.shift(shift.id) == shift


async def test_planner_puts_on_whoever_can_answer_there(room: Room) -> None:
    """An administrator of the organisation too; nobody from elsewhere, nobody who is shut, nobody unknown."""
    shift = await room.has("2026-11-25 18:00", "2026-11-25 21:00")
    assert (await room.does(EVA, shift, Take("maja", planned=True))).on == ("maja",)
    room.people.all.append(replace(account("karin", EKEN), disabled=True))
    room.people.all.append(account("peter", HAMNEN))
    for name in ("karin", "peter", "ulla", "nobody"):
        with pytest.raises(CannotServe):
            await room.does(ULLA, shift, Take(name, planned=True))
    assert await room.roster.people_of(EKEN) == ["elin", "maja", "sara"]


async def test_shift_is_reached_through_its_own_service_only(room: Room) -> None:
    """Whoever plans in two does not mix them up."""
    shift = await room.has("2026-11-25 18:00", "2026-11-25 21:00")
    with pytest.raises(NoSuchShift):
        await room.roster.change(ULLA, SITE.services[LINDEN], shift.id, Cancel(), TRACKS)


async def test_whoever_is_always_too_late_is_told_so(room: Room) -> None:
    """After some rounds, not for ever."""
    shift = await room.has("2026-11-25 18:00", "2026-11-25 21:00")

    async def too_late(*_: object) -> bool:
        return False

    room.store.save = too_late  # type: ignore[assignment]  # somebody is always faster
    with pytest.raises(Stale):
        await room.does(SARA, shift, Take("sara"))


async def test_series_with_one_shift_that_cannot_be_makes_none(room: Room) -> None:
    """All or nothing."""
    good = (at("2026-11-25 18:00"), at("2026-11-25 21:00"))
    with pytest.raises(Unfit, match="past"):
        await room.roster.make(
            ULLA, room.eken, [good, (at("2026-11-23 18:00"), at("2026-11-23 21:00"))], 2, 1
        )
    assert await room.store.between([EKEN], at("2026-11-01 00:00"), at("2026-12-01 00:00")) == []
    with pytest.raises(MayNot):
        await room.roster.make(SARA, room.eken, [good], 2, 1)


async def test_service_is_closed_by_hand_with_words_and_opened_again(room: Room) -> None:
    """From now until the end of the opening; once it is over there is nothing to take back."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    closing = await room.roster.close(ULLA, service, None, {"sv": "Vi är sjuka i kväll.", "en": ""})
    assert closing.ends_at == at("2026-11-24 21:00")
    service = await room.now()
    assert not service.chat.hours.is_open(room.clock.now())
    assert service.closed_words == {"sv": "Vi är sjuka i kväll."}
    assert await room.roster.closing(EKEN) == closing
    assert await room.roster.reopen(ULLA, service)
    service = await room.now()
    assert service.chat.hours.is_open(room.clock.now())
    assert service.closed_words == {}
    await room.roster.close(ULLA, service, at("2026-11-24 19:00"), {"sv": "Vi har möte."})
    assert not (await room.now()).chat.hours.is_open(room.clock.now())
    service = await room.now("2026-11-24 19:00")
    assert service.chat.hours.is_open(room.clock.now()), "it opens by itself"
    assert service.closed_words == {}
    assert not await room.roster.reopen(ULLA, service)


async def test_closing_again_is_measured_by_the_hours_without_the_first(room: Room) -> None:
    """Else the second would find nothing to close, or the opening after."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    await room.roster.close(ULLA, service, None, {})
    service = await room.now("2026-11-24 19:00")
    again = await room.roster.close(ULLA, service, None, {"sv": "Vi är sjuka."})
    assert (again.starts_at, again.ends_at) == (room.clock.now(), at("2026-11-24 21:00"))


async def test_closing_is_for_who_leads_and_its_words_are_judged(room: Room) -> None:
    """No number of anybody goes out by it."""
    await room.has("2026-11-24 18:00", "2026-11-24 21:00", "sara")
    service = await room.now("2026-11-24 18:30")
    for who in (SARA, session("mats", StaffRole.SUPERVISOR, HAMNEN), session("ingrid", StaffRole.RECEIVER)):
        with pytest.raises(MayNot):
            await room.roster.close(who, service, None, {})
        with pytest.raises(MayNot):
            await room.roster.reopen(who, service)
    with pytest.raises(Unfit, match="identity"):
        await room.roster.close(EVA, service, None, {"sv": "Ring Anna på 070-123 45 67."})
    nobody = replace(service, chat=replace(service.chat, hours=OpeningHours("24/7", staffed=())))
    with pytest.raises(NothingToClose):
        await room.roster.close(EVA, nobody, None, {})
    assert await room.roster.closing(EKEN) is None
