# SPDX-License-Identifier: EUPL-1.2
"""Shifts that come again: every Tuesday and Thursday 18 to 21 until a day, each of them one of its own.

Owns reading days and times of day, and which days a series falls on. Times are those of the wall clock in
Sweden: a shift begins and ends once, also in the nights in which the clock is changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chat.hours import Span, instant, is_day_off
from web.roster.errors import Unfit

MOST: Final = 200
"""So many shifts are made in one go."""

_TIME: Final = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS: Final = range(2000, 3000)
_WHOLE_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Series:
    """When shifts are to be. `weekdays` 0 is Monday; none of them: only on `first`."""

    first: date
    begins: int
    """Minutes from midnight."""
    ends: int
    """Minutes from midnight; not later than `begins` means on the next day."""
    weekdays: Collection[int] = ()
    last: date | None = None
    """With `weekdays` only, and they only with it: half of the two is a slip."""
    skips_red_days: bool = False


def read_day(text: str) -> date:
    """Return a day that is written as 2026-11-27.

    Raises:
        Unfit: it is none, or at an end of the calendar, where nothing can be reckoned.
    """
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise Unfit("time")
    return day


def read_time(text: str) -> int:
    """Return the minutes from midnight of a time that is written as 18:00.

    Raises:
        Unfit: it is none.
    """
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found is not None else _WHOLE_DAY + 1
    if minutes > _WHOLE_DAY:
        raise Unfit("time")
    return minutes


def spans_of(series: Series) -> list[Span]:
    """Return when each shift begins and ends, in order.

    Raises:
        Unfit: no day is left, too many are, or it is not said which weekdays until when.
    """
    spans = [span_on(day, series.begins, series.ends) for day in _days(series)]
    if not spans:
        raise Unfit("none")
    return spans


def span_on(day: date, begins: int, ends: int) -> Span:
    """Return one stretch that begins on a local day and, if it has to, ends on the next."""
    return instant(day, begins), instant(day, ends if ends > begins else ends + _WHOLE_DAY)


def _days(series: Series) -> list[date]:
    if not series.weekdays and series.last is None:
        return [series.first]
    if series.last is None:
        raise Unfit("last")
    if not series.weekdays:
        raise Unfit("weekdays")
    length = (series.last - series.first).days
    if length > 366:
        raise Unfit("far")
    every = (series.first + timedelta(days=ahead) for ahead in range(length + 1))
    days = [day for day in every if day.weekday() in series.weekdays]
    if series.skips_red_days:
        days = [day for day in days if not is_day_off(day)]
    if len(days) > MOST:
        raise Unfit("many")
    return days
