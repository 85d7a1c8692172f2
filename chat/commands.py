# SPDX-License-Identifier: EUPL-1.2
"""What can be asked of a conversation, as frozen values.

Imperative names. Text never travels in a command: the conversation decides that a message may be said, not
what it says.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from chat.ids import ClientId, DutyId, OrganisationId, ServiceId, Track
from chat.parts import WordState
from moderation.sanctions import Unsafe


class PostVisitorMessage(Struct, frozen=True):
    """She says something."""

    client_id: ClientId


class PostOperatorMessage(Struct, frozen=True):
    """The operator who holds the conversation says something."""

    duty: DutyId
    client_id: ClientId


class PutProposal(Struct, frozen=True):
    """The operator who holds it asks her for a yes, in the place of what she has not answered yet."""

    duty: DutyId
    client_id: ClientId


class TakeBackProposal(Struct, frozen=True):
    """The operator who holds it takes the question back."""

    duty: DutyId


class Invites(Struct, frozen=True):
    """Whom her yes lets in: one operator of `service`, who comes from `name` as she was told.

    `history`: they may read what was written before they came.
    """

    service: ServiceId
    name: str
    history: bool


class Target(Struct, frozen=True):
    """To whom a conversation is offered: one `duty`, or None for whoever accepts first in `service`.

    `name`: where they work, as she is told; empty where that stays the same. `alias`: that of the one duty.
    """

    service: ServiceId
    organisation: OrganisationId
    track: Track
    name: str = ""
    duty: DutyId | None = None
    alias: str = ""


class Moves(Struct, frozen=True):
    """What her yes offers to another organisation. `history`: they may read what was written before."""

    target: Target
    history: bool


class AnswerProposal(Struct, frozen=True):
    """She says yes or no to the question with this seq; a yes may let a guest in, or offer to move her."""

    client_id: ClientId
    proposal: int
    invites: Invites | None = None
    yes: bool = True
    moves: Moves | None = None


class OfferTransfer(Struct, frozen=True):
    """Whoever holds it offers it to somebody else in the same organisation."""

    duty: DutyId
    target: Target


class AcceptTransfer(Struct, frozen=True):
    """An operator to whom it is offered takes it, under an alias."""

    duty: DutyId
    alias: str


class DeclineTransfer(Struct, frozen=True):
    """An operator to whom it is offered does not want it. `last`: nobody else is there who could."""

    duty: DutyId
    last: bool = True


class TakeBackTransfer(Struct, frozen=True):
    """Whoever holds it keeps it after all."""

    duty: DutyId


class LoseTransferTarget(Struct, frozen=True):
    """Nobody is on duty any more whom the offer of this moment could reach."""

    offered_at: datetime


class WithdrawInvitation(Struct, frozen=True):
    """She wants no guest any more."""


class JoinAsGuest(Struct, frozen=True):
    """An operator of the invited service comes."""

    duty: DutyId
    alias: str


class LeaveAsGuest(Struct, frozen=True):
    """The guest goes: by their own wish, or because they cannot go on."""

    duty: DutyId


class PostGuestMessage(Struct, frozen=True):
    """The guest says something."""

    duty: DutyId
    client_id: ClientId


class NoteGuestPresent(Struct, frozen=True):
    """The guest has a socket."""

    duty: DutyId


class NoteGuestAway(Struct, frozen=True):
    """The socket of the guest is lost."""

    duty: DutyId


class RaiseHand(Struct, frozen=True):
    """The operator who holds it asks for a supervisor."""

    duty: DutyId


class LowerHand(Struct, frozen=True):
    """The operator who holds it asks for a supervisor no longer."""

    duty: DutyId


class JoinAsSupervisor(Struct, frozen=True):
    """A supervisor comes where a hand is up. `organisation`: its name, as she is told it."""

    duty: DutyId
    alias: str
    organisation: str


class TakeOver(Struct, frozen=True):
    """The supervisor who is here holds it from now on."""

    duty: DutyId


class TakeReturnCode(Struct, frozen=True):
    """She takes a code to come back with, which opens nothing from `until` on."""

    until: datetime


class DropReturnCode(Struct, frozen=True):
    """She wants no code any more."""


class ComeBack(Struct, frozen=True):
    """Somebody comes in with her code; from now on another one counts, until `until`."""

    until: datetime


class OfferWord(Struct, frozen=True):
    """The operator who holds it asks her to choose a word."""

    duty: DutyId


class TakeBackWord(Struct, frozen=True):
    """The operator takes the question about a word back, before she has answered it."""

    duty: DutyId


class ChooseWord(Struct, frozen=True):
    """She has chosen a word, or wants none."""

    chosen: bool


class AskForWord(Struct, frozen=True):
    """The operator who holds it asks for the word."""

    duty: DutyId


class TellWord(Struct, frozen=True):
    """She has told a word: what comes of it."""

    came_of_it: WordState


class SetAside(Struct, frozen=True):
    """The operator who holds it lets go of it while she is away: it waits for her in no queue."""

    duty: DutyId


class MarkAcute(Struct, frozen=True):
    """She says that she is in danger now."""


class DenyDanger(Struct, frozen=True):
    """Asked whether she is in danger, she says no."""


class Offer(Struct, frozen=True):
    """Ring one operator (offer mode)."""

    duty: DutyId


class Claim(Struct, frozen=True):
    """An operator accepts the conversation."""

    duty: DutyId
    alias: str


class NoteVisitorPresent(Struct, frozen=True):
    """She has a socket. `seat`: its name, where other processes must know it."""

    seat: str | None = None


class NoteVisitorAway(Struct, frozen=True):
    """Her socket is lost."""


class NoteOperatorPresent(Struct, frozen=True):
    """The operator who holds it has a socket."""

    duty: DutyId


class NoteOperatorAway(Struct, frozen=True):
    """The socket of the operator who holds it is lost."""

    duty: DutyId


class ReturnToQueue(Struct, frozen=True):
    """The operator cannot go on (signed out, revoked): she goes to the front of the queue."""

    duty: DutyId


class HandBack(Struct, frozen=True):
    """The operator who holds it cannot go on: she goes to the front of the queue, and is told."""

    duty: DutyId


class StopRinging(Struct, frozen=True):
    """The console that rings is gone: ring another one."""

    duty: DutyId


class LeaveConversation(Struct, frozen=True):
    """She ends it; `quickly` when she used the quick exit."""

    quickly: bool = False


class EndConversation(Struct, frozen=True):
    """The operator who holds it ends it; `unsafe`: why, to protect themselves."""

    duty: DutyId
    unsafe: Unsafe | None = None


class CloseConversation(Struct, frozen=True):
    """The service closes it (it can no longer be served at all)."""


class LetTimePass(Struct, frozen=True):
    """Do what the deadlines say for this moment; nothing happens before one is due."""


Command = (
    PostVisitorMessage
    | PostOperatorMessage
    | PutProposal
    | TakeBackProposal
    | AnswerProposal
    | WithdrawInvitation
    | OfferTransfer
    | AcceptTransfer
    | DeclineTransfer
    | TakeBackTransfer
    | LoseTransferTarget
    | JoinAsGuest
    | LeaveAsGuest
    | PostGuestMessage
    | NoteGuestPresent
    | NoteGuestAway
    | RaiseHand
    | LowerHand
    | JoinAsSupervisor
    | TakeOver
    | TakeReturnCode
    | DropReturnCode
    | ComeBack
    | OfferWord
    | TakeBackWord
    | ChooseWord
    | AskForWord
    | TellWord
    | SetAside
    | MarkAcute
    | DenyDanger
    | Offer
    | Claim
    | NoteVisitorPresent
    | NoteVisitorAway
    | NoteOperatorPresent
    | NoteOperatorAway
    | ReturnToQueue
    | HandBack
    | StopRinging
    | LeaveConversation
    | EndConversation
    | CloseConversation
    | LetTimePass
)
