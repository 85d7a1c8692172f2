# SPDX-License-Identifier: EUPL-1.2
"""How much is asked of a service in each hour of the week, from figures that have been told.

Owns how figures become a demand. It is worked out from published figures alone, so nothing that is shown of
it says more than the statistics do. Knows no store and no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chat.grid import Month, Week
from chat.histograms import LASTED, wanted
from chat.published import FEWEST_SHOWN, Figure

MONTHS: Final = 12
"""How far back is looked: a whole year, so that no season weighs more than another."""

FEWEST_LENGTHS: Final = 4 * FEWEST_SHOWN
"""With fewer lengths told, their mean says too little."""

NOT_TOLD: Final = FEWEST_SHOWN - 1
"""What an hour may have beside what is told of it: it is reckoned as if it had. Rather one too many."""

_LONGEST_MINUTES: Final = 240
"""What is taken for the end of the last step of the lengths, which has none."""

Hour = tuple[int, int]
"""A weekday (0 is Monday) and an hour of the clock."""

HOURS: Final[tuple[Hour, ...]] = tuple((weekday, hour) for weekday in range(7) for hour in range(24))

COUNTERS: Final = frozenset({*(wanted(*each) for each in HOURS), *LASTED.counters})
"""What is looked at."""


@dataclass(frozen=True, slots=True)
class Demand:
    """How many want to chat, in `weeks` that are over."""

    weeks: int
    told: Mapping[Hour, int]
    """Of each hour, in all these weeks; an hour of which nothing is told is left out."""
    minutes: float | None
    """How long a conversation takes in the mean; None where too little is told."""

    def an_hour(self, hour: Hour) -> float:
        """Return how many come in such an hour at most: what is told, and what may be left over."""
        return (self.told.get(hour, 0) + NOT_TOLD) / self.weeks


def period(last: Week) -> tuple[Week, Week]:
    """Return the first and the last week of the months to look at, when `last` is the last closed week.

    Only whole months: hours of the week are gathered with the last week of theirs.
    """
    month = last.month
    if month.weeks[-1] != last:
        month = _before(month, 1)
    return _before(month, MONTHS - 1).weeks[0], month.weeks[-1]


def demand(figures: Iterable[Figure], first: Week, last: Week) -> Demand | None:
    """Return the demand of one service from what was told of it in the weeks of a `period`.

    None where no hour is told of. A service that is younger is looked at from its first week on.
    """
    figures = list(figures)
    sums: Counter[str] = Counter()
    for figure in figures:
        sums[figure.name] += figure.value
    told = {each: sums[wanted(*each)] for each in HOURS if sums[wanted(*each)]}
    if not told:
        return None
    began = max(first, min(figure.since for figure in figures))
    weeks = (last.monday - began.monday).days // 7 + 1
    return Demand(weeks, told, _minutes(sums))


def _minutes(sums: Mapping[str, int]) -> float | None:
    """Return the mean of the lengths, each taken for the middle of its step."""
    counts = [sums[name] for name in LASTED.counters]
    if sum(counts) < FEWEST_LENGTHS:
        return None
    middles = []
    for step in range(len(counts)):
        low, high = LASTED.bounds(step)
        middles.append((low + (60 * _LONGEST_MINUTES if high is None else high)) / 120)
    whole = sum(count * middle for count, middle in zip(counts, middles, strict=True))
    return whole / sum(counts)


def _before(month: Month, ago: int) -> Month:
    number = month.year * 12 + month.number - 1 - ago
    return Month(number // 12, number % 12 + 1)
