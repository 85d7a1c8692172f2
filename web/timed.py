# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's HTTP protocol with two more clocks, and one answer to a request that breaks off in nonsense.

Owns nothing else. A request must be whole, and an answer taken, within a time: uvicorn itself waits for ever
for the first byte, for the rest of a head or body, and for whoever reads an answer byte by byte. And it
refuses a broken body without a word to whoever is about to answer, or has answered already.
"""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

REQUEST_S = 10.0
"""From the connection, or from the first byte of a later request, to the last byte of the request."""

TAKEN_S = 15.0
"""A peer whose connection takes nothing more is given so long to read some of what is written."""


class TimedProtocol(H11Protocol):
    """See the module."""

    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own narrows it
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
        """Stop the clocks: from here on it is another protocol's connection."""
        self._stop_stuck()
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, unless an answer has begun; who works on one finds its peer gone."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        """Start the other clock: the connection takes nothing more."""
        super().pause_writing()
        self._stop_stuck()
        self._stuck = self.loop.call_later(TAKEN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the other clock."""
        self._stop_stuck()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, and drop it if what was written last is not taken."""
        super().timeout_keep_alive_handler()
        if self._stuck is None:
            self._stuck = self.loop.call_later(TAKEN_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_clock()
        self._stop_stuck()
        super().connection_lost(exc)

    def _start_clock(self) -> None:
        self._late = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _stop_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
