# SPDX-License-Identifier: EUPL-1.2
"""Saying something: deciding, sealing, storing, acknowledging and showing messages, in that order.

Owns the one step of a conversation that happens most often, and what a retry gets. Who may say something
where is decided by `visitors.py`, `operators.py` and the conversation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from chat import commands
from chat.conversation import Phase
from chat.entries import LONGEST_TEXT, Entry, EntryKind
from chat.errors import HasEnded, Refused, Stale, TextTooLong, Unavailable
from chat.ids import ClientId, Role
from chat.live import log
from chat.live.notices import EntryShown, MessageStored
from chat.live.room import Room, other, text_digest
from chat.live.rooms import ATTEMPTS, Rooms
from chat.ports import Bell

Post = Callable[[ClientId], commands.PostVisitorMessage | commands.PostOperatorMessage]
"""Makes the command that asks the conversation whether its author may say something."""

Outcome = Refused | Unavailable | None
"""What became of one message: None when it is stored and acknowledged, else what its author shall be told."""


class Words(Struct, frozen=True):
    """What somebody wants to say, under the id that their client gave it."""

    client_id: ClientId
    text: str


async def say(rooms: Rooms, room: Room, role: Role, words: Sequence[Words], post: Post) -> list[Outcome]:
    """Store what one party has said and return the outcome of each, in the same order.

    What came together is stored together, in one step. Each is acknowledged to its author when it is durable,
    a retry again with the seq that it has (`IdReused` if its text is another one).
    """
    if len({each.client_id for each in words}) < len(words):
        # The second of the same id is a retry of the first, so that must be stored before.
        return [outcome for each in words for outcome in await say(rooms, room, role, [each], post)]
    room.hold += 1  # who says it may be gone before it is stored
    try:
        async with room.lock:
            refused = await _say(rooms, room, role, words, post)
    finally:
        room.hold -= 1
        rooms.leave_if_empty(room)
    return [refused.get(each.client_id) for each in words]


async def _say(
    rooms: Rooms, room: Room, role: Role, words: Sequence[Words], post: Post
) -> dict[ClientId, Outcome]:
    refused: dict[ClientId, Outcome] = {
        each.client_id: TextTooLong() for each in words if len(each.text) > LONGEST_TEXT
    }
    left = [each for each in words if each.client_id not in refused]
    try:
        for _ in range(ATTEMPTS):
            left = await _without_known(rooms, room, role, left, refused)
            if not left or await _is_stored(rooms, room, role, left, post):
                return refused
    except (Refused, Unavailable) as error:
        return refused | dict.fromkeys((each.client_id for each in left), error)
    return refused | {each.client_id: Unavailable() for each in left}


async def _without_known(
    rooms: Rooms, room: Room, role: Role, words: Sequence[Words], refused: dict[ClientId, Outcome]
) -> list[Words]:
    """Acknowledge again what is stored already, and return the rest."""
    if room.conversation.phase is Phase.ENDED:
        raise HasEnded
    if not room.known_complete:
        await log.learn_known(room, rooms.store)
    fresh = []
    for each in words:
        if room.known(role, each.client_id) is None:
            fresh.append(each)
            continue
        try:
            seq = await log.stored_before(room, rooms.store, role, each.client_id, text_digest(each.text))
        except (Refused, Unavailable) as error:
            refused[each.client_id] = error
        else:
            room.tell(role, MessageStored(room.id, each.client_id, seq))
    return fresh


async def _is_stored(rooms: Rooms, room: Room, role: Role, words: Sequence[Words], post: Post) -> bool:
    """Store new messages and show them; False, and the room put right, if somebody else's step came first."""
    now = rooms.clock.now()
    after, deadlines = room.conversation, rooms.deadlines_of(room.conversation)
    entries = []
    for each in words:
        after, _ = after.receive(post(each.client_id), now, deadlines)
        entries.append(Entry(after.seq, EntryKind.SAID, role, each.client_id, each.text, now))
    try:
        sealed = [log.seal(room, entry, rooms.randomness) for entry in entries]
        await rooms.store.append(sealed, room.version)
    except Stale:
        await rooms.catch_up(room)
        return False
    room.conversation = after
    room.version += len(entries)
    for entry, each in zip(entries, words, strict=True):
        room.remember(role, each.client_id, entry.seq, text_digest(each.text))
        room.tell(role, MessageStored(room.id, each.client_id, entry.seq))
        room.tell(other(role), EntryShown(room.id, entry))
    rooms.ring(room, Bell.ENTRY)
    return True
