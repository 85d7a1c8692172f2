# SPDX-License-Identifier: EUPL-1.2
"""A third one in a conversation: whom she has let in beside her operator (a warm handover), or a supervisor.

Owns what an invitation and a guest are, and the moves that only a guest makes. A guest comes with her yes
alone, or as the supervisor of the same organisation (`hands.py`), and goes with whoever holds the
conversation: a guest never has it to themselves. Knows no text.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.conversation import Conversation, Moved
from chat.errors import LostClaim, NotAllowed, NotNow
from chat.ids import DutyId, Role
from chat.moves import transferring
from chat.parts import Guest, Invitation


def invited(state: Conversation, invites: commands.Invites, now: datetime) -> Conversation:
    """Return the conversation with her invitation; an earlier one that nobody has taken is gone.

    There is one seat for both: a hand that is up is down again.

    Raises:
        NotNow: nobody holds it, a guest is there already, or it is offered to somebody else.
    """
    is_offered = transferring.offered(state) is not None
    if state.holder is None or state.guest is not None or is_offered:
        raise NotNow
    invitation = Invitation(invites.service, invites.name, invites.history, at=now)
    return replace(state, invitation=invitation, hand_since=None)


def join(state: Conversation, command: commands.JoinAsGuest, now: datetime, deadlines: Deadlines) -> Moved:
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
) -> Moved:
    """A guest says something."""
    seated(state, command.duty)
    seq = state.seq + 1
    return replace(state, seq=seq), (events.MessagePosted(seq, Role.GUEST, command.client_id),)


def leave(state: Conversation, command: commands.LeaveAsGuest, now: datetime, deadlines: Deadlines) -> Moved:
    """A guest goes."""
    seated(state, command.duty)
    return seen_off(state)


def withdraw(
    state: Conversation, command: commands.WithdrawInvitation, now: datetime, deadlines: Deadlines
) -> Moved:
    """She takes back her yes: whoever came goes, nobody else comes, and she goes nowhere.

    A supervisor did not come by her yes, so it is not hers to take back.
    """
    if state.guest is not None and state.guest.is_supervisor:
        raise NotNow
    if state.guest is not None:
        return seen_off(state)
    return uninvited(state) if state.invitation is not None else transferring.withdrawn(state)


def uninvited(state: Conversation) -> Moved:
    """Return the conversation without the invitation that nobody has taken, and what there is to tell."""
    seq = state.seq + 1
    return replace(state, seq=seq, invitation=None), (events.InvitationWithdrawn(seq),)


def present(
    state: Conversation, command: commands.NoteGuestPresent, now: datetime, deadlines: Deadlines
) -> Moved:
    """A guest has a socket."""
    guest = seated(state, command.duty)
    return replace(state, guest=replace(guest, away_since=None)), ()


def away(state: Conversation, command: commands.NoteGuestAway, now: datetime, deadlines: Deadlines) -> Moved:
    """A guest has lost their socket."""
    guest = seated(state, command.duty)
    if guest.away_since is not None:
        return state, ()
    return replace(state, guest=replace(guest, away_since=now)), ()


def lost_at(state: Conversation, deadlines: Deadlines) -> datetime | None:
    """Return when a guest without a socket is taken for gone."""
    guest = state.guest
    if guest is None or guest.away_since is None:
        return None
    return guest.away_since + deadlines.operator_lost


def seen_off(state: Conversation) -> Moved:
    """Return the conversation without guest and invitation, and what there is to tell of it."""
    guest = state.guest
    if guest is None:
        return replace(state, invitation=None), ()
    seq = state.seq + 1
    alone = replace(state, seq=seq, guest=None, invitation=None)
    return alone, (events.GuestLeft(seq, guest.duty, guest.alias),)


def seated(state: Conversation, duty: DutyId) -> Guest:
    """Return the guest, if it is this duty.

    Raises:
        NotAllowed: it is not.
    """
    if state.guest is None or state.guest.duty != duty:
        raise NotAllowed
    return state.guest


def same_guest(one: Conversation, other: Conversation) -> bool:
    """Tell whether the same guest sits in both, since the same moment."""
    if one.guest is None or other.guest is None:
        return one.guest is other.guest
    return (one.guest.duty, one.guest.after) == (other.guest.duty, other.guest.after)
