# SPDX-License-Identifier: EUPL-1.2
"""What statistics need from the world outside: a place for figures that have been told, and their making.

Owns the protocols.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import Figure


class PublishedFigures(Protocol):
    """Where figures are kept once they are told. They never change afterwards."""

    async def told(
        self, service: ServiceId, first: Week, last: Week, names: Collection[str] | None = None
    ) -> list[Figure]:
        """Return the figures told in the weeks from `first` to `last`, both included, oldest first.

        Only of the counters in `names`, unless it is None.

        Raises:
            chat.errors.Unavailable: they cannot be read now.
        """

    async def first_week(self, service: ServiceId) -> Week | None:
        """Return the first week that anything was told of; None before that."""

    async def sums(
        self, services: Collection[ServiceId], first: Week, last: Week, names: Collection[str] | None = None
    ) -> dict[ServiceId, dict[str, int]]:
        """Return the sums of what was told in these weeks, by service and counter; {} where nothing was.

        Only of the counters in `names`, unless it is None.

        Raises:
            chat.errors.Unavailable: they cannot be read now.
        """


class ClosingBooks(Protocol):
    """Where the counters of a week become figures when it is over."""

    async def behind(self, last: Week) -> list[tuple[ServiceId, Week]]:
        """Return each week that is to be closed up to `last`, of each service, its oldest first.

        `last`: the last week that is over. A week is to be closed if counters are gathered with it; what came
        too late for its own week waits for the end of the next one, and what a clock counted long before
        there was this program (`chat.grid.EARLIEST`) is closed as if it were of then.

        Raises:
            chat.errors.Unavailable: they cannot be read now.
        """

    async def closed(self) -> Week | None:
        """Return the last week that was closed, of whatever service; None before the first.

        Raises:
            chat.errors.Unavailable: it cannot be read now.
        """

    async def close(self, service: ServiceId, week: Week) -> bool:
        """Close a week of a service by `chat.published.close`, whole or not at all; delete what it gathered.

        False, and nothing happens, when it is closed already: of two processes exactly one closes it. Weeks
        are closed in order; those without counters need not be.

        Raises:
            chat.errors.Unavailable: it cannot be written now. Nothing is closed.
        """
