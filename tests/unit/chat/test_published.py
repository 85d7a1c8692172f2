# SPDX-License-Identifier: EUPL-1.2
"""The rule of what is told: whole sevens, what is left goes on, and chance holds back."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import chain, repeat

import pytest

from chat.grid import Month, Week
from chat.histograms import LASTED, WAITED, wanted
from chat.ids import ServiceId
from chat.published import FEWEST_SHOWN, TOLD, Figure, Gathered, close, closes_with, held_back, told_of
from chat.statistics import EXIT_ANSWERS, EXIT_QUESTIONS
from chat.wrapping_up import counters

LINDEN = ServiceId("linden")
FIRST = Week(date(2026, 1, 5))
SECOND = FIRST.after
THIRD = SECOND.after


def never(_: str) -> int:
    """Hold nothing back."""
    return 0


def test_whole_sevens_are_told_and_the_rest_goes_on() -> None:
    """Six are not told; with nine more, two sevens are, and one is left."""
    told, left = close(LINDEN, FIRST, FIRST, {}, {"answered": 6}, never)
    assert told == ()
    assert left == {"answered": Gathered(FIRST, 6)}
    told, left = close(LINDEN, SECOND, FIRST, left, {"answered": 9}, never)
    assert told == (Figure(LINDEN, "answered", FIRST, SECOND, 14),)
    assert left == {"answered": Gathered(THIRD, 1)}


def test_what_is_held_back_is_told_later() -> None:
    """A seven more goes on, and is told when nothing else has come to that counter."""
    told, left = close(LINDEN, FIRST, FIRST, {}, {"answered": 16}, lambda _: 1)
    assert told == (Figure(LINDEN, "answered", FIRST, FIRST, 7),)
    assert left == {"answered": Gathered(SECOND, 9)}
    told, left = close(LINDEN, SECOND, FIRST, left, {"ended": 1}, never)
    assert told == (Figure(LINDEN, "answered", SECOND, SECOND, 7),)
    assert left == {"answered": Gathered(THIRD, 2), "ended": Gathered(FIRST, 1)}


def test_no_more_can_be_held_back_than_there_is() -> None:
    """However many sevens chance wants."""
    assert close(LINDEN, FIRST, FIRST, {}, {"answered": 16}, lambda _: 9) == (
        (),
        {"answered": Gathered(FIRST, 16)},
    )


@pytest.mark.parametrize("name", ["started", "abandoned", "shift_felt_heavy", "from_a_later_version"])
def test_what_is_never_told_is_not_even_gathered(name: str) -> None:
    """Sums of others, and what one person said of a shift."""
    assert close(LINDEN, FIRST, FIRST, {}, {name: 100}, never) == ((), {})


def test_hours_of_the_week_wait_for_the_end_of_their_month() -> None:
    """They stand under its first Monday; all others are gathered with their own week."""
    weeks = Month(2026, 4).weeks
    first_day = weeks[0].monday
    assert closes_with(wanted(6, 2), first_day) == weeks[-1]
    assert closes_with("answered", first_day) == weeks[0]
    assert closes_with("answered", weeks[0].sunday) == weeks[0]


def test_chance_holds_back_one_in_eight_and_may_hold_back_any_number() -> None:
    """All bytes alike."""
    once = Counter(held_back(chain([byte], repeat(255)).__next__) for byte in range(256))
    assert once == {0: 224, 1: 32}
    assert held_back(iter([0, 31, 0, 31, 32]).__next__) == 4


def test_no_tied_group_has_a_multiple_of_seven_parts() -> None:
    """Then what is left of its parts is not certain even where all of it is as much as can be.

    Fails when a vocabulary grows to seven words: take another `FEWEST_SHOWN`, or another word.
    """
    groups = [WAITED.counters, LASTED.counters, EXIT_ANSWERS]
    groups += [names for field, names in counters().items() if field not in {"violence", "themes"}]
    assert {len(group) % FEWEST_SHOWN for group in groups} <= {1, 2, 3, 4, 5, 6}
    names = {f"exit_{asked}_{answer}" for asked in EXIT_QUESTIONS for answer in EXIT_ANSWERS}
    assert names.union(*groups[:2], *groups[3:]) <= TOLD


def test_what_is_counted_elsewhere_is_told_in_sevens_too() -> None:
    """As much as has come since the same day."""
    assert [told_of([each]) for each in (0, 6, 7, 13, 14)] == [0, 0, 7, 7, 14]
    assert told_of([3, 3, 3]) == 7
