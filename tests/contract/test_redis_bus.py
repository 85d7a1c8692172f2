# SPDX-License-Identifier: EUPL-1.2
"""Doorbells between processes over a real Redis and a real Valkey: what arrives, and what a fault does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from chat.adapters.redis import peers
from chat.adapters.redis.bus import BEATS, RedisBus, joined
from chat.adapters.redis.doorbells import SIGNATURE_BYTES, Batch, Note, Signature, pack
from chat.adapters.redis.errors import RedisAway, RedisUnfit
from chat.adapters.redis.outgoing import MOST_WAITING
from chat.adapters.system import SystemRandomness
from chat.ports import Bell, Doorbell
from tests.contract.listening import Ear, entry, until
from tests.servers.redis import KEEPS_NOTHING, Kind, RedisServer

STRANGER = b"stranger"
SECRET = b"of all processes over one store."


@pytest.fixture(params=["redis", "valkey"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer]:
    """A server of each kind, for this test alone: it may be killed."""
    with RedisServer(tmp_path, request.param) as server:
        yield server


@asynccontextmanager
async def processes(server: RedisServer, count: int = 2) -> AsyncIterator[list[Ear]]:
    """Give processes that have met: each bus with what is heard there from then on."""
    async with AsyncExitStack() as open_:
        buses = [
            await open_.enter_async_context(joined(server.url, SystemRandomness(), SECRET))
            for _ in range(count)
        ]
        ears = [Ear(bus) for bus in buses]
        await meet(ears)
        yield ears


async def meet(ears: list[Ear]) -> None:
    """Return when each hears each, and has nothing to look at any more."""
    for ear in ears:
        await ear.is_here()
    for number, one in enumerate(ears):
        name = f"met {number} {len(one.turns.all)}"
        while not all(any(bell.reason == name for bell in ear.bells.all) for ear in ears):
            one.bus.ring(Doorbell(bell=Bell.SITE, reason=name))
            await asyncio.sleep(0.01)


def bus_of(ear: Ear) -> RedisBus:
    """Return the adapter itself."""
    assert isinstance(ear.bus, RedisBus)
    return ear.bus


def publish(server: RedisServer, channel: bytes, content: bytes) -> None:
    """Say something on a channel, as whoever can reach the server may."""
    with server.ask() as asked:
        asked.publish(channel, Signature(SECRET).put(content, channel))


def told(number: int, *bells: Doorbell, note: Note = Note.NOTHING) -> bytes:
    """Return a batch of the stranger's."""
    return pack(Batch(STRANGER, number, note, bells))


class TestPassing:
    async def test_everybody_hears_everything_in_the_ringers_order(self, server: RedisServer) -> None:
        """Three processes ring a thousand times each: each hears each once, its own among them."""
        async with processes(server, 3) as ears:
            for seq in range(1, 1001):
                for number, ear in enumerate(ears):
                    ear.bus.ring(entry(seq * 10 + number))
                if seq % 50 == 0:
                    await asyncio.sleep(0)
            for ear in ears:
                await ear.bells.until(lambda _, ear=ear: len(ear.seqs()) >= 3000)  # type: ignore[misc]  # bound
                for number in range(3):
                    own = [seq for seq in ear.seqs() if seq % 10 == number]
                    assert own == [seq * 10 + number for seq in range(1, 1001)]

    async def test_own_doorbells_are_heard_at_once_and_once(self, server: RedisServer) -> None:
        """They do not go by way of the server: the very next turn of the loop brings them, and no echo."""
        async with processes(server) as (here, there):
            here.bus.ring(entry(1))
            await asyncio.sleep(0)
            assert here.seqs() == [1]
            await there.hears(1)
            there.bus.ring(entry(2))
            await here.hears(1, 2)

    async def test_doorbell_arrives_as_it_was_rung(self, server: RedisServer) -> None:
        """Every field of it."""
        async with processes(server) as (here, there):
            rung = Doorbell(
                bell=Bell.ENDED, conversation=entry(1).conversation, seq=2**40, reason="åäö", origin="here"
            )
            here.bus.ring(rung)
            await there.bells.until(lambda heard: rung in heard)

    async def test_bell_of_a_newer_version_is_left_out(self, server: RedisServer) -> None:
        """Neither it nor a field that nobody here knows takes the others in its batch with it."""
        newer = {"bell": "of tomorrow", "seq": 7}
        known = {"bell": "entry", "conversation": "c", "seq": 8, "of_tomorrow": [1, 2]}
        async with processes(server, 1) as (ear,):
            publish(server, BEATS, told(1))
            publish(server, BEATS, told(2) + msgspec.msgpack.encode([newer, known]))
            await ear.hears(8)

    async def test_noise_is_passed_over(self, server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
        """Bytes of any form on any of the channels: the bus goes on, and the log gets a name and no byte."""
        async with processes(server) as (here, there):
            own = bus_of(here)._own
            for noise in (b"", b"\x00", b"secret words", b"\x01" * 18, told(9)[:-1], told(9) + b"\xc1"):
                publish(server, BEATS, noise)
                publish(server, own, noise)
            publish(server, BEATS, b"\x01secret!!" + bytes(9) + b"\x91" * 100_000)
            publish(server, BEATS, bytes(300_000))
            here.bus.ring(entry(1))
            await there.hears(1)
        lines = [record.getMessage() for record in caplog.records]
        assert lines.count("bus_noise") == 2, "each process says it once in a while, however much there is"
        assert not any("secret" in repr(vars(record)) for record in caplog.records)

    async def test_only_who_knows_the_secret_of_the_store_is_heard(self, server: RedisServer) -> None:
        """Whoever reaches Redis, but not the database, rings nothing: unsigned or signed otherwise."""
        async with processes(server, 1) as (ear,), AsyncExitStack() as open_:
            forged = told(1, entry(666))
            with server.ask() as asked:
                asked.publish(BEATS, forged)
                asked.publish(BEATS, Signature(bytes(32)).put(forged, BEATS))
                asked.publish(BEATS, Signature(SECRET).put(forged, b"jourchatt:bells:"))
                asked.publish(BEATS, forged + Signature(SECRET).put(told(2), BEATS)[-SIGNATURE_BYTES:])
            other = await open_.enter_async_context(joined(server.url, SystemRandomness(), bytes(32)))
            other.ring(entry(667))
            publish(server, BEATS, told(3))
            publish(server, BEATS, told(4, entry(1)))
            await ear.hears(1)

    async def test_repeated_batch_is_not_heard_again(self, server: RedisServer) -> None:
        """Whoever records what passes and sends it once more gets nothing by it."""
        async with processes(server, 1) as (ear,):
            for batch in (
                told(1),
                told(2, entry(1)),
                told(2, entry(1)),
                told(1, entry(1)),
                told(3, entry(2)),
            ):
                publish(server, BEATS, batch)
            await ear.hears(1, 2)

    async def test_missing_batch_is_a_turn(self, server: RedisServer) -> None:
        """What is missing is not known, so everything must be looked at once; so when a sender says it."""
        async with processes(server, 1) as (ear,):
            publish(server, BEATS, told(1))
            await ear.turns.until(lambda turns: turns.count(False) == 1)  # somebody new
            publish(server, BEATS, told(3, entry(1)))
            await ear.turns.until(lambda turns: turns.count(False) == 2)
            publish(server, BEATS, told(4, entry(2), note=Note.LOST))
            await ear.turns.until(lambda turns: turns.count(False) == 3)
            assert ear.seqs() == [1, 2]

    async def test_too_many_at_once_lose_the_oldest(self, server: RedisServer) -> None:
        """The queue is bounded; others hear the newest in order, and that they must look at everything."""
        async with processes(server) as (here, there):
            # What they had to look at because they have met is behind them.
            await until(lambda: not bus_of(there)._peers._lost)
            looked = len(there.turns.all)
            last = MOST_WAITING + 500
            for seq in range(1, last + 1):
                here.bus.ring(entry(seq))
            await there.bells.until(lambda _: there.seqs()[-1:] == [last])
            assert there.seqs() == list(range(501, last + 1))
            await there.turns.until(lambda turns: False in turns[looked:])
            assert bus_of(here).report().dropped == 500


class TestFaults:
    async def test_killed_and_started_again(self, server: RedisServer) -> None:
        """Both notice, ring on for themselves, and when it is back look at everything and hear each other."""
        async with processes(server) as (here, there):
            server.stop()
            await here.is_away()
            await there.is_away()
            here.bus.ring(entry(1))
            await here.hears(1)
            with pytest.raises(RedisAway):
                await bus_of(here).ask("GET", "x")
            server.start()
            await meet([here, there])
            here.bus.ring(entry(2))
            await there.hears(2)

    async def test_hung_and_going_on(self, server: RedisServer) -> None:
        """A server that keeps its connections and answers nothing is away like a dead one."""
        async with processes(server) as (here, there):
            server.hang()
            here.bus.ring(entry(1))
            await here.hears(1)
            await here.is_away()
            await there.is_away()
            server.go_on()
            await meet([here, there])
            there.bus.ring(entry(2))
            await here.hears(1, 2)

    async def test_reader_that_the_server_disconnects(self, server: RedisServer) -> None:
        """Whoever reads too slowly is thrown out by the server; they come back and look at everything."""
        async with processes(server) as (here, there):
            with server.ask() as asked:
                asked.config_set("client-output-buffer-limit", "pubsub 2048 0 0")
                asked.publish(BEATS, bytes(2_000_000))
                await here.is_away()
                await there.is_away()
                asked.config_set("client-output-buffer-limit", "pubsub 33554432 0 0")
            await meet([here, there])
            here.bus.ring(entry(1))
            await there.hears(1)

    async def test_peer_that_falls_silent(self, server: RedisServer) -> None:
        """One that was heard, and said no goodbye, may be cut off: then not everything is told by bells."""
        async with processes(server, 1) as (ear,):
            publish(server, BEATS, told(1))
            await ear.turns.until(lambda turns: turns[-1:] == [True])
            publish(server, BEATS, told(2))
            await ear.is_here()
            publish(server, BEATS, told(3, note=Note.LAST))
            await until(lambda: not bus_of(ear)._peers._peers)

    async def test_process_that_rings_elsewhere(
        self, server: RedisServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """More live over the store than are heard here: they use another Redis, and the log says so."""
        monkeypatch.setattr(peers, "MISSED_TICKS", 2)
        async with processes(server, 2) as (ear, other):
            caplog.clear()
            ear.bus.expect(2)
            other.bus.expect(1)
            await ear.is_away()
            assert [record.getMessage() for record in caplog.records] == ["bus_hears_not_all"]
            assert not other.bus.is_away()
            other.bus.ring(entry(1))
            await ear.hears(1)
            ear.bus.expect(1)
            await ear.is_here()


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value", "named"),
        [
            ("save", "60 1", 'save "60 1"'),
            ("appendonly", "yes", 'appendonly "yes"'),
            ("maxmemory-policy", "allkeys-lru", 'maxmemory-policy "allkeys-lru"'),
        ],
    )
    async def test_server_that_keeps_something_is_refused_at_the_start(
        self, server: RedisServer, name: str, value: str, named: str
    ) -> None:
        """In one sentence that names the server and what is wrong."""
        with server.ask() as asked:
            asked.config_set(name, value)
        with pytest.raises(RedisUnfit, match=f"at 127.0.0.1:{server.port} .*{named}"):
            async with joined(server.url, SystemRandomness(), SECRET):
                pass

    async def test_server_that_comes_back_otherwise_is_not_used(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is away, and the log says why; when it is mended it is used again."""
        server = RedisServer(tmp_path)
        keeping = RedisServer(tmp_path, settings=("--save", "60", "1"), port=server.port)
        with server:
            async with processes(server) as ears:
                server.stop()
                with keeping:
                    await logged(caplog, "bus_unfit")
                    assert all(ear.bus.is_away() for ear in ears)
                server.start()
                await meet(ears)

    async def test_away_at_the_start_is_away_and_no_more(self, tmp_path: Path) -> None:
        """A server of ours begins without it, and hears of it."""
        server = RedisServer(tmp_path)
        async with joined(server.url, SystemRandomness(), SECRET) as bus:
            ear = Ear(bus)
            assert bus.is_away()
            bus.ring(entry(1))
            await ear.hears(1)
            with server:
                await ear.is_here()
                assert ear.turns.all[0] is False

    async def test_password_is_asked_for_and_never_said(self, tmp_path: Path) -> None:
        """The right one opens; a wrong one and none are one sentence without it."""
        with RedisServer(tmp_path) as server:
            place = f"127.0.0.1:{server.port}"
            with server.ask() as asked:
                asked.config_set("requirepass", "right")
            async with joined(f"redis://:right@{place}/0", SystemRandomness(), SECRET) as bus:
                await Ear(bus).is_here()
            for given in (":wrong-secret@", "somebody:wrong-secret@", ""):
                said = await refusal(f"redis://{given}{place}/0")
                assert f"at {place} does not accept" in said
                assert "secret" not in said

    @pytest.mark.parametrize("options", ["?of_tomorrow=1", "?db=secret"])
    async def test_option_that_there_is_not_is_refused(self, options: str) -> None:
        """Without saying what else stands in the URL."""
        with pytest.raises(RedisUnfit, match="JOURCHATT_REDIS_URL for host:1 has an option") as refused:
            async with joined(f"redis://:secret@host:1/0{options}", SystemRandomness(), SECRET):
                pass
        assert "secret" not in str(refused.value)

    async def test_copies_are_refused(self, tmp_path: Path) -> None:
        """Nobody can see from here what the other one keeps: neither the copy nor what it copies is used."""
        with RedisServer(tmp_path) as server:
            copying = (*KEEPS_NOTHING, "--replicaof", server.address, str(server.port))
            with RedisServer(tmp_path, settings=copying) as copy:
                await until_copied(server)
                for url, said in ((server.url, "copies its memory"), (copy.url, "is a copy")):
                    assert said in await refusal(url)

    @pytest.mark.parametrize("kind", ["redis", "valkey"])
    async def test_account_with_just_these_rights_will_do(self, tmp_path: Path, kind: Kind) -> None:
        """The account that docs/operating.md gives; with one right less it is refused at the start."""
        rights = "+config|get +info +client|reply +subscribe +unsubscribe +publish +exists +get +set +del"
        with RedisServer(tmp_path, kind) as server:
            url = f"redis://jour:secret@{server.address}:{server.port}/0"
            acl = ("ACL", "SETUSER", "jour", "reset", "resetchannels", "on", ">secret")
            with server.ask() as asked:
                asked.execute_command(*acl, "~jourchatt:*", "&jourchatt:*", *rights.split())
            async with joined(url, SystemRandomness(), SECRET) as bus:
                await Ear(bus).is_here()
            with server.ask() as asked:
                asked.execute_command("ACL", "SETUSER", "jour", "-publish")
            said = await refusal(url)
            assert "does not allow" in said
            assert "secret" not in said


async def refusal(url: str) -> str:
    """Return why a server is not used. A machine too busy to let it answer in time is asked again."""
    while True:
        try:
            async with joined(url, SystemRandomness(), SECRET):
                continue
        except RedisUnfit as error:
            return str(error)


async def logged(caplog: pytest.LogCaptureFixture, event: str) -> None:
    """Return when this has been logged."""
    came = asyncio.Event()

    class Watching(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage() == event:
                came.set()

    watching = Watching()
    logging.getLogger("chat").addHandler(watching)
    try:
        async with asyncio.timeout(20):
            await came.wait()
    finally:
        logging.getLogger("chat").removeHandler(watching)


async def until_copied(server: RedisServer) -> None:
    """Return when another server copies this one."""
    with server.ask() as asked:
        await until(lambda: bool(asked.info("replication")["connected_slaves"]))
