# SPDX-License-Identifier: EUPL-1.2
"""Whose forms are counted, and that none is counted twice: what staff tell after a conversation or a contact.

Owns the ledger of each sign-in. Of a conversation that is over it keeps the service and the day, in memory
and until a form has come: never which conversation it was. What is told goes straight to the counters.
All of it is this process's own: after a new start, or in another process, a form about a contact that comes
again is a new one, and about a conversation that ended before none is taken. `docs/threat-model.md` says so.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from chat.catalogue import Service
from chat.clearing_ports import Shredder
from chat.conversation import Conversation
from chat.errors import NotAllowed, NotNow, TooManyTries, Unavailable
from chat.hours import local_day
from chat.ids import ClientId, DutyId, ServiceId
from chat.live.seating import Desk
from chat.ports import Bus, Clock, Store
from chat.statistics import shift_felt
from chat.wrapping_up import Channel, WrapUp, counts_of
from moderation.rate import Allowances, Rate

KEPT: Final = timedelta(hours=16)
"""A sign-in lasts no longer, so nobody can ask for an older ledger."""
MOST: Final = 200
"""Conversations that wait for a form, and forms whose ids are known, at one sign-in; beyond that the oldest
is forgotten. Nobody holds so many in one evening."""
CONTACTS: Final = Rate(burst=30, every=timedelta(minutes=2))
"""Contacts that came another way, by one person: at most 60 in any hour, so that nobody can pump figures."""
SHIFTS: Final = Rate(burst=1, every=timedelta(hours=6))
"""Shifts that one person tells of. Nobody has two in one evening, whatever they do with the duty switch."""


@dataclass(slots=True, eq=False)
class _Ledger:
    since: datetime
    ended: list[tuple[ServiceId, date]] = field(default_factory=list)
    counted: deque[ClientId] = field(default_factory=lambda: deque(maxlen=MOST))
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, eq=False)
class WrapUps:
    """The ledgers of this process."""

    store: Store
    shredder: Shredder
    clock: Clock
    services: Mapping[ServiceId, Service]
    bus: Bus
    desks: Container[DutyId]
    """The consoles that are connected here."""
    _ledgers: dict[DutyId, _Ledger] = field(default_factory=dict)
    _contacts: Allowances = field(default_factory=lambda: Allowances(CONTACTS))
    _shifts: Allowances = field(default_factory=lambda: Allowances(SHIFTS))

    def note_end(self, was: Conversation) -> None:
        """Let whoever held a conversation until its end tell about it once.

        Every process that had it hears of its end: where there are several, the form is that one's which has
        the console, or two of them would take one each.
        """
        if was.holder is None or (self.bus.is_shared() and was.holder not in self.desks):
            return
        ended = self._ledger(was.holder).ended
        ended.append((was.service, local_day(self.clock.now())))
        del ended[:-MOST]

    async def count(self, desk: Desk, id_: ClientId, told: WrapUp, by: bytes) -> None:
        """Count one form; once more under the same id changes nothing.

        `by`: what the allowance of contacts goes by. The same person has another duty after the next sign-in.

        Raises:
            NotNow: of a chat: no conversation of this desk's has ended in that service without a form.
            NotAllowed: of another contact: they are not on duty in that service.
            TooManyTries: of another contact: too many within the hour.
            OtherVocabulary: an answer that belongs to the other track.
            Unavailable: the store cannot take it now; nothing was counted.
        """
        ledger = self._ledger(desk.id)
        # One at a time: what comes again while the first is on its way waits for what becomes of that.
        async with ledger.turn:
            if id_ in ledger.counted:
                return
            day = self._day_of(desk, ledger, told)
            counts = counts_of(told, self.services[told.service].track, day)
            if told.channel is not Channel.CHAT and self._contacts.take(by, self.clock.now()) is not None:
                raise TooManyTries
            # Before it is stored: whoever is cut off in between may lose a form, but never counts one twice.
            ledger.counted.append(id_)
            if told.channel is Channel.CHAT:
                ledger.ended.remove((told.service, day))
            try:
                await self.store.count(counts)
            except Unavailable:
                ledger.counted.remove(id_)
                if told.channel is Channel.CHAT:
                    ledger.ended.append((told.service, day))
                raise
            # In what the database writes first, the answers of one form still stand together.
            self.shredder.want(self.clock.now())

    async def tell_of_shift(self, services: Collection[ServiceId], felt: str, by: bytes) -> None:
        """Count how a shift was, one of `SHIFT_ANSWERS`; what comes too soon after the last changes nothing.

        `by`: as of `count`.

        Raises:
            Unavailable: the store cannot take it now; nothing was counted.
        """
        now = self.clock.now()
        count = shift_felt(services, felt, now)
        if count is not None and self._shifts.take(by, now) is None:
            await self.store.count([count])

    def _day_of(self, desk: Desk, ledger: _Ledger, told: WrapUp) -> date:
        """Return the day that a form belongs to: a conversation's is that of its end."""
        if told.channel is not Channel.CHAT:
            if desk.duty is None or told.service not in desk.duty.services:
                raise NotAllowed
            return local_day(self.clock.now())
        days = [day for service, day in ledger.ended if service == told.service]
        if not days or told.service not in self.services:
            raise NotNow
        return days[0]

    def _ledger(self, duty: DutyId) -> _Ledger:
        now = self.clock.now()
        known = self._ledgers.get(duty)
        if known is None:
            self._ledgers = {id_: each for id_, each in self._ledgers.items() if now - each.since < KEPT}
            known = self._ledgers[duty] = _Ledger(now)
        return known
