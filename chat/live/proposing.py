# SPDX-License-Identifier: EUPL-1.2
"""Asking her for a yes, and taking her answer: what leads out of a conversation goes through here.

Owns the order: the question is an entry of the conversation like any other, sealed and numbered; her answer
is stored in one transaction with what it allows. What is asked, and what a yes allows, is not the chat's to
know: both are texts to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from chat import commands
from chat.commands import Command
from chat.counted import Count
from chat.entries import Entry, EntryKind
from chat.errors import HasEnded, IdReused, NotNow
from chat.ids import ClientId, DutyId, Role
from chat.live import log
from chat.live.brought import Brought
from chat.live.notices import EntryShown
from chat.live.room import Room
from chat.live.rooms import Rooms
from chat.ports import Alongside


class Answered(Struct, frozen=True):
    """What her answer comes to: the text that both see, and what is stored with it."""

    text: str
    alongside: tuple[Alongside, ...] = ()
    counts: tuple[Count, ...] = ()
    """What it adds to counters."""
    invites: commands.Invites | None = None
    """Whom a yes lets in."""
    moves: commands.Moves | None = None
    """To which other organisation a yes offers her."""
    yes: bool = True
    """Whether it is one: nobody's but hers counts."""


Decide = Callable[[str], Answered]
"""From the text of the question to what her answer comes to; raises when it cannot be one."""


async def ask(
    rooms: Rooms, room: Room, duty: DutyId, client_id: ClientId, text: str, *, counts: Sequence[Count] = ()
) -> None:
    """Put a question to her. Both parties are shown it; a retry is shown it again, and adds no `counts`.

    Raises:
        NotAllowed: it is not this duty's. NotNow, HasEnded, Unavailable: as the conversation says.
    """
    async with room.lock:
        if not await _shown_before(rooms, room, Role.OPERATOR, client_id, EntryKind.PROPOSED):
            brought = Brought(text=text, counts=counts)
            await rooms.step(room, commands.PutProposal(duty, client_id), brought)


async def take_back(rooms: Rooms, room: Room, duty: DutyId) -> None:
    """Take back what she has not answered yet.

    Raises:
        NotAllowed: it is not this duty's. NotNow: nothing is asked.
    """
    await rooms.do(room, commands.TakeBackProposal(duty))


async def answer(rooms: Rooms, room: Room, client_id: ClientId, proposal: int, decide: Decide) -> None:
    """Take her answer to the question with this seq, and store it with what it allows.

    A retry changes nothing.

    Raises:
        NotNow: that question is not on the table: it was taken back, replaced, or answered.
        Whatever `decide` raises: then nothing has changed.
    """
    async with room.lock:
        if await _shown_before(rooms, room, Role.VISITOR, client_id, EntryKind.ANSWERED):
            return
        if room.conversation.proposal != proposal:
            await rooms.catch_up(room)
        if room.conversation.proposal != proposal:
            raise NotNow
        asked = await _entry(rooms, room, proposal)
        answered = decide(asked.text)
        command: Command = commands.AnswerProposal(
            client_id, proposal, answered.invites, answered.yes, answered.moves
        )
        brought = Brought(text=answered.text, alongside=answered.alongside, counts=answered.counts)
        await rooms.step(room, command, brought)


async def asked(rooms: Rooms, room: Room, proposal: int) -> str | None:
    """Return the text of the question with this seq; None when there is none on the table, or another one."""
    async with room.lock:
        if room.conversation.proposal != proposal:
            await rooms.catch_up(room)
        if room.conversation.proposal != proposal:
            return None
        return (await _entry(rooms, room, proposal)).text


async def quoted(rooms: Rooms, room: Room, seqs: Sequence[int]) -> list[Entry]:
    """Return what was said under these numbers, in order; a number that nothing has is left out."""
    # Nobody quotes what she has not let them read.
    wanted = frozenset(seq for seq in seqs if seq > room.conversation.reads_after)
    if not wanted:
        return []
    async with room.lock:
        entries = await log.read(room, rooms.store, rooms.turns, min(wanted) - 1, max(wanted))
    return [entry for entry in entries if entry.seq in wanted and entry.kind is EntryKind.SAID]


async def _shown_before(rooms: Rooms, room: Room, role: Role, client_id: ClientId, kind: EntryKind) -> bool:
    """Show an entry again whose author did not hear that it was stored; False when it is new.

    Raises:
        IdReused: the id belongs to something else that was said.
    """
    if not room.known_complete:
        await log.learn_known(room, rooms.store)
    known = room.known(role, client_id)
    if known is None:
        return False
    entry = await _entry(rooms, room, known.seq)
    if entry.kind is not kind:
        raise IdReused
    room.tell(role, EntryShown(room.id, entry))
    return True


async def _entry(rooms: Rooms, room: Room, seq: int) -> Entry:
    entries = await log.read(room, rooms.store, rooms.turns, seq - 1, seq)
    if not entries:
        raise HasEnded
    return entries[0]
