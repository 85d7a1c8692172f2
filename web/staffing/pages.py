# SPDX-License-Identifier: EUPL-1.2
"""The pages of the staffing calculator: `/supervisor/staffing` and `/supervisor/staffing/{service}`.

Owns the addresses and what stands on the page. A form that only asks, so it is sent by GET and changes
nothing; nothing in it is about anybody.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.demand import COUNTERS, Demand, demand, period
from chat.grid import Week
from chat.hours import local_day
from chat.ids import ServiceId
from web.accounts.rights import Deed
from web.languages import in_language, long_date
from web.staff_page import AtPage, at_page, not_yours
from web.staffing.asked import BOUNDS, Asked, asked
from web.staffing.plan import Line, Wish, by_hand, from_figures, open_hours, plan
from web.staffing.words import DOMAIN, Words

_NOTES: Final = ("patience", "silent", "several", "hour", "busy", "alone")
"""What the formula leaves out."""


async def services(request: Request) -> Response:
    """Answer `GET /supervisor/staffing`: the plan of the one service there is, or a list of several."""
    at = await at_page(request, Deed.PLAN)
    if isinstance(at, Response):
        return at
    found = list(at.house.may_serve(at.session))
    if len(found) == 1:
        return await _plan_of(request, at, found[0])
    listed = [{"id": each, "name": _name(at, each), "of": at.house.name_of(each)} for each in found]
    return at.page(request, "staff/staffing_services.html", {"services": listed}, domain=DOMAIN)


async def staffing(request: Request) -> Response:
    """Answer `GET /supervisor/staffing/{service}`: the plan, and the form that asks for another.

    422 when a field holds no number within its bounds; the page then says which and shows no plan.
    """
    at = await at_page(request, Deed.PLAN)
    if isinstance(at, Response):
        return at
    service = ServiceId(request.path_params["service"])
    # A service that is unknown and one that is somebody else's look the same.
    if service not in at.house.may_serve(at.session):
        return not_yours(request, at.house, at.session, at.language)
    return await _plan_of(request, at, service)


async def _plan_of(request: Request, at: AtPage, service: ServiceId) -> Response:
    chat = at.house.site.services[service].chat
    now = at.house.clock.now()
    first, last = period(await at.house.told_until())
    told = demand(await at.house.figures.told(service, first, last, COUNTERS), first, last)
    usual = told.minutes if told is not None and told.minutes is not None else chat.mean_minutes
    form = asked(request.query_params, minutes=str(round(usual)))
    opened = open_hours(chat.hours, Week.of(local_day(now)))
    words = Words(at.house.languages, at.language)
    context = {
        "name": _name(at, service),
        "service": service,
        "path": f"/supervisor/staffing/{service}",
        "asked_language": at.language if at.query else "",
        "form": form.fields,
        "wrong": {name: _wrong(name, words) for name in form.wrong},
        "days": [_day(day, words) for day in sorted({weekday for weekday, _ in opened})],
        "by_hand": any(form.fields[f"day_{day}"] for day in range(7)),
        "several": len(at.house.may_serve(at.session)) > 1,
        "notes": [words.say(f"note.{each}") for each in _NOTES],
        "bounds": BOUNDS,
        "plan": None,
        "basis": [words.say("basis.too_little")] if told is None else [],
    }
    if not form.wrong:
        context |= _planned(form, told, opened, words, last.sunday)
    return at.page(request, "staff/staffing.html", context, domain=DOMAIN, status=422 if form.wrong else 200)


def _planned(
    form: Asked, told: Demand | None, opened: frozenset[tuple[int, int]], words: Words, until: date
) -> dict[str, Any]:
    """Return the plan in words and what it rests on; no plan where nobody has said what to plan for."""
    wish = Wish(form.target, form.number("minutes"), int(form.number("capacity")))
    if form.days:
        lines = plan(by_hand(form.days, opened), opened, wish)
        basis = [words.say("basis.by_hand")]
    elif told is not None:
        lines = plan(from_figures(told, opened), opened, wish)
        basis = _basis(told, words, until)
    else:
        return {}
    return {"plan": _shown(lines, wish, words), "basis": basis}


def _basis(told: Demand, words: Words, until: date) -> list[str]:
    said = [
        words.count("basis.weeks", told.weeks)
        + " "
        + words.say("basis.until", day=long_date(until, words.language)),
        words.say("basis.not_told"),
    ]
    return said if told.minutes is not None else [*said, words.say("basis.no_length")]


def _shown(lines: list[Line], wish: Wish, words: Words) -> dict[str, Any]:
    sentences = words.sentences(lines, wish)
    return {
        "target": words.target(wish),
        "sentences": sentences,
        "rows": [words.row(line) for line in lines],
        "within": words.number(wish.within),
        "svg": words.drawn(lines, sentences[0]),
    }


def _wrong(name: str, words: Words) -> str:
    least, most = (words.number(bound) for bound in BOUNDS[name])
    return words.say("wrong.number", least=least, most=most)


def _day(day: int, words: Words) -> dict[str, str]:
    return {"field": f"day_{day}", "name": words.day(day).capitalize()}


def _name(at: AtPage, service: ServiceId) -> str:
    known = at.house.site.services[service]
    return in_language(known.name, at.language, known.language).text


routes: Final = [
    Route("/supervisor/staffing", services, methods=["GET"]),
    Route("/supervisor/staffing/{service}", staffing, methods=["GET"]),
]
