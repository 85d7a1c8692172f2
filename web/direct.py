# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's WebSocket protocol with shorter ways in and out, and an end for peers that take nothing.

Owns three shortcuts and nothing of what is carried: a frame that fits is written without a task, the frames
of one turn of the event loop leave in one write, and what comes in waits in a plain list. Owns too how much
of one peer is kept, and in how many pieces a text may come. The handshake, the checks of a frame and pings
stay the libraries'.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
    from uvicorn.config import Config
    from uvicorn.server import ServerState

SEND_NOW: Final = "jourchatt.send_now"
NEXT_NOW: Final = "jourchatt.next_now"
ABORT: Final = "jourchatt.abort"
IS_GONE: Final = "jourchatt.is_gone"
"""Where the shortcuts stand among a scope's extensions."""

SendNow = Callable[[bytes], bool]
"""Write one text frame now; False, and nothing written, when the peer does not take it at once."""

NextNow = Callable[[], "str | None"]
"""Take the next text frame if it has come and is whole; None when anything else, or nothing, is next."""

IsGone = Callable[[], bool]
"""Whether the connection is lost or closing, also before anybody has read so."""

Abort = Callable[[], None]
"""Drop the connection and all that was written for it: whoever takes nothing would keep it for hours."""

AT_ONCE: Final = 64 * 1024
"""Bytes that are gathered before they are written: more would hide from the transport's own limit."""

UNREAD: Final = 64 * 1024
"""Bytes of one peer that wait to be taken before nothing more is parsed or read of it."""

ENVELOPE: Final = 256
"""Bytes that a waiting message costs besides its text: an empty one is not free."""

PIECE: Final = 4 * 1024
IN_ONE_TURN: Final = 256
"""What came is parsed in pieces of so many bytes, until one peer has had so many frames; then others have a
turn. One read may hold 30,000 tiny frames, and each takes fifty times its size once it is parsed."""

FRAGMENTS: Final = 256
"""Pieces of one message; a page sends one. Empty ones weigh nothing: no limit of bytes ends them."""

NOT_UTF_8: Final = 1007
TOO_LARGE: Final = 1009

LINGER_S: Final = 10.0
"""How long a connection may outlive its handler: for the rest of the closing handshake."""

_TEXT: Final = 0x81
_SHORT: Final = 126
_MEDIUM: Final = 65_536


@lru_cache(64)
def text_header(length: int) -> bytes:
    """Return the header of a whole, unmasked text frame (RFC 6455, section 5.2)."""
    if length < _SHORT:
        return bytes((_TEXT, length))
    if length < _MEDIUM:
        return bytes((_TEXT, 126)) + length.to_bytes(2, "big")
    return bytes((_TEXT, 127)) + length.to_bytes(8, "big")


class Inbox:
    """What has come and has not been taken, for one taker: as much of `asyncio.Queue` as uvicorn uses."""

    def __init__(self) -> None:
        self._messages: list[ASGIReceiveEvent] = []  # an empty deque weighs as much as ten empty lists
        self._waiting: asyncio.Future[None] | None = None
        self.unread = 0
        """What waits, in bytes."""

    def empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._messages

    def put_nowait(self, message: ASGIReceiveEvent) -> None:
        """Add a message."""
        self._messages.append(message)
        self.unread += _weight(message)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def text_now(self) -> str | None:
        """Take the oldest message if it is a text."""
        text = self._messages[0].get("text") if self._messages else None
        if not isinstance(text, str):
            return None
        self.unread -= _weight(self._messages.pop(0))
        return text

    async def get(self) -> ASGIReceiveEvent:
        """Take the oldest message as soon as there is one."""
        while not self._messages:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        message = self._messages.pop(0)
        self.unread -= _weight(message)
        return message


def _weight(message: ASGIReceiveEvent) -> int:
    text = message.get("text")
    return ENVELOPE + len(text) if isinstance(text, str) else ENVELOPE


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
        self._frames_taken = 0
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
                IS_GONE: self.is_gone,
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
            with contextlib.suppress(Exception):  # one that cannot be told must not keep the others from it
                super().shutdown()
                return
        self.transport.abort()

    def is_gone(self) -> bool:
        """Tell whether the connection is lost or closing."""
        return self.disconnected or self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        if self._lingering is not None:
            self._lingering.cancel()
        self._gathered.clear()
        self._unparsed = b""
        super().connection_lost(exc)

    # --- reading ---

    def data_received(self, data: bytes) -> None:
        """Parse a part of what came; the rest has its turn later, and nothing more is read until then."""
        if self._unparsed:
            data = self._unparsed + data
        start, before = 0, self._frames_taken
        while start < len(data) and not self.read_paused and self._frames_taken < before + IN_ONE_TURN:
            super().data_received(data[start : start + PIECE])
            start += PIECE
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_handshake()
            return
        self._unparsed = data[start:]
        if self._unparsed and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()
            self.loop.call_soon(self._have_a_turn)

    def _refuse_handshake(self) -> None:
        """Answer a head that `websockets` does not take, as when it is too large: it says nothing itself."""
        self.handshake_initiated = True
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        self.transport.close()

    def _have_a_turn(self) -> None:
        if self.read_paused and cast("Inbox", self.queue).unread < UNREAD:
            self._read_on()

    def _read_on(self) -> None:
        """Go on with what has come, then with what will come."""
        self.read_paused = False
        if self._unparsed and not self.transport.is_closing():
            self.data_received(b"")
        if not self.read_paused:
            self.transport.resume_reading()

    def handle_text(self, event: Frame) -> None:
        """Take a whole text; what is in pieces is put together first."""
        self._frames_taken += 1
        if event.fin and not self.close_sent:
            self._take(event.data)
        else:
            super().handle_text(event)

    def handle_cont(self, event: Frame) -> None:
        """Put one more piece to a message, and end the connection at one too many."""
        self._frames_taken += 1
        if self.close_sent:
            return
        if len(self.frames) >= FRAGMENTS:
            self._fail(TOO_LARGE)
        elif event.fin and self.curr_msg_data_type == "text":
            pieces, self.frames = self.frames, []
            self._take(b"".join((*pieces, event.data)))
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer it, and count it. Of whoever takes no answers nothing more is read until they do."""
        self._frames_taken += 1
        super().handle_ping()
        if not self.writable.is_set() and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """The peer takes something again: write on, and read on."""
        super().resume_writing()
        self._have_a_turn()

    def handle_pong(self, event: Frame) -> None:
        """Note it, and count it."""
        self._frames_taken += 1
        super().handle_pong(event)

    def _take(self, data: bytes | bytearray | memoryview) -> None:
        """Take a text, and read on from the peer until too much waits.

        uvicorn stops reading at each one and begins again when it is taken, which costs two calls of the
        system for every message. It also logs an error of ours where the bytes are no text: anybody could
        fill the log.
        """
        try:
            text = str(data, "utf-8")
        except UnicodeDecodeError:
            self._fail(NOT_UTF_8)
            return
        inbox = cast("Inbox", self.queue)
        inbox.put_nowait({"type": "websocket.receive", "text": text})
        if inbox.unread >= UNREAD and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def _fail(self, code: int) -> None:
        """End the connection for a fault of the peer's; nothing more of it is read."""
        self.frames = []
        self.conn.fail(code)
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
        if message["type"] == "websocket.accept":
            self._forget_handshake()
        if self._unparsed and not self.read_paused:
            self._read_on()

    def _forget_handshake(self) -> None:
        """Let go of the request: it weighs as much as the rest of an idle connection's own state."""
        self.request = self.response = None  # type: ignore[assignment]  # uvicorn looks at neither after this
        self.scope["headers"] = []

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
