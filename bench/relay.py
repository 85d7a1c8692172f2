# SPDX-License-Identifier: EUPL-1.2
"""The bare relay that the full path is measured against: every frame goes to the peer as it is.

A connection says first which pair it belongs to; after that nothing is read, kept or checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import uvloop
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bench.load import FRAME_BYTES, Lane
from bench.wire import Wire

ROOT = Path(__file__).resolve().parents[1]


async def _serve() -> None:
    peers: dict[bytes, ServerConnection] = {}

    async def relay(connection: ServerConnection) -> None:
        mine = await connection.recv(decode=False)
        theirs = mine[:-1] + (b"b" if mine.endswith(b"a") else b"a")
        peers[mine] = connection
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                await peers[theirs].send(message)

    async with serve(
        relay,
        "127.0.0.1",
        0,
        compression=None,
        max_size=32 * FRAME_BYTES,
        subprotocols=[Subprotocol("jourchatt.v1")],
    ) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await server.serve_forever()


class Relay:
    """The relay in a process of its own, on the processor `pin_to`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self._address = f"ws://127.0.0.1:{port}/"

    @classmethod
    async def start(cls, pin_to: int | None) -> Relay:
        """Start it and return when it listens."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.relay", cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        if pin_to is not None:
            os.sched_setaffinity(process.pid, {pin_to})
        assert process.stdout is not None
        return cls(process, int(await process.stdout.readline()))

    async def lanes(self, conversations: int) -> tuple[list[Wire], list[Lane]]:
        """Connect this many pairs; return the connections and both directions of each pair."""
        wires: list[Wire] = []
        for number in range(conversations):
            for side in "ab":
                wire = await Wire.connect(self._address, self._address)
                wire.send(f"{number}{side}".encode())
                wires.append(wire)
        return wires, [Lane(wire) for wire in wires]

    async def stop(self) -> None:
        """End it."""
        self._process.kill()
        await self._process.wait()


if __name__ == "__main__":
    uvloop.run(_serve())
