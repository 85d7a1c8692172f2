# SPDX-License-Identifier: EUPL-1.2
"""Everything that ever passes a Redis, as its MONITOR shows it: a few commands, and no word, token or key.

MONITOR leaves out what looks at the server's settings or signs in.
"""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Thread
from typing import cast

import pytest
from redis import Redis

from chat.adapters.daily_keys import DailyKeyDirectory
from chat.adapters.in_process import InProcessBus
from chat.adapters.redis.bus import joined
from chat.adapters.redis.connection import COMMANDS, PREFIX
from chat.adapters.redis.keys import RedisShelf
from chat.adapters.shared_keys import SharedDailyKeys
from chat.adapters.sql.agreed import AgreedKeys
from chat.adapters.sql.schema import migrate
from chat.adapters.system import SystemClock, SystemRandomness
from chat.live.notices import ConversationOver
from tests.contract.listening import until
from tests.servers.redis import RedisServer
from tests.service.story import Operator, Process, Story, Visitor, told
from tests.service.traces import forms

WORDS = ["hemligheten", "Solrosgatan 17", "lugnast på kvällen", "Alva-på-kvällen"]
_LINE = re.compile(rb'\+[0-9.]+ \[[^]]+\] ((?:"(?:[^"\\]|\\.)*" ?)+)')
_PART = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(rb"\\(x[0-9a-f]{2}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


class Watched:
    """What MONITOR has shown, each command as its parts."""

    def __init__(self) -> None:
        self.raw = bytearray()

    def commands(self) -> list[list[bytes]]:
        """Return each command with what it was given."""
        return [
            [_ESCAPED.sub(_meant, part) for part in _PART.findall(line)] for line in _LINE.findall(self.raw)
        ]

    def names(self) -> set[str]:
        """Return the names of the commands, with the second word of those that have one."""
        twofold = {name.partition(" ")[0] for name in COMMANDS if " " in name}
        named = ([part.decode().upper() for part in command[:2]] for command in self.commands())
        return {" ".join(parts) if parts[0] in twofold else parts[0] for parts in named}

    def shows(self, secret: bytes | str) -> bool:
        """Tell whether something passed, in whatever form it could have."""
        passed = b"\n".join(part for command in self.commands() for part in command)
        if isinstance(secret, str):
            return any(form in passed for form in forms(secret))
        inside = (base64.b64encode(bytes(shift) + secret)[4:-4] for shift in range(3))
        return any(form in passed for form in (secret, secret.hex().encode(), *inside))


def _meant(escaped: re.Match[bytes]) -> bytes:
    told = escaped[1]
    return bytes.fromhex(told[1:].decode()) if len(told) == 3 else _LETTERS.get(told, told)


@contextmanager
def watching(server: RedisServer) -> Iterator[Watched]:
    """Note every command that the server is given, until the end."""
    watched = Watched()
    with socket.create_connection((server.address, server.port)) as connection:
        connection.sendall(b"MONITOR\r\n")
        assert connection.recv(5) == b"+OK\r\n"

        def note() -> None:
            while content := connection.recv(65536):
                watched.raw += content

        noting = Thread(target=note)
        noting.start()
        try:
            yield watched
        finally:
            connection.shutdown(socket.SHUT_RDWR)
            noting.join()


@asynccontextmanager
async def process(
    story: Story, server: RedisServer, host: str
) -> AsyncIterator[tuple[Process, SharedDailyKeys]]:
    """A process of its own, with its bus and its part in the daily keys."""
    async with joined(server.url, SystemRandomness(), bytes(32)) as bus:
        begun = await story.open_process(bus=cast("InProcessBus", bus))
        keys = SharedDailyKeys(
            DailyKeyDirectory(story.directory / host, None, SystemRandomness()),
            AgreedKeys(begun.database),
            RedisShelf(bus),
            story.clock,
            SystemRandomness(),
        )
        await keys.ready()
        try:
            yield begun, keys
        finally:
            await story.close(begun)


async def told_of(story: Story, condition: Callable[[], bool]) -> None:
    """Return when something is so that a doorbell of another process brings."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)
            await story.settle()


async def talk(visitor: Visitor, operator: Operator) -> None:
    """They say what nobody else may read, each at a process of their own."""
    await visitor.says(WORDS[0])
    await until(lambda: WORDS[0] in operator.ear.texts())
    await operator.types(visitor)
    await operator.says(visitor, WORDS[2])
    await until(lambda: WORDS[2] in visitor.ear.texts())


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """A world in which it is now: Redis drops keys by its own clock."""
    empty = tmp_path / "empty.sqlite"
    migrate(f"sqlite+aiosqlite:///{empty}")
    (tmp_path / "world").mkdir()
    async with told(tmp_path / "world", empty) as story:
        story.clock.moment = SystemClock().now()
        yield story


@pytest.mark.parametrize("kind", ["redis", "valkey"])
async def test_nothing_but_doorbells_and_covered_keys_passes(story: Story, tmp_path: Path, kind: str) -> None:
    """Two processes start, hold a talk, one starts anew, midnight passes, the talk ends."""
    with RedisServer(tmp_path, kind) as server, watching(server) as watched:  # type: ignore[arg-type]  # one of two
        async with process(story, server, "one") as (one, keys):
            async with process(story, server, "other") as (other, others_keys):
                operator = await other.operator_on_duty("linden", alias=WORDS[3])
                visitor = await one.visitor_starts("linden", intake={"need": WORDS[1]})
                await told_of(story, lambda: operator.queue == [visitor.id])
                await operator.accepts(visitor)
                await talk(visitor, operator)
                secrets: list[bytes | str] = [*WORDS, visitor.token, await visitor.takes_a_code()]
                secrets += [keys.today(story.clock.now())[1], others_keys.today(story.clock.now())[1]]
            async with process(story, server, "other") as (again, agreed):
                operator = await again.operator_connects(operator.desk.signed_in)
                await operator.resumes(visitor)
                await talk(visitor, operator)
                story.clock.advance(86_400)
                await story.tick()
                for each in (keys, agreed):
                    each.forget_old(story.clock.now())
                    await each.agree()
                secrets.append(keys.today(story.clock.now())[1])
                await talk(visitor, operator)
                story.clock.advance(86_400)
                keys.forget_old(story.clock.now())
                await keys.agree()
                await operator.ends(visitor)
                await until(lambda: bool(visitor.ear.heard(ConversationOver)))
            await until(lambda: "UNSUBSCRIBE" in watched.names())
        assert watched.names() <= COMMANDS
        assert watched.names() >= {"PUBLISH", "SUBSCRIBE", "GET", "SET", "EXISTS", "DEL"}
        named = [
            command for command in watched.commands() if command[0] not in {b"CONFIG", b"INFO", b"CLIENT"}
        ]
        assert all(command[1].startswith(PREFIX.encode()) for command in named)
        assert [secret for secret in secrets if watched.shows(secret)] == []
        assert watched.shows(visitor.id), "nothing was seen of the talk at all"


async def test_what_is_planted_is_seen(tmp_path: Path) -> None:
    """In every form that it is looked for in, and a command that is not allowed by its name."""
    secret, key = WORDS[0], bytes(range(32))
    planted = [secret.encode(), secret.encode().hex(), base64.b64encode(b"x" + secret.encode())]
    for plant in [*planted, key, key.hex(), base64.b64encode(b"xy" + key)]:
        with RedisServer(tmp_path) as server, watching(server) as watched:
            with Redis(host=server.address, port=server.port) as asked:
                asked.set("jourchatt:key:1", plant)
                asked.lpush("jourchatt:list", "x")
            await until(lambda: "LPUSH" in watched.names())
            assert watched.shows(secret if plant in planted else key)
            assert "LPUSH" not in COMMANDS
