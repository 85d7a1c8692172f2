# SPDX-License-Identifier: EUPL-1.2
"""An office of handovers over a real database, with a clock that stands still and quick stretching.

Owns what stories about tickets begin with: a yes of hers, sealed and stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from chat.adapters.sql.counting import Counting
from chat.adapters.sql.database import Database
from chat.ids import DutyId, ServiceId
from config.codes import code_words
from handover import office
from handover.adapters.sql import SqlTicketStore
from handover.border import Border
from handover.consent import Decision, Proposal, Yes
from handover.drafting import encoded
from handover.ids import ReceiverId, TicketId
from handover.inbox import SignIn
from handover.items import Content
from handover.office import Office
from handover.pickup import Visit
from handover.receivers import Reach, Receiver
from handover.service import Where
from moderation.judge import Judge
from tests.service.standing import QuickStretching, SeededRandomness, StandingClock
from tests.unit.handover.making import BORDER, CONTENT, JOUR, SENDER, proposal

PASSPHRASE = "sju gula cyklar i rad"
SERVICE = ServiceId("linden")


@dataclass(slots=True)
class Handing:
    """A world with receivers, and what happens in it."""

    database: Database
    office: Office
    clock: StandingClock
    shredded: list[bool]
    judge: Judge

    @property
    def store(self) -> SqlTicketStore:
        """Where it is all kept."""
        store = self.office.inbox.stepping.store
        assert isinstance(store, SqlTicketStore)
        return store

    def where(self) -> Where:
        """The conversation that something leaves."""
        return Where(
            service=SERVICE,
            organisation=SENDER.organisation,
            sender="Jouren",
            track=SENDER.track,
            language="sv",
            judge=self.judge,
            routine="r1",
        )

    async def says_yes(
        self, *answers: Yes, receivers: tuple[Receiver, ...] = (), content: Content = CONTENT
    ) -> str:
        """Let her say yes to some of what is put to her; return her code."""
        code = self.office.handovers.new_code()
        offered = receivers or tuple(self.office.border.receivers[each.receiver] for each in answers)
        asked = proposal(*offered, content=replace(content, name=None, reach=None))
        await self.decides(asked, Decision(content=content, yes=answers), code)
        return code

    async def decides(self, asked: Proposal, decision: Decision, code: str) -> tuple[str, ...]:
        """Carry out her answer as the chat does; return who was sent something."""
        key = await self.office.handovers.pickup_key(code) if decision.yes else None
        decide = await self.office.handovers.deciding(self.where(), lambda _: decision, key)
        answered, alongside = decide(encoded(asked))
        for each in alongside:
            await self.database.run_write(each.write)
        return answered.receivers

    def sign_in(self, *units: Receiver, name: str = "d") -> SignIn:
        """Return a sign-in that acts for these units."""
        return SignIn(DutyId(name * 22), Reach.of(units))

    async def unlocks(self, unit: Receiver, name: str = "d") -> SignIn:
        """Sign in at a unit and unlock its key."""
        who = self.sign_in(unit, name=name)
        await self.office.units.unlock(who.id, unit.id, PASSPHRASE)
        return who

    async def ticket_of(self, unit: Receiver) -> TicketId:
        """Return the newest ticket of a unit."""
        return (await self.store.inbox(Reach.of([unit])))[-1].ticket.id

    async def comes_with(self, code: str) -> Visit:
        """Let her come to her page."""
        visit = self.office.pickup.visit(await self.office.pickup.enter(code))
        assert visit is not None
        return visit


def _database_in(directory: Path, empty_database: Path) -> Path:
    """Return the file of this world, which another process may have made already."""
    file = directory / "chat.sqlite"
    if not file.exists():
        file.write_bytes(empty_database.read_bytes())
    return file


@asynccontextmanager
async def handing(
    directory: Path, empty_database: Path, *, border: Border = BORDER, judge: Judge | None = None
) -> AsyncIterator[Handing]:
    """Open a world whose units all have keys."""
    file = await asyncio.to_thread(_database_in, directory, empty_database)
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    clock, shredded = StandingClock(), []  # type: StandingClock, list[bool]
    her_judge = judge or Judge()
    made = office.assemble(
        store=SqlTicketStore(database, Counting),
        stretching=QuickStretching(),
        clock=clock,
        randomness=SeededRandomness(7),
        border=border,
        organisations=dict.fromkeys((each.organisation for each in border.receivers.values()), "En myndighet")
        | {JOUR: "Jouren"},
        judges={SERVICE: her_judge},
        words=code_words(),
        on_deleted=lambda: shredded.append(True),
    )
    known: dict[ReceiverId, bytes] = await made.units.store.unit_keys()
    for unit in border.receivers:
        if unit not in known:
            await made.units.create(unit, PASSPHRASE)
    try:
        yield Handing(database, made, clock, shredded, her_judge)
    finally:
        await database.close()
