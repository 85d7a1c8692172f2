# SPDX-License-Identifier: EUPL-1.2
"""The pages of the statistics: `/supervisor/statistics`, the same as CSV and JSON, and the yearly report.

Owns the addresses. Page and files say the same: they are made of one report in words.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.ids import ServiceId
from web.accounts.rights import Deed
from web.attachment import CSV, JSON, attached
from web.figures import seen, yearly
from web.figures.asked import TOGETHER, Asked, Whose, asked, goals_of, made, of_service
from web.figures.export import as_csv, as_json
from web.figures.periods import Kind, Period, is_over, read_year
from web.figures.values import Report
from web.figures.wording import DOMAIN, SaidReport, Words
from web.house import House
from web.staff_page import at_page, not_yours

_TILES: Final = (
    ("demand", "demand"),
    ("demand", "answered"),
    ("demand", "share"),
    ("waits", "p50"),
    ("waits", "p90"),
    ("lengths", "p50"),
    ("demand", "per_shift"),
)
"""What stands first and large, by section and row."""
_BESIDE_PLOTS: Final = ("demand", "trend", "shares", "waits", "lengths", "hours")
"""Sections that have a place of their own on the page; all others follow in order."""
_NOTES: Final = ("dash", "sevens", "about", "since", "grid", "running", "nobody")


async def statistics(request: Request) -> Response:
    """Answer `GET /supervisor/statistics`: one service, or all of one's own.

    With a period that is not on the list: another one, a sentence that says so, and 404.
    """
    wanted = await asked(request)
    if isinstance(wanted, Response):
        return wanted
    report = await made(wanted)
    words = wanted.words
    said = words.report(report)
    context = {
        **_form(wanted, words),
        **_around(wanted.at.house.demo, words),
        "said": said,
        "known": wanted.known,
        "shown": {section.id: section for section in said.sections},
        "csv": wanted.link("/supervisor/statistics.csv"),
        "json": wanted.link("/supervisor/statistics.json"),
        "day": words.day_of,
        **(_of_one(report, said, words) if report.service else _of_all(report, said, words)),
    }
    status = 200 if wanted.known else 404
    return wanted.at.page(request, "staff/figures.html", context, domain=DOMAIN, status=status)


async def as_file(request: Request) -> Response:
    """Answer `GET /supervisor/statistics.csv` and `.json`: the same, or 404 where there is no such period."""
    wanted = await asked(request)
    if isinstance(wanted, Response):
        return wanted
    if not wanted.known:
        return Response(status_code=404)
    words = wanted.words
    said = words.report(await made(wanted))
    notes = notes_of(wanted.at.house.demo, words)
    kind = request.url.path.rpartition(".")[2]
    whose = wanted.whose.service or wanted.whose.organisation or "all"
    name = f"figures-{whose}-{wanted.period}.{kind}"
    if kind == "json":
        return attached(as_json(said, notes), JSON, name)
    head = [
        words.say(f"csv.{each}") for each in ("section", "row", "column", "how", "value", "unit", "since")
    ]
    about = [[said.name, said.period, said.dates], *([note] for note in notes)]
    return attached(as_csv(head, about, said.sections), CSV, name)


async def year_page(request: Request) -> Response:
    """Answer `GET /supervisor/statistics/year/{year}`: a printable page of one service or all of one's own.

    Of many services, those of one organisation at a time; of one that has many, a list to choose from.
    A year that is not over is answered like a page that is somebody else's.
    """
    at = await at_page(request, Deed.SEE_FIGURES)
    if isinstance(at, Response):
        return at
    whose = Whose.of(at, request)
    if isinstance(whose, Response):
        return whose
    period = read_year(request.path_params["year"])
    if period is None or not is_over(period, await at.house.told_until()):
        return not_yours(request, at.house, at.session, at.language)
    words = Words(at.house, at.language)
    many = len(whose.shown) > TOGETHER
    told = [] if many else [await _told(at.house, each, period, words) for each in whose.shown]
    context = {
        **_around(at.house.demo, words),
        "year": str(period),
        "dates": words.dates(period),
        "before": str(period.before),
        "services": told,
        "instead": [(words.service(each), each) for each in whose.shown] if many else [],
        "organisations": whose.choices(at.house),
        "asked_language": at.language if at.query else "",
        "today": words.today(),
        "day": words.day_of,
        "back": f"/supervisor/statistics{at.query}",
    }
    return at.page(request, "staff/figures_year.html", context, domain=DOMAIN)


def notes_of(demo: bool, words: Words) -> list[str]:  # noqa: FBT001 - the house's own word
    """Return how the figures are to be read, and in a demo that they are made up."""
    return [*([words.say("demo")] if demo else []), *(words.say(f"note.{each}") for each in _NOTES)]


async def _told(house: House, service: ServiceId, period: Period, words: Words) -> dict[str, Any]:
    report = await of_service(house, service, period, short=True)
    said = words.report(report)
    shown = {section.id: section for section in said.sections}
    return {
        "name": said.name,
        "organisation": house.name_of(service),
        "paragraphs": yearly.paragraphs(said, words),
        "rows": [shown["demand"].row(id_) for id_ in yearly.KEYS],
        "columns": shown["demand"].columns,
        "handovers": shown["handovers"],
        "goals": shown.get("goals"),
        "uncounted": [
            goal.text
            for goal in goals_of(house, house.site.services[service].organisation.id, period)
            if goal.indicator is None
        ],
        "trend": seen.trend(report, words),
    }


def _form(wanted: Asked, words: Words) -> dict[str, Any]:
    kinds = {
        words.say(f"kind.{kind}"): [
            {"name": _named(words, each), "value": str(each), "chosen": each == wanted.period}
            for each in several
        ]
        for kind, several in wanted.choices.items()
        if several
    }
    year_of = wanted.choices[Kind.YEAR]
    return {
        "services": [
            {"id": id_, "name": words.service(id_), "chosen": id_ == wanted.whose.service}
            for id_ in wanted.whose.services
        ],
        "organisations": wanted.whose.choices(wanted.at.house),
        "kinds": kinds,
        "asked_language": wanted.at.language if wanted.at.query else "",
        "year_link": wanted.link(f"/supervisor/statistics/year/{year_of[0]}") if year_of else "",
        "last_year": str(year_of[0]) if year_of else "",
    }


def _named(words: Words, period: Period) -> str:
    if period.kind is Kind.YEAR:
        return words.period(period)
    return f"{words.period(period)} ({words.dates(period)})"


def _around(demo: bool, words: Words) -> dict[str, Any]:  # noqa: FBT001 - the house's own word
    return {"demo": demo, "notes": [words.say(f"note.{each}") for each in _NOTES]}


def _of_one(report: Report, said: SaidReport, words: Words) -> dict[str, Any]:
    shown = {section.id: section for section in said.sections}
    others = [section for section in said.sections if section.id not in _BESIDE_PLOTS]
    return {
        "one": True,
        "of_year": report.period.kind is Kind.YEAR,
        "tiles": [(_tile(section, row, words), *shown[section].row(row).cells) for section, row in _TILES],
        "plots": seen.plots(report, words),
        "others": [each for each in others if not each.is_empty],
        "empty": [each for each in others if each.is_empty],
        "before": words.period(report.period.before),
        "nothing": all(section.is_empty for section in said.sections),
    }


def _of_all(report: Report, said: SaidReport, words: Words) -> dict[str, Any]:
    pairs = zip(report.sections, said.sections, strict=True)
    drawn = [seen.services(section, named, words, number) for number, (section, named) in enumerate(pairs)]
    return {
        "one": False,
        "groups": list(zip(said.sections, drawn, strict=True)),
        "nothing": all(section.is_empty for section in said.sections),
    }


def _tile(section: str, row: str, words: Words) -> str:
    return words.say(f"tile.{section}_{row}" if section in {"waits", "lengths"} else f"row.{row}")


routes: Final = [
    Route("/supervisor/statistics", statistics, methods=["GET"]),
    Route("/supervisor/statistics.csv", as_file, methods=["GET"]),
    Route("/supervisor/statistics.json", as_file, methods=["GET"]),
    Route("/supervisor/statistics/year/{year}", year_page, methods=["GET"]),
]
