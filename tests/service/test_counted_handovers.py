# SPDX-License-Identifier: EUPL-1.2
"""What becomes of a handover, in the counters of the service whose chat it was: each ticket and step once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.counted import Counted
from chat.grid import Week
from chat.hours import local_day
from handover import counted
from handover.errors import Refused
from handover.ids import TicketId
from handover.ticket import TIME_TO_ANSWER, TicketEvent
from tests.service.handing import SERVICE, Handing, handing
from tests.unit.handover import making
from tests.unit.handover.making import CLINIC, INTAKE, STATION, yes


def counters(directory: Path) -> dict[str, int]:
    """Return all counters of handovers; there are others of no service."""
    with closing(sqlite3.connect(directory / "chat.sqlite")) as file:
        rows = file.execute("SELECT service, name, value FROM counter").fetchall()
    found: Counter[str] = Counter()
    for service, name, value in rows:
        assert service == SERVICE
        found[name.removeprefix("handover_")] += value
    return dict(found)


async def test_each_outcome_counts_once(world: Handing, tmp_path: Path) -> None:
    """Opened twice, written to and accepted; the other one read and declined."""
    await world.says_yes(yes(INTAKE), yes(CLINIC))
    one, other = await world.unlocks(INTAKE), await world.unlocks(CLINIC)
    first, second = await world.ticket_of(INTAKE), await world.ticket_of(CLINIC)
    inbox = world.office.inbox
    assert counters(tmp_path) == {}, "her yes itself is counted with the step of her chat"
    for _ in range(2):
        await inbox.open(one, first)
    assert counters(tmp_path) == {"opened": 1}
    await inbox.write(one, first, "Hej, vi har läst.")
    await inbox.accept(one, first, "SN 1", "")
    with pytest.raises(Refused):
        await inbox.accept(one, first, "SN 2", "")
    await inbox.open(other, second)
    await inbox.decline(other, second, "Fel kommun")
    assert counters(tmp_path) == {"opened": 2, "accepted": 1, "declined": 1}


async def test_taken_back_counts_once_before_and_after_it_was_read(world: Handing, tmp_path: Path) -> None:
    """What reached nobody and what somebody has read: she took both back."""
    for is_read in (False, True):
        visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
        ticket = await world.ticket_of(INTAKE)
        if is_read:
            await world.office.inbox.open(await world.unlocks(INTAKE), ticket)
        await world.office.pickup.withdraw(visit, ticket)
        with pytest.raises(Refused):
            await world.office.pickup.withdraw(visit, ticket)
    assert counters(tmp_path) == {"withdrawn": 2, "opened": 1}


async def test_time_that_runs_out_returns_or_expires_it(world: Handing, tmp_path: Path) -> None:
    """Unopened it never arrived; read, or received at delivery, it expires. Being erased is no outcome."""
    await world.says_yes(yes(INTAKE), yes(CLINIC), yes(STATION))
    await world.office.inbox.open(await world.unlocks(CLINIC), await world.ticket_of(CLINIC))
    for _ in range(2):
        world.clock.advance((TIME_TO_ANSWER + timedelta(days=1)).total_seconds())
        await world.office.keeper.tick()
    assert counters(tmp_path) == {"opened": 1, "returned": 1, "expired": 2}
    world.clock.advance(timedelta(days=60).total_seconds())
    await world.office.keeper.tick()
    assert counters(tmp_path) == {"opened": 1, "returned": 1, "expired": 2}


async def test_both_tables_tell_the_same(world: Handing, tmp_path: Path) -> None:
    """What is kept by receiver, for the goals of two organisations, and what the service counts."""
    await world.says_yes(yes(INTAKE), yes(CLINIC))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    await world.office.inbox.open(who, ticket)
    await world.office.inbox.accept(who, ticket, "SN 1", "")
    today = local_day(world.clock.now())
    by_receiver = await world.store.counts([SERVICE], today, today)
    same = {
        TicketEvent.OPENED: "opened",
        TicketEvent.ACCEPTED: "accepted",
    }
    assert {same[each.event]: each.times for each in by_receiver if each.event in same} == counters(tmp_path)


async def test_no_day_stands_beside_a_handover_once_its_month_is_over(world: Handing) -> None:
    """It is put under its month while a goal needs it, and is gone else; never by a date that is in doubt."""
    keeper, today = world.office.keeper, local_day(world.clock.now())
    month = Week.of(today).month.weeks[0].monday
    await world.says_yes(yes(INTAKE))

    async def days() -> list[date]:
        return [each.day for each in await world.store.counts([SERVICE], month, today + timedelta(days=99))]

    await keeper.gather(None)
    assert await days() == [today], "the month still runs"
    world.clock.advance(timedelta(days=40).total_seconds())
    world.clock.is_trusted = False
    await keeper.gather(None)
    assert await days() == [today]
    world.clock.is_trusted = True
    world.shredded.clear()
    await keeper.gather(month)
    assert await days() == [month]
    await keeper.gather(month)
    assert world.shredded == [True], "what has not changed is cleared from no file"
    await keeper.gather(None)
    assert await days() == []


@pytest.fixture
async def worlds(tmp_path: Path, empty_database: Path) -> AsyncIterator[tuple[Handing, Handing]]:
    """Two processes over the same database."""
    async with handing(tmp_path, empty_database) as one, handing(tmp_path, empty_database) as other:
        yield one, other


async def test_two_processes_count_one_outcome(worlds: tuple[Handing, Handing], tmp_path: Path) -> None:
    """Both open it, one accepts while the other declines, and in both its time runs out."""
    here, there = worlds
    one, other = await here.unlocks(INTAKE), await there.unlocks(INTAKE)

    async def at_once(*works: Coroutine[Any, Any, object]) -> None:
        outcomes = await asyncio.gather(*works, return_exceptions=True)
        assert all(isinstance(each, Refused) for each in outcomes if isinstance(each, BaseException))

    tickets: list[TicketId] = []
    for turn in range(10):
        visit = await here.comes_with(await here.says_yes(yes(INTAKE)))
        tickets.append((await here.store.of_handover(visit.handover.id))[0].ticket.id)
        await at_once(here.office.inbox.open(one, tickets[-1]), there.office.inbox.open(other, tickets[-1]))
        await at_once(
            here.office.inbox.accept(one, tickets[-1], f"SN {turn}", ""),
            there.office.inbox.decline(other, tickets[-1], "Fel kommun"),
        )
    found = Counter(counters(tmp_path))
    assert (found["opened"], found["accepted"] + found["declined"]) == (10, 10)
    await here.says_yes(yes(CLINIC))
    for world in worlds:
        world.clock.advance(timedelta(days=15).total_seconds())
    await at_once(*(world.office.keeper.tick() for world in worlds))
    assert counters(tmp_path)["returned"] == 1


def test_her_answer_is_one_no_or_a_yes_for_each_receiver() -> None:
    """Never both, and no receiver in particular."""
    day = local_day(making.NOW)
    (no,) = counted.answered(SERVICE, 0, day)
    (both,) = counted.answered(SERVICE, 2, day)
    assert [(no.name, no.by), (both.name, both.by)] == [
        (Counted.HANDOVER_DECLINED_BY_HER, 1),
        (Counted.HANDOVER_SENT, 2),
    ]


def test_only_outcomes_of_a_ticket_are_counted() -> None:
    """What was written, added, renewed or erased is none, and that it was granted is her answer."""
    silent = {
        TicketEvent.GRANTED,
        TicketEvent.WROTE,
        TicketEvent.ADDED,
        TicketEvent.RENEWED,
        TicketEvent.ERASED,
    }
    day = local_day(making.NOW)
    assert {event for event in TicketEvent if not counted.outcomes(SERVICE, [event], day)} == silent
