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
    PROPOSED = "proposed"
    """She is asked for a yes; the text is the whole question."""
    TAKEN_BACK = "taken_back"
    ANSWERED = "answered"
    """She has said yes or no; the text is her answer, for both to see."""


BOTH_SEE = frozenset({EntryKind.PROPOSED, EntryKind.TAKEN_BACK, EntryKind.ANSWERED})
"""Kinds that both parties are shown alike, their author included."""


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
    """Who joined or left, by the alias of their shift."""


class SealedEntry(Struct, frozen=True):
    """One entry as it is stored. `body` is the ciphertext of what it says; comings and goings have none."""

    conversation: ConversationId
    seq: int
    kind: EntryKind
    role: Role
    client_id: ClientId | None
    body: bytes | None
    alias: str | None = None
