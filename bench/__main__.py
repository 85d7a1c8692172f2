# SPDX-License-Identifier: EUPL-1.2
"""One run of everything: measures, prints a table and leaves `artefacts/bench.json`."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import platform
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import disk, full_path, gone, memory, sizes
from bench.load import Lane, Spread, Traffic
from bench.relay import Relay
from bench.wire import Wire
from tests.outside.server import Server

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
OPERATORS, EACH = 16, 3
WINDOWS = (2, 8, 24)
PER_SECOND = 200.0
STARTS = 5
ENDS = 20
MESSAGES_EACH = 40


@dataclass(frozen=True, slots=True)
class Carried:
    """What one server carried."""

    per_second: int
    by_window: dict[int, int]
    ack: Spread
    delivery: Spread
    refused: dict[str, int]


async def _carry(wires: list[Wire], lanes: list[Lane], *, acked: bool, seconds: float) -> Carried:
    traffic = Traffic(lanes, acked=acked)
    for wire in wires:
        wire.hear = traffic.hear
    await traffic.steady(PER_SECOND, 1.0)
    ack, delivery = await traffic.steady(PER_SECOND, 2 * seconds)
    rates = {window: round(await traffic.saturate(window, seconds)) for window in WINDOWS}
    return Carried(max(rates.values()), rates, ack, delivery, traffic.refused)


async def _bare(pin_to: int | None, seconds: float) -> Carried:
    relay = await Relay.start(pin_to)
    try:
        return await _carry(*await relay.lanes(OPERATORS * EACH), acked=False, seconds=seconds)
    finally:
        await relay.stop()


async def _full(folder: Path, pin_to: int | None, seconds: float) -> tuple[Carried, dict[str, Any]]:
    with Server(folder / "full", capacity=EACH, pin_to=pin_to) as server:
        service = server.at.services[0]
        page = await sizes.downloads(server.at.url, f"/chat/{service}?lang=sv")
        loader = await sizes.downloads(server.at.url, "/widget.js")
        talks = await full_path.start_talks(server.at, service, OPERATORS, EACH)
        carried = await _carry(*full_path.lanes_of(talks), acked=True, seconds=seconds)
    download = {
        "page_gzipped": sum(file.gzipped for file in page),
        "loader_gzipped": sum(file.gzipped for file in loader),
        "files": [dataclasses.asdict(file) for file in page + loader],
    }
    return carried, download


async def _gone(folder: Path, pin_to: int | None) -> Spread:
    """End conversations of ordinary length: clearing the files takes longer the more is in them."""
    with Server(folder / "gone", capacity=EACH, pin_to=pin_to) as server:
        talks = await full_path.start_talks(server.at, server.at.services[0], OPERATORS, EACH)
        wires, lanes = full_path.lanes_of(talks)
        traffic = Traffic(lanes, acked=True)
        for wire in wires:
            wire.hear = traffic.hear
        await traffic.steady(PER_SECOND, len(talks) * MESSAGES_EACH / PER_SECOND)
        return await gone.end_to_gone(server.data, talks[:ENDS])


async def _idle(folder: Path, pin_to: int | None, sockets: int) -> memory.Idle:
    memory.allow_files(sockets + 500)
    with Server(folder / "idle", pin_to=pin_to) as server:
        return await memory.idle_visitors(server, server.at.services[0], sockets)


def _time_to_ready(folder: Path) -> list[float]:
    times = []
    for number in range(STARTS):
        begun = perf_counter()
        with Server(folder / f"start{number}"):
            times.append(round(perf_counter() - begun, 2))
    return times


async def measure(seconds: float, sockets: int) -> dict[str, Any]:
    """Run everything once and return the figures."""
    processors = sorted(os.sched_getaffinity(0))
    server_on = processors[0] if len(processors) > 1 else None
    if server_on is not None:
        os.sched_setaffinity(0, set(processors[1:]))
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="bench-") as name:
        folder = Path(name)
        starts = _time_to_ready(folder)
        fsync = disk.fsync_times(folder)
        bare = await _bare(server_on, seconds)
        full, download = await _full(folder, server_on, seconds)
        left = await _gone(folder, server_on)
        idle = await _idle(folder, server_on, sockets)
    return {
        "machine": {"processors": len(processors), "python": platform.python_version()},
        "fsync_ms": dataclasses.asdict(fsync),
        "bare_relay": dataclasses.asdict(bare),
        "full_path": dataclasses.asdict(full),
        "ratio": round(full.per_second / bare.per_second, 3),
        "idle": dataclasses.asdict(idle),
        "ready_s": {"median": statistics.median(starts), "each": starts},
        "end_to_gone_ms": dataclasses.asdict(left),
        "download": download,
    }


def _table(found: dict[str, Any]) -> str:
    bare, full, idle = found["bare_relay"], found["full_path"], found["idle"]

    def spread(of: dict[str, Any]) -> str:
        return f"p50 {of['p50']:.2f}   p99 {of['p99']:.2f}   longest {of['longest']:.2f}"

    rows = [
        ("machine", f"{found['machine']['processors']} processors, Python {found['machine']['python']}"),
        ("fdatasync of 4 KiB, ms", spread(found["fsync_ms"])),
        ("bare relay at saturation", f"{bare['per_second']:,.0f} messages/s  {bare['by_window']}"),
        ("full path at saturation", f"{full['per_second']:,.0f} messages/s  {full['by_window']}"),
        ("ratio", f"{found['ratio']:.2f}"),
        (f"bare relay, delivery at {PER_SECOND:.0f}/s, ms", spread(bare["delivery"])),
        (f"full path, ack at {PER_SECOND:.0f}/s, ms", spread(full["ack"])),
        (f"full path, delivery at {PER_SECOND:.0f}/s, ms", spread(full["delivery"])),
        ("refused meanwhile", str(full["refused"] or "none")),
        (f"memory per idle visitor of {idle['sockets']:,}", f"{idle['kib_each']} KiB"),
        ("demo start to ready", f"{found['ready_s']['median']} s  {found['ready_s']['each']}"),
        ("end to rows gone from the files, ms", spread(found["end_to_gone_ms"])),
        ("visitor's download, gzipped", f"{found['download']['page_gzipped']:,} bytes"),
        ("loader, gzipped", f"{found['download']['loader_gzipped']:,} bytes"),
    ]
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(name.ljust(width) + value for name, value in rows)


def main() -> None:
    """Measure, print, keep."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5.0, help="how long each load lasts")
    arguments.add_argument("--sockets", type=int, default=3000, help="how many idle visitors")
    given = arguments.parse_args()
    found = asyncio.run(measure(given.seconds, given.sockets))
    (ARTEFACTS / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(_table(found))


if __name__ == "__main__":
    main()
