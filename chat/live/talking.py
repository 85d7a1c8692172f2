# SPDX-License-Identifier: EUPL-1.2
"""Wishes to talk to a supervisor, as the consoles here ask for them, take them and are told of them.

Owns who of the askers here has been told what. The wishes stand in the store (`chat/talk_ports.py`): a
doorbell makes another process look at once, and the lookout makes it sure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from chat.errors import NotAllowed, NotNow
from chat.ids import DutyId, ServiceId, random_id
from chat.live.notices import TalkStands
from chat.live.rooms import Rooms
from chat.live.seating import Desk
from chat.ports import Bell, Doorbell
from chat.talk_ports import Talks
from chat.talks import Talk, in_order

_NONE = TalkStands(None)


@dataclass(slots=True, eq=False)
class Talking:
    """The wishes, seen from the consoles that are connected here."""

    talks: Talks
    rooms: Rooms
    desks: Mapping[DutyId, Desk]
    """The consoles that are connected here, supervisors' or not."""
    on_moved: Callable[[Collection[ServiceId]], None] = lambda _: None
    """Told in which services there are other wishes than before."""
    _known: tuple[Talk, ...] = ()
    _there: frozenset[ServiceId] = frozenset()
    """Where a supervisor is on duty, of the services of wishes that nobody has taken."""
    _told: dict[DutyId, TalkStands | None] = field(default_factory=dict)
    """None: they have asked, and wait for the answer, whatever it is."""
    _changed: bool = False
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def of(self, services: Collection[ServiceId]) -> tuple[Talk, ...]:
        """Return the wishes that whoever supervises these is shown."""
        return in_order(talk for talk in self._known if talk.is_of(services))

    # --- following ---

    def hear(self, doorbell: Doorbell) -> bool:
        """Note that there may be other wishes; return whether anybody here could be concerned."""
        if doorbell.bell is Bell.TALKS and self.desks:
            self._changed = True
        elif doorbell.bell is Bell.DUTY and self._waits_here():
            # Whoever waits is told whether anybody sees it: somebody may have come, or gone.
            self._changed = True
        return self._changed

    async def settle(self) -> None:
        """Look, if a doorbell told to.

        Raises:
            Unavailable: the store cannot tell now; the next call looks again.
        """
        if self._changed:
            self._changed = False
            try:
                await self.look()
            except BaseException:
                self._changed = True
                raise

    async def look(self) -> None:
        """Read the wishes again, and tell those here for whom one has moved.

        Raises:
            Unavailable: the store cannot tell now.
        """
        async with self._reading:
            if not self.desks:
                self._known = ()
                return
            before, self._known = self._known, await self.talks.all(self.rooms.clock.now())
            self._there = await self._supervised()
            self._told = {duty: told for duty, told in self._told.items() if duty in self.desks}
            for desk in list(self.desks.values()):
                if self._stands(desk) != self._told.get(desk.id, _NONE):
                    self._tell(desk)
        moved = set(before) ^ set(self._known)
        if moved:
            self.on_moved({service for talk in moved for service in talk.services})

    def _waits_here(self) -> bool:
        return any(talk.taken_by is None and talk.duty in self.desks for talk in self._known)

    async def _supervised(self) -> frozenset[ServiceId]:
        if not self._waits_here():
            return frozenset()
        duties = await self.rooms.store.all_duties()
        wanted = {service for talk in self._known if talk.taken_by is None for service in talk.services}
        return frozenset(service for service in wanted if any(duty.supervises(service) for duty in duties))

    def tell_if_any(self, desk: Desk) -> None:
        """Tell a console that has just come how its own wish stands, if it has one."""
        if self._stands(desk) != _NONE:
            self._tell(desk)

    def _stands(self, desk: Desk) -> TalkStands:
        own = next((talk for talk in self._known if talk.duty == desk.id), None)
        if own is None:
            return _NONE
        here = own.taken_by is not None or own.is_of(self._there)
        return TalkStands(own.at, own.taken_by, here)

    def _tell(self, desk: Desk) -> None:
        self._told[desk.id] = stands = self._stands(desk)
        desk.party.deliver(stands)

    # --- asking and taking ---

    async def ask(self, desk: Desk) -> None:
        """Note that whoever sits here wants to talk to a supervisor; also just after the shift.

        Raises:
            NotNow: nobody knows under which alias: not on duty since the sign-in.
            NotAllowed: whoever supervises asks somebody else.
            Unavailable: the store cannot take it now.
        """
        duty = desk.duty
        if desk.signed_in.supervises:
            raise NotAllowed
        if duty is None:
            raise NotNow
        services = duty.services or {id_ for id_ in desk.signed_in.services if id_ in self.rooms.services}
        wish = Talk(
            id=random_id(self.rooms.randomness),
            duty=desk.id,
            alias=duty.alias,
            services=frozenset(services),
            at=self.rooms.clock.now(),
        )
        talk = await self.talks.ask(wish)
        self._told[desk.id] = None
        await self._moved(talk.services)

    async def take_back(self, desk: Desk) -> None:
        """Forget the wish, taken or not.

        Raises:
            Unavailable: the store cannot take it now.
        """
        talk = await self.talks.take_back(desk.id)
        self._told[desk.id] = None
        await self._moved(talk.services if talk is not None else ())

    async def take(self, desk: Desk, id_: str) -> Talk:
        """Say that one will be in touch. Whoever asked is told by whom; a second one sees who was first.

        Raises:
            NotAllowed: there is no such wish in a service that this desk supervises.
            Unavailable: the store cannot take it now.
        """
        duty, now = desk.duty, self.rooms.clock.now()
        taken = await self.talks.take(id_, duty.alias, duty.supervising, now) if duty is not None else None
        if taken is None:
            raise NotAllowed
        await self._moved(taken.services)
        return taken

    async def _moved(self, services: Collection[ServiceId]) -> None:
        for service in services:
            self.rooms.bus.ring(Doorbell(bell=Bell.TALKS, service=service, origin=self.rooms.origin))
        await self.look()
