# SPDX-License-Identifier: EUPL-1.2
"""Two processes over PostgreSQL and Redis beside one: `python -m bench.several`, and a part of `make bench`.

Both deployments stand at the same time, each with a PostgreSQL and a Redis of its own, and are loaded by
turns: what the machine does besides falls on both, and a ratio of two neighbours says more than either.
Everybody is at a process by chance, so in about half of the conversations the two sit apart.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from bench.across import Cost, Seated, carry, delivered, seat
from bench.crowd import crowd
from bench.ground import Ground

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
PER_SECOND = 200.0
TARGET_RATIO = 1.2
TARGET_MS = 15.0
BOUND_MS = 2_000.0
NOTICED_S = 3.0

Row = tuple[str, str]


async def several(folder: Path, rounds: int, seconds: float, sockets: int) -> dict[str, Any]:
    """Measure everything once and return the figures."""
    processors = os.sched_getaffinity(0)
    try:
        with ExitStack() as opened:
            one = opened.enter_context(Ground(folder / "one", 1))
            two = opened.enter_context(Ground(folder / "two", 2))
            service = one.doors[0].services[0]
            alone, apart = (
                await seat(one.doors, service, Random(1)),
                await seat(two.doors, service, Random(1)),
            )
            if len(processors) > 1:
                os.sched_setaffinity(0, {max(processors)})
            found = await _messages(one, two, alone, apart, rounds, seconds)
        with Ground(folder / "crowd", 2) as many:
            found["crowd"] = dataclasses.asdict(await crowd(many, sockets, 2 * seconds))
    finally:
        os.sched_setaffinity(0, processors)
    return found


async def _messages(  # noqa: PLR0917 - two deployments, who sits there, and how much
    one: Ground, two: Ground, alone: Seated, apart: Seated, rounds: int, seconds: float
) -> dict[str, Any]:
    costs: dict[str, list[Cost]] = {"one": [], "one_at_half": [], "two": []}
    for number in range(rounds):
        costs["one"].append(await carry(one, alone.talks, PER_SECOND, seconds, number))
        costs["two"].append(await carry(two, apart.talks, PER_SECOND, seconds, number))
        costs["one_at_half"].append(await carry(one, alone.talks, PER_SECOND / 2, seconds, number))
    ack, delivery = await delivered(apart.across, PER_SECOND, 2 * seconds)
    stored = _stored(two)
    two.redis.stop()
    await asyncio.sleep(NOTICED_S)
    ack_away, delivery_away = await delivered(apart.across, PER_SECOND, 2 * seconds)
    return {
        "per_second": PER_SECOND,
        "conversations": len(apart.talks),
        "across": len(apart.across),
        "costs": {name: _median(each) for name, each in costs.items()},
        "ratios": {
            "servers": _ratio(costs["two"], costs["one"], lambda cost: cost.servers_us),
            "all": _ratio(costs["two"], costs["one"], lambda cost: cost.all_us),
            "servers_same_load_each": _ratio(
                costs["two"], costs["one_at_half"], lambda cost: cost.servers_us
            ),
            "all_same_load_each": _ratio(costs["two"], costs["one_at_half"], lambda cost: cost.all_us),
        },
        "ack_ms": dataclasses.asdict(ack),
        "delivery_ms": dataclasses.asdict(delivery),
        "away_ack_ms": dataclasses.asdict(ack_away),
        "away_delivery_ms": dataclasses.asdict(delivery_away),
        "stored": stored,
    }


def _median(costs: Sequence[Cost]) -> dict[str, Any]:
    """Return the median of each figure of some rounds; of the times how long a whole round's spread is."""
    each = [dataclasses.asdict(cost) for cost in costs]
    return {
        name: {part: statistics.median(cost[name][part] for cost in each) for part in value}
        if isinstance(value, dict)
        else statistics.median(cost[name] for cost in each)
        for name, value in each[0].items()
    }


def _ratio(these: Sequence[Cost], those: Sequence[Cost], of: Callable[[Cost], float]) -> dict[str, Any]:
    """Return the ratios of the rounds, which are paired, and their median."""
    each = [round(of(one) / of(other), 2) for one, other in zip(these, those, strict=True)]
    return {"median": statistics.median(each), "each": each}


def _stored(ground: Ground) -> dict[str, float]:
    """Return how much room messages and conversations take, cleared of what is dead."""
    entries, conversations = ground.count("entry"), ground.count("conversation")
    return {
        "entry_bytes": round(ground.size_of("entry") / entries),
        "entries": entries,
        "conversation_bytes": round(ground.size_of("conversation", "wrap") / conversations),
        "conversations": conversations,
    }


# --- in words ---


def rows(found: dict[str, Any]) -> list[Row]:
    """Return the figures in words, a line each."""
    ratios, many = found["ratios"], found["crowd"]
    at = f"{found['per_second']:.0f}/s"
    return [
        *(
            (f"a message, {name}, µs", _cost(found["costs"][kind]))
            for kind, name in (
                ("one", f"one process at {at}"),
                ("two", f"two processes at {at}"),
                ("one_at_half", "one process at half of it"),
            )
        ),
        ("two processes / one, servers alone", _told(ratios["servers"], TARGET_RATIO)),
        ("two / one, with PostgreSQL and Redis", _told(ratios["all"], TARGET_RATIO)),
        (
            "the same where each has as much to do",
            (
                f"{ratios['servers_same_load_each']['median']:.2f}, "
                f"all {ratios['all_same_load_each']['median']:.2f}"
            ),
        ),
        (
            f"across processes, delivery at {at}, ms",
            f"{_spread(found['delivery_ms'])}   target {TARGET_MS:.0f}",
        ),
        (f"across processes, ack at {at}, ms", _spread(found["ack_ms"])),
        ("the same with Redis away, ms", f"{_spread(found['away_delivery_ms'])}   bound {BOUND_MS:.0f}"),
        (
            "in the store",
            (
                f"{found['stored']['entry_bytes']} bytes a message, "
                f"{found['stored']['conversation_bytes']} a conversation"
            ),
        ),
        (
            f"{many['sockets']:,} sockets over two processes",
            (
                f"{many['kib_each']} KiB each, {many['answered']:,} answered in {many['answered_s']} s, "
                f"{many['lost']} lost"
            ),
        ),
        *(
            (f"a second with {what}, ms", _idle(many[kind]))
            for kind, what in (
                ("empty", "50 of them"),
                ("idle", "all of them"),
                ("idle_without_redis", "all, Redis away"),
            )
        ),
    ]


def _cost(cost: dict[str, Any]) -> str:
    return (
        f"servers {cost['servers_us']:.0f}, PostgreSQL {cost['postgresql_us']:.0f}, "
        f"Redis {cost['redis_us']:.0f}; {cost['statements']:.1f} statements, "
        f"{cost['wal_bytes']:.0f} bytes of WAL, {cost['rows']:.1f} rows; {cost['commands']:.2f} commands, "
        f"{cost['redis_bytes']:.0f} bytes of Redis; ack {cost['ack']['p50']:.1f} ms"
    )


def _told(ratio: dict[str, Any], target: float) -> str:
    return f"{ratio['median']:.2f}, target {target}   {ratio['each']}"


def _idle(idle: dict[str, float]) -> str:
    return (
        f"servers {idle['servers_ms']:.0f}, PostgreSQL {idle['postgresql_ms']:.0f}, "
        f"Redis {idle['redis_ms']:.0f}; {idle['statements']:.0f} statements"
    )


def _spread(of: dict[str, Any]) -> str:
    return f"p50 {of['p50']:.1f}   p99 {of['p99']:.1f}   longest {of['longest']:.1f}"


def main() -> None:
    """Measure, print, keep."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=5.0)
    arguments.add_argument("--sockets", type=int, default=10_000)
    given = arguments.parse_args()
    ARTEFACTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ARTEFACTS, prefix="several-") as name:
        found = asyncio.run(several(Path(name), given.rounds, given.seconds, given.sockets))
    (ARTEFACTS / "several.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    told = rows(found)
    width = max(len(name) for name, _ in told) + 2
    print("\n".join(name.ljust(width) + value for name, value in told))


if __name__ == "__main__":
    main()
