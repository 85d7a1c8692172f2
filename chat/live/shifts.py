# SPDX-License-Identifier: EUPL-1.2
"""What somebody on duty may change during a shift, and how they leave it: pause, cap, the end.

Owns these wishes of an operator. Knows no account, and nothing of how a shift was.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from chat import commands
from chat.duty import Duty, is_same_alias
from chat.errors import AliasTaken, NotNow
from chat.ids import ServiceId
from chat.live.notices import DutyNoted
from chat.live.operators import Operators
from chat.live.seating import Desk


async def refuse_taken_alias(
    operators: Operators, desk: Desk, services: Collection[ServiceId], alias: str
) -> None:
    """Refuse the alias of a colleague: neither the visitor nor anybody else could tell the two apart.

    Who is away counts as gone: it may be the same person, who comes back from another browser. Of two who
    come in the same moment both may stay; nothing but being told apart hangs on it.

    Raises:
        AliasTaken: somebody else who is there in one of these services, and of theirs, goes by it.
    """
    theirs = desk.signed_in.services.intersection(services)
    for other in await operators.store.duties(theirs):
        if other.id != desk.id and other.away_since is None and is_same_alias(other.alias, alias):
            raise AliasTaken


async def pause(operators: Operators, desk: Desk, *, on: bool) -> None:
    """Take no new conversation for a while, or take them again. What is held stays, and others are told.

    Raises:
        NotNow: not on duty.
    """
    async with operators.turn(desk.id):
        duty = _on_duty(operators, desk)
        since = (duty.paused_since or operators.clock.now()) if on else None
        await _change(operators, desk, replace(duty, paused_since=since))
    if on:
        # What only rang here goes on to the next console at once.
        await operators.seating.for_all_held(desk.id, commands.StopRinging(desk.id))


async def hold_at_most(operators: Operators, desk: Desk, capacity: int | None) -> None:
    """Hold at most so many conversations from now on; None: as many as each service lets them.

    What is held already stays, also beyond that.

    Raises:
        NotNow: not on duty.
    """
    async with operators.turn(desk.id):
        await _change(operators, desk, replace(_on_duty(operators, desk), capacity=capacity))


async def end(operators: Operators, desk: Desk) -> Duty | None:
    """Go off duty, and return the shift that ended: whoever is off duty already has none to tell of."""
    before = desk.duty
    await operators.set_duty(desk, [], None, ())
    return before if before is not None and before.is_on else None


def _on_duty(operators: Operators, desk: Desk) -> Duty:
    if desk.duty is None or not desk.duty.services or operators.desks.get(desk.id) is not desk:
        raise NotNow
    return desk.duty


async def _change(operators: Operators, desk: Desk, duty: Duty) -> None:
    await operators.put(duty)
    desk.duty = duty
    desk.party.deliver(DutyNoted(duty))
