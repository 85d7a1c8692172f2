# SPDX-License-Identifier: EUPL-1.2
"""What every bus keeps while nothing is broken: doorbells reach all listeners, in order, and harm nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat.adapters.in_process import InProcessBus
from chat.adapters.redis.bus import joined
from chat.adapters.system import SystemRandomness
from chat.ports import Bus, Doorbell
from tests.contract.listening import PATIENCE_S, entry
from tests.servers.redis import Kind, RedisServer


class Listener:
    """Hears doorbells, and can be waited for."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self._rung = asyncio.Condition()

    async def __call__(self, doorbell: Doorbell) -> None:
        """Note the doorbell."""
        async with self._rung:
            self.heard.append(doorbell.seq)
            self._rung.notify_all()

    async def until(self, heard: list[int]) -> None:
        """Return when exactly these have been heard."""
        async with self._rung, asyncio.timeout(PATIENCE_S):
            await self._rung.wait_for(lambda: self.heard == heard)


KINDS: tuple[Kind, ...] = ("redis", "valkey")


@pytest.fixture(params=["in process", *KINDS])
async def bus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bus]:
    """Each adapter in turn, on each server that it is made for."""
    if request.param not in KINDS:
        yield InProcessBus()
        return
    with RedisServer(tmp_path, request.param) as server:
        async with joined(server.url, SystemRandomness(), bytes(32)) as bus:
            yield bus


async def test_bus_reaches_every_listener_in_order(bus: Bus) -> None:
    """The ringer's own listener among them."""
    listeners = [Listener(), Listener()]
    for listener in listeners:
        bus.listen(listener)
    for seq in range(1, 11):
        bus.ring(entry(seq))
    for listener in listeners:
        await listener.until(list(range(1, 11)))


async def test_bus_returns_before_anybody_hears(bus: Bus) -> None:
    """Ringing never runs a listener: the ringer may hold a lock that the listener needs."""
    heard: list[Doorbell] = []
    after = Listener()
    bus.listen(heard.append)
    bus.listen(after)
    bus.ring(entry(1))
    assert heard == []
    await after.until([1])
    assert heard == [entry(1)]


async def test_bus_forgets_who_stopped_listening(bus: Bus) -> None:
    """Also when stopped twice, also by a listener that was called before, and never another one."""
    first, last = Listener(), Listener()
    stop_first = bus.listen(first)
    stops = [stop_first]
    bus.listen(lambda _: stops[-1]())
    unheard = Listener()
    stops.append(bus.listen(unheard))
    bus.listen(last)
    stop_first()
    stop_first()
    bus.ring(entry(1))
    await last.until([1])
    assert (first.heard, unheard.heard) == ([], [])


async def test_bus_lets_one_listener_be_added_twice(bus: Bus) -> None:
    """Each listening is its own: stopping one leaves the other."""
    listener = Listener()
    stop = bus.listen(listener)
    bus.listen(listener)
    stop()
    bus.ring(entry(1))
    await listener.until([1])


async def test_bus_survives_a_listener_that_fails(bus: Bus, caplog: pytest.LogCaptureFixture) -> None:
    """The others hear, now and later; the log gets the error, and its line none of the error's words."""

    def fails(_: Doorbell) -> None:
        raise ValueError("secret words")

    async def fails_later(_: Doorbell) -> None:
        raise KeyError("secret words")

    caplog.set_level(logging.WARNING)
    listener = Listener()
    bus.listen(fails)
    bus.listen(fails_later)
    bus.listen(listener)
    bus.ring(entry(1))
    await listener.until([1])
    bus.ring(entry(2))
    await listener.until([1, 2])
    logged = {record.exc_info[0] for record in caplog.records if record.exc_info is not None}
    assert logged == {ValueError, KeyError}
    assert {record.getMessage() for record in caplog.records} == {"listener_failed"}


async def test_bus_of_one_process_is_never_away() -> None:
    """Whoever waits for a turn waits in vain, and may stop twice."""
    bus: Bus = InProcessBus()
    turns: list[bool] = []
    stop = bus.on_turn(turns.append)
    listener = Listener()
    bus.listen(listener)
    bus.ring(entry(1))
    await listener.until([1])
    stop()
    stop()
    assert (bus.is_away(), turns) == (False, [])
