# SPDX-License-Identifier: EUPL-1.2
"""Somebody before the chair's pages, at a real server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest_asyncio

from chat.ids import OrganisationId
from tests.outside.operator import Operator
from tests.web.people import sends, signed_in
from tests.web.running import Running

OWN = OrganisationId("kvinnojouren-vallentuna")
OF_OWN = f"/staff/site/organisations/{OWN}"
HOURS = {"hours.We.1.from": "03:00", "hours.We.1.until": "03:01"}


class Chair:
    """Somebody before the pages."""

    def __init__(self, run: Running, person: Operator) -> None:
        self.run, self.person = run, person

    async def page(self, path: str) -> httpx.Response:
        """Open one."""
        return await self.person.request("GET", path)

    async def version(self) -> int:
        """Return the newest version of her organisation."""
        return (await self.run.house.chair.now(OWN)).number

    async def sends(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form, as from a page that was opened just now."""
        form = {"version": await self.version(), "do": "save", **fields}
        return await sends(self.run, self.person, path, **form)


@pytest_asyncio.fixture(loop_scope="session")
async def eva(run: Running) -> AsyncGenerator[Chair]:
    """The administrator; what she has set is as the file says after the test."""
    chair = Chair(run, await signed_in(run, "eva"))
    yield chair
    newest = await run.house.chair.now(OWN)
    if newest.overlay:
        session = await run.session_of(chair.person)
        assert session is not None
        await run.house.chair.bring_back(session, OWN, newest.number, 0)
        await run.house.site_now.changed()
