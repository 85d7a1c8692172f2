# SPDX-License-Identifier: EUPL-1.2
"""Who is counted together, for how long, and that no address is kept."""

from __future__ import annotations

import asyncio
import gc
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chat.errors import TooManyTries
from moderation.admission import OWN, Admitted
from moderation.work import is_solved
from web.lanes import Lanes
from web.limits import CODES, CODES_WAITING, WAITED_S, Limits, Task
from web.security import network_prefix
from web.tellings import Tellings

EVENING = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
HERS, OTHERS = network_prefix("198.51.100.7"), network_prefix("203.0.113.1")


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = EVENING

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def trusted(self) -> bool:
        """Nothing is wrong with it."""
        return True

    async def sleep(self, seconds: float) -> None:
        """Nobody sleeps here."""
        raise NotImplementedError


class Keys:
    """A key of each day."""

    def today(self, now: datetime) -> tuple[int, bytes]:
        """Return the day and its key."""
        day = now.toordinal()
        return day, day.to_bytes(32)

    def for_day(self, day: int) -> bytes | None:
        """Return the key of a day."""
        return day.to_bytes(32)

    def forget_old(self, now: datetime) -> list[int]:
        """Nothing grows old here."""
        return []


class Numbers:
    """Other bytes each time."""

    def __init__(self) -> None:
        self._next = count(1)

    def bytes(self, length: int) -> bytes:
        """Return the next number."""
        return next(self._next).to_bytes(length)


def limits(*, loopback: bool = True) -> tuple[Limits, Clock]:
    """Return limits and the clock in their hand."""
    clock = Clock()
    return Limits(clock, Numbers(), Keys(), Tellings(clock), loopback=loopback), clock


def asked(of: Limits, network: bytes = HERS) -> Task:
    """Use up a network's allowance and return the work that it is asked for then."""
    while (verdict := of.start(network, 0)) == Admitted():
        pass
    assert isinstance(verdict, Task)
    return verdict


def solve(task: Task) -> str:
    """Return a nonce."""
    return next(nonce for nonce in map(str, count()) if is_solved(task.challenge, nonce, task.bits))


def test_limits_count_the_addresses_of_one_network_together() -> None:
    """All of a /24, or of a /56; a neighbour is somebody else."""
    for one, same, other in (
        ("198.51.100.7", "198.51.100.200", "198.51.101.7"),
        ("2001:db8:0:1200::7", "2001:db8:0:12ff::8", "2001:db8:0:1300::7"),
        ("::ffff:198.51.100.7", "198.51.100.8", "198.51.99.8"),
    ):
        house, _ = limits()
        asked(house, network_prefix(one))
        assert isinstance(house.start(network_prefix(same), 0), Task)
        assert house.start(network_prefix(other), 0) == Admitted()


def test_limits_let_in_once_for_a_solved_challenge() -> None:
    """The second time it is asked for anew."""
    house, _ = limits()
    task = asked(house)
    nonce = solve(task)
    assert house.start(HERS, 0, task.challenge, nonce) == Admitted()
    assert isinstance(house.start(HERS, 0, task.challenge, nonce), Task)


def test_limits_know_nobody_any_more_the_next_day() -> None:
    """At midnight a network is another key: what it took is forgotten, and so is what it was asked for."""
    house, clock = limits()
    clock.moment += timedelta(minutes=29)
    task = asked(house)
    nonce = solve(task)
    clock.moment += timedelta(minutes=2)
    assert house.start(HERS, 0) == Admitted()
    again = asked(house)
    assert again.challenge != task.challenge
    assert isinstance(house.start(HERS, 0, task.challenge, nonce), Task)


def test_limits_leave_this_machines_addresses_alone_unless_told() -> None:
    """All of 127.0.0.0/8, and `::1`."""
    house, _ = limits(loopback=False)
    for address in ("127.0.0.1", "127.80.1.1", "::1"):
        for _ in range(2 * OWN.burst):
            assert house.start(network_prefix(address), 10_000) == Admitted()
    assert isinstance(asked(house), Task)


def test_limits_keep_no_address() -> None:
    """Everything that hangs on them is searched for the truncated prefix, raw and in hexadecimal."""
    house, _ = limits()
    asked(house)
    seen: set[int] = set()
    found: list[object] = []

    def search(thing: Any) -> None:
        if id(thing) in seen or isinstance(thing, type) or type(thing).__name__ in {"module", "function"}:
            return
        seen.add(id(thing))
        if (isinstance(thing, bytes) and HERS in thing) or (isinstance(thing, str) and HERS.hex() in thing):
            found.append(thing)
        for part in gc.get_referents(thing):
            search(part)

    search(house)
    assert found == []
    assert len(seen) > 20


def test_limits_forget_who_has_rested() -> None:
    """An hour of silence, and nothing of anybody is left."""
    house, clock = limits()
    asked(house)
    clock.moment += timedelta(minutes=20)
    house.forget_rested()
    assert house.start(HERS, 0) == Admitted()


async def _tries(of: Limits, network: bytes, order: list[str], name: str) -> None:
    """Try one code and note it; the others have their turns meanwhile."""
    async with of.code_turn(network):
        order.append(name)
        for _ in range(5):
            await asyncio.sleep(0)
        order.append(name)


async def test_codes_within_the_allowance_never_wait() -> None:
    """Ten at once, and one more after a minute; a neighbour's network and this machine's own are others."""
    allowed, clock = limits(loopback=False)
    async with AsyncExitStack() as held:
        for network, times in ((HERS, 10), (OTHERS, 10), (network_prefix("127.0.0.1"), 30)):
            for _ in range(times):
                await held.enter_async_context(allowed.code_turn(network))
        clock.moment += timedelta(minutes=1)
        await held.enter_async_context(allowed.code_turn(HERS))


async def test_codes_beyond_the_allowance_go_one_after_the_other() -> None:
    """In the order in which they came; a neighbour's network has a lane of its own."""
    allowed = _with_nothing_left(HERS, OTHERS)
    order: list[str] = []
    theirs: list[str] = []
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(_tries(allowed, HERS, order, name))
        group.create_task(_tries(allowed, OTHERS, theirs, "d"))
        for _ in range(7):
            await asyncio.sleep(0)
        assert theirs == ["d", "d"]
        assert "c" not in order
    assert order == ["a", "a", "b", "b", "c", "c"]


async def test_codes_wait_in_places_and_whoever_gets_one_is_let_through() -> None:
    """One has its turn and some wait; the next is asked to come back, and is served when it does."""
    allowed = _with_nothing_left(HERS)
    order: list[str] = []
    names = [str(n) for n in range(CODES_WAITING + 1)]
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(_tries(allowed, HERS, order, name))
        await asyncio.sleep(0)
        with pytest.raises(TooManyTries):
            await _tries(allowed, HERS, order, "hers")
    await _tries(allowed, HERS, order, "hers")
    assert order == [each for name in (*names, "hers") for each in (name, name)]


async def test_whoever_has_failed_before_makes_room_for_whoever_has_not() -> None:
    """A full lane of wrong codes, again and again: a first one is next, and the oldest of them goes."""
    lanes = Lanes(3)
    order: list[str] = []
    first = asyncio.Event()

    async def tries(name: str, *, failed: bool) -> None:
        async with lanes.turn(HERS, failed=failed):
            order.append(name)
            await first.wait()

    wrong = [asyncio.create_task(tries(f"wrong {n}", failed=True)) for n in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyTries):
        await tries("one wrong more", failed=True)
    hers = asyncio.create_task(tries("hers", failed=False))
    await asyncio.sleep(0)
    first.set()
    came = await asyncio.gather(*wrong, hers, return_exceptions=True)
    assert order == ["wrong 0", "hers", "wrong 2", "wrong 3"]
    assert [type(one) for one in came if one is not None] == [TooManyTries]
    assert len(lanes) == 0


async def test_codes_that_nobody_waits_for_any_more_free_their_place() -> None:
    """Whoever hangs up, or fails, holds nobody up; and no lane is left behind."""
    lanes = Lanes(1)
    async with asyncio.TaskGroup() as group, lanes.turn(HERS):
        gone = group.create_task(_waits(lanes))
        await asyncio.sleep(0)
        with pytest.raises(TooManyTries):
            await _waits(lanes)
        gone.cancel()
        await asyncio.wait([gone])
        after = group.create_task(_waits(lanes))
        await asyncio.sleep(0)
        assert not after.done()
    with pytest.raises(ZeroDivisionError):
        async with lanes.turn(HERS):
            raise ZeroDivisionError
    await _waits(lanes)
    assert len(lanes) == 0


async def test_turn_is_not_lost_with_whoever_hangs_up_as_it_comes() -> None:
    """In the same moment, or a moment after: the next one has it, and the lane is not stuck."""
    for is_late in (False, True):
        lanes = Lanes(3)
        async with asyncio.TaskGroup() as group:
            async with lanes.turn(HERS):
                gone = group.create_task(_waits(lanes))
                after = group.create_task(_waits(lanes))
                await asyncio.sleep(0)
                if not is_late:
                    gone.cancel()
            if is_late:
                gone.cancel()
            async with asyncio.timeout(5):
                await after
        assert len(lanes) == 0


async def _waits(lanes: Lanes) -> None:
    async with lanes.turn(HERS):
        pass


def _with_nothing_left(*networks: bytes) -> Limits:
    """Return limits under which these networks have used up what they may try at once."""
    allowed, clock = limits()
    for network in networks:
        for _ in range(CODES.burst):
            assert allowed._codes.take(allowed._key_of(network, clock.now()), clock.now()) is None
    return allowed


def test_whoever_cannot_work_waits_with_her_challenge() -> None:
    """Not before its time, once, and only on the network that it was given to."""
    allowed, clock = limits()

    def crowd() -> Task:
        """Others of her network use up what it may have."""
        while not isinstance(asked := allowed.start(HERS, 0, waits=True), Task):
            clock.moment += timedelta(milliseconds=200)
        return asked

    asked = crowd()
    assert allowed.left_to_wait(HERS, asked.challenge) == WAITED_S
    assert isinstance(allowed.start(HERS, 0, asked.challenge, waits=True), Task)
    clock.moment += timedelta(seconds=WAITED_S)
    crowd()
    assert allowed.left_to_wait(HERS, asked.challenge) == 0
    assert isinstance(allowed.start(HERS, 0, asked.challenge), Task)
    assert allowed._waited(network_prefix("203.0.113.1"), clock.now(), asked.challenge) is None
    assert isinstance(allowed.start(HERS, 0, asked.challenge, waits=True), Admitted)
    assert isinstance(allowed.start(HERS, 0, asked.challenge, waits=True), Task)
