# SPDX-License-Identifier: EUPL-1.2
"""What of a handover is counted in the service whose chat it was: asked, answered, and what became of it.

Owns which event is counted as what. The same events are kept by receiver, for what two organisations have
agreed to reach (`TicketStore.counts`); both are written with the step itself. Knows no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from chat.counted import Count, Counted
from chat.ids import ServiceId
from handover.ticket import TicketEvent

_TICKETS: Final[Mapping[TicketEvent, Counted]] = MappingProxyType(
    {
        TicketEvent.OPENED: Counted.HANDOVER_OPENED,
        TicketEvent.ACCEPTED: Counted.HANDOVER_ACCEPTED,
        TicketEvent.DECLINED: Counted.HANDOVER_DECLINED,
        TicketEvent.RETURNED: Counted.HANDOVER_RETURNED,
        TicketEvent.EXPIRED: Counted.HANDOVER_EXPIRED,
        TicketEvent.RECALLED: Counted.HANDOVER_WITHDRAWN,
        TicketEvent.WITHDRAWN: Counted.HANDOVER_WITHDRAWN,
    }
)
"""What is not here is no outcome: what was written or added, how long it lives on, when it was erased. That
it was granted is her answer, and counted there."""


def asked(service: ServiceId, day: date) -> tuple[Count, ...]:
    """Return what a question to her adds."""
    return (Count(service, day, Counted.HANDOVER_ASKED),)


def answered(service: ServiceId, sent: int, day: date) -> tuple[Count, ...]:
    """Return what her answer adds: one for each receiver that it was `sent` to, or one for a no."""
    if not sent:
        return (Count(service, day, Counted.HANDOVER_DECLINED_BY_HER),)
    return (Count(service, day, Counted.HANDOVER_SENT, sent),)


def outcomes(service: ServiceId, events: Iterable[TicketEvent], day: date) -> tuple[Count, ...]:
    """Return what one step of a ticket adds."""
    return tuple(Count(service, day, _TICKETS[event]) for event in events if event in _TICKETS)
