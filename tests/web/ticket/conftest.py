# SPDX-License-Identifier: EUPL-1.2
"""One server for everything about her page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest_asyncio

from tests.web.furnishing import NewPlace
from tests.web.handed import Tickets, tickets


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_tickets(new_place: NewPlace, written: object) -> AsyncGenerator[Tickets]:
    """One server for this folder."""
    async with tickets(new_place("tickets")) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def at(shared_tickets: Tickets) -> Tickets:
    """The server of the folder, with the clock where it should be."""
    shared_tickets.clock.ahead = timedelta()
    return shared_tickets
