# SPDX-License-Identifier: EUPL-1.2
"""What waits to be taken by one peer, and how much of it may.

Owns the bounds of a slow peer, and the sum of what all of them are owed. Knows no socket and no content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OUTBOX_FRAMES: Final = 256
OUTBOX_BYTES: Final = 256 * 1024
DROPPABLE_FRAMES: Final = 64
"""Behind so many waiting frames, one that only tells of the moment is dropped: it must not push out words."""


@dataclass(slots=True, eq=False)
class Owed:
    """Bytes that wait in all outboxes of a side, and how many peers were closed for not taking them."""

    bytes: int = 0
    too_slow: int = 0


class Outbox:
    """See the module."""

    __slots__ = ("_bounded", "_bounded_bytes", "_frames", "_owed", "bytes")

    def __init__(self, owed: Owed) -> None:
        self._owed = owed
        self._frames: list[tuple[bytes, bool]] = []  # an empty deque weighs as much as ten empty lists
        self._bounded = 0
        self._bounded_bytes = 0
        self.bytes = 0
        """All that waits."""

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: bytes, *, backlog: bool, droppable: bool) -> bool:
        """Put a frame in line; False: there is no room, and it is not in line.

        A `backlog`, what a peer asked to read again, is bounded by the conversation itself and may be longer.
        A `droppable` frame only tells of the moment: behind many others it is left out.
        """
        if droppable and len(self._frames) >= DROPPABLE_FRAMES:
            return True
        if not backlog:
            if self._bounded >= OUTBOX_FRAMES or self._bounded_bytes + len(frame) > OUTBOX_BYTES:
                return False
            self._bounded += 1
            self._bounded_bytes += len(frame)
        self._frames.append((frame, backlog))
        self.bytes += len(frame)
        self._owed.bytes += len(frame)
        return True

    def take(self) -> bytes:
        """Take the oldest frame."""
        frame, backlog = self._frames.pop(0)
        self.bytes -= len(frame)
        self._owed.bytes -= len(frame)
        if not backlog:
            self._bounded -= 1
            self._bounded_bytes -= len(frame)
        return frame

    def clear(self) -> None:
        """Forget all that waits."""
        self._owed.bytes -= self.bytes
        self._frames.clear()
        self._bounded = self._bounded_bytes = self.bytes = 0
