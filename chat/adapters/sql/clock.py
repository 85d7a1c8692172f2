# SPDX-License-Identifier: EUPL-1.2
"""What time it is for everybody over one database.

Owns the one question to the database about it. Hosts that follow clocks of their own would take each other's
people for long gone as soon as one of the clocks is set wrongly.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from chat.adapters.sql.database import Database
from chat.ports import Clock

_TIME = select(func.clock_timestamp())


async def ahead_of(clock: Clock, database: Database) -> timedelta:
    """Return how far the database's clock is ahead of this one (negative: behind).

    Nothing for an SQLite file: it lies on this machine, and has no clock of its own.

    Raises:
        chat.errors.Unavailable: the database does not answer.
    """
    if database.dialect == "sqlite":
        return timedelta()

    def look(connection: Connection) -> timedelta:
        asked = clock.now()
        theirs: datetime = connection.execute(_TIME).scalar_one()
        # It was read somewhere between the question and the answer.
        return theirs - asked - (clock.now() - asked) / 2

    return await database.run_read(look)
