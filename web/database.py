# SPDX-License-Identifier: EUPL-1.2
"""The house's database, as far as rooms of the web need it: what `chat/adapters/sql/database.py` gives."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Database(Protocol):
    """Both raise `chat.errors.Unavailable` for what trying again may mend."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Give a connection in a transaction: committed at the end of the block, rolled back by an error."""


def seconds(moment: datetime) -> int:
    """Return a moment as it is stored."""
    return int(moment.timestamp())
