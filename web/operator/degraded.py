# SPDX-License-Identifier: EUPL-1.2
"""Telling consoles that doorbells do not pass between processes now: nothing is lost, all of it takes longer.

Owns who is told when. Visitors are told nothing: what is promised to them holds. Knows no conversation.
"""

from __future__ import annotations

from collections.abc import Callable

from web.house import House
from web.operator.alerting_frames import Degraded
from web.operator.projection import encoded
from web.socket import Socket


def tell_now(house: House, socket: Socket) -> None:
    """Tell a console that has come while it is so; one that is told nothing takes all to be well."""
    if house.chat.bus.is_away():
        socket.put(encoded(Degraded(away=True)))


def tell_of_turns(house: House) -> Callable[[], None]:
    """Tell every console of each turn from now on; return what stops it."""

    def turned(away: bool) -> None:  # noqa: FBT001 - the one thing that a turn says
        for socket, sign_in in list(house.consoles.items()):
            if sign_in in house.chat.operators.desks:
                socket.put(encoded(Degraded(away)))

    return house.chat.bus.on_turn(turned)
