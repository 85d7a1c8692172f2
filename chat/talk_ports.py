# SPDX-License-Identifier: EUPL-1.2
"""What the wishes to talk to a supervisor need of the outside: one list for all processes.

Owns that protocol. It stands in the store, so that a supervisor at another process sees it, and a restart
forgets nobody; nothing of a visitor or a conversation is in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from chat.ids import DutyId, ServiceId
from chat.talks import Talk


class Talks(Protocol):
    """The wishes. Every method raises `Unavailable` when the store cannot be reached now."""

    async def ask(self, talk: Talk) -> Talk:
        """Store a wish instead of its sign-in's earlier one; one that nobody has taken stays as it is."""

    async def take_back(self, duty: DutyId) -> Talk | None:
        """Forget the wish of a sign-in, and return it if there was one."""

    async def take(self, id_: str, alias: str, services: Collection[ServiceId], now: datetime) -> Talk | None:
        """Let a supervisor of `services` take a wish, and return it; of two at once the first is noted.

        None: there is no such wish for them.
        """

    async def all(self, now: datetime) -> tuple[Talk, ...]:
        """Return every wish that is not too old."""

    async def forget_old(self, now: datetime) -> bool:
        """Delete those that are too old; tell whether there were any."""
