# SPDX-License-Identifier: EUPL-1.2
"""What staff write for each other in stories, and what they are shown of it."""

from __future__ import annotations

from chat.ids import ClientId, ConversationId
from chat.live.confiding import NoteShown, NotesRead
from chat.live.noting import Jotting
from chat.staff_entries import StaffEntry, StaffKind
from tests.service.story import Operator, Visitor


async def jots(
    operator: Operator,
    whom: Visitor | ConversationId,
    text: str,
    client_id: ClientId | None = None,
    kind: StaffKind = StaffKind.NOTE,
) -> ClientId:
    """Write something for the colleagues; return its client id."""
    jotting = Jotting(client_id or operator.process.story.client_id(), kind, text)
    await operator.process.chat.noting.write(operator.desk, _named(whom), jotting)
    return jotting.client_id


async def reads(operator: Operator, whom: Visitor | ConversationId) -> list[str]:
    """Ask for all that stands there, and return the texts."""
    await operator.process.chat.noting.read(operator.desk, _named(whom))
    read = operator.ear.confided[-1]
    assert isinstance(read, NotesRead)
    return [entry.text for entry in read.entries]


def shown(operator: Operator) -> list[StaffEntry]:
    """Return every entry that was shown on its own, in order."""
    return [confided.entry for confided in operator.ear.confided if isinstance(confided, NoteShown)]


def _named(whom: Visitor | ConversationId) -> ConversationId:
    return whom.id if isinstance(whom, Visitor) else whom
