# SPDX-License-Identifier: EUPL-1.2
"""What became of a conversation that an operator has lost: it waits, somebody took it, or it is not there.

Owns how much whoever held it may know of it afterwards. Reads, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chat.ids import ConversationId, DutyId, ServiceId
from chat.phase import Phase
from chat.ports import Store

Now = Literal["waits", "taken", "gone"]


class Aftermath(Struct, frozen=True):
    """What became of one. `gone`: it has ended, or is none that this operator may know of."""

    now: Now
    since: datetime | None = None
    """When it went back to the queue."""
    alias: str | None = None
    """Who has taken it."""


GONE = Aftermath("gone")


async def aftermath(
    store: Store, duty: DutyId, services: Collection[ServiceId], conversation: ConversationId
) -> Aftermath:
    """Return what became of a conversation, for the operator at `duty` who may serve `services`.

    No more than the waiting list and a lost claim tell the same operator: when it came back to the queue,
    and under which alias somebody has taken it. What has ended, what never went back to a queue and what is
    another's look alike.

    Raises:
        Unavailable: the store cannot tell now.
    """
    stored = await store.load(conversation)
    state = stored.conversation if stored is not None else None
    if state is None or not state.front or state.service not in services or state.operator == duty:
        return GONE
    if state.phase is Phase.ACTIVE:
        return Aftermath("taken", state.waiting_since, state.alias)
    # Parked: she is away, and comes back to the queue when she does. To whoever held it that is waiting.
    return GONE if state.phase is Phase.ENDED else Aftermath("waits", state.waiting_since)
