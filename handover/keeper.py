# SPDX-License-Identifier: EUPL-1.2
"""What time alone brings to tickets, and which ones somebody must be told of.

Owns the one loop of handovers, and the rule of one working day. Knows no page and no socket.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from chat.errors import Unavailable
from chat.grid import Week
from chat.hours import STOCKHOLM, is_working_day, local_day
from chat.ids import OrganisationId
from handover.erased import KEPT
from handover.errors import Refused
from handover.stepping import Stepping
from handover.ticket import LetTimePass, Ticket, TicketState

_log = logging.getLogger(__name__)

TICK_S: Final = 5.0
_DAY: Final = timedelta(days=1)


@dataclass(slots=True, eq=False)
class Keeper:
    """Carries out the deadlines of tickets."""

    stepping: Stepping
    _kept_on: date | None = field(default=None)
    _cleaned_on: date | None = field(default=None)

    async def run(self) -> None:
        """Tick until cancelled. What failed, as when the store is away, is tried at the next tick."""
        while True:
            try:
                await self.tick()
            except Exception:  # noqa: BLE001 - time goes on, whatever went wrong in one part of it
                _log.exception("tick_failed")
            await self.stepping.clock.sleep(TICK_S)

    async def tick(self) -> None:
        """Do what is due now; one ticket that cannot be moved stops no other.

        While the wall clock is in doubt nothing is: a content that is deleted by mistake is gone.
        """
        await self._keep_log()
        if not self.stepping.clock.trusted():
            return
        for ticket in await self.stepping.store.due(self.stepping.clock.now()):
            try:
                await self.stepping.step(ticket, LetTimePass(), lambda _: True)
            except Refused:
                continue  # somebody else did it
            except Exception:  # noqa: BLE001 - the others are as due
                _log.exception("time_stands_still")
        await self._forget_erased()

    async def _keep_log(self) -> None:
        """Once a day, and at the start, note that the log is kept. What fails is tried at the next tick."""
        day = local_day(self.stepping.clock.now())
        if day != self._kept_on:
            try:
                await self.stepping.erased.keep(day)
            except Unavailable:
                _log.error("erased_not_noted")
            else:
                self._kept_on = day

    async def _forget_erased(self) -> None:
        """Once a day let go of what no backup that may be restored is older than."""
        day = local_day(self.stepping.clock.now())
        if day != self._cleaned_on:
            await self.stepping.erased.forget_before(day - KEPT)
            self._cleaned_on = day

    async def gather(self, needed_from: date | None) -> None:
        """Let no day stand beside a handover once its month is over, nor the month once nobody needs it.

        `needed_from`: the Monday from which what was counted is needed; None where nothing is. One handover
        in weeks is one person: where it stands by day, so does what became of it, for whoever has the file.
        """
        clock = self.stepping.clock
        if not clock.trusted():
            return
        month = Week.of(local_day(clock.now())).month.weeks[0].monday
        needed = month if needed_from is None else min(needed_from, month)
        if await self.stepping.store.gather(month, needed):
            self.stepping.on_deleted()

    async def late(
        self, senders: Collection[OrganisationId], receivers: Collection[OrganisationId]
    ) -> list[Ticket]:
        """Return the tickets from or to these organisations that both supervisors are told of now."""
        now = self.stepping.clock.now()
        waiting = await self.stepping.store.undecided(senders, receivers)
        return [ticket for ticket in waiting if is_late(ticket, now)]


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Tell whether an undecided ticket has been left lying.

    One that nobody has opened is so after a working day. One that they have opened is theirs to consider
    until two working days are left: then somebody can still ask them.
    """
    if ticket.state is TicketState.DELIVERED:
        return now >= alert_at(ticket.granted_at)
    return _working_day_later(_working_day_later(now)) >= ticket.deadline


def alert_at(granted_at: datetime) -> datetime:
    """Return when both supervisors are told of a ticket that nobody has opened: one working day later."""
    return _working_day_later(granted_at)


def _working_day_later(moment: datetime) -> datetime:
    local = moment.astimezone(STOCKHOLM)
    day = next_working_day(local.date())
    return datetime.combine(day, local.time(), STOCKHOLM).astimezone(moment.tzinfo)


def next_working_day(day: date) -> date:
    """Return the first working day after a day."""
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day
