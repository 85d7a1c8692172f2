# SPDX-License-Identifier: EUPL-1.2
"""`handover.ports.TicketStore` in the house's database.

Owns the statements, and which of them share a transaction. Decides nothing but whether the stored version
is the one that was decided on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from chat.counted import Count as Added
from chat.ids import OrganisationId, ServiceId
from chat.ports import Alongside
from handover.adapters.counting import INSERTS, count, gather
from handover.adapters.ending import erase, leave_nothing_unread
from handover.adapters.rows import (
    handover_columns,
    handover_of,
    letter_columns,
    letter_of,
    seconds,
    stored_of,
    ticket_columns,
    ticket_of,
)
from handover.adapters.tables import handover, handover_count, installation, letter, ticket, unit_key
from handover.counted import outcomes
from handover.errors import Moved, TooLate
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.letters import Writer
from handover.ports import (
    Count,
    Handover,
    NewTicket,
    SealedLetter,
    StoredContacts,
    StoredTicket,
    TicketChange,
)
from handover.receivers import Reach
from handover.sealing import SealedUnitKey
from handover.ticket import UNDECIDED, Ticket, TicketEvent, TicketState

T = TypeVar("T")

Counting = Callable[[Sequence[Added]], Alongside]
"""From what is added to the chat's counters to what adds it."""

_SALT = "pick-up salt"

_LETTERS = (
    select(func.count()).where(letter.c.ticket == ticket.c.id).correlate(ticket).scalar_subquery()
).label("letters")
_TICKETS = select(
    *[column for column in ticket.c if column.name != "body"],
    handover.c.sender,
    handover.c.service,
    handover.c.public_key,
    handover.c.language,
    _LETTERS,
).join(handover, handover.c.id == ticket.c.handover)


class Database(Protocol):
    """The house's database, as far as it is needed here: `chat/adapters/sql/database.py`.

    Both raise `chat.errors.Unavailable` for what trying again may mend.
    """

    async def run_read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one reading transaction."""

    async def run_write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one writing transaction, and commit."""


@dataclass(frozen=True, slots=True)
class _Entrusting:
    """What stores a new handover together with her answer."""

    handover: Handover
    tickets: Sequence[NewTicket]

    def write(self, connection: Connection) -> None:
        """Insert the handover with its tickets, and count them."""
        connection.execute(insert(handover), handover_columns(self.handover))
        rows = [
            {**ticket_columns(each.ticket), "version": 0, "unread": 0, "shown": each.shown, "body": each.body}
            for each in self.tickets
        ]
        connection.execute(insert(ticket), rows)
        for each in self.tickets:
            count(
                connection,
                self.handover.created_on,
                self.handover.service,
                each.ticket.receiver,
                [TicketEvent.GRANTED],
            )


class SqlTicketStore:
    """Tickets, letters, contact lists and unit keys. See `handover.ports.TicketStore`."""

    def __init__(self, database: Database, counting: Counting) -> None:
        """`counting`: how the chat's counters are added to in a transaction of ours."""
        self._database = database
        self._counting = counting

    def entrusting(self, handover: Handover, tickets: Sequence[NewTicket]) -> _Entrusting:
        """Return what stores a new handover with her answer."""
        return _Entrusting(handover, tickets)

    # tickets

    async def ticket(self, name: TicketId) -> StoredTicket | None:
        """Select one ticket."""
        found = await self._database.run_read(lambda connection: _stored(connection, ticket.c.id == name))
        return found[0] if found else None

    async def inbox(self, reach: Reach) -> list[StoredTicket]:
        """Select the tickets of some units, of their track only."""
        if reach.track is None:
            return []
        mine = and_(ticket.c.receiver.in_(sorted(reach.units)), ticket.c.track == reach.track.value)
        return await self._database.run_read(lambda connection: _stored(connection, mine))

    async def of_handover(self, name: HandoverId) -> list[StoredTicket]:
        """Select the tickets of a handover."""
        found = await self._database.run_read(
            lambda connection: _stored(connection, ticket.c.handover == name)
        )
        return sorted(found, key=lambda each: each.ticket.receiver)

    async def body(self, name: TicketId) -> bytes | None:
        """Select the sealed content."""
        query = select(ticket.c.body).where(ticket.c.id == name)
        return await self._database.run_read(lambda connection: connection.execute(query).scalar())

    async def letters(self, name: TicketId) -> list[SealedLetter]:
        """Select the letters of a ticket."""
        query = select(letter).where(letter.c.ticket == name).order_by(letter.c.number)

        def read(connection: Connection) -> list[SealedLetter]:
            return [letter_of(row) for row in connection.execute(query).mappings()]

        return await self._database.run_read(read)

    async def commit(self, change: TicketChange) -> None:
        """Store one step, if nobody else's came first."""
        await self._database.run_write(lambda connection: _commit(connection, change, self._counting))

    async def due(self, now: datetime) -> list[TicketId]:
        """Select the tickets whose time has come."""
        query = select(ticket.c.id).where(ticket.c.deadline <= seconds(now)).order_by(ticket.c.deadline)
        return await self._database.run_read(
            lambda connection: [TicketId(name) for name in connection.execute(query).scalars()]
        )

    async def undecided(
        self, senders: Collection[OrganisationId], receivers: Collection[OrganisationId]
    ) -> list[Ticket]:
        """Select what no unit has taken yet."""
        either = or_(handover.c.sender.in_(sorted(senders)), ticket.c.organisation.in_(sorted(receivers)))
        waiting = ticket.c.state.in_(sorted(each.value for each in UNDECIDED))
        query = _TICKETS.where(waiting, either).order_by(ticket.c.granted_at, ticket.c.id)

        def read(connection: Connection) -> list[Ticket]:
            return [ticket_of(row) for row in connection.execute(query).mappings()]

        return await self._database.run_read(read)

    # her page

    async def found_by(self, lookup: bytes) -> Handover | None:
        """Select the handover of a code."""
        query = select(handover).where(handover.c.lookup == lookup)

        def read(connection: Connection) -> Handover | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else handover_of(row)

        return await self._database.run_read(read)

    # samråd

    async def contacts(self, name: HandoverId) -> StoredContacts:
        """Select the contact list."""
        query = select(
            handover.c.contacts_version, handover.c.contacts_for_coordinator, handover.c.contacts_for_visitor
        ).where(handover.c.id == name)

        def read(connection: Connection) -> StoredContacts:
            row = connection.execute(query).one_or_none()
            if row is None:
                return StoredContacts()
            return StoredContacts(version=row[0], for_coordinator=row[1] or b"", for_visitor=row[2] or b"")

        return await self._database.run_read(read)

    async def put_contacts(self, name: HandoverId, contacts: StoredContacts, expected: int) -> None:
        """Update the contact list, if nobody else did and its coordinator still has the ticket."""
        coordinated = (
            select(ticket.c.id)
            .where(
                ticket.c.handover == name,
                ticket.c.coordinates,
                ticket.c.state == TicketState.ACCEPTED.value,
            )
            .exists()
        )
        change = (
            update(handover)
            .where(handover.c.id == name, handover.c.contacts_version == expected, coordinated)
            .values(
                contacts_version=expected + 1,
                contacts_for_coordinator=contacts.for_coordinator,
                contacts_for_visitor=contacts.for_visitor,
            )
        )

        def write(connection: Connection) -> None:
            if connection.execute(change).rowcount != 1:
                raise Moved

        await self._database.run_write(write)

    # counters

    async def counts(self, services: Collection[ServiceId], first: date, last: date) -> list[Count]:
        """Select what was counted."""
        query = (
            select(handover_count)
            .where(
                handover_count.c.service.in_(sorted(services)),
                handover_count.c.day >= first,
                handover_count.c.day <= last,
            )
            .order_by(*handover_count.primary_key.columns)
        )

        def read(connection: Connection) -> list[Count]:
            return [
                Count(
                    day=row["day"],
                    service=ServiceId(row["service"]),
                    receiver=ReceiverId(row["receiver"]),
                    event=TicketEvent(row["event"]),
                    times=row["times"],
                )
                for row in connection.execute(query).mappings()
            ]

        return await self._database.run_read(read)

    async def gather(self, until: date, needed_from: date) -> bool:
        """Move days into months, and delete what is too old, in one transaction."""
        return await self._database.run_write(lambda connection: gather(connection, until, needed_from))

    # units

    async def unit_key(self, unit: ReceiverId) -> SealedUnitKey | None:
        """Select the key of a unit."""
        query = select(unit_key).where(unit_key.c.unit == unit)

        def read(connection: Connection) -> SealedUnitKey | None:
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                return None
            return SealedUnitKey(unit, row["public_key"], row["salt"], row["sealed"])

        return await self._database.run_read(read)

    async def unit_keys(self) -> dict[ReceiverId, bytes]:
        """Select every public half."""
        query = select(unit_key.c.unit, unit_key.c.public_key)
        return await self._database.run_read(
            lambda connection: {ReceiverId(unit): public for unit, public in connection.execute(query)}
        )

    async def put_unit_key(self, key: SealedUnitKey) -> None:
        """Insert the key of a unit that has none."""
        row = {"unit": key.unit, "public_key": key.public, "salt": key.salt, "sealed": key.sealed}

        def write(connection: Connection) -> None:
            statement = INSERTS[connection.dialect.name](unit_key).values(row).on_conflict_do_nothing()
            # A driver need not know how many rows it did not insert; what it returns is what is there.
            if connection.execute(statement.returning(unit_key.c.unit)).one_or_none() is None:
                raise TooLate

        await self._database.run_write(write)

    async def code_salt(self, fresh: bytes) -> bytes:
        """Select the salt, or insert one."""
        query = select(installation.c.value).where(installation.c.name == _SALT)
        found: bytes | None = await self._database.run_read(
            lambda connection: connection.execute(query).scalar()
        )
        if found is not None:
            return found

        def write(connection: Connection) -> bytes:
            row = {"name": _SALT, "value": fresh}
            connection.execute(
                INSERTS[connection.dialect.name](installation).values(row).on_conflict_do_nothing()
            )
            return bytes(connection.execute(query).scalar_one())

        return await self._database.run_write(write)


def _stored(connection: Connection, where: Any) -> list[StoredTicket]:  # noqa: ANN401 - a condition
    query: Select[Any] = _TICKETS.where(where).order_by(ticket.c.granted_at, ticket.c.id)
    return [stored_of(row) for row in connection.execute(query).mappings()]


def _commit(connection: Connection, change: TicketChange, counting: Counting) -> None:
    name = change.ticket.id
    values = {**ticket_columns(change.ticket), "version": change.expected + 1}
    if not change.ticket.is_readable:
        values["body"] = None
    if change.read:
        values["unread"] = 0
    elif change.letter is not None and change.letter.by is Writer.VISITOR:
        values["unread"] = ticket.c.unread + 1
    moved = update(ticket).where(ticket.c.id == name, ticket.c.version == change.expected).values(values)
    if connection.execute(moved).rowcount != 1:
        raise Moved
    if change.letter is not None:
        connection.execute(insert(letter), letter_columns(name, change.letter))
    leave_nothing_unread(connection, change.ticket)
    if change.answered is not None:
        number, by, comes = change.answered
        column = "visitor_comes" if by is Writer.VISITOR else "receiver_comes"
        mine = and_(letter.c.ticket == name, letter.c.number == number)
        connection.execute(update(letter).where(mine).values({column: comes}))
    service = select(handover.c.service).where(handover.c.id == change.ticket.handover)
    sent_by = ServiceId(connection.execute(service).scalar_one())
    count(connection, change.on, sent_by, change.ticket.receiver, change.events)
    counting(outcomes(sent_by, change.events, change.on)).write(connection)
    if change.ticket.state is TicketState.ERASED:
        erase(connection, change.ticket)
