# SPDX-License-Identifier: EUPL-1.2
"""A unit answers what it has read, and once; and who holds a key is known."""

from __future__ import annotations

import asyncio

import pytest

from handover.errors import NewLetters
from handover.ticket import TicketState
from handover.units import UNLOCKED_FOR
from tests.service.handing import Handing
from tests.unit.handover.making import INTAKE, yes


async def test_answer_past_a_letter_that_nobody_read_changes_nothing(world: Handing) -> None:
    """Writing, taking and refusing alike: her letter came first."""
    code = await world.says_yes(yes(INTAKE))
    ticket, who, inbox = await world.ticket_of(INTAKE), await world.unlocks(INTAKE), world.office.inbox
    await inbox.open(who, ticket)
    await world.office.pickup.add(await world.comes_with(code), ticket, "Ring inte")
    for answer in (
        inbox.write(who, ticket, "Vi ringer", seen=0),
        inbox.accept(who, ticket, "SN 1", "", seen=0),
        inbox.decline(who, ticket, "Nej", seen=0),
    ):
        with pytest.raises(NewLetters):
            await answer
    stored = await inbox.ticket(who, ticket)
    assert (stored.ticket.state, stored.letters) == (TicketState.OPENED, 1)
    await inbox.write(who, ticket, "Vi skriver", seen=1)
    assert (await inbox.ticket(who, ticket)).letters == 2


async def test_meeting_proposed_many_times_at_once_is_one(world: Handing) -> None:
    """Nobody is invited twice by a form that was sent twice."""
    await world.says_yes(yes(INTAKE, coordinate=True))
    ticket, who, inbox = await world.ticket_of(INTAKE), await world.unlocks(INTAKE), world.office.inbox
    await inbox.open(who, ticket)
    await inbox.accept(who, ticket, "SN 1", "")
    sent = [world.office.samrad.propose_meeting(who, ticket, "Här", "Nu", "", seen=1) for _ in range(5)]
    came = await asyncio.gather(*sent, return_exceptions=True)
    assert sorted(type(each).__name__ for each in came) == [*["NewLetters"] * 4, "int"]
    assert (await inbox.ticket(who, ticket)).letters == 2


async def test_holders_are_those_whose_key_is_unlocked_now(world: Handing) -> None:
    """A sign-in is one from its passphrase on, until it locks or has not used the key for too long."""
    units = world.office.units
    first, second = await world.unlocks(INTAKE, "a"), await world.unlocks(INTAKE, "b")
    assert units.holders() == {first.id, second.id}
    units.lock(first.id)
    assert units.holders() == {second.id}
    world.clock.advance(UNLOCKED_FOR.total_seconds())
    assert units.holders() == set()
