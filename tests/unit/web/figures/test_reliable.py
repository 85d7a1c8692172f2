# SPDX-License-Identifier: EUPL-1.2
"""What is said of figures against what really happened, over random histories told as the books tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from chat.grid import Week, weeks_of_year
from chat.histograms import WAITED
from chat.published import Figure, Gathered, close, held_back
from tests.unit.web.staff import LINDEN
from web.figures.periods import Period, month, year
from web.figures.report import ABANDONED
from web.figures.tally import NEAR, SURE, Tally, quantile, rate, share
from web.figures.values import Counted

SHAPES = ((4, 4, 5, 6, 6, 4, 2, 1, 1, 1), (90, 6, 3, 1, 0, 0, 0, 0, 0, 0), (1, 1, 1, 2, 3, 4, 6, 8, 4, 2))
"""How many wait how long: some minutes, hardly at all, long."""
WEEKS = [week for number in (2023, 2024) for week in weeks_of_year(number)]
PERIODS = (
    *map(year, (2023, 2024)),
    *(month(week.month) for week in WEEKS if week == week.month.weeks[0]),
)


def _counted(chance: Random, mean: float, answered: float, waits: tuple[int, ...]) -> Counter[str]:
    week = Counter({"shifts": chance.randint(2, 9)})
    for _ in range(max(0, round(chance.gauss(mean, mean**0.5)))):
        if chance.random() < answered:
            week.update(("answered", chance.choices(WAITED.counters, waits)[0]))
        else:
            week[chance.choice(ABANDONED)] += 1
    return week


def _history(number: int) -> tuple[Tally, dict[Week, Counter[str]]]:
    """Return two years of one service as told, from its first week on, and what really happened."""
    chance = Random(number)
    mean, answered = chance.choice((3, 8, 20, 45)), chance.choice((0.95, 0.8, 0.5))
    waits = SHAPES[number % len(SHAPES)]
    figures: list[Figure] = []
    left: dict[str, Gathered] = {}
    real: dict[Week, Counter[str]] = {}
    for week in WEEKS:
        real[week] = _counted(chance, mean, answered, waits)
        told, left = close(
            LINDEN, week, WEEKS[0], left, real[week], lambda _: held_back(lambda: chance.randrange(256))
        )
        figures += told
    return Tally(figures), real


@pytest.fixture(scope="module")
def periods() -> list[tuple[Tally, Period, Counter[str]]]:
    """Every year and month of forty histories, with what happened in it."""
    return [
        (tally, period, sum((real[week] for week in period.weeks), Counter[str]()))
        for tally, real in map(_history, range(40))
        for period in PERIODS
    ]


def _true_step(real: Counter[str], percent: int) -> int:
    steps = [real[name] for name in WAITED.counters]
    return next(step for step in range(10) if sum(steps[: step + 1]) * 100 >= sum(steps) * percent)


@pytest.mark.parametrize("percent", [50, 90])
def test_times_lie_where_they_are_said_to(
    periods: list[tuple[Tally, Period, Counter[str]]], percent: int
) -> None:
    """In 95 of 100 at the least, and enough of them are said to be of use."""
    held = []
    for tally, period, real in periods:
        said = quantile(WAITED, [tally.of(name, period) for name in WAITED.counters], percent)
        if said is not None:
            low, high = WAITED.bounds(_true_step(real, percent))
            held.append(said.low <= low and (said.high is None or (high is not None and high <= said.high)))
    assert len(held) > 100
    assert sum(held) * 100 >= len(held) * 95


def _shares(periods: list[tuple[Tally, Period, Counter[str]]]) -> Iterator[float]:
    for tally, period, real in periods:
        said = share([tally.of("answered", period)], [tally.of(name, period) for name in ABANDONED])
        if said is not None:
            whole = real["answered"] + sum(real[name] for name in ABANDONED)
            yield abs(said.percent - 100 * real["answered"] / whole)


def test_shares_are_as_near_as_is_claimed(periods: list[tuple[Tally, Period, Counter[str]]]) -> None:
    """Within ten percent of the whole in 95 of 100."""
    off = list(_shares(periods))
    assert len(off) > 100
    assert sum(each <= SURE for each in off) * 100 >= len(off) * 95


def test_rates_are_as_near_as_is_claimed(periods: list[tuple[Tally, Period, Counter[str]]]) -> None:
    """Within a fifth in 95 of 100."""
    held = []
    for tally, period, real in periods:
        said = rate([tally.of("answered", period)], [tally.of("shifts", period)])
        if said is not None:
            true = real["answered"] / real["shifts"]
            held.append(abs(said.tenths / 10 - true) <= true / NEAR + 0.05)
    assert len(held) > 40
    assert sum(held) * 100 >= len(held) * 95


def test_nothing_is_said_of_what_is_hidden() -> None:
    """However it lies: no time, share or rate comes out of no figure."""
    nothing: list[Counted | None] = [None] * 10
    assert quantile(WAITED, nothing, 50) is None
    assert share(nothing, nothing) is None
    assert rate(nothing, nothing) is None
