# SPDX-License-Identifier: EUPL-1.2
"""Notes and whispers between the console and the chat: what is asked for, and how it is shown.

Owns the only mapping of a `StaffEntry` to anything that leaves the server.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from chat.ids import ClientId, ConversationId, DutyId
from chat.live.confiding import Confided, NoteShown, NotesRead
from chat.live.noting import Jotting
from chat.live.seating import Desk
from chat.staff_entries import StaffEntry, StaffKind
from web.house import House
from web.operator.note_frames import Note, Noted, NoteEntry, NotesOut, NotesShown, ReadNotes
from web.operator.projection import LONGEST_ENTRIES
from web.shown import minute

_encoder = msgspec.json.Encoder()


async def write(house: House, desk: Desk, frame: Note) -> None:
    """Keep what somebody has written for the colleagues. Raises as `chat.live.noting.Noting.write`."""
    kind = StaffKind.WHISPER if frame.whisper else StaffKind.NOTE
    jotting = Jotting(ClientId(frame.id), kind, frame.text)
    await house.chat.noting.write(desk, ConversationId(frame.conversation), jotting)


async def read(house: House, desk: Desk, frame: ReadNotes) -> None:
    """Show what stands there. Raises as `chat.live.noting.Noting.read`."""
    await house.chat.noting.read(desk, ConversationId(frame.conversation))


def shown(confided: Confided, to: DutyId) -> Iterator[NotesOut]:
    """Return the frames that show it to one of the staff: as many as stay within 32 KiB each."""
    match confided:
        case NoteShown(conversation, entry):
            yield Noted(conversation, **msgspec.structs.asdict(_entry(entry, to)))
        case NotesRead(conversation, entries):
            yield from _parts(conversation, [_entry(entry, to) for entry in entries])


def _parts(conversation: str, entries: list[NoteEntry]) -> Iterator[NotesShown]:
    part: list[NoteEntry] = []
    size = 0
    for entry in entries:
        bytes_more = len(_encoder.encode(entry)) + 1
        if part and size + bytes_more > LONGEST_ENTRIES:
            yield NotesShown(conversation, tuple(part))
            part, size = [], 0
        part.append(entry)
        size += bytes_more
    yield NotesShown(conversation, tuple(part))


def _entry(entry: StaffEntry, to: DutyId) -> NoteEntry:
    own = entry.author == to
    return NoteEntry(
        staff_seq=entry.staff_seq,
        kind=entry.kind.value,
        alias=entry.alias,
        text=entry.text,
        at=minute(entry.at),
        own=own,
        id=entry.client_id if own else None,
    )
