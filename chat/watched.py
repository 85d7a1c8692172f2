# SPDX-License-Identifier: EUPL-1.2
"""What the chat counts of its own work, for whoever looks after the server.

Owns the values. Plain numbers in memory, read when somebody asks: the path of a message pays for an addition
and nothing else. Knows no conversation and no person, and not how a number is told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from chat.phase import Phase

SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Up to these a time is counted, in seconds."""

TOGETHER: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Up to these a number of things done together is counted."""


class Spread:
    """How often something was how large: `counts[i]` up to and with `edges[i]`, the last beyond them all."""

    __slots__ = ("counts", "edges", "total")

    def __init__(self, edges: tuple[float, ...]) -> None:
        self.edges = edges
        self.counts = [0] * (len(edges) + 1)
        self.total = 0.0
        """The sum of everything noted."""

    def note(self, size: float) -> None:
        """Count one more."""
        self.counts[bisect_left(self.edges, size)] += 1
        self.total += size


@dataclass(slots=True, eq=False)
class Commits:
    """The shared commits of one process. `messages`: how many were stored, and so acknowledged."""

    messages: int = 0
    seconds: Spread = field(default_factory=lambda: Spread(SECONDS))
    together: Spread = field(default_factory=lambda: Spread(TOGETHER))
    waiting: int = 0
    """How many operations were in line when the running commit began; 0 while nothing is written."""


class Bells(Protocol):
    """Doorbells of one process since its start."""

    @property
    def sent(self) -> int:
        """How many went to others."""

    @property
    def heard(self) -> int:
        """How many came from others."""

    @property
    def dropped(self) -> int:
        """How many could not be sent."""

    @property
    def refused(self) -> int:
        """How many messages of no known form came."""


@runtime_checkable
class TellsBells(Protocol):
    """A bus between processes, which counts."""

    def report(self) -> Bells:
        """Return the numbers so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How everything stands in the store: numbers over all services, and two times without their owner."""

    conversations: Mapping[Phase, int] = field(default_factory=dict)
    waits_since: datetime | None = None
    """Since when whoever has waited longest waits."""
    due_since: datetime | None = None
    """Since when whatever has been due longest is due."""
    present: int = 0
    """Duties with an open console that take what comes."""
    paused: int = 0
    away: int = 0


class Standings(Protocol):
    """Where that is read."""

    async def standing(self, now: datetime) -> Standing:
        """Return how everything stands.

        Raises:
            chat.errors.Unavailable: the store does not answer now.
        """
