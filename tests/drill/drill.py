# SPDX-License-Identifier: EUPL-1.2
"""Strikes a server with faults while many people chat: is anything acknowledged lost, doubled or misplaced?

`make drill ROUNDS=100 SEED=7 FAULT=kill CHATS=50`. One round is one fault. The seed fixes which ones, the
moments and what is said; what the operating system does in between it cannot fix.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import secrets
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.drill.disk import small_disk
from tests.drill.faults import FAULTS
from tests.drill.parties import LOST
from tests.drill.scene import Scene
from tests.drill.verdict import Verdict

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
MEGABYTES = 128
LONGEST_TALK = 250
"""Entries after which all chats are judged, ended and begun anew, so that no round costs more."""
TELL_EVERY = 50


async def drill(folder: Path, verdict: Verdict, rounds: int, faults: Sequence[str]) -> Verdict:
    """Let people talk, strike `rounds` times with any of `faults`, compare; return the findings."""
    with small_disk(folder, MEGABYTES) as disk:
        async with Scene.of(disk, verdict) as scene:
            await scene.begin()
            weights = [FAULTS[name][0] for name in faults]
            for _ in range(rounds):
                (name,) = scene.chance.choices(faults, weights)
                await strike(scene, name)
                if scene.longest_talk > LONGEST_TALK:
                    await scene.end()
                    await scene.begin()
                if verdict.rounds % TELL_EVERY == 0:
                    _tell(verdict, rounds)
            await scene.end()
            if not disk.mounted:
                verdict.notes.append(
                    "A full disk was only played: root may mount a small one that really fills."
                )
    return verdict


async def strike(scene: Scene, name: str) -> None:
    """Let one fault happen; what cannot be done any more because of it is a finding."""
    verdict = scene.verdict
    verdict.rounds += 1
    verdict.struck[name] += 1
    try:
        await FAULTS[name][1](scene)
    except LOST as lost:
        verdict.broken.append(f"round {verdict.rounds}, {name}: {lost!r}")


def _tell(verdict: Verdict, rounds: int) -> None:
    so_far = f"{verdict.rounds} of {rounds} rounds, {verdict.acknowledged} acknowledged"
    print(f"{so_far}, {len(verdict.findings)} findings", *verdict.findings[:3], sep="\n  ", flush=True)


def summary(verdict: Verdict) -> str:
    """Return the findings as a few lines to read."""
    times = sorted(verdict.recoveries) or [0.0]
    lines = [
        f"seed {verdict.seed}   rounds {verdict.rounds}   chats {verdict.chats}, {verdict.talks} in all",
        "struck: " + ", ".join(f"{name} {count}" for name, count in verdict.struck.most_common()),
        f"acknowledged {verdict.acknowledged}, of which refused for the moment at first {verdict.refused}",
        "   ".join(
            f"{name} {len(getattr(verdict, name))}" for name in ("lost", "doubled", "misplaced", "broken")
        ),
        f"words readable on disk or in the output {len(verdict.readable)}   (looked {verdict.looks} times)",
        f"everybody back after a kill: median {statistics.median(times):.2f} s, longest {times[-1]:.2f} s",
    ]
    if verdict.gaps:
        gaps = sorted(verdict.gaps)
        late = gaps[int(len(gaps) * 0.95)]
        lines.append(
            f"without a connection at a restart in order: p95 {late:.2f} s, longest {gaps[-1]:.2f} s"
        )
    if verdict.caught:
        without = f"{verdict.caught['ack']} without ack, {verdict.caught['delivery']} without delivery"
        lines.append(f"killed right after the commit of: {without}")
    if verdict.slowest_answer:
        lines.append(f"slowest health page while the database was locked: {verdict.slowest_answer:.3f} s")
    return "\n".join([*lines, *verdict.notes, *verdict.findings[:20]])


def main() -> int:
    """Run one drill, print its summary, leave `artefacts/drill.json`; exit 1 if a promise was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--chats", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments.add_argument("--fault", choices=tuple(FAULTS), action="append", help="only this one (repeat)")
    given = arguments.parse_args()
    print(f"seed {given.seed}", flush=True)
    ARTEFACTS.mkdir(exist_ok=True)
    verdict = Verdict(given.seed, given.chats)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="drill-", ignore_cleanup_errors=True) as name:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            asyncio.run(drill(Path(name) / "disk", verdict, given.rounds, given.fault or tuple(FAULTS)))
        except KeyboardInterrupt:
            verdict.notes.append("It was stopped before its end: the chats that went on were not compared.")
    print(summary(verdict))
    found = {field.name: getattr(verdict, field.name) for field in dataclasses.fields(verdict)}
    (ARTEFACTS / "drill.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
