# SPDX-License-Identifier: EUPL-1.2
"""What another process did, as its doorbells tell it: looked up in the store and shown to the seats here.

Owns which bell asks for which look. Decides nothing that the conversation could decide, and believes no bell:
whoever can ring them all can end nobody's talk, send nobody away and say nothing in her name.
"""

from __future__ import annotations

from chat import commands
from chat.conversation import Phase
from chat.errors import Refused
from chat.events import EndReason
from chat.live import showing
from chat.live.news import News
from chat.live.opening import open_for_waiting
from chat.live.persistence import Persistence
from chat.live.presence import note_visitor
from chat.live.room import Room
from chat.live.rooms import Rooms
from chat.ports import Bell, Doorbell


async def hear(rooms: Rooms, news: News, persistence: Persistence, doorbell: Doorbell) -> None:
    """Look in the store because another process rang, or pass on what carries nothing."""
    if doorbell.conversation is None or rooms.get(doorbell.conversation) is None:
        return
    async with rooms.visit(doorbell.conversation) as room:
        if room is None:
            return
        match doorbell.bell:
            case Bell.ENTRY if await news.is_taken(rooms, room):
                return
            case Bell.ENTRY | Bell.STATE | Bell.TAKEN_OVER:
                await persistence.until_stored(lambda: put_right(rooms, room))
            case Bell.WRAPPED:
                await persistence.until_stored(lambda: open_here(rooms, room))
            case Bell.TYPING if doorbell.role is not None:
                showing.typing(room, doorbell.role)
            case Bell.ENDED:
                await persistence.until_stored(lambda: end(rooms, room, doorbell))
            case _:
                return


async def end(rooms: Rooms, room: Room, doorbell: Doorbell) -> None:
    """Show the end if it is gone from the store, for the reason that was rung; else it has not ended.

    Raises:
        Unavailable: the store cannot tell now.
    """
    async with room.lock:
        if room.conversation.phase is Phase.ENDED:
            return
        if await rooms.store.load(room.id) is None:
            seq = max(doorbell.seq, room.conversation.seq + 1)
            rooms.over(room, seq, _reason(doorbell), room.conversation)
            return
    await put_right(rooms, room)


def _reason(doorbell: Doorbell) -> EndReason:
    try:
        return EndReason(doorbell.reason)
    except ValueError:
        return EndReason.CLOSED


async def put_right(rooms: Rooms, room: Room, version: int | None = None) -> None:
    """Take over what is stored; whoever sits here is put right if an old connection's end was noted there.

    `version`: what has been seen in the store; where this room is as far by now, nothing is read.

    Raises:
        Unavailable: the store cannot tell now, or cannot take it.
    """
    try:
        async with room.lock:
            if room.conversation.phase is Phase.ENDED:
                return
            if version is None or room.version < version:
                await rooms.catch_up(room)
        state = room.conversation
        if room.visitor is not None and state.visitor_away_since is not None:
            await note_visitor(rooms, room)
        if room.operator is not None and state.operator is not None and state.operator_away_since is not None:
            await rooms.do(room, commands.NoteOperatorPresent(state.operator))
        guest = state.guest
        if room.guest is not None and guest is not None and guest.away_since is not None:
            await rooms.do(room, commands.NoteGuestPresent(guest.duty))
    except Refused:
        return  # it moved on once more


async def open_here(rooms: Rooms, room: Room) -> None:
    """Find the key, and open the conversation to those of the staff who could not read it until now.

    Raises:
        Unavailable: the store cannot tell now.
    """
    async with room.lock:
        seats = [seat for seat in (room.operator, room.guest) if seat is not None]
        if seats and all(seat.ready for seat in seats):
            return  # whoever has no seat yet may be waiting for the key
        if await rooms.readers.find_key(room):
            await open_for_waiting(rooms, room)
