# SPDX-License-Identifier: EUPL-1.2
"""What happened in a conversation, as frozen values in the past tense.

Events with a `seq` are entries that she can see; the number is gapless within the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chat.ids import ClientId, DutyId, Role


class EndReason(StrEnum):
    """Why a conversation ended, as it goes on the wire."""

    VISITOR = "visitor"
    LEFT_QUICKLY = "left_quickly"
    OPERATOR = "operator"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message got its number."""

    seq: int
    role: Role
    client_id: ClientId


@dataclass(frozen=True, slots=True)
class OperatorJoined:
    """An operator won the claim. `waited_since` is when this wait began."""

    seq: int
    duty: DutyId
    alias: str
    waited_since: datetime


@dataclass(frozen=True, slots=True)
class OperatorLeft:
    """The operator is gone; she stands at the front of the queue again."""

    seq: int
    duty: DutyId
    alias: str


@dataclass(frozen=True, slots=True)
class ConversationOffered:
    """One operator's console rings until `until`."""

    duty: DutyId
    until: datetime


@dataclass(frozen=True, slots=True)
class OfferLapsed:
    """It rang in vain."""

    duty: DutyId


@dataclass(frozen=True, slots=True)
class VisitorWentAway:
    """Her socket was lost."""


@dataclass(frozen=True, slots=True)
class VisitorCameBack:
    """She is connected again."""


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """It is over; `answered` tells whether an operator had ever joined."""

    seq: int
    reason: EndReason
    answered: bool


Event = (
    MessagePosted
    | OperatorJoined
    | OperatorLeft
    | ConversationOffered
    | OfferLapsed
    | VisitorWentAway
    | VisitorCameBack
    | ConversationEnded
)
