# SPDX-License-Identifier: EUPL-1.2
"""What one of several processes needs to know of the others: who lives, and what moved without a doorbell.

Owns that protocol and its values. The store is the truth also here: no process is asked anything directly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from chat.ids import ConversationId, DutyId


class Sign(Struct, frozen=True):
    """The sign of life of one process, as it stands in the store."""

    beats: int
    """Another number than at the last look: it lives. No clock is compared with another one's."""
    asked: bool = False
    """A roll call waits for its answer."""
    site: str = ""
    """A digest of the site file that it was started with."""


class Processes(Protocol):
    """The processes over one store. Every method raises `Unavailable` when it cannot be reached now.

    When one is dead nobody knows who sat in it. So all others are called: each says who sits in it, and when
    all have answered whoever was named by none is noted as away, in one transaction. Whoever sits in a
    process that lives is not touched.
    """

    async def begin(self) -> None:
        """Forget every process: nobody else is there."""

    async def look(self) -> Mapping[str, Sign]:
        """Return the sign of each process."""

    async def beat(self, process: str) -> bool:
        """Give a sign; False when this process was not known, or was taken for dead: it is known again."""

    async def bury(self, process: str, beats: int, now: datetime) -> bool:
        """Forget a process that has given no sign since `beats`, and call the roll; False when it has."""

    async def answer(
        self,
        process: str,
        conversations: Collection[ConversationId],
        duties: Collection[DutyId],
        now: datetime,
    ) -> None:
        """Say whose visitor, and which console, is connected here. Nothing happens where nobody has asked.

        The last one who answers ends the roll call.
        """

    async def leave(self, process: str, now: datetime) -> None:
        """Forget this process: it ends, and nobody sits in it any more."""

    async def versions(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the version of each of these that is live."""

    async def noted(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the newest number among the staff entries of each of these that has any."""
