# SPDX-License-Identifier: EUPL-1.2
"""The grid on which figures are told: whole weeks, that make up whole months, that make up whole years.

Owns `Week`, `Month` and how long an hour of the week is in one. A week begins on a Monday and belongs to the
month and the year of its Thursday (ISO 8601 says so of years). So every week lies in one month, every month
in one year, and no figure of one can be taken from a figure of another to learn of a few days between. Knows
no counter and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from chat.hours import STOCKHOLM, local_day

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week, by its Monday.

    Raises:
        ValueError: on making, when that day is no Monday.
    """

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError("a week begins on a Monday")

    @classmethod
    def of(cls, day: date) -> Week:
        """Return the week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def last_closed(cls, now: datetime) -> Week:
        """Return the last week that is over in Sweden at `now` (aware)."""
        return cls.of(local_day(now)).before

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(self.monday - _WEEK)

    @property
    def after(self) -> Week:
        """The week after."""
        return Week(self.monday + _WEEK)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def month(self) -> Month:
        """The month that it belongs to."""
        thursday = self.monday + timedelta(days=3)
        return Month(thursday.year, thursday.month)

    @property
    def year(self) -> int:
        """The year that it belongs to, as ISO 8601 says."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """Its number in that year, from 1."""
        return self.monday.isocalendar().week

    def __str__(self) -> str:
        """Return it as ISO 8601 writes it: 2026-W07."""
        return f"{self.year}-W{self.number:02}"


EARLIEST: Final = Week(date(2020, 1, 6))
"""No week before is of this program: a clock that shows one has forgotten the time."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of four or five whole weeks."""

    year: int
    number: int

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Its weeks, in order."""
        week = Week.of(date(self.year, self.number, 1))
        if week.month != self:
            week = week.after
        found = []
        while week.month == self:
            found.append(week)
            week = week.after
        return tuple(found)

    def __str__(self) -> str:
        """Return it as 2026-02."""
        return f"{self.year}-{self.number:02}"


def weeks_of_year(year: int) -> tuple[Week, ...]:
    """Return the 52 or 53 weeks of a year, in order."""
    return tuple(week for number in range(1, 13) for week in Month(year, number).weeks)


def hours_of(day: date) -> int:
    """Return how many hours a day has in Sweden: 24, or 23 and 25 when the clocks are changed."""
    begins, ends = (
        datetime.combine(each, time(), STOCKHOLM).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    return round((ends - begins) / timedelta(hours=1))


def hours_shown(week: Week) -> Iterator[tuple[int, int]]:
    """Yield `(weekday, hour)` for each hour that passes in a week: 168, or one fewer or more.

    In spring one hour of a Sunday is not there, in autumn one comes twice.
    """
    for day in (week.monday + timedelta(days=ahead) for ahead in range(7)):
        begins = datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)
        for ahead in range(hours_of(day)):
            shown = (begins + timedelta(hours=ahead)).astimezone(STOCKHOLM)
            yield day.weekday(), shown.hour
