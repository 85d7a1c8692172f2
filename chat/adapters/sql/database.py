# SPDX-License-Identifier: EUPL-1.2
"""One open database: who may write when, on which thread, and what its errors mean.

Owns the connections and closes all of them. Knows no table: chat and staff accounts share one `Database`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.adapters.sql import postgresql
from chat.adapters.sql.ballast import Ballast
from chat.adapters.sql.dialect import (
    appending_options,
    asking_options,
    asynchronous_engine,
    blocking_engine,
    bound,
    clear_log,
    clearing_options,
    hasty_engine,
    is_out_of_room,
    is_sqlite,
    options,
    place,
    prepare,
    rewrite,
    take_turn,
    why,
)
from chat.adapters.sql.errors import CannotOpen
from chat.adapters.sql.lanes import Lane, meaning, watched
from chat.errors import Unavailable

T = TypeVar("T")

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another process's write lock."""

PATIENT = 3
"""How many at once wait for a row that somebody else holds, each with a connection of its own, which
stays open."""

CLEARING_BOUND_S = 120.0
"""Seconds after which a clearing is given up that has a connection of its own."""


class Database:
    """One database, open.

    Two ways in. `read()` and `write()` hand out an `AsyncConnection`, where a millisecond does not matter.
    `run_read` and `run_write` run a whole function on a thread that keeps its connection: one hop between
    threads for a transaction instead of several for each statement, which takes half as long (measured).

    Every failure that trying again may mend (locked, disk full, I/O, server away) comes out as `Unavailable`.
    """

    def __init__(self, url: URL, busy_timeout: float, readers: int) -> None:
        self._url = url
        self._asynchronous = asynchronous_engine(url, busy_timeout)
        self._blocking = blocking_engine(url, busy_timeout, 2 * readers + 2)
        self._reading = self._asynchronous.execution_options(**options(url, writes=False))
        self._writing_options = options(url, writes=True)
        self._bound = bound(url)
        self._writing = asyncio.Lock()
        self._hasty = hasty_engine(url) or self._blocking
        self._writer = self._lane("writer", self._writing_options, engine=self._hasty)
        self._readers = [self._lane("reader", options(url, writes=False)) for _ in range(readers)]
        self._next_reader = cycle(self._readers)
        asking = asking_options(url)
        self._askers = [] if asking is None else [self._lane("asker", asking) for _ in range(readers)]
        self._next_asker = cycle(self._askers)
        self._appender = (
            None if asking is None else self._lane("appender", appending_options(), engine=self._hasty)
        )
        apart = clearing_options(url)
        self.turns_apart = apart is not None
        """Whether the rare writers, who wait for each other, hold up nobody else."""
        self._clearer = self._rare = self._writer
        self._turn = self._writing
        if apart is not None:
            self._rare, self._turn = self._lane("rare", self._writing_options), asyncio.Lock()
            self._clearer = self._lane("clearer", apart, CLEARING_BOUND_S)
        self._patient = [self._lane("patient", self._writing_options) for _ in range(PATIENT)]
        self._places = asyncio.Semaphore(PATIENT)
        self._ballast: Ballast | None = None

    def _lane(
        self, name: str, given: dict[str, Any], longest: float | None = None, engine: Engine | None = None
    ) -> Lane:
        def open_() -> Connection:
            return (engine or self._blocking).connect().execution_options(**given)

        return Lane(open_, name, longest or self._bound)

    @classmethod
    async def open(cls, url: str, *, busy_timeout: float = BUSY_TIMEOUT, readers: int = 2) -> Database:
        """Open the database at `url`; make the SQLite file, for its owner alone, if there is none.

        On SQLite also clears what a crash may have left of deleted rows; elsewhere the shredder does
        (`turns_apart`). Makes no tables: `schema.migrate` does.

        Raises:
            CannotOpen: it cannot be used; the text is one plain sentence.
        """
        parsed = make_url(url)
        await asyncio.to_thread(prepare, parsed)
        database = cls(parsed, busy_timeout, readers)
        try:
            await database._connect()
        except BaseException as error:
            await database.close()
            if isinstance(error, DBAPIError):
                raise CannotOpen(f"The database {place(parsed)} cannot be opened: {why(error)}.") from error
            raise
        return database

    async def _connect(self) -> None:
        for lane in self._lanes():
            await lane.connect()
        if not self.turns_apart:
            await self.rewrite()
            await self.clear_log()

    def _lanes(self) -> list[Lane]:
        lanes = [self._writer, *self._readers, *self._askers]
        lanes += [] if self._appender is None else [self._appender]
        return [*lanes, self._rare, self._clearer] if self.turns_apart else lanes

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
        async with self._closing():
            for lane in [*self._lanes(), *self._patient]:
                await lane.close()
        await self._asynchronous.dispose()
        for engine in {self._blocking, self._hasty}:
            await asyncio.to_thread(engine.dispose)
        if self._ballast is not None:
            await asyncio.to_thread(self._ballast.give_room)

    @asynccontextmanager
    async def _closing(self) -> AsyncIterator[None]:
        async with self._writing:
            if self._turn is self._writing:
                yield
            else:
                async with self._turn:
                    yield

    @property
    def dialect(self) -> str:
        """The name of the database's kind: `sqlite` or `postgresql`."""
        return self._blocking.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose reads all see one moment. Keep it short: an open reader stops shredding."""
        with meaning(), watched(self._bound) as watch:
            async with self._reading.connect() as connection:
                await watch.over(connection)
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection inside a write transaction, committed at the end, rolled back on an error.

        One writer at a time, on PostgreSQL in all processes together but for the group commit. Wait for
        nothing else inside.
        """
        async with self._turn:
            with meaning(), watched(self._bound) as watch:
                engine = self._asynchronous.execution_options(**self._writing_options)
                async with engine.begin() as connection:
                    await watch.over(connection)
                    await connection.run_sync(take_turn)
                    yield connection

    async def run_read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a reader's thread in one transaction and return what it returns."""
        return await next(self._next_reader).run(work)

    async def run_question(self, work: Callable[[Connection], T]) -> T:
        """As `run_read` for a `work` of one statement, or of several that need not tell of one moment."""
        if not self._askers:
            return await self.run_read(work)
        return await next(self._next_asker).ask(work)

    async def run_write(self, work: Callable[[Connection], T], *, alone: bool = True) -> T:
        """Run `work` on the writer's thread in one write transaction, commit, and return what it returns.

        `alone`: as in `write`. Whoever wants less locks every row that it looks at, in the order of
        `batch.py`. `work` may run again, when the database has taken it back for another writer's sake.

        Raises:
            Locked: not `alone`, and a row is held by somebody else; on PostgreSQL.
        """
        if alone:
            async with self._turn:
                return await self._rare.run(work, take_turn)
        async with self._writing:
            return await self._writer.run(work)

    async def run_patiently(self, work: Callable[[Connection], T]) -> T:
        """As `run_write` not `alone`, beside all others, and waiting longer for rows that others hold.

        For what has been `Locked`, on PostgreSQL.
        """
        try:
            async with asyncio.timeout(postgresql.STATEMENT_S):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable("too many wait for rows that others hold") from None
        try:
            lane = self._patient.pop()
            try:
                return await lane.run(work)
            finally:
                self._patient.append(lane)
        finally:
            self._places.release()

    @property
    def takes_appends(self) -> bool:
        """Whether `run_append` does."""
        return self._appender is not None

    async def run_append(self, work: Callable[[Connection], T]) -> T:
        """Run `work` of one statement that writes and commits by itself, in turn with the group commit."""
        assert self._appender is not None
        async with self._writing:
            return await self._appender.ask(work)

    async def rewrite(self) -> bool:
        """Try once to write the database anew from its live rows alone (`dialect.rewrite`)."""
        return await self.run_clearing(rewrite)

    async def run_clearing(self, work: Callable[[Connection], T]) -> T:
        """Run `work` outside a transaction on the connection that clears, each statement by itself."""
        if self.turns_apart:
            return await self._clearer.run_bare(work)
        async with self._writing:
            return await self._clearer.run_bare(work)

    async def clear_log(self) -> bool:
        """Try once to bring in and empty the write-ahead log (`dialect.clear_log`)."""
        async with self._writing:
            cleared = await self._clearer.run_bare(clear_log)
        if cleared:
            await self.take_room()
        return cleared
