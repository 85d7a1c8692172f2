# SPDX-License-Identifier: EUPL-1.2
"""What a host holds that stands still, in the middle of a commit or a clearing: who waits, and how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from chat.adapters.sql import clearing
from chat.adapters.sql.database import PATIENT, Database
from chat.adapters.sql.shared_shredder import LOOK_AFTER, SharedShredder
from chat.adapters.sql.store import SqlStore
from chat.adapters.system import SystemClock
from chat.errors import Unavailable
from tests.contract.made import (
    JOUR,
    OTHER,
    claiming,
    conversation,
    count,
    duty,
    duty_id,
    ending,
    live,
    said,
    start,
)
from tests.servers.postgresql import Postgresql

HELD = range(PATIENT + 3)
"""More than can wait at once."""
OTHERS = range(20, 40)
WAVE = range(100, 160)
"""Starts that come together: if each were tried in turn, that alone would take 6 s."""


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    """A database, open."""
    opened = await Database.open(postgresql_url)
    yield opened
    await opened.close()


@pytest.fixture
async def store(database: Database) -> AsyncIterator[SqlStore]:
    """A store over it."""
    opened = SqlStore(database)
    yield opened
    await opened.close()


@contextmanager
def standing_still(
    postgresql: Postgresql, url: str, table: str, names: list[str], key: str = "id"
) -> Iterator[None]:
    """Be another host that has locked these rows, and neither commits nor ends until left."""
    with postgresql.connect(url.rpartition("/")[2]) as other:
        other.autocommit = False
        lock = f"SELECT {key} FROM {table} WHERE {key} = ANY(%s) FOR UPDATE"  # noqa: S608 - names of ours
        held = other.execute(lock, (names,)).fetchall()
        assert {name for (name,) in held} == set(names)
        yield
        other.rollback()


async def say(store: SqlStore, number: int, id_: int) -> None:
    """Say something in a conversation."""
    stored = await live(store, number)
    await store.append([said(stored.conversation, id_)], stored.version)


async def test_rows_of_a_host_that_stands_still_hold_up_nobody_else(
    postgresql: Postgresql, postgresql_url: str, store: SqlStore
) -> None:
    """Said at once, the others are stored together and those alone wait; also what comes after them."""
    for number in (*HELD, *OTHERS):
        await start(store, number)
    with standing_still(postgresql, postgresql_url, "conversation", [conversation(n).id for n in HELD]):
        waiting = [asyncio.create_task(say(store, number, number)) for number in HELD]
        for turn in (1, 2):
            await asyncio.gather(*(say(store, number, 100 * turn + number) for number in OTHERS))
        late = asyncio.create_task(store.commit(ending(await live(store, HELD[0]))))
        await asyncio.gather(*(say(store, number, 300 + number) for number in OTHERS))
        assert not any(each.done() for each in (*waiting, late))
    *told, ended = await asyncio.gather(*waiting, late, return_exceptions=True)
    # What is said and the end were decided on the same version: one of them was first.
    assert sorted(map(repr, (told[0], ended))) == ["None", "Stale()"]
    assert told[1:] == [None] * (len(HELD) - 1)
    for number, entries in ((HELD[1], 1), (OTHERS[0], 3)):
        assert len(await store.entries(conversation(number).id, 0)) == entries


async def test_held_duty_holds_up_who_takes_from_it_and_no_message(
    postgresql: Postgresql, postgresql_url: str, store: SqlStore
) -> None:
    """A volunteer's row is held: what she accepts waits, and another one accepts the next."""
    for number in (1, 2, 3):
        await start(store, number)
    for number in (1, 2):
        await store.put_duty(duty(number, JOUR))
    with standing_still(postgresql, postgresql_url, "duty", [duty_id(1)]):
        waiting = asyncio.create_task(store.commit(claiming(await live(store, 1), 1, capacity=9)))
        await asyncio.gather(store.commit(claiming(await live(store, 2), 2, capacity=9)), say(store, 3, 1))
        assert not waiting.done()
    await waiting
    assert (await live(store, 1)).conversation.operator == duty_id(1)


async def test_held_counter_holds_up_what_is_counted_and_no_message(
    postgresql: Postgresql, postgresql_url: str, store: SqlStore
) -> None:
    """All conversations of a service share its counters: starts and ends wait, what is said does not."""
    for number in (*HELD, *OTHERS):
        await start(store, number)
    added = replace(count(), service=OTHER)
    await store.count([added])
    await store.commit(ending(await live(store, HELD[0])))
    ends = [ending(await live(store, number)) for number in HELD[1:]]
    with standing_still(postgresql, postgresql_url, "counter", [JOUR], key="service"):
        waiting: list[asyncio.Task[object]] = [
            *(asyncio.create_task(start(store, number)) for number in WAVE),
            *(asyncio.create_task(store.commit(end)) for end in ends),
        ]
        elsewhere = asyncio.create_task(store.count([added]))
        async with asyncio.timeout(4):
            for turn in (1, 2):
                await asyncio.gather(*(say(store, number, 100 * turn + number) for number in OTHERS))
            await elsewhere
        assert not any(each.done() for each in waiting)
    await asyncio.gather(*waiting)
    assert len(await store.entries(conversation(OTHERS[0]).id, 0)) == 2
    assert await store.load(conversation(HELD[1]).id) is None


async def test_messages_that_wait_for_a_locked_table_stay_together(
    postgresql: Postgresql, postgresql_url: str, database: Database, store: SqlStore
) -> None:
    """As while it is rewritten: all of them need it, and one transaction stores them when it is free."""
    ready = [await start(store, number) for number in OTHERS]
    with postgresql.connect(postgresql_url.rpartition("/")[2]) as other:
        other.autocommit = False
        other.execute("LOCK TABLE entry")
        waiting = [
            asyncio.create_task(store.append([said(stored.conversation, 1)], stored.version))
            for stored in ready
        ]
        async with asyncio.timeout(20):
            while len(database._patient) == PATIENT:  # noqa: ASYNC110 - its threads set no event here
                await asyncio.sleep(0.02)
        assert len(database._patient) == PATIENT - 1
        other.rollback()
    await asyncio.gather(*waiting)


async def test_row_that_is_held_for_too_long_is_told(postgresql: Postgresql, postgresql_url: str) -> None:
    """Nobody waits without end; the same is taken when it is given up."""
    database = await Database.open(postgresql_url, busy_timeout=0.3)
    store = SqlStore(database)
    await start(store, 1)
    with (
        standing_still(postgresql, postgresql_url, "conversation", [conversation(1).id]),
        pytest.raises(Unavailable, match="lock timeout"),
    ):
        await say(store, 1, 1)
    await say(store, 1, 1)
    assert len(await store.entries(conversation(1).id, 0)) == 1
    await store.close()
    await database.close()


class Standing(SystemClock):
    """The clock of a process that stands still when it asks for the time, until it may go on."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        super().__init__()
        self.asked, self.goes_on = Event(), Event()

    def now(self) -> datetime:
        """Return the time, when there is one again."""
        self.asked.set()
        assert self.goes_on.wait(60)
        return super().now()


async def test_who_stands_still_with_the_turn_to_clear_loses_it(
    postgresql_url: str, database: Database, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one clears meanwhile; who wakes goes on with a new connection."""
    monkeypatch.setattr(clearing, "STILL_MS", 200)
    other = await Database.open(postgresql_url)
    clock, stands = SystemClock(), Standing()
    paused, lives = SharedShredder(database, stands), SharedShredder(other, clock)
    await start(store, 1)
    await store.commit(ending(await live(store, 1)))
    for each in (paused, lives):
        each.want(clock.now())
    under_way = asyncio.create_task(paused.run_once(clock.now()))
    try:
        assert await asyncio.to_thread(stands.asked.wait, 20)
        async with asyncio.timeout(20):
            while not await lives.run_once(clock.now()):  # noqa: ASYNC110 - the server sets no event here
                await asyncio.sleep(0.02)
    finally:
        stands.goes_on.set()
    assert not await under_way
    assert await paused.run_once(clock.now() + LOOK_AFTER)
    kept = text("SELECT current_setting('idle_session_timeout')")
    assert await other.run_clearing(lambda lane: lane.execute(kept).scalar_one()) == "0"
    await other.close()
