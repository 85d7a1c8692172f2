# SPDX-License-Identifier: EUPL-1.2
"""Doorbells that wait to be sent to other processes.

Owns their order, their bound and the numbers of batches. Knows no connection.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from chat.adapters.redis.doorbells import WEIGHT_AT_ONCE, Batch, Note
from chat.ports import Doorbell

MOST_WAITING: Final = 4096


class Outgoing:
    """What this process has rung. Beyond the bound the oldest is dropped, and the next batch says so."""

    def __init__(self, sender: bytes) -> None:
        self.sender = sender
        self.dropped = 0
        self.sent = 0
        self._number = 0
        self._waiting: deque[Doorbell] = deque()
        self._lost = False

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, doorbell: Doorbell) -> None:
        """Let one wait for the next batch."""
        self._waiting.append(doorbell)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._drop(1)

    def drop(self, doorbells: int = 0) -> None:
        """Drop what waits, and note that `doorbells` more were not even added."""
        self._drop(len(self._waiting) + doorbells)
        self._waiting.clear()

    def next(self) -> Batch:
        """Return the next batch: as many as go into one."""
        bells, weight = [], 0
        while self._waiting and weight < WEIGHT_AT_ONCE:
            bells.append(self._waiting.popleft())
            weight += 1 + len(bells[-1].told)
        self.sent += len(bells)
        return self._batch(bells)

    def beat(self, *, last: bool = False) -> Batch:
        """Return a batch without doorbells, which only shows life."""
        return self._batch([], Note.LAST if last else Note.NOTHING)

    def _batch(self, bells: list[Doorbell], note: Note = Note.NOTHING) -> Batch:
        if self._lost:
            note |= Note.LOST
        self._lost = False
        self._number += 1
        return Batch(self.sender, self._number, note, bells)

    def _drop(self, count: int) -> None:
        self.dropped += count
        self._lost = self._lost or count > 0
