# SPDX-License-Identifier: EUPL-1.2
"""uvicorn's WebSocket protocol with shorter ways in and out for what happens thousands of times a second.

Owns three shortcuts and nothing of what is carried: a frame that fits is written without a task, the frames
of one turn of the event loop leave in one write, and what comes in waits in a plain list. Owns besides in how
many pieces a text may come. Everything else (the handshake, the checks of a frame, pings, closing,
back-pressure) stays the libraries'.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent
    from uvicorn.config import Config
    from uvicorn.server import ServerState

SEND_NOW: Final = "jourchatt.send_now"
NEXT_NOW: Final = "jourchatt.next_now"
"""Where the shortcuts stand among a scope's extensions."""

SendNow = Callable[[bytes], bool]
"""Write one text frame now; False, and nothing written, when the peer does not take it at once."""

NextNow = Callable[[], "str | None"]
"""Take the next text frame if it has come and is whole; None when anything else, or nothing, is next."""

AT_ONCE: Final = 64 * 1024
"""Bytes that are gathered before they are written: more would hide from the transport's own limit."""

FRAGMENTS: Final = 256
"""Pieces of one message; a page sends one. Empty ones weigh nothing: no limit of bytes ends them."""

NOT_UTF_8: Final = 1007
TOO_LARGE: Final = 1009

UNREAD: Final = 8
"""Whole texts of one peer that wait to be taken before nothing more is read from it: 256 KiB at the most."""

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

    def handle_connect(self, event: Request) -> None:
        """Offer the shortcuts to the application."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"] |= {SEND_NOW: self.send_now, NEXT_NOW: self.next_now}

    def handle_text(self, event: Frame) -> None:
        """Take a whole text; what is in pieces is put together first."""
        if event.fin and not self.close_sent:
            self._take(event.data)
        else:
            super().handle_text(event)

    def handle_cont(self, event: Frame) -> None:
        """Put one more piece to a message, and end the connection at one too many."""
        if self.close_sent:
            return
        if len(self.frames) >= FRAGMENTS:
            self._fail(TOO_LARGE)
        elif event.fin and self.curr_msg_data_type == "text":
            pieces, self.frames = self.frames, []
            self._take(b"".join((*pieces, event.data)))
        else:
            super().handle_cont(event)

    def _take(self, data: bytes | bytearray | memoryview) -> None:
        """Take a text, and read on from the peer until `UNREAD` of them wait.

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
        if len(inbox) >= UNREAD and not self.read_paused:
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
            self.read_paused = False
            self.transport.resume_reading()
        return text

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
        if not self._gathered:
            return
        data = b"".join(self._gathered)
        self._gathered.clear()
        self._gathered_bytes = 0
        # A peer that has sent its close meanwhile takes nothing more.
        if self.conn.state is State.OPEN:
            self.transport.write(data)
