# SPDX-License-Identifier: EUPL-1.2
"""Figures of one service added up over periods.

Owns the sums, and what of a distribution may be said. Everything rests on figures that have been told
(`chat/published.py`), and those are not what happened in a period: some came before it, and some of its own
are told after it. So nothing is worked out as if they were exact. A share, a rate or a time is said as far
as it holds in 95 of 100 cases, and not at all where that is too little to be of use.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import hypot, sqrt
from typing import Final

from chat.histograms import Steps
from chat.published import FEWEST_SHOWN, Figure
from web.figures.periods import Period
from web.figures.values import Counted, Rate, Share, Took

HIDDEN: Final = FEWEST_SHOWN - 1
"""What has no figure is anything up to so many; seldom more, where chance held seven back."""
OFF: Final = 10
"""A counter with figures is off by so many at most, in either direction, in 95 of 100 cases.

What is left over before a period and after it is each of 0 to 6 as often, and in one of eight cases 7 more,
and so on (`chat.published.held_back`). The difference has a deviation of 4.9. Counters err apart from each
other: of several that are added up the deviations add up as squares do."""
SURE: Final = 10
"""A share is said where it is off by so many percent of the whole at most."""
NEAR: Final = 5
"""A rate is said where it is off by one part of so many at most."""
MOST_STEPS: Final = 3
"""A time is said where it lies within so many steps."""


class Tally:
    """Keeps the figures of one service, by counter and week."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        by_name: dict[str, list[Figure]] = defaultdict(list)
        for figure in figures:
            by_name[figure.name].append(figure)
        self._figures = {
            name: sorted(several, key=lambda each: each.week.monday) for name, several in by_name.items()
        }
        # Days are compared many times as quickly as weeks, and a page compares tens of thousands.
        self._days = {name: [each.week.monday for each in several] for name, several in self._figures.items()}

    def of(self, name: str, period: Period) -> Counted | None:
        """Return what was told of a counter in a period; None where that is nothing."""
        days = self._days.get(name)
        if days is None:
            return None
        told = self._figures[name][
            bisect_left(days, period.first.monday) : bisect_right(days, period.last.monday)
        ]
        if not told:
            return None
        since = told[0].since
        return Counted(sum(each.value for each in told), since if since < period.first else None)

    def sum(self, names: Iterable[str], period: Period) -> Counted | None:
        """Return what was told of several counters together; it says that it is about so many."""
        return total(self.of(name, period) for name in names)


def total(several: Iterable[Counted | None]) -> Counted | None:
    """Add up what is shown; it says that it is about so many."""
    shown = [each for each in several if each is not None]
    if not shown:
        return None
    since = min((each.since for each in shown if each.since is not None), default=None)
    return Counted(sum(each.value for each in shown), since, about=True)


def share(parts: Sequence[Counted | None], others: Sequence[Counted | None]) -> Share | None:
    """Return which share the parts are of themselves and others: each of them one counter.

    None where it may be off by more than `SURE`. What is hidden lies where it moves it most.
    """
    part, rest = _told(parts), _told(others)
    if not part:
        return None
    most = part + HIDDEN * parts.count(None)
    high, low = most / (most + rest), part / (part + rest + HIDDEN * others.count(None))
    middle = (high + low) / 2
    spread = hypot((1 - middle) * sqrt(_shown(parts)), middle * sqrt(_shown(others)))
    off = 100 * ((high - low) / 2 + OFF * spread / (part + rest))
    return Share(round(100 * middle), about=off >= 1) if off <= SURE else None


def rate(parts: Sequence[Counted | None], wholes: Sequence[Counted | None]) -> Rate | None:
    """Return how many of the parts there are for each of the wholes: each of them one counter.

    None where it may be off by more than one part of `NEAR`.
    """
    part, whole = _told(parts), _told(wholes)
    if not part or not whole:
        return None
    hidden = HIDDEN * (parts.count(None) / part + wholes.count(None) / whole)
    off = hidden + OFF * hypot(sqrt(_shown(parts)) / part, sqrt(_shown(wholes)) / whole)
    return Rate((part * 20 + whole) // (whole * 2)) if off * NEAR <= 1 else None


def quantile(steps: Steps, counted: Sequence[Counted | None], percent: int) -> Took | None:
    """Return between which times the given percentage lies.

    None where too few stand on one of its sides, or where it may be anywhere within more than `MOST_STEPS`.
    """
    if _told(counted) * min(percent, 100 - percent) < FEWEST_SHOWN * 100:
        return None
    every = range(len(counted))
    first = next(step for step in every if _reached(counted, step, percent, early=HIDDEN, late=0, sure=-OFF))
    last = next(
        (step for step in every if _reached(counted, step, percent, early=0, late=HIDDEN, sure=OFF)),
        every[-1],
    )
    if last - first >= MOST_STEPS:
        return None
    return Took(steps.bounds(first)[0], steps.bounds(last)[1])


def _reached(
    counted: Sequence[Counted | None], step: int, percent: int, *, early: int, late: int, sure: int
) -> bool:
    """Tell whether a percentage is reached by a step.

    Where `early` are hidden in each step up to it that has no figure, and `late` in each after it; `sure`:
    by so much more for one counter's error, or less.
    """
    before, after = counted[: step + 1], counted[step + 1 :]
    so_far = _told(before) + early * before.count(None)
    to_come = _told(after) + late * after.count(None)
    spread = hypot((100 - percent) * sqrt(_shown(before)), percent * sqrt(_shown(after)))
    return (100 - percent) * so_far - percent * to_come >= sure * spread


def _told(counted: Iterable[Counted | None]) -> int:
    return sum(each.value for each in counted if each is not None)


def _shown(counted: Sequence[Counted | None]) -> int:
    return len(counted) - counted.count(None)
