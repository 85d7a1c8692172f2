# SPDX-License-Identifier: EUPL-1.2
"""What somebody on duty may change during a shift, and how they leave it: pause, cap, the end.

Owns these wishes of an operator. Knows no account, and keeps nothing about how a shift was but a count.
"""

from __future__ import annotations

from msgspec.structs import replace

from chat import commands
from chat.duty import Duty
from chat.errors import NotNow
from chat.live.notices import DutyNoted
from chat.live.operators import Operators
from chat.live.seating import Desk
from chat.statistics import shift_felt


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


async def end(operators: Operators, desk: Desk, felt: str | None) -> None:
    """Go off duty. `felt`, one of `SHIFT_ANSWERS`, is counted once for each shift that ends here.

    Whoever is off duty already has no shift to tell of: a retry counts nothing.
    """
    before = desk.duty
    await operators.set_duty(desk, [], None, ())
    if before is None or felt is None:
        return
    count = shift_felt(before.services, felt, operators.clock.now())
    if count is not None:
        await operators.store.count([count])


def _on_duty(operators: Operators, desk: Desk) -> Duty:
    if desk.duty is None or not desk.duty.services or operators.desks.get(desk.id) is not desk:
        raise NotNow
    return desk.duty


async def _change(operators: Operators, desk: Desk, duty: Duty) -> None:
    await operators.put(duty, duty.services)
    desk.duty = duty
    desk.party.deliver(DutyNoted(duty))
