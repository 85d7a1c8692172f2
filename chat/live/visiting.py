# SPDX-License-Identifier: EUPL-1.2
"""What she may do besides talking.

Owns her no to the question about danger, a yes to a guest that she takes back, and whether her seat is taken.
Who may come, and who sits where, is decided by the conversation itself.
"""

from __future__ import annotations

from chat import commands
from chat.live.rooms import TYPING_PAUSE
from chat.live.visitors import Visitors, VisitorSeat


async def withdraw(visitors: Visitors, seat: VisitorSeat) -> None:
    """She wants no guest any more: whoever came goes, and nobody else comes.

    Raises:
        NotNow: there is none, and none is invited; or another connection sits here now.
    """
    visitors.check_seat(seat)
    await visitors.rooms.do(seat.room, commands.WithdrawInvitation())


async def is_connected(visitors: Visitors, token_text: str) -> bool:
    """Tell whether a connection holds the seat of a token, here or in another process.

    Raises:
        UnknownToken: the token is not live, whatever its form.
    """
    _, stored = await visitors.find(token_text)
    return stored.conversation.visitor_away_since is None


async def deny_danger(visitors: Visitors, seat: VisitorSeat) -> None:
    """She was asked whether she is in danger, and said no; every two seconds at most.

    It is stored, as a number: whoever talks with her must neither miss it nor hear it of anybody else.

    Raises:
        NotNow: another connection sits here now. HasEnded.
        Unavailable: the store cannot take it now.
    """
    visitors.check_seat(seat)
    rooms, room = visitors.rooms, seat.room
    now, last = visitors.clock.now(), seat.seat.denied_at
    if last is None or now >= last + TYPING_PAUSE:
        seat.seat.denied_at = now
        await rooms.do(room, commands.DenyDanger())
