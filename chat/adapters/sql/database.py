# SPDX-License-Identifier: EUPL-1.2
"""One open database: who may write when, on which thread, and what its errors mean.

Owns the connections and closes all of them. Knows no table: chat and staff accounts share one `Database`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chat.adapters.sql.ballast import Ballast
from chat.adapters.sql.dialect import (
    WRITES,
    blocking_url,
    clear_log,
    is_out_of_room,
    is_sqlite,
    prepare_file,
    rewrite,
    watch,
)
from chat.adapters.sql.errors import CannotOpen
from chat.errors import Unavailable

T = TypeVar("T")

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another process's write lock."""


class Database:
    """One database, open.

    Two ways in. `read()` and `write()` hand out an `AsyncConnection`, where a millisecond does not matter.
    `run_read` and `run_write` run a whole function on a thread that keeps its connection: one hop between
    threads for a transaction instead of several for each statement, which takes half as long (measured).

    Every failure that trying again may mend (locked, disk full, I/O, server away) comes out as `Unavailable`.
    """

    def __init__(self, asynchronous: AsyncEngine, blocking: Engine, readers: int) -> None:
        self._asynchronous = asynchronous
        self._blocking = blocking
        self._writing = asyncio.Lock()
        self._writer = _Lane(blocking, writes=True)
        self._readers = [_Lane(blocking, writes=False) for _ in range(readers)]
        self._next_reader = cycle(self._readers)
        self._ballast: Ballast | None = None

    @classmethod
    async def open(cls, url: str, *, busy_timeout: float = BUSY_TIMEOUT, readers: int = 2) -> Database:
        """Open the database at `url`; make the SQLite file, for its owner alone, if there is none.

        Also clears what a crash may have left of deleted rows. Makes no tables: `schema.migrate` does.

        Raises:
            CannotOpen: it cannot be used; the text is one plain sentence.
        """
        parsed = make_url(url)
        await asyncio.to_thread(prepare_file, parsed)
        connect_args = {"check_same_thread": False} if is_sqlite(parsed) else {}
        # `hide_parameters`: no error text may carry what was to be stored.
        blocking = create_engine(
            blocking_url(parsed), hide_parameters=True, connect_args=connect_args, pool_size=readers + 1
        )
        asynchronous = create_async_engine(parsed, hide_parameters=True)
        watch(blocking, busy_timeout)
        watch(asynchronous.sync_engine, busy_timeout)
        database = cls(asynchronous, blocking, readers)
        try:
            await database._connect()
        except BaseException as error:
            await database.close()
            if isinstance(error, DBAPIError):
                place = parsed.render_as_string(hide_password=True)
                raise CannotOpen(f"The database {place} cannot be opened: {error.orig}.") from error
            raise
        return database

    async def _connect(self) -> None:
        for lane in (self._writer, *self._readers):
            await lane.connect()
        await self.rewrite()
        await self.clear_log()

    async def keep_room(self) -> None:
        """From now on keep some room on the disk for ends, until the database is closed.

        For the one server over this database, not for whoever else opens it for a moment.
        """
        file = self._asynchronous.url.database
        if is_sqlite(self._asynchronous.url) and file is not None:
            self._ballast = Ballast(Path(f"{file}.ballast"))
            await self.take_room()

    async def make_room(self, refusal: Unavailable) -> bool:
        """Give what was kept, if `refusal` came because the disk is full; False when nothing is given."""
        if self._ballast is None or not is_out_of_room(refusal.__cause__):
            return False
        return await asyncio.to_thread(self._ballast.give_room)

    async def take_room(self) -> None:
        """Keep again what was given, as far as there is room."""
        if self._ballast is not None:
            await asyncio.to_thread(self._ballast.take_room)

    async def close(self) -> None:
        """Close every connection and thread. What is being written is finished first."""
        async with self._writing:
            for lane in (self._writer, *self._readers):
                await lane.close()
        await self._asynchronous.dispose()
        await asyncio.to_thread(self._blocking.dispose)
        if self._ballast is not None:
            await asyncio.to_thread(self._ballast.give_room)

    @property
    def dialect(self) -> str:
        """The name of the database's kind: `sqlite` or `postgresql`."""
        return self._blocking.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose reads all see one moment. Keep it short: an open reader stops shredding."""
        with _meaning():
            async with self._asynchronous.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection inside a write transaction, committed at the end, rolled back on an error.

        One writer at a time in this process. Wait for nothing else inside.
        """
        async with self._writing:
            with _meaning():
                async with self._asynchronous.execution_options(**{WRITES: True}).begin() as connection:
                    yield connection

    async def run_read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reader's thread in one transaction and return what it returns."""
        return await next(self._next_reader).run(work)

    async def run_write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the writer's thread in one write transaction, commit, and return what it returns."""
        async with self._writing:
            return await self._writer.run(work)

    async def rewrite(self) -> bool:
        """Try once to write the database anew from its live rows alone (`dialect.rewrite`)."""
        async with self._writing:
            return await self._writer.run_bare(rewrite)

    async def clear_log(self) -> bool:
        """Try once to bring in and empty the write-ahead log (`dialect.clear_log`)."""
        async with self._writing:
            cleared = await self._writer.run_bare(clear_log)
        if cleared:
            await self.take_room()
        return cleared


class _Lane:
    """One thread with one connection that it keeps."""

    def __init__(self, engine: Engine, *, writes: bool) -> None:
        self._engine = engine
        self._writes = writes
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="writer" if writes else "reader")
        self._connection: Connection | None = None

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._connection = await loop.run_in_executor(self._executor, self._open)

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        connection, self._connection = self._connection, None
        if connection is not None:
            await loop.run_in_executor(self._executor, connection.close)
        await asyncio.to_thread(self._executor.shutdown)

    async def run(self, work: Callable[[Connection], T]) -> T:
        def whole(connection: Connection) -> T:
            with connection.begin():
                return work(connection)

        return await self.run_bare(whole)

    async def run_bare(self, work: Callable[[Connection], T]) -> T:
        """Run `work` outside a transaction."""
        if self._connection is None:
            raise Unavailable("the database is closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._work, self._connection, work)

    def _open(self) -> Connection:
        return self._engine.connect().execution_options(**{WRITES: self._writes})

    @staticmethod
    def _work(connection: Connection, work: Callable[[Connection], T]) -> T:
        with _meaning():
            return work(connection)


@contextmanager
def _meaning() -> Iterator[None]:
    """Turn what the driver says into what it means to a caller; a mistake in a statement stays what it is."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DBAPIError as error:
        raise Unavailable(f"the database did not take it: {error.orig}") from error
    except PoolTimeout as error:
        raise Unavailable("no database connection is free") from error
