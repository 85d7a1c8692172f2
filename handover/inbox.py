# SPDX-License-Identifier: EUPL-1.2
"""The receiver's side of a ticket: seeing that one waits, opening, answering, taking it or not; samråd.

Owns what a sign-in of a receiving unit may do. It reaches the tickets of its own units alone; anything else
looks as if it did not exist. Knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from chat.errors import TextTooLong
from chat.ids import DutyId, Randomness, random_id
from handover.errors import CannotOpen, Incomplete, NewLetters, NoSuchTicket, TooLate
from handover.export import TicketDocument, TicketExport, is_as_shown
from handover.ids import ReceiverId, TicketId
from handover.items import LONGEST, LONGEST_SHORT
from handover.letters import ContactList, Letter, LetterKind, Writer
from handover.ports import SealedLetter, StoredContacts, StoredTicket
from handover.receivers import Reach
from handover.sealing import Spot, seal, unseal
from handover.stepping import Stepping, sealed_letter
from handover.ticket import (
    Accept,
    Attend,
    Command,
    Decline,
    Meet,
    Open,
    Ticket,
    TicketEvent,
    TicketState,
    Write,
)
from handover.units import Units

HAVE_IT: Final = frozenset({TicketState.OPENED, TicketState.ANSWERED, TicketState.ACCEPTED})
"""Whoever has opened a ticket and can still be written to."""

_document: msgspec.json.Decoder[TicketDocument] = msgspec.json.Decoder(TicketDocument)
_letter: msgspec.json.Decoder[Letter] = msgspec.json.Decoder(Letter)
_contacts: msgspec.json.Decoder[ContactList] = msgspec.json.Decoder(ContactList)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who works here, as far as tickets go: one staff sign-in and the units that it acts for."""

    id: DutyId
    reach: Reach


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
            opened_at=opened,
            letters=tuple(each.letter for each in self.letters),
        )


class Standing(Struct, frozen=True):
    """How another receiver's ticket of the same handover stands: all that a coordinator sees of it."""

    receiver: ReceiverId
    state: TicketState
    comes: bool | None = None
    """Whether it comes to the newest meeting, where it has said so."""


@dataclass(slots=True, eq=False)
class Inbox:
    """What receivers do."""

    stepping: Stepping
    units: Units
    randomness: Randomness

    async def tickets(self, who: SignIn) -> list[StoredTicket]:
        """Return the tickets of the sign-in's units, the oldest first: that they wait and how they stand."""
        return await self.stepping.store.inbox(who.reach)

    async def ticket(self, who: SignIn, ticket: TicketId) -> StoredTicket:
        """Return one of them: how it stands. Looking opens nothing.

        Raises:
            NoSuchTicket: unknown or foreign.
        """
        return await self.stepping.mine(ticket, self._is_mine(who))

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

        after, event = await self.stepping.step(ticket, Open(), self._is_mine(who), read=True, before=read)
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
        _check_length("", reference)
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

    # --- samråd ---

    async def standings(self, who: SignIn, ticket: TicketId) -> list[Standing]:
        """Return to the coordinator how the other tickets of the handover stand; to others nothing."""
        stored = await self.stepping.mine(ticket, self._is_mine(who))
        if not _coordinates(stored.ticket):
            return []
        others = await self.stepping.store.of_handover(stored.ticket.handover)
        newest = await self._newest_meeting(stored.ticket)
        standings = []
        for other in others:
            if other.ticket.id != stored.ticket.id:
                comes = await self._comes(other.ticket, newest) if newest else None
                standings.append(Standing(other.ticket.receiver, other.ticket.state, comes))
        return standings

    async def contacts(self, who: SignIn, ticket: TicketId) -> tuple[ContactList, int] | None:
        """Return the contact list and its version to the coordinator; None to others.

        Raises:
            Locked: the unit's key is not unlocked. NoSuchTicket.
        """
        stored = await self.stepping.mine(ticket, self._is_mine(who))
        if not _coordinates(stored.ticket):
            return None
        kept = await self.stepping.store.contacts(stored.ticket.handover)
        if not kept.for_coordinator:
            return ContactList(), kept.version
        private = self.units.key(who.id, stored.ticket.receiver)
        spot = Spot("contacts", stored.ticket.handover, stored.ticket.receiver, kept.version)
        return _contacts.decode(unseal(kept.for_coordinator, private, spot)), kept.version

    async def put_contacts(self, who: SignIn, ticket: TicketId, contacts: ContactList, expected: int) -> None:
        """Replace the contact list, sealed to the coordinator and to her.

        Raises:
            NoSuchTicket: also for a ticket that coordinates nothing. TooLate: it is not accepted.
            Moved: somebody else changed it meanwhile.
        """
        stored = await self.stepping.mine(ticket, self._is_mine(who))
        if not stored.ticket.coordinates:
            raise NoSuchTicket
        if not _coordinates(stored.ticket):
            raise TooLate
        self.units.key(who.id, stored.ticket.receiver)  # only where the unit's key is unlocked
        raw, handover, version = msgspec.json.encode(contacts), stored.ticket.handover, expected + 1
        unit = await self._public(stored.ticket.receiver)
        sealed = StoredContacts(
            version=version,
            for_coordinator=seal(raw, unit, Spot("contacts", handover, stored.ticket.receiver, version)),
            for_visitor=seal(raw, stored.public, Spot("contacts", handover, "visitor", version)),
        )
        await self.stepping.store.put_contacts(handover, sealed, expected)

    async def propose_meeting(
        self, who: SignIn, ticket: TicketId, place: str, time: str, text: str, *, seen: int | None = None
    ) -> int:
        """Propose a meeting to her and to everybody else who got a ticket and has it; return to how many.

        Raises:
            NoSuchTicket: also for a ticket that coordinates nothing. TooLate: it is not accepted.
            Incomplete: no place or no time. TextTooLong. NewLetters: on the coordinator's own ticket.
        """
        stored = await self.stepping.mine(ticket, self._is_mine(who))
        if not stored.ticket.coordinates:
            raise NoSuchTicket
        if not _coordinates(stored.ticket):
            raise TooLate
        self.units.key(who.id, stored.ticket.receiver)
        if not place.strip() or not time.strip():
            raise Incomplete
        _check_length(text, place, time)
        meeting = random_id(self.randomness)
        words = {"text": text.strip(), "place": place.strip(), "time": time.strip()}
        letter = Letter(kind=LetterKind.MEETING, by=Writer.RECEIVER, at=self._minute(), **words)
        # One's own comes first: whoever sends the form a second time stops there and invites nobody twice.
        await self._put(stored, letter, meeting, before=_Seen(seen))
        invited = 1
        for other in await self.stepping.store.of_handover(stored.ticket.handover):
            if other.ticket.id != ticket and other.ticket.state in HAVE_IT:
                invited += await self._invite(other, letter, meeting)
        return invited

    async def answer_meeting(self, who: SignIn, ticket: TicketId, number: int, *, comes: bool) -> None:
        """Say whether one's unit comes to a meeting.

        Raises:
            NoSuchTicket: unknown or foreign, or no such meeting on it. TooLate.
        """

        async def is_there(stored: StoredTicket) -> None:
            if not await self._has_meeting(stored, number):
                raise NoSuchTicket

        await self.stepping.step(
            ticket,
            Attend(),
            self._is_mine(who),
            answered=(number, Writer.RECEIVER, comes),
            before=is_there,
        )

    # ---

    def _is_mine(self, who: SignIn) -> _Mine:
        return _Mine(who.reach)

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
        _check_length(text)
        stored = await self.stepping.mine(ticket, self._is_mine(who))
        self.units.key(who.id, stored.ticket.receiver)
        unit = await self._public(stored.ticket.receiver)
        letter = Letter(
            kind=kind, by=Writer.RECEIVER, text=text.strip(), reference=reference, at=self._minute()
        )
        await self.stepping.step(
            ticket,
            command,
            self._is_mine(who),
            letter=lambda current: sealed_letter(current, letter, unit),
            before=_Seen(seen),
        )

    async def _invite(self, stored: StoredTicket, letter: Letter, meeting: str) -> bool:
        try:
            await self._put(stored, letter, meeting)
        except (TooLate, NoSuchTicket):
            return False  # it was closed meanwhile: nobody is there to be invited
        return True

    async def _put(
        self, stored: StoredTicket, letter: Letter, meeting: str, before: _Seen | None = None
    ) -> None:
        """Put the coordinator's letter on a ticket of the same handover, which may be another unit's."""
        unit = await self._public(stored.ticket.receiver)
        await self.stepping.step(
            stored.ticket.id,
            Meet(),
            lambda _: True,
            letter=lambda current: sealed_letter(current, letter, unit, meeting=meeting),
            before=before,
        )

    async def _public(self, unit: ReceiverId) -> bytes:
        key = (await self.stepping.store.unit_keys()).get(unit)
        if key is None:
            raise CannotOpen("the unit has no key")
        return key

    async def _has_meeting(self, stored: StoredTicket, number: int) -> bool:
        letters = await self.stepping.store.letters(stored.ticket.id)
        return any(each.number == number and each.kind is LetterKind.MEETING for each in letters)

    async def _newest_meeting(self, ticket: Ticket) -> str:
        letters = await self.stepping.store.letters(ticket.id)
        return next((each.meeting for each in reversed(letters) if each.meeting), "")

    async def _comes(self, ticket: Ticket, meeting: str) -> bool | None:
        letters = await self.stepping.store.letters(ticket.id)
        return next((each.receiver_comes for each in letters if each.meeting == meeting), None)

    def _minute(self) -> datetime:
        return self.stepping.clock.now().replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class _Mine:
    """Tells whether a ticket is of one of these units, and of their track."""

    reach: Reach

    def __call__(self, stored: StoredTicket) -> bool:
        return stored.ticket.receiver in self.reach.units and stored.ticket.track is self.reach.track


@dataclass(frozen=True, slots=True)
class _Seen:
    """Refuses when there are other letters than the writer had before them."""

    letters: int | None
    """None: whatever there is."""

    async def __call__(self, stored: StoredTicket) -> None:
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


def _coordinates(ticket: Ticket) -> bool:
    return ticket.coordinates and ticket.state is TicketState.ACCEPTED


def _check_length(*texts: str) -> None:
    first, *others = texts
    if len(first) > LONGEST or any(len(each) > LONGEST_SHORT for each in others):
        raise TextTooLong
