# SPDX-License-Identifier: EUPL-1.2
"""The roster in words for other pages of the staff: the board's warnings, and a line at the start of a shift.

Owns how a stretch of time is said. Warnings name nobody; the line names colleagues of one's own services.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chat.hours import STOCKHOLM, local_day
from chat.ids import ServiceId
from web.accounts.account import StaffSession
from web.house import House
from web.languages import clock_time, day_and_month, in_language, isolated, listed, weekday
from web.roster.closing import is_within
from web.roster.staffing import Lack, Warned

DOMAIN: Final = "roster"
_WEEK: Final = timedelta(days=7)
_AHEAD: Final = timedelta(days=28)
"""Where nothing is planned for so long, the roster is not in use, and nobody is told to be missing on it."""


@dataclass(frozen=True, slots=True)
class WarningShown:
    """One line of the board. Also says where to mend it."""

    service: ServiceId
    urgent: bool
    """It runs, or nobody is on it."""
    text: str
    href: str
    shift: str = ""
    """The id of the shift it is about; empty for a closing."""


async def warnings_in_words(
    house: House, services: Collection[ServiceId], language: str
) -> list[WarningShown]:
    """Return where somebody is missing now or soon, and what is closed by hand."""
    now = house.clock.now()
    shown = [_closed(house, id_, language) for id_ in services if id_ in house.site.services]
    found = [
        WarningShown(
            service=each.service,
            urgent=each.lack is Lack.NOBODY or each.starts_at <= now,
            text=_warning(house, each, language),
            href=f"/staff/roster/{each.service}",
            shift=each.shift,
        )
        for each in await house.roster.warnings(services)
        if not _is_shut(house, each)
    ]
    return [each for each in shown if each is not None] + found


def _is_shut(house: House, warned: Warned) -> bool:
    """Tell whether what is left of a shift is closed by hand: then nobody is needed."""
    closings = house.site.services[warned.service].chat.hours.closings
    return any(is_within(warned.starts_at, warned.ends_at, house.clock.now(), each) for each in closings)


def closed_until(house: House, service: ServiceId) -> datetime | None:
    """Return until when a service is closed by hand now; None when it is not."""
    now = house.clock.now()
    closings = house.site.services[service].chat.hours.closings
    return next((until for since, until in closings if since <= now < until), None)


def closed_by_hand(house: House, service: ServiceId, language: str) -> str:
    """Return `Stängd för hand till 21:00`, or nothing when it is not."""
    until = closed_until(house, service)
    if until is None:
        return ""
    texts = house.languages.texts(language, DOMAIN)
    return texts.gettext("closing.until") % {"until": moment_in_words(until, house.clock.now(), language)}


def _closed(house: House, id_: ServiceId, language: str) -> WarningShown | None:
    until = closed_until(house, id_)
    if until is None:
        return None
    texts = house.languages.texts(language, DOMAIN)
    values = {
        "service": _name(house, id_, language),
        "until": moment_in_words(until, house.clock.now(), language),
    }
    return WarningShown(
        service=id_, urgent=False, text=texts.gettext("board.closed") % values, href=f"/staff/roster/{id_}"
    )


def _warning(house: House, warned: Warned, language: str) -> str:
    texts = house.languages.texts(language, DOMAIN)
    values = {
        "service": _name(house, warned.service, language),
        "when": span_in_words(warned.starts_at, warned.ends_at, house.clock.now(), language),
        "on": str(warned.on),
        "fewest": str(warned.fewest),
    }
    return texts.gettext(f"board.{warned.lack}") % values


async def about_shifts(house: House, session: StaffSession, language: str) -> list[str]:
    """Return what whoever begins a shift is told: who else is on today, and when she is on next."""
    now = house.clock.now()
    services = house.may_serve(session)
    say = house.languages.texts(language, DOMAIN).gettext
    coming = await house.roster.shifts(services, _AHEAD)
    tonight = [each for each in coming if local_day(each.starts_at) <= local_day(now)]
    others = sorted({name for each in tonight for name in each.on} - {session.account})
    mine = [each for each in await house.roster.mine(session) if each.starts_at > now and not each.cancelled]
    # That a chat is closed comes first: it is not the evening she came for.
    lines = [shut.text for id_ in services if (shut := _closed(house, id_, language)) is not None]
    if others:
        lines.append(
            say("console.tonight") % {"names": listed([isolated(name) for name in others], language)}
        )
    if mine:
        when = span_in_words(mine[0].starts_at, mine[0].ends_at, now, language)
        lines.append(say("console.next") % {"when": when, "service": _name(house, mine[0].service, language)})
    elif coming:
        lines.append(say("console.none"))
    return lines


def span_in_words(start: datetime, end: datetime, now: datetime, language: str) -> str:
    """Return `tisdag 18:00–21:00`, with the date when it is a week off or more."""
    return f"{_day(start.astimezone(STOCKHOLM), now, language)} {_times(start, end, language)}"


def dated_span(start: datetime, end: datetime, language: str) -> str:
    """Return `tisdag 24 november 18:00–21:00`: what goes into a calendar has its date."""
    day = start.astimezone(STOCKHOLM).date()
    return f"{weekday(day, language)} {day_and_month(day, language)} {_times(start, end, language)}"


def _times(start: datetime, end: datetime, language: str) -> str:
    first, last = (clock_time(each.astimezone(STOCKHOLM), language) for each in (start, end))
    return f"{first}–{last}"


def moment_in_words(moment: datetime, now: datetime, language: str) -> str:
    """Return `21:00`, with its day when that is not today."""
    local = moment.astimezone(STOCKHOLM)
    time = clock_time(local, language)
    return time if local_day(moment) == local_day(now) else f"{_day(local, now, language)} {time}"


def _day(local: datetime, now: datetime, language: str) -> str:
    day = local.date()
    if timedelta() <= day - local_day(now) < _WEEK:
        return weekday(day, language)
    return f"{weekday(day, language)} {day_and_month(day, language)}"


def _name(house: House, id_: ServiceId, language: str) -> str:
    service = house.site.services.get(id_)
    return "" if service is None else in_language(service.name, language, service.language).text
