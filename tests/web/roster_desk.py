# SPDX-License-Identifier: EUPL-1.2
"""Somebody of the staff before the roster of one service, at a real server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from tests.outside.operator import Operator
from tests.web.people import sends
from tests.web.running import Running

EKEN = ServiceId("eken")
HERS = ("/chat/eken?lang=sv", "/chat/eken/plain?lang=sv", "/?lang=sv", "/others/eken?lang=sv")
"""Where she may read that a chat is closed."""


class Desk:
    """Somebody before the roster of one service."""

    def __init__(self, run: Running, person: Operator, service: str) -> None:
        self.run, self.person, self.path = run, person, f"/staff/roster/{service}"

    async def page(self, query: str = "") -> httpx.Response:
        """Open it."""
        return await self.person.request("GET", self.path + query)

    async def does(self, do: str, **fields: Any) -> httpx.Response:
        """Send a form."""
        return await sends(self.run, self.person, self.path, do=do, **fields)

    async def makes(self, begins: timedelta, hours: float = 3, **fields: Any) -> str:
        """Add one shift and return its id."""
        start = (self.run.house.clock.now() + begins).astimezone(STOCKHOLM)
        end = start + timedelta(hours=hours)
        form = {"day": f"{start:%Y-%m-%d}", "begins": f"{start:%H:%M}", "ends": f"{end:%H:%M}"}
        before = await self._ids()
        assert (await self.does("make", **form, **{"wanted": 2, "fewest": 1, **fields})).status_code == 303
        (new,) = await self._ids() - before
        return new

    async def _ids(self) -> set[str]:
        service = ServiceId(self.path.rpartition("/")[2])
        return {each.id for each in await self.run.house.roster.shifts([service], timedelta(days=400))}
