# SPDX-License-Identifier: EUPL-1.2
"""`chat.process_ports.Processes` in a SQL database.

Owns the rows of the processes and the roll call. Rows are locked in the one order of all writers:
conversations by id, then duties by id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from chat.adapters.sql.database import Database
from chat.adapters.sql.dialect import lock
from chat.adapters.sql.rows import micros
from chat.adapters.sql.tables import conversation, duty, present, process, staff_entry
from chat.conversation import Phase
from chat.ids import ConversationId, DutyId
from chat.process_ports import Sign

_AT_ONCE = 500
"""How many ids are asked about in one statement."""

_THIS = process.c.id == bindparam("this")
_LOOK = select(process)
_BEAT = update(process).where(_THIS).values(beats=process.c.beats + 1)
_ANY_ASKED = select(exists().where(process.c.asked))
_BURY = delete(process).where(_THIS, process.c.beats == bindparam("counted"))
_ASK = update(process).values(asked=True)
_FORGET_ANSWERS = delete(present)
_ANSWERED = update(process).where(_THIS, process.c.asked).values(asked=False)
_WAS_ASKED = select(process.c.asked).where(_THIS)
_LEAVE = delete(process).where(_THIS)

_NAMED = select(present.c.id)
_SHE_IS_LOST = and_(conversation.c.visitor_away_since.is_(None), conversation.c.id.not_in(_NAMED))
_OPERATOR_IS_LOST = and_(
    conversation.c.phase == Phase.ACTIVE.value,
    conversation.c.operator_away_since.is_(None),
    conversation.c.operator.not_in(_NAMED),
)
_GUEST_IS_LOST = and_(
    conversation.c.guest.is_not(None),
    conversation.c.guest_away_since.is_(None),
    conversation.c.guest.not_in(_NAMED),
)
_SOMEBODY_IS_LOST = or_(_SHE_IS_LOST, _OPERATOR_IS_LOST, _GUEST_IS_LOST)
_DUTY_IS_LOST = and_(duty.c.away_since.is_(None), duty.c.id.not_in(_NAMED))
_LOCK_CONVERSATIONS = (
    select(conversation.c.id).where(_SOMEBODY_IS_LOST).order_by(conversation.c.id).with_for_update()
)
_LOCK_DUTIES = select(duty.c.id).where(_DUTY_IS_LOST).order_by(duty.c.id).with_for_update()
_NOW: BindParameter[int] = bindparam("now")
_LOST_AWAY = (
    update(conversation)
    .where(_SOMEBODY_IS_LOST)
    .values(
        version=conversation.c.version + 1,
        visitor_away_since=case((_SHE_IS_LOST, _NOW), else_=conversation.c.visitor_away_since),
        operator_away_since=case((_OPERATOR_IS_LOST, _NOW), else_=conversation.c.operator_away_since),
        guest_away_since=case((_GUEST_IS_LOST, _NOW), else_=conversation.c.guest_away_since),
        deadline=_NOW,
    )
)
_LOST_DUTIES_AWAY = update(duty).where(_DUTY_IS_LOST).values(away_since=_NOW)

_VERSIONS = select(conversation.c.id, conversation.c.version).where(
    conversation.c.id.in_(bindparam("names", expanding=True))
)
_NOTED = (
    select(staff_entry.c.conversation, func.max(staff_entry.c.staff_seq))
    .where(staff_entry.c.conversation.in_(bindparam("names", expanding=True)))
    .group_by(staff_entry.c.conversation)
)


class SqlProcesses:
    """The processes over one `Database`. See `chat.process_ports.Processes` for what each method promises."""

    def __init__(self, database: Database, site: str = "") -> None:
        """Give signs into `database`. `site`: a digest of the site file, of up to 32 characters."""
        self._database = database
        self._site = site

    async def begin(self) -> None:
        """Delete every row."""
        await self._database.run_write(lambda connection: connection.execute(delete(process)).close())

    async def look(self) -> Mapping[str, Sign]:
        """Return what stands there."""
        return await self._database.run_question(_look)

    async def beat(self, process: str) -> bool:
        """Count one further."""
        return await self._database.run_write(partial(_beat, name=process, site=self._site))

    async def bury(self, process: str, beats: int, now: datetime) -> bool:
        """Delete the row if it stands as it stood, and ask everybody else."""
        return await self._database.run_write(partial(_bury, name=process, beats=beats, now=now))

    async def answer(
        self,
        process: str,
        conversations: Collection[ConversationId],
        duties: Collection[DutyId],
        now: datetime,
    ) -> None:
        """Insert who sits here, and end the roll call if nobody else is asked."""
        ids = sorted({*conversations, *duties})
        await self._database.run_write(partial(_answer, name=process, ids=ids, now=now))

    async def leave(self, process: str, now: datetime) -> None:
        """Delete the row, and end a roll call that waited for this one alone."""
        await self._database.run_write(partial(_leave, name=process, now=now))

    async def versions(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the version of each that is live."""
        return await self._database.run_question(partial(_of_each, statement=_VERSIONS, names=conversations))

    async def noted(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the head of the staff entries of each that has any."""
        return await self._database.run_question(partial(_of_each, statement=_NOTED, names=conversations))


def _look(connection: Connection) -> dict[str, Sign]:
    rows = connection.execute(_LOOK).mappings()
    return {row["id"]: Sign(row["beats"], row["asked"], row["site"]) for row in rows}


def _beat(connection: Connection, name: str, site: str) -> bool:
    if connection.execute(_BEAT, {"this": name}).rowcount:
        return True
    # Whoever comes while the roll is called is asked as well: people may be coming in already.
    asked = connection.execute(_ANY_ASKED).scalar_one()
    connection.execute(insert(process), {"id": name, "beats": 0, "asked": asked, "site": site})
    return False


def _bury(connection: Connection, name: str, beats: int, now: datetime) -> bool:
    if not connection.execute(_BURY, {"this": name, "counted": beats}).rowcount:
        return False
    connection.execute(_FORGET_ANSWERS)
    connection.execute(_ASK)
    _end_roll_call(connection, now)
    return True


def _answer(connection: Connection, name: str, ids: list[str], now: datetime) -> None:
    if not connection.execute(_ANSWERED, {"this": name}).rowcount:
        return
    if ids:
        connection.execute(insert(present), [{"id": id_, "process": name} for id_ in ids])
    _end_roll_call(connection, now)


def _leave(connection: Connection, name: str, now: datetime) -> None:
    asked = connection.execute(_WAS_ASKED, {"this": name}).scalar()
    connection.execute(_LEAVE, {"this": name})
    if asked:
        _end_roll_call(connection, now)


def _end_roll_call(connection: Connection, now: datetime) -> None:
    """Note as away whoever nobody has named, if nobody is asked any more; who sits where is forgotten."""
    if connection.execute(_ANY_ASKED).scalar_one():
        return
    values = {"now": micros(now)}
    lock(connection, _LOCK_CONVERSATIONS, _LOCK_DUTIES)
    connection.execute(_LOST_AWAY, values)
    connection.execute(_LOST_DUTIES_AWAY, values)
    connection.execute(_FORGET_ANSWERS)


def _of_each(
    connection: Connection, statement: Select[Any], names: Collection[ConversationId]
) -> dict[ConversationId, int]:
    known = list(names)
    found: dict[ConversationId, int] = {}
    for first in range(0, len(known), _AT_ONCE):
        rows = connection.execute(statement, {"names": known[first : first + _AT_ONCE]})
        found |= {ConversationId(name): number for name, number in rows}
    return found
