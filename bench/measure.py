# SPDX-License-Identifier: EUPL-1.2
"""The order of one run: which server is started for what, and what is kept of it.

Owns no method of measuring; each has a module of its own.
"""

from __future__ import annotations

import dataclasses
import os
import platform
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import (
    comeback,
    console,
    counting,
    disk,
    full_path,
    gone,
    judging,
    memory,
    revoked,
    scale,
    several,
    sizes,
    stages,
    statistics_page,
    way_out,
)
from bench.load import Lane, Spread, Traffic
from bench.relay import Relay
from bench.slow_phone import slow_phone
from bench.wire import Wire
from tests.outside.server import Server

OPERATORS, EACH = 16, 3
WINDOWS = (1, 2, 8, 24)
PER_SECOND = 200.0
BUSY = 2_000.0
NEARLY_FULL = 0.8
ENDS = 20
MESSAGES_EACH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long each load lasts, and which sizes are tried."""

    seconds: float
    sockets: Sequence[int]
    conversations: Sequence[int]
    services: Sequence[int]
    returning: int
    starts: int
    rounds: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What one server carried."""

    per_second: int
    by_window: dict[int, int]
    ack: Spread
    delivery: Spread
    refused: dict[str, int]


async def measure(artefacts: Path, effort: Effort) -> dict[str, Any]:
    """Run everything once and return the figures."""
    processors = sorted(os.sched_getaffinity(0))
    server_on = processors[0] if len(processors) > 1 else None
    if server_on is not None:
        os.sched_setaffinity(0, set(processors[1:]))
    with tempfile.TemporaryDirectory(dir=artefacts, prefix="bench-") as name:
        run = _Run(Path(name), server_on, effort)
        found: dict[str, Any] = {
            "machine": {"processors": len(processors), "python": platform.python_version()},
            "ready_s": run.time_to_ready(),
            "fsync_ms": dataclasses.asdict(disk.fsync_times(run.folder)),
            "judging": judging.judging(),
        }
        found |= await run.relay_and_full_path()
        found |= await run.stages(found)
        found |= await run.ends_and_idle()
        found |= await run.revoked()
        found |= await run.comeback()
        found |= await run.at_scale()
        found |= await run.way_out()
        found |= await run.console()
        found |= await run.several()
        found |= await run.statistics()
    return found


@dataclass(slots=True)
class _Run:
    folder: Path
    pin_to: int | None
    effort: Effort

    def time_to_ready(self) -> dict[str, Any]:
        """Start the demo again and again over a new folder."""
        times = []
        for number in range(self.effort.starts):
            begun = perf_counter()
            with Server(self.folder / f"start{number}"):
                times.append(round(perf_counter() - begun, 2))
        return {"median": statistics.median(times), "each": times}

    async def relay_and_full_path(self) -> dict[str, Any]:
        """Measure the bare relay, and then the server with the same load."""
        relay = await Relay.start(self.pin_to)
        try:
            bare = await self._carry(*await relay.lanes(OPERATORS * EACH), acked=False)
        finally:
            await relay.stop()
        with Server(self.folder / "full", capacity=EACH, pin_to=self.pin_to) as server:
            download = await _download(server)
            phone = await slow_phone(f"{server.at.url}/chat/{server.at.services[0]}?lang=sv")
            talks = await full_path.start_talks(server.at, server.at.services[0], OPERATORS, EACH)
            wires, lanes = full_path.lanes_of(talks)
            full = await self._carry(wires, lanes, acked=True)
            open_loop = [
                {"per_second": round(rate), "ack": dataclasses.asdict(await self._steady(wires, lanes, rate))}
                for rate in (PER_SECOND, BUSY, NEARLY_FULL * full.by_window[1])
            ]
        return {
            "bare_relay": dataclasses.asdict(bare),
            "full_path": dataclasses.asdict(full),
            "ratio": round(full.per_second / bare.per_second, 3),
            "open_loop": open_loop,
            "download": download,
            "slow_phone": phone and dataclasses.asdict(phone),
        }

    async def _carry(self, wires: list[Wire], lanes: list[Lane], *, acked: bool) -> Carried:
        traffic = _heard_by(wires, Traffic(lanes, acked=acked))
        await traffic.steady(PER_SECOND, 1.0)
        ack, delivery = await traffic.steady(PER_SECOND, 2 * self.effort.seconds)
        rates = {window: round(await traffic.saturate(window, self.effort.seconds)) for window in WINDOWS}
        return Carried(max(rates.values()), rates, ack, delivery, traffic.refused)

    async def _steady(self, wires: list[Wire], lanes: list[Lane], per_second: float) -> Spread:
        traffic = _heard_by(wires, Traffic(lanes, acked=True))
        ack, _ = await traffic.steady(per_second, self.effort.seconds)
        return ack

    async def stages(self, found: dict[str, Any]) -> dict[str, Any]:
        """Measure each stage alone; what the whole takes beyond them is the rest."""
        each = stages.processor() | await stages.commits(self.folder)
        whole = 1e6 / found["full_path"]["per_second"]
        shares = {name: each[name] for name in ("parse", "decode", "decide", "seal", "commit", "project")}
        shares["wake, send, wait"] = round(max(0.0, whole - sum(shares.values())), 1)
        return {"stages": {"each": each, "whole": round(whole, 1), "shares": shares}}

    async def ends_and_idle(self) -> dict[str, Any]:
        """Measure how soon an end is gone from the files, and what idle visitors cost."""
        with Server(self.folder / "gone", capacity=EACH, pin_to=self.pin_to) as server:
            talks = await full_path.start_talks(server.at, server.at.services[0], OPERATORS, EACH)
            wires, lanes = full_path.lanes_of(talks)
            traffic = _heard_by(wires, Traffic(lanes, acked=True))
            await traffic.steady(PER_SECOND, len(talks) * MESSAGES_EACH / PER_SECOND)
            left = await gone.end_to_gone(server.data, talks[:ENDS])
        idle = []
        for sockets in self.effort.sockets:
            memory.allow_files(sockets + 500)
            with Server(self.folder / f"idle{sockets}", pin_to=self.pin_to) as server:
                idle.append(await memory.idle_visitors(server, server.at.services[0], sockets))
        return {
            "end_to_gone_ms": dataclasses.asdict(left),
            "idle": [dataclasses.asdict(each) for each in idle],
        }

    async def revoked(self) -> dict[str, Any]:
        """Measure how long a console stays open when its sign-in has ended."""
        with Server(self.folder / "revoked", pin_to=self.pin_to) as server:
            found = await revoked.revoked(server)
        return {"revoked_ms": {kind: dataclasses.asdict(each) for kind, each in found.items()}}

    async def comeback(self) -> dict[str, Any]:
        """Measure how soon everybody is back after a kill."""
        with Server(self.folder / "comeback", pin_to=self.pin_to) as server:
            back = await comeback.comeback(server, self.effort.returning)
        return {"comeback": dataclasses.asdict(back)}

    async def at_scale(self) -> dict[str, Any]:
        """Measure the cost of a message with many conversations, and with many services."""
        found: dict[str, Any] = {"conversations": [], "services": []}
        for count in self.effort.conversations:
            folder = self.folder / f"conversations{count}"
            cost = await scale.with_conversations(folder, self.pin_to, count, self.effort.seconds)
            found["conversations"].append(dataclasses.asdict(cost))
        for count in self.effort.services:
            folder = self.folder / f"services{count}"
            cost = await scale.with_services(folder, self.pin_to, count, self.effort.seconds)
            found["services"].append(dataclasses.asdict(cost))
        return found

    async def way_out(self) -> dict[str, Any]:
        """Measure how long the chat is seen after a click on the quick exit.

        The server is dead then: the browser, which draws with several processes, has every processor.
        """
        kept = os.sched_getaffinity(0)
        if self.pin_to is not None:
            os.sched_setaffinity(0, {*kept, self.pin_to})
        spreads = await way_out.way_out(self.folder / "exits")
        os.sched_setaffinity(0, kept)
        return {"exit_ms": spreads and {kind: dataclasses.asdict(each) for kind, each in spreads.items()}}

    async def several(self) -> dict[str, Any]:
        """Measure two processes beside one, and a crowd over two."""
        effort = self.effort
        return {
            "several": await several.several(
                self.folder / "several", effort.rounds, effort.seconds, max(effort.sockets)
            )
        }

    async def statistics(self) -> dict[str, Any]:
        """Measure the supervisors' pages over years of figures, and what counting costs the talks."""
        folder = self.folder / "statistics"
        folder.mkdir()
        return {
            "statistics": await statistics_page.pages(folder, max(self.effort.services)),
            "counting": await counting.counting(folder, self.effort.pairs),
        }

    async def console(self) -> dict[str, Any]:
        """Measure how smooth the operator's page is with many long conversations."""
        smooth = await console.console(self.folder / "console", self.pin_to)
        return {"console": smooth and dataclasses.asdict(smooth)}


def _heard_by(wires: Sequence[Wire], traffic: Traffic) -> Traffic:
    for wire in wires:
        wire.hear = traffic.hear
    return traffic


async def _download(server: Server) -> dict[str, Any]:
    page = await sizes.downloads(server.at.url, f"/chat/{server.at.services[0]}?lang=sv")
    loader = await sizes.downloads(server.at.url, "/widget.js")
    return {
        "page_gzipped": sum(file.gzipped for file in page),
        "loader_gzipped": sum(file.gzipped for file in loader),
        "files": [dataclasses.asdict(file) for file in page + loader],
    }
