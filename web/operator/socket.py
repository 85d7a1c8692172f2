# SPDX-License-Identifier: EUPL-1.2
"""The operator's WebSocket: frames in, notices out.

Owns the order of one console's connection. Knows the operator's side of the chat only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs

from chat.errors import NotNow, TellsWho
from chat.ids import ClientId, ConversationId, Role, ServiceId, random_id
from chat.live import shifts
from chat.live.confiding import Confided, NotesRead
from chat.live.notices import (
    AlertsListed,
    ConversationOpened,
    Notice,
    PeerTyping,
    SignInRevoked,
    TakenOver,
    TransferStands,
    VisitorPresence,
    WaitingListed,
)
from chat.live.operators import Desk, Operators, SignedIn
from chat.live.rooms import NOBODY
from chat.live.saying import Words
from chat.live.showing import transfer_of
from chat.sealing import duty_private_key
from moderation.judge import Judge
from moderation.sanctions import Unsafe
from web import socket as ws
from web.accounts.account import AT_CONSOLE, StaffRole, StaffSession
from web.accounts.audit import Audited
from web.connection import About, Connection
from web.decoding import FrameDecoder
from web.house import House
from web.operator import frames, handing, note_frames, noting, supervision, transfer
from web.operator.alerting_frames import Here, There
from web.operator.alias import fit_alias
from web.operator.at_desk import AtDesk
from web.operator.degraded import tell_now
from web.operator.desk_work import ANSWERS
from web.operator.frames import FromOperator
from web.operator.projection import accepted, encoded, project
from web.operator.pulse import Pulse
from web.operator.waiting_shown import waiting
from web.security import network_of, read_staff_cookie
from web.socket import Receive, Scope, Send, Socket

_decoder: FrameDecoder[FromOperator] = FrameDecoder(FromOperator)
_BEAT = encoded(frames.Beat())
_OF_THE_MOMENT = frozenset({PeerTyping, VisitorPresence})
_DROPPING = {TakenOver: ws.TAKEN_OVER, SignInRevoked: ws.UNKNOWN_TOKEN}
"""What ends this connection at once, and the close code that says so."""


class OperatorParty:
    """A console's socket as the chat sees it."""

    __slots__ = ("_house", "_session", "_socket")

    def __init__(self, house: House, session: StaffSession, socket: Socket) -> None:
        self._house = house
        self._session = session
        self._socket = socket

    @property
    def is_gone(self) -> bool:
        """Whether the peer is gone."""
        return self._socket.is_gone

    def deliver(self, notice: Notice) -> None:
        """Show a notice, and close after what ends this connection."""
        if isinstance(notice, ConversationOpened):
            for part in accepted(notice, self._house.name_of):
                self._socket.put(encoded(part), backlog=True)
            if notice.role is Role.OPERATOR and notice.conversation.transfer is not None:
                self.deliver(transfer_of(notice.conversation))
            return
        if isinstance(notice, TransferStands):
            self._socket.put(encoded(transfer.stands(self._house, notice)))
            return
        if isinstance(notice, WaitingListed):
            self._socket.put(
                encoded(waiting(notice, self._house.clock.now(), self._session.id, self._house.name_of))
            )
            return
        if isinstance(notice, AlertsListed):
            self._socket.put(encoded(supervision.alerts(notice, self._house.clock.now())))
            return
        frame = project(notice)
        if frame is not None:
            self._socket.put(encoded(frame), droppable=type(notice) in _OF_THE_MOMENT)
        if (code := _DROPPING.get(type(notice))) is not None:
            self._socket.drop(code)

    def confide(self, confided: Confided) -> None:
        """Show what is for staff alone."""
        for frame in noting.shown(confided, self._session.id):
            self._socket.put(encoded(frame), backlog=isinstance(confided, NotesRead))


class OperatorConnection(Connection[FromOperator]):
    """One connection of one console, from the handshake to the end."""

    domain = "staff"
    speech = frames.Say

    def __init__(
        self, house: House, socket: Socket, cookie: str | None, language: str, asking: handing.Asking
    ) -> None:
        super().__init__(house, socket, _decoder, language)
        self._asking = asking
        self._operators: Operators = house.chat.operators
        self._cookie = cookie
        self._session: StaffSession | None = None
        self._desk: Desk | None = None
        self._pulse = Pulse(socket)

    async def disconnect(self) -> None:
        """What is held waits for the operator for a while."""
        self._pulse.stop()
        if self._desk is not None:
            await self._operators.disconnect(self._desk)

    def about(self, frame: FromOperator) -> About:
        """Return what a refusal names: one of a note must not look like one of what was said to her."""
        about = super().about(frame)
        return replace(about, field="note") if isinstance(frame, note_frames.NotesIn) else about

    def message_of(self, error: Exception) -> str:
        """Return which kind of identity data was seen, so that she knows what to write anew."""
        if isinstance(error, TellsWho) and error.kind is not None:
            return f"nack.identity_{error.kind}"
        return super().message_of(error)

    async def answer(self, frame: FromOperator) -> None:
        """Do what the operator asks for."""
        if isinstance(frame, frames.Hello):
            await self._hello(frame)
        elif self._desk is None or self._session is None:
            raise NotNow
        else:
            await self._work(frame, self._desk, self._session)

    async def _work(self, frame: FromOperator, desk: Desk, session: StaffSession) -> None:
        operators = self._operators
        match frame:
            case frames.SetDuty(on=True):
                await self._go_on_duty(desk, frame)
            case frames.SetDuty(felt=felt):
                ended = await shifts.end(operators, desk)
                if ended is not None and felt is not None:
                    by = session.account.encode()
                    await self.house.chat.wrap_ups.tell_of_shift(ended.services, felt, by)
            case frames.Accept(conversation=conversation):
                claimed = partial(self.house.recorded, Audited.CLAIMED, session)
                await operators.accept(desk, ConversationId(conversation), claimed)
            case frames.Say():
                await self.say([frame])
            case frames.Typing(conversation=conversation):
                await operators.typing(desk, ConversationId(conversation))
            case frames.End(conversation=conversation, unsafe=unsafe):
                await self._end(
                    desk, ConversationId(conversation), Unsafe(unsafe) if unsafe is not None else None
                )
            case frames.Resume(conversation=conversation, after=after):
                await operators.resume(desk, ConversationId(conversation), after)
            case There(id=number):
                self._pulse.felt()
                self.socket.put(encoded(Here(number)))
            case _:
                at = AtDesk(
                    self.house, desk, session, self._asking, lambda told: self.socket.put(encoded(told))
                )
                await ANSWERS[type(frame)](at, frame)

    async def _go_on_duty(self, desk: Desk, frame: frames.SetDuty) -> None:
        wanted = [ServiceId(service) for service in frame.services]
        if not wanted:
            raise NotNow
        alias = fit_alias(frame.alias, [self._judge_of(service) for service in wanted])
        if frame.own_alias:
            await shifts.refuse_taken_alias(self._operators, desk, wanted, alias)
        await self._operators.set_duty(desk, wanted, alias, frame.languages, frame.capacity)

    def _judge_of(self, service: ServiceId) -> Judge:
        known = self.house.chat.rooms.services.get(service)
        return known.judge if known is not None else NOBODY

    async def say(self, said: Sequence[FromOperator]) -> None:
        """Say something in one or more conversations, side by side."""
        desk = self._desk
        if desk is None:
            raise NotNow
        by_conversation: dict[str, list[frames.Say]] = {}
        for frame in said:
            if isinstance(frame, frames.Say):
                by_conversation.setdefault(frame.conversation, []).append(frame)
        await asyncio.gather(
            *(self.attempt(self._say_in(desk, name, each), *each) for name, each in by_conversation.items())
        )

    async def _say_in(self, desk: Desk, conversation: str, said: Sequence[frames.Say]) -> None:
        words = [Words(ClientId(frame.id), frame.text) for frame in said]
        outcomes = await self._operators.say(desk, ConversationId(conversation), words)
        self.refuse_some(zip(said, outcomes, strict=True))

    async def _end(self, desk: Desk, conversation: ConversationId, unsafe: Unsafe | None) -> None:
        """End a conversation; to protect oneself, also slow down what comes next from its network."""
        # Asked before: with the conversation its network is forgotten.
        network = self.house.limits.network_of(conversation)
        service = await self._operators.end(desk, conversation, unsafe)
        if unsafe is not None:
            organisation = self.house.site.services[service].organisation.id
            self.house.limits.sanction(conversation, network, organisation, service, unsafe)

    async def _hello(self, frame: frames.Hello) -> None:
        if self._desk is not None:
            raise NotNow
        # Asked again: the sign-in may have ended since the handshake.
        session = await operator_of(self.house, self._cookie)
        day_key = self.house.daily_keys.for_day(session.token.day) if session is not None else None
        if session is None or day_key is None:
            self.socket.close(ws.UNKNOWN_TOKEN)
            return
        if not session.is_own_csrf(frame.csrf):
            self.refuse("not_allowed", About(), retry=False)
            self.socket.close(ws.UNKNOWN_TOKEN)
            return
        signed_in = SignedIn(
            duty=session.id,
            services=frozenset(self.house.may_serve(session)),
            private_key=duty_private_key(session.token, day_key),
            key_day=session.token.day,
            supervises=session.role is StaffRole.SUPERVISOR,
        )
        party = OperatorParty(self.house, session, self.socket)
        self._session = session
        self._desk = await self._operators.connect(signed_in, party, self.socket.connection)
        self.socket.seated()
        tell_now(self.house, self.socket)

    def write_nack(self, code: str, text: str, about: About, *, retry: bool) -> None:
        """Send a refusal."""
        self.socket.put(
            encoded(frames.Nack(code, text, retry, about.conversation, about.client_id, about.field))
        )


class OperatorSocket:
    """Serves `/ws/operator`. The perimeter has refused foreign origins already."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asking = handing.Asking(house)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; without a session it is accepted, then closed 4001."""
        house = self._house
        cookie = read_staff_cookie(scope)
        session = await operator_of(house, cookie)
        network = network_of(scope)
        counted = network if house.limits.counts(network) else None
        socket = Socket(receive, send, house.operator_hub, random_id(house.randomness), counted)
        try:
            await socket.accept(scope, _BEAT)
            if session is None:
                socket.close(ws.UNKNOWN_TOKEN)
                await socket.closed()
                return
            house.consoles[socket] = session.id
            await OperatorConnection(house, socket, cookie, _language(scope), self._asking).serve()
        except ws.Closed:
            return
        finally:
            house.consoles.pop(socket, None)
            socket.gone()


async def operator_of(house: House, cookie: str | None) -> StaffSession | None:
    """Return the live sign-in of a cookie, if it is one that may sit at a console."""
    session = await house.accounts.session(cookie)
    return session if session is not None and session.role in AT_CONSOLE else None


def _language(scope: Scope) -> str:
    """The console's language, for the words of refusals."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("lang", ["sv"])[0]
