# SPDX-License-Identifier: EUPL-1.2
"""The log of a room: its entries sealed and unsealed, and retries recognised.

Owns the way between readable and sealed entries. Announces and decides nothing; called under the room's lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from chat import events
from chat.conversation import Conversation
from chat.entries import Entry, EntryKind, SealedEntry
from chat.errors import CannotUnseal, HasEnded, IdReused
from chat.events import Event
from chat.ids import ClientId, Randomness, Role
from chat.live.room import Room, text_digest
from chat.ports import Store
from chat.routing import AGE_BANDS, NEEDS, ROLES
from chat.sealing import ConversationKey, Place
from moderation.judge import Judge

_CHOSEN = frozenset((*NEEDS, *AGE_BANDS, *ROLES))
"""The answers that can be chosen before the start."""

INTAKE = "intake"
"""Stands in the place of a client id in the seal of her answers, which are the entry with seq 0."""

MANY = 32
"""So many entries are opened before everybody else has a turn."""

Answers = Mapping[str, str | bool]
"""Her answers before the start, by what was asked."""

Entries = tuple[tuple[Entry, ...], tuple[SealedEntry, ...]]


def seal(room: Room, entry: Entry, randomness: Randomness) -> SealedEntry:
    """Return what was said, as it is stored.

    Raises:
        CannotUnseal: no key is at hand to seal it with.
    """
    if room.key is None or entry.at is None:
        raise CannotUnseal
    place = room.place(entry.seq, entry.role, entry.client_id or "")
    body = room.key.seal_text(place, entry.text, entry.at, randomness)
    return SealedEntry(room.id, entry.seq, entry.kind, entry.role, entry.client_id, body, entry.alias)


def entries_of(
    room: Room, happened: Iterable[Event], text: str, now: datetime, chance: Randomness
) -> Entries:
    """Return the entries of a step in which nothing is said, readable and as they are stored.

    `text`: what a question to her, or her answer to it, says.

    Raises:
        CannotUnseal: no key is at hand to seal it with.
    """
    entries = tuple([entry for event in happened if (entry := _entry_of(event, text, now)) is not None])
    return entries, tuple([_stored(room, entry, chance) for entry in entries])


def _entry_of(event: Event, text: str, now: datetime) -> Entry | None:
    return _of_who_holds_it(event) or _of_others(event, text, now)


def _of_who_holds_it(event: Event) -> Entry | None:
    service = Role.SERVICE
    match event:
        case events.OperatorJoined(seq, _, alias) | events.SupervisorTookOver(seq, _, alias):
            return Entry(seq, EntryKind.JOINED, service, alias=alias)
        case events.OperatorRelieved(seq, _, alias):
            return Entry(seq, EntryKind.RELIEVED, service, alias=alias)
        case events.OperatorLeft(seq, _, alias):
            return Entry(seq, EntryKind.LEFT, service, alias=alias)
        case events.HandedOver(seq, _, alias):
            return Entry(seq, EntryKind.HANDED, service, alias=alias)
        case events.TakenOn(seq, _, alias, name):
            return Entry(seq, EntryKind.JOINED, service, alias=alias, organisation=name or None)
        case events.TransferEnded(_, int(seq), name):
            return Entry(seq, EntryKind.STAYED, service, organisation=name)
        case _:
            return None


def _of_others(event: Event, text: str, now: datetime) -> Entry | None:
    service = Role.SERVICE
    match event:
        case events.GuestJoined(seq, _, alias, organisation):
            return Entry(seq, EntryKind.GUEST_JOINED, service, alias=alias, organisation=organisation)
        case events.GuestLeft(seq, _, alias):
            return Entry(seq, EntryKind.GUEST_LEFT, service, alias=alias)
        case events.SupervisorCame(seq, _, alias, organisation):
            return Entry(seq, EntryKind.SUPERVISOR_CAME, service, alias=alias, organisation=organisation)
        case events.InvitationWithdrawn(seq):
            return Entry(seq, EntryKind.UNINVITED, service)
        case events.ProposalTakenBack(seq):
            return Entry(seq, EntryKind.TAKEN_BACK, service)
        case events.ProposalPut(seq, client_id):
            return Entry(seq, EntryKind.PROPOSED, Role.OPERATOR, client_id, text, now)
        case events.ProposalAnswered(seq, client_id):
            return Entry(seq, EntryKind.ANSWERED, Role.VISITOR, client_id, text, now)
        case _:
            return None


def _stored(room: Room, entry: Entry, chance: Randomness) -> SealedEntry:
    """Return an entry as it is stored; comings and goings carry no words to seal."""
    if entry.at is not None:
        return seal(room, entry, chance)
    alias, organisation = entry.alias, entry.organisation
    return SealedEntry(room.id, entry.seq, entry.kind, entry.role, None, None, alias, organisation)


async def read(
    room: Room, store: Store, turns: asyncio.Semaphore, after: int, until: int | None = None
) -> tuple[Entry, ...]:
    """Return the entries after `after`, up to `until` or as far as the room has come, in readable form.

    What another process has stored since is left for the doorbell, so that nothing is shown twice. Many
    entries are read when it is their turn, and opened a few at a time: a hundred who read long conversations
    again at the same moment would fill the memory, and nobody else would be heard for seconds (measured).

    Raises:
        CannotUnseal: no key is at hand, or an entry does not open under it.
    """
    head = room.conversation.seq if until is None else until
    return await _opened(room, store, turns, after, head, lambda sealed: _unseal(room, sealed))


async def read_what_opens(
    room: Room, store: Store, turns: asyncio.Semaphore, after: int, until: int
) -> tuple[tuple[Entry, ...], CannotUnseal | None]:
    """As `read`, but leave out what does not open, and return why it does not."""
    damaged: list[CannotUnseal] = []
    entries = await _opened(room, store, turns, after, until, lambda sealed: _open(room, sealed, damaged))
    return entries, damaged[-1] if damaged else None


def what_opens(room: Room, sealed: Sequence[SealedEntry]) -> tuple[tuple[Entry, ...], CannotUnseal | None]:
    """As `read_what_opens`, of a few that have been read already."""
    damaged: list[CannotUnseal] = []
    opened = [_open(room, each, damaged) for each in sealed]
    return tuple([each for each in opened if each is not None]), damaged[-1] if damaged else None


def _open(room: Room, sealed: SealedEntry, damaged: list[CannotUnseal]) -> Entry | None:
    try:
        return _unseal(room, sealed)
    except CannotUnseal as error:
        damaged.append(error)
        return None


async def _opened(  # noqa: PLR0917 - what is read, where, in whose turn, and how it is opened
    room: Room,
    store: Store,
    turns: asyncio.Semaphore,
    after: int,
    head: int,
    open_: Callable[[SealedEntry], Entry | None],
) -> tuple[Entry, ...]:
    if head <= after:
        return ()  # most who come back have missed nothing
    if head - after <= MANY:
        return _some(await store.entries(room.id, after), head, open_)
    entries: tuple[Entry, ...] = ()
    async with turns:
        sealed = await store.entries(room.id, after)
        for first in range(0, len(sealed), MANY):
            entries += _some(sealed[first : first + MANY], head, open_)
            await asyncio.sleep(0)
    return entries


def _some(
    sealed: Sequence[SealedEntry], head: int, open_: Callable[[SealedEntry], Entry | None]
) -> tuple[Entry, ...]:
    opened = (open_(entry) for entry in sealed if entry.seq <= head)
    return tuple([entry for entry in opened if entry is not None])


def seal_intake(  # noqa: PLR0917 - what is sealed, under what, where, who looked at it, and when
    key: ConversationKey,
    conversation: Conversation,
    answers: Answers,
    judge: Judge,
    now: datetime,
    randomness: Randomness,
) -> SealedEntry:
    """Return her answers before the start as they are stored (JSON), without what tells who she is.

    What she chose among our own answers tells nothing: `under_18` must not be taken for an account.
    """
    kept = {
        name: judge.of_visitor(answer, language=conversation.language).text
        if isinstance(answer, str) and answer not in _CHOSEN
        else answer
        for name, answer in answers.items()
    }
    place = Place(conversation.organisation, conversation.id, 0, Role.VISITOR, INTAKE)
    body = key.seal_text(place, msgspec.json.encode(kept).decode(), now, randomness)
    return SealedEntry(conversation.id, 0, EntryKind.SAID, Role.VISITOR, None, body)


async def intake(room: Room, store: Store) -> str | None:
    """Return her answers before the start, as they were sealed (JSON), if she gave any.

    Raises:
        CannotUnseal: no key is at hand, or they do not open under it.
    """
    sealed = await store.intake(room.id)
    if sealed is None or sealed.body is None:
        return None
    if room.key is None:
        raise CannotUnseal
    text, _ = room.key.open_text(room.place(0, sealed.role, INTAKE), sealed.body)
    return text


def _unseal(room: Room, sealed: SealedEntry) -> Entry:
    if sealed.body is None:
        alias, organisation = sealed.alias, sealed.organisation
        return Entry(sealed.seq, sealed.kind, sealed.role, alias=alias, organisation=organisation)
    if room.key is None:
        raise CannotUnseal
    place = room.place(sealed.seq, sealed.role, sealed.client_id or "")
    text, at = room.key.open_text(place, sealed.body)
    return Entry(sealed.seq, sealed.kind, sealed.role, sealed.client_id, text, at, sealed.alias)


async def learn_known(room: Room, store: Store) -> None:
    """Read once which messages are stored already: a retry after a reconnect must be recognised."""
    for seq, role, client_id in await store.said(room.id):
        if room.known(role, client_id) is None:
            room.remember(role, client_id, seq, None)
    room.known_complete = True


async def stored_before(room: Room, store: Store, role: Role, client_id: ClientId, digest: bytes) -> int:
    """Return the seq under which this very message is stored, whose client id is known.

    Raises:
        IdReused: the client id is stored with another text.
        HasEnded: the conversation is gone from the store.
    """
    known = room.known(role, client_id)
    assert known is not None
    stored_digest = known.digest
    if stored_digest is None:
        sealed = await store.said_as(room.id, known.role, client_id)
        if sealed is None:
            raise HasEnded
        stored_digest = text_digest(_unseal(room, sealed).text)
        room.remember(known.role, client_id, known.seq, stored_digest)
    if stored_digest != digest:
        raise IdReused
    return known.seq
