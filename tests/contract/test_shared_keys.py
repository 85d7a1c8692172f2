# SPDX-License-Identifier: EUPL-1.2
"""Several hosts share the daily keys: one a day for all, whatever is lost, and nobody uses another one."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from chat.adapters.covering import check_of, cover, uncover
from chat.adapters.daily_keys import day_number
from chat.adapters.redis.bus import joined
from chat.adapters.redis.keys import RedisShelf
from chat.adapters.shared_keys import LOST_AFTER, ROUND_S, SharedDailyKeys
from chat.adapters.sql.agreed import Agreed, AgreedKeys
from chat.adapters.sql.database import Database
from chat.adapters.sql.store import SqlStore
from chat.adapters.system import SystemClock, SystemRandomness
from chat.errors import Unavailable
from tests.contract.hosts import Hosts
from tests.contract.made import conversation, count, visitor_key
from tests.servers.redis import RedisServer

DAY = timedelta(days=1)


@pytest.fixture
def hosts(database: Database, tmp_path: Path) -> Hosts:
    """No host yet."""
    return Hosts(database, tmp_path / "hosts")


class TestAgreeing:
    async def test_hosts_have_one_key(self, hosts: Hosts) -> None:
        """Each in its own directory, today's and tomorrow's, whoever came first."""
        for name in ("one", "two", "three"):
            await hosts.started(name)
        for day in (hosts.today, hosts.today + 1):
            keys = {hosts.key_of(name, day) for name in hosts.known}
            assert len(keys) == 1
            assert None not in keys
            assert {(hosts.folder / name / f"{day}.key").read_bytes() for name in hosts.known} == keys

    async def test_hosts_that_start_together_have_one_key(self, hosts: Hosts) -> None:
        """However their steps fall between each other: the first in the database counts."""
        names = [f"host{number}" for number in range(6)]
        for name in names:
            hosts.opened(name)
        await asyncio.gather(*(hosts.known[name].agree() for name in names))
        await hosts.lives(*names)
        for day in (hosts.today, hosts.today + 1):
            assert len({hosts.key_of(name, day) for name in names} - {None}) == 1
            assert all(hosts.key_of(name, day) for name in names)

    async def test_key_lies_in_the_directory_before_it_counts(self, hosts: Hosts) -> None:
        """A power cut just after it was agreed must not have taken it from everybody."""
        keys = hosts.opened("one")
        seen: list[bool] = []
        propose = keys.agreed.propose

        async def noting(agreed: Agreed) -> None:
            seen.append((hosts.folder / "one" / f"{agreed.day}.key").exists())
            await propose(agreed)

        keys.agreed.propose = noting  # type: ignore[method-assign]  # to look between two steps
        await keys.agree()
        assert seen == [True, True]

    async def test_host_with_a_foreign_key_never_uses_it(self, hosts: Hosts) -> None:
        """Not before it has looked, and not while Redis is away: its file is another day's work."""
        await hosts.started("one")
        foreign = hosts.directory("two").made(hosts.today)
        keys = hosts.opened("two")
        assert keys.for_day(hosts.today) is None
        with pytest.raises(Unavailable):
            keys.today(hosts.clock.now())
        hosts.shelf.away = True
        await keys.agree()
        assert keys.for_day(hosts.today) is None
        hosts.shelf.away = False
        await hosts.lives("one", "two")
        assert hosts.key_of("two") == hosts.key_of("one") != foreign
        kept = [path for path in (hosts.folder / "two").iterdir() if path.read_bytes() == foreign]
        assert [path.suffix for path in kept] == [".kept"], "it may be the only one of its kind"
        hosts.clock.advance(2 * 86_400)
        keys.forget_old(hosts.clock.now())
        assert not kept[0].exists()

    async def test_key_that_something_is_sealed_under_is_waited_for(
        self, hosts: Hosts, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A second host is added, and starts before the one that was alone: that one's key counts."""
        alone = hosts.directory("one").made(hosts.today)
        store = SqlStore(hosts.database)
        key = visitor_key(1, hosts.today)
        await store.create(conversation(1), key, deadline=None, wraps={}, intake=None, counts=(count(),))
        await hosts.started("two")
        await hosts.lives("two", rounds=20)
        assert hosts.key_of("two") is None
        assert caplog.messages == ["daily_key_awaited"]
        monkeypatch.setattr("chat.adapters.shared_keys.LOOKS_AT_START", 0)
        with pytest.raises(Unavailable, match="start the host first that has served until now"):
            await hosts.opened("two").ready()
        await hosts.started("one")
        await hosts.lives("one", "two")
        assert hosts.key_of("one") == hosts.key_of("two") == alone
        await store.close()

    async def test_host_that_was_alone_takes_its_keys_with_it(self, hosts: Hosts) -> None:
        """Yesterday's as well: sign-ins and conversations of yesterday go on when a second host is added."""
        alone = hosts.directory("one")
        old = [alone.made(hosts.today - 1), alone.made(hosts.today)]
        await hosts.started("one")
        await hosts.started("two")
        for name in ("one", "two"):
            assert [hosts.key_of(name, hosts.today - 1), hosts.key_of(name)] == old

    async def test_host_is_ready_at_once_or_says_why_not(self, hosts: Hosts) -> None:
        """With its key at hand it needs no Redis; without, it waits a while for whoever holds it."""
        await hosts.started("one")
        hosts.shelf.away = True
        await hosts.opened("one").ready()
        waiting = asyncio.create_task(hosts.opened("two").ready())
        while not waiting.done():
            await hosts.clock.sleeps_in(waiting)
            await hosts.lives("one", seconds=0.5)
            for _ in range(50):
                await asyncio.sleep(0)
        with pytest.raises(Unavailable, match=r"is at another host and did not come .*\.$"):
            await waiting


class TestMidnight:
    async def test_midnight_with_redis_away_is_the_same_for_all(self, hosts: Hosts) -> None:
        """Tomorrow's key has been there since the day before; neither database nor Redis is asked."""
        await hosts.started("one")
        await hosts.started("two")
        hosts.shelf.away = True
        await hosts.database.close()
        hosts.clock.advance(4 * 3600)
        at = hosts.clock.now()
        assert hosts.known["one"].today(at) == hosts.known["two"].today(at)

    async def test_old_keys_go_everywhere(self, hosts: Hosts) -> None:
        """From each host's directory, from Redis, and in the end the row that said which one counted."""
        await hosts.started("one")
        await hosts.started("two")
        day = hosts.today
        for _ in range(4):
            hosts.clock.advance(86_400)
            for keys in hosts.known.values():
                keys.forget_old(hosts.clock.now())
                await keys.agree()
            held = hosts.today <= day + 1
            assert [hosts.key_of(name, day) is not None for name in hosts.known] == [held, held]
            assert (day in hosts.shelf.there) is held
        assert not list(hosts.folder.glob(f"*/{day}.*"))
        assert min(await AgreedKeys(hosts.database).all()) > day

    async def test_host_whose_clock_is_ahead_takes_nothing_from_the_others(self, hosts: Hosts) -> None:
        """It unlinks its own a few hours early; theirs is used on until their own day comes."""
        await hosts.started("one")
        yesterday = hosts.today
        hosts.clock.advance(86_400)
        await hosts.known["one"].agree()
        ahead = await hosts.started("two")
        ahead.forget_old(hosts.clock.now() + DAY)
        await ahead.agree()
        await hosts.lives("one")
        assert hosts.key_of("one", yesterday) is not None
        assert yesterday in hosts.shelf.there

    async def test_round_alone_burns_nothing(self, hosts: Hosts) -> None:
        """Only `forget_old` does, which nobody calls while the clock is not trusted."""
        await hosts.started("one")
        day = hosts.today
        await hosts.lives("one", seconds=5 * 86_400)
        assert hosts.key_of("one", day) is not None
        assert day in await AgreedKeys(hosts.database).all()


class TestLosing:
    async def test_emptied_redis_is_filled_again(self, hosts: Hosts) -> None:
        """By any host that lives, within a round; then a third one can join."""
        await hosts.started("one")
        await hosts.started("two")
        hosts.shelf.there.clear()
        await hosts.lives("two")
        assert set(hosts.shelf.there) == {hosts.today, hosts.today + 1}
        await hosts.started("three")
        assert hosts.key_of("three") == hosts.key_of("one")

    async def test_what_others_put_into_redis_is_not_used(self, hosts: Hosts) -> None:
        """Neither noise nor a key of somebody else's; whoever holds the right one puts it in its place."""
        await hosts.started("one")
        row = (await AgreedKeys(hosts.database).all())[hosts.today]
        for wrong in (b"", b"noise", cover(bytes(32), hosts.today, row.cover, bytes(12))):
            hosts.shelf.there[hosts.today] = wrong
            name = f"after {len(wrong)}"
            await hosts.started(name)
            assert hosts.key_of(name) is None
            await hosts.lives("one", name)
            assert hosts.key_of(name) == hosts.key_of("one")

    async def test_key_that_nobody_has_is_replaced(
        self, hosts: Hosts, caplog: pytest.LogCaptureFixture
    ) -> None:
        """After a while of asking, once for all hosts, and the log says it. Until then nobody seals."""
        await hosts.started("one")
        lost = hosts.key_of("one")
        hosts.shelf.there.clear()
        await hosts.started("two")
        await hosts.started("three")
        rounds = int(LOST_AFTER.total_seconds() / ROUND_S)
        await hosts.lives("two", "three", rounds=rounds - 1)
        assert hosts.key_of("two") is None
        await hosts.lives("two", "three", rounds=4)
        assert hosts.key_of("two") == hosts.key_of("three") not in {None, lost}
        said = [record for record in caplog.records if record.getMessage() == "daily_key_replaced"]
        assert sorted(vars(record)["day"] for record in said) == [hosts.today, hosts.today + 1]
        assert all(record.levelno == logging.WARNING for record in said)
        # Whoever comes back with the old one in its directory does not use it.
        await hosts.started("one")
        assert hosts.key_of("one") == hosts.key_of("two")

    async def test_key_that_somebody_cut_off_holds_is_not_replaced(
        self, hosts: Hosts, caplog: pytest.LogCaptureFixture
    ) -> None:
        """They cannot put it into Redis, but say through the database that they have it: it is waited for."""
        held = (await hosts.started("one")).for_day(hosts.today)
        hosts.cuts["one"].away = True
        hosts.shelf.there.clear()
        await hosts.started("two")
        await hosts.lives("one", "two", rounds=20)
        assert hosts.key_of("two") is None
        hosts.cuts["one"].away = False
        await hosts.lives("one", "two")
        assert hosts.key_of("two") == hosts.key_of("one") == held
        assert "daily_key_replaced" not in caplog.messages

    async def test_key_of_yesterday_is_never_replaced(self, hosts: Hosts) -> None:
        """Nothing is sealed under it any more: what nobody has is gone."""
        await hosts.started("one")
        day = hosts.today
        hosts.clock.advance(86_400)
        hosts.shelf.there.clear()
        await hosts.started("two")
        await hosts.lives("two", rounds=20)
        assert hosts.key_of("two", day) is None
        assert hosts.key_of("two") is not None


class TestRows:
    async def test_first_proposal_counts(self, databases: tuple[Database, Database]) -> None:
        """Of many from two processes at once."""
        both = [AgreedKeys(database) for database in databases]
        rows = [keys_row(number) for number in range(10)]
        await asyncio.gather(*(both[number % 2].propose(row) for number, row in enumerate(rows)))
        found = await both[0].all()
        assert found == await both[1].all()
        assert found[1] in rows

    async def test_one_replacement_counts(self, databases: tuple[Database, Database]) -> None:
        """Of many at once, and none after an answer."""
        both = [AgreedKeys(database) for database in databases]
        await both[0].propose(keys_row(0))
        await both[0].ask(keys_row(0))
        asked = (await both[1].all())[1]
        done = await asyncio.gather(
            *(both[number % 2].replace(asked, bytes([number]), b"c") for number in range(10))
        )
        assert sum(done) == 1
        new = (await both[0].all())[1]
        await both[0].ask(new)
        await both[1].answer((await both[1].all())[1])
        assert not await both[0].replace(new, b"x", b"x")


def keys_row(number: int) -> Agreed:
    """Return a row of day 1."""
    return Agreed(1, bytes([number]) * 32, bytes(32))


class TestInRedis:
    @pytest.fixture(params=["redis", "valkey"])
    async def shelf(
        self, request: pytest.FixtureRequest, tmp_path: Path
    ) -> AsyncIterator[tuple[RedisShelf, RedisServer]]:
        """The shelf in a real server."""
        async with AsyncExitStack() as opened:
            server = opened.enter_context(RedisServer(tmp_path, request.param))
            bus = await opened.enter_async_context(joined(server.url, SystemRandomness(), bytes(32)))
            yield RedisShelf(bus), server

    async def test_shelf_keeps_until_the_key_ends(
        self, shelf: tuple[RedisShelf, RedisServer], hosts: Hosts
    ) -> None:
        """First come stays, unless it is to be replaced; what is old never even lies there."""
        there, server = shelf
        day = day_number(SystemClock().now())
        assert await there.get(day) is None
        await there.put(day, b"\x00one\r\n", replacing=False)
        await there.put(day, b"two", replacing=False)
        assert await there.get(day) == b"\x00one\r\n"
        await there.put(day, b"three", replacing=True)
        assert (await there.get(day), await there.count([day, day + 1])) == (b"three", 1)
        with server.ask() as asked:
            assert 86_400 < int(asked.ttl(f"jourchatt:key:{day}")) <= 2 * 86_400
        await there.put(day - 2, b"old", replacing=True)
        assert await there.get(day - 2) is None
        await there.drop([day, day - 2])
        assert await there.count([day]) == 0

    async def test_thief_of_redis_has_no_key(
        self, shelf: tuple[RedisShelf, RedisServer], hosts: Hosts
    ) -> None:
        """What lies there is neither a key, nor its check, nor opens without the database."""
        there, server = shelf
        keys = SharedDailyKeys(
            hosts.directory("one"), AgreedKeys(hosts.database), there, hosts.clock, SystemRandomness()
        )
        hosts.clock.moment = SystemClock().now()
        await keys.agree()
        day, key = keys.today(hosts.clock.now())
        with server.ask() as asked:
            stolen = b"".join(bytes(asked.get(name)) for name in asked.keys("*"))
        row = (await AgreedKeys(hosts.database).all())[day]
        assert len(stolen) == 2 * 61
        for secret in (key, check_of(key), row.check, row.cover):
            for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
                assert form not in stolen
        assert uncover(stolen[:61], day, bytes(32)) is None
        assert key in {uncover(stolen[:61], day, row.cover), uncover(stolen[61:], day, row.cover)}
