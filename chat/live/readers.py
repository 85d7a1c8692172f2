# SPDX-License-Identifier: EUPL-1.2
"""Who may read a conversation: wrapping its key for duties, and finding it again.

Owns the rule that only a process which holds K_c because a party is connected to it may add a reader: every
on-duty session of the service while she waits, the one operator afterwards, and a guest whom she has let
in. Knows nothing of sockets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import CannotUnseal
from chat.ids import DutyId, Randomness
from chat.live.room import Room
from chat.ports import Clock, DailyKeys, Store
from chat.sealing import ConversationKey


@dataclass(slots=True, eq=False)
class Readers:
    """Adds and finds the wraps of conversation keys."""

    store: Store
    keys: DailyKeys
    clock: Clock
    randomness: Randomness
    private_keys: dict[DutyId, X25519PrivateKey] = field(default_factory=dict)
    """The private halves of the duties that are connected to this process."""

    def wraps(
        self, key: ConversationKey, conversation: Conversation, duties: Iterable[Duty]
    ) -> dict[DutyId, bytes]:
        """Return the key wrapped for each of `duties`, under today's key."""
        day, day_key = self.keys.today(self.clock.now())
        return {
            duty.id: key.wrap_for_duty(
                duty.public_key, day, day_key, conversation.id, duty.id, self.randomness
            )
            for duty in duties
        }

    def are_lacking(self, room: Room, on_duty: Sequence[Duty]) -> bool:
        """Tell whether the key is here and somebody on duty has no wrap of it, as far as is known."""
        if room.key is None:
            return False
        if room.wrapped is None:
            return True
        # Whoever went off duty may have been forgotten, and the wraps with them.
        room.wrapped &= {duty.id for duty in on_duty}
        return len(room.wrapped) < len(on_duty)

    async def wrap_for_all(self, room: Room, on_duty: Sequence[Duty] | None = None) -> None:
        """Wrap the key of a room for everybody who may read it now and has no wrap yet.

        `on_duty`: who serves it, where that has just been read.
        """
        conversation = room.conversation
        if room.key is None or conversation.phase in {Phase.PARKED, Phase.ENDED}:
            return  # while it waits for her alone, nobody reads it
        if room.wrapped is None:
            room.wrapped = await self.store.wrapped_for(conversation.id)
        if conversation.phase is Phase.ACTIVE:
            lacking = [reader for reader in conversation.readers if reader not in room.wrapped]
            found = [await self.store.duty(reader) for reader in lacking]
            missing = [duty for duty in found if duty is not None]
        else:
            if on_duty is None:
                on_duty = await self.store.duties([conversation.service])
            missing = [duty for duty in on_duty if duty.id not in room.wrapped]
        if missing:
            await self.store.add_wraps(conversation.id, self.wraps(room.key, conversation, missing))
            room.wrapped |= {duty.id for duty in missing}

    async def find_key(self, room: Room) -> bool:
        """Open the key by the wrap of a reader that is connected here; True when the room has its key."""
        if room.key is not None:
            return True
        operator, guest = room.conversation.operator, room.conversation.guest
        for reader in (operator, guest.duty if guest is not None else None):
            if reader is not None and await self._opens(room, reader):
                return True
        return False

    async def _opens(self, room: Room, reader: DutyId) -> bool:
        private_key = self.private_keys.get(reader)
        wrap = await self.store.wrap_for(room.id, reader) if private_key is not None else None
        if private_key is None or wrap is None:
            return False
        try:
            key = ConversationKey.unwrap_for_duty(wrap, private_key, self.keys.for_day, room.id, reader)
        except CannotUnseal:
            return False
        room.learn_key(key)
        return True
