# SPDX-License-Identifier: EUPL-1.2
"""The visitor's WebSocket: frames in, notices out.

Owns the order of one visitor's connection. Knows the visitor's side of the chat only; her address is looked
at for the rate limit alone and kept nowhere.
"""

from __future__ import annotations

from typing import assert_never

import msgspec

from chat.errors import ChatError, HasEnded, NotNow, UnknownToken
from chat.ids import ClientId, ServiceId, random_id
from chat.live.notices import ConversationOver, EntryShown, Notice, TakenOver
from chat.live.visitors import Opening, Visitors, VisitorSeat
from web import socket as ws
from web.decoding import BadFrame, FrameDecoder
from web.errors import outcome
from web.house import House
from web.refusals import refusal_text
from web.security import network_of
from web.socket import Receive, Scope, Send, Socket
from web.visitor import frames
from web.visitor.frames import FromVisitor
from web.visitor.projection import encoded, project

_decoder: FrameDecoder[FromVisitor] = FrameDecoder(FromVisitor)
_intake = msgspec.json.Encoder()
_BEAT = encoded(frames.Beat())


class VisitorParty:
    """A visitor's socket as the chat sees it."""

    __slots__ = ("_socket",)

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def deliver(self, notice: Notice) -> None:
        """Show a notice, and close after what ends this connection."""
        frame = project(notice)
        if frame is not None:
            self._socket.put(encoded(frame), backlog=isinstance(notice, EntryShown) and notice.again)
        if isinstance(notice, ConversationOver):
            self._socket.close(ws.NORMAL)
        elif isinstance(notice, TakenOver):
            self._socket.close(ws.TAKEN_OVER)


class VisitorConnection:
    """One connection of one visitor, from the handshake to the end."""

    def __init__(self, house: House, socket: Socket, network: bytes) -> None:
        self._visitors: Visitors = house.chat.visitors
        self._house = house
        self._socket = socket
        self._network = network
        self._is_limited = house.limits.counts(network)
        self._party = VisitorParty(socket)
        self._seat: VisitorSeat | None = None
        self._language = house.languages.codes[0]
        self._bad = 0

    async def serve(self) -> None:
        """Read frames until either side closes."""
        try:
            text = await self._socket.first()
            while True:
                await self._take(text)
                text = await self._socket.next()
        except ws.Closed:
            return
        finally:
            self._socket.gone()
            if self._seat is not None:
                await self._visitors.disconnect(self._seat)

    async def _take(self, text: str) -> None:
        """Answer one frame. Whatever is wrong with it becomes a refusal; only abuse closes."""
        try:
            frame = _decoder.decode(text)
        except BadFrame:
            self._bad += 1
            self._refuse("bad_frame", retry=False)
            if self._bad >= ws.BAD_FRAMES:
                self._socket.close(ws.TOO_MANY)
            return
        client_id = frame.id if isinstance(frame, frames.Say) else None
        try:
            await self._answer(frame)
        except UnknownToken:
            self._socket.close(ws.UNKNOWN_TOKEN)
        except ChatError as error:
            self._house.note_fault(error)
            said = outcome(error)
            self._refuse(said.code, retry=said.retry, client_id=client_id)

    async def _answer(self, frame: FromVisitor) -> None:
        seat = self._seat
        match frame:
            case frames.Start() | frames.Resume():
                if seat is not None:
                    raise NotNow
                await self._begin(frame)
            case _ if seat is None:
                raise NotNow
            case frames.Say(id=client_id, text=text):
                if self._is_limited and not self._house.limits.may_say(seat.room.id):
                    self._refuse("rate", retry=True, client_id=client_id)
                    return
                await self._visitors.say(seat, ClientId(client_id), text)
            case frames.Typing():
                self._visitors.typing(seat)
            case frames.Leave(quickly=quickly):
                await self._leave(seat, quickly=quickly)
            case _:
                assert_never(frame)

    async def _begin(self, frame: frames.Start | frames.Resume) -> None:
        if isinstance(frame, frames.Resume):
            self._seat = await self._visitors.resume(
                frame.token, frame.after, self._party, self._socket.connection
            )
            self._language = self._seat.room.conversation.language
            return
        self._language = frame.language
        if not self._house.limits.may_start(self._network):
            self._refuse("rate", retry=True)
            return
        intake = frame.intake
        opening = Opening(
            service=ServiceId(frame.service),
            language=frame.language,
            notice=frame.notice,
            acute=intake.acute if intake is not None else False,
            intake=_intake.encode(intake).decode() if intake is not None else None,
        )
        self._seat = await self._visitors.start(opening, self._party, self._socket.connection)

    async def _leave(self, seat: VisitorSeat, *, quickly: bool) -> None:
        try:
            await self._visitors.leave(seat, quickly=quickly)
        except HasEnded:
            self._socket.close(ws.NORMAL)

    def _refuse(self, code: str, *, retry: bool, client_id: str | None = None) -> None:
        text = refusal_text(self._house.languages, self._language, "visitor", code)
        self._socket.put(encoded(frames.Nack(code, text, retry, client_id)))


class VisitorSocket:
    """Serves `/ws/visitor`. The perimeter has refused foreign origins already."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        house = self._house
        socket = Socket(receive, send, house.visitor_hub, random_id(house.randomness))
        try:
            await socket.accept(scope, _BEAT)
        except ws.Closed:
            return
        await VisitorConnection(house, socket, network_of(scope)).serve()
