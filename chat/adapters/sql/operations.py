# SPDX-License-Identifier: EUPL-1.2
"""What can be asked of the group commit, as frozen values.

Each is one caller's wish, stored whole or refused alone. Knows no statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from chat.conversation import Conversation, Phase
from chat.counted import Count
from chat.entries import SealedEntry
from chat.ids import ConversationId, DutyId
from chat.ports import Change, VisitorKey


@dataclass(frozen=True, slots=True)
class Create:
    """Store a new conversation at version 0."""

    conversation: Conversation
    visitor_key: VisitorKey
    deadline: datetime | None
    wraps: Mapping[DutyId, bytes]
    intake: SealedEntry | None
    counts: Sequence[Count]


@dataclass(frozen=True, slots=True)
class Step:
    """Store one step of a conversation."""

    change: Change

    @property
    def makes_room(self) -> bool:
        """Whether everything of the conversation is deleted with it."""
        return self.change.conversation.phase is Phase.ENDED


class Append(Struct, frozen=True):
    """Store messages of one conversation, which changes in nothing else. There is at least one."""

    entries: Sequence[SealedEntry]
    expected: int


@dataclass(frozen=True, slots=True)
class AddWraps:
    """Add or replace wraps of a conversation's key."""

    conversation: ConversationId
    wraps: Mapping[DutyId, bytes]


@dataclass(frozen=True, slots=True)
class Renew:
    """Replace what her token opens, if that is what it was."""

    conversation: ConversationId
    visitor_key: VisitorKey
    instead_of: bytes


@dataclass(frozen=True, slots=True)
class AddCounts:
    """Add to counters."""

    counts: Sequence[Count]


Operation = Create | Step | Append | AddWraps | Renew | AddCounts


def counts_of(operation: Operation) -> Sequence[Count]:
    """Return what an operation adds to counters, whose rows all conversations of a service share."""
    match operation:
        case Create(counts=counts) | AddCounts(counts=counts):
            return counts
        case Step(change):
            return change.counts
        case _:
            return ()


def concerned(operation: Operation) -> ConversationId | None:
    """Return which stored conversation an operation is about, if any."""
    match operation:
        case Append(entries):
            return entries[0].conversation
        case Step(change):
            return change.conversation.id
        case AddWraps(conversation) | Renew(conversation):
            return conversation
        case Create() | AddCounts():
            return None
