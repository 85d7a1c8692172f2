# SPDX-License-Identifier: EUPL-1.2
"""A raised hand: whoever holds a conversation asks for their own supervisor, who comes, and may take it over.

Owns those moves. The supervisor sits in the guest's seat, which is one: while somebody else is invited or
here no hand can be raised. Inside one organisation her yes is not asked for; she is told of each step. Knows
no text, and not who is anybody's supervisor: the store checks that together with the step.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chat import commands, events
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.conversation import Conversation, Moved
from chat.duty import Duty
from chat.errors import LostClaim, NotAllowed, NotNow, SeatTaken
from chat.ids import DutyId
from chat.moves import guests
from chat.moves.transferring import offered
from chat.parts import Guest


def raise_hand(
    state: Conversation, command: commands.RaiseHand, now: datetime, deadlines: Deadlines
) -> Moved:
    """Ask for a supervisor. A hand that is up already stays up, since when it is."""
    state.check_held_by(command.duty)
    if state.guest is not None or state.invitation is not None:
        raise SeatTaken
    if offered(state) is not None:
        raise NotNow
    if state.hand_since is not None:
        return state, ()
    return replace(state, hand_since=now), (events.HandMoved(),)


def lower_hand(
    state: Conversation, command: commands.LowerHand, now: datetime, deadlines: Deadlines
) -> Moved:
    """Ask no longer. Whoever has come already stays."""
    state.check_held_by(command.duty)
    if state.hand_since is None:
        return state, ()
    return replace(state, hand_since=None), (events.HandMoved(),)


def come(
    state: Conversation, command: commands.JoinAsSupervisor, now: datetime, deadlines: Deadlines
) -> Moved:
    """Let a supervisor in where a hand is up; the first one who comes. The hand is down again then.

    They read all that whoever holds it reads: whoever is to help must know what has been said.
    """
    if state.guest is not None:
        raise LostClaim(state.guest.alias)
    if state.hand_since is None or command.duty == state.operator:
        raise NotAllowed
    seq = state.seq + 1
    guest = Guest(command.duty, command.alias, after=state.reads_after, is_supervisor=True)
    came = events.SupervisorCame(seq, guest.duty, guest.alias, command.organisation)
    return replace(state, seq=seq, guest=guest, hand_since=None), (came,)


def take_over(state: Conversation, command: commands.TakeOver, now: datetime, deadlines: Deadlines) -> Moved:
    """Let the supervisor who is here hold it from now on; whoever held it is out in the same step."""
    if not guests.seated(state, command.duty).is_supervisor:
        raise NotAllowed
    return handed_on(state)


def is_covered(state: Conversation) -> bool:
    """Tell whether somebody is there who goes on when its operator is lost: a supervisor with a socket."""
    return state.guest is not None and state.guest.is_supervisor and state.guest.away_since is None


def handed_on(state: Conversation) -> Moved:
    """Return the conversation as its supervisor's, and what there is to tell."""
    guest = state.guest
    assert guest is not None
    assert state.operator is not None
    assert state.alias is not None
    seq = state.seq + 2
    after = replace(
        state,
        seq=seq,
        operator=guest.duty,
        alias=guest.alias,
        operator_away_since=guest.away_since,
        guest=None,
        transfer=None,
    )
    return after, (
        events.OperatorRelieved(seq - 1, state.operator, state.alias, by=guest.alias),
        events.SupervisorTookOver(seq, guest.duty, guest.alias),
    )


def may_come(state: Conversation, duty: Duty) -> bool:
    """Tell whether a duty may know of a raised hand, or that another supervisor was quicker."""
    asked = state.hand_since is not None or (state.guest is not None and state.guest.is_supervisor)
    return asked and duty.supervises(state.service) and duty.track is state.track


def is_its_supervisor(state: Conversation, duty: DutyId) -> bool:
    """Tell whether this duty sits in a conversation as the supervisor of whoever holds it."""
    return state.guest is not None and state.guest.duty == duty and state.guest.is_supervisor


def supervisor_of(command: Command) -> DutyId | None:
    """Return who comes, or takes over, as a supervisor by this command."""
    return command.duty if isinstance(command, commands.JoinAsSupervisor | commands.TakeOver) else None
