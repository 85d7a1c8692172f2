# SPDX-License-Identifier: EUPL-1.2
"""Changed replies in the house's database: implements `ReplyStore`. Knows no reply."""

from __future__ import annotations

import msgspec

from chat.ids import ServiceId
from web.database import Database
from web.documents import Documents
from web.replies.adapters.tables import replies
from web.replies.reply import Edited


class SqlReplyStore:
    """One document for a service."""

    def __init__(self, database: Database) -> None:
        self._documents = Documents(database, replies, "edited")

    async def load(self, service: ServiceId) -> tuple[int, Edited]:
        """Select the row."""
        version, edited = await self._documents.load(service=service)
        return version, Edited() if edited is None else msgspec.convert(edited, Edited)

    async def save(self, service: ServiceId, version: int, edited: Edited) -> bool:
        """Insert the first version, or update exactly the one that was read."""
        return await self._documents.save(version, msgspec.to_builtins(edited), service=service)
