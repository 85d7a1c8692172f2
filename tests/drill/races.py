# SPDX-License-Identifier: EUPL-1.2
"""What happens between people at one moment, at one server as at several: the steps, and what is promised.

Owns neither who they are nor where they sit: `meetings.py` brings them to one server, `tests/hosts/apart.py`
to different hosts.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from tests.drill.verdict import Verdict
from tests.outside.connection import Connection, Frame, new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor

SHORTEST, LONGEST = 0.03, 0.6
"""How long people talk before something happens (s)."""


async def a_moment(chance: Random, longest: float = LONGEST) -> None:
    """Let people talk for a moment."""
    await asyncio.sleep(chance.uniform(SHORTEST, longest))


async def answer(connection: Connection, *kinds: str, **fields: Any) -> Frame:
    """Return the first frame that is of one of these types and has these fields."""
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(connection.expect(kind, **fields)) for kind in kinds]
        done, late = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in late:
            each.cancel()
    return done.pop().result()


async def leave_while_said(
    verdict: Verdict,
    visitor: Visitor,
    operator: Operator,
    conversation: str,
    *,
    said_first: bool,
    apart: bool,
) -> None:
    """She leaves while the operator says something: delivered before `ended`, or refused; never half.

    `apart`: at two hosts what is taken may come too late for her screen. What is refused is never shown.
    """
    client_id = new_id()
    say = operator.connection.send("say", conversation=conversation, id=client_id, text="Vänta!")
    leave = visitor.connection.send("leave")
    await asyncio.gather(*((say, leave) if said_first else (leave, say)))
    frame = await answer(operator.connection, "ack", "nack", id=client_id)
    ended = await visitor.connection.expect("ended")
    shown = [one["seq"] for one in visitor.connection.seen if one["type"] == "said"]
    taken = [frame["seq"]] if frame["type"] == "ack" else []
    is_half = not set(shown) <= set(taken) if apart else shown != taken
    if is_half or any(seq >= ended["seq"] for seq in {*shown, *taken}):
        verdict.broken.append(f"shown {shown}, answered {frame}, ended {ended['seq']}")


async def account_was_closed(  # noqa: PLR0917 - everybody once
    verdict: Verdict,
    visitor: Visitor,
    first: Operator,
    second: Operator,
    conversation: str,
    said: str,
) -> None:
    """The console of `first` goes, she comes before all others, and `second` reads what she had said."""
    if (code := await first.connection.closed()) != 4001:
        verdict.broken.append(f"the console of a closed account was closed with {code}")
    await visitor.connection.expect("left")
    if (await visitor.connection.expect("queue"))["ahead"] != 0:
        verdict.broken.append("whoever lost her operator did not come first")
    read = (await second.accepts(conversation))["entries"]
    if [one.get("text") for one in read if one["type"] == "said"] != [said]:
        verdict.lost.append(f"the next operator read {len(read)} entries")
