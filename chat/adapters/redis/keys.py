# SPDX-License-Identifier: EUPL-1.2
"""Daily keys, covered, in the memory of Redis: where a host that lacks one finds it.

Owns their names and when Redis drops them by itself. What is in them, it cannot know.
"""

from __future__ import annotations

from collections.abc import Collection

from chat.adapters.redis.bus import RedisBus
from chat.adapters.redis.connection import PREFIX
from chat.sealing import key_ends


class RedisShelf:
    """Covered keys by their days. Every method raises `Unavailable` when Redis is away."""

    def __init__(self, bus: RedisBus) -> None:
        self._bus = bus

    async def get(self, day: int) -> bytes | None:
        """Return what is there for a day."""
        found = await self._bus.ask("GET", _name(day))
        return found if isinstance(found, bytes) else None

    async def put(self, day: int, covered: bytes, *, replacing: bool) -> None:
        """Put it there until the key ends, in the place of what is there only if `replacing`."""
        until = int(key_ends(day).timestamp())
        only = () if replacing else ("NX",)
        await self._bus.ask("SET", _name(day), covered, "EXAT", until, *only)

    async def count(self, days: Collection[int]) -> int:
        """Return for how many of these days something is there."""
        found = await self._bus.ask("EXISTS", *map(_name, days))
        return found if isinstance(found, int) else 0

    async def drop(self, days: Collection[int]) -> None:
        """Drop what is there for these days."""
        await self._bus.ask("DEL", *map(_name, days))


def _name(day: int) -> str:
    return f"{PREFIX}key:{day}"
