# SPDX-License-Identifier: EUPL-1.2
"""Her side of a handover, by her code: how it stands, what was answered, and what she may still do.

Owns visits: between two pages the code is kept nowhere, only what it opened, in memory, for a quarter of an
hour after the last page. Knows no conversation: a handover has no way back to the one it came from. Knows
no page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Struct

from chat.errors import TextTooLong
from chat.ids import Randomness, ServiceId, random_id
from handover.errors import Incomplete, NoSuchTicket, TooManyTries, WrongCode
from handover.export import SentCopy, TicketDocument
from handover.ids import TicketId
from handover.inbox import LetterRead, read_letter
from handover.items import LONGEST
from handover.letters import ContactList, Letter, LetterKind, Writer
from handover.ports import Handover, StoredTicket
from handover.sealing import Spot, unseal
from handover.service import Handovers
from handover.stepping import Stepping, sealed_letter
from handover.ticket import Add, Attend, Renew, TicketEvent, Withdraw
from moderation.judge import Judge
from moderation.rate import Bucket, Rate

VISIT_LASTS: Final = timedelta(minutes=15)
MOST_VISITS: Final = 2_000
"""More at once are not kept: the oldest one has to type the code again."""
LETTERS: Final = Rate(burst=10, every=timedelta(seconds=20))
"""What she may write in one visit: nobody needs more, and nobody may fill the disk."""
MOST_DONE: Final = 100
"""So many forms of a visit are known by their ids."""

_copy: msgspec.json.Decoder[SentCopy] = msgspec.json.Decoder(SentCopy)
_contacts: msgspec.json.Decoder[ContactList] = msgspec.json.Decoder(ContactList)


@dataclass(slots=True, eq=False, repr=False)
class Visit:
    """She is here with her code. Its repr shows nothing."""

    handover: Handover
    private: X25519PrivateKey
    seen_at: datetime
    done: dict[str, str] = field(default_factory=dict)
    """What came of each form, by its one-time id."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    letters: Bucket | None = None
    """How fast she writes."""


class Sent(Struct, frozen=True, kw_only=True):
    """One receiver's ticket, as she sees it."""

    stored: StoredTicket
    document: TicketDocument
    letters: tuple[LetterRead, ...]


class View(Struct, frozen=True, kw_only=True):
    """Everything that her page shows."""

    sent: tuple[Sent, ...]
    contacts: ContactList


@dataclass(slots=True, eq=False)
class Pickup:
    """What her code lets her do."""

    stepping: Stepping
    handovers: Handovers
    judges: Mapping[ServiceId, Judge]
    randomness: Randomness
    _visits: dict[str, Visit] = field(default_factory=dict)

    # --- visits ---

    async def enter(self, code: str) -> str:
        """Begin a visit and return what names it; it goes into forms, never into an address.

        Raises:
            WrongCode: there is nothing under this code, whatever its form; it takes as long either way.
        """
        try:
            key = await self.handovers.pickup_key(code)
        except WrongCode:
            # As slow as a real one: how long an answer takes tells nothing about what was typed.
            await self.handovers.stretching.stretch(b"nobody's", b"nobody's salt...")
            raise
        handover = await self.stepping.store.found_by(key.lookup)
        if handover is None:
            raise WrongCode
        self._forget_old()
        while len(self._visits) >= MOST_VISITS:
            del self._visits[next(iter(self._visits))]
        name = random_id(self.randomness)
        self._visits[name] = Visit(handover, key.private, self.stepping.clock.now())
        return name

    def visit(self, name: str) -> Visit | None:
        """Return a visit that goes on; None for one that is over or never was."""
        self._forget_old()
        visit = self._visits.pop(name, None)
        if visit is not None:
            visit.seen_at = self.stepping.clock.now()
            self._visits[name] = visit
        return visit

    def leave(self, name: str) -> None:
        """End a visit, if there is one."""
        self._visits.pop(name, None)

    def _forget_old(self) -> None:
        now = self.stepping.clock.now()
        for name, visit in list(self._visits.items()):
            if now - visit.seen_at >= VISIT_LASTS:
                del self._visits[name]

    # --- what she sees ---

    async def view(self, visit: Visit) -> View:
        """Return everything that the page shows.

        Raises:
            WrongCode: it has all been erased meanwhile.
        """
        store, handover = self.stepping.store, visit.handover
        tickets = await store.of_handover(handover.id)
        if not tickets:
            raise WrongCode
        copy = _copy.decode(unseal(handover.copy, visit.private, Spot("copy", handover.id, "visitor")))
        documents = {document.ticket: document for document in copy.documents}
        sent = []
        for stored in tickets:
            letters = [
                read_letter(
                    each,
                    unseal(
                        each.for_visitor,
                        visit.private,
                        Spot("letter", stored.ticket.id, "visitor", each.number),
                    ),
                )
                for each in await store.letters(stored.ticket.id)
            ]
            sent.append(Sent(stored=stored, document=documents[stored.ticket.id], letters=tuple(letters)))
        return View(sent=tuple(sent), contacts=await self._contacts(visit))

    async def _contacts(self, visit: Visit) -> ContactList:
        kept = await self.stepping.store.contacts(visit.handover.id)
        if not kept.for_visitor:
            return ContactList()
        spot = Spot("contacts", visit.handover.id, "visitor", kept.version)
        return _contacts.decode(unseal(kept.for_visitor, visit.private, spot))

    # --- what she does ---

    async def once(self, visit: Visit, form: str, act: Callable[[], Awaitable[str]]) -> str:
        """Do what one form asks for, and return what came of it; sent again, it does nothing more.

        A page that is loaded again sends its form again, and so do two presses of one button. What was
        refused has not been done: it may be tried again under the same id.

        Raises:
            Incomplete: a form without an id. And whatever `act` raises.
        """
        if not form:
            raise Incomplete
        async with visit.turn:
            if form not in visit.done:
                visit.done[form] = await act()
                while len(visit.done) > MOST_DONE:
                    del visit.done[next(iter(visit.done))]
            return visit.done[form]

    async def add(self, visit: Visit, ticket: TicketId, text: str, *, keep: bool = False) -> str:
        """Answer, or add something, to one receiver; return it as it was sent.

        `keep`: what tells who she is may go too. Else it is masked.

        Raises:
            Incomplete: no text. TextTooLong. NoSuchTicket. TooLate: that ticket is over.
            TooManyTries: wait a little. TooManyLetters: there is no room for more.
        """
        if not text.strip():
            raise Incomplete
        if len(text) > LONGEST:
            raise TextTooLong
        visit.letters, wait = (visit.letters or Bucket(LETTERS, self.stepping.clock.now())).take(
            self.stepping.clock.now()
        )
        if wait is not None:
            raise TooManyTries
        judge = self.judges.get(visit.handover.service, Judge())
        said = judge.of_visitor(text.strip(), language=visit.handover.language, keep=keep).text
        now = self.stepping.clock.now().replace(second=0, microsecond=0)
        letter = Letter(kind=LetterKind.ADDED, by=Writer.VISITOR, text=said, at=now)
        keys = await self.stepping.store.unit_keys()

        await self.stepping.step(
            ticket,
            Add(),
            _Of(visit.handover),
            letter=lambda stored: sealed_letter(stored, letter, keys[stored.ticket.receiver]),
        )
        return said

    async def withdraw(self, visit: Visit, ticket: TicketId) -> TicketEvent | None:
        """Take back her yes to one receiver; return `recalled` when they had not got it, else `withdrawn`.

        Raises:
            NoSuchTicket. TooLate: it is over already.
        """
        _, event = await self.stepping.step(ticket, Withdraw(), _Of(visit.handover))
        return event

    async def renew(self, visit: Visit, ticket: TicketId) -> None:
        """Let an accepted ticket live on.

        Raises:
            NoSuchTicket. TooLate: it is not accepted, or over.
        """
        await self.stepping.step(ticket, Renew(), _Of(visit.handover))

    async def answer_meeting(self, visit: Visit, ticket: TicketId, number: int, *, comes: bool) -> None:
        """Say whether she comes to a meeting, as whoever she wants to be there.

        Raises:
            NoSuchTicket: also when there is no such meeting. TooLate.
        """

        async def is_there(stored: StoredTicket) -> None:
            letters = await self.stepping.store.letters(stored.ticket.id)
            if not any(each.number == number and each.kind is LetterKind.MEETING for each in letters):
                raise NoSuchTicket

        await self.stepping.step(
            ticket,
            Attend(),
            _Of(visit.handover),
            answered=(number, Writer.VISITOR, comes),
            before=is_there,
        )


@dataclass(frozen=True, slots=True)
class _Of:
    """Tells whether a ticket is of this handover."""

    handover: Handover

    def __call__(self, stored: StoredTicket) -> bool:
        return stored.ticket.handover == self.handover.id
