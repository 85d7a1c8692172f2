# SPDX-License-Identifier: EUPL-1.2
"""The receiver's side of a ticket: seeing that one waits, opening, answering, taking it or not.

Owns what a sign-in of a receiving unit may do. It reaches the tickets of its own units alone; anything else
looks as if it did not exist. What several receivers do together is in `samrad.py`. Knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec import Struct

from chat.errors import TextTooLong
from chat.ids import DutyId
from handover.errors import Incomplete, NewLetters, TooLate
from handover.export import TicketDocument, TicketExport, is_as_shown
from handover.ids import TicketId
from handover.items import LONGEST, LONGEST_SHORT
from handover.letters import Letter, LetterKind, Writer
from handover.ports import SealedLetter, StoredTicket
from handover.receivers import Reach
from handover.sealing import Spot, unseal
from handover.stepping import Stepping, sealed_letter
from handover.ticket import (
    Accept,
    Command,
    Decline,
    Open,
    Ticket,
    TicketEvent,
    Write,
)
from handover.units import Units

_document: msgspec.json.Decoder[TicketDocument] = msgspec.json.Decoder(TicketDocument)
_letter: msgspec.json.Decoder[Letter] = msgspec.json.Decoder(Letter)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who works here, as far as tickets go: one staff sign-in and the units that it acts for."""

    id: DutyId
    reach: Reach

    def holds(self, stored: StoredTicket) -> bool:
        """Tell whether a ticket is of one of these units, and of their track."""
        return stored.ticket.receiver in self.reach.units and stored.ticket.track is self.reach.track


class LetterRead(Struct, frozen=True, kw_only=True):
    """One letter, readable, with who has said that they come if it proposes a meeting."""

    number: int
    letter: Letter
    visitor_comes: bool | None = None
    receiver_comes: bool | None = None
    meeting: str = ""


class Opened(Struct, frozen=True, kw_only=True):
    """A ticket that lies open."""

    stored: StoredTicket
    document: TicketDocument
    letters: tuple[LetterRead, ...]

    @property
    def is_as_shown(self) -> bool:
        """Whether it is, to the letter, what she saw and said yes to, and what was stored with her answer."""
        return is_as_shown(self.document) and self.document.shown_sha256 == self.stored.shown

    def export(self) -> TicketExport:
        """Return the file that is carried into another system."""
        opened = self.stored.ticket.opened_at
        return TicketExport(
            document=self.document,
            state=self.stored.ticket.state.value,
            opened_at=None if opened is None else opened.replace(second=0),
            letters=tuple(each.letter for each in self.letters),
        )


@dataclass(slots=True, eq=False)
class Inbox:
    """What receivers do."""

    stepping: Stepping
    units: Units

    async def tickets(self, who: SignIn) -> list[StoredTicket]:
        """Return the tickets of the sign-in's units, the oldest first: that they wait and how they stand."""
        return await self.stepping.store.inbox(who.reach)

    async def ticket(self, who: SignIn, ticket: TicketId) -> StoredTicket:
        """Return one of them: how it stands. Looking opens nothing.

        Raises:
            NoSuchTicket: unknown or foreign.
        """
        return await self.stepping.mine(ticket, who.holds)

    async def open(self, who: SignIn, ticket: TicketId) -> tuple[Opened, TicketEvent | None]:
        """Open a ticket and read it. The first time is recorded: from then on a withdrawal recalls nothing.

        What is shown was there when the opening was stored: whoever withdraws first is not read.

        Raises:
            NoSuchTicket: unknown or foreign. Locked: the unit's key is not unlocked.
            TooLate: it is withdrawn, over, or returned.
        """
        found: list[tuple[TicketDocument, StoredTicket]] = []

        async def read(stored: StoredTicket) -> None:
            document = await self._document(who, stored)
            found[:] = [(document, stored)]

        after, event = await self.stepping.step(ticket, Open(), who.holds, read=True, before=read)
        document, stored = found[-1]
        letters = await self._letters(who, after)
        opened = msgspec.structs.replace(stored, ticket=after, unread=0)
        return Opened(stored=opened, document=document, letters=letters), event

    async def write(self, who: SignIn, ticket: TicketId, text: str, *, seen: int | None = None) -> None:
        """Write to her: a question or an answer. `seen`: how many letters the writer has read.

        Raises:
            Incomplete: no text. TextTooLong. NewLetters. And as `open`.
        """
        await self._answer(who, ticket, Write(), LetterKind.QUESTION, text, seen=seen)

    async def accept(
        self, who: SignIn, ticket: TicketId, reference: str, text: str, *, seen: int | None = None
    ) -> None:
        """Take it, under a case reference of one's own. Nobody needs to know who she is for that.

        Raises:
            Incomplete: no reference. TextTooLong: it, or the text. NewLetters. And as `open`.
        """
        if not reference.strip():
            raise Incomplete
        check_length("", reference)
        kind = LetterKind.ACCEPTED
        await self._answer(who, ticket, Accept(), kind, text, reference=reference.strip(), seen=seen)

    async def decline(self, who: SignIn, ticket: TicketId, reason: str, *, seen: int | None = None) -> None:
        """Do not take it, and say why.

        Raises:
            Incomplete: no reason. TextTooLong. NewLetters. And as `open`.
        """
        if not reason.strip():
            raise Incomplete
        await self._answer(who, ticket, Decline(), LetterKind.DECLINED, reason, seen=seen)

    # ---

    async def _document(self, who: SignIn, stored: StoredTicket) -> TicketDocument:
        if not stored.ticket.is_readable:
            raise TooLate
        private = self.units.key(who.id, stored.ticket.receiver)
        body = await self.stepping.store.body(stored.ticket.id)
        if body is None:
            raise TooLate
        return _document.decode(
            unseal(body, private, Spot("ticket", stored.ticket.id, stored.ticket.receiver))
        )

    async def _letters(self, who: SignIn, ticket: Ticket) -> tuple[LetterRead, ...]:
        private = self.units.key(who.id, ticket.receiver)
        letters = await self.stepping.store.letters(ticket.id)
        return tuple(
            read_letter(
                each,
                unseal(each.for_receiver, private, Spot("letter", ticket.id, ticket.receiver, each.number)),
            )
            for each in letters
        )

    async def _answer(
        self,
        who: SignIn,
        ticket: TicketId,
        command: Command,
        kind: LetterKind,
        text: str,
        *,
        seen: int | None,
        reference: str = "",
    ) -> None:
        if kind is LetterKind.QUESTION and not text.strip():
            raise Incomplete
        check_length(text)
        stored = await self.stepping.mine(ticket, who.holds)
        self.units.key(who.id, stored.ticket.receiver)
        unit = await self.stepping.unit_public(stored.ticket.receiver)
        letter = Letter(
            kind=kind, by=Writer.RECEIVER, text=text.strip(), reference=reference, at=self.stepping.minute()
        )
        await self.stepping.step(
            ticket,
            command,
            who.holds,
            letter=lambda current: sealed_letter(current, letter, unit),
            before=Seen(seen),
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """Refuses when there are other letters than the writer had before them."""

    letters: int | None
    """None: whatever there is."""

    async def __call__(self, stored: StoredTicket) -> None:
        """Look at how many letters there are now."""
        if self.letters not in {None, stored.letters}:
            raise NewLetters


def read_letter(sealed: SealedLetter, opened: bytes) -> LetterRead:
    """Return a letter that has been opened."""
    return LetterRead(
        number=sealed.number,
        letter=_letter.decode(opened),
        visitor_comes=sealed.visitor_comes,
        receiver_comes=sealed.receiver_comes,
        meeting=sealed.meeting,
    )


def check_length(*texts: str) -> None:
    """Raise `TextTooLong` for a text beyond its bound, or for any line after it."""
    first, *others = texts
    if len(first) > LONGEST or any(len(each) > LONGEST_SHORT for each in others):
        raise TextTooLong
