# SPDX-License-Identifier: EUPL-1.2
"""When an agreement between organisations is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.ids import OrganisationId
from handover.goals import Goal, Indicator
from handover.partnership import Partnership, PartnershipKind, Period, Reminder, needed_from

JOUR = OrganisationId("jouren")
TOWN = OrganisationId("kommunen")
OTHER = OrganisationId("grannkommunen")
DAY = timedelta(days=1)


def agreement(
    start: date = date(2021, 7, 1),
    end: date = date(2023, 6, 30),
    *,
    renew_months: int = 24,
    notice_months: int = 6,
    notice_given: date | None = None,
    goals: tuple[Goal, ...] = (),
) -> Partnership:
    """Return an agreement like the one in Vallentuna."""
    return Partnership(
        parties=frozenset({JOUR, TOWN}),
        kind=PartnershipKind.IOP,
        start=start,
        end=end,
        renew_months=renew_months,
        notice_months=notice_months,
        notice_given=notice_given,
        goals=goals,
    )


DATES = st.dates(date(2000, 1, 1), date(2060, 1, 1))
AGREEMENTS = st.builds(
    lambda start, days, renew, notice, given_after: agreement(
        start,
        start + timedelta(days=days),
        renew_months=renew,
        notice_months=notice,
        notice_given=None if given_after is None else start + timedelta(days=given_after),
    ),
    DATES,
    st.integers(0, 2000),
    st.integers(0, 60),
    st.integers(0, 24),
    st.none() | st.integers(0, 4000),
)


def test_periods_of_vallentuna_end_where_the_agreement_says() -> None:
    """Two years at a time follow on the first period."""
    assert [period.last for period in agreement().periods(date(2026, 1, 1))] == [
        date(2023, 6, 30),
        date(2025, 6, 30),
        date(2027, 6, 30),
    ]


def test_periods_are_the_first_one_only_without_renewal() -> None:
    """An agreement that is not renewed simply ends."""
    ending = agreement(renew_months=0)
    assert ending.periods(date(2030, 1, 1)) == (Period(date(2021, 7, 1), date(2023, 6, 30)),)
    assert ending.in_force(date(2023, 6, 30))
    assert not ending.in_force(date(2023, 7, 1))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2020, 1, 1), date(2023, 7, 1)),
        (date(2023, 6, 30), date(2023, 7, 1)),
        (date(2023, 7, 1), date(2025, 7, 1)),
        (date(2026, 11, 1), date(2027, 7, 1)),
    ],
)
def test_next_renewal_is_the_first_day_of_the_next_period(on: date, expected: date) -> None:
    """The day itself does not count as ahead."""
    assert agreement().next_renewal(on) == expected


def test_notice_in_time_ends_the_agreement_with_its_period() -> None:
    """Exactly six months before the end is in time."""
    ended = agreement(notice_given=date(2024, 12, 31))
    assert ended.last_day == date(2025, 6, 30)
    assert ended.next_renewal(date(2025, 1, 1)) is None


def test_notice_too_late_lets_the_next_period_run() -> None:
    """A day later the next two years are bound."""
    assert agreement(notice_given=date(2025, 1, 1)).last_day == date(2027, 6, 30)


def test_periods_keep_their_day_through_short_months() -> None:
    """February shortens its own period and no other."""
    monthly = agreement(date(2023, 1, 1), date(2023, 1, 30), renew_months=1)
    assert [period.first for period in monthly.periods(date(2023, 4, 30))] == [
        date(2023, 1, 1),
        date(2023, 1, 31),
        date(2023, 2, 28),
        date(2023, 3, 31),
        date(2023, 4, 30),
    ]


def test_covers_two_different_parties_only() -> None:
    """Nobody else, and not one party with itself."""
    on = date(2026, 11, 1)
    assert agreement().covers(JOUR, TOWN, on)
    assert agreement().covers(TOWN, JOUR, on)
    assert not agreement().covers(JOUR, OTHER, on)
    assert not agreement().covers(JOUR, JOUR, on)
    assert not agreement().covers(JOUR, TOWN, date(2021, 6, 30))


@pytest.mark.parametrize(
    "wrong",
    [
        {"parties": frozenset({JOUR})},
        {"end": date(2021, 6, 30)},
        {"renew_months": -1},
        {"notice_months": -1},
    ],
)
def test_partnership_refuses_what_cannot_be_one(wrong: dict[str, object]) -> None:
    """A broken agreement cannot be made."""
    values: dict[str, object] = {
        "parties": frozenset({JOUR, TOWN}),
        "kind": PartnershipKind.AGREEMENT,
        "start": date(2021, 7, 1),
        "end": date(2023, 6, 30),
    }
    with pytest.raises(ValueError, match=r"partnership|months"):
        Partnership(**(values | wrong))  # type: ignore[arg-type]  # the point is to give wrong values


@given(AGREEMENTS, DATES)
def test_periods_follow_each_other_without_gaps(partnership: Partnership, until: date) -> None:
    """Each period begins the day after the one before it."""
    periods = partnership.periods(until)
    assert all(period.first <= period.last for period in periods)
    assert all(after.first == before.last + DAY for before, after in pairwise(periods))


@given(AGREEMENTS, DATES)
def test_in_force_means_within_one_period(partnership: Partnership, on: date) -> None:
    """The two ways to ask give the same answer."""
    within = [period for period in partnership.periods(on) if period.first <= on <= period.last]
    assert partnership.in_force(on) == (len(within) == 1)


@given(AGREEMENTS, DATES)
def test_next_renewal_is_ahead_and_in_force(partnership: Partnership, on: date) -> None:
    """A renewal that is announced really happens."""
    renewal = partnership.next_renewal(on)
    if renewal is not None:
        assert renewal > on
        assert partnership.in_force(renewal)


def test_current_period_is_the_one_that_the_day_is_in() -> None:
    """Its first and its last day belong to it; outside of the agreement there is none."""
    assert agreement().current(date(2025, 7, 1)) == Period(date(2025, 7, 1), date(2027, 6, 30))
    assert agreement().current(date(2027, 6, 30)) == Period(date(2025, 7, 1), date(2027, 6, 30))
    assert agreement().current(date(2021, 6, 30)) is None
    assert agreement(renew_months=0).current(date(2023, 7, 1)) is None
    assert agreement(notice_given=date(2024, 1, 1)).current(date(2025, 7, 1)) is None


def test_reminder_begins_two_months_before_the_last_day_of_notice_and_lasts_until_the_renewal() -> None:
    """Eight months before the end of this period, until its last day."""
    reminder = Reminder(notice_by=date(2026, 12, 31), renews_until=date(2029, 6, 30))
    assert agreement().reminder(date(2026, 10, 29)) is None
    assert agreement().reminder(date(2026, 10, 30)) == reminder
    assert agreement().reminder(date(2027, 1, 1)) == reminder
    assert agreement().reminder(date(2027, 6, 30)) == reminder
    assert agreement().reminder(date(2027, 7, 1)) is None


def test_reminder_is_silent_where_nothing_is_renewed() -> None:
    """It simply ends, notice has been given in time, or it is not in force."""
    on = date(2027, 1, 15)
    assert agreement(end=date(2027, 6, 30), renew_months=0).reminder(on) is None
    assert agreement(notice_given=date(2026, 12, 31)).reminder(on) is None
    assert agreement(start=date(2027, 1, 16), end=date(2027, 6, 30)).reminder(on) is None


def test_reminder_goes_on_after_notice_that_came_too_late() -> None:
    """The next period is bound all the same; when it draws to its end nothing is renewed."""
    late = agreement(notice_given=date(2027, 1, 1))
    assert late.reminder(date(2027, 6, 1)) == Reminder(date(2026, 12, 31), date(2029, 6, 30))
    assert late.reminder(date(2029, 6, 1)) is None


@given(AGREEMENTS, DATES)
def test_reminder_names_the_last_day_on_which_notice_still_counts(partnership: Partnership, on: date) -> None:
    """Notice on that day ends the agreement with this period, a day later with the next one."""
    reminder, period = partnership.reminder(on), partnership.current(on)
    if reminder is None or partnership.notice_given is not None:
        return
    assert period is not None
    assert replace(partnership, notice_given=reminder.notice_by).last_day == period.last
    assert replace(partnership, notice_given=reminder.notice_by + DAY).last_day == reminder.renews_until


@given(AGREEMENTS, DATES)
def test_agreement_that_ends_within_its_notice_is_in_force_and_ends(
    partnership: Partnership, on: date
) -> None:
    """What is warned of lies ahead and really is the end."""
    last = partnership.ends_within_notice(on)
    if last is not None:
        assert on <= last
        assert partnership.in_force(last)
        assert not partnership.in_force(last + DAY)
        assert partnership.reminder(last) is None


def test_counts_are_needed_from_the_earliest_period_whose_goals_count_them() -> None:
    """From the Monday on which the month of its first day begins on the grid; without goals they are not."""
    counted = (Goal("Fler får hjälp", Indicator.HANDOVERS_OPENED),)
    today = date(2025, 8, 1)
    one, other = agreement(goals=counted), agreement(date(2024, 7, 15), date(2026, 7, 14), goals=counted)
    assert needed_from([agreement(), agreement(goals=(Goal("Ny kunskap"),))], today) is None
    assert needed_from([one], today) == date(2025, 6, 30)
    assert needed_from([one, other], today) == date(2024, 7, 29), (
        "a month that began before it is not its own"
    )
    assert needed_from([one], date(2020, 1, 1)) is None
