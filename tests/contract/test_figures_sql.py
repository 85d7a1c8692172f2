# SPDX-License-Identifier: EUPL-1.2
"""Weeks closed in a database: whole or not at all, once, in order, and nothing small is left by day."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, make_url

from chat.adapters.sql import packed, schema
from chat.adapters.sql.database import Database
from chat.adapters.sql.figures import SqlFigures, leave_out_told
from chat.adapters.sql.store import SqlStore
from chat.adapters.sql.tables import metadata
from chat.errors import Unavailable
from chat.grid import Month, Week
from chat.histograms import wanted
from chat.ids import ServiceId
from chat.published import TOLD, Figure
from chat.statistics import Count, Counted, ToldCounter
from tests.contract.conftest import ON_SQLITE

LINDEN, EKEN = ServiceId("linden"), ServiceId("eken")
FIRST = Month(2026, 11).weeks[0]
SECOND = FIRST.after


class Fair:
    """A source of chance that never holds anything back."""

    def bytes(self, count: int) -> bytes:
        """Return the same."""
        return bytes([255]) * count


class Books:
    """One process's store and figures, over a database of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlStore(database)
        self.figures = SqlFigures(database, Fair())

    async def count(self, week: Week, name: str, by: int, service: ServiceId = LINDEN, day: int = 0) -> None:
        """Count on a day of a week."""
        when = week.monday + timedelta(days=day)
        await self.store.count([Count(service, when, ToldCounter(name), by)])

    async def told(self, service: ServiceId = LINDEN) -> list[tuple[str, Week, Week, int]]:
        """Return everything that was told."""
        found = await self.figures.told(service, Week(date(2020, 1, 6)), Week(date(2030, 1, 7)))
        return [(each.name, each.since, each.week, each.value) for each in found]

    async def close_up_to(self, last: Week) -> None:
        """Close all that is over."""
        while behind := await self.figures.behind(last):
            for service, week in behind:
                await self.figures.close(service, week)

    async def by_day(self, service: ServiceId = LINDEN) -> dict[str, int]:
        """Return all counters that stand under any day."""
        return (await self.store.counters([service], date(2020, 1, 1), date(2030, 1, 1)))[service]


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    """One process."""
    database = await Database.open(database_url)
    opened = Books(database)
    yield opened
    await opened.store.close()
    await database.close()


@pytest.fixture
async def others(database_url: str) -> AsyncIterator[Books]:
    """A second process on the same database."""
    database = await Database.open(database_url)
    opened = Books(database)
    yield opened
    await opened.store.close()
    await database.close()


Rows = dict[str, list[tuple[Any, ...]]]


def everything(database_url: str) -> Rows:
    """Return all rows of the tables of the chat."""
    with schema._Opened(database_url) as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(table.select()))
            for table in metadata.sorted_tables
        }


async def test_week_that_is_over_becomes_figures_and_its_counters_go(books: Books) -> None:
    """The days of a week together, by sevens; of the running one nothing; what is never told goes too."""
    for day in range(7):
        await books.count(FIRST, Counted.ANSWERED, 2, day=day)
    await books.count(FIRST, Counted.STARTED, 14)
    await books.count(FIRST, Counted.SHIFT_FELT_HEAVY, 1)
    await books.count(FIRST, Counted.ENDED, 4)
    await books.count(SECOND, Counted.ENDED, 5)
    assert await books.figures.behind(FIRST) == [(LINDEN, FIRST)]
    assert await books.figures.close(LINDEN, FIRST)
    assert await books.told() == [("answered", FIRST, FIRST, 14)]
    assert await books.by_day() == {"ended": 5}
    assert await books.figures.behind(FIRST) == []
    await books.close_up_to(SECOND)
    assert await books.told() == [("answered", FIRST, FIRST, 14), ("ended", FIRST, SECOND, 7)]
    assert await books.by_day() == {}


async def test_what_comes_too_late_is_gathered_with_the_next_week(books: Books) -> None:
    """A form of Sunday that is filled in on Monday: nothing that was told changes."""
    await books.count(FIRST, Counted.ANSWERED, 7)
    await books.close_up_to(FIRST)
    await books.count(FIRST, Counted.ANSWERED, 8, day=6)
    assert await books.figures.behind(FIRST) == []
    assert not await books.figures.close(LINDEN, FIRST)
    assert await books.told() == [("answered", FIRST, FIRST, 7)]
    await books.close_up_to(SECOND)
    assert await books.told() == [("answered", FIRST, FIRST, 7), ("answered", SECOND, SECOND, 7)]


async def test_backup_that_is_put_back_tells_no_week_again(books: Books) -> None:
    """Its week is over, and a server that is gone may have told it: it goes, with what was left over.

    So does one that was closed a moment after the backup. What comes after is told as ever.
    """
    third = SECOND.after

    async def put_back(made_in: Week, last: Week) -> bool:
        return await books.database.run_write(lambda connection: leave_out_told(connection, made_in, last))

    await books.count(FIRST, Counted.ANSWERED, 10)
    await books.close_up_to(FIRST)
    await books.count(FIRST, Counted.ANSWERED, 3, day=6)
    assert not await put_back(SECOND, FIRST), "the week of the backup goes on: nothing was told since"
    await books.count(SECOND, Counted.ANSWERED, 3)
    assert await put_back(SECOND, SECOND)
    assert await books.figures.behind(SECOND) == []
    await books.count(third, Counted.ANSWERED, 8)
    await books.count(third, Counted.ANSWERED, 7, service=EKEN)
    await books.close_up_to(third)
    first = ("answered", FIRST, FIRST, 7)
    assert await books.told() == [first, ("answered", third, third, 7)]
    await books.count(third.after, Counted.ANSWERED, 70, service=EKEN)
    assert await put_back(third.after.after, third.after)
    assert await books.by_day() == {}
    await books.count(third.after.after, Counted.ANSWERED, 6)
    await books.count(third.after.after, Counted.ANSWERED, 7, service=EKEN)
    await books.close_up_to(third.after.after)
    assert await books.told(EKEN) == [
        ("answered", third, third, 7),
        ("answered", third.after.after, third.after.after, 7),
    ]
    assert await books.told() == [
        first,
        ("answered", third, third, 7),
        ("answered", third.after, third.after.after, 7),
    ], "the other service was not behind, and keeps what was left over"


async def test_hours_of_the_week_are_closed_with_their_month(books: Books) -> None:
    """They stand under the first Monday of it, until its last week is over."""
    await books.count(FIRST, wanted(6, 2), 9)
    weeks = FIRST.month.weeks
    for week in weeks[:-1]:
        await books.count(week, Counted.ANSWERED, 1)
        await books.close_up_to(week)
        assert await books.by_day() == {"wanted_6_02": 9}
    await books.close_up_to(weeks[-1])
    assert await books.told() == [("wanted_6_02", FIRST, weeks[-1], 7)]
    await books.count(weeks[-1].after, wanted(0, 0), 9)
    await books.close_up_to(weeks[-1].after)
    assert await books.by_day() == {"wanted_0_00": 9}


async def test_old_database_is_closed_in_order(books: Books) -> None:
    """A year of counters, also of services that are no longer there; each by itself."""
    random, truth = Random(3), {LINDEN: 0, EKEN: 0}
    week = FIRST
    for _ in range(30):
        for service in truth:
            count = random.choice((0, 0, 1, 3, 20))
            if count:
                await books.count(week, Counted.ANSWERED, count, service)
                truth[service] += count
        week = week.after
    await books.close_up_to(week)
    for service, whole in truth.items():
        told = await books.told(service)
        assert [each[2] for each in told] == sorted(each[2] for each in told)
        assert sum(each[3] for each in told) == whole - whole % 7
        assert all(each[1] == before[2].after for before, each in pairwise(told))
        assert await books.by_day(service) == {}


async def test_two_processes_close_the_same_week_and_one_does(books: Books, others: Books) -> None:
    """At the same moment, again and again."""
    week = FIRST
    for number in range(20):
        await books.count(week, Counted.ANSWERED, 7)
        done = await asyncio.gather(*(each.figures.close(LINDEN, week) for each in (books, others)))
        assert sorted(done) == [False, True]
        assert len(await books.told()) == number + 1
        week = week.after


@pytest.mark.parametrize("statement", ["INSERT INTO figure", "INSERT INTO gathered", "DELETE FROM counter"])
async def test_crash_half_way_leaves_all_as_it_was(books: Books, database_url: str, statement: str) -> None:
    """Nothing twice, nothing lost; the next try closes it whole."""
    await books.count(FIRST, Counted.ANSWERED, 16)
    before = everything(database_url)
    engine = books.database._blocking

    def kill(_: object, __: object, text: str, *___: object) -> None:
        if text.startswith(statement):
            raise RuntimeError("killed here")

    event.listen(engine, "after_cursor_execute", kill)
    with pytest.raises(RuntimeError, match="killed here"):
        await books.figures.close(LINDEN, FIRST)
    event.remove(engine, "after_cursor_execute", kill)
    assert everything(database_url) == before
    await books.close_up_to(FIRST)
    assert await books.told() == [("answered", FIRST, FIRST, 14)]
    assert ("linden", "answered", 20766, 2) in everything(database_url)["gathered"]


async def test_locked_database_is_a_fault_that_passes(database_url: str) -> None:
    """It is closed at the next look."""
    database = await Database.open(database_url, busy_timeout=0.01)
    books = Books(database)
    await books.count(FIRST, Counted.ANSWERED, 7)
    other = await Database.open(database_url)
    async with other.write():
        with pytest.raises(Unavailable):
            await books.figures.close(LINDEN, FIRST)
    assert await books.figures.close(LINDEN, FIRST)
    await books.store.close()
    await database.close()
    await other.close()


async def test_sums_are_those_of_the_figures(books: Books) -> None:
    """By service and counter, of some weeks and of some counters; nothing of anybody else's."""
    for week in (FIRST, SECOND, SECOND.after):
        for service, name, by in ((LINDEN, "answered", 7), (LINDEN, "ended", 14), (EKEN, "answered", 21)):
            await books.count(week, name, by, service)
        await books.close_up_to(week)
    both, last = [LINDEN, EKEN, ServiceId("new")], SECOND.after
    assert await books.figures.sums(both, SECOND, last) == {
        LINDEN: {"answered": 14, "ended": 28},
        EKEN: {"answered": 42},
        ServiceId("new"): {},
    }
    assert await books.figures.sums([LINDEN], FIRST, last, ["ended"]) == {LINDEN: {"ended": 42}}
    assert await books.figures.first_week(LINDEN) == FIRST
    assert await books.figures.first_week(ServiceId("new")) is None
    assert await books.figures.told(EKEN, SECOND, SECOND) == [Figure(EKEN, "answered", SECOND, SECOND, 21)]


async def test_weeks_that_are_behind_are_told_all_at_once(books: Books) -> None:
    """A long stop: each week that gathers anything, in order; what came late with the one after the last."""
    third, month = SECOND.after, FIRST.month.weeks[-1]
    await books.count(FIRST, Counted.ENDED, 1)
    assert await books.figures.close(LINDEN, FIRST)
    await books.count(FIRST, Counted.ENDED, 1, day=6)
    await books.count(FIRST, wanted(6, 2), 1)
    for week in (third, month.after):
        await books.count(week, Counted.ANSWERED, 1, day=2)
        await books.count(week, Counted.ANSWERED, 1, day=4)
    await books.count(SECOND, Counted.ANSWERED, 1, EKEN)
    await books.count(month.after, wanted(6, 2), 1, EKEN)
    assert await books.figures.behind(FIRST) == []
    assert await books.figures.behind(third) == [(EKEN, SECOND), (LINDEN, SECOND), (LINDEN, third)]
    mine = [SECOND, third, month, month.after]
    behind = await books.figures.behind(month.after)
    assert behind == [(EKEN, SECOND), *((LINDEN, week) for week in mine)]
    assert all([await books.figures.close(service, week) for service, week in behind])
    assert await books.figures.behind(month.after) == []
    assert await books.by_day(LINDEN) == {}
    assert await books.by_day(EKEN) == {"wanted_6_02": 1}


@ON_SQLITE
async def test_no_read_goes_through_the_counters_of_everybody(books: Books, database_url: str) -> None:
    """After weeks of standing still there are very many, and whoever reads on that lane would wait.

    On SQLite, as PostgreSQL goes through a small table from end to end on purpose.
    """
    await books.count(FIRST, Counted.ANSWERED, 1)
    await books.count(FIRST, wanted(6, 2), 1, EKEN)
    asked: list[tuple[str, Any]] = []
    engine = books.database._blocking
    event.listen(
        engine, "before_cursor_execute", lambda _, __, text, values, *___: asked.append((text, values))
    )
    await books.close_up_to(SECOND)
    file = make_url(database_url).database
    assert file is not None
    with closing(sqlite3.connect(file)) as connection:
        plans = {
            text: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
            for text, values in asked
            if "counter" in text
        }
    assert len(plans) == 3
    for text, plan in plans.items():
        assert not [line for line in plan if line.startswith("SCAN counter")], (text, plan)


async def test_week_of_a_service_is_one_small_row(books: Books, database_url: str) -> None:
    """The file is written anew whole after chats, while nobody can write, and figures are kept for good."""
    week = FIRST
    for _ in range(5):
        await books.store.count(
            [Count(LINDEN, week.monday, ToldCounter(n), 7 * (1 + i % 9)) for i, n in enumerate(sorted(TOLD))]
        )
        await books.close_up_to(week)
        week = week.after
    rows = everything(database_url)["figure"]
    kept, length = len(rows), sum(len(told) for _, _, told in rows)
    told = await books.told()
    assert kept == 5
    assert len(told) > 5 * 100
    assert length < 6 * len(told), "in a row of its own each takes more than forty"


def test_what_was_stored_once_can_be_read_for_good() -> None:
    """Figures are never written anew: a row of the first version, byte by byte."""
    stored = bytes.fromhex("9bbc2531afb83cb5283545a13c31af243525de2cdec0681223c324be339700")
    told = [Figure(LINDEN, "answered", FIRST, SECOND, 14), Figure(LINDEN, "wanted_6_02", SECOND, SECOND, 210)]
    assert list(packed.figures(LINDEN, 20766, stored, None)) == told
