# SPDX-License-Identifier: EUPL-1.2
"""Ready replies of an installation: what they are now, and changing them.

Owns who may change them, and that a change is decided on what is stored: load, decide, store if nobody was
faster, else again. Knows no page.
"""

from __future__ import annotations

import base64
from typing import Final

from chat.errors import Stale
from chat.ids import Randomness
from config.replies import placeholders
from config.site import PublicService, RepliesEditedBy
from moderation.verdict import Verdict
from web.accounts.account import StaffRole, StaffSession
from web.accounts.rights import Deed, may
from web.replies.errors import MayNot
from web.replies.ports import ReplyStore
from web.replies.reply import Change, Reply, Write, changed, fit_words, listed

ROUNDS: Final = 8
"""So often somebody else may be faster before it is given up: whoever tries again then has better luck."""


def may_edit(session: StaffSession, service: PublicService) -> bool:
    """Tell whether a sign-in may change the replies of a service."""
    if service.id not in session.services and service.organisation.id not in session.organisations:
        return False
    if may(session, Deed.EDIT_REPLIES):
        return True
    return session.role is StaffRole.OPERATOR and service.replies_edited_by is RepliesEditedBy.OPERATORS


class Replies:
    """The replies of every service."""

    def __init__(self, store: ReplyStore, randomness: Randomness) -> None:
        self._store = store
        self._randomness = randomness

    async def of(self, service: PublicService) -> list[Reply]:
        """Return a service's replies in order, hidden ones too."""
        _, edited = await self._store.load(service.id)
        return listed(service.replies, edited)

    async def change(self, session: StaffSession, service: PublicService, change: Change) -> None:
        """Change one reply.

        Raises:
            MayNot: this sign-in may not.
            Unfit: the words cannot be a reply.
            Changed: somebody else has changed it since.
            Full: there are as many as there may be.
            NoSuchReply: there is none of this id, or nothing to undo.
        """
        if not may_edit(session, service):
            raise MayNot
        if isinstance(change, Write):
            change = _fit(service, change)
        for _ in range(ROUNDS):
            version, edited = await self._store.load(service.id)
            after = changed(service.replies, edited, change, self._new_id)
            if after == edited or await self._store.save(service.id, version, after):
                return
        raise Stale

    def _new_id(self) -> str:
        return "own-" + base64.b32encode(self._randomness.bytes(10)).decode().lower()


def _fit(service: PublicService, change: Write) -> Write:
    judge = service.chat.judge

    def tells_who(text: str) -> bool:
        return judge.of_operator(text).verdict is Verdict.REFUSE

    known = placeholders(service.chat.hours)
    return Write(change.id, change.version, fit_words(change.words, service.language, known, tells_who))
