# SPDX-License-Identifier: EUPL-1.2
"""Giving a conversation to somebody else in the organisation: who may, who gets it, what each hears."""

from __future__ import annotations

import pytest

from chat.entries import EntryKind
from chat.errors import AtCapacity, LostClaim, NotAllowed, NotNow
from chat.ids import DutyId
from chat.live import proposing, shifts
from chat.live.notices import ConversationLost, ConversationOpened
from chat.parts import TransferEnd
from tests.service.story import Process, Story
from tests.service.transferring import (
    BJORKEN,
    EKEN,
    JOUR,
    LINDEN,
    came_of_it,
    declines,
    offered_to,
    offers,
    work_together,
)


@pytest.mark.parametrize("apart", [False, True])
async def test_colleague_takes_over_and_the_old_one_hears_nothing_more(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """One out, the other in; she is told both; the wrap of the old one is gone, and so is their ear."""
    beside = await story.open_process() if apart else chat
    visitor, old = await chat.talk()
    await visitor.says("innan")
    new = await beside.operator_on_duty("linden", alias="Sam")
    third = await beside.operator_on_duty("linden", alias="Tove")
    await offers(old, visitor, new)
    assert (offered_to(new), offered_to(third)) == ([visitor.id], [])
    await old.says(visitor, "jag frågar en kollega")
    with pytest.raises(LostClaim):
        await third.accepts(visitor)
    await new.accepts(visitor)
    await story.settle()
    lost = old.ear.last(ConversationLost)
    assert lost.by == "Sam"
    assert await chat.store.wrapped_for(visitor.id) == {new.id}
    told = [(entry.kind, entry.alias, entry.organisation) for entry in visitor.ear.entries()][-2:]
    assert told == [(EntryKind.HANDED, "Alva", None), (EntryKind.JOINED, "Sam", None)]
    await visitor.says("hej Sam")
    await new.says(visitor, "hej, jag har läst det ni skrev")
    await story.settle()
    assert new.ear.texts() == ["innan", "jag frågar en kollega", "hej Sam"]
    assert old.ear.texts() == ["innan"]
    for verb in (
        old.says(visitor, "en sak till"),
        old.resumes(visitor),
        old.types(visitor),
        old.ends(visitor),
    ):
        with pytest.raises(NotAllowed):
            await verb
    assert await chat.counted() == {
        "started": 1,
        "answered": 1,
        "waited_00": 1,
        "transferred": 1,
        "shifts": 3,
    }
    await new.ends(visitor)
    assert (await chat.counted())["ended"] == 1


async def test_other_service_takes_over_with_its_own_rules(story: Story, chat: Process) -> None:
    """Whoever accepts first there; counters, queue and place go with it, and she is told where they work."""
    visitor, old = await chat.talk()
    first = await chat.operator_on_duty("bjorken", alias="Bo")
    second = await chat.operator_on_duty("bjorken", alias="Liv")
    await offers(old, visitor, service="bjorken")
    assert offered_to(first) == offered_to(second) == [visitor.id]
    await second.accepts(visitor)
    await story.settle()
    assert offered_to(first) == []
    joined = visitor.ear.entries()[-1]
    assert (joined.alias, joined.organisation) == ("Liv", "Björken")
    state = (await chat.stored(visitor)).conversation
    assert (state.service, state.organisation, state.crossed, state.transfer) == (BJORKEN, JOUR, (), None)
    assert await chat.store.active_count([LINDEN, BJORKEN]) == {LINDEN: 0, BJORKEN: 1}
    assert await chat.counted("bjorken") == {"taken_on": 1, "shifts": 2}
    await visitor.leaves()
    assert await chat.counted("bjorken") == {"taken_on": 1, "ended": 1, "lasted_00": 1, "shifts": 2}
    assert "ended" not in await chat.counted()


async def test_no_and_silence_and_going_off_duty_return_it(story: Story, chat: Process) -> None:
    """Each time whoever holds it is told why, still holds it, and she has noticed nothing."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    before = len(visitor.ear.entries())
    await offers(old, visitor, new)
    await declines(new, visitor)
    assert (came_of_it(old), offered_to(new)) == (TransferEnd.DECLINED, [])
    with pytest.raises(LostClaim):
        await new.accepts(visitor)
    await offers(old, visitor, new)
    await story.let_pass(119)
    assert came_of_it(old) is None
    await story.let_pass(2)
    assert (came_of_it(old), offered_to(new)) == (TransferEnd.LAPSED, [])
    await offers(old, visitor, new)
    await new.goes_off_duty()
    await story.settle()
    assert came_of_it(old) is TransferEnd.GONE
    await new.goes_on_duty("linden", alias="Sam")
    await story.settle()
    await offers(old, visitor, new)
    await new.vanishes()
    await story.settle()
    assert came_of_it(old) is TransferEnd.GONE
    new = await new.comes_back()
    await story.settle()
    await offers(old, visitor, new)
    await chat.chat.operators.revoke(new.id)
    await story.settle()
    assert came_of_it(old) is TransferEnd.GONE
    assert len(visitor.ear.entries()) == before
    await old.says(visitor, "jag är kvar")
    assert (await chat.counted()).get("transferred") is None


async def test_of_several_the_last_no_returns_it(story: Story, chat: Process) -> None:
    """One no hides it from that console alone; the last one returns it."""
    visitor, old = await chat.talk()
    bo = await chat.operator_on_duty("bjorken", alias="Bo")
    liv = await chat.operator_on_duty("bjorken", alias="Liv")
    await offers(old, visitor, service="bjorken")
    await declines(bo, visitor)
    assert (came_of_it(old), offered_to(bo), offered_to(liv)) == (None, [], [visitor.id])
    with pytest.raises(NotAllowed):
        await bo.accepts(visitor)
    await liv.goes_off_duty()
    await story.settle()
    assert came_of_it(old) is TransferEnd.GONE


async def test_it_can_be_taken_back_and_never_by_another(story: Story, chat: Process) -> None:
    """Whoever holds it keeps it; nobody else may offer it, take it back, or say no for others."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    other = await chat.operator_on_duty("linden", alias="Tove")
    transfers = chat.chat.transfers
    with pytest.raises(NotAllowed):
        await offers(other, visitor, new)
    await offers(old, visitor, new)
    for refused in (transfers.take_back(other.desk, visitor.id), transfers.decline(other.desk, visitor.id)):
        with pytest.raises(NotAllowed):
            await refused
    with pytest.raises(NotAllowed):
        await transfers.places(other.desk, visitor.id)
    await transfers.take_back(old.desk, visitor.id)
    await story.settle()
    assert (came_of_it(old), offered_to(new)) == (TransferEnd.TAKEN_BACK, [])
    with pytest.raises(NotNow):
        await transfers.take_back(old.desk, visitor.id)


async def test_places_are_of_one_track_and_name_nobody_elsewhere(story: Story, chat: Process) -> None:
    """Her own service and organisation with who is there; another one only while an agreement is in force."""
    visitor, old = await chat.talk()
    sam = await chat.operator_on_duty("linden", alias="Sam")
    await chat.operator_on_duty("eken", alias="Gry")
    await chat.operator_on_duty("hamnen", alias="Sten")
    places = await chat.chat.transfers.places(old.desk, visitor.id)
    assert [(place.service.id, place.crosses) for place in places] == [(LINDEN, False), (BJORKEN, False)]
    assert [(one.alias, one.free) for one in places[0].colleagues] == [("Sam", 3)]
    assert not places[1].here
    await shifts.hold_at_most(chat.chat.operators, sam.desk, 1)
    places = await chat.chat.transfers.places(old.desk, visitor.id)
    assert [one.free for one in places[0].colleagues] == [1]
    work_together(story)
    places = await chat.chat.transfers.places(old.desk, visitor.id)
    assert (places[2].service.id, places[2].crosses, places[2].here, places[2].colleagues) == (
        EKEN,
        True,
        True,
        (),
    )


async def test_never_to_the_other_track_nor_past_her_yes(story: Story, chat: Process) -> None:
    """Also with a partnership: the other track is refused, and another organisation needs her yes."""
    story.border.open |= {frozenset({"jour", "tjejjour"}), frozenset({"jour", "kommun"})}
    visitor, old = await chat.talk()
    sten = await chat.operator_on_duty("hamnen", alias="Sten")
    gry = await chat.operator_on_duty("eken", alias="Gry")
    for to, service in ((sten, "hamnen"), (gry, "eken"), (None, "hamnen"), (None, "eken"), (None, "nowhere")):
        with pytest.raises(NotAllowed):
            await offers(old, visitor, to, service)
    assert offered_to(gry) == offered_to(sten) == []


async def test_not_while_a_guest_is_here_or_a_question_is_open(story: Story, chat: Process) -> None:
    """Whoever asked hears the answer; a guest came to her and to whoever holds it."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    rooms = chat.chat.rooms
    await proposing.ask(rooms, visitor.seat.room, old.id, story.client_id(), "får jag?")
    with pytest.raises(NotNow):
        await offers(old, visitor, new)
    await proposing.take_back(rooms, visitor.seat.room, old.id)
    await offers(old, visitor, new)
    with pytest.raises(NotNow):
        await proposing.ask(rooms, visitor.seat.room, old.id, story.client_id(), "får jag?")
    with pytest.raises(NotNow):
        await offers(old, visitor, new)


async def test_place_is_needed_to_take_it(story: Story, chat: Process) -> None:
    """Whoever is full cannot, and afterwards it takes the place of the new one, not of the old one."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    held = [await chat.visitor_starts("linden") for _ in range(3)]
    for each in held:
        await new.accepts(each)
    await offers(old, visitor, new)
    with pytest.raises(AtCapacity):
        await new.accepts(visitor)
    await new.ends(held[0])
    await new.accepts(visitor)
    loads = await chat.store.loads([LINDEN])
    assert (loads[new.id], loads[old.id]) == (3, 0)


async def test_returning_operator_sees_what_came_of_it(story: Story, chat: Process) -> None:
    """The offer stands while they are away for a moment; on coming back they hear of it with the talk."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    await offers(old, visitor, new)
    await old.vanishes()
    await declines(new, visitor)
    back = await old.comes_back()
    await back.resumes(visitor)
    transfer = back.ear.last(ConversationOpened).conversation.transfer
    assert transfer is not None
    assert (transfer.ended, transfer.alias) == (TransferEnd.DECLINED, "Sam")


async def test_lost_operator_takes_the_offer_along(story: Story, chat: Process) -> None:
    """She goes to the front of her queue, and nothing is offered any more."""
    visitor, old = await chat.talk()
    new = await chat.operator_on_duty("linden", alias="Sam")
    bo = await chat.operator_on_duty("bjorken", alias="Bo")
    await offers(old, visitor, service="bjorken")
    await chat.chat.operators.revoke(old.id)
    await story.settle()
    assert offered_to(bo) == []
    with pytest.raises(NotAllowed):
        await bo.accepts(visitor)
    assert new.queue == [visitor.id]
    await new.accepts(visitor)
    assert (await chat.counted())["rescued"] == 1


async def test_unknown_duty_is_not_offered_anything(story: Story, chat: Process) -> None:
    """A colleague who has gone between the list and the choice: refused at once, not rung in vain."""
    visitor, old = await chat.talk()
    await chat.operator_on_duty("linden", alias="Sam")
    with pytest.raises(NotNow):
        await chat.chat.transfers.offer(old.desk, visitor.id, LINDEN, DutyId("gone"), "")
    with pytest.raises(NotNow):
        await offers(old, visitor, service="bjorken")
