# SPDX-License-Identifier: EUPL-1.2
"""How long something took falls on exactly one step; when it happened, on one hour of the week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chat.histograms import LASTED, WAITED, wanted, wanted_at


@given(st.floats(-10, 1e6), st.sampled_from([WAITED, LASTED]))
def test_each_time_has_one_step(seconds: float, steps: object) -> None:
    """Its bounds hold it; what seems negative took no time."""
    assert steps in {WAITED, LASTED}
    which = WAITED if steps is WAITED else LASTED
    counter = which.counter(timedelta(seconds=seconds))
    low, high = which.bounds(which.counters.index(counter))
    assert low <= max(0.0, timedelta(seconds=seconds).total_seconds())
    assert high is None or max(0.0, timedelta(seconds=seconds).total_seconds()) < high


def test_an_edge_belongs_to_the_step_that_begins_there() -> None:
    """Thirty seconds are not fewer than thirty."""
    assert WAITED.counter(timedelta(seconds=30)) == "waited_01"
    assert WAITED.counter(timedelta(hours=3)) == WAITED.counters[-1]


def test_the_hour_is_the_one_that_a_clock_in_sweden_shows() -> None:
    """Both hours of the autumn night that are called two are one counter."""
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert wanted_at(first) == wanted_at(second) == wanted(6, 2) == "wanted_6_02"
