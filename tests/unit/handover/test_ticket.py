# SPDX-License-Identifier: EUPL-1.2
"""What becomes of a ticket: every sequence of commands and waits up to a length, and the deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import get_args

import pytest

from handover.consent import TIME_TO_OPEN
from handover.errors import Refused, TooLate
from handover.receivers import ReceivedAt, Receiver
from handover.ticket import (
    ACCEPTED_LIVES,
    CLOSED_SHOWN,
    LIVE,
    TIME_TO_ANSWER,
    TRANSITIONS,
    Accept,
    Add,
    Attend,
    Command,
    Decline,
    LetTimePass,
    Meet,
    Open,
    Renew,
    Ticket,
    TicketEvent,
    TicketState,
    Withdraw,
    Write,
)
from tests.unit.handover.making import INTAKE, NOW, STATION, ticket

LENGTH = 5
WAITS = (timedelta(0), timedelta(days=15), timedelta(days=100))
COMMANDS: tuple[Command, ...] = (
    Open(),
    Write(),
    Accept(),
    Decline(),
    Add(),
    Meet(),
    Attend(),
    Withdraw(),
    Renew(),
    LetTimePass(),
)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tried:
    """What one command did to one ticket at a time."""

    before: Ticket
    now: datetime
    command: Command
    after: Ticket | None = None
    event: TicketEvent | None = None
    refusal: Refused | None = None


@cache
def everything() -> tuple[Tried, ...]:
    """Return each command tried on each state that fewer than `LENGTH` steps and waits lead to."""
    trials: list[Tried] = []
    frontier = {(ticket(to), NOW) for to in (INTAKE, STATION)}
    seen = set(frontier)
    for _ in range(LENGTH):
        reached = set()
        for state, at in frontier:
            for wait in WAITS:
                for command in COMMANDS:
                    try:
                        after, event = state.receive(command, at + wait)
                    except Refused as refusal:
                        trials.append(Tried(state, at + wait, command, refusal=refusal))
                        continue
                    trials.append(Tried(state, at + wait, command, after, event))
                    reached.add((after, at + wait))
        frontier = reached - seen
        seen |= frontier
    return tuple(trials)


def carried_out() -> Iterator[tuple[Tried, Ticket]]:
    """Yield what was not refused, with the ticket after it."""
    return ((one, one.after) for one in everything() if one.after is not None)


def test_sequences_reach_every_move_and_state() -> None:
    """Each move of the table is made, each state reached, each command tried."""
    assert {type(command) for command in COMMANDS} == set(get_args(Command))
    assert {(one.before.state, type(one.command)) for one, _ in carried_out()} == set(TRANSITIONS)
    assert {after.state for _, after in carried_out()} == set(TicketState)


def test_illegal_move_is_refused_and_changes_nothing() -> None:
    """What the table does not know; and opening what is no longer theirs to read."""
    for one in everything():
        if one.refusal is not None:
            assert isinstance(one.refusal, TooLate)
            known = (one.before.state, type(one.command)) in TRANSITIONS
            assert not known or (isinstance(one.command, Open) and not one.before.is_readable), one


def test_change_is_told_and_nothing_else_is() -> None:
    """A step that changes the ticket says what happened; a letter changes no state and is told too."""
    for one, after in carried_out():
        if after != one.before:
            assert one.event is not None, one
        if one.event is None:
            assert after == one.before, one


def test_erased_absorbs_everything() -> None:
    """Nothing leaves the last state."""
    assert not any(state is TicketState.ERASED for state, _ in TRANSITIONS)


def test_identity_of_a_ticket_never_changes() -> None:
    """No step moves it to another receiver, handover, track or organisation."""
    fixed = (
        "id",
        "handover",
        "receiver",
        "organisation",
        "sender",
        "track",
        "received_at",
        "granted_at",
        "coordinates",
    )
    for one, after in carried_out():
        assert [getattr(after, name) for name in fixed] == [getattr(one.before, name) for name in fixed]


def test_opened_once() -> None:
    """The first opening is recorded with its time, and no later one changes it."""
    for one, after in carried_out():
        if one.before.opened_at is not None:
            assert after.opened_at == one.before.opened_at, one
            assert one.event is not TicketEvent.OPENED, one
        elif after.opened_at is not None:
            assert (one.event, after.opened_at) == (TicketEvent.OPENED, one.now), one


def test_withdrawal_before_opening_leaves_the_receiver_with_nothing() -> None:
    """Where opening counts as receiving; else the authority keeps what it has got."""
    for one, after in carried_out():
        if isinstance(one.command, Withdraw):
            recalled = (
                one.before.state is TicketState.DELIVERED and one.before.received_at is ReceivedAt.OPENING
            )
            assert one.event is (TicketEvent.RECALLED if recalled else TicketEvent.WITHDRAWN), one
            assert after.is_readable is (one.before.received_at is ReceivedAt.DELIVERY), one


def test_what_was_never_received_is_never_read_after_its_time() -> None:
    """Returned means that the receiver never had it."""
    for one, after in carried_out():
        if after.state is TicketState.RETURNED:
            assert after.opened_at is None, one
            assert not after.is_readable, one
            assert one.before.received_at is ReceivedAt.OPENING or one.before.state is TicketState.RETURNED, (
                one
            )


def test_readable_only_while_it_may_be() -> None:
    """Live, or received at delivery and closed by her or by time."""
    for _, after in carried_out():
        kept = after.state in {TicketState.WITHDRAWN, TicketState.EXPIRED}
        assert after.is_readable == (
            after.state in LIVE or (kept and after.received_at is ReceivedAt.DELIVERY)
        )


def test_no_ticket_dies_silently() -> None:
    """From every state time alone leads to an end, and every step on the way is told."""
    for _, start in carried_out():
        state, told = start, []
        for _ in range(4):
            state, event = (
                state.receive(LetTimePass(), state.deadline)
                if state.state is not TicketState.ERASED
                else (
                    state,
                    None,
                )
            )
            told += [event] if event else []
        assert state.state is TicketState.ERASED
        assert start.state is TicketState.ERASED or told[-1] is TicketEvent.ERASED
        if start.state in {TicketState.DELIVERED, TicketState.OPENED, TicketState.ANSWERED}:
            assert told[0] in {TicketEvent.RETURNED, TicketEvent.EXPIRED}


def test_nothing_happens_before_the_deadline() -> None:
    """Just before it, time changes nothing."""
    for _, state in carried_out():
        if state.state is not TicketState.ERASED:
            assert state.receive(LetTimePass(), state.deadline - INSTANT) == (state, None)


@pytest.mark.parametrize("to", [INTAKE, STATION], ids=["opening", "delivery"])
def test_deadlines(to: Receiver) -> None:
    """14 days to open, 14 to answer from the last word on, 90 to live from each renewal on, 30 to be told."""
    start = ticket(to)
    assert start.deadline == NOW + TIME_TO_OPEN
    opened, _ = start.receive(Open(), NOW + timedelta(days=3))
    assert opened.deadline == NOW + timedelta(days=3) + TIME_TO_ANSWER
    asked, _ = opened.receive(Write(), NOW + timedelta(days=10))
    assert asked.deadline == NOW + timedelta(days=10) + TIME_TO_ANSWER
    accepted, _ = asked.receive(Accept(), NOW + timedelta(days=12))
    assert accepted.deadline == NOW + timedelta(days=12) + ACCEPTED_LIVES
    renewed, event = accepted.receive(Renew(), NOW + timedelta(days=80))
    assert (renewed.deadline, event) == (NOW + timedelta(days=80) + ACCEPTED_LIVES, TicketEvent.RENEWED)
    withdrawn, _ = renewed.receive(Withdraw(), NOW + timedelta(days=81))
    assert withdrawn.deadline == NOW + timedelta(days=81) + CLOSED_SHOWN


def test_ticket_needs_a_grant() -> None:
    """There is no other way to make one that carries her yes: the type of `of` says so."""
    assert Ticket.of.__annotations__["grant"] == "ConsentGrant"
