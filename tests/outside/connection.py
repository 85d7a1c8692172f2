# SPDX-License-Identifier: EUPL-1.2
"""One WebSocket of the contract, from outside: frames out, frames in, and waiting for the one that matters.

Knows JSON text frames with a `type`, nothing of what they mean.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import secrets
import ssl
from collections.abc import AsyncIterator
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.outside.overheard import overhear, overhear_request

Frame = dict[str, Any]
SUBPROTOCOL = Subprotocol("jourchatt.v1")
PATIENCE = 10.0
_networks = itertools.count()
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain http: reading the system's takes a while."""


class Closed(Exception):
    """The socket was closed while a frame was awaited."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


def new_id() -> str:
    """Return a client id: 22 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def browser() -> httpx.AsyncClient:
    """Return a client for pages. They are on plain http here, and reading certificates takes a while."""
    return httpx.AsyncClient(
        trust_env=False,
        verify=NO_CERTIFICATES,
        timeout=PATIENCE,
        event_hooks={"request": [overhear_request]},
    )


def forwarded(source: str | None = None) -> dict[str, str]:
    """Return what a proxy adds to a request from `source`; without one, from a network of its own."""
    number = next(_networks) % 2**14
    return {"X-Forwarded-For": source or f"100.{64 + number // 256}.{number % 256}.7"}


class Connection:
    """An open socket. Frames that nobody has waited for yet stay in `unread`; `seen` keeps all."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[Frame] = []
        self.unread: list[Frame] = []
        self._changed = asyncio.Condition()
        self._ended = False
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls,
        address: str,
        origin: str,
        cookies: str = "",
        source: str | None = None,
        host: str | None = None,
    ) -> Self:
        """Connect to a WebSocket address as a page of `origin` would; `source` is the address to come from.

        On Linux every address of 127.0.0.0/8 is this machine's own, and any of them may connect to 127.0.0.1.
        With a `host` it is what a proxy does that stands before the server: it names that host, and `source`.
        """
        overhear((cookies.partition("=")[2], source))
        headers = {"Cookie": cookies} if cookies else {}
        to: dict[str, Any] = {"local_addr": (source, 0) if source is not None else None}
        if host is not None:
            parts = urlsplit(address)
            to = {"host": parts.hostname, "port": parts.port}
            address = parts._replace(netloc=host).geturl()
            headers |= forwarded(source)
        socket = await connect(
            address,
            origin=Origin(origin),
            subprotocols=[SUBPROTOCOL],
            additional_headers=headers,
            compression=None,
            user_agent_header=None,
            max_queue=None,
            proxy=None,
            **to,
        )
        return cls(socket)

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                await self._take(json.loads(message))
        except ConnectionClosed:
            pass
        async with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def _take(self, frame: Frame) -> None:
        overhear(frame)
        async with self._changed:
            self.seen.append(frame)
            self.unread.append(frame)
            self._changed.notify_all()

    async def send(self, kind: str, **fields: Any) -> None:
        """Send one frame.

        Raises:
            Closed: the socket is closed.
        """
        overhear(fields)
        await self.send_text(json.dumps({"type": kind, **fields}))

    async def send_text(self, text: str) -> None:
        """Send any text, well formed or not.

        Raises:
            Closed: the socket is closed.
        """
        try:
            await self.socket.send(text)
        except ConnectionClosed as closed:
            raise Closed(self.socket.close_code) from closed

    async def expect(self, kind: str, *, within: float = PATIENCE, **fields: Any) -> Frame:
        """Return the first unread frame of this type whose fields are these; wait for it if need be.

        Raises:
            Closed: the socket was closed first.
            TimeoutError: nothing of the kind came `within` seconds.
        """
        return await self.expect_one_of(kind, within=within, **fields)

    async def expect_one_of(self, *kinds: str, within: float = PATIENCE, **fields: Any) -> Frame:
        """Return the first unread frame of any of these types whose fields are these; errors as `expect`."""
        async with asyncio.timeout(within), self._changed:
            while True:
                for frame in self.unread:
                    if frame["type"] in kinds and fields.items() <= frame.items():
                        self.unread.remove(frame)
                        return frame
                if self._ended:
                    raise Closed(self.socket.close_code)
                await self._changed.wait()

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield every unread frame in the order in which they came, until the socket is closed."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.unread or self._ended)
                if not self.unread:
                    return
                frame = self.unread.pop(0)
            yield frame

    async def closed(self, *, within: float = PATIENCE) -> int | None:
        """Wait until the other side has closed, and return the close code."""
        async with asyncio.timeout(within):
            await self.socket.wait_closed()
        return self.socket.close_code

    async def close(self) -> None:
        """Close the socket from this side."""
        await self.socket.close()
        await self._reader

    def abort(self) -> None:
        """Lose the network: no closing handshake."""
        self.socket.transport.abort()
