# SPDX-License-Identifier: EUPL-1.2
"""What happened to sign-ins in other processes: another console was opened, or they are no longer valid.

Owns that no doorbell is believed: what it says is looked up, and a console goes only if the store agrees.
"""

from __future__ import annotations

import contextlib

from chat.duty import Duty
from chat.errors import Unavailable
from chat.ids import DutyId
from chat.live.operators import Operators
from chat.live.seating import Desk
from chat.ports import Bell, Doorbell


async def hear(operators: Operators, doorbell: Doorbell) -> None:
    """Follow what happened, as the store tells it."""
    duty = doorbell.duty
    if duty is None:
        return
    if doorbell.bell is Bell.TAKEN_OVER:
        await look_where(operators, duty)
    elif doorbell.bell is Bell.REVOKED:
        await operators.seating.persistence.until_stored(lambda: _revoke(operators, duty))


async def look_where(operators: Operators, duty: DutyId) -> None:
    """Send a console here away if another one of its sign-in was noted after it.

    If the store cannot tell now, the lookout comes back to it.
    """
    if duty not in operators.desks:
        return
    with contextlib.suppress(Unavailable):
        # Nothing else is noted here between the look and what follows from it, or both consoles might go.
        async with operators.turn(duty):
            stored, desk = await operators.store.duty(duty), operators.desks.get(duty)
            if stored is not None and desk is not None and is_elsewhere(stored, desk):
                operators.take_over(duty, stored.seat)


def is_elsewhere(stored: Duty | None, desk: Desk) -> bool:
    """Tell whether another console of this sign-in is connected, and was noted after this one."""
    return stored is not None and stored.away_since is None and stored.seat not in {None, desk.connection}


async def _revoke(operators: Operators, duty: DutyId) -> None:
    if not await operators.is_signed_in(duty):
        await operators.revoke(duty)
