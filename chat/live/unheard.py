# SPDX-License-Identifier: EUPL-1.2
"""Returns whose answer she may never have heard: her network was gone before the new token and code came.

Owns for how long, and for whom, a used code opens once more: for the page that used it, which brought a
random text of its own (`nonce`), in this process, for two minutes. In memory alone. Knows no code, and
decides nothing about the conversation: whoever has got another code since is not found here.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.ids import ConversationId
from chat.ports import ReturnKey

OPENS_FOR = timedelta(minutes=2)
"""A page whose socket is gone tries again within half a minute."""
MOST = 1_000
"""Returns are rare: one that is forgotten early costs a code in the rarest of cases, and no memory."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What a code opens. Its repr shows nothing."""

    conversation: ConversationId
    key: ReturnKey
    """Her key under that code."""
    counts: bytes
    """What the code of the conversation must be found by for this one to let in."""


@dataclass(frozen=True, slots=True, repr=False)
class _Let:
    found: Found
    nonce: bytes
    until: datetime


class Unheard:
    """See the module."""

    def __init__(self) -> None:
        self._let: dict[bytes, _Let] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._let)

    def note(self, found: Found, given: bytes, nonce: str | None, now: datetime) -> None:
        """Somebody came in and was given a code that is found by `given`."""
        self._forget_old(now)
        self._let.pop(found.key.lookup, None)
        if nonce is None:
            return
        while len(self._let) >= MOST:
            del self._let[next(iter(self._let))]
        again = Found(found.conversation, found.key, given)
        self._let[found.key.lookup] = _Let(again, nonce.encode(), now + OPENS_FOR)

    def find(self, lookups: list[bytes], nonce: str | None, now: datetime) -> Found | None:
        """Return what a used code opens for the page that used it."""
        self._forget_old(now)
        for lookup in lookups:
            let = self._let.get(lookup)
            if let is not None and nonce is not None and hmac.compare_digest(let.nonce, nonce.encode()):
                return let.found
        return None

    def forget(self, conversation: ConversationId) -> None:
        """A conversation is over."""
        for lookup in [each for each, let in self._let.items() if let.found.conversation == conversation]:
            del self._let[lookup]

    def _forget_old(self, now: datetime) -> None:
        # The oldest stand first.
        while self._let and (first := next(iter(self._let.values()))).until <= now:
            del self._let[first.found.key.lookup]
