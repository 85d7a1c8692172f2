# SPDX-License-Identifier: EUPL-1.2
"""Which consoles are connected here, and how one of them sits down in a conversation that is its own.

Owns the desks, and the rule that nobody is left with an operator who is neither seated nor noted as away.
Knows nothing of what an operator may ask for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chat import commands
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import BeyondHead, NotAllowed, Refused, Unavailable
from chat.ids import ConversationId, DutyId, Role, ServiceId
from chat.live import showing
from chat.live.brought import NOTHING, Brought
from chat.live.confiding import StaffParty
from chat.live.opening import open_for
from chat.live.persistence import Persistence
from chat.live.room import Room, Seat
from chat.live.rooms import Rooms
from chat.live.saying import Post
from chat.ports import Clock, Store

_log = logging.getLogger(__name__)

_PRESENT: dict[Role, Callable[[DutyId], commands.Command]] = {
    Role.OPERATOR: commands.NoteOperatorPresent,
    Role.GUEST: commands.NoteGuestPresent,
}
_AWAY: dict[Role, Callable[[DutyId], commands.Command]] = {
    Role.OPERATOR: commands.NoteOperatorAway,
    Role.GUEST: commands.NoteGuestAway,
}

KEY_PATIENCE_S = 2.0
"""How long a desk waits for the process where she is connected to wrap the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a staff sign-in means to the chat."""

    duty: DutyId
    services: frozenset[ServiceId]
    """The services that this person may serve at all."""
    private_key: X25519PrivateKey
    key_day: int
    supervises: bool = False
    """They come to raised hands and serve no queue."""


@dataclass(slots=True, eq=False)
class Desk:
    """One connected console."""

    signed_in: SignedIn
    party: StaffParty
    connection: str
    duty: Duty | None = None

    @property
    def id(self) -> DutyId:
        """The duty that sits here."""
        return self.signed_in.duty


@dataclass(slots=True, eq=False)
class Seating:
    """The desks of this process and their seats."""

    rooms: Rooms
    store: Store
    clock: Clock
    persistence: Persistence
    desks: dict[DutyId, Desk] = field(default_factory=dict)

    # --- desks ---

    def place(self, desk: Desk) -> None:
        """Let a desk stand here from now on."""
        self.desks[desk.id] = desk
        self.rooms.readers.private_keys[desk.id] = desk.signed_in.private_key

    def clear(self, desk: Desk) -> bool:
        """Nobody sits at this desk any more; its keys leave memory at once. False: it was not there."""
        stood_here = self.desks.get(desk.id) is desk
        if stood_here:
            self.desks.pop(desk.id, None)
            self.rooms.readers.private_keys.pop(desk.id, None)
        for room in self.rooms.all():
            for role in showing.STAFF:
                seat = room.seat(role)
                if seat is not None and seat.connection == desk.connection:
                    room.sit(role, None)
                    self.rooms.leave_if_empty(room)
        return stood_here

    # --- seats ---

    async def sit_down(self, desk: Desk, room: Room, after: int, *, if_needed: bool = False) -> None:
        """Seat the desk. If only another process holds the key, that process is given a moment to wrap it.

        `if_needed`: not if it is seated and ready by then.

        Raises:
            NotAllowed: the desk is gone, or the conversation is no longer its own. HasEnded.
            BeyondHead: `after` is negative or beyond the newest entry.
            Unavailable: it may be seated, and is not ready.
        """
        if room.key is None and room.conversation.visitor_away_since is None:
            async with room.lock:
                found = await self.rooms.readers.find_key(room)
            if not found:
                await room.key_within(KEY_PATIENCE_S, self.clock)
        async with room.lock:
            await self.rooms.catch_up(room)
            state = room.conversation
            role = role_of(state, desk.id)
            if self.desks.get(desk.id) is not desk or role is None:
                raise NotAllowed
            if not 0 <= after <= state.seq:
                raise BeyondHead
            if if_needed and self._is_seated(desk.id, room):
                return
            room.sit(role, Seat(desk.party, desk.connection, after=after))
            await self.rooms.readers.find_key(room)
            await open_for(self.rooms, room, role)
        if is_away(state, role):
            await self.note_present(room, desk.id)

    async def note_present(self, room: Room, duty: DutyId) -> None:
        """Note that one of the staff in a conversation has a socket; nothing if they are not in it."""
        role = role_of(room.conversation, duty)
        if role is not None:
            await self.rooms.do(room, _PRESENT[role](duty))

    async def take(
        self, room: Room, duty: DutyId, command: commands.Command, brought: Brought = NOTHING
    ) -> None:
        """Carry out what makes a conversation this duty's.

        Raises:
            Whatever the step does. It may stand even so, if it was neither refused nor unavailable: nobody
            else would ever open it, so that goes on by itself.
        """
        try:
            await self.rooms.do(room, command, brought)
        except (Refused, Unavailable):
            raise
        except BaseException:
            self.go_on(duty, room.id)
            raise

    async def open_claimed(self, duty: DutyId, conversation: ConversationId) -> None:
        """Open what was claimed just now; if that fails, later and by itself. The claim stands."""
        try:
            await self._open_or_note_away(duty, conversation)
        except BaseException as error:
            self.go_on(duty, conversation)
            if not isinstance(error, Unavailable):
                raise

    def go_on(self, duty: DutyId, conversation: ConversationId) -> None:
        """See to it that what is claimed, or may be, is opened or its operator noted as away."""
        self.persistence.go_on(lambda: self._open_or_note_away(duty, conversation))

    async def _open_or_note_away(self, duty: DutyId, conversation: ConversationId) -> None:
        async with self.rooms.visit(conversation) as room:
            if room is None:
                return
            try:
                async with room.lock:
                    await self.rooms.catch_up(room)
                while role_of(room.conversation, duty) is not None and not self._is_seated(duty, room):
                    if await self._has_opened(duty, room):
                        return
            except Refused:
                return

    async def _has_opened(self, duty: DutyId, room: Room) -> bool:
        """Seat the desk of this duty, or note it as away where it has none; False to look again."""
        desk = self.desks.get(duty)
        try:
            if desk is not None:
                await self.sit_down(desk, room, after=0, if_needed=True)
                return True
        except NotAllowed:
            return False  # another desk, or none, or no longer theirs
        except (Refused, Unavailable):
            raise
        except Exception:  # noqa: BLE001 - she must not wait for an operator who hears nothing
            _log.exception("time_stands_still")
            if (role := role_of(room.conversation, duty)) is not None:
                room.sit(role, None)
        if (role := role_of(room.conversation, duty)) is not None:
            await self.rooms.do(room, _AWAY[role](duty))
        return True

    def _is_seated(self, duty: DutyId, room: Room) -> bool:
        desk, role = self.desks.get(duty), role_of(room.conversation, duty)
        seat = room.seat(role) if role is not None else None
        return desk is not None and seat is not None and seat.ready and seat.connection == desk.connection

    # --- what is held ---

    async def for_all_held(self, duty: DutyId, *orders: commands.Command) -> None:
        """Carry out orders in every conversation of a duty; one that cannot be moved stops no other.

        Raises:
            Unavailable: some could not be stored now; the others are.
        """
        unavailable: Unavailable | None = None
        for conversation in await self.store.held_by(duty):
            try:
                for order in orders:
                    await self._order(conversation, order)
            except Unavailable as error:
                unavailable = error
            except Exception:  # noqa: BLE001 - its others must not stay with somebody who is gone
                _log.exception("time_stands_still")
        if unavailable is not None:
            raise unavailable

    async def _order(self, conversation: ConversationId, order: commands.Command) -> None:
        """Carry out a command that has become pointless if the conversation moved on."""
        async with self.rooms.visit(conversation) as room:
            if room is None:
                return
            try:
                await self.rooms.do(room, order)
            except Refused:
                return


def is_held(state: Conversation, duty: DutyId) -> bool:
    """Tell whether this duty holds an active conversation."""
    return state.operator == duty and state.phase is Phase.ACTIVE


def role_of(state: Conversation, duty: DutyId) -> Role | None:
    """Return as whom this duty takes part in a conversation: as who holds it, as a guest, or not at all."""
    if is_held(state, duty):
        return Role.OPERATOR
    return Role.GUEST if state.guest is not None and state.guest.duty == duty else None


def is_away(state: Conversation, role: Role) -> bool:
    """Tell whether whoever holds it, or the guest, is noted as without a socket."""
    if role is Role.OPERATOR:
        return state.operator_away_since is not None
    return state.guest is not None and state.guest.away_since is not None


def hears(room: Room, role: Role) -> bool:
    """Tell whether whoever holds a room, or its guest, sits there and is given what is said."""
    seat = room.seat(role)
    return seat is not None and seat.ready


def posting(role: Role, duty: DutyId) -> Post:
    """Return what asks the conversation whether one of the staff may say something."""
    if role is Role.GUEST:
        return partial(commands.PostGuestMessage, duty)
    return partial(commands.PostOperatorMessage, duty)
