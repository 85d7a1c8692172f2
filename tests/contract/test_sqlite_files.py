# SPDX-License-Identifier: EUPL-1.2
"""What SQLite leaves on the disk and how it behaves when the disk or another process says no."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, make_url, text

from chat.adapters.sql.database import Database
from chat.adapters.sql.errors import CannotOpen
from chat.adapters.sql.shredder import SqlShredder
from chat.adapters.sql.store import SqlStore
from chat.clearing_ports import ShredReport
from chat.errors import Unavailable
from tests.contract.made import (
    JOUR,
    NOW,
    claiming,
    conversation,
    duty,
    duty_id,
    ending,
    live,
    saying,
    start,
    visitor_key,
)

IMPATIENT = 0.05
"""A busy timeout, in seconds, for tests that want to see it pass."""


class StandingClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Move the time."""
        self.time += timedelta(seconds=seconds)

    def trusted(self) -> bool:
        """It never jumps."""
        return True


@pytest.fixture
def path(sqlite_url: str) -> Path:
    """The database file."""
    database = make_url(sqlite_url).database
    assert database is not None
    return Path(database)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """The database, open."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def store(database: Database) -> AsyncIterator[SqlStore]:
    """A store on it."""
    opened = SqlStore(database)
    yield opened
    await opened.close()


@contextmanager
def another_process(path: Path) -> Iterator[sqlite3.Connection]:
    """Connect as somebody else would."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        yield connection
    finally:
        connection.close()


def on_disk(path: Path) -> bytes:
    """Return every byte of the database's files."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


# --- settings and files ---


async def test_every_connection_has_the_safe_settings(database: Database) -> None:
    """The writer's, the readers' and the asynchronous ones alike."""
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "temp_store": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }

    def settings(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}

    assert await database.run_write(settings) == wanted
    assert await database.run_read(settings) == wanted
    async with database.read() as connection:
        assert await connection.run_sync(settings) == wanted
    async with database.write() as connection:
        assert await connection.run_sync(settings) == wanted


async def test_files_and_directory_are_for_the_owner_alone(tmp_path: Path) -> None:
    """Also the write-ahead log and its index, whatever the umask."""
    before = os.umask(0)
    try:
        folder = tmp_path / "new" / "data"
        database = await Database.open(f"sqlite+aiosqlite:///{folder / 'chat.sqlite'}")
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE t (x)"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
        await database.close()
    finally:
        os.umask(before)
    assert modes == {"chat.sqlite": 0o600, "chat.sqlite-wal": 0o600, "chat.sqlite-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_close_leaves_one_file_and_no_thread(sqlite_url: str, path: Path) -> None:
    """The log is brought in and removed; nothing keeps the program from ending."""
    before = set(threading.enumerate())
    database = await Database.open(sqlite_url)
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
    await start(SqlStore(database), 1)
    await database.close()
    names = [thread.name for thread in set(threading.enumerate()) - before]
    assert [name for name in names if name.startswith(("reader", "writer", "aiosqlite"))] == []
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with pytest.raises(Unavailable):
        await database.run_read(lambda connection: connection.exec_driver_sql("SELECT 1"))


@pytest.mark.parametrize("place", ["{file}/chat.sqlite", "/proc/chat.sqlite", ":memory:", ""])
async def test_unusable_place_is_one_plain_sentence(tmp_path: Path, place: str) -> None:
    """A file where a directory should be, a directory that takes no file, no file at all."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CannotOpen, match=r"^The database .*\.$"):
        await Database.open(f"sqlite+aiosqlite:///{place.format(file=file)}")


async def test_file_that_is_no_database_is_one_plain_sentence(tmp_path: Path) -> None:
    """It is not touched."""
    file = tmp_path / "notes.txt"
    file.write_text("no database " * 200)
    with pytest.raises(CannotOpen, match=r"notes\.txt cannot be opened: file is not a database\.$"):
        await Database.open(f"sqlite+aiosqlite:///{file}")
    assert file.read_text() == "no database " * 200


# --- when the database says no ---


async def test_write_waits_while_another_process_writes(
    database: Database, store: SqlStore, path: Path
) -> None:
    """It is delayed, not lost, and reading goes on meanwhile."""
    stored = await start(store, 1)
    begun = threading.Event()
    driver = database._writer._connection
    assert driver is not None
    raw = cast("sqlite3.Connection", driver.connection.dbapi_connection)
    with another_process(path) as other:
        other.execute("BEGIN IMMEDIATE")
        raw.set_trace_callback(lambda statement: begun.set() if "BEGIN" in statement else None)
        saying_it = asyncio.create_task(store.commit(saying(stored, 1)))
        await asyncio.to_thread(begun.wait, 5)
        assert (await live(store, 1)).version == 0
        assert not saying_it.done()
        other.execute("COMMIT")
        await saying_it
    assert (await live(store, 1)).version == 1


async def test_write_is_unavailable_when_the_lock_stays(sqlite_url: str, path: Path) -> None:
    """Each waiting caller is told, nothing is stored, and the next try succeeds."""
    database = await Database.open(sqlite_url, busy_timeout=IMPATIENT)
    store = SqlStore(database)
    ready = [await start(store, number) for number in range(3)]
    with another_process(path) as other:
        other.execute("BEGIN IMMEDIATE")
        calls = [store.commit(saying(stored, 1)) for stored in ready]
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(error) for error in found] == [Unavailable] * 3
        with pytest.raises(Unavailable):
            await store.put_duty(duty(1, JOUR))
        with pytest.raises(Unavailable):
            async with database.write():
                pass
        other.execute("ROLLBACK")
    for stored in ready:
        await store.commit(saying(stored, 1))
    await store.close()
    with pytest.raises(Unavailable):
        await store.commit(saying(ready[0], 2))
    await database.close()


async def test_full_disk_is_unavailable_and_an_end_makes_room(database: Database, store: SqlStore) -> None:
    """Nothing acknowledged is lost, a conversation can still end, and then there is room again."""
    await start(store, 1)
    await start(store, 2)

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 40}")

    await database.run_write(fill)
    acknowledged = 0

    async def say_on() -> None:
        nonlocal acknowledged
        while True:
            await store.commit(saying(await live(store, 1), acknowledged, b"x" * 4000))
            acknowledged += 1

    with pytest.raises(Unavailable, match="full"):
        await say_on()
    assert acknowledged > 10
    assert [entry.seq for entry in await store.entries(conversation(1).id, 0)] == [
        *range(1, acknowledged + 1)
    ]
    assert (await live(store, 1)).version == acknowledged
    await store.commit(ending(await live(store, 1)))
    await store.commit(saying(await live(store, 2), 1, b"x" * 4000))


async def test_error_in_a_write_rolls_everything_back(database: Database, store: SqlStore) -> None:
    """A block that raises leaves nothing, and the next one is unharmed."""
    await start(store, 1)

    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM conversation"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    await store.commit(saying(await live(store, 1), 1))


async def test_errors_do_not_carry_what_was_to_be_stored(database: Database) -> None:
    """Neither the driver's error nor ours repeats a value."""

    async def insert() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO counter (service) VALUES (:v)"), {"v": "secret"})

    with pytest.raises(Exception, match="NOT NULL") as caught:
        await insert()
    assert "secret" not in str(caught.value)


# --- what is deleted leaves the files ---


def marker(number: int) -> bytes:
    """Return bytes that stand for everything of one conversation."""
    return b"MARKER-%04d-" % number


async def _talk_on(store: SqlStore, numbers: list[int], chance: random.Random) -> None:
    """Say things of many lengths and renew keys, so that rows grow, shrink and move between pages."""
    for number in chance.sample(numbers, len(numbers)) * 4:
        stored = await live(store, number)
        turn = stored.conversation.seq
        await store.commit(saying(stored, turn, marker(number) * chance.randint(1, 400)))
        wrap = marker(number) * chance.randint(1, 60)
        await store.renew(
            conversation(number).id,
            replace(visitor_key(number), wrap=wrap),
            instead_of=visitor_key(number).lookup,
        )


async def test_ended_conversations_leave_the_files(database: Database, store: SqlStore, path: Path) -> None:
    """Talks woven into each other, ended in any order: no byte of an ended one is left, of a live one all."""
    chance = random.Random(7)
    shredder = SqlShredder(database, StandingClock())
    await store.put_duty(duty(1, JOUR))
    numbers = list(range(40))
    for number in numbers:
        await start(store, number, wraps={duty_id(1): marker(number) + b"wrap"}, intake=marker(number))
    while numbers:
        await _talk_on(store, numbers, chance)
        chance.shuffle(numbers)
        for number in numbers[:8]:
            await store.commit(ending(await live(store, number)))
        del numbers[:8]
        shredder.want(NOW)
        assert await shredder.run_once(NOW)
        found = on_disk(path)
        words = [number for number in range(40) if marker(number) in found]
        names = [number for number in range(40) if conversation(number).id.encode() in found]
        assert (words, names) == (sorted(numbers), sorted(numbers))


async def test_wraps_of_those_who_lost_leave_the_files(
    database: Database, store: SqlStore, path: Path
) -> None:
    """After a claim the other readers' wraps are nowhere."""
    await store.put_duty(duty(1, JOUR))
    await store.put_duty(duty(2, JOUR))
    wraps = {duty_id(1): b"WINNING-WRAP" * 4, duty_id(2): b"LOSING-WRAP" * 4}
    await store.commit(claiming(await start(store, 1, wraps=wraps), 1))
    assert await database.rewrite()
    assert await database.clear_log()
    assert b"WINNING-WRAP" in on_disk(path)
    assert b"LOSING-WRAP" not in on_disk(path)


async def test_shredder_waits_for_an_open_reader(database: Database, store: SqlStore, path: Path) -> None:
    """While somebody reads an older moment the bytes stay; then they go, and how long that took is noted."""
    clock = StandingClock()
    shredder = SqlShredder(database, clock)
    await store.commit(saying(await start(store, 1), 1, marker(1) * 50))
    assert await shredder.run_once(NOW)
    assert shredder.report() == ShredReport()
    with another_process(path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        await store.commit(ending(await live(store, 1)))
        shredder.want(NOW)
        shredder.want(NOW + timedelta(seconds=1))
        assert not await shredder.run_once(NOW)
        assert not await shredder.run_once(NOW)
        assert shredder.report() == ShredReport(unfinished_since=NOW)
        assert marker(1) in on_disk(path)
        await start(store, 2)
        reader.execute("ROLLBACK")
        clock.time = NOW + timedelta(seconds=2)
        assert await shredder.run_once(NOW)
    assert marker(1) not in on_disk(path)
    assert shredder.report() == ShredReport(finished=1, last_took=2.0, longest_took=2.0)
    shredder.want(clock.time)
    assert await shredder.run_once(clock.time)
    assert shredder.report() == ShredReport(finished=2, last_took=0.0, longest_took=2.0)


async def test_shredder_notes_what_is_deleted_while_it_runs(database: Database, store: SqlStore) -> None:
    """A wish that comes during a run is not taken for done by it."""
    shredder = SqlShredder(database, StandingClock())
    await start(store, 1)
    shredder.want(NOW)
    running = asyncio.create_task(shredder.run_once(NOW))
    await asyncio.sleep(0)
    later = NOW + timedelta(seconds=1)
    shredder.want(later)
    assert await running
    assert shredder.report() == ShredReport(unfinished_since=later, finished=1)


async def test_open_clears_what_a_crash_left(sqlite_url: str, path: Path, tmp_path: Path) -> None:
    """A process dies between the end and the shredding: the next one that opens the files finishes it."""
    database = await Database.open(sqlite_url)
    store = SqlStore(database)
    await store.commit(saying(await start(store, 1), 1, marker(1) * 50))
    await database.clear_log()
    await store.commit(ending(await live(store, 1)))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in (path, path.with_name(path.name + "-wal")):
        (crashed / file.name).write_bytes(file.read_bytes())
    await store.close()
    await database.close()
    assert marker(1) in on_disk(crashed / path.name)
    reopened = await Database.open(f"sqlite+aiosqlite:///{crashed / path.name}")
    assert marker(1) not in on_disk(crashed / path.name)
    await reopened.close()
