# SPDX-License-Identifier: EUPL-1.2
"""The times that statistics are shown of: whole years, months and weeks of the grid that are over.

Owns `Period` and the fixed list to choose from. There are no others: no first and last day that somebody
picks, and nothing of the week that runs. Quarters and halves of a year may not be chosen; a year is divided
into them where its months have too few. Knows no clock and no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from chat.grid import Month, Week, weeks_of_year

MONTHS_LISTED: Final = 36
WEEKS_LISTED: Final = 26
"""So many may be chosen; of what is longer ago years and months are enough."""

_KEPT: Final = 500
"""So many years, months and other parts are worked out once: every line of a trend asks for its own."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_KNOWN = _FIRST_YEAR - 2
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_PART = re.compile(r"(\d{4})-(Q[1-4]|H[12])", re.ASCII)


class Kind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"


_CHOSEN: Final = frozenset({Kind.YEAR, Kind.MONTH, Kind.WEEK})
_MONTHS_OF: Final = {Kind.HALF: 6, Kind.QUARTER: 3}
_LETTERS: Final = {Kind.HALF: "H", Kind.QUARTER: "Q"}


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a month or a week of the grid, as its whole weeks in order."""

    kind: Kind
    weeks: tuple[Week, ...]

    @property
    def first(self) -> Week:
        """Its first week."""
        return self.weeks[0]

    @property
    def last(self) -> Week:
        """Its last week."""
        return self.weeks[-1]

    @property
    def before(self) -> Period:
        """The one before, as long as this one."""
        week = self.first.before
        match self.kind:
            case Kind.YEAR:
                return year(week.year)
            case Kind.HALF | Kind.QUARTER:
                return part(self.kind, week.year, (week.month.number - 1) // _MONTHS_OF[self.kind])
            case Kind.MONTH:
                return month(week.month)
            case Kind.WEEK:
                return of_week(week)

    def __str__(self) -> str:
        """Return its name in addresses and exports: 2026, 2026-03 or 2026-W12; 2026-H1 and 2026-Q2."""
        match self.kind:
            case Kind.YEAR:
                return str(self.first.year)
            case Kind.HALF | Kind.QUARTER:
                number = (self.first.month.number - 1) // _MONTHS_OF[self.kind] + 1
                return f"{self.first.year}-{_LETTERS[self.kind]}{number}"
            case Kind.MONTH:
                return str(self.first.month)
            case Kind.WEEK:
                return str(self.first)


@lru_cache(maxsize=_KEPT)
def year(number: int) -> Period:
    """Return a year of 52 or 53 weeks."""
    return Period(Kind.YEAR, weeks_of_year(number))


@lru_cache(maxsize=_KEPT)
def part(kind: Kind, number: int, which: int) -> Period:
    """Return a half or a quarter of a year, its months' weeks together; the first is 0."""
    size = _MONTHS_OF[kind]
    months = (Month(number, which * size + each) for each in range(1, size + 1))
    return Period(kind, tuple(week for each in months for week in each.weeks))


@lru_cache(maxsize=_KEPT)
def month(of: Month) -> Period:
    """Return a month of four or five weeks."""
    return Period(Kind.MONTH, of.weeks)


def of_week(week: Week) -> Period:
    """Return a week as a period."""
    return Period(Kind.WEEK, (week,))


def read(name: str) -> Period | None:
    """Return the period of a name that may be asked for; None for what names none."""
    found = named(name)
    may_be = found is not None and found.kind in _CHOSEN and found.first.year >= _FIRST_YEAR
    return found if may_be else None


def named(name: str) -> Period | None:
    """Return the period of a name, also before the first that may be asked for: a trend goes further back."""
    if found := _YEAR.fullmatch(name):
        number = int(found[1])
        return year(number) if _KNOWN <= number <= _LAST_YEAR else None
    if found := _MONTH.fullmatch(name):
        number, of = int(found[1]), int(found[2])
        known = _KNOWN <= number <= _LAST_YEAR and 1 <= of <= 12
        return month(Month(number, of)) if known else None
    if found := _PART.fullmatch(name):
        kind = Kind.HALF if found[2][0] == "H" else Kind.QUARTER
        known = _KNOWN <= int(found[1]) <= _LAST_YEAR
        return part(kind, int(found[1]), int(found[2][1]) - 1) if known else None
    if found := _WEEK.fullmatch(name):
        number, of = int(found[1]), int(found[2])
        if not (_KNOWN <= number <= _LAST_YEAR and 1 <= of <= len(weeks_of_year(number))):
            return None
        return of_week(Week(date.fromisocalendar(number, of, 1)))
    return None


def read_year(name: str) -> Period | None:
    """Return the year of a name; None for what names none, however long it is."""
    found = read(name)
    return found if found is not None and found.kind is Kind.YEAR else None


def is_over(period: Period, last_closed: Week) -> bool:
    """Tell whether all of a period is over and closed: what is told of it never changes."""
    return period.last <= last_closed


def listed(first: Week, last_closed: Week) -> dict[Kind, tuple[Period, ...]]:
    """Return what may be chosen, the newest first: what is over and not all before `first`."""
    years = [year(number) for number in range(last_closed.year, first.year - 1, -1)]
    months, weeks = [month(last_closed.month)], [of_week(last_closed)]
    while len(months) <= MONTHS_LISTED and months[-1].first > first:
        months.append(months[-1].before)
    while len(weeks) < WEEKS_LISTED and weeks[-1].first > first:
        weeks.append(weeks[-1].before)
    found = {Kind.YEAR: years, Kind.MONTH: months, Kind.WEEK: weeks}
    return {
        kind: tuple(each for each in several if is_over(each, last_closed)) for kind, several in found.items()
    }


def trend_of(period: Period) -> tuple[Period, ...]:
    """Return the shorter periods that show how it has been going, the oldest first.

    For a year its months and those of the year before; for a month the thirteen up to it, so that last year's
    is there; for a week the thirteen up to it.
    """
    if period.kind is Kind.YEAR:
        number = period.first.year
        return tuple(month(Month(each, of)) for each in (number - 1, number) for of in range(1, 13))
    found = [period]
    while len(found) < 13:
        found.append(found[-1].before)
    return tuple(reversed(found))


def parts_of(period: Period) -> tuple[tuple[Period, ...], ...]:
    """Return what a year and the one before it may be divided into, the shortest parts first.

    Months, quarters, halves, and the two years; nothing of a period that is no year.
    """
    if period.kind is not Kind.YEAR:
        return ()
    last = period.first.year
    quarters = tuple(part(Kind.QUARTER, each, of) for each in (last - 1, last) for of in range(4))
    halves = tuple(part(Kind.HALF, each, of) for each in (last - 1, last) for of in range(2))
    return trend_of(period), quarters, halves, (period.before, period)
