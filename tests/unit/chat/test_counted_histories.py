# SPDX-License-Identifier: EUPL-1.2
"""What holds of the counters whatever happens: random histories of many conversations, counted anew."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from msgspec.structs import replace

from chat import commands
from chat.commands import Command
from chat.conversation import Conversation, Phase
from chat.errors import Refused
from chat.events import ConversationEnded, Event, OfferLapsed, OperatorJoined, TransferOffered
from chat.histograms import LASTED, WAITED, Steps
from chat.ids import ClientId, OrganisationId, ServiceId, Track
from chat.statistics import TOLD, Count, Counted, counts_for, refused_closed, started
from chat.transitions import receive
from moderation.sanctions import Unsafe
from tests.unit.chat.making import NOON, A, B, a_conversation
from tests.unit.chat.sequences import ALPHABET, ASKED, DEADLINES, INVITES

HISTORIES = 240
STEPS = 600
PAUSES = (0, 0, 0, 1, 5, 20, 31, 61, 121, -20)
SERVICES = tuple(map(ServiceId, ("jour", "beside", "other")))

HOME = commands.Target(ServiceId("jour"), OrganisationId("org"), Track.EXPOSED, "Hem")
OFTEN: tuple[Command, ...] = (
    commands.PutProposal(A, ClientId("p")),
    commands.AnswerProposal(ClientId("y"), ASKED, INVITES),
    commands.JoinAsGuest(B, "Bodil"),
    commands.AcceptTransfer(B, "Bodil"),
    commands.RaiseHand(A),
    commands.JoinAsSupervisor(B, "Bodil", "Jouren"),
    commands.TakeOver(B),
)
"""What needs something else before it: else it would hardly come about."""
MOVES: tuple[Command, ...] = (
    *ALPHABET,
    *OFTEN * 3,
    *(commands.EndConversation(duty, reason) for duty in (A, B) for reason in Unsafe),
    commands.EndConversation(B),
    commands.OfferTransfer(B, HOME),
    commands.AcceptTransfer(A, "Alma"),
)
RARE = (commands.LeaveConversation, commands.EndConversation, commands.CloseConversation)
"""What would else cut most histories short."""


@dataclass
class History:
    """What was counted, and what happened as far as somebody sees who knows nothing of the counters."""

    counts: Counter[tuple[ServiceId, str]] = field(default_factory=Counter)
    first: dict[str, datetime] = field(default_factory=dict)
    """When each conversation was answered for the first time."""
    live: list[Conversation] = field(default_factory=list)
    expected: Counter[str] = field(default_factory=Counter)
    left: Counter[ServiceId] = field(default_factory=Counter)
    """How many answered conversations went from each service to another."""
    offers: Counter[str] = field(default_factory=Counter)

    def add(self, counts: tuple[Count, ...]) -> None:
        """Count."""
        for count in counts:
            assert count.by > 0
            self.counts[count.service, str(count.name)] += count.by

    def note(self, before: Conversation, event: Event, now: datetime) -> None:
        """Note what happened, from what is told of it alone."""
        if isinstance(event, OperatorJoined) and before.id not in self.first:
            self.first[before.id] = now
            self.expected[WAITED.counter(now - before.started_at)] += 1
        if isinstance(event, ConversationEnded) and before.id in self.first:
            self.expected[LASTED.counter(now - self.first[before.id])] += 1
        self.offers["transfers"] += isinstance(event, TransferOffered)
        self.offers["rings"] += isinstance(event, OfferLapsed)

    def total(self, name: str) -> int:
        """Return a counter over all services."""
        return sum(value for (_, counted), value in self.counts.items() if counted == name)

    def steps(self, service: ServiceId, steps: Steps) -> int:
        """Return the sum of all steps in a service."""
        return sum(self.counts[service, name] for name in steps.counters)


def history(seed: int) -> History:
    """Let things happen at random to some conversations; whatever is refused did not happen."""
    chance, told, now = random.Random(seed), History(), NOON
    for step in range(STEPS):
        now += timedelta(seconds=chance.choice(PAUSES))
        if len(told.live) < 4 and chance.random() < 0.2:
            service = chance.choice(SERVICES)
            told.add(started(service, now))
            told.live.append(a_conversation(str(step), service=service, started_at=now, waiting_since=now))
        if chance.random() < 0.02:
            told.add(refused_closed(chance.choice(SERVICES), now))
        if told.live:
            happens(told, chance, now)
    return told


def happens(told: History, chance: random.Random, now: datetime) -> None:
    """Let one thing happen to one conversation."""
    before = told.live.pop(chance.randrange(len(told.live)))
    command = chance.choice(MOVES)
    if isinstance(command, RARE) and chance.random() < 0.8:
        command = commands.LetTimePass()
    if isinstance(command, commands.AnswerProposal) and before.proposal is not None:
        command = replace(command, proposal=before.proposal)
    try:
        after, events = receive(before, command, now, DEADLINES)
    except Refused:
        after, events = before, ()
    told.add(counts_for(before, events, now))
    for event in events:
        told.note(before, event, now)
    told.left[before.service] += before.service != after.service
    if after.phase is not Phase.ENDED:
        told.live.append(after)


@cache
def histories() -> tuple[History, ...]:
    """Return the same histories each time."""
    return tuple(map(history, range(HISTORIES)))


def test_histories_reach_every_counter_of_a_conversation() -> None:
    """Else what follows would say little: each is counted somewhere, in more than a few histories."""
    reached = Counter(name for one in histories() for name in {name for _, name in one.counts})
    elsewhere = ("handover_", "shift", "exit_")
    assert min(reached[each] for each in Counted if not each.startswith(elsewhere)) > 5, reached
    assert set(reached) <= {*TOLD, Counted.STARTED, Counted.ABANDONED}
    assert sum(reached[name] > 0 for name in (*WAITED.counters, *LASTED.counters)) >= 15, reached


def test_everybody_who_started_is_answered_gone_or_still_there() -> None:
    """In each service: nobody is answered elsewhere, so nobody is missing anywhere."""
    for one in histories():
        for service in SERVICES:
            waits = sum(each.service == service and not each.has_begun for each in one.live)
            came, answered, gone = (
                one.counts[service, each] for each in (Counted.STARTED, Counted.ANSWERED, Counted.ABANDONED)
            )
            assert came == answered + gone + waits
            by_stage = (Counted.ABANDONED_WAITING, Counted.ABANDONED_OFFERED)
            assert gone == sum(one.counts[service, each] for each in by_stage)


def test_everybody_who_was_answered_ended_or_is_still_there() -> None:
    """In each service, with those who came from another and without those who left for one."""
    for one in histories():
        for service in SERVICES:
            held = sum(each.service == service and each.has_begun for each in one.live)
            came = one.counts[service, Counted.ANSWERED] + one.counts[service, Counted.TAKEN_ON]
            assert came == one.counts[service, Counted.ENDED] + held + one.left[service]
            assert one.left[service] <= one.counts[service, Counted.TRANSFERRED]


def test_each_wait_and_each_length_is_in_one_step() -> None:
    """The steps of a service add up to those answered and ended there, and are those that a watch shows."""
    for one in histories():
        for service in SERVICES:
            assert one.steps(service, WAITED) == one.counts[service, Counted.ANSWERED]
            assert one.steps(service, LASTED) == one.counts[service, Counted.ENDED]
        steps = (*WAITED.counters, *LASTED.counters)
        assert {name: one.total(name) for name in steps} == {name: one.expected[name] for name in steps}


def test_each_wish_has_an_hour() -> None:
    """The hours of the week add up to those who started and those who could not."""
    for one in histories():
        wanted = sum(value for (_, name), value in one.counts.items() if name.startswith("wanted_"))
        assert wanted == one.total(Counted.STARTED) + one.total(Counted.REFUSED_CLOSED)


def test_each_offer_and_each_ring_counts_at_most_once() -> None:
    """No more is taken or left unanswered than was offered, and no more ended unsafe than ended."""
    for one in histories():
        taken = one.total(Counted.TRANSFERRED) + one.total(Counted.TRANSFER_UNANSWERED)
        assert taken <= one.offers["transfers"]
        assert one.total(Counted.OFFER_UNANSWERED) <= one.offers["rings"]
        unsafe = sum(one.total(each) for each in Counted if each.startswith("unsafe_"))
        assert unsafe <= one.total(Counted.ENDED)
