# SPDX-License-Identifier: EUPL-1.2
"""Two who act on one ticket at the same moment, a thousand times, in two processes: one outcome each time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from handover.errors import Refused, TooLate
from handover.items import Item
from handover.ticket import TicketEvent, TicketState
from tests.service.handing import Handing, handing
from tests.unit.handover.making import CLINIC, CONTENT, INTAKE, yes

TIMES = 1_000


@pytest.fixture
async def worlds(tmp_path: Path, empty_database: Path) -> AsyncIterator[tuple[Handing, Handing]]:
    """Two processes over the same database."""
    async with handing(tmp_path, empty_database) as one, handing(tmp_path, empty_database) as other:
        yield one, other


async def outcome(work: Awaitable[object]) -> object:
    """Return what came of it, also when it was refused."""
    try:
        return await work
    except Refused as refusal:
        return type(refusal)


async def test_open_against_withdraw(worlds: tuple[Handing, Handing]) -> None:
    """Either she was first, and nobody reads a word; or they were, and she is told that they have read it."""
    here, there = worlds
    who, seen = await there.unlocks(INTAKE), Counter[str]()
    for turn in range(TIMES):
        visit = await here.comes_with(await here.says_yes(yes(INTAKE, Item.WANT)))
        ticket = (await here.store.of_handover(visit.handover.id))[0].ticket.id
        both = [
            outcome(here.office.pickup.withdraw(visit, ticket)),
            outcome(there.office.inbox.open(who, ticket)),
        ]
        withdrawn, opened = await asyncio.gather(*(both if turn % 2 else reversed(both)))
        if not turn % 2:
            withdrawn, opened = opened, withdrawn
        stored = await here.store.ticket(ticket)
        assert stored is not None
        assert stored.ticket.state is TicketState.WITHDRAWN
        assert await here.store.body(ticket) is None
        if opened is TooLate:
            assert (withdrawn, stored.ticket.opened_at) == (TicketEvent.RECALLED, None)
            seen["recalled"] += 1
        else:
            assert isinstance(opened, tuple)
            assert opened[0].document.content == CONTENT.only({Item.WANT})
            assert withdrawn is TicketEvent.WITHDRAWN
            assert stored.ticket.opened_at is not None
            seen["read"] += 1
    assert sum(seen.values()) == TIMES
    assert len(seen) == 2, "a race that one side always wins shows nothing"


async def test_two_of_a_unit_decide_at_once(worlds: tuple[Handing, Handing]) -> None:
    """One accepts while the other declines: one of them stands, the other is told that it is too late."""
    here, there = worlds
    one, other = await here.unlocks(INTAKE), await there.unlocks(INTAKE)
    seen = Counter[TicketState]()
    for turn in range(TIMES // 4):
        visit = await here.comes_with(await here.says_yes(yes(INTAKE)))
        ticket = (await here.store.of_handover(visit.handover.id))[0].ticket.id
        await here.office.inbox.open(one, ticket)
        first = outcome(here.office.inbox.accept(one, ticket, f"SN {turn}", ""))
        second = outcome(there.office.inbox.decline(other, ticket, "Fel kommun"))
        came = await asyncio.gather(*([first, second] if turn % 2 else [second, first]))
        assert Counter(came) == Counter([None, TooLate])
        stored = await here.store.ticket(ticket)
        assert stored is not None
        assert stored.letters == 1
        seen[stored.ticket.state] += 1
    assert set(seen) == {TicketState.ACCEPTED, TicketState.DECLINED}


async def test_two_receivers_open_at_once(worlds: tuple[Handing, Handing]) -> None:
    """Neither is in the other's way, and each reads its own view."""
    here, there = worlds
    one, other = await here.unlocks(INTAKE), await there.unlocks(CLINIC)
    for _ in range(TIMES // 10):
        visit = await here.comes_with(await here.says_yes(yes(INTAKE), yes(CLINIC, Item.DANGER)))
        tickets = {
            each.ticket.receiver: each.ticket.id for each in await here.store.of_handover(visit.handover.id)
        }
        (first, _), (second, _) = await asyncio.gather(
            here.office.inbox.open(one, tickets[INTAKE.id]),
            there.office.inbox.open(other, tickets[CLINIC.id]),
        )
        assert set(first.document.content.items()) == {Item.WANT}
        assert set(second.document.content.items()) == {Item.DANGER}


async def test_letters_that_cross_are_both_kept(worlds: tuple[Handing, Handing]) -> None:
    """She adds something while they write: two letters, numbered one after the other."""
    here, there = worlds
    who = await there.unlocks(INTAKE)
    visit = await here.comes_with(await here.says_yes(yes(INTAKE)))
    ticket = await here.ticket_of(INTAKE)
    await there.office.inbox.open(who, ticket)
    for turn in range(TIMES // 20):
        here.clock.advance(20)  # faster than that nobody may write
        await asyncio.gather(
            here.office.pickup.add(visit, ticket, f"från henne {turn}"),
            there.office.inbox.write(who, ticket, f"från dem {turn}"),
        )
    (sent,) = (await here.office.pickup.view(visit)).sent
    assert [each.number for each in sent.letters] == list(range(1, 2 * (TIMES // 20) + 1))
    assert len({each.letter.text for each in sent.letters}) == len(sent.letters)
