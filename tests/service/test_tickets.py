# SPDX-License-Identifier: EUPL-1.2
"""Tickets from her yes to their end, over a real database: who may read what, and what is left afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from chat.errors import TextTooLong
from chat.hours import local_day
from handover.consent import Decision
from handover.drafting import Draft, decoded, encoded
from handover.errors import (
    CannotOpen,
    IdentityInText,
    Incomplete,
    Locked,
    Moved,
    NoSuchTicket,
    TooLate,
    TooManyTries,
    WrongCode,
    WrongPassphrase,
)
from handover.export import is_as_shown
from handover.ids import TicketId
from handover.items import Contact, ContactWay, Item, Message
from handover.keeper import alert_at
from handover.letters import ContactLine, ContactList, ContactStatus, LetterKind
from handover.receivers import Receiver
from handover.sealing import Spot, unseal
from handover.ticket import ACCEPTED_LIVES, CLOSED_SHOWN, TicketEvent, TicketState
from tests.service.handing import PASSPHRASE, SERVICE, Handing, handing
from tests.unit.handover.making import (
    CLINIC,
    CONTENT,
    INTAKE,
    JOUR,
    OTHER_TRACK,
    STATION,
    TOWN,
    proposal,
    yes,
)
from tests.unit.moderation.judges import a_judge


@pytest.fixture
async def world(tmp_path: Path, empty_database: Path) -> AsyncIterator[Handing]:
    """Receivers with keys, and nobody's yes yet."""
    async with handing(tmp_path, empty_database) as world:
        yield world


async def counted(world: Handing) -> dict[TicketEvent, int]:
    """Return what was counted today, by event."""
    today = local_day(world.clock.now())
    counts = await world.store.counts([SERVICE], today - timedelta(days=400), today)
    return {event: sum(each.times for each in counts if each.event is event) for event in TicketEvent}


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
            inbox.standings(stranger, ticket),
            inbox.contacts(stranger, ticket),
            inbox.put_contacts(stranger, ticket, ContactList(), 0),
            inbox.propose_meeting(stranger, ticket, "Här", "Nu", ""),
            inbox.answer_meeting(stranger, ticket, 1, comes=True),
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
        tells = replace(draft, contact=Contact(ContactWay.CODE, "kim.larsson@exempel.se"))
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
        inbox.accept(who, ticket, "S" * 201, ""),
        inbox.decline(who, ticket, " "),
        inbox.write(who, ticket, ""),
    ):
        with pytest.raises(Incomplete):
            await tried
    with pytest.raises(TextTooLong):
        await inbox.write(who, ticket, "a" * 2_001)
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


# --- ends ---


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


# --- samråd ---


async def test_coordinator_sees_how_it_goes_and_no_content(world: Handing) -> None:
    """Names and states of the others; nobody else sees even that."""
    code = await world.says_yes(
        yes(INTAKE, Item.WANT, coordinate=True), yes(CLINIC, Item.SUMMARY), yes(STATION, Item.DANGER)
    )
    coordinator, clinic = await world.unlocks(INTAKE), await world.unlocks(CLINIC, "c")
    inbox, ticket = world.office.inbox, await world.ticket_of(INTAKE)
    await inbox.open(coordinator, ticket)
    assert await inbox.standings(coordinator, ticket) == []
    with pytest.raises(TooLate):
        await inbox.put_contacts(coordinator, ticket, ContactList(), 0)
    await inbox.accept(coordinator, ticket, "SN 1", "")
    await inbox.open(clinic, await world.ticket_of(CLINIC))
    standings = {each.receiver: each.state for each in await inbox.standings(coordinator, ticket)}
    assert standings == {CLINIC.id: TicketState.OPENED, STATION.id: TicketState.DELIVERED}
    assert await inbox.standings(clinic, await world.ticket_of(CLINIC)) == []
    assert await inbox.contacts(clinic, await world.ticket_of(CLINIC)) is None
    with pytest.raises(NoSuchTicket):
        await inbox.propose_meeting(clinic, await world.ticket_of(CLINIC), "Här", "Nu", "")
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
    await inbox.put_contacts(who, ticket, lines, 0)
    assert await inbox.contacts(who, ticket) == (lines, 1)
    with pytest.raises(Moved):
        await inbox.put_contacts(who, ticket, ContactList(), 0)
    assert (await world.office.pickup.view(await world.comes_with(code))).contacts == lines


async def test_meeting_is_put_to_everybody_who_has_a_ticket_open(world: Handing) -> None:
    """And to her; each says yes or no, and nobody has to say who she is."""
    code = await world.says_yes(yes(INTAKE, coordinate=True), yes(CLINIC), yes(STATION))
    coordinator, clinic = await world.unlocks(INTAKE), await world.unlocks(CLINIC, "c")
    inbox, ticket, other = world.office.inbox, await world.ticket_of(INTAKE), await world.ticket_of(CLINIC)
    await inbox.open(coordinator, ticket)
    await inbox.accept(coordinator, ticket, "SN 1", "")
    await inbox.open(clinic, other)
    assert await inbox.propose_meeting(coordinator, ticket, "Biblioteket, rum 2", "tisdag 14", "Fika") == 2
    opened, _ = await inbox.open(clinic, other)
    assert (opened.letters[-1].letter.kind, opened.letters[-1].letter.place) == (
        LetterKind.MEETING,
        "Biblioteket, rum 2",
    )
    await inbox.answer_meeting(clinic, other, opened.letters[-1].number, comes=True)
    with pytest.raises(NoSuchTicket):
        await inbox.answer_meeting(clinic, other, 99, comes=True)
    comes = {each.receiver: each.comes for each in await inbox.standings(coordinator, ticket)}
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
