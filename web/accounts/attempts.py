# SPDX-License-Identifier: EUPL-1.2
"""How long somebody who guesses passwords must wait, and that nobody else has to.

Owns the memory of failed sign-ins. It is kept in memory only, under names that are HMACs with a key of the
day, and it knows neither addresses (only truncated prefixes) nor accounts (only what was typed). What one
process counts it tells the others, under the same names.

A name may fail three times from one network without any wait. Then there is a wait since the last failure of
this name from this network: 1 s, doubled with each further failure of the name here, of the name anywhere or
of the network, whichever are the most, never more than 60 s, and all forgotten after an hour. What is done
elsewhere never makes the wait begin anew, and an attempt during a wait is refused unseen and makes nothing
longer: an attacker can slow a volunteer down, and only one on the volunteer's own network for longer than a
minute.

A network that has failed a hundred times, under whatever names, may fail once in two seconds from then on.
Names that have signed in from it the same day do not wait for that: who sprays does not lock out who works
there.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chat.told import Told
from web.accounts.errors import TooMany
from web.counting_key import CountingKey
from web.tellings import Tellings

FREE_FAILURES = 3
FREE_FAILURES_OF_A_NETWORK = 20
"""Many people sit behind one prefix."""
SPRAYED_FAILURES = 100
"""Failures of a network after which also names that are new there must wait."""
SPRAYED_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=1)
AT_ONCE = 8
"""Attempts from one network that may be looked at at the same moment: it cannot fill the whole queue."""
REMEMBERED = 30_000
"""Keys kept at most; the one unused the longest goes first."""


_KEY_BYTES = 16


class Sort(StrEnum):
    """What processes tell each other of sign-ins."""

    BEGUN = "sign_in"
    RIGHT = "sign_in_right"
    WITHDRAWN = "sign_in_unseen"


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that is being looked at. It counts as failed until it is known to be right."""

    pair: bytes
    name: bytes
    network: bytes

    @property
    def told(self) -> bytes:
        """How it is told to other processes."""
        return self.pair + self.name + self.network

    @classmethod
    def of(cls, told: bytes) -> Attempt | None:
        """Return the attempt that was told; None when it is none."""
        if len(told) != 3 * _KEY_BYTES:
            return None
        return cls(told[:_KEY_BYTES], told[_KEY_BYTES : 2 * _KEY_BYTES], told[2 * _KEY_BYTES :])


class Attempts:
    """The failures of the last hour. `limits` tells whether a network's attempts ever have to wait."""

    def __init__(self, key: CountingKey, limits: Callable[[bytes], bool], tellings: Tellings) -> None:
        self._key = key
        self._limits = limits
        self._tellings = tellings
        self._failures: OrderedDict[bytes, _Failures] = OrderedDict()
        self._looked_at: dict[bytes, int] = {}
        self._at_home: OrderedDict[bytes, None] = OrderedDict()
        """Names and networks that have signed in today."""

    def begin(self, name: str, network: bytes, now: datetime) -> Attempt:
        """Take up an attempt, and count it as failed at once, so that many together do not slip through.

        Raises:
            TooMany: it must wait; nothing was counted.
        """
        attempt = self._attempt(name, network, now)
        if self._limits(network):
            self._check(attempt, now)
        self._count_all(attempt, now)
        self._tellings.tell(Sort.BEGUN, attempt.told)
        self._looked_at[attempt.network] = self._looked_at.get(attempt.network, 0) + 1
        return attempt

    def finish(self, attempt: Attempt) -> None:
        """It has been looked at, with whatever outcome: another one from its network may be."""
        left = self._looked_at[attempt.network] - 1
        if left:
            self._looked_at[attempt.network] = left
        else:
            del self._looked_at[attempt.network]

    def succeeded(self, attempt: Attempt) -> None:
        """The password was right: nothing is held against this name. The network keeps its other failures."""
        self._note_right(attempt)
        self._tellings.tell(Sort.RIGHT, attempt.told)

    def withdraw(self, attempt: Attempt) -> None:
        """The password was not looked at after all: nothing is held against anybody."""
        self._uncount_all(attempt)
        self._tellings.tell(Sort.WITHDRAWN, attempt.told)

    def hear(self, told: Told, now: datetime) -> None:
        """Count what another process has told."""
        attempt = Attempt.of(told.key)
        if attempt is None:
            return
        self._turn(now)
        match told.sort:
            case Sort.BEGUN:
                self._count_all(attempt, now)
            case Sort.RIGHT:
                self._note_right(attempt)
            case _:
                self._uncount_all(attempt)

    def _note_right(self, attempt: Attempt) -> None:
        self._failures.pop(attempt.pair, None)
        self._failures.pop(attempt.name, None)
        self._at_home[attempt.pair] = None
        self._at_home.move_to_end(attempt.pair)
        if len(self._at_home) > REMEMBERED:
            self._at_home.popitem(last=False)
        self._uncount(attempt.network)

    def _count_all(self, attempt: Attempt, now: datetime) -> None:
        for key in (attempt.pair, attempt.name, attempt.network):
            self._count(key, now)

    def _uncount_all(self, attempt: Attempt) -> None:
        for key in (attempt.pair, attempt.name, attempt.network):
            self._uncount(key)

    def _check(self, attempt: Attempt, now: datetime) -> None:
        if self._looked_at.get(attempt.network, 0) >= AT_ONCE:
            raise TooMany(1)
        wait = self._wait(attempt, now)
        if wait > timedelta():
            raise TooMany(-(-wait // timedelta(seconds=1)))

    def _attempt(self, name: str, network: bytes, now: datetime) -> Attempt:
        self._turn(now)
        typed = name.encode("utf-8", "surrogatepass")
        return Attempt(
            pair=self._name_of(b"pair", network, typed),
            name=self._name_of(b"name", typed),
            network=self._name_of(b"network", network),
        )

    def _turn(self, now: datetime) -> None:
        if self._key.turn(now):
            # Yesterday's keys name nothing any more.
            self._failures.clear()
            self._at_home.clear()

    def _name_of(self, *parts: bytes) -> bytes:
        joined = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._key.value, joined, hashlib.sha256)[:_KEY_BYTES]

    def _wait(self, attempt: Attempt, now: datetime) -> timedelta:
        failed_here = self._counted(attempt.pair, now)
        if failed_here < FREE_FAILURES:
            return self._wait_of_a_sprayer(attempt, now)
        beyond = max(
            failed_here - FREE_FAILURES,
            self._counted(attempt.name, now) - FREE_FAILURES,
            self._counted(attempt.network, now) - FREE_FAILURES_OF_A_NETWORK,
        )
        # Capped before it is doubled: a count in the thousands must not make a number of that many bits.
        delay = min(timedelta(seconds=2 ** min(beyond, 10)), LONGEST_WAIT)
        return self._failures[attempt.pair].last + delay - now

    def _wait_of_a_sprayer(self, attempt: Attempt, now: datetime) -> timedelta:
        if attempt.pair in self._at_home or self._counted(attempt.network, now) < SPRAYED_FAILURES:
            return timedelta()
        return self._failures[attempt.network].last + SPRAYED_WAIT - now

    def _counted(self, key: bytes, now: datetime) -> int:
        failures = self._failures.get(key)
        return failures.count if failures and now - failures.last < FORGOTTEN_AFTER else 0

    def _count(self, key: bytes, now: datetime) -> None:
        self._failures[key] = _Failures(self._counted(key, now) + 1, now)
        self._failures.move_to_end(key)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def _uncount(self, key: bytes) -> None:
        failures = self._failures.get(key)
        if failures is None:
            return
        failures.count -= 1
        if failures.count <= 0:
            del self._failures[key]
