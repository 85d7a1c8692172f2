# SPDX-License-Identifier: EUPL-1.2
"""Closing each week when it is over: what was counted becomes figures, and the counters are deleted.

Owns when that is done. What is told is `chat/published.py`, how it is stored the adapter's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from chat.grid import Week
from chat.ports import Clock, Shredder
from chat.statistics_ports import ClosingBooks

_log = logging.getLogger(__name__)

LOOK_S = 60.0
"""How often it is asked whether a week is over, or a failure to close one mended."""


@dataclass(slots=True, eq=False)
class Closing:
    """Closes weeks: at the start all that are over and not closed, then each when it is over."""

    books: ClosingBooks
    shredder: Shredder
    clock: Clock
    _closed: Week | None = None
    """The last week up to which all is closed, as far as this process knows."""
    _doubted: Week | None = None
    """The last week of which it was said that it stays open because nobody knows the date."""

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
        if not self.clock.trusted():
            # Counters are deleted by their date, which nothing is while the date is doubted.
            if last != self._doubted:
                _log.warning("closing_doubted")
                self._doubted = last
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
