# SPDX-License-Identifier: EUPL-1.2
"""Several receivers on one handover, and her page: each sees its own, and she sees it all."""

from __future__ import annotations

import pytest

from handover.errors import (
    CannotOpen,
    Moved,
    NoSuchTicket,
    TooLate,
    WrongCode,
)
from handover.items import Item
from handover.letters import ContactLine, ContactList, ContactStatus, LetterKind
from handover.sealing import Spot, unseal
from handover.ticket import TicketState
from tests.service.handing import Handing
from tests.unit.handover.making import (
    CLINIC,
    INTAKE,
    STATION,
    yes,
)

# --- samråd ---


async def test_coordinator_sees_how_it_goes_and_no_content(world: Handing) -> None:
    """Names and states of the others; nobody else sees even that."""
    code = await world.says_yes(
        yes(INTAKE, Item.WANT, coordinate=True), yes(CLINIC, Item.SUMMARY), yes(STATION, Item.DANGER)
    )
    coordinator, clinic = await world.unlocks(INTAKE), await world.unlocks(CLINIC, "c")
    inbox, ticket = world.office.inbox, await world.ticket_of(INTAKE)
    await inbox.open(coordinator, ticket)
    assert await world.office.samrad.standings(coordinator, ticket) == []
    with pytest.raises(TooLate):
        await world.office.samrad.put_contacts(coordinator, ticket, ContactList(), 0)
    await inbox.accept(coordinator, ticket, "SN 1", "")
    await inbox.open(clinic, await world.ticket_of(CLINIC))
    standings = {
        each.receiver: each.state for each in await world.office.samrad.standings(coordinator, ticket)
    }
    assert standings == {CLINIC.id: TicketState.OPENED, STATION.id: TicketState.DELIVERED}
    assert await world.office.samrad.standings(clinic, await world.ticket_of(CLINIC)) == []
    assert await world.office.samrad.contacts(clinic, await world.ticket_of(CLINIC)) is None
    with pytest.raises(NoSuchTicket):
        await world.office.samrad.propose_meeting(clinic, await world.ticket_of(CLINIC), "Här", "Nu", "")
    theirs = await world.ticket_of(CLINIC)
    body = await world.store.body(theirs)
    with pytest.raises(CannotOpen):
        unseal(
            body or b"", world.office.units.key(coordinator.id, INTAKE.id), Spot("ticket", theirs, CLINIC.id)
        )
    assert (await world.office.pickup.view(await world.comes_with(code))).contacts == ContactList()


async def test_contact_list_is_kept_for_both_and_moves_in_order(world: Handing) -> None:
    """Forty lines; she sees them with her code, and two who write at once are told."""
    code = await world.says_yes(yes(INTAKE, coordinate=True))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    inbox = world.office.inbox
    await inbox.open(who, ticket)
    await inbox.accept(who, ticket, "SN 1", "")
    lines = ContactList(tuple(ContactLine(f"Myndighet {n}", ContactStatus.TAKEN_OVER) for n in range(40)))
    await world.office.samrad.put_contacts(who, ticket, lines, 0)
    assert await world.office.samrad.contacts(who, ticket) == (lines, 1)
    with pytest.raises(Moved):
        await world.office.samrad.put_contacts(who, ticket, ContactList(), 0)
    assert (await world.office.pickup.view(await world.comes_with(code))).contacts == lines


async def test_meeting_is_put_to_everybody_who_has_a_ticket_open(world: Handing) -> None:
    """And to her; each says yes or no, and nobody has to say who she is."""
    code = await world.says_yes(yes(INTAKE, coordinate=True), yes(CLINIC), yes(STATION))
    coordinator, clinic = await world.unlocks(INTAKE), await world.unlocks(CLINIC, "c")
    inbox, ticket, other = world.office.inbox, await world.ticket_of(INTAKE), await world.ticket_of(CLINIC)
    await inbox.open(coordinator, ticket)
    await inbox.accept(coordinator, ticket, "SN 1", "")
    await inbox.open(clinic, other)
    assert (
        await world.office.samrad.propose_meeting(
            coordinator, ticket, "Biblioteket, rum 2", "tisdag 14", "Fika"
        )
        == 2
    )
    opened, _ = await inbox.open(clinic, other)
    assert (opened.letters[-1].letter.kind, opened.letters[-1].letter.place) == (
        LetterKind.MEETING,
        "Biblioteket, rum 2",
    )
    await world.office.samrad.answer_meeting(clinic, other, opened.letters[-1].number, comes=True)
    with pytest.raises(NoSuchTicket):
        await world.office.samrad.answer_meeting(clinic, other, 99, comes=True)
    comes = {each.receiver: each.comes for each in await world.office.samrad.standings(coordinator, ticket)}
    assert comes == {CLINIC.id: True, STATION.id: None}
    visit = await world.comes_with(code)
    await world.office.pickup.answer_meeting(visit, ticket, 2, comes=False)
    view = await world.office.pickup.view(visit)
    mine = next(each for each in view.sent if each.stored.ticket.id == ticket)
    assert mine.letters[-1].visitor_comes is False
    with pytest.raises(NoSuchTicket):
        await world.office.pickup.answer_meeting(visit, ticket, 1, comes=True)


# --- her page ---


async def test_wrong_codes_are_all_alike(world: Handing) -> None:
    """Unknown, malformed, another list's, or none."""
    code = await world.says_yes(yes(INTAKE))
    words = code.split()
    for wrong in ("", "hej", " ".join(reversed(words)), " ".join(words[:5]), "x" * 5_000):
        with pytest.raises(WrongCode):
            await world.office.pickup.enter(wrong)


async def test_visit_ends_by_itself_and_by_leaving(world: Handing) -> None:
    """A quarter of an hour after the last page, or at once."""
    code = await world.says_yes(yes(INTAKE))
    pickup = world.office.pickup
    name = await pickup.enter(f"  {code.upper().replace(' ', ', ')} ")
    world.clock.advance(899)
    assert pickup.visit(name) is not None
    world.clock.advance(900)
    assert pickup.visit(name) is None
    name = await pickup.enter(code)
    pickup.leave(name)
    assert pickup.visit(name) is None
    assert pickup.visit("") is None


async def test_one_code_reaches_one_handover(world: Handing) -> None:
    """Another's tickets do not exist for it."""
    first = await world.comes_with(await world.says_yes(yes(INTAKE)))
    theirs = await world.ticket_of(INTAKE)
    mine = await world.comes_with(await world.says_yes(yes(CLINIC)))
    for tried in (
        world.office.pickup.withdraw(mine, theirs),
        world.office.pickup.add(mine, theirs, "Hej"),
        world.office.pickup.renew(mine, theirs),
        world.office.pickup.answer_meeting(mine, theirs, 1, comes=True),
    ):
        with pytest.raises(NoSuchTicket):
            await tried
    assert len((await world.office.pickup.view(first)).sent) == 1
