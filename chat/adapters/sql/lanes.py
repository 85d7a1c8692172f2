# SPDX-License-Identifier: EUPL-1.2
"""A thread that keeps one connection, and what the driver's errors mean to a caller.

Owns its connection: opens it anew after it was lost, and cuts it when it hangs. Knows no table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.adapters.sql import postgresql
from chat.errors import Unavailable

T = TypeVar("T")

ATTEMPTS: Final = 6
"""How often a transaction is tried that the server took back for another one's sake."""


class Locked(Unavailable):
    """Somebody else holds what it needs for longer than it may wait; nothing of it is stored."""


class Unsure(Unavailable):
    """The connection was lost at the commit: nobody knows whether it is stored."""


class Lane:
    """One thread with one connection that it keeps, opened by `connect` or when it is first needed.

    `bound`: seconds after which a call that still waits is given up and its connection cut; None: never.
    """

    def __init__(self, open_: Callable[[], Connection], name: str, bound: float | None = None) -> None:
        self._open = open_
        self._bound = bound
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connection: Connection | None = None
        self._driver: Any = None
        self._failed = -1.0
        self._closed = False

    async def connect(self) -> None:
        """Open the connection; an error of the driver is raised as it is."""
        loop = asyncio.get_running_loop()
        self._connection = await loop.run_in_executor(self._executor, self._open)

    async def close(self) -> None:
        """Finish what was asked, and close."""
        loop = asyncio.get_running_loop()
        self._closed = True
        if self._connection is not None:
            await loop.run_in_executor(self._executor, self._drop)
        await asyncio.to_thread(self._executor.shutdown)

    async def run(
        self, work: Callable[[Connection], T], first: Callable[[Connection], None] | None = None
    ) -> T:
        """Run `work` in a transaction and commit; `first` may wait before it for a turn.

        `work` may run several times, the last of which counts.

        Raises:
            Unsure: it may be stored or not. Locked, Unavailable: it is not.
        """
        return await self._run(lambda asked: self._transact(work, first, asked))

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, whose statements each stand alone, without a transaction around them.

        Raises:
            Unavailable: as `run`.
        """
        return await self._run(lambda asked: self._transact(work, None, asked, of_its_own=False))

    async def run_bare(self, work: Callable[[Connection], T]) -> T:
        """Run `work` outside a transaction."""
        return await self._run(lambda asked: work(self._there(asked)))

    async def _run(self, work: Callable[[float], T]) -> T:
        if self._closed:
            raise Unavailable("the database is closed")
        loop, asked = asyncio.get_running_loop(), monotonic()
        watch = None if self._bound is None else loop.call_later(self._bound, self._cut)
        try:
            return await loop.run_in_executor(self._executor, self._meant, work, asked)
        finally:
            if watch is not None:
                watch.cancel()

    @staticmethod
    def _meant(work: Callable[[float], T], asked: float) -> T:
        with meaning():
            return work(asked)

    def _transact(
        self,
        work: Callable[[Connection], T],
        first: Callable[[Connection], None] | None,
        asked: float,
        *,
        of_its_own: bool = True,
    ) -> T:
        for left in reversed(range(ATTEMPTS)):
            connection, is_decided = self._there(asked), False
            try:
                with connection.begin() if of_its_own else nullcontext():
                    if first is not None:
                        first(connection)
                    done = work(connection)
                    is_decided = True
                return done
            except DBAPIError as error:
                if is_decided and error.connection_invalidated:
                    raise Unsure("the connection to the database was lost at the commit") from error
                was_lost = error.connection_invalidated and left == ATTEMPTS - 1
                if not left or not (was_lost or postgresql.is_deadlock(error)):
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _there(self, asked: float) -> Connection:
        """Return the connection, opened anew if it was lost."""
        connection = self._connection
        if connection is not None and not connection.invalidated and not self._is_cut(connection):
            return connection
        # Who queued up behind a failed attempt does not wait through one more each.
        if asked < self._failed:
            raise Unavailable("the database does not answer")
        self._drop()
        try:
            self._connection = connection = self._open()
        except DBAPIError:
            self._failed = monotonic()
            raise
        self._driver = connection.connection.driver_connection
        return connection

    def _is_cut(self, connection: Connection) -> bool:
        if self._bound is None:
            return False
        self._driver = connection.connection.driver_connection
        return postgresql.is_cut(self._driver)

    def _drop(self) -> None:
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            with suppress(DBAPIError):
                connection.close()

    def _cut(self) -> None:
        if self._driver is not None:
            postgresql.cut(self._driver)


class Watch:
    """Cuts the connection that it is set over when its time has come."""

    def __init__(self, bound: float | None) -> None:
        self._driver: Any = None
        self._due = None if bound is None else asyncio.get_running_loop().call_later(bound, self._cut)

    async def over(self, connection: AsyncConnection) -> None:
        """Look after a connection from now on."""
        if self._due is not None:
            self._driver = (await connection.get_raw_connection()).driver_connection

    def stop(self) -> None:
        """Look no longer."""
        if self._due is not None:
            self._due.cancel()

    def _cut(self) -> None:
        if self._driver is not None:
            postgresql.cut(self._driver)


@contextmanager
def watched(bound: float | None) -> Iterator[Watch]:
    """Give a watch that ends what takes longer than `bound` seconds; None: as long as it takes."""
    watch = Watch(bound)
    try:
        yield watch
    finally:
        watch.stop()


@contextmanager
def meaning() -> Iterator[None]:
    """Turn what the driver says into what it means to a caller; a mistake in a statement stays what it is."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DBAPIError as error:
        kind = Locked if postgresql.is_locked(error) else Unavailable
        raise kind(f"the database did not take it: {error.orig}") from error
    except PoolTimeout as error:
        raise Unavailable("no database connection is free") from error
