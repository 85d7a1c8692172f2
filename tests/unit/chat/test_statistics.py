# SPDX-License-Identifier: EUPL-1.2
"""What is counted, on which day, and what is never counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

from chat import commands
from chat.catalogue import Deadlines
from chat.commands import Command
from chat.ids import ClientId, ServiceId
from chat.statistics import Count, Counted, counts_for, refused_closed, started
from tests.unit.chat.making import NOON, A, B, a_conversation

JOUR = ServiceId("jour")
TODAY = date(2026, 11, 18)


def counted(*steps: Command) -> list[str]:
    """Return what a conversation adds from its first command to its last."""
    state, names = a_conversation(), list[str]()
    for step in steps:
        after, events = state.receive(step, NOON, Deadlines())
        names += [count.name for count in counts_for(state, events, NOON)]
        state = after
    return names


CLAIM = commands.Claim(A, "Alma")


def test_answered_conversation_is_answered_and_ended() -> None:
    """Messages and absences between count nothing."""
    steps = (
        commands.PostVisitorMessage(ClientId("v")),
        CLAIM,
        commands.NoteVisitorAway(),
        commands.EndConversation(A),
    )
    assert counted(*steps) == [Counted.ANSWERED, Counted.ENDED]


def test_unanswered_conversation_is_abandoned() -> None:
    """An end in the queue or while a console rings is an abandonment."""
    assert counted(commands.LeaveConversation()) == [Counted.ABANDONED]
    assert counted(commands.Offer(A), commands.LeaveConversation()) == [Counted.ABANDONED]


def test_rescued_conversation_is_answered_once() -> None:
    """The second operator is no second answer, and an end in the queue afterwards is no abandonment."""
    lost = (CLAIM, commands.ReturnToQueue(A))
    assert counted(*lost, commands.Claim(B, "Bodil")) == [Counted.ANSWERED, Counted.RESCUED]
    assert counted(*lost, commands.LeaveConversation()) == [Counted.ANSWERED, Counted.RESCUED, Counted.ENDED]


def test_count_belongs_to_the_swedish_day() -> None:
    """Half past eleven at night UTC is the next day in Sweden."""
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert started(JOUR, NOON) == Count(JOUR, TODAY, Counted.STARTED)
    assert refused_closed(JOUR, late) == Count(JOUR, date(2026, 11, 19), Counted.REFUSED_CLOSED)
    state = a_conversation()
    _, events = state.receive(CLAIM, late, Deadlines())
    assert counts_for(state, events, late) == (Count(JOUR, date(2026, 11, 19), Counted.ANSWERED),)
