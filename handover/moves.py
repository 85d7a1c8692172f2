# SPDX-License-Identifier: EUPL-1.2
"""From an operator's wish to give a conversation to another organisation, to what her yes allows.

Owns the order of it. Knows no socket and no frame; the conversation is a few facts about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from chat.ids import ServiceId
from chat.ports import Clock
from handover import moving
from handover.border import Border
from handover.consent import Sender, Yes
from handover.errors import Incomplete
from handover.moving import Destination, MoveGrant, MoveQuestion
from handover.service import Answered, Where


@dataclass(slots=True, eq=False)
class Moves:
    """Where conversations may go with her yes."""

    border: Border
    destinations: Mapping[ServiceId, Destination]
    clock: Clock

    def ask(self, where: Where, service: ServiceId, asked_by: str) -> str:
        """Return the question that is put to her.

        Raises:
            Incomplete: there is no such service elsewhere. TracksMeet, NoPartnership: as `moving.check`.
        """
        found = self._found(service)
        # What she could not say yes to is not put to her.
        moving.check(_sender(where), found, self.clock.now(), self.border)
        question = moving.question(found, language=where.language, asked_by=asked_by, sender=where.sender)
        return msgspec.json.encode(question).decode()

    def deciding(
        self, where: Where, yes: tuple[Yes, ...], *, history: bool
    ) -> Callable[[MoveQuestion], tuple[Answered, MoveGrant | None]]:
        """Return what turns a question into her answer and what it allows; a no is always possible.

        What it returns raises as `moving.granted` does.
        """

        def decide(question: MoveQuestion) -> tuple[Answered, MoveGrant | None]:
            if not yes:
                return Answered(), None
            if len(yes) > 1:
                raise Incomplete
            found, now = self._found(ServiceId(question.offer.receiver)), self.clock.now()
            grant = moving.granted(_sender(where), question, found, yes[0], now, self.border, history=history)
            return Answered(invited=grant.name, history=grant.history), grant

        return decide

    def _found(self, service: ServiceId) -> Destination:
        found = self.destinations.get(service)
        if found is None:
            raise Incomplete
        return found


def _sender(where: Where) -> Sender:
    return Sender(where.organisation, where.track)
