# SPDX-License-Identifier: EUPL-1.2
"""How figures that were told become a demand for each hour of the week."""

from __future__ import annotations

from datetime import date

import pytest

from chat.demand import NOT_TOLD, demand, period
from chat.grid import Month, Week
from chat.histograms import LASTED, wanted
from chat.ids import ServiceId
from chat.published import Figure

LAST = Month(2026, 10).weeks[-1]
FIRST, END = period(LAST)


def figure(name: str, value: int, *, since: Week = FIRST, week: Week = END) -> Figure:
    """Return one figure of a service."""
    return Figure(ServiceId("linden"), name, since, week, value)


@pytest.mark.parametrize(
    ("last", "first", "end"),
    [
        (Month(2026, 10).weeks[-1], Month(2025, 11).weeks[0], Month(2026, 10).weeks[-1]),
        (Month(2026, 11).weeks[0], Month(2025, 11).weeks[0], Month(2026, 10).weeks[-1]),
        (Month(2026, 1).weeks[0], Month(2025, 1).weeks[0], Month(2025, 12).weeks[-1]),
        (Month(2026, 1).weeks[-1], Month(2025, 2).weeks[0], Month(2026, 1).weeks[-1]),
    ],
)
def test_period_is_the_last_twelve_whole_months(last: Week, first: Week, end: Week) -> None:
    """In the middle of a month the one before is the last, also over a new year."""
    assert period(last) == (first, end)


def test_demand_is_what_is_told_and_what_may_be_left_over() -> None:
    """Of an hour that nothing is told of, as many as can hide are reckoned with."""
    found = demand([figure(wanted(1, 19), 49), figure(wanted(1, 19), 7), figure("answered", 70)], FIRST, END)
    assert found is not None
    assert found.weeks == (END.monday - FIRST.monday).days // 7 + 1 in (52, 53)
    assert found.told == {(1, 19): 56}
    assert found.an_hour((1, 19)) == (56 + NOT_TOLD) / found.weeks
    assert found.an_hour((1, 20)) == NOT_TOLD / found.weeks
    assert found.minutes is None


def test_demand_of_a_young_service_is_of_its_own_weeks() -> None:
    """Weeks before its first count neither as quiet nor as busy."""
    began = Week(date(2026, 9, 7))
    found = demand([figure(wanted(6, 2), 7, since=began)], FIRST, END)
    assert found is not None
    assert found.weeks == (END.monday - began.monday).days // 7 + 1


def test_demand_is_none_where_no_hour_is_told_of() -> None:
    """Nothing, or other counters only."""
    assert demand([], FIRST, END) is None
    assert demand([figure("answered", 700)], FIRST, END) is None


@pytest.mark.parametrize(("told", "minutes"), [(21, None), (28, 7.5)])
def test_mean_length_needs_enough_of_them(told: int, minutes: float | None) -> None:
    """The middle of the step from five to ten minutes, when four sevens are told."""
    hours = figure(wanted(0, 0), 7)
    found = demand([hours, figure(LASTED.counters[1], told)], FIRST, END)
    assert found is not None
    assert found.minutes == minutes


def test_mean_length_weighs_each_step_by_its_middle() -> None:
    """The last step has no end and is taken to end after four hours."""
    steps = [figure(name, 14) for name in (LASTED.counters[0], LASTED.counters[-1])]
    found = demand([figure(wanted(0, 0), 7), *steps], FIRST, END)
    assert found is not None
    assert found.minutes == (2.5 + 210) / 2
