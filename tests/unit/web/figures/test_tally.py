# SPDX-License-Identifier: EUPL-1.2
"""Sums of figures: what is hidden is never taken for nought, and never guessed."""

from __future__ import annotations

from chat.histograms import WAITED, Steps
from tests.unit.web.figures.made import figure, week
from web.figures.periods import month, of_week
from web.figures.tally import Tally, quantile, rate, share, total
from web.figures.values import Counted, Rate, Share, Took

MARCH = month(week(0).month)
LAST = Steps("took", (30,))


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
    """It says that it is about that; and nothing where it may be off by more than ten of a hundred."""
    assert share([Counted(84)], [Counted(21), Counted(7)]) == Share(75, about=True)
    assert share([Counted(140)], [Counted(14), None]) == Share(89, about=True)
    assert share([Counted(9_800)], [Counted(700), Counted(700)]) == Share(88)
    assert share([Counted(35)], [None, None]) is None
    assert share([Counted(49)], [Counted(14)]) is None
    assert share([None], [Counted(70)]) is None


def test_share_of_several_services_is_as_unsure_as_all_their_counters() -> None:
    """The same sums, of one counter and of twenty, are not known equally well."""
    assert share([Counted(140)], [Counted(140)]) is not None
    assert share([Counted(7)] * 20, [Counted(7)] * 20) is None
    assert share([Counted(140), *[None] * 40], [Counted(70)]) is None


def test_rate_is_rounded_to_tenths() -> None:
    """And is none where either is hidden, or it may be off by more than a fifth."""
    assert rate([Counted(343)], [Counted(70)]) == Rate(49)
    assert rate([Counted(98)], [Counted(21)]) is None
    assert rate([Counted(7)], [Counted(70)]) is None
    assert rate([Counted(343)], [Counted(70), None, None]) is None
    assert rate([None], [Counted(70)]) is rate([Counted(70)], [None]) is rate([], []) is None


def test_middle_lies_within_three_steps_when_enough_stands_on_both_sides() -> None:
    """Seven below and seven above at the least."""
    assert quantile(WAITED, counted(14, 14, 210, 14, 14, *[7] * 5), 50) == Took(60, 120)
    assert quantile(WAITED, counted(*[21] * 10), 50) == Took(300, 1200)
    assert quantile(WAITED, counted(*[14] * 10), 50) is None
    assert quantile(WAITED, counted(7), 50) is None
    assert quantile(WAITED, counted(*[None] * 10), 50) is None


def test_nine_of_ten_need_seventy() -> None:
    """Else fewer than seven would stand above."""
    assert quantile(LAST, counted(7, 56)[:2], 90) is None
    assert quantile(LAST, counted(7, 63)[:2], 90) == Took(30, None)


def test_hidden_steps_widen_what_is_said() -> None:
    """Six may be in each, at either end."""
    steps = counted(7, 140, 7, *[7] * 7)
    assert quantile(WAITED, steps, 50) == Took(30, 60)
    assert quantile(WAITED, steps[:2] + [None] * 8, 50) == Took(30, 60)
    assert quantile(WAITED, counted(7, 70, 7, *[7] * 7), 50) == Took(30, 120)
    assert quantile(WAITED, counted(7, 70), 90) is None
