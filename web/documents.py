# SPDX-License-Identifier: EUPL-1.2
"""Documents with a version that only ever grows, in one table of the house's database.

Owns that of two who change the same one only the first does. On SQLAlchemy Core, for SQLite and PostgreSQL
alike. Knows no kind of document: the adapters of the rooms do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from web.database import Database


class Documents:
    """The rows of one table: its primary key, a `version`, and the document."""

    def __init__(self, database: Database, table: Table, document: str) -> None:
        self._database, self._table, self._document = database, table, document

    async def load(self, **key: str | int) -> tuple[int, Any]:
        """Return a document with its version; 0 and None when there is none."""
        query = select(self._table).where(self._is(key))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return (0, None) if row is None else (row["version"], row[self._document])

    async def save(self, version: int, document: object, **key: str | int) -> bool:
        """Store the one after `version`, which was read (0: there was none); False if somebody was faster."""
        row = {**key, "version": version + 1, self._document: document}
        same = self._is({**key, "version": version})
        try:
            async with self._database.write() as connection:
                if version == 0:
                    await connection.execute(insert(self._table).values(row))
                    return True
                done = await connection.execute(update(self._table).where(same).values(row))
        except IntegrityError:
            return False
        return done.rowcount == 1

    def _is(self, values: Mapping[str, str | int]) -> ColumnElement[bool]:
        return and_(*(self._table.c[name] == value for name, value in values.items()))
