# SPDX-License-Identifier: EUPL-1.2
"""Ways into a conversation for an operator: claiming it, coming as a guest, or taking what is offered.

Owns what is refused before a step is tried. The store checks it again together with the step itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chat import commands
from chat.catalogue import Service
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import NotAllowed
from chat.hours import local_day
from chat.ids import DutyId, ServiceId
from chat.live.seating import role_of
from chat.moves.transferring import crosses, offered
from chat.ports import BorderPolicy, Clock, Store
from chat.routing import check_claim, check_join, is_invited, is_offered


@dataclass(slots=True, eq=False)
class Claiming:
    """Looks whether somebody may come in."""

    store: Store
    services: Mapping[ServiceId, Service]
    clock: Clock
    border: BorderPolicy

    async def check(self, state: Conversation, duty: Duty) -> None:
        """Refuse what is plain already.

        Raises:
            NotAllowed: not on duty there, another track, or a border that is closed today.
            AtCapacity: enough conversations.
        """
        invitation, transfer = state.invitation, offered(state)
        if invitation is not None and state.guest is None and is_invited(state, duty):
            await self._check_place(invitation.service, state, duty)
        elif transfer is not None and is_offered(state, duty):
            today = local_day(self.clock.now())
            if crosses(state, transfer) and not self.border.is_open(
                state.organisation, transfer.organisation, today
            ):
                raise NotAllowed  # the agreement has run out since she said yes
            await self._check_place(transfer.service, state, duty)
        elif state.phase is not Phase.ACTIVE:
            loads = await self.store.loads([state.service])
            check_claim(self.services[state.service], state, duty, loads.get(duty.id, 0))

    async def _check_place(self, service: ServiceId, state: Conversation, duty: Duty) -> None:
        loads = await self.store.loads([service])
        check_join(self.services.get(service), state, duty, loads.get(duty.id, 0))


def may_accept(state: Conversation, duty: Duty) -> bool:
    """Tell whether somebody may know that there is something to accept."""
    is_theirs = state.service in duty.services or role_of(state, duty.id) is not None
    return is_theirs or is_invited(state, duty) or is_offered(state, duty)


def way_in(state: Conversation, duty: Duty) -> Callable[[DutyId, str], Command]:
    """Return what takes them in: as a guest, as the next who holds it, or as the first."""
    if is_invited(state, duty):
        return commands.JoinAsGuest
    return commands.AcceptTransfer if is_offered(state, duty) else commands.Claim


def done_for(state: Conversation, duty: Duty) -> ServiceId:
    """Return the service that they come for: a guest and whoever is given it from elsewhere for their own."""
    if is_invited(state, duty) and state.invitation is not None:
        return state.invitation.service
    if is_offered(state, duty) and state.transfer is not None:
        return state.transfer.service
    return state.service
