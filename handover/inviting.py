# SPDX-License-Identifier: EUPL-1.2
"""Her yes or no to a guest: somebody of a receiver's own chat comes into the conversation (a warm handover).

Owns the question that is put to her and the machine of her answer. `GuestGrant` is made here and nowhere
else, so that nobody can be let in without her yes. Knows no conversation, no key and no store; time comes
with each call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from handover.border import Border
from handover.consent import ConsentState, Offer, Propose, Replace, Retract, Sender, Yes
from handover.errors import Incomplete, NoPartnership, NoticeOutdated, TooLate
from handover.ids import ReceiverId
from handover.receivers import Receiver


class Invitation(Struct, frozen=True, kw_only=True, tag="warm"):
    """What is put to her: who would come, what she should know of them, and who asks."""

    offer: Offer
    """The receiver; `organisation` is the one that whoever comes works for, the notice is about its chat."""
    asked_by: str
    """The alias of the shift."""
    sender: str
    """The organisation that she is talking to, by name."""
    language: str
    routine: str = ""


class AnswerInvitation(Struct, frozen=True):
    """She answers; `yes` is None for a no. `history`: they may read what was written before they came."""

    yes: Yes | None
    history: bool = False


@dataclass(frozen=True, slots=True)
class Host:
    """The service whose on-duty operators may come for a receiver, and the organisation that runs it."""

    service: ServiceId
    organisation: OrganisationId


_ONLY_HERE: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestGrant:
    """Her yes to one guest, and what it covers. Only `Inviting` makes one.

    Raises:
        TypeError: somebody else tries to make one.
    """

    service: ServiceId
    name: str
    """Where the guest comes from, as she was told."""
    history: bool
    made_by: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a grant that nobody has given."""
        if self.made_by is not _ONLY_HERE:
            raise TypeError("only the consent machine hands out a grant")


Command = Propose | AnswerInvitation | Retract | Replace


@dataclass(frozen=True, slots=True)
class Inviting:
    """One question to her: frozen, moved on only by `receive`."""

    sender: Sender
    invitation: Invitation
    host: Host
    state: ConsentState = ConsentState.DRAFTED

    def receive(self, command: Command, now: datetime, border: Border) -> tuple[Inviting, GuestGrant | None]:
        """Carry out `command` at `now`; return the next state and the grant that it gives, if it gives one.

        Raises:
            TooLate: the state knows no such move: it is answered, taken back or replaced.
            Incomplete, TracksMeet, NoPartnership: it may not be put to her, as `checked` says; or a yes lacks
                what it needs.
            NoticeOutdated: she was shown another text about the receiver's chat.
        """
        move = TRANSITIONS.get((self.state, type(command)))
        if move is None:
            raise TooLate
        return move(self, command, now, border)


def checked(sender: Sender, receiver: ReceiverId, host: Host, now: datetime, border: Border) -> Receiver:
    """Return the receiver from whose chat somebody may come.

    Raises:
        Incomplete: there is no such receiver, or `host` is not its chat.
        TracksMeet: it is of the other track.
        NoPartnership: no agreement is in force with the receiver's organisation, or with the one that runs
            its chat.
    """
    today = local_day(now)
    found = border.check(sender.organisation, sender.track, receiver, today)
    if found.chat != host.service:
        raise Incomplete
    if not border.is_open(sender.organisation, host.organisation, today):
        raise NoPartnership
    return found


_Moved = tuple[Inviting, GuestGrant | None]


def _propose(inviting: Inviting, _command: Propose, now: datetime, border: Border) -> _Moved:
    checked(inviting.sender, inviting.invitation.offer.receiver, inviting.host, now, border)
    return replace(inviting, state=ConsentState.PROPOSED), None


def _answer(inviting: Inviting, command: AnswerInvitation, now: datetime, border: Border) -> _Moved:
    yes, offer = command.yes, inviting.invitation.offer
    if yes is None:
        return replace(inviting, state=ConsentState.DECLINED), None
    if yes.receiver != offer.receiver:
        raise Incomplete
    receiver = checked(inviting.sender, yes.receiver, inviting.host, now, border)
    if not yes.notice == offer.notice_version == receiver.chat_version:
        raise NoticeOutdated
    if not _is_whole(yes, offer):
        raise Incomplete
    grant = GuestGrant(
        service=inviting.host.service,
        name=offer.organisation,
        history=command.history,
        made_by=_ONLY_HERE,
    )
    return replace(inviting, state=ConsentState.GRANTED), grant


def _is_whole(yes: Yes, offer: Offer) -> bool:
    """Tell whether a yes has each consent that it needs, and none for what nobody asks of her here."""
    return (
        yes.secrecy
        and yes.police is offer.police
        and not (yes.items or yes.measure or yes.identity or yes.coordinate)
    )


def _retract(inviting: Inviting, _command: Retract, _now: datetime, _border: Border) -> _Moved:
    return replace(inviting, state=ConsentState.RETRACTED), None


def _replace(inviting: Inviting, _command: Replace, _now: datetime, _border: Border) -> _Moved:
    return replace(inviting, state=ConsentState.REPLACED), None


TRANSITIONS: Final[
    dict[tuple[ConsentState, type[Command]], Callable[[Inviting, Any, datetime, Border], _Moved]]
] = {
    (ConsentState.DRAFTED, Propose): _propose,
    (ConsentState.PROPOSED, AnswerInvitation): _answer,
    (ConsentState.PROPOSED, Retract): _retract,
    (ConsentState.PROPOSED, Replace): _replace,
}
"""Every legal move. What is absent is illegal: `receive` raises and changes nothing."""
