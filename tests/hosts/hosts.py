# SPDX-License-Identifier: EUPL-1.2
"""Strikes several hosts with faults while many people chat over them: is anything lost, doubled or late?

`make hosts ROUNDS=20 FAULT=redis_hangs CHATS=30 SEED=7`. One round is one fault. Root gets machines that are
network namespaces; anybody else loopback addresses, between which no wire can be cut.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import secrets
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.drill.drill import ARTEFACTS, summary
from tests.drill.parties import LOST
from tests.hosts.delays import HostsVerdict, figures
from tests.hosts.faults import FAULTS, NEED_A_WIRE
from tests.hosts.machines import Machines, machines
from tests.hosts.scene import HostsScene

LONGEST_TALK = 250
"""Entries after which all chats are judged, ended and begun anew, so that no round costs more."""
FROM_START_TO_MIDNIGHT_S = 60.0
CLOCKS: dict[str, Sequence[timedelta]] = {
    "right": (),
    "ahead": (timedelta(), timedelta(hours=2)),
    "behind": (timedelta(), timedelta(hours=-2)),
}
"""How far the clock of each host is ahead, by the name that `CLOCK=…` takes."""


async def drill(there: Machines, verdict: HostsVerdict, rounds: int, faults: Sequence[str]) -> HostsVerdict:
    """Let people talk, strike `rounds` times with `faults` in turn, compare; return the findings."""
    async with HostsScene.of(there, verdict) as scene:
        await scene.begin()
        for number in range(rounds):
            await strike(scene, faults[number % len(faults)])
            if scene.longest_talk > LONGEST_TALK:
                await scene.end()
                await scene.begin()
        await scene.look()
        await scene.end()
    return verdict


async def strike(scene: HostsScene, name: str) -> None:
    """Let one fault happen; what cannot be done any more because of it is a finding."""
    verdict = scene.verdict
    if name in NEED_A_WIRE and not scene.machines.net.is_real:
        verdict.notes.append(f"{name}: not without namespaces, which root may make")
        return
    if name == "midnight" and scene.machines.midnight is None:
        return
    verdict.rounds += 1
    verdict.struck[name] += 1
    before = len(verdict.findings)
    try:
        await FAULTS[name](scene)
    except* LOST as lost:
        verdict.broken += [f"round {verdict.rounds}, {name}: {each!r}" for each in lost.exceptions]
    for party in scene.parties:
        verdict.broken += [f"{name}: {problem}" for problem in party.problems]
        party.problems.clear()
        for view in party.views.values():
            verdict.broken += [f"{name}: {problem}" for problem in view.problems]
            view.problems.clear()
    for finding in verdict.findings[before:]:
        print(f"round {verdict.rounds}: {finding}", flush=True)


def report(verdict: HostsVerdict) -> str:
    """Return the findings and figures as a few lines to read."""
    lines = [summary(verdict), f"the hosts were {verdict.where}"]
    for what in ("shown", "answered", "steps"):
        named: dict[str, list[float]] = getattr(verdict, what)
        lines += [f"{what:9} {name:15} {figures(times)}" for name, times in named.items()]
    if verdict.claims:
        lines.append(
            "claims at one moment: " + ", ".join(f"{who} won {n}" for who, n in verdict.claims.items())
        )
    return "\n".join(lines)


def main() -> int:
    """Run one drill, print its report, leave `artefacts/hosts.json`; exit 1 if a promise was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=len(FAULTS))
    arguments.add_argument("--chats", type=int, default=30)
    arguments.add_argument("--hosts", type=int, default=2, choices=(1, 2, 3))
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments.add_argument("--redis", choices=("redis", "valkey"), default="redis")
    arguments.add_argument("--clock", choices=("midnight", *CLOCKS), default="right", help="of the hosts")
    arguments.add_argument("--fault", choices=tuple(FAULTS), action="append", help="only this one (repeat)")
    given = arguments.parse_args()
    print(f"seed {given.seed}", flush=True)
    ARTEFACTS.mkdir(exist_ok=True)
    verdict = HostsVerdict(given.seed, given.chats)
    ahead = CLOCKS.get(given.clock, ())
    midnight_in = FROM_START_TO_MIDNIGHT_S if given.clock == "midnight" else None
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="hosts-", ignore_cleanup_errors=True) as name:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with machines(
                Path(name), hosts=given.hosts, ahead=ahead, midnight_in=midnight_in, redis=given.redis
            ) as there:
                asyncio.run(drill(there, verdict, given.rounds, given.fault or tuple(FAULTS)))
        except KeyboardInterrupt:
            verdict.notes.append("It was stopped before its end: the chats that went on were not compared.")
    print(report(verdict))
    found = {field.name: getattr(verdict, field.name) for field in dataclasses.fields(verdict)}
    (ARTEFACTS / "hosts.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
