# SPDX-License-Identifier: EUPL-1.2
"""What staff write for each other has no way to her, by its types; and how it is shown to who may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from chat.ids import ClientId, ConversationId, DutyId
from chat.live.confiding import Confided, NoteShown, NotesRead
from chat.live.notices import Notice
from chat.ports import Doorbell
from chat.staff_entries import SealedStaffEntry, StaffEntry, StaffKind
from web.operator import note_frames, noting
from web.operator.frames import ToOperator
from web.operator.projection import encoded
from web.operator.socket import OperatorParty
from web.visitor import frames as hers
from web.visitor.plain.visit import Visit
from web.visitor.socket import VisitorParty

STAFFS = {
    StaffEntry,
    SealedStaffEntry,
    StaffKind,
    note_frames.NoteEntry,
    note_frames.Noted,
    note_frames.NotesShown,
}
C = ConversationId("conversation")
AUTHOR, OTHER = DutyId("author"), DutyId("other")
NOON = datetime(2026, 2, 16, 12, 0, 41, tzinfo=UTC)


class Leaking(msgspec.Struct):
    """A frame to her that somebody might write one day."""

    entries: Mapping[str, Sequence[StaffEntry | None]]


def entry(seq: int = 1, text: str = "hej", kind: StaffKind = StaffKind.NOTE) -> StaffEntry:
    """Return an entry of the author."""
    return StaffEntry(seq, kind, ClientId("A" * 22), AUTHOR, "Alva", text, NOON)


def reached(*roots: Any) -> set[Any]:
    """Return every type that a value of one of these can hold, at any depth."""
    found: set[Any] = set()
    left = list(roots)
    while left:
        kind = left.pop()
        if kind in found:
            continue
        found.add(kind)
        left += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            left += get_type_hints(kind).values()
    return found


def test_no_frame_to_her_can_carry_a_note() -> None:
    """No field of a frame of hers, nor of anything in it, has a type of theirs, or one that could be any."""
    types = reached(hers.ToVisitor)
    assert not STAFFS & types
    assert not {Any, object, msgspec.Raw} & types
    assert len([kind for kind in types if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]) > 15
    named = {
        name for kind in types if isinstance(kind, type) for name in getattr(kind, "__struct_fields__", ())
    }
    assert not {"staff_seq", "whisper", "account", "duty", "author"} & named


def test_no_notice_and_no_doorbell_can_carry_a_note() -> None:
    """So nothing that a seat in a room is told can, whoever sits there."""
    assert not STAFFS & reached(Notice)
    assert not STAFFS & reached(Doorbell)
    for party in (VisitorParty, Visit):
        assert not hasattr(party, "confide")
    assert hasattr(OperatorParty, "confide")


def test_walk_finds_what_is_planted() -> None:
    """Where staff entries are, the same walk sees them, however deep they lie; else it proves nothing."""
    assert {StaffEntry, StaffKind} <= reached(Confided)
    assert {note_frames.NoteEntry, note_frames.Noted} <= reached(ToOperator)
    assert StaffEntry in reached(hers.ToVisitor | Leaking)


@pytest.mark.parametrize(("to", "own"), [(AUTHOR, True), (OTHER, False)])
def test_only_its_author_is_shown_the_id(to: DutyId, *, own: bool) -> None:
    """A sign-in is named to nobody; the client id goes back to whoever made it."""
    (frame,) = noting.shown(NoteShown(C, entry(4, kind=StaffKind.WHISPER)), to)
    told = msgspec.json.decode(encoded(frame))
    assert told == {
        "type": "noted",
        "conversation": C,
        "staff_seq": 4,
        "kind": "whisper",
        "alias": "Alva",
        "text": "hej",
        "at": "2026-02-16T12:00Z",
        **({"own": True, "id": "A" * 22} if own else {}),
    }
    (listed,) = noting.shown(NotesRead(C, (entry(),)), to)
    assert AUTHOR.encode() not in encoded(listed)
    assert (b'"own":true' in encoded(listed)) is own


def one(text: str) -> Confided:
    """Return one that is shown alone."""
    return NoteShown(C, entry(text=text))


def listed(text: str) -> Confided:
    """Return one in a list."""
    return NotesRead(C, (entry(text=text),))


@pytest.mark.parametrize("carrying", [one, listed])
def test_size_of_a_frame_tells_nothing_of_its_text(carrying: Callable[[str], Confided]) -> None:
    """One character and four hundred make frames of one size."""
    frames = [frame for text in ("a", "a" * 400) for frame in noting.shown(carrying(text), OTHER)]
    assert {len(encoded(frame)) for frame in frames} == {1024}


@pytest.mark.parametrize("text", ["a", "\U0001f980" * 2_000, '"\\\n' * 600])
def test_many_are_shown_in_parts(text: str) -> None:
    """Whatever they weigh: each frame within the limit, all entries once and in order."""
    everything = NotesRead(C, tuple(entry(seq, text) for seq in range(1, 151)))
    parts = list(_parts(noting.shown(everything, AUTHOR)))
    assert max(len(encoded(part)) for part in parts) <= 32 * 1024
    assert [each.staff_seq for part in parts for each in part.entries] == list(range(1, 151))
    assert [len(part.entries) for part in _parts(noting.shown(NotesRead(C, ()), AUTHOR))] == [0]


def _parts(frames: Iterator[note_frames.NotesOut]) -> Iterator[note_frames.NotesShown]:
    for frame in frames:
        assert isinstance(frame, note_frames.NotesShown)
        yield frame
