# SPDX-License-Identifier: EUPL-1.2
"""What the chat tells the consoles of what staff write for each other, and the only way on which it goes.

Owns those notices and `StaffParty`. No seat in a room takes them, and a visitor's party has no method for
them: a note cannot be told to her by mistake, it would not type-check.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from chat.ids import ConversationId
from chat.live.notices import Party
from chat.staff_entries import StaffEntry


class NotesRead(Struct, frozen=True):
    """To whoever asked: all that stands there."""

    conversation: ConversationId
    entries: tuple[StaffEntry, ...]


class NoteShown(Struct, frozen=True):
    """One entry, as soon as it is durable. To its author it is the acknowledgement."""

    conversation: ConversationId
    entry: StaffEntry


Confided = NotesRead | NoteShown


class StaffParty(Party, Protocol):
    """One connected console."""

    def confide(self, confided: Confided) -> None:
        """Take what is for staff alone; as `deliver`."""
