# SPDX-License-Identifier: EUPL-1.2
"""Saying something: judging, deciding, sealing, storing, acknowledging and showing messages, in that order.

Owns the one step of a conversation that happens most often, and what a retry gets. What was taken out of a
text never reaches anything that comes after its judgement. Who may say something where is decided by
`visitors.py`, `operators.py` and the conversation itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from msgspec import Struct

from chat import commands
from chat.conversation import Phase
from chat.entries import LONGEST_TEXT, Entry, EntryKind
from chat.errors import HasEnded, NotNow, Refused, Stale, TellsWho, TextTooLong, Unavailable
from chat.ids import ClientId, Role
from chat.live import log, showing
from chat.live.notices import DangerSeen, EntryShown, MessageStored
from chat.live.room import Room, text_digest
from chat.live.rooms import ATTEMPTS, Rooms
from chat.ports import Bell
from chat.transitions import receive
from moderation.danger import Level
from moderation.judge import repeated
from moderation.verdict import Judgement, Verdict

QUICK = 300
"""Characters: judging so many takes well under a millisecond, whatever they are."""

Post = Callable[
    [ClientId], commands.PostVisitorMessage | commands.PostOperatorMessage | commands.PostGuestMessage
]
"""Makes the command that asks the conversation whether its author may say something."""

Outcome = Refused | Unavailable | None
"""What became of one message: None when it is stored and acknowledged, else what its author shall be told."""


class Words(Struct, frozen=True):
    """What somebody wants to say, under the id that their client gave it."""

    client_id: ClientId
    text: str
    keep: bool = False
    """What tells who she is may stay: she has been asked."""


class _Judged(Struct, frozen=True):
    """What is said, as it may be stored."""

    client_id: ClientId
    judgement: Judgement

    @property
    def text(self) -> str:
        """What is stored of it."""
        return self.judgement.text


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
    refused: dict[ClientId, Outcome] = {}
    returns = room.conversation.returns
    left = await _judged(rooms, room, role, words, refused)
    try:
        for _ in range(ATTEMPTS):
            if role is Role.VISITOR and room.conversation.returns != returns:
                raise NotNow  # somebody came in with her code, in another process: this page's time is over
            left = await _without_known(rooms, room, role, left, refused)
            if not left or await _is_stored(rooms, room, role, left, post):
                return refused
    except (Refused, Unavailable) as error:
        return refused | dict.fromkeys((each.client_id for each in left), error)
    return refused | {each.client_id: Unavailable() for each in left}


async def _judged(
    rooms: Rooms, room: Room, role: Role, words: Sequence[Words], refused: dict[ClientId, Outcome]
) -> list[_Judged]:
    """Judge each; what may not be said at all is refused. Nothing too long is looked at."""
    judged = []
    for each in words:
        if len(each.text) > LONGEST_TEXT:
            refused[each.client_id] = TextTooLong()
            continue
        judgement = await _judgement(rooms, room, role, each)
        if judgement.verdict is Verdict.REFUSE:
            refused[each.client_id] = TellsWho(judgement.seen_first)
        else:
            judged.append(_Judged(each.client_id, judgement))
    return judged


async def _judgement(rooms: Rooms, room: Room, role: Role, words: Words) -> Judgement:
    """Judge one text. A long one takes milliseconds: one at a time over all, with turns for others."""
    judge, language = rooms.judge_of(room.conversation), room.conversation.language
    async with contextlib.AsyncExitStack() as turn:
        if len(words.text) > QUICK:
            await turn.enter_async_context(rooms.judging)
            await asyncio.sleep(0)
        if role is Role.VISITOR:
            return judge.of_visitor(words.text, language=language, keep=words.keep)
        return judge.of_operator(words.text)


async def _without_known(
    rooms: Rooms, room: Room, role: Role, words: Sequence[_Judged], refused: dict[ClientId, Outcome]
) -> list[_Judged]:
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
            room.tell(role, _stored(room, each, seq))
    return fresh


async def _is_stored(rooms: Rooms, room: Room, role: Role, words: Sequence[_Judged], post: Post) -> bool:
    """Store new messages and show them; False, and the room put right, if somebody else's step came first."""
    now = rooms.clock.now()
    after, deadlines = room.conversation, rooms.deadlines_of(room.conversation)
    entries = []
    alias = after.guest.alias if role is Role.GUEST and after.guest is not None else None
    for each in words:
        after, _ = receive(after, post(each.client_id), now, deadlines)
        entries.append(Entry(after.seq, EntryKind.SAID, role, each.client_id, each.text, now, alias))
    try:
        sealed = [log.seal(room, entry, rooms.randomness) for entry in entries]
        await rooms.store.append(sealed, room.version)
    except Stale:
        await rooms.catch_up(room)
        return False
    room.conversation = after
    room.version += len(entries)
    for entry, each in zip(entries, words, strict=True):
        digest = text_digest(each.text)
        room.remember(role, each.client_id, entry.seq, digest)
        room.tell(role, _stored(room, each, entry.seq))
        _show(rooms, room, entry, each.judgement, digest)
    if not room.is_whole:
        rooms.ring(room, Bell.ENTRY)
    return True


def _stored(room: Room, judged: _Judged, seq: int) -> MessageStored:
    judgement = judged.judgement
    text = judgement.text if judgement.masked else None
    return MessageStored(room.id, judged.client_id, seq, text, judgement.masked)


def _show(rooms: Rooms, room: Room, entry: Entry, judgement: Judgement, digest: bytes) -> None:
    """Show what was said to the others, and what was seen in it to those it concerns."""
    if entry.role is not Role.VISITOR:
        showing.said(room, entry, EntryShown(room.id, entry))
        return
    judge = rooms.judge_of(room.conversation)
    judgement = judge.with_masks(judgement)
    if judge.counts(judgement):
        room.repeats, too_often = room.repeats.said(digest, rooms.clock.now())
        judgement = repeated(judgement) if too_often else judgement
    showing.said(room, entry, EntryShown(room.id, entry, judgement=judgement))
    if judgement.danger is not None and judgement.danger.level is Level.ACUTE:
        room.tell(Role.VISITOR, DangerSeen(judgement.danger))
