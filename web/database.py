# SPDX-License-Identifier: EUPL-1.2
"""The house's database, as far as rooms of the web need it: what `chat/adapters/sql/database.py` gives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


class Database(Protocol):
    """All raise `chat.errors.Unavailable` for what trying again may mend."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction: committed at the end of the block, rolled back by an error."""

    async def run_question(self, work: Callable[[Connection], T]) -> T:
        """Run one statement that reads, on a thread of its own: for what is asked again and again."""


def seconds(moment: datetime) -> int:
    """Return a moment as it is stored."""
    return int(moment.timestamp())
