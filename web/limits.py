# SPDX-License-Identifier: EUPL-1.2
"""How often somebody may start, come back, and say something.

Owns the rates and who they are counted for: a truncated network prefix under a key of this process and day,
and a conversation. Nothing of it leaves memory. A shared network is many people, so the allowance is
generous.
"""

from __future__ import annotations

from datetime import timedelta

from chat.ids import ConversationId, Randomness
from chat.ports import Clock
from moderation.rate import Allowances, Rate, network_key
from web.security import is_loopback

STARTS = Rate(burst=30, every=timedelta(seconds=10))
"""For one /24 or /56: a school or a library behind one address must fit."""
RESUMES = Rate(burst=60, every=timedelta(seconds=1))
"""For the same: a whole school comes back after a gap in its network."""
MESSAGES = Rate(burst=30, every=timedelta(seconds=1))
"""For one conversation: faster than anybody writes for long."""


class Limits:
    """See the module. Loopback addresses are limited only when `loopback` says so."""

    def __init__(self, clock: Clock, randomness: Randomness, *, loopback: bool) -> None:
        self._clock = clock
        self._randomness = randomness
        self._loopback = loopback
        self._starts = Allowances(STARTS)
        self._resumes = Allowances(RESUMES)
        self._messages = Allowances(MESSAGES)
        self._day = clock.now().date()
        self._key = randomness.bytes(32)

    def counts(self, network: bytes) -> bool:
        """Tell whether anything is limited for this network."""
        return self._loopback or not is_loopback(network)

    def may_start(self, network: bytes) -> bool:
        """Take one start from the allowance of a network prefix."""
        return self._take(self._starts, network)

    def may_resume(self, network: bytes) -> bool:
        """Take one return from the allowance of a network prefix."""
        return self._take(self._resumes, network)

    def _take(self, allowances: Allowances, network: bytes) -> bool:
        if not self.counts(network):
            return True
        now = self._clock.now()
        if now.date() != self._day:
            self._day = now.date()
            self._key = self._randomness.bytes(32)
        return allowances.take(network_key(network, self._key), now) is None

    def may_say(self, conversation: ConversationId) -> bool:
        """Take one message from the allowance of a conversation."""
        return self._messages.take(conversation.encode(), self._clock.now()) is None
