# SPDX-License-Identifier: EUPL-1.2
"""How soon thousands of visitors are back after a restart: from the open port to the last `welcome`.

Knows the outward contract only. Everybody comes at once, as fast as one core can ask, which is harder than
what pages do: they spread themselves over a third of the time that the server was away.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.full_path import notice_of, start_operator
from bench.load import Spread
from bench.memory import allow_files
from bench.wire import Wire
from tests.outside.server import Server

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
STARTING = 20
"""Visitors who start side by side, before anything is measured."""
ASKING = 250
"""Visitors who come back side by side: the kernel's queue of new connections must hold them."""
WORDS_EACH = 3


@dataclass(frozen=True, slots=True)
class Comeback:
    """What was measured. `each` is how long one visitor took, from her first packet to her `welcome` (ms)."""

    visitors: int
    all_back_s: float
    half_back_s: float
    each: Spread
    drained_s: float | None
    """How long the old server took to end after SIGTERM; None: it was killed."""


@dataclass(slots=True)
class _Visitor:
    token: str
    wire: Wire


async def _start(server: Server, service: str, notice: str) -> _Visitor:
    wire = await Wire.connect(server.at.ws_visitor, server.at.url)
    start = f'{{"type":"start","service":"{service}","language":"sv","notice":"{notice}"}}'
    wire.send(start.encode())
    visitor = _Visitor((await wire.next("welcome")).token, wire)
    for number in range(WORDS_EACH):
        wire.send(f'{{"type":"say","id":"{number:022d}","text":"Hej {number}"}}'.encode().ljust(1024))
        await wire.next("ack")
    return visitor


async def _all_start(server: Server, service: str, count: int) -> list[_Visitor]:
    notice = await notice_of(server.at, service)
    gate = asyncio.Semaphore(STARTING)

    async def start() -> _Visitor:
        async with gate:
            return await _start(server, service, notice)

    return list(await asyncio.gather(*(start() for _ in range(count))))


async def _all_return(server: Server, visitors: list[_Visitor]) -> tuple[list[float], list[float]]:
    """Let everybody resume; return when each was back, and how long each took, in seconds."""
    gate = asyncio.Semaphore(ASKING)
    moments: list[float] = []
    times: list[float] = []
    begun = perf_counter()

    async def resume(visitor: _Visitor) -> None:
        async with gate:
            asked = perf_counter()
            visitor.wire = await Wire.connect(server.at.ws_visitor, server.at.url)
            visitor.wire.send(f'{{"type":"resume","token":"{visitor.token}","after":0}}'.encode())
            await visitor.wire.next("welcome")
            for _ in range(WORDS_EACH):
                await visitor.wire.next("said")
            moments.append(perf_counter() - begun)
            times.append(perf_counter() - asked)

    await asyncio.gather(*(resume(visitor) for visitor in visitors))
    return moments, times


async def comeback(server: Server, visitors: int, *, kill: bool = True) -> Comeback:
    """Let `visitors` wait on a running server, restart it, and measure until the last one is back.

    Half of them wait where somebody is on duty, so that their keys are wrapped for a reader. `kill` ends the
    server without a word; else it drains first.
    """
    allow_files(visitors + 1000)
    first, second = server.at.services[:2]
    operator = await start_operator(server.at, first, 0)
    people = await _all_start(server, first, visitors - visitors // 2)
    people += await _all_start(server, second, visitors // 2)
    drained = None
    if kill:
        await asyncio.to_thread(server.kill)
    else:
        asked = perf_counter()
        await asyncio.to_thread(server.term)
        drained = round(perf_counter() - asked, 2)
    operator.close()
    for person in people:
        person.wire.close()
    await asyncio.to_thread(server.restart)
    moments, times = await _all_return(server, people)
    for person in people:
        person.wire.close()
    moments.sort()
    return Comeback(
        visitors, round(moments[-1], 2), round(moments[len(moments) // 2], 2), Spread.of(times), drained
    )


async def measure(folder: Path, visitors: int, *, kill: bool = True) -> Comeback:
    """Measure once over a new server in `folder`, on a processor of its own where there are two."""
    processors = sorted(os.sched_getaffinity(0))
    server_on = processors[0] if len(processors) > 1 else None
    if server_on is not None:
        os.sched_setaffinity(0, set(processors[1:]))
    try:
        with Server(folder / "comeback", pin_to=server_on) as server:
            return await comeback(server, visitors, kill=kill)
    finally:
        os.sched_setaffinity(0, set(processors))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--visitors", type=int, default=2000)
    arguments.add_argument(
        "--drain", action="store_true", help="stop the server in order instead of killing it"
    )
    given = arguments.parse_args()
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="comeback-") as name:
        found = asyncio.run(measure(Path(name), given.visitors, kill=not given.drain))
    for field, value in dataclasses.asdict(found).items():
        print(f"{field:14}{value}")


if __name__ == "__main__":
    main()
