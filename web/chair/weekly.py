# SPDX-License-Identifier: EUPL-1.2
"""Opening hours as rows of weekdays, from and until, and as the expression that the site file has.

Owns the way there and back. An expression that rows cannot show stays an expression. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from chat.hours import OpeningHours

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MOST_SPANS: Final = 2
"""Openings of one day that rows have room for."""

Span = tuple[str, str]
"""From and until, as HH:MM on the wall; an end at or before the beginning is on the next day."""

_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00")
_RULE = re.compile(
    r"(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*) (?P<times>off|[0-9:,-]+)"
)
_ALWAYS: Final = "24/7"
_RED: Final = "PH off"


@dataclass(frozen=True, slots=True)
class Week:
    """When a service is open in a usual week."""

    days: tuple[tuple[Span, ...], ...] = ((),) * 7
    """Monday first."""
    always: bool = False
    """Day and night."""
    red_days_closed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it is never open."""
        return not self.always and not any(self.days)


def expression_of(week: Week) -> str:
    """Return the expression of a week that is not empty."""
    rules = [_ALWAYS] if week.always else list(_rules(week))
    return "; ".join([*rules, *([_RED] if week.red_days_closed else [])])


def week_of(expression: str) -> Week | None:
    """Return the rows of an expression; None where rows could not show all of it."""
    rules = [" ".join(rule.split()) for rule in expression.split(";")]
    red = rules[-1] == _RED
    if red:
        rules.pop()
    if rules == [_ALWAYS]:
        return Week(always=True, red_days_closed=red)
    days: list[tuple[Span, ...]] = [()] * 7
    for rule in rules:
        found = _RULE.fullmatch(rule)
        spans = _spans(found["times"]) if found else None
        if found is None or spans is None or len(spans) > MOST_SPANS:
            return None
        for index in _indexes(found["days"]):
            days[index] = spans
    week = Week(tuple(days), red_days_closed=red)
    return None if week.is_empty else week


def openings(
    hours: OpeningHours, now: datetime, ahead: timedelta
) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield when it opens and closes (UTC) within the time ahead; None: it does not close for a year."""
    moment = now
    while True:
        opens = moment if hours.is_open(moment) else hours.opens_at(moment)
        if opens is None or opens >= now + ahead:
            return
        closes = hours.closes_at(opens)
        yield opens, closes
        if closes is None:
            return
        moment = closes


def _rules(week: Week) -> Iterator[str]:
    for spans, indexes in groupby(range(7), key=lambda index: week.days[index]):
        if not spans:
            continue
        first, *_, last = [*indexes] * 2
        named = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
        yield f"{named} {','.join('-'.join(span) for span in spans)}"


def _spans(times: str) -> tuple[Span, ...] | None:
    if times == "off":
        return ()
    spans = []
    for each in times.split(","):
        start, dash, end = each.partition("-")
        if not dash or not _TIME.fullmatch(start) or not _TIME.fullmatch(end) or start == "24:00":
            return None
        spans.append((start.zfill(5), "00:00" if end == "24:00" else end.zfill(5)))
    return tuple(spans)


def _indexes(days: str) -> Iterator[int]:
    for each in days.split(","):
        first, _, last = each.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from (index % 7 for index in range(start, end + 1 if end >= start else end + 8))
