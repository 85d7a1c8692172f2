# SPDX-License-Identifier: EUPL-1.2
"""The waiting rooms as this process shows them: places, waits, lists, and the figures of the moment.

Owns one snapshot for each service, read again when a doorbell says that it changed; many changes at once cost
one reading. Tells visitors their place and consoles their list. Knows no socket and no key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from chat import commands
from chat.catalogue import RoutingMode, Service
from chat.conversation import Conversation, Phase
from chat.duty import Duty, places
from chat.errors import Refused
from chat.ids import DutyId, Role, ServiceId
from chat.live.notices import AtService, Colleague, ColleaguesListed, Party, QueueMoved, WaitingListed
from chat.live.persistence import RETRY_S
from chat.live.rooms import Rooms
from chat.live.unreached import give_back
from chat.moves.transferring import is_for, offered
from chat.ports import Bell, Clock, Doorbell, Store
from chat.routing import assign, base_language, has_somebody, speaks, spoken_by
from chat.waiting_room import in_order, in_order_of_asking, in_order_of_offering, wait_range, waiting_level

_log = logging.getLogger(__name__)

AT_ONCE = 200
"""Conversations that are wrapped for newcomers together: they share commits."""

LONGEST_LIST = 100
"""What a console is shown of a waiting list."""

CLOSES_SOON = timedelta(minutes=30)
"""So long before closing time those who wait are told what happens then."""


_Closing = tuple[datetime | None, bool]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One service's waiting room at one moment. `waiting` is in order."""

    waiting: tuple[Conversation, ...] = ()
    duties: tuple[Duty, ...] = ()
    loads: Mapping[DutyId, int] = field(default_factory=dict)
    invited: tuple[Conversation, ...] = ()
    """Where she has let in somebody from here, and nobody has come; who was asked first stands first."""
    offered: tuple[Conversation, ...] = ()
    """What is offered to somebody here, the oldest offer first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """What anybody may know about a service now."""

    open: bool
    closes_at: datetime | None
    opens_at: datetime | None
    here: bool
    """Whether anybody is on duty."""
    waiting: Literal["none", "short", "long"]
    spoken: frozenset[str]
    """The languages of those on duty, as of `spoken_by`."""
    last: bool = False
    """It closes so soon that no new chat begins; whoever is in it still gets an answer."""

    def understands(self, language: str) -> bool:
        """Tell whether somebody on duty speaks a language; True when nobody is there at all."""
        return not self.here or base_language(language) in self.spoken


@dataclass(slots=True, eq=False)
class _Onlooker:
    services: frozenset[ServiceId]
    party: Party
    told: WaitingListed | None = None
    colleagues: ColleaguesListed | None = None


@dataclass(slots=True, eq=False)
class Lobby:
    """Every service's waiting room, as far as people connected to this process look at it."""

    rooms: Rooms
    store: Store
    clock: Clock
    services: Mapping[ServiceId, Service]
    _snapshots: dict[ServiceId, Snapshot] = field(default_factory=dict)
    _onlookers: dict[DutyId, _Onlooker] = field(default_factory=dict)
    _changed: dict[ServiceId, None] = field(default_factory=dict)
    _closing: dict[ServiceId, _Closing] = field(default_factory=dict)
    """What those who wait were last told about closing time."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One reading at a time: a slower, older one must not replace a newer one."""

    # --- following ---

    def hear(self, doorbell: Doorbell) -> None:
        """Note which waiting room changed."""
        service = doorbell.service
        if (
            doorbell.bell in {Bell.WAITING_ROOM, Bell.DUTY}
            and service is not None
            and service in self.services
        ):
            for each in self._touched(service):
                self._changed[each] = None
            self._wake.set()

    def _touched(self, service: ServiceId) -> list[ServiceId]:
        """A place that an operator gives up here is free in every service that they serve."""
        here = {duty.id for duty in self._snapshots.get(service, Snapshot()).duties}
        return [service] + [
            other
            for other, snapshot in self._snapshots.items()
            if other != service
            and self.services[other].mode is RoutingMode.OFFER
            and any(duty.id in here for duty in snapshot.duties)
        ]

    def pass_time(self, now: datetime) -> None:
        """Note where time alone has changed what those who wait are told: closing time comes, or is over."""
        for id_, snapshot in self._snapshots.items():
            if snapshot.waiting and _closing(self.services[id_], now) != self._closing.get(id_):
                self._changed[id_] = None
                self._wake.set()

    async def run(self) -> None:
        """Follow the waiting rooms until cancelled."""
        while True:
            await self._wake.wait()
            try:
                await self.settle()
            except Exception:  # noqa: BLE001 - one reading that failed must not stop all that follow
                _log.exception("lobby_failed")
                await self.clock.sleep(RETRY_S)

    async def settle(self) -> None:
        """Read again whatever changed, and tell those concerned."""
        self._wake.clear()
        while self._changed:
            service = next(iter(self._changed))
            del self._changed[service]
            try:
                await self._refresh(service)
            except BaseException:
                self._changed[service] = None
                self._wake.set()
                raise

    async def seat(self, duty: DutyId, services: Collection[ServiceId], party: Party) -> None:
        """Let a console follow these services; it gets the list now and on every change."""
        onlooker = _Onlooker(frozenset(services), party)
        async with self._reading:
            for service in services:
                self._snapshots[service] = await self._read(service)
            self._onlookers[duty] = onlooker
            self._tell_onlooker(duty, onlooker)

    def unseat(self, duty: DutyId) -> None:
        """Stop telling a console."""
        self._onlookers.pop(duty, None)

    async def look(self) -> None:
        """Look whether a waiting room is another than was shown here: a doorbell about it was lost.

        Raises:
            Unavailable: the store cannot tell now.
        """
        now = await self._read_all(list(self.services))
        changed = {service: None for service in now if now[service] != self._snapshots.get(service)}
        if changed:
            self._changed |= changed
            self._wake.set()

    async def _read(self, service: ServiceId) -> Snapshot:
        return (await self._read_all([service]))[service]

    async def _read_all(self, services: Collection[ServiceId]) -> dict[ServiceId, Snapshot]:
        # Before who is there: somebody to whom it is offered was on duty by then, and if not now, has gone.
        to_take = in_order_of_offering(await self.store.offered(services))
        waiting = in_order(await self.store.waiting(services))
        duties = sorted(await self.store.duties(services), key=lambda duty: duty.id)
        loads = await self.store.loads(services)
        invited = in_order_of_asking(await self.store.invited(services))
        found = {}
        for service in services:
            theirs = tuple(duty for duty in duties if service in duty.services)
            found[service] = Snapshot(
                tuple(one for one in waiting if one.service == service),
                theirs,
                {duty.id: loads[duty.id] for duty in theirs if duty.id in loads},
                tuple(one for one in invited if _invited_to(one) == service),
                tuple(one for one in to_take if _offered_to(one) == service),
            )
        return found

    async def _refresh(self, id_: ServiceId) -> None:
        service = self.services[id_]
        async with self._reading:
            self._snapshots[id_] = snapshot = await self._read(id_)
            self._tell_visitors(service, snapshot)
            for duty, onlooker in self._onlookers.items():
                if id_ in onlooker.services:
                    self._tell_onlooker(duty, onlooker)
        if service.mode is RoutingMode.OFFER:
            await self._offer(service, snapshot)
        await give_back(self.rooms, id_, snapshot.offered, snapshot.duties)
        await self._wrap_for_newcomers(snapshot)

    async def _wrap_for_newcomers(self, snapshot: Snapshot) -> None:
        for first in range(0, len(snapshot.waiting), AT_ONCE):
            group = snapshot.waiting[first : first + AT_ONCE]
            await asyncio.gather(
                *(self.rooms.wrap_for_newcomers(waiting.id, snapshot.duties) for waiting in group)
            )

    def _tell_visitors(self, service: Service, snapshot: Snapshot) -> None:
        held = places(service, snapshot.duties, snapshot.loads)
        self._closing[service.id] = closes_at, closed = _closing(service, self.clock.now())
        serving = [duty for duty in snapshot.duties if duty.serves(service.id)]
        for place, conversation in enumerate(snapshot.waiting):
            room = self.rooms.get(conversation.id)
            if room is None or room.visitor is None or room.conversation.phase is Phase.ACTIVE:
                continue
            wait = wait_range(place, slots=held.slots, free=held.free, mean_minutes=service.mean_minutes)
            moved = QueueMoved(
                place,
                wait,
                here=has_somebody(service, conversation, snapshot.duties),
                understood=not serving
                or any(speaks(duty, conversation.language, service.language) for duty in serving),
                closes_at=closes_at,
                closed=closed,
            )
            if room.queue_told != moved:
                room.queue_told = moved
                room.tell(Role.VISITOR, moved)

    def _tell_onlooker(self, duty: DutyId, onlooker: _Onlooker) -> None:
        colleagues = ColleaguesListed(
            tuple(self._beside(duty, service) for service in sorted(onlooker.services))
        )
        if colleagues != onlooker.colleagues:
            onlooker.colleagues = colleagues
            onlooker.party.deliver(colleagues)
        listed = [
            conversation
            for service in onlooker.services
            for conversation in self._snapshots.get(service, Snapshot()).waiting
            if self._is_listed(conversation, duty)
        ]
        first = tuple(in_order(listed)[:LONGEST_LIST])
        joins = [
            conversation
            for service in onlooker.services
            for conversation in self._snapshots.get(service, Snapshot()).invited
            if conversation.operator != duty
        ]
        offers = [
            conversation
            for service in onlooker.services
            for conversation in self._snapshots.get(service, Snapshot()).offered
            if is_for(conversation, duty)
        ]
        told = WaitingListed(
            first,
            len(listed) - len(first),
            tuple(in_order_of_asking(joins)[:LONGEST_LIST]),
            tuple(in_order_of_offering(offers)[:LONGEST_LIST]),
        )
        if told != onlooker.told:
            onlooker.told = told
            onlooker.party.deliver(told)

    def _beside(self, own: DutyId, service: ServiceId) -> AtService:
        snapshot = self._snapshots.get(service, Snapshot())
        others = [
            Colleague(duty.alias, duty.paused_since is not None)
            for duty in snapshot.duties
            if duty.id != own and service in duty.services and duty.away_since is None
        ]
        others.sort(key=lambda one: (one.alias, one.paused))
        return AtService(service, tuple(others), bool(snapshot.waiting))

    def _is_listed(self, conversation: Conversation, duty: DutyId) -> bool:
        """In offer mode a console sees only what rings there."""
        if self.services[conversation.service].mode is RoutingMode.OFFER:
            return conversation.operator == duty
        return conversation.phase is Phase.WAITING

    async def _offer(self, service: Service, snapshot: Snapshot) -> None:
        """Ring one console for the next in turn; the change that makes brings us here again."""
        # Asked anew: what rings there in another service is not in this snapshot, nor surely in that one.
        waiting = await self.store.waiting({each for duty in snapshot.duties for each in duty.services})
        chosen = assign(service, waiting, snapshot.duties, snapshot.loads, own_language=service.language)
        if chosen is None:
            return
        async with self.rooms.visit(chosen.conversation) as room:
            if room is None:
                return
            try:
                await self.rooms.do(room, commands.Offer(chosen.duty))
            except Refused:
                return

    # --- figures ---

    @property
    def waiting(self) -> int:
        """How many conversations wait in all, as far as the waiting rooms have been read."""
        return sum(len(snapshot.waiting) for snapshot in self._snapshots.values())

    async def status(self, id_: ServiceId) -> ServiceStatus:
        """Return what anybody may know about a service."""
        service = self.services[id_]
        now = self.clock.now()
        async with self._reading:
            self._snapshots[id_] = snapshot = self._snapshots.get(id_) or await self._read(id_)
        may_open = service.cannot_open is None
        held = places(service, snapshot.duties, snapshot.loads)
        closes_at = service.hours.closes_at(now)
        takes_new = service.hours.takes_new(now)
        # After the last-chat time the service is still open to those who are in it, and closed to her.
        opens_at = None if takes_new else service.hours.opens_at(closes_at or now)
        return ServiceStatus(
            open=may_open and takes_new,
            closes_at=closes_at if may_open and takes_new else None,
            opens_at=opens_at if may_open else None,
            here=held.slots > 0,
            waiting=waiting_level(
                len(snapshot.waiting),
                slots=held.slots,
                free=held.free,
                mean_minutes=service.mean_minutes,
            ),
            spoken=spoken_by((duty for duty in snapshot.duties if duty.serves(service.id)), service.language),
            last=may_open and not takes_new and closes_at is not None,
        )


def _invited_to(state: Conversation) -> ServiceId | None:
    return state.invitation.service if state.invitation is not None else None


def _offered_to(state: Conversation) -> ServiceId | None:
    transfer = offered(state)
    return transfer.service if transfer is not None else None


def _closing(service: Service, now: datetime) -> _Closing:
    """Return what somebody who waits is to know of closing time: when, if soon, and whether it is past."""
    if not service.hours.is_open(now):
        return None, True
    closes_at = service.hours.closes_at(now)
    is_soon = closes_at is not None and closes_at - now <= CLOSES_SOON
    return (closes_at if is_soon else None), False
