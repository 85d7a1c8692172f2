# SPDX-License-Identifier: EUPL-1.2
"""How it is in some services just now, for those who look after them: figures, who is there, and what calls.

Owns one reading for each service, shared by everybody who looks at it: many boards cost no more than one. All
services that are asked for together are read together, in as many queries as one. Names no conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from chat.catalogue import Service
from chat.conversation import Conversation
from chat.duty import Duty
from chat.hours import local_day
from chat.ids import DutyId, ServiceId
from chat.live.alerts import Seen, listed, seen
from chat.live.notices import AlertsListed
from chat.ports import Clock, Doorbell, Store
from chat.statistics import Counted
from chat.talk_ports import Talks
from chat.talks import Talk, in_order

KEPT: Final = timedelta(seconds=1)
"""How old a reading may be. What rings a doorbell is read again at once; this is for all that rings none."""


class Serving(NamedTuple):
    """Somebody on duty, as a supervisor sees them."""

    alias: str
    active: int
    capacity: int
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """What a supervisor sees of one service."""

    service: ServiceId
    open: bool
    cannot_open: str | None
    waiting: int
    longest_wait_s: int | None
    on_duty: tuple[Serving, ...]
    active: int
    answered: int
    abandoned: int
    closes_at: datetime | None = None
    """While it is open, and None where it never closes."""
    takes_new: bool = True
    """Whether a new chat may start, while it is open: not when it closes soon."""
    opens_at: datetime | None = None
    """While it is closed, and None where no opening is known."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One service at one moment."""

    at: datetime
    waiting: tuple[Conversation, ...]
    duties: tuple[Duty, ...]
    loads: Mapping[DutyId, int]
    active: int
    counted: Mapping[str, int]
    seen: Seen
    talks: tuple[Talk, ...]
    closes_at: datetime | None
    opens_at: datetime | None


@dataclass(slots=True, eq=False)
class Board:
    """What the boards of this process show."""

    store: Store
    clock: Clock
    services: Mapping[ServiceId, Service]
    talks: Talks
    _kept: dict[ServiceId, _Reading] = field(default_factory=dict)
    _rung: set[ServiceId] = field(default_factory=set)
    """What changed while it was read: that reading is good for whoever asked before, and is not kept."""
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def hear(self, doorbell: Doorbell) -> None:
        """Forget a reading that is no longer true."""
        if doorbell.service is not None:
            self._kept.pop(doorbell.service, None)
            self._rung.add(doorbell.service)

    async def rows(self, ids: Collection[ServiceId]) -> list[BoardRow]:
        """Return the row of each service that there is, in the order asked for."""
        now = self.clock.now()
        found = await self._read(ids)
        return [_row(self.services[id_], found[id_], now) for id_ in ids if id_ in found]

    async def alerts(self, ids: Collection[ServiceId]) -> AlertsListed:
        """Return what calls for a supervisor in these services."""
        found = await self._read(ids)
        by_service = {service: each.seen for service, each in found.items()}
        talks = {talk.id: talk for each in found.values() for talk in each.talks}
        return listed(by_service, in_order(talks.values()))

    async def _read(self, ids: Collection[ServiceId]) -> dict[ServiceId, _Reading]:
        """Return a reading of each service that there is; whoever asks meanwhile waits for the same one."""
        known = [id_ for id_ in ids if id_ in self.services]
        async with self._reading:
            now = self.clock.now()
            self._kept = {id_: each for id_, each in self._kept.items() if now - each.at < KEPT}
            found = {id_: self._kept[id_] for id_ in known if id_ in self._kept}
            old = [id_ for id_ in known if id_ not in found]
            if old:
                self._rung.clear()
                fresh = await self._read_now(old, now)
                found |= fresh
                self._kept |= {id_: each for id_, each in fresh.items() if id_ not in self._rung}
        return found

    async def _read_now(self, ids: list[ServiceId], now: datetime) -> dict[ServiceId, _Reading]:
        counted = await self.store.counters(ids, local_day(now))
        active = await self.store.active_count(ids)
        waiting = await self.store.waiting(ids)
        duties = await self.store.duties(ids)
        loads = await self.store.loads(ids)
        hands = await self.store.hands(ids)
        talks = await self.talks.all(now)
        found = {}
        for id_ in ids:
            hours = self.services[id_].hours
            theirs = [each for each in waiting if each.service == id_]
            there = [each for each in duties if id_ in each.services]
            called = seen(id_, [each for each in hands if each.service == id_], theirs, there)
            found[id_] = _Reading(
                now,
                tuple(theirs),
                tuple(there),
                loads,
                active.get(id_, 0),
                counted.get(id_, {}),
                called,
                tuple(talk for talk in talks if talk.is_of({id_})),
                hours.closes_at(now),
                hours.opens_at(now),
            )
        return found


def _row(service: Service, read: _Reading, now: datetime) -> BoardRow:
    oldest = min((conversation.waiting_since for conversation in read.waiting), default=None)
    return BoardRow(
        service=service.id,
        open=service.cannot_open is None and service.hours.is_open(now),
        takes_new=service.hours.takes_new(now),
        cannot_open=service.cannot_open,
        waiting=len(read.waiting),
        longest_wait_s=None if oldest is None else int((now - oldest).total_seconds()),
        on_duty=tuple(
            Serving(duty.alias, read.loads.get(duty.id, 0), duty.most(service), duty.paused_since is not None)
            for duty in read.duties
            if duty.away_since is None
        ),
        active=read.active,
        answered=read.counted.get(Counted.ANSWERED, 0),
        abandoned=read.counted.get(Counted.ABANDONED, 0),
        closes_at=read.closes_at,
        opens_at=read.opens_at,
    )
