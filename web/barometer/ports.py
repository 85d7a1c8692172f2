# SPDX-License-Identifier: EUPL-1.2
"""What the barometer needs from the world outside: a store.

Owns the protocol.
"""

from __future__ import annotations

from typing import Protocol

from chat.ids import OrganisationId
from web.barometer.answers import Given


class AnswerStore(Protocol):
    """The truth about answers. Each raises `chat.errors.Unavailable` when it cannot be reached."""

    async def load(self, organisation: OrganisationId, year: int) -> tuple[int, Given]:
        """Return the answers of a year, and which version of them that is; 0 is nothing yet."""

    async def save(self, organisation: OrganisationId, year: int, version: int, given: Given) -> bool:
        """Store them as version `version + 1`; False, and nothing stored, unless `version` is the newest."""
