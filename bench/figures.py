# SPDX-License-Identifier: EUPL-1.2
"""What five years of 280 services cost: reading what a page needs, closing a week, and clearing the files.

Run as `python -m bench.figures`; it takes about a minute, most of which goes to making the years, so it is no
part of `make bench`.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, insert

from chat.adapters.sql import packed
from chat.adapters.sql.database import Database
from chat.adapters.sql.figures import SqlFigures
from chat.adapters.sql.schema import migrate
from chat.adapters.sql.store import SqlStore
from chat.adapters.sql.tables import figure
from chat.adapters.system import SystemRandomness
from chat.grid import Week
from chat.histograms import LASTED, WAITED, wanted
from chat.ids import ServiceId
from chat.published import Figure, Gathered, close, held_back
from chat.statistics import Count, Counted, ToldCounter
from chat.wrapping_up import counters

SERVICES: Final = 280
OF_AN_ORGANISATION: Final = 10
YEARS: Final = 5
PER_WEEK: Final = (4, 8, 12, 20, 30, 45, 60, 90, 150, 250)
"""Conversations a week of ten services; all others are like one of these."""
FIRST: Final = Week.of(date(2021, 6, 14))
READS: Final = 30
REWRITES: Final = 5


def conversations(random: Random, mean: int) -> Counter[str]:
    """Return what a week's conversations add to the counters."""
    counted: Counter[str] = Counter()
    told = list(counters().values())
    for _ in range(max(0, round(random.gauss(mean, mean**0.5)))):
        counted.update((Counted.STARTED, wanted(random.choice((0, 2, 4, 6)), random.randrange(17, 23))))
        if random.random() < 0.2:
            counted[Counted.ABANDONED] += 1
            continue
        counted.update((Counted.ANSWERED, random.choice(WAITED.counters)))
        counted.update((Counted.ENDED, random.choice(LASTED.counters)))
        counted.update(random.choice(names) for names in told)
        if random.random() < 0.3:
            counted.update(f"exit_{asked}_{random.choice(('yes', 'some'))}" for asked in ("felt", "helped"))
    return counted


def years(random: Random, service: ServiceId, mean: int) -> Iterator[Figure]:
    """Yield what is told of five years of one service."""
    week, left, hours = FIRST, dict[str, Gathered](), Counter[str]()
    while week < FIRST_OF_THE_LAST:
        counted = conversations(random, mean)
        hours.update({name: value for name, value in counted.items() if name.startswith("wanted_")})
        now = Counter({name: value for name, value in counted.items() if name not in hours})
        if week == week.month.weeks[-1]:
            now, hours = now + hours, Counter()
        told, left = close(
            service, week, FIRST, left, now, lambda _: held_back(lambda: random.randrange(256))
        )
        yield from told
        week = week.after


FIRST_OF_THE_LAST: Final = Week(FIRST.monday + timedelta(weeks=52 * YEARS))
"""The week that is closed by the clock."""


async def timed(what: Callable[[], Awaitable[object]]) -> float:
    """Return the median of some runs, in milliseconds."""
    took = []
    for _ in range(READS):
        began = perf_counter()
        await what()
        took.append((perf_counter() - began) * 1_000)
    return statistics.median(took)


async def fill(database: Database, store: SqlStore) -> int:
    """Store five years of figures and the last week's counters; return how many figures."""
    random, stored = Random(1), 0
    kinds = [list(years(random, ServiceId("like"), mean)) for mean in PER_WEEK]
    for number in range(SERVICES):
        service, told = ServiceId(f"service-{number:03}"), kinds[number % len(kinds)]
        rows = packed.rows(replace(each, service=service) for each in told)
        await database.run_write(partial(_insert, rows=rows))
        stored += len(told)
        for day in range(7):
            when = FIRST_OF_THE_LAST.monday + timedelta(days=day)
            counted = conversations(random, max(1, PER_WEEK[number % len(PER_WEEK)] // 7))
            await store.count(
                [
                    Count(
                        service, FIRST_OF_THE_LAST.monday if "wanted" in name else when, ToldCounter(name), by
                    )
                    for name, by in counted.items()
                ]
            )
    return stored


def _insert(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(insert(figure), rows)


async def closing(figures: SqlFigures, last: Week) -> tuple[float, float]:
    """Close what is over; return all of it in seconds, and the longest transaction in milliseconds."""
    began, longest = perf_counter(), 0.0
    for service, week in await figures.behind(last):
        one = perf_counter()
        await figures.close(service, week)
        longest = max(longest, perf_counter() - one)
    return perf_counter() - began, longest * 1_000


async def clearing(database: Database, store: SqlStore) -> None:
    """Write the file anew while messages come; say how long it took, and how long one of them had to wait."""
    waited, took = [], []
    for _ in range(REWRITES):
        began = perf_counter()
        rewriting = asyncio.create_task(database.rewrite())
        await asyncio.sleep(0)
        await store.count([Count(ServiceId("service-000"), FIRST_OF_THE_LAST.monday, Counted.ANSWERED)])
        waited.append((perf_counter() - began) * 1_000)
        assert await rewriting
        took.append((perf_counter() - began) * 1_000)
    await database.clear_log()
    print(f"clearing: {statistics.median(took):.0f} ms, a write waited {max(waited):.0f} ms")


async def main() -> None:
    """Make the years, read them, close a week, and say what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.sqlite"
        url = f"sqlite+aiosqlite:///{file}"
        migrate(url)
        database = await Database.open(url)
        store, figures = SqlStore(database), SqlFigures(database, SystemRandomness())
        print(f"{await fill(database, store):,} figures, {file.stat().st_size / 2**20:.0f} MiB")
        last = FIRST_OF_THE_LAST
        mine = [ServiceId(f"service-{number:03}") for number in range(OF_AN_ORGANISATION)]
        for service, mean in zip(mine, PER_WEEK, strict=True):
            if mean in {20, 90, 250}:
                rows = len(await figures.told(service, FIRST, last))
                took = await timed(partial(figures.told, service, FIRST, last))
                print(f"told, 5 years, {mean} a week: {rows:,} figures in {took:.1f} ms")
        print(f"sums, 5 years, 10 services: {await timed(lambda: figures.sums(mine, FIRST, last)):.1f} ms")
        year = Week(last.monday - timedelta(weeks=52))
        print(f"sums, 1 year, 10 services: {await timed(lambda: figures.sums(mine, year, last)):.1f} ms")
        names = [Counted.ANSWERED, Counted.ENDED]
        took = await timed(lambda: figures.sums(mine, FIRST, last, names))
        print(f"sums of two counters, 5 years, 10 services: {took:.1f} ms")
        print(f"nothing to close: {await timed(lambda: figures.behind(last.before)):.1f} ms")
        whole, longest = await closing(figures, last)
        print(f"closing a week of {SERVICES} services: {whole:.2f} s, the longest {longest:.1f} ms")
        await clearing(database, store)
        await store.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
