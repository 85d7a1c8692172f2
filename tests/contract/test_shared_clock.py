# SPDX-License-Identifier: EUPL-1.2
"""What time it is for everybody over one database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.adapters.sql.clock import ahead_of
from chat.adapters.sql.database import Database
from chat.adapters.system import SystemClock
from tests.servers.postgresql import Postgresql

NEARLY = timedelta(seconds=30)
"""A generous bound for asking a server on this machine."""


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=2), timedelta(hours=-2)])
async def test_host_follows_the_databases_clock(postgresql: Postgresql, ahead: timedelta) -> None:
    """Whatever a host's own clock says: two that ask the same database agree."""
    url = postgresql.new_database()
    postgresql.set_clock(url, ahead)
    database = await Database.open(url)
    try:
        own = SystemClock()
        seen = await ahead_of(own, database)
        shared = SystemClock(ahead=seen)
    finally:
        await database.close()
    assert abs(seen - ahead) < NEARLY
    assert abs(shared.now() - own.now() - ahead) < NEARLY


async def test_file_has_no_clock_of_its_own(sqlite_url: str) -> None:
    """An SQLite file lies on this machine."""
    database = await Database.open(sqlite_url)
    try:
        assert await ahead_of(SystemClock(), database) == timedelta()
    finally:
        await database.close()
