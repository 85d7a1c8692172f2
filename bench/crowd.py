# SPDX-License-Identifier: EUPL-1.2
"""Thousands of visitors over two processes: memory, whether all are answered, and what looking costs.

Everybody waits, and nobody is on duty: no doorbell rings, so what is used meanwhile is the looks, the pings
and the signs of life. Knows the outward contract only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter

from bench.full_path import notice_of, start_visitor
from bench.ground import Ground, Used
from bench.memory import allow_files, resident_kib
from bench.wire import Wire
from tests.outside.server import Addresses

AT_ONCE = 20
FIRST = 50
SETTLE_S = 4.0
ANSWERED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Idle:
    """What a second costs while nothing happens; milliseconds of the processor, by all of a kind together."""

    servers_ms: float
    postgresql_ms: float
    redis_ms: float
    statements: float

    @classmethod
    def of(cls, used: Used, seconds: float) -> Idle:
        """Return it for what was used in some seconds."""
        return cls(
            round(used.servers_s / seconds * 1e3, 1),
            round(used.postgresql_s / seconds * 1e3, 1),
            round(used.redis_s / seconds * 1e3, 1),
            round(used.statements / seconds, 1),
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """`sockets` visitors over the processes of one deployment."""

    sockets: int
    kib_each: float
    answered: int
    """Everybody says one word; so many are acknowledged within a minute."""
    answered_s: float
    empty: Idle
    """Before they came; so too the next two, with all of them."""
    idle: Idle
    idle_without_redis: Idle
    lost: int
    """Sockets that were closed meanwhile."""


async def crowd(ground: Ground, sockets: int, seconds: float) -> Crowd:
    """Let `sockets` visitors come, speak once, and wait; then without Redis."""
    sockets = min(sockets, allow_files(sockets + 500) - 400)
    wires = await _come(ground.doors, FIRST)
    await asyncio.sleep(SETTLE_S)
    empty = await _idle(ground, seconds)
    before = _resident(ground)
    wires += await _come(ground.doors, sockets - FIRST)
    await asyncio.sleep(SETTLE_S)
    each = (_resident(ground) - before) / (sockets - FIRST)
    answered, took = await _all_speak(wires)
    await asyncio.sleep(SETTLE_S)
    idle = await _idle(ground, seconds)
    ground.redis.stop()
    await asyncio.sleep(SETTLE_S)
    away = await _idle(ground, seconds, redis=False)
    lost = sum(wire.closed for wire in wires)
    for wire in wires:
        wire.close()
    return Crowd(sockets, round(each, 1), answered, took, empty, idle, away, lost)


def _resident(ground: Ground) -> int:
    return sum(resident_kib(server.pid) for server in ground.servers)


async def _idle(ground: Ground, seconds: float, *, redis: bool = True) -> Idle:
    before = ground.used(redis=redis)
    await asyncio.sleep(seconds)
    return Idle.of(ground.used(redis=redis) - before, seconds)


async def _come(doors: list[Addresses], count: int) -> list[Wire]:
    """Let visitors start, spread over all services and processes."""
    services = doors[0].services
    notices = {service: await notice_of(doors[0], service) for service in services}
    gate = asyncio.Semaphore(AT_ONCE)

    async def start(number: int) -> Wire:
        service = services[number // len(doors) % len(services)]
        async with gate:
            return await start_visitor(doors[number % len(doors)], service, notices[service])

    return list(await asyncio.gather(*(start(number) for number in range(count))))


async def _all_speak(wires: list[Wire]) -> tuple[int, float]:
    """Let everybody say one word; return how many were acknowledged, and within how many seconds."""
    gate, begun = asyncio.Semaphore(4 * AT_ONCE), perf_counter()

    async def speak(wire: Wire, number: int) -> bool:
        async with gate:
            wire.send(f'{{"type":"say","id":"{number:022d}","text":"hej"}}'.encode())
            try:
                await wire.next("ack", ANSWERED_WITHIN_S)
            except (TimeoutError, RuntimeError):
                return False
            return True

    said = await asyncio.gather(*(speak(wire, number) for number, wire in enumerate(wires)))
    return sum(said), round(perf_counter() - begun, 1)
