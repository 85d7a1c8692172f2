# SPDX-License-Identifier: EUPL-1.2
"""Proof of work: the form of a challenge, what solves it, how hard it is, and which are used up.

Owns the arithmetic. Time, keys and randomness are arguments; it must not know who works, or why.
"""

from __future__ import annotations

import base64
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from heapq import nsmallest
from typing import Final, Self

FIRST_BITS: Final = 15
"""The first step: 33,000 hashes on average. A browser slowed down to an old phone does some 100,000 a second
(measured): a third of a second."""
MOST_BITS: Final = 17
"""The ceiling: 131,000 on average, 1.3 s on that phone; 19 of 20 are done in 4 s, 99 of 100 in 6 s. More
would keep her out rather than the flood, whose own programs are many times as fast as such a phone."""
LIFE: Final = timedelta(minutes=3)
"""A challenge is good for so long: for the slowest phone, and for a pause when all places are taken."""
SALT_BYTES: Final = 7

_BODY = struct.Struct(f">IB{SALT_BYTES}s")
_MAC_BYTES = 12
# The challenge, a colon and a nonce of up to 22 characters are one block of SHA-256.
_TEXT_LENGTH = 4 * (_BODY.size + _MAC_BYTES) // 3


def is_solved(challenge: str, nonce: str, bits: int) -> bool:
    """Tell whether SHA-256 of `challenge:nonce` begins with `bits` zero bits."""
    digest = sha256(f"{challenge}:{nonce}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0


def bits_for(used: int, burst: int) -> int:
    """Return how much work a start costs when `used` of a burst are gone: none below it, then 15 bits.

    One more at twice and at four times the burst: whoever brings twice as many waits twice as long.
    """
    if used < burst:
        return 0
    return min(FIRST_BITS + (used // burst).bit_length() - 1, MOST_BITS)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One task, made by this server for one network at one time. `issued`: seconds since 1970."""

    issued: int
    bits: int
    salt: bytes

    @classmethod
    def new(cls, now: datetime, bits: int, salt: bytes) -> Self:
        """Return a challenge of `bits` bits; `salt` is `SALT_BYTES` random bytes."""
        return cls(int(now.timestamp()), bits, salt)

    @property
    def body(self) -> bytes:
        """What tells it from every other."""
        return _BODY.pack(self.issued, self.bits, self.salt)

    def text(self, key: bytes, network: bytes) -> str:
        """Return it as 32 characters of base64url that only the holder of `key` can make."""
        return base64.urlsafe_b64encode(self.body + _mac(key, network, self.body)).decode()

    @classmethod
    def read(cls, text: str, key: bytes, network: bytes, now: datetime) -> Self | None:
        """Return the challenge of a text; None when it is not ours, for another network, or too old."""
        if len(text) != _TEXT_LENGTH:
            return None
        try:
            sealed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        except ValueError:
            return None
        if base64.urlsafe_b64encode(sealed).decode() != text:
            return None  # `+` and `/` are read too, and one challenge has one text
        body, mac = sealed[: _BODY.size], sealed[_BODY.size :]
        if not hmac.compare_digest(mac, _mac(key, network, body)):
            return None
        challenge = cls(*_BODY.unpack(body))
        return challenge if 0 <= challenge.age(now) <= LIFE.total_seconds() else None

    @classmethod
    def of(cls, body: bytes) -> Self | None:
        """Return the challenge that a body tells apart; None when it is no body."""
        return cls(*_BODY.unpack(body)) if len(body) == _BODY.size else None

    def age(self, now: datetime) -> int:
        """Return how many seconds ago it was made."""
        return int(now.timestamp()) - self.issued


def _mac(key: bytes, network: bytes, body: bytes) -> bytes:
    # The body has one length, so nothing can be moved between the two.
    return hmac.digest(key, body + network, "sha256")[:_MAC_BYTES]


class Spent:
    """The challenges that have been used, at most `limit` of them.

    Those too old to be read again are forgotten. If that does not make room, the older half is, and nothing
    as old as that counts as unused any more: it costs somebody a new challenge, and never lets one in twice.
    """

    def __init__(self, *, limit: int = 10_000) -> None:
        if limit < 1:
            raise ValueError("at least one challenge must fit")
        self._limit = limit
        self._issued: dict[bytes, int] = {}
        self._refused_until = -1

    def __len__(self) -> int:
        """Return how many challenges are remembered."""
        return len(self._issued)

    def has(self, challenge: Challenge) -> bool:
        """Tell whether a challenge was used, or may have been."""
        return challenge.issued <= self._refused_until or challenge.body in self._issued

    def add(self, challenge: Challenge, now: datetime) -> None:
        """Remember that a challenge was used."""
        if len(self._issued) >= self._limit:
            self._make_room(now)
        self._issued[challenge.body] = challenge.issued

    def _make_room(self, now: datetime) -> None:
        oldest = int((now - LIFE).timestamp())
        self._issued = {body: issued for body, issued in self._issued.items() if issued >= oldest}
        if 4 * len(self._issued) < 3 * self._limit:
            return
        forgotten = nsmallest(
            len(self._issued) - self._limit // 2, self._issued.items(), key=lambda one: one[1]
        )
        self._refused_until = max(self._refused_until, forgotten[-1][1])
        for body, _ in forgotten:
            del self._issued[body]
