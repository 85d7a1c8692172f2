# SPDX-License-Identifier: EUPL-1.2
"""Every sequence of being away and coming back, with a code and without: no ghost, nobody forgotten."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest

from chat import commands
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.errors import NotNow, Refused
from chat.events import Event, ReturnCodeDropped, VisitorParked, VisitorReturned
from chat.transitions import next_deadline, receive
from tests.unit.chat.making import NOON, A, a_conversation
from tests.unit.chat.sequences import CODE_UNTIL, DEADLINES, TICK, alike

LENGTH = 9
LATER = NOON + 8 * TICK
"""Until when the code opens it that she gets on coming back."""

ALPHABET: tuple[Command, ...] = (
    commands.Claim(A, "Alma"),
    commands.Offer(A),
    commands.NoteVisitorAway(),
    commands.NoteVisitorPresent(),
    commands.NoteOperatorAway(A),
    commands.ReturnToQueue(A),
    commands.SetAside(A),
    commands.TakeReturnCode(CODE_UNTIL),
    commands.DropReturnCode(),
    commands.ComeBack(LATER),
    commands.LetTimePass(),
)

Step = tuple[Conversation, datetime, Command, Conversation, tuple[Event, ...]]


@cache
def steps() -> tuple[Step, ...]:
    """Return every step that is carried out in a sequence of at most `LENGTH` commands and minutes."""
    made: list[Step] = []
    frontier = {(a_conversation(), NOON)}
    seen = set(frontier)
    for _ in range(LENGTH):
        reached = {(state, now + TICK) for state, now in frontier if state.phase is not Phase.ENDED}
        for state, now in frontier:
            for command in ALPHABET:
                try:
                    after, happened = receive(state, command, now, DEADLINES)
                except Refused:
                    continue
                made.append((state, now, command, after, happened))
                reached.add((alike(after), now))
        frontier = reached - seen
        seen |= frontier
    return tuple(made)


def test_whoever_is_missed_stands_in_no_queue() -> None:
    """Once time has been let pass, one who has a code and is away for longer than usual is not in a queue."""
    parked = 0
    for _, now, command, after, _ in steps():
        if not isinstance(command, commands.LetTimePass) or after.visitor_away_since is None:
            continue
        if now >= after.visitor_away_since + DEADLINES.active_parked and after.phase is not Phase.ENDED:
            due = next_deadline(after, DEADLINES)
            settled = due is None or due > now
            assert after.phase in {Phase.ACTIVE, Phase.PARKED} or not settled, after
            parked += after.phase is Phase.PARKED
    assert parked


def test_parked_is_nobodys_and_comes_back_to_the_front() -> None:
    """Nobody holds it or is rung for it, and from there one leads only to the queue's front or to the end."""
    for before, now, command, after, happened in steps():
        if after.phase is Phase.PARKED:
            assert (after.operator, after.offered_until, after.front) == (None, None, True), after
        if (before.phase, after.phase) == (Phase.PARKED, Phase.WAITING):
            assert isinstance(command, commands.ComeBack | commands.NoteVisitorPresent), command
            assert (after.front, after.waiting_since, after.visitor_away_since) == (True, now, None)
        parked = after.phase is Phase.PARKED and before.phase is not Phase.PARKED
        assert parked == any(isinstance(event, VisitorParked) for event in happened)


def test_without_a_code_nothing_is_kept_longer_than_usual() -> None:
    """Parking is for those who can come back, and its end is never past what her code opens."""
    for state in {after for _, _, _, after, _ in steps()}:
        if state.phase is Phase.ENDED or (away := state.visitor_away_since) is None:
            continue
        due = next_deadline(state, DEADLINES)
        assert due is not None
        patience = DEADLINES.active_parked if state.has_begun else DEADLINES.waiting_place_kept
        if state.code_until is None:
            assert due <= away + patience, state
        ended, _ = receive(state, commands.LetTimePass(), max(LATER, away + patience), DEADLINES)
        assert ended.phase is Phase.ENDED, state


def test_code_is_over_when_its_key_is() -> None:
    """At `code_until` time alone takes the code away, or ends what nobody can come back to any more."""
    for state in {after for _, _, _, after, _ in steps() if after.code_until is not None}:
        assert state.code_until is not None
        over, happened = receive(state, commands.LetTimePass(), state.code_until, DEADLINES)
        assert over.code_until is None, state
        assert over.phase is Phase.ENDED or ReturnCodeDropped() in happened, state
        with pytest.raises(NotNow):  # whatever the clock of the keys says
            receive(state, commands.ComeBack(LATER + TICK), state.code_until, DEADLINES)


def test_returns_count_who_came_in_with_a_code() -> None:
    """The number grows with each coming in, and with nothing else; each gives another time to the code."""
    came = 0
    for before, _, command, after, happened in steps():
        if isinstance(command, commands.ComeBack):
            assert happened == (VisitorReturned(after.returns),)
            assert (after.returns, after.code_until) == (before.returns + 1, LATER)
            came += 1
        else:
            assert after.returns == before.returns
    assert came
