# SPDX-License-Identifier: EUPL-1.2
"""Everything that pages and sockets ask of handovers, put together from its ports.

Owns how the parts know each other, and the loop that runs beside the pages. Names no adapter.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from chat.ids import OrganisationId, Randomness, ServiceId
from chat.ports import Clock, Stretching
from handover.border import Border
from handover.ids import ReceiverId
from handover.inbox import Inbox
from handover.invitations import Invitations
from handover.inviting import Host
from handover.keeper import Keeper
from handover.moves import Moves
from handover.moving import Destination
from handover.pickup import Pickup
from handover.ports import ErasedLog, NoErasedLog, TicketStore
from handover.samrad import Samrad
from handover.service import Handovers
from handover.stepping import Stepping
from handover.units import Units
from moderation.judge import Judge

NO_HOSTS: Final[Mapping[ReceiverId, Host]] = MappingProxyType({})
NOWHERE: Final[Mapping[ServiceId, Destination]] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class Office:
    """The way out of anonymity: from conversations, at receivers, and on her own page."""

    border: Border
    handovers: Handovers
    invitations: Invitations
    moves: Moves
    inbox: Inbox
    samrad: Samrad
    pickup: Pickup
    keeper: Keeper
    units: Units
    _judges: dict[ServiceId, Judge]
    _destinations: dict[ServiceId, Destination]
    _loop: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin to follow time."""
        self._loop = asyncio.create_task(self.keeper.run(), name="tickets")

    def renew(self, judges: Mapping[ServiceId, Judge], destinations: Mapping[ServiceId, Destination]) -> None:
        """Go on with what has changed about the services."""
        self._judges.clear()
        self._judges.update(judges)
        self._destinations.clear()
        self._destinations.update(destinations)

    async def stop(self) -> None:
        """End the loop."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
            self._loop = None


def assemble(
    *,
    store: TicketStore,
    stretching: Stretching,
    clock: Clock,
    randomness: Randomness,
    border: Border,
    organisations: Mapping[OrganisationId, str],
    judges: Mapping[ServiceId, Judge],
    words: Sequence[str],
    hosts: Mapping[ReceiverId, Host] = NO_HOSTS,
    destinations: Mapping[ServiceId, Destination] = NOWHERE,
    on_deleted: Callable[[], None] = lambda: None,
    erased: ErasedLog | None = None,
) -> Office:
    """Put the office together. Nothing runs before `start`.

    `organisations`: their names. `words`: what codes are made of. `hosts`: who may come into a conversation
    for a receiver. `destinations`: the services that conversations may be given to. `on_deleted` is told when
    sealed contents were deleted, so that the files are cleared of them. `erased`: where every end is noted.
    """
    known_judges, known_destinations = dict(judges), dict(destinations)
    stepping = Stepping(store, clock, on_deleted, erased or NoErasedLog())
    units = Units(store, stretching, clock, randomness)
    handovers = Handovers(border, organisations, words, store, stretching, clock, randomness)
    return Office(
        border=border,
        handovers=handovers,
        invitations=Invitations(border, organisations, hosts, clock),
        moves=Moves(border, known_destinations, clock),
        inbox=Inbox(stepping, units),
        samrad=Samrad(stepping, units, randomness),
        pickup=Pickup(stepping, handovers, known_judges, randomness),
        keeper=Keeper(stepping),
        units=units,
        _judges=known_judges,
        _destinations=known_destinations,
    )
