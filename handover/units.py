# SPDX-License-Identifier: EUPL-1.2
"""The keys of receiving units: made once, unlocked into a sign-in, locked again.

Owns which sign-in holds which private key, in memory alone and for as long as it is used. Neither the
database nor any staff password opens one: that takes the unit's passphrase. Knows no ticket.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chat.errors import Unavailable
from chat.ids import DutyId, Randomness
from chat.ports import Clock, Stretching
from handover.errors import Incomplete, Locked, TooManyTries, WrongPassphrase
from handover.ids import ReceiverId
from handover.ports import TicketStore
from handover.sealing import SALT_BYTES, new_unit_key, open_unit_key
from moderation.rate import Bucket, Rate

UNLOCKED_FOR: Final = timedelta(minutes=30)
"""After so long without use a key is locked again."""

TRIES: Final = Rate(burst=5, every=timedelta(minutes=2))
"""Passphrases that one account may try at one unit: a colleague's slips keep nobody else out."""

SHORTEST_PASSPHRASE: Final = 16
LONGEST_PASSPHRASE: Final = 256


@dataclass(slots=True)
class _Unlocked:
    private: X25519PrivateKey
    used_at: datetime


@dataclass(slots=True, eq=False)
class Units:
    """The keys of the receiving units of this installation."""

    store: TicketStore
    stretching: Stretching
    clock: Clock
    randomness: Randomness
    _open: dict[tuple[DutyId, ReceiverId], _Unlocked] = field(default_factory=dict)
    _tries: dict[tuple[ReceiverId, str], Bucket] = field(default_factory=dict)

    async def create(self, unit: ReceiverId, passphrase: str) -> None:
        """Make the key of a unit.

        Raises:
            Incomplete: the passphrase is shorter than 16 or longer than 256 characters.
            TooLate: the unit has a key: what is sealed to that could never be opened again.
        """
        await self.create_all([unit], passphrase)

    async def create_all(self, units: Iterable[ReceiverId], passphrase: str) -> None:
        """Make the keys of several units with one passphrase, stretched once: for a demo or a training.

        Raises:
            Incomplete, TooLate: as `create`.
        """
        if not SHORTEST_PASSPHRASE <= len(" ".join(passphrase.split())) <= LONGEST_PASSPHRASE:
            raise Incomplete
        salt = self.randomness.bytes(SALT_BYTES)
        stretched = await self.stretching.stretch(_bytes(passphrase), salt)
        for unit in units:
            await self.store.put_unit_key(new_unit_key(unit, salt, stretched, self.randomness))

    async def unlock(self, sign_in: DutyId, unit: ReceiverId, passphrase: str, account: str = "") -> None:
        """Hold a unit's private key for a sign-in from now on. `account`: whose tries are counted.

        Raises:
            WrongPassphrase: it does not open, or the unit has no key. TooManyTries: wait a while.
        """
        now = self.clock.now()
        whose = (unit, account)
        before = self._tries.get(whose, Bucket(TRIES, now))
        self._tries[whose], wait = before.take(now)
        if wait is not None:
            raise TooManyTries
        key = await self.store.unit_key(unit)
        if key is None or len(passphrase) > LONGEST_PASSPHRASE:
            raise WrongPassphrase
        try:
            stretched = await self.stretching.stretch(_bytes(passphrase), key.salt)
        except Unavailable:
            self._tries[whose] = before  # nothing was tried
            raise
        private = open_unit_key(key, stretched)
        self._tries.pop(whose, None)
        self._open[sign_in, unit] = _Unlocked(private, self.clock.now())

    def key(self, sign_in: DutyId, unit: ReceiverId) -> X25519PrivateKey:
        """Return the private key that a sign-in holds for a unit.

        Raises:
            Locked: it holds none, or has not used it for too long.
        """
        self._lock_idle()
        held = self._open.get((sign_in, unit))
        if held is None:
            raise Locked
        held.used_at = self.clock.now()
        return held.private

    def is_unlocked(self, sign_in: DutyId, unit: ReceiverId) -> bool:
        """Tell whether a sign-in holds the key of a unit; asking does not count as using it."""
        self._lock_idle()
        return (sign_in, unit) in self._open

    def holders(self) -> set[DutyId]:
        """Return the sign-ins that hold a key: one that has ended elsewhere must not."""
        self._lock_idle()
        return {sign_in for sign_in, _ in self._open}

    def lock(self, sign_in: DutyId) -> None:
        """Let go of every key that a sign-in holds: it has ended, or somebody pressed the button."""
        for held in [key for key in self._open if key[0] == sign_in]:
            del self._open[held]

    def _lock_idle(self) -> None:
        now = self.clock.now()
        for key, held in list(self._open.items()):
            if now - held.used_at >= UNLOCKED_FOR:
                del self._open[key]


def _bytes(passphrase: str) -> bytes:
    """Keyboards differ in how they compose å, and people in how they space words."""
    spaced = " ".join(unicodedata.normalize("NFC", passphrase).split())
    return spaced.encode("utf-8", "surrogatepass")
