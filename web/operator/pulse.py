# SPDX-License-Identifier: EUPL-1.2
"""Whether the page at a console's socket is alive: one that has answered, and then does not, is gone.

A frozen tab keeps its socket: the browser answers pings for it, and nobody reads. Owns how long that goes on.
Knows no conversation.
"""

from __future__ import annotations

import asyncio
from typing import Final

from web import socket as ws
from web.socket import Socket

PULSE_S: Final = 60.0
"""Beats come every 24 s at most, and a console that is awake answers each."""


class Pulse:
    """The life signs of one console. Begins with the first."""

    __slots__ = ("_socket", "_timer")

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._timer: asyncio.TimerHandle | None = None

    def felt(self) -> None:
        """The page has spoken."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(PULSE_S, self._socket.drop, ws.TOO_SLOW)

    def stop(self) -> None:
        """Expect nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
