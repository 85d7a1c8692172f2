# SPDX-License-Identifier: EUPL-1.2
"""What has ended is noted before it is stored, and does not come back with an older database."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from chat.adapters.sql.counting import Counting
from chat.adapters.sql.database import Database
from chat.errors import Unavailable
from chat.hours import local_day
from handover.adapters.ending import reapply
from handover.adapters.erased_files import ErasedFiles
from handover.adapters.erased_reading import read_logs
from handover.adapters.sql import SqlTicketStore
from handover.erased import KEPT, Erased, Line, mark, together
from handover.ids import TicketId
from handover.ports import TicketChange
from handover.ticket import TicketState
from tests.service.handing import Handing
from tests.service.standing import SeededRandomness
from tests.unit.handover.making import CLINIC, INTAKE, STATION, yes


@pytest.fixture
def logged(world: Handing, tmp_path: Path) -> Handing:
    """A world that keeps the log of erased tickets in a directory."""
    world.office.inbox.stepping.erased = ErasedFiles(tmp_path / "erased", SeededRandomness(3))
    return world


@dataclass
class Told:
    """A log that tells what was stored when it was written to."""

    world: Handing
    ticket: TicketId
    states: list[TicketState] = field(default_factory=list)
    taken_back: list[Line] = field(default_factory=list)
    kept: list[date] = field(default_factory=list)
    forgotten: list[date] = field(default_factory=list)
    is_away: bool = False

    async def note(self, on: date, mark: str) -> Line:
        """Look what is stored now."""
        if self.is_away:
            raise Unavailable
        stored = await self.world.store.ticket(self.ticket)
        assert stored is not None
        self.states.append(stored.ticket.state)
        return Line(on, mark, str(len(self.states)))

    async def take_back(self, line: Line) -> None:
        """Keep it."""
        self.taken_back.append(line)

    async def keep(self, day: date) -> None:
        """Keep the day."""
        if self.is_away:
            raise Unavailable
        self.kept.append(day)

    async def forget_before(self, day: date) -> None:
        """Keep the day."""
        self.forgotten.append(day)


async def as_of_now(world: Handing, path: Path) -> Path:
    """Return a copy of the database as it is now, which a backup would have."""
    assert await world.database.clear_log()
    source = await world.database.run_read(
        lambda connection: str(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
    )
    shutil.copy(source, path)
    return path


async def put_back(copy: Path, erased: Erased, world: Handing) -> tuple[int, SqlTicketStore, Database]:
    """Apply the log to a copy, as a restore does; return how many ended, and the store."""
    database = await Database.open(f"sqlite+aiosqlite:///{copy}")
    changed = await database.run_write(lambda connection: reapply(connection, erased, world.clock.now()))
    return changed, SqlTicketStore(database, Counting), database


async def test_what_was_taken_back_does_not_come_back(logged: Handing, tmp_path: Path) -> None:
    """Withdrawn, declined, or withdrawn where it is the authority's already: each as it had ended."""
    visit = await logged.comes_with(await logged.says_yes(yes(INTAKE), yes(CLINIC), yes(STATION)))
    await logged.says_yes(yes(INTAKE))
    intake, clinic, station = [
        next(
            each.ticket.id
            for each in await logged.store.of_handover(visit.handover.id)
            if each.ticket.receiver == unit.id
        )
        for unit in (INTAKE, CLINIC, STATION)
    ]
    await logged.office.pickup.add(visit, intake, "Ring inte hem.")
    copy = await as_of_now(logged, tmp_path / "copy.sqlite")
    await logged.office.pickup.withdraw(visit, intake)
    await logged.office.pickup.withdraw(visit, station)
    who = await logged.unlocks(CLINIC)
    await logged.office.inbox.open(who, clinic)
    await logged.office.inbox.decline(who, clinic, "Vi kan inte.")
    erased = together(read_logs([tmp_path / "erased"]).values())
    assert len(erased.marks) == 3
    changed, store, database = await put_back(copy, erased, logged)
    try:
        assert changed == 3
        for ticket in (intake, clinic, station):
            before, after = await logged.store.ticket(ticket), await store.ticket(ticket)
            assert before is not None
            assert after is not None
            assert (after.ticket.state, after.ticket.is_readable) == (
                before.ticket.state,
                before.ticket.is_readable,
            )
            assert (await store.body(ticket) is None) == (await logged.store.body(ticket) is None)
            assert after.ticket.closed_at is not None
        assert [each.for_receiver for each in await store.letters(intake)] == [b""]
        assert (await put_back(copy, erased, logged))[0] == 0, "once more changes nothing"
        assert len(await store.due(logged.clock.now() + timedelta(days=999))) == 4, "the other one is there"
    finally:
        await database.close()


async def test_what_was_erased_is_gone_with_its_handover(logged: Handing, tmp_path: Path) -> None:
    """Her code finds nothing any more, although the copy had it."""
    code = await logged.says_yes(yes(INTAKE))
    visit = await logged.comes_with(code)
    copy = await as_of_now(logged, tmp_path / "copy.sqlite")
    await logged.office.pickup.withdraw(visit, await logged.ticket_of(INTAKE))
    logged.clock.advance(timedelta(days=30, seconds=1).total_seconds())
    await logged.office.keeper.tick()
    changed, store, database = await put_back(
        copy, together(read_logs([tmp_path / "erased"]).values()), logged
    )
    try:
        assert changed == 1
        assert await store.found_by(visit.handover.lookup) is None
    finally:
        await database.close()


async def test_end_is_noted_before_it_is_stored(world: Handing) -> None:
    """After a crash in between the log says that it has ended, and never the other way round."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    ticket = await world.ticket_of(INTAKE)
    log = Told(world, ticket)
    world.office.inbox.stepping.erased = log
    await world.office.pickup.add(visit, ticket, "Hej")
    assert log.states == [], "nothing has ended"
    await world.office.pickup.withdraw(visit, ticket)
    assert log.states == [TicketState.DELIVERED]
    assert log.taken_back == []


async def test_what_cannot_be_noted_is_not_done(world: Handing, caplog: pytest.LogCaptureFixture) -> None:
    """She is told to try again, as when the store is away, and whoever runs the server hears of it."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    ticket = await world.ticket_of(INTAKE)
    log = world.office.inbox.stepping.erased = Told(world, ticket, is_away=True)
    with pytest.raises(Unavailable):
        await world.office.pickup.withdraw(visit, ticket)
    assert await world.store.body(ticket) is not None
    assert caplog.messages == ["erased_not_noted"]
    log.is_away = False
    await world.office.pickup.withdraw(visit, ticket)
    assert await world.store.body(ticket) is None


async def test_end_that_came_too_late_is_taken_back(world: Handing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit opens it in the moment in which it would have returned: a restored copy must not end it."""
    await world.says_yes(yes(INTAKE))
    ticket = await world.ticket_of(INTAKE)
    log = world.office.inbox.stepping.erased = Told(world, ticket)
    world.clock.advance(timedelta(days=14).total_seconds() + 1)
    who = await world.unlocks(INTAKE)
    commit = world.store.commit

    async def comes_too_late(change: TicketChange) -> None:
        monkeypatch.setattr(world.store, "commit", commit)
        await world.office.inbox.open(who, ticket)
        await commit(change)

    monkeypatch.setattr(world.store, "commit", comes_too_late)
    await world.office.keeper.tick()
    stored = await world.store.ticket(ticket)
    assert stored is not None
    assert stored.ticket.state is TicketState.OPENED
    assert [line.mark for line in log.taken_back] == [mark(ticket, TicketState.RETURNED)]


async def test_day_is_noted_once_and_old_lines_forgotten_while_the_clock_is_trusted(world: Handing) -> None:
    """At the start and every day, so that a day that is missing is seen; nothing is forgotten in doubt."""
    await world.says_yes(yes(INTAKE))
    log = world.office.inbox.stepping.erased = Told(world, await world.ticket_of(INTAKE))
    for _ in range(2):
        await world.office.keeper.tick()
    today = local_day(world.clock.now())
    assert (log.kept, log.forgotten) == ([today], [today - KEPT])
    world.clock.advance(timedelta(days=1).total_seconds())
    world.clock.is_trusted = False
    await world.office.keeper.tick()
    assert (len(log.kept), len(log.forgotten)) == (2, 1)
    world.clock.is_trusted = True
    await world.office.keeper.tick()
    assert (len(log.kept), len(log.forgotten)) == (2, 2)


async def test_day_that_cannot_be_noted_stops_nothing_else(
    world: Handing, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again at the next tick, and whoever runs the server hears of it."""
    await world.says_yes(yes(INTAKE))
    log = world.office.inbox.stepping.erased = Told(world, await world.ticket_of(INTAKE), is_away=True)
    await world.office.keeper.tick()
    assert caplog.messages == ["erased_not_noted"]
    assert log.forgotten, "the rest was done"
    log.is_away = False
    await world.office.keeper.tick()
    assert log.kept == [local_day(world.clock.now())]
