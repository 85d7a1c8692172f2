# SPDX-License-Identifier: EUPL-1.2
"""Coming back with a code: giving her one, taking it away, and letting her in with it.

Owns what is slow about a code (one run of Argon2id, whatever was typed), and that it opens a conversation
once: whoever comes in gets another token and another code in the very step that ends the old ones. No code
is kept anywhere, here or in the store. Knows no network: how often somebody may try is decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chat import code as codes
from chat import commands
from chat.entries import Entry
from chat.errors import BeyondHead, CannotUnseal, HasEnded, NotNow, Refused, Unavailable, WrongCode
from chat.live import log
from chat.live.brought import Brought
from chat.live.notices import Party, ReturnCodeGiven
from chat.live.room import Room, Seat
from chat.live.visitors import Visitors, VisitorSeat, refuse_gone
from chat.ports import DailyKeys, Rekeyed, ReturnKey, Store, Stored, Stretching
from chat.sealing import DAYS_KEPT, ConversationKey, Token, key_ends, return_lookup

SALT_BYTES = 16

NOBODYS = "no code at all"
"""Stretched in the place of what cannot be a code, so that the two take as long."""


@dataclass(frozen=True, slots=True, repr=False)
class Fresh:
    """A code that nobody has yet. Its repr shows nothing."""

    words: str
    stretched: bytes


@dataclass(slots=True, eq=False)
class Codes:
    """What she may do about a code."""

    visitors: Visitors
    store: Store
    keys: DailyKeys
    stretching: Stretching
    words: Sequence[str]
    _salt: bytes | None = field(default=None, repr=False)

    async def give(self, seat: VisitorSeat) -> None:
        """Give her a code, in the place of the one that she has; the party gets a `ReturnCodeGiven`.

        Raises:
            NotNow: nobody has answered her yet, or another connection sits here now. HasEnded.
            Unavailable: too much is asked of the server now, or the store cannot take it.
        """
        self.visitors.check_seat(seat)
        fresh, room = await self._fresh(), seat.room
        async with room.lock:
            self.visitors.check_seat(seat)
            if room.key is None:
                raise HasEnded
            key = self._return_key(fresh, room.key, room)
            take = commands.TakeReturnCode(key_ends(key.day))
            await self.visitors.rooms.step(room, take, Brought(rekeyed=Rekeyed(key), seat=seat.seat))
            seat.seat.party.deliver(ReturnCodeGiven(fresh.words))

    async def drop(self, seat: VisitorSeat) -> None:
        """Let no code open it any more; the party gets a `ReturnCodeGone`. Without a code nothing happens.

        Raises:
            NotNow: another connection sits here now. HasEnded. Unavailable: the store cannot take it.
        """
        async with seat.room.lock:
            self.visitors.check_seat(seat)
            await self.visitors.rooms.step(seat.room, commands.DropReturnCode(), Brought(seat=seat.seat))

    async def come_back(self, typed: str, after: int, party: Party, connection: str) -> VisitorSeat:
        """Let somebody in with a code: a `Welcomed` with another token, another code, and then the entries.

        From the commit on neither the code nor the token from before opens anything, and whoever sat there
        is sent away.

        Raises:
            WrongCode: it opens nothing, for whatever reason. BeyondHead: there is no entry `after`.
            Unavailable: too much is asked of the server now, or the store cannot take it.
        """
        known = codes.read_code(typed, self.words)
        stretched = await self._stretch(known or NOBODYS)
        lookups = self._lookups(stretched)
        stored = await self.store.find_return(lookups) if lookups else None
        if known is None or stored is None or stored.return_key is None:
            raise WrongCode
        fresh = await self._fresh()
        return await self._let_in(stored, stored.return_key, stretched, fresh, after, party, connection)

    async def _let_in(  # noqa: PLR0917 - what was found, by what, what she gets, and where she sits
        self,
        stored: Stored,
        found: ReturnKey,
        stretched: bytes,
        fresh: Fresh,
        after: int,
        party: Party,
        connection: str,
    ) -> VisitorSeat:
        visitors = self.visitors
        async with visitors.rooms.visit(stored.conversation.id, stored) as room:
            if room is None:
                raise WrongCode
            seat = None
            try:
                async with room.lock:
                    await self._unlock(room, found, stretched, after)
                    # Before the locks change: what cannot be read now must not cost her the code.
                    entries, head = await self._read(room, after), room.conversation.seq
                    refuse_gone(party)
                    token = await self._change_locks(room, found, fresh)
                    if room.conversation.seq > head:
                        entries += await self._read(room, head)
                    seat = visitors.sit(room, token, party, connection)
                    party.deliver(ReturnCodeGiven(fresh.words))
                    await visitors.show_again(room, entries, party)
                await visitors.note_back(room)
            except (Refused, Unavailable):
                if seat is not None:
                    await visitors.disconnect(VisitorSeat(room, seat))
                raise
            except BaseException:
                # It may be stored that she is here, and nobody else would ever see that she is not.
                if seat is None and room.visitor is None:
                    room.visitor = seat = Seat(party, connection)
                if seat is not None:
                    await visitors.disconnect(VisitorSeat(room, seat))
                raise
        return VisitorSeat(room, seat)

    async def _read(self, room: Room, after: int) -> tuple[Entry, ...]:
        return await log.read(room, self.store, self.visitors.rooms.turns, after)

    async def _unlock(self, room: Room, found: ReturnKey, stretched: bytes, after: int) -> None:
        """Open the key of a room that is as new as the store, if the code still counts there."""
        try:
            await self.visitors.rooms.catch_up(room)
        except HasEnded:
            raise WrongCode from None
        key, day_key = room.return_key, self.keys.for_day(found.day)
        if key is None or key.lookup != found.lookup or day_key is None:
            raise WrongCode
        try:
            room.learn_key(ConversationKey.unwrap_for_return(key.wrap, stretched, key.day, day_key, room.id))
        except CannotUnseal as error:
            raise WrongCode from error
        if not 0 <= after <= room.conversation.seq:
            raise BeyondHead

    async def _change_locks(self, room: Room, found: ReturnKey, fresh: Fresh) -> Token:
        """Store another token and another code, unless somebody has been faster. Returns the token."""
        assert room.key is not None
        token = self.visitors.new_token()
        code = self._return_key(fresh, room.key, room)
        keys = Rekeyed(code, self.visitors.visitor_key(token, room.key, room.id))
        brought = Brought(rekeyed=keys, instead_of=found.lookup)
        try:
            await self.visitors.rooms.step(room, commands.ComeBack(key_ends(code.day)), brought)
        except (NotNow, HasEnded):
            raise WrongCode from None  # its time was over, or the conversation's, a moment ago
        return token

    # --- what is made of a code ---

    async def _fresh(self) -> Fresh:
        words = codes.new_code(self.words, self.visitors.randomness)
        return Fresh(words, await self._stretch(words))

    async def _stretch(self, code: str) -> bytes:
        if self._salt is None:
            self._salt = await self.store.return_salt(self.visitors.randomness.bytes(SALT_BYTES))
        return await self.stretching.stretch(code.encode(), self._salt)

    def _lookups(self, stretched: bytes) -> list[bytes]:
        today, _ = self.keys.today(self.visitors.clock.now())
        days = (self.keys.for_day(day) for day in range(max(0, today - DAYS_KEPT), today + 1))
        return [return_lookup(stretched, day_key) for day_key in days if day_key is not None]

    def _return_key(self, fresh: Fresh, key: ConversationKey, room: Room) -> ReturnKey:
        """Return what a code opens, under today's key. It is never made anew: nobody keeps the code."""
        day, day_key = self.keys.today(self.visitors.clock.now())
        wrap = key.wrap_for_return(fresh.stretched, day, day_key, room.id)
        return ReturnKey(day, return_lookup(fresh.stretched, day_key), wrap)
