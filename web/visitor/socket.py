# SPDX-License-Identifier: EUPL-1.2
"""The visitor's WebSocket: frames in, notices out.

Owns the order of one visitor's connection. Knows the visitor's side of the chat only; her address is looked
at for the rate limit alone and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import HasEnded, NotNow, ServiceClosed, WrongCode
from chat.ids import ClientId, ServiceId, random_id
from chat.live import visiting
from chat.live.notices import (
    ConversationOver,
    EntryShown,
    Notice,
    PeerTyping,
    QueueMoved,
    TakenOver,
    Welcomed,
)
from chat.live.saying import Words
from chat.live.visitors import Opening, Visitors, VisitorSeat
from moderation.admission import Admitted, Busy
from web import socket as ws
from web.connection import About, Connection
from web.decoding import FrameDecoder
from web.house import House
from web.limits import Task
from web.refusals import busy_text, refusal_text
from web.security import network_of
from web.socket import Receive, Scope, Send, Socket
from web.visitor import asked, frames, handover_frames, returning, returning_frames, warm_frames
from web.visitor.frames import FromVisitor
from web.visitor.handing import Answering
from web.visitor.projection import encoded, project

_decoder: FrameDecoder[FromVisitor] = FrameDecoder(FromVisitor)
_BEAT = encoded(frames.Beat())
_OF_THE_MOMENT = frozenset({PeerTyping, QueueMoved})

STARTS_OF_A_SOCKET = 20
"""Nobody asks for a place so often on one socket: it lives for half a minute without one."""

WRONG_CODES_OF_A_SOCKET = 3
"""Her page takes a new one for each code that she types; whoever guesses pays with a handshake."""


class VisitorParty:
    """A visitor's socket as the chat sees it."""

    __slots__ = ("_house", "_met", "_service", "_socket")

    def __init__(self, socket: Socket, house: House) -> None:
        self._socket = socket
        self._house = house
        self._service = ServiceId("")
        self._met = False
        """Whether anybody has answered: nobody is asked how it was to be alone."""

    @property
    def is_gone(self) -> bool:
        """Whether the peer is gone."""
        return self._socket.is_gone

    def deliver(self, notice: Notice) -> None:
        """Show a notice, and close after what ends this connection."""
        frame = project(notice, self._asked(notice))
        if frame is not None:
            backlog = isinstance(notice, EntryShown) and notice.again
            self._socket.put(encoded(frame), backlog=backlog, droppable=type(notice) in _OF_THE_MOMENT)
        if type(notice) is ConversationOver:
            self._socket.close(ws.NORMAL)
        elif type(notice) is TakenOver:
            self._socket.drop(ws.TAKEN_OVER)

    def _asked(self, notice: Notice) -> str | None:
        """Return what goes with the end of a conversation that was answered; note that one was."""
        match notice:
            case Welcomed(_, service, phase):
                self._service = service
                self._met = phase is Phase.ACTIVE
            case EntryShown(entry=entry) if entry.kind is EntryKind.JOINED:
                self._met = True
            case ConversationOver(reason=reason) if self._met and reason in asked.ASKED_AFTER:
                return asked.new_handle(self._house, self._service)
        return None


class VisitorConnection(Connection[FromVisitor]):
    """One connection of one visitor, from the handshake to the end."""

    domain = "visitor"
    speech = frames.Say

    def __init__(self, house: House, socket: Socket, network: bytes) -> None:
        super().__init__(house, socket, _decoder, house.languages.codes[0])
        self._visitors: Visitors = house.chat.visitors
        self._network = network
        self._is_limited = house.limits.counts(network)
        self._party = VisitorParty(socket, house)
        self._seat: VisitorSeat | None = None
        self._starts = 0
        self._wrong = 0
        self._answering = Answering(house)

    async def disconnect(self) -> None:
        """Her place is kept for a while."""
        if self._seat is not None:
            if not self._seat.is_taken:
                self.house.limits.departed(self._seat.room.id)
            await self._visitors.disconnect(self._seat)

    async def answer(self, frame: FromVisitor) -> None:
        """Do what she asks for."""
        seat = self._seat
        match frame:
            case frames.Start() | frames.Resume() | returning_frames.ComeBack():
                if seat is not None:
                    raise NotNow
                await self._begin(frame)
            case _ if seat is None:
                raise NotNow
            case frames.Say():
                await self.say([frame])
            case frames.Typing():
                self._visitors.typing(seat)
            case frames.Acute():
                await self._visitors.mark_acute(seat)
            case frames.NotAcute():
                await visiting.deny_danger(self._visitors, seat)
            case handover_frames.AskCode():
                words = self.house.office.handovers.new_code()
                self.socket.put(encoded(handover_frames.Code(words)))
            case handover_frames.AnswerAsked():
                await self._answering.answer(seat, frame)
            case warm_frames.Uninvite():
                await visiting.withdraw(self._visitors, seat)
            case frames.Leave(quickly=quickly):
                await self._leave(seat, quickly=quickly)
            case _:
                await returning.answer(self.house, seat, frame)

    async def say(self, said: Sequence[FromVisitor]) -> None:
        """Say something in her conversation."""
        seat, limits = self._seat, self.house.limits
        if seat is None:
            raise NotNow
        allowed = []
        for frame in said:
            if not isinstance(frame, frames.Say):
                continue
            if self._is_limited and not limits.may_say(seat.room.id, len(frame.text)):
                self.refuse("rate", self.about(frame), retry=True)
            else:
                allowed.append(frame)
        words = [Words(ClientId(frame.id), frame.text, frame.keep) for frame in allowed]
        self.refuse_some(zip(allowed, await self._visitors.say(seat, words), strict=True))

    async def _begin(self, frame: frames.Start | frames.Resume | returning_frames.ComeBack) -> None:
        match frame:
            case frames.Resume():
                self._seat = await self._resume(frame)
            case returning_frames.ComeBack():
                self._seat = await self._come_back(frame)
            case _:
                self._seat = await self._start(frame)
        if self._seat is not None:
            # Refusals speak the language of her page, not the one that she writes in.
            self.language = frame.interface or self._seat.room.conversation.language
            self.house.limits.arrived(self._seat.room.id, self._network)
            self.socket.seated()

    async def _resume(self, frame: frames.Resume) -> VisitorSeat | None:
        return await self._visitors.resume(frame.token, frame.after, self._party, self.socket.connection)

    async def _come_back(self, frame: returning_frames.ComeBack) -> VisitorSeat | None:
        codes, connection = self.house.chat.codes, self.socket.connection
        try:
            async with self.house.limits.code_turn(self._network, failed=self._wrong > 0):
                return await codes.come_back(frame.code, frame.after, self._party, connection, frame.nonce)
        except WrongCode:
            self._wrong += 1
            if self._wrong < WRONG_CODES_OF_A_SOCKET:
                raise
        self.refuse("wrong_code", About(), retry=False)
        self.socket.close(ws.TOO_MANY)
        return None

    async def _start(self, frame: frames.Start) -> VisitorSeat | None:
        self.language = frame.interface or frame.language
        self._starts += 1
        if self._starts > STARTS_OF_A_SOCKET:
            self.refuse("rate", About(), retry=True)
            self.socket.close(ws.TOO_MANY)
            return None
        intake = frame.intake
        opening = Opening(
            service=ServiceId(frame.service),
            language=frame.language,
            notice=frame.notice,
            acute=intake.acute if intake is not None else False,
            intake=msgspec.to_builtins(intake) if intake is not None else None,
        )
        await self._check_open(opening)
        # Only now: what would store nothing anyway takes nobody's allowance.
        if not self._may_start(frame):
            return None
        return await self._visitors.start(opening, self._party, self.socket.connection)

    async def _check_open(self, opening: Opening) -> None:
        try:
            self._visitors.check_open(opening)
        except ServiceClosed:
            if self.house.limits.is_counted(self._network):
                await self._visitors.count_closed(opening.service)
            raise

    def _may_start(self, frame: frames.Start) -> bool:
        """Let her in, or tell her what it takes: work, or a little time. Until then nothing is stored."""
        house, work = self.house, frame.work
        answer = (work.challenge, work.nonce) if work is not None else ()
        organisation = house.site.services[ServiceId(frame.service)].organisation.id
        match house.limits.start(self._network, house.chat.lobby.waiting, *answer, organisation=organisation):
            case Admitted():
                house.limits.note_start(self._network, organisation, frame.service)
                return True
            case Task(challenge=challenge, bits=bits):
                text = refusal_text(house.languages, self.language, self.domain, "nack.work")
                nack = frames.Nack("work", text, retry=True, challenge=challenge, bits=bits)
            case Busy(wait=wait):
                wait_s = int(wait.total_seconds())
                text = busy_text(house.languages, self.language, wait_s)
                nack = frames.Nack("unavailable", text, retry=True, wait_s=wait_s)
        house.refused[nack.code] += 1
        self.socket.put(encoded(nack))
        return False

    async def _leave(self, seat: VisitorSeat, *, quickly: bool) -> None:
        try:
            await self._visitors.leave(seat, quickly=quickly)
        except HasEnded:
            self.socket.close(ws.NORMAL)

    def write_nack(self, code: str, text: str, about: About, *, retry: bool) -> None:
        """Send a refusal."""
        self.socket.put(encoded(frames.Nack(code, text, retry, about.client_id)))


class VisitorSocket:
    """Serves `/ws/visitor`. The perimeter has refused foreign origins already."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        house = self._house
        network = network_of(scope)
        counted = network if house.limits.counts(network) else None
        socket = Socket(receive, send, house.visitor_hub, random_id(house.randomness), counted)
        try:
            await socket.accept(scope, _BEAT)
        except ws.Closed:
            return
        await VisitorConnection(house, socket, network).serve()
