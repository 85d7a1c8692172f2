# SPDX-License-Identifier: EUPL-1.2
"""Midnight: what the tokens of connected visitors open is renewed under the new day's key.

Owns nothing but the round through the rooms. A code is not renewed: nobody keeps it, so it opens nothing
past its own day's key, and the conversation knows when that is (`code_until`).
"""

from __future__ import annotations

from chat.live.room import Room
from chat.live.visitors import Visitors
from chat.phase import Phase


async def renew_keys(visitors: Visitors) -> None:
    """Renew what is older than today.

    Raises what the last one raised that could not be renewed, after all the others have been.
    """
    day, _ = visitors.keys.today(visitors.clock.now())
    failed: Exception | None = None
    for room in visitors.rooms.all():
        if room.visitor_key.day == day:
            continue
        try:
            async with room.lock:
                await _renew(visitors, room)
        except Exception as error:  # noqa: BLE001 - raised below
            failed = error
    if failed is not None:
        raise failed


async def _renew(visitors: Visitors, room: Room) -> None:
    token, key = room.token, room.key
    if token is None or key is None or room.conversation.phase is Phase.ENDED:
        return
    renewed = visitors.visitor_key(token, key, room.id)
    await visitors.store.renew(room.id, renewed, instead_of=room.visitor_key.lookup)
    room.visitor_key = renewed
    room.wrapped = set()
    await visitors.rooms.readers.wrap_for_all(room)
