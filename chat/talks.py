# SPDX-License-Identifier: EUPL-1.2
"""Who of the staff wants to talk to a supervisor: for after a hard chat, and about no conversation.

Owns one wish, who may see and take it, and for how long it stands. Knows aliases and services only. It
outlives the sign-in that asked: whoever signs out and goes home is to be called all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chat.ids import DutyId, ServiceId

MOST = 200
"""In one service; beyond these the oldest is forgotten."""
KEPT = timedelta(hours=16)
"""As long as the longest sign-in: whoever asked is not called days later."""


class Talk(Struct, frozen=True, kw_only=True):
    """Somebody of the staff wants to talk to a supervisor, about no conversation."""

    id: str
    duty: DutyId
    """The sign-in that asked. It has one wish at most."""
    alias: str
    services: frozenset[ServiceId]
    at: datetime
    taken_by: str | None = None
    """The alias of the supervisor who will be in touch."""

    def is_of(self, services: Collection[ServiceId]) -> bool:
        """Tell whether whoever supervises these may see it, and take it."""
        return not self.services.isdisjoint(services)

    def stands(self, now: datetime) -> bool:
        """Tell whether it has not become too old."""
        return now - self.at < KEPT

    def taken(self, alias: str) -> Talk:
        """Return it as taken by a supervisor; the first one is who will be in touch."""
        return self if self.taken_by is not None else replace(self, taken_by=alias)


def in_order(talks: Iterable[Talk]) -> tuple[Talk, ...]:
    """Return wishes as they are told: those that nobody has taken first, then the oldest."""
    return tuple(sorted(talks, key=lambda talk: (talk.taken_by is not None, talk.at, talk.id)))


def too_many(talks: Iterable[Talk], services: Collection[ServiceId]) -> tuple[Talk, ...]:
    """Return the oldest of those in `services` that are to be forgotten: many sign-ins fill no table."""
    beside = sorted((talk for talk in talks if talk.is_of(services)), key=lambda talk: talk.at)
    return tuple(beside[:-MOST])
