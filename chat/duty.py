# SPDX-License-Identifier: EUPL-1.2
"""Who is on duty: one staff sign-in, under the alias of its shift, and how many conversations they can take.

Owns `Duty` and `Places`. Knows no account: the same person is another duty tomorrow.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from unicodedata import normalize

from msgspec import Struct, field
from msgspec.structs import replace

from chat.catalogue import Service
from chat.errors import NotAllowed
from chat.ids import DutyId, ServiceId, Track


class Duty(Struct, frozen=True, kw_only=True):
    """One operator's shift. With the duty switch off `services` is empty; open conversations stay theirs."""

    id: DutyId
    alias: str
    services: frozenset[ServiceId]
    track: Track
    """The one track of all its services: the two tracks never share an operator on the same shift."""
    public_key: bytes
    """X25519, 32 bytes: what conversation keys are wrapped to. Only the staff token opens them."""
    key_day: int
    since: datetime
    """Since when they have been on duty."""
    idle_since: datetime
    """Since when they have held no conversation (the tie-breaker of offers)."""
    languages: frozenset[str] = field(default_factory=frozenset)
    """Languages they speak; empty means the service's own."""
    away_since: datetime | None = None
    """Since when they have had no socket."""
    supervising: frozenset[ServiceId] = field(default_factory=frozenset)
    """Where they come when a hand is raised. Whoever supervises serves no queue: `services` is empty."""
    capacity: int | None = None
    """How many conversations they want to hold at once; None: as many as the service lets them."""
    paused_since: datetime | None = None
    """Since when they take no new conversation. What they hold stays theirs."""
    seat: str | None = None
    """Which of their connections counts, while one is there: any other console of this sign-in is to go."""

    @property
    def is_on(self) -> bool:
        """Whether the duty switch is on."""
        return bool(self.services or self.supervising)

    @property
    def places(self) -> frozenset[ServiceId]:
        """Every service for which it matters whether they are there."""
        return self.services | self.supervising

    def off(self) -> Duty:
        """Return the duty with its switch off."""
        return replace(self, services=frozenset(), supervising=frozenset(), paused_since=None)

    def back(self, known: Container[ServiceId]) -> Duty:
        """Return the duty with a socket again, where there still is a service: one may be gone meanwhile."""
        return replace(
            self,
            away_since=None,
            services=frozenset(id_ for id_ in self.services if id_ in known),
            supervising=frozenset(id_ for id_ in self.supervising if id_ in known),
        )

    def supervises(self, service: ServiceId) -> bool:
        """Tell whether they come to a raised hand in `service` now."""
        return service in self.supervising and self.away_since is None

    def serves(self, service: ServiceId) -> bool:
        """Tell whether they take conversations of `service` now."""
        return service in self.services and self.away_since is None and self.paused_since is None

    def most(self, service: Service) -> int:
        """Return how many conversations they may hold at once when one of `service` is to be another."""
        return service.capacity if self.capacity is None else min(service.capacity, self.capacity)


def is_same_alias(one: str, other: str) -> bool:
    """Tell whether two aliases look or sound alike: `Vera`, `vera` and `VERA `."""
    return _heard(one) == _heard(other)


def _heard(alias: str) -> str:
    return " ".join(normalize("NFKC", alias).casefold().split())


class Places(Struct, frozen=True):
    """How many conversations a service can hold at once, and how many more it can take now."""

    slots: int
    free: int


def track_of(services: Iterable[Service]) -> Track:
    """Return the one track of these services.

    Raises:
        NotAllowed: there is none, or both tracks are among them. Nobody serves those who are exposed and
        those
            who use violence on the same shift.
    """
    tracks = {service.track for service in services}
    if len(tracks) != 1:
        raise NotAllowed
    return tracks.pop()


def places(service: Service, duties: Iterable[Duty], loads: Mapping[DutyId, int]) -> Places:
    """Return the places of `service` over those who serve it now.

    `loads`: how many conversations each duty holds, in any service. Whoever is away or has paused gives no
    place, and holding more than the capacity gives no negative one.
    """
    room = [(duty.most(service), loads.get(duty.id, 0)) for duty in duties if duty.serves(service.id)]
    return Places(slots=sum(most for most, _ in room), free=sum(max(0, most - load) for most, load in room))
