# SPDX-License-Identifier: EUPL-1.2
"""`chat.ports.Bus` inside one process.

Owns the listeners of this process. Knows nothing of what a doorbell leads to.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from chat.ports import Doorbell

_log = logging.getLogger(__name__)

Hear = Callable[[Doorbell], Awaitable[None] | None]


class InProcessBus:
    """Carries doorbells on the event loop: in order, after the ringer has gone on, to every listener."""

    def __init__(self) -> None:
        self._listeners: dict[object, Hear] = {}
        self._hearing: set[asyncio.Future[None]] = set()

    def ring(self, doorbell: Doorbell) -> None:
        """Send a doorbell and return at once. Must be called on the event loop."""
        asyncio.get_running_loop().call_soon(self._deliver, doorbell)

    def is_shared(self) -> bool:
        """Tell whether there is more than one listener."""
        return len(self._listeners) > 1

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` for every doorbell from now on; return what stops it."""
        ticket = object()
        self._listeners[ticket] = hear

        def stop() -> None:
            self._listeners.pop(ticket, None)

        return stop

    def _deliver(self, doorbell: Doorbell) -> None:
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

    def _follow(self, heard: Awaitable[None]) -> None:
        hearing: asyncio.Future[None] = asyncio.ensure_future(heard)
        self._hearing.add(hearing)  # the loop itself holds a task only weakly

        def done(finished: asyncio.Future[None]) -> None:
            self._hearing.discard(finished)
            if not finished.cancelled() and (error := finished.exception()) is not None:
                _log.error("listener_failed", exc_info=error)

        hearing.add_done_callback(done)
