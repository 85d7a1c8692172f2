# SPDX-License-Identifier: EUPL-1.2
"""What a batch must know before it decides, read and locked in one order, against deadlocks.

Owns the reading statements of the group commit. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from chat.adapters.sql.counting import Added
from chat.adapters.sql.prepared import ManyNames
from chat.adapters.sql.tables import conversation, counter, duty, duty_service
from chat.conversation import Phase
from chat.ids import ConversationId, DutyId


@dataclass(slots=True)
class Known:
    """A stored conversation: its version, and while it is active the duties that hold it and visit it."""

    version: int
    holder: str | None
    guest: str | None = None


@dataclass(slots=True)
class OnDuty:
    """A duty that exists; for a claimant also what it serves and how many conversations it takes part in."""

    services: set[str]
    holds: int = 0
    supervising: frozenset[str] = frozenset()
    most: int | None = None
    """How many they want to hold at once."""
    has_paused: bool = False


_COMMA: Any = literal_column("','")
"""A plain text would be put into the statement anew at each execution."""


# PostgreSQL locks the rows, in the order of their ids. SQLite has one write lock, which is held already.
# All in one row: with each row that it fetches the driver lets go of the interpreter (see `prepared.py`).
def _conversations(names: Sequence[BindParameter[str]]) -> Select[Any]:
    active = conversation.c.phase == Phase.ACTIVE.value
    holder = case((active, conversation.c.operator), else_="")
    guest = func.coalesce(conversation.c.guest, "")
    fact = conversation.c.id + " " + cast(conversation.c.version, String) + " " + holder + " " + guest
    locked = select(fact.label("fact")).where(conversation.c.id.in_(names)).order_by(conversation.c.id)
    return select(func.aggregate_strings(locked.with_for_update().subquery().c.fact, _COMMA))


_CONVERSATIONS = ManyNames(_conversations)
_DUTIES = (
    select(duty.c.id, duty.c.supervising, duty.c.capacity, duty.c.paused_since)
    .where(duty.c.id.in_(bindparam("names", expanding=True)))
    .order_by(duty.c.id)
    .with_for_update()
)
_UNHELD_CONVERSATIONS = (
    select(conversation.c.id)
    .where(conversation.c.id.in_(bindparam("names", expanding=True)))
    .order_by(conversation.c.id)
    .with_for_update(skip_locked=True)
)
_UNHELD_DUTIES = (
    select(duty.c.id)
    .where(duty.c.id.in_(bindparam("names", expanding=True)))
    .order_by(duty.c.id)
    .with_for_update(skip_locked=True)
)
_COUNTER = (counter.c.service, counter.c.day, counter.c.name)
_UNHELD_COUNTERS = (
    select(*_COUNTER)
    .where(tuple_(*_COUNTER).in_(bindparam("names", expanding=True)))
    .order_by(*_COUNTER)
    .with_for_update(skip_locked=True)
)
_SERVICES = select(duty_service.c.duty, duty_service.c.service).where(
    duty_service.c.duty.in_(bindparam("names", expanding=True))
)
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_HELD = select(conversation.c.operator.label("duty")).where(
    conversation.c.operator.in_(_NAMES), conversation.c.phase == Phase.ACTIVE.value
)
_VISITED = select(conversation.c.guest.label("duty")).where(conversation.c.guest.in_(_NAMES))
_TAKEN = union_all(_HELD, _VISITED).subquery()
_LOADS = select(_TAKEN.c.duty, func.count()).group_by(_TAKEN.c.duty)
"""A guest's conversation takes a place like one that they hold."""


def conversations(connection: Connection, names: Collection[ConversationId]) -> dict[ConversationId, Known]:
    """Return the live ones of these conversations, locked until the end of the transaction."""
    if not names:
        return {}
    found: str | None = _CONVERSATIONS.run(connection, sorted(names)).scalar()
    if not found:
        return {}
    facts = (fact.split(" ") for fact in found.split(","))
    return {
        ConversationId(name): Known(int(version), holder or None, guest or None)
        for name, version, holder, guest in facts
    }


def unheld(
    connection: Connection, conversations: Collection[ConversationId], duties: Collection[DutyId]
) -> set[str]:
    """Return those of these that are stored and that no other transaction holds, without waiting for any."""
    found: set[str] = set()
    for statement, names in ((_UNHELD_CONVERSATIONS, conversations), (_UNHELD_DUTIES, duties)):
        if names:
            found.update(connection.execute(statement, {"names": sorted(names)}).scalars())
    return found


def unheld_counters(connection: Connection, counters: Collection[Added]) -> set[Added]:
    """Return those of these that are stored and that no other transaction holds, as `unheld`."""
    if not counters:
        return set()
    found = connection.execute(_UNHELD_COUNTERS, {"names": sorted(counters)})
    return {(service, day, name) for service, day, name in found}


def on_duty(
    connection: Connection, names: Collection[DutyId], claimants: Collection[DutyId]
) -> dict[DutyId, OnDuty]:
    """Return the existing ones of these duties, locked; with services and load for the claimants."""
    if not names:
        return {}
    found: dict[DutyId, OnDuty] = {
        name: OnDuty(
            set(),
            supervising=frozenset((supervising or "").split()),
            most=most,
            has_paused=paused_since is not None,
        )
        for name, supervising, most, paused_since in connection.execute(_DUTIES, {"names": sorted(names)})
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
