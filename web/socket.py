# SPDX-License-Identifier: EUPL-1.2
"""One accepted WebSocket: its outbox, a beat, and an orderly end.

Owns what both sides' sockets share. Knows no frame of either side and nothing of the chat; `hub` knows every
open socket so that a server about to stop can tell them all.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from web.direct import ABORT, IS_GONE, NEXT_NOW, SEND_NOW, Abort, IsGone, NextNow, SendNow
from web.outbox import Outbox, Owed

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]

SUBPROTOCOL: Final = "jourchatt.v1"
BUCKET: Final = 1024
FIRST_FRAME_S: Final = 5.0
SEAT_S: Final = 30.0
"""Who has neither a conversation nor a desk by then is closed, whatever else was sent."""
FRAMES_AT_A_TIME: Final = 8
"""After so many frames of one peer everybody else has a turn."""
TOGETHER: Final = 32
"""Frames of one peer that are taken together if they have come already."""
FRAMES_PER_S: Final = 1000
BURST_S: Final = 1.0
"""A peer of a limited network is answered so fast, at first faster: a flood must not starve the others."""
SEND_S: Final = 15.0
"""A peer that takes nothing for this long is gone."""
BEAT_S: Final = 20.0
BAD_FRAMES: Final = 20
"""So many malformed frames on one socket are abuse."""

SOCKETS: Final = 20_000
"""On one side, in one process."""
OWED_BYTES: Final = 64 * 1024 * 1024
"""What may wait for all peers of one side together; beyond it, whoever has most waiting is dropped."""
CROWDED: Final = SOCKETS // 2
SEATLESS_OF_A_NETWORK: Final = 200
"""Without conversation or desk, from one /24 or /56, on one side: beyond it the oldest has to go, once half
of all places are taken. Not before, for she may be the oldest, with her page at work; and the newest is let
in, so that nobody who shares a network with her can hold the door shut."""

NORMAL: Final = 1000
UNSUPPORTED: Final = 1003
POLICY: Final = 1008
UNKNOWN_TOKEN: Final = 4001
TAKEN_OVER: Final = 4003
TOO_SLOW: Final = 4008
DRAINING: Final = 4012
TOO_MANY: Final = 4029
DO_NOT_RETRY: Final = 4500


def padded(frame: bytes) -> bytes:
    """Fill a frame with trailing spaces to the next multiple of 1,024 bytes: its size tells little."""
    return frame + b" " * (-len(frame) % BUCKET)


class Closed(Exception):
    """The socket is closed, by either side. Carries nothing."""


@dataclass(slots=True, eq=False)
class Hub:
    """Every open socket of one side in this process, and those of each limited network without a seat."""

    sockets: set[Socket] = field(default_factory=set)
    owed: Owed = field(default_factory=Owed)
    _seatless: dict[bytes, dict[Socket, None]] = field(default_factory=dict)
    """In the order in which they came."""
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    def refusal(self) -> int | None:
        """Return the HTTP status that refuses one more socket, or None."""
        return 503 if len(self.sockets) >= SOCKETS else None

    def add(self, socket: Socket) -> None:
        """Count a socket in. One without a network is never limited."""
        self.sockets.add(socket)
        if socket.network is None:
            return
        seatless = self._seatless.setdefault(socket.network, {})
        seatless[socket] = None
        if len(seatless) > SEATLESS_OF_A_NETWORK and len(self.sockets) > CROWDED:
            oldest = next(iter(seatless))
            del seatless[oldest]
            oldest.close(POLICY)

    def seated(self, socket: Socket) -> None:
        """A socket has a conversation or a desk, which have bounds of their own."""
        seatless = self._seatless.get(socket.network or b"", {})
        seatless.pop(socket, None)
        if not seatless:
            self._seatless.pop(socket.network or b"", None)

    def remove(self, socket: Socket) -> None:
        """Count a socket out."""
        if socket not in self.sockets:
            return
        self.sockets.discard(socket)
        self.seated(socket)
        if not self.sockets:
            self._empty.set()

    def relieve(self) -> None:
        """Keep what waits for slow peers within bounds: whoever has most waiting comes back for it later."""
        if self.owed.bytes > OWED_BYTES and self.sockets:
            max(self.sockets, key=lambda socket: socket.waiting).drop(TOO_SLOW)

    async def _emptied(self, within_s: float) -> None:
        if not self.sockets:
            return
        self._empty.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), within_s)

    async def drain(self, within_s: float, frame: Callable[[int], bytes]) -> None:
        """Ask every socket to move within a random part of `within_s`, then close those that stayed."""
        for socket in list(self.sockets):
            # Spread in time, so that the next process is not met by all of them at once.
            socket.put(frame(int(random.uniform(0.1, 1.0) * within_s * 1000)))  # noqa: S311
        await self._emptied(within_s)
        for socket in list(self.sockets):
            socket.close(DRAINING)
        await self._emptied(2.0)


class Socket:
    """See the module. `put` and `close` never block and never raise."""

    __slots__ = (
        "__weakref__",
        "_abort_now",
        "_aborted",
        "_ahead_s",
        "_breathed",
        "_close_code",
        "_gone_now",
        "_hub",
        "_in_a_row",
        "_is_gone",
        "_next_now",
        "_outbox",
        "_receive",
        "_seat",
        "_send",
        "_send_now",
        "_stuck",
        "_task",
        "_timer",
        "_writer",
        "connection",
        "network",
    )

    def __init__(
        self, receive: Receive, send: Send, hub: Hub, connection: str, network: bytes | None = None
    ) -> None:
        self._receive = receive
        self._send = send
        self._hub = hub
        self.connection = connection
        """Names this connection on the bus."""
        self.network = network
        """The truncated prefix that it counts for; None: it counts for nobody."""
        self._outbox = Outbox(hub.owed)
        self._close_code: int | None = None
        self._writer: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._seat: asyncio.TimerHandle | None = None
        self._in_a_row = 0
        self._ahead_s = 0.0
        self._breathed = 0.0
        self._task = asyncio.current_task()
        self._aborted = False
        self._is_gone = False
        self._send_now: SendNow | None = None
        self._next_now: NextNow | None = None
        self._abort_now: Abort | None = None
        self._gone_now: IsGone = lambda: False

    # --- life ---

    async def accept(self, scope: Scope, beat: bytes) -> None:
        """Complete the handshake and begin to beat.

        Raises:
            Closed: the peer is gone already, or there are too many sockets: it was refused.
        """
        message = await self._receive()
        if message["type"] != "websocket.connect":
            raise Closed
        status = self._hub.refusal()
        if status is not None:
            await self._send({"type": "websocket.http.response.start", "status": status, "headers": []})
            await self._send({"type": "websocket.http.response.body", "body": b""})
            raise Closed
        chosen = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None
        extensions = scope.get("extensions", {})
        self._send_now = extensions.get(SEND_NOW)
        self._next_now = extensions.get(NEXT_NOW)
        self._gone_now = extensions.get(IS_GONE, self._gone_now)
        self._abort_now = extensions.get(ABORT)
        await self._send({"type": "websocket.accept", "subprotocol": chosen, "headers": []})
        self._hub.add(self)
        self._seat = asyncio.get_running_loop().call_later(SEAT_S, self.close, POLICY)
        self._beat_again(beat)

    def seated(self) -> None:
        """There is a conversation or a desk: it may stay."""
        self._hub.seated(self)
        if self._seat is not None:
            self._seat.cancel()
            self._seat = None

    def _beat_again(self, beat: bytes) -> None:
        # Neither secret nor security: it only keeps ten thousand beats from falling together.
        pause = BEAT_S * random.uniform(0.8, 1.2)  # noqa: S311
        self._timer = asyncio.get_running_loop().call_later(pause, self._beat, beat)

    def _beat(self, beat: bytes) -> None:
        self.put(beat, droppable=True)
        self._beat_again(beat)

    def gone(self) -> None:
        """Let go of everything; call when the handler is done."""
        self._hub.remove(self)
        for timer in (self._timer, self._stuck, self._seat):
            if timer is not None:
                timer.cancel()
        self._timer = self._stuck = self._seat = None
        if self._close_code is None:
            self._close_code = NORMAL
            if self._writer is not None:
                self._writer.cancel()
        self._outbox.clear()

    # --- reading ---

    async def first(self) -> str:
        """Return the first frame, which must come within 5 s."""
        try:
            async with asyncio.timeout(FIRST_FRAME_S):
                return await self.next()
        except TimeoutError:
            self.close(POLICY)
            await self.closed()
            raise Closed from None

    async def next(self) -> str:
        """Return the next text frame.

        Raises:
            Closed: the peer is gone, sent a binary frame, or was cut off.
        """
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise Closed
        self._in_a_row += 1
        if self._in_a_row >= FRAMES_AT_A_TIME:
            # What has come already is received without a pause, and nobody else would be heard meanwhile.
            await asyncio.sleep(self._breath())
        if self._close_code is not None:
            # The last words may still stand in the outbox, and whoever is done takes the connection down.
            await self.closed()
            raise Closed
        text = message.get("text")
        if text is None:
            self.close(UNSUPPORTED)
            await self.closed()
            raise Closed
        return str(text)

    def _breath(self) -> float:
        """Return how long to leave a peer alone that has sent so much: not at all, unless it never stops."""
        taken, self._in_a_row = self._in_a_row, 0
        if self.network is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        self._ahead_s = max(0.0, self._ahead_s - (now - self._breathed)) + taken / FRAMES_PER_S
        self._breathed = now
        return max(0.0, self._ahead_s - BURST_S)

    def at_hand(self) -> list[str]:
        """Return the text frames that have come already, without waiting: fewer than `TOGETHER`."""
        texts: list[str] = []
        while self._next_now is not None and len(texts) < TOGETHER - 1:
            text = self._next_now()
            if text is None:
                break
            texts.append(text)
        self._in_a_row += len(texts)
        return texts

    @property
    def is_gone(self) -> bool:
        """Whether the peer is gone, also before that has been read from it."""
        return self._is_gone or self._gone_now()

    @property
    def is_closing(self) -> bool:
        """Whether nothing that comes is answered any more."""
        return self._close_code is not None

    async def closed(self) -> None:
        """Return when what stood in the outbox, and the close after it, have been handed to the network."""
        if self._writer is not None:
            await asyncio.wait({self._writer})

    # --- writing ---

    def put(self, frame: bytes, *, backlog: bool = False, droppable: bool = False) -> None:
        """Send a frame as soon as the peer takes it. A full outbox drops the socket: resume heals it.

        `backlog` and `droppable` are what `Outbox.add` says of them.
        """
        if self._close_code is not None or self._is_gone:
            return
        if self._writer is None and self._send_now is not None and self._send_now(frame):
            return
        if not self._outbox.add(frame, backlog=backlog, droppable=droppable):
            self.drop(TOO_SLOW)
            return
        self._write()
        self._hub.relieve()

    def close(self, code: int) -> None:
        """Close after what stands in the outbox. The first code given is the one that is sent."""
        if self._close_code is None:
            self._close_code = code
            self._write()

    def drop(self, code: int) -> None:
        """Close without what stands in the outbox: it is nobody's any more, or comes again after a resume."""
        self._outbox.clear()
        self._hub.owed.too_slow += code == TOO_SLOW and self._close_code is None
        self.close(code)

    @property
    def waiting(self) -> int:
        """How many bytes the peer has not taken."""
        return self._outbox.bytes

    def _write(self) -> None:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        """Write until nothing is left. An idle socket has no task of its own."""
        try:
            while self._outbox:
                self._watch()
                await self._send({"type": "websocket.send", "text": self._outbox.take().decode()})
            if self._close_code is not None:
                self._watch()
                await self._send({"type": "websocket.close", "code": self._close_code})
        except OSError:  # the peer is gone; what it sent before may still stand in line
            self._outbox.clear()
            self._is_gone = True
        except Exception:  # noqa: BLE001 - whatever else it is, nothing more can be said here
            self._outbox.clear()
            self._close_code = self._close_code or NORMAL
        finally:
            if self._stuck is not None:
                self._stuck.cancel()
            self._writer = None

    def _watch(self) -> None:
        """Give the peer its time for one frame: a slow one that keeps taking is not gone."""
        if self._stuck is not None:
            self._stuck.cancel()
        self._stuck = asyncio.get_running_loop().call_later(SEND_S, self._abort)

    def _abort(self) -> None:
        """The peer takes nothing: end the handler and drop the connection with all that was written."""
        self._aborted = True
        self._hub.owed.too_slow += 1
        self._close_code = self._close_code or TOO_SLOW
        if self._writer is not None:
            self._writer.cancel()
        if self._task is not None:
            self._task.cancel()
        if self._abort_now is not None:
            self._abort_now()

    @property
    def aborted(self) -> bool:
        """Whether the handler was cancelled because the peer took nothing."""
        return self._aborted
