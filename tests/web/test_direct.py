# SPDX-License-Identifier: EUPL-1.2
"""The shortcuts of a socket where they may go wrong: crossing closes, floods, peers that take nothing.

Each story runs a server of its own on the event loop that the real one uses.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from chat.live.visitors import Visitors
from tests.outside.connection import new_id
from tests.web.raw import CLOSE, CONTINUATION, MASK, PING, PONG, TEXT, Header, Raw, connected, until, upgraded
from tests.web.running import Running, running
from web import direct, outbox, socket
from web.direct import DirectProtocol
from web.socket import Socket

WORDS = "\U0001f980" * 2_000
MUCH = bytes(64 * 1024)
CLOSE_FRAME = (
    bytes([0x80 | CLOSE, 0x82]) + MASK + bytes(a ^ b for a, b in zip(b"\x03\xe8", MASK, strict=False))
)


def tell(place: Path, story: Callable[[Running], Awaitable[None]]) -> None:
    """Run a story on uvloop; whatever nobody catches there fails it."""
    uncaught: list[dict[str, Any]] = []

    async def told() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: uncaught.append(context))
        async with running(place) as run:
            await story(run)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
    assert uncaught == []


def text(kind: str, **fields: Any) -> bytes:
    """Return a frame."""
    return json.dumps({"type": kind, **fields}).encode()


async def seated(run: Running, raw: Raw, token: str = "") -> tuple[Socket, DirectProtocol]:
    """Take a seat on a bare connection and return the server's end of it."""
    if not token:
        visitor = await run.visitor()
        token = visitor.token
    raw.frame(TEXT, text("resume", token=token, after=0))
    assert (await raw.json())["type"] == "welcome"
    await until(lambda: len(run.house.visitor_hub.sockets) == 1)
    (one,) = run.house.visitor_hub.sockets
    protocol = getattr(one._send_now, "__self__", None)
    assert isinstance(protocol, DirectProtocol)
    return one, protocol


async def rest(raw: Raw) -> list[tuple[int, bytes]]:
    """Return every frame until the connection is gone; what moves in the queue is passed over."""
    frames = []
    while (frame := await raw.read()) is not None:
        if b'"queue"' not in frame[1]:
            frames.append(frame)
        if frame[0] == CLOSE:
            raw.frame(CLOSE, frame[1])
    return frames


# --- closes that cross ---------------------------------------------------------------------------------


def test_frame_before_the_peers_close_arrives_and_nothing_after_it(place: Path) -> None:
    """Gathered in the turn in which the close comes: first the frame, then the answer, then the end."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            one.put(b"before")
            protocol.data_received(CLOSE_FRAME)
            one.put(b"after")
            assert await rest(raw) == [(TEXT, b"before"), (CLOSE, b"\x03\xe8")]

    tell(place, story)


def test_frame_before_a_broken_one_arrives_and_nothing_after_the_close(place: Path) -> None:
    """The same where the peer breaks the protocol."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            one.put(b"before")
            protocol.data_received(b"\xff\xff")
            one.put(b"after")
            frames = await rest(raw)
            assert [(opcode, payload[:6]) for opcode, payload in frames[:1]] == [(TEXT, b"before")]
            assert [(opcode, payload[:2]) for opcode, payload in frames[1:]] == [(CLOSE, b"\x03\xea")]

    tell(place, story)


@pytest.mark.parametrize("count", [1, 100])
def test_close_right_after_frames_comes_after_them(place: Path, count: int) -> None:
    """However many there are: more than is gathered at once, more than the connection takes."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, _ = await seated(run, raw)
            for number in range(count):
                one.put(b"%d" % number + MUCH, backlog=True)
            one.close(4012)
            one.put(b"after")
            frames = await rest(raw)
            assert frames[-1] == (CLOSE, (4012).to_bytes(2, "big"))
            assert [frame[: -len(MUCH)] for _, frame in frames[:-1]] == [b"%d" % n for n in range(count)]

    tell(place, story)


def test_frames_of_a_lost_connection_are_forgotten(place: Path) -> None:
    """Sent in the turn in which the connection breaks: no error, no write."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            protocol.transport.abort()
            one.put(b"too late")
            await until(lambda: protocol not in run.server.server_state.connections)

    tell(place, story)


def test_peer_that_closes_and_reads_nothing_does_not_hinder_the_end(place: Path) -> None:
    """Its close is answered behind megabytes that it never takes; the server stops all the same."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            while protocol.writable.is_set():
                one.put(MUCH, backlog=True)
                await asyncio.sleep(0)
            raw.frame(CLOSE, b"\x03\xe8")
            await until(lambda: not run.house.visitor_hub.sockets)
            assert protocol in run.server.server_state.connections
            await run.stop()

    tell(place, story)


# --- what a peer sends ---------------------------------------------------------------------------------


def test_flood_of_tiny_frames_is_not_parsed_before_its_turn(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one frame is answered, thousands behind it stay bytes; all are answered in order."""
    goes_on = asyncio.Event()
    resume = Visitors.resume

    async def slow(*arguments: Any) -> Any:
        await goes_on.wait()
        return await resume(*arguments)

    async def story(run: Running) -> None:
        visitor = await run.visitor()
        monkeypatch.setattr(Visitors, "resume", slow)
        sent = new_id()
        async with upgraded(run.port) as raw:
            raw.frame(TEXT, text("resume", token=visitor.token, after=0))
            for _ in range(5_000):
                raw.frame(TEXT, text("typing"))
            raw.frame(TEXT, text("say", id=sent, text="Hej"))
            raw.frame(TEXT, text("leave"))
            protocols = run.server.server_state.connections
            await until(lambda: any(isinstance(one, DirectProtocol) and one.read_paused for one in protocols))
            waiting = max(one.queue.unread for one in protocols if isinstance(one, DirectProtocol))  # type: ignore[attr-defined]
            goes_on.set()
            frames = await rest(raw)
        assert waiting <= direct.UNREAD + direct.PIECE // 7 * (direct.ENVELOPE + 1)
        told = [json.loads(payload)["type"] for opcode, payload in frames if opcode == TEXT]
        assert told == ["welcome", "ack", "ended"]

    tell(place, story)


def test_words_that_come_in_one_piece_are_heard_in_order(place: Path) -> None:
    """More of them than wait parsed at a time, and nothing behind them that would wake anybody."""

    async def story(run: Running) -> None:
        visitor, operator, conversation = await run.talk()
        async with upgraded(run.port) as raw:
            raw.frame(TEXT, text("resume", token=visitor.token, after=0))
            for number in range(40):
                raw.frame(TEXT, text("say", id=new_id(), text=f"ord {number}").ljust(1024))
            for number in range(40):
                said = await operator.connection.expect("said", conversation=conversation)
                assert said["text"] == f"ord {number}"

    tell(place, story)


def test_message_of_countless_empty_parts_is_too_large(place: Path) -> None:
    """Empty parts count for nothing in bytes and would fill the memory all the same."""

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            await seated(run, raw)
            raw.frame(TEXT, b"", fin=False)
            for _ in range(direct.FRAGMENTS + 1):
                raw.frame(CONTINUATION, b"", fin=False)
            assert await raw.close_code() == 1009

    tell(place, story)


# --- who takes nothing ---------------------------------------------------------------------------------


def test_peer_that_takes_a_byte_now_and_then_is_dropped_with_all_that_waits(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An orderly close would wait for hours until it had taken everything."""
    monkeypatch.setattr(socket, "SEND_S", 0.3)

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            for _ in range(200):
                one.put(MUCH, backlog=True)
            await until(lambda: protocol not in run.server.server_state.connections)
            assert run.house.visitor_hub.owed.bytes == 0
            assert not run.house.visitor_hub.sockets

    tell(place, story)


def test_peer_that_does_not_take_the_close_is_dropped(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its handler is done; the connection does not outlive it for long."""
    monkeypatch.setattr(direct, "LINGER_S", 0.1)

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, protocol = await seated(run, raw)
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            while protocol.writable.is_set():
                one.put(MUCH, backlog=True)
                await asyncio.sleep(0)
            raw.frame(CLOSE, b"\x03\xe8")
            await until(lambda: protocol not in run.server.server_state.connections)

    tell(place, story)


def test_seat_taken_over_leaves_nothing_waiting_for_the_old_one(place: Path) -> None:
    """A peer that resumes again and again without reading holds one reading in memory, not all of them."""

    async def story(run: Running) -> None:
        visitor = await run.visitor()
        for _ in range(1_000):
            await visitor.connection.send("say", id=new_id(), text=WORDS)
        for _ in range(1_000):
            await visitor.connection.expect("ack")
        owed = run.house.visitor_hub.owed
        async with upgraded(run.port) as raw:
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            raw.frame(TEXT, text("resume", token=visitor.token, after=0))
            await visitor.connection.closed()
            await until(lambda: owed.bytes > outbox.OUTBOX_BYTES)
            await visitor.connect()
            await visitor.connection.send("resume", token=visitor.token, after=1_000)
            await visitor.connection.expect("welcome")
            assert owed.bytes == 0

    tell(place, story)


def test_whoever_has_most_waiting_is_dropped_when_all_have_too_much(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process stays within its bound, and those who are owed little keep their sockets."""
    monkeypatch.setattr(socket, "OWED_BYTES", 4 * 1024 * 1024)

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            one, _ = await seated(run, raw)
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            other = await run.visitor("eken")
            for _ in range(400):
                one.put(MUCH, backlog=True)
                assert run.house.visitor_hub.owed.bytes <= socket.OWED_BYTES
            assert one.is_closing
            await other.says("Mig stör det inte.")

    tell(place, story)


PINGS = 60_000
"""Together more than the system keeps for anybody."""
UPGRADE: list[Header] = [
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
]


@pytest.mark.parametrize(
    "headers",
    [[("Cookie", "a" * 9_000)], [(f"X-{number}", "x") for number in range(140)]],
    ids=["long", "many"],
)
def test_head_that_is_too_large_is_answered_and_hinders_no_end(place: Path, headers: list[Header]) -> None:
    """What h11 takes and websockets refuses is neither left open nor in the way when the server stops."""

    async def story(run: Running) -> None:
        host = f"127.0.0.1:{run.port}"
        async with connected(run.port) as raw:
            await raw.ask("/ws/visitor", [("Host", host), ("Origin", f"http://{host}"), *UPGRADE, *headers])
            assert raw.status == 400
        await until(lambda: not run.server.server_state.connections)

    tell(place, story)


def test_peer_that_pings_and_takes_nothing_costs_no_memory(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing more is read of it until it takes what waits; then every ping is answered."""
    monkeypatch.setattr(socket, "FIRST_FRAME_S", 3600.0)

    async def story(run: Running) -> None:
        async with upgraded(run.port) as raw:
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a stream's own transport
            there = run.server.server_state.connections
            await until(lambda: any(isinstance(one, DirectProtocol) for one in there))
            (protocol,) = (one for one in there if isinstance(one, DirectProtocol))
            for _ in range(PINGS):
                raw.frame(PING, b"x" * 125)
            await until(lambda: protocol.read_paused and not protocol.writable.is_set())
            assert protocol.transport.get_write_buffer_size() < 4 * direct.AT_ONCE
            raw.writer.transport.resume_reading()  # type: ignore[attr-defined]  # the same
            for _ in range(PINGS):
                frame = await raw.read()
                assert frame is not None
                assert frame[0] == PONG

    tell(place, story)
