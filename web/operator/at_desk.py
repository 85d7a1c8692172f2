# SPDX-License-Identifier: EUPL-1.2
"""Who asks from a console, and with what they are answered: all that an answer to a frame is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.live.seating import Desk
from web.accounts.account import StaffSession
from web.house import House
from web.operator.frames import ToOperator
from web.operator.handing import Asking


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Who asks, and with what it is answered."""

    house: House
    desk: Desk
    session: StaffSession
    asking: Asking
    answer: Callable[[ToOperator], None]
    """Send a frame to this console alone."""
