# SPDX-License-Identifier: EUPL-1.2
"""What happened in a conversation, as frozen values in the past tense.

Events with a `seq` are entries that she can see; the number is gapless within the conversation.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chat.ids import ClientId, DutyId, Role, ServiceId
from chat.parts import TransferEnd
from moderation.sanctions import Unsafe


class EndReason(StrEnum):
    """Why a conversation ended, as it goes on the wire."""

    VISITOR = "visitor"
    LEFT_QUICKLY = "left_quickly"
    OPERATOR = "operator"
    EXPIRED = "expired"
    CLOSED = "closed"


class MessagePosted(Struct, frozen=True):
    """A message got its number."""

    seq: int
    role: Role
    client_id: ClientId


class ProposalPut(Struct, frozen=True):
    """She is asked for a yes."""

    seq: int
    client_id: ClientId


class ProposalTakenBack(Struct, frozen=True):
    """The question is no longer asked."""

    seq: int


class ProposalAnswered(Struct, frozen=True):
    """She has said yes or no."""

    seq: int
    client_id: ClientId


class InvitationWithdrawn(Struct, frozen=True):
    """She wants no guest any more, and none had come."""

    seq: int


class GuestJoined(Struct, frozen=True):
    """Somebody came whom she has let in. `organisation`: where they come from, as she was told."""

    seq: int
    duty: DutyId
    alias: str
    organisation: str


class GuestLeft(Struct, frozen=True):
    """The guest is gone, and her invitation with them."""

    seq: int
    duty: DutyId
    alias: str


class HandMoved(Struct, frozen=True):
    """Whoever holds it asks for a supervisor, or no longer."""


class SupervisorCame(Struct, frozen=True):
    """A supervisor of its own organisation came because a hand was raised. `organisation`: its name."""

    seq: int
    duty: DutyId
    alias: str
    organisation: str


class OperatorRelieved(Struct, frozen=True):
    """The operator is out: the supervisor who was here holds it now, under the alias `by`."""

    seq: int
    duty: DutyId
    alias: str
    by: str


class SupervisorTookOver(Struct, frozen=True):
    """The supervisor holds it from now on. She has been answered already, and was in no queue."""

    seq: int
    duty: DutyId
    alias: str


class TransferOffered(Struct, frozen=True):
    """It is offered until `until`: to one `duty`, or to whoever accepts first in `service`."""

    service: ServiceId
    duty: DutyId | None
    until: datetime


class TransferPassed(Struct, frozen=True):
    """One of several does not want it; it is still offered."""


class TransferEnded(Struct, frozen=True):
    """It is offered no more, and stays where it is.

    `seq`, `name`: she had said yes to leaving for there, and is told that she stays.
    """

    why: TransferEnd
    seq: int | None = None
    name: str = ""


class HandedOver(Struct, frozen=True):
    """Whoever held it has given it to somebody else, who comes in the same step."""

    seq: int
    duty: DutyId
    alias: str


class TakenOn(Struct, frozen=True):
    """Who has it now. `name`: where they work, as she is told; empty where that is as before."""

    seq: int
    duty: DutyId
    alias: str
    name: str
    service: ServiceId


class OperatorJoined(Struct, frozen=True):
    """An operator won the claim. `waited_since` is when this wait began."""

    seq: int
    duty: DutyId
    alias: str
    waited_since: datetime


class OperatorLeft(Struct, frozen=True):
    """The operator is gone; she stands at the front of the queue again."""

    seq: int
    duty: DutyId
    alias: str
    handed_back: bool = False
    """They gave it back, or set it aside, themselves; nobody was lost."""


class ConversationOffered(Struct, frozen=True):
    """One operator's console rings until `until`."""

    duty: DutyId
    until: datetime


class OfferLapsed(Struct, frozen=True):
    """It rang in vain."""

    duty: DutyId
    rang_out: bool = False
    """Until its time was over; else the ring was stopped before, by whatever happened there or to her."""


class VisitorWentAway(Struct, frozen=True):
    """Her socket was lost."""


class VisitorCameBack(Struct, frozen=True):
    """She is connected again."""


class VisitorReturned(Struct, frozen=True):
    """Somebody came in with her code, for the so-manieth time."""

    returns: int


class VisitorParked(Struct, frozen=True):
    """She has been away for long and can come back: it stands in no queue until then."""


class ReturnCodeTaken(Struct, frozen=True):
    """She has a code to come back with, another one than before."""


class ReturnCodeDropped(Struct, frozen=True):
    """She has no code any more: by her own wish, or because its time is over."""


class WordMoved(Struct, frozen=True):
    """The agreed word stands elsewhere."""


class MarkedAcute(Struct, frozen=True):
    """She has said that she is in danger now: nobody waits before her but others who are."""


class DangerDenied(Struct, frozen=True):
    """Asked whether she is in danger, she has said no."""


class ConversationEnded(Struct, frozen=True):
    """It is over; `answered` tells whether an operator had ever joined."""

    seq: int
    reason: EndReason
    answered: bool
    unsafe: Unsafe | None = None
    """Why staff ended it to protect themselves. It is counted, and she is told nothing of it."""


Event = (
    MessagePosted
    | ProposalPut
    | ProposalTakenBack
    | ProposalAnswered
    | InvitationWithdrawn
    | GuestJoined
    | GuestLeft
    | TransferOffered
    | TransferPassed
    | TransferEnded
    | HandedOver
    | TakenOn
    | HandMoved
    | SupervisorCame
    | OperatorRelieved
    | SupervisorTookOver
    | OperatorJoined
    | OperatorLeft
    | ConversationOffered
    | OfferLapsed
    | VisitorWentAway
    | VisitorCameBack
    | VisitorReturned
    | VisitorParked
    | ReturnCodeTaken
    | ReturnCodeDropped
    | WordMoved
    | MarkedAcute
    | DangerDenied
    | ConversationEnded
)
