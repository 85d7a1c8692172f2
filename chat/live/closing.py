# SPDX-License-Identifier: EUPL-1.2
"""Closing each week when it is over: what was counted becomes figures, and the counters are deleted.

Owns when that is done, up to where it has been, and when the date is believed. What is told is
`chat/published.py`, how it is stored the adapter's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.clearing_ports import Shredder
from chat.grid import Week
from chat.ports import Clock
from chat.statistics_ports import ClosingBooks

_log = logging.getLogger(__name__)

LOOK_S = 60.0
"""How often it is asked whether a week is over, or a failure to close one mended."""

LEAP: Final = timedelta(weeks=5)
"""A clock so far beyond what was closed last may be wrong: a machine without a battery, a mistyped year."""

SETTLED: Final = timedelta(hours=6)
"""So long such a clock must have run undoubted: in the meantime it is set right, and is then doubted."""

REMINDED: Final = timedelta(hours=1)
"""How often it is said that weeks wait to be closed."""


@dataclass(slots=True, eq=False)
class Closing:
    """Closes weeks: at the start all that are over and not closed, then each when it is over."""

    books: ClosingBooks
    shredder: Shredder
    clock: Clock
    _closed: Week | None = None
    """The last week up to which all is closed, as far as this process knows."""
    _began: datetime = field(init=False)
    _said: datetime | None = None

    def __post_init__(self) -> None:
        self._began = self.clock.now()

    async def run(self) -> None:
        """Look until cancelled. What failed, as when the store is away, is tried at the next look."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a week that cannot be closed now is closed later
                _log.exception("closing_failed")
            await self.clock.sleep(LOOK_S)

    async def look(self) -> None:
        """Close what is over. One week of one service at a time: messages are stored in between.

        Raises:
            chat.errors.Unavailable: not all of it could be closed.
        """
        last = Week.last_closed(self.clock.now())
        if last == self._closed:
            return
        # Counters are deleted by their date, which nothing is while the date is doubted.
        if not await self.believes_the_date():
            self._remind()
            return
        began, deleted = self.clock.now(), False
        try:
            # Asked again: what came for a week while those before it were closed is closed now.
            while behind := await self.books.behind(last):
                for service, week in behind:
                    deleted |= await self.books.close(service, week)
        finally:
            # Once for all: the files are written anew whole, and nobody can write meanwhile.
            if deleted:
                self.shredder.want(began)
        self._closed = last

    async def over(self) -> Week:
        """Return the last week of which all is told that ever will be: over, and closed.

        Raises:
            chat.errors.Unavailable: it cannot be read now.
        """
        last = Week.last_closed(self.clock.now())
        if self._closed is not None:
            return min(last, self._closed)
        return min((week.before for _, week in await self.books.behind(last)), default=last)

    async def believes_the_date(self) -> bool:
        """Tell whether something may be deleted for its date, or told of it for good.

        Not while the clock is doubted or before what is closed already, nor for its first hours when it is
        weeks beyond that.

        Raises:
            chat.errors.Unavailable: what is closed cannot be read now.
        """
        now = self.clock.now()
        last = Week.last_closed(now)
        if not self.clock.trusted():
            return False
        closed = await self.books.closed()
        if closed is None:
            return True
        leaps = last.monday - closed.monday > LEAP
        return closed <= last and (not leaps or now - self._began >= SETTLED)

    def _remind(self) -> None:
        now = self.clock.now()
        if self._said is None or now - self._said >= REMINDED:
            self._said = now
            _log.warning("closing_waits")
