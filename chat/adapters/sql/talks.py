# SPDX-License-Identifier: EUPL-1.2
"""`chat.talk_ports.Talks` in a SQL database.

Owns the rows. Each method is one write, so two supervisors never both become the one who is in touch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from chat.adapters.sql.database import Database
from chat.adapters.sql.rows import micros, moment, words
from chat.adapters.sql.tables import talk as table
from chat.ids import DutyId, ServiceId
from chat.talks import KEPT, Talk, too_many

_ALL: Final = select(table)
_OF: Final = _ALL.where(table.c.duty == bindparam("of"))
_ONE: Final = _ALL.where(table.c.id == bindparam("this"))
_FORGET: Final = delete(table).where(table.c.id == bindparam("this"))
_TAKE: Final = update(table).where(table.c.id == bindparam("this")).values(taken_by=bindparam("by"))
_FORGET_OLD: Final = delete(table).where(table.c.at <= bindparam("last"))


class SqlTalks:
    """The wishes in one `Database`. See `chat.talk_ports.Talks` for what each method promises.

    `on_deleted` is called after rows were deleted: they are to leave the files too.
    """

    def __init__(self, database: Database, on_deleted: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._on_deleted = on_deleted

    async def ask(self, talk: Talk) -> Talk:
        """Insert one row, unless there is one that nobody has taken."""
        return await self._database.run_write(partial(_ask, talk=talk))

    async def take_back(self, duty: DutyId) -> Talk | None:
        """Delete one row."""
        talk = await self._database.run_write(partial(_take_back, duty=duty))
        if talk is not None:
            self._on_deleted()
        return talk

    async def take(self, id_: str, alias: str, services: Collection[ServiceId], now: datetime) -> Talk | None:
        """Note who is in touch, if nobody is yet."""
        taking = partial(_take, id_=id_, alias=alias, services=services, now=now)
        return await self._database.run_write(taking)

    async def all(self, now: datetime) -> tuple[Talk, ...]:
        """Return what stands there."""
        return tuple(talk for talk in await self._database.run_question(_read) if talk.stands(now))

    async def forget_old(self, now: datetime) -> bool:
        """Delete what nobody is shown any more; nothing is written where there is nothing."""
        if all(talk.stands(now) for talk in await self._database.run_question(_read)):
            return False
        last = {"last": micros(now - KEPT)}
        await self._database.run_write(lambda connection: connection.execute(_FORGET_OLD, last).close())
        self._on_deleted()
        return True


def _read(connection: Connection) -> list[Talk]:
    return [_talk_of(row) for row in connection.execute(_ALL).mappings()]


def _ask(connection: Connection, talk: Talk) -> Talk:
    known = _first(connection, duty=talk.duty)
    if known is not None:
        if known.taken_by is None and known.stands(talk.at):
            return known
        connection.execute(_FORGET, {"this": known.id})
    for old in too_many([*_read(connection), talk], talk.services):
        connection.execute(_FORGET, {"this": old.id})
    columns = {"id": talk.id, "duty": talk.duty, "alias": talk.alias, "taken_by": talk.taken_by}
    connection.execute(insert(table), columns | {"services": words(talk.services), "at": micros(talk.at)})
    return talk


def _take_back(connection: Connection, duty: DutyId) -> Talk | None:
    known = _first(connection, duty=duty)
    if known is not None:
        connection.execute(_FORGET, {"this": known.id})
    return known


def _take(
    connection: Connection, id_: str, alias: str, services: Collection[ServiceId], now: datetime
) -> Talk | None:
    row = connection.execute(_ONE, {"this": id_}).mappings().first()
    talk = _talk_of(row) if row is not None else None
    if talk is None or not talk.is_of(services) or not talk.stands(now):
        return None
    taken = talk.taken(alias)
    if taken != talk:
        connection.execute(_TAKE, {"this": id_, "by": taken.taken_by})
    return taken


def _first(connection: Connection, duty: DutyId) -> Talk | None:
    row = connection.execute(_OF, {"of": duty}).mappings().first()
    return _talk_of(row) if row is not None else None


def _talk_of(row: RowMapping) -> Talk:
    return Talk(
        id=row["id"],
        duty=DutyId(row["duty"]),
        alias=row["alias"],
        services=frozenset(ServiceId(name) for name in row["services"].split()),
        at=moment(row["at"]),
        taken_by=row["taken_by"],
    )
