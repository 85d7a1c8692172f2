# SPDX-License-Identifier: EUPL-1.2
"""A supervisor at the console: coming to a raised hand, and taking a conversation over.

Owns what a supervisor may ask for beyond what any guest may (`operators.py`). Without a raised hand a
supervisor reaches no conversation: it looks as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat import commands
from chat.errors import AtCapacity, NotAllowed, NotNow
from chat.ids import ConversationId, Role, ServiceId
from chat.live.brought import Brought
from chat.live.operators import Operators
from chat.live.seating import Desk, hears, role_of
from chat.moves.hands import is_its_supervisor, may_come
from chat.ports import Alongside

NameOf = Callable[[ServiceId], str]
"""Names the organisation that runs a service."""
Recorded = Callable[[ServiceId], Alongside]
"""What is stored with the step, of its service: nobody reads or holds a conversation without a trace."""


@dataclass(slots=True, eq=False)
class Supervising:
    """What a supervisor may do."""

    operators: Operators

    async def come(
        self, desk: Desk, conversation: ConversationId, name_of: NameOf, recorded: Recorded
    ) -> None:
        """Come to a raised hand. The party gets a `ConversationOpened`, and she is told who came.

        Raises:
            NotAllowed: this desk supervises nothing, or no hand is up that is theirs to see.
            LostClaim: another supervisor was first; names them. AtCapacity: enough conversations.
        """
        duty, at = desk.duty, self.operators
        if duty is None or not duty.supervising:
            raise NotAllowed
        async with at.within(
            conversation, lambda state: role_of(state, desk.id) is not None or may_come(state, duty)
        ) as room:
            if role_of(room.conversation, desk.id) is not None:
                await at.seating.sit_down(desk, room, after=0)
                return
            service = room.conversation.service
            known = at.rooms.services.get(service)
            # The store looks again together with the step.
            if known is None or len(await at.store.held_by(desk.id)) >= known.capacity:
                raise AtCapacity
            joins = commands.JoinAsSupervisor(desk.id, duty.alias, name_of(service))
            await at.seating.take(room, desk.id, joins, Brought(alongside=(recorded(service),)))
            await at.seating.open_claimed(desk.id, conversation)

    async def take_over(self, desk: Desk, conversation: ConversationId, recorded: Recorded) -> None:
        """Hold a conversation in which this desk sits as the supervisor; whoever held it is out at once.

        The party gets a `ConversationTaken`.

        Raises:
            NotAllowed: this desk is not its supervisor. NotNow: it cannot be read here yet. AtCapacity.
        """
        at = self.operators
        async with at.within(conversation, lambda state: is_its_supervisor(state, desk.id)) as room:
            if not hears(room, Role.GUEST):
                raise NotNow
            brought = Brought(alongside=(recorded(room.conversation.service),))
            await at.seating.take(room, desk.id, commands.TakeOver(desk.id), brought)
