# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's WebSocket protocol with one more way out: a frame that fits is written at once, without a task.

Owns nothing but that shortcut. An acknowledgement and a delivery are two frames for every message, and waking
a task for each costs more than writing it (measured). What does not fit goes the usual way, with its
back-pressure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

SEND_NOW: Final = "jourchatt.send_now"
"""Where the shortcut stands among a scope's extensions."""

SendNow = Callable[[bytes], bool]
"""Write one text frame now; False, and nothing written, when the peer does not take it at once."""


class DirectProtocol(WebSocketsSansIOProtocol):
    """See the module."""

    def handle_connect(self, event: Request) -> None:
        """Offer the shortcut to the application."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][SEND_NOW] = self.send_now

    def send_now(self, frame: bytes) -> bool:
        """Write one text frame if the connection is open and its buffer is not full."""
        if not self.handshake_complete or self.close_sent or self.disconnected or not self.writable.is_set():
            return False
        try:
            self.conn.send_text(frame)
        except InvalidState:
            return False
        self.transport.write(b"".join(self.conn.data_to_send()))
        return True
