# SPDX-License-Identifier: EUPL-1.2
"""The report: every counter in its place, both tracks in their own words, days of 23 and 25 hours."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from types import FrameType

from chat.grid import Week, hours_shown
from chat.histograms import LASTED, WAITED, wanted
from chat.ids import ServiceId, Track
from chat.published import Figure
from chat.statistics import Counted as Name
from chat.wrapping_up import counters
from handover.goals import Goal, Indicator
from tests.unit.web.figures.made import W, figure, week
from tests.unit.web.staff import EKEN, LINDEN
from web.figures.periods import Period, month, read
from web.figures.report import overview, reads_from, report
from web.figures.tally import Tally
from web.figures.values import Counted, Rate, Report, Share

MARCH = month(W.month)


def of(name: str) -> Period:
    """Return a period by its name."""
    period = read(name)
    assert period is not None
    return period


def made(*figures: Figure, period: Period = MARCH, track: Track = Track.EXPOSED) -> Report:
    """Return the report of these figures."""
    return report(LINDEN, track, figures, period)


def test_every_counter_stands_somewhere() -> None:
    """What is counted and may be told is shown; how a shift felt is not."""
    never = {"started", "abandoned", "shift_felt_good", "shift_felt_so_so", "shift_felt_heavy"}
    shown = {row.id for track in Track for section in made(track=track).sections for row in section.rows}
    of_forms = {name for names in counters().values() for name in names}
    assert {each.value for each in Name} - never - shown == set()
    assert of_forms - shown == set()
    assert {*WAITED.counters, *LASTED.counters} - shown == set()
    assert never & shown == set()


def test_nothing_is_told_of_any_operator() -> None:
    """Whatever is told comes from counters of services alone: no line or column is anybody's."""
    ids = {row.id for section in made().sections for row in section.rows}
    assert not any("alias" in each or "account" in each or "operator" in each for each in ids)


def test_report_without_figures_has_no_number() -> None:
    """Nor a nought: every cell is empty."""
    assert all(section.is_empty for section in made().sections)


def test_demand_has_those_who_came_while_it_was_closed() -> None:
    """And says that it is a sum."""
    section = made(
        figure("answered", 140), figure("abandoned_waiting", 14), figure("refused_closed", 21)
    ).section("demand")
    cells = {row.id: row.cells[0] for row in section.rows}
    assert cells["demand"] == Counted(175, about=True)
    assert cells["share"] == Share(89, about=True)
    assert cells["abandoned_offered"] is None
    assert cells["refused_closed"] == Counted(21)


def test_period_before_stands_beside() -> None:
    """The same line of the month before."""
    row = made(figure("answered", 40), figure("answered", 30, -1)).section("demand").row("answered")
    assert row.cells == (Counted(40), Counted(30))


def test_vocabulary_is_of_the_services_track() -> None:
    """Nobody is asked what is not asked there; the forms stand first."""
    rows = [row.id for row in made(track=Track.PERPETRATOR).section("told_themes").rows]
    assert rows[0] == "forms"
    assert "told_theme_stopping" in rows
    assert "told_theme_shelter" not in rows
    assert "told_theme_shelter" in [row.id for row in made().section("told_themes").rows]


def test_goal_is_told_by_what_counts_it() -> None:
    """A goal that nothing counts is no line: a dash would say that there were few."""
    goals = [Goal("Fler får hjälp", Indicator.HANDOVERS_OPENED), Goal("Ny kunskap")]
    section = report(LINDEN, Track.EXPOSED, [figure("handover_opened", 8)], MARCH, goals).section("goals")
    assert [(row.text, row.cells) for row in section.rows] == [("Fler får hjälp", (Counted(8), None))]


def test_hour_of_the_week_is_for_each_time_it_came() -> None:
    """Four Tuesdays in March, five where it is counted since the week before."""
    told = made(figure(wanted(1, 20), 20, 3), figure(wanted(2, 20), 20, 3, since=-1)).section("hours")
    assert told.row("1").cells[20] == Rate(50)
    assert told.row("2").cells[20] == Rate(40)
    assert told.row("3").cells[20] is None


def test_hour_that_comes_twice_or_not_at_all_is_divided_so() -> None:
    """In October one hour of a Sunday comes once more; in March one does not come on one Sunday."""
    october, spring = of("2025-10"), of("2025-03")
    for period, came in ((october, 6), (spring, 3)):
        last = period.last
        told = report(
            LINDEN, Track.EXPOSED, [Figure(LINDEN, wanted(6, 2), period.first, last, 30)], period
        ).section("hours")
        usual = len(period.weeks)
        assert came == usual + (1 if period is october else -1)
        assert told.row("6").cells[2] == Rate((300 * 2 + came) // (came * 2))


def test_hour_gathered_for_long_is_divided_by_each_time_it_came_since() -> None:
    """Also by the clock changes before the period: one hour of a Sunday more, and one fewer each year."""
    october, hour = of("2025-10"), wanted(6, 2)
    for since in (of("2025-02").first, of("2024-11").first, of("2020-02").first, of("2003-06").first):
        told = report(LINDEN, Track.EXPOSED, [Figure(LINDEN, hour, since, october.last, 6_000)], october)
        came, each = 0, since
        while each <= october.last:
            came += list(hours_shown(each)).count((6, 2))
            each = each.after
        assert told.section("hours").row("6").cells[2] == Rate((60_000 * 2 + came) // (came * 2))


def test_hours_gathered_since_a_clock_was_wrong_take_no_time() -> None:
    """No week of so many years is looked at for each of the hours of a week."""
    long_ago = Week.of(date(1970, 1, 1))
    figures = [
        Figure(LINDEN, wanted(day, hour), week(-day - hour) if day else long_ago, MARCH.last, 700)
        for day in range(7)
        for hour in range(24)
    ]
    looked = Counter[str]()

    def look(_frame: FrameType, event: str, _: object) -> None:
        looked[event] += 1

    sys.setprofile(look)
    try:
        made(*figures)
    finally:
        sys.setprofile(None)
    assert looked["call"] < 400_000


def test_trend_is_read_as_far_back_as_it_is_shown() -> None:
    """What the page asks of the store covers the trend and the period before, and nothing more."""
    assert reads_from(of("2025")).monday == date(2024, 1, 1)
    assert reads_from(MARCH) == of("2024-03").first
    assert reads_from(of("2025-W10")) == Week.of(date(2024, 12, 9))
    assert made(figure("answered", 7, -52 + 1)).section("trend").rows[0].cells[1] == Counted(7)


def test_overview_adds_up_what_is_shown() -> None:
    """And says so; the middle wait of several services is nobody's."""
    tallies = {
        LINDEN: Tally([figure("answered", 140), figure("shifts", 35)]),
        EKEN: Tally(
            [
                figure("answered", 210, service=EKEN),
                *(figure(name, 20, service=EKEN) for name in WAITED.counters),
            ]
        ),
    }
    section = overview(tallies, MARCH, "En jour")
    rows = {row.id: dict(zip(section.columns, row.cells, strict=True)) for row in section.rows}
    assert section.text == "En jour"
    assert rows["total"]["answered"] == Counted(350, about=True)
    assert rows["total"]["share"] == Share(97, about=True)
    assert rows["total"]["wait"] is None
    assert rows[EKEN]["wait"] is not None
    assert [row.id for row in overview({LINDEN: tallies[LINDEN]}, MARCH, "").rows] == [LINDEN]


def test_weeks_of_the_grid_make_up_their_month() -> None:
    """What the weeks show together is what the month shows."""
    figures = [figure("answered", 5 + later, later) for later in range(-4, 9)]
    weeks = [
        made(*figures, period=of(str(week(later)))).section("demand").row("answered").cells[0]
        for later in range(4)
    ]
    whole = made(*figures).section("demand").row("answered").cells[0]
    assert isinstance(whole, Counted)
    assert sum(each.value for each in weeks if isinstance(each, Counted)) == whole.value


def test_week_has_no_hours_of_its_own() -> None:
    """They are closed with the last week of a month: in a week they would look like nobody."""
    ids = [each.id for each in made(period=of("2025-W12")).sections]
    assert "hours" not in ids
    assert "hours" in [each.id for each in made().sections]


def test_unknown_service_is_nobodys() -> None:
    """The report carries whose it is, and of which time."""
    told = made()
    assert (told.service, told.period) == (ServiceId("linden"), MARCH)
