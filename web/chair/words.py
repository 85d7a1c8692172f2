# SPDX-License-Identifier: EUPL-1.2
"""How the chair's pages speak of days, hours and languages.

Owns the catalogue's name. Knows no form.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Final

from web.chair.weekly import DAYS, week_of
from web.languages import direction, language_name, tag, weekday
from web.staff_page import AtPage

DOMAIN: Final = "chair"

_A_MONDAY: Final = date(2026, 1, 5)


def say(at: AtPage, key: str, **values: str | int) -> str:
    """Return a text of the room's catalogue."""
    return at.say(DOMAIN, key, **values)


def hours_words(at: AtPage, expression: str) -> str:
    """Return hours in words (`måndag–torsdag 18:00–21:00`), or the expression where there are none for it."""
    week = week_of(expression) if expression else None
    if week is None:
        return expression
    names = days_of(at)
    parts = [say(at, "hours.always")] if week.always else []
    for spans, group in groupby(range(7), key=lambda index: week.days[index]):
        days = list(group)
        if spans and not week.always:
            named = names[days[0]][1] if len(days) == 1 else f"{names[days[0]][1]}–{names[days[-1]][1]}"
            parts.append(f"{named} {', '.join(f'{start}–{end}' for start, end in spans)}")
    return "; ".join([*parts, *([say(at, "hours.red_closed")] if week.red_days_closed else [])])


def days_of(at: AtPage) -> list[tuple[str, str]]:
    """Return the weekdays, as the fields have them and as people say them."""
    monday = _A_MONDAY.toordinal()
    return [(day, weekday(date.fromordinal(monday + at_), at.language)) for at_, day in enumerate(DAYS)]


def language_of(at: AtPage, code: str) -> dict[str, str]:
    """Return a language as a page shows its texts: code, name, tag and direction."""
    name = language_name(code, at.language)
    return {
        "code": code,
        "name": say(at, "language.easy", language=name) if code.endswith("-easy") else name,
        "tag": tag(code),
        "direction": direction(code),
    }
