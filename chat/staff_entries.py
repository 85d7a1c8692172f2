# SPDX-License-Identifier: EUPL-1.2
"""What the staff of a conversation write for each other: notes and whispers, never a word to her.

Owns the two forms of such an entry, and who may read them. They share nothing with what is said
(`entries.py`): another number, another table, another key, another way to the consoles. Knows no key and no
store.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from unicodedata import category

from msgspec import Struct

from chat.conversation import Conversation
from chat.ids import ClientId, ConversationId, DutyId
from chat.moves.hands import is_its_supervisor

MOST = 200
"""So many of each kind one conversation may have: they are read whole."""


class StaffKind(StrEnum):
    """What a staff-only entry is for."""

    NOTE = "note"
    """What whoever has the conversation next must know."""
    WHISPER = "whisper"
    """A word to a colleague who is in it now. Nobody who comes later reads it."""


class StaffEntry(Struct, frozen=True):
    """One readable entry. Lives only in the memory of a process that serves one of the staff there."""

    staff_seq: int
    """From 1 without gaps, in each conversation; nothing of what she sees is counted by it."""
    kind: StaffKind
    client_id: ClientId
    author: DutyId
    alias: str
    """The author's, of that shift."""
    text: str
    at: datetime
    """To the minute (UTC)."""
    readers: tuple[DutyId, ...] = ()
    """Of a whisper: who could read it when it was written, its author among them, and nobody else ever."""


class SealedStaffEntry(Struct, frozen=True):
    """One entry as it is stored. Who wrote it, to whom and when is sealed with what it says."""

    conversation: ConversationId
    staff_seq: int
    kind: StaffKind
    client_id: ClientId
    body: bytes


def is_blank(text: str) -> bool:
    """Tell whether nothing can be seen of a text: every character is a space, a control or without a form."""
    return all(category(char)[0] in "CZ" for char in text)


def may_read_notes(conversation: Conversation, duty: DutyId) -> bool:
    """Tell whether this duty may read and write what staff write for each other here.

    Whoever holds it, after them whoever holds it next, and their own supervisor who has come to help. A guest
    works elsewhere: her yes has let them into the talk, not into what others think of it.
    """
    return conversation.holder == duty or is_its_supervisor(conversation, duty)


def is_for(entry: StaffEntry, duty: DutyId) -> bool:
    """Tell whether somebody who `may_read_notes` may read this one: a whisper is for those who were there."""
    return entry.kind is StaffKind.NOTE or duty in entry.readers


def alias_in(conversation: Conversation, duty: DutyId) -> str:
    """Return the name under which one of the staff takes part in a conversation."""
    guest = conversation.guest
    if guest is not None and guest.duty == duty:
        return guest.alias
    return conversation.alias or ""
