# SPDX-License-Identifier: EUPL-1.2
"""Many chats that go on through whatever happens to the servers.

Owns bringing people together, awaiting that all are back, and comparing in the end. Knows no fault, and not
how many servers there are.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import groupby
from time import perf_counter

from tests.drill import stored
from tests.drill.parties import LOST, Party, TalkingOperator, TalkingVisitor, Weather
from tests.drill.verdict import Transcript, Verdict
from tests.drill.view import View
from tests.outside.connection import Closed
from tests.outside.operator import Operator
from tests.outside.server import Addresses, Staff
from tests.outside.visitor import Visitor

MOST_EACH = 20
"""How many chats the demo lets one operator hold; three operators serve its first service."""
PAUSE_PER_CHAT = 0.004
"""More chats speak more slowly, so that the server is busy and not drowned."""
BACK_WITHIN = 60.0


@dataclasses.dataclass(frozen=True, slots=True)
class Chat:
    """One conversation with both its parties. `words` stand in all that is said in it."""

    conversation: str
    words: str
    visitor: TalkingVisitor
    operator: TalkingOperator

    @property
    def views(self) -> tuple[View, View]:
        """Her view and the operator's."""
        return self.visitor.view, self.operator.views[self.conversation]


class Talks(ABC):
    """People who talk, on one server or several."""

    visitor_kind: Callable[[Weather, Visitor, View], TalkingVisitor] = TalkingVisitor
    operator_kind: Callable[[Weather, Operator, dict[str, View]], TalkingOperator] = TalkingOperator
    pause_per_chat = PAUSE_PER_CHAT

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.chance = random.Random(verdict.seed)
        self.marker = f"q{self.chance.getrandbits(64):016x}"
        self.weather = Weather(pause=self.pause_per_chat * verdict.chats)
        self.chats: list[Chat] = []
        self.operators: list[Operator] = []
        self._parties: list[Party] = []
        self._lives: list[asyncio.Task[None]] = []
        self._talks = 0

    @abstractmethod
    def way_in(self) -> Addresses:
        """Return where the next one who comes connects."""

    @property
    @abstractmethod
    def stored(self) -> stored.Read:
        """Reads what the servers have stored."""

    @property
    def service(self) -> str:
        """The service in which all this happens."""
        return self.way_in().services[0]

    @property
    def parties(self) -> list[Party]:
        """Everybody who talks."""
        return self._parties

    async def sign_in(self) -> None:
        """Let everybody of the first service sign in."""
        self.operators = [Operator(self.way_in(), member) for member in self.sign_ins()]
        for operator in self.operators:
            await operator.signs_in()

    def sign_ins(self) -> list[Staff]:
        """Return who signs in, once for each sign-in."""
        return self.way_in().operators_of(self.service)

    @property
    def acknowledged(self) -> int:
        """How many messages have been acknowledged in the chats that go on."""
        return sum(len(view.acked) for chat in self.chats for view in chat.views)

    @property
    def longest_talk(self) -> int:
        """The newest seq of the chat that has got furthest."""
        return max((view.head for chat in self.chats for view in chat.views), default=0)

    # --- coming and going ---

    async def begin(self) -> None:
        """Bring visitors and operators together and let them talk."""
        talking = []
        for number, operator in enumerate(self.operators):
            await operator.connects()
            await operator.goes_on_duty(self.service, alias=f"Alias {number}")
            views: dict[str, View] = {}
            talking.append(self.operator_kind(self.weather, operator, views))
            for _ in range(number, self.verdict.chats, len(self.operators)):
                await self._one_chat(talking[-1], views)
            operator.connection.abort()
        self._parties = [*(chat.visitor for chat in self.chats), *talking]
        self.weather.silent.clear()
        self.weather.up.set()
        self._lives = [asyncio.create_task(party.live()) for party in self._parties]
        await self.everybody_back()

    async def _one_chat(self, talking: TalkingOperator, views: dict[str, View]) -> None:
        self._talks += 1
        words = f"{self.marker} {self._talks:05d}"
        visitor = await Visitor.starts(self.way_in(), self.service)
        conversation = await talking.operator.sees_waiting(besides=views)
        await talking.operator.accepts(conversation)
        visitor.connection.abort()
        views[conversation] = View("operator", words, random.Random(self.chance.random()))
        view = View("visitor", words, random.Random(self.chance.random()))
        hers = self.visitor_kind(self.weather, visitor, view)
        self.chats.append(Chat(conversation, words, hers, talking))

    async def everybody_back(self) -> float:
        """Wait until everybody is connected and acknowledged; return how long that took."""
        begun = perf_counter()
        waiting = [asyncio.wait_for(party.back.wait(), BACK_WITHIN) for party in self._parties]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        late = sum(isinstance(one, TimeoutError) for one in outcomes)
        if late:
            self.verdict.lost.append(f"{late} parties were not back after {BACK_WITHIN:.0f} s")
        return perf_counter() - begun

    async def everything_arrived(self) -> None:
        """Return when all that the server has sent so far has been read and noted."""
        while any(party.unread for party in self._parties):  # noqa: ASYNC110 - the system sets no event
            await asyncio.sleep(0)
        for _ in range(50):
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Let all fall silent, judge every conversation, end it, and see that nothing of it is left."""
        await self._fall_silent()
        await self.stop_living()
        rows = {
            name: [(row.seq, row.role, row.client_id) for row in group]
            for name, group in groupby(stored.rows(self.stored), key=lambda row: row.conversation)
        }
        for chat in self.chats:
            try:
                await self._judge(chat, rows.get(chat.conversation, []))
            except LOST as lost:
                self.verdict.lost.append(f"{chat.words}: could not be read again: {lost!r}")
        for party in self._parties:
            self.verdict.misplaced += party.problems
        left = stored.rows(self.stored)
        self.verdict.broken += [f"seq {row.seq} outlived its conversation" for row in left]
        self.chats, self._parties = [], []

    async def _fall_silent(self) -> None:
        """Let everybody finish, and everything arrive."""
        await self.everybody_back()
        self.weather.silent.set()
        for chat in self.chats:
            for view in chat.views:
                await view.until(lambda view=view: not view.unacked)  # type: ignore[misc]
            head = max((seq for view in chat.views for seq in view.known), default=0)
            for view in chat.views:
                await view.until(lambda view=view, head=head: view.head == head)  # type: ignore[misc]

    async def stop_living(self) -> None:
        """Let nobody talk or connect any more."""
        lives, self._lives = self._lives, []
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)

    async def _judge(self, chat: Chat, rows: list[tuple[int, str, str | None]]) -> None:
        """Read one conversation again from its beginning, from both sides, judge it and end it."""
        visitors = await self._transcript_of_visitor(chat)
        operators = await self._transcript_of_operator(chat)
        self.verdict.judge(chat.words, chat.views, visitors, operators)
        self.verdict.judge_rows(chat.words, visitors, rows)
        visitor = chat.visitor.visitor
        await visitor.leaves()
        await visitor.connect()
        await visitor.connection.send("resume", token=visitor.token, after=0)
        if (code := await visitor.connection.closed()) != 4001:
            self.verdict.broken.append(f"{chat.words}: an ended chat answered {code}")

    async def _transcript_of_visitor(self, chat: Chat) -> Transcript:
        visitor = chat.visitor.visitor
        view = View("visitor", chat.words, self.chance)
        head = (await visitor.resumes(0))["seq"]
        while view.head < head:
            frame = await anext(visitor.connection.frames(), None)
            if frame is None:
                raise Closed(visitor.connection.socket.close_code)
            await view.take(frame)
        return view.known

    async def _transcript_of_operator(self, chat: Chat) -> Transcript:
        operator = chat.operator.operator
        await operator.connects()
        view = View("operator", chat.words, self.chance)
        # A long conversation comes in several frames; the last one is not full.
        head = max(chat.visitor.view.known)
        await view.take(await operator.resumes(chat.conversation, 0))
        while view.head < head:
            await view.take(await operator.connection.expect("accepted", conversation=chat.conversation))
        await operator.connection.close()
        return view.known
