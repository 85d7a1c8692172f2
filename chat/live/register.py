# SPDX-License-Identifier: EUPL-1.2
"""Which of several processes live, and who sits in this one when another has died.

Owns this process's sign of life, whom it takes for dead, and its share of the work that each of them could
do. Compares no clock with another host's: a process is dead when its sign has not changed for a while *as
seen from here*. One that is taken for dead and only slept is told so by its own missing row.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.errors import Unavailable
from chat.ids import ConversationId, DutyId
from chat.live.rooms import Rooms
from chat.live.seating import Seating
from chat.ports import Clock
from chat.process_ports import Processes, Sign

_log = logging.getLogger(__name__)

LOOK_S: Final = 1.5
BEAT: Final = timedelta(seconds=5)
"""How often this process gives a sign."""
DEAD: Final = timedelta(seconds=15)
"""Without a sign for so long, it is dead: three were missed."""
LIVES: Final = timedelta(seconds=9)
"""Whose sign was seen to change within this lives beyond doubt, also with a clock that has to run slowly."""
STEP: Final = timedelta(seconds=3)
"""What the time between two looks counts for at most. Whoever slept for an hour with its whole machine, or
could not reach the store, must not take for dead those who slept or waited beside it."""


@dataclass(slots=True)
class _Other:
    beats: int
    quiet: timedelta = timedelta(0)
    beat: bool = False
    """It was seen to give a sign: its row is not what somebody left who died before this process began."""


@dataclass(slots=True, eq=False)
class Register:
    """The processes, as this one sees them."""

    processes: Processes
    rooms: Rooms
    seating: Seating
    clock: Clock
    differs: bool = False
    """Another process was started with another site file, as in the middle of an update."""
    expects: Callable[[int], None] = lambda _: None
    """Told at each look how many others live beyond doubt: the bus should hear as many."""
    _others: dict[str, _Other] = field(default_factory=dict)
    _looked_at: datetime | None = None
    _beat_at: datetime | None = None

    @property
    def name(self) -> str:
        """What this process is called: the same as on the bus."""
        return self.rooms.origin

    # --- sharing work ---

    def is_mine(self, name: ConversationId | DutyId) -> bool:
        """Tell whether what time brings to a conversation, or a duty, is this process's to carry out first.

        Two processes that see others living for a moment both do it, or none: the store takes it once, and
        what nobody did is done by all of them a little later (`Timekeeper`).
        """
        live = sorted({self.name, *self._others})
        return live[zlib.crc32(name.encode()) % len(live)] == self.name

    # --- living and dying ---

    async def run(self) -> None:
        """Give signs, and look for those of the others, until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable:
                pass  # nobody is judged by what cannot be seen
            except Exception:  # noqa: BLE001 - one look that failed must not be the last
                _log.exception("look_failed")
            await self.clock.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once; give a sign if it is time, answer if the roll is called, and bury who is dead.

        Raises:
            Unavailable: the store cannot tell or take it now.
        """
        now = self.clock.now()
        signs = await self.processes.look()
        if self.name not in signs or self._beat_at is None or now >= self._beat_at + BEAT:
            if not await self.processes.beat(self.name):
                signs = await self.processes.look()
            self._beat_at = now
        own = signs.get(self.name)
        if own is not None:
            self._compare(own, signs)
            if own.asked:
                await self._answer(now)
        for dead, beats in self._judge(signs, now):
            if await self.processes.bury(dead, beats, now):
                _log.warning("process_died")
                # What it had deleted a moment before may still be in the files.
                self.rooms.shredder.want(now)
                await self._answer(now)

    def _compare(self, own: Sign, signs: Mapping[str, Sign]) -> None:
        differs = any(sign.site != own.site for sign in signs.values())
        if differs and not self.differs:
            _log.warning("sites_differ")
        self.differs = differs

    async def leave(self) -> None:
        """Be forgotten, if nobody sits here any more; else the others find out, and call the roll.

        Raises:
            Unavailable: the same.
        """
        if not self.seating.desks and all(room.is_empty for room in self.rooms.all()):
            await self.processes.leave(self.name, self.clock.now())

    def _judge(self, signs: Mapping[str, Sign], now: datetime) -> list[tuple[str, int]]:
        """Note what was seen of the others, and return who is dead, with its last sign."""
        step = min(now - (self._looked_at or now), STEP)
        self._looked_at = now
        self._others = {
            name: self._seen(name, sign, step) for name, sign in signs.items() if name != self.name
        }
        self.expects(sum(other.beat and other.quiet < LIVES for other in self._others.values()))
        return [(name, other.beats) for name, other in self._others.items() if other.quiet >= DEAD]

    def _seen(self, name: str, sign: Sign, step: timedelta) -> _Other:
        known = self._others.get(name)
        if known is None:
            return _Other(sign.beats)
        if known.beats != sign.beats:
            return _Other(sign.beats, beat=True)
        return _Other(known.beats, known.quiet + step, known.beat)

    async def _answer(self, now: datetime) -> None:
        conversations = [room.id for room in self.rooms.all() if room.visitor is not None]
        await self.processes.answer(self.name, conversations, list(self.seating.desks), now)
