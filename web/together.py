# SPDX-License-Identifier: EUPL-1.2
"""What a server shares with others over the same database: doorbells, daily keys, and the time.

Owns the choice, by the two URLs of the settings, and closing it in order. Part of the composition root.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chat.adapters.daily_keys import DailyKeyDirectory
from chat.adapters.in_process import InProcessBus
from chat.adapters.one_directory import OneDirectory
from chat.adapters.redis.bus import RedisBus, joined
from chat.adapters.redis.errors import RedisUnfit
from chat.adapters.redis.keys import RedisShelf
from chat.adapters.shared_keys import SharedDailyKeys
from chat.adapters.sql.agreed import AgreedKeys
from chat.adapters.sql.clock import followed
from chat.adapters.sql.database import Database
from chat.adapters.sql.kept import bell_secret
from chat.adapters.sql.processes import SqlProcesses
from chat.adapters.system import SystemClock, SystemRandomness
from chat.errors import Fault
from chat.ports import Bus, DailyKeys
from chat.sealing import KEY_BYTES
from config.settings import Settings
from web.server_options import CannotStart


async def begin_together(database: Database) -> None:
    """Forget who served before, where nobody does now.

    On one host also which keys they had: they may be gone with them, as where they are in memory alone.
    Several hosts keep to what they had agreed on: another one than the first may have it.

    Raises:
        Unavailable: it cannot be written now.
    """
    await SqlProcesses(database).begin()
    if database.dialect == "sqlite":
        await AgreedKeys(database).begin()


@asynccontextmanager
async def together(
    settings: Settings,
    directory: DailyKeyDirectory,
    database: Database,
    clock: SystemClock,
    randomness: SystemRandomness,
) -> AsyncIterator[tuple[Bus, DailyKeys]]:
    """Give the bus and the daily keys of this server.

    Without Redis it is alone: its own bus, the keys of its directory. With Redis and SQLite all processes are
    on one host and share the directory, which is looked at. With Redis and PostgreSQL each host has a
    directory of its own, and goes with the database's clock. Alone it has nobody to agree with: a clock that
    is set changes nothing.

    Raises:
        CannotStart: Redis must not be used as it is, the key of today did not come, or processes of one host
            have two directories; one plain sentence.
    """
    if settings.redis_url is None:
        yield InProcessBus(), directory
        return
    try:
        secret = await bell_secret(database, randomness.bytes(KEY_BYTES))
        async with joined(settings.redis_url, randomness, secret) as bus:
            if database.dialect == "sqlite":
                async with _agreeing(OneDirectory(directory, AgreedKeys(database), clock)):
                    yield bus, directory
                return
            async with (
                followed(clock, database),
                _shared(directory, database, bus, clock, randomness) as keys,
            ):
                yield bus, keys
    except RedisUnfit as error:
        raise CannotStart(str(error)) from error


@asynccontextmanager
async def _shared(
    directory: DailyKeyDirectory,
    database: Database,
    bus: RedisBus,
    clock: SystemClock,
    randomness: SystemRandomness,
) -> AsyncIterator[DailyKeys]:
    keys = SharedDailyKeys(directory, AgreedKeys(database), RedisShelf(bus), clock, randomness)
    async with _agreeing(keys):
        yield keys


@asynccontextmanager
async def _agreeing(keys: SharedDailyKeys | OneDirectory) -> AsyncIterator[None]:
    try:
        await keys.ready()
    except (Fault, ValueError) as error:
        raise CannotStart(str(error)) from error
    running = asyncio.create_task(keys.run(), name="daily keys")
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
