# SPDX-License-Identifier: EUPL-1.2
"""What must be asked for: the store, the keys, the disk. And all that moves with what people do.

Owns that it is looked at once a minute at most, however often somebody asks: times of people go to the minute
here as everywhere else, and a monitor that asks too often costs the store nothing. What does not answer is
left out, never guessed.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from prometheus_client.core import Metric as Family

from chat.errors import Unavailable
from chat.grid import Week
from chat.watched import Spread
from handover.keeper import alert_at
from handover.ticket import TicketState
from web.backup.files import made_in
from web.house import House
from web.metrics.lag import Lag
from web.metrics.names import STANDING, down_in_fives, up_in_fives
from web.metrics.working import Values, process, spreads_of, whole_minutes, work_of

EVERY: Final = timedelta(minutes=1)
WITHIN_S: Final = 5.0
"""A store that hangs must not keep a monitor waiting."""
ROOM: Final = 64 << 20
"""Room is told in these: what a message takes is not seen."""
_DAY_S: Final = 86_400
_LOOKED_BACK: Final = 30
"""For so many days back a key is looked for that should be gone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look has seen, of the store and of this process."""

    values: Values = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    process: tuple[Family, ...] = ()


class Looking:
    """Looks, and remembers what it saw for a minute."""

    def __init__(self, house: House, lag: Lag) -> None:
        self._house = house
        self._lag = lag
        self._seen = Seen()
        self._at: datetime | None = None
        self._turn = asyncio.Lock()

    async def look(self) -> Seen:
        """Return what was seen within the last minute."""
        async with self._turn:
            now = self._house.clock.now()
            if self._at is None or not timedelta() <= now - self._at < EVERY:
                values = await self._all(now)
                self._seen = Seen(values, spreads_of(self._house, self._lag), tuple(process()))
                self._at = now
            return self._seen

    async def _all(self, now: datetime) -> Values:
        house = self._house
        data, backups = house.settings.data, house.settings.backups
        seen = _sockets(house) | work_of(house) | _keys(house, now)
        seen |= await asyncio.to_thread(_on_the_disk, data, backups, now)
        try:
            async with asyncio.timeout(WITHIN_S):
                seen |= await _stored(house, now)
        except (Unavailable, TimeoutError):
            return seen | {("store_up", ""): 0.0}
        return seen | {("store_up", ""): 1.0}


def _sockets(house: House) -> Values:
    return {
        ("sockets", "visitor"): up_in_fives(len(house.visitor_hub.sockets)),
        ("sockets", "operator"): up_in_fives(len(house.operator_hub.sockets)),
    }


async def _stored(house: House, now: datetime) -> Values:
    standing = await house.watched.standings.standing(now)
    everybody = list(house.site.organisations)
    undecided = await house.office.keeper.stepping.store.undecided(everybody, everybody)
    unopened = [each for each in undecided if each.state is TicketState.DELIVERED]
    late = sum(now >= alert_at(each.granted_at) for each in unopened)
    behind = await house.chat.closing.books.behind(Week.last_closed(now))
    counted = {phase.value: number for phase, number in standing.conversations.items()}
    return {
        **{("conversations", phase): up_in_fives(counted.get(phase, 0)) for phase in STANDING},
        ("waiting_longest_seconds", ""): whole_minutes(_age(standing.waits_since, now)),
        ("due_late_seconds", ""): down_in_fives(int(_age(standing.due_since, now))),
        ("duties", "present"): up_in_fives(standing.present),
        ("duties", "paused"): up_in_fives(standing.paused),
        ("duties", "away"): up_in_fives(standing.away),
        ("tickets_unopened", "in_time"): up_in_fives(len(unopened) - late),
        ("tickets_unopened", "late"): up_in_fives(late),
        ("weeks_to_close", ""): len(behind),
    }


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _keys(house: House, now: datetime) -> Values:
    today = int(now.timestamp()) // _DAY_S
    try:
        there = [ago for ago in range(_LOOKED_BACK) if house.daily_keys.for_day(today - ago) is not None]
    except (Unavailable, ValueError):
        return {("daily_keys_up", ""): 0.0}
    return {("daily_keys_up", ""): 1.0, ("daily_key_oldest_days", ""): max(there, default=0)}


def _on_the_disk(data: Path, backups: Path | None, now: datetime) -> Values:
    """On a thread: a disk may take its time."""
    seen: Values = {}
    with contextlib.suppress(OSError):
        seen["data_free_bytes", ""] = shutil.disk_usage(data).free // ROOM * ROOM
    if backups is not None:
        seen["backup_newest_seconds", ""] = _newest(backups, now)
    return seen


def _newest(directory: Path, now: datetime) -> float:
    """Return when the newest backup there was made; 0 when there is none or nobody can look.

    One that is still to come is none: a clock was wrong, and it would be the newest for as long.
    """
    try:
        found = made_in(directory)
    except OSError:
        return 0.0
    return max((at.timestamp() for at in found if at <= now), default=0.0)
