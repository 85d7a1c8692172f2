# SPDX-License-Identifier: EUPL-1.2
"""What of the counters is told: figures that nobody can be found in.

Owns the rule. Counters are gathered over whole weeks (`chat/grid.py`). When a week is over, a counter is told
in whole sevens (`FEWEST_SHOWN`), as a figure of that week. What is left over goes on to the next week, and
now and then one seven more does, by chance (`held_back`). A small service gets longer times instead of
smaller numbers. Whatever a page shows is worked out from these figures alone.

What follows from it; `docs/decisions/0015-figures-that-hide-everybody.md` says how it is shown:

- Every figure, and every sum and difference of figures of whatever weeks, counters and services, is a
  multiple of seven. None is the number of one to six people.
- There may always have been one more. To whatever happened, one conversation of any kind can be added in any
  week since the service opened, and the same figures may be told. So no number that is hidden is ever
  certain, not even that it is nothing, whatever counters are sums of others. To tell all that is gathered as
  soon as it is five does not do that: of 20 that are answered, 9 and 9 waited for one time and another, so 2
  waited for a third.
- A figure that is told never changes, and nobody is in two figures of one counter.

What remains: likely numbers, above all in large figures; and whoever knows all others of a figure learns
from it whether there was one more.

Knows no store and no clock, and is given its chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from chat import statistics
from chat.grid import Week
from chat.histograms import WANTED
from chat.ids import ServiceId

FEWEST_SHOWN: Final = 7
"""No figure is smaller, and each is a multiple of it.

Seven and not five, which would do as a size: of a whole with n parts, told without chance, the leftovers are
known when all of the parts have as much left as can be, and the whole has nothing. That needs an n that is a
multiple of this number; vocabularies and steps are 5, 6 or 10."""

_HELD_BACK: Final = 32
"""Of 256: how often one seven more is held back. One in eight hides extremes and leaves figures fresh."""

TOLD: Final = frozenset(statistics.TOLD)
"""The counters that may be told. What others have counted when a week is over is deleted with it."""


class Figure(Struct, frozen=True):
    """One figure that is told: `value`, a multiple of `FEWEST_SHOWN`, gathered from `since` to `week`.

    Some may be left over from the weeks before, and some of these weeks are left for a figure to come.
    """

    service: ServiceId
    name: str
    """The counter's."""
    since: Week
    """The week after that of its last figure; before there is one, the first that the service closed."""
    week: Week
    """The week in which it was told, and to which pages add it."""
    value: int


class Gathered(Struct, frozen=True):
    """What of one counter is not told yet. Goes out nowhere."""

    since: Week
    """As `Figure.since` of the figure that it will be part of."""
    value: int


def closes_with(name: str, day: date) -> Week:
    """Return the week at whose end what a counter has for `day` is gathered.

    That is the day's own week. The counters of the hours of the week stand under the first Monday of their
    month, and are gathered with its last week.
    """
    week = Week.of(day)
    return week.month.weeks[-1] if name.startswith(f"{WANTED}_") else week


def held_back(byte: Callable[[], int]) -> int:
    """Return how many sevens are held back of one counter in one week: mostly none, in one of 8 at least one.

    Any number may be. `byte` returns another number of chance from 0 to 255 each time.
    """
    held = 0
    while byte() < _HELD_BACK:
        held += 1
    return held


def close(  # noqa: PLR0917 - each is one fact about the week
    service: ServiceId,
    week: Week,
    opened: Week,
    gathered: Mapping[str, Gathered],
    counted: Mapping[str, int],
    held: Callable[[str], int],
) -> tuple[tuple[Figure, ...], dict[str, Gathered]]:
    """Close one week of one service: return what is told of it, and what is gathered from now on.

    `opened`: the first week that the service closed. `gathered`: what is not told of earlier weeks, by
    counter. `counted`: what is to be gathered with this week, by counter; none is negative. `held`: how many
    sevens of a counter are held back, as `held_back` says; asked once of each that has any.
    """
    told: list[Figure] = []
    left = dict(gathered)
    for name in sorted(TOLD.intersection({*counted, *gathered})):
        so_far = left.get(name, Gathered(opened, 0))
        value = so_far.value + counted.get(name, 0)
        sevens = value // FEWEST_SHOWN
        told_now = FEWEST_SHOWN * max(0, sevens - held(name)) if sevens else 0
        if told_now:
            told.append(Figure(service, name, so_far.since, week, told_now))
        left[name] = Gathered(week.after if told_now else so_far.since, value - told_now)
    return tuple(told), left


def told_of(counts: Iterable[int]) -> int:
    """Return what may be told of something that is counted elsewhere: the whole sevens of it.

    `counts`: of closed weeks only, always from the same day on, so that what was told never grows smaller.
    """
    whole = sum(counts)
    return whole - whole % FEWEST_SHOWN
