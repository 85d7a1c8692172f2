# SPDX-License-Identifier: EUPL-1.2
"""A visitor whose telephone takes nothing more: she is let go, others notice nothing, and she misses nothing.

It takes as long as the server's patience with a full connection (15 s), so only long drills tell it.
"""

from __future__ import annotations

import asyncio

from tests.drill.scene import Scene
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor

LONG_TEXT = "\U0001f980" * 2_000
GONE_WITHIN = 60.0
"""A generous bound (s) for 15 seconds and what the system's own buffers hold."""


async def never_reads(scene: Scene) -> None:
    """Let an operator talk to a wall until its socket is dropped; then she reads everything."""
    await scene.everybody_back()
    before = scene.acknowledged
    at, service = scene.server.at, scene.server.at.services[1]
    member = scene.apart(service)[0]
    operator = Operator(at, member)
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty(service, alias="Alias vid väggen")
    visitor = await Visitor.starts(at, service)
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    said = await _talk_to_a_wall(visitor, operator, conversation)
    if said is None:
        scene.verdict.broken.append(f"a visitor who read nothing was still there after {GONE_WITHIN:.0f} s")
        said = 0
    if scene.acknowledged == before:
        scene.verdict.broken.append("nobody could talk beside a visitor who read nothing")
    visitor.connection.abort()
    await visitor.resumes(0)
    numbers = [(await visitor.connection.expect("said"))["seq"] for _ in range(said)]
    if numbers != list(range(2, said + 2)):
        scene.verdict.lost.append(f"{service}: {said} messages to a wall came back as {len(set(numbers))}")
    await visitor.leaves()
    await operator.connection.close()


async def _talk_to_a_wall(visitor: Visitor, operator: Operator, conversation: str) -> int | None:
    """Talk until she is shown as away, and return how often; None when that never happens."""
    visitor.connection.socket.transport.pause_reading()
    said = 0
    gone = {"type": "presence", "conversation": conversation, "connected": False}
    try:
        async with asyncio.timeout(GONE_WITHIN):
            while not any(gone.items() <= frame.items() for frame in operator.connection.unread):
                if said < 2_500:
                    await operator.says(conversation, LONG_TEXT)
                    said += 1
                else:
                    await operator.connection.expect("presence", connected=False, within=GONE_WITHIN)
                    return said
    except TimeoutError:
        return None
    return said
