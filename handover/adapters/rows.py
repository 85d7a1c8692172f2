# SPDX-License-Identifier: EUPL-1.2
"""Between the values of handovers and the rows of their tables, both ways.

Owns how a value is written in columns. Knows no statement and no connection.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from chat.ids import OrganisationId, ServiceId, Track
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.letters import LetterKind, Writer
from handover.ports import Handover, SealedLetter, StoredTicket
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketState

Columns = dict[str, Any]
"""Column names and what stands in them."""


def seconds(moment: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970-01-01 UTC."""
    return int(moment.timestamp())


def _seconds_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)


def _moment(stored: int) -> datetime:
    return datetime.fromtimestamp(stored, UTC)


def _moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else _moment(stored)


def handover_columns(handover: Handover) -> Columns:
    """Return a new handover as columns; it has no contact list yet."""
    return {
        "id": handover.id,
        "service": handover.service,
        "sender": handover.sender,
        "track": handover.track.value,
        "language": handover.language,
        "created_on": handover.created_on,
        "lookup": handover.lookup,
        "public_key": handover.public,
        "copy": handover.copy,
        "contacts_version": 0,
    }


def handover_of(row: RowMapping) -> Handover:
    """Return the handover of a row of its table."""
    return Handover(
        id=HandoverId(row["id"]),
        service=ServiceId(row["service"]),
        sender=OrganisationId(row["sender"]),
        track=Track(row["track"]),
        language=row["language"],
        created_on=row["created_on"],
        lookup=row["lookup"],
        public=row["public_key"],
        copy=row["copy"],
    )


def ticket_columns(ticket: Ticket) -> Columns:
    """Return what stands in the columns of a ticket's state."""
    return {
        "id": ticket.id,
        "handover": ticket.handover,
        "receiver": ticket.receiver,
        "organisation": ticket.organisation,
        "track": ticket.track.value,
        "received_at": ticket.received_at.value,
        "state": ticket.state.value,
        "granted_at": seconds(ticket.granted_at),
        "deadline": seconds(ticket.deadline),
        "opened_at": _seconds_or_none(ticket.opened_at),
        "closed_at": _seconds_or_none(ticket.closed_at),
        "coordinates": ticket.coordinates,
    }


def ticket_of(row: RowMapping) -> Ticket:
    """Return the ticket of a row that also has the handover's `sender`."""
    return Ticket(
        id=TicketId(row["id"]),
        handover=HandoverId(row["handover"]),
        receiver=ReceiverId(row["receiver"]),
        organisation=OrganisationId(row["organisation"]),
        sender=OrganisationId(row["sender"]),
        track=Track(row["track"]),
        received_at=ReceivedAt(row["received_at"]),
        granted_at=_moment(row["granted_at"]),
        deadline=_moment(row["deadline"]),
        state=TicketState(row["state"]),
        opened_at=_moment_or_none(row["opened_at"]),
        closed_at=_moment_or_none(row["closed_at"]),
        coordinates=row["coordinates"],
    )


def stored_of(row: RowMapping) -> StoredTicket:
    """Return the stored ticket of a row with its handover's columns and the number of its letters."""
    return StoredTicket(
        ticket=ticket_of(row),
        version=row["version"],
        service=ServiceId(row["service"]),
        public=row["public_key"],
        language=row["language"],
        letters=row["letters"],
        unread=row["unread"],
        shown=row["shown"],
    )


def letter_columns(ticket: TicketId, letter: SealedLetter) -> Columns:
    """Return one letter as columns."""
    return {
        "ticket": ticket,
        "number": letter.number,
        "kind": letter.kind.value,
        "writer": letter.by.value,
        "for_receiver": letter.for_receiver,
        "for_visitor": letter.for_visitor,
        "visitor_comes": letter.visitor_comes,
        "receiver_comes": letter.receiver_comes,
        "meeting": letter.meeting,
    }


def letter_of(row: RowMapping) -> SealedLetter:
    """Return the letter of a row."""
    return SealedLetter(
        number=row["number"],
        kind=LetterKind(row["kind"]),
        by=Writer(row["writer"]),
        for_receiver=row["for_receiver"],
        for_visitor=row["for_visitor"],
        visitor_comes=row["visitor_comes"],
        receiver_comes=row["receiver_comes"],
        meeting=row["meeting"],
    )
