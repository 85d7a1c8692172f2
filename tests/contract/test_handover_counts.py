# SPDX-License-Identifier: EUPL-1.2
"""How often handovers came to what, in the database: no day stands there for longer than its month."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from chat.adapters.sql.counting import Counting
from chat.adapters.sql.database import Database
from chat.ids import ServiceId
from handover.adapters.counting import count
from handover.adapters.sql import SqlTicketStore
from handover.ids import ReceiverId
from handover.ticket import TicketEvent
from tests.contract.conftest import ON_SQLITE

LINDEN, INTAKE = ServiceId("linden"), ReceiverId("mottagningen")
MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 3, 30), date(2026, 5, 4)
"""The Mondays on which these months of the grid begin: April's first Thursday is the second."""


@pytest.fixture
async def store(database: Database) -> SqlTicketStore:
    """A store in which each handover of spring stands on its day."""

    def write(connection: object) -> None:
        for day, event in (
            (date(2026, 3, 14), TicketEvent.GRANTED),
            (date(2026, 3, 20), TicketEvent.GRANTED),
            (date(2026, 3, 20), TicketEvent.OPENED),
            (MARCH, TicketEvent.OPENED),
            (date(2026, 4, 12), TicketEvent.GRANTED),
            (date(2026, 5, 5), TicketEvent.GRANTED),
        ):
            count(connection, day, LINDEN, INTAKE, [event])  # type: ignore[arg-type]

    await database.run_write(write)
    return SqlTicketStore(database, Counting)


async def _counted(store: SqlTicketStore) -> list[tuple[date, str, int]]:
    found = await store.counts([LINDEN], date(2020, 1, 1), date(2030, 1, 1))
    return [(each.day, each.event.value, each.times) for each in found]


async def test_days_of_a_month_that_is_over_become_one(store: SqlTicketStore) -> None:
    """What runs stays by day; doing it again changes nothing."""
    assert await store.gather(MAY, MARCH)
    after = [
        (MARCH, "granted", 2),
        (MARCH, "opened", 2),
        (APRIL, "granted", 1),
        (date(2026, 5, 5), "granted", 1),
    ]
    assert await _counted(store) == after
    assert not await store.gather(MAY, MARCH)
    assert await _counted(store) == after


async def test_what_no_agreement_needs_is_deleted(store: SqlTicketStore) -> None:
    """Without goals that is everything but the running month."""
    assert await store.gather(MAY, APRIL)
    assert await _counted(store) == [(APRIL, "granted", 1), (date(2026, 5, 5), "granted", 1)]
    assert await store.gather(MAY, MAY)
    assert await _counted(store) == [(date(2026, 5, 5), "granted", 1)]


@ON_SQLITE
@pytest.mark.parametrize("table", ["handover_count", "staff_audit"])
async def test_table_has_no_row_numbers(database: Database, table: str) -> None:
    """They would tell in which order things were first done on a day. PostgreSQL gives none."""
    async with database.read() as connection:
        query = text("SELECT sql FROM sqlite_master WHERE name = :table")
        made = (await connection.execute(query, {"table": table})).scalar_one()
    assert "WITHOUT ROWID" in made
