# SPDX-License-Identifier: EUPL-1.2
"""Shifts that come again, when they count as staffed, where somebody is missing, and closing before time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.hours import STOCKHOLM, OpeningHours
from chat.ids import ServiceId
from web.roster.closing import MOST, doubts, fit_closing, fit_words, opening_to_close
from web.roster.errors import NothingToClose, Unfit
from web.roster.forms import meant_by, monday_of, until_of
from web.roster.series import Series, read_day, read_time, span_on, spans_of
from web.roster.shift import Hold, Shift, ShiftId
from web.roster.staffing import Lack, opens, staffed, warnings

LINDEN = ServiceId("linden")
HOUR = timedelta(hours=1)
NINE, SIX = 21 * 60, 18 * 60


def at(text: str) -> datetime:
    """Return a Swedish wall clock time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


# --- series -------------------------------------------------------------------------------------------------


def test_every_tuesday_and_thursday_makes_single_shifts_until_the_last_day() -> None:
    """Both ends of the time are in it."""
    series = Series(date(2026, 6, 1), SIX, NINE, (1, 3), date(2026, 6, 30))
    spans = spans_of(series)
    assert [f"{start.astimezone(STOCKHOLM):%a %d %H:%M}" for start, _ in spans] == [
        f"{day} {number:02} 18:00"
        for number, day in (
            (2, "Tue"),
            (4, "Thu"),
            (9, "Tue"),
            (11, "Thu"),
            (16, "Tue"),
            (18, "Thu"),
            (23, "Tue"),
            (25, "Thu"),
            (30, "Tue"),
        )
    ]
    assert {end - start for start, end in spans} == {3 * HOUR}


def test_series_keeps_its_time_of_day_over_the_change_of_the_clock() -> None:
    """Six in the evening is six in the evening, in October and in November."""
    spans = spans_of(Series(date(2026, 10, 22), SIX, NINE, (3,), date(2026, 10, 29)))
    assert [start.hour for start, _ in spans] == [16, 17]


@pytest.mark.parametrize(
    ("day", "ends", "hours"),
    [
        (date(2026, 3, 28), "02:00", 6),
        (date(2026, 3, 28), "02:30", 6),
        (date(2026, 3, 28), "03:00", 6),
        (date(2026, 3, 28), "04:00", 7),
        (date(2026, 10, 24), "02:00", 6),
        (date(2026, 10, 24), "03:00", 8),
        (date(2026, 11, 24), "03:00", 7),
        (date(2026, 11, 24), "24:00", 4),
    ],
)
def test_night_shift_lasts_what_the_clocks_on_the_wall_make_of_it(day: date, ends: str, hours: int) -> None:
    """It begins and ends once: of a time that comes twice the first counts, a skipped one is the skip."""
    start, end = span_on(day, 20 * 60, read_time(ends))
    assert end - start == hours * HOUR


def test_red_days_are_left_out_where_that_is_wanted() -> None:
    """Also the eves that are kept as such."""
    every_day = tuple(range(7))
    for skips, days in ((True, [22, 23, 27]), (False, [22, 23, 24, 25, 26, 27])):
        series = Series(date(2026, 12, 22), SIX, NINE, every_day, date(2026, 12, 27), skips_red_days=skips)
        assert [start.day for start, _ in spans_of(series)] == days


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (Series(date(2026, 6, 1), SIX, NINE, (5,), date(2026, 6, 2)), "none"),
        (Series(date(2026, 6, 2), SIX, NINE, (1,), date(2026, 6, 1)), "none"),
        (Series(date(2026, 6, 1), SIX, NINE, tuple(range(7)), date(2027, 6, 1)), "many"),
        (Series(date(2026, 6, 1), SIX, NINE, (1,), date(9999, 12, 31)), "far"),
        (Series(date(2026, 6, 1), SIX, NINE, (1,)), "last"),
        (Series(date(2026, 6, 1), SIX, NINE, (), date(2026, 6, 30)), "weekdays"),
    ],
)
def test_series_that_cannot_be_says_why(series: Series, why: str) -> None:
    """No day, and too many."""
    with pytest.raises(Unfit, match=f"^{why}$"):
        spans_of(series)


def test_days_and_times_are_read_strictly() -> None:
    """What cannot be read is refused, never guessed."""
    assert (read_time("18:00"), read_time(" 8.30 "), read_time("24:00")) == (1080, 510, 1440)
    assert read_day("2026-12-01") == date(2026, 12, 1)
    for text in ("", "25:00", "24:01", "18", "18:60", "kväll", "-1:00", "１８:00", "18:00:00"):
        with pytest.raises(Unfit, match="time"):
            read_time(text)
    for text in (
        "",
        "2026-13-01",
        "1/12",
        "20261201",
        "2026-W48-1",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
    ):
        with pytest.raises(Unfit, match="time"):
            read_day(text)


def test_week_of_an_address_is_never_far_off() -> None:
    """Whatever somebody writes there, a page is made."""
    now = at("2026-11-27 12:00")
    for text in (None, "", "x", "9999-12-31", "0001-01-01", "2026-11-29"):
        assert monday_of(text, now) == date(2026, 11, 23)
    assert monday_of("2026-12-02", now) == date(2026, 11, 30)


# --- staffed ------------------------------------------------------------------------------------------------


def shift(
    begins: int, ends: int, *names: str, fewest: int = 1, wanted: int = 3, cancelled: bool = False
) -> Shift:
    """Return a shift between two hours of a day."""
    day = datetime(2026, 11, 24, tzinfo=UTC)
    return Shift(
        id=ShiftId(f"{begins}-{ends}-{len(names)}"),
        service=LINDEN,
        starts_at=day + begins * HOUR,
        ends_at=day + ends * HOUR,
        wanted=wanted,
        fewest=fewest,
        held=dict.fromkeys(names, Hold.TAKEN),
        cancelled=cancelled,
    )


def hours_of(*shifts: Shift, without: str = "") -> list[tuple[int, int]]:
    """Return when these are staffed, as hours of the day."""
    day = datetime(2026, 11, 24, tzinfo=UTC)
    spans = staffed(shifts, lambda name: name != without)
    return [(int((start - day) / HOUR), int((end - day) / HOUR)) for start, end in spans]


def test_shift_counts_as_staffed_when_enough_are_on_it() -> None:
    """Cancelled and too few is not; shifts that touch are one stretch."""
    assert hours_of() == []
    assert hours_of(shift(18, 21)) == []
    assert hours_of(shift(18, 21, "anna")) == [(18, 21)]
    assert hours_of(shift(18, 21, "anna", fewest=2)) == []
    assert hours_of(shift(18, 21, "anna", cancelled=True)) == []
    assert hours_of(shift(18, 21, "anna"), shift(21, 23, "maja")) == [(18, 23)]


def test_people_of_shifts_that_overlap_count_together() -> None:
    """The highest of their numbers has to be reached."""
    both = shift(18, 21, "anna", fewest=2), shift(20, 23, "maja")
    assert hours_of(*both) == [(20, 23)]
    assert hours_of(shift(18, 21, "anna"), shift(20, 23, "maja", fewest=3)) == [(18, 20)]


def test_account_that_is_shut_does_not_count() -> None:
    """Nobody else may be there to answer."""
    assert hours_of(shift(18, 21, "anna"), without="anna") == []
    assert hours_of(shift(18, 21, "anna", "maja"), without="anna") == [(18, 21)]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(1, 12), st.sets(st.sampled_from("abcde")), st.integers(1, 3)
        ),
        max_size=6,
    )
)
def test_staffed_is_what_every_hour_says(drawn: list[tuple[int, int, set[str], int]]) -> None:
    """Against a look at each hour by itself."""
    shifts = [
        shift(begins, begins + length, *names, fewest=fewest) for begins, length, names, fewest in drawn
    ]
    found = {hour for start, end in hours_of(*shifts) for hour in range(start, end)}
    for hour in range(60):
        moment = datetime(2026, 11, 24, tzinfo=UTC) + hour * HOUR
        running = [each for each in shifts if each.starts_at <= moment < each.ends_at]
        people = {name for each in running for name in each.on}
        assert (hour in found) == bool(running and len(people) >= max(each.fewest for each in running))


def test_opening_hangs_on_a_shift_that_nobody_else_covers() -> None:
    """What others cover with enough people stays open without it, and what is over is not missed."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    tonight = shift(18, 21, "anna")
    assert opens(tonight, [tonight], now)
    assert opens(shift(18, 21, "anna", cancelled=True), [], now), "as it was before"
    assert not opens(shift(18, 21), [], now), "nobody is on it"
    assert not opens(tonight, [tonight], now + 10 * HOUR)
    assert not opens(tonight, [tonight, shift(17, 22, "maja")], now)
    assert opens(tonight, [tonight, shift(17, 20, "maja")], now)
    assert opens(tonight, [tonight, shift(17, 22, "maja", fewest=2)], now), "they count together"
    assert not opens(tonight, [tonight], now, lambda name: name != "anna")


def test_warnings_name_shifts_of_tonight_that_lack_somebody_and_no_person() -> None:
    """Nobody, too few, dropped out; not what is over, cancelled, full or further off."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    dropped = shift(15, 17, "anna")
    dropped = Shift(
        id=dropped.id,
        service=LINDEN,
        starts_at=dropped.starts_at,
        ends_at=dropped.ends_at,
        wanted=2,
        fewest=1,
        held={"anna": Hold.TAKEN, "maja": Hold.ABSENT},
    )
    found = warnings(
        [
            shift(18, 21),
            shift(11, 13, "anna", fewest=2),
            dropped,
            shift(9, 12),
            shift(37, 39),
            shift(18, 22, cancelled=True),
            shift(18, 20, "anna"),
        ],
        now,
    )
    assert [(each.lack, each.on, each.fewest) for each in found] == [
        (Lack.TOO_FEW, 1, 2),
        (Lack.DROPPED_OUT, 1, 1),
        (Lack.NOBODY, 0, 1),
    ]
    shut = warnings([shift(18, 20, "anna")], now, lambda _shift, name: name != "anna")
    assert [each.lack for each in shut] == [Lack.NOBODY]
    assert "anna" not in repr(found)


# --- closing before time ------------------------------------------------------------------------------------

EVENINGS = OpeningHours("Mo-Fr 18:00-21:00")


def test_what_is_closed_is_the_opening_that_runs_or_comes_next() -> None:
    """In the afternoon it is tonight's; what never closes has no end of its own."""
    running, before = at("2026-11-24 19:00"), at("2026-11-24 15:00")
    assert opening_to_close(EVENINGS, running) == (running, at("2026-11-24 21:00"))
    assert opening_to_close(EVENINGS, before) == (at("2026-11-24 18:00"), at("2026-11-24 21:00"))
    assert opening_to_close(OpeningHours("24/7"), running) == (running, None)
    with pytest.raises(NothingToClose):
        opening_to_close(OpeningHours("24/7", staffed=()), running)


def test_closing_lasts_until_the_end_of_the_opening_or_a_moment() -> None:
    """From now on in either case, so that an opening that comes is left out."""
    before = at("2026-11-24 15:00")
    closing = fit_closing(LINDEN, EVENINGS, before, None, {"sv": "Vi är sjuka i kväll."})
    assert (closing.starts_at, closing.ends_at) == (before, at("2026-11-24 21:00"))
    until = at("2026-11-24 20:00")
    assert fit_closing(LINDEN, EVENINGS, before, until, {}).ends_at == until


@pytest.mark.parametrize(
    ("hours", "until"),
    [
        ("24/7", at("2026-11-24 19:00")),
        ("24/7", at("2026-11-24 18:00")),
        ("24/7", at("2026-11-24 19:00") + MOST + HOUR),
        ("We 18:00-21:00", at("2026-11-25 18:00")),
    ],
)
def test_closing_until_no_later_time_is_refused(hours: str, until: datetime | None) -> None:
    """Also one that is over before anything would open."""
    with pytest.raises(Unfit, match="until"):
        fit_closing(LINDEN, OpeningHours(hours), at("2026-11-24 19:00"), until, {})


def test_words_to_visitors_are_kept_plain() -> None:
    """One line each; what tells who somebody is, turns the writing or is too long is refused."""
    assert fit_words({"sv": " Vi  är\nsjuka ", "en": " ", "ar": ""}, lambda _: False) == {"sv": "Vi är sjuka"}
    for text, why in (("x" * 201, "long"), ("a\u202eb", "strange"), ("a\x00b", "strange")):
        with pytest.raises(Unfit, match=why):
            fit_words({"sv": text}, lambda _: False)
    with pytest.raises(Unfit, match="identity"):
        fit_words({"sv": "Ring 070"}, lambda text: "070" in text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Anna är sjuk i kväll.", True),
        ("Det är annas kväll.", True),
        ("Fråga birgitta@exempel.test", True),
        ("Annandag jul har vi stängt.", False),
        ("Anna-Lisa är sjuk.", True),
        ("Vi är sjuka i kväll.", False),
    ],
)
def test_words_to_visitors_name_no_colleague(text: str, told: bool) -> None:
    """As a word of its own, in whatever letters; a word that has it within names nobody."""
    names = ("anna", "birgitta@exempel.test", "a.b")
    if told:
        with pytest.raises(Unfit, match="name"):
            fit_words({"en": text}, lambda _: False, names)
    else:
        assert fit_words({"en": text}, lambda _: False, names) == {"en": text}


@pytest.mark.parametrize(
    ("text", "promises"),
    [
        ("Vi hör av oss till dig i morgon, hälsar Karin.", True),
        ("Någon hör av sig.", True),
        ("Vi ringer dig i morgon.", True),
        ("Vi kommer att kontakta dig.", True),
        ("Vi återkommer till dig.", True),
        ("We will get back to you.", True),
        ("We call you tomorrow.", True),
        ("سنتصل بك غدا", True),
        ("Vi öppnar igen i morgon klockan 18.", False),
        ("Ring 112 om det är akut.", False),
        ("Du kan höra av dig till en annan chatt.", True),
        ("We open again tomorrow.", False),
    ],
)
def test_promise_of_contact_is_doubtful(text: str, promises: bool) -> None:
    """Rather asked about once too often: nothing is refused for it."""
    closing = fit_closing(LINDEN, EVENINGS, at("2026-11-24 19:00"), None, {"sv": text})
    assert doubts(closing, by_clock=False) == (["promise"] if promises else [])


def test_alias_of_somebody_on_duty_is_doubtful() -> None:
    """As a word of its own; without anybody of that alias it is a word like others."""
    closing = fit_closing(LINDEN, EVENINGS, at("2026-11-24 19:00"), None, {"sv": "Storms chatt är stängd."})
    assert doubts(closing, by_clock=False, aliases={"Storm"}) == ["alias"]
    assert doubts(closing, by_clock=False, aliases={"Sto"}) == []


def test_time_of_day_that_closes_for_most_of_a_day_is_doubtful() -> None:
    """It may have been past already; the end of an opening that is long is not."""
    always, now = OpeningHours("24/7"), at("2026-11-24 05:06")
    for time, found in (("03:00", ["length"]), ("17:00", []), ("17:07", ["length"])):
        until = until_of({"time": time}, now)
        assert doubts(fit_closing(LINDEN, always, now, until, {}), by_clock=True) == found
    whole_day = OpeningHours("Tu 00:00-24:00")
    assert doubts(fit_closing(LINDEN, whole_day, now, None, {}), by_clock=False) == []


def test_time_of_day_alone_means_the_next_time_a_clock_shows_it() -> None:
    """Tonight, or tomorrow morning."""
    now = at("2026-11-24 19:00")
    assert until_of({}, now) is None
    assert until_of({"time": " "}, now) is None
    assert until_of({"time": "20:00"}, now) == at("2026-11-24 20:00")
    assert until_of({"time": "08:00"}, now) == at("2026-11-25 08:00")
    assert until_of({"time": "00:00"}, now) == at("2026-11-25 00:00")
    with pytest.raises(Unfit, match="clock"):
        until_of({"time": "kväll"}, now)


def test_who_never_closes_has_to_be_told_until_when() -> None:
    """In words about a time of day; nothing on the form asks for a day."""
    with pytest.raises(Unfit, match="clock"):
        fit_closing(LINDEN, OpeningHours("24/7"), at("2026-11-24 19:00"), None, {})


def test_yes_is_said_to_what_was_asked_about_and_to_nothing_else() -> None:
    """Another time or other words are asked about again."""
    asked = {"time": "03:00", "words.sv": "Vi hör\nav oss", "csrf": "x"}
    assert meant_by(asked) == meant_by({**asked, "csrf": "y", "sure": "z"})
    for other in ({"time": "04:00"}, {"words.sv": "Vi ringer dig"}):
        assert meant_by(asked) != meant_by({**asked, **other})
