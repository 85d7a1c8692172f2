# SPDX-License-Identifier: EUPL-1.2
"""The watch over sign-ins: whatever one has opened ends within a second of it, wherever it was ended.

Owns the comparison of duties, consoles and unlocked keys with the sign-ins that are live. Knows no frame.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from chat.ids import DutyId
from web.house import House

_log = logging.getLogger(__name__)

WATCH_S: Final = 0.5
"""How often sign-ins are checked: a revoked one is closed within a second."""


async def watch_sign_ins(house: House) -> None:
    """Revoke what sign-ins that are no longer valid have left behind, until cancelled.

    A duty counts whether its console is connected or not, and a console whether it has taken a desk or not.
    """
    under_way: set[DutyId] = set()
    async with asyncio.TaskGroup() as revoking:
        while True:
            await asyncio.sleep(WATCH_S)
            try:
                dead = await _dead(house) - under_way
            except Exception:  # noqa: BLE001 - one look that failed must not be the last
                _log.exception("watch_failed")
                continue
            for duty in dead:
                under_way.add(duty)
                revoking.create_task(_revoke(house, duty, under_way))


async def _dead(house: House) -> set[DutyId]:
    known = {
        *house.chat.operators.desks,
        *house.consoles.values(),
        *house.office.units.holders(),
        *await house.chat.operators.duties(),
    }
    return known - await house.accounts.live(known)


async def _revoke(house: House, duty: DutyId, under_way: set[DutyId]) -> None:
    """Each on its own: one that takes long holds up no other."""
    try:
        await house.revoke(duty)
    except Exception:  # noqa: BLE001 - the next look finds it again
        _log.exception("watch_failed")
    finally:
        under_way.discard(duty)
