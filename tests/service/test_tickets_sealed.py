# SPDX-License-Identifier: EUPL-1.2
"""What the database holds of a handover: no word of hers, and after its end not even the sealed bytes."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chat.adapters.sql.shredder import SqlShredder
from handover.consent import exact_form
from handover.items import Contact, ContactWay, Content, Item, Message
from handover.letters import ContactLine, ContactList
from handover.ticket import ACCEPTED_LIVES
from tests.service.handing import PASSPHRASE, Handing
from tests.service.traces import traces
from tests.unit.handover.making import CLINIC, INTAKE, granted, yes

MARKS = {
    item: f"marker-{item.value}-qzx"
    for item in (Item.WANT, Item.SUMMARY, Item.DANGER, Item.MESSAGES, Item.CONTACT, Item.NAME, Item.REACH)
}
MARKED = Content(
    want=MARKS[Item.WANT],
    summary=MARKS[Item.SUMMARY],
    danger=MARKS[Item.DANGER],
    messages=(Message(3, "visitor", MARKS[Item.MESSAGES]),),
    contact=Contact(ContactWay.CODE, MARKS[Item.CONTACT]),
    name=MARKS[Item.NAME],
    reach=MARKS[Item.REACH],
)
LETTERS = [f"letter-{name}-qzx" for name in ("question", "answer", "place", "contact", "reference")]


def holding(directory: Path, content: bytes) -> list[str]:
    """Return the files that hold these bytes."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [file.name for file in files if content in file.read_bytes()]


async def everything_happens(world: Handing) -> str:
    """Let a handover go all the way: opened, asked, answered, accepted, listed, met. Return her code."""
    all_items = tuple(MARKS)
    code = await world.says_yes(
        yes(INTAKE, *all_items, coordinate=True), yes(CLINIC, Item.WANT), content=MARKED
    )
    who, ticket, inbox = await world.unlocks(INTAKE), await world.ticket_of(INTAKE), world.office.inbox
    visit = await world.comes_with(code)
    await inbox.open(who, ticket)
    await inbox.write(who, ticket, LETTERS[0])
    await world.office.pickup.add(visit, ticket, LETTERS[1])
    await inbox.accept(who, ticket, LETTERS[4], "")
    await world.office.samrad.propose_meeting(who, ticket, LETTERS[2], "tisdag", "")
    await world.office.samrad.put_contacts(who, ticket, ContactList((ContactLine(LETTERS[3]),)), 0)
    return code


async def test_no_word_and_no_code_is_ever_on_the_disk(world: Handing, tmp_path: Path) -> None:
    """Not raw, not in base64, hex or UTF-16, in no file, at any moment; nor the passphrase."""
    code = await everything_happens(world)
    words = [*MARKS.values(), *LETTERS, PASSPHRASE, code, code.replace(" ", "")]
    assert traces(tmp_path, words) == []
    assert traces(tmp_path, [INTAKE.id]) != [], "a search that finds nothing shows nothing"


async def test_ended_handover_leaves_the_files(world: Handing, tmp_path: Path) -> None:
    """Erased, and cleared out of the files: not even sealed bytes are left, only counters."""
    await everything_happens(world)
    shredder = SqlShredder(world.database, world.clock)
    ticket = await world.ticket_of(INTAKE)
    body = await world.store.body(ticket)
    assert body is not None
    piece = body[40:200]  # a long content lies in pieces, on several pages
    assert holding(tmp_path, piece) != []
    for _ in range(3):
        world.clock.advance(ACCEPTED_LIVES.total_seconds())
        await world.office.keeper.tick()
    assert world.shredded
    shredder.want(world.clock.now())
    assert await shredder.run_once(world.clock.now())
    assert holding(tmp_path, piece) == []
    assert traces(tmp_path, [ticket]) == []


async def test_what_is_left_out_is_in_nothing_that_a_receiver_can_open(world: Handing) -> None:
    """Unticked items, and another receiver's, in every content of this one."""
    await world.says_yes(yes(INTAKE, Item.SUMMARY), yes(CLINIC, Item.WANT), content=MARKED)
    clinic = await world.unlocks(CLINIC)
    opened, _ = await world.office.inbox.open(clinic, await world.ticket_of(CLINIC))
    reached = msgspec.json.encode(opened.export()).decode() + repr(opened)
    assert MARKS[Item.WANT] in reached
    for item, mark in MARKS.items():
        assert item is Item.WANT or mark not in reached, item


def test_every_subset_of_items_is_all_that_is_granted() -> None:
    """Whatever she ticks: the exact form of the grant holds those marks, and no other."""
    free = [Item.WANT, Item.SUMMARY, Item.DANGER, Item.MESSAGES, Item.CONTACT, Item.NAME, Item.REACH]
    for number in range(1, 2 ** len(free)):
        ticked = {item for place, item in enumerate(free) if number >> place & 1}
        (grant,) = granted(yes(INTAKE, *sorted(ticked)), content=MARKED)
        raw = exact_form(grant.record, grant.content).decode()
        assert {item for item in free if MARKS[item] in raw} == ticked
