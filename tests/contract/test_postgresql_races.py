# SPDX-License-Identifier: EUPL-1.2
"""Several hosts over one PostgreSQL that want the same at once: one wins, nothing is lost or hangs."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from chat.adapters.sql import postgresql
from chat.adapters.sql.database import Database
from chat.adapters.sql.postgresql import is_deadlock
from chat.adapters.sql.store import SqlStore
from chat.errors import Refused, Stale
from chat.ports import Store
from tests.contract.appender import speak
from tests.contract.made import (
    JOUR,
    NOW,
    TODAY,
    claiming,
    client_id,
    conversation,
    count,
    duty,
    duty_id,
    ending,
    live,
    returning,
    saying,
    start,
)

Two = tuple[SqlStore, SqlStore]


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[Two]:
    """One store, as two hosts have it open."""
    async with AsyncExitStack() as opened:

        async def open_store() -> SqlStore:
            database = await Database.open(postgresql_url)
            opened.push_async_callback(database.close)
            store = SqlStore(database)
            opened.push_async_callback(store.close)
            return store

        yield await open_store(), await open_store()


async def all_said(store: Store, conversations: int, by: set[int]) -> None:
    """Every message is there once, and the numbers of each conversation have no gap."""
    found = []
    for number in range(conversations):
        entries = await store.entries(conversation(number).id, 0)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert (await live(store, number)).version == len(entries)
        found += [entry.client_id for entry in entries]
    assert len(found) == len(by)
    assert set(found) == {client_id(number) for number in by}


async def test_thousands_of_appends_by_two_hosts_have_no_gap(two: Two) -> None:
    """Visitor and operator sit on different hosts and write at once, in ten conversations."""
    for number in range(10):
        await start(two[0], number)
    await asyncio.gather(*(speak(store, which, 10, 1000) for which, store in enumerate(two)))
    await all_said(two[0], 10, set(range(2000)))


async def test_appends_by_two_real_processes_have_no_gap(two: Two, postgresql_url: str) -> None:
    """The same with interpreters of their own, and this one as the third."""
    for number in range(4):
        await start(two[0], number)
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.contract.appender", postgresql_url, str(which), "4", "300"
        )
        for which in (1, 2)
    ]
    await speak(two[0], 0, 4, 300)
    assert await asyncio.gather(*(program.wait() for program in programs)) == [0, 0]
    await all_said(two[1], 4, set(range(900)))


async def test_thousand_claims_on_two_hosts_have_one_winner_each(two: Two) -> None:
    """Twenty at a time: the store names the winner, the loser is stale, and the loads are right."""
    claimed = [0, 0]
    for which, store in enumerate(two):
        await store.put_duty(duty(which, JOUR))

    async def race(number: int) -> None:
        stored = await start(two[number % 2], number)
        calls = [store.commit(claiming(stored, which, capacity=2000)) for which, store in enumerate(two)]
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert sorted(map(repr, found)) == ["None", "Stale()"]
        winner = found.index(None)
        claimed[winner] += 1
        for store in two:
            assert (await live(store, number)).conversation.operator == duty_id(winner)
        (joined,) = await two[0].entries(stored.conversation.id, 0)
        assert joined.alias == f"Alias {winner}"

    for first in range(0, 1000, 20):
        await asyncio.gather(*(race(number) for number in range(first, first + 20)))
    assert await two[0].loads([JOUR]) == {duty_id(which): claimed[which] for which in (0, 1)}
    assert (await two[1].counters([JOUR], TODAY))[JOUR]["answered"] == 1000


@dataclass
class Storm:
    """Claims, ends, wraps, duties that come and go, and everybody marked away, all at once on two hosts.

    Each conversation is one host's, so that what was said is known; rows and duties are everybody's.
    """

    two: Two
    conversations: int = 60
    duties: int = 6
    rounds: int = 25
    ended: int = 0
    told: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def rage(self) -> None:
        """Return when everybody has done all of it."""
        for number in range(self.duties):
            await self.two[0].put_duty(duty(number, JOUR))
        for number in range(self.conversations):
            await start(self.two[0], number)
        beside = [self._come_and_go(which) for which in (0, 1)] + [self._away()]
        others = asyncio.gather(*beside)
        await asyncio.gather(*(self._talk(which) for which in (0, 1)))
        self.is_over.set()
        await others

    async def _talk(self, which: int) -> None:
        numbers = list(range(which, self.conversations, 2))
        for turn in range(self.rounds):
            self.chance.shuffle(numbers)
            calls = [self._step(self.two[which], number, 2 * turn + which) for number in numbers]
            for failed in await asyncio.gather(*calls, return_exceptions=True):
                if failed is not None and not isinstance(failed, Refused | Stale):
                    raise failed

    async def _step(self, store: SqlStore, number: int, turn: int) -> None:
        stored = await store.load(conversation(number).id)
        if stored is None:
            wraps = {duty_id(each): b"wrap" for each in reversed(range(self.duties))}
            await start(store, number, wraps=wraps)
            return
        is_held = stored.conversation.operator is not None
        if self.chance.random() < 0.1:
            await store.commit(ending(stored))
            self.told[number].clear()
            self.ended += 1
        elif not is_held and self.chance.random() < 0.5:
            await store.commit(claiming(stored, self.chance.randrange(self.duties), capacity=5))
        elif is_held and self.chance.random() < 0.3:
            await store.commit(returning(stored))
        else:
            await store.commit(saying(stored, 1000 * number + turn))
            self.told[number].add(1000 * number + turn)

    async def _come_and_go(self, which: int) -> None:
        turns = itertools.count()
        while not self.is_over.is_set():
            turn = next(turns)
            number = (turn * 5 + which) % self.duties
            await self.two[which].remove_duty(duty_id(number))
            await self.two[which].put_duty(duty(number, JOUR), begun=(count(),))
            wraps = {duty_id(each): b"new" for each in range(self.duties)}
            await self.two[which].add_wraps(conversation(turn % self.conversations).id, wraps)

    async def _away(self) -> None:
        while not self.is_over.is_set():
            await self.two[0].mark_all_away(NOW)


async def test_storm_of_opposite_orders_loses_nothing_and_hangs_never(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are locked in one order, so the server has no deadlock to end. Without `dialect.lock` it has."""
    deadlocks: list[BaseException | None] = []

    def noted(error: BaseException | None) -> bool:
        if is_deadlock(error):
            deadlocks.append(error)
        return is_deadlock(error)

    monkeypatch.setattr(postgresql, "is_deadlock", noted)
    storm = Storm(two)
    async with asyncio.timeout(120):
        await storm.rage()
    assert storm.ended > 5
    for number in range(storm.conversations):
        entries = await two[0].entries(conversation(number).id, 0)
        said = {entry.client_id for entry in entries if entry.client_id is not None}
        assert said == {client_id(each) for each in storm.told[number]}
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert (await two[1].counters([JOUR], TODAY))[JOUR]["ended"] == storm.ended
    assert deadlocks == []
