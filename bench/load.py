# SPDX-License-Identifier: EUPL-1.2
"""The load generator: messages along many lanes, to saturation or at a steady rate.

Knows no server. A message is done when it was delivered and, where the server acks, acked.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from time import perf_counter

from bench.wire import Heard, Wire

FRAME_BYTES = 1024
_NUMBERS = count(1)
"""Of all loads of this run: an id that was used before would be taken for a retry."""
NUMBER_DIGITS = 22
_AS_LETTERS = str.maketrans("0123456789", "bcdfghjklm")
"""A message tells its number, which is its id too, in letters: it is judged as what it says, and people
seldom write 22 digits."""
WORDS = "jag vet inte riktigt var jag ska börja men det är skönt att någon finns där"


@dataclass(frozen=True, slots=True)
class Lane:
    """One direction of one conversation. An operator's frames name the conversation."""

    sender: Wire
    conversation: str = ""


@dataclass(slots=True)
class _OnTheWay:
    lane: Lane
    due: float
    steps_left: int


class Traffic:
    """All messages of one server. `acked` tells whether the server acknowledges what it takes."""

    def __init__(self, lanes: Sequence[Lane], *, acked: bool) -> None:
        self.lanes = lanes
        self.done = 0
        self.refused: dict[str, int] = {}
        self.ack_times: list[float] = []
        self.delivery_times: list[float] = []
        self._on_done: Callable[[Lane], None] = lambda _: None
        self._steps = 2 if acked else 1
        self._on_the_way: dict[str, _OnTheWay] = {}

    def say(self, lane: Lane, due: float | None = None) -> None:
        """Send one message. `due` is when it should have left (`perf_counter`); now, if not given."""
        number = f"{next(_NUMBERS):0{NUMBER_DIGITS}d}".translate(_AS_LETTERS)
        self._on_the_way[number] = _OnTheWay(lane, perf_counter() if due is None else due, self._steps)
        conversation = f'"conversation":"{lane.conversation}",' if lane.conversation else ""
        frame = f'{{"type":"say",{conversation}"id":"{number}","text":"{number} {WORDS}"}}'
        lane.sender.send(frame.encode().ljust(FRAME_BYTES))

    def hear(self, frame: Heard) -> None:
        """Take a frame of any connection."""
        if frame.type == "ack":
            self._step(frame.id, self.ack_times)
        elif frame.text and frame.type != "nack":
            self._step(frame.text[:NUMBER_DIGITS], self.delivery_times)
        elif frame.type == "nack":
            self.refused[frame.code] = self.refused.get(frame.code, 0) + 1
            self._on_the_way.pop(frame.id, None)

    def _step(self, number: str, times: list[float]) -> None:
        message = self._on_the_way.get(number)
        if message is None:
            return
        times.append(perf_counter() - message.due)
        message.steps_left -= 1
        if message.steps_left == 0:
            del self._on_the_way[number]
            self.done += 1
            self._on_done(message.lane)

    async def saturate(self, window: int, seconds: float, warm_up: float = 1.0) -> float:
        """Keep `window` messages on the way in every lane; return how many were done per second."""
        self._on_done = self.say
        for lane in self.lanes:
            for _ in range(window):
                self.say(lane)
        await asyncio.sleep(warm_up)
        begun, before = perf_counter(), self.done
        await asyncio.sleep(seconds)
        rate = (self.done - before) / (perf_counter() - begun)
        await self._come_to_rest()
        return rate

    async def steady(self, per_second: float, seconds: float, seed: int = 1) -> tuple[Spread, Spread]:
        """Send at random moments, `per_second` on average; return how long acks and deliveries took."""
        chance = random.Random(seed)
        self.ack_times, self.delivery_times = [], []
        due = begun = perf_counter()
        while (due := due + chance.expovariate(per_second)) < begun + seconds:
            await _until(due)
            self.say(chance.choice(self.lanes), due)
        await self._come_to_rest()
        return Spread.of(self.ack_times), Spread.of(self.delivery_times)

    async def _come_to_rest(self, within: float = 20.0) -> None:
        """Send nothing more and wait until nothing is on the way."""
        self._on_done = lambda _: None
        async with asyncio.timeout(within):
            while self._on_the_way:
                await asyncio.sleep(0.02)


async def _until(due: float) -> None:
    """Return at `due`. The loop's own timers are a millisecond late, so the last two are spent looking."""
    while (left := due - perf_counter()) > 0:
        await asyncio.sleep(left - 0.002 if left > 0.004 else 0)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds."""

    count: int
    p50: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """Sum up measured times. Fewer than two of them give nothing to sum up: all zero."""
        if len(seconds) < 2:
            return cls(len(seconds), 0.0, 0.0, 0.0)
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(len(seconds), *(round(1000 * value, 3) for value in (cuts[49], cuts[98], max(seconds))))
