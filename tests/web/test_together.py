# SPDX-License-Identifier: EUPL-1.2
"""Servers that share: chosen by the two URLs, refused in one sentence, and never a password in it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chat.adapters.daily_keys import DailyKeyDirectory, day_number
from chat.adapters.in_process import InProcessBus
from chat.adapters.redis.bus import RedisBus
from chat.adapters.shared_keys import SharedDailyKeys
from chat.adapters.system import SystemClock
from chat.ports import Bell, Doorbell
from config.settings import Settings
from tests.servers.postgresql import Postgresql
from tests.servers.redis import RedisServer
from web.bootstrap import open_house
from web.demo import demo_settings, demo_site
from web.house import House
from web.server_options import CannotStart

ON = date(2026, 2, 16)


async def opened(stack: AsyncExitStack, settings: Settings) -> House:
    """Open a house until the stack ends."""
    return await stack.enter_async_context(open_house(settings, demo_site(8000, 3, ON), demo=True))


async def test_alone_without_redis(tmp_path: Path) -> None:
    """The bus of one process and the keys of its directory: nothing of Redis is touched."""
    async with AsyncExitStack() as stack:
        house = await opened(stack, demo_settings(tmp_path, 8000))
        assert isinstance(house.chat.bus, InProcessBus)
        assert isinstance(house.daily_keys, DailyKeyDirectory)


async def test_one_host_begins_and_goes_on_without_its_redis(tmp_path: Path) -> None:
    """With SQLite the directory holds the keys for all processes; away is no reason not to begin."""
    server = RedisServer(tmp_path)
    settings = replace(demo_settings(tmp_path, 8000), redis_url=server.url)
    async with AsyncExitStack() as stack:
        house = await opened(stack, settings)
        assert isinstance(house.chat.bus, RedisBus)
        assert isinstance(house.daily_keys, DailyKeyDirectory)
        assert house.chat.bus.is_away()
        here = asyncio.Event()
        house.chat.bus.on_turn(lambda away: None if away else here.set())
        with server:
            async with asyncio.timeout(20):
                await here.wait()


async def test_processes_of_one_host_must_have_one_key_directory(tmp_path: Path) -> None:
    """Two units with two directories: the second does not start and says why. Alone any directory will do.

    What was agreed holds from a day to the next, however long the first one runs.
    """
    with RedisServer(tmp_path) as server:
        settings = replace(demo_settings(tmp_path, 8000), redis_url=server.url)
        other = replace(settings, keys=tmp_path / "other" / "keys")
        async with AsyncExitStack() as stack:
            one = await opened(stack, settings)
            with pytest.raises(CannotStart) as refused:
                await opened(stack, other)
            assert "give all of them the same JOURCHATT_KEYS" in str(refused.value)
            two = await opened(stack, settings)
            tomorrow = day_number(one.clock.now()) + 1
            assert one.daily_keys.for_day(tomorrow) == two.daily_keys.for_day(tomorrow) != None  # noqa: E711
        async with AsyncExitStack() as stack:
            await opened(stack, other)


async def test_hosts_have_one_key_and_hear_each_other(tmp_path: Path) -> None:
    """PostgreSQL and Redis between two hosts, each with its own directories; one was halted and goes on."""
    async with AsyncExitStack() as stack:
        database = stack.enter_context(Postgresql(tmp_path)).new_database()
        redis = stack.enter_context(RedisServer(tmp_path))
        hosts = [
            replace(demo_settings(tmp_path / name, 8000), database_url=database, redis_url=redis.url)
            for name in ("one", "two")
        ]
        one, two = [await opened(stack, host) for host in hosts]
        assert isinstance(one.daily_keys, SharedDailyKeys)
        now = one.clock.now()
        assert one.daily_keys.today(now) == two.daily_keys.today(now)
        assert one.daily_keys.for_day(day_number(now) + 1) == two.daily_keys.for_day(day_number(now) + 1)
        assert isinstance(one.clock, SystemClock)
        one.clock._course = one.clock._course._replace(base=one.clock.now() - timedelta(minutes=10))  # halted
        heard = asyncio.Event()
        two.chat.bus.listen(lambda bell: heard.set() if bell.bell is Bell.SITE else None)
        async with asyncio.timeout(20):
            while not heard.is_set():
                one.chat.bus.ring(Doorbell(bell=Bell.SITE, origin="a test"))
                await asyncio.sleep(0.01)
            while abs(one.clock.now() - two.clock.now()) > timedelta(seconds=2):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)


async def test_host_without_the_key_lets_in_the_one_that_has_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After a power cut Redis is empty, and the wrong host is up first: it waits, and shuts nobody out."""
    async with AsyncExitStack() as stack:
        database = stack.enter_context(Postgresql(tmp_path)).new_database()
        redis = stack.enter_context(RedisServer(tmp_path))
        old, new = [
            replace(demo_settings(tmp_path / name, 8000), database_url=database, redis_url=redis.url)
            for name in ("old", "new")
        ]
        async with AsyncExitStack() as before:
            house = await opened(before, old)
            key = house.daily_keys.today(house.clock.now())
        with redis.ask() as asked:
            asked.flushall()
        first = asyncio.create_task(opened(stack, new))
        async with asyncio.timeout(20):
            while "daily_key_awaited" not in caplog.messages:  # noqa: ASYNC110 - a log sets no event
                await asyncio.sleep(0.01)
        house = await opened(stack, old)
        assert house.daily_keys.today(house.clock.now()) == key
        async with asyncio.timeout(20):
            assert (await first).daily_keys.today(house.clock.now()) == key


@pytest.mark.parametrize("secret", [":secret@", "name:secret@"])
async def test_redis_that_will_not_do_is_one_sentence(tmp_path: Path, secret: str) -> None:
    """Wrong settings and a wrong password: the server does not start, and says why without the password."""
    with RedisServer(tmp_path) as server:
        settings = replace(
            demo_settings(tmp_path, 8000),
            redis_url=f"redis://{secret}{server.address}:{server.port}/0",
        )
        said = []
        for wrong in ("password", "appendonly"):
            if wrong == "appendonly":
                with server.ask() as asked:
                    asked.config_set("appendonly", "yes")
                settings = replace(settings, redis_url=server.url)
            async with AsyncExitStack() as stack:
                with pytest.raises(CannotStart) as refused:
                    await opened(stack, settings)
                said.append(str(refused.value))
        assert "does not accept the name and password in JOURCHATT_REDIS_URL" in said[0]
        assert 'appendonly "yes" instead of "no"' in said[1]
        assert "secret" not in "".join(said) + repr(settings)
