# SPDX-License-Identifier: EUPL-1.2
"""Rows that a host holds which stands still in the middle of a commit: nobody waits but who needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from chat.adapters.sql.database import PATIENT, Database
from chat.adapters.sql.store import SqlStore
from chat.errors import Unavailable
from tests.contract.made import (
    JOUR,
    claiming,
    conversation,
    duty,
    duty_id,
    ending,
    live,
    saying,
    start,
)
from tests.servers.postgresql import Postgresql

HELD = range(PATIENT + 3)
"""More than can wait at once."""
OTHERS = range(20, 40)


@pytest.fixture
async def store(postgresql_url: str) -> AsyncIterator[SqlStore]:
    """A store over a database."""
    database = await Database.open(postgresql_url)
    opened = SqlStore(database)
    yield opened
    await opened.close()
    await database.close()


@contextmanager
def standing_still(postgresql: Postgresql, url: str, table: str, names: list[str]) -> Iterator[None]:
    """Be another host that has locked these rows, and neither commits nor ends until left."""
    with postgresql.connect(url.rpartition("/")[2]) as other:
        other.autocommit = False
        lock = f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE"  # noqa: S608 - a name of ours
        held = other.execute(lock, (names,)).fetchall()
        assert len(held) == len(names)
        yield
        other.rollback()


async def say(store: SqlStore, number: int, id_: int) -> None:
    """Say something in a conversation."""
    await store.commit(saying(await live(store, number), id_))


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
    *said, ended = await asyncio.gather(*waiting, late, return_exceptions=True)
    # What is said and the end were decided on the same version: one of them was first.
    assert sorted(map(repr, (said[0], ended))) == ["None", "Stale()"]
    assert said[1:] == [None] * (len(HELD) - 1)
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
