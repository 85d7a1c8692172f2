# SPDX-License-Identifier: EUPL-1.2
"""What a store does about the processes over it: signs of life, the roll call, and what moved meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chat.adapters.sql.database import Database
from chat.adapters.sql.processes import SqlProcesses
from chat.ids import ConversationId
from chat.ports import Store
from chat.process_ports import Processes
from chat.staff_entries import SealedStaffEntry, StaffKind
from chat.staff_ports import StaffEntries
from tests.contract.made import JOUR, NOW, claiming, client_id, conversation, duty, duty_id, live, start

LATER = NOW + timedelta(minutes=5)
DEAD, ONE, OTHER = "dead-process", "one-process", "other-process"


@pytest.fixture
def processes(databases: tuple[Database, Database]) -> tuple[Processes, Processes]:
    """The same store, as two processes know it."""
    return SqlProcesses(databases[0]), SqlProcesses(databases[1])


def hers(number: int) -> ConversationId:
    """Return the id of a conversation."""
    return conversation(number).id


async def _talks(store: Store, *numbers: int) -> None:
    """Conversations that the duties of the same numbers hold."""
    for number in numbers:
        await store.put_duty(duty(number, JOUR))
        await store.commit(claiming(await start(store, number), number))


async def test_sign_counts_on_and_a_missing_one_is_told(processes: tuple[Processes, Processes]) -> None:
    """The first one is new; after it was buried it is new again; `begin` forgets all."""
    one, other = processes
    assert [await one.beat(ONE), await one.beat(ONE), await other.beat(OTHER)] == [False, True, False]
    assert {name: sign.beats for name, sign in (await other.look()).items()} == {ONE: 1, OTHER: 0}
    assert await other.bury(ONE, 0, NOW) is False
    assert await other.bury(ONE, 1, NOW) is True
    assert await other.bury(ONE, 1, NOW) is False
    assert await one.beat(ONE) is False
    await one.begin()
    assert await other.look() == {}


async def test_roll_call_notes_as_away_whoever_is_named_by_none(
    store: Store, processes: tuple[Processes, Processes]
) -> None:
    """Visitor and operator each for themselves, when all have answered and not before; others stay as is."""
    one, other = processes
    await _talks(store, 1, 2, 3)
    await start(store, 4)
    for name in (DEAD, ONE, OTHER):
        await one.beat(name)
    before = {number: (await live(store, number)).version for number in (1, 2, 3, 4)}
    assert await one.bury(DEAD, 0, LATER)
    assert [sign.asked for sign in (await other.look()).values()] == [True, True]
    await one.answer(ONE, [hers(1), hers(2)], [duty_id(1)], LATER)
    assert (await live(store, 3)).version == before[3]
    await other.answer(OTHER, [hers(4)], [duty_id(2)], LATER)
    away = {}
    for number in (1, 2, 3, 4):
        state = (await live(store, number)).conversation
        away[number] = (state.visitor_away_since, state.operator_away_since)
    assert away == {1: (None, None), 2: (None, None), 3: (LATER, LATER), 4: (None, None)}
    moved = {number: (await live(store, number)).version - before[number] for number in before}
    assert moved == {1: 0, 2: 0, 3: 1, 4: 0}
    assert await store.due(LATER) == [hers(3)]
    gone = [each.id for each in await store.all_duties() if each.away_since == LATER]
    assert gone == [duty_id(3)]
    await one.answer(ONE, [], [], LATER)
    assert (await live(store, 1)).version == before[1], "nobody had asked"


async def test_who_is_away_already_keeps_their_patience(
    store: Store, processes: tuple[Processes, Processes]
) -> None:
    """A second roll call does not begin anew what the first one noted."""
    one, _ = processes
    await _talks(store, 1)
    for name in (DEAD, ONE):
        await one.beat(name)
    assert await one.bury(DEAD, 0, NOW)
    await one.answer(ONE, [], [], NOW)
    version = (await live(store, 1)).version
    await one.beat(DEAD)
    assert await one.bury(DEAD, 0, LATER)
    await one.answer(ONE, [], [], LATER)
    again = await live(store, 1)
    assert (again.conversation.visitor_away_since, again.version) == (NOW, version)


async def test_last_one_asked_may_leave_and_a_new_one_is_asked(
    store: Store, processes: tuple[Processes, Processes]
) -> None:
    """Whoever comes while the roll is called may have people already; whoever leaves is not waited for."""
    one, other = processes
    await _talks(store, 1)
    for name in (DEAD, ONE):
        await one.beat(name)
    assert await one.bury(DEAD, 0, LATER)
    await other.beat(OTHER)
    await one.answer(ONE, [], [], LATER)
    assert (await live(store, 1)).conversation.visitor_away_since is None
    await other.leave(OTHER, LATER)
    assert (await live(store, 1)).conversation.visitor_away_since == LATER
    version = (await live(store, 1)).version
    await one.leave(ONE, LATER)
    assert (await live(store, 1)).version == version


async def test_one_of_two_who_bury_at_once_has_done_it(processes: tuple[Processes, Processes]) -> None:
    """Else the roll would be called twice for one death."""
    for number in range(10):
        dead = f"dead-{number}"
        await processes[0].beat(dead)
        done = await asyncio.gather(*(each.bury(dead, 0, NOW) for each in processes))
        assert sorted(done) == [False, True]


async def test_versions_and_heads_of_notes_are_told_for_many_at_once(
    store: Store, notebook: StaffEntries, processes: tuple[Processes, Processes]
) -> None:
    """Of those that are live; the others are left out."""
    _, other = processes
    await _talks(store, 1)
    await start(store, 2)
    asked = [hers(number) for number in range(1, 1200)]
    found = await other.versions(asked)
    assert found == {hers(1): 1, hers(2): 0}
    assert await other.noted(asked) == {}
    for seq in (1, 2):
        entry = SealedStaffEntry(hers(1), seq, StaffKind.NOTE, client_id(seq), b"sealed")
        await notebook.add(entry, duty_id(1))
    assert await other.noted(asked) == {hers(1): 2}
    assert (await other.versions([]), await other.noted([])) == ({}, {})
