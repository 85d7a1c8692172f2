# SPDX-License-Identifier: EUPL-1.2
"""What a batch must know before it decides, read and locked in one order, against deadlocks.

Owns the reading statements of the group commit. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from chat.adapters.sql.prepared import Prepared
from chat.adapters.sql.rows import STATE, State
from chat.adapters.sql.tables import conversation, duty, duty_service
from chat.conversation import Phase
from chat.ids import ConversationId, DutyId


@dataclass(frozen=True, slots=True)
class Known:
    """A stored conversation: its version and the rest of it."""

    version: int
    state: State


@dataclass(slots=True)
class OnDuty:
    """A duty that exists; for a claimant also what it serves and how many active conversations it holds."""

    services: set[str]
    holds: int = 0


# PostgreSQL locks the rows, in the order of their ids. SQLite has one write lock, which is held already.
_KNOWN: Select[Any] = select(
    conversation.c.id, conversation.c.version, *(conversation.c[name] for name in STATE)
)
_CONVERSATION = Prepared(_KNOWN.where(conversation.c.id == bindparam("name")).with_for_update(), ["name"])
_CONVERSATIONS = (
    _KNOWN.where(conversation.c.id.in_(bindparam("names", expanding=True)))
    .order_by(conversation.c.id)
    .with_for_update()
)
_DUTIES = (
    select(duty.c.id)
    .where(duty.c.id.in_(bindparam("names", expanding=True)))
    .order_by(duty.c.id)
    .with_for_update()
)
_SERVICES = select(duty_service.c.duty, duty_service.c.service).where(
    duty_service.c.duty.in_(bindparam("names", expanding=True))
)
_LOADS = (
    select(conversation.c.operator, func.count())
    .where(
        conversation.c.operator.in_(bindparam("names", expanding=True)),
        conversation.c.phase == Phase.ACTIVE.value,
    )
    .group_by(conversation.c.operator)
)


def conversations(connection: Connection, names: Collection[ConversationId]) -> dict[ConversationId, Known]:
    """Return the live ones of these conversations, locked until the end of the transaction."""
    if not names:
        return {}
    if len(names) == 1:
        found = _CONVERSATION.run(connection, [tuple(names)])
    else:
        found = connection.execute(_CONVERSATIONS, {"names": sorted(names)})
    rows: list[tuple[Any, ...]] = [tuple(row) for row in found]
    return {row[0]: Known(row[1], row[2:]) for row in rows}


def on_duty(
    connection: Connection, names: Collection[DutyId], claimants: Collection[DutyId]
) -> dict[DutyId, OnDuty]:
    """Return the existing ones of these duties, locked; with services and load for the claimants."""
    if not names:
        return {}
    found: dict[DutyId, OnDuty] = {
        row[0]: OnDuty(set()) for row in connection.execute(_DUTIES, {"names": sorted(names)})
    }
    if claimants:
        wanted = {"names": sorted(claimants)}
        for holder, service in connection.execute(_SERVICES, wanted):
            if holder in found:
                found[holder].services.add(service)
        for holder, count in connection.execute(_LOADS, wanted):
            if holder in found:
                found[holder].holds = count
    return found
