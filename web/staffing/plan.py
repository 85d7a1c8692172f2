# SPDX-License-Identifier: EUPL-1.2
"""How many people are needed in each hour of a week, worked out from a demand.

Owns how hours become lines of a table. The formulas are those of `chat/staffing.py`. Knows no words, no
request and no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Final

from chat.demand import HOURS, Demand, Hour
from chat.grid import Week
from chat.hours import STOCKHOLM, OpeningHours
from chat.staffing import (
    MOST_SLOTS,
    AnsweredWithin,
    Load,
    Target,
    answered_within,
    mean_wait,
    slots_needed,
)

USUAL_WITHIN: Final = 5.0
"""Minutes within which an answer is told of where the target is a mean."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is to reach, and with whom."""

    target: Target
    minutes: float
    """How long a conversation takes in the mean."""
    capacity: int
    """How many one person holds at once."""

    @property
    def within(self) -> float:
        """Within how many minutes an answer is in time."""
        return self.target.minutes if isinstance(self.target, AnsweredWithin) else USUAL_WITHIN


@dataclass(frozen=True, slots=True)
class Reached:
    """What some people reach. Minutes may be `inf`; `share` is from 0 to 1."""

    people: int
    wait: float
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """Hours in a row on one weekday that need as many people; figures are those of the busiest of them."""

    weekday: int
    first: int
    """The hour in which it begins."""
    until: int
    """The hour at which it ends, at most 24."""
    peak: int
    """The busiest of its hours, the first of several."""
    is_open: bool
    an_hour: float
    needed: Reached | None
    """None: more than can be worked out."""
    fewer: Reached | None
    """What one fewer would reach; None where that is nobody."""

    @property
    def length(self) -> int:
        """How many hours it has."""
        return self.until - self.first


def open_hours(hours: OpeningHours, week: Week) -> frozenset[Hour]:
    """Return the hours of the week in which a service is open by its written hours, if only for a part.

    This week and the next are looked at, because one alone may have a red day. When somebody is on a shift is
    left out, for this is what tells how many are to be; and so is what is closed for once.
    """
    written = replace(hours, staffed=None, closings=(), closed_dates=frozenset())
    found = set()
    for day in (week.monday + timedelta(days=ahead) for ahead in range(14)):
        for half in range(48):
            at = datetime.combine(day, time(half // 2, half % 2 * 30), STOCKHOLM)
            if written.is_open(at.astimezone(UTC)):
                found.add((day.weekday(), half // 2))
    return frozenset(found)


def from_figures(demand: Demand, opened: Collection[Hour]) -> dict[Hour, float]:
    """Return how many come in each hour that is open or wanted."""
    return {hour: demand.an_hour(hour) for hour in HOURS if hour in opened or hour in demand.told}


def by_hand(days: Mapping[int, float], opened: Collection[Hour]) -> dict[Hour, float]:
    """Return how many come in each open hour, when somebody has said how many come on a weekday."""
    lengths = {day: sum(weekday == day for weekday, _ in opened) for day in range(7)}
    return {hour: days.get(hour[0], 0.0) / lengths[hour[0]] for hour in HOURS if hour in opened}


def plan(wanted: Mapping[Hour, float], opened: Collection[Hour], wish: Wish) -> list[Line]:
    """Return the week in lines, in order."""
    people = {hour: _people(an_hour, wish) for hour, an_hour in wanted.items()}

    def run(hour: Hour) -> tuple[int, int, bool, int | None]:
        # An hour minus its place is the same for all that follow one another.
        return hour[0], hour[1] - places[hour], hour in opened, people[hour]

    places = {hour: place for place, hour in enumerate(sorted(wanted))}
    return [
        _line(list(hours), wanted, wish, is_open=is_open, people=needed)
        for (_, _, is_open, needed), hours in groupby(sorted(wanted), run)
    ]


def busiest(lines: Collection[Line]) -> Line | None:
    """Return the open line with the most wanted in an hour, the first of several; None where none is open."""
    return max((line for line in lines if line.is_open), key=lambda line: line.an_hour, default=None)


def reached(an_hour: float, people: int, wish: Wish) -> Reached:
    """Return what so many people reach in an hour in which so many come."""
    load, slots = Load(an_hour, wish.minutes), min(people * wish.capacity, MOST_SLOTS)
    return Reached(people, mean_wait(load, slots), answered_within(load, slots, wish.within))


def _people(an_hour: float, wish: Wish) -> int | None:
    slots = slots_needed(Load(an_hour, wish.minutes), wish.target)
    return None if slots is None else -(-slots // wish.capacity)


def _line(
    hours: list[Hour], wanted: Mapping[Hour, float], wish: Wish, *, is_open: bool, people: int | None
) -> Line:
    peak = max(hours, key=lambda hour: wanted[hour])
    an_hour = wanted[peak]
    (weekday, first), (_, last) = hours[0], hours[-1]
    needed = None if people is None else reached(an_hour, people, wish)
    fewer = reached(an_hour, people - 1, wish) if people is not None and people > 1 else None
    return Line(weekday, first, last + 1, peak[1], is_open, an_hour, needed, fewer)
