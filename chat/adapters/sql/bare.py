# SPDX-License-Identifier: EUPL-1.2
"""A statement handed to PostgreSQL's own library, prepared, without the layers above it.

For the two statements that a message costs: those layers take more of the processor than all else that is
done for them. Owns how values go there and come back. What goes wrong is left to the ordinary way, which
knows how to open a connection anew and what to say; so only what may be tried twice is run like this.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection

from chat.adapters.sql import postgresql
from chat.adapters.sql.lanes import Locked
from chat.errors import Unavailable

Value = str | int | bytes | None

_TEXT, _BINARY = 0, 1
_COMMAND_OK, _TUPLES_OK = 1, 2
_SQLSTATE: Final = ord("C")
_INTEGER, _BYTES = 23, 17
"""The numbers of these types in every PostgreSQL; all others that are asked for are texts."""

_WAITED: Final = {postgresql.LOCKED.encode(): Locked, b"57014": Unavailable}
"""What came of waiting is not waited for once more."""


def rows(
    connection: Connection, name: str, text: str, values: Sequence[Value]
) -> list[dict[str, Any]] | None:
    """Run a statement that stands alone; None when it is to be run in the ordinary way.

    `name`: one for each text. `text`: with a `%s` for each value.

    Raises:
        Locked, Unavailable: it waited for too long; nothing of it is stored.
    """
    if connection.dialect.name == "sqlite":
        return None
    driver: Any = connection.connection.driver_connection
    if not driver.autocommit:
        return None
    try:
        done = _run(driver.pgconn, connection.info.setdefault("prepared", set()), name.encode(), text, values)
    except connection.dialect.loaded_dbapi.Error:
        return None
    if done is None or done.status != _TUPLES_OK:
        kind = None if done is None else _WAITED.get(done.error_field(_SQLSTATE))
        if kind is not None:
            raise kind("the database did not take it in time")
        return None
    return _read(done)


def _run(library: Any, prepared: set[bytes], name: bytes, text: str, values: Sequence[Value]) -> Any:  # noqa: ANN401 - psycopg need not be installed
    if name not in prepared:
        numbers = count(1)
        parts = text.split("%s")
        numbered = parts[0] + "".join(f"${next(numbers)}{part}" for part in parts[1:])
        if library.prepare(name, numbered.encode()).status != _COMMAND_OK:
            return None
        prepared.add(name)
    return library.exec_prepared(
        name,
        [value if value is None or type(value) is bytes else str(value).encode() for value in values],
        [_BINARY if type(value) is bytes else _TEXT for value in values],
        _BINARY,
    )


def _read(done: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - the same
    columns = [(n, done.fname(n).decode(), done.ftype(n)) for n in range(done.nfields)]
    return [
        {name: _value(done.get_value(row, n), kind) for n, name, kind in columns}
        for row in range(done.ntuples)
    ]


def _value(value: bytes | None, kind: int) -> Value:
    if value is None or kind == _BYTES:
        return value
    return int.from_bytes(value, signed=True) if kind == _INTEGER else value.decode()
