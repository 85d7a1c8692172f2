# SPDX-License-Identifier: EUPL-1.2
"""What one receiver got: who may do what with it when, and what time alone brings.

Owns the ticket machine and its deadlines. A `Ticket` is made from a `ConsentGrant` and from nothing else.
Knows no content, no key and no store; time comes with each call. No ticket dies silently: every way out is
an event, and she sees it on her page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from chat.ids import OrganisationId, Track
from handover.consent import ConsentGrant
from handover.errors import TooLate
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.receivers import ReceivedAt

TIME_TO_ANSWER: Final = timedelta(days=14)
"""Whoever has opened it has this long to accept, decline or ask; a question gives as long again."""
ACCEPTED_LIVES: Final = timedelta(days=90)
"""An accepted ticket lives so long after the last time that she renewed it."""
CLOSED_SHOWN: Final = timedelta(days=30)
"""So long her page tells how it ended; then it is erased."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    DELIVERED = "delivered"
    """It waits, unread, on the sender's side."""
    OPENED = "opened"
    ANSWERED = "answered"
    """They have written to her, and not yet said whether they take it."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    """Nobody opened it in time; it never reached the receiver."""
    EXPIRED = "expired"
    """Time ran out after the receiver had got it."""
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


UNDECIDED: Final = frozenset({TicketState.DELIVERED, TicketState.OPENED, TicketState.ANSWERED})
"""Nobody has said yet whether the unit takes it; time alone would end it."""
LIVE: Final = UNDECIDED | {TicketState.ACCEPTED}


class Open(Struct, frozen=True):
    """The receiver reads it."""


class Write(Struct, frozen=True):
    """The receiver writes to her: a question, or an answer."""


class Accept(Struct, frozen=True):
    """The receiver takes it, under a case reference of its own."""


class Decline(Struct, frozen=True):
    """The receiver does not take it, and says why."""


class Add(Struct, frozen=True):
    """She answers, or adds something."""


class Meet(Struct, frozen=True):
    """The coordinator proposes a meeting to whoever has the ticket, and to her."""


class Attend(Struct, frozen=True):
    """The receiver, or she, says whether they come to a meeting."""


class Withdraw(Struct, frozen=True):
    """She takes her yes back."""


class Renew(Struct, frozen=True):
    """She wants it to live on."""


class LetTimePass(Struct, frozen=True):
    """Do what the deadline says for this moment; nothing happens before it is due."""


Command = Open | Write | Accept | Decline | Add | Meet | Attend | Withdraw | Renew | LetTimePass


class TicketEvent(StrEnum):
    """What happened to a ticket; also what is counted."""

    GRANTED = "granted"
    OPENED = "opened"
    WROTE = "wrote"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ADDED = "added"
    RECALLED = "recalled"
    """She withdrew it before the receiver had it."""
    WITHDRAWN = "withdrawn"
    """She withdrew it; what they have read stays with them."""
    RENEWED = "renewed"
    RETURNED = "returned"
    EXPIRED = "expired"
    ERASED = "erased"


class Ticket(Struct, frozen=True, kw_only=True):
    """The state of one ticket: frozen, moved on only by `receive`."""

    id: TicketId
    handover: HandoverId
    receiver: ReceiverId
    organisation: OrganisationId
    """The receiver's."""
    sender: OrganisationId
    track: Track
    received_at: ReceivedAt
    granted_at: datetime
    deadline: datetime
    """When time alone will move it."""
    state: TicketState = TicketState.DELIVERED
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    coordinates: bool = False
    """It may see how the other tickets of the handover stand, and holds the contact list."""

    @classmethod
    def of(cls, grant: ConsentGrant, id_: TicketId, handover: HandoverId) -> Ticket:
        """Return the ticket that a grant allows."""
        return cls(
            id=id_,
            handover=handover,
            receiver=grant.receiver,
            organisation=grant.organisation,
            sender=grant.sender,
            track=grant.track,
            received_at=grant.record.offer.received_at,
            granted_at=grant.record.given_at,
            deadline=grant.record.open_by,
            coordinates=grant.record.yes.coordinate,
        )

    def receive(self, command: Command, now: datetime) -> tuple[Ticket, TicketEvent | None]:
        """Carry out `command` at `now`; return the next state and what happened, if anything did.

        Raises:
            TooLate: the state knows no such move.
        """
        move = TRANSITIONS.get((self.state, type(command)))
        if move is None:
            raise TooLate
        return move(self, command, now)

    @property
    def is_live(self) -> bool:
        """Whether it is still on its way to an end."""
        return self.state in LIVE

    @property
    def is_readable(self) -> bool:
        """Whether the receiver may read it: only what was received, or may still be, is kept for it."""
        if self.state in {TicketState.WITHDRAWN, TicketState.EXPIRED}:
            return self.received_at is ReceivedAt.DELIVERY
        return self.is_live

    @property
    def can_be_recalled(self) -> bool:
        """Whether a withdrawal now leaves the receiver with nothing."""
        return self.state is TicketState.DELIVERED and self.received_at is ReceivedAt.OPENING


_Moved = tuple[Ticket, TicketEvent | None]


def _open(ticket: Ticket, _command: Open, now: datetime) -> _Moved:
    opened = replace(ticket, state=TicketState.OPENED, opened_at=now, deadline=now + TIME_TO_ANSWER)
    return opened, TicketEvent.OPENED


def _open_again(ticket: Ticket, _command: Open, _now: datetime) -> _Moved:
    return ticket, None


def _open_closed(ticket: Ticket, _command: Open, now: datetime) -> _Moved:
    """What counted as received at delivery the authority may read, and must, for its own records."""
    if not ticket.is_readable:
        raise TooLate
    if ticket.opened_at is not None:
        return ticket, None
    return replace(ticket, opened_at=now), TicketEvent.OPENED


def _write(ticket: Ticket, _command: Write, now: datetime) -> _Moved:
    answered = replace(ticket, state=TicketState.ANSWERED, deadline=now + TIME_TO_ANSWER)
    return answered, TicketEvent.WROTE


def _write_on(ticket: Ticket, _command: Write, _now: datetime) -> _Moved:
    return ticket, TicketEvent.WROTE


def _accept(ticket: Ticket, _command: Accept, now: datetime) -> _Moved:
    accepted = replace(ticket, state=TicketState.ACCEPTED, deadline=now + ACCEPTED_LIVES)
    return accepted, TicketEvent.ACCEPTED


def _decline(ticket: Ticket, _command: Decline, now: datetime) -> _Moved:
    return _closed(ticket, TicketState.DECLINED, now), TicketEvent.DECLINED


def _add(ticket: Ticket, _command: Add, _now: datetime) -> _Moved:
    return ticket, TicketEvent.ADDED


def _as_it_stands(ticket: Ticket, _command: Meet | Attend, _now: datetime) -> _Moved:
    return ticket, None


def _withdraw(ticket: Ticket, _command: Withdraw, now: datetime) -> _Moved:
    event = TicketEvent.RECALLED if ticket.can_be_recalled else TicketEvent.WITHDRAWN
    return _closed(ticket, TicketState.WITHDRAWN, now), event


def _renew(ticket: Ticket, _command: Renew, now: datetime) -> _Moved:
    return replace(ticket, deadline=now + ACCEPTED_LIVES), TicketEvent.RENEWED


def _let_time_pass(ticket: Ticket, _command: LetTimePass, now: datetime) -> _Moved:
    if now < ticket.deadline:
        return ticket, None
    if ticket.state is TicketState.DELIVERED and ticket.received_at is ReceivedAt.OPENING:
        return _closed(ticket, TicketState.RETURNED, now), TicketEvent.RETURNED
    return _closed(ticket, TicketState.EXPIRED, now), TicketEvent.EXPIRED


def _erase_when_due(ticket: Ticket, _command: LetTimePass, now: datetime) -> _Moved:
    if now < ticket.deadline:
        return ticket, None
    return replace(ticket, state=TicketState.ERASED, deadline=now), TicketEvent.ERASED


def _closed(ticket: Ticket, state: TicketState, now: datetime) -> Ticket:
    return replace(ticket, state=state, closed_at=now, deadline=now + CLOSED_SHOWN)


_Move = Callable[[Ticket, Any, datetime], _Moved]

_ONCE_OPEN: Final[dict[type[Command], _Move]] = {
    Open: _open_again,
    Write: _write,
    Accept: _accept,
    Decline: _decline,
    Add: _add,
    Meet: _as_it_stands,
    Attend: _as_it_stands,
    Withdraw: _withdraw,
    LetTimePass: _let_time_pass,
}

TRANSITIONS: Final[dict[tuple[TicketState, type[Command]], _Move]] = {
    (TicketState.DELIVERED, Open): _open,
    (TicketState.DELIVERED, Add): _add,
    (TicketState.DELIVERED, Withdraw): _withdraw,
    (TicketState.DELIVERED, LetTimePass): _let_time_pass,
    **{
        (state, kind): move
        for state in (TicketState.OPENED, TicketState.ANSWERED)
        for kind, move in _ONCE_OPEN.items()
    },
    (TicketState.ACCEPTED, Open): _open_again,
    (TicketState.ACCEPTED, Write): _write_on,
    (TicketState.ACCEPTED, Add): _add,
    (TicketState.ACCEPTED, Meet): _as_it_stands,
    (TicketState.ACCEPTED, Attend): _as_it_stands,
    (TicketState.ACCEPTED, Renew): _renew,
    (TicketState.ACCEPTED, Withdraw): _withdraw,
    (TicketState.ACCEPTED, LetTimePass): _erase_when_due,
    (TicketState.WITHDRAWN, Open): _open_closed,
    (TicketState.EXPIRED, Open): _open_closed,
    **{
        (state, LetTimePass): _erase_when_due
        for state in (
            TicketState.DECLINED,
            TicketState.RETURNED,
            TicketState.EXPIRED,
            TicketState.WITHDRAWN,
        )
    },
}
"""Every legal move. What is absent is illegal: `receive` raises and changes nothing."""
