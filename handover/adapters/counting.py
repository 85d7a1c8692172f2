# SPDX-License-Identifier: EUPL-1.2
"""How often what happened between a service and a receiver: counted by day, kept by month while it is needed.

Owns the statements on `handover_count`, inside transactions that others begin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from chat.grid import Week
from chat.ids import ServiceId
from handover.adapters.tables import handover_count
from handover.ids import ReceiverId
from handover.ticket import TicketEvent

INSERTS: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""The two databases write "or else" alike, but SQLAlchemy has it in their dialects only."""


def count(
    connection: Connection,
    day: date,
    service: ServiceId,
    receiver: ReceiverId,
    events: Iterable[TicketEvent],
) -> None:
    """Count what happened on a day."""
    for event, times in Counter(events).items():
        _add(connection, (day, service, receiver, event.value), times)


def gather(connection: Connection, until: date, needed_from: date) -> bool:
    """Put what was counted before `until` under its month; delete what is older than `needed_from`.

    Both are Mondays on which a month of the grid begins. Returns whether any row has gone.
    """
    old = delete(handover_count).where(handover_count.c.day < needed_from)
    gone = connection.execute(old).rowcount
    rows = connection.execute(select(handover_count).where(handover_count.c.day < until)).all()
    moved = [row for row in rows if row.day != _month(row.day)]
    for row in moved:
        key = (row.day, row.service, row.receiver, row.event)
        columns = handover_count.primary_key.columns
        mine = [column == value for column, value in zip(columns, key, strict=True)]
        connection.execute(delete(handover_count).where(*mine))
        _add(connection, (_month(row.day), *key[1:]), row.times)
    return bool(gone or moved)


def _month(day: date) -> date:
    return Week.of(day).month.weeks[0].monday


def _add(connection: Connection, key: tuple[date, str, str, str], times: int) -> None:
    columns = handover_count.primary_key.columns
    row = {column.name: value for column, value in zip(columns, key, strict=True)} | {"times": times}
    more = {"times": handover_count.c.times + times}
    connection.execute(
        INSERTS[connection.dialect.name](handover_count)
        .values(row)
        .on_conflict_do_update(index_elements=list(columns), set_=more)
    )
