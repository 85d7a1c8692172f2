# SPDX-License-Identifier: EUPL-1.2
"""What statistics need from the world outside: a place for figures that have been told.

Owns the protocol.
"""

from __future__ import annotations

from typing import Protocol

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import Figure


class PublishedFigures(Protocol):
    """Where figures are kept once they are told. They never change afterwards."""

    async def told(self, service: ServiceId, first: Week, last: Week) -> list[Figure]:
        """Return the figures told in the weeks from `first` to `last`, both included, oldest first.

        Raises:
            chat.errors.Unavailable: they cannot be read now.
        """

    async def first_week(self, service: ServiceId) -> Week | None:
        """Return the first week that anything was told of; None before that."""
