# SPDX-License-Identifier: EUPL-1.2
"""How many conversations at once a service must be able to hold so that nobody waits too long.

Owns the formulas: Erlang's C for people who come by chance, wait in one queue and are taken in order (M/M/c).
A.K. Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen af Betydning for de automatiske
Telefoncentraler" (Elektroteknikeren 13, 1917); the forms used here are those of ITU-D, "Teletraffic
Engineering Handbook", chapters 7 and 12. What they leave out says `docs/staffing.md`. Knows no service, no
figure and no clock.

A *slot* is one conversation at a time: somebody who holds three at once is three slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf
from typing import Final

MOST_SLOTS: Final = 500
"""More than any service has; what needs more is not worked out."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked of a service: so many conversations an hour, each so many minutes in the mean.

    Raises:
        ValueError: on making, when the number is negative or the minutes are not positive.
    """

    an_hour: float
    minutes: float

    def __post_init__(self) -> None:
        if not (0 <= self.an_hour < inf and 0 < self.minutes < inf):
            raise ValueError("a load is a number of conversations of some minutes")

    @property
    def erlangs(self) -> float:
        """How many go on at once in the mean, if nobody has to wait."""
        return self.an_hour * self.minutes / 60


@dataclass(frozen=True, slots=True)
class AnsweredWithin:
    """The target that a share of all (above 0, below 1) have an answer within so many minutes.

    Raises:
        ValueError: on making, when it is none: nobody can promise all, or a time before now.
    """

    share: float
    minutes: float

    def __post_init__(self) -> None:
        if not (0 < self.share < 1 and 0 <= self.minutes < inf):
            raise ValueError("a target is a share of all and some minutes")


@dataclass(frozen=True, slots=True)
class MeanWait:
    """The target that the mean wait, of all who come, is at most so many minutes (positive)."""

    minutes: float

    def __post_init__(self) -> None:
        if not 0 < self.minutes < inf:
            raise ValueError("a target is some minutes")


Target = AnsweredWithin | MeanWait


def waiting(load: Load, slots: int) -> float:
    """Return the probability that somebody who comes has to wait; 1 where the queue only grows.

    From Erlang's B by `B(0) = 1, B(n) = aB(n-1) / (n + aB(n-1))`, where no number grows large, and
    `C = nB / (n - a(1 - B))`.

    Raises:
        ValueError: `slots` is negative or more than `MOST_SLOTS`.
    """
    if not 0 <= slots <= MOST_SLOTS:
        raise ValueError("there are no such slots")
    offered = load.erlangs
    if offered == 0:
        return 0.0
    if slots <= offered:
        return 1.0
    blocked = 1.0
    for number in range(1, slots + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return _of_blocked(blocked, slots, offered)


def mean_wait(load: Load, slots: int) -> float:
    """Return how many minutes people wait in the mean, also those who need not; `inf` where it only grows.

    `W = C * minutes / (slots - erlangs)`. Raises as `waiting`.
    """
    return _mean(waiting(load, slots), load, slots)


def answered_within(load: Load, slots: int, minutes: float) -> float:
    """Return the share that is answered within so many minutes: `1 - C * exp(-(slots - erlangs) * t / m)`.

    Raises as `waiting`.
    """
    return _within(waiting(load, slots), load, slots, minutes)


def slots_needed(load: Load, target: Target) -> int | None:
    """Return the fewest slots with which a load reaches a target; None when `MOST_SLOTS` are too few.

    It is 1 for a load of nothing: whoever comes must meet somebody.
    """
    offered, blocked = load.erlangs, 1.0
    for slots in range(1, MOST_SLOTS + 1):
        blocked = offered * blocked / (slots + offered * blocked)
        if slots > offered and _reached(_of_blocked(blocked, slots, offered), load, slots, target):
            return slots
    return None


def _of_blocked(blocked: float, slots: int, offered: float) -> float:
    return slots * blocked / (slots - offered * (1 - blocked))


def _mean(waits: float, load: Load, slots: int) -> float:
    spare = slots - load.erlangs
    if load.an_hour == 0:
        return 0.0
    return waits * load.minutes / spare if spare > 0 else inf


def _within(waits: float, load: Load, slots: int, minutes: float) -> float:
    spare = slots - load.erlangs
    if load.an_hour == 0:
        return 1.0
    return 1 - waits * exp(-spare * minutes / load.minutes) if spare > 0 else 0.0


def _reached(waits: float, load: Load, slots: int, target: Target) -> bool:
    match target:
        case AnsweredWithin():
            return _within(waits, load, slots, target.minutes) >= target.share
        case MeanWait():
            return _mean(waits, load, slots) <= target.minutes
