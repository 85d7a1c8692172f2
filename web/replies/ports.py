# SPDX-License-Identifier: EUPL-1.2
"""What ready replies need from the world outside: a store.

Owns the protocol.
"""

from __future__ import annotations

from typing import Protocol

from chat.ids import ServiceId
from web.replies.reply import Edited


class ReplyStore(Protocol):
    """The truth about changed replies. Both raise `chat.errors.Unavailable` when it cannot be reached."""

    async def load(self, service: ServiceId) -> tuple[int, Edited]:
        """Return what staff of a service have changed, and which version of it that is; 0 is nothing yet."""

    async def save(self, service: ServiceId, version: int, edited: Edited) -> bool:
        """Store it as version `version + 1`; False, and nothing stored, unless `version` is the newest."""
