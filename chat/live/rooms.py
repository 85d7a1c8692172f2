# SPDX-License-Identifier: EUPL-1.2
"""The rooms of this process: every step of every conversation goes through here.

Owns deciding, sealing, storing and announcing one step, in that order and under the room's lock. Knows
nothing of who may ask for what: that is decided by `visitors.py`, `operators.py` and the conversation itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines, Service
from chat.clearing_ports import Shredder
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import Entry
from chat.errors import HasEnded, Stale, Unavailable
from chat.events import EndReason, Event
from chat.ids import ConversationId, Randomness, Role, ServiceId
from chat.live import concerned, log, showing
from chat.live.brought import NOTHING, Brought, check, rekeyed
from chat.live.notices import ConversationOver, VisitorPresence
from chat.live.readers import Readers
from chat.live.room import Room
from chat.moves import absence
from chat.moves.hands import supervisor_of
from chat.moves.returning import is_let_go
from chat.ports import Bell, Bus, Change, Clock, Doorbell, Store, Stored
from chat.statistics import counts_for
from chat.transitions import next_deadline, receive
from moderation.judge import Judge

_log = logging.getLogger(__name__)

TYPING_PAUSE = timedelta(seconds=2)

NOBODY = Judge()
"""Judges where a service has left the site file meanwhile."""

ATTEMPTS = 8
"""How often a step is decided again after somebody else's came first."""


@dataclass(slots=True, eq=False)
class Rooms:
    """Every conversation that somebody connected to this process takes part in."""

    store: Store
    bus: Bus
    clock: Clock
    randomness: Randomness
    shredder: Shredder
    services: dict[ServiceId, Service]
    """One mapping for everything of this process: `Chat.renew` changes it."""
    readers: Readers
    origin: str
    """Names this process on the bus."""
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Whose turn it is to read many entries at once."""
    judging: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Whose turn it is to have a long text judged."""
    on_over: list[Callable[[Conversation], None]] = field(default_factory=list)
    """Each is told of every conversation that has ended here, as it was before."""
    _open: dict[ConversationId, Room] = field(default_factory=dict)

    # --- which rooms there are ---

    def get(self, conversation: ConversationId) -> Room | None:
        """Return the room, if somebody is connected to it here."""
        return self._open.get(conversation)

    def all(self) -> list[Room]:
        """Return every open room."""
        return list(self._open.values())

    def open(self, stored: Stored, *, fresh: bool = False) -> Room:
        """Return the room of a stored conversation, made now if nobody was in it."""
        room = self._open.get(stored.conversation.id)
        if room is None:
            room = Room(stored, fresh=fresh)
            self._open[room.id] = room
        return room

    def leave_if_empty(self, room: Room) -> None:
        """Forget a room that nobody is in; its key leaves memory."""
        if room.is_empty and self._open.get(room.id) is room:
            del self._open[room.id]
            room.key = room.token = None

    @asynccontextmanager
    async def visit(
        self, conversation: ConversationId, stored: Stored | None = None
    ) -> AsyncIterator[Room | None]:
        """Work in a room without sitting in it; None when the conversation is not live.

        `stored` saves a look in the store when it has just been read.
        """
        room = self._open.get(conversation)
        if room is None:
            stored = stored or await self.store.load(conversation)
            if stored is None:
                yield None
                return
            room = self.open(stored)
        room.hold += 1
        try:
            yield room
        finally:
            room.hold -= 1
            self.leave_if_empty(room)

    def judge_of(self, conversation: Conversation) -> Judge:
        """Return who looks at what is written in a conversation.

        Its service may be known to another process alone: then another one's judge, which masks by the same
        rules, is better than none.
        """
        service = self.services.get(conversation.service) or next(iter(self.services.values()), None)
        return service.judge if service is not None else NOBODY

    # --- one step ---

    async def do(self, room: Room, command: Command, brought: Brought = NOTHING) -> tuple[Event, ...]:
        """Carry out a command that says nothing, and announce what happened.

        Raises:
            Refused: the conversation does not take it.
            Unavailable: the store cannot take it now; nothing has changed.
        """
        async with room.lock:
            return await self.step(room, command, brought)

    def deadlines_of(self, conversation: Conversation) -> Deadlines:
        """Return the deadlines of the service that a conversation belongs to."""
        # A service may have left the site file while somebody waited there.
        service = self.services.get(conversation.service)
        return service.deadlines if service is not None else Deadlines()

    async def step(self, room: Room, command: Command, brought: Brought = NOTHING) -> tuple[Event, ...]:
        """As `do`, under the room's lock, with what the step brings along.

        Raises:
            WrongCode, NotNow: as `brought.check`.
        """
        for _ in range(ATTEMPTS):
            try:
                return await self.try_step(room, command, brought)
            except Stale:
                await self.catch_up(room)
        raise Unavailable

    async def try_step(self, room: Room, command: Command, brought: Brought = NOTHING) -> tuple[Event, ...]:
        """As `step`, once; `Stale` if something else came first."""
        check(room, brought)
        now = self.clock.now()
        before = room.conversation
        deadlines = self.deadlines_of(before)
        after, happened = receive(before, command, now, deadlines)
        # A deadline that was looked at is stored anew even if nothing was due: else it stays due for ever.
        if not happened and after == before and not isinstance(command, commands.LetTimePass):
            return ()
        shown, sealed = log.entries_of(room, happened, brought.text, now, self.randomness)
        change = Change(
            conversation=after,
            expected=room.version,
            deadline=next_deadline(after, self.deadlines_of(after)),
            entries=sealed,
            counts=(*counts_for(before, happened, now), *brought.counts),
            claimed_by=concerned.claimant(command),
            joined_by=concerned.joiner(command),
            supervised_by=supervisor_of(command),
            capacity=concerned.capacity(self.services, before, after, command),
            drop_wraps=is_let_go(before, after),
            freed=tuple((duty, now) for duty in before.readers if duty not in after.readers),
            alongside=tuple(brought.alongside),
            rekeyed=rekeyed(room, after, brought),
            word=brought.word,
            drops_notes=after.organisation != before.organisation,
        )
        await self.store.commit(change)
        self._moved_on(room, change)
        self._announce(room, before, happened, shown)
        for service in concerned.elsewhere(before, after):
            self._ring_service(Bell.WAITING_ROOM, service)
        showing.hand_moved(room, before)
        if concerned.calls_anew(before, after):
            self._ring_service(Bell.HANDS, after.service)
        if after.phase is not Phase.ENDED and (change.drop_wraps or before.readers != after.readers):
            await self._wrap_again(room)
        return happened

    def _moved_on(self, room: Room, change: Change) -> None:
        """Take over what has been stored."""
        room.conversation = change.conversation
        room.version += 1
        room.word = change.word or room.word
        if change.rekeyed is not None:
            room.return_key = change.rekeyed.return_key
            room.visitor_key = change.rekeyed.visitor_key or room.visitor_key
            self.shredder.want(self.clock.now())  # what the old ones opened leaves the files too

    # --- what follows a step ---

    def _announce(
        self, room: Room, before: Conversation, happened: tuple[Event, ...], shown: tuple[Entry, ...]
    ) -> None:
        """Tell the seats here, then ring for everybody else."""
        showing.happened(room, happened, shown, self.presence(room))
        for event in happened:
            self._ring_for(room, before, event)

    def _ring_for(self, room: Room, before: Conversation, event: Event) -> None:
        match event:
            case events.OperatorJoined():
                room.queue_told = None
                self.ring(room, Bell.STATE, queue=True)
            case (
                events.OperatorLeft()
                | events.SupervisorTookOver()
                | events.MarkedAcute()
                | events.ConversationOffered()
                | events.OfferLapsed()
                | events.VisitorParked()
            ):
                self.ring(room, Bell.STATE, queue=True)
            case events.VisitorWentAway() | events.VisitorCameBack() | events.VisitorReturned():
                self.ring(room, Bell.STATE, queue=before.phase is not Phase.ACTIVE)
            case (
                events.ReturnCodeTaken()
                | events.ReturnCodeDropped()
                | events.WordMoved()
                | events.GuestJoined()
                | events.GuestLeft()
                | events.InvitationWithdrawn()
                | events.TransferOffered()
                | events.TransferPassed()
                | events.TransferEnded()
                | events.HandedOver()
                | events.TakenOn()
                | events.HandMoved()
                | events.DangerDenied()
                | events.SupervisorCame()
                | events.OperatorRelieved()
            ):
                self.ring(room, Bell.STATE)
            case events.ProposalPut() | events.ProposalAnswered() | events.ProposalTakenBack():
                self.ring(room, Bell.ENTRY)
            case events.MessagePosted():
                raise AssertionError("what is said goes through `saying`")
            case events.ConversationEnded(seq, reason):
                self._end(room, before, seq, reason)

    def _end(self, room: Room, before: Conversation, seq: int, reason: EndReason) -> None:
        self.over(room, seq, reason, before)
        self.shredder.want(self.clock.now())
        self.ring(room, Bell.ENDED, queue=True, reason=reason)

    def ring(self, room: Room, bell: Bell, *, queue: bool = False, reason: str = "") -> None:
        """Tell the other processes, and if `queue` every waiting list, that something changed in a room."""
        conversation = room.conversation
        if not queue and not self.bus.is_shared():
            return  # nobody but us would hear that we did what we did
        self.bus.ring(
            Doorbell(
                bell=bell,
                conversation=room.id,
                service=conversation.service,
                seq=conversation.seq,
                reason=reason,
                origin=self.origin,
            )
        )
        if queue:
            self._ring_service(Bell.WAITING_ROOM, conversation.service)

    def _ring_service(self, bell: Bell, service: ServiceId) -> None:
        self.bus.ring(Doorbell(bell=bell, service=service, origin=self.origin))

    def presence(self, room: Room) -> VisitorPresence:
        """Return what the staff are shown of her being here."""
        state = room.conversation
        connected = state.visitor_away_since is None
        until = absence.gone_at(state, self.deadlines_of(state)) if state.code_until is not None else None
        return VisitorPresence(room.id, connected, until, state.returns, state.visitor_away_since)

    def over(self, room: Room, seq: int, reason: EndReason, was: Conversation) -> None:
        """Show the end to whoever is here, empty the room, and let the key go. `was`: as it was before."""
        over = ConversationOver(room.id, seq, reason)
        for seat in (room.visitor, room.operator, room.guest):
            if seat is not None:
                seat.party.deliver(over)
        room.conversation = replace(room.conversation, phase=Phase.ENDED, seq=seq, operator=None)
        room.visitor = room.operator = room.guest = None
        room.key = room.token = None
        self.leave_if_empty(room)
        for told in self.on_over:
            told(was)

    async def _wrap_again(self, room: Room) -> None:
        """After the readers changed, wrap the key for those who may read now."""
        self.shredder.want(self.clock.now())  # the wraps of those who may no longer read leave the files too
        # What was wrapped earlier may be gone: a duty that was forgotten and came back has lost its wraps.
        room.wrapped = None
        if room.key is not None:
            try:
                await self.readers.wrap_for_all(room)
            except Unavailable:
                return  # the step itself is stored; it is asked for again by whoever reads next
            self.ring(room, Bell.WRAPPED)

    async def wrap_for_newcomers(self, conversation: ConversationId, on_duty: Sequence[Duty]) -> None:
        """Let those who came on duty read a waiting conversation whose key is here."""
        room = self._open.get(conversation)
        if room is not None and room.visitor is not None and self.readers.are_lacking(room, on_duty):
            async with room.lock:
                await self.readers.wrap_for_all(room, on_duty)

    # --- what others did ---

    async def catch_up(self, room: Room) -> None:
        """Read what the store knows better, and show it to the seats. Called under the room's lock.

        Raises:
            HasEnded: the conversation is gone from the store. Nobody kept why, and its doorbell was lost: it
                is told as closed, after the newest entry known here.
            Unavailable: the store cannot tell now; nothing was shown, and the next call shows it all.
        """
        stored = await self.store.load(room.id)
        if stored is None:
            self.over(room, room.conversation.seq + 1, EndReason.CLOSED, room.conversation)
            raise HasEnded
        if stored.version != room.version:
            await self._take(room, stored)
        room.visitor_key = stored.visitor_key
        await self._wrap_for_readers(room)

    async def _take(self, room: Room, stored: Stored) -> None:
        before = room.conversation
        # Read first: a room that has taken what it could not show would never show it.
        entries = await self._entries_between(room, before.seq, stored.conversation.seq)
        room.take(stored)
        holder = room.conversation.holder
        # Before anything is shown: it may have been said after this operator had lost the conversation.
        showing.seats_changed(room, before)
        judge = self.judge_of(room.conversation)
        for entry in entries:
            showing.stored_elsewhere(room, entry, judge)
        showing.moved_elsewhere(room, before, self.presence(room))
        if holder != before.operator or before.readers != room.conversation.readers:
            room.wrapped = None

    async def _entries_between(self, room: Room, after: int, until: int) -> tuple[Entry, ...]:
        if until <= after:
            return ()
        if room.key is None:
            room.known_complete = False  # what is not read is not known, and a retry of it would look new
            return ()
        entries, damaged = await log.read_what_opens(room, self.store, self.turns, after, until)
        if damaged is not None:
            room.known_complete = False
            # It will never open. What stands around it can be read, and the conversation can be ended.
            _log.error("fault", exc_info=damaged)
        return entries

    async def _wrap_for_readers(self, room: Room) -> None:
        """Let whoever accepted or joined elsewhere read, from where she is connected."""
        readers = set(room.conversation.readers)
        if room.key is None or room.visitor is None or not readers:
            return
        if room.wrapped is None or not readers <= room.wrapped:
            await self.readers.wrap_for_all(room)
            self.ring(room, Bell.WRAPPED)

    def take_over(self, room: Room, connection: str) -> None:
        """Send the visitor's seat away if it is held by another connection than this one."""
        seat = room.visitor
        if seat is not None and seat.connection != connection:
            showing.send_away(room, seat)
            self.leave_if_empty(room)

    def typing(self, room: Room, role: Role) -> None:
        """Show that `role`, who sits here, is writing; every two seconds at most. May be lost."""
        seat, now = room.seat(role), self.clock.now()
        if seat is None or (seat.typed_at is not None and now < seat.typed_at + TYPING_PAUSE):
            return
        seat.typed_at = now
        showing.typing(room, role)
        self.bus.ring(Doorbell(bell=Bell.TYPING, conversation=room.id, role=role, origin=self.origin))
