# SPDX-License-Identifier: EUPL-1.2
"""Several hosts over one PostgreSQL that want the same at once: one wins, nothing is lost, nobody waits for ever."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from chat.adapters.sql.database import Database
from chat.adapters.sql.store import SqlStore
from chat.errors import Refused, Stale
from chat.ports import Store
from tests.contract.appender import speak
from tests.contract.made import (
    JOUR,
    NOW,
    TODAY,
    claiming,
    client_id,
    conversation,
    count,
    duty,
    duty_id,
    ending,
    live,
    returning,
    saying,
    start,
)

Two = tuple[SqlStore, SqlStore]


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[Two]:
    """One store, as two hosts have it open."""
    async with AsyncExitStack() as opened:

        async def open_store() -> SqlStore:
            database = await Database.open(postgresql_url)
            opened.push_async_callback(database.close)
            store = SqlStore(database)
            opened.push_async_callback(store.close)
            return store

        yield await open_store(), await open_store()


async def all_said(store: Store, conversations: int, by: set[int]) -> None:
    """Every message is there once, and the numbers of each conversation have no gap."""
    found = []
    for number in range(conversations):
        entries = await store.entries(conversation(number).id, 0)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert (await live(store, number)).version == len(entries)
        found += [entry.client_id for entry in entries]
    assert len(found) == len(by)
    assert set(found) == {client_id(number) for number in by}


async def test_thousands_of_appends_by_two_hosts_have_no_gap(two: Two) -> None:
    """Visitor and operator sit on different hosts and write at once, in ten conversations."""
    for number in range(10):
        await start(two[0], number)
    await asyncio.gather(*(speak(store, which, 10, 1000) for which, store in enumerate(two)))
    await all_said(two[0], 10, set(range(2000)))


async def test_appends_by_two_real_processes_have_no_gap(two: Two, postgresql_url: str) -> None:
    """The same with interpreters of their own, and this one as the third."""
    for number in range(4):
        await start(two[0], number)
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.contract.appender", postgresql_url, str(which), "4", "300"
        )
        for which in (1, 2)
    ]
    await speak(two[0], 0, 4, 300)
    assert await asyncio.gather(*(program.wait() for program in programs)) == [0, 0]
    await all_said(two[1], 4, set(range(900)))


async def test_thousand_claims_on_two_hosts_have_one_winner_each(two: Two) -> None:
    """Twenty at a time: the store names the winner, the loser is stale, and the loads are right."""
    claimed = [0, 0]
    for which, store in enumerate(two):
        await store.put_duty(duty(which, JOUR))

    async def race(number: int) -> None:
        stored = await start(two[number % 2], number)
        calls = [store.commit(claiming(stored, which, capacity=2000)) for which, store in enumerate(two)]
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert sorted(map(repr, found)) == ["None", "Stale()"]
        winner = found.index(None)
        claimed[winner] += 1
        for store in two:
            assert (await live(store, number)).conversation.operator == duty_id(winner)
        (joined,) = await two[0].entries(stored.conversation.id, 0)
        assert joined.alias == f"Alias {winner}"

    for first in range(0, 1000, 20):
        await asyncio.gather(*(race(number) for number in range(first, first + 20)))
    assert await two[0].loads([JOUR]) == {duty_id(which): claimed[which] for which in (0, 1)}
    assert (await two[1].counters([JOUR], TODAY))[JOUR]["answered"] == 1000


async def test_storm_of_opposite_orders_loses_nothing_and_hangs_never(two: Two) -> None:
    """Claims, ends, wraps, duties that come and go, and everybody marked away, all at once on both hosts.

    Rows are locked in one order, so PostgreSQL has no deadlock to end; were there one, it would take a second
    to be seen, and the whole storm has few.
    """
    conversations, duties, rounds = 24, 6, 25
    for number in range(duties):
        await two[0].put_duty(duty(number, JOUR))
    for number in range(conversations):
        await start(two[0], number)
    chance = random.Random(7)  # noqa: S311 - a fixed order of events
    told: dict[int, set[int]] = {number: set() for number in range(conversations)}
    ended = 0

    async def step(store: SqlStore, number: int, turn: int) -> None:
        nonlocal ended
        stored = await store.load(conversation(number).id)
        if stored is None:
            told[number].clear()
            await start(store, number, wraps={duty_id(each): b"wrap" for each in reversed(range(duties))})
            return
        if chance.random() < 0.1:
            await store.commit(ending(stored))
            told[number].clear()
            ended += 1
        elif stored.conversation.operator is None and chance.random() < 0.5:
            await store.commit(claiming(stored, chance.randrange(duties), capacity=5))
        elif stored.conversation.operator is not None and chance.random() < 0.3:
            await store.commit(returning(stored))
        else:
            await store.commit(saying(stored, 1000 * number + turn))
            told[number].add(1000 * number + turn)

    async def talk(store: SqlStore, numbers: list[int], which: int) -> None:
        for turn in range(rounds):
            chance.shuffle(numbers)
            calls = [step(store, number, 2 * turn + which) for number in numbers]
            for failed in await asyncio.gather(*calls, return_exceptions=True):
                if failed is not None and not isinstance(failed, Refused | Stale):
                    raise failed

    async def come_and_go(store: SqlStore, which: int) -> None:
        for turn in range(rounds):
            number = (turn * 5 + which) % duties
            await store.remove_duty(duty_id(number))
            await store.put_duty(duty(number, JOUR), begun=(count(),))
            await store.add_wraps(
                conversation(turn % conversations).id, {duty_id(each): b"new" for each in range(duties)}
            )

    async def away(store: SqlStore) -> None:
        for _ in range(rounds):
            await store.mark_all_away(NOW)

    async with asyncio.timeout(120):
        # Each conversation is one host's, so that what was said is known; rows and duties are everybody's.
        await asyncio.gather(
            talk(two[0], list(range(0, conversations, 2)), 0),
            talk(two[1], list(range(1, conversations, 2)), 1),
            *(come_and_go(store, which) for which, store in enumerate(two)),
            *(away(store) for store in two),
        )
    assert ended > 10
    for number in range(conversations):
        entries = await two[0].entries(conversation(number).id, 0)
        said = {entry.client_id for entry in entries if entry.client_id is not None}
        assert said == {client_id(each) for each in told[number]}
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert (await two[1].counters([JOUR], TODAY))[JOUR]["ended"] == ended
    for store in two:
        name = store._database._url.database
        query = f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{name}'"
        assert await store._database.run_read(lambda c: c.exec_driver_sql(query).scalar_one()) == 0
