# SPDX-License-Identifier: EUPL-1.2
"""Finding by looking what a doorbell would have told of, where there are several processes.

Owns how often, and what is looked at: every room, waiting list, alert and note that somebody sees here. A
bell makes it fast, a look makes it sure: whatever is lost on the way between processes, what was stored is
on every screen within two seconds. Decides nothing, and shows nothing itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from chat.duty import Duty
from chat.errors import Refused, Unavailable
from chat.ids import DutyId
from chat.live import following, sign_ins
from chat.live.alerts import Alerts
from chat.live.lobby import Lobby
from chat.live.noting import Noting
from chat.live.operators import Operators
from chat.live.room import Room
from chat.live.rooms import Rooms
from chat.live.seating import Desk
from chat.ports import Bus, Clock
from chat.process_ports import Processes

_log = logging.getLogger(__name__)

LOOK_S: Final = 1.5
"""With what a look takes, and showing what it found, it stays under the two seconds that are promised."""

AT_ONCE: Final = 200
"""Rooms that catch up together: they share commits."""


@dataclass(slots=True, eq=False)
class Lookout:
    """Looks, about every second and a half."""

    processes: Processes
    rooms: Rooms
    lobby: Lobby
    alerts: Alerts
    operators: Operators
    noting: Noting
    bus: Bus
    clock: Clock
    besides: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    """What else is asked for while the bus is away, and once when it is back."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _was_away: bool = False

    async def run(self) -> None:
        """Look until cancelled, and at once at every turn of the bus."""
        stop = self.bus.on_turn(lambda _: self._wake.set())
        try:
            while True:
                await self._pause()
                await self.look()
        finally:
            stop()

    async def _pause(self) -> None:
        waits = {asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(self.clock.sleep(LOOK_S))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def look(self) -> None:
        """Look at everything once; a part that fails stops no other, and is looked at again the next time."""
        turned = self._wake.is_set()
        self._wake.clear()
        parts: list[Callable[[], Awaitable[object]]] = [
            self._rooms,
            self._desks,
            self.lobby.look,
            self.alerts.look,
            self._notes,
        ]
        if turned or self.bus.is_away() or self._was_away:
            parts += self.besides
        self._was_away = self.bus.is_away()
        for part in parts:
            try:
                await part()
            except Unavailable:
                continue  # said in the log by all who need the store
            except Exception:  # noqa: BLE001 - one look that failed must not be the last
                _log.exception("look_failed")

    # --- rooms ---

    async def _rooms(self) -> None:
        there = [room for room in self.rooms.all() if not room.is_empty]
        stored = await self.processes.versions([room.id for room in there])
        behind = [room for room in there if stored.get(room.id) != room.version]
        for first in range(0, len(behind), AT_ONCE):
            group = behind[first : first + AT_ONCE]
            await asyncio.gather(*(self._put_right(room, stored.get(room.id)) for room in group))
        for room in there:
            awaited = room.key is None and room.key_came is not None
            if awaited or any(seat is not None and not seat.ready for seat in (room.operator, room.guest)):
                await following.open_here(self.rooms, room)  # its key may have been wrapped meanwhile

    async def _put_right(self, room: Room, version: int | None) -> None:
        try:
            async with self.rooms.visit(room.id) as here:
                if here is room:
                    await following.put_right(self.rooms, room, version)
        except Unavailable:
            return
        except Exception:  # noqa: BLE001 - one room that cannot be read must not hide all others
            _log.exception("look_failed")

    # --- consoles ---

    async def _desks(self) -> None:
        """Whoever sits here is on duty, whatever was noted while this process was taken for dead."""
        if not self.operators.desks:
            return
        stored = {duty.id: duty for duty in await self.operators.store.all_duties()}
        for desk in list(self.operators.desks.values()):
            if sign_ins.is_elsewhere(stored.get(desk.id), desk):
                await sign_ins.look_where(self.operators, desk.id)
            elif _is_wrong(stored, desk):
                await self._put_back(desk)

    async def _put_back(self, desk: Desk) -> None:
        async with self.operators.turn(desk.id):
            if self.operators.desks.get(desk.id) is desk and desk.duty is not None:
                desk.duty = desk.duty.back(self.rooms.services)
                await self.operators.put(desk.duty)

    # --- notes ---

    async def _notes(self) -> None:
        """Only where two of the staff are: whoever is alone has read what they wrote."""
        rooms = {
            room.id: room
            for room in self.rooms.all()
            if room.key is not None and len(room.conversation.readers) > 1 and self._has_desk(room)
        }
        if not rooms:
            return
        for conversation, head in (await self.processes.noted(list(rooms))).items():
            if head > rooms[conversation].noted:
                try:
                    await self.noting.look(rooms[conversation])
                except Refused:
                    continue

    def _has_desk(self, room: Room) -> bool:
        return any(reader in self.operators.desks for reader in room.conversation.readers)


def _is_wrong(stored: dict[DutyId, Duty], desk: Desk) -> bool:
    duty, known = desk.duty, stored.get(desk.id)
    if known is None:
        return duty is not None and duty.is_on
    return known.away_since is not None or (duty is not None and known.places != duty.places)
