# SPDX-License-Identifier: EUPL-1.2
"""Changed replies in the house's database.

Implements `ReplyStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Knows what a document is, not
what a reply may be.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chat.ids import ServiceId
from web.replies.adapters.tables import replies
from web.replies.reply import Edited


class Database(Protocol):
    """The house's database, as far as it is needed here: `chat/adapters/sql/database.py`.

    Both raise `chat.errors.Unavailable` for what trying again may mend.
    """

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction: committed at the end of the block, rolled back by an error."""


class SqlReplyStore:
    """One row for a service, with a version that only ever grows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, service: ServiceId) -> tuple[int, Edited]:
        """Select the row."""
        query = select(replies).where(replies.c.service == service)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (0, Edited()) if row is None else (row.version, msgspec.convert(row.edited, Edited))

    async def save(self, service: ServiceId, version: int, edited: Edited) -> bool:
        """Insert the first version, or update exactly the one that was read."""
        row = {"service": service, "version": version + 1, "edited": msgspec.to_builtins(edited)}
        try:
            async with self._database.write() as connection:
                if version == 0:
                    await connection.execute(insert(replies).values(row))
                    return True
                same = (replies.c.service == service) & (replies.c.version == version)
                done = await connection.execute(update(replies).where(same).values(row))
        except IntegrityError:
            return False
        return done.rowcount == 1
