# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong between people at one moment: two who accept, one who leaves, one who is signed out.

Owns faults in which the server stays up. They take place in the second service, beside the chats that go on.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from tests.drill.scene import Scene
from tests.outside.connection import Closed, Connection, Frame, new_id
from tests.outside.operator import Operator
from tests.outside.server import ROOT
from tests.outside.visitor import Visitor

CLAIMS = 20
PARTINGS = 20
ANOTHER_PASSWORD = "elva runda stenar"
COMMAND = (sys.executable, "-c", "import sys; from web.cli import main; sys.exit(main())", "staff")


@asynccontextmanager
async def two_on_duty(scene: Scene) -> AsyncGenerator[tuple[Operator, Operator]]:
    """Bring two operators on duty who have nothing to do with the chats that go on."""
    at = scene.server.at
    service = at.services[1]
    first, second = (Operator(at, one) for one in scene.apart(service))
    for operator, alias in ((first, "Den ena"), (second, "Den andra")):
        await operator.signs_in()
        await operator.connects()
        await operator.goes_on_duty(service, alias=alias)
    try:
        yield first, second
    finally:
        for operator in (first, second):
            await operator.connection.close()


async def answer(connection: Connection, *kinds: str, **fields: Any) -> Frame:
    """Return the first frame that is of one of these types and has these fields."""
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(connection.expect(kind, **fields)) for kind in kinds]
        done, late = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in late:
            each.cancel()
    return done.pop().result()


async def both_accept(scene: Scene) -> None:
    """Two operators accept at the same moment: one gets it, and the other is told the winner's alias."""
    async with two_on_duty(scene) as operators:
        for _ in range(CLAIMS):
            visitor = await Visitor.starts(scene.server.at, scene.server.at.services[1])
            names = [await operator.sees_waiting() for operator in operators]
            conversation = names[0]
            claims = (one.connection.send("accept", conversation=conversation) for one in operators)
            await asyncio.gather(*claims)
            frames = [
                await answer(one.connection, "accepted", "nack", conversation=conversation)
                for one in operators
            ]
            joined = await visitor.connection.expect("joined")
            lost = [frame for frame in frames if frame["type"] == "nack"]
            if [(frame["code"], joined["alias"] in frame["text"]) for frame in lost] != [("conflict", True)]:
                scene.verdict.broken.append(f"two accepted and were told {frames}")
            await visitor.leaves()
            for operator in operators:
                await _sees_nobody(operator)


async def _sees_nobody(operator: Operator) -> None:
    """Return when the newest waiting list is empty."""
    while [frame for frame in operator.connection.seen if frame["type"] == "waiting"][-1]["conversations"]:
        await operator.connection.expect("waiting")


async def leave_meets_say(scene: Scene) -> None:
    """She leaves while the operator says something: delivered before `ended`, or refused; never half."""
    async with two_on_duty(scene) as (operator, _):
        for number in range(PARTINGS):
            visitor = await Visitor.starts(scene.server.at, scene.server.at.services[1])
            conversation = await operator.sees_waiting()
            await operator.accepts(conversation)
            await visitor.connection.expect("joined")
            client_id = new_id()
            say = operator.connection.send("say", conversation=conversation, id=client_id, text="Vänta!")
            leave = visitor.connection.send("leave")
            await asyncio.gather(*((say, leave) if number % 2 else (leave, say)))
            frame = await answer(operator.connection, "ack", "nack", id=client_id)
            ended = await visitor.connection.expect("ended")
            was_shown = [one["seq"] for one in visitor.connection.seen if one["type"] == "said"]
            was_taken = [frame["seq"]] if frame["type"] == "ack" else []
            if was_shown != was_taken or any(seq >= ended["seq"] for seq in was_shown):
                scene.verdict.broken.append(f"shown {was_shown}, answered {frame}, ended {ended['seq']}")
            await _sees_nobody(operator)


async def signed_out_from_elsewhere(scene: Scene) -> None:
    """An account is closed in the middle of a chat: the console goes, she comes first, another reads on."""
    async with two_on_duty(scene) as (first, second):
        at, service = scene.server.at, scene.server.at.services[1]
        visitor = await Visitor.starts(at, service)
        conversation = await first.sees_waiting()
        await first.accepts(conversation)
        await visitor.says(f"{scene.marker} Är du kvar?")
        others = [await Visitor.starts(at, service) for _ in range(2)]
        await command(scene, "disable", first.staff.name)
        if (code := await first.connection.closed()) != 4001:
            scene.verdict.broken.append(f"the console of a closed account was closed with {code}")
        await visitor.connection.expect("left")
        if (await visitor.connection.expect("queue"))["ahead"] != 0:
            scene.verdict.broken.append("whoever lost her operator did not come first")
        read = (await second.accepts(conversation))["entries"]
        if [one.get("text") for one in read if one["type"] == "said"] != [f"{scene.marker} Är du kvar?"]:
            scene.verdict.lost.append(f"the next operator read {len(read)} entries")
        for each in (visitor, *others):
            await each.leaves()
        try:
            await first.connects()
            scene.verdict.broken.append("a closed account opened its console again")
        except Closed:
            pass
        scene.passwords[first.staff.name] = ANOTHER_PASSWORD
        await command(scene, "reset", first.staff.name, "--password-stdin", typed=ANOTHER_PASSWORD)


async def command(scene: Scene, *arguments: str, typed: str = "") -> None:
    """Run `jourchatt staff …` beside the running server, over the same data."""
    environment = {
        "JOURCHATT_SITE": str(ROOT / "config" / "demo.toml"),
        "JOURCHATT_DATA": str(scene.disk.folder / "data"),
        "JOURCHATT_KEYS": str(scene.disk.folder / "keys"),
        "JOURCHATT_PUBLIC_URL": scene.server.at.url,
    }
    running = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await running.communicate(f"{typed}\n".encode())
    if running.returncode != 0:
        scene.verdict.broken.append(f"staff {arguments[0]}: {printed.decode()}")
