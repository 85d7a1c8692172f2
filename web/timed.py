# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's HTTP protocol with one more clock: a request must be whole within a time.

Owns nothing but that clock. uvicorn itself waits for ever for the first byte, and for the rest of a head or
body.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 10.0
"""From the connection, or from the first byte of a later request, to the last byte of the request."""


class TimedProtocol(H11Protocol):
    """See the module."""

    _late: asyncio.TimerHandle | None = None
    _is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """Stop the clock when the request is whole; start it for one that follows on the same connection."""
        super().data_received(data)
        if self._is_upgraded or self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_clock()
        elif self._late is None and not self.transport.is_closing():
            self._start_clock()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Stop the clock: from here on it is another protocol's connection."""
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def _start_clock(self) -> None:
        self._late = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
