# SPDX-License-Identifier: EUPL-1.2
"""Which other processes are heard on the bus, what of theirs is missing, and whether one has fallen silent.

Owns the counting. Pure: what a tick is, and what is done about it, is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from chat.adapters.redis.doorbells import Batch, Note

SILENT_TICKS: Final = 5
"""After so many ticks without a sound somebody is cut off, or dead: nobody can tell which."""
GONE_TICKS: Final = 60
"""After so many they are given up. Somebody who was cut off is met again when they are heard."""
MISSED_TICKS: Final = 44
"""After so many ticks with fewer than live over the same store, somebody rings elsewhere. Longer than those
who end are taken to live (`chat.live.register.LIVES`), and than a new one needs until it is heard."""
MOST: Final = 256
REMEMBERED: Final = 1024
"""Of so many who are not heard any more the last number is kept: what was recorded of them is not heard
again."""


class Heard(Enum):
    """What a batch means to whoever hears it."""

    IN_ORDER = auto()
    NEW = auto()
    """It is the first of its sender: their doorbells must be listened to from now on."""
    LEFT = auto()
    """It is the last of its sender."""
    IGNORED = auto()
    """It was heard before, or comes from one too many."""


@dataclass(slots=True)
class _Peer:
    number: int
    silent: int = 0


class Peers:
    """The other processes, by the names that they send under."""

    def __init__(self) -> None:
        self._peers: dict[bytes, _Peer] = {}
        self._past: dict[bytes, int] = {}
        self._lost = False
        self._crowded = False
        self._expected = 0
        self._missed = 0

    def hear(self, batch: Batch) -> Heard:
        """Note a batch and say what it means."""
        peer = self._peers.get(batch.sender)
        if batch.number <= self._past.get(batch.sender, -1):
            return Heard.IGNORED
        if batch.note & Note.LAST:
            self._part(batch.sender, batch.number)
            return Heard.LEFT
        if peer is None:
            if len(self._peers) >= MOST:
                self._crowded = True
                return Heard.IGNORED
            self._peers[batch.sender] = _Peer(batch.number)
            self._lost = True  # what they rang before they were listened to
            return Heard.NEW
        if batch.number <= peer.number:
            return Heard.IGNORED
        if batch.number != peer.number + 1 or batch.note & Note.LOST:
            self._lost = True
        peer.number, peer.silent = batch.number, 0
        return Heard.IN_ORDER

    def tick(self) -> list[bytes]:
        """Let time pass, while this process itself is connected; return who is given up."""
        for peer in self._peers.values():
            peer.silent += 1
        gone = [sender for sender, peer in self._peers.items() if peer.silent > GONE_TICKS]
        for sender in gone:
            self._part(sender, self._peers[sender].number)
        self._missed = self._missed + 1 if len(self._peers) < self._expected else 0
        return gone

    def expect(self, others: int) -> None:
        """Note how many there are."""
        self._expected = others

    def forget(self) -> None:
        """Forget everybody: this process has been away itself, and meets them anew."""
        for sender, peer in list(self._peers.items()):
            self._part(sender, peer.number)
        self._missed = 0

    def _part(self, sender: bytes, number: int) -> None:
        self._peers.pop(sender, None)
        self._past.pop(sender, None)
        self._past[sender] = number
        if len(self._past) > REMEMBERED:
            del self._past[next(iter(self._past))]
        self._crowded = False

    def is_silent(self) -> bool:
        """Tell whether somebody is not heard who lives: heard before and not gone, or one too many."""
        return self._crowded or any(peer.silent >= SILENT_TICKS for peer in self._peers.values())

    def are_too_few(self) -> bool:
        """Tell whether for some time fewer were heard than there are: they ring at another server."""
        return self._missed >= MISSED_TICKS

    def take_lost(self) -> bool:
        """Tell whether doorbells have been lost since this was asked last."""
        lost, self._lost = self._lost, False
        return lost
