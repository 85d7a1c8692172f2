# SPDX-License-Identifier: EUPL-1.2
"""Long conversations that many read again at once: one after the other, and everybody else in between."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from chat.entries import EntryKind, SealedEntry
from chat.ids import ConversationId, Role
from chat.live import log

ID = ConversationId("A" * 22)
LONG = 10 * log.MANY


class Shelf:
    """A store that notes how many read from it at the same moment."""

    def __init__(self) -> None:
        self.reading = 0
        self.most = 0

    async def entries(self, conversation: ConversationId, after: int) -> list[SealedEntry]:
        """Return entries in which nothing is sealed."""
        self.reading += 1
        self.most = max(self.most, self.reading)
        for _ in range(3):
            await asyncio.sleep(0)
        self.reading -= 1
        seqs = range(after + 1, LONG + 1)
        return [SealedEntry(ID, seq, EntryKind.JOINED, Role.SERVICE, None, None, "Kim") for seq in seqs]


async def _read(shelf: Any, turns: asyncio.Semaphore, after: int) -> list[int]:
    room: Any = SimpleNamespace(id=ID, conversation=SimpleNamespace(seq=LONG))
    return [entry.seq for entry in await log.read(room, shelf, turns, after)]


async def test_long_readings_take_turns_and_short_ones_do_not_wait() -> None:
    """Never two long ones together; a short one is done before the first long one is, and all are whole."""
    shelf, turns = Shelf(), asyncio.Semaphore(1)
    order: list[int] = []

    async def read(after: int) -> list[int]:
        seqs = await _read(shelf, turns, after)
        order.append(after)
        return seqs

    found = await asyncio.gather(read(0), read(1), read(2), read(LONG - 1))
    assert list(found) == [list(range(after + 1, LONG + 1)) for after in (0, 1, 2, LONG - 1)]
    assert order == [LONG - 1, 0, 1, 2]
    assert shelf.most == 2


async def test_long_reading_lets_others_have_their_turn() -> None:
    """It is opened a few entries at a time."""
    reading = asyncio.create_task(_read(Shelf(), asyncio.Semaphore(1), 0))
    turns_of_others = 0
    while not reading.done():
        turns_of_others += 1
        await asyncio.sleep(0)
    assert turns_of_others >= LONG // log.MANY
