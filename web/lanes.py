# SPDX-License-Identifier: EUPL-1.2
"""Lanes in which those who come together wait for their turn, one at a time.

Owns whose turn it is: whoever has failed before goes behind all who have not, and makes room for them. Knows
no clock and not what is waited for: a lane is as slow as what is done in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chat.errors import TooManyTries


@dataclass(slots=True, eq=False)
class _Waiting:
    failed: bool
    turn: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class _Lane:
    """Somebody has the turn, as long as there is the lane."""

    waiting: list[_Waiting] = field(default_factory=list)
    """In the order in which they came."""


class Lanes:
    """One lane for each key, with at most `waiting` behind the one whose turn it is."""

    def __init__(self, waiting: int) -> None:
        self._waiting = waiting
        self._lanes: dict[bytes, _Lane] = {}

    def __len__(self) -> int:
        """Return how many lanes somebody is in."""
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, key: bytes, *, failed: bool = False) -> AsyncGenerator[None]:
        """Wait for a turn in the lane of a key, and keep it for the block.

        First come first served; those who have `failed` before after all others.

        Raises:
            TooManyTries: too many wait there already, or somebody who has not failed takes the place.
        """
        lane = self._lanes.get(key)
        if lane is None:
            self._lanes[key] = lane = _Lane()
        else:
            await self._wait(key, lane, failed=failed)
        try:
            yield
        finally:
            self._pass_on(key, lane)

    async def _wait(self, key: bytes, lane: _Lane, *, failed: bool) -> None:
        if len(lane.waiting) >= self._waiting:
            self._make_room(lane, failed=failed)
        mine = _Waiting(failed, asyncio.get_running_loop().create_future())
        lane.waiting.append(mine)
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine in lane.waiting:
                lane.waiting.remove(mine)
            elif _has_come(mine.turn):
                self._pass_on(key, lane)  # nobody takes it
            raise

    def _make_room(self, lane: _Lane, *, failed: bool) -> None:
        first = (
            None
            if failed
            else next((each for each in lane.waiting if each.failed and not each.turn.done()), None)
        )
        if first is None:
            raise TooManyTries
        lane.waiting.remove(first)
        first.turn.set_exception(TooManyTries())

    def _pass_on(self, key: bytes, lane: _Lane) -> None:
        # Whoever has hung up is done before they have left the lane.
        lane.waiting = [each for each in lane.waiting if not each.turn.done()]
        if not lane.waiting:
            del self._lanes[key]
            return
        then = min(lane.waiting, key=lambda each: each.failed)
        lane.waiting.remove(then)
        then.turn.set_result(None)


def _has_come(turn: asyncio.Future[None]) -> bool:
    return turn.done() and not turn.cancelled() and turn.exception() is None
