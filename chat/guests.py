# SPDX-License-Identifier: EUPL-1.2
"""A third one in a conversation: whoever she has let in beside her operator (a warm handover).

Owns what an invitation and a guest are, and the moves that only a guest makes. A guest comes with her yes
alone and goes with whoever holds the conversation: a guest never has it to themselves. Knows no text.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from chat import commands, events, transferring
from chat.catalogue import Deadlines
from chat.errors import LostClaim, NotAllowed, NotNow
from chat.events import Event
from chat.ids import DutyId, Role, ServiceId

if TYPE_CHECKING:
    from chat.conversation import Conversation


class Invitation(Struct, frozen=True):
    """Whom she has let in: one on-duty operator of `service`. It is used up when that one leaves."""

    service: ServiceId
    name: str
    """Where they come from, as she was told."""
    history: bool
    """They may read what was written before they came."""
    at: datetime


class Guest(Struct, frozen=True):
    """Who came. They may read what comes after the entry `after`."""

    duty: DutyId
    alias: str
    after: int
    away_since: datetime | None = None


_Moved = tuple["Conversation", tuple[Event, ...]]


def invited(state: Conversation, invites: commands.Invites, now: datetime) -> Conversation:
    """Return the conversation with her invitation; an earlier one that nobody has taken is gone.

    Raises:
        NotNow: nobody holds it, a guest is there already, or it is offered to somebody else.
    """
    is_offered = transferring.offered(state) is not None
    if state.holder is None or state.guest is not None or is_offered:
        raise NotNow
    return replace(state, invitation=Invitation(invites.service, invites.name, invites.history, at=now))


def join(state: Conversation, command: commands.JoinAsGuest, now: datetime, deadlines: Deadlines) -> _Moved:
    """Let an operator of the invited service in; the first one who comes."""
    if state.guest is not None:
        raise LostClaim(state.guest.alias)
    if state.invitation is None or command.duty == state.operator:
        raise NotAllowed
    seq = state.seq + 1
    # What whoever holds it may not read is not theirs to show.
    after = state.reads_after if state.invitation.history else seq
    guest = Guest(command.duty, command.alias, after=after)
    came = events.GuestJoined(seq, guest.duty, guest.alias, state.invitation.name)
    return replace(state, seq=seq, guest=guest), (came,)


def post(
    state: Conversation, command: commands.PostGuestMessage, now: datetime, deadlines: Deadlines
) -> _Moved:
    """A guest says something."""
    _is_guest(state, command.duty)
    seq = state.seq + 1
    return replace(state, seq=seq), (events.MessagePosted(seq, Role.GUEST, command.client_id),)


def leave(state: Conversation, command: commands.LeaveAsGuest, now: datetime, deadlines: Deadlines) -> _Moved:
    """A guest goes."""
    _is_guest(state, command.duty)
    return seen_off(state)


def withdraw(
    state: Conversation, command: commands.WithdrawInvitation, now: datetime, deadlines: Deadlines
) -> _Moved:
    """She takes back her yes: whoever came goes, nobody else comes, and she goes nowhere."""
    if state.guest is not None:
        return seen_off(state)
    return uninvited(state) if state.invitation is not None else transferring.withdrawn(state)


def uninvited(state: Conversation) -> _Moved:
    """Return the conversation without the invitation that nobody has taken, and what there is to tell."""
    seq = state.seq + 1
    return replace(state, seq=seq, invitation=None), (events.InvitationWithdrawn(seq),)


def present(
    state: Conversation, command: commands.NoteGuestPresent, now: datetime, deadlines: Deadlines
) -> _Moved:
    """A guest has a socket."""
    guest = _is_guest(state, command.duty)
    return replace(state, guest=replace(guest, away_since=None)), ()


def away(state: Conversation, command: commands.NoteGuestAway, now: datetime, deadlines: Deadlines) -> _Moved:
    """A guest has lost their socket."""
    guest = _is_guest(state, command.duty)
    if guest.away_since is not None:
        return state, ()
    return replace(state, guest=replace(guest, away_since=now)), ()


def lost_at(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when a guest without a socket is taken for gone."""
    guest = state.guest
    if guest is None or guest.away_since is None:
        return None
    return guest.away_since + deadlines.operator_lost


def seen_off(state: Conversation) -> _Moved:
    """Return the conversation without guest and invitation, and what there is to tell of it."""
    guest = state.guest
    if guest is None:
        return replace(state, invitation=None), ()
    seq = state.seq + 1
    alone = replace(state, seq=seq, guest=None, invitation=None)
    return alone, (events.GuestLeft(seq, guest.duty, guest.alias),)


def _is_guest(state: Conversation, duty: DutyId) -> Guest:
    if state.guest is None or state.guest.duty != duty:
        raise NotAllowed
    return state.guest
