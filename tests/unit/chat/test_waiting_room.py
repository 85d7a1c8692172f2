# SPDX-License-Identifier: EUPL-1.2
"""The queue: its order, her place in it, and an honest range of waiting."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.conversation import Conversation
from chat.waiting_room import _erlang, in_order, wait_range, waiting_level
from tests.unit.chat.making import FEW, NOON, a_conversation, minutes

QUEUES = st.lists(
    st.builds(
        lambda name, since, acute, front, away: a_conversation(
            str(name),
            waiting_since=NOON + minutes(since),
            acute=acute,
            front=front,
            visitor_away_since=NOON if away else None,
        ),
        st.integers(0, 10**6),
        st.integers(0, 5),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


def test_order_is_here_then_acute_then_front_then_longest_then_id() -> None:
    """Each reason to go first stands above the next; whoever is away goes before nobody who is here."""
    late = {"waiting_since": NOON + minutes(5)}
    away = {"visitor_away_since": NOON + minutes(6)}
    expected = [
        a_conversation("z", acute=True, front=True, **late),
        a_conversation("y", acute=True, **late),
        a_conversation("x", front=True, **late),
        a_conversation("v"),
        a_conversation("w"),
        a_conversation("u", **late),
        a_conversation("t", acute=True, front=True, **away),
        a_conversation("s", front=True, **away),
        a_conversation("r", **away),
    ]
    assert in_order(reversed(expected)) == expected


@FEW
@given(QUEUES)
def test_order_is_fifo_within_a_priority(queue: list[Conversation]) -> None:
    """Among those of one priority nobody stands before somebody who has waited longer."""
    ordered = in_order(queue)
    for acute in (True, False):
        for front in (True, False):
            for here in (True, False):
                waits = [
                    one.waiting_since
                    for one in ordered
                    if (one.acute, one.front, one.visitor_away_since is None) == (acute, front, here)
                ]
                assert waits == sorted(waits)


@FEW
@given(QUEUES, st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_store(queue: list[Conversation], chance: Random) -> None:
    """However the store hands them over, every process sees one and the same queue."""
    shuffled = list(queue)
    chance.shuffle(shuffled)
    assert in_order(shuffled) == in_order(queue)


def test_wait_is_unknown_without_anybody_on_duty() -> None:
    """Nobody on duty: no figure at all, not a guess."""
    assert wait_range(0, slots=0, free=0, mean_minutes=40) is None


def test_wait_is_nearly_none_with_a_free_place() -> None:
    """With a place for her she is only waiting to be seen."""
    assert wait_range(1, slots=3, free=2, mean_minutes=40) == (0, 2)


@pytest.mark.parametrize(
    ("before", "slots", "expected"), [(0, 1, (5, 65)), (0, 3, (0, 25)), (2, 3, (20, 60)), (10, 10, (30, 55))]
)
def test_wait_follows_the_published_queue(before: int, slots: int, expected: tuple[int, int]) -> None:
    """With every place taken, the 20th to 80th percentile of the Erlang distribution, in steps of five."""
    assert wait_range(before, slots=slots, free=0, mean_minutes=40) == expected


@pytest.mark.parametrize("ends", [1, 2, 5, 20, 200])
@pytest.mark.parametrize("share", [0.2, 0.8])
def test_wait_percentiles_are_those_of_erlang(ends: int, share: float) -> None:
    """The approximation stays within one percent of the exact distribution."""
    quantile = _erlang(ends, 0.8416 if share == 0.8 else -0.8416)
    logs = [n * math.log(quantile) - quantile - math.lgamma(n + 1) for n in range(ends)]
    assert 1 - math.fsum(map(math.exp, logs)) == pytest.approx(share, abs=0.01)


@FEW
@given(st.integers(0, 300), st.integers(1, 100), st.integers(0, 100), st.integers(1, 240))
def test_wait_is_a_range_that_grows_with_the_queue(before: int, slots: int, free: int, mean: int) -> None:
    """Low never passes high, both are sensible steps, and one more before her never shortens it."""
    free = min(free, slots)
    here = wait_range(before, slots=slots, free=free, mean_minutes=mean)
    behind = wait_range(before + 1, slots=slots, free=free, mean_minutes=mean)
    assert here is not None
    assert behind is not None
    assert 0 <= here[0] <= here[1]
    assert here == (0, 2) or all(bound % 5 == 0 for bound in here)
    assert here[0] <= behind[0]
    assert here[1] <= behind[1]


@pytest.mark.parametrize(
    ("waiting", "slots", "free", "level"),
    [(0, 3, 1, "none"), (0, 3, 0, "short"), (1, 3, 1, "short"), (8, 3, 0, "long"), (0, 0, 0, "long")],
)
def test_level_is_what_a_newcomer_meets(waiting: int, slots: int, free: int, level: str) -> None:
    """A free place, half an hour at most, or longer; with nobody on duty nothing short is promised."""
    assert waiting_level(waiting, slots=slots, free=free, mean_minutes=40) == level
