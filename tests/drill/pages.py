# SPDX-License-Identifier: EUPL-1.2
"""Parties who lose and find their server as real pages do: they move when told to, and wait between tries.

Owns the manners of `web/static/shared/connection.js`, and how long each was away. Knows no restart.
"""

from __future__ import annotations

import asyncio
import random
from time import perf_counter
from typing import Any

from tests.drill.parties import LOST, Party, TalkingOperator, TalkingVisitor
from tests.outside.connection import Connection, Frame

BACKOFF_FIRST_S, BACKOFF_LAST_S, BACKOFF_SHARE = 0.5, 30.0, 3


class _Seen(asyncio.Event):
    """An event that remembers when it was last set and cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.gone_at: float | None = None
        self.gaps: list[float] = []

    def set(self) -> None:
        """They are back: note how long it took."""
        if self.gone_at is not None:
            self.gaps.append(perf_counter() - self.gone_at)
            self.gone_at = None
        super().set()

    def clear(self) -> None:
        """They are gone: the first moment of it counts."""
        if self.gone_at is None and self.is_set():
            self.gone_at = perf_counter()
        super().clear()


class LikeAPage(Party):
    """A party with the manners of a page."""

    def __init__(self, *talking: Any) -> None:
        super().__init__(*talking)
        self.back: _Seen = _Seen()
        self._waited = 0.0
        self._moving: asyncio.TimerHandle | None = None
        self._at: Connection | None = None

    @property
    def gaps(self) -> list[float]:
        """Every time that it was not connected and caught up, in seconds."""
        return self.back.gaps

    async def live(self) -> None:
        """Connect, catch up, talk, move or lose the connection, wait, and so on until cancelled."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._one_connection(tasks)
            except* LOST:
                pass
            finally:
                self.back.clear()
                if self._moving is not None:
                    self._moving.cancel()
                    self._moving = None
            longest = min(BACKOFF_LAST_S, max(BACKOFF_FIRST_S, self._waited / BACKOFF_SHARE))
            pause = random.random() * longest
            self._waited += pause
            await asyncio.sleep(pause)

    async def resume(self, connection: Connection) -> None:
        """Remember where to leave from, and ask for what is not known yet."""
        self._at = connection
        await super().resume(connection)  # type: ignore[safe-super]  # the talking one stands behind this one

    async def hear(self, frame: Frame) -> None:
        """A server that speaks is a server; told to move, go at a random moment of the time that it gives."""
        self._waited = 0.0
        if frame["type"] == "drain" and self._at is not None and self._moving is None:
            within_s = random.random() * int(frame["within_ms"]) / 1000
            self._moving = asyncio.get_running_loop().call_later(within_s, self._at.abort)
        await super().hear(frame)  # type: ignore[safe-super]  # the same


class VisitorsPage(LikeAPage, TalkingVisitor):
    """A visitor and her page."""


class OperatorsConsole(LikeAPage, TalkingOperator):
    """An operator and the console."""
