# SPDX-License-Identifier: EUPL-1.2
"""Hours that are narrowed to when somebody is there, and by what was closed before its time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.hours import STOCKHOLM, OpeningHours, Span, instant, is_day_off, joined

MINUTE = timedelta(minutes=1)


def at(text: str, fold: int = 0) -> datetime:
    """Return a Swedish wall clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)


def span(start: str, end: str) -> Span:
    """Return a stretch between two Swedish wall clock times."""
    return at(start), at(end)


EVENINGS = "Mo-Fr 18:00-21:00"
TUESDAY = span("2026-11-24 18:30", "2026-11-24 20:00")


def test_staffed_hours_are_open_only_while_somebody_is_there() -> None:
    """Hours and shifts both have to say so; the next opening is the next shift within the hours."""
    morning = span("2026-11-26 09:00", "2026-11-26 12:00")
    late = span("2026-11-27 20:00", "2026-11-27 23:00")
    hours = OpeningHours(EVENINGS, staffed=(TUESDAY, morning, late))
    assert [hours.is_open(at(f"2026-11-24 {time}")) for time in ("18:00", "18:30", "19:59", "20:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert hours.closes_at(at("2026-11-24 19:00")) == at("2026-11-24 20:00")
    assert hours.opens_at(at("2026-11-24 20:00")) == at("2026-11-27 20:00"), (
        "the morning is outside the hours"
    )
    assert hours.closes_at(at("2026-11-27 20:00")) == at("2026-11-27 21:00")
    assert hours.opens_at(at("2026-11-27 21:00")) is None


def test_nobody_on_any_shift_opens_nothing() -> None:
    """None asks for no shift; an empty roster keeps it closed."""
    assert OpeningHours("24/7").is_open(at("2026-11-24 19:00"))
    hours = OpeningHours("24/7", staffed=())
    assert not hours.is_open(at("2026-11-24 19:00"))
    assert hours.opens_at(at("2026-11-24 19:00")) is None


def test_closing_ends_an_opening_at_once_and_it_opens_again_after_it() -> None:
    """Within an opening, over its end, and over the beginning of the next one."""
    hours = OpeningHours(EVENINGS, closings=(span("2026-11-24 19:00", "2026-11-24 20:00"),))
    assert hours.closes_at(at("2026-11-24 18:30")) == at("2026-11-24 19:00")
    assert not hours.is_open(at("2026-11-24 19:00"))
    assert hours.opens_at(at("2026-11-24 19:00")) == at("2026-11-24 20:00")
    rest = OpeningHours(EVENINGS, closings=(span("2026-11-24 19:00", "2026-11-25 18:45"),))
    assert rest.opens_at(at("2026-11-24 19:30")) == at("2026-11-25 18:45")
    always = OpeningHours("24/7", closings=(span("2026-11-24 19:00", "2026-11-24 20:00"),))
    assert always.closes_at(at("2026-11-20 00:00")) == at("2026-11-24 19:00")
    assert always.closes_at(at("2026-11-24 20:00")) is None


def test_last_chat_is_counted_from_the_end_of_the_shift() -> None:
    """Whoever goes home at 20 has no time for somebody who comes at 19:45, whatever the hours say."""
    hours = OpeningHours(EVENINGS, last_chat_minutes=20, staffed=(TUESDAY,))
    assert hours.takes_new(at("2026-11-24 19:39"))
    assert not hours.takes_new(at("2026-11-24 19:40"))
    assert hours.is_open(at("2026-11-24 19:40"))


def test_what_is_left_of_a_night_may_begin_on_the_morning_after() -> None:
    """Asked after midnight, the shift at one belongs to the evening before and is still found."""
    hours = OpeningHours("20:00-06:00", staffed=(span("2026-11-25 01:00", "2026-11-25 03:00"),))
    for now in ("2026-11-24 12:00", "2026-11-24 23:00", "2026-11-25 00:30"):
        assert hours.opens_at(at(now)) == at("2026-11-25 01:00")


def test_a_morning_that_begins_earlier_than_the_rest_of_a_night_comes_first() -> None:
    """The rest of Tuesday's night begins at five; Wednesday's own hours at three."""
    rest, own = span("2026-11-25 05:00", "2026-11-25 06:00"), span("2026-11-25 03:00", "2026-11-25 04:00")
    hours = OpeningHours("Tu 20:00-06:00; We 02:00-04:30", staffed=(own, rest))
    assert hours.opens_at(at("2026-11-24 20:00")) == at("2026-11-25 03:00")


@pytest.mark.parametrize(
    "spans",
    [
        (TUESDAY, TUESDAY),
        (span("2026-11-25 18:00", "2026-11-25 19:00"), TUESDAY),
        (span("2026-11-24 18:00", "2026-11-24 19:00"), span("2026-11-24 19:00", "2026-11-24 20:00")),
        (span("2026-11-24 19:00", "2026-11-24 19:00"),),
    ],
)
def test_spans_that_are_not_apart_or_not_in_order_are_refused(spans: tuple[Span, ...]) -> None:
    """As staffed and as closings."""
    for narrowed in ({"staffed": spans}, {"closings": spans}):
        with pytest.raises(ValueError, match="in order and apart"):
            OpeningHours(EVENINGS, **narrowed)  # type: ignore[arg-type]  # one of the two each time


def test_a_clock_shows_a_time_once_in_the_nights_of_the_change() -> None:
    """The first of two in autumn; in spring what is skipped is the moment of the skip."""
    assert instant(date(2026, 10, 25), 150) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(date(2026, 3, 29), 150) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_red_days_and_eves_are_days_off_and_plain_sundays_are_not() -> None:
    """As for the hours."""
    days = (date(2026, 12, 24), date(2026, 12, 25), date(2026, 11, 29), date(2026, 11, 30))
    assert [is_day_off(day) for day in days] == [True, True, False, False]


# --- against a reference that looks at every minute ---------------------------------------------------------

START = at("2026-10-23 12:00")
"""Two days before the clock is changed."""
LENGTH = 4 * 24 * 60


def _spans(draw: list[tuple[int, int]]) -> tuple[Span, ...]:
    return joined((START + begin * MINUTE, START + (begin + length) * MINUTE) for begin, length in draw)


stretches = st.lists(st.tuples(st.integers(-60, LENGTH), st.integers(1, 1500)), max_size=6).map(_spans)
expressions = st.sampled_from(
    ["24/7", "18:00-21:00", "20:00-02:00", "20:00-06:00; Sa 10:00-14:00", "00:00-24:00"]
)


@settings(max_examples=20, deadline=None)
@given(expressions, st.none() | stretches, stretches)
@example("20:00-06:00; Sa 10:00-14:00", (span("2026-10-24 01:00", "2026-10-24 12:00"),), ())
@example(
    "24/7", (span("2026-10-24 01:00", "2026-10-25 12:00"),), (span("2026-10-24 20:00", "2026-10-25 04:00"),)
)
def test_narrowed_hours_are_those_of_every_minute(
    expression: str, staffed: tuple[Span, ...] | None, closings: tuple[Span, ...]
) -> None:
    """Open, closing and opening are what a look at every single minute finds."""
    plain = OpeningHours(expression)
    hours = OpeningHours(expression, staffed=staffed, closings=closings)

    def among(spans: tuple[Span, ...], now: datetime) -> bool:
        return any(start <= now < end for start, end in spans)

    minutes = [START + number * MINUTE for number in range(LENGTH)]
    seen = [
        plain.is_open(now) and (staffed is None or among(staffed, now)) and not among(closings, now)
        for now in minutes
    ]
    assert [hours.is_open(now) for now in minutes] == seen
    for number in range(0, LENGTH, 97):
        now, later = minutes[number], range(number + 1, LENGTH)
        change = next((minutes[each] for each in later if seen[each] != seen[number]), None)
        told = hours.closes_at(now) if seen[number] else hours.opens_at(now)
        if change is None:
            assert told is None or told >= minutes[-1]
        else:
            assert told == change
