# SPDX-License-Identifier: EUPL-1.2
"""The answers of a year in the house's database.

Implements `AnswerStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Knows what a document is, not
what an answer may be.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.ids import OrganisationId
from web.barometer.adapters.tables import barometer
from web.barometer.answers import Given


class Database(Protocol):
    """The house's database, as far as it is needed here: `chat/adapters/sql/database.py`.

    Both raise `chat.errors.Unavailable` for what trying again may mend.
    """

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction: committed at the end of the block, rolled back by an error."""


class SqlAnswerStore:
    """One row for an organisation and a year, with a version that only ever grows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, organisation: OrganisationId, year: int) -> tuple[int, Given]:
        """Select the row."""
        query = select(barometer).where(barometer.c.organisation == organisation, barometer.c.year == year)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (0, Given()) if row is None else (row.version, msgspec.convert(row.given, Given))

    async def save(self, organisation: OrganisationId, year: int, version: int, given: Given) -> bool:
        """Insert the first version, or update exactly the one that was read."""
        row = {
            "organisation": organisation,
            "year": year,
            "version": version + 1,
            "given": msgspec.to_builtins(given),
        }
        same = (
            (barometer.c.organisation == organisation)
            & (barometer.c.year == year)
            & (barometer.c.version == version)
        )
        try:
            async with self._database.write() as connection:
                if version == 0:
                    await connection.execute(insert(barometer).values(row))
                    return True
                done = await connection.execute(update(barometer).where(same).values(row))
        except IntegrityError:
            return False
        return done.rowcount == 1
