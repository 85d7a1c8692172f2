# SPDX-License-Identifier: EUPL-1.2
"""What the chat needs so that deleted rows leave the files, not only the tables.

Owns that protocol and its figures.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct


class ShredReport(Struct, frozen=True):
    """How the clearing of deleted rows from the files is going. Times in seconds."""

    unfinished_since: datetime | None = None
    finished: int = 0
    last_took: float = 0.0
    longest_took: float = 0.0


class Shredder(Protocol):
    """Makes deleted rows leave the files, not only the tables."""

    def want(self, now: datetime) -> None:
        """Note that rows were deleted at `now`."""

    async def run_once(self, now: datetime) -> bool:
        """Try to clear the files once; True when nothing deleted is left in them."""

    def report(self) -> ShredReport:
        """Return the figures so far."""
