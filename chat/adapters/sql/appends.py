# SPDX-License-Identifier: EUPL-1.2
"""Messages of many conversations as one statement, for PostgreSQL.

Owns that statement: it locks, compares versions, moves them on and inserts, which otherwise are five ways to
the server and back. The decision is the one of `batch.py`; whatever else is in a batch is decided there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Final

from sqlalchemy import Connection

from chat.adapters.sql import bare
from chat.adapters.sql.operations import Append, Operation
from chat.adapters.sql.prepared import size_for
from chat.adapters.sql.rows import ENTRY, entry_values
from chat.errors import Stale

_MOST: Final = 128
"""Operations in one statement: it grows with each."""

_WANTED: Final = "(%s, %s::integer, %s::integer)"
_ROW: Final = "(%s, %s::integer, %s, %s, %s, %s::bytea, %s)"

# Whoever else locks several conversations does so in the order of their ids as well.
_STATEMENT: Final = """
WITH wanted (id, expected, by) AS (VALUES {wanted}),
locked AS MATERIALIZED (
    SELECT conversation.id, conversation.version FROM conversation
    WHERE conversation.id IN (SELECT id FROM wanted) ORDER BY conversation.id FOR UPDATE
),
moved AS (
    UPDATE conversation SET version = conversation.version + wanted.by, seq = conversation.seq + wanted.by
    FROM locked JOIN wanted ON wanted.id = locked.id AND wanted.expected = locked.version
    WHERE conversation.id = locked.id RETURNING conversation.id
),
told AS (
    INSERT INTO entry ({columns})
    SELECT said.* FROM (VALUES {rows}) AS said ({columns}) JOIN moved ON moved.id = said.conversation
)
SELECT string_agg(id, ',') AS moved FROM moved
"""


def appends_in(operations: Sequence[Operation]) -> Sequence[Append] | None:
    """Return them if all are messages, and at most one operation for each conversation; else None."""
    found = [each for each in operations if isinstance(each, Append)]
    names = {each.entries[0].conversation for each in found}
    return found if len(names) == len(operations) <= _MOST else None


@cache
def _text(operations: int, entries: int) -> str:
    return _STATEMENT.format(
        wanted=", ".join([_WANTED] * operations),
        rows=", ".join([_ROW] * entries),
        columns=", ".join(ENTRY),
    )


def append(connection: Connection, operations: Sequence[Append]) -> list[Exception | None]:
    """Store those messages whose conversation is at the version that they expect; the others are `Stale`."""
    wanted: list[tuple[str, int, int]] = [
        (each.entries[0].conversation, each.expected, len(each.entries)) for each in operations
    ]
    rows = [entry_values(entry) for each in operations for entry in each.entries]
    # What fills it up is of a conversation that there is not.
    sizes = size_for(len(wanted)), size_for(len(rows))
    wanted += [("", 0, 0)] * (sizes[0] - len(wanted))
    rows += [("", 0, "", "", None, None, None)] * (sizes[1] - len(rows))
    text, values = _text(*sizes), tuple(chain.from_iterable((*wanted, *rows)))
    found = bare.rows(connection, "append_{}_{}".format(*sizes), text, values)
    told = connection.exec_driver_sql(text, values).scalar() if found is None else found[0]["moved"]
    moved = set((told or "").split(","))
    return [None if each.entries[0].conversation in moved else Stale() for each in operations]
