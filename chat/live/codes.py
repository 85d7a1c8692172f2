# SPDX-License-Identifier: EUPL-1.2
"""Coming back with a code: giving her one, taking it away, and finding what it opens.

Owns what is slow about a code (Argon2id, whatever was typed). No code is kept anywhere, here or in the
store. Knows no network: how often somebody may try is decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chat import code as codes
from chat import commands
from chat.errors import HasEnded, NotNow, WrongCode
from chat.live.brought import Brought
from chat.live.entrance import Entrance, Fresh
from chat.live.notices import Party, ReturnCodeGiven
from chat.live.room import Room
from chat.live.unheard import Found, Unheard
from chat.live.visitors import Visitors, VisitorSeat
from chat.ports import DailyKeys, Rekeyed, ReturnKey, Store, Stored, Stretching
from chat.sealing import DAYS_KEPT, key_ends, return_lookup

SALT_BYTES = 16

NOBODYS = "no code at all"
"""Stretched in the place of what cannot be a code, so that the two take as long."""


@dataclass(slots=True, eq=False)
class Codes:
    """What she may do about a code."""

    visitors: Visitors
    store: Store
    keys: DailyKeys
    stretching: Stretching
    words: Sequence[str]
    unheard: Unheard = field(default_factory=Unheard)
    _salt: bytes | None = field(default=None, repr=False)

    async def give(self, seat: VisitorSeat) -> None:
        """Give her a code, in the place of the one that she has; the party gets a `ReturnCodeGiven`.

        Raises:
            NotNow: nobody has answered her yet, or another connection sits here now. HasEnded.
            Unavailable: too much is asked of the server now, or the store cannot take it.
        """
        room = seat.room
        async with room.lock:
            # Before the slow work: who waits for an answer would make the server work for nothing.
            await self._check_begun(seat)
        fresh = await self._fresh()
        async with room.lock:
            self._check(seat)
            key = self._return_key(fresh, room)
            take = commands.TakeReturnCode(key_ends(key.day))
            await self.visitors.rooms.step(room, take, Brought(rekeyed=Rekeyed(key), seat=seat.seat))
            seat.seat.party.deliver(ReturnCodeGiven(fresh.words))

    def _check(self, seat: VisitorSeat) -> None:
        self.visitors.check_seat(seat)
        if seat.room.key is None:
            raise HasEnded

    async def _check_begun(self, seat: VisitorSeat) -> None:
        self._check(seat)
        if not seat.room.conversation.has_begun:
            await self.visitors.rooms.catch_up(seat.room)  # she may have been answered elsewhere
        if not seat.room.conversation.has_begun:
            raise NotNow

    async def drop(self, seat: VisitorSeat) -> None:
        """Let no code open it any more; the party gets a `ReturnCodeGone`. Without a code nothing happens.

        Raises:
            NotNow: another connection sits here now. HasEnded. Unavailable: the store cannot take it.
        """
        async with seat.room.lock:
            self.visitors.check_seat(seat)
            await self.visitors.rooms.step(seat.room, commands.DropReturnCode(), Brought(seat=seat.seat))

    async def come_back(
        self, typed: str, after: int, party: Party, connection: str, nonce: str | None = None
    ) -> VisitorSeat:
        """Let somebody in with a code: a `Welcomed` with another token, another code, and then the entries.

        From the commit on neither the code nor the token from before opens anything, and whoever sat there
        is sent away. `nonce`: random, of the page; with it the page may send the same again when it has
        heard no answer (`unheard.py`).

        All that opens nothing takes one run of Argon2id. A code that has found something takes a second one,
        for the next code: that tells time to nobody but whoever has a right one.

        Raises:
            WrongCode: it opens nothing, for whatever reason. BeyondHead: there is no entry `after`.
            Unavailable: too much is asked of the server now, or the store cannot take it.
        """
        known = codes.read_code(typed, self.words)
        stretched = await self._stretch(known or NOBODYS)
        found, stored = await self._find(stretched, nonce)
        if known is None or found is None or stored is None:
            raise WrongCode
        fresh = await self._fresh()

        def on_in(given: ReturnKey) -> None:
            self.unheard.note(found, given.lookup, nonce, self.visitors.clock.now())

        entrance = Entrance(
            self.visitors, found, stretched, fresh, self._return_key, on_in, party, connection
        )
        return await entrance.let_in(stored, after)

    async def _find(self, stretched: bytes, nonce: str | None) -> tuple[Found | None, Stored | None]:
        lookups = self._lookups(stretched)
        stored = await self.store.find_return(lookups) if lookups else None
        if stored is not None and (key := stored.return_key) is not None:
            return Found(stored.conversation.id, key, key.lookup), stored
        again = self.unheard.find(lookups, nonce, self.visitors.clock.now())
        return again, await self.store.load(again.conversation) if again is not None else None

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

    def _return_key(self, fresh: Fresh, room: Room) -> ReturnKey:
        """Return what a code opens, under today's key. It is never made anew: nobody keeps the code."""
        assert room.key is not None
        day, day_key = self.keys.today(self.visitors.clock.now())
        wrap = room.key.wrap_for_return(fresh.stretched, day, day_key, room.id)
        return ReturnKey(day, return_lookup(fresh.stretched, day_key), wrap)
