# SPDX-License-Identifier: EUPL-1.2
"""What processes tell each other of what they count in memory, so that many limit like one.

Owns when it is told: a few times a second, in doorbells of a bounded size. It is kept nowhere, and a telling
that is lost makes a limit a little wider for a while, never narrower. Knows no meaning of what is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Final

from chat.live.chat import Chat
from chat.ports import Bell, Clock, Doorbell
from chat.told import MOST_TOLD, Told

TELL_S: Final = 0.2
"""So long what is counted waits for more: five doorbells a second at most, unless very much happens."""

Hear = Callable[[Told], None]


class Tellings:
    """Tells the other processes, and hears them, once `join` has been called; before that nobody is told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chat: Chat | None = None
        self._hearers: dict[str, Hear] = {}
        self._waiting: list[Told] = []
        self._telling: asyncio.Task[None] | None = None

    def join(self, chat: Chat) -> None:
        """Tell by the doorbells of `chat` from now on, and hear by them."""
        self._chat = chat
        chat.also.append(self._hear)

    def hears(self, sorts: Collection[str], hear: Hear) -> None:
        """Let `hear` be told of these sorts."""
        self._hearers.update(dict.fromkeys(sorts, hear))

    @property
    def are_heard(self) -> bool:
        """Whether there may be another process."""
        return self._chat is not None and self._chat.bus.is_shared()

    def tell(self, sort: str, key: bytes, word: str = "", *, at_once: bool = False) -> None:
        """Tell that something was counted. `at_once`: it must not wait for more."""
        if not self.are_heard:
            return
        self._waiting.append(Told(sort, key, word))
        if at_once or len(self._waiting) >= MOST_TOLD:
            self._ring()
        elif self._telling is None:
            self._telling = asyncio.create_task(self._tell_soon())

    async def _tell_soon(self) -> None:
        try:
            await self._clock.sleep(TELL_S)
        finally:
            self._telling = None
        self._ring()

    def _ring(self) -> None:
        told, self._waiting = tuple(self._waiting), []
        if told and self._chat is not None:
            self._chat.bus.ring(Doorbell(bell=Bell.TOLD, told=told, origin=self._chat.rooms.origin))

    def _hear(self, doorbell: Doorbell) -> None:
        if doorbell.bell is not Bell.TOLD:
            return
        for told in doorbell.told:
            hear = self._hearers.get(told.sort)
            if hear is not None:
                hear(told)
