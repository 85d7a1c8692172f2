# SPDX-License-Identifier: EUPL-1.2
"""PostgreSQL that is restarted, hangs or is lost in the middle: no call hangs, and all is well again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, text

from chat.adapters.sql import postgresql as bounds
from chat.adapters.sql.database import Database
from chat.adapters.sql.errors import CannotOpen
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.store import SqlStore
from chat.errors import Unavailable
from tests.contract.made import conversation, live, saying, start
from tests.servers.postgresql import Postgresql


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    """The database, open."""
    opened = await Database.open(postgresql_url)
    yield opened
    await opened.close()


@pytest.fixture
async def store(database: Database) -> AsyncIterator[SqlStore]:
    """A store on it."""
    opened = SqlStore(database)
    yield opened
    await opened.close()


def own_pid(connection: Connection) -> int:
    """Return the process id of the server's side of a connection."""
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


async def everything_works(database: Database, store: SqlStore, number: int) -> None:
    """Each way in is taken once, by each of its connections."""
    await store.commit(saying(await live(store, number), 1))
    for _ in range(3):
        assert await store.load(conversation(number).id) is not None
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    async with database.write() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await database.rewrite()


async def test_server_that_was_restarted_is_found_again(
    postgresql: Postgresql, database: Database, store: SqlStore
) -> None:
    """While it is away everybody is told so at once; then every kept connection is opened anew by itself."""
    await start(store, 1)
    await everything_works(database, store, 1)
    postgresql.stop()
    try:
        with pytest.raises(Unavailable):
            await store.load(conversation(1).id)
        with pytest.raises(Unavailable):
            await start(store, 2)
        with pytest.raises(Unavailable):
            async with database.read():
                pass
        with pytest.raises(Unavailable):
            async with database.write():
                pass
        with pytest.raises(Unavailable):
            await database.rewrite()
    finally:
        postgresql.start()
    await everything_works(database, store, 1)


async def test_connections_that_the_server_closed_cost_no_call(
    postgresql: Postgresql, database: Database, store: SqlStore
) -> None:
    """An administrator ends all of them: nobody notices."""
    await start(store, 1)
    await everything_works(database, store, 1)
    postgresql.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'jourchatt'"
    )
    await everything_works(database, store, 1)


async def test_server_that_hangs_is_cut_off(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sockets are open and it answers nothing: a call ends within the bound, the next has a new one."""
    monkeypatch.setattr(bounds, "BOUND_S", 0.3)
    database = await Database.open(postgresql_url, readers=1)
    hung = [await database.run_read(own_pid), await database.run_write(own_pid)]
    async with database.write() as connection:
        hung.append(await connection.run_sync(own_pid))
    try:
        for pid in hung:
            os.kill(pid, signal.SIGSTOP)
        # A new connection takes the place of the one that was cut, and the same is asked again.
        assert await database.run_read(own_pid) not in hung
        assert await database.run_write(own_pid) not in hung
        with pytest.raises(Unavailable):
            async with database.write():
                pass
        async with database.write() as connection:
            assert await connection.run_sync(own_pid) not in hung
    finally:
        for pid in hung:
            os.kill(pid, signal.SIGCONT)
        await database.close()


class Beside:
    """What another room stores with a step."""

    def write(self, connection: Connection) -> None:
        """Store something."""
        connection.execute(text("UPDATE duty SET alias = alias"))


async def test_who_waits_for_a_turn_is_told_so_and_no_message_waits(
    postgresql_url: str, database: Database, store: SqlStore
) -> None:
    """The turn of the rare writers is one for all processes and both ways to write."""
    first = await start(store, 1)
    impatient = await Database.open(postgresql_url, busy_timeout=0.05)
    async with database.write():
        with pytest.raises(Unavailable, match="lock timeout"):
            await impatient.run_write(own_pid)
        with pytest.raises(Unavailable, match="lock timeout"):
            async with impatient.write():
                pass
        own = SqlStore(impatient)
        with_more = replace(saying(first, 1), alongside=(Beside(),))
        waiting = asyncio.create_task(own.commit(with_more))
        await own.commit(saying(await start(own, 2), 1))
        with pytest.raises(Unavailable, match="lock timeout"):
            await waiting
    await own.commit(with_more)
    await own.close()
    assert await impatient.run_write(own_pid)
    await impatient.close()


@contextmanager
def lost_at_commit(database: Database, kill: Callable[[int], None], *, is_stored: bool) -> Iterator[None]:
    """Lose the writer's connection at its next commit, before or after that is stored."""
    dialect: Any = database._hasty.dialect
    really_commit = dialect.do_commit

    def do_commit(connection: Any) -> None:
        dialect.do_commit = really_commit
        driver = connection.driver_connection
        pid = driver.info.backend_pid
        if is_stored:
            really_commit(connection)
        kill(pid)
        driver.execute("SELECT 1")

    dialect.do_commit = do_commit
    yield
    dialect.do_commit = really_commit


@pytest.mark.parametrize("is_stored", [False, True])
async def test_new_conversation_that_nobody_was_told_of_does_not_stay(
    postgresql: Postgresql, database: Database, store: SqlStore, is_stored: bool
) -> None:
    """Lost at the commit, its visitor was refused: nobody would end it, so the next write takes it back."""
    await start(store, 1)

    def kill(pid: int) -> None:
        postgresql.run(f"SELECT pg_terminate_backend({pid}, 5000)")

    with (
        lost_at_commit(database, kill, is_stored=is_stored),
        pytest.raises(Unavailable, match="at the commit"),
    ):
        await start(store, 2)
    assert (await store.load(conversation(2).id) is not None) is is_stored
    await store.commit(saying(await live(store, 1), 1))
    assert await store.load(conversation(2).id) is None
    assert (await start(store, 2)).version == 0


async def test_transaction_that_the_server_took_back_is_tried_again(database: Database) -> None:
    """Two who wait for each other: one of them is taken back by the server, and nobody hears of it."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE pair (id integer, times integer)"))
        await connection.execute(text("INSERT INTO pair VALUES (1, 0), (2, 0)"))
        await connection.execute(
            text(f"ALTER DATABASE {database._url.database} SET deadlock_timeout = '50ms'")
        )
    other = await Database.open(str(database._url))
    locked = asyncio.Barrier(2)
    loop, tried = asyncio.get_running_loop(), []

    def add(order: tuple[int, int]) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            is_first_try = order not in tried
            tried.append(order)
            for number in order:
                connection.execute(text("UPDATE pair SET times = times + 1 WHERE id = :id"), {"id": number})
                if is_first_try and number == order[0]:
                    asyncio.run_coroutine_threadsafe(locked.wait(), loop).result()

        return work

    await asyncio.gather(
        database.run_write(add((1, 2)), alone=False), other.run_write(add((2, 1)), alone=False)
    )
    assert len(tried) > 2
    found = await database.run_read(lambda c: c.exec_driver_sql("SELECT times FROM pair").scalars().all())
    assert found == [2, 2]
    await other.close()


async def test_all_waits_are_bounded(database: Database) -> None:
    """Of every connection, by the server too."""
    wanted = {
        "statement_timeout": "5s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "10s",
        "tcp_user_timeout": "10000",
        "tcp_keepalives_idle": "5",
    }

    def settings(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in wanted}

    def isolation(connection: Connection) -> tuple[object, ...]:
        shown = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
        return tuple(connection.exec_driver_sql(shown).one())

    assert await database.run_write(settings) == await database.run_read(settings) == wanted
    assert await database.run_write(isolation) == ("read committed", "off")
    assert await database.run_read(isolation) == ("repeatable read", "on")
    async with database.read() as connection:
        assert await connection.run_sync(settings) == wanted
        assert await connection.run_sync(isolation) == ("repeatable read", "on")
    async with database.write() as connection:
        assert await connection.run_sync(settings) == wanted
        assert await connection.run_sync(isolation) == ("read committed", "off")


async def test_readers_see_one_moment(postgresql_url: str, database: Database, store: SqlStore) -> None:
    """What is stored between two statements of one read is not half seen."""
    await start(store, 1)
    other = SqlStore(await Database.open(postgresql_url))
    loop = asyncio.get_running_loop()

    def look(connection: Connection) -> list[int]:
        count = "SELECT count(*) FROM conversation"
        before = int(connection.exec_driver_sql(count).scalar_one())
        asyncio.run_coroutine_threadsafe(start(other, 2), loop).result()
        return [before, int(connection.exec_driver_sql(count).scalar_one())]

    assert await database.run_read(look) == [1, 1]
    await other.close()
    await other._database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://anna:hemligt@127.0.0.1:1/chat",
        "postgresql+psycopg://anna:hemligt@127.0.0.1:1/chat?password=hemligt",
        "postgresql+psycopg://anna@127.0.0.1:1/chat?passfile=/hemligt",
        "postgresql+psycopg://anna:hemligt@127.0.0.1:1/chat?nonsense=hemligt",
    ],
)
async def test_password_is_in_no_message(url: str) -> None:
    """Nor in what the message was raised from."""
    for opens in (lambda: Database.open(url), lambda: asyncio.to_thread(migrate, url)):
        with pytest.raises(CannotOpen, match=r"^The database postgresql.*cannot be opened: .*\.$") as caught:
            await opens()
        error: BaseException | None = caught.value
        while error is not None:
            assert "hemligt" not in str(error)
            assert "\n" not in str(caught.value)
            error = error.__cause__


async def test_missing_driver_is_one_sentence_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not installed for those who use SQLite."""
    monkeypatch.setattr("chat.adapters.sql.dialect.find_spec", lambda _: None)
    url = "postgresql+psycopg://anna@127.0.0.1:1/chat"
    for opens in (lambda: Database.open(url), lambda: asyncio.to_thread(migrate, url)):
        with pytest.raises(CannotOpen, match=r"not installed here: make \.venv/postgres\.stamp$"):
            await opens()
