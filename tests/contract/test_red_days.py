# SPDX-License-Identifier: EUPL-1.2
"""What opening hours rest on: the red days and eves of Sweden as the `holidays` package lists them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import opening_hours
import pytest

from chat.hours import STOCKHOLM, OpeningHours

RED_2026 = {
    *("01-01", "01-06", "04-03", "04-05", "04-06", "05-01", "05-14", "05-24"),
    *("06-06", "06-20", "10-31", "12-25", "12-26"),
}
EVES_2026 = {"06-19", "12-24", "12-31"}


def open_days(hours: OpeningHours, year: int) -> set[str]:
    """Return the days of a year, as month-day, on which it is open at noon."""
    days = (date(year, 1, 1) + timedelta(days=count) for count in range(365))
    return {f"{day:%m-%d}" for day in days if hours.is_open(noon(day))}


def noon(day: date) -> datetime:
    """Return noon in Sweden, in UTC."""
    return datetime.combine(day, time(12), STOCKHOLM).astimezone(UTC)


def test_ph_is_every_red_day_and_eve() -> None:
    """PH names the thirteen red days and the three eves of 2026; an ordinary Sunday is none of them."""
    assert open_days(OpeningHours.parse("PH 10:00-14:00"), 2026) == RED_2026 | EVES_2026


def test_eves_can_be_left_out_of_ph() -> None:
    """A service that works on the eves closes on the red days only."""
    assert open_days(OpeningHours.parse("PH 10:00-14:00", eves_closed=False), 2026) == RED_2026


def test_eve_has_a_word_of_its_own() -> None:
    """Eves can have hours of their own after PH has closed them."""
    hours = OpeningHours.parse("10:00-16:00; PH off; EVE 10:00-12:30")
    assert {f"12-{day}" for day in (23, 24, 27, 28, 29, 30, 31)} <= open_days(hours, 2026)
    assert hours.closes_at(noon(date(2026, 12, 24))) == noon(date(2026, 12, 24)) + timedelta(minutes=30)


@pytest.mark.parametrize("expression", ["Su,PH off", "PH,Su off", "Su off; PH off"])
def test_ph_stands_in_a_list_of_weekdays(expression: str) -> None:
    """Sundays and red days can be closed in one rule, however it is written."""
    found = open_days(OpeningHours.parse(f"24/7; {expression}"), 2026)
    sundays = {f"{date(2026, 1, 4) + timedelta(weeks=week):%m-%d}" for week in range(52)}
    assert found.isdisjoint(sundays | RED_2026 | EVES_2026)
    assert len(found) == 365 - len(sundays | RED_2026 | EVES_2026)


def test_night_before_a_red_day_runs_to_its_end() -> None:
    """The shift of 23 December ends at 2:00 on julafton; the nights of the red days are not there."""
    hours = OpeningHours.parse("20:00-02:00; PH off")
    assert hours.is_open(datetime(2026, 12, 24, 0, 30, tzinfo=UTC))
    assert hours.closes_at(datetime(2026, 12, 23, 22, tzinfo=UTC)) == datetime(2026, 12, 24, 1, tzinfo=UTC)
    assert not hours.is_open(datetime(2026, 12, 27, 0, 30, tzinfo=UTC))
    assert hours.opens_at(datetime(2026, 12, 24, 1, tzinfo=UTC)) == datetime(2026, 12, 27, 19, tzinfo=UTC)


def test_expression_without_ph_is_open_on_red_days() -> None:
    """A service that is open day and night is open at Christmas too."""
    assert len(open_days(OpeningHours.parse("24/7"), 2026)) == 365


@pytest.mark.parametrize("year", range(2025, 2035))
def test_two_calendars_agree(year: int) -> None:
    """`holidays` and the calendar inside opening-hours-py know the same days: neither has slipped."""
    ours = open_days(OpeningHours.parse("PH"), year)
    library = opening_hours.OpeningHours("PH", country="SE")
    days = (date(year, 1, 1) + timedelta(days=count) for count in range(365))
    assert ours == {f"{day:%m-%d}" for day in days if library.is_open(datetime.combine(day, time(12)))}
