# SPDX-License-Identifier: EUPL-1.2
"""`chat.clearing_ports.Shredder` over PostgreSQL, which several processes clear in turns.

Owns when to look whose turn it is, and the figures of what was deleted here. Who clears is settled in
`clearing.py`; who calls again is not known here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from chat.adapters.sql.clearing import Clearing, clear_in_turn, look, want
from chat.adapters.sql.database import Database
from chat.adapters.sql.shredder import SqlShredder, older
from chat.clearing_ports import Shredder, ShredReport
from chat.errors import Unavailable
from chat.ports import Clock

LOOK_AFTER: Final = timedelta(seconds=10)
"""How often it is looked whether another process has died over what it wanted cleared."""


def shredder_of(database: Database, clock: Clock) -> Shredder:
    """Return the one of a server that starts over `database`.

    Opening a file has cleared it. Elsewhere that is wanted now: a process may have died before it had even
    noted what it wanted.
    """
    if not database.turns_apart:
        return SqlShredder(database, clock)
    shredder = SharedShredder(database, clock)
    shredder.want(clock.now())
    return shredder


class SharedShredder:
    """Clears a `Database` for all processes over it, or waits while another one does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._deleted: datetime | None = None
        """The oldest deletion that the others have not been told of."""
        self._noted: dict[int, datetime] = {}
        """The oldest deletion that each clearing is to clear, by its number."""
        self._quiet_until: datetime | None = None
        self._finished = 0
        self._last_took = 0.0
        self._longest_took = 0.0

    def want(self, now: datetime) -> None:
        """Note that rows were deleted at `now`."""
        self._deleted = older(self._deleted, now)

    async def run_once(self, now: datetime) -> bool:
        """Clear once if it is wanted and nobody else does; True when nothing deleted here is left."""
        if self._deleted is None and self._quiet_until is not None and now < self._quiet_until:
            return not self._noted
        self._quiet_until = None
        try:
            found = await self._look()
            self._settle(found)
            if found.is_wanted and found.rests_until(now) <= now:
                found = await self._clear(found, now)
                self._settle(found)
        except Unavailable:
            return False
        self._quiet_until = found.rests_until(now) if found.is_wanted else now + LOOK_AFTER
        return not self._noted

    async def _look(self) -> Clearing:
        """Tell the others of what was deleted here, and return how far the clearing is."""
        deleted, self._deleted = self._deleted, None
        try:
            found = await self._database.run_clearing(look if deleted is None else want)
        except BaseException:
            if deleted is not None:
                self.want(deleted)
            raise
        if deleted is not None:
            self._noted.setdefault(found.next, deleted)
        if any(number > found.wanted for number in self._noted):
            # A server that took over from another one lacks the last of what that one had been told.
            self.want(min(self._noted.values()))
            self._noted.clear()
        return found

    async def _clear(self, found: Clearing, now: datetime) -> Clearing:
        def turn(connection: Connection) -> Clearing | None:
            return clear_in_turn(connection, now, self._clock)

        cleared = await self._database.run_clearing(turn)
        return found if cleared is None else cleared

    def _settle(self, found: Clearing) -> None:
        done = [number for number in self._noted if number <= found.done]
        if not done:
            return
        since = min(self._noted.pop(number) for number in done)
        self._finished += 1
        self._last_took = max(0.0, (self._clock.now() - since).total_seconds())
        self._longest_took = max(self._longest_took, self._last_took)

    def report(self) -> ShredReport:
        """Return the figures so far."""
        unfinished = list(self._noted.values())
        if self._deleted is not None:
            unfinished.append(self._deleted)
        return ShredReport(
            unfinished_since=min(unfinished, default=None),
            finished=self._finished,
            last_took=self._last_took,
            longest_took=self._longest_took,
        )
