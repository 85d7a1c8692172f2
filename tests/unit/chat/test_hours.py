# SPDX-License-Identifier: EUPL-1.2
"""Opening hours by the clock on the wall: spans, nights, the days of 23 and 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import opening_hours
import pytest

from chat.hours import STOCKHOLM, OpeningHours, local_day


def at(text: str, fold: int = 0) -> datetime:
    """Return a Swedish wall clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)


def openings(hours: OpeningHours, start: str, end: str) -> list[tuple[datetime, datetime]]:
    """Return each opening and closing between two local times, found by asking `is_open` every quarter."""
    found: list[tuple[datetime, datetime]] = []
    now, until, since = at(start), at(end), None
    while now <= until:
        if hours.is_open(now) and since is None:
            since = now
        elif not hours.is_open(now) and since is not None:
            found.append((since, now))
            since = None
        now += timedelta(minutes=15)
    return found


def test_split_spans_open_twice_a_day() -> None:
    """Each span opens and closes at its own time, the closing minute no longer open."""
    hours = OpeningHours.parse("Mo-Fr 10:00-12:00,18:00-21:00")
    assert openings(hours, "2026-11-18 00:00", "2026-11-19 00:00") == [
        (at("2026-11-18 10:00"), at("2026-11-18 12:00")),
        (at("2026-11-18 18:00"), at("2026-11-18 21:00")),
    ]
    assert hours.closes_at(at("2026-11-18 10:30")) == at("2026-11-18 12:00")
    assert hours.opens_at(at("2026-11-18 12:00")) == at("2026-11-18 18:00")
    assert hours.opens_at(at("2026-11-20 21:00")) == at("2026-11-23 10:00")


@pytest.mark.parametrize("span", ["20:00-02:00", "20:00-26:00"])
def test_night_belongs_to_the_evening_that_it_begins_on(span: str) -> None:
    """A Friday night lasts until Saturday 2:00 whatever Saturday says, and no other night is open."""
    hours = OpeningHours.parse(f"Fr {span}; Sa 16:00-18:00; Su off")
    assert openings(hours, "2026-11-19 00:00", "2026-11-24 00:00") == [
        (at("2026-11-20 20:00"), at("2026-11-21 02:00")),
        (at("2026-11-21 16:00"), at("2026-11-21 18:00")),
    ]
    assert hours.closes_at(at("2026-11-21 01:59")) == at("2026-11-21 02:00")


def test_closed_date_closes_its_own_night_only() -> None:
    """The night before runs to its end; the night that would begin on the closed date is not there."""
    hours = OpeningHours.parse("20:00-02:00", closed_dates=frozenset({date(2026, 11, 19)}))
    assert openings(hours, "2026-11-18 12:00", "2026-11-21 12:00") == [
        (at("2026-11-18 20:00"), at("2026-11-19 02:00")),
        (at("2026-11-20 20:00"), at("2026-11-21 02:00")),
    ]


def test_day_and_night_never_closes() -> None:
    """24/7 is always open and has no closing; one closed date gives it one."""
    always = OpeningHours.parse("24/7", last_chat_minutes=30)
    assert always.takes_new(at("2026-03-29 02:59"))
    assert always.closes_at(at("2026-11-18 10:00")) is None
    assert always.opens_at(at("2026-11-18 10:00")) is None
    closed = OpeningHours.parse("24/7", closed_dates=frozenset({date(2027, 3, 1)}))
    assert closed.closes_at(at("2026-11-18 10:00")) == at("2027-03-01 00:00")
    assert closed.opens_at(at("2027-03-01 10:00")) == at("2027-03-02 00:00")


def test_never_open_opens_never() -> None:
    """Where nothing opens within a year there is no opening to name."""
    assert OpeningHours.parse("24/7 off").opens_at(at("2026-11-18 10:00")) is None


def test_spans_that_join_close_at_the_last() -> None:
    """An evening and a night that follow each other are one opening."""
    hours = OpeningHours.parse("20:00-24:00,00:00-02:00")
    assert hours.closes_at(at("2026-11-18 21:00")) == at("2026-11-19 02:00")


@pytest.mark.parametrize(
    ("expression", "day", "spans"),
    [
        ("10:00-12:00", "2026-03-29", ["08:00-10:00"]),
        ("10:00-12:00", "2026-10-25", ["09:00-11:00"]),
        ("02:15-04:00", "2026-03-29", ["01:00-02:00"]),
        ("02:15-02:45", "2026-03-29", []),
        ("01:00-02:30", "2026-03-29", ["00:00-01:00"]),
        ("02:15-02:45", "2026-10-25", ["00:15-00:45"]),
        ("01:00-02:30", "2026-10-25", ["23:00-00:30"]),
        ("01:00-04:00", "2026-10-25", ["23:00-03:00"]),
        ("20:00-02:00", "2026-10-24", ["18:00-00:00"]),
        ("20:00-02:00", "2026-03-28", ["19:00-01:00"]),
        ("20:00-06:00", "2026-10-24", ["18:00-05:00"]),
    ],
)
def test_clock_change_opens_and_closes_once(expression: str, day: str, spans: list[str]) -> None:
    """On the days of 23 and 25 hours each span comes once, at its local time; what is skipped is not."""
    local = date.fromisoformat(day)
    hours = OpeningHours.parse(f"{local:%Y %b %d} {expression}".replace(" 0", " "))
    found = openings(hours, f"{local - timedelta(days=1)} 00:00", f"{local + timedelta(days=2)} 00:00")
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in found] == spans
    for start, end in found:
        assert hours.opens_at(start - timedelta(seconds=1)) == start
        assert hours.closes_at(start) == end


def test_span_inside_the_skipped_hour_is_no_opening() -> None:
    """What the clock skips whole neither opens nor is announced."""
    hours = OpeningHours.parse("2026 Mar 29 02:15-02:45")
    assert hours.opens_at(at("2026-03-28 12:00")) is None


def test_last_chat_is_taken_until_the_cutoff() -> None:
    """The last minutes are for those who are talking already; midnight is no closing if the night goes on."""
    hours = OpeningHours.parse("20:00-24:00,00:00-02:00", last_chat_minutes=30)
    assert hours.takes_new(at("2026-11-18 23:45"))
    assert hours.takes_new(at("2026-11-19 01:29"))
    assert not hours.takes_new(at("2026-11-19 01:30"))
    assert hours.is_open(at("2026-11-19 01:59"))
    assert not hours.takes_new(at("2026-11-19 02:00"))


def test_added_rule_adds_and_later_rule_replaces() -> None:
    """After a comma a rule adds a span to its days; after a semicolon it stands in place of what was."""
    monday = ("2026-11-16 00:00", "2026-11-17 00:00")
    assert len(openings(OpeningHours.parse("Mo-Fr 10:00-12:00, Mo 18:00-20:00"), *monday)) == 2
    assert len(openings(OpeningHours.parse("Mo-Fr 10:00-12:00; Mo 18:00-20:00"), *monday)) == 1


@pytest.mark.parametrize(
    "expression",
    [
        "Mo-Fr 10:00-12:00,18:00-21:00",
        "Tu,Th 18:00-21:00; Sa 16:00-18:00; Jul off",
        "week 1-53/2 Mo 09:00-12:00; Mo[1] 13:00-15:00",
        "Mo-Su 08:00-22:00; Dec 23-27 10:00-14:00; easter off",
        "Mo-We,Fr 10:00-12:00, Sa 09:00-10:00",
    ],
)
def test_plain_days_agree_with_the_library(expression: str) -> None:
    """Without nights and red days the whole year is as opening-hours-py reads it."""
    hours = OpeningHours.parse(expression)
    library = opening_hours.OpeningHours(expression)
    for step in range(0, 366 * 24, 5):
        local = datetime(2026, 1, 1) + timedelta(hours=step)  # noqa: DTZ001  # a wall clock, no moment
        assert hours.is_open(local.replace(tzinfo=STOCKHOLM).astimezone(UTC)) == library.is_open(local), local


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "empty rule"),
        ("Mo-Fr 10:00-12:00;", "empty rule"),
        ("mo-fr 10:00-12:00", "Mo-Fr 18:00-21:00"),
        ("Mo-Fr 10-12", "Mo-Fr 18:00-21:00"),
        ("Mo-Fr 25:00-27:00", "Mo-Fr 18:00-21:00"),
        ("Mo-We, Fr 10:00-12:00", "without spaces"),
        ("We 12:00-13:00 off", "times that are open"),
        ("sunrise-sunset", "plain times"),
        ("Mo 10:00+", "plain times"),
        ("Mo || Tu", "plain times"),
        ('Mo 10:00-12:00 "ring"', "plain times"),
        ("Mo unknown", "plain times"),
        ("SH off", "SH is not known"),
        ("Jan-Mar Su,PH off", "PH and EVE stand alone"),
        ("PH +1 day off", "PH and EVE stand alone"),
    ],
)
def test_expression_that_cannot_be_read_says_why(expression: str, reason: str) -> None:
    """Whatever is not plain days and times is refused with how to write it, never guessed."""
    with pytest.raises(ValueError, match=reason.replace("+", r"\+")):
        OpeningHours.parse(expression)


@pytest.mark.parametrize("space", [" ", "\t", " \n", "\u00a0"])
@pytest.mark.parametrize("rule", ["Mo{}!", "Mo{}10:00-12:00{}!", "{}x", "10:00-12:00{},{}!", "Mo{}off{},{}x"])
def test_no_expression_takes_long_to_refuse(rule: str, space: str) -> None:
    """It is read where everybody's chats are: of spaces that could be parted in many ways none are tried."""
    for count in (200, 100_000):
        hostile = rule.replace("{}", space * count)
        for read in (OpeningHours, OpeningHours.parse):
            before = thread_time()
            with pytest.raises(ValueError, match=r"cannot read|more than 500"):
                read(hostile)
            assert thread_time() - before < 0.05


def test_spaces_mean_no_more_than_one() -> None:
    """Wherever they are, and of whatever kind."""
    hours = OpeningHours.parse("  Mo-Fr \t 10:00 -\n 12:00,18:00-21:00  ;   PH   off ")
    assert hours.expression == "Mo-Fr 10:00 - 12:00,18:00-21:00 ; PH off"
    plain = OpeningHours.parse("Mo-Fr 10:00-12:00,18:00-21:00; PH off")
    week = ("2026-11-18 00:00", "2026-11-25 00:00")
    assert openings(hours, *week) == openings(plain, *week)


def test_expression_has_an_end() -> None:
    """500 characters are read, one more is not, before anything else is asked of it."""
    with pytest.raises(ValueError, match="cannot read"):
        OpeningHours("Mo " + "1" * 497)
    with pytest.raises(ValueError, match="more than 500"):
        OpeningHours("Mo " + "1" * 498)


def test_cutoff_cannot_be_negative() -> None:
    """A cutoff after closing is a mistake in the site file."""
    with pytest.raises(ValueError, match="negative"):
        OpeningHours.parse("24/7", last_chat_minutes=-1)


@pytest.mark.parametrize("question", ["is_open", "takes_new", "closes_at", "opens_at"])
def test_time_without_zone_is_refused(question: str) -> None:
    """A naive time is never taken for UTC or for Swedish time."""
    with pytest.raises(ValueError, match="without a time zone"):
        getattr(OpeningHours("24/7"), question)(datetime(2026, 11, 18, 12))  # noqa: DTZ001  # that is the test


def test_times_may_come_in_any_zone() -> None:
    """A moment is a moment, and the answer is UTC."""
    hours = OpeningHours.parse("10:00-12:00")
    tokyo = at("2026-11-18 10:30").astimezone(ZoneInfo("Asia/Tokyo"))
    assert hours.is_open(tokyo)
    closing = hours.closes_at(tokyo)
    assert closing is not None
    assert closing.tzinfo is UTC


def test_local_day_turns_at_swedish_midnight() -> None:
    """The day of a counter is the day in Sweden."""
    assert local_day(at("2026-07-01 00:00")) == date(2026, 7, 1)
    assert local_day(at("2026-07-01 00:00") - timedelta(seconds=1)) == date(2026, 6, 30)
