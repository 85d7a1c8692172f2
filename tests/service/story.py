# SPDX-License-Identifier: EUPL-1.2
"""A chat to tell stories with: visitors and operators on a real store, a real bus and real seals.

Owns the clock that stands still, what every party was told, and the waiting until nothing moves any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from chat import commands
from chat.adapters.daily_keys import DailyKeyDirectory
from chat.adapters.in_process import InProcessBus
from chat.adapters.sql.counting import Counting
from chat.adapters.sql.database import Database
from chat.adapters.sql.figures import SqlFigures
from chat.adapters.sql.shredder import SqlShredder
from chat.adapters.sql.staff_entries import SqlStaffEntries
from chat.adapters.sql.store import SqlStore
from chat.adapters.sql.talks import SqlTalks
from chat.catalogue import Service
from chat.hours import local_day
from chat.ids import ClientId, ConversationId, DutyId, ServiceId, random_id
from chat.live.chat import Chat, assemble
from chat.live.log import Answers
from chat.live.notices import ReturnCodeGiven, WaitingListed, Welcomed
from chat.live.operators import Desk, SignedIn
from chat.live.saying import Words
from chat.live.visitors import Opening, VisitorSeat
from chat.ports import Stored
from chat.sealing import Token, duty_private_key
from config.codes import code_words
from tests.service.standing import SERVICES, Borders, Ear, QuickStretching, SeededRandomness, StandingClock


@dataclass(eq=False)
class Visitor:
    """Somebody at a visitor's socket."""

    process: Process
    seat: VisitorSeat
    ear: Ear

    @property
    def id(self) -> ConversationId:
        """The conversation that she is in."""
        return self.seat.room.id

    @property
    def token(self) -> str:
        """What she comes back with."""
        return self.ear.last(Welcomed).token

    async def says(self, text: str, client_id: ClientId | None = None) -> ClientId:
        """Say something; return its client id."""
        client_id = client_id or self.process.story.client_id()
        (error,) = await self.process.chat.visitors.say(self.seat, [Words(client_id, text)])
        if error is not None:
            raise error
        return client_id

    async def leaves(self, *, quickly: bool = False) -> None:
        """End the conversation."""
        await self.process.chat.visitors.leave(self.seat, quickly=quickly)

    async def vanishes(self) -> None:
        """Lose the socket."""
        await self.process.chat.visitors.disconnect(self.seat)

    async def comes_back(self, after: int = 0, *, to: Process | None = None) -> Visitor:
        """Resume on a new connection, perhaps to another process."""
        return await (to or self.process).visitor_resumes(self.token, after)

    @property
    def code(self) -> str:
        """The words that she was given last."""
        return self.ear.last(ReturnCodeGiven).words

    async def takes_a_code(self) -> str:
        """Ask for a code to come back with, and return it."""
        await self.process.chat.codes.give(self.seat)
        return self.code


@dataclass(eq=False)
class Operator:
    """Somebody at a console."""

    process: Process
    desk: Desk
    ear: Ear

    @property
    def id(self) -> DutyId:
        """The duty."""
        return self.desk.id

    async def accepts(self, whom: Visitor | ConversationId) -> None:
        """Take a conversation."""
        await self.process.chat.operators.accept(self.desk, _named(whom), lambda _: Counting(()))

    async def says(self, whom: Visitor | ConversationId, text: str, client_id: ClientId | None = None) -> str:
        """Say something; return its client id."""
        client_id = client_id or self.process.story.client_id()
        (error,) = await self.process.chat.operators.say(self.desk, _named(whom), [Words(client_id, text)])
        if error is not None:
            raise error
        return client_id

    async def ends(self, whom: Visitor | ConversationId) -> None:
        """End a conversation."""
        await self.process.chat.operators.end(self.desk, _named(whom))

    async def resumes(self, whom: Visitor | ConversationId, after: int = 0) -> None:
        """Read a held conversation again."""
        await self.process.chat.operators.resume(self.desk, _named(whom), after)

    async def types(self, whom: Visitor | ConversationId) -> None:
        """Write without sending."""
        await self.process.chat.operators.typing(self.desk, _named(whom))

    async def goes_on_duty(
        self, *services: str, alias: str | None = "Alva", languages: Collection[str] = ()
    ) -> None:
        """Turn the duty switch on."""
        wanted = [ServiceId(name) for name in services]
        await self.process.chat.operators.set_duty(self.desk, wanted, alias, languages)

    async def goes_off_duty(self) -> None:
        """Turn the duty switch off."""
        await self.process.chat.operators.set_duty(self.desk, [], None, ())

    async def vanishes(self) -> None:
        """Lose the socket."""
        await self.process.chat.operators.disconnect(self.desk)

    async def comes_back(self, *, to: Process | None = None) -> Operator:
        """Connect again with the same sign-in."""
        return await (to or self.process).operator_connects(self.desk.signed_in)

    async def raises(self, whom: Visitor | ConversationId, *, up: bool = True) -> None:
        """Raise a hand, or lower it."""
        command = commands.RaiseHand(self.id) if up else commands.LowerHand(self.id)
        async with self.process.chat.operators.held(self.desk, _named(whom)) as room:
            await self.process.chat.rooms.do(room, command)

    async def supervises(self, whom: Visitor | ConversationId) -> None:
        """Come to a raised hand."""
        come = self.process.chat.supervising.come
        await come(self.desk, _named(whom), lambda _: "Jouren", lambda _: Counting(()))

    async def takes_over(self, whom: Visitor | ConversationId) -> None:
        """Take a conversation over."""
        await self.process.chat.supervising.take_over(self.desk, _named(whom), lambda _: Counting(()))

    async def leaves(self, whom: Visitor | ConversationId) -> None:
        """Leave as a guest, or as the supervisor."""
        await self.process.chat.operators.leave(self.desk, _named(whom))

    @property
    def queue(self) -> list[ConversationId]:
        """The waiting list that the console shows now."""
        return [conversation.id for conversation in self.ear.last(WaitingListed).conversations]


def _named(whom: Visitor | ConversationId) -> ConversationId:
    return whom.id if isinstance(whom, Visitor) else whom


@dataclass(eq=False)
class Process:
    """One process of the server: its own rooms and desks, on the store and the bus of all."""

    story: Story
    chat: Chat
    database: Database
    store: SqlStore
    shredder: SqlShredder
    figures: SqlFigures

    async def visitor_starts(
        self,
        service: str,
        *,
        acute: bool = False,
        intake: Answers | None = None,
        notice: str = "1",
        language: str = "sv",
    ) -> Visitor:
        """Somebody starts a chat."""
        ear = Ear()
        opening = Opening(
            service=ServiceId(service), language=language, notice=notice, acute=acute, intake=intake
        )
        seat = await self.chat.visitors.start(opening, ear, self.story.connection())
        return Visitor(self, seat, ear)

    async def visitor_resumes(self, token: str, after: int = 0) -> Visitor:
        """Somebody comes with a token."""
        ear = Ear()
        return Visitor(self, await self.chat.visitors.resume(token, after, ear, self.story.connection()), ear)

    async def visitor_returns(self, code: str, after: int = 0, *, nonce: str | None = None) -> Visitor:
        """Somebody comes with a code."""
        ear = Ear()
        seat = await self.chat.codes.come_back(code, after, ear, self.story.connection(), nonce)
        return Visitor(self, seat, ear)

    async def operator_on_duty(
        self, *services: str, alias: str = "Alva", languages: Collection[str] = (), supervises: bool = False
    ) -> Operator:
        """Somebody signs in, opens the console and goes on duty."""
        operator = await self.operator_connects(self.story.sign_in(*services, supervises=supervises))
        await operator.goes_on_duty(*services, alias=alias, languages=languages)
        await self.story.settle()
        return operator

    async def operator_connects(self, signed_in: SignedIn) -> Operator:
        """Somebody who is signed in opens the console."""
        ear = Ear()
        desk = await self.chat.operators.connect(signed_in, ear, self.story.connection())
        return Operator(self, desk, ear)

    async def talk(self, service: str = "linden") -> tuple[Visitor, Operator]:
        """A visitor and an operator in a conversation."""
        operator = await self.operator_on_duty(service)
        visitor = await self.visitor_starts(service)
        await self.story.settle()
        await operator.accepts(visitor)
        await self.story.settle()
        return visitor, operator

    async def stored(self, whom: Visitor | ConversationId) -> Stored:
        """Return what the store holds of a live conversation."""
        stored = await self.store.load(_named(whom))
        assert stored is not None
        return stored

    async def is_live(self, whom: Visitor | ConversationId) -> bool:
        """Tell whether the store holds anything of a conversation."""
        return await self.store.load(_named(whom)) is not None

    async def counted(self, service: str = "linden") -> Mapping[str, int]:
        """Return today's counters of a service."""
        id_ = ServiceId(service)
        return (await self.store.counters([id_], local_day(self.story.clock.now())))[id_]


@dataclass(eq=False)
class Story:
    """The world around: one file, one bus, one clock."""

    directory: Path
    database_url: str
    services: Mapping[ServiceId, Service] = field(default_factory=lambda: SERVICES)
    clock: StandingClock = field(default_factory=StandingClock)
    bus: InProcessBus = field(default_factory=InProcessBus)
    randomness: SeededRandomness = field(default_factory=lambda: SeededRandomness(2))
    border: Borders = field(default_factory=Borders)
    processes: list[Process] = field(default_factory=list)
    _connections: Iterator[int] = field(default_factory=count)

    @property
    def file(self) -> Path:
        """The database, where it is an SQLite file."""
        return self.directory / "data" / "chat.sqlite"

    def keys(self) -> DailyKeyDirectory:
        """Open the daily keys, as every process does for itself."""
        return DailyKeyDirectory(self.directory / "keys", self.file.parent, self.randomness)

    async def open_process(
        self, beside: Process | None = None, *, busy_timeout: float = 5.0, bus: InProcessBus | None = None
    ) -> Process:
        """Begin a process: with a database of its own, or with the store of the one `beside`."""
        if beside is None:
            database = await Database.open(self.database_url, busy_timeout=busy_timeout, readers=1)
            store = SqlStore(database)
        else:
            database, store = beside.database, beside.store
        shredder, figures = SqlShredder(database, self.clock), SqlFigures(database, self.randomness)
        chat = assemble(
            store=store,
            staff_entries=SqlStaffEntries(database),
            books=figures,
            talks=SqlTalks(database),
            shredder=shredder,
            bus=bus or self.bus,
            clock=self.clock,
            keys=self.keys(),
            randomness=self.randomness,
            services=self.services,
            stretching=QuickStretching(),
            words=code_words(),
            border=self.border,
        )
        chat.listen()
        process = Process(self, chat, database, store, shredder, figures)
        self.processes.append(process)
        return process

    async def close(self, process: Process) -> None:
        """Stop a process as a kill would: nobody in it is told anything."""
        self.processes.remove(process)
        await process.chat.stop()
        if all(other.database is not process.database for other in self.processes):
            await process.store.close()
            await process.database.close()

    def connection(self) -> str:
        """Return a fresh name of a connection."""
        return f"connection-{next(self._connections)}"

    def client_id(self) -> ClientId:
        """Return a fresh client id."""
        return ClientId(random_id(self.randomness))

    def sign_in(self, *services: str, supervises: bool = False) -> SignedIn:
        """Return a fresh staff sign-in that may serve, or supervise, these."""
        day, day_key = self.keys().today(self.clock.now())
        return SignedIn(
            duty=DutyId(random_id(self.randomness)),
            services=frozenset(ServiceId(name) for name in services),
            private_key=duty_private_key(Token.new(day, self.randomness), day_key),
            key_day=day,
            supervises=supervises,
        )

    async def settle(self, *processes: Process) -> None:
        """Return when every doorbell has been heard and every waiting room has been read again."""
        quiet = 0
        while quiet < 3:
            await asyncio.sleep(0)
            quiet += 1
            if hearing := set(self.bus._listeners.hearing):
                await asyncio.wait(hearing)
                quiet = 0
            for process in processes or tuple(self.processes):
                alerts = process.chat.alerts
                for follower in (process.chat.lobby, alerts.talking, alerts.hands, alerts):
                    if follower._changed:
                        await follower.settle()
                        quiet = 0

    async def let_pass(self, seconds: float) -> None:
        """Let time pass, do what is due by then, and settle."""
        self.clock.advance(seconds)
        await self.tick()

    async def tick(self) -> None:
        """Do what is due now."""
        for process in self.processes:
            await process.chat.timekeeper.tick()
        await self.settle()


@asynccontextmanager
async def told(
    directory: Path,
    empty_database: Path,
    services: Mapping[ServiceId, Service] = SERVICES,
    *,
    url: str | None = None,
) -> AsyncGenerator[Story]:
    """Tell a story in `directory`: on a copy of the file `empty_database`, or in the database of a `url`.

    Either has the tables already.
    """
    file = directory / "data" / "chat.sqlite"
    story = Story(directory, url or f"sqlite+aiosqlite:///{file}", services)
    file.parent.mkdir(mode=0o700)
    if url is None:
        shutil.copy(empty_database, file)
    try:
        yield story
    finally:
        for process in list(story.processes):
            await story.close(process)


@contextlib.contextmanager
def deaf(process: Process) -> Iterator[None]:
    """Let every doorbell pass a process by."""
    stop: Callable[[], None] | None = process.chat._deaf
    assert stop is not None
    stop()
    # It still counts as a listener: the others ring as they always do.
    stop = process.chat.bus.listen(lambda _: None)
    try:
        yield
    finally:
        stop()
        process.chat.listen()
