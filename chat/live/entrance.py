# SPDX-License-Identifier: EUPL-1.2
"""One coming in with a code: from what the code has found to her seat.

Owns that it happens once: whoever comes in gets another token and another code in the very step that ends
the old ones. Knows nothing of how a code is found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat import commands
from chat.entries import Entry
from chat.errors import BeyondHead, CannotUnseal, HasEnded, NotNow, Refused, Unavailable, WrongCode
from chat.live import log
from chat.live.brought import Brought
from chat.live.notices import Party, ReturnCodeGiven
from chat.live.room import Room, Seat
from chat.live.unheard import Found
from chat.live.visitors import Visitors, VisitorSeat, refuse_gone
from chat.ports import Rekeyed, ReturnKey, Stored
from chat.sealing import ConversationKey, Token, key_ends


@dataclass(frozen=True, slots=True, repr=False)
class Fresh:
    """A code that nobody has yet. Its repr shows nothing."""

    words: str
    stretched: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Entrance:
    """See the module."""

    visitors: Visitors
    found: Found
    stretched: bytes
    """The code that was typed."""
    fresh: Fresh
    """The one that she gets."""
    key_of: Callable[[Fresh, Room], ReturnKey]
    on_in: Callable[[ReturnKey], None]
    """Told under which key she is in, as soon as that is stored."""
    party: Party
    connection: str

    async def let_in(self, stored: Stored, after: int) -> VisitorSeat:
        """Give her a seat, a `Welcomed`, the next code, and then the entries after `after`.

        Raises:
            WrongCode: somebody was faster, or it is over. BeyondHead, Unavailable.
        """
        async with self.visitors.rooms.visit(stored.conversation.id, stored) as room:
            if room is None:
                raise WrongCode
            seat = None
            try:
                async with room.lock:
                    seat = await self._sit(room, after)
                await self.visitors.note_back(room)
            except BaseException as error:
                seat = seat or self._half_in(room, error)
                if seat is not None:
                    await self.visitors.disconnect(VisitorSeat(room, seat))
                raise
        return VisitorSeat(room, seat)

    def _half_in(self, room: Room, error: BaseException) -> Seat | None:
        if isinstance(error, Refused | Unavailable) or room.visitor is not None:
            return None
        # It may be stored that she is here, and nobody else would ever see that she is not.
        room.visitor = seat = Seat(self.party, self.connection)
        return seat

    async def _sit(self, room: Room, after: int) -> Seat:
        await self._unlock(room, after)
        # Before the locks change: what cannot be read now must not cost her the code.
        entries, head = await self._read(room, after), room.conversation.seq
        refuse_gone(self.party)
        token = await self._change_locks(room)
        if room.conversation.seq > head:
            entries += await self._read(room, head)
        seat = self.visitors.sit(room, token, self.party, self.connection)
        self.party.deliver(ReturnCodeGiven(self.fresh.words))
        await self.visitors.show_again(room, entries, self.party)
        return seat

    async def _read(self, room: Room, after: int) -> tuple[Entry, ...]:
        return await log.read(room, self.visitors.store, self.visitors.rooms.turns, after)

    async def _unlock(self, room: Room, after: int) -> None:
        """Open the key of a room that is as new as the store, if the code still counts there."""
        key = self.found.key
        try:
            await self.visitors.rooms.catch_up(room)
        except HasEnded:
            raise WrongCode from None
        day_key = self.visitors.keys.for_day(key.day)
        # A code that is used up opens nothing, not even for a moment: its seal would still fit.
        if room.return_key is None or room.return_key.lookup != self.found.counts or day_key is None:
            raise WrongCode
        try:
            room.learn_key(
                ConversationKey.unwrap_for_return(key.wrap, self.stretched, key.day, day_key, room.id)
            )
        except CannotUnseal as error:
            raise WrongCode from error
        if not 0 <= after <= room.conversation.seq:
            raise BeyondHead

    async def _change_locks(self, room: Room) -> Token:
        """Store another token and another code, unless somebody has been faster. Returns the token."""
        assert room.key is not None
        token = self.visitors.new_token()
        code = self.key_of(self.fresh, room)
        keys = Rekeyed(code, self.visitors.visitor_key(token, room.key, room.id))
        brought = Brought(rekeyed=keys, instead_of=self.found.counts)
        try:
            await self.visitors.rooms.step(room, commands.ComeBack(key_ends(code.day)), brought)
        except (NotNow, HasEnded):
            raise WrongCode from None  # its time was over, or the conversation's, a moment ago
        self.on_in(code)
        return token
