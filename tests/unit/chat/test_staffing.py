# SPDX-License-Identifier: EUPL-1.2
"""The formulas of staffing, against exact fractions, a queue that is played out, and published figures."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.staffing import (
    MOST_SLOTS,
    AnsweredWithin,
    Load,
    MeanWait,
    Target,
    answered_within,
    mean_wait,
    slots_needed,
    waiting,
)
from tests.unit.chat.queueing import exponential, in_steps, play

TARGETS: tuple[Target, ...] = (AnsweredWithin(0.8, 5), AnsweredWithin(0.95, 0), MeanWait(10))
AGREES_ALL = 0.03
"""How far a share that is played may be from the formula's."""
AGREES_MEAN = 0.15
"""How far a mean wait may be, as a share of it: busy queues swing slowly, and a test is to be quick."""
AGREES_MINUTES = 0.2
"""How far a mean wait may be in any case, in minutes."""


def exact(slots: int, erlangs: Fraction) -> Fraction:
    """Return Erlang's C as it stands in books, in whole numbers."""
    term, terms = Fraction(1), Fraction(1)
    for number in range(1, slots):
        term = term * erlangs / number
        terms += term
    last = term * erlangs / slots * slots / (slots - erlangs)
    return last / (terms + last)


def of(erlangs: float, minutes: float = 25) -> Load:
    """Return a load of so many conversations at once."""
    return Load(erlangs * 60 / minutes, minutes)


@pytest.mark.parametrize(("slots", "minutes"), [(3, 27), (5, 14), (10, 5)])
def test_mean_wait_is_what_is_published_of_such_chats(slots: int, minutes: int) -> None:
    """At four fifths of what they can hold, with chats of 25 minutes: 27, 14 and 5 minutes."""
    assert round(mean_wait(of(0.8 * slots), slots)) == minutes


@pytest.mark.parametrize("slots", [1, 2, 3, 7, 20, 100, MOST_SLOTS])
@pytest.mark.parametrize("busy", [Fraction(1, 100), Fraction(1, 2), Fraction(4, 5), Fraction(99, 100)])
def test_waiting_is_the_formula_to_the_last_digits(slots: int, busy: Fraction) -> None:
    """Up to 500 slots no digit that matters is lost."""
    erlangs = slots * busy
    assert waiting(of(float(erlangs), 60), slots) == pytest.approx(float(exact(slots, erlangs)), rel=1e-9)


@given(st.floats(0, 600), st.floats(0.1, 600), st.integers(0, MOST_SLOTS), st.floats(0, 1000))
def test_nothing_is_worked_out_that_cannot_be(
    an_hour: float, minutes: float, slots: int, within: float
) -> None:
    """Whatever is asked: a probability, a share and a wait that may be without end, and never no number."""
    load = Load(an_hour, minutes)
    assert 0 <= waiting(load, slots) <= 1
    assert 0 <= answered_within(load, slots, within) <= 1
    wait = mean_wait(load, slots)
    assert wait >= 0
    assert isfinite(wait) == (an_hour == 0 or slots > load.erlangs)


@given(st.floats(0.01, 300), st.sampled_from(TARGETS))
def test_slots_needed_are_the_fewest_that_do(erlangs: float, target: Target) -> None:
    """With as many the target is reached, with one fewer it is not."""
    load = of(erlangs)
    slots = slots_needed(load, target)
    assert slots is not None

    def reached(number: int) -> bool:
        if isinstance(target, MeanWait):
            return mean_wait(load, number) <= target.minutes
        return answered_within(load, number, target.minutes) >= target.share

    assert reached(slots)
    assert slots == 1 or not reached(slots - 1)


@given(st.floats(0.01, 100), st.integers(1, 200))
def test_one_more_never_makes_it_worse(erlangs: float, slots: int) -> None:
    """More slots: nobody waits longer."""
    load = of(erlangs)
    assert waiting(load, slots + 1) <= waiting(load, slots) + 1e-12
    assert mean_wait(load, slots + 1) <= mean_wait(load, slots) + 1e-9
    assert answered_within(load, slots + 1, 5) >= answered_within(load, slots, 5) - 1e-12


def test_edges_are_said_as_they_are() -> None:
    """Nobody comes, nobody answers, too many come."""
    nobody, many = Load(0, 40), of(MOST_SLOTS + 1)
    assert (waiting(nobody, 0), mean_wait(nobody, 0), answered_within(nobody, 0, 0)) == (0, 0, 1)
    assert slots_needed(nobody, TARGETS[0]) == 1
    assert (waiting(many, MOST_SLOTS), mean_wait(many, MOST_SLOTS)) == (1, inf)
    assert answered_within(many, MOST_SLOTS, 60) == 0
    assert slots_needed(many, TARGETS[0]) is None


@pytest.mark.parametrize("slots", [-1, MOST_SLOTS + 1])
def test_slots_that_nobody_has_are_refused(slots: int) -> None:
    """Below none and above the most."""
    with pytest.raises(ValueError, match="slots"):
        waiting(of(1), slots)


@pytest.mark.parametrize(("an_hour", "minutes"), [(-1, 40), (1, 0), (inf, 40), (float("nan"), 40)])
def test_loads_that_are_none_are_refused(an_hour: float, minutes: float) -> None:
    """Fewer than none, no time, no end, no number."""
    with pytest.raises(ValueError, match="load"):
        Load(an_hour, minutes)


@pytest.mark.parametrize(("share", "minutes"), [(0, 5), (1, 5), (0.8, -1), (0.8, inf)])
def test_targets_that_are_none_are_refused(share: float, minutes: float) -> None:
    """None at all, everybody, before they came, never."""
    with pytest.raises(ValueError, match="target"):
        AnsweredWithin(share, minutes)
    with pytest.raises(ValueError, match="target"):
        MeanWait(minutes if minutes != 5 else 0)


@pytest.mark.parametrize("slots", [1, 2, 3, 5, 10, 20])
@pytest.mark.parametrize(("busy", "people"), [(0.3, 20_000), (0.6, 30_000), (0.8, 60_000)])
def test_formula_agrees_with_a_queue_that_is_played_out(slots: int, busy: float, people: int) -> None:
    """Who waits, for how long, and who is answered in time: within the tolerances above."""
    load = of(busy * slots)
    played = play(load.an_hour, slots, exponential(25), people=people, seed=f"{slots} {busy}")
    assert played.waited == pytest.approx(waiting(load, slots), abs=AGREES_ALL)
    assert played.within == pytest.approx(answered_within(load, slots, 5), abs=AGREES_ALL)
    assert played.mean_wait == pytest.approx(mean_wait(load, slots), rel=AGREES_MEAN, abs=AGREES_MINUTES)


@pytest.mark.parametrize("slots", [2, 4, 9])
def test_real_lengths_and_patience_keep_waits_below_the_formula(slots: int) -> None:
    """Lengths as counters tell them vary less than Erlang's, and who gives up makes room: both leave air.

    That is what the page says the formula leaves out, and on which side it errs.
    """
    lengths = in_steps((5, 7, 14, 19, 23, 18, 9, 4, 1, 0))
    chance = Random("lengths")
    minutes = sum(lengths(chance) for _ in range(20_000)) / 20_000
    load = Load(0.8 * slots * 60 / minutes, minutes)
    formula = mean_wait(load, slots)
    steady = play(load.an_hour, slots, lengths, people=40_000, seed=f"s {slots}")
    leaving = play(load.an_hour, slots, lengths, people=40_000, seed=f"s {slots}", patience=exponential(20))
    assert steady.gave_up == 0
    assert 0.5 * formula < steady.mean_wait < formula
    assert leaving.gave_up > 0.02
    assert leaving.mean_wait < 0.8 * steady.mean_wait
