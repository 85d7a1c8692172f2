# SPDX-License-Identifier: EUPL-1.2
"""An agreement between organisations, and when it is in force.

Owns `Partnership`: transfers and handovers between two organisations happen only while one covers them both.
Must not know today's date: every question is asked for a day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from typing import Final

from chat.grid import Week
from chat.ids import OrganisationId
from handover.goals import Goal

_DAY = timedelta(days=1)

REMINDED_BEFORE = 2
"""Months before the last day of notice from which on both parties are reminded."""


class PartnershipKind(StrEnum):
    """What kind of agreement it is."""

    IOP = "iop"
    """An idéburet offentligt partnerskap, between an association and a municipality."""
    AGREEMENT = "agreement"


_TO_THURSDAY: Final = timedelta(days=3)
"""From the Monday of a week: it belongs to where its Thursday is."""


@dataclass(frozen=True, slots=True)
class Period:
    """One agreed stretch of time, both days included."""

    first: date
    last: date

    @property
    def counted_from(self) -> date:
        """The Monday from which its handovers are counted: the first month on the grid that begins in it.

        For a period that begins with a month, that is all of it.
        """
        week = Week.of(self.first + _TO_THURSDAY)
        month = week.month
        return (month.weeks[0] if week == month.weeks[0] else month.weeks[-1].after).monday


@dataclass(frozen=True, slots=True)
class Reminder:
    """An agreement goes on by itself unless somebody gives notice in time."""

    notice_by: date
    """The last day on which notice still ends it with this period; it may have passed."""
    renews_until: date
    """The last day of the period that begins otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """An agreement from `start` to `end`, then for `renew_months` at a time until somebody gives notice.

    Notice given less than `notice_months` before the end of a period takes effect at the end of the next one.
    `renew_months = 0` is an agreement that simply ends.

    Raises:
        ValueError: fewer than two parties, an end before the start, or a negative number of months.
    """

    parties: frozenset[OrganisationId]
    kind: PartnershipKind
    start: date
    end: date
    renew_months: int = 24
    notice_months: int = 6
    notice_given: date | None = None
    """When one party gave notice, if one has."""
    goals: tuple[Goal, ...] = ()
    funding: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be an agreement."""
        if len(self.parties) < 2:
            raise ValueError("a partnership needs at least two parties")
        if self.end < self.start:
            raise ValueError("a partnership ends on or after the day it starts")
        if self.renew_months < 0 or self.notice_months < 0:
            raise ValueError("a number of months is zero or more")

    @property
    def last_day(self) -> date | None:
        """The day it finally ends, or None while it goes on until further notice."""
        if self.renew_months == 0:
            return self.end
        if self.notice_given is None:
            return None
        earliest = _months_after(self.notice_given, self.notice_months)
        return next(period.last for period in self._all_periods() if period.last >= earliest)

    def periods(self, until: date) -> tuple[Period, ...]:
        """Return every period that begins on or before `until`, in order and without gaps."""
        return tuple(_while_begun(self._agreed_periods(), until))

    def in_force(self, on: date) -> bool:
        """Tell whether the agreement is in force on that day."""
        last = self.last_day
        return self.start <= on and (last is None or on <= last)

    def current(self, on: date) -> Period | None:
        """Return the period that a day is in, or None when the agreement is not in force then."""
        return next((period for period in self.periods(on) if on <= period.last), None)

    def reminder(self, on: date) -> Reminder | None:
        """Return what both parties should be told on a day about the renewal that lies ahead.

        From two months before the last day of notice until the new period begins; None before that, and when
        there is nothing ahead: it is not in force, it simply ends, or notice has been given in time.
        """
        period = self.current(on)
        renewal = self.next_renewal(on)
        if period is None or renewal is None:
            return None
        if on < _months_after(period.last, -self.notice_months - REMINDED_BEFORE):
            return None
        following = self.current(renewal)
        assert following is not None  # a renewal that is ahead begins a period
        return Reminder(_last_notice(period.last, self.notice_months), following.last)

    def ends_within_notice(self, on: date) -> date | None:
        """Return its last day when that is decided, ahead and no further away than the time of notice."""
        last = self.last_day
        if last is None or not self.in_force(on):
            return None
        return last if last <= _months_after(on, self.notice_months) else None

    def next_renewal(self, on: date) -> date | None:
        """Return the first day after `on` on which a new period begins, or None when there will be none."""
        return next(
            (
                period.first
                for period in self._agreed_periods()
                if period.first > on and period.first != self.start
            ),
            None,
        )

    def covers(self, one: OrganisationId, other: OrganisationId, on: date) -> bool:
        """Tell whether these two different organisations are bound by it on that day."""
        return one != other and {one, other} <= self.parties and self.in_force(on)

    def _agreed_periods(self) -> Iterator[Period]:
        last = self.last_day
        for period in self._all_periods():
            if last is not None and period.first > last:
                return
            yield period

    def _all_periods(self) -> Iterator[Period]:
        yield Period(self.start, self.end)
        if self.renew_months == 0:
            return
        # Counted from one day, not from period to period: a short month must not shorten the later ones.
        second = self.end + _DAY
        for turn in count():
            first = _months_after(second, turn * self.renew_months)
            yield Period(first, _months_after(second, (turn + 1) * self.renew_months) - _DAY)


def _while_begun(periods: Iterator[Period], until: date) -> Iterator[Period]:
    for period in periods:
        if period.first > until:
            return
        yield period


def _last_notice(end: date, months: int) -> date:
    """Return the last day on which notice still takes effect at `end`."""
    day = _months_after(end, -months)
    while _months_after(day + _DAY, months) <= end:  # months differ in length: up to three days more
        day += _DAY
    return day


def _months_after(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def needed_from(partnerships: Iterable[Partnership], today: date) -> date | None:
    """Return from which Monday on what was counted of handovers is needed for goals; None where it is not."""
    periods = (each.current(today) for each in partnerships if any(goal.indicator for goal in each.goals))
    return min((period.counted_from for period in periods if period is not None), default=None)
