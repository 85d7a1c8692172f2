# SPDX-License-Identifier: EUPL-1.2
"""One conversation, move by move: what each one means for her and for who answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from chat import commands
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.errors import LostClaim, NotAllowed, NotNow
from chat.events import (
    ConversationEnded,
    ConversationOffered,
    EndReason,
    Event,
    OfferLapsed,
    OperatorJoined,
    OperatorLeft,
    VisitorCameBack,
    VisitorWentAway,
)
from chat.ids import ClientId
from chat.transitions import next_deadline, receive
from tests.unit.chat.making import NOON, A, B, a_conversation, minutes

DEADLINES = Deadlines()


def after(*steps: tuple[Command, datetime]) -> tuple[Conversation, tuple[Event, ...]]:
    """Carry out the steps on a new conversation; return the state and what the last one brought."""
    state, events = a_conversation(), ()
    for command, now in steps:
        state, events = receive(state, command, now, DEADLINES)  # type: ignore[assignment]  # grows from empty
    return state, events


CLAIMED = (commands.Claim(A, "Alma"), NOON + minutes(1))


def test_claim_joins_under_the_alias() -> None:
    """A claim makes it active, tells the alias and since when she has waited."""
    state, events = after(CLAIMED)
    assert state.phase is Phase.ACTIVE
    assert events == (OperatorJoined(1, A, "Alma", NOON),)


def test_claim_that_comes_second_is_told_the_winner() -> None:
    """The loser learns under which alias somebody else is there."""
    state, _ = after(CLAIMED)
    with pytest.raises(LostClaim) as refusal:
        receive(state, commands.Claim(B, "Bodil"), NOON + minutes(1), DEADLINES)
    assert refusal.value.winner == "Alma"


def test_offer_rings_then_lapses_and_is_remembered() -> None:
    """A console rings 30 s; then she waits on and the next offer can go to somebody else."""
    state, events = after((commands.Offer(A), NOON))
    assert events == (ConversationOffered(A, NOON + DEADLINES.offer_rings),)
    lapsed, events = receive(state, commands.LetTimePass(), NOON + DEADLINES.offer_rings, DEADLINES)
    assert events == (OfferLapsed(A, rang_out=True),)
    assert (lapsed.phase, lapsed.passed_by, lapsed.waiting_since) == (Phase.WAITING, frozenset({A}), NOON)


def test_offer_to_one_who_passed_begins_a_new_round() -> None:
    """When somebody is rung a second time, those who had passed are asked again too."""
    state, _ = after((commands.Offer(A), NOON), (commands.ReturnToQueue(A), NOON), (commands.Offer(B), NOON))
    assert state.passed_by == {A}
    state, _ = receive(state, commands.ReturnToQueue(B), NOON, DEADLINES)
    state, _ = receive(state, commands.Offer(A), NOON, DEADLINES)
    assert state.passed_by == frozenset()


def test_offer_is_for_the_one_who_is_rung() -> None:
    """Nobody else accepts while a console rings."""
    state, _ = after((commands.Offer(A), NOON))
    with pytest.raises(NotAllowed):
        receive(state, commands.Claim(B, "Bodil"), NOON, DEADLINES)


def test_operator_lost_brings_her_to_the_front() -> None:
    """After 90 s without a socket the operator is gone, she is told and stands first."""
    gone = NOON + minutes(2)
    state, _ = after(CLAIMED, (commands.NoteOperatorAway(A), gone))
    lost_at = gone + DEADLINES.operator_lost
    assert next_deadline(state, DEADLINES) == lost_at
    state, events = receive(state, commands.LetTimePass(), lost_at, DEADLINES)
    assert events == (OperatorLeft(2, A, "Alma"),)
    assert (state.phase, state.front, state.waiting_since, state.alias) == (
        Phase.WAITING,
        True,
        lost_at,
        None,
    )


def test_operator_who_comes_back_in_time_keeps_it() -> None:
    """A short loss of the operator's socket is forgotten."""
    state, _ = after(CLAIMED, (commands.NoteOperatorAway(A), NOON), (commands.NoteOperatorPresent(A), NOON))
    assert next_deadline(state, DEADLINES) is None


def test_absence_counts_from_its_beginning() -> None:
    """Being told twice that she is away does not give her more time, nor tell it twice."""
    away = commands.NoteVisitorAway()
    state, events = after((away, NOON), (away, NOON + minutes(1)))
    assert events == ()
    assert next_deadline(state, DEADLINES) == NOON + DEADLINES.waiting_place_kept


def test_visitor_goes_and_comes_back() -> None:
    """Her coming and going are told, and her place is no longer at risk."""
    state, events = after((commands.NoteVisitorAway(), NOON))
    assert events == (VisitorWentAway(),)
    state, events = receive(state, commands.NoteVisitorPresent(), NOON, DEADLINES)
    assert events == (VisitorCameBack(),)
    assert next_deadline(state, DEADLINES) is None


@pytest.mark.parametrize(
    ("begun", "patience"), [(False, DEADLINES.waiting_place_kept), (True, DEADLINES.active_parked)]
)
def test_patience_is_longer_once_they_have_talked(begun: bool, patience: object) -> None:
    """A place in the queue is kept 2 min, a talk 5 min, also while she waits for somebody new."""
    steps = (CLAIMED, (commands.ReturnToQueue(A), NOON)) if begun else ()
    state, _ = after(*steps, (commands.NoteVisitorAway(), NOON))
    due = next_deadline(state, DEADLINES)
    assert due is not None
    assert due - NOON == patience
    ended, events = receive(state, commands.LetTimePass(), due, DEADLINES)
    assert ended.phase is Phase.ENDED
    assert events == (ConversationEnded(ended.seq, EndReason.EXPIRED, answered=begun),)


def test_her_own_deadline_comes_first() -> None:
    """When both are long gone it ends; nobody is brought back to a queue that she has left."""
    both = (CLAIMED, (commands.NoteVisitorAway(), NOON), (commands.NoteOperatorAway(A), NOON))
    state, events = after(*both, (commands.LetTimePass(), NOON + minutes(60)))
    assert state.phase is Phase.ENDED
    assert len(events) == 1


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (commands.LeaveConversation(), EndReason.VISITOR),
        (commands.LeaveConversation(quickly=True), EndReason.LEFT_QUICKLY),
        (commands.CloseConversation(), EndReason.CLOSED),
        (commands.EndConversation(A), EndReason.OPERATOR),
    ],
)
def test_end_tells_its_reason(command: Command, reason: EndReason) -> None:
    """Each way to end is told by its own word, and nothing of who held it stays."""
    state, events = after(CLAIMED, (command, NOON))
    assert events == (ConversationEnded(2, reason, answered=True),)
    assert (state.operator, state.alias) == (None, None)


def test_visitor_writes_while_she_waits() -> None:
    """She does not have to wait for somebody to begin; nobody else writes meanwhile."""
    state, _ = after((commands.PostVisitorMessage(ClientId("v")), NOON))
    assert state.seq == 1
    with pytest.raises(NotNow):
        receive(state, commands.PostOperatorMessage(A, ClientId("o")), NOON, DEADLINES)
