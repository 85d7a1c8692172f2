# SPDX-License-Identifier: EUPL-1.2
"""A waiting room played out, person by person, to hold the formulas of `chat/staffing.py` against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import inf
from random import Random

from chat.histograms import LASTED

Draw = Callable[[Random], float]
"""Minutes, by chance."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it. Waits in minutes, of those who were answered."""

    mean_wait: float
    waited: float
    """The share of those who were answered that had to wait at all."""
    within: float
    """The share of those who were answered that had an answer within the time asked for."""
    gave_up: float
    """The share of all who came that gave up."""


def exponential(mean: float) -> Draw:
    """Return lengths that say nothing about how much is left of them."""
    return lambda chance: chance.expovariate(1 / mean)


def in_steps(weights: tuple[int, ...], longest: float = 240) -> Draw:
    """Return lengths as the steps of `LASTED` tell them, any within a step as likely as another."""
    bounds = [LASTED.bounds(step) for step in range(len(LASTED.counters))]
    spans = [(low / 60, longest if high is None else high / 60) for low, high in bounds]

    def draw(chance: Random) -> float:
        low, high = chance.choices(spans, weights)[0]
        return chance.uniform(low, high)

    return draw


def play(
    an_hour: float,
    slots: int,
    lengths: Draw,
    *,
    people: int,
    seed: str,
    minutes: float = 5,
    patience: Draw = lambda _: inf,
) -> Played:
    """Play a queue that is answered in order: `people` come by chance, and the first tenth is not counted."""
    chance = Random(seed)
    free = [0.0] * slots
    heapify(free)
    now, warm = 0.0, people // 10
    waits: list[float] = []
    gave_up = 0
    for number in range(people):
        now += chance.expovariate(an_hour / 60)
        begins = max(now, free[0])
        if begins - now > patience(chance):
            gave_up += number >= warm
            continue
        heapreplace(free, begins + lengths(chance))
        if number >= warm:
            waits.append(begins - now)
    answered = len(waits)
    return Played(
        sum(waits) / answered,
        sum(each > 0 for each in waits) / answered,
        sum(each <= minutes for each in waits) / answered,
        gave_up / (people - warm),
    )
