# SPDX-License-Identifier: EUPL-1.2
"""Messages of many conversations as one statement, for PostgreSQL.

Owns that statement: it locks, compares versions, moves them on and inserts, which otherwise are five ways to
the server and back. The decision is the one of `batch.py`; whatever else is in a batch is decided there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from chat.adapters.sql.operations import Append, Operation
from chat.adapters.sql.rows import ENTRY, entry_values
from chat.errors import Stale

_MOST: Final = 100
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
SELECT string_agg(id, ',') FROM moved
"""


def appends_in(operations: Sequence[Operation]) -> Sequence[Append] | None:
    """Return them if all are messages, and at most one operation for each conversation; else None."""
    found = [each for each in operations if isinstance(each, Append)]
    names = {each.entries[0].conversation for each in found}
    return found if len(names) == len(operations) <= _MOST else None


def append(connection: Connection, operations: Sequence[Append]) -> list[Exception | None]:
    """Store those messages whose conversation is at the version that they expect; the others are `Stale`."""
    wanted: list[Any] = []
    rows: list[Any] = []
    count = 0
    for each in operations:
        wanted += (each.entries[0].conversation, each.expected, len(each.entries))
        count += len(each.entries)
        for entry in each.entries:
            rows += entry_values(entry)
    text = _STATEMENT.format(
        wanted=", ".join([_WANTED] * len(operations)),
        rows=", ".join([_ROW] * count),
        columns=", ".join(ENTRY),
    )
    moved = set((connection.exec_driver_sql(text, (*wanted, *rows)).scalar() or "").split(","))
    return [None if each.entries[0].conversation in moved else Stale() for each in operations]
