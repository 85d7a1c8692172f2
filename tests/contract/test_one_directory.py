# SPDX-License-Identifier: EUPL-1.2
"""Processes of one host have one key directory; one that is started with another is told so, on any day."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chat.adapters.one_directory import OneDirectory
from chat.adapters.sql.agreed import AgreedKeys
from chat.adapters.sql.database import Database
from chat.errors import Unavailable
from tests.contract.conftest import ON_SQLITE
from tests.contract.hosts import Hosts


@ON_SQLITE
async def test_other_directory_is_noticed_however_long_the_first_process_runs(
    database: Database, tmp_path: Path
) -> None:
    """Rows follow the days, a day ahead; those of days that are long over go."""
    hosts = Hosts(database, tmp_path / "hosts")

    def one_of(name: str) -> OneDirectory:
        return OneDirectory(hosts.directory(name), AgreedKeys(database), hosts.clock)

    first = one_of("right")
    await first.ready()
    running = asyncio.create_task(first.run())
    try:
        for _ in range(6):
            await hosts.clock.sleeps_in(running)
            hosts.clock.advance(86_400)
            first.directory.forget_old(hosts.clock.now())
        await hosts.clock.sleeps_in(running)
    finally:
        running.cancel()
    told = await first.agreed.all()
    assert hosts.today + 1 in told
    assert min(told) >= hosts.today - 4
    await one_of("right").ready()
    with pytest.raises(Unavailable, match="give all of them the same JOURCHATT_KEYS"):
        await one_of("wrong").ready()
