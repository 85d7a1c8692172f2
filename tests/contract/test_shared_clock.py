# SPDX-License-Identifier: EUPL-1.2
"""What time it is for everybody over one database."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest

from chat.adapters.sql.clock import Follower, ahead_of
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


class Halted(SystemClock):
    """The clock of a machine that can be halted, as a virtual one is for a snapshot."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.halted_s = 0
        super().__init__(elapsed=lambda: time.monotonic_ns() - self.halted_s * 1_000_000_000, ahead=ahead)


async def test_host_that_was_halted_goes_on_with_the_database(
    postgresql: Postgresql, caplog: pytest.LogCaptureFixture
) -> None:
    """At the next look, and the log says once how far it was behind."""
    caplog.set_level(logging.WARNING)
    database = await Database.open(postgresql.new_database())
    try:
        clock, other = Halted(), SystemClock()
        follower = Follower(clock, database)
        await follower.look()
        clock.halted_s = 600
        assert other.now() - clock.now() > timedelta(minutes=9)
        await follower.look()
        assert abs(other.now() - clock.now()) < NEARLY
        await follower.look()
    finally:
        await database.close()
    logged = [record for record in caplog.records if record.getMessage() == "clock_parted"]
    assert [abs(vars(record)["seconds"] - 600) < NEARLY.total_seconds() for record in logged] == [True]


async def test_host_that_is_ahead_says_so_once_and_waits(
    postgresql: Postgresql, caplog: pytest.LogCaptureFixture
) -> None:
    """However often it is found to be ahead still: nothing jumps back under anybody."""
    caplog.set_level(logging.WARNING)
    database = await Database.open(postgresql.new_database())
    try:
        clock = SystemClock(ahead=timedelta(minutes=10))
        follower, seen = Follower(clock, database), [clock.now()]
        for _ in range(3):
            await follower.look()
            seen.append(clock.now())
    finally:
        await database.close()
    assert seen == sorted(seen)
    assert [record.getMessage() for record in caplog.records] == ["clock_parted"]


async def test_file_has_no_clock_of_its_own(sqlite_url: str) -> None:
    """An SQLite file lies on this machine."""
    database = await Database.open(sqlite_url)
    try:
        assert await ahead_of(SystemClock(), database) == timedelta()
    finally:
        await database.close()
