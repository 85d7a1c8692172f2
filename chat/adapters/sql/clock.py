# SPDX-License-Identifier: EUPL-1.2
"""What time it is for everybody over one database.

Owns the one question to the database about it, and going on with its answers. Hosts that follow clocks of
their own would take each other's people for long gone as soon as one of the clocks is wrong.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection, func, select

from chat.adapters.sql.database import Database
from chat.errors import Unavailable
from chat.ports import Clock

_log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
TOLERATED: Final = timedelta(milliseconds=250)
"""What an answer that took its time may be wrong by. Nobody's patience depends on it."""
PARTED: Final = timedelta(seconds=2)

_TIME = select(func.clock_timestamp())


class Following(Clock, Protocol):
    """A clock that can be told to go on with others (`chat.adapters.system.SystemClock`)."""

    def follow(self, ahead: timedelta) -> None:
        """Go on with those who are `ahead` of this clock, or slowly where they are behind."""


async def ahead_of(clock: Clock, database: Database) -> timedelta:
    """Return how far the database's clock is ahead of this one (negative: behind).

    Nothing for an SQLite file: it lies on this machine, and has no clock of its own.

    Raises:
        chat.errors.Unavailable: the database does not answer.
    """
    if database.dialect == "sqlite":
        return timedelta()

    def look(connection: Connection) -> timedelta:
        asked = clock.now()
        theirs: datetime = connection.execute(_TIME).scalar_one()
        # It was read somewhere between the question and the answer.
        return theirs - asked - (clock.now() - asked) / 2

    return await database.run_question(look)


class Follower:
    """Keeps a clock with the database's.

    A machine that was halted, or restored from a snapshot, counts on from where it stood: for it no time has
    passed. What it wrote next would have been long due for everybody else.
    """

    def __init__(self, clock: Following, database: Database) -> None:
        self._clock = clock
        self._database = database
        self._parted = False

    async def look(self) -> None:
        """Ask once, and follow. That they were far apart is logged once, until they agree again.

        Raises:
            chat.errors.Unavailable: the database does not answer.
        """
        ahead = await ahead_of(self._clock, self._database)
        if abs(ahead) <= TOLERATED:
            self._parted = False
            return
        if abs(ahead) > PARTED and not self._parted:
            self._parted = True
            _log.warning("clock_parted", extra={"seconds": round(ahead.total_seconds(), 1)})
        self._clock.follow(ahead)

    async def run(self) -> None:
        """Look about every second, until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable:
                pass  # said in the log by all who need the store
            except Exception:  # noqa: BLE001 - one look that failed must not be the last
                _log.exception("look_failed")
            await self._clock.sleep(LOOK_S)


@asynccontextmanager
async def followed(clock: Following, database: Database) -> AsyncIterator[None]:
    """Keep `clock` with the database's for as long as this is open."""
    running = asyncio.create_task(Follower(clock, database).run(), name="clock")
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
