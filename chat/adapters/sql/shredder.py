# SPDX-License-Identifier: EUPL-1.2
"""`chat.clearing_ports.Shredder` over a file: makes deleted rows leave it.

Owns when clearing is wanted and how long it took. Knows neither how a database clears (`dialect.py`) nor who
calls again after a failed try. On PostgreSQL it is `shared_shredder.py`.
"""

from __future__ import annotations

from datetime import datetime

from chat.adapters.sql.clearing import REST
from chat.adapters.sql.database import Database
from chat.clearing_ports import ShredReport
from chat.errors import Unavailable
from chat.ports import Clock


class SqlShredder:
    """Clears the files of a `Database`. `clock` tells when a clearing was done: it takes time itself.

    First the database is written anew from its live rows, then the log with the old pages is emptied. A half
    that has succeeded is not done again for the other's sake.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._deleted: datetime | None = None
        """The oldest deletion after which the database has not been rewritten."""
        self._rewritten: datetime | None = None
        """The oldest deletion that has been left out of a rewriting, but may still be in the log."""
        self._rests_until: datetime | None = None
        self._finished = 0
        self._last_took = 0.0
        self._longest_took = 0.0

    def want(self, now: datetime) -> None:
        """Note that rows were deleted at `now`."""
        self._deleted = older(self._deleted, now)

    async def run_once(self, now: datetime) -> bool:
        """Try to clear the files once; True when nothing that was deleted before the call is left in them.

        An open reader, here or in another process, makes it fail: call again soon.
        """
        try:
            rewritten = await self._rewrite(now)
            if self._rewritten is None:
                return rewritten
            # What is rewritten and cannot be cleared now is cleared by the next call.
            since = self._rewritten
            if not await self._database.clear_log():
                return False
        except Unavailable:
            return False
        self._rewritten = None
        self._finished += 1
        self._last_took = (max(self._clock.now(), now) - since).total_seconds()
        self._longest_took = max(self._longest_took, self._last_took)
        return rewritten

    async def _rewrite(self, now: datetime) -> bool:
        """Rewrite the database if something was deleted; False when that is needed and was not possible."""
        if self._deleted is None:
            return True
        if self._rests_until is not None and now < self._rests_until:
            return False
        # What is deleted while it runs may come too late for it, and is wanted anew.
        wanted, self._deleted = self._deleted, None
        began, done = self._clock.now(), False
        try:
            done = await self._database.rewrite()
        finally:
            if done:
                self._rewritten = older(self._rewritten, wanted)
            else:
                self._deleted = older(self._deleted, wanted)
        if not done:
            # On a full disk that may be for want of room, and what the log has grown by is given back.
            await self._database.clear_log()
        ended = self._clock.now()
        self._rests_until = ended + REST * (ended - began)
        return done

    def report(self) -> ShredReport:
        """Return the figures so far."""
        unfinished = [since for since in (self._rewritten, self._deleted) if since is not None]
        return ShredReport(
            unfinished_since=min(unfinished, default=None),
            finished=self._finished,
            last_took=self._last_took,
            longest_took=self._longest_took,
        )


def older(one: datetime | None, other: datetime) -> datetime:
    """Return the earlier of both."""
    return other if one is None else min(one, other)
