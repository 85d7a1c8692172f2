# SPDX-License-Identifier: EUPL-1.2
"""Periods: only whole ones of the grid that are over, from a fixed list."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from chat.grid import Week
from web.figures.periods import Kind, is_over, listed, named, parts_of, read, trend_of


@pytest.mark.parametrize(
    ("name", "first", "last", "before"),
    [
        ("2025", date(2024, 12, 30), date(2025, 12, 22), "2024"),
        ("2026", date(2025, 12, 29), date(2026, 12, 28), "2025"),
        ("2026-01", date(2025, 12, 29), date(2026, 1, 26), "2025-12"),
        ("2026-W01", date(2025, 12, 29), date(2025, 12, 29), "2025-W52"),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 4), "2026-W53"),
    ],
)
def test_period_is_read_and_written(name: str, first: date, last: date, before: str) -> None:
    """From its name to its weeks, back to the name, and to the one before."""
    period = read(name)
    assert period is not None
    assert (period.first.monday, period.last.monday) == (first, last)
    assert (str(period), str(period.before)) == (name, before)


@pytest.mark.parametrize(
    "name",
    ["", "26", "1999", "2201", "9999", "2026-00", "2026-13", "2026-W00", "2026-W54", "2025-W53", "2026-1",
     "2026-01-01", "٢٠٢٦", "2026 ", "2026-w01", "2026-W1", "0000-01", "2026\n", "2025-Q1", "2025-H2"],
)  # fmt: skip
def test_what_names_no_period_is_none(name: str) -> None:
    """No day, no stretch of days, no year that no calendar reaches."""
    assert read(name) is None


def test_year_is_divided_into_whole_months() -> None:
    """Quarters and halves of two years: each week is in one of each, and names read as they are written."""
    period = read("2026")
    assert period is not None
    for parts, many in zip(parts_of(period), (24, 8, 4, 2), strict=True):
        assert len(parts) == many
        assert [week for each in parts for week in each.weeks] == [*period.before.weeks, *period.weeks]
        assert [named(str(each)) for each in parts] == list(parts)
        assert [each.before for each in parts[1:]] == list(parts[:-1])


def test_list_has_only_what_is_over() -> None:
    """On the last day of October's weeks October is not there yet; a day later it is."""
    first = Week.of(date(2024, 5, 6))
    before, after = (listed(first, Week.of(day)) for day in (date(2026, 10, 19), date(2026, 10, 26)))
    assert [str(each) for each in before[Kind.YEAR]] == ["2025", "2024"]
    assert str(before[Kind.MONTH][0]) == "2026-09"
    assert str(after[Kind.MONTH][0]) == "2026-10"
    assert str(before[Kind.MONTH][-1]) == "2024-05"
    assert len(before[Kind.WEEK]) == 26
    assert all(is_over(each, Week.of(date(2026, 10, 19))) for several in before.values() for each in several)


def test_list_on_the_first_week_of_all_has_that_week_alone() -> None:
    """A new installation has something to choose, and no month that has just begun."""
    only = Week.of(date(2026, 10, 5))
    assert {kind: [str(each) for each in several] for kind, several in listed(only, only).items()} == {
        Kind.YEAR: [],
        Kind.MONTH: [],
        Kind.WEEK: ["2026-W41"],
    }


@pytest.mark.parametrize(
    ("name", "first", "many"),
    [("2025", "2024-01", 24), ("2026-03", "2025-03", 13), ("2026-W02", "2025-W42", 13)],
)
def test_trend_reaches_back_to_compare(name: str, first: str, many: int) -> None:
    """A year shows its months and last year's; a month and a week the thirteen up to them."""
    period = read(name)
    assert period is not None
    shown = trend_of(period)
    assert (str(shown[0]), len(shown)) == (first, many)
    assert shown[-1].last == period.last
    assert all(earlier.last.after == later.first for earlier, later in pairwise(shown))
