# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's WebSocket protocol with shorter ways in and out, and an end for peers that take nothing.

Owns three shortcuts and nothing of what is carried: a frame that fits is written without a task, the frames
of one turn of the event loop leave in one write, and what comes in waits in a plain list. Owns too how much
of one peer is kept. The handshake, the checks of what a peer sends, and pings stay the libraries'.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
    from uvicorn.config import Config
    from uvicorn.server import ServerState

SEND_NOW: Final = "jourchatt.send_now"
NEXT_NOW: Final = "jourchatt.next_now"
ABORT: Final = "jourchatt.abort"
"""Where the shortcuts stand among a scope's extensions."""

SendNow = Callable[[bytes], bool]
"""Write one text frame now; False, and nothing written, when the peer does not take it at once."""

NextNow = Callable[[], "str | None"]
"""Take the next text frame if it has come and is whole; None when anything else, or nothing, is next."""

Abort = Callable[[], None]
"""Drop the connection and all that was written for it: whoever takes nothing would keep it for hours."""

AT_ONCE: Final = 64 * 1024
"""Bytes that are gathered before they are written: more would hide from the transport's own limit."""

UNREAD: Final = 8
"""Whole texts of one peer that wait to be taken before nothing more is read from it: 256 KiB at the most."""

PIECE: Final = 4 * 1024
"""So much of one peer is parsed before everybody else has a turn. One read may hold 30,000 tiny frames, and
each of them takes fifty times its size once it is parsed."""

FRAGMENTS: Final = 1024
"""Of one message; an empty one costs memory too, and counts for nothing in the limit of bytes."""

LINGER_S: Final = 10.0
"""How long a connection may outlive its handler: for the rest of the closing handshake."""

_TEXT: Final = 0x81
_SHORT: Final = 126
_MEDIUM: Final = 65_536


def text_header(length: int) -> bytes:
    """Return the header of a whole, unmasked text frame (RFC 6455, section 5.2)."""
    if length < _SHORT:
        return bytes((_TEXT, length))
    if length < _MEDIUM:
        return bytes((_TEXT, 126)) + length.to_bytes(2, "big")
    return bytes((_TEXT, 127)) + length.to_bytes(8, "big")


def _whole_text(event: Frame) -> str | None:
    try:
        return str(event.data, "utf-8") if event.fin else None
    except UnicodeDecodeError:
        return None


class Inbox:
    """What has come and has not been taken, for one taker: as much of `asyncio.Queue` as uvicorn uses."""

    def __init__(self) -> None:
        self._messages: deque[ASGIReceiveEvent] = deque()
        self._waiting: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._messages

    def __len__(self) -> int:
        return len(self._messages)

    def put_nowait(self, message: ASGIReceiveEvent) -> None:
        """Add a message; uvicorn stops reading from the peer while one waits."""
        self._messages.append(message)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def text_now(self) -> str | None:
        """Take the oldest message if it is a text."""
        text = self._messages[0].get("text") if self._messages else None
        if not isinstance(text, str):
            return None
        self._messages.popleft()
        return text

    async def get(self) -> ASGIReceiveEvent:
        """Take the oldest message as soon as there is one."""
        while not self._messages:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self._messages.popleft()


class DirectProtocol(WebSocketsSansIOProtocol):
    """See the module."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.queue = Inbox()  # type: ignore[assignment]  # uvicorn asks no more of its queue
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._unparsed = b""
        self._lingering: asyncio.TimerHandle | None = None

    # --- life ---

    def handle_connect(self, event: Request) -> None:
        """Offer the shortcuts to the application."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"] |= {
                SEND_NOW: self.send_now,
                NEXT_NOW: self.next_now,
                ABORT: self.transport.abort,
            }

    async def run_asgi(self) -> None:
        """Run the application; what is still open a while after it is done is dropped.

        uvicorn closes in order, which waits until the peer has taken everything: for one that reads a byte
        now and then, for hours.
        """
        await super().run_asgi()
        self._linger()

    def _linger(self) -> None:
        if not self.disconnected and self._lingering is None:
            self._lingering = self.loop.call_later(LINGER_S, self.transport.abort)

    def handle_close(self, event: Frame) -> None:
        """Answer the peer's close, after what was said before it."""
        self._write_gathered()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        """Close because of what the peer sent, after what was said before."""
        self._write_gathered()
        super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        """Close because no pong came; whoever is gone does not take that close either."""
        self._write_gathered()
        super().keepalive_timeout()
        self._linger()

    def shutdown(self) -> None:
        """End with the server. Who is closing already is not closed again: that would raise."""
        self._write_gathered()
        if not self.handshake_complete or self.close_sent or self.conn.state is State.OPEN:
            super().shutdown()
        else:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        if self._lingering is not None:
            self._lingering.cancel()
        self._gathered.clear()
        self._unparsed = b""
        super().connection_lost(exc)

    # --- reading ---

    def data_received(self, data: bytes) -> None:
        """Parse a piece of what came; the rest has its turn later, and nothing more is read until then."""
        if self._unparsed:
            data = self._unparsed + data
        self._unparsed = data[PIECE:]
        super().data_received(data[:PIECE])
        if self._unparsed and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()
            self.loop.call_soon(self._have_a_turn)

    def _have_a_turn(self) -> None:
        if self.read_paused and len(cast("Inbox", self.queue)) < UNREAD:
            self._read_on()

    def _read_on(self) -> None:
        """Go on with what has come, then with what will come."""
        self.read_paused = False
        if self._unparsed and not self.transport.is_closing():
            self.data_received(b"")
        if not self.read_paused:
            self.transport.resume_reading()

    def handle_text(self, event: Frame) -> None:
        """Take a whole text, and read on from the peer until `UNREAD` of them wait.

        uvicorn stops reading at each one and begins again when it is taken, which costs two calls of the
        system for every message. What is no whole text goes its way.
        """
        inbox = cast("Inbox", self.queue)
        text = _whole_text(event) if not self.close_sent else None
        if text is None:
            super().handle_text(event)
            return
        inbox.put_nowait({"type": "websocket.receive", "text": text})
        if len(inbox) >= UNREAD and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def handle_cont(self, event: Frame) -> None:
        """Take a part of a message, unless there have been too many."""
        if len(self.frames) < FRAGMENTS:
            super().handle_cont(event)
        elif not self.transport.is_closing():
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()

    def next_now(self) -> str | None:
        """Take the next text frame if it has come; None when anything else, or nothing, is next."""
        inbox = cast("Inbox", self.queue)
        text = inbox.text_now()
        if text is not None and self.read_paused and inbox.empty():
            self._read_on()
        return text

    async def receive(self) -> ASGIReceiveEvent:
        """Take the next message as soon as there is one."""
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self._read_on()
        return message

    # --- writing ---

    async def send(self, message: ASGISendEvent) -> None:
        """Send a message; after a close, read on until the peer's own."""
        self._write_gathered()
        await super().send(message)
        if self._unparsed and not self.read_paused:
            self._read_on()

    def send_now(self, frame: bytes) -> bool:
        """Write one text frame in this turn of the loop if the connection is open and its buffer not full."""
        if (
            self.conn.state is not State.OPEN
            or not self.handshake_complete
            or self.close_sent
            or self.disconnected
            or not self.writable.is_set()
        ):
            return False
        if not self._gathered:
            # Whatever is written later by another way is scheduled later, so the order stays.
            self.loop.call_soon(self._write_gathered)
        self._gathered += (text_header(len(frame)), frame)
        self._gathered_bytes += len(frame)
        if self._gathered_bytes >= AT_ONCE:
            self._write_gathered()
        return True

    def _write_gathered(self) -> None:
        """Write what was gathered.

        Whoever is about to write a close calls this first: nothing may follow one (RFC 6455, section 5.5.1),
        and what was said before it should not be lost.
        """
        if self._gathered:
            data = b"".join(self._gathered)
            self._gathered.clear()
            self._gathered_bytes = 0
            self.transport.write(data)
