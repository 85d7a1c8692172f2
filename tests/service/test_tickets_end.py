# SPDX-License-Identifier: EUPL-1.2
"""How tickets end, and who is told: withdrawn, returned, expired, accepted and renewed, erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chat.hours import local_day
from handover.errors import (
    TooLate,
    WrongCode,
)
from handover.items import Item
from handover.keeper import alert_at
from handover.ticket import ACCEPTED_LIVES, CLOSED_SHOWN, TicketEvent, TicketState
from tests.service.handing import SERVICE, Handing
from tests.unit.handover.making import (
    CLINIC,
    CONTENT,
    INTAKE,
    JOUR,
    STATION,
    TOWN,
    yes,
)


async def counted(world: Handing) -> dict[TicketEvent, int]:
    """Return what was counted today, by event."""
    today = local_day(world.clock.now())
    counts = await world.store.counts([SERVICE], today - timedelta(days=400), today)
    return {event: sum(each.times for each in counts if each.event is event) for event in TicketEvent}


async def test_withdrawn_before_opening_is_read_by_nobody(world: Handing) -> None:
    """Its content is gone from the store; the receiver sees that something was taken back."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    assert await world.office.pickup.withdraw(visit, ticket) is TicketEvent.RECALLED
    with pytest.raises(TooLate):
        await world.office.inbox.open(who, ticket)
    assert await world.store.body(ticket) is None
    assert world.shredded == [True]
    with pytest.raises(TooLate):
        await world.office.pickup.withdraw(visit, ticket)


async def test_withdrawn_after_opening_is_told_as_that(world: Handing) -> None:
    """Here it is gone; what they have read is theirs."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    await world.office.inbox.open(who, ticket)
    assert await world.office.pickup.withdraw(visit, ticket) is TicketEvent.WITHDRAWN
    assert await world.store.body(ticket) is None
    with pytest.raises(TooLate):
        await world.office.inbox.open(who, ticket)


async def test_received_at_delivery_cannot_be_recalled(world: Handing) -> None:
    """The authority has it already: it learns that she has changed her mind, and may still register it."""
    visit = await world.comes_with(await world.says_yes(yes(STATION)))
    who, ticket = await world.unlocks(STATION), await world.ticket_of(STATION)
    assert await world.office.pickup.withdraw(visit, ticket) is TicketEvent.WITHDRAWN
    opened, event = await world.office.inbox.open(who, ticket)
    assert (opened.stored.ticket.state, event) == (TicketState.WITHDRAWN, TicketEvent.OPENED)
    for tried in (
        world.office.inbox.write(who, ticket, "Hej"),
        world.office.inbox.accept(who, ticket, "K 1", ""),
    ):
        with pytest.raises(TooLate):
            await tried


async def test_unopened_returns_and_she_sees_so(world: Handing) -> None:
    """After 14 days; then 30 days later everything is erased, and only counters know that it was."""
    code = await world.says_yes(yes(INTAKE))
    ticket = await world.ticket_of(INTAKE)
    world.clock.advance(timedelta(days=14).total_seconds() - 61)
    await world.office.keeper.tick()
    assert (await world.store.ticket(ticket)).ticket.state is TicketState.DELIVERED  # type: ignore[union-attr]
    world.clock.advance(61)
    await world.office.keeper.tick()
    (sent,) = (await world.office.pickup.view(await world.comes_with(code))).sent
    assert sent.stored.ticket.state is TicketState.RETURNED
    assert await world.store.body(ticket) is None
    world.clock.advance(CLOSED_SHOWN.total_seconds())
    await world.office.keeper.tick()
    assert await world.store.ticket(ticket) is None
    with pytest.raises(WrongCode):
        await world.office.pickup.enter(code)
    assert (await counted(world))[TicketEvent.ERASED] == 1


async def test_accepted_ticket_lives_while_she_renews_it(world: Handing) -> None:
    """90 days from each time."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    await world.office.inbox.open(who, ticket)
    with pytest.raises(TooLate):
        await world.office.pickup.renew(visit, ticket)
    await world.office.inbox.accept(who, ticket, "SN 1", "")
    world.clock.advance(ACCEPTED_LIVES.total_seconds() - 1)
    await world.office.pickup.renew(visit, ticket)
    world.clock.advance(ACCEPTED_LIVES.total_seconds() - 1)
    await world.office.keeper.tick()
    assert await world.store.ticket(ticket) is not None
    world.clock.advance(1)
    await world.office.keeper.tick()
    assert await world.store.ticket(ticket) is None


async def test_one_receiver_leaves_the_other_untouched(world: Handing) -> None:
    """Withdrawn from one, still with the other; erased one by one."""
    code = await world.says_yes(yes(INTAKE), yes(CLINIC, Item.SUMMARY))
    visit = await world.comes_with(code)
    who = await world.unlocks(CLINIC)
    await world.office.pickup.withdraw(visit, await world.ticket_of(INTAKE))
    opened, _ = await world.office.inbox.open(who, await world.ticket_of(CLINIC))
    assert opened.document.content == CONTENT.only({Item.SUMMARY})
    world.clock.advance(CLOSED_SHOWN.total_seconds())
    await world.office.keeper.tick()
    states = [each.stored.ticket.state for each in (await world.office.pickup.view(visit)).sent]
    assert states == [TicketState.EXPIRED]


async def test_alert_comes_after_one_working_day(world: Handing) -> None:
    """Given on a Monday, told on the Tuesday: to the sender's and the receiver's supervisors."""
    await world.says_yes(yes(INTAKE))
    keeper = world.office.keeper
    world.clock.advance(86_399 - 15 * 60)
    assert await keeper.late([JOUR], [TOWN]) == []
    world.clock.advance(15 * 60 + 1)
    assert len(await keeper.late([JOUR], [])) == len(await keeper.late([], [TOWN])) == 1
    assert await keeper.late([TOWN], [JOUR]) == []
    who = await world.unlocks(INTAKE)
    await world.office.inbox.open(who, await world.ticket_of(INTAKE))
    assert await keeper.late([JOUR], [TOWN]) == []


@pytest.mark.parametrize(
    ("granted", "told"),
    [
        (datetime(2026, 2, 13, 12, tzinfo=UTC), datetime(2026, 2, 16, 12, tzinfo=UTC)),  # over a weekend
        (datetime(2026, 4, 2, 12, tzinfo=UTC), datetime(2026, 4, 7, 12, tzinfo=UTC)),  # over Easter
        (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 11, tzinfo=UTC)),  # summer time begins
        (datetime(2026, 12, 23, 12, tzinfo=UTC), datetime(2026, 12, 28, 12, tzinfo=UTC)),  # over Christmas
    ],
)
def test_working_days(granted: datetime, told: datetime) -> None:
    """Neither weekends nor red days nor their eves count."""
    assert alert_at(granted) == told
