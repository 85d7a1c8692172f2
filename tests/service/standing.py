# SPDX-License-Identifier: EUPL-1.2
"""What stories stand on: services, a clock that stands still, chance that repeats, and ears."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TypeVar

from chat.catalogue import RoutingMode, Service
from chat.entries import Entry, EntryKind
from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId, Track
from chat.live.confiding import Confided
from chat.live.notices import (
    ConversationOpened,
    ConversationOver,
    EntryShown,
    MessageStored,
    Notice,
)

EVENING = datetime(2026, 2, 16, 20, 15, tzinfo=UTC)
N = TypeVar("N")


def service(
    name: str,
    organisation: str,
    track: Track = Track.EXPOSED,
    mode: RoutingMode = RoutingMode.PULL,
    capacity: int = 3,
) -> Service:
    """Return a service that never closes."""
    return Service(
        id=ServiceId(name),
        organisation=OrganisationId(organisation),
        track=track,
        hours=OpeningHours("24/7"),
        mode=mode,
        capacity=capacity,
        notice_version="1",
    )


SERVICES = {
    one.id: one
    for one in (
        service("linden", "jour"),
        service("eken", "tjejjour"),
        service("bjorken", "jour"),
        service("aspen", "kommun", mode=RoutingMode.OFFER, capacity=1),
        service("alen", "kommun", mode=RoutingMode.OFFER, capacity=1),
        service("hamnen", "kommun", Track.PERPETRATOR),
    )
}


class Borders:
    """Which two organisations work together: those of which a test says so."""

    def __init__(self) -> None:
        self.open: set[frozenset[str]] = set()

    def is_open(self, one: OrganisationId, other: OrganisationId, on: date) -> bool:
        """Tell whether it says so."""
        return one == other or frozenset({one, other}) in self.open


class StandingClock:
    """Time stands still until `advance`; whoever sleeps wakes in order, each at its own moment."""

    def __init__(self) -> None:
        self.moment = EVENING
        self.is_trusted = True
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._fell_asleep = asyncio.Event()

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def trusted(self) -> bool:
        """Return what the test says."""
        return self.is_trusted

    async def sleep(self, seconds: float) -> None:
        """Return when time has been advanced that far."""
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.moment + timedelta(seconds=seconds), next(self._order), waking))
        self._fell_asleep.set()
        await waking

    async def sleeps_in(self, task: asyncio.Task[None]) -> None:
        """Return as soon as somebody waits for time to pass; fail when `task` is done without waiting."""
        while not any(not waking.done() for _, _, waking in self._sleepers):
            self._fell_asleep.clear()
            asleep = asyncio.ensure_future(self._fell_asleep.wait())
            await asyncio.wait({task, asleep}, return_when=asyncio.FIRST_COMPLETED)
            asleep.cancel()
            assert not task.done()

    async def goes_on_until(self, is_done: Callable[[], bool]) -> None:
        """Let a second pass whenever somebody sleeps, until it is done."""
        while not is_done():
            if any(not waking.done() for _, _, waking in self._sleepers):
                self.advance(1)
            await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let time pass, and wake whoever slept so long."""
        until = self.moment + timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= until:
            self.moment, _, waking = heapq.heappop(self._sleepers)
            if not waking.done():
                waking.set_result(None)
        self.moment = until


class SeededRandomness:
    """The same bytes in every run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def bytes(self, count: int) -> bytes:
        """Return the next bytes."""
        return self._random.randbytes(count)


class QuickStretching:
    """Stands in for Argon2, which has tests of its own and is slow on purpose."""

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Return what only these two give."""
        return hashlib.sha256(salt + secret).digest()


class Ear:
    """A party that keeps what it was told."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.confided: list[Confided] = []
        self.is_gone = False

    def deliver(self, notice: Notice) -> None:
        """Keep it."""
        self.notices.append(notice)

    def confide(self, confided: Confided) -> None:
        """Keep what is for staff alone."""
        self.confided.append(confided)

    def heard(self, kind: type[N]) -> list[N]:
        """Return every notice of one kind, in order."""
        return [notice for notice in self.notices if isinstance(notice, kind)]

    def last(self, kind: type[N]) -> N:
        """Return the newest notice of one kind."""
        return self.heard(kind)[-1]

    def entries(self) -> list[Entry]:
        """Return every entry that was shown, one by one or with an opening."""
        shown: list[Entry] = []
        for notice in self.notices:
            if isinstance(notice, EntryShown):
                shown.append(notice.entry)
            elif isinstance(notice, ConversationOpened):
                shown.extend(notice.entries)
        return shown

    def texts(self) -> list[str]:
        """Return what was said to it, in order."""
        return [entry.text for entry in self.entries() if entry.kind is EntryKind.SAID]

    @property
    def acks(self) -> list[tuple[str, int]]:
        """Client id and seq of every message of its own that was stored."""
        return [(stored.client_id, stored.seq) for stored in self.heard(MessageStored)]

    @property
    def is_over(self) -> bool:
        """Whether it was told the end."""
        return bool(self.heard(ConversationOver))
