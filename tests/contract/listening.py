# SPDX-License-Identifier: EUPL-1.2
"""Whoever listens to a bus in a test, and can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from chat.ids import ConversationId
from chat.ports import Bell, Bus, Doorbell

T = TypeVar("T")

PATIENCE_S = 20
"""Only a broken bus lets anybody wait so long."""


class Came(Generic[T]):
    """What came, in order, and a way to wait for it."""

    def __init__(self) -> None:
        self.all: list[T] = []
        self._more = asyncio.Event()

    def __call__(self, one: T) -> None:
        """Note one."""
        self.all.append(one)
        self._more.set()

    async def until(self, is_enough: Callable[[list[T]], bool]) -> None:
        """Return when `is_enough`."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_enough(self.all):
                self._more.clear()
                await self._more.wait()


class Ear:
    """What one process hears, and its turns."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.bells: Came[Doorbell] = Came()
        self.turns: Came[bool] = Came()
        bus.listen(self.bells)
        bus.on_turn(self.turns)

    def seqs(self) -> list[int]:
        """Return the numbers of the entries that were rung."""
        return [bell.seq for bell in self.bells.all if bell.bell is Bell.ENTRY]

    async def hears(self, *seqs: int) -> None:
        """Return when it has heard these of all it heard, and no more."""
        await self.bells.until(lambda _: self.seqs() == list(seqs))

    async def is_away(self) -> None:
        """Return when doorbells are known not to pass."""
        await self.turns.until(lambda _: self.bus.is_away())

    async def is_here(self) -> None:
        """Return when doorbells are known to pass."""
        await self.turns.until(lambda _: not self.bus.is_away())


async def until(condition: Callable[[], bool]) -> None:
    """Return when something is so that tells nobody when it becomes so."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)


def entry(seq: int) -> Doorbell:
    """Return the doorbell of an entry."""
    return Doorbell(bell=Bell.ENTRY, conversation=ConversationId("c"), seq=seq)
