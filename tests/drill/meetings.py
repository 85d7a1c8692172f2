# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong between people at one moment: two who accept, one who leaves, one who is signed out.

Owns faults in which the server stays up. They take place in the second service, beside the chats that go on.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.drill.races import account_was_closed, answer, leave_while_said
from tests.drill.scene import Scene
from tests.outside.connection import Closed
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
            await leave_while_said(
                scene.verdict, visitor, operator, conversation, said_first=bool(number % 2), apart=False
            )
            await _sees_nobody(operator)


async def signed_out_from_elsewhere(scene: Scene) -> None:
    """An account is closed in the middle of a chat: the console goes, she comes first, another reads on."""
    async with two_on_duty(scene) as (first, second):
        at, service = scene.server.at, scene.server.at.services[1]
        visitor = await Visitor.starts(at, service)
        conversation = await first.sees_waiting()
        await first.accepts(conversation)
        said = f"{scene.marker} Är du kvar?"
        await visitor.says(said)
        others = [await Visitor.starts(at, service) for _ in range(2)]
        await command(scene, "disable", first.staff.name)
        await account_was_closed(scene.verdict, visitor, first, second, conversation, said)
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
