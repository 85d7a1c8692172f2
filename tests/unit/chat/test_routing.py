# SPDX-License-Identifier: EUPL-1.2
"""Which operator: who is rung for whom, and who may pick from the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chat import commands
from chat.catalogue import Deadlines, Service
from chat.conversation import Conversation, Phase
from chat.duty import Duty
from chat.errors import AtCapacity, ChatError, NotAllowed
from chat.ids import ConversationId, DutyId, ServiceId, Track
from chat.routing import Assignment, assign, check_claim, speaks
from chat.transitions import receive
from tests.unit.chat.making import FEW, NOON, A, B, C, a_conversation, a_duty, a_service, minutes

JOUR = a_service(capacity=2)


def ring(
    waiting: list[Conversation], duties: list[Duty], loads: Mapping[DutyId, int] | None = None
) -> tuple[str, str] | None:
    """Return which conversation rings at whom, or None."""
    found = assign(JOUR, waiting, duties, loads or {}, own_language="sv")
    return None if found is None else (found.conversation, found.duty)


def test_assign_takes_the_first_in_the_queue() -> None:
    """The acute stands before the longest waiting."""
    waiting = [a_conversation("long"), a_conversation("acute", acute=True, waiting_since=NOON + minutes(9))]
    assert ring(waiting, [a_duty("a")]) == ("acute", "a")


def test_assign_prefers_the_least_loaded_then_the_longest_idle() -> None:
    """Fewest conversations first; among equals whoever has been without one longest."""
    duties = [a_duty("a", idle_since=NOON), a_duty("b", idle_since=NOON - minutes(5)), a_duty("c")]
    assert ring([a_conversation()], duties, {A: 1, B: 1}) == ("one", "c")
    assert ring([a_conversation()], duties, {C: 1}) == ("one", "b")


@pytest.mark.parametrize(
    "duty",
    [
        a_duty("a", "tjej"),
        a_duty("a", away_since=NOON),
        a_duty("a", track=Track.PERPETRATOR),
        replace(a_duty("a"), services=frozenset()),
    ],
)
def test_assign_rings_nobody_who_does_not_serve(duty: Duty) -> None:
    """Another service, no socket, the other track, the switch off: each is enough not to be rung."""
    assert ring([a_conversation()], [duty]) is None


def test_assign_stops_at_the_capacity_with_rings_counted() -> None:
    """A console that rings counts as one conversation more, also when another service rings it."""
    ringing = a_conversation("ringing", service=ServiceId("tjej"), phase=Phase.OFFERED, operator=A)
    duty = a_duty("a", "jour", "tjej")
    assert ring([a_conversation()], [duty], {A: 1}) == ("one", "a")
    assert ring([a_conversation()], [duty], {A: 2}) is None
    assert ring([a_conversation(), ringing], [duty], {A: 1}) is None


def test_assign_leaves_other_services_and_the_away_alone() -> None:
    """Nobody is rung for a visitor without a socket, nor for another service's."""
    away = a_conversation("away", visitor_away_since=NOON)
    other = a_conversation("other", service=ServiceId("tjej"))
    assert ring([away, other], [a_duty("a", "jour", "tjej")]) is None
    assert ring([away, other, a_conversation("here", waiting_since=NOON + minutes(1))], [a_duty("a")]) == (
        "here",
        "a",
    )


def test_assign_waits_for_her_language_without_holding_up_the_queue() -> None:
    """While somebody on duty speaks it she waits for them, and those behind her are served meanwhile."""
    arabic = a_conversation("arabic", language="ar")
    swedish = a_conversation("swedish", waiting_since=NOON + minutes(1))
    duties = [a_duty("a", languages=frozenset({"ar"})), a_duty("b")]
    assert ring([arabic], duties, {A: 1}) == ("arabic", "a")
    assert ring([arabic, swedish], duties, {A: 2}) == ("swedish", "b")


def test_assign_gives_somebody_when_nobody_speaks_it() -> None:
    """With nobody on duty who speaks it, anybody is better than nobody."""
    assert ring([a_conversation(language="ar")], [a_duty("a")]) == ("one", "a")


@pytest.mark.parametrize(
    ("language", "understood"),
    [("sv", True), ("sv-easy", True), ("ar", True), ("AR-SY", True), ("en", False)],
)
def test_speaks_own_language_and_those_named(language: str, understood: bool) -> None:
    """Everybody speaks the service's own; easy Swedish and a country's variant are the same language."""
    assert speaks(a_duty("a", languages=frozenset({"ar"})), language, "sv") is understood


def test_assign_passes_over_those_who_did_not_answer_then_begins_anew() -> None:
    """Whoever rang in vain is rung again only when everybody free has been tried, and then in turn."""
    duties = [a_duty("a"), a_duty("b"), a_duty("c")]
    state, rung = a_conversation(), []
    for _ in range(6):
        found = assign(JOUR, [state], duties, {}, own_language="sv")
        assert found is not None
        rung.append(found.duty)
        state, _ = receive(state, commands.Offer(found.duty), NOON, Deadlines())
        state, _ = receive(state, commands.ReturnToQueue(found.duty), NOON, Deadlines())
    assert rung == [A, B, C, A, B, C]


@pytest.mark.parametrize(
    ("told", "duty", "load", "refusal"),
    [
        ({}, a_duty("a"), 2, AtCapacity),
        ({}, a_duty("a", "tjej"), 0, NotAllowed),
        ({}, a_duty("a", away_since=NOON), 0, NotAllowed),
        ({"track": Track.PERPETRATOR}, a_duty("a"), 0, NotAllowed),
        ({"service": ServiceId("tjej")}, a_duty("a", "jour", "tjej"), 0, NotAllowed),
    ],
)
def test_claim_is_refused(told: dict[str, Any], duty: Duty, load: int, refusal: type[ChatError]) -> None:
    """A full hand, another service, no socket, the other track: each has its refusal."""
    with pytest.raises(refusal):
        check_claim(JOUR, a_conversation(**told), duty, load)


def test_claim_is_free_to_whoever_serves() -> None:
    """An operator with room may pick, also in a language that is not theirs."""
    check_claim(JOUR, a_conversation(language="ar"), a_duty("a"), 1)


class Evening:
    """A service in offer mode for an evening: what is waiting, who holds what."""

    def __init__(self, service: Service, operators: int) -> None:
        self.service, self.now = service, NOON
        self.duties = {DutyId(str(number)): a_duty(str(number)) for number in range(operators)}
        self.chats: dict[ConversationId, Conversation] = {}

    def loads(self) -> Counter[DutyId]:
        """Return how many active conversations each operator holds."""
        return Counter(
            one.operator for one in self.chats.values() if one.operator and one.phase is Phase.ACTIVE
        )

    def tell(self, chat: Conversation, command: commands.Command) -> None:
        """Carry out one command, forgetting what has ended."""
        after, _ = receive(chat, command, self.now, Deadlines())
        self.chats[chat.id] = after
        if after.phase is Phase.ENDED:
            del self.chats[chat.id]

    def next_offer(self) -> Assignment | None:
        """Return what `assign` says now."""
        return assign(
            self.service, self.chats.values(), list(self.duties.values()), self.loads(), own_language="sv"
        )

    def fill(self, *, answer: bool) -> None:
        """Make every offer that there is to make; whoever is rung accepts, or is slow to."""
        while (found := self.next_offer()) is not None:
            self.tell(self.chats[found.conversation], commands.Offer(found.duty))
            if answer:
                self.tell(self.chats[found.conversation], commands.Claim(found.duty, "alias"))

    def step(self, word: str, number: int) -> None:
        """Let one thing happen."""
        self.now += minutes(0.25)
        chats, duties = list(self.chats.values()), list(self.duties.values())
        match word:
            case "start":
                name = ConversationId(f"{self.now.timestamp()}")
                self.chats[name] = a_conversation(name, waiting_since=self.now, acute=number % 5 == 0)
            case "end" if chats:
                self.tell(chats[number % len(chats)], commands.LeaveConversation())
            case "lose" if held := [one for one in chats if one.phase is Phase.ACTIVE and one.operator]:
                one = held[number % len(held)]
                assert one.operator is not None
                self.tell(one, commands.ReturnToQueue(one.operator))
            case "toggle" if duties:
                duty = duties[number % len(duties)]
                gone: datetime | None = None if duty.away_since else self.now
                self.duties[duty.id] = replace(duty, away_since=gone)
            case _:
                for chat in chats:
                    self.tell(chat, commands.LetTimePass())


STEPS = st.tuples(
    st.sampled_from(["start", "start", "end", "lose", "toggle", "time"]), st.integers(0, 30), st.booleans()
)


@FEW
@given(st.lists(STEPS, max_size=20), st.integers(0, 3), st.integers(1, 2))
def test_evening_keeps_its_promises(
    steps: list[tuple[str, int, bool]], operators: int, capacity: int
) -> None:
    """Nobody ever holds more than they may, and no place stays free while somebody waits."""
    evening = Evening(a_service(capacity=capacity), operators)
    for word, number, answer in steps:
        evening.step(word, number)
        evening.fill(answer=answer)
        chats = evening.chats.values()
        taken = Counter(one.operator for one in chats if one.operator)
        assert all(count <= capacity for count in taken.values())
        serving = [duty for duty in evening.duties.values() if duty.away_since is None]
        free = any(taken[duty.id] < capacity for duty in serving)
        assert not (free and any(one.phase is Phase.WAITING for one in chats))
