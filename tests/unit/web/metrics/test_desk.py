# SPDX-License-Identifier: EUPL-1.2
"""The port of the figures: one question, from this machine, and nothing that is worth an attack."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from web.metrics import server
from web.metrics.server import Desk, refusal
from web.server_options import CannotStart

ASK = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n\r\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9464", "[::1]:9464", "localhost:9464", "LOCALHOST"])
def test_question_is_answered_under_the_names_of_this_machine(host: str) -> None:
    """Prometheus asks so."""
    head = f"GET /metrics HTTP/1.1\r\nHost: {host}\r\nAccept: text/plain\r\nUser-Agent: x\r\n\r\n"
    assert refusal(head.encode()) is None


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET /metrics HTTP/1.1\r\nHost: chat.example.se\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.example.se\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: 10.0.0.5:9464\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:8000\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n", "400"),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("GET /metrics?name=x HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("GET /metrics/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("GET /metrics HTTP/2.0\r\nHost: localhost\r\n\r\n", "404"),
        ("\r\n\r\n", "400"),
    ],
)
def test_anything_else_is_refused(head: str, status: str) -> None:
    """Other hosts (a page whose name leads here), other paths, methods and bodies."""
    assert (refusal(head.encode()) or "").startswith(status)


@asynccontextmanager
async def open_desk(text: bytes | Exception = b"figures\n", port: int = 0) -> AsyncIterator[tuple[Desk, int]]:
    """An open desk and its port."""

    async def told() -> bytes:
        if isinstance(text, Exception):
            raise text
        return text

    desk = Desk(told)
    servers = await desk.open(port)
    try:
        yield desk, servers[0].sockets[0].getsockname()[1]
    finally:
        for each in servers:
            each.close()
        desk.close()


async def ask(port: int, sent: bytes = ASK, host: str = "127.0.0.1") -> bytes:
    """Return everything that comes until the port is closed."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(sent)
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.transport.abort()


async def test_answer_is_whole_and_the_last() -> None:
    """Its length is told, nobody keeps it, and the connection ends with it."""
    async with open_desk() as (_, port):
        head, _, body = (await ask(port)).partition(b"\r\n\r\n")
        assert body == b"figures\n"
        lines = head.decode().lower().split("\r\n")
        assert lines[0] == "http/1.1 200 ok"
        assert {"content-length: 8", "connection: close", "cache-control: no-store"} <= set(lines)
        assert (await ask(port, ASK.replace(b"/metrics", b"/"))).startswith(b"HTTP/1.1 404")


async def test_both_loopback_addresses_answer_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the same port; an address of this machine that others reach refuses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with open_desk(port=port) as (desk, _):
        assert b"figures" in await ask(port)
        if socket.has_ipv6:
            try:
                told = await ask(port, ASK.replace(b"127.0.0.1", b"[::1]"), "::1")
            except OSError:
                told = b"figures: a machine without IPv6"
            assert b"figures" in told
        with pytest.raises(OSError):
            await ask(port, host="127.0.0.2")
        with pytest.raises(CannotStart, match="JOURCHATT_METRICS_PORT"):
            await Desk(desk._text).open(port)


async def test_those_who_hold_the_port_do_not_hold_it_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four that ask nothing, and one that never ends its question, are dropped; then others are answered."""
    monkeypatch.setattr(server, "ANSWERED_S", 0.2)
    async with open_desk() as (_, port):
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(server.AT_ONCE)]
        for _, writer in idle:
            writer.write(b"GET /met")
        assert [await reader.read() for reader, _ in idle] == [b""] * server.AT_ONCE
        assert await ask(port, b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 2 * server.HEAD_BYTES) == b""
        assert b"figures" in await ask(port)
        for _, writer in idle:
            writer.transport.abort()


async def test_those_who_are_silent_keep_no_monitor_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many connect and ask nothing, whoever asks is answered; the first of them go."""
    monkeypatch.setattr(server, "IN_LINE", 6)
    async with open_desk() as (desk, port):
        idle = []
        for _ in range(20):
            idle.append(await asyncio.open_connection("127.0.0.1", port))
            assert b"figures" in await ask(port)
        assert len(desk._silent) <= server.IN_LINE
        assert len(desk._asking) <= server.IN_LINE
        for _, writer in idle:
            writer.transport.abort()


async def test_figures_that_cannot_be_read_end_only_the_question(caplog: pytest.LogCaptureFixture) -> None:
    """The monitor gets nothing, the log a fault, and the next question is taken."""
    async with open_desk(RuntimeError("x")) as (_, port):
        assert await ask(port) == await ask(port) == b""
    assert [record.message for record in caplog.records] == ["fault", "fault"]
