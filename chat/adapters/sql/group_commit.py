# SPDX-License-Identifier: EUPL-1.2
"""One commit for everybody who waits: what has queued up while the disk was busy is the next transaction.

Owns the queue and its one writer. Knows nothing of what the operations mean but that an end makes room.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from time import perf_counter

from sqlalchemy.exc import IntegrityError

from chat.adapters.sql.appends import append, appends_in
from chat.adapters.sql.batch import Outcome, held_up, write_batch
from chat.adapters.sql.database import Database
from chat.adapters.sql.lanes import Locked, Unsure
from chat.adapters.sql.operations import Append, Create, Operation, Step, concerned, counts_of
from chat.adapters.sql.writes import take_back
from chat.errors import Stale, Unavailable
from chat.ids import ConversationId
from chat.watched import Commits

LARGEST_BATCH = 500
"""Operations in one transaction: bounds the wait of the first one. Each is about one conversation, and a
statement about many names takes at most `prepared.MOST`."""

TURNS_BETWEEN = 2
"""Turns of the event loop between two transactions: whoever was answered in the first one is heard in the
second, and shares the next commit instead of the one after it (measured: half as many commits under load)."""


_Taken = tuple[Operation, asyncio.Future[None]]


class GroupCommit:
    """Writes operations in the order in which they came, as many at once as have come.

    On PostgreSQL other processes hold rows too. What needs one that is held for longer than a commit takes is
    written apart, so that nobody but who is concerned waits for a host that stands still.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: list[_Taken] = []
        self._writer: asyncio.Task[None] | None = None
        self._closed = False
        self._apart: set[asyncio.Task[None]] = set()
        self._held_up: Counter[ConversationId] = Counter()
        """How many operations of a conversation are written apart because its row is held."""
        self._unsure: list[ConversationId] = []
        """New conversations of which nobody knows whether they are stored."""
        self.counted = Commits()
        """What it has done so far."""

    async def submit(self, operation: Operation) -> None:
        """Return when `operation` is on the disk.

        A caller who is cancelled stops waiting; the operation is stored all the same, as its neighbours are.

        Raises:
            Refused, Stale: as `batch.write_batch` decides; nothing of this operation is stored.
            Unavailable: the database cannot take it now.
        """
        if self._closed:
            raise Unavailable("the store is closed")
        future = asyncio.get_running_loop().create_future()
        if self._database.turns_apart and self._must_wait(operation):
            self._go_apart(operation, future)
        else:
            self._queue.append((operation, future))
            if self._writer is None:
                self._writer = asyncio.create_task(self._write_all())
        await future

    async def close(self) -> None:
        """Take nothing more and return when everything taken is written."""
        self._closed = True
        if self._writer is not None:
            await self._writer
        if self._apart:
            await asyncio.wait(self._apart)

    def _must_wait(self, operation: Operation) -> bool:
        return _takes_turn(operation) or (bool(self._held_up) and concerned(operation) in self._held_up)

    def _go_apart(self, operation: Operation, future: asyncio.Future[None]) -> None:
        """Write what waits, for a turn or a row, in a transaction of its own: no message waits for that."""
        # What is counted may wait for a counter: its conversation is free as long as it waits for a place.
        name = None if _takes_turn(operation) or counts_of(operation) else concerned(operation)
        if name is not None:
            self._held_up[name] += 1
        writing = asyncio.create_task(self._write_apart(operation, future, name))
        self._apart.add(writing)
        writing.add_done_callback(self._apart.discard)

    async def _write_apart(
        self, operation: Operation, future: asyncio.Future[None], name: ConversationId | None
    ) -> None:
        (outcome,) = await self._write([operation], apart=True)
        if name is not None:
            self._held_up -= Counter([name])  # keeps no zeros
        self._answer(operation, future, outcome)

    async def _write_all(self) -> None:
        try:
            while self._queue:
                self.counted.waiting = len(self._queue)
                taken, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
                began = perf_counter()
                outcomes = await self._write([operation for operation, _ in taken])
                self.counted.seconds.note(perf_counter() - began)
                self.counted.together.note(len(taken))
                for (operation, future), outcome in zip(taken, outcomes, strict=True):
                    if isinstance(outcome, Locked):
                        self._go_apart(operation, future)
                    else:
                        self._answer(operation, future, outcome)
                for _ in range(TURNS_BETWEEN):
                    await asyncio.sleep(0)
        finally:
            self._writer = None
            self.counted.waiting = 0

    def _answer(self, operation: Operation, future: asyncio.Future[None], outcome: Outcome) -> None:
        if outcome is None and type(operation) is Append:
            self.counted.messages += len(operation.entries)
        if future.done():
            return
        if outcome is None:
            future.set_result(None)
        else:
            future.set_exception(outcome)

    async def _write(self, operations: Sequence[Operation], *, apart: bool = False) -> list[Outcome]:
        """Return what became of each; where not `apart`, `Locked` for what is still to be written apart."""
        try:
            return await self._write_sure(operations, apart=apart)
        except Locked as locked:
            if apart:
                return [Unavailable(str(locked)) for _ in operations]
            return await self._write_unheld(operations, locked)
        except Unavailable as unavailable:
            return await self._write_ends(operations, unavailable)
        except IntegrityError:
            # Only a row that its caller did not know of can be in the way: that caller must look again.
            if len(operations) == 1:
                return [Stale()]
        except Exception as error:  # noqa: BLE001  the one caller it belongs to shall see it, whatever it is
            if len(operations) == 1:
                return [error]
        # One of them is at fault, and a transaction does not say which: each alone, so that it fails alone.
        return await self._write_each(operations)

    async def _write_each(self, operations: Sequence[Operation]) -> list[Outcome]:
        return [outcome for operation in operations for outcome in await self._write([operation])]

    async def _write_unheld(self, operations: Sequence[Operation], locked: Locked) -> list[Outcome]:
        """Write those whose rows nobody else holds, together; the outcome of the others is `Locked`."""
        if len(operations) == 1:
            return [locked]
        try:
            held = await self._database.run_write(partial(held_up, operations=operations), alone=False)
        except Locked:
            held = []
        except Unavailable:
            return [locked for _ in operations]
        is_nobodys = not any(held)
        if is_nobodys:
            # A table is locked, which all must wait for, or a row that cannot be asked for: no message's.
            held = [type(each) is not Append for each in operations]
        unheld = [each for each, is_held in zip(operations, held, strict=True) if not is_held]
        written = iter(await self._write(unheld, apart=is_nobodys) if unheld else ())
        return [locked if is_held else next(written) for is_held in held]

    async def _write_sure(self, operations: Sequence[Operation], *, apart: bool) -> list[Outcome]:
        """Write a batch, after taking back what may have been stored although its caller was refused.

        What else was unsure is found by the versions. A conversation that has just begun is known to nobody
        but the caller who was refused: it would wait for ever.
        """
        if some := self._unsure[:LARGEST_BATCH]:
            left = await self._database.run_write(partial(take_back, names=some), alone=False)
            self._unsure = [name for name in self._unsure if name not in some or name in left]
        alone = any(_takes_turn(each) for each in operations)
        work = partial(write_batch, operations=operations)
        try:
            if apart and not alone:
                return await self._database.run_patiently(work)
            if self._database.takes_appends and (appends := appends_in(operations)) is not None:
                return await self._database.run_append(partial(append, operations=appends))
            return await self._database.run_write(work, alone=alone)
        except Unsure:
            self._unsure += [each.conversation.id for each in operations if isinstance(each, Create)]
            raise

    async def _write_ends(self, operations: Sequence[Operation], refusal: Unavailable) -> list[Outcome]:
        """On a full disk store what makes room, in the room that was kept for it; refuse the rest."""
        outcomes: list[Outcome] = [Unavailable(str(refusal)) for _ in operations]
        ends = [n for n, each in enumerate(operations) if isinstance(each, Step) and each.makes_room]
        if ends and await self._database.make_room(refusal):
            stored = await self._write([operations[n] for n in ends])
            await self._database.take_room()  # at once, before anybody else does
            for n, outcome in zip(ends, stored, strict=True):
                outcomes[n] = outcome
        return outcomes


def _takes_turn(operation: Operation) -> bool:
    """Tell whether an operation carries along what another room stores."""
    return isinstance(operation, Step) and bool(operation.change.alongside)
