# SPDX-License-Identifier: EUPL-1.2
"""A server that only writes down what a proxy sends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
Head = list[tuple[str, str]]


@asynccontextmanager
async def recording(port: int) -> AsyncIterator[list[Head]]:
    """Answer every request on a port, and give the heads that came: pairs of names and values."""
    heads: list[Head] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        heads.append([(name.lower(), value.strip()) for name, _, value in pairs])
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    async with server:
        yield heads
