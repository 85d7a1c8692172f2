# SPDX-License-Identifier: EUPL-1.2
"""What calls for a supervisor: raised hands, wishes to talk, somebody who lost her operator, nobody on duty.

Owns who of the supervisors is told, live, and the list that the board shows too. All of it comes from the
store, so any process can tell it; wishes to talk by way of `talking.py`. Shows no waiting conversation, only
that there is one: a supervisor has no waiting list.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from chat.catalogue import Service
from chat.conversation import Conversation
from chat.duty import Duty
from chat.ids import DutyId, ServiceId
from chat.live import hands_seen
from chat.live.hands_seen import HandsSeen
from chat.live.notices import AlertsListed, Returned, Unattended
from chat.live.persistence import RETRY_S
from chat.live.seating import Desk
from chat.live.talking import Talking
from chat.ports import Bell, Clock, Doorbell, Store
from chat.talks import Talk

_log = logging.getLogger(__name__)

_BELLS = frozenset({Bell.HANDS, Bell.WAITING_ROOM, Bell.DUTY})
LONGEST_LIST = 100
"""What a console is shown of each kind."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What calls for a supervisor in one service at one moment."""

    hands: tuple[Conversation, ...] = ()
    returned: tuple[Returned, ...] = ()
    unattended: tuple[Unattended, ...] = ()


@dataclass(slots=True, eq=False)
class _Onlooker:
    services: frozenset[ServiceId]
    desk: Desk
    told: AlertsListed | None = None


@dataclass(slots=True, eq=False)
class Alerts:
    """The supervisors whose consoles are connected here, and what they are told."""

    store: Store
    clock: Clock
    services: Mapping[ServiceId, Service]
    talking: Talking
    hands: HandsSeen
    _onlookers: dict[DutyId, _Onlooker] = field(default_factory=dict)
    _seen: dict[ServiceId, Seen] = field(default_factory=dict)
    _changed: dict[ServiceId, None] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.talking.on_moved = self._tell

    # --- following ---

    def hear(self, doorbell: Doorbell) -> None:
        """Note where something changed that a supervisor here looks at."""
        service = doorbell.service
        if service is None:
            return
        if doorbell.bell in _BELLS and self._is_followed(service):
            self._changed[service] = None
            self._wake.set()
        if self.talking.hear(doorbell):
            self._wake.set()
        if doorbell.bell in hands_seen.BELLS:
            self.look_at_hands(service)

    def look_at_hands(self, service: ServiceId) -> None:
        """Let whoever has raised a hand here be told whether anybody sees it."""
        if self.hands.note(service):
            self._wake.set()

    def _is_followed(self, service: ServiceId) -> bool:
        return any(service in onlooker.services for onlooker in self._onlookers.values())

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            await self._wake.wait()
            try:
                await self.settle()
            except Exception:  # noqa: BLE001 - one reading that failed must not stop all that follow
                _log.exception("alerts_failed")
                await self.clock.sleep(RETRY_S)

    async def settle(self) -> None:
        """Read again whatever changed, and tell those concerned."""
        self._wake.clear()
        while self._changed:
            service = next(iter(self._changed))
            del self._changed[service]
            try:
                async with self._reading:
                    self._seen[service] = await self._read(service)
            except BaseException:
                self._changed[service] = None
                self._wake.set()
                raise
            self._tell({service})
        try:
            await self.talking.settle()
            await self.hands.settle()
        except BaseException:
            self._wake.set()
            raise

    async def follow(self, desk: Desk) -> None:
        """Let a console follow where its duty supervises, from the list as it is; others are told nothing.

        Any console is told how its own wish to talk stands, if it has one.
        """
        supervising = desk.duty.supervising if desk.duty is not None else frozenset()
        await self.talking.look()
        if not supervising:
            self.unfollow(desk.id)
        else:
            onlooker = _Onlooker(supervising, desk)
            async with self._reading:
                for service in supervising:
                    self._seen[service] = await self._read(service)
                self._onlookers[desk.id] = onlooker
            self._tell_one(onlooker)
        self.talking.tell_if_any(desk)

    def unfollow(self, duty: DutyId) -> None:
        """Stop telling a console."""
        self._onlookers.pop(duty, None)

    async def _read(self, service: ServiceId) -> Seen:
        return (await self._read_all([service]))[service]

    async def _read_all(self, services: Collection[ServiceId]) -> dict[ServiceId, Seen]:
        hands = await self.store.hands(services)
        waiting = await self.store.waiting(services)
        duties = await self.store.duties(services)
        return {
            service: seen(
                service,
                [one for one in hands if one.service == service],
                [one for one in waiting if one.service == service],
                [one for one in duties if service in one.services],
            )
            for service in services
        }

    async def look(self) -> None:
        """Look whether anything calls that nobody here was told of: a doorbell about it was lost.

        Raises:
            Unavailable: the store cannot tell now.
        """
        followed = {service for onlooker in self._onlookers.values() for service in onlooker.services}
        if followed:
            now = await self._read_all(followed)
            self._changed |= {service: None for service in now if now[service] != self._seen.get(service)}
        await self.talking.look()
        await self.hands.look()
        self._wake.set()

    def _tell(self, services: Collection[ServiceId]) -> None:
        for onlooker in self._onlookers.values():
            if not onlooker.services.isdisjoint(services):
                self._tell_one(onlooker)

    def _tell_one(self, onlooker: _Onlooker) -> None:
        followed = {service: self._seen.get(service, Seen()) for service in onlooker.services}
        told = listed(followed, self.talking.of(onlooker.services))
        if told != onlooker.told:
            onlooker.told = told
            onlooker.desk.party.deliver(told)


def seen(
    service: ServiceId,
    hands: Collection[Conversation],
    waiting: Collection[Conversation],
    duties: Collection[Duty],
) -> Seen:
    """Return what calls in a service, from its raised hands, who waits there and who is on duty.

    Nobody is called to somebody who is away: there is nothing to do for her until she is back. Where only she
    is away, whoever has raised a hand still wants to be helped.
    """
    raised = [one for one in hands if one.visitor_away_since is None or one.operator_away_since is None]
    here = [one for one in waiting if one.visitor_away_since is None]
    returned = sorted(
        (Returned(service, one.waiting_since, one.acute) for one in here if one.front),
        key=lambda one: one.since,
    )
    alone = bool(here) and not any(duty.serves(service) for duty in duties)
    unattended = [Unattended(service, len(here), min(one.waiting_since for one in here))] if alone else []
    return Seen(tuple(raised), tuple(returned), tuple(unattended))


def listed(called: Mapping[ServiceId, Seen], talks: tuple[Talk, ...]) -> AlertsListed:
    """Return what calls in several services as one list, what cannot wait first."""
    parts = [called[service] for service in sorted(called)]
    hands = [hand for part in parts for hand in part.hands if hand.hand_since is not None]
    hands.sort(
        key=lambda hand: (not hand.acute, hand.visitor_away_since is not None, hand.hand_since, hand.id)
    )
    return AlertsListed(
        tuple(hands[:LONGEST_LIST]),
        talks[:LONGEST_LIST],
        tuple([one for part in parts for one in part.returned][:LONGEST_LIST]),
        tuple(one for part in parts for one in part.unattended),
    )
