# SPDX-License-Identifier: EUPL-1.2
"""Tickets that were withdrawn after the unit had read them, and that it has not looked at since.

Owns when that is told on top of the inbox, and when it has been seen. Somebody may act on what was read
long ago; so it is told first, also while the key is locked, and never which ticket it is then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handover.ticket import Ticket, TicketState
from web.receiver.desk import Desk

TOLD_FOR: Final = timedelta(days=14)
"""So long it is told at most: a unit that nobody has been at for two weeks has other news."""


def is_news(desk: Desk, ticket: Ticket) -> bool:
    """Tell whether a unit has read a ticket that was then withdrawn, and has not looked since."""
    return _was_read_before(ticket, desk) and ticket.id not in desk.house.looked_at


def look_at(desk: Desk, ticket: Ticket) -> None:
    """Note that the unit has seen how a ticket stands."""
    seen = desk.house.looked_at
    for old in [each for each, closed in seen.items() if desk.now - closed >= TOLD_FOR]:
        del seen[old]
    if ticket.closed_at is not None and _was_read_before(ticket, desk):
        seen[ticket.id] = ticket.closed_at


def _was_read_before(ticket: Ticket, desk: Desk) -> bool:
    if ticket.state is not TicketState.WITHDRAWN or ticket.opened_at is None or ticket.closed_at is None:
        return False
    return ticket.opened_at <= ticket.closed_at and desk.now - ticket.closed_at < TOLD_FOR
