# SPDX-License-Identifier: EUPL-1.2
"""What a supervisor sees of handovers: which units have left one unopened, or opened and undecided.

Owns the words about it. Never which ticket, never a content, never from which conversation. What came of
others is told by the statistics, of weeks that are over and in whole sevens: a number here, or that there is
none yet, would turn at the very moment of one woman's ticket.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chat.hours import local_day
from handover.errors import TracksMeet
from handover.ids import ReceiverId
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketState
from web.accounts.account import StaffSession
from web.house import House
from web.languages import day_and_month, isolated
from web.supervisor.sight import Sight

DOMAIN: Final = "partnership"


HEADINGS: Final = (
    "handed.heading",
    "handed.late",
    "agreement.heading",
    "agreement.goals",
    "agreement.funding",
)


def headings(house: House, language: str) -> dict[str, str]:
    """Return the standing words of the board's sections about handovers and agreements."""
    texts = house.languages.texts(language, DOMAIN)
    return {key.replace(".", "_"): texts.gettext(key) for key in HEADINGS}


def to_see_to(house: House, agreements: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return of how many agreements notice may still be given, for beside their heading; empty for none."""
    n = sum(bool(each["reminder"]) for each in agreements)
    texts = house.languages.texts(language, DOMAIN)
    return texts.ngettext("agreement.to_see_to", "agreement.to_see_to", n) % {"n": n} if n else ""


async def handed(house: House, session: StaffSession, language: str) -> dict[str, Any]:
    """Return what keeps the board's section fresh: `late`, an entry for each unit, and `calm` beside it.

    `calm` says that there is none, or, where the sign-in is of both tracks, why nothing is shown. Both are
    empty for whoever looks after nothing that handovers concern.
    """
    texts = house.languages.texts(language, DOMAIN)
    try:
        sight = Sight.of(house.site, session)
    except TracksMeet:
        return {"late": [], "calm": texts.gettext("handed.both_tracks")}
    if sight.track is None or not house.site.receivers:
        return {"late": [], "calm": ""}
    late = await _late(house, sight)
    # First what nobody may put off: the one whose time is soonest out.
    late_units = sorted(late.values(), key=lambda each: min(ticket.deadline for ticket in each))
    return {
        "late": [_unit(house, tickets, language) for tickets in late_units],
        "calm": "" if late else texts.gettext("handed.none_late"),
    }


async def _late(house: House, sight: Sight) -> dict[tuple[ReceiverId, bool], list[Ticket]]:
    """Return what has been left lying, by unit and whether it is unopened, the oldest first."""
    senders, receivers = set(sight.services.values()), set(sight.units.values())
    found: dict[tuple[ReceiverId, bool], list[Ticket]] = {}
    for ticket in await house.office.keeper.late(senders, receivers):
        if sight.sees(ticket):
            unopened = ticket.state is TicketState.DELIVERED
            found.setdefault((ticket.receiver, unopened), []).append(ticket)
    return found


def _unit(house: House, tickets: Sequence[Ticket], language: str) -> dict[str, Any]:
    """Return who, where they are reached, what waits, how long is left, and if that is at most a day.

    `tickets`: of one unit, all unopened or all opened. When one was opened is not told.
    """
    texts = house.languages.texts(language, DOMAIN)
    oldest, first_due = tickets[0], min(tickets, key=lambda ticket: ticket.deadline)
    receiver = house.site.receivers.get(oldest.receiver)
    key = "handed.waits" if oldest.state is TicketState.DELIVERED else "handed.undecided"
    waits = texts.ngettext(key, key, len(tickets)) % {
        "n": len(tickets),
        "since": day_and_month(local_day(oldest.granted_at), language),
    }
    days = (local_day(first_due.deadline) - local_day(house.clock.now())).days
    name, address = texts.gettext("handed.unit_gone"), ""
    if receiver is not None:
        name = receiver.name_in(language)
        address = texts.gettext("handed.address") % {"address": isolated(receiver.function_address)}
    return {
        "unit": name,
        "address": address,
        "waits": waits,
        "left": _left(first_due, days, len(tickets), texts),
        "urgent": days <= 1,
    }


def _left(ticket: Ticket, days: int, waiting: int, texts: gettext.NullTranslations) -> str:
    """Return what becomes of the first when its time is out. Plurals are of how many wait, not of days."""
    unread = ticket.state is TicketState.DELIVERED and ticket.received_at is ReceivedAt.OPENING
    what = "returns" if unread else "runs_out"
    when = {0: "_today", 1: "_tomorrow"}.get(max(days, 0), "")
    key = f"handed.{what}{when}"
    return texts.ngettext(key, key, waiting) % {"days": days}
