# SPDX-License-Identifier: EUPL-1.2
"""What counting costs the talks themselves: `python -m bench.counting`.

The same talks, each from its start over messages both ways to its end, on the chat and a database on disk, by
turns with all counters and with none. Nothing is written for a message, so all that it can cost lies in the
starts, answers and ends between them. Two figures each: the median of what the pairs differ by, which swings
with whatever else the machine does, and by how much the quickest run with counters was slower than the
quickest without, which nothing else has slowed down.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from chat.adapters.sql.schema import migrate
from chat.live import operators, rooms, visitors
from tests.service.story import Operator, Process, told

TALKS, EACH = 50, 40
"""2,000 messages."""
AT_ONCE, STAFF = 10, 5
PAIRS = 30
_COUNTS = ((rooms, "counts_for"), (visitors, "started"), (operators, "shifts_begun"))
"""Where a step is told what it adds to the counters."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that the talks took, on the clock and of the processor, and how many counters there are."""

    took: float
    worked: float
    rows: int


async def talks(folder: Path, empty: Path) -> Cost:
    """Hold all the talks once, in a new database."""
    async with told(folder, empty) as story:
        chat = await story.open_process()
        begun, spent = perf_counter(), process_time()
        on_duty = [await chat.operator_on_duty("linden", alias=f"Alva {number}") for number in range(STAFF)]
        for _ in range(TALKS // AT_ONCE):
            await asyncio.gather(*(_talk(chat, on_duty[number % STAFF]) for number in range(AT_ONCE)))
        took, worked = perf_counter() - begun, process_time() - spent
    file = sqlite3.connect(story.file)
    (rows,) = file.execute("SELECT count(*) FROM counter").fetchone()
    file.close()
    return Cost(took, worked, rows)


async def _talk(chat: Process, operator: Operator) -> None:
    visitor = await chat.visitor_starts("linden")
    await operator.accepts(visitor)
    for number in range(EACH // 2):
        await visitor.says(f"Det är jag som skriver, för {number}:e gången i kväll.")
        await operator.says(visitor, f"Jag läser det du skriver, det är {number}.")
    await visitor.leaves()


@contextmanager
def _nothing_counted() -> Iterator[None]:
    kept = [(module, name, getattr(module, name)) for module, name in _COUNTS]
    for module, name, _ in kept:
        setattr(module, name, _nothing)
    try:
        yield
    finally:
        for module, name, was in kept:
            setattr(module, name, was)


def _nothing(*_given: object) -> tuple[()]:
    return ()


async def counting(folder: Path, pairs: int = PAIRS) -> dict[str, Any]:
    """Return by how many percent the talks take longer with counters, on the clock and of the processor."""
    empty = folder / "empty.sqlite"
    migrate(f"sqlite+aiosqlite:///{empty}")
    costs: dict[bool, list[Cost]] = {True: [], False: []}
    for number in range(pairs):
        # Whoever comes first meets a machine that is warmer or colder: they take turns.
        for counts in (True, False) if number % 2 else (False, True):
            place = folder / f"{number}-{counts}"
            place.mkdir()
            with nullcontext() if counts else _nothing_counted():
                costs[counts].append(await talks(place, empty))
    assert not any(each.rows for each in costs[False])
    return {
        "messages": TALKS * EACH,
        "pairs": pairs,
        "counters": max(each.rows for each in costs[True]),
        "longer_percent": _more(*([each.took for each in costs[counts]] for counts in (True, False))),
        "more_work_percent": _more(*([each.worked for each in costs[counts]] for counts in (True, False))),
    }


def _more(with_: list[float], without: list[float]) -> dict[str, float]:
    ratios = {
        "median_of_pairs": statistics.median(one / other for one, other in zip(with_, without, strict=True)),
        "quickest": min(with_) / min(without),
    }
    return {name: round((ratio - 1) * 100, 1) for name, ratio in ratios.items()}


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the figures in words, a line each."""
    work, took = found["more_work_percent"], found["longer_percent"]
    worked = f"{work['quickest']} % (median of {found['pairs']} pairs {work['median_of_pairs']} %)"
    on_the_clock = f"on the clock {took['quickest']} % ({took['median_of_pairs']} %)"
    return [("counting, more work for the same talks", f"{worked}, {on_the_clock}; bound 5 %")]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="counting-") as name:
        print(json.dumps(asyncio.run(counting(Path(name))), indent=2))


if __name__ == "__main__":
    main()
