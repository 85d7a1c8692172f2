# SPDX-License-Identifier: EUPL-1.2
"""Hosts that share daily keys, each with a directory of its own, and the shelf between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from chat.adapters.daily_keys import DailyKeyDirectory, day_number
from chat.adapters.shared_keys import ROUND_S, SharedDailyKeys
from chat.adapters.sql.agreed import AgreedKeys
from chat.adapters.sql.database import Database
from chat.adapters.system import SystemRandomness
from chat.errors import Unavailable
from tests.service.standing import StandingClock


@dataclass
class Memory:
    """A shelf that can be out of reach."""

    there: dict[int, bytes] = field(default_factory=dict)
    away: bool = False

    def _must_be_near(self) -> None:
        if self.away:
            raise Unavailable("away")

    async def get(self, day: int) -> bytes | None:
        """Return what is there."""
        self._must_be_near()
        return self.there.get(day)

    async def put(self, day: int, covered: bytes, *, replacing: bool) -> None:
        """Put it there."""
        self._must_be_near()
        if replacing or day not in self.there:
            self.there[day] = covered

    async def count(self, days: Collection[int]) -> int:
        """Count."""
        self._must_be_near()
        return len(self.there.keys() & set(days))

    async def drop(self, days: Collection[int]) -> None:
        """Drop."""
        self._must_be_near()
        for day in days:
            self.there.pop(day, None)


@dataclass
class Cut:
    """The same shelf, as a host sees it that may be cut off from it."""

    shelf: Memory
    away: bool = False

    def _must_be_near(self) -> None:
        if self.away:
            raise Unavailable("cut off")

    async def get(self, day: int) -> bytes | None:
        """Return what is there."""
        self._must_be_near()
        return await self.shelf.get(day)

    async def put(self, day: int, covered: bytes, *, replacing: bool) -> None:
        """Put it there."""
        self._must_be_near()
        await self.shelf.put(day, covered, replacing=replacing)

    async def count(self, days: Collection[int]) -> int:
        """Count."""
        self._must_be_near()
        return await self.shelf.count(days)

    async def drop(self, days: Collection[int]) -> None:
        """Drop."""
        self._must_be_near()
        await self.shelf.drop(days)


@dataclass
class Hosts:
    """The hosts over one database and one shelf, all with the same time."""

    database: Database
    folder: Path
    clock: StandingClock = field(default_factory=StandingClock)
    shelf: Memory = field(default_factory=Memory)
    known: dict[str, SharedDailyKeys] = field(default_factory=dict)
    cuts: dict[str, Cut] = field(default_factory=dict)

    @property
    def today(self) -> int:
        """The day that it is."""
        return day_number(self.clock.now())

    def directory(self, name: str) -> DailyKeyDirectory:
        """Return a host's directory, as a process sees it that starts now."""
        return DailyKeyDirectory(self.folder / name, self.folder / "data", SystemRandomness())

    def opened(self, name: str) -> SharedDailyKeys:
        """Start a host, and no more."""
        self.cuts[name] = Cut(self.shelf)
        keys = SharedDailyKeys(
            self.directory(name), AgreedKeys(self.database), self.cuts[name], self.clock, SystemRandomness()
        )
        self.known[name] = keys
        return keys

    async def started(self, name: str) -> SharedDailyKeys:
        """Start a host, and let it agree."""
        keys = self.opened(name)
        await keys.agree()
        return keys

    async def lives(self, *names: str, seconds: float = ROUND_S, rounds: int = 1) -> None:
        """Let time pass; these hosts live, and no others."""
        for _ in range(rounds):
            self.clock.advance(seconds)
            for name in names:
                await self.known[name].agree()

    def key_of(self, name: str, day: int | None = None) -> bytes | None:
        """Return what a host takes for the key of a day (today)."""
        return self.known[name].for_day(self.today if day is None else day)
