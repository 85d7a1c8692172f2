# SPDX-License-Identifier: EUPL-1.2
"""A flood of starts against a real server, while visitors come from elsewhere.

Bounded in count and time, and on this machine only: bots and visitors connect to 127.0.0.1 from other
addresses of 127.0.0.0/8, which Linux lets them do and `demo --limits` counts like any network.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from bench.memory import allow_files, resident_kib
from tests.outside.connection import Closed
from tests.outside.server import Addresses, Server
from tests.outside.visitor import Visitor

SERVICE = "linden"
QUEUED_WITHIN = 3.0
"""Seconds until a visitor from elsewhere has her place."""
MOST_BOTS = 2_000
CAME_LATE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What comes: `bots` in all, so many a second, from so many networks; one of `workers` does the work."""

    bots: int
    per_second: float = 50.0
    networks: int = 4
    workers: int = 20
    visitors_every: float = 1.0

    def __post_init__(self) -> None:
        """Keep it small enough for one machine."""
        if not 1 <= self.bots <= MOST_BOTS:
            message = f"between 1 and {MOST_BOTS} bots"
            raise ValueError(message)


@dataclass(slots=True)
class Seen:
    """What came of it."""

    bots: Counter[str] = field(default_factory=Counter)
    visitors: list[float] = field(default_factory=list)
    """Seconds until each visitor from elsewhere was queued."""
    bits: list[int] = field(default_factory=list)
    """The work that each of them was asked for; 0 for none."""
    offered_per_second: float = 0.0
    memory_mib: float = 0.0
    """By how much the server grew."""
    disk_kib: int = 0

    @property
    def kept(self) -> bool:
        """Whether every visitor was queued in time."""
        return bool(self.visitors) and max(self.visitors) <= QUEUED_WITHIN


async def run(flood: Flood, folder: Path) -> Seen:
    """Start a server in `folder`, let the flood come, and return what was seen."""
    allow_files(2 * flood.bots + 500)
    seen = Seen()
    with Server(folder, limits=True) as server:
        before = resident_kib(server.pid)
        fields = await _fields(server.at)
        bots = asyncio.create_task(_bots(flood, server.at, fields, seen))
        try:
            await _visitors(flood, server.at, bots, seen)
            await bots
        finally:
            bots.cancel()
        seen.memory_mib = (resident_kib(server.pid) - before) / 1024
        seen.disk_kib = _size_kib(folder)
    return seen


def _size_kib(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 1024


async def _fields(at: Addresses) -> dict[str, str]:
    return {"service": SERVICE, "language": "sv", "notice": await Visitor(at, SERVICE).notice()}


async def _bots(flood: Flood, at: Addresses, fields: dict[str, str], seen: Seen) -> None:
    """Let them come at their pace, whatever becomes of those before; each stays until the end."""
    begun = monotonic()
    end = asyncio.Event()
    coming = []
    for number in range(flood.bots):
        await asyncio.sleep(max(0.0, begun + number / flood.per_second - monotonic()))
        source = f"127.{100 + number % flood.networks % 100}.{number % flood.networks // 100}.7"
        works = flood.workers > 0 and number % flood.workers == 0
        bot = Visitor(at, SERVICE, source)
        coming.append(asyncio.create_task(_bot(bot, fields, works=works, seen=seen, end=end)))
    seen.offered_per_second = flood.bots / (monotonic() - begun)
    await asyncio.wait(coming, timeout=2)
    end.set()
    await asyncio.gather(*coming)


async def _bot(bot: Visitor, fields: dict[str, str], *, works: bool, seen: Seen, end: asyncio.Event) -> None:
    try:
        await bot.connect()
    except OSError:
        seen.bots["no socket"] += 1
        return
    try:
        answer = await bot.asks_to_start(**fields)
        if answer.get("code") == "work" and works:
            answer = await bot.works_and_asks_again(answer, **fields)
            seen.bots[f"{answer.get('code', 'let in')} after work"] += 1
        else:
            seen.bots[answer.get("code", "let in")] += 1
        await end.wait()
    except Closed:
        seen.bots["closed"] += 1
    except TimeoutError:
        seen.bots["no answer"] += 1
    finally:
        bot.connection.abort()


async def _visitors(flood: Flood, at: Addresses, bots: asyncio.Task[None], seen: Seen) -> None:
    """While bots come, somebody comes now and then from a network where nobody else is."""
    number = 0
    while not bots.done():
        number += 1
        begun = monotonic()
        async with asyncio.timeout(CAME_LATE):
            visitor = await Visitor.starts(at, SERVICE, source=f"127.{200 + number % 50}.{number // 50}.9")
            await visitor.connection.expect("queue", within=CAME_LATE)
        seen.visitors.append(monotonic() - begun)
        seen.bits.append(visitor.bits)
        await visitor.leaves()
        await visitor.connection.close()
        await asyncio.wait({bots}, timeout=flood.visitors_every)


def summary(seen: Seen) -> str:
    """Return what was seen, for a person."""
    times, bits = sorted(seen.visitors), sorted(set(seen.bits))
    became = ", ".join(f"{count} {what}" for what, count in seen.bots.most_common())
    median, longest = times[len(times) // 2], times[-1]
    lines = (
        f"bots, {seen.offered_per_second:.0f} a second: {became}",
        f"{len(times)} visitors from elsewhere, queued in {median:.2f} s (median), {longest:.2f} s (longest)",
        f"work that they were asked for: {bits} bits",
        f"the server grew by {seen.memory_mib:.0f} MiB; all of its files are {seen.disk_kib:,} KiB",
        "kept" if seen.kept else f"NOT KEPT: everybody within {QUEUED_WITHIN} s",
    )
    return "\n".join(lines)


FORMS = {
    "from four networks, one of twenty works": Flood(bots=1_000),
    "from one network, nobody works": Flood(bots=1_000, networks=1, workers=0),
    "from a thousand networks, one of ten works": Flood(bots=1_000, networks=1_000, workers=10),
}


def main() -> int:
    """Let every form of it come, one after the other, and return 1 if a visitor had to wait."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bots", type=int, default=1_000, help=f"in each form, at most {MOST_BOTS}")
    bots = arguments.parse_args().bots
    kept = True
    for name, form in FORMS.items():
        with tempfile.TemporaryDirectory(prefix="flood-") as folder:
            flood = Flood(bots=bots, networks=form.networks, workers=form.workers)
            seen = asyncio.run(run(flood, Path(folder)))
        print(f"{bots} bots {name}\n{summary(seen)}\n")
        kept = kept and seen.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
