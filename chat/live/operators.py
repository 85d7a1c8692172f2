# SPDX-License-Identifier: EUPL-1.2
"""The operator's side of the chat: coming on duty, accepting, saying, ending.

Owns what an operator may ask for. Knows duties, never accounts: a duty is one staff sign-in under an alias.
An operator reaches only the conversations that are theirs; anything else looks as if it did not exist.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from msgspec.structs import replace

from chat import commands
from chat.conversation import Conversation, Phase
from chat.duty import Duty, track_of
from chat.errors import NotAllowed, NotNow, Refused
from chat.ids import ConversationId, DutyId, Role, ServiceId
from chat.live.alerts import Alerts
from chat.live.brought import Brought
from chat.live.claiming import Claiming, done_for, may_accept, way_in
from chat.live.confiding import StaffParty
from chat.live.lobby import Lobby
from chat.live.notices import DeskReady, DutyNoted, SignInRevoked, TakenOver
from chat.live.room import Room
from chat.live.rooms import Rooms
from chat.live.saying import Outcome, Words, say
from chat.live.seating import Desk, Seating, SignedIn, hears, is_held, posting, role_of
from chat.ports import Alongside, Bell, Bus, Clock, Doorbell, Store
from chat.sealing import duty_public_bytes
from chat.statistics import Count, shifts_begun
from moderation.sanctions import Unsafe

__all__ = ["Desk", "Operators", "SignedIn"]


async def nobody_is(_: DutyId) -> bool:
    """Where nobody knows of sign-ins, none is valid when it is said to be gone."""
    return False


@dataclass(slots=True, eq=False)
class Operators:
    """What an operator may do."""

    rooms: Rooms
    lobby: Lobby
    store: Store
    bus: Bus
    clock: Clock
    seating: Seating
    claiming: Claiming
    alerts: Alerts
    is_signed_in: Callable[[DutyId], Awaitable[bool]] = nobody_is
    """Looks whether a sign-in is valid: the chat knows no accounts. It is set by whoever does."""
    _turns: WeakValueDictionary[DutyId, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def desks(self) -> dict[DutyId, Desk]:
        """The consoles that are connected here."""
        return self.seating.desks

    async def duties(self) -> set[DutyId]:
        """Return every sign-in that the chat knows of, also those whose console is not connected.

        Raises:
            Unavailable: the store cannot tell now.
        """
        return {duty.id for duty in await self.store.all_duties()} | set(self.desks)

    # --- coming and going ---

    def turn(self, duty: DutyId) -> asyncio.Lock:
        """One sign-in comes and goes one step at a time: a reload must not end as being away."""
        return self._turns.setdefault(duty, asyncio.Lock())

    async def connect(self, signed_in: SignedIn, party: StaffParty, connection: str) -> Desk:
        """Take a desk: `DeskReady`, then the duty as it stands, then the waiting list if on duty."""
        desk = Desk(signed_in, party, connection)
        async with self.turn(desk.id):
            self.take_over(desk.id, connection)
            self.seating.place(desk)
            try:
                await self._settle_in(desk)
                self._ring(Doorbell(bell=Bell.TAKEN_OVER, duty=desk.id))
            except BaseException:
                # The socket will never learn of this desk, so nobody else would ever clear it.
                await self._go_away(desk)
                raise
        return desk

    async def _settle_in(self, desk: Desk) -> None:
        held = []
        for conversation in await self.store.held_by(desk.id):
            async with self.rooms.visit(conversation) as room:
                if room is not None and room.conversation.phase is Phase.ACTIVE:
                    await self._present(room, desk.id)
                    held.append(room.conversation)
        duty = await self.store.duty(desk.id)
        if duty is not None:
            duty = duty.back(self.rooms.services)
            await self.put(duty)
        desk.duty = duty
        desk.party.deliver(DeskReady(tuple(held)))
        await self._follow(desk)

    async def _follow(self, desk: Desk) -> None:
        """Tell a console its duty, and from now on what that duty looks at."""
        duty = desk.duty if desk.duty is not None and desk.duty.is_on else None
        desk.party.deliver(DutyNoted(duty))
        if duty is not None and duty.services:
            await self.lobby.seat(desk.id, duty.services, desk.party)
        else:
            self.lobby.unseat(desk.id)
        await self.alerts.follow(desk)

    async def set_duty(
        self,
        desk: Desk,
        services: Collection[ServiceId],
        alias: str | None,
        languages: Collection[str],
        capacity: int | None = None,
    ) -> None:
        """Go on duty in `services`, or off duty with none. Open conversations stay, and so does a pause.

        Raises:
            NotAllowed: a service that is not theirs or is no more, services of two tracks among all that may
                be theirs, no alias, or the desk is gone.
        """
        wanted = frozenset(services)
        if not wanted <= self._known(desk.signed_in.services) or (wanted and not alias):
            raise NotAllowed
        async with self.turn(desk.id):
            if self.desks.get(desk.id) is not desk:
                raise NotAllowed
            before = desk.duty
            duty = await self._duty_of(desk, wanted, alias or "", languages, capacity)
            if duty is not None:
                await self.put(duty, before, shifts_begun(duty, before, self.clock.now()))
            desk.duty = duty
            await self._follow(desk)

    async def _duty_of(
        self,
        desk: Desk,
        wanted: frozenset[ServiceId],
        alias: str,
        languages: Collection[str],
        capacity: int | None,
    ) -> Duty | None:
        before = desk.duty
        if not wanted:
            return before.off() if before is not None else None
        now = self.clock.now()
        # Of all that they may serve: two sign-ins of one person must not serve the two tracks side by side.
        theirs = self._known(desk.signed_in.services)
        track = track_of(self.rooms.services[id_] for id_ in theirs)
        await self._refuse_other_track(desk, track)
        return Duty(
            id=desk.id,
            alias=alias,
            services=frozenset() if desk.signed_in.supervises else wanted,
            supervising=wanted if desk.signed_in.supervises else frozenset(),
            track=track,
            public_key=duty_public_bytes(desk.signed_in.private_key),
            key_day=desk.signed_in.key_day,
            since=before.since if before is not None and before.is_on else now,
            idle_since=before.idle_since if before is not None else now,
            languages=frozenset(languages),
            capacity=capacity,
            paused_since=before.paused_since if before is not None and before.services else None,
        )

    def _known(self, services: frozenset[ServiceId]) -> frozenset[ServiceId]:
        return frozenset(id_ for id_ in services if id_ in self.rooms.services)

    async def _refuse_other_track(self, desk: Desk, track: str) -> None:
        """Within one sign-in the two tracks never meet, not even one after the other."""
        earlier = desk.duty or await self.store.duty(desk.id)
        if earlier is not None and earlier.track != track:
            raise NotAllowed

    async def disconnect(self, desk: Desk) -> None:
        """The console's socket is gone; what is held waits for it for a while."""
        async with self.turn(desk.id):
            if self.desks.get(desk.id) is desk:
                await self._go_away(desk)

    async def _go_away(self, desk: Desk) -> None:
        self._clear(desk)
        away_since = self.clock.now()

        async def note_away() -> None:
            if desk.duty is not None:
                await self.put(replace(desk.duty, away_since=away_since))
            # What only rang here goes on to the next console at once.
            await self.seating.for_all_held(
                desk.id,
                commands.NoteOperatorAway(desk.id),
                commands.StopRinging(desk.id),
                commands.NoteGuestAway(desk.id),
            )

        await self.seating.persistence.until_stored(note_away)

    async def revoke(self, duty: DutyId) -> None:
        """The sign-in is gone: close its console, bring its visitors to the front, remove the duty.

        Also where no console is connected.
        """
        desk = self.desks.get(duty)
        if desk is not None:
            self._clear(desk)
            desk.party.deliver(SignInRevoked())

        async def remove() -> None:
            # The duty goes first: from then on it can claim nothing and nothing is wrapped for it.
            stored = await self.store.duty(duty)
            if stored is not None:
                await self.store.remove_duty(duty)
                self._ring_duty(stored.places)
            await self.seating.for_all_held(duty, commands.ReturnToQueue(duty), commands.LeaveAsGuest(duty))

        async with self.turn(duty):
            self._unfollow(duty)
            await self.seating.persistence.until_stored(remove)

    # --- conversations ---

    async def accept(
        self, desk: Desk, conversation: ConversationId, recorded: Callable[[ServiceId], Alongside]
    ) -> None:
        """Claim a waiting conversation, take one that is offered, or come as a guest whom she has let in.

        The party gets a `ConversationOpened`. `recorded`: what is stored with it, so that nobody has claimed
        without a trace; of the service that it is done for. A claim
        stands even if it cannot be opened at once: then the opening follows by itself.

        Raises:
            LostClaim: somebody else was first; names the winner.
            NotAllowed: there is no such conversation for this desk.
            NotNow: not on duty, or paused. AtCapacity: enough conversations.
        """
        duty = desk.duty
        if duty is None or not duty.services:
            raise NotNow
        async with self.within(conversation, lambda state: may_accept(state, duty)) as room:
            if role_of(room.conversation, desk.id) is not None:
                await self.seating.sit_down(desk, room, after=0)
                return
            await self.claiming.check(room.conversation, duty)
            take = way_in(room.conversation, duty)
            brought = Brought(alongside=(recorded(done_for(room.conversation, duty)),))
            await self.seating.take(room, desk.id, take(desk.id, duty.alias), brought)
            await self.seating.open_claimed(desk.id, conversation)

    async def resume(self, desk: Desk, conversation: ConversationId, after: int) -> None:
        """Read a held conversation from after `after`; the party gets a `ConversationOpened`.

        Raises:
            NotAllowed: it is not this desk's. BeyondHead: `after` is negative or beyond the newest entry.
        """
        async with self._taking_part(desk, conversation) as room:
            await self.seating.sit_down(desk, room, after)
            self.alerts.look_at_hands(room.conversation.service)

    async def say(self, desk: Desk, conversation: ConversationId, words: Sequence[Words]) -> list[Outcome]:
        """Say something to the visitor and return the outcome of each; as `Visitors.say`.

        Raises:
            NotAllowed: it is not this desk's. NotNow: it cannot be read here yet.
        """
        room = self.rooms.get(conversation)
        role = role_of(room.conversation, desk.id) if room is not None else None
        if room is not None and role is not None and hears(room, role):
            return await say(self.rooms, room, role, words, posting(role, desk.id))
        async with self._taking_part(desk, conversation) as room:
            role = role_of(room.conversation, desk.id) or Role.OPERATOR
            if not hears(room, role):
                seat = room.seat(role)
                after = room.conversation.seq if seat is None else seat.after
                await self.seating.sit_down(desk, room, after, if_needed=True)
            if not hears(room, role):
                raise NotNow  # whoever does not hear her answer must not speak either
            return await say(self.rooms, room, role, words, posting(role, desk.id))

    async def typing(self, desk: Desk, conversation: ConversationId) -> None:
        """Show that the operator is writing."""
        async with self._taking_part(desk, conversation) as room:
            self.rooms.typing(room, role_of(room.conversation, desk.id) or Role.OPERATOR)

    async def leave(self, desk: Desk, conversation: ConversationId) -> None:
        """Leave a conversation as its guest; it goes on without.

        Raises:
            NotAllowed: this desk is no guest there. Whoever holds it ends it.
        """
        async with self._taking_part(desk, conversation) as room:
            await self.rooms.do(room, commands.LeaveAsGuest(desk.id))

    @asynccontextmanager
    async def proposing(self, desk: Desk, conversation: ConversationId) -> AsyncIterator[Room]:
        """Enter a held conversation that can be read here, to ask her for a yes (`chat/live/proposing.py`).

        Raises:
            NotAllowed: it is not this desk's. NotNow: it cannot be read here yet.
        """
        async with self.held(desk, conversation) as room:
            if not hears(room, Role.OPERATOR):
                raise NotNow
            yield room

    async def end(self, desk: Desk, conversation: ConversationId, unsafe: Unsafe | None = None) -> ServiceId:
        """End a held conversation and return its service.

        `unsafe`: why, to protect themselves. It is counted, and she is not told.
        """
        async with self.held(desk, conversation) as room:
            await self.rooms.do(room, commands.EndConversation(desk.id, unsafe))
            return room.conversation.service

    # --- what others did ---

    async def forget_lost(self, duty: Duty) -> None:
        """A duty without a socket for too long is off duty; it goes when nothing is held any more."""
        async with self.turn(duty.id):
            # It may have come back, and gone again, before it was its turn.
            stored = await self.store.duty(duty.id)
            if duty.id in self.desks or stored is None or stored.away_since != duty.away_since:
                return
            duty = stored
            if not await self.store.held_by(duty.id):
                # In another process it may be back since that look.
                await self.store.remove_duty(duty.id, away_since=duty.away_since)
                self._ring_duty(duty.places)
            elif duty.is_on:
                await self.put(duty.off(), duty)

    # ---

    def take_over(self, duty: DutyId, connection: str | None) -> None:
        """Send a console of a sign-in away that is another connection than this one."""
        desk = self.desks.get(duty)
        if desk is None or desk.connection == connection:
            return
        self._clear(desk)
        desk.party.deliver(TakenOver())

    def _clear(self, desk: Desk) -> None:
        if self.seating.clear(desk):
            self._unfollow(desk.id)

    def _unfollow(self, duty: DutyId) -> None:
        self.lobby.unseat(duty)
        self.alerts.unfollow(duty)

    async def _present(self, room: Room, duty: DutyId) -> None:
        try:
            await self.seating.note_present(room, duty)
        except Refused:
            return

    @asynccontextmanager
    async def within(
        self, conversation: ConversationId, allowed: Callable[[Conversation], bool]
    ) -> AsyncIterator[Room]:
        """Enter a room that this desk may enter; unknown and foreign ones are refused alike."""
        async with self.rooms.visit(conversation) as room:
            if room is None or not allowed(room.conversation):
                raise NotAllowed
            yield room

    def held(self, desk: Desk, conversation: ConversationId) -> AbstractAsyncContextManager[Room]:
        """Enter a held conversation, whether or not it can be read; `NotAllowed` if it is not this desk's."""
        return self.within(conversation, lambda state: is_held(state, desk.id))

    def _taking_part(self, desk: Desk, conversation: ConversationId) -> AbstractAsyncContextManager[Room]:
        return self.within(conversation, lambda state: role_of(state, desk.id) is not None)

    async def put(self, duty: Duty, before: Duty | None = None, begun: Sequence[Count] = ()) -> None:
        """Store a duty, and ring where it changes something. `before`: if it had other services.

        `begun`: as of `Store.put_duty`.
        """
        desk = self.desks.get(duty.id)
        seat = desk.connection if desk is not None and duty.away_since is None else None
        await self.store.put_duty(replace(duty, seat=seat), begun=begun)
        self._ring_duty(duty.places | (before.places if before is not None else frozenset()))

    def _ring_duty(self, services: Collection[ServiceId]) -> None:
        for service in services:
            self._ring(Doorbell(bell=Bell.DUTY, service=service))

    def _ring(self, doorbell: Doorbell) -> None:
        self.bus.ring(replace(doorbell, origin=self.rooms.origin))
