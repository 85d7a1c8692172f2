# SPDX-License-Identifier: EUPL-1.2
"""The supervisors' section about handovers over a real store, while time passes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chat.ids import DutyId, OrganisationId, ServiceId
from chat.sealing import Token
from handover.receivers import Receiver
from tests.service.handing import SERVICE, Handing, handing
from tests.service.standing import service
from tests.texts import LANGUAGES
from tests.unit.handover.making import BORDER, CLINIC, INTAKE, JOUR, STATION, yes
from web.accounts.account import StaffRole, StaffSession
from web.supervisor.handovers import handed

FRIDAY = datetime(2026, 2, 20, 14, 30, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=3)
SIDES: dict[str, Any] = {
    "sender": {"services": [SERVICE]},
    "receiver": {"units": [INTAKE]},
    "other": {"units": [CLINIC]},
}


@dataclass
class Board:
    """The section as different supervisors see it."""

    world: Handing

    async def of(
        self, *, services: Sequence[ServiceId] = (), units: Sequence[Receiver] = ()
    ) -> dict[str, Any]:
        """Return what somebody sees who looks after these."""
        session = StaffSession(
            id=DutyId("d" * 22),
            account="birgitta",
            role=StaffRole.SUPERVISOR,
            services=frozenset(services),
            units=frozenset(unit.id for unit in units),
            token=Token(20_000, b"t" * 32),
            expires_at=self.world.clock.now() + timedelta(hours=16),
        )
        one = SimpleNamespace(
            id=SERVICE, chat=service(SERVICE, JOUR), organisation=SimpleNamespace(id=OrganisationId(JOUR))
        )
        house = SimpleNamespace(
            site=SimpleNamespace(services={SERVICE: one}, receivers=BORDER.receivers),
            office=self.world.office,
            languages=LANGUAGES,
            clock=self.world.clock,
        )
        return await handed(house, session, "sv")  # type: ignore[arg-type]  # as much of a house as it needs

    async def late(self, **who: Any) -> list[str]:
        """Return which units are late to somebody."""
        return [each["unit"] for each in (await self.of(**who))["late"]]


@pytest.fixture
async def board(tmp_path: Path, empty_database: Path) -> AsyncIterator[Board]:
    """A board on a Friday afternoon."""
    async with handing(tmp_path, empty_database) as world:
        world.clock.moment = FRIDAY
        yield Board(world)


async def test_both_supervisors_are_told_after_one_working_day(board: Board) -> None:
    """Not over the weekend; on Monday at the same time of day, to sender and receiver, and to nobody else."""
    await board.world.says_yes(yes(INTAKE), yes(CLINIC))
    sender: dict[str, Any] = {"services": [SERVICE]}
    board.world.clock.moment = MONDAY - timedelta(minutes=1)
    assert await board.late(**sender) == []
    board.world.clock.moment = MONDAY
    assert await board.late(**sender) == ["Enheten kurator", "Enheten mottagning"]
    assert await board.late(units=[INTAKE]) == ["Enheten mottagning"]
    assert await board.late(units=[STATION]) == []


async def test_what_is_opened_is_late_no_more(board: Board) -> None:
    """Whoever opens it takes it off the board at once."""
    await board.world.says_yes(yes(INTAKE))
    board.world.clock.moment = MONDAY
    assert await board.late(units=[INTAKE]) == ["Enheten mottagning"]
    who = await board.world.unlocks(INTAKE)
    await board.world.office.inbox.open(who, await board.world.ticket_of(INTAKE))
    assert await board.late(units=[INTAKE]) == []
    assert await board.late(services=[SERVICE]) == []


async def test_opened_one_that_nobody_decides_calls_before_its_time_is_out(board: Board) -> None:
    """Two working days before, to both sides, and no more once it is taken."""
    await board.world.says_yes(yes(INTAKE))
    board.world.clock.moment = MONDAY
    who, name = await board.world.unlocks(INTAKE), await board.world.ticket_of(INTAKE)
    await board.world.office.inbox.open(who, name)
    due = MONDAY + timedelta(days=14)
    board.world.clock.moment = due - timedelta(days=4, minutes=1)
    assert await board.late(services=[SERVICE]) == []
    board.world.clock.moment = due - timedelta(days=4)
    (late,) = (await board.of(services=[SERVICE]))["late"]
    assert late["waits"] == "En överlämning är öppnad, men ingen har sagt om den tas emot."
    assert late["left"] == "Om 4 dagar går tiden ut för den."
    assert await board.late(units=[INTAKE]) == ["Enheten mottagning"]
    assert await board.late(units=[CLINIC]) == []
    who = await board.world.unlocks(INTAKE, "e")
    await board.world.office.inbox.accept(who, name, "2026-117", "Vi tar emot det.")
    assert await board.late(services=[SERVICE]) == []


async def test_what_nobody_opened_leaves_the_board_when_it_returns(board: Board) -> None:
    """The days left run down to the day itself; then the board is as if there had been none."""
    before = {name: await board.of(**who) for name, who in SIDES.items()}
    await board.world.says_yes(yes(INTAKE))
    for days, left in ((3, "Om 11 dagar går"), (13, "I morgon går"), (14, "I dag går")):
        board.world.clock.moment = FRIDAY + timedelta(days=days) - timedelta(minutes=0 if days < 14 else 1)
        (late,) = (await board.of(services=[SERVICE]))["late"]
        assert late["left"] == f"{left} den tillbaka oläst, och personen ser det."
        assert late["waits"] == "En överlämning är oöppnad sedan den 20 februari."
    board.world.clock.moment = FRIDAY + timedelta(days=14)
    await board.world.office.keeper.tick()
    assert {name: await board.of(**who) for name, who in SIDES.items()} == before


async def test_what_counts_as_received_runs_out_instead(board: Board) -> None:
    """The authority has it from the moment of her yes."""
    await board.world.says_yes(yes(STATION))
    board.world.clock.moment = MONDAY
    (late,) = (await board.of(units=[STATION]))["late"]
    assert late["left"] == "Om 11 dagar går tiden ut för den."
    board.world.clock.moment = FRIDAY + timedelta(days=14)
    await board.world.office.keeper.tick()
    assert (await board.of(services=[SERVICE]))["late"] == []


async def test_unit_that_is_looked_after_shows_its_own_alone(board: Board) -> None:
    """A unit of the same authority is another one."""
    await board.world.says_yes(yes(INTAKE))
    board.world.clock.moment = MONDAY
    assert INTAKE.organisation == CLINIC.organisation
    assert await board.late(units=[CLINIC]) == []
