# SPDX-License-Identifier: EUPL-1.2
"""Opening a conversation for the staff who sit in it: its entries, her answers, and what is seen in them.

Owns what a console is given at once: nothing of what came before a guest, or before another organisation took
it on, unless she has let them read it. Decides nothing; called under the room's lock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from chat.entries import Entry, EntryKind
from chat.errors import CannotUnseal
from chat.ids import Role
from chat.live import log, showing
from chat.live.notices import ConversationOpened
from chat.live.room import Room
from chat.live.rooms import Rooms
from moderation.verdict import Judgement

_log = logging.getLogger(__name__)


async def open_for_waiting(rooms: Rooms, room: Room) -> None:
    """Open it to those of the staff who sit here and could not read it until now."""
    for role in showing.STAFF:
        seat = room.seat(role)
        if seat is not None and not seat.ready:
            await open_for(rooms, room, role)


async def open_for(rooms: Rooms, room: Room, role: Role) -> None:
    """Give whoever of the staff sits here what they lack, or say that it cannot be read."""
    seat = room.seat(role)
    if seat is None:
        return
    entries: tuple[Entry, ...] = ()
    intake = None
    ready = False
    try:
        if room.key is not None:
            entries = await _entries(rooms, room, role, seat.after)
            if _reads_all(room, role):
                intake = await log.intake(room, rooms.store)
            ready = True
    except CannotUnseal:
        _log.exception("fault")  # a damaged one can at least be seen and ended
        entries = ()
    judgements = await _judged_again(rooms, room, entries)
    seat.ready = ready
    until = rooms.presence(room).until
    seat.party.deliver(ConversationOpened(room.conversation, entries, ready, judgements, intake, role, until))


async def _entries(rooms: Rooms, room: Room, role: Role, after: int) -> tuple[Entry, ...]:
    guest = room.conversation.guest
    if role is Role.GUEST and guest is not None:
        after = max(after, guest.after)  # what she has not shown them is not even opened
    after = max(after, room.conversation.reads_after)
    entries = await log.read(room, rooms.store, rooms.turns, after)
    return tuple([entry for entry in entries if showing.may_see(room, role, entry)])


def _reads_all(room: Room, role: Role) -> bool:
    guest, after = room.conversation.guest, room.conversation.reads_after
    return after == 0 and (role is Role.OPERATOR or (guest is not None and guest.after == 0))


async def _judged_again(rooms: Rooms, room: Room, entries: Sequence[Entry]) -> dict[int, Judgement]:
    """Return what is seen in what she wrote, a few entries at a time: others wait for their turn."""
    judge = rooms.judge_of(room.conversation)
    judged = {}
    for count, entry in enumerate(entries, 1):
        if entry.role is Role.VISITOR and entry.kind is EntryKind.SAID:
            judged[entry.seq] = judge.again(entry.text)
        if count % log.MANY == 0:
            await asyncio.sleep(0)
    return judged
