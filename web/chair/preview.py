# SPDX-License-Identifier: EUPL-1.2
"""How something would look before it is saved: her own page with it, and the week that hours make.

Owns the one place where the chair's room knows a page of hers. What is proposed goes into that page and
nowhere else: neither the chat nor anybody who is there now hears of it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request

from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import ServiceId
from config.site import Site
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


async def her_page(request: Request, house: House, site: Site, service: ServiceId, language: str) -> str:
    """Return the first page of a service as it would be with a proposed site: HTML for a frame."""
    shown = copy(house)
    shown.site = site
    asked = Request({**request.scope, "query_string": f"lang={language}".encode("ascii")})
    context = await chat_context(asked, shown, site.services[service])
    html = bytes(shown.page(asked, TEMPLATE, context).body).decode()
    for still, begun in _AS_WITH_SCRIPTS:
        html = html.replace(still, begun)
    return html


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of the week ahead."""

    name: str
    times: tuple[str, ...]
    """Empty: closed."""


def week_ahead(hours: OpeningHours, now: datetime, language: str) -> list[DayShown]:
    """Return the seven days from today with the times that open on each."""
    found = list(openings(hours, now, AHEAD))
    first = now.astimezone(STOCKHOLM).date()
    days = []
    for ahead in range(AHEAD.days):
        day = first + timedelta(days=ahead)
        times = tuple(
            f"{_time(opens, language)}–{_time(closes, language)}" if closes else "24/7"
            for opens, closes in found
            if opens.astimezone(STOCKHOLM).date() == day or (closes is None and opens <= now)
        )
        days.append(DayShown(f"{weekday(day, language)} {day_and_month(day, language)}", times))
    return days


def _time(moment: datetime, language: str) -> str:
    return clock_time(moment.astimezone(STOCKHOLM), language)
