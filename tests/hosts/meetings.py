# SPDX-License-Identifier: EUPL-1.2
"""People at different hosts who meet: two who accept at one moment, and one who finds another and talks.

Owns what takes place in a service beside the chats that go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeVar

from tests.drill.races import answer
from tests.hosts.delays import ANSWERED_WITHIN, SHOWN_WITHIN
from tests.hosts.scene import OTHER_SERVICE, HostsScene
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor

CLAIMS = 1_000
AT_ONCE = 20
"""How many wait at the same time: no more than one operator may hold."""
ALIASES = ("Den ena", "Den andra")
_T = TypeVar("_T")


@asynccontextmanager
async def on_duty(scene: HostsScene) -> AsyncGenerator[list[Operator]]:
    """Bring the pair on duty, each at a host of their own."""
    hosts = scene.chance.sample(scene.doors.open, len(scene.doors.open))
    for operator, at, alias in zip(scene.pair, hosts, ALIASES, strict=False):
        operator.at = at
        await operator.connects()
        await operator.goes_on_duty(OTHER_SERVICE, alias=alias)
    try:
        yield scene.pair
    finally:
        for operator in scene.pair:
            await operator.connection.close()


# --- who is first --------------------------------------------------------------------------------------


async def claims_race(scene: HostsScene) -> None:
    """Two operators at two hosts accept at the same moment: one gets it, the other is told by whom."""
    won = [0, 0]
    for first in range(0, CLAIMS, AT_ONCE):
        # Each batch on new connections: who is refused too often on one is shown the door.
        async with on_duty(scene) as operators:
            visitors = [
                await Visitor.starts(scene.way_in(), OTHER_SERVICE)
                for _ in range(min(AT_ONCE, CLAIMS - first))
            ]
            names = await _all_listed(operators, len(visitors))
            async with asyncio.TaskGroup() as tasks:
                for name in names:
                    tasks.create_task(_both_accept(scene, operators, name, won))
            for visitor in visitors:
                await visitor.connection.expect("joined")
                await visitor.leaves()
    scene.found.claims["first of the pair"] += won[0]
    scene.found.claims["second of the pair"] += won[1]


async def _all_listed(operators: list[Operator], count: int) -> list[str]:
    """Return the names of all who wait, as soon as both see them."""
    for operator in operators:
        while len(names := _listed(operator)) != count:
            await operator.connection.expect("waiting")
    return names


def _listed(operator: Operator) -> list[str]:
    lists = [frame for frame in operator.connection.seen if frame["type"] == "waiting"]
    return [str(each["conversation"]) for each in lists[-1]["conversations"]] if lists else []


async def _both_accept(scene: HostsScene, operators: list[Operator], name: str, won: list[int]) -> None:
    order = scene.chance.sample(operators, len(operators))
    await asyncio.gather(*(one.connection.send("accept", conversation=name) for one in order))
    frames = [await answer(one.connection, "accepted", "nack", conversation=name) for one in operators]
    winners = [at for at, frame in enumerate(frames) if frame["type"] == "accepted"]
    if len(winners) != 1:
        scene.verdict.broken.append(f"{len(winners)} operators got one conversation: {frames}")
        return
    won[winners[0]] += 1
    lost = frames[1 - winners[0]]
    if lost["code"] != "conflict" or ALIASES[winners[0]] not in lost["text"]:
        scene.verdict.broken.append(f"who came second was told {lost}")


# --- one conversation ----------------------------------------------------------------------------------


async def meets(scene: HostsScene, fault: str) -> None:
    """A visitor at one host and an operator at another find each other, talk and end, within the bounds."""
    async with on_duty(scene) as (operator, _):
        visitor = Visitor(scene.doors.another(operator.at), OTHER_SERVICE)
        notice = await _step(scene, fault, "notice", visitor.notice(), ANSWERED_WITHIN)
        await _step(scene, fault, "connect", visitor.connect(), ANSWERED_WITHIN)
        start = visitor.asks_to_start(service=OTHER_SERVICE, language="sv", notice=notice)
        welcome = await _step(scene, fault, "start", start, ANSWERED_WITHIN)
        visitor.token = welcome["token"]
        name = await _step(scene, fault, "waits", listed_now(operator), SHOWN_WITHIN)
        await _step(scene, fault, "accept", operator.accepts(name), ANSWERED_WITHIN)
        await _step(scene, fault, "joined", visitor.connection.expect("joined"), SHOWN_WITHIN)
        await _step(scene, fault, "say", visitor.says(f"{scene.marker} Hej"), ANSWERED_WITHIN)
        await _step(scene, fault, "heard", operator.hears(name, f"{scene.marker} Hej"), SHOWN_WITHIN)
        answered = operator.says(name, f"{scene.marker} Hej du")
        await _step(scene, fault, "answer", answered, ANSWERED_WITHIN)
        await _step(scene, fault, "heard", visitor.hears(f"{scene.marker} Hej du"), SHOWN_WITHIN)
        await _step(scene, fault, "leave", visitor.leaves(), ANSWERED_WITHIN)
        ended = operator.connection.expect("ended", conversation=name)
        await _step(scene, fault, "ended", ended, SHOWN_WITHIN)


async def listed_now(operator: Operator) -> str:
    """Return the only one who waits, as soon as the operator sees it."""
    return (await _all_listed([operator], 1))[0]


async def _step(scene: HostsScene, fault: str, step: str, doing: Awaitable[_T], bound: float) -> _T:
    begun = perf_counter()
    done = await doing
    took = perf_counter() - begun
    scene.found.steps.setdefault(step, []).append(took)
    if took > bound * scene.slack:
        scene.verdict.broken.append(f"{fault}: “{step}” took {took:.2f} s")
    return done
