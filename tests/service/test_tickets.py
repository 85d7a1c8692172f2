# SPDX-License-Identifier: EUPL-1.2
"""Tickets from her yes to what is written on them, over a real database: who may read what."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from chat.errors import TextTooLong
from handover.consent import Decision
from handover.drafting import Draft, decoded, encoded
from handover.errors import (
    IdentityInText,
    Incomplete,
    Locked,
    NoSuchTicket,
    TooLate,
    TooManyTries,
    WrongPassphrase,
)
from handover.export import is_as_shown
from handover.ids import ReceiverId, TicketId
from handover.items import ContactWay, GivenContact, Item, Message
from handover.letters import ContactList
from handover.receivers import Receiver
from handover.ticket import TicketEvent, TicketState
from tests.service.handing import PASSPHRASE, Handing, handing
from tests.unit.handover.making import (
    CLINIC,
    CONTENT,
    INTAKE,
    OTHER_TRACK,
    proposal,
    yes,
)
from tests.unit.moderation.judges import a_judge

# --- opening ---


async def test_receiver_reads_what_she_said_yes_to(world: Handing) -> None:
    """The very items, her record, and the proof that they belong together."""
    await world.says_yes(yes(INTAKE, Item.WANT, Item.MESSAGES), receivers=(INTAKE, CLINIC))
    who = await world.unlocks(INTAKE)
    opened, event = await world.office.inbox.open(who, await world.ticket_of(INTAKE))
    assert opened.document.content == CONTENT.only({Item.WANT, Item.MESSAGES})
    assert is_as_shown(opened.document)
    assert not opened.document.consent.identity_shared
    assert (event, opened.stored.ticket.state) == (TicketEvent.OPENED, TicketState.OPENED)
    again, second = await world.office.inbox.open(who, opened.stored.ticket.id)
    assert (again.document, second) == (opened.document, None)


async def test_locked_unit_sees_that_one_waits_and_reads_nothing(world: Handing) -> None:
    """The list is there; opening asks for the key, and changes nothing."""
    await world.says_yes(yes(INTAKE))
    who = world.sign_in(INTAKE)
    (waiting,) = await world.office.inbox.tickets(who)
    with pytest.raises(Locked):
        await world.office.inbox.open(who, waiting.ticket.id)
    assert (await world.office.inbox.tickets(who))[0].ticket.state is TicketState.DELIVERED


async def test_key_is_locked_again_after_half_an_hour_and_at_sign_out(world: Handing) -> None:
    """Unused for long, or the sign-in over."""
    await world.says_yes(yes(INTAKE))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    world.clock.advance(1_799)
    await world.office.inbox.open(who, ticket)
    world.clock.advance(1_800)
    with pytest.raises(Locked):
        await world.office.inbox.open(who, ticket)
    await world.office.units.unlock(who.id, INTAKE.id, PASSPHRASE)
    world.office.units.lock(who.id)
    with pytest.raises(Locked):
        await world.office.inbox.open(who, ticket)


async def test_wrong_passphrases_run_out(world: Handing) -> None:
    """Five, then even the right one has to wait."""
    who = world.sign_in(INTAKE)
    for wrong in ("sju gula cyklar", PASSPHRASE.upper(), "", "x" * 300, PASSPHRASE + "."):
        with pytest.raises(WrongPassphrase):
            await world.office.units.unlock(who.id, INTAKE.id, wrong)
    with pytest.raises(TooManyTries):
        await world.office.units.unlock(who.id, INTAKE.id, PASSPHRASE)
    world.clock.advance(120)
    await world.office.units.unlock(who.id, INTAKE.id, f"  {PASSPHRASE.replace(' ', '   ')} ")


@pytest.mark.parametrize("short", ["", "femton tecken..", " " * 40, "a" + " " * 20 + "b", "x" * 257])
async def test_passphrase_has_a_length(world: Handing, short: str) -> None:
    """Spaces count once, and nobody types a novel."""
    with pytest.raises(Incomplete):
        await world.office.units.create(ReceiverId("ny-enhet"), short)


async def test_unit_gets_one_key(world: Handing) -> None:
    """Another one in its place would make what waits unreadable for ever."""
    with pytest.raises(TooLate):
        await world.office.units.create(INTAKE.id, PASSPHRASE)
    await world.office.units.unlock(world.sign_in(INTAKE).id, INTAKE.id, PASSPHRASE)


@pytest.mark.parametrize("who", [CLINIC, OTHER_TRACK], ids=["other unit", "other track"])
async def test_foreign_ticket_does_not_exist(world: Handing, who: Receiver) -> None:
    """Whatever is asked of it: the refusal is the one for a ticket that never was."""
    await world.says_yes(yes(INTAKE))
    stranger = await world.unlocks(who)
    inbox = world.office.inbox
    for ticket in (await world.ticket_of(INTAKE), TicketId("x" * 22), TicketId("")):
        for tried in (
            inbox.open(stranger, ticket),
            inbox.write(stranger, ticket, "Hej"),
            inbox.accept(stranger, ticket, "SN 1", ""),
            inbox.decline(stranger, ticket, "Nej"),
            world.office.samrad.standings(stranger, ticket),
            world.office.samrad.contacts(stranger, ticket),
            world.office.samrad.put_contacts(stranger, ticket, ContactList(), 0),
            world.office.samrad.propose_meeting(stranger, ticket, "Här", "Nu", ""),
            world.office.samrad.answer_meeting(stranger, ticket, 1, comes=True),
        ):
            with pytest.raises(NoSuchTicket):
                await tried
    assert await inbox.tickets(stranger) == []


# --- letters ---


async def test_question_and_answer(world: Handing) -> None:
    """Both ends read the whole thread, each with a key of its own."""
    code = await world.says_yes(yes(INTAKE, Item.WANT))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    await world.office.inbox.open(who, ticket)
    await world.office.inbox.write(who, ticket, "Har du någonstans att sova i natt?")
    visit = await world.comes_with(code)
    view = await world.office.pickup.view(visit)
    assert [each.letter.text for each in view.sent[0].letters] == ["Har du någonstans att sova i natt?"]
    await world.office.pickup.add(visit, ticket, "Ja, hos en vän.")
    (stored,) = await world.office.inbox.tickets(who)
    assert (stored.letters, stored.unread) == (2, 1)
    opened, _ = await world.office.inbox.open(who, ticket)
    assert [each.letter.text for each in opened.letters][-1] == "Ja, hos en vän."
    assert (await world.office.inbox.tickets(who))[0].unread == 0
    await world.office.inbox.accept(who, ticket, " SN 2026:118 ", "Vi möter dig.")
    (sent,) = (await world.office.pickup.view(visit)).sent
    assert (sent.stored.ticket.state, sent.letters[-1].letter.reference) == (
        TicketState.ACCEPTED,
        "SN 2026:118",
    )


async def test_what_tells_who_she_is_is_masked_in_an_addition(tmp_path: Path, empty_database: Path) -> None:
    """Unless she says that it may go."""
    async with handing(tmp_path, empty_database, judge=a_judge()) as world:
        visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
        ticket = await world.ticket_of(INTAKE)
        masked = await world.office.pickup.add(visit, ticket, "Ring 070-174 06 05")
        kept = await world.office.pickup.add(visit, ticket, "Ring 070-174 06 05", keep=True)
        assert (masked, kept) == ("Ring [telefonnummer]", "Ring 070-174 06 05")


async def test_what_tells_who_she_is_is_masked_in_what_she_approved(
    tmp_path: Path, empty_database: Path
) -> None:
    """In every item but those that are for it, and she is told."""
    async with handing(tmp_path, empty_database, judge=a_judge()) as world:
        number = "070-174 06 05"
        content = replace(CONTENT, want=f"Ring {number}", reach=number)
        decision = Decision(content=content, yes=(yes(INTAKE, Item.WANT, Item.REACH),))
        key = await world.office.handovers.pickup_key(world.office.handovers.new_code())
        decide = await world.office.handovers.deciding(world.where(), lambda _: decision, key)
        answered, (alongside,) = decide(encoded(proposal(INTAKE)))
        await world.database.run_write(alongside.write)
        who = await world.unlocks(INTAKE)
        opened, _ = await world.office.inbox.open(who, await world.ticket_of(INTAKE))
        assert answered.masked
        assert opened.document.content.want == "Ring [telefonnummer]"
        assert opened.document.content.reach == number
        assert opened.document.consent.identity_shared
        assert is_as_shown(opened.document)


async def test_staff_cannot_put_what_tells_who_she_is(tmp_path: Path, empty_database: Path) -> None:
    """The draft is refused; a message that is quoted is masked."""
    async with handing(tmp_path, empty_database, judge=a_judge()) as world:
        said = [Message(3, "visitor", "Jag nås på 070-174 06 05")]
        draft = Draft(receivers=(INTAKE.id,), purpose="Hjälp", want="Ett boende", messages=(3,))
        put = decoded(await world.office.handovers.propose(world.where(), draft, said, "Alva"))
        assert put.content.messages[0].text == "Jag nås på [telefonnummer]"
        for field in ("purpose", "want", "summary", "danger"):
            tells = replace(draft, **{field: "Ring 070-174 06 05"})
            with pytest.raises(IdentityInText):
                await world.office.handovers.propose(world.where(), tells, said, "Alva")
        tells = replace(draft, contact=GivenContact(ContactWay.CODE, "kim.larsson@exempel.se"))
        with pytest.raises(IdentityInText):
            await world.office.handovers.propose(world.where(), tells, said, "Alva")
        with pytest.raises(Incomplete):
            await world.office.handovers.propose(world.where(), replace(draft, messages=(3, 4)), said, "Alva")


async def test_nobody_accepts_without_reference_or_declines_without_reason(world: Handing) -> None:
    """Nor writes nothing, nor too much."""
    await world.says_yes(yes(INTAKE))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    inbox = world.office.inbox
    await inbox.open(who, ticket)
    for tried in (
        inbox.accept(who, ticket, "  ", "Hej"),
        inbox.decline(who, ticket, " "),
        inbox.write(who, ticket, ""),
    ):
        with pytest.raises(Incomplete):
            await tried
    for long in (inbox.write(who, ticket, "a" * 2_001), inbox.accept(who, ticket, "S" * 201, "")):
        with pytest.raises(TextTooLong):
            await long
    assert (await inbox.tickets(who))[0].ticket.state is TicketState.OPENED


async def test_unopened_ticket_cannot_be_answered(world: Handing) -> None:
    """First it is read, and that is recorded."""
    await world.says_yes(yes(INTAKE))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    for tried in (
        world.office.inbox.accept(who, ticket, "SN 1", ""),
        world.office.inbox.write(who, ticket, "Hej"),
        world.office.inbox.decline(who, ticket, "Nej"),
    ):
        with pytest.raises(TooLate):
            await tried
