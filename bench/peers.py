# SPDX-License-Identifier: EUPL-1.2
"""What hundreds of bad peers cost everybody else: time to ack and delivery, and the server's memory.

They never read what they asked for, sit behind a dead network, send a byte at a time within a frame or a
handshake, or flood. Knows the outward contract and how TCP misbehaves.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench import full_path
from bench.load import Spread, Traffic
from bench.memory import allow_files, resident_kib
from bench.wire import Wire
from tests.outside.server import Server
from tests.web.dead import cut_off

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
OPERATORS, EACH = 8, 3
PER_SECOND = 100.0
LONG = 250
"""Entries of 8 KB that a peer asks for: two megabytes."""
WORDS = "\\ud83e\\udd80" * 2_000
MASK = bytes(4)
TYPING = b"\x81\x91" + MASK + b'{"type":"typing"}'
LOOK_EVERY_S = 0.25
ESTABLISHED = "01"


@dataclass(frozen=True, slots=True)
class Beside:
    """What everybody else saw (ms), what the server held (MiB), and when each kind was dropped (s)."""

    peers: dict[str, int]
    ack: tuple[Spread, Spread]
    """Without and with the bad peers; so too `delivery`."""
    delivery: tuple[Spread, Spread]
    refused: dict[str, int]
    rss_mib: tuple[float, float, float]
    """Before they came, at the worst moment, at the end."""
    last_seen_s: dict[str, float]
    """When the server last held a connection of that kind, counted from their coming."""


class BadPeers:
    """All of them, by kind, and which of their connections the server still holds."""

    def __init__(self, server: Server, service: str, notice: str) -> None:
        self.server = server
        self.service = service
        self.notice = notice
        self.ports: dict[str, set[int]] = {}
        self.last_seen: dict[str, float] = {}
        self._kept: list[object] = []
        self._port = int(server.at.url.rpartition(":")[2])

    async def long_talks(self, count: int) -> list[str]:
        """Let that many visitors say two megabytes each; return their tokens."""
        gate = asyncio.Semaphore(8)

        async def talk() -> str:
            async with gate:
                wire, token = await self._visitor()
                for number in range(LONG):
                    wire.send(f'{{"type":"say","id":"{number:022d}","text":"{WORDS}"}}'.encode())
                    await wire.next("ack")
                wire.close()
                return token

        return list(await asyncio.gather(*(talk() for _ in range(count))))

    async def _visitor(self) -> tuple[Wire, str]:
        wire = await Wire.connect(self.server.at.ws_visitor, self.server.at.url)
        start = {"type": "start", "service": self.service, "language": "sv", "notice": self.notice}
        wire.send(json.dumps(start).encode())
        return wire, (await wire.next("welcome")).token

    def _note(self, kind: str, transport: asyncio.Transport | asyncio.WriteTransport) -> socket.socket:
        self._kept.append(transport)
        self.ports.setdefault(kind, set()).add(transport.get_extra_info("sockname")[1])
        own: socket.socket = transport.get_extra_info("socket")
        return own

    async def never_reads(self, token: str) -> None:
        """Ask for everything and read nothing of it."""
        wire = await Wire.connect(self.server.at.ws_visitor, self.server.at.url)
        self._note("never reads", wire.transport)
        wire.transport.pause_reading()
        wire.send(f'{{"type":"resume","token":"{token}","after":0}}'.encode())

    async def dead_network(self, token: str) -> None:
        """Ask for everything, and be cut off while it comes."""
        wire = await Wire.connect(self.server.at.ws_visitor, self.server.at.url)
        own = self._note("dead network", wire.transport)
        wire.send(f'{{"type":"resume","token":"{token}","after":0}}'.encode())
        await wire.next("welcome")
        with socket.socket(fileno=os.dup(own.fileno())) as same:
            cut_off(same)

    async def drips(self, _: str) -> None:
        """Take a seat and send one frame, a byte a second."""
        wire, _token = await self._visitor()
        self._note("drips in a frame", wire.transport)
        wire.transport.write(b"\x81\xfe\x7f\x00" + MASK)
        while not wire.closed:
            wire.transport.write(b"a")
            await asyncio.sleep(1)

    async def half_a_handshake(self, _: str) -> None:
        """Send the request for a WebSocket, a byte now and then."""
        _reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._note("drips in a handshake", writer.transport)
        for byte in b"GET /ws/visitor HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n" * 2:
            if writer.is_closing():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.2)

    async def floods(self, _: str) -> None:
        """Take a seat and send tiny frames as fast as they are taken."""
        wire, _token = await self._visitor()
        self._note("floods", wire.transport)
        while not wire.closed:
            if wire.transport.get_write_buffer_size() < 100_000:
                wire.transport.write(TYPING * 2_000)
            await asyncio.sleep(0.01)

    def look(self, since: float) -> None:
        """Note which kinds the server still holds, from the kernel's own list."""
        held = set()
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
            _, local, remote, state, *_ = line.split()
            if state == ESTABLISHED and int(local[-4:], 16) == self._port:
                held.add(int(remote[-4:], 16))
        for kind, ports in self.ports.items():
            if ports & held:
                self.last_seen[kind] = round(perf_counter() - since, 1)


async def beside(server: Server, peers: int, seconds: float) -> Beside:
    """Measure 24 conversations alone, then beside `peers` bad ones, for as long."""
    allow_files(peers * 2 + 500)
    first, second = server.at.services[:2]
    talks = await full_path.start_talks(server.at, first, OPERATORS, EACH)
    bad = BadPeers(server, second, await full_path.notice_of(server.at, second))
    tokens = await bad.long_talks(peers * 7 // 10)
    wires, lanes = full_path.lanes_of(talks)
    traffic = Traffic(lanes, acked=True)
    for wire in wires:
        wire.hear = traffic.hear
    alone = await traffic.steady(PER_SECOND, seconds)
    before = peak = resident_kib(server.pid)
    deaf = peers * 4 // 10
    drips = (peers - len(tokens) - 1) // 2
    plan: list[tuple[Callable[[str], Awaitable[None]], str]] = [
        *((bad.never_reads, token) for token in tokens[:deaf]),
        *((bad.dead_network, token) for token in tokens[deaf:]),
        *[(bad.drips, "")] * drips,
        *[(bad.half_a_handshake, "")] * (peers - len(tokens) - 1 - drips),
        (bad.floods, ""),
    ]
    begun = perf_counter()
    tasks = [asyncio.ensure_future(be_bad(token)) for be_bad, token in plan]
    measured = asyncio.create_task(traffic.steady(PER_SECOND, seconds))
    while not measured.done():
        await asyncio.wait({measured}, timeout=LOOK_EVERY_S)
        peak = max(peak, resident_kib(server.pid))
        bad.look(begun)
    for task in tasks:
        task.cancel()
    (ack, delivery), rss = await measured, (before, peak, resident_kib(server.pid))
    return Beside(
        {kind: len(ports) for kind, ports in bad.ports.items()},
        (alone[0], ack),
        (alone[1], delivery),
        traffic.refused,
        (round(rss[0] / 1024, 1), round(rss[1] / 1024, 1), round(rss[2] / 1024, 1)),
        bad.last_seen,
    )


async def measure(folder: Path, peers: int, seconds: float) -> Beside:
    """Measure once over a new server in `folder`, on a processor of its own where there are two."""
    processors = sorted(os.sched_getaffinity(0))
    server_on = processors[0] if len(processors) > 1 else None
    if server_on is not None:
        os.sched_setaffinity(0, set(processors[1:]))
    try:
        with Server(folder / "peers", capacity=EACH, pin_to=server_on) as server:
            return await beside(server, peers, seconds)
    finally:
        os.sched_setaffinity(0, set(processors))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--peers", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=50.0)
    given = arguments.parse_args()
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="peers-") as name:
        found = asyncio.run(measure(Path(name), given.peers, given.seconds))
    for field in dataclasses.fields(found):
        print(f"{field.name:14}{getattr(found, field.name)}")


if __name__ == "__main__":
    main()
