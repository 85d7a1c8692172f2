# SPDX-License-Identifier: EUPL-1.2
"""The machine's clock and its randomness.

Owns the only reading of the wall clock in the whole program. Knows nothing of what time is asked for.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

# Time since the start of the machine, also while it was suspended. Only Linux has it.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_TRUSTED_DRIFT = timedelta(minutes=5)


_SLOWER: Final = 4
"""A clock that is ahead of the others loses every fourth moment until they have come up to it. Slower still,
and the signs of life that it times would come too late."""


def _read_elapsed() -> int:
    return time.clock_gettime_ns(_SINCE_BOOT)


class _Course(NamedTuple):
    """From which moment on time is counted, and how much of it is still to be taken back."""

    base: datetime
    elapsed: int
    ahead: timedelta = timedelta()

    def at(self, elapsed: int) -> datetime:
        passed = timedelta(microseconds=(elapsed - self.elapsed) // 1000)
        return self.base + passed - min(self.ahead, max(passed, timedelta()) / _SLOWER)


class SystemClock:
    """The wall time at construction, and from then on what has really elapsed: it never jumps by itself.

    When the wall clock is set while the program runs, its deadlines stay right and only the two clocks part.
    A new start takes the wall time again. `wall` and `elapsed` return nanoseconds: since 1970, and since some
    fixed moment. `ahead` is how far those with whom this machine shares a store are ahead of its wall clock:
    theirs is followed, also later (`follow`).
    """

    def __init__(
        self,
        wall: Callable[[], int] = time.time_ns,
        elapsed: Callable[[], int] = _read_elapsed,
        *,
        ahead: timedelta = timedelta(),
    ) -> None:
        self._wall = wall
        self._elapsed = elapsed
        base = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=wall() // 1000) + ahead
        self._course = _Course(base, elapsed())

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime."""
        return self._course.at(self._elapsed())

    def follow(self, ahead: timedelta) -> None:
        """Go on with those who are `ahead` of this clock: at once, or slowly where they are behind.

        It never runs backwards: what was written a moment ago would lie in the future.
        """
        elapsed = self._elapsed()
        base = self._course.at(elapsed) + max(ahead, timedelta())
        self._course = _Course(base, elapsed, max(-ahead, timedelta()))

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`; at once when they are not positive."""
        await asyncio.sleep(seconds)

    def drift(self) -> timedelta:
        """Return how far the wall clock is ahead of this one (negative: behind)."""
        wall = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self._wall() // 1000)
        return wall - self.now()

    def trusted(self) -> bool:
        """Tell whether the two clocks still agree within five minutes.

        Where they do not, also from the start because of `ahead`, one of them is wrong and nobody can say
        which: then no daily key may be unlinked, because that cannot be undone.
        """
        return abs(self.drift()) <= _TRUSTED_DRIFT


class SystemRandomness:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """Return `count` unpredictable bytes."""
        return os.urandom(count)
