# SPDX-License-Identifier: EUPL-1.2
"""Going on with another organisation: only with her yes, and it reads what she lets it read."""

from __future__ import annotations

import pytest

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import CannotUnseal, NotAllowed, NotNow
from chat.live import proposing, visiting
from chat.live.notices import ConversationLost, ConversationOpened
from chat.parts import Crossing, TransferEnd
from tests.service.jotting import jots, reads, shown
from tests.service.story import Process, Story
from tests.service.transferring import (
    EKEN,
    JOUR,
    TJEJJOUR,
    came_of_it,
    declines,
    kinds,
    offered_to,
    offers,
    says_yes,
    work_together,
)


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize("apart", [False, True])
async def test_her_yes_offers_it_and_the_next_reads_what_she_allowed(
    story: Story, chat: Process, *, apart: bool, history: bool
) -> None:
    """Old entries open under the seal of where they were written; what she kept to herself is not shown."""
    work_together(story)
    beside = await story.open_process() if apart else chat
    old = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake={"need": "talk"})
    await story.settle()
    await old.accepts(visitor)
    await visitor.says("innan")
    new = await beside.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, old, history=history)
    assert offered_to(new) == [visitor.id]
    assert (await chat.stored(visitor)).conversation.organisation == JOUR
    await visitor.says("medan vi väntar")
    await new.accepts(visitor)
    await story.settle()
    assert old.ear.last(ConversationLost).by == "Gry"
    assert await chat.store.wrapped_for(visitor.id) == {new.id}
    joined = visitor.ear.entries()[-1]
    assert (joined.kind, joined.alias, joined.organisation) == (EntryKind.JOINED, "Gry", "Tjejjouren")
    await visitor.says("efter")
    await story.settle()
    await new.resumes(visitor, after=0)
    seen = ["innan", "medan vi väntar"] if history else []
    opened = new.ear.last(ConversationOpened)
    assert opened.readable
    assert [entry.text for entry in opened.entries if entry.kind is EntryKind.SAID] == [*seen, "efter"]
    assert (opened.intake is not None) is history
    async with new.process.chat.operators.proposing(new.desk, visitor.id) as room:
        quoted = await proposing.quoted(new.process.chat.rooms, room, range(1, 20))
    assert [entry.text for entry in quoted] == [*seen, "efter"]
    state = (await chat.stored(visitor)).conversation
    assert (state.service, state.organisation) == (EKEN, TJEJJOUR)
    assert state.crossed == (Crossing(joined.seq - 1, JOUR),)
    back = await visitor.comes_back()
    assert [entry.text for entry in back.ear.entries() if entry.kind is EntryKind.SAID] == [
        "innan",
        "medan vi väntar",
        "efter",
    ]
    assert (await chat.counted())["transferred"] == 1
    assert await chat.counted("eken") == {"taken_on": 1, "shifts": 1}


async def test_entry_moved_over_the_border_does_not_open(story: Story, chat: Process) -> None:
    """What was written under one organisation is no entry of another's part, under any number."""
    work_together(story)
    visitor, old = await chat.talk()
    await visitor.says("innan")
    new = await chat.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, old)
    await new.accepts(visitor)
    await visitor.says("efter")
    room = visitor.seat.room
    entry = next(each for each in await chat.store.entries(visitor.id, 0) if each.body is not None)
    key, state = room.key, room.conversation
    assert key is not None
    assert entry.body is not None
    assert key.open_text(room.place(entry.seq, entry.role, entry.client_id or ""), entry.body)[0] == "innan"
    # The same row, if the border had not been crossed: its place would name the other organisation.
    room.conversation = type(state)(
        **{name: getattr(state, name) for name in state.__struct_fields__ if name != "crossed"}
    )
    with pytest.raises(CannotUnseal):
        key.open_text(room.place(entry.seq, entry.role, entry.client_id or ""), entry.body)
    room.conversation = state


async def test_nobody_comes_and_she_stays_and_is_told(story: Story, chat: Process) -> None:
    """In time, on duty, or willing: if nobody there is, she stays with whom she knows."""
    work_together(story)
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, old)
    await story.let_pass(121)
    assert kinds(visitor)[-1] is kinds(old)[-1] is EntryKind.STAYED
    assert came_of_it(old) is TransferEnd.LAPSED
    await says_yes(visitor, old)
    await declines(new, visitor)
    assert came_of_it(old) is TransferEnd.DECLINED
    await new.goes_off_duty()
    await says_yes(visitor, old)
    await story.settle()
    assert came_of_it(old) is TransferEnd.GONE
    assert kinds(visitor).count(EntryKind.STAYED) == 3
    await old.says(visitor, "jag är kvar")
    assert visitor.ear.texts()[-1] == "jag är kvar"


async def test_she_can_take_back_her_yes(story: Story, chat: Process) -> None:
    """Before anybody has come; within an organisation there is nothing of hers to take back."""
    work_together(story)
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("eken", alias="Gry")
    sam = await chat.operator_on_duty("linden", alias="Sam")
    await says_yes(visitor, old)
    await visiting.withdraw(chat.chat.visitors, visitor.seat)
    await story.settle()
    assert (came_of_it(old), offered_to(new)) == (TransferEnd.WITHDRAWN, [])
    with pytest.raises(NotAllowed):
        await new.accepts(visitor)
    await offers(old, visitor, sam)
    with pytest.raises(NotNow):
        await visiting.withdraw(chat.chat.visitors, visitor.seat)


async def test_agreement_that_has_run_out_lets_nobody_in(story: Story, chat: Process) -> None:
    """It was in force when she said yes; at midnight it is not, and nobody may accept."""
    open_ = frozenset({"jour", "tjejjour"})
    story.border.open.add(open_)
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, old)
    story.border.open.discard(open_)
    with pytest.raises(NotAllowed):
        await new.accepts(visitor)
    await old.says(visitor, "jag är kvar")


async def test_somebody_with_her_code_goes_nowhere_by_an_older_yes(story: Story, chat: Process) -> None:
    """Whoever comes in with the code may be another: what she had said yes to is off."""
    work_together(story)
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("eken", alias="Gry")
    code = await visitor.takes_a_code()
    await says_yes(visitor, old)
    back = await chat.visitor_returns(code)
    await story.settle()
    assert (came_of_it(old), offered_to(new)) == (TransferEnd.RETURNED, [])
    assert kinds(back)[-1] is EntryKind.STAYED


async def test_code_opens_it_after_the_border(story: Story, chat: Process) -> None:
    """Her code and her token are hers wherever the conversation is; it is parked under its new service."""
    work_together(story)
    visitor, old = await chat.talk()
    await visitor.says("innan")
    new = await chat.operator_on_duty("eken", alias="Gry")
    code = await visitor.takes_a_code()
    await says_yes(visitor, old)
    await new.accepts(visitor)
    await visitor.vanishes()
    await chat.chat.operators.revoke(new.id)
    await story.let_pass(360)
    assert (await chat.stored(visitor)).conversation.phase is Phase.PARKED
    back = await chat.visitor_returns(code)
    assert [each.text for each in back.ear.entries() if each.kind is EntryKind.SAID] == ["innan"]
    await story.settle()
    again = await chat.operator_on_duty("eken", alias="Mira")
    assert again.queue == [visitor.id]
    await again.accepts(visitor)
    # Her no to reading what was before is the organisation's, whoever holds it there.
    assert [each.text for each in again.ear.last(ConversationOpened).entries if each.text] == []


async def test_notes_of_the_staff_stay_in_the_house(story: Story, chat: Process) -> None:
    """A colleague reads them, whoever had it no more; over the border none goes, and new ones begin there."""
    work_together(story)
    visitor, old = await chat.talk()
    await jots(old, visitor, "ring inte före sex")
    sam = await chat.operator_on_duty("linden", alias="Sam")
    await offers(old, visitor, sam)
    await sam.accepts(visitor)
    assert await reads(sam, visitor) == ["ring inte före sex"]
    await jots(sam, visitor, "vill ha ett boende")
    await story.settle()
    assert [entry.text for entry in shown(old)] == ["ring inte före sex"]
    with pytest.raises(NotAllowed):
        await reads(old, visitor)
    new = await chat.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, sam, history=True)
    await new.accepts(visitor)
    assert await reads(new, visitor) == []
    await jots(new, visitor, "hos oss")
    assert await reads(new, visitor) == ["hos oss"]
    with pytest.raises(NotAllowed):
        await reads(sam, visitor)


async def test_supervisor_who_comes_after_the_border_reads_no_more_than_its_holder(
    story: Story, chat: Process
) -> None:
    """Neither as they come nor as they take it over; one of where it was before cannot come at all."""
    work_together(story)
    old = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake={"need": "talk"})
    await story.settle()
    await old.accepts(visitor)
    await visitor.says("hemligt")
    new = await chat.operator_on_duty("eken", alias="Gry")
    await says_yes(visitor, old, history=False)
    await new.accepts(visitor)
    siv = await chat.operator_on_duty("eken", alias="Siv", supervises=True)
    tor = await chat.operator_on_duty("linden", alias="Tor", supervises=True)
    await new.raises(visitor)
    await story.settle()
    with pytest.raises(NotAllowed):
        await tor.supervises(visitor)
    await siv.supervises(visitor)
    guest = (await chat.stored(visitor)).conversation.guest
    assert guest is not None
    assert guest.after > 0
    await siv.resumes(visitor, 0)
    await siv.takes_over(visitor)
    await story.settle()
    await siv.resumes(visitor, 0)
    assert siv.ear.texts() == []
    assert all(opened.intake is None for opened in siv.ear.heard(ConversationOpened))
