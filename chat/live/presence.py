# SPDX-License-Identifier: EUPL-1.2
"""Noting in the store that she sits here, and in which seat.

Owns that of two connections to two processes one stays, the newer, also where every doorbell is lost.
"""

from __future__ import annotations

from chat import commands
from chat.errors import Stale, Unavailable
from chat.live.room import Room
from chat.live.rooms import ATTEMPTS, Rooms
from chat.ports import Bell


async def note_visitor(rooms: Rooms, room: Room) -> None:
    """Store that she sits here, if she does; whoever sits in her place elsewhere finds it there, and goes.

    Raises:
        HasEnded. Unavailable: the store cannot take it now.
    """
    async with room.lock:
        for _ in range(ATTEMPTS):
            # Looked at anew whenever something came first: whoever was sent away takes no place back.
            seat, before = room.visitor, room.conversation.seat
            if seat is None:
                return
            name = seat.connection if rooms.bus.is_shared() else None
            try:
                await rooms.try_step(room, commands.NoteVisitorPresent(name))
            except Stale:
                await rooms.catch_up(room)
                continue
            seat.noted = True
            if before != room.conversation.seat:
                rooms.ring(room, Bell.TAKEN_OVER)
            return
    raise Unavailable
