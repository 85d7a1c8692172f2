# SPDX-License-Identifier: EUPL-1.2
"""What the chat needs from the world outside to keep what staff write for each other: a store of its own.

Owns that protocol. It has no method by which anything of hers is reached, and `ports.Store` has none by which
these entries are.
"""

from __future__ import annotations

from typing import Protocol

from chat.ids import ConversationId, DutyId
from chat.staff_entries import SealedStaffEntry


class StaffEntries(Protocol):
    """Staff-only entries. Both methods raise `Unavailable` when the store cannot be reached or written now.

    They go with their conversation, in the transaction of its end, and with `ports.Change.drops_notes`.
    """

    async def add(self, entry: SealedStaffEntry, by: DutyId) -> None:
        """Store one entry; returns after the commit. The version of the conversation stays.

        Raises:
            Stale: its number is not the next one, `by` takes no part in the conversation any more, or that is
                gone. Nothing was stored.
        """

    async def of(self, conversation: ConversationId) -> list[SealedStaffEntry]:
        """Return all that stand in a conversation, in order."""
