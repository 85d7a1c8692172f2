# SPDX-License-Identifier: EUPL-1.2
"""Whether somebody on duty may take a conversation now: as its operator, or as a guest she has let in.

Owns what is refused before anything is stored; the store checks it again together with the claim itself.
"""

from __future__ import annotations

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.live.rooms import Rooms
from chat.live.seating import role_of
from chat.ports import Store
from chat.routing import check_claim, check_join, is_invited


def may_accept(state: Conversation, duty: Duty) -> bool:
    """Tell whether a conversation exists for this duty at all."""
    return state.service in duty.services or is_invited(state, duty) or role_of(state, duty.id) is not None


async def check_take(rooms: Rooms, store: Store, conversation: Conversation, duty: Duty) -> None:
    """Return when `duty` may take a conversation that is not theirs, as far as is plain already.

    Raises:
        NotAllowed, NotNow, AtCapacity: as `check_claim` and `check_join`.
    """
    invitation = conversation.invitation
    if invitation is not None and conversation.guest is None and is_invited(conversation, duty):
        loads = await store.loads([invitation.service])
        service = rooms.services.get(invitation.service)
        check_join(service, conversation, duty, loads.get(duty.id, 0))
    elif conversation.phase is not Phase.ACTIVE:
        loads = await store.loads([conversation.service])
        check_claim(rooms.service_of(conversation), conversation, duty, loads.get(duty.id, 0))
