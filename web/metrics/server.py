# SPDX-License-Identifier: EUPL-1.2
"""A port of this machine alone that answers one question.

Owns the least that a monitor needs: `GET /metrics`, one answer, closed. It listens on loopback addresses and
on no others, whatever is set; and a page in a browser of this machine gets nothing, for it cannot say `Host:
127.0.0.1` of its own site. On the event loop and not on a thread of its own: when the loop does not answer,
that is what the monitor shall see.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client.exposition import CONTENT_TYPE_LATEST

from web.house import House
from web.metrics.collector import Figures
from web.metrics.lag import Lag
from web.server_options import CannotStart

_log = logging.getLogger(__name__)

HEAD_BYTES: Final = 4096
"""No monitor says more than this."""
ANSWERED_S: Final = 15.0
"""Whoever has not asked and taken the answer by then is gone."""
AT_ONCE: Final = 4
"""So many are answered; others stand in line."""
IN_LINE: Final = 64
"""So many have not asked yet, and so many have and wait."""
_ABSENT: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""What is said where a machine has no IPv6."""
_HOST: Final = re.compile(rb"(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]{1,5})?")
_QUESTION: Final = re.compile(rb"GET /metrics HTTP/1\.[01]")

Text = Callable[[], Awaitable[bytes]]


@asynccontextmanager
async def told_at(port: int | None, house: House) -> AsyncIterator[None]:
    """Tell the figures of a house on a loopback port for as long as the block runs; None: nowhere.

    Raises:
        CannotStart: the port cannot be used; one plain sentence.
    """
    if port is None:
        yield
        return
    lag = Lag()
    desk = Desk(Figures(house, lag).text)
    servers = await desk.open(port)
    lag.start()
    try:
        yield
    finally:
        lag.stop()
        for server in servers:
            server.close()
        desk.close()


class Desk:
    """Answers, few at a time. `text` gives what is told."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._asking: set[asyncio.StreamWriter] = set()
        self._silent: dict[asyncio.StreamWriter, None] = {}
        """Those who have not asked yet, whoever came first first."""
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def open(self, port: int) -> list[asyncio.Server]:
        """Listen on the loopback addresses that this machine has; port 0 chooses one for IPv4 alone.

        Raises:
            CannotStart: the port cannot be used.
        """
        servers = [await self._listen("127.0.0.1", port)]
        try:
            if port:
                servers.append(await self._listen("::1", port))
        except CannotStart as error:
            cause = error.__cause__
            if not (isinstance(cause, OSError) and cause.errno in _ABSENT):
                servers[0].close()
                raise
        return servers

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return await asyncio.start_server(
                self._answer, host, port, family=family, limit=HEAD_BYTES, backlog=AT_ONCE
            )
        except OSError as error:
            sentence = f"The figures cannot be told on port {port} of {host}: another program may have it."
            raise CannotStart(f"{sentence} Choose another JOURCHATT_METRICS_PORT.") from error

    def close(self) -> None:
        """Drop whoever is still asking."""
        for writer in list(self._asking):
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._make_room()
        if len(self._asking) >= 2 * IN_LINE:
            writer.transport.abort()
            return
        self._asking.add(writer)
        self._silent[writer] = None
        try:
            async with asyncio.timeout(ANSWERED_S):
                head = await reader.readuntil(b"\r\n\r\n")
                self._silent.pop(writer, None)
                async with self._turns:
                    await self._say(writer, refusal(head))
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # whoever asks so is not told anything
        except Exception:  # noqa: BLE001 - figures that cannot be read stop no conversation
            _log.exception("fault")
        finally:
            self._asking.discard(writer)
            self._silent.pop(writer, None)
            writer.transport.abort()

    def _make_room(self) -> None:
        """Drop whoever has been silent longest, not the monitor that comes last and asks at once."""
        if len(self._silent) >= IN_LINE:
            oldest = next(iter(self._silent))
            del self._silent[oldest]
            oldest.transport.abort()

    async def _say(self, writer: asyncio.StreamWriter, status: str | None) -> None:
        body = b"" if status else await self._text()
        writer.write(_head(status or "200 OK", body) + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def refusal(head: bytes) -> str | None:
    """Return the status that refuses a request's head, or None for the one question that is answered."""
    first, *lines = head.split(b"\r\n")
    fields = [line.partition(b":") for line in lines if line]
    named = [(name.strip().lower(), value.strip().lower()) for name, _, value in fields]
    hosts = [value for name, value in named if name == b"host"]
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        return "400 Bad Request"
    if any(name in {b"content-length", b"transfer-encoding", b"origin"} for name, _ in named):
        return "400 Bad Request"
    return None if _QUESTION.fullmatch(first) else "404 Not Found"


def _head(status: str, body: bytes) -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE_LATEST}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n"
    ).encode()
