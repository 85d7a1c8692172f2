# SPDX-License-Identifier: EUPL-1.2
"""Figures of one service added up over periods.

Owns the sums, and what of a distribution may be said. Everything rests on figures that have been told
(`chat/published.py`). What is hidden is never taken for nought: where it could change an answer, none
is given.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from chat.histograms import Steps
from chat.published import FEWEST_SHOWN, Figure
from web.figures.periods import Period
from web.figures.values import Counted, Rate, Share, Took

HIDDEN: Final = FEWEST_SHOWN - 1
"""So many at most are usually left over in one counter."""
SHARE_OF: Final = 5 * FEWEST_SHOWN
RATE_OF: Final = 3 * FEWEST_SHOWN
"""Of fewer no share or rate is said: figures are whole sevens, so it would be far off."""
UNSURE: Final = 10
"""Nor a share that what is hidden could change by more than so many percent."""


class Tally:
    """Keeps the figures of one service, by counter and week."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        by_name: dict[str, list[Figure]] = defaultdict(list)
        for figure in figures:
            by_name[figure.name].append(figure)
        self._figures = {
            name: sorted(several, key=lambda each: each.week) for name, several in by_name.items()
        }
        self._weeks = {name: [each.week for each in several] for name, several in self._figures.items()}

    def of(self, name: str, period: Period) -> Counted | None:
        """Return what was told of a counter in a period; None where that is nothing."""
        weeks = self._weeks.get(name, [])
        told = self._figures.get(name, [])[
            bisect_left(weeks, period.first) : bisect_right(weeks, period.last)
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


def share(part: Counted | None, others: Sequence[Counted | None]) -> Share | None:
    """Return which share `part` is of itself and others.

    None where too few are told, or where what is hidden among the others could make much of a difference;
    where it makes a little, the share lies in the middle and says so.
    """
    if part is None:
        return None
    told = part.value + sum(each.value for each in others if each is not None)
    most = told + HIDDEN * list(others).count(None)
    if told < SHARE_OF or (part.value * 100 // told) - (part.value * 100 // most) > UNSURE:
        return None
    return Share(round(50 * part.value / told + 50 * part.value / most), about=None in others)


def rate(part: Counted | None, whole: Counted | None) -> Rate | None:
    """Return how many of `part` there are for each of `whole`; None where that would be of very few."""
    if part is None or whole is None or whole.value < RATE_OF:
        return None
    return Rate((part.value * 20 + whole.value) // (whole.value * 2))


def quantile(steps: Steps, counted: Sequence[Counted | None], percent: int) -> Took | None:
    """Return between which times the given percentage lies, the same whatever hidden steps hold.

    None where too few stand on one of its sides, or where it may be anywhere within more than two steps.
    """
    values = [0 if each is None else each.value for each in counted]
    if sum(values) * min(percent, 100 - percent) < FEWEST_SHOWN * 100:
        return None
    first, last = _earliest(counted, percent), _latest(counted, percent)
    if last - first > 1:
        return None
    return Took(steps.bounds(first)[0], steps.bounds(last)[1])


def _earliest(counted: Sequence[Counted | None], percent: int) -> int:
    """Return the first step by which the percentage may be reached: all that is hidden lies early."""
    shown = [0 if each is None else each.value for each in counted]
    for step in range(len(counted)):
        early = sum(shown[: step + 1]) + HIDDEN * counted[: step + 1].count(None)
        if early * 100 >= (early + sum(shown[step + 1 :])) * percent:
            return step
    raise AssertionError("something is counted")


def _latest(counted: Sequence[Counted | None], percent: int) -> int:
    """Return the last step by which it may not be reached before: all that is hidden lies late."""
    shown = [0 if each is None else each.value for each in counted]
    for step in range(len(counted) - 1, 0, -1):
        early = sum(shown[:step])
        late = sum(shown[step:]) + HIDDEN * counted[step:].count(None)
        if early * 100 < (early + late) * percent:
            return step
    return 0
