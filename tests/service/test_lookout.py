# SPDX-License-Identifier: EUPL-1.2
"""Several processes over one store while every doorbell between them is lost: one look finds all of it."""

from __future__ import annotations

import asyncio

import pytest

from chat.errors import LostClaim
from chat.ids import ServiceId
from chat.live.confiding import NoteShown
from chat.live.notices import (
    AlertsListed,
    ColleaguesListed,
    ConversationLost,
    ConversationOpened,
    ConversationOver,
    HandStands,
    QueueMoved,
    VisitorPresence,
)
from chat.live.noting import Jotting
from chat.staff_entries import StaffKind
from tests.service.looking import Deaf, look, one_of_several
from tests.service.story import Process, Story


@pytest.fixture
async def one(story: Story) -> Process:
    """A process that no doorbell of another one reaches."""
    return await one_of_several(story, Deaf())


@pytest.fixture
async def other(story: Story, one: Process) -> Process:
    """Another such process."""
    return await one_of_several(story, Deaf())


async def test_talk_over_two_processes_needs_no_doorbell(story: Story, one: Process, other: Process) -> None:
    """Queue, claim, words, presence and the end: each is seen after one look, once and in order."""
    operator = await other.operator_on_duty("linden")
    await look(story)
    visitor = await one.visitor_starts("linden", intake={"need": "talk"})
    await visitor.says("är det någon där?")
    await look(story)
    assert operator.queue == [visitor.id]
    assert visitor.ear.last(QueueMoved).here
    await operator.accepts(visitor)
    await look(story)
    opened = operator.ear.last(ConversationOpened)
    assert (opened.readable, opened.intake) == (True, '{"need":"talk"}')
    await visitor.says("ett")
    await operator.says(visitor, "två")
    await visitor.says("tre")
    await look(story)
    await look(story)
    assert visitor.ear.texts() == ["två"]
    assert operator.ear.texts() == ["är det någon där?", "ett", "tre"]
    await visitor.vanishes()
    await look(story)
    assert operator.ear.last(VisitorPresence).connected is False
    back = await visitor.comes_back(after=5)
    await look(story)
    assert operator.ear.last(VisitorPresence).connected is True
    await operator.ends(visitor)
    await look(story)
    assert back.ear.heard(ConversationOver)
    assert one.chat.rooms.all() == []


async def test_key_that_no_doorbell_told_of_is_found(story: Story, one: Process, other: Process) -> None:
    """Accepted before it was wrapped: the console says that it cannot be read yet, and then it can."""
    visitor = await one.visitor_starts("linden")
    await visitor.says("hej")
    await visitor.vanishes()
    operator = await other.operator_connects(story.sign_in("linden"))
    await operator.goes_on_duty("linden")
    await operator.accepts(visitor)
    assert [opened.readable for opened in operator.ear.heard(ConversationOpened)] == [False]
    await visitor.comes_back()
    await look(story)
    await look(story)
    assert operator.ear.heard(ConversationOpened)[-1].readable
    assert operator.ear.texts() == ["hej"]


async def test_claim_elsewhere_takes_it_off_every_list(story: Story, one: Process, other: Process) -> None:
    """Before the look it is refused by the store, with the winner's alias; after it nobody sees it."""
    alva = await one.operator_on_duty("linden")
    bodil = await other.operator_on_duty("linden", alias="Bodil")
    visitor = await one.visitor_starts("linden")
    await look(story)
    await alva.accepts(visitor)
    with pytest.raises(LostClaim) as lost:
        await bodil.accepts(visitor)
    assert lost.value.winner == "Alva"
    await look(story)
    assert (alva.queue, bodil.queue) == ([], [])
    (colleague,) = bodil.ear.last(ColleaguesListed).services[0].others
    assert colleague.alias == "Alva"


async def test_conversation_taken_elsewhere_leaves_the_console(
    story: Story, one: Process, other: Process
) -> None:
    """A revoked sign-in was noticed by another process: it is in the queue there, and lost here."""
    visitor, operator = await one.talk()
    await other.chat.operators.revoke(operator.id)
    await look(story)
    assert operator.ear.heard(ConversationLost)
    assert [one_.id for one_ in await one.store.waiting([ServiceId("linden")])] == [visitor.id]


async def test_raised_hand_is_seen_and_known_to_be_seen(story: Story, one: Process, other: Process) -> None:
    """A supervisor in another process is shown the hand; whoever raised it that somebody is there, once."""
    visitor, operator = await one.talk()
    await operator.raises(visitor)
    await look(story)
    assert operator.ear.last(HandStands).here is False
    supervisor = await other.operator_on_duty("linden", alias="Siv", supervises=True)
    await look(story)
    await look(story)
    assert [hand.id for hand in supervisor.ear.last(AlertsListed).hands] == [visitor.id]
    assert operator.ear.last(HandStands).here is True
    told = len(operator.ear.heard(HandStands))
    await look(story)
    assert len(operator.ear.heard(HandStands)) == told


async def test_notes_of_a_colleague_elsewhere_are_shown_once(
    story: Story, one: Process, other: Process
) -> None:
    """Whispers between two processes arrive with the next look, and are not repeated by the one after it."""
    visitor, operator = await one.talk()
    await operator.raises(visitor)
    supervisor = await other.operator_on_duty("linden", alias="Siv", supervises=True)
    await look(story)
    coming = asyncio.create_task(supervisor.supervises(visitor))
    await story.clock.sleeps_in(coming)
    await look(story, one)
    await look(story, other)
    await coming
    for text in ("ett", "två"):
        jotting = Jotting(story.client_id(), StaffKind.NOTE, text)
        await other.chat.noting.write(supervisor.desk, visitor.id, jotting)
    await look(story)
    await look(story)
    shown = [each.entry.text for each in operator.ear.confided if isinstance(each, NoteShown)]
    assert shown == ["ett", "två"]


async def test_console_that_is_taken_for_gone_is_put_back(story: Story, one: Process, other: Process) -> None:
    """Another process noted it as away, or forgot it: it sits here, so it is on duty."""
    _, operator = await one.talk()
    stored = await one.store.duty(operator.id)
    assert stored is not None
    for is_removed in (False, True):
        if is_removed:
            await other.store.remove_duty(stored.id)
        else:
            await other.store.mark_all_away(story.clock.now())
        await look(story)
        back = await one.store.duty(operator.id)
        assert back is not None
        assert back.away_since is None
        assert back.services == {"linden"}


async def test_lookout_reads_what_else_there_is_only_while_the_bus_is_away(
    story: Story, one: Process
) -> None:
    """And once more when it is back: what was rung in between is lost."""
    lookout, bus = one.chat.lookout, one.chat.bus
    asked: list[bool] = []
    assert lookout is not None
    assert isinstance(bus, Deaf)

    async def ask() -> None:
        asked.append(bus.away)

    lookout.besides.append(ask)
    await lookout.look()
    assert asked == []
    bus.turn(away=True)
    await lookout.look()
    await lookout.look()
    bus.turn(away=False)
    await lookout.look()
    await lookout.look()
    assert asked == [True, True, False]


async def test_work_that_is_due_is_done_once_by_whose_share_it_is(story: Story) -> None:
    """Three processes share what is due; what one of them does not do, the others do three seconds later."""
    processes = [await one_of_several(story, Deaf()) for _ in range(3)]
    await look(story)
    await look(story)
    visitors = [await processes[0].visitor_starts("linden") for _ in range(24)]
    for visitor in visitors:
        await visitor.vanishes()
    shares = [
        {visitor.id for visitor in visitors if process.chat.register.is_mine(visitor.id)}
        for process in processes
        if process.chat.register is not None
    ]
    assert all(shares)
    assert sum(map(len, shares)) == len(set().union(*shares)) == 24
    deadlines = story.services[ServiceId("linden")].deadlines
    story.clock.advance(deadlines.waiting_place_kept.total_seconds())
    for process in processes[1:]:
        await process.chat.timekeeper.tick()
    left = {visitor.id for visitor in visitors if await processes[0].is_live(visitor)}
    assert left == shares[0]
    story.clock.advance(3)
    await processes[1].chat.timekeeper.tick()
    assert not any([await processes[0].is_live(visitor) for visitor in visitors])
    assert (await processes[0].counted())["abandoned"] == 24
