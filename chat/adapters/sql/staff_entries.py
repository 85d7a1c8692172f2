# SPDX-License-Identifier: EUPL-1.2
"""`chat.staff_ports.StaffEntries` in a SQL database.

Owns the statements about what staff write for each other. They are rare beside messages, so each is a
transaction of its own and not part of the group commit.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select

from chat.adapters.sql import facts
from chat.adapters.sql.database import Database
from chat.adapters.sql.tables import staff_entry
from chat.errors import Stale
from chat.ids import ClientId, ConversationId, DutyId
from chat.staff_entries import SealedStaffEntry, StaffKind

_HERE = staff_entry.c.conversation == bindparam("name")
_HEAD = select(func.coalesce(func.max(staff_entry.c.staff_seq), 0)).where(_HERE)
_ALL = select(staff_entry).where(_HERE).order_by(staff_entry.c.staff_seq)
_ADD = insert(staff_entry)
DROP = delete(staff_entry).where(staff_entry.c.conversation.in_(bindparam("names", expanding=True)))
"""Within a step of the group commit (`Change.drops_notes`)."""


class SqlStaffEntries:
    """Staff-only entries, in a `Database`. `chat.staff_ports.StaffEntries` says what each method promises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entry: SealedStaffEntry, by: DutyId) -> None:
        """Insert one, if it is the next one and its author still takes part."""
        await self._database.run_write(partial(_add, entry=entry, by=by))

    async def of(self, conversation: ConversationId) -> list[SealedStaffEntry]:
        """Return all, in order."""
        return await self._database.run_read(partial(_of, name=conversation))


def _add(connection: Connection, entry: SealedStaffEntry, by: DutyId) -> None:
    # Locks the conversation, so that neither its end nor another entry comes between the look and the insert.
    known = facts.conversations(connection, [entry.conversation]).get(entry.conversation)
    if known is None or by not in {known.holder, known.guest}:
        raise Stale
    head = connection.execute(_HEAD, {"name": entry.conversation}).scalar_one()
    if entry.staff_seq != head + 1:
        raise Stale
    row = {
        "conversation": entry.conversation,
        "staff_seq": entry.staff_seq,
        "kind": entry.kind.value,
        "client_id": entry.client_id,
        "body": entry.body,
    }
    connection.execute(_ADD, row)


def _of(connection: Connection, name: ConversationId) -> list[SealedStaffEntry]:
    return [_entry_of(row) for row in connection.execute(_ALL, {"name": name}).mappings()]


def _entry_of(row: RowMapping) -> SealedStaffEntry:
    return SealedStaffEntry(
        conversation=ConversationId(row["conversation"]),
        staff_seq=row["staff_seq"],
        kind=StaffKind(row["kind"]),
        client_id=ClientId(row["client_id"]),
        body=row["body"],
    )
