# SPDX-License-Identifier: EUPL-1.2
"""The faults of several hosts: each strikes a scene in which people talk, at either of them.

Owns what happens in each, and what is promised besides the invariants that `verdict.py` holds over all.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from redis.exceptions import RedisError

from tests.drill.races import a_moment
from tests.hosts.apart import closed_account, killed_after_commit, leave_meets_say, two_tabs
from tests.hosts.delays import SHOWN_WITHIN, is_on_its_way
from tests.hosts.machines import DATABASE, REDIS, moment
from tests.hosts.meetings import claims_race, meets
from tests.hosts.scene import HostsScene
from tests.outside.served import Served

Fault = Callable[[HostsScene], Awaitable[None]]

AWAY_S = 6.0
"""How long Redis or the database is away; a drill may choose."""
DEAD_AFTER_S = 18.0
"""After so long a silent process is called dead, and the roll is called."""
GAP_P95_S = 10.0
AFTER_MIDNIGHT_S = 3.0
"""By then every host has looked at the time again."""
LOOK_S = 0.05
MOVES_TIMES = 6
EMPTIED_TIMES = 20


# --- hosts ---------------------------------------------------------------------------------------------


async def people_move(scene: HostsScene) -> None:
    """Everybody changes host again and again: exactly once, in order, and never a new chat."""
    await scene.everybody_back()
    for _ in range(MOVES_TIMES):
        await scene.people_move()
        await a_moment(scene.chance)


async def host_killed(scene: HostsScene) -> None:
    """SIGKILL of one host: its people go on at another, and nobody there is ever marked away for it."""
    await scene.everybody_back()
    struck, _ = scene.some_host()
    await a_moment(scene.chance)
    scene.doors.shut(struck)
    await asyncio.to_thread(struck.kill)
    scene.lose(struck)
    scene.verdict.recoveries.append(await scene.everybody_back())
    # The others notice that it is dead, and call the roll: whoever is there stays there.
    await asyncio.sleep(DEAD_AFTER_S)
    await scene.everybody_back()
    await _starts(scene, struck)
    await scene.people_move()


async def host_asleep(scene: HostsScene) -> None:
    """A host that stands still is taken for dead; awake again, it says who sits there, and goes on."""
    await scene.everybody_back()
    struck, _ = scene.some_host()
    scene.doors.shut(struck)
    struck.send(signal.SIGSTOP)
    scene.lose(struck)
    await scene.everybody_back()
    await asyncio.sleep(DEAD_AFTER_S)
    struck.send(signal.SIGCONT)
    scene.doors.reopen(struck)
    await scene.people_move()


async def host_cut_off(scene: HostsScene) -> None:
    """One host reaches no database: nothing false is acknowledged, and with the wire back all goes on."""
    await scene.everybody_back()
    struck, other = scene.some_host()
    scene.machines.net.part(struck.name, DATABASE)
    try:
        begun = perf_counter()
        await asyncio.sleep(AWAY_S)
        at_struck = _acknowledged(scene, struck, begun + 1.0)
        if at_struck:
            scene.verdict.broken.append(f"{at_struck} were acknowledged by a host without a database")
        if not await asyncio.to_thread(struck.answers):
            scene.verdict.broken.append("a host without a database did not say that it lives")
        if await asyncio.to_thread(struck.answers, "/readyz"):
            scene.verdict.broken.append("a host without a database said that it was ready")
        if not await asyncio.to_thread(other.answers, "/readyz"):
            scene.verdict.broken.append("the other host was not ready")
        # As a proxy does that has asked: it leads everybody to the other one.
        scene.doors.shut(struck)
        scene.lose(struck)
        await scene.everybody_back()
    finally:
        scene.machines.net.mend()
    scene.doors.reopen(struck)
    await _is_ready(scene, struck)
    await scene.people_move()


def _acknowledged(scene: HostsScene, struck: Served, since: float) -> int:
    """Return how much was acknowledged, since a moment, to those who all the while sat at one host."""
    return sum(
        at > since
        for chat in scene.chats
        for view, where in zip(chat.views, (chat.visitor.visitor.at, chat.operator.operator.at), strict=True)
        if where == struck.at and view.anew_at < since
        for at in view.acked_at.values()
    )


async def _starts(scene: HostsScene, server: Served) -> None:
    await asyncio.to_thread(server.start)
    scene.doors.reopen(server)


async def _is_ready(scene: HostsScene, server: Served) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(server.answers, "/readyz"):
            await a_moment(scene.chance, 0.2)


async def rolling_deploy(scene: HostsScene) -> None:
    """One host after the other is restarted in order: each ends clean, and nobody is away for long."""
    await scene.everybody_back()
    for party in scene.parties:
        party.gaps.clear()
    for server in scene.machines.servers:
        await a_moment(scene.chance)
        scene.doors.shut(server)
        status = await asyncio.to_thread(server.term, 40.0)
        if status != 0:
            scene.verdict.broken.append(f"a host that was asked to stop ended with {status}")
        for party in scene.parties:
            if party.lines is None or party.lines.socket.close_code is not None:
                party.back.clear()
        await scene.everybody_back()
        await _starts(scene, server)
    gaps = sorted(gap for party in scene.parties for gap in party.gaps)
    scene.verdict.gaps += gaps
    late = gaps[int(len(gaps) * 0.95)] if gaps else 0.0
    if len(gaps) < len(scene.parties) or late > GAP_P95_S:
        scene.verdict.broken.append(f"{len(gaps)} of {len(scene.parties)} moved, p95 {late:.2f} s")
    await scene.people_move()


# --- Redis ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def _measured(scene: HostsScene, fault: str) -> AsyncGenerator[None]:
    """Hold what is said inside, at whatever hosts, against the bounds; people move before, so that it is."""
    await scene.people_move()
    begun = perf_counter()
    yield
    until = perf_counter()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SHOWN_WITHIN * scene.slack):
            while is_on_its_way(scene.chats, until):  # noqa: ASYNC110 - the parties set no event for all
                await asyncio.sleep(LOOK_S)
    scene.found.measure(fault, scene.chats, begun, until, scene.slack)


async def _goes_on(scene: HostsScene, fault: str) -> None:
    """Two people find each other and talk at two hosts, and the others talk on, for as long as it is."""
    until = perf_counter() + AWAY_S
    await meets(scene, fault)
    await asyncio.sleep(max(0.0, until - perf_counter()))


async def nothing(scene: HostsScene) -> None:
    """Nothing happens: what is said is shown by its doorbell."""
    async with _measured(scene, "nothing"):
        await _goes_on(scene, "nothing")


async def redis_killed(scene: HostsScene) -> None:
    """No Redis, then an empty one: all is delivered by looking, nothing waits."""
    async with _measured(scene, "redis_killed"):
        await asyncio.to_thread(scene.machines.redis.stop)
        await _goes_on(scene, "redis_killed")
    await asyncio.to_thread(scene.machines.redis.start)
    await _bells_ring(scene)


async def redis_hangs(scene: HostsScene) -> None:
    """A Redis that answers nothing, with all connections open."""
    async with _measured(scene, "redis_hangs"):
        scene.machines.redis.hang()
        try:
            await _goes_on(scene, "redis_hangs")
        finally:
            scene.machines.redis.go_on()
    await _bells_ring(scene)


async def redis_emptied(scene: HostsScene) -> None:
    """Somebody empties it again and again: there was nothing in it that anybody needs."""
    async with _measured(scene, "redis_emptied"):
        for _ in range(EMPTIED_TIMES):
            with scene.machines.redis.ask() as client:
                await asyncio.to_thread(client.flushall)
            await a_moment(scene.chance, 0.3)
    await meets(scene, "redis_emptied")


async def redis_deaf(scene: HostsScene) -> None:
    """Nothing that one host sends reaches Redis."""
    await _one_way(scene, "redis_deaf", to_redis=True)


async def redis_dumb(scene: HostsScene) -> None:
    """Nothing that Redis sends reaches one host."""
    await _one_way(scene, "redis_dumb", to_redis=False)


async def _one_way(scene: HostsScene, fault: str, *, to_redis: bool) -> None:
    struck, _ = scene.some_host()
    async with _measured(scene, fault):
        scene.machines.net.cut(*((struck.name, REDIS) if to_redis else (REDIS, struck.name)))
        try:
            await _goes_on(scene, fault)
        finally:
            scene.machines.net.mend()
    await _bells_ring(scene)


async def _bells_ring(scene: HostsScene) -> None:
    """Wait until every host hears doorbells again."""
    hosts = len(scene.machines.servers)
    async with asyncio.timeout(30):
        while await asyncio.to_thread(_listeners, scene) < hosts:
            await a_moment(scene.chance, 0.2)
    await meets(scene, "with doorbells")


def _listeners(scene: HostsScene) -> int:
    try:
        with scene.machines.redis.ask() as client:
            channels = client.pubsub_channels()
            counts = client.pubsub_numsub(*channels) if channels else []
            return max((int(count) for _, count in counts), default=0)
    except RedisError:
        return 0


# --- the database --------------------------------------------------------------------------------------


async def database_restarted(scene: HostsScene) -> None:
    """PostgreSQL is stopped in order and started again: refused for the moment, and then well by itself."""
    await _database_restarts(scene, signal.SIGINT)


async def database_killed(scene: HostsScene) -> None:
    """PostgreSQL is killed, and recovers: what was acknowledged is there."""
    await _database_restarts(scene, signal.SIGKILL)


async def _database_restarts(scene: HostsScene, how: signal.Signals) -> None:
    await scene.everybody_back()
    await a_moment(scene.chance)
    await asyncio.to_thread(scene.machines.database.stop, how)
    await a_moment(scene.chance, 2.0)
    await asyncio.to_thread(scene.machines.database.start)
    for server in scene.machines.servers:
        await _is_ready(scene, server)
    before = scene.acknowledged
    await scene.everybody_back()
    async with asyncio.timeout(30):
        while scene.acknowledged < before + len(scene.chats):
            await a_moment(scene.chance, 0.2)


# --- time ----------------------------------------------------------------------------------------------


async def midnight(scene: HostsScene) -> None:
    """The day ends for every host while people talk: nobody notices, and all hosts have the same new key."""
    assert scene.machines.midnight is not None, "the hosts' clocks are not near midnight"
    await scene.everybody_back()
    before = scene.acknowledged
    while moment() < scene.machines.midnight + AFTER_MIDNIGHT_S:
        await a_moment(scene.chance)
    await scene.people_move()
    if scene.acknowledged == before:
        scene.verdict.broken.append("nothing was said over midnight")
    await meets(scene, "midnight")
    keys = list(scene.machines.keys().values())
    days = set.intersection(*(set(each) for each in keys))
    if len(days) < 2 or any(len({each[day] for each in keys}) > 1 for day in days):
        scene.verdict.broken.append(
            f"after midnight the hosts have keys of {[sorted(each) for each in keys]}"
        )


FAULTS: dict[str, Fault] = {
    "nothing": nothing,
    "move": people_move,
    "claims": claims_race,
    "tabs": two_tabs,
    "leave": leave_meets_say,
    "revoked": closed_account,
    "commit": killed_after_commit,
    "kill": host_killed,
    "asleep": host_asleep,
    "cut_off": host_cut_off,
    "deploy": rolling_deploy,
    "redis_killed": redis_killed,
    "redis_hangs": redis_hangs,
    "redis_emptied": redis_emptied,
    "redis_deaf": redis_deaf,
    "redis_dumb": redis_dumb,
    "database": database_restarted,
    "database_killed": database_killed,
    "midnight": midnight,
}
"""Each by the name that `make hosts FAULT=…` takes."""

NEED_A_WIRE = frozenset(("cut_off", "redis_deaf", "redis_dumb"))
"""Those for which something must be cut."""
