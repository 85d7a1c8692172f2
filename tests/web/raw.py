# SPDX-License-Identifier: EUPL-1.2
"""HTTP and WebSocket byte by byte, for what no library would send."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION = 0x0
PATIENCE = 10.0
MASK = b"\x01\x02\x03\x04"

Header = tuple[str, str]


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    masked: bool = True,
    announced: int | None = None,
) -> bytes:
    """Return one frame, right or wrong; `announced` is a length other than the payload's."""
    length = len(payload) if announced is None else announced
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    bit = 0x80 if masked else 0
    if length < 126:
        head += bytes([bit | length])
    elif length < 1 << 16:
        head += bytes([bit | 126]) + struct.pack("!H", length)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", length)
    if masked:
        head += MASK
        payload = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))
    return head + payload


class Raw:
    """One TCP connection after a request for an upgrade; `status` and `headers` are the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}

    async def ask(self, path: str, headers: Sequence[Header]) -> None:
        """Send the request and read the head of the answer."""
        key = base64.b64encode(os.urandom(16)).decode()
        given = [
            *headers,
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", key),
        ]
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given), "", ""]
        self.writer.write("\r\n".join(lines).encode())
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.status = int(head[0].split()[1])
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }

    def frame(self, opcode: int, payload: bytes = b"", **more: Any) -> None:
        """Write one frame, right or wrong."""
        self.writer.write(frame(opcode, payload, **more))

    async def read(self) -> tuple[int, bytes] | None:
        """Return the next frame's opcode and payload; None when the connection is gone."""
        try:
            async with asyncio.timeout(PATIENCE):
                first, second = await self.reader.readexactly(2)
                length = second & 0x7F
                if length == 126:
                    (length,) = struct.unpack("!H", await self.reader.readexactly(2))
                elif length == 127:
                    (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
                return first & 0x0F, await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def close_code(self) -> int | None:
        """Return the code that the server closes with; None when it drops the connection without one."""
        while (frame := await self.read()) is not None:
            opcode, payload = frame
            if opcode == CLOSE:
                return int(struct.unpack("!H", payload[:2])[0]) if len(payload) >= 2 else 1005
        return None

    async def json(self) -> dict[str, Any]:
        """Return the next text frame as JSON; pings are passed over."""
        while (frame := await self.read()) is not None:
            opcode, payload = frame
            if opcode == TEXT:
                value: dict[str, Any] = json.loads(payload)
                return value
            assert opcode in {PING, PONG}, f"opcode {opcode}: {payload!r}"
        raise ConnectionError("the connection is gone")


async def pinged(raw: Raw) -> None:
    """Wait until the server has asked whether this peer is there, which is not answered."""
    while (frame := await raw.read()) is not None:
        if frame[0] == PING:
            return
    raise ConnectionError("the connection is gone")


async def until(holds: Callable[[], bool]) -> None:
    """Return when `holds` does; half a minute is long enough for anything."""
    for _ in range(3_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Raw]:
    """Open a TCP connection; it is gone after the block."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def upgraded(port: int, path: str = "/ws/visitor", *more: Header) -> AsyncGenerator[Raw]:
    """Open a WebSocket as a page of ours does."""
    host = f"127.0.0.1:{port}"
    async with connected(port) as raw:
        await raw.ask(path, [("Host", host), ("Origin", f"http://{host}"), *more])
        assert raw.status == 101, raw.status
        yield raw
