# SPDX-License-Identifier: EUPL-1.2
"""How everything stands, in numbers, on every database."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from chat.adapters.sql.database import Database
from chat.adapters.sql.standings import SqlStandings
from chat.phase import Phase
from chat.ports import Change, Store
from chat.watched import Standing
from tests.contract.made import JOUR, NOW, OTHER, conversation, duty, duty_id, visitor_key

MINUTE = timedelta(minutes=1)


async def create(store: Store, number: int, *, waits: timedelta, due: timedelta | None) -> None:
    """Store a waiting conversation."""
    made = replace(conversation(number, (JOUR, OTHER)[number % 2]), waiting_since=NOW - waits)
    deadline = None if due is None else NOW - due
    await store.create(made, visitor_key(number), deadline=deadline, wraps={}, intake=None, counts=())


async def test_nothing_stands_in_an_empty_store(store: Store, database: Database) -> None:
    """Every number is nothing, and there is no time."""
    assert await SqlStandings(database).standing(NOW) == Standing()


async def test_everything_is_counted_over_all_services(store: Store, database: Database) -> None:
    """By phase and state; the longest wait and what is due longest, whoever's they are."""
    for number, due in enumerate((None, -MINUTE, MINUTE, 3 * MINUTE)):
        await create(store, number, waits=number * MINUTE, due=due)
    for number in range(4):
        await store.put_duty(duty(number, JOUR))
    await store.put_duty(replace(duty(1, JOUR), paused_since=NOW))
    await store.put_duty(replace(duty(2, JOUR), paused_since=NOW, away_since=NOW))
    await store.put_duty(duty(9))
    taken = replace(conversation(3, OTHER), phase=Phase.ACTIVE, operator=duty_id(0), alias="A")
    await store.commit(Change(conversation=taken, expected=0, deadline=NOW - MINUTE))
    assert await SqlStandings(database).standing(NOW) == Standing(
        conversations={Phase.WAITING: 3, Phase.ACTIVE: 1},
        waits_since=NOW - 2 * MINUTE,
        due_since=NOW - MINUTE,
        present=2,
        paused=1,
        away=1,
    )
