# SPDX-License-Identifier: EUPL-1.2
"""The questions that the store is asked, each one statement, so that no answer mixes two moments.

Owns the reading statements outside the group commit. Every function runs inside a transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from chat.adapters.sql.prepared import MOST_PLACES, ManyPlaces, Place
from chat.adapters.sql.rows import ARRIVAL, conversation_of, duty_of, entry_of, micros, stored_of
from chat.adapters.sql.tables import conversation, counter, duty, duty_service, entry, wrap
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import SealedEntry
from chat.ids import ClientId, ConversationId, DutyId, Role, ServiceId
from chat.ports import Stored

_SERVICES: BindParameter[Any] = bindparam("services", expanding=True)
_LOAD = select(conversation).where(conversation.c.id == bindparam("name"))
_FIND = select(conversation).where(conversation.c.lookup.in_(bindparam("lookups", expanding=True)))
_FIND_RETURN = select(conversation).where(
    conversation.c.return_lookup.in_(bindparam("lookups", expanding=True))
)
_ENTRIES = (
    select(entry)
    .where(entry.c.conversation == bindparam("name"), entry.c.seq > bindparam("after"))
    .order_by(entry.c.seq)
)
_ENTRY = [entry.c[name] for name in ARRIVAL]
"""The columns of an entry, as `entry_of` reads them."""


def _since(places: Sequence[Place]) -> CompoundSelect[Any]:
    """One part for each name, so that each finds its few rows by the primary key."""
    return union_all(
        *(
            select(conversation.c.version, *_ENTRY)
            .join_from(conversation, entry, entry.c.conversation == conversation.c.id)
            .where(conversation.c.id == name, entry.c.seq > after)
            for name, after in places
        )
    )


_SINCE = ManyPlaces("said_after", _since)
_INTAKE = select(entry).where(entry.c.conversation == bindparam("name"), entry.c.seq == 0)
_SAID_AS = select(entry).where(
    entry.c.conversation == bindparam("name"),
    entry.c.role == bindparam("role"),
    entry.c.client_id == bindparam("client_id"),
)
_SAID = (
    select(entry.c.seq, entry.c.role, entry.c.client_id)
    .where(entry.c.conversation == bindparam("name"), entry.c.client_id.is_not(None))
    .order_by(entry.c.seq)
)
_WAITING = select(conversation).where(
    conversation.c.service.in_(_SERVICES),
    conversation.c.phase.in_([Phase.WAITING.value, Phase.OFFERED.value]),
)
_INVITED = select(conversation).where(conversation.c.invited.in_(_SERVICES), conversation.c.guest.is_(None))
_OFFERED = select(conversation).where(
    conversation.c.transfer.in_(_SERVICES),
    conversation.c.transfer_ended.is_(None),
    conversation.c.phase == Phase.ACTIVE.value,
)
_HANDS = select(conversation).where(
    conversation.c.hand_since.is_not(None), conversation.c.service.in_(_SERVICES)
)
_HELD_BY = select(conversation.c.id).where(
    or_(conversation.c.operator == bindparam("holder"), conversation.c.guest == bindparam("holder"))
)
_SERVING = select(duty_service.c.duty).where(duty_service.c.service.in_(_SERVICES))
_LOADS = (
    select(duty.c.id, func.count(conversation.c.id))
    .outerjoin(
        conversation,
        or_(
            and_(conversation.c.operator == duty.c.id, conversation.c.phase == Phase.ACTIVE.value),
            conversation.c.guest == duty.c.id,
        ),
    )
    .where(duty.c.id.in_(_SERVING))
    .group_by(duty.c.id)
)
_ACTIVE = (
    select(conversation.c.service, func.count())
    .where(conversation.c.service.in_(_SERVICES), conversation.c.phase == Phase.ACTIVE.value)
    .group_by(conversation.c.service)
)
_DUE = select(conversation.c.id).where(conversation.c.deadline <= bindparam("now"))
_WRAP_FOR = select(wrap.c.wrap).where(
    wrap.c.conversation == bindparam("name"), wrap.c.duty == bindparam("holder")
)
_WRAPPED_FOR = select(wrap.c.duty).where(wrap.c.conversation == bindparam("name"))
_DUTIES = select(duty, duty_service.c.service).outerjoin(duty_service, duty_service.c.duty == duty.c.id)
_DUTY = _DUTIES.where(duty.c.id == bindparam("holder"))
_DUTIES_SERVING = _DUTIES.where(duty.c.id.in_(_SERVING))
_COUNTERS = (
    select(counter.c.service, counter.c.name, func.sum(counter.c.value).label("value"))
    .where(
        counter.c.service.in_(_SERVICES),
        counter.c.day >= bindparam("first"),
        counter.c.day <= bindparam("last"),
    )
    .group_by(counter.c.service, counter.c.name)
)


def load(connection: Connection, name: ConversationId) -> Stored | None:
    """As `Store.load`."""
    row = connection.execute(_LOAD, {"name": name}).mappings().first()
    return None if row is None else stored_of(row)


def find(connection: Connection, lookups: Sequence[bytes]) -> Stored | None:
    """As `Store.find`."""
    row = connection.execute(_FIND, {"lookups": list(lookups)}).mappings().first()
    return None if row is None else stored_of(row)


def find_return(connection: Connection, lookups: Sequence[bytes]) -> Stored | None:
    """As `Store.find_return`."""
    row = connection.execute(_FIND_RETURN, {"lookups": list(lookups)}).mappings().first()
    return None if row is None else stored_of(row)


def entries(connection: Connection, name: ConversationId, after: int) -> list[SealedEntry]:
    """As `Store.entries`."""
    rows = connection.execute(_ENTRIES, {"name": name, "after": max(after, 0)}).mappings()
    return [entry_of(row) for row in rows]


def said_after(
    connection: Connection, seqs: Mapping[ConversationId, int]
) -> dict[ConversationId, tuple[int, list[SealedEntry]]]:
    """As `Store.said_after`."""
    found: dict[ConversationId, tuple[int, list[SealedEntry]]] = {}
    places = [(name, max(after, 0)) for name, after in seqs.items()]
    for first in range(0, len(places), MOST_PLACES):
        for row in _SINCE.run(connection, places[first : first + MOST_PLACES]):
            told = entry_of(row)
            found.setdefault(told.conversation, (row["version"], []))[1].append(told)
    for _, told_of_one in found.values():
        told_of_one.sort(key=lambda each: each.seq)
    return found


def intake(connection: Connection, name: ConversationId) -> SealedEntry | None:
    """As `Store.intake`."""
    row = connection.execute(_INTAKE, {"name": name}).mappings().first()
    return None if row is None else entry_of(row)


def said_as(
    connection: Connection, name: ConversationId, role: Role, client_id: ClientId
) -> SealedEntry | None:
    """As `Store.said_as`."""
    values = {"name": name, "role": role.value, "client_id": client_id}
    row = connection.execute(_SAID_AS, values).mappings().first()
    return None if row is None else entry_of(row)


def said(connection: Connection, name: ConversationId) -> list[tuple[int, Role, ClientId]]:
    """As `Store.said`."""
    rows = connection.execute(_SAID, {"name": name})
    return [(seq, Role(role), ClientId(client_id)) for seq, role, client_id in rows]


def waiting(connection: Connection, services: Collection[ServiceId]) -> list[Conversation]:
    """As `Store.waiting`."""
    rows = connection.execute(_WAITING, {"services": list(services)}).mappings()
    return [conversation_of(row) for row in rows]


def invited(connection: Connection, services: Collection[ServiceId]) -> list[Conversation]:
    """As `Store.invited`."""
    rows = connection.execute(_INVITED, {"services": list(services)}).mappings()
    return [conversation_of(row) for row in rows]


def offered(connection: Connection, services: Collection[ServiceId]) -> list[Conversation]:
    """As `Store.offered`."""
    rows = connection.execute(_OFFERED, {"services": list(services)}).mappings()
    return [conversation_of(row) for row in rows]


def hands(connection: Connection, services: Collection[ServiceId]) -> list[Conversation]:
    """As `Store.hands`."""
    rows = connection.execute(_HANDS, {"services": list(services)}).mappings()
    return [conversation_of(row) for row in rows]


def held_by(connection: Connection, holder: DutyId) -> list[ConversationId]:
    """As `Store.held_by`."""
    return [ConversationId(name) for name in connection.execute(_HELD_BY, {"holder": holder}).scalars()]


def loads(connection: Connection, services: Collection[ServiceId]) -> dict[DutyId, int]:
    """As `Store.loads`."""
    rows = connection.execute(_LOADS, {"services": list(services)})
    return {DutyId(holder): count for holder, count in rows}


def active_count(connection: Connection, services: Collection[ServiceId]) -> dict[ServiceId, int]:
    """As `Store.active_count`."""
    counted = dict.fromkeys(services, 0)
    for service, count in connection.execute(_ACTIVE, {"services": list(services)}):
        counted[service] = count
    return counted


def due(connection: Connection, now: datetime) -> list[ConversationId]:
    """As `Store.due`."""
    return [ConversationId(name) for name in connection.execute(_DUE, {"now": micros(now)}).scalars()]


def wrap_for(connection: Connection, name: ConversationId, holder: DutyId) -> bytes | None:
    """As `Store.wrap_for`."""
    found: bytes | None = connection.execute(_WRAP_FOR, {"name": name, "holder": holder}).scalar()
    return found


def wrapped_for(connection: Connection, name: ConversationId) -> set[DutyId]:
    """As `Store.wrapped_for`."""
    return {DutyId(holder) for holder in connection.execute(_WRAPPED_FOR, {"name": name}).scalars()}


def one_duty(connection: Connection, holder: DutyId) -> Duty | None:
    """As `Store.duty`."""
    rows = connection.execute(_DUTY, {"holder": holder}).mappings().all()
    if not rows:
        return None
    return duty_of(rows[0], [row["service"] for row in rows if row["service"] is not None])


def duties(connection: Connection, services: Collection[ServiceId] | None) -> list[Duty]:
    """As `Store.duties`; every duty when `services` is None."""
    if services is None:
        rows = connection.execute(_DUTIES).mappings().all()
    else:
        rows = connection.execute(_DUTIES_SERVING, {"services": list(services)}).mappings().all()
    served: dict[str, list[str]] = {row["id"]: [] for row in rows}
    for row in rows:
        if row["service"] is not None:
            served[row["id"]].append(row["service"])
    return [duty_of(row, served[row["id"]]) for row in {row["id"]: row for row in rows}.values()]


def counters(
    connection: Connection, services: Collection[ServiceId], first: date, last: date
) -> dict[ServiceId, dict[str, int]]:
    """As `Store.counters`."""
    counted: dict[ServiceId, dict[str, int]] = {service: {} for service in services}
    for row in connection.execute(_COUNTERS, {"services": list(services), "first": first, "last": last}):
        counted[row.service][row.name] = row.value
    return counted
