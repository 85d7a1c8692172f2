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

# Time since the start of the machine, also while it was suspended. Only Linux has it.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_TRUSTED_DRIFT = timedelta(minutes=5)


def _read_elapsed() -> int:
    return time.clock_gettime_ns(_SINCE_BOOT)


class SystemClock:
    """The wall time at construction, and from then on what has really elapsed: it never jumps.

    When the wall clock is set while the program runs, its deadlines stay right and only the two clocks part.
    A new start takes the wall time again. `wall` and `elapsed` return nanoseconds: since 1970, and since some
    fixed moment. `ahead` is how far those with whom this machine shares a store are ahead of its wall clock:
    theirs is followed.
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
        self._started_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=wall() // 1000) + ahead
        self._started = elapsed()

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime."""
        return self._started_at + timedelta(microseconds=(self._elapsed() - self._started) // 1000)

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
