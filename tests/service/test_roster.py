# SPDX-License-Identifier: EUPL-1.2
"""The roster at work: who may, what is decided on what is stored, and what follows for a service's hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chat.errors import Stale, Unavailable
from chat.ids import ServiceId
from tests.service.roster_room import (
    EKEN,
    EVA,
    HAMNEN,
    LINDEN,
    MAJA,
    SARA,
    SITE,
    TRACKS,
    ULLA,
    Room,
    account,
    at,
    session,
)
from web.accounts.account import Account, StaffRole, StaffSession
from web.roster.errors import CannotServe, MayNot, NoSuchShift
from web.roster.openings import HORIZON, KEPT
from web.roster.shift import (
    Cancel,
    Change,
    Leave,
    Offer,
    Plan,
    Remove,
    Shift,
    Take,
    TakeOver,
)
from web.roster.staffing import Lack


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
