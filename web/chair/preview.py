# SPDX-License-Identifier: EUPL-1.2
"""How something would look before it is saved: her own page with it, and the week that hours make.

Owns the one place where the chair's room knows a page of hers. What is proposed goes into that page and
nowhere else: neither the chat nor anybody who is there now hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request

from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import ServiceId
from chat.live.lobby import ServiceStatus
from chat.ports import Clock
from chat.routing import base_language
from config.site import PublicService, Site
from web.chair.weekly import openings
from web.house import House
from web.languages import clock_time, day_and_month, weekday
from web.visitor.pages import TEMPLATE, chat_context

AHEAD = timedelta(days=7)

_AS_WITH_SCRIPTS: Final = (
    ('id="plain"', 'id="plain" hidden'),
    ('id="start-bar" hidden', 'id="start-bar"'),
)
"""No script runs in the frame; what hers does first of all is done here, so that it is the page she sees."""


@dataclass(frozen=True, slots=True)
class HerPage:
    """The first page of a service, as it would be."""

    html: str
    """For a frame."""
    open_now: bool
    opens_at: datetime | None
    """While it is closed: the opening that it is shown as of; None where none is in sight."""


async def her_page(request: Request, house: House, site: Site, service: ServiceId, language: str) -> HerPage:
    """Return the first page of a service as it would be with a proposed site.

    While the chat is closed the page says when it opens and little else. What is to be read before the first
    word stands on it from the next opening on: that is how it is shown then.
    """
    shown = copy(house)
    shown.site = site
    asked = Request({**request.scope, "query_string": f"lang={language}".encode("ascii")})
    proposed, status = site.services[service], await house.chat.lobby.status(service)
    open_now, opens_at = status.open, None
    if not open_now:
        status, opens_at = _as_open(status, proposed, hours_of(house, site, service), house.clock.now())
        shown.clock = _StandsStill(opens_at or house.clock.now(), house.clock)
    context = await chat_context(asked, shown, proposed, status)
    html = bytes(shown.page(asked, TEMPLATE, context).body).decode()
    for still, begun in _AS_WITH_SCRIPTS:
        html = html.replace(still, begun)
    return HerPage(html, open_now, opens_at)


def hours_of(house: House, site: Site, service: ServiceId) -> OpeningHours:
    """Return the hours of a service in a proposed site, as narrow as shifts and closings make them now."""
    hours = site.services[service].chat.hours
    now = house.site.services.get(service)
    if now is None:
        return hours
    return replace(hours, staffed=now.chat.hours.staffed, closings=now.chat.hours.closings)


@dataclass(frozen=True, slots=True)
class _StandsStill:
    """A clock of one moment, for a page that is shown as of then."""

    moment: datetime
    clock: Clock

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)

    def trusted(self) -> bool:
        return self.clock.trusted()


def _as_open(
    status: ServiceStatus, service: PublicService, hours: OpeningHours, now: datetime
) -> tuple[ServiceStatus, datetime | None]:
    """Return how a closed service will be while it is open and answered, and when that begins."""
    opens_at = hours.opens_at(hours.closes_at(now) or now)
    status = replace(
        status,
        open=True,
        opens_at=None,
        closes_at=hours.closes_at(opens_at) if opens_at is not None else None,
        here=True,
        waiting="none",
        spoken=frozenset(map(base_language, service.languages)),
        last=False,
    )
    return status, opens_at


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of the week ahead."""

    name: str
    times: tuple[str, ...]
    """Empty: closed."""


def week_ahead(
    hours: OpeningHours, now: datetime, language: str, open_until: Callable[[str], str]
) -> list[DayShown]:
    """Return the seven days from today with the times that open on each.

    `open_until`: the words for what is open already. It did not open at this minute.
    """
    found = list(openings(hours, now, AHEAD))
    first = now.astimezone(STOCKHOLM).date()
    days = []
    for ahead in range(AHEAD.days):
        day = first + timedelta(days=ahead)
        times = tuple(
            _times(opens, closes, now, language, open_until)
            for opens, closes in found
            if opens.astimezone(STOCKHOLM).date() == day or (closes is None and opens <= now)
        )
        days.append(DayShown(f"{weekday(day, language)} {day_and_month(day, language)}", times))
    return days


def _times(
    opens: datetime, closes: datetime | None, now: datetime, language: str, open_until: Callable[[str], str]
) -> str:
    if closes is None:
        return "24/7"
    if opens <= now:
        return open_until(_time(closes, language))
    return f"{_time(opens, language)}–{_time(closes, language)}"


def _time(moment: datetime, language: str) -> str:
    return clock_time(moment.astimezone(STOCKHOLM), language)
