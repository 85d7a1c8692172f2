# SPDX-License-Identifier: EUPL-1.2
"""What an idle visitor costs: the server's resident memory before and after thousands have come."""

from __future__ import annotations

import asyncio
import gc
import resource
from dataclasses import dataclass
from pathlib import Path

from bench.full_path import notice_of, start_visitor
from bench.wire import Wire
from tests.outside.server import Server

FIRST = 50
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Idle:
    """Memory per idle visitor socket."""

    sockets: int
    kib_each: float
    rss_before_mib: float
    rss_after_mib: float


def allow_files(count: int) -> int:
    """Raise the limit of open files, for this process and those it starts, towards `count`; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if limit > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(soft, limit)


def resident_kib(pid: int) -> int:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"/proc/{pid}/status names no VmRSS")


async def _settled_kib(pid: int) -> int:
    """Return the resident memory once it has stopped moving, or after ten looks."""
    last = resident_kib(pid)
    for _ in range(10):
        await asyncio.sleep(0.5)
        now = resident_kib(pid)
        if abs(now - last) < 64:
            break
        last = now
    return now


async def _start_many(server: Server, service: str, notice: str, count: int) -> list[Wire]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def start() -> Wire:
        async with gate:
            return await start_visitor(server.at, service, notice)

    return list(await asyncio.gather(*(start() for _ in range(count))))


async def idle_visitors(server: Server, service: str, sockets: int) -> Idle:
    """Let `sockets` visitors start and say nothing. The first 50 are not counted: they warm the server up."""
    sockets = min(sockets, allow_files(sockets + 500) - 400)
    notice = await notice_of(server.at, service)
    wires = await _start_many(server, service, notice, FIRST)
    before = await _settled_kib(server.pid)
    wires += await _start_many(server, service, notice, sockets - FIRST)
    gc.collect()
    after = await _settled_kib(server.pid)
    lost = sum(wire.closed for wire in wires)
    if lost:
        raise RuntimeError(f"{lost} of {sockets} sockets were closed meanwhile")
    for wire in wires:
        wire.close()
    each = (after - before) / (sockets - FIRST)
    return Idle(sockets, round(each, 1), round(before / 1024, 1), round(after / 1024, 1))
