# SPDX-License-Identifier: EUPL-1.2
"""SQLAlchemy Core statements that are turned into SQL once and then run over many rows in one step.

For the few statements of the message append. A step of the driver lets go of the interpreter and must get it
back from a busy event loop, so one step for fifty rows is worth more than fifty quick ones (measured), and
turning a statement into SQL anew was half of what Core costs. Knows no table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    CursorResult,
    Insert,
    RowMapping,
    Select,
    Table,
    Update,
    bindparam,
    insert,
)

from chat.adapters.sql import bare

_POSITIONAL = {"sqlite": "qmark", "postgresql": "format"}
"""The dialects' forms of a statement whose values are given in order."""

Compiled = tuple[str, tuple[str, ...], dict[str, Any]]
"""A statement as text, the names of its values in the order in which they are given, and its constants."""


MOST = 512
"""Names that one statement can be about."""

MOST_VALUES = 30_000
"""Values that one statement may carry: SQLite's own limit is 32,766, PostgreSQL's 65,535."""


def size_for(count: int) -> int:
    """Return for how many a statement is made that is about `count`, so that there are few texts."""
    return 1 << (count - 1).bit_length()


_NUMBERED = [f"name_{number}" for number in range(MOST)]


class ManyRows:
    """`INSERT` of any number of rows with the same columns."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._statement = insert(table).values({name: bindparam(name) for name in columns})
        self._columns = tuple(columns)
        self._compiled: dict[str, tuple[str, str]] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert `rows`, each with its values in the order of the columns."""
        head, row = self._compiled.get(connection.dialect.name) or self._compile(connection)
        most = MOST_VALUES // len(self._columns)
        for first in range(0, len(rows), most):
            some = rows[first : first + most]
            values = tuple(value for each in some for value in each)
            connection.exec_driver_sql(head + ", ".join([row] * len(some)), values)

    def _compile(self, connection: Connection) -> tuple[str, str]:
        text, order, _ = _compile(connection, self._statement)
        assert order == self._columns
        head, row = text.rsplit("(", 1)
        self._compiled[connection.dialect.name] = head, f"({row}"
        return self._compiled[connection.dialect.name]


class ManyNames:
    """A statement about all rows whose name is among some names."""

    def __init__(
        self, make: Callable[[Sequence[BindParameter[Any]]], Select[Any] | Update], *others: str
    ) -> None:
        """`make` gives the statement for parameters that stand for the names; it may use `others` besides."""
        self._make = make
        self._others = others
        self._compiled: dict[tuple[str, int], Compiled] = {}

    def run(self, connection: Connection, names: Sequence[str], *others: int) -> CursorResult[Any]:
        """Run the statement for `names`, at least one and at most `MOST`, and the values of `others`."""
        # A name may be asked for twice.
        size = size_for(len(names))
        filled = [*names, *[names[-1]] * (size - len(names))]
        kind = connection.dialect.name
        text, order, constants = self._compiled.get((kind, size)) or self._compile(connection, size)
        given = zip((*_NUMBERED[:size], *self._others), (*filled, *others), strict=True)
        values = constants | dict(given)
        return connection.exec_driver_sql(text, tuple([values[name] for name in order]))

    def _compile(self, connection: Connection, size: int) -> Compiled:
        statement = self._make([bindparam(name) for name in _NUMBERED[:size]])
        self._compiled[connection.dialect.name, size] = compiled = _compile(connection, statement)
        return compiled


MOST_PLACES = 64
"""Places that one statement can be about: it grows with each."""


Place = tuple[BindParameter[Any], BindParameter[Any]]
"""The parameters of a name and of its number."""


class ManyPlaces:
    """A statement about some names, each with a number of its own."""

    def __init__(self, name: str, make: Callable[[Sequence[Place]], CompoundSelect[Any]]) -> None:
        """`make` gives the statement for parameters that stand for the names and their numbers."""
        self._name = name
        self._make = make
        self._compiled: dict[tuple[str, int], Compiled] = {}

    def run(
        self, connection: Connection, places: Sequence[tuple[str, int]]
    ) -> Sequence[RowMapping | Mapping[str, Any]]:
        """Return the rows for at least one place and at most `MOST_PLACES`; none stands there twice."""
        # No name is empty.
        size = size_for(len(places))
        filled = [*places, *[("", 0)] * (size - len(places))]
        kind = connection.dialect.name
        text, order, constants = self._compiled.get((kind, size)) or self._compile(connection, size)
        values: dict[str, Any] = dict(constants)
        for number, (name, of_it) in enumerate(filled):
            values[f"name_{number}"], values[f"number_{number}"] = name, of_it
        given = tuple([values[name] for name in order])
        found = bare.rows(connection, f"{self._name}_{size}", text, given)
        if found is not None:
            return found
        return list(connection.exec_driver_sql(text, given).mappings())

    def _compile(self, connection: Connection, size: int) -> Compiled:
        places: list[Place] = [(bindparam(f"name_{n}"), bindparam(f"number_{n}")) for n in range(size)]
        self._compiled[connection.dialect.name, size] = compiled = _compile(connection, self._make(places))
        return compiled


def _compile(
    connection: Connection, statement: Insert | Select[Any] | CompoundSelect[Any] | Update
) -> Compiled:
    kind: Any = type(
        connection.dialect
    )  # every kind of database takes a paramstyle; the base class does not say so
    dialect = kind(paramstyle=_POSITIONAL[connection.dialect.name])
    compiled = statement.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params)
