# SPDX-License-Identifier: EUPL-1.2
"""What the roster needs from the world outside: a store, and who has an account.

Owns the protocols. Every method raises `chat.errors.Unavailable` when what it asks cannot be reached.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chat.ids import ServiceId
from web.accounts.account import Account
from web.roster.closing import Closing
from web.roster.shift import SeriesId, Shift, ShiftId


class RosterStore(Protocol):
    """The truth about shifts and closings. Moments are UTC, kept to the second."""

    async def between(self, services: Collection[ServiceId], since: datetime, until: datetime) -> list[Shift]:
        """Return the shifts of these services that end after `since` and begin before `until`, in order."""

    async def shift(self, id_: ShiftId) -> Shift | None:
        """Return one shift."""

    async def of(self, name: str, since: datetime) -> tuple[int, list[Shift]]:
        """Return a count, and the shifts that end after `since` and that somebody is on, cancelled ones too.

        The count is how often those have changed. It was read before the shifts: whoever stores with it knows
        that nothing came between.
        """

    async def add(self, shifts: Sequence[Shift]) -> int:
        """Store new shifts of one service, with nobody on them, and return how many.

        One that begins and ends with another of the service is left out, unless that is cancelled: a form
        that is sent again makes nothing twice.
        """

    async def series(self, service: ServiceId, series: SeriesId) -> list[Shift]:
        """Return the shifts of a service that were made in one go and are not cancelled, in order."""

    async def cancel_series(self, service: ServiceId, series: SeriesId, after: datetime) -> int:
        """Cancel those of them that begin after `after`, and return how many."""

    async def save(self, shift: Shift, counts: Mapping[str, int]) -> bool:
        """Store a changed shift as the version after its own; False, and nothing stored, if it is too late.

        It is too late when the shift has another version by now, or when the shifts of somebody in `counts`
        have changed since that number was read.
        """

    async def stamps(self, since: datetime) -> Mapping[ServiceId, tuple[int, int]]:
        """Return, for each service with shifts that end after `since`, what is another after every change."""

    async def forget_before(self, moment: datetime) -> None:
        """Delete the shifts and the closings that were over before `moment`."""

    async def closings(self) -> list[Closing]:
        """Return every closing that is kept."""

    async def close(self, closing: Closing) -> None:
        """Store a closing in the place of the one that its service has."""

    async def reopen(self, service: ServiceId) -> bool:
        """Delete the closing of a service; False when there is none."""


class Colleagues(Protocol):
    """Who has an account: `web.accounts.service.Accounts`, as far as it is needed here."""

    async def list(self) -> list[Account]:
        """Return every account, by name."""
