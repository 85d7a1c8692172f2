# SPDX-License-Identifier: EUPL-1.2
"""What can be asked of a conversation, as frozen values.

Imperative names. Text never travels in a command: the conversation decides that a message may be said, not
what it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat.ids import ClientId, DutyId


@dataclass(frozen=True, slots=True)
class PostVisitorMessage:
    """She says something."""

    client_id: ClientId


@dataclass(frozen=True, slots=True)
class PostOperatorMessage:
    """The operator who holds the conversation says something."""

    duty: DutyId
    client_id: ClientId


@dataclass(frozen=True, slots=True)
class Offer:
    """Ring one operator (offer mode)."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class Claim:
    """An operator accepts the conversation."""

    duty: DutyId
    alias: str


@dataclass(frozen=True, slots=True)
class NoteVisitorPresent:
    """She has a socket."""


@dataclass(frozen=True, slots=True)
class NoteVisitorAway:
    """Her socket is lost."""


@dataclass(frozen=True, slots=True)
class NoteOperatorPresent:
    """The operator who holds it has a socket."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class NoteOperatorAway:
    """The socket of the operator who holds it is lost."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class ReturnToQueue:
    """The operator cannot go on (signed out, revoked): she goes to the front of the queue."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class LeaveConversation:
    """She ends it; `quickly` when she used the quick exit."""

    quickly: bool = False


@dataclass(frozen=True, slots=True)
class EndConversation:
    """The operator who holds it ends it."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class CloseConversation:
    """The service closes it (it can no longer be served at all)."""


@dataclass(frozen=True, slots=True)
class LetTimePass:
    """Do what the deadlines say for this moment; nothing happens before one is due."""


Command = (
    PostVisitorMessage
    | PostOperatorMessage
    | Offer
    | Claim
    | NoteVisitorPresent
    | NoteVisitorAway
    | NoteOperatorPresent
    | NoteOperatorAway
    | ReturnToQueue
    | LeaveConversation
    | EndConversation
    | CloseConversation
    | LetTimePass
)
