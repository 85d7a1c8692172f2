# SPDX-License-Identifier: EUPL-1.2
"""Samråd: what several receivers of one handover do together, with one of them coordinating if she said so.

Owns what a coordinator sees of the others (how they stand, never what they got), the contact list that it
holds, and meetings. A ticket that coordinates nothing, or is not accepted, reaches none of it. Knows no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import Struct

from chat.ids import Randomness, random_id
from handover.errors import Incomplete, NoSuchTicket, TooLate
from handover.ids import ReceiverId, TicketId
from handover.inbox import Seen, SignIn, check_length
from handover.letters import ContactList, Letter, LetterKind, Writer
from handover.ports import StoredContacts, StoredTicket
from handover.sealing import Spot, seal, unseal
from handover.stepping import Stepping, sealed_letter
from handover.ticket import Attend, Meet, Ticket, TicketState
from handover.units import Units

HAVE_IT: Final = frozenset({TicketState.OPENED, TicketState.ANSWERED, TicketState.ACCEPTED})
"""Whoever has opened a ticket and can still be written to."""

_contacts: msgspec.json.Decoder[ContactList] = msgspec.json.Decoder(ContactList)


class Standing(Struct, frozen=True):
    """How another receiver's ticket of the same handover stands: all that a coordinator sees of it."""

    receiver: ReceiverId
    state: TicketState
    comes: bool | None = None
    """Whether it comes to the newest meeting, where it has said so."""


@dataclass(slots=True, eq=False)
class Samrad:
    """What receivers do together."""

    stepping: Stepping
    units: Units
    randomness: Randomness

    async def standings(self, who: SignIn, ticket: TicketId) -> list[Standing]:
        """Return to the coordinator how the other tickets of the handover stand; to others nothing."""
        stored = await self.stepping.mine(ticket, who.holds)
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
        stored = await self.stepping.mine(ticket, who.holds)
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
        stored = await self.stepping.mine(ticket, who.holds)
        if not stored.ticket.coordinates:
            raise NoSuchTicket
        if not _coordinates(stored.ticket):
            raise TooLate
        self.units.key(who.id, stored.ticket.receiver)  # only where the unit's key is unlocked
        raw, handover, version = msgspec.json.encode(contacts), stored.ticket.handover, expected + 1
        unit = await self.stepping.unit_public(stored.ticket.receiver)
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
        stored = await self.stepping.mine(ticket, who.holds)
        if not stored.ticket.coordinates:
            raise NoSuchTicket
        if not _coordinates(stored.ticket):
            raise TooLate
        self.units.key(who.id, stored.ticket.receiver)
        if not place.strip() or not time.strip():
            raise Incomplete
        check_length(text, place, time)
        meeting = random_id(self.randomness)
        words = {"text": text.strip(), "place": place.strip(), "time": time.strip()}
        letter = Letter(kind=LetterKind.MEETING, by=Writer.RECEIVER, at=self.stepping.minute(), **words)
        # One's own comes first: whoever sends the form a second time stops there and invites nobody twice.
        await self._put(stored, letter, meeting, before=Seen(seen))
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
            who.holds,
            answered=(number, Writer.RECEIVER, comes),
            before=is_there,
        )

    async def _invite(self, stored: StoredTicket, letter: Letter, meeting: str) -> bool:
        try:
            await self._put(stored, letter, meeting)
        except (TooLate, NoSuchTicket):
            return False  # it was closed meanwhile: nobody is there to be invited
        return True

    async def _put(
        self, stored: StoredTicket, letter: Letter, meeting: str, before: Seen | None = None
    ) -> None:
        """Put the coordinator's letter on a ticket of the same handover, which may be another unit's."""
        unit = await self.stepping.unit_public(stored.ticket.receiver)
        await self.stepping.step(
            stored.ticket.id,
            Meet(),
            lambda _: True,
            letter=lambda current: sealed_letter(current, letter, unit, meeting=meeting),
            before=before,
        )

    async def _has_meeting(self, stored: StoredTicket, number: int) -> bool:
        letters = await self.stepping.store.letters(stored.ticket.id)
        return any(each.number == number and each.kind is LetterKind.MEETING for each in letters)

    async def _newest_meeting(self, ticket: Ticket) -> str:
        letters = await self.stepping.store.letters(ticket.id)
        return next((each.meeting for each in reversed(letters) if each.meeting), "")

    async def _comes(self, ticket: Ticket, meeting: str) -> bool | None:
        letters = await self.stepping.store.letters(ticket.id)
        return next((each.receiver_comes for each in letters if each.meeting == meeting), None)


def _coordinates(ticket: Ticket) -> bool:
    return ticket.coordinates and ticket.state is TicketState.ACCEPTED
