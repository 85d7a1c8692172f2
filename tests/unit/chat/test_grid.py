# SPDX-License-Identifier: EUPL-1.2
"""The grid of figures: whole weeks in months in years, and the hours of days with another length."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grid import Month, Week, hours_of, hours_shown, weeks_of_year

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@given(DAYS)
def test_every_day_lies_in_one_week_of_one_month_of_one_year(day: date) -> None:
    """Nothing is left between, and nothing is in two."""
    week = Week.of(day)
    assert week.monday <= day < week.after.monday
    assert week in week.month.weeks
    assert week.month.year == week.year
    assert weeks_of_year(week.year).count(week) == 1


@pytest.mark.parametrize("year", range(2020, 2061))
def test_a_year_is_its_months_in_order(year: int) -> None:
    """52 or 53 weeks, each after the one before, and the next year begins where this one ends."""
    weeks = weeks_of_year(year)
    assert len(weeks) in {52, 53}
    assert all(later == earlier.after for earlier, later in pairwise(weeks))
    assert weeks[-1].after == weeks_of_year(year + 1)[0]
    assert {len(Month(year, number).weeks) for number in range(1, 13)} <= {4, 5}


def test_a_week_is_closed_on_the_monday_after_in_sweden() -> None:
    """A minute before local midnight it is still the running one."""
    midnight = datetime(2026, 7, 5, 22, 0, tzinfo=UTC)
    assert Week.last_closed(midnight - timedelta(minutes=1)) == Week(date(2026, 6, 22))
    assert Week.last_closed(midnight) == Week(date(2026, 6, 29))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 27), 24)]
)
def test_days_have_as_many_hours_as_pass(day: date, hours: int) -> None:
    """23 in spring, 25 in autumn."""
    assert hours_of(day) == hours


def test_hours_of_a_week_are_those_that_its_clocks_show() -> None:
    """In spring two o'clock is not there on Sunday; in autumn it comes twice."""
    spring, autumn = (Counter(hours_shown(Week.of(day))) for day in (date(2026, 3, 29), date(2026, 10, 25)))
    assert (spring.total(), spring[6, 2]) == (167, 0)
    assert (autumn.total(), autumn[6, 2]) == (169, 2)
    assert set(autumn) == {(weekday, hour) for weekday in range(7) for hour in range(24)}


def test_a_week_begins_on_a_monday() -> None:
    """Any other day is a mistake of ours."""
    with pytest.raises(ValueError, match="Monday"):
        Week(date(2026, 11, 27))
