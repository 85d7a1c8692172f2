# SPDX-License-Identifier: EUPL-1.2
"""The visitor's side of the chat: starting, coming back, saying, leaving.

Owns what a visitor may ask for. Knows tokens, never who she is: there is no account, address or name here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chat import commands
from chat.catalogue import Service
from chat.conversation import Conversation, Phase
from chat.entries import Entry, SealedEntry
from chat.errors import (
    BeyondHead,
    CannotUnseal,
    HasEnded,
    NotAllowed,
    NoticeChanged,
    NotNow,
    Refused,
    ServiceClosed,
    Stale,
    Unavailable,
    UnknownToken,
)
from chat.ids import ClientId, ConversationId, Randomness, Role, ServiceId, random_id
from chat.live import log, proposing, showing
from chat.live.log import Answers
from chat.live.notices import EntryShown, Party, Welcomed
from chat.live.opening import open_for_waiting
from chat.live.persistence import Persistence
from chat.live.presence import note_visitor
from chat.live.room import Room, Seat
from chat.live.rooms import Rooms
from chat.live.saying import Outcome, Words, say
from chat.ports import Bell, Bus, Clock, DailyKeys, Doorbell, Store, Stored, VisitorKey
from chat.sealing import DAYS_KEPT, ConversationKey, Token, lookup
from chat.statistics import refused_closed, started
from moderation.judge import Judge

SHOWN_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What she brings to the start. `intake`: her answers, if she gave any."""

    service: ServiceId
    language: str
    notice: str
    acute: bool = False
    intake: Answers | None = None


@dataclass(slots=True, eq=False)
class VisitorSeat:
    """Her place in a conversation, held by one socket."""

    room: Room
    seat: Seat

    @property
    def is_taken(self) -> bool:
        """Whether another connection to this process sits here now."""
        return self.room.visitor is not None and self.room.visitor is not self.seat


@dataclass(slots=True, eq=False)
class Visitors:
    """What a visitor may do."""

    rooms: Rooms
    store: Store
    bus: Bus
    clock: Clock
    keys: DailyKeys
    randomness: Randomness
    persistence: Persistence

    async def start(self, opening: Opening, party: Party, connection: str) -> VisitorSeat:
        """Begin a conversation and give its party a `Welcomed`.

        Raises:
            NotAllowed: there is no such service.
            ServiceClosed: it takes no new conversation now.
            NoticeChanged: she was shown another notice than the current one.
            Unavailable: the store cannot take it now.
        """
        now = self.clock.now()
        service = self._service_open_at(opening, now)
        conversation = self._new(service, opening, connection)
        token = self.new_token()
        key = ConversationKey.new(self.randomness)
        visitor_key = self.visitor_key(token, key, conversation.id)
        # The room is open before anybody can hear of it, so that whoever comes on duty meanwhile gets a wrap.
        room = self.rooms.open(Stored(conversation, 0, visitor_key), fresh=True)
        room.hold += 1
        try:
            async with room.lock:
                on_duty = await self.store.duties([service.id])
                wraps = self.rooms.readers.wraps(key, conversation, on_duty)
                await self.store.create(
                    conversation,
                    visitor_key,
                    deadline=None,
                    wraps=wraps,
                    intake=self._intake(key, conversation, opening.intake, service.judge),
                    counts=started(service.id, now),
                )
                room.learn_key(key)
                room.token = token
                room.wrapped = set(wraps)
                room.visitor = seat = Seat(party, connection, ready=True, noted=True)
                party.deliver(Welcomed(token.text(), service.id, conversation.phase, 0))
        except (Unavailable, Stale):
            raise  # nothing is stored
        except BaseException:
            # It may be stored all the same; nobody sits there, so it is to be looked at.
            room.visitor = seat = Seat(party, connection)
            await self.disconnect(VisitorSeat(room, seat))
            raise
        finally:
            room.hold -= 1
            self.rooms.leave_if_empty(room)
        self._ring_waiting_room(service.id)
        return VisitorSeat(room, seat)

    async def resume(self, token_text: str, after: int, party: Party, connection: str) -> VisitorSeat:
        """Come back: a `Welcomed`, then every entry after `after`, then whatever follows.

        Raises:
            UnknownToken: the token is not live, whatever its form.
            BeyondHead: `after` is negative or beyond the newest entry.
        """
        token, stored = await self.find(token_text)
        async with self.rooms.visit(stored.conversation.id, stored) as room:
            if room is None:
                raise UnknownToken
            seat = None
            try:
                async with room.lock:
                    refuse_gone(party)
                    await self._enter(room, token, after)
                    entries = await log.read(room, self.store, self.rooms.turns, after)
                    refuse_gone(party)
                    # Only now: whoever is refused takes nobody's place.
                    seat = self.sit(room, token, party, connection)
                    await self.show_again(room, entries, party)
                await self.note_back(room)
            except BaseException:
                # The socket will never learn of this seat, so nobody else would ever empty it.
                if seat is not None:
                    await self.disconnect(VisitorSeat(room, seat))
                raise
        return VisitorSeat(room, seat)

    def sit(self, room: Room, token: Token, party: Party, connection: str) -> Seat:
        """Give her the seat of a room, whoever sat there, and welcome her. Called under the room's lock."""
        self.rooms.take_over(room, connection)
        room.visitor = seat = Seat(party, connection, ready=True)
        room.token = token
        room.queue_told = None
        shown, has_code = room.conversation, room.conversation.code_until is not None
        party.deliver(Welcomed(token.text(), shown.service, shown.phase, shown.seq, has_code))
        return seat

    async def show_again(self, room: Room, entries: Sequence[Entry], party: Party) -> None:
        """Show what was said, and what she is asked about a word.

        A few entries at a time: thousands in one go would make everybody else wait.
        """
        for first in range(0, len(entries), SHOWN_AT_ONCE):
            if first:
                await asyncio.sleep(0)
            for entry in entries[first : first + SHOWN_AT_ONCE]:
                party.deliver(EntryShown(room.id, entry, again=True))
        if (wanted := showing.word_wanted(room.conversation)) is not None:
            party.deliver(wanted)

    def check_open(self, opening: Opening) -> None:
        """Refuse what `start` would refuse whatever else is at stake; nothing is stored or counted.

        Raises:
            NotAllowed, ServiceClosed, NoticeChanged: as `start`.
        """
        self._service_open_at(opening, self.clock.now())

    async def count_closed(self, service: ServiceId) -> None:
        """Count somebody who wanted to start while the service was closed."""
        await self.store.count(refused_closed(service, self.clock.now()))

    async def say(self, seat: VisitorSeat, words: Sequence[Words]) -> list[Outcome]:
        """Say something and return the outcome of each; for what is durable the party gets a `MessageStored`.

        Raises:
            NotNow: another connection sits here now.
        """
        self.check_seat(seat)
        return await say(self.rooms, seat.room, Role.VISITOR, words, commands.PostVisitorMessage)

    def check_seat(self, seat: VisitorSeat) -> None:
        """Whoever was taken over may say nothing more; whoever ended it hears that it has ended."""
        if seat.room.visitor is not seat.seat and seat.room.conversation.phase is not Phase.ENDED:
            raise NotNow

    async def mark_acute(self, seat: VisitorSeat) -> None:
        """She says that she is in danger now: while she waits, nobody is before her but others who are.

        Raises:
            NotNow: another connection sits here now. HasEnded.
        """
        self.check_seat(seat)
        await self.rooms.do(seat.room, commands.MarkAcute())

    async def answer(
        self, seat: VisitorSeat, client_id: ClientId, proposal: int, decide: proposing.Decide
    ) -> None:
        """Answer what she is asked for a yes to; as `proposing.answer`.

        Raises:
            NotNow: another connection sits here now.
        """
        self.check_seat(seat)
        await proposing.answer(self.rooms, seat.room, client_id, proposal, decide)

    def typing(self, seat: VisitorSeat) -> None:
        """Show that she is writing."""
        self.rooms.typing(seat.room, Role.VISITOR)

    async def leave(self, seat: VisitorSeat, *, quickly: bool) -> None:
        """End the conversation."""
        await self.rooms.do(seat.room, commands.LeaveConversation(quickly))

    async def leave_by_token(self, token_text: str, *, quickly: bool = True) -> None:
        """End the conversation that a token opens, if there is one: the beacon of the quick exit.

        Nobody waits for its answer, so it is kept in mind until it is stored.
        """
        try:
            await self._leave_by_token(token_text, quickly=quickly)
        except Unavailable:
            self.persistence.go_on(lambda: self._leave_by_token(token_text, quickly=quickly))

    async def _leave_by_token(self, token_text: str, *, quickly: bool) -> None:
        try:
            _, stored = await self.find(token_text)
            async with self.rooms.visit(stored.conversation.id, stored) as room:
                if room is not None:
                    await self.rooms.do(room, commands.LeaveConversation(quickly))
        except (UnknownToken, HasEnded):
            return

    async def disconnect(self, seat: VisitorSeat) -> None:
        """Her socket is gone; her place is kept for a while."""
        room = seat.room
        if room.visitor is not seat.seat:
            return
        room.visitor = None
        room.token = None
        room.hold += 1
        try:
            # Until it is stored she would stand in the queue as a ghost.
            await self.persistence.until_stored(lambda: self._note_away(room))
        except Refused:
            return
        finally:
            room.hold -= 1
            self.rooms.leave_if_empty(room)

    async def _note_away(self, room: Room) -> None:
        if room.visitor is None:
            await self.rooms.do(room, commands.NoteVisitorAway())

    # ---

    def _service_open_at(self, opening: Opening, now: datetime) -> Service:
        service = self.rooms.services.get(opening.service)
        if service is None:
            raise NotAllowed
        if service.cannot_open is not None or not service.hours.takes_new(now):
            raise ServiceClosed
        if opening.notice != service.notice_version:
            raise NoticeChanged
        return service

    def _new(self, service: Service, opening: Opening, connection: str) -> Conversation:
        now = self.clock.now()
        return Conversation(
            id=ConversationId(random_id(self.randomness)),
            service=service.id,
            organisation=service.organisation,
            track=service.track,
            language=opening.language,
            started_at=now,
            waiting_since=now,
            acute=opening.acute,
            seat=connection if self.bus.is_shared() else None,
        )

    def new_token(self) -> Token:
        """Return a token that nobody has yet."""
        return Token.new(self.keys.today(self.clock.now())[0], self.randomness)

    def visitor_key(self, token: Token, key: ConversationKey, conversation: ConversationId) -> VisitorKey:
        """Return what a token opens, under today's key."""
        day, day_key = self.keys.today(self.clock.now())
        wrap = key.wrap_for_visitor(token, day, day_key, conversation)
        return VisitorKey(day, lookup(token, day_key), wrap)

    def _intake(
        self, key: ConversationKey, conversation: Conversation, answers: Answers | None, judge: Judge
    ) -> SealedEntry | None:
        if answers is None:
            return None
        return log.seal_intake(key, conversation, answers, judge, self.clock.now(), self.randomness)

    async def find(self, token_text: str) -> tuple[Token, Stored]:
        """Return what a token opens; UnknownToken when it is not live."""
        token = Token.parse(token_text)
        if token is None:
            raise UnknownToken
        today, _ = self.keys.today(self.clock.now())
        lookups = [
            lookup(token, day_key)
            for day in range(max(token.day, today - DAYS_KEPT), today + 1)
            if (day_key := self.keys.for_day(day)) is not None
        ]
        stored = await self.store.find(lookups) if lookups else None
        if stored is None:
            raise UnknownToken
        return token, stored

    async def _enter(self, room: Room, token: Token, after: int) -> None:
        """Let a token into a room that is as new as the store. Called under the room's lock."""
        try:
            # Also where the room is new: what it was made of was read before it could hear of anything.
            await self.rooms.catch_up(room)
        except HasEnded:
            raise UnknownToken from None
        self._unlock(room, token)
        if not 0 <= after <= room.conversation.seq:
            raise BeyondHead

    async def note_back(self, room: Room) -> None:
        """Note that she is here, and open it to whoever could not read it while she was away."""
        await note_visitor(self.rooms, room)
        async with room.lock:
            if room.conversation.phase is Phase.ACTIVE:
                await open_for_waiting(self.rooms, room)
                await self.rooms.readers.wrap_for_all(room)
                return
        self._ring_waiting_room(room.conversation.service)

    def _unlock(self, room: Room, token: Token) -> None:
        wrapped = room.visitor_key
        day_key = self.keys.for_day(wrapped.day)
        if day_key is None:
            raise UnknownToken
        try:
            room.learn_key(
                ConversationKey.unwrap_for_visitor(wrapped.wrap, token, wrapped.day, day_key, room.id)
            )
        except CannotUnseal as error:
            raise UnknownToken from error

    def _ring_waiting_room(self, service: ServiceId) -> None:
        self.bus.ring(Doorbell(bell=Bell.WAITING_ROOM, service=service, origin=self.rooms.origin))


def refuse_gone(party: Party) -> None:
    """Whoever has gone while they waited here takes nobody's place: she may be back on another connection."""
    if party.is_gone:
        raise UnknownToken
