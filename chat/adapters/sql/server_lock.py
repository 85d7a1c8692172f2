# SPDX-License-Identifier: EUPL-1.2
"""Who serves a PostgreSQL database: hosts share no file, so its own advisory lock tells.

Owns one connection that holds it, and takes it again when that connection was lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from chat.adapters.sql.database import BUSY_TIMEOUT
from chat.adapters.sql.dialect import engine_for_one, is_sqlite, place, prepare
from chat.adapters.sql.errors import CannotOpen

_log = logging.getLogger(__name__)

_KEY: Final = 5_725_149_874
KEPT_S: Final = 5.0
"""How often the connection is asked whether it is there."""


def needs_lock(url: str) -> bool:
    """Tell whether the database is one that several hosts can reach."""
    return not is_sqlite(make_url(url))


class DatabaseLock:
    """The advisory lock of the servers, as one of them has it."""

    def __init__(self, url: str, on_refused: Callable[[], None] | None = None) -> None:
        """Open nothing yet. `on_refused` is called when somebody else has it that this server had.

        Raises:
            CannotOpen: the driver is missing; one plain sentence.
        """
        parsed = make_url(url)
        self.place = f"the database {place(parsed)}"
        prepare(parsed)
        # Outside any transaction, so that nothing is held up meanwhile.
        engine = engine_for_one(parsed, BUSY_TIMEOUT)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._alone: bool | None = None
        self._refused = False
        self._on_refused = on_refused
        self._keeping: asyncio.Task[None] | None = None

    async def alone(self) -> bool:
        """Take it alone.

        Raises:
            CannotOpen: the database cannot be reached; one plain sentence.
        """
        return await self._take(alone=True)

    async def among(self) -> bool:
        """Take it as one of several, without ever letting go of it.

        Raises:
            CannotOpen: the same.
        """
        return await self._take(alone=False)

    async def release(self) -> None:
        """Close the connection, and with it the lock."""
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        await asyncio.to_thread(self._close)

    async def _take(self, *, alone: bool) -> bool:
        try:
            taken = await asyncio.to_thread(self._try, alone=alone)
        except DBAPIError as error:
            await asyncio.to_thread(self._close)
            raise CannotOpen(f"{self.place[0].upper()}{self.place[1:]} cannot be reached.") from error
        if taken:
            self._alone = alone
            if self._keeping is None:
                self._keeping = asyncio.create_task(self._keep())
        return taken

    def _try(self, *, alone: bool) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
        shared = "" if alone else "_shared"
        asked = f"SELECT pg_try_advisory_lock{shared}({_KEY})"
        taken: bool = self._connection.exec_driver_sql(asked).scalar_one()
        if taken and self._alone and not alone:
            self._connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_KEY})").close()
        return taken

    async def _keep(self) -> None:
        """Look now and then, for ever."""
        while True:
            await asyncio.sleep(KEPT_S)
            await self.look()

    async def look(self) -> None:
        """Take it again where the server of the database has forgotten it, as after a restart.

        As long as somebody else has it alone every look tries; the log tells when that begins.
        """
        for _ in range(2):
            try:
                refused = not await asyncio.to_thread(self._again)
                if refused and not self._refused:
                    _log.error("another_server")
                    if self._on_refused is not None:
                        self._on_refused()
                self._refused = refused
            except DBAPIError:
                await asyncio.to_thread(self._close)
            else:
                return

    def _again(self) -> bool:
        if self._connection is None or self._refused:
            return self._try(alone=bool(self._alone))
        self._connection.exec_driver_sql("SELECT 1").close()
        return True

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not connection.invalidated:
            with contextlib.suppress(DBAPIError):
                # Said, because the server may take a moment to notice that a connection was closed.
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()").close()
        with contextlib.suppress(DBAPIError):
            connection.close()
