# SPDX-License-Identifier: EUPL-1.2
"""A pause, a cap of one's own and giving back: what they change for those who wait, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import commands
from chat.catalogue import Deadlines
from chat.conversation import Phase
from chat.duty import Duty, places
from chat.errors import AtCapacity, NotAllowed, NotNow, Refused
from chat.events import OperatorLeft
from chat.ids import DutyId, ServiceId
from chat.parts import Invitation
from chat.routing import assign, check_claim, check_join
from chat.statistics import Count, Counted, counts_for, shift_felt
from chat.transitions import receive
from tests.unit.chat.making import FEW, NOON, A, B, a_conversation, a_duty, a_service

DUTIES = st.lists(
    st.tuples(st.none() | st.integers(1, 6), st.booleans(), st.booleans(), st.integers(0, 6)), max_size=5
)
"""Own cap, whether paused, whether away, and how many they hold."""


def _evening(told: list[tuple[int | None, bool, bool, int]]) -> tuple[list[Duty], dict[DutyId, int]]:
    duties = [
        a_duty(
            str(number),
            capacity=cap,
            paused_since=NOON if paused else None,
            away_since=NOON if away else None,
        )
        for number, (cap, paused, away, _) in enumerate(told)
    ]
    return duties, {duty.id: load for duty, (*_, load) in zip(duties, told, strict=True)}


def _takes(duty: Duty, load: int, capacity: int) -> bool:
    try:
        check_claim(a_service(capacity=capacity), a_conversation(), duty, load)
    except Refused:
        return False
    return True


@FEW
@given(DUTIES, st.integers(1, 6))
def test_free_places_are_what_can_be_claimed(
    told: list[tuple[int | None, bool, bool, int]], capacity: int
) -> None:
    """As many free places are told as claims would be let through, one by one; offers go to the same."""
    duties, loads = _evening(told)
    service = a_service(capacity=capacity)
    found = places(service, duties, loads)
    claims = sum(
        sum(_takes(duty, load, capacity) for load in range(loads[duty.id], capacity)) for duty in duties
    )
    assert 0 <= found.free <= found.slots
    assert found.free == claims
    offer = assign(service, [a_conversation()], duties, loads, own_language="sv")
    assert (offer is not None) == (claims > 0)
    if offer is not None:
        chosen = next(duty for duty in duties if duty.id == offer.duty)
        assert _takes(chosen, loads[chosen.id], capacity)


@FEW
@given(DUTIES, st.integers(1, 6))
def test_pause_of_one_hurts_nobody_else(
    told: list[tuple[int | None, bool, bool, int]], capacity: int
) -> None:
    """Whoever pauses takes their own places along, and not one more."""
    duties, loads = _evening([(2, False, False, 0), *told])
    paused = [a_duty("0", capacity=2, paused_since=NOON), *duties[1:]]
    service = a_service(capacity=capacity)
    assert places(service, paused, loads) == places(service, duties[1:], loads)
    before, after = places(service, duties, loads), places(service, paused, loads)
    assert before.slots - after.slots == before.free - after.free == min(2, capacity)


def test_own_cap_never_raises_that_of_the_service() -> None:
    """Who wants ten holds as many as the service lets everybody hold."""
    service = a_service(capacity=3)
    assert [a_duty(capacity=cap).most(service) for cap in (None, 1, 3, 10)] == [3, 1, 3, 3]


def test_claim_tells_a_pause_from_a_full_desk() -> None:
    """Paused: not now. Full by one's own wish: the same as full. Elsewhere: as if it did not exist."""
    service, one = a_service(capacity=3), a_conversation()
    with pytest.raises(NotNow):
        check_claim(service, one, a_duty(paused_since=NOON), 0)
    with pytest.raises(AtCapacity):
        check_claim(service, one, a_duty(capacity=1), 1)
    with pytest.raises(NotAllowed):
        check_claim(service, one, a_duty("a", "tjej", capacity=1), 0)
    check_claim(service, one, a_duty(capacity=2), 1)


def test_guest_needs_a_place_and_no_pause() -> None:
    """Coming along takes a place like any other conversation."""
    invited = a_conversation(
        phase=Phase.ACTIVE,
        operator=B,
        alias="Bodil",
        invitation=Invitation(ServiceId("jour"), "Jouren", history=False, at=NOON),
    )
    with pytest.raises(NotNow):
        check_join(a_service(), invited, a_duty(paused_since=NOON), 0)
    with pytest.raises(AtCapacity):
        check_join(a_service(), invited, a_duty(capacity=1), 1)
    check_join(a_service(), invited, a_duty(capacity=2), 1)


def test_handed_back_she_stands_first_and_nobody_was_lost() -> None:
    """It counts as given back; she is at the front, and another console is rung before the same one."""
    held = a_conversation(phase=Phase.ACTIVE, operator=A, alias="Alma", seq=4)
    back, (left,) = receive(held, commands.HandBack(A), NOON, Deadlines())
    assert (back.phase, back.front, back.operator, back.passed_by) == (
        Phase.WAITING,
        True,
        None,
        frozenset({A}),
    )
    assert left == OperatorLeft(5, A, "Alma", handed_back=True)
    assert [count.name for count in counts_for(held, [left], NOON)] == [Counted.HANDED_BACK]
    offer = assign(a_service(), [back], [a_duty("a"), a_duty("b")], {A: 0, B: 1}, own_language="sv")
    assert offer is not None
    assert offer.duty == B


def test_only_the_holder_hands_back_and_only_what_is_held() -> None:
    """Another duty's conversation looks like none; one that waits is nobody's to give."""
    held = a_conversation(phase=Phase.ACTIVE, operator=A, alias="Alma")
    with pytest.raises(NotAllowed):
        receive(held, commands.HandBack(B), NOON, Deadlines())
    with pytest.raises(NotNow):
        receive(a_conversation(), commands.HandBack(A), NOON, Deadlines())


@pytest.mark.parametrize("answer", ["good", "so_so", "heavy"])
def test_how_a_shift_was_is_one_count_whatever_it_served(answer: str) -> None:
    """One shift is one answer: in the first of its services by id."""
    count = shift_felt([ServiceId("tjej"), ServiceId("jour")], answer, NOON)
    assert count == Count(ServiceId("jour"), NOON.date(), Counted(f"shift_felt_{answer}"))


@pytest.mark.parametrize(("services", "answer"), [([], "good"), (["jour"], "fine"), (["jour"], "")])
def test_what_is_no_answer_about_a_shift_counts_nothing(services: list[str], answer: str) -> None:
    """Without a shift there is nothing to tell of."""
    assert shift_felt(map(ServiceId, services), answer, NOON) is None
