# SPDX-License-Identifier: EUPL-1.2
"""Who listens to a bus in this process.

Owns calling them, so that none of them can harm another. Knows nothing of what a doorbell leads to, nor
of how it came here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from chat.ports import Doorbell

_log = logging.getLogger(__name__)

Hear = Callable[[Doorbell], Awaitable[None] | None]
Turned = Callable[[bool], None]


class Listeners:
    """The listeners of one bus, and who is told of its turns."""

    def __init__(self) -> None:
        self._listeners: dict[object, Hear] = {}
        self._told: dict[object, Turned] = {}
        self.hearing: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` for every doorbell from now on; return what stops it."""
        ticket = object()
        self._listeners[ticket] = hear
        return lambda: self._stop(self._listeners, ticket)

    def on_turn(self, turned: Turned) -> Callable[[], None]:
        """Call `turned` at every turn from now on; return what stops it."""
        ticket = object()
        self._told[ticket] = turned
        return lambda: self._stop(self._told, ticket)

    def deliver(self, doorbell: Doorbell) -> None:
        """Let everybody hear a doorbell. What they await goes on by itself."""
        for ticket, hear in list(self._listeners.items()):
            if ticket not in self._listeners:
                continue  # stopped by a listener before it
            try:
                heard = hear(doorbell)
            except Exception as error:  # noqa: BLE001 - one listener's mistake must not make the others deaf
                _log.error("listener_failed", exc_info=error)
                continue
            if heard is not None:
                self._follow(heard)

    def turn(self, away: bool) -> None:  # noqa: FBT001 - the one thing that a turn says
        """Tell everybody of a turn."""
        for ticket, turned in list(self._told.items()):
            if ticket not in self._told:
                continue
            try:
                turned(away)
            except Exception as error:  # noqa: BLE001 - the same
                _log.error("listener_failed", exc_info=error)

    @staticmethod
    def _stop(among: dict[object, Hear] | dict[object, Turned], ticket: object) -> None:
        among.pop(ticket, None)

    def _follow(self, heard: Awaitable[None]) -> None:
        hearing: asyncio.Future[None] = asyncio.ensure_future(heard)
        self.hearing.add(hearing)  # the loop itself holds a task only weakly

        def done(finished: asyncio.Future[None]) -> None:
            self.hearing.discard(finished)
            if not finished.cancelled() and (error := finished.exception()) is not None:
                _log.error("listener_failed", exc_info=error)

        hearing.add_done_callback(done)
