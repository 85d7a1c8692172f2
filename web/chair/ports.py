# SPDX-License-Identifier: EUPL-1.2
"""What changing the site needs from the world outside: a store.

Owns the protocol.
"""

from __future__ import annotations

from typing import Protocol

from chat.ids import OrganisationId
from web.chair.version import Version


class VersionStore(Protocol):
    """The truth about what was set. All of it raises `chat.errors.Unavailable` when it is out of reach."""

    async def newest(self) -> dict[OrganisationId, Version]:
        """Return the newest version of each organisation that has set anything."""

    async def history(self, organisation: OrganisationId) -> list[Version]:
        """Return what is kept of one organisation's versions, newest first."""

    async def save(self, version: Version) -> bool:
        """Store it, and let those go that are no longer kept.

        False, and nothing stored, unless the version before it is the newest.
        """
