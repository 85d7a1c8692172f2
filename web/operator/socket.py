# SPDX-License-Identifier: EUPL-1.2
"""The operator's WebSocket: frames in, notices out, and the watch over sign-ins.

Owns the order of one console's connection. Knows the operator's side of the chat only.
"""

from __future__ import annotations

import asyncio
import logging
from typing import assert_never
from urllib.parse import parse_qs

from chat.errors import ChatError, Fault, LostClaim, NotNow
from chat.ids import ClientId, ConversationId, ServiceId, random_id
from chat.live.notices import ConversationOpened, Notice, SignInRevoked, TakenOver
from chat.live.operators import Desk, Operators, SignedIn
from chat.ports import Bell, Doorbell
from chat.sealing import duty_private_key
from web import socket as ws
from web.accounts.account import StaffRole, StaffSession
from web.decoding import BadFrame, FrameDecoder
from web.errors import outcome
from web.house import House
from web.operator import frames
from web.operator.frames import FromOperator
from web.operator.projection import accepted, encoded, project
from web.refusals import refusal_text
from web.security import read_staff_cookie
from web.socket import Receive, Scope, Send, Socket

_log = logging.getLogger(__name__)
_decoder: FrameDecoder[FromOperator] = FrameDecoder(FromOperator)
_BEAT = encoded(frames.Beat())

WATCH_S = 0.5
"""How often sign-ins are checked: a revoked one is closed within a second."""


class OperatorParty:
    """A console's socket as the chat sees it."""

    __slots__ = ("_house", "_session", "_socket")

    def __init__(self, house: House, session: StaffSession, socket: Socket) -> None:
        self._house = house
        self._session = session
        self._socket = socket

    def deliver(self, notice: Notice) -> None:
        """Show a notice, and close after what ends this connection."""
        if isinstance(notice, ConversationOpened):
            for part in accepted(notice):
                self._socket.put(encoded(part), backlog=True)
            return
        frame = project(notice, self._house.clock.now(), self._session.id)
        if frame is not None:
            self._socket.put(encoded(frame))
        if isinstance(notice, TakenOver):
            self._socket.close(ws.TAKEN_OVER)
        elif isinstance(notice, SignInRevoked):
            self._socket.close(ws.UNKNOWN_TOKEN)


class OperatorConnection:
    """One connection of one console, from the handshake to the end."""

    def __init__(self, house: House, socket: Socket, session: StaffSession, language: str) -> None:
        self._operators: Operators = house.chat.operators
        self._house = house
        self._socket = socket
        self._session = session
        self._language = language
        self._desk: Desk | None = None
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
            if self._desk is not None:
                await self._operators.disconnect(self._desk)

    async def _take(self, text: str) -> None:
        try:
            frame = _decoder.decode(text)
        except BadFrame:
            self._bad += 1
            self._refuse("bad_frame", retry=False)
            if self._bad >= ws.BAD_FRAMES:
                self._socket.close(ws.TOO_MANY)
            return
        conversation = getattr(frame, "conversation", None)
        client_id = frame.id if isinstance(frame, frames.Say) else None
        try:
            await self._answer(frame)
        except ChatError as error:
            self._house.note_fault(error)
            said = outcome(error)
            winner = error.winner if isinstance(error, LostClaim) else None
            self._refuse(
                said.code, retry=said.retry, conversation=conversation, client_id=client_id, winner=winner
            )

    async def _answer(self, frame: FromOperator) -> None:
        desk = self._desk
        if isinstance(frame, frames.Hello):
            await self._hello(frame)
            return
        if desk is None:
            raise NotNow
        operators = self._operators
        match frame:
            case frames.SetDuty(on=on, services=services, alias=alias, languages=languages):
                wanted = [ServiceId(service) for service in services] if on else []
                if on and not wanted:
                    raise NotNow
                await operators.set_duty(desk, wanted, alias, languages)
            case frames.Accept(conversation=conversation):
                service = await operators.accept(desk, ConversationId(conversation))
                if service is not None:
                    await self._house.audit_claim(self._session, service)
            case frames.Say(conversation=conversation, id=client_id, text=text):
                await operators.say(desk, ConversationId(conversation), ClientId(client_id), text)
            case frames.Typing(conversation=conversation):
                await operators.typing(desk, ConversationId(conversation))
            case frames.End(conversation=conversation):
                await operators.end(desk, ConversationId(conversation))
            case frames.Resume(conversation=conversation, after=after):
                await operators.resume(desk, ConversationId(conversation), after)
            case _:
                assert_never(frame)

    async def _hello(self, frame: frames.Hello) -> None:
        if self._desk is not None:
            raise NotNow
        if not self._session.is_own_csrf(frame.csrf):
            self._refuse("not_allowed", retry=False)
            self._socket.close(ws.UNKNOWN_TOKEN)
            return
        session = self._session
        day_key = self._house.daily_keys.for_day(session.token.day)
        if day_key is None:
            self._socket.close(ws.UNKNOWN_TOKEN)
            return
        signed_in = SignedIn(
            duty=session.id,
            services=session.services,
            private_key=duty_private_key(session.token, day_key),
            key_day=session.token.day,
        )
        party = OperatorParty(self._house, session, self._socket)
        self._desk = await self._operators.connect(signed_in, party, self._socket.connection)

    def _refuse(
        self,
        code: str,
        *,
        retry: bool,
        conversation: str | None = None,
        client_id: str | None = None,
        winner: str | None = None,
    ) -> None:
        text = refusal_text(self._house.languages, self._language, "staff", code, winner)
        self._socket.put(encoded(frames.Nack(code, text, retry, conversation, client_id)))


class OperatorSocket:
    """Serves `/ws/operator`. The perimeter has refused foreign origins already."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; without a session it is accepted, then closed 4001."""
        house = self._house
        session = await house.accounts.session(read_staff_cookie(scope))
        socket = Socket(receive, send, house.operator_hub, random_id(house.randomness))
        try:
            await socket.accept(scope, _BEAT)
        except ws.Closed:
            return
        if session is None or session.role is not StaffRole.OPERATOR:
            socket.close(ws.UNKNOWN_TOKEN)
            await socket.closed()
            socket.gone()
            return
        await OperatorConnection(house, socket, session, _language(scope)).serve()


def _language(scope: Scope) -> str:
    """The console's language, for the words of refusals."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("lang", ["sv"])[0]


async def watch_sign_ins(house: House) -> None:
    """Close the consoles of sign-ins that are no longer valid, wherever they were ended, until cancelled."""
    operators = house.chat.operators
    while True:
        await asyncio.sleep(WATCH_S)
        try:
            desks = set(operators.desks)
            for duty in desks - await house.accounts.live(desks):
                await operators.revoke(duty)
                house.chat.bus.ring(Doorbell(bell=Bell.REVOKED, duty=duty, origin=house.chat.rooms.origin))
        except Fault:
            _log.exception("watch_failed")
