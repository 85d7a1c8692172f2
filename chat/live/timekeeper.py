# SPDX-License-Identifier: EUPL-1.2
"""What time alone brings: deadlines, lost operators, midnight, and the clearing of deleted rows.

Owns the one loop that wakes without anybody asking. Knows no socket.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat import commands
from chat.catalogue import Deadlines
from chat.clearing_ports import Shredder
from chat.errors import Refused
from chat.ids import ConversationId, DutyId
from chat.live.lobby import Lobby
from chat.live.operators import Operators
from chat.live.renewing import renew_keys
from chat.live.rooms import Rooms
from chat.live.visitors import Visitors
from chat.ports import Clock, DailyKeys, Store
from chat.talk_ports import Talks

_log = logging.getLogger(__name__)

TICK_S = 1.0
AT_ONCE = 200

OVERDUE = timedelta(seconds=3)
"""After that everybody carries out what is due, whosever it was: they may have died over it."""

OLD_TALKS = timedelta(minutes=5)
"""How often it is looked for wishes to talk that are too old: nobody is shown them, and they are to go."""

SHRED_PAUSE_S = 0.5
"""A burst of ends shares one clearing of the files, and the bound of 5 s stays far away."""


@dataclass(slots=True, eq=False)
class Timekeeper:
    """Carries out what is due, about every second."""

    rooms: Rooms
    visitors: Visitors
    operators: Operators
    store: Store
    keys: DailyKeys
    shredder: Shredder
    clock: Clock
    lobby: Lobby
    talks: Talks
    is_mine: Callable[[ConversationId | DutyId], bool] | None = None
    """Where there are several processes: what is this one's share. All have the same list of what is due."""
    may_close_unknown: Callable[[], bool] = lambda: True
    """Whether a service that is not known here is known nowhere: others may have another site file."""
    _renewed: int | None = None
    _forgotten: int | None = None
    _talks_at: datetime | None = None

    async def run(self) -> None:
        """Tick until cancelled. What failed, as when the store is away, is tried at the next tick."""
        while True:
            await self.clock.sleep(TICK_S)
            await self.tick()

    async def tick(self) -> None:
        """Do everything that is due now; a part that fails stops no other."""
        now = self.clock.now()
        parts = (
            self._renew_keys,
            self._due,
            self._lost_duties,
            self._closing_time,
            self._forget_keys,
            self._forget_talks,
        )
        for part in parts:
            try:
                await part(now)
            except Exception:  # noqa: BLE001 - time goes on, whatever went wrong in one second of it
                _log.exception("tick_failed")

    async def _due(self, now: datetime) -> None:
        due = await self._share(await self.store.due(now), now)
        # Together, so that they share commits: after a restart every conversation is due at once.
        for first in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._pass_time(each) for each in due[first : first + AT_ONCE]))

    async def _share(self, due: list[ConversationId], now: datetime) -> list[ConversationId]:
        if self.is_mine is None or not due:
            return due
        mine = {each for each in due if self.is_mine(each)}
        if len(mine) < len(due):
            mine |= set(await self.store.due(now - OVERDUE))
        return [each for each in due if each in mine]

    async def _pass_time(self, conversation: ConversationId) -> None:
        try:
            async with self.rooms.visit(conversation) as room:
                if room is not None:
                    known = room.conversation.service in self.rooms.services
                    if not known and not self.may_close_unknown():
                        return
                    command = commands.LetTimePass() if known else commands.CloseConversation()
                    await self.rooms.do(room, command)
        except Refused:
            return
        except Exception:  # noqa: BLE001 - one that cannot be moved must not stop the time of all others
            _log.exception("time_stands_still")

    async def shred(self) -> None:
        """Clear deleted rows from the files until cancelled, trying again while a reader is in the way."""
        while True:
            await self.clock.sleep(SHRED_PAUSE_S)
            try:
                await self.shredder.run_once(self.clock.now())
            except Exception:  # noqa: BLE001 - deleting goes on
                _log.exception("shred_failed")

    async def _lost_duties(self, now: datetime) -> None:
        for duty in await self.store.all_duties():
            served = [
                self.rooms.services[id_]
                for id_ in duty.services | duty.supervising
                if id_ in self.rooms.services
            ]
            patience = max(
                (service.deadlines.operator_lost for service in served), default=Deadlines().operator_lost
            )
            if duty.away_since is None or now < duty.away_since + patience:
                continue
            is_late = now >= duty.away_since + patience + OVERDUE
            if is_late or self.is_mine is None or self.is_mine(duty.id):
                try:
                    await self.operators.forget_lost(duty)
                except Exception:  # noqa: BLE001 - the others are as lost
                    _log.exception("time_stands_still")

    async def _closing_time(self, now: datetime) -> None:
        self.lobby.pass_time(now)

    async def _renew_keys(self, now: datetime) -> None:
        day, _ = self.keys.today(now)
        if day != self._renewed:
            await renew_keys(self.visitors)
            self._renewed = day

    async def _forget_keys(self, now: datetime) -> None:
        day, _ = self.keys.today(now)
        # A clock that was set wrongly must not burn keys that people still need.
        if day != self._forgotten and self.clock.trusted():
            self.keys.forget_old(now)
            self._forgotten = day

    async def _forget_talks(self, now: datetime) -> None:
        if self._talks_at is None or now >= self._talks_at + OLD_TALKS:
            await self.talks.forget_old(now)
            self._talks_at = now
