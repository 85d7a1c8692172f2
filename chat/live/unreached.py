# SPDX-License-Identifier: EUPL-1.2
"""What is offered to nobody any more: returned to whoever holds it.

Owns that an offer never rings where nobody is. Knows no socket; called whenever a waiting room is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chat import commands
from chat.conversation import Conversation
from chat.duty import Duty
from chat.errors import Refused
from chat.ids import ServiceId
from chat.live.rooms import Rooms
from chat.moves.transferring import is_for, offered


def reached(state: Conversation, service: ServiceId, duties: Iterable[Duty]) -> list[Duty]:
    """Return those on duty in the service to whom a conversation is offered."""
    return [duty for duty in duties if duty.serves(service) and is_for(state, duty.id)]


async def give_back(
    rooms: Rooms, service: ServiceId, listed: Sequence[Conversation], duties: Sequence[Duty]
) -> None:
    """Return each conversation that is offered to this service and that nobody there can take.

    Raises:
        Unavailable: the store cannot take it now; it is tried again with the next reading.
    """
    for state in listed:
        transfer = offered(state)
        if transfer is None or reached(state, service, duties):
            continue
        async with rooms.visit(state.id) as room:
            if room is None:
                continue
            try:
                await rooms.do(room, commands.LoseTransferTarget(transfer.at))
            except Refused:
                continue  # accepted, ended or offered anew meanwhile
