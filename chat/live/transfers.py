# SPDX-License-Identifier: EUPL-1.2
"""Offering a conversation to somebody else, and saying no to one: what the consoles ask for.

Owns to whom one may offer at this moment. Taking it is `Operators.accept`; what comes of an offer is decided
in `chat/moves/transferring.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from chat import commands
from chat.catalogue import Service
from chat.conversation import Conversation
from chat.duty import Duty
from chat.errors import NotAllowed, NotNow
from chat.hours import local_day
from chat.ids import ConversationId, DutyId, ServiceId
from chat.live.operators import Operators
from chat.live.seating import Desk
from chat.live.unreached import reached
from chat.moves.transferring import offered
from chat.ports import BorderPolicy
from chat.routing import is_offered


@dataclass(frozen=True, slots=True)
class Colleague:
    """One who is on duty. `free`: so many conversations more they may hold."""

    duty: DutyId
    alias: str
    free: int


@dataclass(frozen=True, slots=True)
class Place:
    """One service that a conversation could go to. Of another organisation nobody is told who is there."""

    service: Service
    crosses: bool
    here: bool
    """Somebody is on duty there now, besides whoever asks."""
    colleagues: tuple[Colleague, ...]


@dataclass(slots=True, eq=False)
class Transfers:
    """What there is to ask about giving a conversation away."""

    operators: Operators
    border: BorderPolicy

    async def places(self, desk: Desk, conversation: ConversationId) -> list[Place]:
        """Return where a held conversation could go today: its own service first, then its organisation.

        Raises:
            NotAllowed: it is not this desk's.
        """
        async with self.operators.held(desk, conversation) as room:
            state = room.conversation
        today = local_day(self.operators.clock.now())
        services = [
            service
            for service in self.operators.rooms.services.values()
            if service.track is state.track
            and service.cannot_open is None
            and self.border.is_open(state.organisation, service.organisation, today)
        ]
        services.sort(
            key=lambda one: (one.id != state.service, one.organisation != state.organisation, one.id)
        )
        return [await self._place(service, state, desk) for service in services]

    async def _place(self, service: Service, state: Conversation, desk: Desk) -> Place:
        store = self.operators.store
        loads = await store.loads([service.id])
        serving = [duty for duty in await store.duties([service.id]) if _could(duty, service, desk)]
        crosses = service.organisation != state.organisation
        colleagues = (
            ()
            if crosses
            else tuple(
                Colleague(duty.id, duty.alias, max(0, duty.most(service) - loads.get(duty.id, 0)))
                for duty in sorted(serving, key=lambda duty: (duty.alias, duty.id))
            )
        )
        return Place(service, crosses, bool(serving), colleagues)

    async def is_here(self, desk: Desk, service: ServiceId) -> bool:
        """Tell whether somebody else is on duty in a service."""
        known = self.operators.rooms.services.get(service)
        duties = await self.operators.store.duties([service])
        return known is not None and any(_could(duty, known, desk) for duty in duties)

    async def offer(
        self, desk: Desk, conversation: ConversationId, service: ServiceId, to: DutyId | None, name: str
    ) -> None:
        """Offer a held conversation to a colleague, or to whoever accepts first in another service.

        `name`: of where they work, as she is told.

        Raises:
            NotAllowed: it is not this desk's, or may not go there.
            NotNow: nobody is there, a guest is here or awaited, she is asked something, or it is offered.
        """
        async with self.operators.held(desk, conversation) as room:
            known = self.operators.rooms.services.get(service)
            if known is None or known.cannot_open is not None:
                raise NotAllowed
            serving = [duty for duty in await self._duties([service]) if _could(duty, known, desk)]
            chosen = next((duty for duty in serving if duty.id == to), None)
            if not serving or (to is not None and chosen is None):
                raise NotNow
            target = commands.Target(
                service=service,
                organisation=known.organisation,
                track=known.track,
                name=name if service != room.conversation.service else "",
                duty=chosen.id if chosen is not None else None,
                alias=chosen.alias if chosen is not None else "",
            )
            await self.operators.rooms.do(room, commands.OfferTransfer(desk.id, target))

    async def take_back(self, desk: Desk, conversation: ConversationId) -> None:
        """Keep a held conversation after all.

        Raises:
            NotAllowed: it is not this desk's. NotNow: it is not offered any more.
        """
        async with self.operators.held(desk, conversation) as room:
            await self.operators.rooms.do(room, commands.TakeBackTransfer(desk.id))

    async def decline(self, desk: Desk, conversation: ConversationId) -> None:
        """Say no to what is offered to this desk.

        Raises:
            NotAllowed: it is not. NotNow: not any more.
        """
        duty = desk.duty
        async with self.operators.rooms.visit(conversation) as room:
            if room is None or duty is None or not is_offered(room.conversation, duty):
                raise NotAllowed
            transfer = offered(room.conversation)
            assert transfer is not None
            others = reached(room.conversation, transfer.service, await self._duties([transfer.service]))
            is_last = all(other.id == desk.id for other in others)
            await self.operators.rooms.do(room, commands.DeclineTransfer(desk.id, is_last))

    async def _duties(self, services: Collection[ServiceId]) -> list[Duty]:
        return await self.operators.store.duties(services)


def _could(duty: Duty, service: Service, desk: Desk) -> bool:
    return duty.serves(service.id) and duty.track is service.track and duty.id != desk.id
