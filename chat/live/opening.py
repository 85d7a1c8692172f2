# SPDX-License-Identifier: EUPL-1.2
"""Opening a conversation for the operator who sits in it: its entries, her answers, and what is seen in them.

Owns what a console is given at once. Decides nothing; called under the room's lock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from chat.entries import Entry, EntryKind
from chat.errors import CannotUnseal
from chat.ids import Role
from chat.live import log
from chat.live.notices import ConversationOpened
from chat.live.room import Room
from chat.live.rooms import Rooms
from moderation.verdict import Judgement

_log = logging.getLogger(__name__)


async def open_for_operator(rooms: Rooms, room: Room) -> None:
    """Give the operator who sits here what they lack, or say that it cannot be read."""
    seat = room.operator
    if seat is None:
        return
    entries: tuple[Entry, ...] = ()
    intake = None
    ready = False
    try:
        if room.key is not None:
            entries = await log.read(room, rooms.store, rooms.turns, seat.after)
            intake = await log.intake(room, rooms.store)
            ready = True
    except CannotUnseal:
        _log.exception("fault")  # a damaged one can at least be seen and ended
        entries = ()
    judgements = await _judged_again(rooms, room, entries)
    seat.ready = ready
    seat.party.deliver(ConversationOpened(room.conversation, entries, ready, judgements, intake))


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
