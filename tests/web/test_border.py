# SPDX-License-Identifier: EUPL-1.2
"""The border between organisations over real sockets, and what supervisors of both sides see of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, delete, func, select, update

from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from chat.ports import Clock
from handover.adapters.sql import SqlTicketStore
from handover.adapters.tables import handover, handover_count, ticket
from handover.border import Border
from handover.ids import ReceiverId
from handover.partnership import Partnership, PartnershipKind
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running
from web import demo
from web.accounts.account import StaffRole

INTAKE, CURATOR = ReceiverId("mottagningen-vallentuna"), ReceiverId("kurator-vardcentralen")
JOUR, TOWN = OrganisationId("kvinnojouren-vallentuna"), OrganisationId("socialtjansten-vallentuna")
NO_AGREEMENT = "Det finns inget avtal med den mottagaren just nu. Välj en annan, eller prata vidare här."
PASSWORD = "en lång fras för provet"


@dataclass
class Ahead:
    """The server's clock, some days ahead."""

    clock: Clock
    days: int

    def now(self) -> datetime:
        """Return the moment."""
        return self.clock.now() + timedelta(days=self.days)

    def trusted(self) -> bool:
        """Return what the clock says."""
        return self.clock.trusted()

    async def sleep(self, seconds: float) -> None:
        """Sleep as the clock does."""
        await self.clock.sleep(seconds)


@dataclass
class Borders:
    """What a test may do to the borders of a running server; all is as before after it."""

    run: Running

    @property
    def today(self) -> date:
        """The server's day."""
        return local_day(self.run.house.clock.now())

    def agree(self, start: date, end: date, *parties: OrganisationId) -> None:
        """Let one agreement be all that there is."""
        agreed = Partnership(
            parties=frozenset(parties or (JOUR, TOWN)),
            kind=PartnershipKind.AGREEMENT,
            start=start,
            end=end,
            renew_months=0,
        )
        handovers = self.run.house.office.handovers
        handovers.border = Border(handovers.border.receivers, (agreed,))

    def tomorrow(self) -> None:
        """Let the next day come for handovers."""
        handovers = self.run.house.office.handovers
        handovers.clock = Ahead(handovers.clock, 1)

    async def stored(self) -> tuple[int, int, int]:
        """Return how many handovers and tickets there are, and how many yeses were counted."""
        counts = []
        for table in (handover, ticket, handover_count):
            query = select(func.count()).select_from(table)
            counts.append(await self._read(query))
        return counts[0], counts[1], counts[2]

    async def ages(self, days: int) -> None:
        """Let every ticket be older."""
        ageing = update(ticket).values(
            granted_at=ticket.c.granted_at - days * 86_400, deadline=ticket.c.deadline - days * 86_400
        )
        await self._store()._database.run_write(lambda connection: connection.execute(ageing))

    async def names(self) -> set[str]:
        """Return the names of all handovers."""
        query = select(handover.c.id)
        return await self._store()._database.run_read(
            lambda connection: set(connection.execute(query).scalars())
        )

    async def forget_all_but(self, kept: set[str]) -> None:
        """Delete every other handover: the tests that come later did not send it."""
        gone = [
            delete(ticket).where(ticket.c.handover.not_in(kept)),
            delete(handover).where(handover.c.id.not_in(kept)),
        ]
        for statement in gone:
            await self._store()._database.run_write(partial(Connection.execute, statement=statement))

    async def _read(self, query: Any) -> int:
        counted = await self._store()._database.run_read(
            lambda connection: connection.execute(query).scalar_one()
        )
        return int(counted)

    def _store(self) -> SqlTicketStore:
        store = self.run.house.office.handovers.store
        assert isinstance(store, SqlTicketStore)
        return store


@pytest_asyncio.fixture(loop_scope="session")
async def borders(run: Running) -> AsyncGenerator[Borders]:
    """The borders of the folder's server, where two units have keys."""
    office = run.house.office
    handovers, units = office.handovers, office.units
    known = await units.store.unit_keys()
    for unit in {INTAKE, CURATOR} - known.keys():
        await units.create(unit, demo.PASSPHRASE)
    border, clock = handovers.border, handovers.clock
    made = Borders(run)
    before = await made.names()
    yield made
    handovers.border, handovers.clock = border, clock
    await made.forget_all_but(before)


async def asks(operator: Operator, conversation: str, *units: ReceiverId) -> None:
    """Put a handover to her."""
    draft = {"receivers": list(units), "purpose": "Att du får hjälp", "want": "Jag vill ha ett boende"}
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)


async def answers(visitor: Visitor, question: dict[str, Any], *units: ReceiverId) -> str:
    """Say yes to these units, or no where there are none; return the id of the answer."""
    yes = [
        {
            "receiver": offer["receiver"],
            "notice": offer["notice_version"],
            "items": ["want"],
            "secrecy": True,
            "data": True,
        }
        for offer in question["proposal"]["offers"]
        if offer["receiver"] in units
    ]
    more: dict[str, Any] = {}
    if yes:
        await visitor.connection.send("code")
        code = (await visitor.connection.expect("code"))["words"]
        more = {"code": code, "content": {"want": "Jag vill ha ett boende"}, "yes": yes}
    sent = new_id()
    await visitor.connection.send("answer", id=sent, proposal=question["seq"], **more)
    return sent


async def still_talk(visitor: Visitor, operator: Operator, conversation: str) -> None:
    """See that the chat is open, both ways."""
    await visitor.says("Vi pratar vidare.")
    await operator.hears(conversation, "Vi pratar vidare.")
    await operator.says(conversation, "Det gör vi.")
    await visitor.hears("Det gör vi.")


@pytest.mark.parametrize("closed", ["starts tomorrow", "ended yesterday", "other parties"])
async def test_question_is_refused_while_no_agreement_is_in_force(
    closed: str, run: Running, borders: Borders
) -> None:
    """The operator reads why; she is asked nothing, nothing is stored, and the two talk on."""
    visitor, operator, conversation = await run.talk()
    before, today, day = await borders.stored(), borders.today, timedelta(days=1)
    match closed:
        case "starts tomorrow":
            borders.agree(today + day, today + 9 * day)
        case "ended yesterday":
            borders.agree(today - 9 * day, today - day)
        case _:
            borders.agree(today - day, today + day, JOUR, OrganisationId("vardcentralen-vallentuna"))
    await asks(operator, conversation, INTAKE)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["text"], nack["retry"]) == ("not_allowed", NO_AGREEMENT, False)
    await still_talk(visitor, operator, conversation)
    assert not [frame for frame in visitor.connection.seen if frame["type"] == "proposal"]
    assert await borders.stored() == before


async def test_yes_is_refused_when_the_agreement_ended_meanwhile(run: Running, borders: Borders) -> None:
    """It ends between the question and her yes: nothing is stored, and she may still say no."""
    visitor, operator, conversation = await run.talk()
    before = await borders.stored()
    borders.agree(borders.today, borders.today)
    await asks(operator, conversation, INTAKE)
    question = await visitor.connection.expect("proposal")
    borders.tomorrow()
    sent = await answers(visitor, question, INTAKE)
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["text"]) == ("not_allowed", sent, NO_AGREEMENT)
    assert nack["retry"] is False
    assert await borders.stored() == before
    await still_talk(visitor, operator, conversation)
    await answers(visitor, question)
    answered = await visitor.connection.expect("answered")
    assert "receivers" not in answered
    assert await borders.stored() == before
    await still_talk(visitor, operator, conversation)


async def test_yes_is_carried_out_on_the_last_day(run: Running, borders: Borders) -> None:
    """The same story without the night between."""
    visitor, operator, conversation = await run.talk()
    handovers, tickets, _ = await borders.stored()
    borders.agree(borders.today, borders.today)
    await asks(operator, conversation, INTAKE)
    question = await visitor.connection.expect("proposal")
    await answers(visitor, question, INTAKE)
    assert (await visitor.connection.expect("answered"))["receivers"]
    assert (await borders.stored())[:2] == (handovers + 1, tickets + 1)


# --- what supervisors see


async def board(run: Running, name: str, services: list[str], units: list[ReceiverId]) -> dict[str, Any]:
    """Return the board's section about handovers, as a supervisor of these sees it."""
    accounts = run.house.accounts
    if name not in {account.name for account in await accounts.list()}:
        await accounts.add(name, PASSWORD, StaffRole.SUPERVISOR, map(ServiceId, services), units)
    signed_in = await accounts.sign_in(name, PASSWORD, network=b"")
    cookie = {"Cookie": f"__Host-staff={signed_in.token}"}
    figures = await run.get("/supervisor/board", cookie)
    page = await run.get("/supervisor", cookie)
    assert page.status_code == figures.status_code == 200
    shown: dict[str, Any] = figures.json()["handed"]
    return {**shown, "page": page.text, "json": figures.text}


async def test_both_supervisors_see_what_nobody_opens_and_nobody_else_does(
    run: Running, borders: Borders
) -> None:
    """The same words to sender and receiver; to another unit and the other track nothing; never its name."""
    visitor, operator, conversation = await run.talk()
    await asks(operator, conversation, INTAKE)
    question = await visitor.connection.expect("proposal")
    await answers(visitor, question, INTAKE)
    await visitor.connection.expect("answered")
    fresh = await board(run, "avsändaren", ["linden"], [])
    await borders.ages(8)
    sender = await board(run, "avsändaren", ["linden"], [])
    receiver = await board(run, "mottagaren", [], [INTAKE])
    assert fresh["late"] == []
    assert fresh["calm"]
    assert sender["late"] == receiver["late"]
    (late,) = sender["late"]
    assert late["unit"] == "Socialtjänstens mottagning i Vallentuna"
    assert "tillbaka oläst" in late["left"]
    names = {str(each.id) for each in await run.house.office.handovers.store.undecided([JOUR], [TOWN])}
    assert names
    for side in (sender, receiver):
        assert late["waits"] in side["page"]
        for secret in (*names, conversation, "boende"):
            assert secret not in side["page"] + side["json"]
    for other in (
        await board(run, "kuratorn", [], [CURATOR]),
        await board(run, "öppenvården", ["bron"], []),
        await board(run, "det andra spåret", ["hamnen"], [ReceiverId("samverkan-bollnas")]),
    ):
        assert other["late"] == []
    both = await board(run, "båda", ["linden"], [ReceiverId("samverkan-bollnas")])
    assert both["late"] == []
    assert both["calm"].startswith("Ditt konto hör till både")


async def test_agreement_that_ended_is_told_on_the_board(run: Running, borders: Borders) -> None:
    """Through the real page: what is over, and what remains."""
    site, day = run.house.site, timedelta(days=1)
    ended = replace(site.partnerships[1], end=borders.today - day, renew_months=0)
    run.house.site = replace(site, partnerships=(ended,))
    try:
        page = (await board(run, "avsändaren", ["linden"], []))["page"]
    finally:
        run.house.site = site
    assert "Nu kan inget mer lämnas över med stöd av det." in page
    assert "besökaren når det med sin kod som förut" in page
