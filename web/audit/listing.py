# SPDX-License-Identifier: EUPL-1.2
"""Who did what as lines of words: the page, the file for a spreadsheet and the JSON are made of them.

Owns what a line tells. Pure: knows no store and no catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Final

from chat.ids import OrganisationId
from web.accounts.audit import Audited, AuditEntry, AuditPlace


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words; all are texts but how often it was done, where that is counted."""

    day: str
    """As 2026-02-16."""
    person: str
    deed: str
    """In words."""
    kind: str
    """The same for programs: a value of `Audited`."""
    place: str
    organisation: str
    times: int | None


COLUMNS: Final = tuple(each.name for each in fields(Line))


def lines_of(
    entries: Iterable[AuditEntry],
    deed: Callable[[Audited], str],
    place: Callable[[Audited, AuditPlace], str],
    organisation: Callable[[OrganisationId], str],
) -> list[Line]:
    """Return the entries in words, in their order."""
    return [
        Line(
            day=each.day.isoformat(),
            person=each.account,
            deed=deed(each.kind),
            kind=each.kind.value,
            place=place(each.kind, each.place),
            organisation=organisation(each.organisation),
            times=each.times,
        )
        for each in entries
    ]


def by_day(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines of each day, in their order."""
    return [(day, list(found)) for day, found in groupby(lines, lambda line: line.day)]


def as_table(lines: Iterable[Line], headings: Sequence[str]) -> list[Sequence[str]]:
    """Return the cells of a table, under `headings` in the order of `COLUMNS`."""
    return [headings, *([_text(getattr(line, column)) for column in COLUMNS] for line in lines)]


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
