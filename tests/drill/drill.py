# SPDX-License-Identifier: EUPL-1.2
"""Kills a server at random moments during many chats: is anything acknowledged lost or doubled?

`make drill ROUNDS=100 SEED=7`. One round is one SIGKILL. The seed fixes the moments and what is
said; what the operating system does in between it cannot fix.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import random
import secrets
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.drill import traces
from tests.drill.parties import LOST, Party, TalkingOperator, TalkingVisitor, Weather
from tests.drill.verdict import Transcript, Verdict
from tests.drill.view import View
from tests.outside.operator import Operator
from tests.outside.server import Server
from tests.outside.visitor import Visitor

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
MOST_EACH = 20
"""How many chats the demo lets one operator hold; three operators serve its first service."""
PAUSE_PER_CHAT = 0.004
"""More chats speak more slowly, so that the server is busy and not drowned."""
BACK_WITHIN = 30.0
SHORTEST, LONGEST = 0.03, 0.6
KILLED_WHILE_COMING_BACK = 0.2
"""How often the next kill does not wait until everybody is back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Chat:
    """One conversation with both its parties. `words` stand in all that is said in it."""

    conversation: str
    words: str
    visitor: TalkingVisitor
    operator: TalkingOperator


class Drill:
    """One server lineage over one data directory, killed again and again."""

    def __init__(self, folder: Path, *, seed: int, rounds: int, chats: int) -> None:
        self.chance = random.Random(seed)
        self.verdict = Verdict(seed, rounds, chats)
        self.marker = f"q{self.chance.getrandbits(64):016x}"
        self.weather = Weather(pause=PAUSE_PER_CHAT * chats)
        self.chats: list[Chat] = []
        self.server = Server(folder, capacity=min(chats, MOST_EACH))

    async def run(self) -> Verdict:
        """Talk, kill, look, compare; return the findings."""
        await asyncio.to_thread(self.server.start)
        try:
            await self._prepare()
            parties = self._parties()
            async with asyncio.TaskGroup() as tasks:
                lives = [tasks.create_task(party.live()) for party in parties]
                self.weather.up.set()
                await self._everybody_back()
                for _ in range(self.verdict.rounds):
                    await self._round()
                await self._fall_silent()
                for life in lives:
                    life.cancel()
            await self._compare()
        finally:
            await asyncio.to_thread(self.server.kill)
        return self.verdict

    def _parties(self) -> list[Party]:
        operators = {id(chat.operator): chat.operator for chat in self.chats}
        return [*(chat.visitor for chat in self.chats), *operators.values()]

    async def _prepare(self) -> None:
        """Bring all operators of one service on duty and give each their share of visitors."""
        at = self.server.at
        service = at.services[0]
        staff = at.operators_of(service)
        shares = [range(number, self.verdict.chats, len(staff)) for number in range(len(staff))]
        for member, share in zip(staff, shares, strict=True):
            operator = Operator(at, member)
            await operator.signs_in()
            await operator.connects()
            await operator.goes_on_duty(service, alias=f"Alias {member.name[:8]}")
            views: dict[str, View] = {}
            talking = TalkingOperator(self.weather, operator, views)
            for number in share:
                await self._one_chat(service, talking, views, f"{self.marker} {number:03d}")
            operator.connection.abort()

    async def _one_chat(
        self, service: str, talking: TalkingOperator, views: dict[str, View], words: str
    ) -> None:
        visitor = await Visitor.starts(self.server.at, service)
        conversation = await talking.operator.sees_waiting(besides=views)
        await talking.operator.accepts(conversation)
        visitor.connection.abort()
        views[conversation] = View("operator", words, random.Random(self.chance.random()))
        view = View("visitor", words, random.Random(self.chance.random()))
        self.chats.append(Chat(conversation, words, self._visitor(visitor, view), talking))

    def _visitor(self, visitor: Visitor, view: View) -> TalkingVisitor:
        return TalkingVisitor(self.weather, visitor, view)

    async def _everybody_back(self) -> float:
        """Wait until everybody is connected and acknowledged; return how long that took."""
        begun = perf_counter()
        waiting = [asyncio.wait_for(party.back.wait(), BACK_WITHIN) for party in self._parties()]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        late = sum(isinstance(one, TimeoutError) for one in outcomes)
        if late:
            self.verdict.lost.append(f"{late} parties were not back after {BACK_WITHIN:.0f} s")
        return perf_counter() - begun

    async def _round(self) -> None:
        await asyncio.sleep(self.chance.uniform(SHORTEST, LONGEST))
        await self._look()
        self.weather.up.clear()
        await asyncio.to_thread(self.server.kill)
        await self._look()
        await asyncio.to_thread(self.server.restart)
        self.weather.up.set()
        if self.chance.random() >= KILLED_WHILE_COMING_BACK:
            self.verdict.recoveries.append(round(await self._everybody_back(), 3))

    async def _look(self) -> None:
        """Search the disk and all that the server has printed for the words of this drill."""
        self.verdict.looks += 1
        self.verdict.readable += await asyncio.to_thread(traces.found_under, self.server.data, self.marker)
        printed = self.server.printed().encode()
        self.verdict.readable += [f"output: {form}" for form in traces.found_in(printed, self.marker)]

    async def _fall_silent(self) -> None:
        """Let everybody finish, and everything arrive."""
        await self._everybody_back()
        self.weather.silent.set()
        for chat in self.chats:
            hers, theirs = chat.visitor.view, chat.operator.views[chat.conversation]
            for view in (hers, theirs):
                await view.until(lambda view=view: not view.unacked)  # type: ignore[misc]
            head = max(*hers.known, *theirs.known)
            for view in (hers, theirs):
                await view.until(lambda view=view, head=head: view.head == head)  # type: ignore[misc]

    async def _compare(self) -> None:
        """Read every conversation once more from its beginning, from both sides, and judge."""
        for chat in self.chats:
            try:
                visitors = await self._transcript_of_visitor(chat)
                operators = await self._transcript_of_operator(chat)
            except LOST as lost:
                self.verdict.lost.append(f"{chat.words}: could not be read again: {lost!r}")
                continue
            views = (chat.visitor.view, chat.operator.views[chat.conversation])
            self.verdict.judge(chat.words, views, visitors, operators)
        for party in self._parties():
            self.verdict.misplaced += party.problems

    async def _transcript_of_visitor(self, chat: Chat) -> Transcript:
        visitor = chat.visitor.visitor
        view = View("visitor", chat.words, self.chance)
        head = (await visitor.resumes(0))["seq"]
        async for frame in visitor.connection.frames():
            await view.take(frame)
            if view.head >= head:
                break
        await visitor.connection.close()
        return view.known

    async def _transcript_of_operator(self, chat: Chat) -> Transcript:
        operator = chat.operator.operator
        await operator.connects()
        view = View("operator", chat.words, self.chance)
        # A long conversation comes in several frames; the last one is not full.
        head = max(chat.visitor.view.known)
        await view.take(await operator.resumes(chat.conversation, 0))
        while view.head < head:
            await view.take(await operator.connection.expect("accepted", conversation=chat.conversation))
        await operator.connection.close()
        return view.known


def summary(verdict: Verdict) -> str:
    """Return the findings as a few lines to read."""
    times = sorted(verdict.recoveries) or [0.0]
    lines = [
        f"seed {verdict.seed}   rounds {verdict.rounds}   chats {verdict.chats}",
        f"acknowledged {verdict.acknowledged}",
        f"lost {len(verdict.lost)}   doubled {len(verdict.doubled)}   misplaced {len(verdict.misplaced)}",
        f"words readable on disk or in the output {len(verdict.readable)}   (looked {verdict.looks} times)",
        f"everybody back after a restart: median {statistics.median(times):.2f} s, longest {times[-1]:.2f} s",
    ]
    findings = verdict.lost + verdict.doubled + verdict.misplaced + verdict.readable
    return "\n".join(lines + findings[:20])


def main() -> int:
    """Run one drill, print its summary, leave `artefacts/drill.json`; exit 1 if a promise was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--chats", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = arguments.parse_args()
    print(f"seed {given.seed}", flush=True)
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="drill-") as name:
        drill = Drill(Path(name), seed=given.seed, rounds=given.rounds, chats=given.chats)
        verdict = asyncio.run(drill.run())
    (ARTEFACTS / "drill.json").write_text(
        json.dumps(dataclasses.asdict(verdict), indent=2) + "\n", encoding="utf-8"
    )
    print(summary(verdict))
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
