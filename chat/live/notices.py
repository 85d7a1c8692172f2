# SPDX-License-Identifier: EUPL-1.2
"""What the chat tells the sockets, as domain values.

Owns the notices and the `Party` protocol. Notices never go out as they are: each side of `web/` projects them
to its own frames. Knows no frame and no socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.entries import Entry
from chat.events import EndReason
from chat.ids import ClientId, ConversationId, ServiceId


@dataclass(frozen=True, slots=True)
class Welcomed:
    """She has a seat. `seq` is the head of what she can see; the entries she asked for follow."""

    token: str
    service: ServiceId
    phase: Phase
    seq: int


@dataclass(frozen=True, slots=True)
class QueueMoved:
    """How many are before her, and the range of waiting in minutes (None: nobody can know)."""

    ahead: int
    wait: tuple[int, int] | None
    here: bool
    """Whether anybody is on duty."""


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry of a conversation, in order."""

    conversation: ConversationId
    entry: Entry


@dataclass(frozen=True, slots=True)
class MessageStored:
    """The author's own message is durable."""

    conversation: ConversationId
    client_id: ClientId
    seq: int


@dataclass(frozen=True, slots=True)
class PeerTyping:
    """The other party is writing."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True)
class VisitorPresence:
    """To the operator: whether she has a socket."""

    conversation: ConversationId
    connected: bool


@dataclass(frozen=True, slots=True)
class ConversationOver:
    """It ended. Nothing follows."""

    conversation: ConversationId
    seq: int
    reason: EndReason


@dataclass(frozen=True, slots=True)
class ConversationLost:
    """To the operator: it went back to the queue."""

    conversation: ConversationId
    seq: int


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """To the operator: it is theirs. Not readable while no process at hand holds the key."""

    conversation: Conversation
    entries: tuple[Entry, ...]
    readable: bool
    intake: str | None
    """Her answers before the start, as they were sealed (JSON)."""


@dataclass(frozen=True, slots=True)
class DeskReady:
    """To the operator: connected; these conversations are theirs already."""

    held: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class DutyNoted:
    """To the operator: the duty as it stands. None: not on duty."""

    duty: Duty | None


@dataclass(frozen=True, slots=True)
class WaitingListed:
    """To the operator: the whole waiting list of the services on duty, in order."""

    conversations: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Another connection sits here now."""


@dataclass(frozen=True, slots=True)
class SignInRevoked:
    """The staff sign-in is no longer valid."""


Notice = (
    Welcomed
    | QueueMoved
    | EntryShown
    | MessageStored
    | PeerTyping
    | VisitorPresence
    | ConversationOver
    | ConversationLost
    | ConversationOpened
    | DeskReady
    | DutyNoted
    | WaitingListed
    | TakenOver
    | SignInRevoked
)


class Party(Protocol):
    """One connected socket, as the chat sees it."""

    def deliver(self, notice: Notice) -> None:
        """Take a notice; never block and never raise. Whoever cannot keep up is dropped by its socket."""
