# SPDX-License-Identifier: EUPL-1.2
"""One ticket: before it is opened, while it lies open, and what is left of it afterwards.

Owns `GET /tickets/{ticket}` and `POST /tickets/{ticket}/open`. Looking at a page opens nothing: that takes
the press of a button, after words that say what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from handover.errors import Locked, TooLate
from handover.inbox import Opened
from handover.items import LONGEST, LONGEST_SHORT
from handover.ports import StoredTicket
from handover.receivers import ReceivedAt
from handover.ticket import TicketEvent, TicketState
from web.accounts.audit import Audited
from web.receiver import references, regrets
from web.receiver.desk import Desk, Fields, address_of
from web.receiver.wording import amount, clock, day, decline_text, document, ending, row, state_of

DONE: Final = frozenset({"opened", "wrote", "accepted", "comes", "comes_not"})
"""What a page may say was just done; anything else in the address says nothing."""

ONCE: Final = {
    "text": "",
    "reference": "",
    "accept_text": "",
    "reason": "",
}
"""The fields of the forms on a ticket, empty."""


async def show(desk: Desk) -> Response:
    """Answer `GET /tickets/{ticket}`."""
    stored = await desk.ticket()
    if not desk.units.is_unlocked(desk.who.id, stored.ticket.receiver):
        raise Locked
    if not stored.ticket.is_readable:
        return await _closed(desk, stored)
    if stored.ticket.opened_at is None:
        return _cover(desk, stored)
    try:
        opened, _ = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:  # it was taken back while it was being read
        return await _closed(desk, await desk.ticket())
    regrets.look_at(desk, stored.ticket)
    done = desk.request.query_params.get("done", "")
    return await page(desk, opened, done=done if done in DONE else "", unread=stored.unread)


async def open_(desk: Desk, _fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/open`: 303 to the ticket, opened; the first time is recorded."""
    stored = await desk.ticket()
    try:
        _, event = await desk.inbox.open(desk.who, stored.ticket.id)
    except TooLate:
        desk.units.key(desk.who.id, stored.ticket.receiver)  # Locked, if it is
        return await _closed(desk, await desk.ticket(), status=409)
    if event is TicketEvent.OPENED:
        await desk.record(Audited.OPENED, stored.ticket.receiver)
    return desk.to(address_of(stored.ticket.id), done="opened" if event is TicketEvent.OPENED else "")


async def unlocked(desk: Desk, _fields: Fields) -> Response:
    """Answer `POST /tickets/{ticket}/unlock`: 303 to the ticket, once the passphrase has opened the key."""
    stored = await desk.ticket()
    desk.units.key(desk.who.id, stored.ticket.receiver)
    return desk.to(address_of(stored.ticket.id))


async def page(
    desk: Desk,
    opened: Opened,
    *,
    done: str = "",
    unread: int = 0,
    typed: Mapping[str, str] | None = None,
    problem: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    """Return the page of an open ticket. `problem`: the form that was refused, and the id of what is said."""
    unit = desk.receiver(opened.stored)
    shown = document(opened, unit, desk.language, desk.now)
    _mark_unread(shown["letters"], unread)
    await name_coordinator(desk, opened, shown["letters"])
    context = {
        "ticket": shown,
        "decline_text": decline_text(unit),
        "done": done,
        "typed": {**ONCE, **(typed or {})},
        "problem_at": problem[0],
        "problem": problem[1],
        "bounds": {
            "longest": amount(LONGEST, desk.language),
            "reference": amount(LONGEST_SHORT, desk.language),
        },
    }
    return desk.page("receiver/ticket.html", context, status=status)


async def closed(desk: Desk, stored: StoredTicket, status: int = 409) -> Response:
    """Return what is left of a ticket, in answer to a form that comes too late."""
    return await _closed(desk, stored, status=status)


async def name_coordinator(desk: Desk, opened: Opened, letters: Sequence[dict[str, Any]]) -> None:
    """Put the coordinator's name to the meetings that it proposes to other units."""
    ticket = opened.stored.ticket
    if ticket.coordinates or not any(each["meeting"] for each in letters):
        return
    all_ = await desk.inbox.stepping.store.of_handover(ticket.handover)
    name = next((desk.name_of(each.ticket.receiver) for each in all_ if each.ticket.coordinates), "")
    for each in letters:
        if each["meeting"] and name:
            each["heading"], each["from"] = "letter.meeting", name


def _mark_unread(letters: list[dict[str, Any]], unread: int) -> None:
    hers = [each for each in letters if each["hers"]]
    fresh = hers[-unread:] if unread else []
    for each in letters:
        each["fresh"] = each in fresh


def _cover(desk: Desk, stored: StoredTicket) -> Response:
    ticket = stored.ticket
    over = ticket.state is not TicketState.DELIVERED
    words = "delivery" if ticket.received_at is ReceivedAt.DELIVERY else "opening"
    context = {
        "ticket": row(stored, desk.house.site.organisations, desk.language, desk.now),
        "unit": desk.receiver(stored).name_in(desk.language),
        "lead": f"cover.{words}",
        "over": f"cover.{ticket.state.value}" if over else "",
    }
    return desk.page("receiver/cover.html", context)


async def _closed(desk: Desk, stored: StoredTicket, *, status: int = 200) -> Response:
    ticket, unit = stored.ticket, desk.receiver(stored)
    regrets.look_at(desk, ticket)
    what, must_know = ending(ticket, authority=unit.regime.is_authority)
    context = {
        "ticket": row(stored, desk.house.site.organisations, desk.language, desk.now),
        "unit": unit.name_in(desk.language),
        "reference": await references.of(desk, stored),
        "state": state_of(ticket),
        "what": what,
        "must_know": must_know,
        "came": day(ticket.granted_at, desk.language),
        "opened": "" if ticket.opened_at is None else day(ticket.opened_at, desk.language),
        "closed": "" if ticket.closed_at is None else day(ticket.closed_at, desk.language),
        "closed_at": "" if ticket.closed_at is None else clock(ticket.closed_at, desk.language),
    }
    return desk.page("receiver/closed.html", context, status=status)
