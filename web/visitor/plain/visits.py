# SPDX-License-Identifier: EUPL-1.2
"""Who is here without a socket: a visit lives for a while after each of her requests.

Owns when somebody has come, and when she counts as gone: then her place is kept as after a lost socket. In
the memory of this process, bounded in number: only who sits here counts, and what is kept for somebody who
does not makes room for her. Knows no page.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from chat.conversation import Conversation
from chat.errors import Unavailable, UnknownToken
from chat.ids import random_id
from chat.live import visiting
from chat.live.visitors import Opening, VisitorSeat
from moderation.admission import OWN
from moderation.rate import Bucket, Rate
from web.house import House
from web.visitor.plain.visit import Visit, key_of

LIVES_S: Final = 45.0
"""After her last request: her log asks again every few seconds, and a slow network may lose some of them."""
KEPT_S: Final = 900.0
"""So long after that what she has written and not sent waits for her, and how it ended."""
MOST: Final = 1_000
"""So many may sit here at once, and so much is kept in all."""
SHARE: Final = OWN.burst
"""When two thirds of the places are taken, the rest is for networks that have fewer than so many."""
LOOKS: Final = Rate(burst=60, every=timedelta(seconds=0.25))
"""For one visit: a page that asks again by itself never comes near it."""


class Visits:
    """See the module."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._visits: dict[bytes, Visit] = {}
        """By what stands for her token; who has gone, or is over, in the order of it."""
        self._coming = 0
        self._timers: dict[bytes, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        house.chat.rooms.on_over.append(self._ended)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._visits)

    def has_room(self, network: bytes) -> bool:
        """Tell whether somebody more of a network can be let in here now."""
        here = [each for each in self._visits.values() if each.is_here]
        count = len(here) + self._coming
        if count < MOST * 2 // 3:
            return True
        named = (each.conversation for each in here if each.conversation is not None)
        return count < MOST and self._house.limits.share(network, named) < SHARE

    async def start(self, opening: Opening, network: bytes) -> Visit:
        """Begin a conversation.

        Raises:
            What `Visitors.start` says.
        """
        visit = self._new("")
        self._coming += 1
        try:
            seat = await self._house.chat.visitors.start(opening, visit, visit.connection)
        finally:
            self._coming -= 1
        self._sit(self._added(visit), seat, network)
        return visit

    async def come_back(self, code: str, network: bytes) -> Visit:
        """Come in with a code; as with a token, nobody is kept out of a talk that goes on.

        Raises:
            What `Codes.come_back` says.
        """
        visit = self._new("")
        seat = await self._house.chat.codes.come_back(code, 0, visit, visit.connection)
        self._sit(self._added(visit), seat, network)
        return visit

    async def enter(self, token: str, network: bytes, *, take: bool = False) -> Visit:
        """Return the visit of a token, which lives on from now. Without a seat, another connection has it.

        `take`: take it from that one.

        Raises:
            UnknownToken: the conversation is over, or never was.
            Unavailable: nobody can tell now, or somebody asks too often.
        """
        visit = self.get(token) or await self._found(token)
        now = self._house.clock.now()
        visit.looks, too_often = (visit.looks or Bucket(LOOKS, now)).take(now)
        if too_often is not None:
            raise Unavailable
        try:
            async with visit.lock:
                await self._seat(visit, token, network, take=take)
        except UnknownToken:
            visit.end("gone")
            if visit.code is None:
                self.forget(visit)
                raise
        self._live_on(visit)
        return visit

    async def _found(self, token: str) -> Visit:
        """Return a visit for a token that is live: whoever makes one up takes no place."""
        _, stored = await self._house.chat.visitors.find(token)
        visit = self.get(token)
        if visit is None:
            visit = self._added(self._new(token))
            visit.service = stored.conversation.service
            self._live_on(visit)
        return visit

    def _added(self, visit: Visit) -> Visit:
        """Keep a visit. What is kept for somebody who is not here makes room: what is least missed, first."""
        if len(self._visits) >= MOST:
            away = [each for each in self._visits.values() if not each.is_here and not each.lock.locked()]
            if away:
                self.forget(min(away, key=lambda each: each.holds))
        self._visits[visit.key] = visit
        return visit

    async def _seat(self, visit: Visit, token: str, network: bytes, *, take: bool) -> None:
        if visit.over is not None or visit.seat is not None:
            return
        visitors = self._house.chat.visitors
        if not take and await visiting.is_connected(visitors, token):
            return
        visit.forget()
        self._sit(visit, await visitors.resume(token, 0, visit, visit.connection), network)

    def _sit(self, visit: Visit, seat: VisitorSeat, network: bytes) -> None:
        conversation = seat.room.conversation
        visit.service, visit.language = conversation.service, conversation.language
        visit.track, visit.conversation = conversation.track, seat.room.id
        if visit.over is None:
            visit.seat = seat
            self._house.limits.arrived(seat.room.id, network)
        self._live_on(visit)

    def forget(self, visit: Visit) -> None:
        """Forget somebody altogether."""
        if self._visits.get(visit.key) is visit:
            del self._visits[visit.key]
            self._stop(visit)

    def get(self, token: str) -> Visit | None:
        """Return the visit of a token, if there is one; it does not live longer for it."""
        return self._visits.get(key_of(token))

    def named(self, connection: str) -> Visit | None:
        """Return the visit of this name, if there is one."""
        return next((each for each in self._visits.values() if each.connection == connection), None)

    def _ended(self, was: Conversation) -> None:
        """A talk is over: what it has left here goes, also of somebody who is away."""
        for visit in [each for each in self._visits.values() if each.conversation == was.id]:
            if visit.over is None:
                visit.end("gone")
                if visit.code is None:
                    self.forget(visit)
                    continue
            self._visits[visit.key] = self._visits.pop(visit.key)

    # --- time ---

    def _new(self, token: str) -> Visit:
        return Visit(token, random_id(self._house.randomness), self._house.clock)

    def _live_on(self, visit: Visit) -> None:
        self._stop(visit)
        loop = asyncio.get_running_loop()
        self._timers[visit.key] = loop.call_later(LIVES_S, self.lapse, visit)

    def _stop(self, visit: Visit) -> None:
        timer = self._timers.pop(visit.key, None)
        if timer is not None:
            timer.cancel()

    def lapse(self, visit: Visit) -> None:
        """She has stayed away: her seat and every word of the talk are let go, her place is kept."""
        self._stop(visit)
        if self._visits.get(visit.key) is visit:
            self._visits[visit.key] = self._visits.pop(visit.key)
        self._timers[visit.key] = asyncio.get_running_loop().call_later(KEPT_S, self.forget, visit)
        seat, visit.seat = visit.seat, None
        visit.forget()
        if seat is None:
            return
        if not seat.is_taken:
            self._house.limits.departed(seat.room.id)
        leaving = asyncio.create_task(self._house.chat.visitors.disconnect(seat))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._left)

    def _left(self, leaving: asyncio.Task[None]) -> None:
        self._leaving.discard(leaving)
        if not leaving.cancelled() and isinstance(error := leaving.exception(), Exception):
            self._house.note_fault(error)
