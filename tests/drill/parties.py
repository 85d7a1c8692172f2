# SPDX-License-Identifier: EUPL-1.2
"""Visitors and operators who talk on and on, and come back whenever the server or the network does."""

from __future__ import annotations

import asyncio
import fcntl
import sys
import termios
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from websockets.exceptions import InvalidHandshake

from tests.drill.view import View
from tests.outside.connection import Closed, Connection, Frame
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor

LOST = (Closed, OSError, InvalidHandshake, EOFError, TimeoutError)
"""How a connection to a server that is being killed may end."""
CUT_OFF = frozenset((None, 1006, 4012))
"""Close codes of a server that was killed or is draining; any other one is a finding."""
TAKEN_OVER = 4003


@dataclass(frozen=True, slots=True)
class Weather:
    """What all parties look at: whether the server is up, whether to fall silent, how long to breathe (s)."""

    pause: float = 0.03

    up: asyncio.Event = field(default_factory=asyncio.Event)
    silent: asyncio.Event = field(default_factory=asyncio.Event)


class Party(ABC):
    """Somebody who talks, in one or several conversations (`views`, by name).

    `back` is set while they are connected and all of theirs is acknowledged.
    """

    def __init__(self, weather: Weather, views: Mapping[str, View]) -> None:
        self.weather = weather
        self.views = views
        self.back = asyncio.Event()
        self.problems: list[str] = []
        self.gaps: list[float] = []
        """How long each time without being connected and acknowledged (s)."""
        self.forgives: frozenset[int | None] = CUT_OFF
        self.lines: Connection | None = None
        self._lost_at: float | None = None

    async def live(self) -> None:
        """Connect, catch up, talk, lose the connection, and so on until cancelled."""
        while True:
            await self.weather.up.wait()
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._one_connection(tasks)
            except* LOST:
                pass
            finally:
                self.back.clear()
                self._lost_at = self._lost_at or perf_counter()
                if self.lines is not None:
                    self.lines.abort()
            await asyncio.sleep(self.pause())

    def pause(self) -> float:
        """Return how long to wait (s) before the next try."""
        return 0.01

    async def _one_connection(self, tasks: asyncio.TaskGroup) -> None:
        for view in self.views.values():
            view.connected_anew()
        connection = self.lines = await self.connect()
        tasks.create_task(self._listen(connection))
        await self.resume(connection)
        sends = {name: partial(self.say, connection, name) for name in self.views}
        await asyncio.gather(*(view.catch_up(sends[name]) for name, view in self.views.items()))
        self._is_back()
        for name, view in self.views.items():
            tasks.create_task(view.talk(sends[name], self.weather.silent, self.weather.pause))

    def _is_back(self) -> None:
        if self._lost_at is not None:
            self.gaps.append(perf_counter() - self._lost_at)
            self._lost_at = None
        self.back.set()

    async def _listen(self, connection: Connection) -> None:
        try:
            async for frame in connection.frames():
                if frame["type"] == "nack" and frame["retry"] and "id" not in frame:
                    break  # it could not be resumed just now: come back a little later
                await self.hear(frame)
        finally:
            connection.abort()
        code = connection.socket.close_code
        if code not in self.forgives:
            self.problems.append(f"closed with {code}")
        raise Closed(code)

    def loses_network(self) -> None:
        """Lose the connection without a word, as a telephone does in a tunnel."""
        if self.lines is not None:
            self.lines.abort()

    @property
    def unread(self) -> int:
        """How many bytes the system still holds for this party."""
        if self.lines is None or self.lines.socket.transport.is_closing():
            return 0
        held = bytearray(4)
        fcntl.ioctl(self.lines.socket.transport.get_extra_info("socket").fileno(), termios.FIONREAD, held)
        return int.from_bytes(held, sys.byteorder)

    @abstractmethod
    async def connect(self) -> Connection:
        """Open a new connection."""

    @abstractmethod
    async def resume(self, connection: Connection) -> None:
        """Ask for what is not known yet."""

    @abstractmethod
    async def say(self, connection: Connection, name: str, client_id: str, text: str) -> None:
        """Send one message in the conversation `name`."""

    @abstractmethod
    async def hear(self, frame: Frame) -> None:
        """Note one frame."""


class TalkingVisitor(Party):
    """A visitor with her one conversation."""

    def __init__(self, weather: Weather, visitor: Visitor, view: View) -> None:
        super().__init__(weather, {"": view})
        self.visitor = visitor
        self.view = view
        self._seated = asyncio.Event()

    async def connect(self) -> Connection:
        """Open a new connection."""
        self._seated.clear()
        await self.visitor.connect()
        return self.visitor.connection

    async def resume(self, connection: Connection) -> None:
        """Come back with the token."""
        await connection.send("resume", token=self.visitor.token, after=self.view.head)
        await self._seated.wait()

    async def say(self, connection: Connection, name: str, client_id: str, text: str) -> None:
        """Send one message."""
        await connection.send("say", id=client_id, text=text)

    async def hear(self, frame: Frame) -> None:
        """Note one frame: all of them are about her conversation, which is never a new one."""
        if frame["type"] == "welcome":
            if frame["token"] != self.visitor.token or frame["phase"] != "active":
                self.problems.append(f"came back to another chat, or one that is {frame['phase']}")
            self._seated.set()
        await self.view.take(frame)


class TalkingOperator(Party):
    """An operator with all the conversations that they hold."""

    def __init__(self, weather: Weather, operator: Operator, views: Mapping[str, View]) -> None:
        super().__init__(weather, views)
        self.operator = operator

    async def connect(self) -> Connection:
        """Open a new connection with the same sign-in."""
        await self.operator.connects()
        return self.operator.connection

    async def resume(self, connection: Connection) -> None:
        """Read on in every conversation."""
        for conversation, view in self.views.items():
            await connection.send("resume", conversation=conversation, after=view.head)

    async def say(self, connection: Connection, name: str, client_id: str, text: str) -> None:
        """Send one message."""
        await connection.send("say", conversation=name, id=client_id, text=text)

    async def hear(self, frame: Frame) -> None:
        """Note one frame if it is about one of the conversations; one about another's is a finding."""
        conversation = str(frame.get("conversation", ""))
        if conversation in self.views:
            await self.views[conversation].take(frame)
        elif conversation:
            self.problems.append(f"a frame about somebody else's conversation: {frame['type']}")
