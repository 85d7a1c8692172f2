# SPDX-License-Identifier: EUPL-1.2
"""Parties who lose and find their server as real pages do: they move when told to, and wait between tries.

Owns the manners of `web/static/shared/connection.js`. Knows no restart.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

from tests.drill.parties import Party, TalkingOperator, TalkingVisitor
from tests.outside.connection import Frame

BACKOFF_FIRST_S, BACKOFF_LAST_S, BACKOFF_SHARE = 0.5, 30.0, 3


class LikeAPage(Party):
    """A party with the manners of a page."""

    def __init__(self, *talking: Any) -> None:
        super().__init__(*talking)
        self._waited = 0.0
        self._moving: asyncio.TimerHandle | None = None

    def pause(self) -> float:
        """Wait longer the longer the server has been away, and by chance, so that not all come at once."""
        if self._moving is not None:
            self._moving.cancel()
            self._moving = None
        longest = min(BACKOFF_LAST_S, max(BACKOFF_FIRST_S, self._waited / BACKOFF_SHARE))
        pause = random.random() * longest
        self._waited += pause
        return pause

    async def hear(self, frame: Frame) -> None:
        """A server that speaks is a server; told to move, go at a random moment of the time that it gives."""
        self._waited = 0.0
        if frame["type"] == "drain" and self._moving is None:
            within_s = random.random() * int(frame["within_ms"]) / 1000
            self._moving = asyncio.get_running_loop().call_later(within_s, self.loses_network)
        await super().hear(frame)  # type: ignore[safe-super]  # the talking one stands behind this one


class VisitorsPage(LikeAPage, TalkingVisitor):
    """A visitor and her page."""


class OperatorsConsole(LikeAPage, TalkingOperator):
    """An operator and the console."""
