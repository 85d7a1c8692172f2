# SPDX-License-Identifier: EUPL-1.2
"""Sums of figures: what is hidden is never taken for nought, and never guessed."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from chat.histograms import WAITED
from tests.unit.web.figures.made import figure, week
from web.figures.periods import month, of_week
from web.figures.tally import HIDDEN, Tally, quantile, rate, share, total
from web.figures.values import Counted, Rate, Share, Took

MARCH = month(week(0).month)


def counted(*values: int | None) -> list[Counted | None]:
    """Return steps with these values; None is hidden. What is not named is hidden too."""
    some = [None if value is None else Counted(value) for value in values]
    return some + [None] * (len(WAITED.counters) - len(some))


def test_only_figures_of_the_period_are_added() -> None:
    """A figure belongs to the week in which it was told."""
    tally = Tally(
        [
            figure("answered", 5, -1),
            figure("answered", 7, 0),
            figure("answered", 9, 3),
            figure("answered", 6, 4),
        ]
    )
    assert tally.of("answered", MARCH) == Counted(16)
    assert tally.of("answered", of_week(week(3))) == Counted(9)


def test_nothing_told_is_none_and_not_nought() -> None:
    """Also for a counter that nobody has heard of."""
    tally = Tally([figure("answered", 5, -1)])
    assert tally.of("answered", MARCH) is None
    assert tally.of("ended", MARCH) is None
    assert tally.sum(("answered", "ended"), MARCH) is None


def test_figure_that_began_earlier_says_since_when() -> None:
    """The first of them, where it reaches back before the period."""
    tally = Tally([figure("answered", 5, 1, since=-3), figure("answered", 6, 2)])
    assert tally.of("answered", MARCH) == Counted(11, week(-3))
    assert tally.of("answered", of_week(week(2))) == Counted(6)


def test_sum_says_that_there_may_be_more() -> None:
    """And since when the earliest of it is counted."""
    tally = Tally([figure("a", 5, 1, since=-3), figure("b", 6, 2, since=-1), figure("c", 8)])
    assert tally.sum(("a", "b", "c", "d"), MARCH) == Counted(19, week(-3), about=True)
    assert total([None, None]) is None


def test_share_is_said_where_it_is_known_well_enough() -> None:
    """With everything told; with a little hidden it says that it is about that; else not at all."""
    assert share(Counted(84), [Counted(7), Counted(7)]) == Share(86)
    assert share(Counted(140), [Counted(14), None]) == Share(89, about=True)
    assert share(Counted(35), [None, None]) is None
    assert share(Counted(21), [Counted(7)]) is None
    assert share(None, [Counted(70)]) is None


@pytest.mark.parametrize("hidden", range(HIDDEN + 1))
def test_share_is_near_whatever_is_left_over(hidden: int) -> None:
    """For every number that is usually waiting."""
    said = share(Counted(70), [None, Counted(7)])
    assert said is not None
    assert abs(said.percent - 7000 / (77 + hidden)) <= 5


def test_rate_is_rounded_to_tenths() -> None:
    """And is none where either is hidden, or there are very few."""
    assert rate(Counted(98), Counted(21)) == Rate(47)
    assert rate(Counted(7), Counted(70)) == Rate(1)
    assert rate(Counted(70), Counted(14)) is None
    assert rate(None, Counted(70)) is rate(Counted(70), None) is None


def test_middle_lies_in_a_step_when_enough_stands_on_both_sides() -> None:
    """Seven below and seven above at the least."""
    assert quantile(WAITED, counted(14, 14, 70, 14, 14), 50) == Took(60, 120)
    assert quantile(WAITED, counted(7), 50) is None
    assert quantile(WAITED, counted(*[None] * 10), 50) is None


def test_nine_of_ten_need_seventy() -> None:
    """Else fewer than seven would stand above."""
    assert quantile(WAITED, counted(7, 7, 7, 7, 7, 7, 7, 7, 7), 90) is None
    assert quantile(WAITED, counted(7, 7, 7, 7, 7, 7, 7, 7, 7, 7), 90) == Took(3600, 7200)


def test_quantile_is_the_same_whatever_is_hidden() -> None:
    """Where hidden steps could move it, it says the steps between which it lies, or nothing."""
    chance = Random(7)
    for _ in range(300):
        steps = [chance.choice([None, None, 7 * chance.randint(1, 4)]) for _ in range(5)]
        percent = chance.choice([50, 90])
        said = quantile(WAITED, counted(*steps, 0, 0, 0, 0, 0), percent)
        if said is None:
            continue
        for filled in product(*[(0, 3, HIDDEN) if each is None else (each,) for each in steps]):
            true, so_far, whole = 0, 0, sum(filled)
            for place, value in enumerate(filled):
                so_far += value
                if so_far * 100 >= whole * percent:
                    true = place
                    break
            low, high = WAITED.bounds(true)
            assert said.low <= low
            assert high is not None
            assert said.high is not None
            assert high <= said.high
