# SPDX-License-Identifier: EUPL-1.2
"""What a backup needs from a database: one moment of it, or an empty one in one transaction.

Owns the two protocols. What may stand in a column is told by its kind: int, bool, text, bytes, date, json.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

Row = Sequence[Any]
Form = tuple[tuple[str, str], ...]
"""The columns of a table: each with its name and its kind."""


class Snapshot(Protocol):
    """A database as it is at one moment."""

    @property
    def revision(self) -> str:
        """Its schema."""

    @property
    def tables(self) -> frozenset[str]:
        """The names of its tables."""

    def form(self, name: str) -> Form:
        """Return the columns of a table."""

    def rows(self, name: str) -> Iterator[Row]:
        """Give the rows of a table, without holding all of them at once."""


class Filling(Protocol):
    """An empty database with the schema of the backup, in one transaction."""

    def form(self, name: str) -> Form | None:
        """Return the columns of a table; None when there is no such table."""

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Insert rows."""

    def bring_up(self) -> None:
        """Bring everything to the newest schema."""
