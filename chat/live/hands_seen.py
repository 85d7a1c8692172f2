# SPDX-License-Identifier: EUPL-1.2
"""Whether anybody sees a raised hand, told to whoever raised it, whenever that may have changed.

Owns that one question. Whoever waits for help must neither be told that somebody sees it who has gone, nor
that nobody does when somebody has come.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from chat.ids import Role, ServiceId
from chat.live.notices import HandStands
from chat.live.rooms import Rooms
from chat.ports import Bell, Store

BELLS = frozenset({Bell.HANDS, Bell.DUTY})
"""A hand went up, or somebody came or went."""


@dataclass(slots=True, eq=False)
class HandsSeen:
    """The raised hands of the conversations whose operators are connected here."""

    rooms: Rooms
    store: Store
    _changed: dict[ServiceId, None] = field(default_factory=dict)
    _told: dict[ServiceId, bool] = field(default_factory=dict)
    """What they were told last."""

    def note(self, service: ServiceId) -> bool:
        """Note that it may have changed in a service; return whether anybody here has to be told."""
        if not any(room.conversation.service == service for room in self.rooms.all() if room.hand_is_up):
            return False
        self._changed[service] = None
        return True

    async def look(self) -> None:
        """Note where it has changed without a doorbell.

        Raises:
            Unavailable: the store cannot tell now.
        """
        up = {room.conversation.service for room in self.rooms.all() if room.hand_is_up}
        if up:
            duties = await self.store.all_duties()
            for service in up:
                if self._told.get(service) is not any(duty.supervises(service) for duty in duties):
                    self._changed[service] = None

    async def settle(self) -> None:
        """Tell those concerned.

        Raises:
            Unavailable: the store cannot tell now; it is asked again at the next call.
        """
        while self._changed:
            service = next(iter(self._changed))
            duties = await self.store.all_duties()
            self._changed.pop(service, None)
            here = any(duty.supervises(service) for duty in duties)
            self._told[service] = here
            for room in self.rooms.all():
                if room.hand_is_up and room.conversation.service == service:
                    since = room.conversation.hand_since
                    room.tell(Role.OPERATOR, HandStands(room.id, since, here=here))
