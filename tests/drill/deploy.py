# SPDX-License-Identifier: EUPL-1.2
"""Restarts a server in order, now and then, during many chats: who loses words, and how long are they away?

`make deploy CHATS=200`. Every other restart overlaps: the next server is started while the last one drains,
as deploy tools do. No password may be checked after the first start: coming back must not cost that much.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from tests.drill.disk import Disk
from tests.drill.drill import ARTEFACTS, summary
from tests.drill.pages import OperatorsConsole, VisitorsPage
from tests.drill.scene import Scene
from tests.drill.talks import MOST_EACH
from tests.drill.verdict import Verdict
from tests.outside.server import Staff

TALK_S = 2.0
EXPLODES = """
import argon2

def explode(*_, **__):
    raise SystemExit("a password was checked")

argon2.PasswordHasher.verify = argon2.PasswordHasher.hash = explode
"""


@dataclass(slots=True)
class Figures:
    """What was measured, in seconds."""

    statuses: list[int] = field(default_factory=list)
    ended_after: list[float] = field(default_factory=list)
    """From SIGTERM until the old server was gone."""
    ready_after: list[float] = field(default_factory=list)
    """From SIGTERM until the new one was ready."""
    gaps: list[float] = field(default_factory=list)
    """From losing the old server until being caught up at the new one, of each party at each restart."""


class Deploy(Scene):
    """One server lineage over one data directory, restarted in order again and again."""

    visitor_kind = VisitorsPage
    operator_kind = OperatorsConsole
    pause_per_chat = 0.04

    def __init__(self, disk: Disk, verdict: Verdict) -> None:
        super().__init__(disk, verdict)
        self.figures = Figures()

    def sign_ins(self) -> list[Staff]:
        """As many operators as it takes to hold all the visitors."""
        staff = super().sign_ins()
        return [staff[number % len(staff)] for number in range(-(-self.verdict.chats // MOST_EACH))]

    async def restarts(self, after_s: float) -> None:
        """Let people talk for a while, then restart the server in order and wait until all are back."""
        await asyncio.sleep(after_s)
        overlaps = len(self.figures.statuses) % 2 == 1
        self.verdict.rounds += 1
        begun = perf_counter()
        with _no_passwords(self.disk.folder):
            if overlaps:
                following = self.server.follower()
                starting = asyncio.create_task(asyncio.to_thread(following.start))
                await self._term(begun)
                await starting
                following.output[:0] = self.server.output
                self.server = following
            else:
                await self._term(begun)
                await asyncio.to_thread(self.server.restart)
        self.figures.ready_after.append(perf_counter() - begun)
        self.verdict.recoveries.append(await self.everybody_back())
        await self.look()

    async def _term(self, begun: float) -> None:
        self.figures.statuses.append(await asyncio.to_thread(self.server.term, 30.0))
        self.figures.ended_after.append(perf_counter() - begun)

    async def end(self) -> None:
        """Judge every conversation, and keep how long everybody was away."""
        parties = self.parties
        await super().end()
        self.figures.gaps += [gap for party in parties for gap in party.gaps]

    def report(self) -> str:
        """Return the findings and figures as a few lines to read."""
        gaps = sorted(self.figures.gaps) or [0.0]
        cuts = quantiles(gaps, n=100, method="inclusive") if len(gaps) > 1 else gaps * 99
        away = _seconds([cuts[49], cuts[94], gaps[-1]])
        return "\n".join(
            [
                summary(self.verdict),
                f"status of each old server {self.figures.statuses}",
                f"gone after SIGTERM      {_seconds(self.figures.ended_after)}",
                f"next one ready after    {_seconds(self.figures.ready_after)}",
                f"away, {len(gaps):3} times        {away}  (median, p95, longest)",
            ]
        )


async def deploy(folder: Path, *, seed: int, rounds: int, chats: int, talk_s: float = TALK_S) -> Deploy:
    """Restart a server in order `rounds` times while `chats` conversations go on; return what was seen."""
    disk = Disk(folder, mounted=False)
    async with Deploy.of(disk, Verdict(seed=seed, chats=chats)) as scene:
        await scene.begin()
        for _ in range(rounds):
            await scene.restarts(talk_s)
        await scene.end()
    return scene


def _seconds(times: list[float]) -> str:
    return "  ".join(f"{time:.2f} s" for time in times)


@contextmanager
def _no_passwords(folder: Path) -> Iterator[None]:
    """A server that is started inside ends as soon as it checks a password."""
    folder.joinpath("sitecustomize.py").write_text(EXPLODES, encoding="utf-8")
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def main() -> int:
    """Restart, print the figures, leave `artefacts/deploy.json`; exit 1 if a promise was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=4)
    arguments.add_argument("--chats", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="deploy-") as name:
        folder = Path(name)
        done = asyncio.run(deploy(folder, seed=given.seed, rounds=given.rounds, chats=given.chats))
    figures = {name: getattr(done.figures, name) for name in Figures.__slots__}
    (ARTEFACTS / "deploy.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(done.report())
    return 0 if done.verdict.kept and not any(done.figures.statuses) else 1


if __name__ == "__main__":
    sys.exit(main())
