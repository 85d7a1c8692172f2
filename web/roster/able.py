# SPDX-License-Identifier: EUPL-1.2
"""Who may be on a shift of which service, by the name they sign in with.

Owns the rule and how long an answer is good for. Everybody's accounts are read for it: the board, which asks
all the time, is told what was read within the last minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from chat.ids import ServiceId
from chat.ports import Clock
from web.accounts.account import AT_CONSOLE
from web.roster.ports import Colleagues
from web.roster.shift import Shift

GOOD_FOR: Final = timedelta(minutes=1)

Names = Mapping[ServiceId, frozenset[str]]


def seen(shifts: Iterable[Shift], able: Names) -> list[Shift]:
    """Return shifts as they are while nobody else may answer: whoever is shut out staffs no evening."""
    return [each.among(able.get(each.service, ())) for each in shifts]


class Able:
    """What was read last, and when."""

    def __init__(self, colleagues: Colleagues, clock: Clock) -> None:
        self._colleagues = colleagues
        self._clock = clock
        self._read_at: datetime | None = None
        self._names: Names = {}

    async def now(self) -> Names:
        """Read who may be on a shift where: an account may have been shut since it signed up."""
        found: dict[ServiceId, set[str]] = {}
        for account in await self._colleagues.list():
            if not account.disabled and account.role in AT_CONSOLE:
                for service in account.services:
                    found.setdefault(service, set()).add(account.name)
        self._names = {service: frozenset(names) for service, names in found.items()}
        self._read_at = self._clock.now()
        return self._names

    async def lately(self) -> Names:
        """Return what was read within the last minute, or read it."""
        if self._read_at is None or self._clock.now() - self._read_at > GOOD_FOR:
            return await self.now()
        return self._names
