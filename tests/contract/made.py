# SPDX-License-Identifier: EUPL-1.2
"""Conversations, duties and changes for the contract tests, made from small numbers that a test can name."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import EntryKind, SealedEntry
from chat.ids import ClientId, ConversationId, DutyId, OrganisationId, Role, ServiceId, Track
from chat.ports import Change, Rekeyed, ReturnKey, Store, Stored, VisitorKey
from chat.statistics import Count, Counted

NOW = datetime(2026, 3, 1, 18, 30, 15, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 1)
JOUR = ServiceId("jour")
OTHER = ServiceId("other")


def _name(*parts: object) -> str:
    digest = hashlib.sha256(repr(parts).encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def client_id(number: int) -> ClientId:
    """Return the client id of this number."""
    return ClientId(_name("client", number))


def duty_id(number: int) -> DutyId:
    """Return the duty id of this number."""
    return DutyId(_name("duty", number))


def conversation(number: int, service: ServiceId = JOUR) -> Conversation:
    """Return a fresh waiting conversation."""
    return Conversation(
        id=ConversationId(_name("conversation", number)),
        service=service,
        organisation=OrganisationId("organisation"),
        track=Track.EXPOSED,
        language="sv",
        started_at=NOW,
        waiting_since=NOW + timedelta(microseconds=1),
    )


def visitor_key(number: int, day: int = 20000) -> VisitorKey:
    """Return what her token opens."""
    return VisitorKey(day, hashlib.sha256(b"lookup%d.%d" % (number, day)).digest(), b"visitor wrap %d" % day)


def return_key(number: int, day: int = 20000) -> ReturnKey:
    """Return what her code opens."""
    return ReturnKey(day, hashlib.sha256(b"code%d.%d" % (number, day)).digest(), b"return wrap %d" % day)


def duty(number: int, *services: ServiceId) -> Duty:
    """Return a duty that serves `services`."""
    return Duty(
        id=duty_id(number),
        alias=f"Alias {number}",
        services=frozenset(services),
        track=Track.EXPOSED,
        public_key=bytes([number % 256]) * 32,
        key_day=20000,
        since=NOW,
        idle_since=NOW + timedelta(seconds=number),
        languages=frozenset({"sv", "ar"}),
    )


def said(
    before: Conversation, number: int, body: bytes = b"sealed", role: Role = Role.VISITOR
) -> SealedEntry:
    """Return the next entry of a conversation."""
    return SealedEntry(before.id, before.seq + 1, EntryKind.SAID, role, client_id(number), body)


def count(by: int = 1, name: Counted = Counted.STARTED) -> Count:
    """Return an addition to a counter of the jour."""
    return Count(JOUR, TODAY, name, by)


def saying(stored: Stored, number: int, body: bytes = b"sealed") -> Change:
    """Return the step in which she says something."""
    before = stored.conversation
    return Change(
        conversation=replace(before, seq=before.seq + 1),
        expected=stored.version,
        deadline=None,
        entries=(said(before, number, body),),
    )


def claiming(stored: Stored, number: int, capacity: int = 3) -> Change:
    """Return the step in which a duty accepts."""
    before = stored.conversation
    alias = f"Alias {number}"
    after = replace(
        before,
        phase=Phase.ACTIVE,
        seq=before.seq + 1,
        operator=duty_id(number),
        alias=alias,
        passed_by=frozenset(),
        answered_at=NOW + timedelta(microseconds=before.seq + 2),
    )
    joined = SealedEntry(before.id, after.seq, EntryKind.JOINED, Role.SERVICE, None, None, alias)
    return Change(
        conversation=after,
        expected=stored.version,
        deadline=None,
        entries=(joined,),
        counts=(count(name=Counted.ANSWERED),),
        claimed_by=duty_id(number),
        capacity=capacity,
    )


def rekeying(stored: Stored, keys: Rekeyed) -> Change:
    """Return a step that changes what opens a conversation."""
    until = NOW if keys.return_key is not None else None
    after = replace(stored.conversation, code_until=until)
    return Change(conversation=after, expected=stored.version, deadline=None, rekeyed=keys)


def returning(stored: Stored) -> Change:
    """Return the step in which its operator is lost."""
    before = stored.conversation
    after = replace(before, phase=Phase.WAITING, seq=before.seq + 1, operator=None, alias=None, front=True)
    left = SealedEntry(before.id, after.seq, EntryKind.LEFT, Role.SERVICE, None, None, before.alias)
    return Change(
        conversation=after, expected=stored.version, deadline=None, entries=(left,), drop_wraps=True
    )


def ending(stored: Stored) -> Change:
    """Return the step in which it ends."""
    before = stored.conversation
    after = replace(before, phase=Phase.ENDED, seq=before.seq + 1, operator=None, alias=None)
    return Change(
        conversation=after, expected=stored.version, deadline=None, counts=(count(name=Counted.ENDED),)
    )


async def live(store: Store, number: int) -> Stored:
    """Return a conversation that must be live, as stored."""
    stored = await store.load(conversation(number).id)
    assert stored is not None
    return stored


async def start(
    store: Store,
    number: int,
    *,
    service: ServiceId = JOUR,
    deadline: datetime | None = None,
    wraps: dict[DutyId, bytes] | None = None,
    intake: bytes | None = None,
) -> Stored:
    """Store a new conversation and return it."""
    new = conversation(number, service)
    answers = None if intake is None else SealedEntry(new.id, 0, EntryKind.SAID, Role.VISITOR, None, intake)
    await store.create(
        new, visitor_key(number), deadline=deadline, wraps=wraps or {}, intake=answers, counts=(count(),)
    )
    return await live(store, number)
