# SPDX-License-Identifier: EUPL-1.2
"""A raised hand, one supervisor and one guest's seat: what holds after any order of moves."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import commands
from chat.commands import Command, Invites
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import HasEnded, LostClaim, NotAllowed, NotNow, Refused, SeatTaken
from chat.events import (
    Event,
    GuestLeft,
    HandMoved,
    OperatorJoined,
    OperatorLeft,
    OperatorRelieved,
    SupervisorCame,
    SupervisorTookOver,
)
from chat.ids import ClientId, DutyId, ServiceId, Track
from chat.moves.hands import is_its_supervisor, may_come
from chat.parts import Guest
from chat.statistics import Counted, counts_for
from chat.transitions import next_deadline, receive
from tests.unit.chat.making import FEW, NOON, A, B, a_conversation, minutes
from tests.unit.chat.sequences import DEADLINES, TICK

S = DutyId("supervisor")
T = DutyId("another supervisor")
ASKED = 2
YES = commands.AnswerProposal(ClientId("y"), ASKED, Invites(ServiceId("other"), "Öppenvården", history=False))
ALPHABET: tuple[Command, ...] = (
    commands.Claim(A, "Alma"),
    commands.PutProposal(A, ClientId("p")),
    YES,
    commands.WithdrawInvitation(),
    commands.JoinAsGuest(B, "Bodil"),
    commands.LeaveAsGuest(B),
    commands.RaiseHand(A),
    commands.RaiseHand(S),
    commands.LowerHand(A),
    commands.JoinAsSupervisor(S, "Siv", "Jouren"),
    commands.JoinAsSupervisor(T, "Tora", "Jouren"),
    commands.TakeOver(S),
    commands.TakeOver(B),
    commands.PostOperatorMessage(A, ClientId("o")),
    commands.PostOperatorMessage(S, ClientId("s")),
    commands.PostGuestMessage(S, ClientId("g")),
    commands.LeaveAsGuest(S),
    commands.NoteGuestAway(S),
    commands.ReturnToQueue(A),
    commands.ReturnToQueue(S),
    commands.LetTimePass(),
    commands.EndConversation(S),
)
LENGTH = 8

Step = tuple[Conversation, datetime, Command, Conversation | Refused, tuple[Event, ...]]


@cache
def steps() -> tuple[Step, ...]:
    """Return every step, carried out or refused, in a sequence of at most `LENGTH` commands and minutes."""
    made: list[Step] = []
    frontier = {(a_conversation(), NOON)}
    seen = set(frontier)
    for _ in range(LENGTH):
        reached = {(state, now + TICK) for state, now in frontier if state.phase is Phase.ACTIVE}
        for state, now in frontier:
            for command in ALPHABET:
                try:
                    after, happened = receive(state, command, now, DEADLINES)
                except Refused as refusal:
                    made.append((state, now, command, refusal, ()))
                    continue
                made.append((state, now, command, after, happened))
                reached.add((after, now))
        frontier = reached - seen
        seen |= frontier
    return tuple(made)


def held(**fields: Any) -> Conversation:
    """Return a conversation that A holds."""
    return a_conversation(phase=Phase.ACTIVE, operator=A, alias="Alma", seq=1, **fields)


def after(state: Conversation, *orders: Command) -> tuple[Conversation, tuple[Event, ...]]:
    """Carry out commands in order and return the state and the last step's events."""
    happened: tuple[Event, ...] = ()
    for order in orders:
        state, happened = receive(state, order, NOON, DEADLINES)
    return state, happened


def test_what_is_true_of_every_state() -> None:
    """One seat: no hand beside a guest or an invitation, no supervisor beside an invitation, none alone."""
    came = took = 0
    for before, _, command, result, happened in steps():
        if isinstance(result, Refused):
            continue
        if result.hand_since is not None:
            assert result.phase is Phase.ACTIVE, command
            assert (result.guest, result.invitation) == (None, None), command
        guest = result.guest
        if guest is not None:
            assert result.phase is Phase.ACTIVE, command
            assert guest.is_supervisor == (result.invitation is None), command
            assert guest.duty != result.operator, command
        kinds = [type(event) for event in happened]
        came += SupervisorCame in kinds
        took += SupervisorTookOver in kinds
        if SupervisorCame in kinds:
            assert before.hand_since is not None, "nobody comes without a raised hand"
        if SupervisorTookOver in kinds:
            assert kinds == [OperatorRelieved, SupervisorTookOver]
            assert before.guest is not None
            assert before.guest.is_supervisor
            assert (result.operator, result.alias) == (before.guest.duty, before.guest.alias)
            assert (result.guest, result.phase, result.front) == (None, Phase.ACTIVE, before.front)
            assert result.seq == before.seq + 2
    assert came > 100
    assert took > 100


def test_holder_changes_by_a_claim_or_by_taking_over_alone() -> None:
    """Nobody else ever holds it than who claims it, and the supervisor who sits there, also after a loss."""
    for before, _, command, result, _ in steps():
        if isinstance(result, Refused) or result.holder in {before.holder, None}:
            continue
        if isinstance(command, commands.Claim):
            assert before.holder is None
            continue
        assert isinstance(command, commands.TakeOver | commands.ReturnToQueue | commands.LetTimePass), command
        assert before.guest is not None
        assert before.guest.is_supervisor
        assert result.holder == before.guest.duty


def test_old_holder_may_do_nothing_after_taking_over() -> None:
    """Whoever was relieved is a stranger from that step on: every command of theirs is refused."""
    state, _ = after(
        held(), commands.RaiseHand(A), commands.JoinAsSupervisor(S, "Siv", "Jouren"), commands.TakeOver(S)
    )
    theirs: list[Command] = [
        commands.PostOperatorMessage(A, ClientId("o")),
        commands.EndConversation(A),
        commands.RaiseHand(A),
        commands.LowerHand(A),
        commands.TakeOver(A),
        commands.LeaveAsGuest(A),
        commands.PutProposal(A, ClientId("p")),
        commands.NoteOperatorPresent(A),
        commands.ReturnToQueue(A),
    ]
    for order in theirs:
        with pytest.raises(NotAllowed):
            receive(state, order, NOON, DEADLINES)
    assert state.readers == (S,)


def test_two_supervisors_and_one_is_in() -> None:
    """The second one is told who was first; without a hand both look alike to a stranger."""
    up, _ = after(held(), commands.RaiseHand(A))
    came, _ = after(up, commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    with pytest.raises(LostClaim) as lost:
        receive(came, commands.JoinAsSupervisor(T, "Tora", "Jouren"), NOON, DEADLINES)
    assert lost.value.winner == "Siv"
    with pytest.raises(NotAllowed):
        receive(held(), commands.JoinAsSupervisor(S, "Siv", "Jouren"), NOON, DEADLINES)
    with pytest.raises(NotAllowed):
        receive(up, commands.JoinAsSupervisor(A, "Alma", "Jouren"), NOON, DEADLINES)


def test_guest_and_supervisor_are_never_both_in() -> None:
    """While somebody is invited or here no hand goes up; a yes to a guest takes a raised hand down."""
    asked, _ = after(held(), commands.PutProposal(A, ClientId("p")))
    up, _ = after(asked, commands.RaiseHand(A))
    invited, _ = after(up, YES)
    assert (invited.hand_since, invited.invitation is not None) == (None, True)
    with pytest.raises(SeatTaken):
        receive(invited, commands.RaiseHand(A), NOON, DEADLINES)
    guest, _ = after(invited, commands.JoinAsGuest(B, "Bodil"))
    with pytest.raises(SeatTaken):
        receive(guest, commands.RaiseHand(A), NOON, DEADLINES)
    with pytest.raises(NotAllowed):
        receive(guest, commands.TakeOver(B), NOON, DEADLINES)
    came, _ = after(up, commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    with pytest.raises(NotNow):
        receive(came, YES, NOON, DEADLINES)


def test_hand_is_her_operators_own_and_stays_up_since_then() -> None:
    """Raising again changes nothing, not even since when; lowering one that is down neither."""
    up, told = after(held(), commands.RaiseHand(A))
    assert (up.hand_since, told) == (NOON, (HandMoved(),))
    again = receive(up, commands.RaiseHand(A), NOON + minutes(3), DEADLINES)
    assert again == (up, ())
    down, told = after(up, commands.LowerHand(A))
    assert (down, told) == (held(), (HandMoved(),))
    assert after(down, commands.LowerHand(A)) == (down, ())
    with pytest.raises(NotAllowed):
        receive(up, commands.LowerHand(B), NOON, DEADLINES)


def test_she_cannot_send_a_supervisor_away_and_is_told_when_they_go() -> None:
    """They did not come by her yes; they go by their own wish, after 90 s without a socket, or at the end."""
    came, _ = after(held(), commands.RaiseHand(A), commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    with pytest.raises(NotNow):
        receive(came, commands.WithdrawInvitation(), NOON, DEADLINES)
    left, told = after(came, commands.LeaveAsGuest(S))
    assert told == (GuestLeft(left.seq, S, "Siv"),)
    assert left.hand_since is None, "the hand was answered: it goes up again by a wish of its own"
    away, _ = after(came, commands.NoteGuestAway(S))
    due = next_deadline(away, DEADLINES)
    assert due == NOON + DEADLINES.operator_lost
    gone, told = receive(away, commands.LetTimePass(), due, DEADLINES)
    assert (gone.guest, [type(event) for event in told]) == (None, [GuestLeft])


def test_operator_lost_lowers_the_hand() -> None:
    """Whoever comes next has not raised it."""
    up, _ = after(held(), commands.RaiseHand(A))
    waiting, told = after(up, commands.ReturnToQueue(A))
    assert (waiting.phase, waiting.hand_since) == (Phase.WAITING, None)
    assert [type(event) for event in told] == [OperatorLeft]
    with pytest.raises(NotNow):
        receive(waiting, commands.JoinAsSupervisor(S, "Siv", "Jouren"), NOON, DEADLINES)


@pytest.mark.parametrize("away", [False, True])
def test_supervisor_goes_on_when_the_operator_is_lost_if_they_are_there(away: bool) -> None:
    """She does not wait in a queue beside somebody who is with her; one without a socket is with nobody."""
    here, _ = after(held(), commands.RaiseHand(A), commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    if away:
        here, _ = after(here, commands.NoteGuestAway(S))
    lost, _ = after(here, commands.NoteOperatorAway(A))
    for state, told in (
        after(here, commands.ReturnToQueue(A)),
        receive(lost, commands.LetTimePass(), NOON + DEADLINES.operator_lost, DEADLINES),
    ):
        kinds = [type(event) for event in told]
        if away:
            assert (state.holder, OperatorRelieved in kinds) == (None, False)
        else:
            assert (state.holder, state.phase, state.front) == (S, Phase.ACTIVE, False)
            assert kinds == [OperatorRelieved, SupervisorTookOver]


def test_end_is_the_end_for_all_of_it() -> None:
    """No hand, no supervisor, nothing to take over."""
    came, _ = after(held(), commands.RaiseHand(A), commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    for state in (after(held(), commands.RaiseHand(A))[0], came):
        ended, _ = after(state, commands.LeaveConversation(quickly=True))
        assert (ended.hand_since, ended.guest) == (None, None)
        for order in (commands.RaiseHand(A), commands.JoinAsSupervisor(S, "Siv", "J"), commands.TakeOver(S)):
            with pytest.raises(HasEnded):
                receive(ended, order, NOON, DEADLINES)


def test_taking_over_is_counted_as_itself() -> None:
    """She was answered long ago and was not rescued: neither is counted again."""
    up, _ = after(held(), commands.RaiseHand(A))
    came, told = after(up, commands.JoinAsSupervisor(S, "Siv", "Jouren"))
    assert [count.name for count in counts_for(up, told, NOON)] == [Counted.SUPERVISED]
    _, told = after(came, commands.TakeOver(S))
    assert [count.name for count in counts_for(came, told, NOON)] == [Counted.TAKEN_OVER]


@pytest.mark.parametrize(
    ("supervising", "track", "away", "may"),
    [
        ("a", Track.EXPOSED, False, True),
        ("other", Track.EXPOSED, False, False),
        ("a", Track.PERPETRATOR, False, False),
        ("a", Track.EXPOSED, True, False),
        ("", Track.EXPOSED, False, False),
    ],
)
def test_hand_is_seen_by_its_own_supervisors_alone(
    supervising: str, track: Track, away: bool, may: bool
) -> None:
    """Of that service and track, on duty and with a socket; whoever serves its queue sees nothing."""
    service = held().service if supervising == "a" else ServiceId(supervising)
    duty = Duty(
        id=S,
        alias="Siv",
        services=frozenset() if supervising else frozenset({held().service}),
        track=track,
        public_key=bytes(32),
        key_day=1,
        since=NOON,
        idle_since=NOON,
        away_since=NOON if away else None,
        supervising=frozenset({service}) if supervising else frozenset(),
    )
    assert may_come(held(hand_since=NOON), duty) == may
    assert may_come(held(guest=Guest(T, "Tora", 0, is_supervisor=True)), duty) == may
    assert not may_come(held(), duty)
    assert not may_come(held(guest=Guest(B, "Bodil", 0)), duty)
    assert not is_its_supervisor(held(guest=Guest(S, "Siv", 0)), S)
    assert is_its_supervisor(held(guest=Guest(S, "Siv", 0, is_supervisor=True)), S)


@FEW
@given(st.lists(st.sampled_from(ALPHABET), max_size=40))
def test_any_order_keeps_one_reader_of_each_kind(orders: list[Command]) -> None:
    """However long it goes on: at most two read, the numbers have no gap, and each coming has its going."""
    state = a_conversation()
    told: list[Event] = []
    now = NOON
    for order in orders:
        now += TICK / 4
        before = state
        try:
            state, happened = receive(state, order, now, DEADLINES)
        except Refused:
            continue
        told += happened
        numbers = [event.seq for event in happened if hasattr(event, "seq")]
        assert numbers == list(range(before.seq + 1, state.seq + 1))
        assert len(state.readers) == len(set(state.readers)) <= 2
    comings = sum(isinstance(event, OperatorJoined | SupervisorTookOver) for event in told)
    goings = sum(isinstance(event, OperatorLeft | OperatorRelieved) for event in told)
    assert state.phase is Phase.ENDED or comings - goings == (state.holder is not None)
