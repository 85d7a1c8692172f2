# SPDX-License-Identifier: EUPL-1.2
"""The statistics in words: what page, CSV and JSON all say, made once.

Owns the words of values, tables and periods. Decides nothing about what is shown: `report.py` has done so.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date, format_interval, format_skeleton

from chat.histograms import LASTED, WAITED, Steps
from chat.hours import local_day
from chat.ids import ServiceId, Track
from chat.wrapping_up import ASKED
from web.figures.periods import Kind, Period, named
from web.figures.values import Cell, Counted, Rate, Report, Row, Section, Share, Took
from web.house import House
from web.languages import in_language

DOMAIN: Final = "figures"
WRAPUP: Final = "wrapup"
NONE: Final = "–"
"""Stands where nothing is told. Never 0: what is not told may be there all the same."""

_PER_TRACK: Final = ("violence", "relation")
"""Questions of the form that whoever uses violence is asked in other words."""

_FIELDS: Final[Mapping[str, str]] = {asked: field for asked, (field, _) in ASKED.items()}
_STEPS: Final[Mapping[str, Steps]] = {"waits": WAITED, "lengths": LASTED}
_SECONDS: Final[Mapping[str, int]] = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class SaidCell:
    """A cell in words: `how` stands before the value, `unit` after it; `since` is an ISO 8601 day.

    And as numbers, for programs: `number`, or for a time `least` and `most` in seconds.
    """

    value: str
    unit: str = ""
    how: str = ""
    since: str = ""
    number: float | None = None
    least: int | None = None
    most: int | None = None

    @property
    def text(self) -> str:
        """Return all of it but the day."""
        return " ".join(part for part in (self.how, self.value, self.unit) if part)


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A line in words."""

    id: str
    name: str
    cells: tuple[SaidCell, ...]


@dataclass(frozen=True, slots=True)
class SaidSection:
    """A table in words."""

    id: str
    name: str
    columns: tuple[tuple[str, str], ...]
    """The id and the name of each."""
    rows: tuple[SaidRow, ...]
    is_empty: bool

    def row(self, id_: str) -> SaidRow:
        """Return the line of an id."""
        return next(row for row in self.rows if row.id == id_)


@dataclass(frozen=True, slots=True)
class SaidReport:
    """A report in words."""

    name: str
    """Whose it is."""
    period: str
    dates: str
    sections: tuple[SaidSection, ...]


class Words:
    """Says statistics in one language."""

    def __init__(self, house: House, language: str) -> None:
        self._house = house
        self.language = language
        self._texts = house.languages.texts(language, DOMAIN)
        self._wrapup = house.languages.texts(language, WRAPUP)
        self._periods: dict[str, str] = {}

    def say(self, key: str, **values: str | int) -> str:
        """Return a text of the statistics."""
        return self._texts.gettext(key) % values if values else self._texts.gettext(key)

    def service(self, service: ServiceId) -> str:
        """Return the name of a service."""
        known = self._house.site.services[service]
        return in_language(known.name, self.language, known.language).text

    def period(self, period: Period) -> str:
        """Return `2026`, `mars 2026` or `vecka 12, 2026`."""
        name = str(period)
        if name not in self._periods:
            self._periods[name] = self._period(period)
        return self._periods[name]

    def _period(self, period: Period) -> str:
        match period.kind:
            case Kind.YEAR:
                return str(period)
            case Kind.HALF | Kind.QUARTER:
                return self._months(period, "yMMMM")
            case Kind.MONTH:
                of = period.first.month
                return format_skeleton("yMMMM", date(of.year, of.number, 15), locale=self.language)
            case Kind.WEEK:
                return self.say("period.week", n=period.first.number, year=period.first.year)

    def short(self, period: Period) -> str:
        """Return what has room under a column of a plot: a week's number, a month's first letter, `K1`."""
        of = period.first.month
        match period.kind:
            case Kind.WEEK:
                return str(period.first.number)
            case Kind.YEAR:
                return str(period)
            case Kind.HALF:
                return self._months(period, "MMM")
            case Kind.QUARTER:
                return format_date(date(of.year, of.number, 15), "QQQ", locale=self.language)
            case Kind.MONTH:
                return format_date(date(of.year, of.number, 15), "LLLLL", locale=self.language).lower()

    def dates(self, period: Period) -> str:
        """Return from which day to which it is: the grid's weeks are whole."""
        last = period.last.monday + timedelta(days=6)
        said: str = format_interval(period.first.monday, last, skeleton="yMMMd", locale=self.language)
        return said

    def _months(self, period: Period, skeleton: str) -> str:
        first, last = period.first.month, period.last.month
        said: str = format_interval(
            date(first.year, first.number, 15),
            date(last.year, last.number, 15),
            skeleton=skeleton,
            locale=self.language,
        )
        return said

    def day_of(self, day: str) -> str:
        """Return a day that is written as ISO 8601 has it, as this language writes it in little room."""
        return format_date(date.fromisoformat(day), "d MMM yyyy", locale=self.language)

    def today(self) -> str:
        """Return the day on which it is printed."""
        return format_date(local_day(self._house.clock.now()), "long", locale=self.language)

    def cell(self, cell: Cell) -> SaidCell:
        """Return a value in words."""
        match cell:
            case None:
                return SaidCell(NONE)
            case Counted(value=value, since=since, about=about):
                how = self.say("about") if about else ""
                day = since.monday.isoformat() if since else ""
                return SaidCell(str(value), how=how, since=day, number=value)
            case Share(percent=percent, about=about):
                return SaidCell(str(percent), "%", self.say("about") if about else "", number=percent)
            case Took(low=low, high=high):
                return replace(self._took(cell), least=low, most=high)
            case Rate(tenths=tenths):
                mark = "," if self.language.startswith("sv") else "."
                return SaidCell(f"{tenths // 10}{mark}{tenths % 10}", number=tenths / 10)

    def steps(self, low: int, high: int | None) -> str:
        """Return a time from `low` to `high` seconds as one phrase."""
        return self._took(Took(low, high)).text

    def report(self, report: Report) -> SaidReport:
        """Return a report in words."""
        track = self._house.site.services[report.service].chat.track if report.service else Track.EXPOSED
        name = self.service(report.service) if report.service else report.text or self.say("overview.heading")
        return SaidReport(
            name,
            self.period(report.period),
            self.dates(report.period),
            tuple(self.section(each, report.period, track) for each in report.sections),
        )

    def section(self, section: Section, period: Period, track: Track = Track.EXPOSED) -> SaidSection:
        """Return a table in words."""
        names = _Names(self, self._wrapup, period, track)
        return SaidSection(
            section.id,
            names.of_section(section),
            tuple((column, names.of_column(section, column)) for column in section.columns),
            tuple(
                SaidRow(row.id, names.of_row(section, row), tuple(self.cell(cell) for cell in row.cells))
                for row in section.rows
            ),
            section.is_empty,
        )

    def _took(self, took: Took) -> SaidCell:
        low, high = took.low, took.high
        if high is None:
            amount, unit = _in_unit(low)
            return SaidCell(str(amount), self.say(f"unit.{unit}"), self.say("over"))
        amount, unit = _in_unit(high)
        if not low:
            return SaidCell(str(amount), self.say(f"unit.{unit}"), self.say("under"))
        if low % _SECONDS[unit]:
            # Half a minute up to one is said in seconds, half an hour up to two in minutes.
            unit = "s" if unit == "min" else "min"
        size = _SECONDS[unit]
        return SaidCell(f"{low // size}–{high // size}", self.say(f"unit.{unit}"))


def _in_unit(seconds: int) -> tuple[int, str]:
    if seconds < 60:
        return seconds, "s"
    if seconds < 3600 * 2 or seconds % 3600:
        return seconds // 60, "min"
    return seconds // 3600, "h"


class _Names:
    """The names of tables, columns and lines."""

    def __init__(self, words: Words, wrapup: gettext.NullTranslations, period: Period, track: Track) -> None:
        self._words = words
        self._wrapup = wrapup
        self._period = period
        self._track = track

    def of_section(self, section: Section) -> str:
        if section.text:
            return section.text
        if section.id.startswith("told_"):
            return self._asked(section.id.removeprefix("told_"))
        return self._words.say(f"section.{section.id}")

    def of_column(self, section: Section, column: str) -> str:
        if column == "now":
            return self._words.period(self._period)
        if column == "before":
            return self._words.period(self._period.before)
        return column if section.id == "hours" else self._words.say(f"column.{column}")

    def of_row(self, section: Section, row: Row) -> str:
        if row.text:
            return self._goal(row)
        match section.id:
            case "trend" | "shares":
                return self._of_trend(row.id)
            case "hours":
                monday = date(2024, 1, 1)
                return format_date(
                    monday + timedelta(days=int(row.id)), "EEEE", locale=self._words.language
                ).capitalize()
            case "services":
                return (
                    self._words.say("row.total")
                    if row.id == "total"
                    else self._words.service(ServiceId(row.id))
                )
            case "waits" | "lengths":
                return self._of_step(section.id, row.id)
            case _:
                return self._of_counter(row.id)

    def _of_trend(self, name: str) -> str:
        period = named(name)
        assert period is not None  # `report.py` named the line after one
        return self._words.period(period)

    def _of_step(self, section: str, name: str) -> str:
        if name.startswith("p"):
            return self._words.say(f"row.{name}")
        steps = _STEPS[section]
        return self._words.steps(*steps.bounds(int(name.rpartition("_")[2])))

    def _goal(self, row: Row) -> str:
        indicator = row.id.partition(" ")[2]
        return f"{row.text} ({self._words.say(f'goal.{indicator}')})"

    def _of_counter(self, name: str) -> str:
        if not name.startswith("told_"):
            return self._words.say(f"row.{name}")
        _, asked, answer = name.split("_", 2)
        field = _FIELDS.get(asked, asked)
        if answer == "untold":
            return self._wrapup_text("wrapup.untold")
        if name == "told_channel_chat":
            return self._words.say("row.chat")
        return self._wrapup_text(f"wrapup.{field}.{answer}")

    def _asked(self, field: str) -> str:
        if self._track is Track.PERPETRATOR and field in _PER_TRACK:
            return self._wrapup_text(f"wrapup.{field}.perpetrator")
        return self._wrapup_text(f"wrapup.{field}")

    def _wrapup_text(self, key: str) -> str:
        return self._wrapup.gettext(key)
