# SPDX-License-Identifier: EUPL-1.2
"""The lightest WebSocket client that is still correct: text frames over a plain asyncio protocol.

Knows framing, not the load. Its mask is zero, which costs nothing here; the server cannot tell and does its
whole work.
"""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

import msgspec

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


class Heard(msgspec.Struct):
    """What the generator looks at in a frame; everything else is ignored."""

    type: str = ""
    id: str = ""
    text: str = ""
    token: str = ""
    conversation: str = ""
    code: str = ""
    conversations: list[dict[str, object]] = []


class HandshakeFailed(Exception):
    """The server did not switch protocols; the message is its first line."""


class Wire(asyncio.Protocol):
    """One connection. `hear` is called with every text frame; unless it is set, frames stay in `kept`."""

    def __init__(self) -> None:
        self.kept: asyncio.Queue[Heard] = asyncio.Queue()
        self.hear: Callable[[Heard], None] = self.kept.put_nowait
        self.closed = False
        self._transport: asyncio.Transport
        self._unparsed = b""
        self._open = asyncio.get_running_loop().create_future()
        self._decode = msgspec.json.Decoder(Heard).decode

    @classmethod
    async def connect(cls, address: str, origin: str, cookies: str = "", host: str | None = None) -> Self:
        """Open a socket to a `ws://` address as a page of `origin` would; `host`: as a proxy names it.

        Raises:
            HandshakeFailed: the server refused.
        """
        at = urlsplit(address)
        loop = asyncio.get_running_loop()
        wire = cls()
        await loop.create_connection(lambda: wire, at.hostname or "", at.port or 80)
        lines = [
            f"GET {at.path or '/'} HTTP/1.1",
            f"Host: {host or at.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
            "Sec-WebSocket-Protocol: jourchatt.v1",
            f"Origin: {origin}",
            *([f"Cookie: {cookies}"] if cookies else []),
        ]
        await wire._shake_hands("\r\n".join(lines) + "\r\n\r\n")
        return wire

    async def _shake_hands(self, request: str) -> None:
        self._transport.write(request.encode())
        await self._open

    def send(self, text: bytes) -> None:
        """Send one text frame of fewer than 65,536 bytes."""
        if len(text) < 126:
            header = struct.pack("!BBI", TEXT, 0x80 | len(text), 0)
        else:
            header = struct.pack("!BBHI", TEXT, 0x80 | 126, len(text), 0)
        self._transport.write(header + text)

    async def next(self, kind: str, within: float = 30.0) -> Heard:
        """Return the next kept frame of this type and forget those before it."""
        async with asyncio.timeout(within):
            while True:
                frame = await self.kept.get()
                if frame.type == kind:
                    return frame
                if frame.type == "nack":
                    raise RuntimeError(f"refused while waiting for {kind}: {frame.code}")

    @property
    def transport(self) -> asyncio.Transport:
        """The connection itself, for a peer that misbehaves below the frames."""
        return self._transport

    def close(self) -> None:
        """Leave without a closing handshake."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came; first the answer to the handshake, then frames."""
        self._unparsed += data
        if not self._open.done():
            head, found, rest = self._unparsed.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._open.set_exception(HandshakeFailed(head.split(b"\r\n", 1)[0].decode()))
                return
            self._unparsed = rest
            self._open.set_result(None)
        self._parse()

    def _parse(self) -> None:
        unparsed, at = self._unparsed, 0
        while len(unparsed) - at >= 2:
            start, length = at + 2, unparsed[at + 1]
            if length == 126:
                if len(unparsed) - at < 4:
                    break
                start, length = at + 4, int.from_bytes(unparsed[at + 2 : at + 4])
            elif length == 127:
                if len(unparsed) - at < 10:
                    break
                start, length = at + 10, int.from_bytes(unparsed[at + 2 : at + 10])
            if len(unparsed) < start + length:
                break
            self._take(unparsed[at], unparsed[start : start + length])
            at = start + length
        self._unparsed = unparsed[at:]

    def _take(self, first: int, payload: bytes) -> None:
        if first == TEXT:
            self.hear(self._decode(payload))
        elif first == PING:
            self._transport.write(struct.pack("!BBI", PONG, 0x80 | len(payload), 0) + payload)
        elif first == CLOSE:
            self.closed = True

    def connection_lost(self, _: Exception | None) -> None:
        """Note it, and tell whoever waits for the handshake."""
        self.closed = True
        if not self._open.done():
            self._open.set_exception(HandshakeFailed("the connection was closed"))
