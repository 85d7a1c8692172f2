# SPDX-License-Identifier: EUPL-1.2
"""The plots of a report: which there are, and what each says of itself.

Owns the choice of what is plotted. Geometry is `plots.py`, words are `wording.py`; every plot is of a table
that stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from web.figures.periods import Kind, Period, named
from web.figures.plots import Bar, Head, Point, Stack, bars, heat, line, stacks
from web.figures.values import Cell, Counted, Rate, Report, Section, Share
from web.figures.wording import NONE, SaidCell, SaidSection, Words

_PLOTTED = frozenset({"trend", "shares", "waits", "lengths", "hours"})
_LAST_YEARS = 12
"""So many of the months in a year's trend are of the year before."""


def plots(report: Report, words: Words) -> dict[str, Markup]:
    """Return the plots of one service's report by the id of their section; `shares` may be empty."""
    period = report.period
    trend = report.section("trend")
    said = {each.id: words.section(each, period) for each in report.sections if each.id in _PLOTTED}
    found = {
        "trend": _trend(trend, said["trend"], period, words),
        "shares": _shares(report, said, words),
        "waits": _steps(report.section("waits"), said["waits"], words),
        "lengths": _steps(report.section("lengths"), said["lengths"], words),
    }
    if "hours" in said:
        found["hours"] = _heat(report.section("hours"), said["hours"], words)
    # Everything in them has been escaped where it was drawn.
    return {name: Markup(drawn) for name, drawn in found.items()}  # noqa: S704


def trend(report: Report, words: Words) -> Markup:
    """Return the plot of how it has been going alone."""
    section = report.section("trend")
    said = words.section(section, report.period)
    return Markup(_trend(section, said, report.period, words))  # noqa: S704 - escaped where it was drawn


def services(section: Section, said: SaidSection, words: Words, number: int) -> Markup:
    """Return the plot of an overview: one bar for each service."""
    place = section.columns.index("demand")
    lines = [
        Bar(_short(row.name), _number(each.cells[place]), row.cells[place].text)
        for each, row in zip(section.rows, said.rows, strict=True)
        if each.id != "total"
    ]
    head = Head(f"plot-services-{number}", said.name, words.say("about.services"))
    return Markup(bars(head, lines))  # noqa: S704 - escaped where it was drawn


def _trend(section: Section, said: SaidSection, period: Period, words: Words) -> str:
    parts = [section.columns.index(name) for name in ("answered", "abandoned", "refused_closed")]
    columns = [
        Stack(
            _below(row.id, words),
            tuple(_number(row.cells[part]) for part in parts),
            _sentence(named.name, said, [named.cells[part].text for part in parts], parts),
            _year(row.id, first=place == 0),
        )
        for place, (row, named) in enumerate(zip(section.rows, said.rows, strict=True))
    ]
    head = Head("plot-trend", said.name, words.say("about.trend"))
    return stacks(head, columns, marked=_LAST_YEARS if period.kind is Kind.YEAR else 0)


def _sentence(name: str, said: SaidSection, values: list[str], parts: list[int]) -> str:
    names = [said.columns[part][1] for part in parts]
    pieces = (f"{each}: {value}" for each, value in zip(names, values, strict=True))
    return f"{name}. {', '.join(pieces)}"


def _shares(report: Report, said_of: Mapping[str, SaidSection], words: Words) -> str:
    """Return the plot of the shares; nothing where few can be said: the line would be of those alone.

    By the months or weeks of the trend, or by the longer parts that the report has them of.
    """
    name = "shares" if "shares" in said_of else "trend"
    section, said = report.section(name), said_of[name]
    place = section.columns.index("share")
    skipped = _LAST_YEARS if name == "trend" and report.period.kind is Kind.YEAR else 0
    points = [
        Point(
            _below(row.id, words),
            _percent(row.cells[place]),
            f"{named.name}: {named.cells[place].text}",
            _year(row.id, first=number == 0),
        )
        for number, (row, named) in enumerate(zip(section.rows[skipped:], said.rows[skipped:], strict=True))
    ]
    if sum(each.percent is not None for each in points) * 2 < len(points):
        return ""
    return line(Head("plot-shares", words.say("section.shares"), words.say("about.share")), points)


def _steps(section: Section, said: SaidSection, words: Words) -> str:
    lines = [
        Bar(named.name, _number(row.cells[0]), named.cells[0].text)
        for row, named in zip(section.rows, said.rows, strict=True)
        if not row.id.startswith("p")
    ]
    middle = said.row("p50").cells[0]
    about = words.say("about.steps") + _in_the_middle(middle, words)
    return bars(Head("plot-" + section.id, said.name, about), lines)


def _in_the_middle(middle: SaidCell, words: Words) -> str:
    return "" if middle.value == NONE else " " + words.say("about.middle", middle=middle.text)


def _heat(section: Section, said: SaidSection, words: Words) -> str:
    days = [row.name[:3] for row in said.rows]
    hours = [name for _, name in said.columns]
    cells = [
        [
            (
                each.tenths if isinstance(each, Rate) else None,
                words.say("plot.hour", day=row.name, hour=hour, n=row.cells[place].text),
            )
            for place, (hour, each) in enumerate(zip(hours, line_.cells, strict=True))
        ]
        for line_, row in zip(section.rows, said.rows, strict=True)
    ]
    return heat(Head("plot-hours", said.name, words.say("about.hours")), days, hours, cells)


def _below(name: str, words: Words) -> str:
    """Return what stands under a column: a week's number, a month's letter, or which part of the year."""
    return words.short(_period(name))


def _year(name: str, *, first: bool) -> str:
    """Return the year where one begins."""
    period = _period(name)
    if period.kind is Kind.YEAR:
        return ""
    begins = period.before.first.year != period.first.year
    return str(period.first.year) if first or begins else ""


def _period(name: str) -> Period:
    period = named(name)
    assert period is not None  # `report.py` named the line after one
    return period


def _short(name: str) -> str:
    return name if len(name) <= 26 else f"{name[:24]}…"


def _number(cell: Cell) -> int | None:
    return cell.value if isinstance(cell, Counted) else None


def _percent(cell: Cell) -> int | None:
    return cell.percent if isinstance(cell, Share) else None
