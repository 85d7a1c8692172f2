# SPDX-License-Identifier: EUPL-1.2
"""Entries of a conversation: readable in memory, sealed everywhere else.

Owns the two forms of one entry. Knows nothing of keys (`chat/sealing.py`) or of where sealed ones are kept.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chat.ids import ClientId, ConversationId, Role

LONGEST_TEXT = 2_000
"""Code points in one message."""


class EntryKind(StrEnum):
    """What an entry tells her."""

    SAID = "said"
    JOINED = "joined"
    LEFT = "left"
    HANDED = "handed"
    """Whoever was here has given the conversation to somebody else, who joins next."""
    STAYED = "stayed"
    """She had said yes to going on somewhere else, and stays: nobody there has come."""
    PROPOSED = "proposed"
    """She is asked for a yes; the text is the whole question."""
    TAKEN_BACK = "taken_back"
    ANSWERED = "answered"
    """She has said yes or no; the text is her answer, for both to see."""
    UNINVITED = "uninvited"
    """She wants no guest any more, and none had come."""
    GUEST_JOINED = "guest_joined"
    GUEST_LEFT = "guest_left"
    RELIEVED = "relieved"
    """Whoever held it is out: another one holds it from now on, and she waits for nobody."""
    SUPERVISOR_CAME = "supervisor_came"
    """A supervisor of the organisation itself is here too; they go as a guest does."""


BOTH_SEE = frozenset(
    {
        EntryKind.PROPOSED,
        EntryKind.TAKEN_BACK,
        EntryKind.ANSWERED,
        EntryKind.UNINVITED,
        EntryKind.STAYED,
        EntryKind.GUEST_JOINED,
        EntryKind.GUEST_LEFT,
        EntryKind.SUPERVISOR_CAME,
    }
)
"""Kinds that she and whoever holds the conversation are shown alike, their author included."""

GUEST_SEES = frozenset(
    {
        EntryKind.SAID,
        EntryKind.JOINED,
        EntryKind.LEFT,
        EntryKind.HANDED,
        EntryKind.RELIEVED,
        EntryKind.GUEST_JOINED,
        EntryKind.GUEST_LEFT,
    }
)
"""Kinds that a guest is shown. What she is asked for a yes to is between her and whoever holds it, and their
supervisor."""


class Entry(Struct, frozen=True):
    """One readable entry. Lives only in the memory of a process that serves a party of this conversation."""

    seq: int
    kind: EntryKind
    role: Role
    client_id: ClientId | None = None
    text: str = ""
    at: datetime | None = None
    """When it was said, to the minute (UTC)."""
    alias: str | None = None
    """Who joined or left, or said something as a guest, by the alias of their shift."""
    organisation: str | None = None
    """Where a guest comes from, or whoever has it now; or where she had said yes to going."""


class SealedEntry(Struct, frozen=True):
    """One entry as it is stored. `body` is the ciphertext of what it says; comings and goings have none."""

    conversation: ConversationId
    seq: int
    kind: EntryKind
    role: Role
    client_id: ClientId | None
    body: bytes | None
    alias: str | None = None
    organisation: str | None = None
