# SPDX-License-Identifier: EUPL-1.2
"""How often something may be done: token buckets, and a bounded map of them.

Owns the arithmetic and the keys that stand for networks. Stores no address and must not know what is counted.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nsmallest

_NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, then one `every` so often.

    Raises:
        ValueError: a burst under one, or no time between.
    """

    burst: int
    every: timedelta

    def __post_init__(self) -> None:
        """Refuse a rate that allows nothing or everything."""
        if self.burst < 1 or self.every <= _NOW:
            raise ValueError("a rate allows at least one, and takes time to refill")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of tokens, kept as the one moment when it is full again.

    Datetimes are whole microseconds, so nothing is lost to rounding however often a bucket is asked.
    """

    rate: Rate
    full_at: datetime

    def take(self, now: datetime, cost: int = 1) -> tuple[Bucket, timedelta | None]:
        """Take `cost` tokens; return the bucket and None, or the same bucket and how long to wait.

        Raises:
            ValueError: a cost under one or beyond the burst, which no waiting would ever allow.
        """
        if not 1 <= cost <= self.rate.burst:
            message = f"a cost lies between 1 and {self.rate.burst}"
            raise ValueError(message)
        full_at = max(self.full_at, now) + cost * self.rate.every
        short_of = full_at - now - self.rate.burst * self.rate.every
        if short_of > _NOW:
            return self, short_of
        return replace(self, full_at=full_at), None

    def used(self, now: datetime) -> int:
        """Return how many tokens are gone and not back yet; from the burst on, the next one is refused."""
        return max(0, -((now - self.full_at) // self.rate.every))

    def push(self, now: datetime, most: int) -> Bucket:
        """Take one token even when there is none, so that `used` goes on rising; never beyond `most`."""
        full_at = max(self.full_at, now) + self.rate.every
        return replace(self, full_at=min(full_at, now + most * self.rate.every))


class Allowances:
    """One bucket for each key, at most `limit` of them.

    A bucket that is full again says nothing and is forgotten: when there is no room, and at the latest when
    another has come after it would be full from empty. When most are in use the fullest half is forgotten,
    so that whoever has taken the most stays known.
    """

    def __init__(self, rate: Rate, *, limit: int = 10_000) -> None:
        if limit < 1:
            raise ValueError("at least one key must fit")
        self._rate = rate
        self._limit = limit
        self._buckets: dict[bytes, Bucket] = {}
        self._forget_at: datetime | None = None

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._buckets)

    def take(self, key: bytes, now: datetime, cost: int = 1) -> timedelta | None:
        """Take `cost` tokens of this key's bucket; return None, or how long to wait."""
        self._buckets[key], wait = self._bucket(key, now).take(now, cost)
        return wait

    def used(self, key: bytes, now: datetime) -> int:
        """Return how many tokens of this key are gone; asking makes no key known."""
        bucket = self._buckets.get(key)
        return 0 if bucket is None else bucket.used(now)

    def push(self, key: bytes, now: datetime, most: int) -> None:
        """Take one token of this key even when there is none, never beyond `most`."""
        self._buckets[key] = self._bucket(key, now).push(now, most)

    def forget_rested(self, now: datetime) -> None:
        """Forget every key whose bucket is full again."""
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.full_at > now}
        self._forget_at = now + self._rate.burst * self._rate.every

    def forget_all(self) -> None:
        """Forget every key, as when the keys themselves mean nothing any more."""
        self._buckets.clear()

    def _bucket(self, key: bytes, now: datetime) -> Bucket:
        if self._forget_at is None or now >= self._forget_at:
            self.forget_rested(now)
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room(now)
            bucket = Bucket(self._rate, now)
        return bucket

    def _make_room(self, now: datetime) -> None:
        if len(self._buckets) < self._limit:
            return
        self.forget_rested(now)
        # Not only when none is left to forget: a flood of addresses would have every start look at them all.
        if 4 * len(self._buckets) < 3 * self._limit:
            return
        kept = self._limit // 2
        fullest = nsmallest(
            len(self._buckets) - kept, self._buckets, key=lambda key: self._buckets[key].full_at
        )
        for key in fullest:
            del self._buckets[key]


def network_key(network: bytes, daily_key: bytes) -> bytes:
    """Return the 16 bytes that stand for a truncated network prefix today.

    The key changes every day and is never stored, so yesterday's value cannot be linked to today's.
    """
    return hmac.digest(daily_key, network, "sha256")[:16]
