# SPDX-License-Identifier: EUPL-1.2
"""What she may do about a guest whom she has let in.

Owns taking her yes back. Who may come is decided by the conversation itself.
"""

from __future__ import annotations

from chat import commands
from chat.live.visitors import Visitors, VisitorSeat


async def withdraw(visitors: Visitors, seat: VisitorSeat) -> None:
    """She wants no guest any more: whoever came goes, and nobody else comes.

    Raises:
        NotNow: there is none, and none is invited; or another connection sits here now.
    """
    visitors.check_seat(seat)
    await visitors.rooms.do(seat.room, commands.WithdrawInvitation())
