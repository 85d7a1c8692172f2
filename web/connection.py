# SPDX-License-Identifier: EUPL-1.2
"""The life of one connection of either side: read a frame, answer it, and say what was wrong with it.

Owns what is refused, what is our own fault, and how much of both one socket may bring before it is closed.
Knows no frame of either side and nothing of the chat but its errors.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

from chat.errors import ChatError, LostClaim, UnknownToken
from handover.errors import IdentityInText
from moderation.rate import Bucket, Rate
from web import socket as ws
from web.decoding import BadFrame, FrameDecoder
from web.errors import ROOTS, outcome
from web.house import House
from web.refusals import refusal_text
from web.socket import Socket

F = TypeVar("F")

REFUSALS: Final = Rate(burst=50, every=timedelta(seconds=1))
"""For one socket: more is no misunderstanding."""
RETRIES: Final = Rate(burst=500, every=timedelta(milliseconds=100))
"""The same where trying again was the right thing to do."""


@dataclass(frozen=True, slots=True)
class About:
    """What a refusal is about, as far as the frame named it."""

    client_id: str | None = None
    conversation: str | None = None
    field: str | None = None
    """Which of several texts, where a frame carries more than one."""


class Connection(ABC, Generic[F]):
    """See the module. A side answers its frames, writes its refusals and empties its seat."""

    domain: str
    """The catalogue of the words of refusals."""

    def __init__(self, house: House, socket: Socket, decoder: FrameDecoder[F], language: str) -> None:
        self.house = house
        self.socket = socket
        self.language = language
        self._decoder = decoder
        self._bad = 0
        self._has_failed = False
        self._allowed: dict[Rate, Bucket] = {}

    speech: type[F]
    """The frames in which something is said."""

    @abstractmethod
    async def answer(self, frame: F) -> None:
        """Do what a frame asks for; what is not possible is raised."""

    @abstractmethod
    async def say(self, frames: Sequence[F]) -> None:
        """Say what has come together; what is not possible is refused for each, or raised for all."""

    @abstractmethod
    async def disconnect(self) -> None:
        """The socket is gone: give up the seat, if there is one."""

    @abstractmethod
    def write_nack(self, code: str, text: str, about: About, *, retry: bool) -> None:
        """Send a refusal."""

    def about(self, frame: F) -> About:
        """Return what a refusal of this frame must name."""
        return About(getattr(frame, "id", None), getattr(frame, "conversation", None))

    def message_of(self, _error: Exception) -> str:
        """Return the id of what this side says of an error where it has more to say than the table."""
        return ""

    async def serve(self) -> None:
        """Read frames until either side closes."""
        try:
            text = await self.socket.first()
            while True:
                await self._take([text, *self.socket.at_hand()])
                text = await self.socket.next()
        except ws.Closed:
            return
        except asyncio.CancelledError:
            if not self.socket.aborted:
                raise
        finally:
            self.socket.gone()
            await self.disconnect()

    async def _take(self, texts: Sequence[str]) -> None:
        """Answer frames in their order. Whatever is wrong with one becomes a refusal; only abuse closes.

        What is said in frames that have come together is said together: one step, one commit.
        """
        said: list[F] = []
        for text in texts:
            if self.socket.is_closing:
                break
            try:
                frame = self._decoder.decode(text)
            except BadFrame as bad:
                await self._say(said)
                self._refuse_bad(bad)
                continue
            if isinstance(frame, self.speech):
                said.append(frame)
            else:
                await self._say(said)
                await self.attempt(self.answer(frame), frame)
        await self._say(said)

    async def _say(self, said: list[F]) -> None:
        if said and not self.socket.is_closing:
            await self.attempt(self.say(said), *said)
        said.clear()

    async def attempt(self, work: Awaitable[None], *frames: F) -> None:
        """Do what `frames` ask for, and refuse all of them if it is not possible."""
        try:
            await work
        except UnknownToken:
            self.socket.close(ws.UNKNOWN_TOKEN)
        except Exception as error:  # noqa: BLE001 - one frame that we cannot answer must not end a talk
            self.refuse_all(error, frames)

    def refuse_all(self, error: Exception, frames: Iterable[F]) -> None:
        """Refuse frames for one reason."""
        fault = self.house.note_fault(error)
        for frame in frames:
            if isinstance(error, ROOTS):
                self._refuse_for(error, frame, fault)
            else:
                self.refuse("unavailable", self.about(frame), retry=True, fault=fault)
        if not isinstance(error, ROOTS):
            if self._has_failed:
                self.socket.close(ws.DO_NOT_RETRY)
            self._has_failed = True

    def refuse_some(self, outcomes: Iterable[tuple[F, ChatError | None]]) -> None:
        """Refuse each frame whose outcome is an error; those that share one share a line in the log."""
        by_error: dict[ChatError, list[F]] = {}
        for frame, error in outcomes:
            if error is not None:
                by_error.setdefault(error, []).append(frame)
        for error, frames in by_error.items():
            self.refuse_all(error, frames)

    def _refuse_for(self, error: Exception, frame: F, fault: str | None) -> None:
        said, winner, message, about = outcome(error), None, "", self.about(frame)
        if isinstance(error, LostClaim):
            winner = error.winner
        else:
            message = self.message_of(error) or said.message
        if isinstance(error, IdentityInText):
            about = replace(about, field=error.field)
        self.refuse(said.code, about, retry=said.retry, winner=winner, fault=fault, message=message)

    def _refuse_bad(self, bad: BadFrame) -> None:
        self._bad += 1
        self.refuse("bad_frame", About(bad.client_id, bad.conversation), retry=False)
        if self._bad >= ws.BAD_FRAMES:
            self.socket.close(ws.TOO_MANY)

    def refuse(
        self,
        code: str,
        about: About,
        *,
        retry: bool,
        winner: str | None = None,
        fault: str | None = None,
        message: str = "",
    ) -> None:
        """Say no, in words; whoever is told so too often is closed. `message`: not the code's own text."""
        self.house.refused[code] += 1
        message = message or f"nack.{code}"
        text = refusal_text(self.house.languages, self.language, self.domain, message, winner)
        self.write_nack(code, text if fault is None or retry else f"{text} ({fault})", about, retry=retry)
        rate, now = RETRIES if retry else REFUSALS, self.house.clock.now()
        self._allowed[rate], wait = self._allowed.get(rate, Bucket(rate, now)).take(now)
        if wait is not None:
            self.socket.close(ws.TOO_MANY)
