# SPDX-License-Identifier: EUPL-1.2
"""Who is here without a socket: a visit lives for a while after each of her requests.

Owns when somebody has come, and when she counts as gone: then her place is kept as after a lost socket. In
the memory of this process, bounded in number. Knows no page.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from chat.errors import Unavailable, UnknownToken
from chat.ids import random_id
from chat.live import visiting
from chat.live.visitors import Opening, VisitorSeat
from moderation.rate import Bucket, Rate
from web.house import House
from web.visitor.plain.visit import Visit

LIVES_S: Final = 45.0
"""After her last request: her log asks again every few seconds, and a slow network may lose some of them."""
KEPT_S: Final = 900.0
"""So long after that what she has written and not sent waits for her, and how it ended."""
MOST: Final = 1_000
LOOKS: Final = Rate(burst=60, every=timedelta(seconds=0.25))
"""For one visit: a page that asks again by itself never comes near it."""


class Visits:
    """See the module."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._visits: dict[str, Visit] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._visits)

    @property
    def is_full(self) -> bool:
        """Whether nobody more can be let in here now."""
        return len(self._visits) >= MOST

    async def start(self, opening: Opening, network: bytes) -> Visit:
        """Begin a conversation.

        Raises:
            What `Visitors.start` says.
        """
        visit = self._new("")
        seat = await self._house.chat.visitors.start(opening, visit, visit.connection)
        self._visits[visit.token] = visit
        self._sit(visit, seat, network)
        return visit

    async def come_back(self, code: str, network: bytes) -> Visit:
        """Come in with a code.

        Raises:
            What `Codes.come_back` says.
        """
        visit = self._new("")
        seat = await self._house.chat.codes.come_back(code, 0, visit, visit.connection)
        self._visits[visit.token] = visit
        self._sit(visit, seat, network)
        return visit

    async def enter(self, token: str, network: bytes, *, take: bool = False) -> Visit:
        """Return the visit of a token, which lives on from now. Without a seat, another connection has it.

        `take`: take it from that one.

        Raises:
            UnknownToken: the conversation is over, or never was.
            Unavailable: nobody can tell now, or somebody asks too often.
        """
        visit = self._visits.get(token)
        if visit is None:
            if self.is_full:
                raise Unavailable
            self._visits[token] = visit = self._new(token)
        now = self._house.clock.now()
        visit.looks, too_often = (visit.looks or Bucket(LOOKS, now)).take(now)
        if too_often is not None:
            raise Unavailable
        try:
            async with visit.lock:
                await self._seat(visit, network, take=take)
        except UnknownToken:
            if visit.over is None:
                self.forget(visit)
                raise
        except BaseException:
            if not visit.service:
                self.forget(visit)  # nobody knows yet whether there is such a conversation
            raise
        self._live_on(visit)
        return visit

    async def _seat(self, visit: Visit, network: bytes, *, take: bool) -> None:
        if visit.over is not None or visit.seat is not None:
            return
        visitors = self._house.chat.visitors
        if not take and await visiting.is_connected(visitors, visit.token):
            _, stored = await visitors.find(visit.token)
            visit.service = stored.conversation.service
            return
        visit.forget()
        self._sit(visit, await visitors.resume(visit.token, 0, visit, visit.connection), network)

    def _sit(self, visit: Visit, seat: VisitorSeat, network: bytes) -> None:
        conversation = seat.room.conversation
        visit.service, visit.language = conversation.service, conversation.language
        visit.track = conversation.track
        if visit.over is None:
            visit.seat = seat
            self._house.limits.arrived(seat.room.id, network)
        self._live_on(visit)

    def forget(self, visit: Visit) -> None:
        """Forget somebody altogether."""
        self._visits.pop(visit.token, None)
        self._stop(visit)

    def get(self, token: str) -> Visit | None:
        """Return the visit of a token, if there is one; it does not live longer for it."""
        return self._visits.get(token)

    # --- time ---

    def _new(self, token: str) -> Visit:
        return Visit(token, random_id(self._house.randomness), self._house.clock)

    def _live_on(self, visit: Visit) -> None:
        self._stop(visit)
        loop = asyncio.get_running_loop()
        self._timers[visit.token] = loop.call_later(LIVES_S, self.lapse, visit)

    def _stop(self, visit: Visit) -> None:
        timer = self._timers.pop(visit.token, None)
        if timer is not None:
            timer.cancel()

    def lapse(self, visit: Visit) -> None:
        """She has stayed away: her seat and every word of the talk are let go, her place is kept."""
        self._stop(visit)
        self._timers[visit.token] = asyncio.get_running_loop().call_later(KEPT_S, self.forget, visit)
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
