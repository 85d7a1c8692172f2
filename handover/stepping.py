# SPDX-License-Identifier: EUPL-1.2
"""One step of a ticket: load, decide, store, and again when somebody else's step came first.

Owns the order that makes every race have one outcome. Decides nothing itself: the ticket does.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from chat.errors import Unavailable
from chat.hours import local_day
from chat.ports import Clock
from handover.erased import has_ended, mark
from handover.errors import CannotOpen, Moved, NoSuchTicket, TooManyLetters
from handover.ids import ReceiverId, TicketId
from handover.letters import MOST_LETTERS, Letter, Writer
from handover.ports import ErasedLog, NoErasedLog, SealedLetter, StoredTicket, TicketChange, TicketStore
from handover.sealing import Spot, seal
from handover.ticket import Command, Ticket, TicketEvent, TicketState

_log = logging.getLogger(__name__)

ATTEMPTS: Final = 8

Allowed = Callable[[StoredTicket], bool]
"""Tells whether a ticket is the caller's; foreign and unknown ones are refused alike."""


@dataclass(slots=True, eq=False)
class Stepping:
    """Carries out commands on stored tickets."""

    store: TicketStore
    clock: Clock
    on_deleted: Callable[[], None] = lambda: None
    """Told when rows with sealed content were deleted: the files are to be cleared of them."""
    erased: ErasedLog = field(default_factory=NoErasedLog)
    """What ends is noted there before it is stored as ended."""

    async def step(
        self,
        ticket: TicketId,
        command: Command,
        allowed: Allowed,
        *,
        letter: Callable[[StoredTicket], SealedLetter] | None = None,
        answered: tuple[int, Writer, bool] | None = None,
        read: bool = False,
        before: Callable[[StoredTicket], Awaitable[None]] | None = None,
    ) -> tuple[Ticket, TicketEvent | None]:
        """Carry out a command, with what is stored together with it. Return the ticket and what happened.

        `before` is awaited once it is known that the ticket is the caller's; if it raises, nothing changes.

        Raises:
            NoSuchTicket: it does not exist or is not the caller's. TooLate: the state knows no such move.
            TooManyLetters: one more letter has no room.
            Moved: too many others were at it at the same time.
        """
        for _ in range(ATTEMPTS):
            stored = await self.mine(ticket, allowed)
            if before is not None:
                await before(stored)
            if letter is not None and stored.letters >= MOST_LETTERS:
                raise TooManyLetters
            now = self.clock.now()
            after, event = stored.ticket.receive(command, now)
            change = TicketChange(
                ticket=after,
                expected=stored.version,
                events=() if event is None else (event,),
                on=local_day(now),
                letter=None if letter is None else letter(stored),
                answered=answered,
                read=read,
            )
            if not _is_worth_storing(stored, change):
                return after, event
            if not await self._commit(stored.ticket, change):
                continue
            if (stored.ticket.is_readable and not after.is_readable) or after.state is TicketState.ERASED:
                self.on_deleted()
            return after, event
        raise Moved

    async def _commit(self, before: Ticket, change: TicketChange) -> bool:
        """Store a step; False when somebody else's came first.

        What ends is noted first: after a crash in between, a restored backup takes the ticket for ended, and
        what was taken back never comes back. What cannot be noted is not done.
        """
        after, line = change.ticket, None
        if has_ended(before, after):
            try:
                line = await self.erased.note(change.on, mark(after.id, after.state))
            except Unavailable:
                # Nobody can take anything back now: whoever runs the server must hear of it.
                _log.error("erased_not_noted")
                raise
        try:
            await self.store.commit(change)
        except Moved:
            if line is not None:
                await self.erased.take_back(line)
            return False
        return True

    async def mine(self, ticket: TicketId, allowed: Allowed) -> StoredTicket:
        """Return a ticket that is the caller's.

        Raises:
            NoSuchTicket: it does not exist, or is somebody else's.
        """
        stored = await self.store.ticket(ticket)
        if stored is None or not allowed(stored):
            raise NoSuchTicket
        return stored

    async def unit_public(self, unit: ReceiverId) -> bytes:
        """Return the public half of a unit's key.

        Raises:
            CannotOpen: it has none.
        """
        key = (await self.store.unit_keys()).get(unit)
        if key is None:
            raise CannotOpen("the unit has no key")
        return key

    def minute(self) -> datetime:
        """Return the time as letters carry it: to the minute."""
        return self.clock.now().replace(second=0, microsecond=0)


def _is_worth_storing(stored: StoredTicket, change: TicketChange) -> bool:
    changed = change.ticket != stored.ticket or bool(change.events)
    added = change.letter is not None or change.answered is not None
    return changed or added or (change.read and stored.unread > 0)


def sealed_letter(
    stored: StoredTicket, letter: Letter, unit_public: bytes, *, meeting: str = ""
) -> SealedLetter:
    """Return the next letter of a ticket, sealed to the unit and to her."""
    number, name = stored.letters + 1, stored.ticket.id
    raw = msgspec.json.encode(letter)
    return SealedLetter(
        number=number,
        kind=letter.kind,
        by=letter.by,
        for_receiver=seal(raw, unit_public, Spot("letter", name, stored.ticket.receiver, number)),
        for_visitor=seal(raw, stored.public, Spot("letter", name, "visitor", number)),
        meeting=meeting,
    )
