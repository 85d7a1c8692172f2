# SPDX-License-Identifier: EUPL-1.2
"""Who of the staff wants to talk to a supervisor: for after a hard chat, and about no conversation.

Owns the list, in the memory of this process: after a restart one asks again. Knows aliases and services only,
so that nothing of it can be kept or searched. It outlives the sign-in that asked: whoever signs out and goes
home is to be called all the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from chat.ids import DutyId, Randomness, ServiceId, random_id
from chat.live.notices import Talk

MOST = 200
"""Beyond these the oldest is forgotten."""
KEPT = timedelta(hours=16)
"""As long as the longest sign-in: whoever asked is not called days later."""


@dataclass(slots=True, eq=False)
class Talks:
    """One wish for each sign-in at most."""

    randomness: Randomness
    _asked: dict[DutyId, Talk] = field(default_factory=dict)

    def ask(self, duty: DutyId, alias: str, services: Collection[ServiceId], now: datetime) -> Talk:
        """Note a wish, unless it is noted and nobody has taken it yet."""
        known = self._asked.get(duty)
        if known is not None and known.taken_by is None:
            return known
        talk = Talk(id=random_id(self.randomness), alias=alias, services=frozenset(services), at=now)
        self._asked.pop(duty, None)
        self._asked[duty] = talk
        beside = [duty for duty, one in self._asked.items() if not one.services.isdisjoint(services)]
        for oldest in beside[:-MOST]:
            del self._asked[oldest]
        return talk

    def take_back(self, duty: DutyId) -> Talk | None:
        """Forget a wish, and return it if there was one."""
        return self._asked.pop(duty, None)

    def take(self, id_: str, alias: str, services: Collection[ServiceId]) -> tuple[DutyId, Talk] | None:
        """Let a supervisor of `services` take a wish; the first one is who will be in touch.

        None: there is no such wish for them.
        """
        for duty, talk in self._asked.items():
            if talk.id == id_ and not talk.services.isdisjoint(services):
                taken = talk if talk.taken_by is not None else replace(talk, taken_by=alias)
                self._asked[duty] = taken
                return duty, taken
        return None

    def of(self, duty: DutyId) -> Talk | None:
        """Return the wish of a sign-in."""
        return self._asked.get(duty)

    def in_(self, services: Collection[ServiceId], now: datetime) -> tuple[Talk, ...]:
        """Return the wishes of those who serve one of `services`, the oldest first; too old ones are gone."""
        for duty in [duty for duty, talk in self._asked.items() if now - talk.at >= KEPT]:
            del self._asked[duty]
        found = [talk for talk in self._asked.values() if not talk.services.isdisjoint(services)]
        return tuple(sorted(found, key=lambda talk: (talk.taken_by is not None, talk.at)))
