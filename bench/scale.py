# SPDX-License-Identifier: EUPL-1.2
"""What a message costs when many conversations are open, and when the installation has many services.

The cost is the server's processor time for each message at a steady rate, as the kernel counts it; nobody
else's work is in it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from bench import full_path
from bench.load import Spread, Traffic
from bench.memory import allow_files
from tests.outside.connection import browser
from tests.outside.operator import Operator
from tests.outside.server import Server

MOST_EACH = 20
"""How many conversations the demo lets one operator hold."""
PER_SECOND = 200.0


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one message. `of` is how many conversations were open, or services there were."""

    of: int
    processor_us: int
    """At 200 messages a second, everything that the server does meanwhile included."""
    ack: Spread
    board_us: int | None = None
    """Of one update of the board, for somebody who sees three services; None where nobody looked."""


BOARDS = 200
"""Updates that are asked for, one after the other."""


def _processor_seconds(pid: int) -> float:
    """Return what a process has used of the processors so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _cost(server: Server, of: int, talks: list[full_path.Talk], seconds: float) -> Cost:
    wires, lanes = full_path.lanes_of(talks)
    traffic = Traffic(lanes, acked=True)
    for wire in wires:
        wire.hear = traffic.hear
    await traffic.steady(PER_SECOND, 1.0)
    before, done = _processor_seconds(server.pid), traffic.done
    ack, _ = await traffic.steady(PER_SECOND, seconds)
    spent = _processor_seconds(server.pid) - before
    return Cost(of, round(spent / (traffic.done - done) * 1e6), ack)


async def with_conversations(folder: Path, pin_to: int | None, count: int, seconds: float) -> Cost:
    """Return the cost of a message while about `count` conversations are open, spread over all services."""
    allow_files(3 * count + 500)
    each = min(MOST_EACH, max(1, count // 8))
    with Server(folder, capacity=each, pin_to=pin_to) as server:
        services = server.at.services
        operators = max(1, round(count / len(services) / each))
        talks = [
            talk
            for service in services
            for talk in await full_path.start_talks(server.at, service, operators, each)
        ]
        return await _cost(server, len(talks), talks, seconds)


def _many(services: int) -> tuple[str, ...]:
    return (sys.executable, "-m", "bench.many_services", str(services), "--json")


async def with_services(folder: Path, pin_to: int | None, count: int, seconds: float) -> Cost:
    """Return the cost of a message in one of `count` services, with the same 24 conversations."""
    with Server(folder, capacity=4, pin_to=pin_to, command=_many(count)) as server:
        talks = await full_path.start_talks(server.at, server.at.services[0], 6, 4)
        cost = await _cost(server, count, talks, seconds)
        return replace(cost, board_us=await _board_us(server))


async def _board_us(server: Server) -> int:
    """Return what one update costs the server's processor, the request with its sign-in included."""
    supervisor = Operator(server.at, next(one for one in server.at.staff if one.role == "supervisor"))
    await supervisor.signs_in()
    headers = {"Cookie": supervisor.cookie_header}
    async with browser() as http:
        await http.get(f"{server.at.url}/supervisor/board", headers=headers)
        before = _processor_seconds(server.pid)
        for _ in range(BOARDS):
            answer = await http.get(f"{server.at.url}/supervisor/board", headers=headers)
            assert answer.status_code == 200
        return round((_processor_seconds(server.pid) - before) / BOARDS * 1e6)
