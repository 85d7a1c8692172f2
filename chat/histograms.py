# SPDX-License-Identifier: EUPL-1.2
"""Counters for how long something took and when in the week it happened: fixed steps, never a single time.

Owns the steps and the names of these counters. Knows no store and no clock.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from chat.hours import STOCKHOLM

StepCounter = NewType("StepCounter", str)
"""The name of a counter of this module."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How long something takes, in steps; step i ends just before edge i (seconds, growing)."""

    name: str
    edges: tuple[int, ...]

    @property
    def counters(self) -> tuple[StepCounter, ...]:
        """Its counters, the shortest first; the last is for whatever takes longer than every edge."""
        return tuple(StepCounter(f"{self.name}_{step:02}") for step in range(len(self.edges) + 1))

    def counter(self, took: timedelta) -> StepCounter:
        """Return the counter of something that took so long; what seems to be negative took no time."""
        return self.counters[bisect_right(self.edges, max(0.0, took.total_seconds()))]

    def bounds(self, step: int) -> tuple[int, int | None]:
        """Return from how many seconds on a step counts, and up to how many; None has no end."""
        low = self.edges[step - 1] if step else 0
        return low, self.edges[step] if step < len(self.edges) else None


WAITED: Final = Steps("waited", (30, 60, 120, 300, 600, 1200, 1800, 3600, 7200))
"""From the start of a chat until somebody answered her for the first time; with `answered`, and where that is
counted. A time that she was away in between belongs to it. A transfer, a rescue, a return to the queue and a
taking over count nothing anew. A clock that was set back makes it short, never negative."""

LASTED: Final = Steps("lasted", tuple(60 * each for each in (5, 10, 20, 30, 45, 60, 90, 120, 180)))
"""From the first answer to the end, whoever held it in between; with `ended`, and where that is counted. One
that was answered before the server kept when counts from its start."""

WANTED: Final = "wanted"
"""Somebody started a chat, or wanted to while the service was closed; by weekday and hour of the clock. Kept
under the first Monday of the month on the grid (`chat/grid.py`), never under the day itself, so that the
table puts no hour beside a day. An hour that comes twice in autumn is one of these, with both."""


def wanted_at(now: datetime) -> StepCounter:
    """Return the counter of the weekday (0 is Monday) and the hour that a clock in Sweden shows."""
    shown = now.astimezone(STOCKHOLM)
    return wanted(shown.weekday(), shown.hour)


def wanted(weekday: int, hour: int) -> StepCounter:
    """Return the counter of a weekday and an hour: `wanted_6_02` is for Sundays from two to three."""
    return StepCounter(f"{WANTED}_{weekday}_{hour:02}")
