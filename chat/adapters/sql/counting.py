# SPDX-License-Identifier: EUPL-1.2
"""Adding to counters within a transaction that does something else, and each shift once.

Owns those statements. What is counted when is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete

from chat.adapters.sql.dialect import unless_there, upsert
from chat.adapters.sql.tables import counter, shift_begun
from chat.counted import Count
from chat.ids import DutyId

_FORGET = delete(shift_begun).where(shift_begun.c.day < bindparam("today"))


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts that another room stores in a transaction of its own. See `chat.ports.Alongside`."""

    counts: Sequence[Count]

    def write(self, connection: Connection) -> None:
        """Add to the counters."""
        add(connection, self.counts)


def add(connection: Connection, counts: Sequence[Count]) -> None:
    """Add to counters, in order, so that two processes cannot deadlock."""
    rows = [
        {"service": count.service, "day": count.day, "name": str(count.name), "value": count.by}
        for count in sorted(counts, key=lambda one: (one.service, one.day, one.name))
    ]
    if rows:
        connection.execute(upsert(connection.dialect.name, counter, adding="value"), rows)


def begin_shifts(connection: Connection, duty: DutyId, begun: Sequence[Count]) -> None:
    """Count a shift for each service and day in which this sign-in has none yet.

    The row that says so decides between two processes, and is kept for that day alone.
    """
    if not begun:
        return
    connection.execute(_FORGET, {"today": min(count.day for count in begun)})
    insert = unless_there(connection.dialect.name, shift_begun).returning(shift_begun.c.service)
    new = []
    for count in sorted(begun, key=lambda one: one.service):
        row = {"duty": duty, "service": count.service, "day": count.day}
        # A driver need not know how many rows it did not insert; what it returns is what is there.
        if connection.execute(insert, row).one_or_none() is not None:
            new.append(count)
    add(connection, new)
