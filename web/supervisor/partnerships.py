# SPDX-License-Identifier: EUPL-1.2
"""The agreements of a supervisor's organisations: what they are, how long they last, how far the goals are.

Owns the words about them. What an agreement means is `handover/partnership.py`.
"""

from __future__ import annotations

import gettext
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from chat.grid import Week
from chat.hours import local_day
from chat.published import told_of
from chat.statistics import Counted
from handover.errors import TracksMeet
from handover.goals import Goal, Indicator
from handover.partnership import Partnership, Period, Reminder
from handover.ticket import TicketEvent
from web.accounts.account import StaffSession
from web.house import House
from web.languages import day_and_month, isolated, long_date
from web.supervisor.handovers import DOMAIN
from web.supervisor.sight import Sight

_EVENTS: Final = {
    Indicator.HANDOVERS_SENT: TicketEvent.GRANTED,
    Indicator.HANDOVERS_OPENED: TicketEvent.OPENED,
    Indicator.HANDOVERS_ACCEPTED: TicketEvent.ACCEPTED,
}

_TO_THURSDAY: Final = timedelta(days=3)

Words = gettext.NullTranslations


async def partnerships(house: House, session: StaffSession, language: str) -> list[dict[str, Any]]:
    """Return every agreement that an organisation of the sign-in is a party of, in words.

    Those in force come first, then those that have ended, then those to come. None for a sign-in of both
    tracks.
    """
    try:
        sight = Sight.of(house.site, session)
    except TracksMeet:
        return []
    today = local_day(house.clock.now())
    mine = [each for each in house.site.partnerships if each.parties & sight.organisations]
    mine.sort(key=lambda each: (not each.in_force(today), each.start > today))
    return [await _one(house, sight, each, today, language) for each in mine]


def _parties(house: House, partnership: Partnership) -> list[str]:
    known = house.site.organisations
    return [isolated(each.name) for id_, each in known.items() if id_ in partnership.parties]


async def _one(
    house: House, sight: Sight, partnership: Partnership, today: date, language: str
) -> dict[str, Any]:
    texts = house.languages.texts(language, DOMAIN)
    period = partnership.current(today)
    figures = await _figures(house, sight, partnership, period)
    return {
        "parties": _parties(house, partnership),
        "kind": texts.gettext(f"agreement.{partnership.kind}"),
        "in_force": period is not None,
        "lines": _lines(partnership, period, today, texts, language),
        "reminder": _reminder(partnership, today, texts, language),
        "goals": [(goal.text, _figure(goal, figures, texts)) for goal in partnership.goals],
        "funding": partnership.funding,
    }


def _lines(
    partnership: Partnership, period: Period | None, today: date, texts: Words, language: str
) -> list[str]:
    """Return since when, which period it is and when it ends; or that it is over, and what remains."""
    _, start = texts.gettext, long_date(partnership.start, language)
    last = partnership.last_day
    if period is None:
        if last is None or today < partnership.start:
            return [_("agreement.to_come") % {"start": start}]
        ended = _("agreement.ended") % {"start": start, "end": long_date(last, language)}
        return [ended, _("agreement.nothing_more"), _("agreement.remains")]
    lines = [
        _("agreement.since") % {"start": start},
        _("agreement.period")
        % {"first": long_date(period.first, language), "last": long_date(period.last, language)},
    ]
    reminder = partnership.reminder(today)
    if reminder is not None and today > reminder.notice_by:
        lines.append(_missed(partnership, reminder, today, texts, language))
    if last is not None:
        lines.append(_("agreement.ends") % {"end": long_date(last, language)})
    return lines


def _missed(partnership: Partnership, reminder: Reminder, today: date, texts: Words, language: str) -> str:
    """Return until when notice could be given, what follows, and when it can be given next."""
    following = partnership.reminder(reminder.renews_until)
    this_year = reminder.notice_by.year == today.year
    told = {
        "notice_by": (day_and_month if this_year else long_date)(reminder.notice_by, language),
        "until": long_date(reminder.renews_until, language),
    }
    if following is None:
        return texts.gettext("agreement.renews") % told
    told["next"] = long_date(following.notice_by, language)
    return texts.gettext("agreement.renews_next") % told


def _reminder(partnership: Partnership, today: date, texts: Words, language: str) -> str:
    """Return what somebody may still act on; empty where nothing can be done now."""
    reminder = partnership.reminder(today)
    if reminder is None or today > reminder.notice_by:
        return ""
    return texts.gettext("agreement.reminder") % {
        "notice_by": long_date(reminder.notice_by, language),
        "until": long_date(reminder.renews_until, language),
    }


def _figure(goal: Goal, figures: Counter[Indicator] | None, texts: Words) -> str:
    if goal.indicator is None or figures is None:
        return ""
    figure = figures[goal.indicator]
    told = texts.gettext("agreement.told") % {"n": figure} if figure else texts.gettext("agreement.untold")
    return texts.gettext(f"agreement.{goal.indicator}") % {"n": told}


async def _figures(
    house: House, sight: Sight, partnership: Partnership, period: Period | None
) -> Counter[Indicator] | None:
    """Add up what was told of the current period's closed weeks, of what the parties' services did.

    Of handovers, what went to another party. One track only, the one that is looked after.
    """
    if period is None or not any(goal.indicator for goal in partnership.goals):
        return None
    services = {
        id_: each.organisation.id
        for id_, each in house.site.services.items()
        if each.organisation.id in partnership.parties and each.chat.track is sight.track
    }
    first, last = _weeks(period, await house.told_until())
    answered = await house.figures.sums(services, first, last, [Counted.ANSWERED])
    figures: Counter[Indicator] = Counter()
    figures[Indicator.CONVERSATIONS_ANSWERED] = sum(sum(each.values()) for each in answered.values())
    units = {
        id_: each.organisation
        for id_, each in house.site.receivers.items()
        if each.organisation in partnership.parties
    }
    counts = await house.office.handovers.store.counts(services, period.counted_from, last.sunday)
    between = [
        count
        for count in counts
        if count.receiver in units and units[count.receiver] != services[count.service]
    ]
    for indicator, event in _EVENTS.items():
        figures[indicator] = told_of(count.times for count in between if count.event is event)
    return figures


def _weeks(period: Period, told_until: Week) -> tuple[Week, Week]:
    """Return the first and the last closed week of a period: those whose Thursday is in it."""
    first, last = Week.of(period.first + _TO_THURSDAY), Week.of(period.last - _TO_THURSDAY)
    return first, min(last, told_until)
