# SPDX-License-Identifier: EUPL-1.2
"""Under which case references of its own a unit has taken tickets.

Owns reading that one line again, also when the ticket is over: the unit looks up its case by it. It is sealed
to the unit, and read only where its key is unlocked.
"""

from __future__ import annotations

from handover.errors import CannotOpen, Locked
from handover.inbox import read_letter
from handover.letters import LetterKind
from handover.ports import StoredTicket
from handover.sealing import Spot, unseal
from handover.ticket import TicketState
from web.receiver.desk import Desk

_MAY_BE_TAKEN = frozenset({TicketState.ACCEPTED, TicketState.WITHDRAWN})


async def of(desk: Desk, stored: StoredTicket) -> str:
    """Return the case reference of a ticket; empty when it was not taken, or cannot be read now."""
    ticket = stored.ticket
    if ticket.state not in _MAY_BE_TAKEN or ticket.opened_at is None or not stored.letters:
        return ""
    letters = await desk.inbox.stepping.store.letters(ticket.id)
    taken = next((each for each in letters if each.kind is LetterKind.ACCEPTED), None)
    if taken is None:
        return ""
    spot = Spot("letter", ticket.id, ticket.receiver, taken.number)
    try:
        private = desk.units.key(desk.who.id, ticket.receiver)
        return read_letter(taken, unseal(taken.for_receiver, private, spot)).letter.reference
    except Locked:
        return ""
    except CannotOpen as error:
        # One damaged line must not keep a unit from all its other tickets.
        desk.house.note_fault(error)
        return ""
