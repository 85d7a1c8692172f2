# SPDX-License-Identifier: EUPL-1.2
"""What the forms of the roster carry, as values: a change of one shift, new shifts, a closing.

Owns the names of the fields. Decides nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chat.hours import STOCKHOLM, Span, instant, local_day
from config.site import PublicService
from web.accounts.account import sign_in_name
from web.accounts.errors import NameUnfit
from web.roster.errors import CannotServe, Unfit
from web.roster.series import Series, read_day, read_time, span_on, spans_of
from web.roster.shift import Cancel, Change, Leave, Offer, Plan, Remove, Restore, Take, TakeOver

DONE: Final = frozenset(
    {
        "take",
        "leave",
        "offer",
        "keep",
        "take_over",
        "put",
        "remove",
        "cancel",
        "restore",
        "save",
        "make",
        "withdraw",
        "close",
        "reopen",
    }
)
"""What a form may ask for in its field `do`, and what is told when it is done."""


@dataclass(frozen=True, slots=True)
class New:
    """New shifts."""

    spans: list[Span]
    wanted: int
    fewest: int


def change_of(fields: Mapping[str, str], own: str) -> Change | None:
    """Return the change of one shift that a form asks for; None where it asks for none. `own`: who asks.

    Raises:
        Unfit, CannotServe: what is written cannot be read.
    """
    match fields.get("do", ""):
        case "take":
            return Take(own)
        case "leave":
            return Leave(own)
        case "offer" | "keep":
            return Offer(own, offered=fields["do"] == "offer")
        case "take_over":
            return TakeOver(own, fields.get("whose", ""))
        case "put":
            return Take(_name(fields), planned=True)
        case "remove":
            return Remove(_name(fields))
        case "cancel":
            return Cancel()
        case "restore":
            return Restore()
        case "save":
            start, end = span_on(
                read_day(fields.get("day", "")),
                read_time(fields.get("begins", "")),
                read_time(fields.get("ends", "")),
            )
            return Plan(start, end, *_numbers(fields))
        case _:
            return None


def new_of(fields: Mapping[str, str]) -> New:
    """Return the new shifts that a form asks for.

    Raises:
        Unfit: what is written cannot be read.
    """
    weekdays = [day for day in range(7) if fields.get(f"weekday.{day}")]
    until = fields.get("until", "").strip()
    series = Series(
        first=read_day(fields.get("day", "")),
        begins=read_time(fields.get("begins", "")),
        ends=read_time(fields.get("ends", "")),
        weekdays=weekdays,
        last=read_day(until) if until else None,
        skips_red_days=bool(fields.get("skips_red_days")),
    )
    return New(spans_of(series), *_numbers(fields))


def until_of(fields: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when a service is to be closed: the next moment at which a clock shows what is typed.

    None where nothing is typed: until the end of the opening. There is no other field to choose by, so a time
    that is typed always counts.

    Raises:
        Unfit: it cannot be read.
    """
    typed = fields.get("time", "").strip()
    if not typed:
        return None
    try:
        minutes = read_time(typed)
    except Unfit:
        raise Unfit("clock") from None
    today = local_day(now)
    found = instant(today, minutes)
    return found if found > now else instant(today + timedelta(days=1), minutes)


def words_of(fields: Mapping[str, str], service: PublicService) -> dict[str, str]:
    """Return what visitors are to be told, in the languages of the service."""
    return {
        code: fields.get(f"words.{code}", "")
        for code in dict.fromkeys((service.language, *service.languages))
    }


def meant_by(fields: Mapping[str, str]) -> str:
    """Return what a form that closes says, as one line: whoever is asked about it says yes to just that."""
    meant = [fields.get("time", ""), *(fields[key] for key in sorted(fields) if key.startswith("words."))]
    return " ".join(" | ".join(meant).split())


def monday_of(text: str | None, now: datetime) -> date:
    """Return the Monday of the week that an address asks for, or of this week."""
    try:
        day = read_day(text or "")
    except Unfit:
        day = local_day(now)
    if not abs(day - local_day(now)) <= timedelta(days=400):
        day = local_day(now)
    return day - timedelta(days=day.weekday())


def clock_of(moment: datetime) -> str:
    """Return `18:00`, as a field for a time of day wants it."""
    return moment.astimezone(STOCKHOLM).strftime("%H:%M")


def _numbers(fields: Mapping[str, str]) -> tuple[int, int]:
    found = [fields.get(name, "").strip() for name in ("wanted", "fewest")]
    if not all(each.isascii() and each.isdecimal() and len(each) < 4 for each in found):
        raise Unfit("number")
    return int(found[0]), int(found[1])


def _name(fields: Mapping[str, str]) -> str:
    try:
        return sign_in_name(fields.get("who", ""))
    except NameUnfit:
        raise CannotServe from None
