# SPDX-License-Identifier: EUPL-1.2
"""The inbox: what waits at each unit, and locking and unlocking its key.

Owns `/tickets`, `/tickets/unlock` and `/tickets/lock`. Of a locked unit it shows that something waits, by
when it must be opened, and that somebody has withdrawn what was read; nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from handover.errors import TooManyTries, WrongPassphrase
from handover.ids import ReceiverId
from handover.ports import StoredTicket
from handover.receivers import Receiver
from handover.ticket import TicketState
from web.accounts.pages import TICKETS
from web.receiver import references, regrets
from web.receiver.desk import Desk, Fields, NoPassphrase, passphrase_problem, passphrase_status
from web.receiver.wording import clock, day, row


async def show(desk: Desk) -> Response:
    """Answer `GET /tickets`: the list of each unit."""
    return await _page(desk)


async def unlock(desk: Desk, fields: Fields) -> Response:
    """Answer `POST /tickets/unlock`: 303 to the list, or the list with what is wrong with the passphrase."""
    unit = ReceiverId(fields.get("unit", ""))
    try:
        await desk.unlock(unit, fields.get("passphrase", ""))
    except (NoPassphrase, WrongPassphrase, TooManyTries) as error:
        return await _page(desk, problems={unit: error})
    return desk.to(TICKETS, at=f"unit-{unit}")


async def lock(desk: Desk, _fields: Fields) -> Response:
    """Answer `POST /tickets/lock`: every key that the sign-in holds is let go."""
    desk.units.lock(desk.who.id)
    return desk.to(TICKETS, done="locked")


async def _page(desk: Desk, problems: Mapping[ReceiverId, Exception] | None = None) -> Response:
    problems = problems or {}
    tickets = await desk.inbox.tickets(desk.who)
    keys = await desk.units.store.unit_keys()
    units = []
    for unit in desk.receivers():
        mine = [each for each in tickets if each.ticket.receiver == unit.id]
        shown = {
            "id": unit.id,
            "name": unit.name_in(desk.language),
            "has_key": unit.id in keys,
            "problem": passphrase_problem(problems.get(unit.id)),
        }
        regretted = [each.ticket for each in mine if regrets.is_news(desk, each.ticket)]
        units.append({**shown, **await _tickets(desk, unit, mine), "regretted": len(regretted)})
    status = max((passphrase_status(error) for error in problems.values()), default=200)
    context = {
        "units": units,
        "regretted": sum(each["regretted"] for each in units),
        "done": desk.request.query_params.get("done", ""),
    }
    return desk.page("receiver/inbox.html", context, status=status)


async def _tickets(desk: Desk, unit: Receiver, tickets: Sequence[StoredTicket]) -> dict[str, Any]:
    """Return what may be shown of a unit's tickets: rows only where its key is unlocked."""
    if not desk.units.is_unlocked(desk.who.id, unit.id):
        waiting = [each.ticket for each in tickets if each.ticket.state is TicketState.DELIVERED]
        if not waiting:
            return {"locked": True, "waiting": 0}
        first = min(each.granted_at for each in waiting)
        last = min(each.deadline for each in waiting)
        return {
            "locked": True,
            "waiting": len(waiting),
            "since": day(first, desk.language),
            "by": day(last, desk.language),
            "at": clock(last, desk.language),
        }
    names, language, now = desk.house.site.organisations, desk.language, desk.now
    above = [each for each in tickets if each.ticket.is_live or regrets.is_news(desk, each.ticket)]
    closed = [each for each in reversed(tickets) if each not in above]
    rows = {
        each.ticket.id: {
            **row(each, names, language, now, await references.of(desk, each)),
            "regretted": regrets.is_news(desk, each.ticket),
        }
        for each in tickets
    }
    return {
        "locked": False,
        "open": [rows[each.ticket.id] for each in sorted(above, key=_place)],
        "closed": [rows[each.ticket.id] for each in closed],
    }


def _place(stored: StoredTicket) -> tuple[int, datetime]:
    """Return what the list is sorted by: withdrawn, not opened, new letters, the rest; then the deadline."""
    ticket = stored.ticket
    if not ticket.is_live:
        return 0, ticket.deadline
    if ticket.state is TicketState.DELIVERED:
        return 1, ticket.deadline
    return 2 if stored.unread else 3, ticket.deadline
