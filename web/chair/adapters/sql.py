# SPDX-License-Identifier: EUPL-1.2
"""What organisations have set, in the house's database.

Implements `VersionStore` on SQLAlchemy Core, for SQLite and PostgreSQL alike. Knows what a version is, not
what may be set.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from chat.ids import OrganisationId
from web.chair.adapters.tables import site_versions as table
from web.chair.version import KEPT, Version
from web.database import Database

_last = select(table.c.organisation, func.max(table.c.number).label("number")).group_by(table.c.organisation)
_newest = _last.subquery()
NEWEST = select(table).join(
    _newest, and_(table.c.organisation == _newest.c.organisation, table.c.number == _newest.c.number)
)


class SqlVersionStore:
    """One row for a version; the number only ever grows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> dict[OrganisationId, Version]:
        """Select the last row of each."""
        async with self._database.read() as connection:
            rows = (await connection.execute(NEWEST)).all()
        return {row.organisation: _version(row) for row in rows}

    async def history(self, organisation: OrganisationId) -> list[Version]:
        """Select the rows of one."""
        query = select(table).where(table.c.organisation == organisation).order_by(table.c.number.desc())
        async with self._database.read() as connection:
            return [_version(row) for row in (await connection.execute(query)).all()]

    async def save(self, version: Version) -> bool:
        """Insert the row after the last; of two at once the primary key lets one in."""
        own = table.c.organisation == version.organisation
        try:
            async with self._database.write() as connection:
                last = await connection.scalar(select(func.max(table.c.number)).where(own))
                if (last or 0) != version.number - 1:
                    return False
                await connection.execute(insert(table).values(_row(version)))
                await connection.execute(delete(table).where(own, table.c.number <= version.number - KEPT))
        except IntegrityError:
            return False
        return True


def _row(version: Version) -> dict[str, Any]:
    return {
        "organisation": version.organisation,
        "number": version.number,
        "account": version.account,
        "day": version.day,
        "overlay": version.overlay,
    }


def _version(row: Row[Any]) -> Version:
    return Version(
        organisation=OrganisationId(row.organisation),
        number=row.number,
        account=row.account,
        day=row.day,
        overlay=row.overlay,
    )
