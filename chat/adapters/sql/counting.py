# SPDX-License-Identifier: EUPL-1.2
"""Adding to counters within a transaction that does something else, and each shift once.

Owns those statements. What is counted when is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete
from sqlalchemy.sql.dml import Insert, ReturningInsert

from chat.adapters.sql.dialect import unless_there, upsert
from chat.adapters.sql.tables import counter, shift_begun
from chat.counted import Count
from chat.ids import DutyId, ServiceId

_FORGET = delete(shift_begun).where(shift_begun.c.day < bindparam("today"))


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts that another room stores in a transaction of its own. See `chat.ports.Alongside`."""

    counts: Sequence[Count]

    def write(self, connection: Connection) -> None:
        """Add to the counters."""
        add(connection, self.counts)


Added = tuple[ServiceId, date, str]
"""Names one counter."""


def counter_of(count: Count) -> Added:
    """Return which counter a count is added to."""
    return count.service, count.day, str(count.name)


def add(connection: Connection, counts: Sequence[Count]) -> None:
    """Add to counters."""
    added: Counter[Added] = Counter()
    for count in counts:
        added[counter_of(count)] += count.by
    add_sums(connection, added)


def add_sums(connection: Connection, added: Mapping[Added, int]) -> None:
    """Add to counters, in order, so that two processes cannot deadlock."""
    rows = [
        {"service": service, "day": day, "name": name, "value": value}
        for (service, day, name), value in sorted(added.items())
    ]
    if rows:
        connection.execute(_add(connection.dialect.name), rows)


@cache
def _add(dialect: str) -> Insert:
    # Made once: to make it, and to find out that it is the same again, takes longer than to carry it out.
    return upsert(dialect, counter, adding="value")


@cache
def _begin(dialect: str) -> ReturningInsert[Any]:
    return unless_there(dialect, shift_begun).returning(shift_begun.c.service)


def begin_shifts(connection: Connection, duty: DutyId, begun: Sequence[Count]) -> None:
    """Count a shift for each service and day in which this sign-in has none yet.

    The row that says so decides between two processes, and is kept for that day alone.
    """
    if not begun:
        return
    connection.execute(_FORGET, {"today": min(count.day for count in begun)})
    new = []
    for count in sorted(begun, key=lambda one: one.service):
        row = {"duty": duty, "service": count.service, "day": count.day}
        # A driver need not know how many rows it did not insert; what it returns is what is there.
        if connection.execute(_begin(connection.dialect.name), row).one_or_none() is not None:
            new.append(count)
    add(connection, new)
