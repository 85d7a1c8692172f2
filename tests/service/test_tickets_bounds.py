# SPDX-License-Identifier: EUPL-1.2
"""Bounds of what comes in, and what is never bounded: what was sealed once can be read for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from msgspec.structs import replace

from chat.errors import Unavailable
from handover.errors import (
    Incomplete,
    Moved,
    NoSuchTicket,
    TooLate,
    TooManyLetters,
    TooManyTries,
    WrongCode,
    WrongPassphrase,
)
from handover.items import LONGEST, LONGEST_SHORT, LONGEST_WORDS, Contact, ContactWay, Item
from handover.letters import MOST_LETTERS, ContactList
from handover.pickup import LETTERS
from handover.units import TRIES
from tests.service.handing import PASSPHRASE, Handing, handing
from tests.unit.handover.making import CLINIC, CONTENT, INTAKE, STATION, yes
from tests.unit.moderation.judges import a_judge

NUMBER = "0701234567 "
"""Shorter than the mask that stands for it."""


@pytest.fixture
async def masking(tmp_path: Path, empty_database: Path) -> AsyncGenerator[Handing]:
    """The same world with somebody who looks at texts."""
    async with handing(tmp_path, empty_database, judge=a_judge()) as world:
        yield world


class Busy:
    """So many wait for Argon2 that nobody is taken."""

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Take nobody."""
        raise Unavailable


def numbers(length: int) -> str:
    """Return a text of this length that is full of numbers."""
    return (NUMBER * (length // len(NUMBER) + 1))[:length].strip()


async def test_masked_texts_that_grow_beyond_a_bound_can_be_read(masking: Handing) -> None:
    """Each item and a letter, at their bounds, by both ends."""
    grown = replace(
        CONTENT,
        want=numbers(LONGEST_WORDS),
        summary=numbers(LONGEST),
        danger=numbers(LONGEST_WORDS),
        contact=Contact(ContactWay.CODE, numbers(LONGEST_SHORT)),
    )
    items = (Item.WANT, Item.SUMMARY, Item.DANGER, Item.CONTACT)
    code = await masking.says_yes(yes(INTAKE, *items), content=grown)
    who, ticket = await masking.unlocks(INTAKE), await masking.ticket_of(INTAKE)
    opened, _ = await masking.office.inbox.open(who, ticket)
    assert len(str(opened.document.content.want)) > LONGEST_WORDS
    visit = await masking.comes_with(code)
    said = await masking.office.pickup.add(visit, ticket, numbers(LONGEST))
    assert len(said) > LONGEST
    assert (await masking.office.inbox.open(who, ticket))[0].letters[-1].letter.text == said
    assert (await masking.office.pickup.view(visit)).sent[0].letters[-1].letter.text == said


async def test_ticket_takes_so_many_letters_and_no_more(world: Handing) -> None:
    """And nobody writes them all at once; the page of both ends stays what it was."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    ticket, written = await world.ticket_of(INTAKE), LETTERS.burst
    for _ in range(written):
        await world.office.pickup.add(visit, ticket, "Hej")
    with pytest.raises(TooManyTries):
        await world.office.pickup.add(visit, ticket, "Hej")
    while written < MOST_LETTERS:
        world.clock.advance(20)
        await world.office.pickup.add(visit, ticket, "Hej")
        written += 1
    world.clock.advance(20)
    with pytest.raises(TooManyLetters):
        await world.office.pickup.add(visit, ticket, "En till")
    assert len((await world.office.pickup.view(visit)).sent[0].letters) == MOST_LETTERS


async def test_recalled_leaves_nothing_that_the_unit_could_open(world: Handing) -> None:
    """Not even her letters, which were sealed to it while the ticket waited; she reads hers."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))
    ticket = await world.ticket_of(INTAKE)
    await world.office.pickup.add(visit, ticket, "Det är bråttom")
    await world.office.pickup.withdraw(visit, ticket)
    assert [each.for_receiver for each in await world.store.letters(ticket)] == [b""]
    (sent,) = (await world.office.pickup.view(visit)).sent
    assert sent.letters[0].letter.text == "Det är bråttom"


async def test_nothing_is_put_on_a_ticket_that_is_over(world: Handing) -> None:
    """No meeting, no answer to one, no list: also where the authority may still read it."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE, coordinate=True), yes(STATION)))
    desk, police = await world.unlocks(INTAKE), await world.unlocks(STATION, "p")
    inbox, ticket, theirs = world.office.inbox, await world.ticket_of(INTAKE), await world.ticket_of(STATION)
    await inbox.open(desk, ticket)
    await inbox.accept(desk, ticket, "SN 1", "")
    await inbox.open(police, theirs)
    assert await world.office.samrad.propose_meeting(desk, ticket, "Här", "Nu", "") == 2
    await world.office.pickup.withdraw(visit, theirs)
    for tried in (
        world.office.samrad.answer_meeting(police, theirs, 1, comes=True),
        world.office.pickup.answer_meeting(visit, theirs, 1, comes=True),
    ):
        with pytest.raises(TooLate):
            await tried
    assert await world.office.samrad.propose_meeting(desk, ticket, "Där", "Sedan", "") == 1


async def test_list_against_withdrawal_has_one_outcome(world: Handing) -> None:
    """Whoever is second is told; a coordinator who has lost the ticket keeps no list."""
    for turn in range(40):
        visit = await world.comes_with(await world.says_yes(yes(INTAKE, coordinate=True)))
        (stored_ticket,) = await world.store.of_handover(visit.handover.id)
        desk, ticket = await world.unlocks(INTAKE), stored_ticket.ticket.id
        await world.office.inbox.open(desk, ticket)
        await world.office.inbox.accept(desk, ticket, "SN 1", "")
        both = [
            world.office.samrad.put_contacts(desk, ticket, ContactList(), 0),
            world.office.pickup.withdraw(visit, ticket),
        ]
        await asyncio.gather(*(both if turn % 2 else both[::-1]), return_exceptions=True)
        stored = await world.store.contacts(visit.handover.id)
        assert stored.for_coordinator == b""
        with pytest.raises((Moved, TooLate)):
            await world.office.samrad.put_contacts(desk, ticket, ContactList(), stored.version)


async def test_slips_of_a_colleague_keep_nobody_out(world: Handing) -> None:
    """Tries are counted for an account, and one that was never looked at does not count."""
    who, units = world.sign_in(INTAKE), world.office.units
    for _ in range(TRIES.burst):
        with pytest.raises(WrongPassphrase):
            await units.unlock(who.id, INTAKE.id, "fel fras som är lång", "en kollega")
    with pytest.raises(TooManyTries):
        await units.unlock(who.id, INTAKE.id, PASSPHRASE, "en kollega")
    stretching, units.stretching = units.stretching, Busy()
    for _ in range(TRIES.burst * 2):
        with pytest.raises(Unavailable):
            await units.unlock(who.id, INTAKE.id, PASSPHRASE, "en annan")
    units.stretching = stretching
    await units.unlock(who.id, INTAKE.id, PASSPHRASE, "en annan")


async def test_code_that_a_page_made_up_is_refused(world: Handing) -> None:
    """One word six times, and one that somebody uses: neither becomes hers."""
    used, fresh = await world.says_yes(yes(CLINIC)), world.office.handovers.new_code()
    weak = " ".join([fresh.split()[0]] * 6)
    for wrong in (used, weak, "hej"):
        with pytest.raises(WrongCode):
            await world.office.handovers.fresh_key(wrong)
    await world.office.handovers.fresh_key(fresh)


async def test_form_without_an_id_does_nothing(world: Handing) -> None:
    """Two of them must not be taken for the same."""
    visit = await world.comes_with(await world.says_yes(yes(INTAKE)))

    async def act() -> str:
        raise NoSuchTicket

    with pytest.raises(Incomplete):
        await world.office.pickup.once(visit, "", act)


async def test_doubtful_clock_ends_no_ticket(world: Handing) -> None:
    """What is deleted by mistake is gone: it waits until the time is sure."""
    await world.says_yes(yes(INTAKE))
    ticket = await world.ticket_of(INTAKE)
    world.clock.advance(15 * 86_400)
    world.clock.is_trusted = False
    await world.office.keeper.tick()
    assert await world.store.body(ticket) is not None
    world.clock.is_trusted = True
    await world.office.keeper.tick()
    assert await world.store.body(ticket) is None


async def test_forged_content_is_not_what_she_saw(world: Handing) -> None:
    """Whoever can write one column of the database: the digest beside it tells."""
    await world.says_yes(yes(INTAKE))
    who, ticket = await world.unlocks(INTAKE), await world.ticket_of(INTAKE)
    opened, _ = await world.office.inbox.open(who, ticket)
    assert opened.is_as_shown
    stored = replace(opened.stored, shown="0" * 64)
    assert not replace(opened, stored=stored).is_as_shown
