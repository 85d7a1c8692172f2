# SPDX-License-Identifier: EUPL-1.2
"""The chat of one process, put together from its ports.

Owns how the parts know each other and the loops that run beside the sockets. Names no adapter.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chat.catalogue import Service
from chat.clearing_ports import Shredder
from chat.conversation import Conversation
from chat.errors import Unavailable
from chat.ids import ConversationId, Randomness, ServiceId, random_id
from chat.live import following, sign_ins
from chat.live.alerts import Alerts
from chat.live.board import Board
from chat.live.claiming import Claiming
from chat.live.closing import Closing
from chat.live.codes import Codes
from chat.live.hands_seen import HandsSeen
from chat.live.lobby import Lobby
from chat.live.lookout import Lookout
from chat.live.news import News
from chat.live.noting import Noting
from chat.live.operators import Operators
from chat.live.persistence import Persistence
from chat.live.readers import Readers
from chat.live.register import Register
from chat.live.rooms import Rooms
from chat.live.seating import Seating
from chat.live.supervising import Supervising
from chat.live.talking import Talking
from chat.live.timekeeper import Timekeeper
from chat.live.transfers import Transfers
from chat.live.visitors import Visitors
from chat.live.wrapping_up import WrapUps
from chat.ports import Bell, BorderPolicy, Bus, Clock, DailyKeys, Doorbell, Store, Stretching
from chat.process_ports import Processes
from chat.staff_ports import StaffEntries
from chat.statistics_ports import ClosingBooks
from chat.talk_ports import Talks


@dataclass(slots=True, eq=False)
class Chat:
    """Everything that sockets and pages ask of the chat."""

    rooms: Rooms
    lobby: Lobby
    visitors: Visitors
    operators: Operators
    timekeeper: Timekeeper
    bus: Bus
    persistence: Persistence
    codes: Codes
    alerts: Alerts
    wrap_ups: WrapUps
    noting: Noting
    transfers: Transfers
    closing: Closing
    register: Register | None = None
    """Where this is one of several processes."""
    lookout: Lookout | None = None
    """The same."""
    also: list[Callable[[Doorbell], None]] = field(default_factory=list)
    """Who else hears what other processes ring, each doorbell."""
    board: Board = field(init=False)
    supervising: Supervising = field(init=False)
    _news: News = field(default_factory=News)
    _loops: list[asyncio.Task[None]] = field(default_factory=list)
    _deaf: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        lobby, self.supervising = self.lobby, Supervising(self.operators)
        self.board = Board(lobby.store, lobby.clock, lobby.services, self.alerts.talking.talks)

    def join(self, processes: Processes) -> None:
        """Be one of several processes over the store: before `start`."""
        rooms, operators = self.rooms, self.operators
        self.register = Register(processes, rooms, operators.seating, rooms.clock)
        self.register.expects = self.bus.expect
        self.timekeeper.is_mine = self.register.is_mine
        register = self.register
        self.timekeeper.may_close_unknown = lambda: not register.differs
        self.lookout = Lookout(
            processes, rooms, self.lobby, self.alerts, operators, self.noting, self.bus, rooms.clock
        )

    def listen(self) -> None:
        """Hear doorbells from now on."""
        self._deaf = self.bus.listen(self._hear)

    def start(self) -> None:
        """Begin to hear doorbells and to follow time."""
        self.listen()
        for service in self.lobby.services:
            self.lobby.hear(Doorbell(bell=Bell.DUTY, service=service))
        self._loops = [
            asyncio.create_task(self.lobby.run(), name="lobby"),
            asyncio.create_task(self.alerts.run(), name="alerts"),
            asyncio.create_task(self.timekeeper.run(), name="timekeeper"),
            asyncio.create_task(self.timekeeper.shred(), name="shredder"),
            asyncio.create_task(self.closing.run(), name="closing"),
        ]
        if self.register is not None and self.lookout is not None:
            self._loops += [
                asyncio.create_task(self.register.run(), name="register"),
                asyncio.create_task(self.lookout.run(), name="lookout"),
            ]

    def renew(self, services: Mapping[ServiceId, Service]) -> None:
        """Go on with other services: new hours, another notice. Everybody who looks at one is told.

        Conversations of a service that is not among them any more are nobody's to accept; the site file is
        read at the start only, so that happens to nobody.
        """
        known = self.rooms.services
        changed = [id_ for id_, each in services.items() if known.get(id_) != each]
        known.clear()
        known.update(services)
        for service in changed:
            doorbell = Doorbell(bell=Bell.DUTY, service=service)
            self.lobby.hear(doorbell)
            self.board.hear(doorbell)

    async def stop(self) -> None:
        """Stop hearing and end the loops; the other processes need not find out by themselves."""
        if self._deaf is not None:
            self._deaf()
            self._deaf = None
        was_running = bool(self._loops)
        for loop in self._loops:
            loop.cancel()
        for loop in self._loops:
            with contextlib.suppress(asyncio.CancelledError):
                await loop
        self._loops = []
        await self.persistence.stop()
        if self.register is not None and was_running:
            with contextlib.suppress(Unavailable):
                await self.register.leave()

    def _hear(self, doorbell: Doorbell) -> Awaitable[None] | None:
        self.lobby.hear(doorbell)
        self.alerts.hear(doorbell)
        self.board.hear(doorbell)
        if doorbell.origin == self.rooms.origin:
            return None
        for hear in self.also:
            hear(doorbell)
        return self._follow(doorbell)

    async def _follow(self, doorbell: Doorbell) -> None:
        await following.hear(self.rooms, self._news, self.persistence, doorbell)
        await sign_ins.hear(self.operators, doorbell)
        await self.noting.hear(doorbell)


def assemble(
    *,
    store: Store,
    staff_entries: StaffEntries,
    books: ClosingBooks,
    talks: Talks,
    shredder: Shredder,
    bus: Bus,
    clock: Clock,
    keys: DailyKeys,
    randomness: Randomness,
    services: Mapping[ServiceId, Service],
    stretching: Stretching,
    words: Sequence[str],
    border: BorderPolicy,
    on_over: Callable[[ConversationId], None] = lambda _: None,
) -> Chat:
    """Put a chat together; nothing runs before `start`. `on_over` is told of each conversation that ends."""
    rooms = _rooms(store, bus, clock, keys, randomness, shredder, services)
    lobby = Lobby(rooms, store, clock, rooms.services)
    persistence = Persistence(clock)
    visitors = Visitors(rooms, store, bus, clock, keys, randomness, persistence)
    operators = _operators(rooms, lobby, persistence, border, talks)
    codes = Codes(visitors, store, keys, stretching, words)
    wrap_ups = WrapUps(store, shredder, clock, rooms.services, bus, operators.desks)
    rooms.on_over.append(_after_an_end(codes, wrap_ups, on_over))
    return Chat(
        rooms=rooms,
        lobby=lobby,
        visitors=visitors,
        operators=operators,
        timekeeper=Timekeeper(rooms, visitors, operators, store, keys, shredder, clock, lobby, talks),
        bus=bus,
        persistence=persistence,
        codes=codes,
        wrap_ups=wrap_ups,
        noting=Noting(rooms, staff_entries, operators.desks),
        transfers=Transfers(operators, border),
        closing=Closing(books, shredder, clock),
        alerts=operators.alerts,
    )


def _rooms(  # noqa: PLR0917 - each port once
    store: Store,
    bus: Bus,
    clock: Clock,
    keys: DailyKeys,
    randomness: Randomness,
    shredder: Shredder,
    services: Mapping[ServiceId, Service],
) -> Rooms:
    known = dict(services)  # one mapping for all of them, so that `renew` reaches all
    readers = Readers(store, keys, clock, randomness)
    return Rooms(store, bus, clock, randomness, shredder, known, readers, origin=random_id(randomness))


def _operators(
    rooms: Rooms, lobby: Lobby, persistence: Persistence, border: BorderPolicy, talks: Talks
) -> Operators:
    store, clock, services = rooms.store, rooms.clock, rooms.services
    seating = Seating(rooms, store, clock, persistence)
    claiming = Claiming(store, services, clock, border)
    talking = Talking(talks, rooms, seating.desks)
    alerts = Alerts(store, clock, services, talking, HandsSeen(rooms, store))
    return Operators(rooms, lobby, store, rooms.bus, clock, seating, claiming, alerts)


def _after_an_end(
    codes: Codes, wrap_ups: WrapUps, on_over: Callable[[ConversationId], None]
) -> Callable[[Conversation], None]:
    def over(was: Conversation) -> None:
        codes.unheard.forget(was.id)
        wrap_ups.note_end(was)
        on_over(was.id)

    return over
