# SPDX-License-Identifier: EUPL-1.2
"""Tickets in the words of a receiving unit's pages.

Owns what of a ticket reaches a page, value by value: nothing goes out by accident. Pure: no store, no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from babel.numbers import format_decimal

from chat.hours import STOCKHOLM, local_day
from chat.ids import OrganisationId, Track
from config.site import Organisation
from handover.consent import ConsentRecord
from handover.inbox import LetterRead, Opened
from handover.items import IDENTITY, Contact, Content, Item, Message
from handover.letters import LetterKind, Writer
from handover.ports import StoredTicket
from handover.receivers import ReceivedAt, Receiver
from handover.samrad import HAVE_IT
from handover.ticket import Ticket, TicketState
from web.languages import clock_time, day_and_month, direction, tag
from web.receiver import masks

SHORT: Final = 8
"""So many characters of a ticket's number tell it from its neighbours."""

NEAR: Final = timedelta(days=2)
"""So long before a deadline its day is told as one speaks."""

OTHER_TRACK: Final = frozenset({Item.RELATION, Item.FORMS, Item.DANGER})
"""Items that mean another thing for somebody who uses violence."""

_DAYS: Final = ("when.today", "when.tomorrow", "when.day_after")

_NEAR: Final = {
    "deadline.open": "near.open",
    "deadline.answer": "near.answer",
    "deadline.kept": "near.kept",
}

_DEADLINE: Final = {
    TicketState.DELIVERED: "deadline.open",
    TicketState.OPENED: "deadline.answer",
    TicketState.ANSWERED: "deadline.answer",
    TicketState.ACCEPTED: "deadline.kept",
}


def day(moment: datetime, language: str) -> str:
    """Return `26 november`."""
    return day_and_month(moment.astimezone(STOCKHOLM).date(), language)


def clock(moment: datetime, language: str) -> str:
    """Return `14:05`."""
    return clock_time(moment.astimezone(STOCKHOLM), language)


def written(moment: datetime) -> str:
    """Return `2026-11-26 14:05`, as it stands on paper."""
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")


def state_of(ticket: Ticket) -> str:
    """Return the id of the words for where a ticket stands."""
    if ticket.state is TicketState.WITHDRAWN:
        return "state.recalled" if ticket.opened_at is None else "state.withdrawn"
    return f"state.{ticket.state.value}"


def amount(number: int, language: str) -> str:
    """Return `2 000`."""
    return str(format_decimal(number, locale=tag(language)))


def deadline(ticket: Ticket, language: str, now: datetime) -> dict[str, str]:
    """Return when a ticket must be opened, answered or saved: by its date, or in plainer words when near.

    `when` is the id of the word for the day; empty when the date stands there.
    """
    said = _DEADLINE.get(ticket.state, "deadline.shown")
    left = (local_day(ticket.deadline) - local_day(now)).days
    near = said in _NEAR and now < ticket.deadline <= now + NEAR
    if near:
        at_delivery = ticket.received_at is ReceivedAt.DELIVERY and ticket.state is TicketState.DELIVERED
        said = "near.open_delivered" if at_delivery else _NEAR[said]
    return {
        "deadline": said,
        "when": _DAYS[left] if near else "",
        "by": day(ticket.deadline, language),
        "at": clock(ticket.deadline, language),
    }


def row(
    stored: StoredTicket,
    organisations: Mapping[OrganisationId, Organisation],
    language: str,
    now: datetime,
    reference: str = "",
) -> dict[str, Any]:
    """Return one ticket of the list."""
    ticket = stored.ticket
    return {
        "id": ticket.id,
        "number": ticket.id[:SHORT],
        "sender": sender_of(ticket, organisations),
        "state": state_of(ticket),
        "reference": reference,
        "came": day(ticket.granted_at, language),
        **deadline(ticket, language, now),
        "live": ticket.is_live,
        "fresh": ticket.state is TicketState.DELIVERED,
        "unread": stored.unread if ticket.is_readable else 0,
        "leads": ticket.is_readable or ticket.opened_at is not None,
    }


def sender_of(ticket: Ticket, organisations: Mapping[OrganisationId, Organisation]) -> str:
    """Return the name of the organisation that a ticket comes from; its id when it has left the site."""
    sender = organisations.get(ticket.sender)
    return ticket.sender if sender is None else sender.name


def document(opened: Opened, unit: Receiver, language: str, now: datetime) -> dict[str, Any]:
    """Return an opened ticket with everything that a page shows of it."""
    ticket, record = opened.stored.ticket, opened.document.consent
    content = opened.document.content
    return {
        "id": ticket.id,
        "number": ticket.id[:SHORT],
        "unit": unit.name_in(language),
        "address": unit.function_address,
        "sender": record.sender,
        "state": state_of(ticket),
        "is_live": ticket.is_live,
        "delivery": ticket.received_at is ReceivedAt.DELIVERY,
        "came": written(ticket.granted_at),
        "opened": "" if ticket.opened_at is None else written(ticket.opened_at),
        **deadline(ticket, language, now),
        "can_write": ticket.state in HAVE_IT,
        "can_decide": ticket.state in {TicketState.OPENED, TicketState.ANSWERED},
        "coordinates": ticket.coordinates,
        "accepted": ticket.state is TicketState.ACCEPTED,
        "identity": record.identity_shared,
        "as_shown": opened.is_as_shown,
        "digest": opened.document.shown_sha256,
        "uses_violence": record.track is Track.PERPETRATOR,
        "items": items(content, record.track),
        "mask": masks.first_in(content),
        "consent": consent(record),
        "letters": [letter(each, ticket) for each in opened.letters],
        "seen": len(opened.letters),
    }


def items(content: Content, track: Track) -> list[dict[str, Any]]:
    """Return the items that are there, in their order: what the person wants comes first."""
    return [
        {"item": item.value, "label": _label(item, track), "who": item in IDENTITY, **_value(content[item])}
        for item in Item
        if content[item]
    ]


def _label(item: Item, track: Track) -> str:
    """Whoever uses violence was asked other things under the same items."""
    other = track is Track.PERPETRATOR and item in OTHER_TRACK
    return f"item.{item.value}.perpetrator" if other else f"item.{item.value}"


def _value(value: Any) -> dict[str, Any]:  # noqa: ANN401 - each item has a kind of its own
    if isinstance(value, Contact):
        return {"kind": "contact", "way": f"way.{value.way.value}", "text": value.times}
    if isinstance(value, tuple) and isinstance(value[0], Message):
        return {"kind": "messages", "messages": [{"by": f"by.{m.by}", "text": m.text} for m in value]}
    if isinstance(value, tuple):
        return {"kind": "words", "words": [f"form.{each.value}" for each in value]}
    if type(value) is str:
        return {"kind": "text", "text": value}
    return {"kind": "words", "words": [f"{type(value).__name__.lower()}.{value.value}"]}


def consent(record: ConsentRecord) -> dict[str, Any]:
    """Return what the person said yes to, and what was shown before that."""
    said, offer = record.yes, record.offer
    asked = ["secrecy", "data", "measure"]
    asked += ["police"] if offer.police else []
    asked += ["identity"] if record.identity_shared else []
    asked += ["coordinate"] if offer.may_coordinate else []
    return {
        "sender": record.sender,
        "asked_by": record.asked_by,
        "purpose": record.purpose,
        "routine": record.routine,
        "language": tag(record.language),
        "given": written(record.given_at),
        "open_by": written(record.open_by),
        "answers": [
            (f"yes.{each}", "said.yes" if getattr(said, each) else "said.not_ticked") for each in asked
        ],
        "notice": list(offer.notice),
        "notice_version": offer.notice_version,
        "notice_language": tag(offer.language),
        "notice_direction": direction(offer.language),
        "shown_as": f"{offer.name}, {offer.organisation}",
    }


def letter(read: LetterRead, ticket: Ticket) -> dict[str, Any]:
    """Return one letter."""
    written_by_her = read.letter.by is Writer.VISITOR
    meeting = read.letter.kind is LetterKind.MEETING
    kind = "letter.meeting_proposed" if meeting else f"letter.{read.letter.kind.value}"
    return {
        "number": read.number,
        "heading": "letter.meeting_own" if meeting and ticket.coordinates else kind,
        "from": "",
        "hers": written_by_her,
        "text": read.letter.text,
        "reference": read.letter.reference,
        "place": read.letter.place,
        "time": read.letter.time,
        "at": written(read.letter.at),
        "meeting": meeting,
        "visitor_comes": comes(read.visitor_comes),
        "receiver_comes": comes(read.receiver_comes),
        "asks_us": meeting and not ticket.coordinates and ticket.state in HAVE_IT,
    }


def comes(said: bool | None) -> str:  # noqa: FBT001 - yes, no, or nothing said yet
    """Return the id of the words for an answer to a meeting."""
    return {True: "comes.yes", False: "comes.no", None: "comes.open"}[said]


def decline_text(unit: Receiver) -> str:
    """Return the id of what a unit must know before it says no."""
    return "decline.authority" if unit.regime.is_authority else "decline.association"


def ending(ticket: Ticket, *, authority: bool) -> tuple[str, str]:
    """Return the ids of what is said, and what the unit must know, about a ticket that is read no more."""
    state = state_of(ticket)
    had_it = ticket.opened_at is not None and ticket.state is not TicketState.DECLINED
    if not had_it:
        return f"ended.{state.partition('.')[2]}", ""
    return f"ended.{state.partition('.')[2]}", "ended.authority" if authority else "ended.association"
