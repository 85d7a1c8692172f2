# SPDX-License-Identifier: EUPL-1.2
"""What stands in a cell of the statistics, and the tables that cells stand in.

Owns the values, in numbers and ids; `wording.py` says them. A cell without a figure is None, which is never
the same as nought.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat.grid import Week
from chat.ids import ServiceId
from web.figures.periods import Period


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there were, as far as is told."""

    value: int
    since: Week | None = None
    """The first week of what is counted, where that lies before the period."""
    about: bool = False
    """A sum of what is shown: what each of its parts has left over is missing in it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share, in whole percent."""

    percent: int
    about: bool = False
    """It may be off by one percent or more."""


@dataclass(frozen=True, slots=True)
class Took:
    """Between so many seconds and so many; `high` None has no end."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """So many tenths for each."""

    tenths: int


Cell = Counted | Share | Took | Rate | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    id: str
    cells: tuple[Cell, ...]
    text: str = ""
    """Its name where that is no text of ours: a goal in the words of an agreement."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str = ""
    """Its name where that is no text of ours: an organisation's."""

    @property
    def is_empty(self) -> bool:
        """Nothing in it is told."""
        return all(cell is None for row in self.rows for cell in row.cells)

    def row(self, id_: str) -> Row:
        """Return the row of an id. Raises `StopIteration` where there is none: a mistake of ours."""
        return next(row for row in self.rows if row.id == id_)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is shown of one service in one period, or of several services (`service` is None)."""

    service: ServiceId | None
    period: Period
    sections: tuple[Section, ...]
    text: str = ""
    """Whose it is where that is no text of ours: an organisation's."""

    def section(self, id_: str) -> Section:
        """Return the section of an id. Raises `StopIteration` where there is none: a mistake of ours."""
        return next(section for section in self.sections if section.id == id_)
