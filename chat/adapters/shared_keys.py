# SPDX-License-Identifier: EUPL-1.2
"""`chat.ports.DailyKeys` where several hosts share them, each with a directory of its own.

Owns the agreeing. Which key of a day counts is decided in the database, by what it is known by; the key
itself comes by way of a shelf in the memory of Redis, covered. Keys are agreed a day ahead, so that midnight
waits for nobody. What this process uses is in its directory, and nothing else is.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from chat.adapters.covering import NONCE_BYTES, check_of, cover, uncover
from chat.adapters.daily_keys import DailyKeyDirectory, day_number
from chat.adapters.sql.agreed import Agreed, AgreedKeys
from chat.errors import Fault, Unavailable
from chat.ids import Randomness
from chat.ports import Clock
from chat.sealing import DAYS_KEPT, KEY_BYTES

T = TypeVar("T")

_log = logging.getLogger(__name__)

ROUND_S: Final = 5.0
LOST_AFTER: Final = timedelta(seconds=60)
"""So long somebody who lacks a key waits for an answer: many rounds of whoever holds it, or as long as a host
takes that comes up a little later after a power cut."""
LOOK_AGAIN_S: Final = 0.5
LOOKS_AT_START: Final = 150
ROWS_KEPT: Final = 2
"""Days that a row outlives its key: a host whose clock is wrong must not take it from the others, and it
opens nothing."""


class Shelf(Protocol):
    """Where covered keys lie. Every method raises `Unavailable` when it is out of reach."""

    async def get(self, day: int) -> bytes | None:
        """Return what is there for a day."""

    async def put(self, day: int, covered: bytes, *, replacing: bool) -> None:
        """Put it there, in the place of what is there only if `replacing`."""

    async def count(self, days: Collection[int]) -> int:
        """Return for how many of these days something is there."""

    async def drop(self, days: Collection[int]) -> None:
        """Drop what is there for these days."""


@dataclass(slots=True, eq=False)
class SharedDailyKeys:
    """The daily keys that all hosts have agreed on. Nothing that its methods of the port do waits."""

    directory: DailyKeyDirectory
    agreed: AgreedKeys
    shelf: Shelf
    clock: Clock
    randomness: Randomness
    _right: dict[int, bytes] = field(default_factory=dict)
    """The key of each day that counts, as far as this host has it."""
    _waiting: dict[int, tuple[Agreed, datetime]] = field(default_factory=dict)
    """What was asked for when, by days."""
    _awaited: set[int] = field(default_factory=set)
    """Days of which the log tells that their key is waited for."""
    _forgotten: int | None = None
    _dropped: int | None = None

    # --- the port ---

    def today(self, now: datetime) -> tuple[int, bytes]:
        """Return the current day number and its key.

        Raises:
            Unavailable: this host does not have it yet.
        """
        day = day_number(now)
        key = self.for_day(day)
        if key is None:
            raise Unavailable("the key of this day is not agreed on, or not here yet")
        return day, key

    def for_day(self, day: int) -> bytes | None:
        """Return the key of `day`, or None when it never was, is gone, or is not the one that counts."""
        right = self._right.get(day)
        return right if right is not None and self.directory.for_day(day) == right else None

    def forget_old(self, now: datetime) -> list[int]:
        """Unlink every key of a day two or more days before `now`; return those days, oldest first.

        The next round takes them from the shelf as well.
        """
        self._forgotten = day_number(now) - DAYS_KEPT
        for day in [day for day in self._right if day <= self._forgotten]:
            del self._right[day]
        return self.directory.forget_old(now)

    # --- agreeing ---

    async def ready(self) -> None:
        """Return when the key of today is here.

        Raises:
            Unavailable: it did not come; the text is a sentence for whoever starts the server.
        """
        for _ in range(LOOKS_AT_START):
            await self.agree()
            if self.for_day(day_number(self.clock.now())) is not None:
                return
            await self.clock.sleep(LOOK_AGAIN_S)
        if day_number(self.clock.now()) not in self._waiting:  # nobody could be asked
            raise Unavailable(
                "What was sealed today opens with a daily key that is at another host: start the host first"
                " that has served until now. If it is gone for good, start this one once without Redis."
            )
        raise Unavailable(
            "The daily key of today is at another host and did not come from there: see that both use the"
            " same Redis."
        )

    async def run(self) -> None:
        """Agree every few seconds until cancelled."""
        while True:
            await self.clock.sleep(ROUND_S)
            try:
                await self.agree()
            except Exception as error:  # noqa: BLE001 - one round that failed must not be the last
                _log.warning("keys_not_agreed", exc_info=error)

    async def agree(self) -> None:
        """Do one round: propose what is missing, take over what counts, show others what they lack.

        Raises:
            Unavailable: the database or the directory cannot be used now.
        """
        now = self.clock.now()
        today = day_number(now)
        rows = await self._all(today)
        for day in (today - 1, today, today + 1):
            if (row := rows.get(day)) is not None:
                await self._settle(row, now, replaces=day >= today)
        await self._show(rows, today)
        await self._forget(rows)

    async def _all(self, today: int) -> dict[int, Agreed]:
        rows = await self.agreed.all()
        missing = [day for day in (today, today + 1) if day not in rows]
        if today in missing and self.directory.for_day(today) is None and await self.agreed.has_sealed(today):
            # Whoever sealed it was alone until now, and has the key: one that is made here must not count.
            missing.remove(today)
            self._tell_awaited(today)
        if today - 1 not in rows and self.directory.for_day(today - 1) is not None:
            missing.append(today - 1)  # this host was alone until now
        for day in missing:
            # On the disk first: what others begin to use must not be gone after a power cut here.
            key = self.directory.made(day)
            await self.agreed.propose(Agreed(day, check_of(key), self.randomness.bytes(KEY_BYTES)))
        return await self.agreed.all() if missing else rows

    async def _settle(self, row: Agreed, now: datetime, *, replaces: bool) -> None:
        """Find the key that counts, or wait for it, or at last replace it."""
        key = self.directory.for_day(row.day)
        if key is None or check_of(key) != row.check:
            self._right.pop(row.day, None)
            covered = await _if_there(self.shelf.get(row.day))
            key = uncover(covered, row.day, row.cover) if covered is not None else None
            if key is None or check_of(key) != row.check:
                await self._wait(row, now, replaces=replaces)
                return
            if self.directory.for_day(row.day) is not None:
                _log.warning("daily_key_differs", extra={"day": row.day})
            self.directory.put(row.day, key)
        self._right[row.day] = key
        self._waiting.pop(row.day, None)
        self._awaited.discard(row.day)

    def _tell_awaited(self, day: int) -> None:
        if day not in self._awaited:
            self._awaited.add(day)
            _log.warning("daily_key_awaited", extra={"day": day})

    async def _wait(self, row: Agreed, now: datetime, *, replaces: bool) -> None:
        self._tell_awaited(row.day)
        asked, since = self._waiting.get(row.day, (None, now))
        if asked is None or asked.check != row.check or not row.is_asked_for:
            # Nobody has been asked, or somebody has answered: they have it, and cannot put it on the shelf.
            await self.agreed.ask(row)
            self._waiting[row.day] = (row, now)
        elif replaces and now - since >= LOST_AFTER:
            await self._replace(row)

    async def _replace(self, row: Agreed) -> None:
        """Let another key count: whoever held this one is gone. What it had sealed opens no more."""
        key, under = self.randomness.bytes(KEY_BYTES), self.randomness.bytes(KEY_BYTES)
        self.directory.put(row.day, key)
        if await self.agreed.replace(row, check_of(key), under):
            _log.warning("daily_key_replaced", extra={"day": row.day})
        self._waiting.pop(row.day, None)  # the next round finds what counts now

    async def _show(self, rows: dict[int, Agreed], today: int) -> None:
        """Put on the shelf what is not there, as after Redis was emptied, and answer whoever asked."""
        held = {day: rows[day] for day in self._right if day in rows and day >= today - 1}
        if not held:
            return
        for row in held.values():
            if row.is_asked_for:
                covered = self._covered(row.day, row.cover)
                await _if_there(self.shelf.put(row.day, covered, replacing=True))
                await self.agreed.answer(row)
        if await _if_there(self.shelf.count(held)) not in {len(held), None}:
            for row in held.values():
                covered = self._covered(row.day, row.cover)
                await _if_there(self.shelf.put(row.day, covered, replacing=False))

    async def _forget(self, rows: dict[int, Agreed]) -> None:
        last = self._forgotten
        if last is None or last == self._dropped:
            return
        if old := [day for day in rows if day <= last]:
            await _if_there(self.shelf.drop(old))
            await self.agreed.forget(last - ROWS_KEPT)
        self._dropped = last

    def _covered(self, day: int, under: bytes) -> bytes:
        return cover(self._right[day], day, under, self.randomness.bytes(NONCE_BYTES))


async def _if_there(asking: Awaitable[T]) -> T | None:
    """Return what the shelf answers; None while it is out of reach: the next round asks again."""
    try:
        return await asking
    except Fault:
        return None
