# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no: what is put to her, what she answers, and what that allows.

Owns the consent machine. `ConsentGrant` is made here and nowhere else, so that whatever asks for one cannot
be reached without her yes. Knows no text of the interface, no key and no store; time comes with each call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from chat.hours import local_day
from chat.ids import OrganisationId, Track
from handover.border import Border
from handover.errors import Incomplete, NoticeOutdated, TooLate
from handover.ids import ReceiverId
from handover.items import IDENTITY, Content, Item
from handover.receivers import ReceivedAt

TIME_TO_OPEN: Final = timedelta(days=14)
"""A receiver has this long to open what it was sent; her yes ends with it."""

MOST_RECEIVERS: Final = 6


class Offer(Struct, frozen=True, kw_only=True):
    """One receiver, exactly as she is shown it."""

    receiver: ReceiverId
    name: str
    organisation: str
    language: str
    notice: tuple[str, ...]
    notice_version: str
    hours: str
    police: bool = False
    received_at: ReceivedAt = ReceivedAt.OPENING
    may_coordinate: bool = False


class Proposal(Struct, frozen=True, kw_only=True, tag="handover"):
    """What is put to her: the items as they stand, each receiver, and why."""

    content: Content
    """Never with `IDENTITY` items: those are hers to write."""
    offers: Annotated[tuple[Offer, ...], Meta(min_length=1, max_length=MOST_RECEIVERS)]
    purpose: str
    asked_by: str
    """The alias of the shift."""
    sender: str
    """The organisation that she is talking to, by name."""
    language: str
    track: Track
    routine: str = ""
    """The version of the sender's routine that this follows."""


class Yes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Her yes to one receiver. Everything is off until she says otherwise."""

    receiver: ReceiverId
    notice: str
    """The version of the receiver's notice that she was shown."""
    items: Annotated[tuple[Item, ...], Meta(max_length=len(Item))]
    secrecy: bool = False
    """The sender may tell it: she waives its secrecy, or its promise of silence, for this."""
    data: bool = False
    """Explicit consent to handling these data about her, in order to send them."""
    measure: bool = False
    """She wishes that the receiver does something. Not needed in order to send."""
    police: bool = False
    """She knows that police work there."""
    identity: bool = False
    """The items that tell who she is may go too."""
    coordinate: bool = False
    """It may see who else got something, and how that goes, and hold the contact list."""


class Decision(Struct, frozen=True, kw_only=True):
    """Her answer: the items as she wants them, and each yes. Without any it is a no."""

    content: Content
    yes: Annotated[tuple[Yes, ...], Meta(max_length=MOST_RECEIVERS)] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """Where she is talking: the organisation and track of the conversation."""

    organisation: OrganisationId
    track: Track


# --- what a yes allows --------------------------------------------------------------------------------------

_ONLY_HERE: Final = object()


class ConsentRecord(Struct, frozen=True, kw_only=True):
    """What she said yes to, for one receiver: everything that must be provable afterwards.

    It travels with the ticket. `digest_of` it and of the content is what was shown to her at the moment of
    her yes; the digest alone is kept beside the sealed ticket, so that neither can be changed unseen.
    """

    offer: Offer
    """The receiver with the very text, its version and its language."""
    yes: Yes
    purpose: str
    asked_by: str
    sender: str
    routine: str
    language: str
    track: Track
    """Whether she lives with violence, or uses it: the same word means another thing."""
    given_at: datetime
    open_by: datetime
    identity_shared: bool


def exact_form(record: ConsentRecord, content: Content) -> bytes:
    """Return what she saw and answered in its one exact form: JSON with sorted keys."""
    return msgspec.json.encode({"consent": record, "content": content}, order="sorted")


def digest_of(record: ConsentRecord, content: Content) -> str:
    """Return the SHA-256 of the exact form, in hexadecimal."""
    return hashlib.sha256(exact_form(record, content)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGrant:
    """Her yes to one receiver, with everything it covers and nothing else. Only `Consent` makes one.

    Raises:
        TypeError: somebody else tries to make one.
    """

    receiver: ReceiverId
    organisation: OrganisationId
    track: Track
    sender: OrganisationId
    content: Content
    record: ConsentRecord
    shown: str
    """`digest_of` the record and the content."""
    made_by: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a grant that nobody has given."""
        if self.made_by is not _ONLY_HERE:
            raise TypeError("only the consent machine hands out a grant")


# --- the machine --------------------------------------------------------------------------------------------


class ConsentState(StrEnum):
    """Where a question to her stands."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    GRANTED = "granted"
    DECLINED = "declined"
    RETRACTED = "retracted"
    """Whoever asked took it back before she answered."""
    REPLACED = "replaced"
    """Another proposal lies on the table."""


class Propose(Struct, frozen=True):
    """Put it to her."""


class Answer(Struct, frozen=True):
    """She answers."""

    decision: Decision


class Retract(Struct, frozen=True):
    """Take it back."""


class Replace(Struct, frozen=True):
    """Another one takes its place."""


Command = Propose | Answer | Retract | Replace


@dataclass(frozen=True, slots=True)
class Consent:
    """One question to her: frozen, moved on only by `receive`."""

    sender: Sender
    proposal: Proposal
    state: ConsentState = ConsentState.DRAFTED

    def receive(
        self, command: Command, now: datetime, border: Border
    ) -> tuple[Consent, tuple[ConsentGrant, ...]]:
        """Carry out `command` at `now`; return the next state and the grants that it gives.

        Raises:
            TooLate: the state knows no such move: it is answered, taken back or replaced.
            Incomplete, TracksMeet, NoPartnership, NoticeOutdated: as `Border.check` and `_granted` say.
        """
        move = TRANSITIONS.get((self.state, type(command)))
        if move is None:
            raise TooLate
        return move(self, command, now, border)


_Moved = tuple[Consent, tuple[ConsentGrant, ...]]


def _propose(consent: Consent, _command: Propose, now: datetime, border: Border) -> _Moved:
    proposal = consent.proposal
    if not proposal.purpose.strip() or not proposal.content.items():
        raise Incomplete
    if not IDENTITY.isdisjoint(proposal.content.items()):
        raise Incomplete
    names = [offer.receiver for offer in proposal.offers]
    if len(set(names)) < len(names):
        raise Incomplete
    for name in names:
        border.check(consent.sender.organisation, consent.sender.track, name, local_day(now))
    return replace(consent, state=ConsentState.PROPOSED), ()


def _answer(consent: Consent, command: Answer, now: datetime, border: Border) -> _Moved:
    decision = command.decision
    if not decision.yes:
        return replace(consent, state=ConsentState.DECLINED), ()
    if len({yes.receiver for yes in decision.yes}) < len(decision.yes):
        raise Incomplete
    if sum(yes.coordinate for yes in decision.yes) > 1:
        raise Incomplete
    grants = tuple(_granted(consent, decision, yes, now, border) for yes in decision.yes)
    return replace(consent, state=ConsentState.GRANTED), grants


def _granted(consent: Consent, decision: Decision, yes: Yes, now: datetime, border: Border) -> ConsentGrant:
    proposal, sender = consent.proposal, consent.sender
    offer = next((each for each in proposal.offers if each.receiver == yes.receiver), None)
    if offer is None:
        raise Incomplete
    receiver = border.check(sender.organisation, sender.track, yes.receiver, local_day(now))
    if not yes.notice == offer.notice_version == receiver.notice_version:
        raise NoticeOutdated
    items = frozenset(yes.items)
    if not items or not items <= decision.content.items() or not _is_whole(yes, offer, items):
        raise Incomplete
    _check_messages(proposal.content, decision.content)
    content = decision.content.only(items)
    minute = now.replace(second=0, microsecond=0)
    record = ConsentRecord(
        offer=offer,
        yes=yes,
        purpose=proposal.purpose,
        asked_by=proposal.asked_by,
        sender=proposal.sender,
        routine=proposal.routine,
        language=proposal.language,
        track=sender.track,
        given_at=minute,
        open_by=minute + TIME_TO_OPEN,
        identity_shared=not IDENTITY.isdisjoint(items),
    )
    return ConsentGrant(
        receiver=receiver.id,
        organisation=receiver.organisation,
        track=receiver.track,
        sender=sender.organisation,
        content=content,
        record=record,
        shown=digest_of(record, content),
        made_by=_ONLY_HERE,
    )


def _is_whole(yes: Yes, offer: Offer, items: frozenset[Item]) -> bool:
    """Tell whether a yes has each consent that it needs, and none for nothing."""
    tells_who = not IDENTITY.isdisjoint(items)
    return (
        yes.secrecy
        and yes.data
        and yes.police is offer.police
        and yes.identity is tells_who
        and (offer.may_coordinate or not yes.coordinate)
    )


def _check_messages(proposed: Content, approved: Content) -> None:
    """She may leave out messages that were proposed; nothing can be added or changed in their place."""
    known = {message.seq: message for message in proposed.messages}
    if any(known.get(message.seq) != message for message in approved.messages):
        raise Incomplete


def _retract(consent: Consent, _command: Retract, _now: datetime, _border: Border) -> _Moved:
    return replace(consent, state=ConsentState.RETRACTED), ()


def _replace(consent: Consent, _command: Replace, _now: datetime, _border: Border) -> _Moved:
    return replace(consent, state=ConsentState.REPLACED), ()


TRANSITIONS: Final[
    dict[tuple[ConsentState, type[Command]], Callable[[Consent, Any, datetime, Border], _Moved]]
] = {
    (ConsentState.DRAFTED, Propose): _propose,
    (ConsentState.PROPOSED, Answer): _answer,
    (ConsentState.PROPOSED, Retract): _retract,
    (ConsentState.PROPOSED, Replace): _replace,
}
"""Every legal move. What is absent is illegal: `receive` raises and changes nothing."""
