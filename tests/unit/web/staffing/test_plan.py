# SPDX-License-Identifier: EUPL-1.2
"""From a demand to lines of a table: what runs together, what is open, and that no line promises too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.demand import HOURS, Demand, Hour
from chat.grid import Week
from chat.hours import OpeningHours
from chat.staffing import AnsweredWithin, Load, MeanWait, answered_within
from web.staffing.asked import BOUNDS, asked
from web.staffing.plan import Wish, busiest, by_hand, from_figures, open_hours, plan
from web.staffing.plot import Square, week

WISH = Wish(AnsweredWithin(0.8, 5), 40, 2)
WEEK = Week(date(2026, 11, 16))


@given(
    st.dictionaries(st.sampled_from(HOURS), st.floats(0, 60), max_size=60),
    st.frozensets(st.sampled_from(HOURS)),
    st.integers(1, 5),
)
def test_lines_hold_every_hour_once_and_reach_what_they_say(
    wanted: dict[Hour, float], opened: frozenset[Hour], capacity: int
) -> None:
    """All hours that were asked for, in order, none twice; each reaches the target with those people."""
    wish = Wish(AnsweredWithin(0.8, 5), 40, capacity)
    lines = plan(wanted, opened, wish)
    held = [(line.weekday, hour) for line in lines for hour in range(line.first, line.until)]
    assert held == sorted(wanted)
    for line in lines:
        assert line.needed is not None
        for hour in range(line.first, line.until):
            assert ((line.weekday, hour) in opened) == line.is_open
            load, slots = Load(wanted[line.weekday, hour], 40), line.needed.people * capacity
            assert answered_within(load, slots, 5) >= 0.8
        assert line.fewer is None or line.fewer.share < 0.8


def test_lines_end_where_a_day_a_number_or_an_opening_ends() -> None:
    """Hours that need as many are one line while nothing comes between."""
    wanted = dict.fromkeys([(0, 22), (0, 23), (1, 0), (1, 1), (1, 3), (1, 4), (1, 5)], 0.1) | {(1, 4): 30}
    lines = plan(wanted, {(0, 22), (0, 23), (1, 0), (1, 4)}, WISH)
    spans = [(line.weekday, line.first, line.until, line.is_open) for line in lines]
    assert spans == [
        (0, 22, 24, True), (1, 0, 1, True), (1, 1, 2, False), (1, 3, 4, False), (1, 4, 5, True),
        (1, 5, 6, False),
    ]  # fmt: skip
    top = busiest(lines)
    assert top is not None
    assert (top.first, top.an_hour) == (4, 30)
    (evening,) = plan({(0, 18): 0.1, (0, 19): 0.3, (0, 20): 0.2}, {(0, 18), (0, 19), (0, 20)}, WISH)
    assert (evening.first, evening.peak, evening.until, evening.an_hour) == (18, 19, 21, 0.3)
    assert busiest([line for line in lines if not line.is_open]) is None


def test_more_than_can_be_worked_out_is_said() -> None:
    """No number of people is made up."""
    (line,) = plan({(0, 18): 10_000}, {(0, 18)}, WISH)
    assert (line.needed, line.fewer) == (None, None)


def test_one_fewer_may_mean_a_queue_that_only_grows() -> None:
    """Six an hour of forty minutes are four at once: with four people of one each, it never ends."""
    (line,) = plan({(0, 18): 6}, {(0, 18)}, Wish(MeanWait(60), 40, 1))
    assert line.needed is not None
    assert line.fewer is not None
    assert (line.needed.people, line.fewer.wait, line.fewer.share) == (5, inf, 0)


def test_hours_that_are_open_or_wanted_are_planned() -> None:
    """An hour that is neither is left out."""
    told = Demand(52, {(0, 3): 14}, None)
    assert from_figures(told, {(0, 18)}) == {(0, 3): 20 / 52, (0, 18): 6 / 52}


def test_own_numbers_are_spread_over_the_open_hours_of_their_day() -> None:
    """A day that nobody said anything about has none."""
    opened = {(0, 18), (0, 19), (2, 18)}
    assert by_hand({0: 5}, opened) == {(0, 18): 2.5, (0, 19): 2.5, (2, 18): 0}


def test_open_hours_are_those_of_a_usual_week() -> None:
    """Parts count, nights belong to both days, and a red day this week hides nothing."""
    hours = OpeningHours.parse(
        "We 18:30-20:00; Sa 23:00-01:00; PH off", closed_dates=frozenset({date(2026, 11, 18)})
    )
    assert open_hours(hours, WEEK) == {(2, 18), (2, 19), (5, 23), (6, 0)}


def test_open_hours_do_not_wait_for_the_shifts_that_they_call_for() -> None:
    """Open only when somebody is on a shift, or closed for once, hours are as written."""
    hours = OpeningHours.parse("We 18:00-20:00")
    now = datetime(2026, 11, 18, 17, tzinfo=UTC)
    for narrowed in (
        replace(hours, staffed=()),
        replace(hours, staffed=((now, now + timedelta(hours=1)),)),
        replace(hours, closings=((now, now + timedelta(days=8)),)),
        replace(hours, closed_dates=frozenset({date(2026, 11, 18), date(2026, 11, 25)})),
    ):
        assert open_hours(narrowed, WEEK) == {(2, 18), (2, 19)}


@pytest.mark.parametrize("name", sorted(BOUNDS))
@pytest.mark.parametrize("typed", ["x", "-1", "1e3", "99999", "nan", "٣", "5 000", "1.234", "0x1", "501"])
def test_fields_hold_numbers_within_bounds_or_are_named(name: str, typed: str) -> None:
    """Whatever else was typed is kept, and nothing is worked out from it."""
    form = asked({name: typed}, minutes="40")
    assert form.wrong == (name,)
    assert form.fields[name] == typed


def test_form_falls_back_on_what_is_usual() -> None:
    """An empty form asks what is asked at first; a comma is as good as a point."""
    form = asked({"target": "?", "minutes": " ", "day_2": "2,5", "more": "1"}, minutes="42")
    assert form.wrong == ()
    assert form.target == AnsweredWithin(0.8, 5)
    assert (form.number("minutes"), form.number("capacity"), form.days) == (42, 1, {2: 2.5})
    assert "more" not in form.fields
    assert asked({"target": "mean", "mean": "7"}, minutes="4").target == MeanWait(7)


def test_plot_escapes_and_names_itself() -> None:
    """Whatever stands in it stands as text."""
    svg = week("<b>", "&", ["<m>"] * 7, {(0, 18): Square(1, "<1>", "<w>", is_open=False)}, id_="w")
    assert "<b>" not in svg
    assert "<m>" not in svg
    assert 'aria-labelledby="w-title w-about"' in svg
    assert 'aria-labelledby="w-tall-title w-tall-about"' in svg
    assert svg.count("<rect") == 2
    assert 'class="level-0 shut"' in svg
    assert " style=" not in svg
