# SPDX-License-Identifier: EUPL-1.2
"""`chat.ports.Bus` over a Redis or Valkey server, for several processes on any number of machines.

Owns the connections and whether doorbells pass now. Knows nothing of what a doorbell leads to. Whatever is
wrong with Redis, ringing takes no time, and what was lost is told as a turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from msgspec import Struct

from chat.adapters.listeners import Hear, Listeners, Turned
from chat.adapters.redis.connection import (
    PREFIX,
    Line,
    opened,
    place_of,
    publish,
    subscribe,
    unsubscribe,
)
from chat.adapters.redis.doorbells import SENDER_BYTES, Batch, Signature, pack, unpack
from chat.adapters.redis.errors import RedisAway, RedisUnfit
from chat.adapters.redis.keeping import must_keep_nothing
from chat.adapters.redis.outgoing import Outgoing
from chat.adapters.redis.peers import Heard, Peers
from chat.ids import Randomness
from chat.ports import Doorbell

_log = logging.getLogger(__name__)

BEATS: Final = f"{PREFIX}beats".encode()
"""Where every process shows that it lives, and hears that of all, itself among them."""
BELLS: Final = f"{PREFIX}bells:".encode()
"""With a process's name behind: where the others listen to it, and it does not. Else each doorbell would wake
the ringer as well."""

OPENING_S: Final = 1.0
"""Until everything is asked and subscribed."""
TOGETHER_S: Final = 0.003
"""After a batch the next one is left to fill for so long. The first after a silence goes at once."""
TICK_S: Final = 0.25
"""How often each process shows that it lives."""
UNHEARD_TICKS: Final = 3
"""After so many ticks without hearing itself a process takes Redis for away. Counted in ticks, so that a busy
process, which reads late, does not blame Redis."""
PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Before it is tried again, in turn; the last one for ever."""
FAREWELL_S: Final = 0.3
NOISE_S: Final = 60.0
"""How often the log tells that somebody else speaks on these channels, and how often since."""


class BusReport(Struct, frozen=True):
    """How the bus is doing. Counted since the start, in doorbells; `refused` in messages of no known form."""

    away: bool
    sent: int
    heard: int
    dropped: int
    refused: int


class RedisBus:
    """Rings here at once, and elsewhere in batches that one task sends. Made by `joined`."""

    def __init__(self, url: str, randomness: Randomness, secret: bytes) -> None:
        self._url = url
        self._signature = Signature(secret)
        self._place = place_of(url)
        self._listeners = Listeners()
        self._outgoing = Outgoing(randomness.bytes(SENDER_BYTES))
        self._own = BELLS + self._outgoing.sender.hex().encode()
        self._peers = Peers()
        self._rung = asyncio.Event()
        self._tried: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line: Line | None = None
        self._away = True
        self._unheard = 0
        self._heard = 0
        self._refused = 0
        self._refused_told = 0
        self._tells_noise_at = -math.inf

    # --- the port ---

    def ring(self, doorbell: Doorbell) -> None:
        """Send a doorbell and return at once. Must be called on the event loop."""
        asyncio.get_running_loop().call_soon(self._listeners.deliver, doorbell)
        if self._line is None:
            self._outgoing.drop(1)
        else:
            self._outgoing.add(doorbell)
            self._rung.set()

    def is_shared(self) -> bool:
        """Tell that others may hear."""
        return True

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` for every doorbell from now on; return what stops it."""
        return self._listeners.listen(hear)

    def is_away(self) -> bool:
        """Tell whether doorbells do not pass now, to or from some process that lives."""
        return self._away

    def expect(self, others: int) -> None:
        """Note how many other processes live over the same store."""
        self._peers.expect(others)

    def on_turn(self, turned: Turned) -> Callable[[], None]:
        """Call `turned` at every turn from now on; return what stops it."""
        return self._listeners.on_turn(turned)

    # --- for others who need Redis ---

    async def ask(self, *command: str | bytes | int) -> object:
        """Send one of `COMMANDS` and return its answer.

        Raises:
            RedisAway: Redis is away.
            RedisUnfit: it refuses the command.
        """
        if self._line is None:
            raise RedisAway(f"Redis at {self._place} is away")
        return await self._line.ask(*command)

    def report(self) -> BusReport:
        """Return the figures so far."""
        out = self._outgoing
        return BusReport(self._away, out.sent, self._heard, out.dropped, self._refused)

    # --- being connected ---

    async def tried(self) -> None:
        """Return when it has been tried once to connect, whether or not Redis was there.

        Raises:
            RedisUnfit: Redis is there, and must not be used as it is.
        """
        await self._tried

    async def run(self) -> None:
        """Connect, and again whenever the connection is gone, until cancelled."""
        fails = 0
        was_unfit = False
        own = asyncio.current_task()
        while True:
            try:
                # In a task of its own: a group that fails tells of that alone, and its task forgets whether
                # it was told to end as well. This one does.
                await asyncio.create_task(self._connected())
            except RedisUnfit as error:
                self._first_try(error)
                if not was_unfit:
                    _log.error("bus_unfit")
                was_unfit = True
            except RedisAway:
                if not self._tried.done():
                    _log.warning("bus_away")
                self._first_try(None)
                was_unfit = False
            if own is not None and own.cancelling():
                raise asyncio.CancelledError
            if self._line is not None:
                self._line, fails = None, 0
                self._outgoing.drop()
                self._look()
            await asyncio.sleep(PAUSES_S[min(fails, len(PAUSES_S) - 1)])
            fails += 1

    async def leave(self) -> None:
        """Send what waits, and tell the others that this process goes."""
        if self._line is None:
            return
        with contextlib.suppress(TimeoutError, RedisAway):
            async with asyncio.timeout(FAREWELL_S):
                await self._send_waiting(self._line)
                await self._line.tell(self._signed(BEATS, self._outgoing.beat(last=True)))

    async def _connected(self) -> None:
        """Stay connected as long as doorbells pass; both connections go together.

        Raises:
            RedisAway: they do not pass any more.
            RedisUnfit: Redis must not be used as it is.
        """
        try:
            async with (
                asyncio.timeout(OPENING_S) as bound,
                opened(self._url) as line,
                opened(self._url) as ear,
                asyncio.TaskGroup() as tasks,
            ):
                tasks.create_task(line.answer())
                await must_keep_nothing(line, self._place)
                await ear.tell(subscribe(BEATS))
                await ear.read()
                # The one beat that is answered: with it every command that doorbells need has been allowed.
                beat = self._signature.put(pack(self._outgoing.beat()), BEATS)
                await line.ask("PUBLISH", BEATS, beat)
                bound.reschedule(None)
                self._begin(line)
                tasks.create_task(self._hear(ear, line))
                tasks.create_task(self._send(line))
                tasks.create_task(self._watch(ear, line))
        except TimeoutError:
            raise RedisAway(f"Redis at {self._place} does not answer") from None
        except BaseExceptionGroup as group:
            raise _first(group) from None

    def _begin(self, line: Line) -> None:
        self._line, self._unheard = line, 0
        self._peers.forget()
        self._look()
        self._first_try(None)

    def _first_try(self, error: RedisUnfit | None) -> None:
        if self._tried.done():
            return
        if error is None:
            self._tried.set_result(None)
        else:
            self._tried.set_exception(error)

    def _look(self) -> None:
        """Tell of a turn, if this is one."""
        too_few = self._line is not None and self._peers.are_too_few()
        away = self._line is None or self._peers.is_silent() or too_few
        lost = self._peers.take_lost()
        if away != self._away:
            self._away = away
            if too_few:
                _log.warning("bus_hears_not_all")
            elif away:
                _log.warning("bus_away")
            elif self._tried.done():
                _log.warning("bus_back")
            self._listeners.turn(away)
        elif lost and not away:
            self._listeners.turn(away)

    async def _send(self, line: Line) -> None:
        loop = asyncio.get_running_loop()
        next_at = loop.time()
        while True:
            await self._rung.wait()
            if (pause := next_at - loop.time()) > 0:
                await asyncio.sleep(pause)
            self._rung.clear()
            await self._send_waiting(line)
            next_at = loop.time() + TOGETHER_S

    async def _send_waiting(self, line: Line) -> None:
        while self._outgoing:
            await line.tell(self._signed(self._own, self._outgoing.next()))

    def _signed(self, channel: bytes, batch: Batch) -> bytes:
        return publish(channel, self._signature.put(pack(batch), channel))

    async def _beat(self, line: Line) -> None:
        await line.tell(self._signed(BEATS, self._outgoing.beat()))

    async def _hear(self, ear: Line, line: Line) -> None:
        while True:
            match await ear.read():
                case [b"message", bytes(channel), bytes(packed)]:
                    await self._take(channel, packed, ear, line)
                case _:
                    pass  # that a subscription has begun or ended

    async def _take(self, channel: bytes, packed: bytes, ear: Line, line: Line) -> None:
        try:
            batch = unpack(self._signature.take(packed, channel))
        except ValueError:
            self._refuse()
            return
        if batch.sender == self._outgoing.sender:
            self._unheard = 0
            return
        match self._peers.hear(batch):
            case Heard.NEW:
                await ear.tell(subscribe(BELLS + batch.sender.hex().encode()))
                await self._beat(line)  # so that they know of this process as well, at once
            case Heard.LEFT:
                await ear.tell(unsubscribe(BELLS + batch.sender.hex().encode()))
            case Heard.IN_ORDER:
                # Of nobody else: whoever is new has rung before, and what that led to is looked for anyway.
                self._heard += len(batch.bells)
                for doorbell in batch.bells:
                    self._listeners.deliver(doorbell)
            case Heard.IGNORED:
                pass

    def _refuse(self) -> None:
        self._refused += 1
        if (now := asyncio.get_running_loop().time()) >= self._tells_noise_at:
            self._tells_noise_at = now + NOISE_S
            _log.warning("bus_noise", extra={"count": self._refused - self._refused_told})
            self._refused_told = self._refused

    async def _watch(self, ear: Line, line: Line) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._unheard += 1
            if self._unheard > UNHEARD_TICKS:
                raise RedisAway(f"Redis at {self._place} passes no doorbells")
            for gone in self._peers.tick():
                await ear.tell(unsubscribe(BELLS + gone.hex().encode()))
            self._look()
            await self._beat(line)


@asynccontextmanager
async def joined(url: str, randomness: Randomness, secret: bytes) -> AsyncIterator[RedisBus]:
    """Give a bus over the Redis at `url`. It may be away, now and later.

    `secret`: what all processes over one store know and Redis does not. Others are not heard.

    Raises:
        RedisUnfit: it is there, and must not be used as it is.
    """
    bus = RedisBus(url, randomness, secret)
    running = asyncio.create_task(bus.run())
    try:
        await bus.tried()
        yield bus
    finally:
        await bus.leave()
        running.cancel()
        await asyncio.wait([running])


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return why the tasks ended. That Redis is unfit says more than that it is away after that."""
    unfit = group.subgroup(RedisUnfit)
    error: BaseException = (unfit or group).exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
