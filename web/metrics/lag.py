# SPDX-License-Identifier: EUPL-1.2
"""How late the event loop comes back to what it was asked for.

Owns one timer. What it finds is how long everybody may have waited for a turn.
"""

from __future__ import annotations

import asyncio
from typing import Final

from chat.watched import SECONDS, Spread

EVERY_S: Final = 0.5


class Lag:
    """Notes from `start` until `stop` how late each of its calls comes."""

    def __init__(self) -> None:
        self.seconds = Spread(SECONDS)
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + EVERY_S
        self._timer = loop.call_at(self._due, self._look)

    def stop(self) -> None:
        """End."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self.seconds.note(max(0.0, asyncio.get_running_loop().time() - self._due))
        self.start()
