# SPDX-License-Identifier: EUPL-1.2
"""The frames about what staff write for each other in a conversation, as types.

Part of the unions in `web/operator/frames.py`. The visitor's frames share no type with these.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

ConversationText = Annotated[str, Meta(max_length=64)]


class Note(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="note"):
    """Write something for the colleagues in a held conversation; the visitor never sees it.

    `whisper`: to whoever is there now, not for those who come later. A refusal has the `field` "note".
    """

    conversation: ConversationText
    id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{22}\\Z")]
    text: Annotated[str, Meta(min_length=1)]
    whisper: bool = False


class ReadNotes(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="notes"):
    """What have colleagues written in a held conversation? A refusal has the `field` "note"."""

    conversation: ConversationText


class NoteEntry(Struct, frozen=True, omit_defaults=True):
    """One entry of `notes`."""

    staff_seq: int
    kind: Literal["note", "whisper"]
    alias: str
    text: str
    at: str
    own: bool = False
    """This sign-in wrote it."""
    id: str | None = None
    """Of one's own: the client id."""


class NotesShown(Struct, frozen=True, tag_field="type", tag="notes"):
    """What stands there and is for this sign-in, in order; many come in several such frames.

    A number is missing where others have whispered before this one came.
    """

    conversation: str
    entries: tuple[NoteEntry, ...]


class Noted(Struct, frozen=True, omit_defaults=True, tag_field="type", tag="noted"):
    """One entry that is durable. To its author it is the acknowledgement, and a retry gets it again."""

    conversation: str
    staff_seq: int
    kind: Literal["note", "whisper"]
    alias: str
    text: str
    at: str
    own: bool = False
    id: str | None = None


NotesIn = Note | ReadNotes
NotesOut = NotesShown | Noted
