# SPDX-License-Identifier: EUPL-1.2
"""The books of one service over some weeks: what was counted, what was told of it, and what is shown then.

Owns conversations of several kinds, so that counters hang together as they do in truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import FEWEST_SHOWN, Figure, Gathered, close

SERVICE: Final = ServiceId("linden")
WEEKS: Final = 7
"""From the end of one year far enough into the next for a month to begin in each."""
ALL_WEEKS: Final = [Week(date.fromordinal(date(2025, 12, 15).toordinal() + 7 * n)) for n in range(WEEKS)]

KINDS: Final = [
    ("started", "abandoned"),
    ("refused_closed",),
    ("started", "answered", "waited_00", "ended", "lasted_04", "told_channel_chat", "told_age_untold"),
    ("started", "answered", "waited_00", "ended", "lasted_05", "told_channel_chat", "told_age_18_25"),
    ("started", "answered", "waited_04", "ended", "lasted_05", "unsafe_threat"),
    ("told_channel_phone", "told_age_18_25"),
]
"""What one person adds to the counters."""
_PER_WEEK: Final = (0, 0, 1, 2, 3, 5, 8, 20, 60)

_TIMES: Final = {
    week: (
        str(week),
        str(week.month),
        str(week.year),
        *(f"until {later}" for later in ALL_WEEKS if later >= week),
    )
    for week in ALL_WEEKS
}
"""To which sums a figure of a week is added."""

Held = Callable[[str], int]


@dataclass(eq=False)
class Books:
    """What was told of some weeks, and what is left."""

    told: list[Figure] = field(default_factory=list)
    left: dict[str, Gathered] = field(default_factory=dict)

    @classmethod
    def of(cls, weeks: Sequence[Counter[str]], held: Held) -> Books:
        """Close weeks in order."""
        books = cls()
        for week, counted in zip(ALL_WEEKS, weeks, strict=False):
            books.close(week, counted, held)
        return books

    def close(self, week: Week, counted: Counter[str], held: Held) -> None:
        """Close one more week."""
        told, self.left = close(SERVICE, week, ALL_WEEKS[0], self.left, counted, held)
        self.told += told


def nothing_held(_: str) -> int:
    """The chance that holds nothing back."""
    return 0


def some_weeks(random: Random) -> list[Counter[str]]:
    """Return what is counted in some weeks, in a service of any size."""
    weeks: list[Counter[str]] = [Counter() for _ in ALL_WEEKS]
    for counted in weeks:
        for kind in random.sample(KINDS, random.randrange(1, 5)):
            people = random.choice(_PER_WEEK)
            counted.update(dict.fromkeys(kind, people))
    return weeks


def same_figures(weeks: Sequence[Counter[str]], figures: Sequence[Figure]) -> bool:
    """Tell whether chance may have told exactly these figures of these weeks."""
    books = Books()
    for week, counted in zip(ALL_WEEKS, weeks, strict=False):
        told = {each.name: each.value // FEWEST_SHOWN for each in figures if each.week == week}
        have = {
            name: (books.left.get(name, Gathered(week, 0)).value + counted[name]) // FEWEST_SHOWN
            for name in {*books.left, *counted}
        }
        if any(have[name] < told.get(name, 0) for name in have):
            return False
        books.close(week, counted, lambda name, have=have, told=told: have[name] - told.get(name, 0))  # type: ignore[misc]  # bound now
    return books.told == list(figures)


def sums_shown(figures: Sequence[Figure]) -> Counter[tuple[str, str]]:
    """Return every sum that some page or file ever shows, by counter and time.

    By week, month and year, which are shown when they are over and do not change then; and of all that was
    told, as it is after each week.
    """
    shown: Counter[tuple[str, str]] = Counter()
    for each in figures:
        for time in _TIMES[each.week]:
            shown[each.name, time] += each.value
    return shown
