# SPDX-License-Identifier: EUPL-1.2
"""Peers that vanish without a word or send a byte at a time: gone soon, and nobody waits for them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.dead import cut_off, mend
from tests.web.passing import passes
from tests.web.raw import MASK, TEXT, Raw, connected, pinged, until, upgraded
from tests.web.running import Running, running
from web import server, socket, timed

needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux drops packets for one socket alone"
)
PAUSE_S = 0.02
WORDS = 20


def text(kind: str, **fields: Any) -> bytes:
    """Return a frame."""
    return json.dumps({"type": kind, **fields}).encode()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes a peer for dead sooner than the real one, for the same reasons."""
    monkeypatch.setattr(server, "USER_TIMEOUT_MS", 500)
    monkeypatch.setattr(server, "PING_S", 0.3)
    monkeypatch.setattr(server, "PONG_S", 5.0)


def seat_of(run: Running, token: str) -> socket.Socket:
    """Return the server's end of the socket that sits in this token's conversation."""
    rooms = [room for room in run.house.chat.rooms.all() if room.token and room.token.text() == token]
    (seat,) = [room.visitor for room in rooms if room.visitor is not None]
    return next(one for one in run.house.visitor_hub.sockets if one.connection == seat.connection)


@asynccontextmanager
async def drip(raw: Raw, data: bytes) -> AsyncGenerator[None]:
    """Send a byte at a time, while the block lasts."""

    async def send() -> None:
        for byte in data:
            raw.writer.write(bytes([byte]))
            await asyncio.sleep(PAUSE_S)

    dripping = asyncio.create_task(send())
    try:
        yield
    finally:
        dripping.cancel()


@needs_linux
@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("is_spoken_to", [True, False], ids=["spoken to", "idle"])
async def test_peer_behind_a_dead_network_is_dropped(place: Path, is_spoken_to: bool) -> None:
    """Nobody acknowledges words or a ping; others go on, and coming back brings everything."""
    async with running(place) as run:
        visitor, operator, conversation = await run.talk()
        other = await run.visitor("eken")
        async with upgraded(run.port) as raw:
            raw.frame(TEXT, text("resume", token=visitor.token, after=0))
            assert await visitor.connection.closed() == 4003
            assert (await raw.json())["type"] == "welcome"
            hers = seat_of(run, visitor.token)
            peer = raw.writer.get_extra_info("socket")._sock
            cut_off(peer)
            if is_spoken_to:
                for number in range(WORDS):
                    await operator.says(conversation, f"ord {number}")
            await until(lambda: hers not in run.house.visitor_hub.sockets)
            await other.says("Mig stör det inte.")
            mend(peer)
        if not is_spoken_to:
            for number in range(WORDS):
                await operator.says(conversation, f"ord {number}")
        assert (await visitor.resumes())["seq"] == WORDS + 1
        for number in range(WORDS):
            assert (await visitor.connection.expect("said"))["text"] == f"ord {number}"


@pytest.mark.parametrize("path", ["/", "/ws/visitor", "/ws/operator"])
async def test_request_that_comes_a_byte_at_a_time_is_dropped(
    run: Running, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The time is for the whole request, not from byte to byte; others are answered meanwhile."""
    monkeypatch.setattr(timed, "REQUEST_S", 3.0)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n".encode()
    async with connected(run.port) as raw, drip(raw, head * 10):
        for _ in range(2):
            assert (await run.get("/healthz")).status_code == 200
            await asyncio.sleep(PAUSE_S)
            passes(2.0)
        async with asyncio.timeout(10):
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await raw.reader.readexactly(1)


async def test_first_frame_that_comes_a_byte_at_a_time_is_none(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its five seconds do not begin anew with every byte."""
    monkeypatch.setattr(socket, "FIRST_FRAME_S", 0.3)
    async with upgraded(run.port) as raw, drip(raw, b"\x81\xfe\x04\x00" + MASK + bytes(1_000)):
        assert await raw.close_code() == 1008


@pytest.mark.usefixtures("_impatient")
async def test_frame_that_comes_a_byte_at_a_time_hinders_nobody(place: Path) -> None:
    """In the middle of a frame no pong can be sent, so that peer is soon taken for gone."""
    async with running(place) as run:
        visitor, operator, conversation = await run.talk()
        slow = await run.visitor("eken")
        async with upgraded(run.port) as raw:
            raw.frame(TEXT, text("resume", token=slow.token, after=0))
            assert await slow.connection.closed() == 4003
            async with drip(raw, b"\x81\xfe\x04\x00" + MASK + bytes(1_000)):
                for number in range(WORDS):
                    await operator.says(conversation, f"ord {number}")
                    await visitor.hears(f"ord {number}")
                await pinged(raw)
            # In two steps: between them everybody else has answered.
            for _ in range(2):
                passes(server.PONG_S * 0.6)
                await operator.says(conversation, "är du kvar?")
                await visitor.hears("är du kvar?")
            assert await raw.close_code() == 1011


async def test_answer_that_nobody_takes_is_dropped(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for many pages and reading none of them, a peer does not keep what was written."""
    monkeypatch.setattr(timed, "TAKEN_S", 0.3)
    request = f"GET /chat/linden HTTP/1.1\r\nHost: 127.0.0.1:{run.port}\r\n\r\n".encode()
    async with connected(run.port) as raw:
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
        raw.writer.write(request * 5_000)
        connections = run.server.server_state.connections
        await until(lambda: not connections)
