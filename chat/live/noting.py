# SPDX-License-Identifier: EUPL-1.2
"""Notes and whispers: writing them, reading them, and showing them to the colleagues who may.

Owns the one way between `StaffParty` and the store of staff-only entries. Shares no step with what is said to
her: nothing here touches a seat, an `Entry` or the conversation's own numbers.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import msgspec
from msgspec import Struct

from chat.conversation import Phase
from chat.entries import LONGEST_TEXT
from chat.errors import (
    Blank,
    CannotUnseal,
    HasEnded,
    IdReused,
    NotAllowed,
    NotNow,
    Refused,
    Stale,
    TellsWho,
    TextTooLong,
    TooManyTries,
    Unavailable,
)
from chat.ids import ClientId, ConversationId, DutyId
from chat.live.confiding import NoteShown, NotesRead
from chat.live.room import Room
from chat.live.rooms import ATTEMPTS, Rooms
from chat.live.seating import Desk
from chat.ports import Bell, Doorbell
from chat.staff_entries import (
    MOST,
    SealedStaffEntry,
    StaffEntry,
    StaffKind,
    alias_in,
    is_blank,
    is_for,
    may_read_notes,
)
from chat.staff_ports import StaffEntries
from moderation.rate import Allowances, Rate
from moderation.verdict import Verdict

_log = logging.getLogger(__name__)

NOTES: Final = Rate(burst=20, every=timedelta(seconds=3))
"""How much one sign-in may write. Nobody writes notes faster, and each one is read whole with all others."""


class Jotting(Struct, frozen=True):
    """What one of the staff wants to keep for the others, under the id that their client gave it."""

    client_id: ClientId
    kind: StaffKind
    text: str


class _Body(Struct, frozen=True, omit_defaults=True):
    """What is sealed of an entry, as JSON."""

    author: DutyId
    alias: str
    text: str
    to: tuple[DutyId, ...] = ()
    """Of a whisper: who may read it."""


_body: msgspec.json.Decoder[_Body] = msgspec.json.Decoder(_Body)


@dataclass(slots=True, eq=False)
class Noting:
    """What the staff of a conversation may do about their notes."""

    rooms: Rooms
    store: StaffEntries
    desks: dict[DutyId, Desk]
    """The consoles that are connected here."""
    _left: Allowances = field(default_factory=lambda: Allowances(NOTES))

    async def write(self, desk: Desk, conversation: ConversationId, jotting: Jotting) -> None:
        """Keep an entry and show it to everybody here who may read it; to its author again after a retry.

        Raises:
            NotAllowed: there is no such conversation for this desk. HasEnded: it is over. TextTooLong.
            Blank: nothing can be seen of it. TellsWho: it has a number, an address or a link. IdReused: the
            id is another entry's. TooManyTries: too fast. NotNow: it cannot be read here yet, or there are
            `MOST` of that kind.
        """
        if len(jotting.text) > LONGEST_TEXT:
            raise TextTooLong
        if is_blank(jotting.text):
            raise Blank
        async with self._reading(desk.id, conversation) as room:
            await self._judge(room, jotting.text)
            sealed = await self.store.of(room.id)
            known = _known(sealed, jotting.client_id)
            if known is None and self._left.take(desk.id.encode(), self.rooms.clock.now()) is not None:
                raise TooManyTries
            entry = await self._kept(room, desk.id, jotting, sealed)
            if known is not None:
                desk.party.confide(NoteShown(room.id, entry))
                return
            self._show(room, entry)
            self._ring(room, entry.staff_seq)

    async def read(self, desk: Desk, conversation: ConversationId) -> None:
        """Give this desk all that stands in a conversation and is for it.

        Raises:
            NotAllowed: there is no such conversation for this desk. NotNow: it cannot be read here yet.
        """
        async with self._reading(desk.id, conversation, anew=True) as room:
            sealed = await self.store.of(room.id)
            room.noted = _newest(sealed, room.noted)
            desk.party.confide(NotesRead(room.id, self._opened(room, sealed, desk.id)))

    async def hear(self, doorbell: Doorbell) -> None:
        """Show what another process has stored. Whoever misses one asks for all."""
        room = self.rooms.get(doorbell.conversation) if doorbell.conversation is not None else None
        if doorbell.bell is not Bell.NOTED or room is None:
            return
        await self._show_after(room, doorbell.seq - 1, doorbell.seq)

    async def look(self, room: Room) -> None:
        """Show what has been stored elsewhere and was not told of."""
        await self._show_after(room, room.noted, None)

    async def _show_after(self, room: Room, after: int, until: int | None) -> None:
        for duty in room.conversation.readers:
            if duty in self.desks:
                await self._show_to(duty, room.id, after, until)

    async def _show_to(
        self, duty: DutyId, conversation: ConversationId, after: int, until: int | None
    ) -> None:
        try:
            async with self._reading(duty, conversation, anew=True) as room:
                sealed = await self.store.of(room.id)
                told = [
                    each
                    for each in sealed
                    if each.staff_seq > after and (until is None or each.staff_seq <= until)
                ]
                if until is None or room.noted == after:
                    room.noted = _newest(told, room.noted)
                if (desk := self.desks.get(duty)) is not None:
                    for entry in self._opened(room, told, duty):
                        desk.party.confide(NoteShown(room.id, entry))
        except (Refused, Unavailable):
            return  # it is over or somebody else's, or will be read when it is asked for

    # ---

    @asynccontextmanager
    async def _reading(
        self, duty: DutyId, conversation: ConversationId, *, anew: bool = False
    ) -> AsyncIterator[Room]:
        """Work under the lock of a room whose notes this duty may read; unknown and foreign look alike.

        `anew`: look in the store first whether that is still so.
        """
        async with self.rooms.visit(conversation) as room:
            if room is None:
                raise NotAllowed
            _check(room, duty)
            async with room.lock:
                if anew:
                    await self.rooms.catch_up(room)
                _check(room, duty)
                if not await self.rooms.readers.find_key(room):
                    raise NotNow
                yield room

    async def _judge(self, room: Room, text: str) -> None:
        async with self.rooms.judging:  # a long text takes milliseconds: one at a time over all
            judgement = self.rooms.judge_of(room.conversation).of_operator(text)
        if judgement.verdict is Verdict.REFUSE:
            raise TellsWho(judgement.seen_first)

    async def _kept(
        self, room: Room, duty: DutyId, jotting: Jotting, sealed: list[SealedStaffEntry]
    ) -> StaffEntry:
        """Store it, or find that it is stored: this very entry, once."""
        for _ in range(ATTEMPTS):
            known = _known(sealed, jotting.client_id)
            if known is not None:
                entry = _unseal(room, known)
                if (entry.author, entry.kind, entry.text) != (duty, jotting.kind, jotting.text):
                    raise IdReused
                return entry
            if sum(each.kind is jotting.kind for each in sealed) >= MOST:
                raise NotNow
            entry = StaffEntry(
                staff_seq=len(sealed) + 1,
                kind=jotting.kind,
                client_id=jotting.client_id,
                author=duty,
                alias=alias_in(room.conversation, duty),
                text=jotting.text,
                at=self.rooms.clock.now(),
                readers=_readers(room) if jotting.kind is StaffKind.WHISPER else (),
            )
            try:
                await self.store.add(self._seal(room, entry), by=duty)
            except Stale:
                # Somebody else's came first, or the conversation has moved on: all is asked anew.
                await self.rooms.catch_up(room)
                _check(room, duty)
                sealed = await self.store.of(room.id)
            else:
                return entry
        raise Unavailable

    def _seal(self, room: Room, entry: StaffEntry) -> SealedStaffEntry:
        if room.key is None:
            raise HasEnded
        body = msgspec.json.encode(_Body(entry.author, entry.alias, entry.text, entry.readers)).decode()
        place = room.staff_place(entry.staff_seq, entry.kind, entry.client_id)
        return SealedStaffEntry(
            room.id,
            entry.staff_seq,
            entry.kind,
            entry.client_id,
            room.key.seal_staff_text(place, body, entry.at, self.rooms.randomness),
        )

    def _opened(self, room: Room, sealed: list[SealedStaffEntry], to: DutyId) -> tuple[StaffEntry, ...]:
        """Open what is for somebody; one that is damaged is left out, and the others can be read."""
        entries = []
        for each in sealed:
            try:
                entry = _unseal(room, each)
            except CannotUnseal:
                _log.exception("fault")
                continue
            if is_for(entry, to):
                entries.append(entry)
        return tuple(entries)

    def _show(self, room: Room, entry: StaffEntry) -> None:
        if room.noted == entry.staff_seq - 1:
            room.noted = entry.staff_seq  # else one before it was written elsewhere, and is looked for
        for duty in room.conversation.readers:
            desk = self.desks.get(duty)
            if desk is not None and may_read_notes(room.conversation, duty) and is_for(entry, duty):
                desk.party.confide(NoteShown(room.id, entry))

    def _ring(self, room: Room, seq: int) -> None:
        bus = self.rooms.bus
        if bus.is_shared():
            bell = Doorbell(bell=Bell.NOTED, conversation=room.id, seq=seq, origin=self.rooms.origin)
            bus.ring(bell)


def _check(room: Room, duty: DutyId) -> None:
    if room.conversation.phase is Phase.ENDED:
        raise HasEnded
    if not may_read_notes(room.conversation, duty):
        raise NotAllowed


def _readers(room: Room) -> tuple[DutyId, ...]:
    state = room.conversation
    return tuple(duty for duty in state.readers if may_read_notes(state, duty))


def _newest(sealed: list[SealedStaffEntry], known: int) -> int:
    return max((each.staff_seq for each in sealed), default=known)


def _known(sealed: list[SealedStaffEntry], client_id: ClientId) -> SealedStaffEntry | None:
    return next((each for each in sealed if each.client_id == client_id), None)


def _unseal(room: Room, sealed: SealedStaffEntry) -> StaffEntry:
    if room.key is None:
        raise CannotUnseal
    place = room.staff_place(sealed.staff_seq, sealed.kind, sealed.client_id)
    text, at = room.key.open_staff_text(place, sealed.body)
    body = _body.decode(text)
    return StaffEntry(
        staff_seq=sealed.staff_seq,
        kind=sealed.kind,
        client_id=sealed.client_id,
        author=body.author,
        alias=body.alias,
        text=body.text,
        at=at,
        readers=body.to,
    )
