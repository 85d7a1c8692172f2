# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the statistics cost at five years of 280 services: `python -m bench.statistics_page`.

Real store, real pages, without a network. Most of the time goes to making the years, so it is no part of
`make bench`.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any, Final

import httpx
from msgspec.structs import replace
from sqlalchemy import insert

from bench.many_services import multiplied
from chat.adapters.sql import packed
from chat.adapters.sql.database import Database
from chat.adapters.sql.tables import figure
from chat.adapters.system import SystemClock
from chat.grid import Week
from chat.histograms import LASTED, WAITED, wanted
from chat.ids import ServiceId
from chat.published import FEWEST_SHOWN, Figure
from chat.statistics import Counted
from chat.wrapping_up import counters
from web import demo
from web.accounts.account import StaffRole
from web.app import create_app
from web.bootstrap import open_house, today
from web.house import House
from web.security import OwnOrigins

SERVICES: Final = 280
MINE: Final = 10
YEARS: Final = 5
PER_WEEK: Final = (4, 8, 12, 20, 30, 45, 60, 90, 150, 250)
"""Conversations a week of ten services; all others are like one of these."""
ASKED: Final = 15
BOUND_MS: Final = 150
PASSWORD: Final = "en lång mening för en mätning"  # noqa: S105 - of an account that lives for a minute


def week_of(random: Random, mean: int) -> Counter[str]:
    """Return what the conversations of a week add to the counters."""
    counted = Counter({"shifts": max(1, mean // 8)})
    vocabularies = list(counters().values())
    for _ in range(mean):
        counted[wanted(random.randrange(7), int(random.triangular(0, 24, 20)))] += 1
        if random.random() < 0.3:
            counted[random.choice(("refused_closed", "abandoned_waiting", "abandoned_offered"))] += 1
            continue
        counted.update(("answered", "ended", random.choice(WAITED.counters), random.choice(LASTED.counters)))
        counted.update(random.choice(names) for names in vocabularies)
        counted.update(random.sample([each.value for each in Counted], 3))
    return counted


def years(random: Random, mean: int, last: Week) -> list[Figure]:
    """Return the figures of some years of one service."""
    week = Week(last.monday - timedelta(weeks=52 * YEARS))
    left, since = Counter[str](), dict[str, Week]()
    told = []
    while week <= last:
        left.update(week_of(random, mean))
        for name in [name for name, value in left.items() if value >= FEWEST_SHOWN]:
            if name.startswith("wanted_") and week != week.month.weeks[-1]:
                continue
            sevens = left[name] - left[name] % FEWEST_SHOWN
            left[name] -= sevens
            told.append(Figure(ServiceId("like"), name, since.get(name, week), week, sevens))
            since[name] = week.after
        week = week.after
    return told


async def fill(database: Database, services: list[ServiceId]) -> int:
    """Store the years of every service; return how many figures."""
    last = Week.last_closed(SystemClock().now())
    kinds = [years(Random(mean), mean, last) for mean in PER_WEEK]
    stored = 0
    for number, service in enumerate(services):
        told = kinds[number % len(kinds)]
        rows = packed.rows(replace(each, service=service) for each in told)
        async with database.write() as connection:
            await connection.execute(insert(figure), rows)
        stored += len(told)
    return stored


async def measured(house: House, token: str, path: str) -> tuple[float, float, int]:
    """Return the medians of some answers and of their processor time in ms, and how large one is."""
    app = create_app(house, OwnOrigins.from_urls([house.settings.public_url]))
    headers = {"Cookie": f"__Host-staff={token}"}
    took, busy, size = [], [], 0
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=house.settings.public_url) as browser:
        for _ in range(ASKED):
            began, worked = perf_counter(), process_time()
            answer = await browser.get(path, headers=headers)
            took.append((perf_counter() - began) * 1_000)
            busy.append((process_time() - worked) * 1_000)
            size = len(answer.raise_for_status().content)
    return statistics.median(took), statistics.median(busy), size


async def pages(folder: Path, count: int = SERVICES) -> dict[str, Any]:
    """Return what each page costs somebody who sees ten services of `count`, each with years of figures."""
    settings = demo.demo_settings(folder, 8000)
    site = multiplied(demo.demo_site(8000, 3, today()), max(count, MINE))
    async with open_house(settings, site) as house:
        services = list(site.services)
        database = await Database.open(settings.database_url)
        figures = await fill(database, services)
        await database.close()
        await house.accounts.add("birgit", PASSWORD, StaffRole.SUPERVISOR, services[:MINE])
        signed_in = await house.accounts.sign_in("birgit", PASSWORD, network=b"")
        busiest = services[len(PER_WEEK) - 1]
        last_year = Week.last_closed(house.clock.now()).year - 1
        paths = {
            "one service, a year": f"?service={busiest}&period={last_year}",
            "one service, a month": f"?service={busiest}&period={last_year}-10",
            "one service, a year, CSV": f".csv?service={busiest}&period={last_year}",
            "ten services, a year": f"?period={last_year}",
            "ten services, a month": f"?period={last_year}-10",
            "ten services, the year's page": f"/year/{last_year}",
        }
        found: dict[str, Any] = {"services": len(services), "figures": figures, "pages": {}}
        for name, path in paths.items():
            took, busy, size = await measured(house, signed_in.token, f"/supervisor/statistics{path}")
            kib = round(size / 1024)
            found["pages"][name] = {"ms": round(took, 1), "processor_ms": round(busy, 1), "kib": kib}
        return found


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the figures in words, a line each."""
    of = f"{found['services']} services"
    return [
        (
            f"statistics ({of}), {name}",
            f"{each['ms']} ms, {each['processor_ms']} of the processor, {each['kib']} KiB; bound {BOUND_MS}",
        )
        for name, each in found["pages"].items()
    ]


def main() -> None:
    """Make the years, ask for each page, and say what it cost."""
    with tempfile.TemporaryDirectory() as name:
        for title, text in rows(asyncio.run(pages(Path(name)))):
            print(f"{title:60} {text}")


if __name__ == "__main__":
    main()
