# SPDX-License-Identifier: EUPL-1.2
"""Who may start now: at once, for some work, or a little later. Nobody is refused for good.

Owns the bounds of the whole and the fairness between networks. Time is an argument, a network is the 16
bytes that stand for it today; it must not know addresses, services or who is asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from moderation.rate import Allowances, Bucket, Rate
from moderation.work import bits_for

OWN: Final = Rate(burst=30, every=timedelta(seconds=10))
"""Without work, from one /24 or /56: a school, a library or a mobile carrier behind one address must fit."""
ALL: Final = Rate(burst=60, every=timedelta(milliseconds=500))
"""Without work, in all. If every call to a support line in Sweden were a chat, one would start every seven
seconds at the peak; a minute's start is what an evening's opening brings at once."""
PACE: Final = Rate(burst=60, every=timedelta(milliseconds=50))
"""In all, whatever work is done: 20 a second."""
CROWD_PACE: Final = Rate(burst=20, every=timedelta(milliseconds=100))
"""The half of it that is for networks which have used up their own allowance."""
PLACES: Final = 1_000
"""Conversations that wait in all: three times what all of Sweden would bring at the peak."""
CROWD_PLACES: Final = PLACES * 2 // 3
"""Beyond so many the rest is for networks within their own allowance."""
FULL_WAIT: Final = timedelta(seconds=60)
"""When to try again while every place is taken: they become free one by one."""
PACE_WAIT: Final = timedelta(seconds=10)
"""When to try again while places are free and too many come at once."""

_DEEPEST = 6
"""So many bursts are counted at most: after a flood, work is asked for some minutes and not for a day."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """She may start."""


@dataclass(frozen=True, slots=True)
class WorkNeeded:
    """She may start after work of so many bits."""

    bits: int


@dataclass(frozen=True, slots=True)
class Busy:
    """Nobody can be let in now; it is worth trying again after `wait`."""

    wait: timedelta


Verdict = Admitted | WorkNeeded | Busy


class Admission:
    """See the module. Only starts that are let in count, so asking in vain makes it harder for nobody."""

    def __init__(self) -> None:
        self._own = Allowances(OWN)
        self._all: Bucket | None = None
        self._pace: Bucket | None = None
        self._crowd_pace: Bucket | None = None
        self._told: Bucket | None = None

    def judge(
        self, network: bytes, now: datetime, *, has_worked: bool, waiting: int, least: int = 0
    ) -> Verdict:
        """Decide about one start while `waiting` conversations wait; one that is let in is counted.

        `least`: so many bits of work it takes in any case.
        """
        own, all_ = self._own.used(network, now), (self._all or Bucket(ALL, now)).used(now)
        is_crowd = own >= OWN.burst
        if waiting >= (CROWD_PLACES if is_crowd else PLACES):
            return Busy(FULL_WAIT)
        bits = max(bits_for(own, OWN.burst), bits_for(all_, ALL.burst), least)
        if bits > 0 and not has_worked:
            return WorkNeeded(bits)
        if not self._keeps_pace(now, is_crowd=is_crowd):
            return Busy(PACE_WAIT)
        self._count(network, now)
        return Admitted()

    def note(self, network: bytes, now: datetime) -> None:
        """Count a start that was let in elsewhere, as many as the pace lets in there.

        Of more than that somebody tells who is none of us, or tells again: it makes work for nobody, and
        turns nobody away for longer than what is true could.
        """
        self._told, wait = (self._told or Bucket(PACE, now)).take(now)
        if wait is not None:
            return
        if self._own.used(network, now) >= OWN.burst:
            self._crowd_pace = (self._crowd_pace or Bucket(CROWD_PACE, now)).push(now, CROWD_PACE.burst)
        self._pace = (self._pace or Bucket(PACE, now)).push(now, PACE.burst)
        self._count(network, now)

    def _count(self, network: bytes, now: datetime) -> None:
        self._own.push(network, now, _DEEPEST * OWN.burst)
        self._all = (self._all or Bucket(ALL, now)).push(now, _DEEPEST * ALL.burst)

    def _keeps_pace(self, now: datetime, *, is_crowd: bool) -> bool:
        """Take one start from the pace of all, and of the crowd's half of it; from both or from none."""
        pace, wait = (self._pace or Bucket(PACE, now)).take(now)
        if wait is None and is_crowd:
            self._crowd_pace, wait = (self._crowd_pace or Bucket(CROWD_PACE, now)).take(now)
        if wait is None:
            self._pace = pace
        return wait is None

    def forget_rested(self, now: datetime) -> None:
        """Forget networks that are as good as new."""
        self._own.forget_rested(now)

    def forget_networks(self) -> None:
        """Forget all networks: the bytes that stand for them have changed."""
        self._own.forget_all()
