# SPDX-License-Identifier: EUPL-1.2
"""What follows when staff end an unsafe conversation: work at the next start, and a mark for supervisors.

Owns how long and how much. A network is the 16 bytes that stand for it today (`rate.network_key`); an abuser
may share it with her, so nothing here refuses a start or says that anybody misbehaved. Time and ids are
arguments.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LASTS: Final = timedelta(hours=1)
"""No sanction outlives this, whatever else happens on its network."""
BITS: Final = 16
"""The work that is asked for at a start: 0.7 s on average in a browser slowed down to an old phone."""
MOST: Final = 1_000
"""So many are in force at once; the oldest give way."""


class Unsafe(StrEnum):
    """Why staff ended a conversation to protect themselves. Only counted, never written about anybody."""

    THREAT = "threat"
    HARASSMENT = "harassment"
    SEXUAL = "sexual"
    SPAM = "spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """One sanction, as a supervisor sees it. `started_at`: when the next start from its network came."""

    id: str
    service: str
    reason: Unsafe
    since: datetime
    started_at: datetime | None = None

    @property
    def until(self) -> datetime:
        """When it ends by itself."""
        return self.since + LASTS


class Sanctions:
    """Those in force: one a network, the newest. In memory only."""

    def __init__(self) -> None:
        self._by_network: dict[bytes, Sanction] = {}

    def add(self, network: bytes, sanction: Sanction) -> None:
        """Put a network under a sanction, in the place of the one that it has."""
        self._forget_over(sanction.since)
        self._by_network.pop(network, None)
        while len(self._by_network) >= MOST:
            del self._by_network[next(iter(self._by_network))]
        self._by_network[network] = sanction

    def covers(self, network: bytes, now: datetime) -> bool:
        """Tell whether a start from a network takes work now."""
        sanction = self._by_network.get(network)
        return sanction is not None and now < sanction.until

    def note_start(self, network: bytes, service: str, now: datetime) -> None:
        """Mark the first start in the same service; what is begun elsewhere is another supervisor's."""
        sanction = self._by_network.get(network)
        if sanction is not None and now < sanction.until and sanction.service == service:
            self._by_network[network] = replace(sanction, started_at=sanction.started_at or now)

    def in_force(self, services: Collection[str], now: datetime) -> list[Sanction]:
        """Return those of some services, the newest first."""
        self._forget_over(now)
        found = [sanction for sanction in self._by_network.values() if sanction.service in services]
        return sorted(found, key=lambda sanction: (sanction.since, sanction.id), reverse=True)

    def lift(self, id_: str, services: Collection[str]) -> bool:
        """End one of some services before its time; False when there is none."""
        for network, sanction in self._by_network.items():
            if sanction.id == id_ and sanction.service in services:
                del self._by_network[network]
                return True
        return False

    def drop(self, id_: str) -> None:
        """End one that was lifted elsewhere."""
        self._by_network = {key: each for key, each in self._by_network.items() if each.id != id_}

    def forget_networks(self) -> None:
        """Forget all: the bytes that stand for networks have changed."""
        self._by_network.clear()

    def _forget_over(self, now: datetime) -> None:
        self._by_network = {
            network: sanction for network, sanction in self._by_network.items() if now < sanction.until
        }
