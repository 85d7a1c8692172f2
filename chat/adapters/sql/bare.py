# SPDX-License-Identifier: EUPL-1.2
"""A statement run by PostgreSQL's driver itself, prepared and in binary, without the layer above it.

For the two statements that a message costs: that layer takes more of the processor than all else that is
done for them. What goes wrong is left to the ordinary way, which knows how to open a connection anew and what
to say; so only what may be tried twice is run like this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from chat.adapters.sql import postgresql
from chat.adapters.sql.lanes import Locked
from chat.errors import Unavailable

Value = str | int | bytes | None

_WAITED: Final = {postgresql.LOCKED: Locked, "57014": Unavailable}
"""What came of waiting is not waited for once more."""


def rows(connection: Connection, text: str, values: Sequence[Value]) -> list[dict[str, Any]] | None:
    """Run a statement that stands alone; None when it is to be run in the ordinary way.

    `text`: with a `%s` for each value.

    Raises:
        Locked, Unavailable: it waited for too long; nothing of it is stored.
    """
    if connection.dialect.name == "sqlite":
        return None
    driver: Any = connection.connection.driver_connection
    if not driver.autocommit:
        return None
    # One plan for whatever is given: a number's own type would follow from how large it is.
    given = [str(value) if type(value) is int else value for value in values]
    try:
        with driver.cursor(binary=True) as cursor:
            cursor.execute(text, given, prepare=True)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except connection.dialect.loaded_dbapi.Error as error:
        waited = _WAITED.get(error.sqlstate)
    if waited is not None:
        raise waited("the database did not take it in time")
    return None
