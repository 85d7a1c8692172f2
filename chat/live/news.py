# SPDX-License-Identifier: EUPL-1.2
"""What was said in other processes: read for all rooms together that have been rung for, and shown.

Owns the quick way for what happens a thousand times as often as all else. Whatever is more than something
said is left to `Rooms.catch_up`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from chat.entries import EntryKind, SealedEntry
from chat.errors import Unavailable
from chat.ids import ConversationId
from chat.live import log, showing
from chat.live.room import Room
from chat.live.rooms import Rooms

_Found = tuple[int, Sequence[SealedEntry]] | None
"""The version of a conversation and what it has that is not known here; None when nothing can be said."""


@dataclass(slots=True, eq=False)
class News:
    """One reading at a time. What is rung for meanwhile is read together in the next one."""

    _wanted: dict[ConversationId, asyncio.Future[_Found]] = field(default_factory=dict)
    _reading: asyncio.Task[None] | None = None

    async def is_taken(self, rooms: Rooms, room: Room) -> bool:
        """Read and show what was said elsewhere; False when the whole conversation must be looked at."""
        if room.key is None:
            return False
        found = await self._found(rooms, room)
        if found is None:
            return False
        async with room.lock:
            return _is_taken(rooms, room, *found)

    async def _found(self, rooms: Rooms, room: Room) -> _Found:
        future = self._wanted.get(room.id)
        if future is None:
            future = self._wanted[room.id] = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all(rooms))
        return await asyncio.shield(future)

    async def _read_all(self, rooms: Rooms) -> None:
        try:
            while self._wanted:
                taken, self._wanted = self._wanted, {}
                try:
                    found = await self._read(rooms, list(taken))
                except Exception as error:  # noqa: BLE001 - whoever rang shall see it, whatever it is
                    for future in taken.values():
                        future.set_exception(error)
                    continue
                for name, future in taken.items():
                    future.set_result(found.get(name))
        finally:
            self._reading = None

    async def _read(self, rooms: Rooms, names: Sequence[ConversationId]) -> dict[ConversationId, _Found]:
        seqs = {name: room.conversation.seq for name in names if (room := rooms.get(name)) is not None}
        try:
            return dict(await rooms.store.said_after(seqs))
        except Unavailable:
            return {}  # each is looked at alone, until the store is there again


def _is_taken(rooms: Rooms, room: Room, version: int, sealed: Sequence[SealedEntry]) -> bool:
    """Take over what was said, if nothing else has happened. Called under the room's lock."""
    if version <= room.version:
        return True
    fresh = [each for each in sealed if each.seq > room.conversation.seq]
    # Whatever else happens takes the version one further as well.
    if any(each.kind is not EntryKind.SAID for each in fresh) or version - room.version != len(fresh):
        return False
    entries, damaged = log.what_opens(room, fresh)
    if damaged is not None:
        return False
    room.conversation = replace(room.conversation, seq=room.conversation.seq + len(fresh))
    room.version = version
    judge = rooms.judge_of(room.conversation)
    for entry in entries:
        showing.stored_elsewhere(room, entry, judge)
    return True
