# SPDX-License-Identifier: EUPL-1.2
"""The audit log in the house's database: one row for an account, a place, a day and a kind of deed.

Implements `web.accounts.audit.AuditLog` on SQLAlchemy Core, for SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from chat.ids import OrganisationId, ServiceId
from config.baseline import USUAL_AUDIT_DAYS
from web.accounts.adapters.tables import audit
from web.accounts.audit import (
    OF_A_TALK_KEPT,
    SORTS,
    Audited,
    AuditEntry,
    AuditPlace,
    Choices,
    Keeping,
    Sought,
    Whose,
)
from web.database import Database

_INSERTS: Final[dict[str, type[sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.Insert,
    "postgresql": postgresql.Insert,
}
"""The two databases write "or else update" alike, but SQLAlchemy has it in their dialects only."""

_KINDS: Final = frozenset(each.value for each in SORTS)
_OF_A_TALK: Final = [kind.value for kind, sort in SORTS.items() if sort.keeping is Keeping.OF_A_TALK]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A deed that is stored with what it was. See `chat.ports.Alongside`."""

    kind: Audited
    account: str
    organisation: OrganisationId
    place: AuditPlace
    day: date

    def write(self, connection: Connection) -> None:
        """Insert a row, or count one more in it where the kind has a number."""
        made = _INSERTS[connection.dialect.name](audit).values(
            day=self.day,
            kind=self.kind.value,
            account=self.account,
            organisation=self.organisation,
            place=self.place,
            times=1,
        )
        key = list(audit.primary_key)
        connection.execute(
            made.on_conflict_do_update(index_elements=key, set_={"times": audit.c.times + 1})
            if SORTS[self.kind].numbered
            else made.on_conflict_do_nothing(index_elements=key)
        )


class SqlAuditLog:
    """The audit log in a table. `on_deleted` is called when rows have gone that must leave the files too."""

    def __init__(self, database: Database, on_deleted: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._on_deleted = on_deleted

    async def record(
        self,
        kind: Audited,
        account: str,
        organisation: OrganisationId,
        place: AuditPlace,
        day: date,
    ) -> None:
        """Insert a row, or count one more in it where the kind has a number."""
        recorded = self.recorded(kind, account, organisation, place, day)
        async with self._database.write() as connection:
            await connection.run_sync(recorded.write)

    def recorded(
        self, kind: Audited, account: str, organisation: OrganisationId, place: AuditPlace, day: date
    ) -> _Recorded:
        """Return what does the same in a transaction of somebody else's."""
        return _Recorded(kind, account, organisation, place, day)

    async def entries(self) -> list[AuditEntry]:
        """Select everything, newest day first."""
        return await self._select(_ordered(select(audit)))

    async def sought(self, sought: Sought, *, skip: int = 0, most: int | None = None) -> list[AuditEntry]:
        """Select what is asked for, newest day first."""
        query = _ordered(select(audit).where(*_conditions(sought))).offset(skip)
        return await self._select(query if most is None else query.limit(most))

    async def choices(self, organisations: frozenset[OrganisationId]) -> Choices:
        """Select what there are rows about."""
        own = audit.c.organisation.in_(organisations)
        async with self._database.read() as connection:

            async def distinct(column: ColumnElement[Any]) -> list[Any]:
                query = select(column).where(own).distinct().order_by(column)
                return list((await connection.execute(query)).scalars())

            kinds, accounts = await distinct(audit.c.kind), await distinct(audit.c.account)
            days = await distinct(audit.c.day)
        months = sorted({day.replace(day=1) for day in days}, reverse=True)
        return Choices(tuple(map(Audited, kinds)), tuple(accounts), tuple(months))

    async def settle(self, whose: Whose) -> None:
        """Move the rows: one of the same deed may be there already, and both are one then."""
        key = list(audit.primary_key)
        async with self._database.write() as connection:
            found = await connection.execute(select(audit).where(audit.c.organisation == ""))
            for row in found.mappings().all():
                known = row["kind"] in _KINDS
                owner = whose(Audited(row["kind"]), ServiceId(row["place"])) if known else OrganisationId("")
                if not owner:
                    continue
                where = [each == row[each.name] for each in key]
                await connection.execute(delete(audit).where(*where))
                made = _INSERTS[connection.dialect.name](audit).values({**row, "organisation": owner})
                counted = known and SORTS[Audited(row["kind"])].numbered
                both = {"times": audit.c.times + made.excluded.times if counted else 1}
                await connection.execute(made.on_conflict_do_update(index_elements=key, set_=both))

    async def forget(self, today: date, kept_days: Mapping[OrganisationId, int]) -> None:
        """Delete what is too old, each kind and organisation by its own measure."""
        query = delete(audit).where(or_(*_too_old(today, kept_days)))
        async with self._database.write() as connection:
            gone = (await connection.execute(query)).rowcount
        if gone:
            self._on_deleted()

    async def _select(self, query: Select[Any]) -> list[AuditEntry]:
        async with self._database.read() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(
        audit.c.day.desc(), audit.c.account, audit.c.organisation, audit.c.place, audit.c.kind
    )


def _conditions(sought: Sought) -> Iterator[ColumnElement[bool]]:
    yield audit.c.organisation.in_(sought.organisations)
    if sought.kind is not None:
        yield audit.c.kind == sought.kind.value
    if sought.account is not None:
        yield audit.c.account == sought.account
    if sought.month is not None:
        following = (sought.month + timedelta(days=31)).replace(day=1)
        yield and_(audit.c.day >= sought.month, audit.c.day < following)


def _too_old(today: date, kept_days: Mapping[OrganisationId, int]) -> Iterator[ColumnElement[bool]]:
    of_a_talk = audit.c.kind.in_(_OF_A_TALK)
    yield and_(of_a_talk, audit.c.day < today - OF_A_TALK_KEPT)
    # Many organisations keep equally long: one condition for each length, not for each of them.
    alike: dict[int, list[OrganisationId]] = defaultdict(list)
    for organisation, days in kept_days.items():
        if days != USUAL_AUDIT_DAYS:
            alike[days].append(organisation)
    for days, organisations in alike.items():
        yield and_(audit.c.organisation.in_(organisations), audit.c.day < today - timedelta(days=days))
    others = [organisation for organisations in alike.values() for organisation in organisations]
    yield and_(audit.c.organisation.not_in(others), audit.c.day < today - timedelta(days=USUAL_AUDIT_DAYS))


def _entry(row: Row[Any]) -> AuditEntry:
    kind = Audited(row.kind)
    return AuditEntry(
        kind=kind,
        account=row.account,
        organisation=OrganisationId(row.organisation),
        place=ServiceId(row.place),  # or another id: its kind tells which (`SORTS`)
        day=row.day,
        times=row.times if SORTS[kind].numbered else None,
    )
