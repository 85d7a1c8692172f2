# SPDX-License-Identifier: EUPL-1.2
"""What a board costs: one reading for everybody who looks, in as many queries for 40 services as for one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chat.catalogue import Service
from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId, Track
from chat.live.board import KEPT, Board
from chat.ports import Bell, Doorbell
from tests.unit.chat.making import a_conversation

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
READS = ["active_count", "counters", "duties", "hands", "loads", "waiting"]
A, B, C = (ServiceId(each) for each in "abc")


class Asked:
    """A store that notes what it is asked, and in which somebody waits in every service."""

    def __init__(self) -> None:
        self.reads: list[str] = []
        self.services: list[ServiceId] = []
        self.wait = asyncio.Event()
        self.wait.set()
        self.begun = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        async def read(services: Collection[ServiceId], *_: date) -> Any:
            self.reads.append(name)
            if name == "waiting":
                self.services.extend(services)
                self.begun.set()
                await self.wait.wait()
                return [a_conversation(f"c-{each}", service=each) for each in services]
            return {} if name in {"counters", "active_count", "loads"} else []

        return read


class Moment:
    """A clock that stands until it is moved."""

    now_is = NOW

    def now(self) -> datetime:
        """Return the moment."""
        return self.now_is


class NoTalks:
    """Nobody wants to talk."""

    async def all(self, now: datetime) -> tuple[()]:
        """Return nothing."""
        return ()


def service(id_: ServiceId) -> Service:
    """Return a service that is open in the evening."""
    hours = OpeningHours.parse("Mo-Su 18:00-21:00", last_chat_minutes=20)
    return Service(id=id_, organisation=OrganisationId("o"), track=Track.EXPOSED, hours=hours)


@pytest.fixture
def store() -> Asked:
    """A store to be asked."""
    return Asked()


@pytest.fixture
def clock() -> Moment:
    """A clock to be moved."""
    return Moment()


@pytest.fixture
def board(store: Asked, clock: Moment) -> Board:
    """A board over 280 services."""
    many: Mapping[ServiceId, Service] = {
        id_: service(id_) for id_ in (A, B, C, *(ServiceId(f"s{each}") for each in range(277)))
    }
    return Board(store, clock, many, NoTalks())  # type: ignore[arg-type]


async def test_three_services_of_many_cost_six_queries_rows_and_alerts_together(
    board: Board, store: Asked
) -> None:
    """As many as one service, or forty; and only those that were asked for are looked at."""
    await board.rows([A, B, C])
    alerts = await board.alerts([A, B, C])
    assert sorted(store.reads) == READS
    assert sorted(store.services) == [A, B, C]
    assert [each.service for each in alerts.unattended] == [A, B, C]
    store.reads.clear()
    await board.rows([ServiceId(f"s{each}") for each in range(40)])
    assert sorted(store.reads) == READS


async def test_many_who_look_at_once_share_one_reading(board: Board, store: Asked) -> None:
    """Whoever comes while it is read waits for it; who looks at one more service adds only that."""
    store.wait.clear()
    looking = [asyncio.create_task(board.rows([A, B])) for _ in range(20)]
    more = asyncio.create_task(board.rows([A, C]))
    await asyncio.sleep(0)
    store.wait.set()
    rows = await asyncio.gather(*looking)
    assert all([row.service for row in each] == [A, B] for each in rows)
    assert [row.service for row in await more] == [A, C]
    assert store.services == [A, B, C]


async def test_reading_is_old_after_a_second_and_at_once_when_it_changed(
    board: Board, store: Asked, clock: Moment
) -> None:
    """Waits go on while a reading is kept; a doorbell of one service leaves the others alone."""
    (first, _) = await board.rows([A, B])
    clock.now_is = NOW + KEPT / 2
    (later, _) = await board.rows([A, B])
    assert (store.services, first.waiting, later.waiting) == ([A, B], 1, 1)
    board.hear(Doorbell(bell=Bell.WAITING_ROOM, service=B))
    await board.rows([A, B])
    assert store.services == [A, B, B]
    clock.now_is = NOW + KEPT
    await board.rows([A])
    assert store.services == [A, B, B, A]


async def test_what_changes_while_it_is_read_is_read_again(board: Board, store: Asked) -> None:
    """A reading that a doorbell overtook is not kept for the next who looks."""
    store.wait.clear()
    looking = asyncio.create_task(board.rows([A]))
    await store.begun.wait()
    board.hear(Doorbell(bell=Bell.WAITING_ROOM, service=A))
    store.wait.set()
    await looking
    await board.rows([A])
    assert store.services == [A, A]


async def test_row_says_until_when_it_is_open_or_when_it_opens(board: Board, clock: Moment) -> None:
    """In UTC; at eight in the evening here, and after nine."""
    (row,) = await board.rows([A])
    assert (row.open, row.closes_at, row.opens_at) == (True, NOW + timedelta(hours=1), None)
    assert row.takes_new
    clock.now_is = NOW + timedelta(minutes=40)
    (row,) = await board.rows([A])
    assert (row.open, row.takes_new) == (True, False)
    clock.now_is = NOW + timedelta(hours=2)
    (row,) = await board.rows([A])
    assert (row.open, row.closes_at, row.opens_at) == (False, None, NOW + timedelta(hours=22))
    assert await board.rows([ServiceId("nowhere")]) == []
