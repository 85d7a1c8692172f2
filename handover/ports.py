# SPDX-License-Identifier: EUPL-1.2
"""What handovers need from the world outside: a store of tickets and unit keys.

Owns the protocols and the values that pass through them. An adapter implements one of them; only the
composition root names an adapter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from chat.ids import OrganisationId, ServiceId, Track
from chat.ports import Alongside
from handover.erased import Line
from handover.ids import HandoverId, ReceiverId, TicketId
from handover.letters import LetterKind, Writer
from handover.receivers import Reach
from handover.sealing import SealedUnitKey
from handover.ticket import Ticket, TicketEvent


class Handover(Struct, frozen=True, kw_only=True):
    """What one yes of hers sent, without any content."""

    id: HandoverId
    service: ServiceId
    sender: OrganisationId
    track: Track
    language: str
    created_on: date
    lookup: bytes
    """What her code is found by."""
    public: bytes
    """The public half of the key that only her code gives."""
    copy: bytes
    """What she sent, sealed to her."""


class NewTicket(Struct, frozen=True, kw_only=True):
    """A ticket with its content sealed to the receiving unit, and the digest of what was shown to her."""

    ticket: Ticket
    body: bytes
    shown: str


class StoredTicket(Struct, frozen=True, kw_only=True):
    """A ticket as it is stored, without its content."""

    ticket: Ticket
    version: int
    service: ServiceId
    public: bytes
    """The public half of her key: what letters to her are sealed to."""
    language: str
    letters: int = 0
    """How many letters there are."""
    unread: int = 0
    """How many of hers came since the receiver last opened the ticket."""
    shown: str = ""
    """The digest of what she saw, as it was stored with her answer."""


class SealedLetter(Struct, frozen=True, kw_only=True):
    """One letter, sealed to both ends. `answer`: of a meeting, who has said yes or no so far."""

    number: int
    """1, 2, 3 … on its ticket."""
    kind: LetterKind
    by: Writer
    for_receiver: bytes
    for_visitor: bytes
    visitor_comes: bool | None = None
    receiver_comes: bool | None = None
    meeting: str = ""
    """Names one meeting on all the tickets that it was proposed on."""


class TicketChange(Struct, frozen=True, kw_only=True):
    """One step of a ticket, stored whole or not at all."""

    ticket: Ticket
    expected: int
    """The version that was decided on."""
    events: tuple[TicketEvent, ...] = ()
    on: date
    """The local day, for the counters."""
    letter: SealedLetter | None = None
    """A new letter; `number` must be the next one."""
    answered: tuple[int, Writer, bool] | None = None
    """A meeting's letter that somebody has answered."""
    read: bool = False
    """The receiver has seen every letter."""


class StoredContacts(Struct, frozen=True, kw_only=True):
    """The contact list of a handover, sealed to the coordinator and to her. Version 0: there is none yet."""

    version: int = 0
    for_coordinator: bytes = b""
    for_visitor: bytes = b""


class Count(Struct, frozen=True, kw_only=True):
    """How often something happened between a service and a receiver on one local day."""

    day: date
    service: ServiceId
    receiver: ReceiverId
    event: TicketEvent
    times: int


class TicketStore(Protocol):
    """Where tickets are kept. Every method may raise `chat.errors.Unavailable`."""

    # her yes

    def entrusting(self, handover: Handover, tickets: Sequence[NewTicket]) -> Alongside:
        """Return what stores and counts a new handover in the transaction that makes her yes durable."""

    # tickets

    async def ticket(self, ticket: TicketId) -> StoredTicket | None:
        """Return one ticket, or None."""

    async def inbox(self, reach: Reach) -> list[StoredTicket]:
        """Return every ticket of these units, the oldest first."""

    async def of_handover(self, handover: HandoverId) -> list[StoredTicket]:
        """Return every ticket of a handover, in the order of the receivers' ids."""

    async def body(self, ticket: TicketId) -> bytes | None:
        """Return the sealed content for the receiver, or None when it is not kept (any more)."""

    async def letters(self, ticket: TicketId) -> list[SealedLetter]:
        """Return the letters of a ticket, in order."""

    async def commit(self, change: TicketChange) -> None:
        """Store one step in one transaction.

        With a ticket that is no longer readable its content goes, and if nobody ever opened it, her letters
        to the unit too; with a coordinator's that is closed the contact list as it was sealed to it; an
        erased one goes with everything of it, and with the last ticket the handover.

        Raises:
            Moved: the stored version is another one; nothing has changed.
        """

    async def due(self, now: datetime) -> list[TicketId]:
        """Return the tickets whose deadline is at or before `now`."""

    async def undecided(
        self, senders: Collection[OrganisationId], receivers: Collection[OrganisationId]
    ) -> list[Ticket]:
        """Return the tickets from or to these organisations that no unit has taken, the oldest first.

        Unopened, opened, or written to her about: those in `ticket.UNDECIDED`.
        """

    # her page

    async def found_by(self, lookup: bytes) -> Handover | None:
        """Return the handover of a pick-up code, or None."""

    # samråd

    async def contacts(self, handover: HandoverId) -> StoredContacts:
        """Return the contact list as it is stored."""

    async def put_contacts(self, handover: HandoverId, contacts: StoredContacts, expected: int) -> None:
        """Replace the contact list.

        Raises:
            Moved: the stored version is not `expected`, or nobody coordinates the handover any more.
        """

    # counters

    async def counts(self, services: Collection[ServiceId], first: date, last: date) -> list[Count]:
        """Return what was counted for these services from `first` to `last`, both included.

        Of months that are over it stands under the Monday on which each began.
        """

    async def gather(self, until: date, needed_from: date) -> bool:
        """Put what was counted before `until` under its month, and delete what is older than `needed_from`.

        Both are Mondays on which a month of the grid begins. Returns whether anything has gone, which must
        leave the files too.
        """

    # units

    async def unit_key(self, unit: ReceiverId) -> SealedUnitKey | None:
        """Return the key of a unit, or None while it has none."""

    async def unit_keys(self) -> dict[ReceiverId, bytes]:
        """Return the public half of every unit's key."""

    async def put_unit_key(self, key: SealedUnitKey) -> None:
        """Store the key of a unit that has none.

        Raises:
            TooLate: it has one: what is sealed to that could never be opened again.
        """

    async def code_salt(self, fresh: bytes) -> bytes:
        """Return the installation's salt for pick-up codes; `fresh` becomes it when there is none yet."""


class ErasedLog(Protocol):
    """What has ended, kept where no backup of the database is: a restored one shall not bring it back.

    Every method raises `chat.errors.Unavailable` when it cannot be written now.
    """

    async def note(self, on: date, mark: str) -> Line:
        """Note that a ticket has ended, for good before this returns."""

    async def take_back(self, line: Line) -> None:
        """Note that it has not, because somebody else's step came first."""

    async def keep(self, day: date) -> None:
        """Note that the log is kept on a day: a day that is missing in it is seen."""

    async def forget_before(self, day: date) -> None:
        """Delete what was noted before a day, unless the clock may be wrong about it."""


class NoErasedLog:
    """For a world without backups: keeps nothing."""

    async def note(self, on: date, mark: str) -> Line:
        """Return the line."""
        return Line(on, mark, "")

    async def take_back(self, line: Line) -> None:
        """Do nothing."""

    async def keep(self, day: date) -> None:
        """Do nothing."""

    async def forget_before(self, day: date) -> None:
        """Do nothing."""
