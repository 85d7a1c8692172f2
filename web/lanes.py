# SPDX-License-Identifier: EUPL-1.2
"""Lanes in which those who come together wait for their turn, one at a time.

Owns whose turn it is. Knows no clock and not what is waited for: a lane is as slow as what is done in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from handover.errors import TooManyTries


@dataclass(slots=True, eq=False)
class _Lane:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    here: int = 0
    """Whoever has the turn, and all who wait for it."""


class Lanes:
    """One lane for each key, with at most `waiting` behind the one whose turn it is."""

    def __init__(self, waiting: int) -> None:
        self._waiting = waiting
        self._lanes: dict[bytes, _Lane] = {}

    def __len__(self) -> int:
        """Return how many lanes somebody is in."""
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, key: bytes) -> AsyncGenerator[None]:
        """Wait for a turn in the lane of a key, first come first served, and keep it for the block.

        Raises:
            TooManyTries: too many wait there already.
        """
        lane = self._lanes.setdefault(key, _Lane())
        if lane.here > self._waiting:
            raise TooManyTries
        lane.here += 1
        try:
            async with lane.turn:
                yield
        finally:
            lane.here -= 1
            if lane.here == 0:
                del self._lanes[key]
