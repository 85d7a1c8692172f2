# SPDX-License-Identifier: EUPL-1.2
"""Whoever is gone goes: no ghost stays in the queue at any stage."""

from __future__ import annotations

import asyncio

import pytest

from chat.events import EndReason
from chat.ids import ServiceId
from chat.live.notices import (
    ConversationOpened,
    ConversationOver,
    QueueMoved,
)
from tests.service.conftest import ON_BOTH
from tests.service.story import Process, Story

pytestmark = ON_BOTH


async def nobody_waits(story: Story, *processes: Process) -> None:
    """Nothing is left of anybody: not in the store, not in memory, not on a console."""
    for process in processes:
        assert await process.store.waiting(list(story.services)) == []
        assert process.chat.rooms.all() == []


@pytest.mark.parametrize("service", ["linden", "aspen"])
async def test_waiting_visitor_who_vanishes_loses_her_place_after_two_minutes(
    story: Story, chat: Process, service: str
) -> None:
    """Before the first word: her place is kept for two minutes and not longer, also while it rings."""
    operator = await chat.operator_on_duty(service)
    visitor = await chat.visitor_starts(service)
    await story.settle()
    await visitor.vanishes()
    await story.let_pass(119)
    assert await chat.is_live(visitor)
    await story.let_pass(1)
    await nobody_waits(story, chat)
    assert operator.queue == []
    assert (await chat.counted(service))["abandoned"] == 1


async def test_waiting_visitor_comes_back_in_time(story: Story, chat: Process) -> None:
    """She keeps her place before those who came after her."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    story.clock.advance(1)
    later = await chat.visitor_starts("linden")
    await visitor.vanishes()
    await story.let_pass(110)
    back = await visitor.comes_back()
    await story.let_pass(600)
    assert operator.queue == [visitor.id, later.id]
    assert back.ear.last(QueueMoved).ahead == 0


async def test_active_visitor_who_vanishes_is_waited_for_five_minutes(story: Story, chat: Process) -> None:
    """After five minutes the conversation has expired, and the operator is told."""
    visitor, operator = await chat.talk()
    await visitor.vanishes()
    await story.let_pass(299)
    assert not operator.ear.is_over
    await story.let_pass(1)
    assert operator.ear.last(ConversationOver).reason is EndReason.EXPIRED
    await nobody_waits(story, chat)
    assert await chat.store.held_by(operator.id) == []


async def test_active_visitor_comes_back_in_time(story: Story, chat: Process) -> None:
    """She comes back after four minutes and the talk goes on."""
    visitor, operator = await chat.talk()
    await visitor.vanishes()
    await story.let_pass(240)
    await operator.says(visitor, "jag väntar")
    back = await visitor.comes_back(after=1)
    await story.let_pass(600)
    assert back.ear.texts() == ["jag väntar"]
    assert not operator.ear.is_over


@pytest.mark.parametrize("stage", ["waiting", "offered", "active", "away"])
async def test_leave_beacon_leaves_no_ghost(story: Story, chat: Process, stage: str) -> None:
    """The token alone ends the conversation at every stage, with or without her socket."""
    service = "aspen" if stage == "offered" else "linden"
    operator = await chat.operator_on_duty(service)
    visitor = await chat.visitor_starts(service)
    await story.settle()
    if stage == "active":
        await operator.accepts(visitor)
    if stage == "away":
        await visitor.vanishes()
    await chat.chat.visitors.leave_by_token(visitor.token)
    await story.settle()
    await nobody_waits(story, chat)
    assert operator.queue == []
    if stage == "active":
        assert operator.ear.last(ConversationOver).reason is EndReason.LEFT_QUICKLY
    await chat.chat.visitors.leave_by_token(visitor.token)
    await chat.chat.visitors.leave_by_token("nonsense")


async def test_socket_lost_during_the_start_leaves_no_ghost(story: Story, chat: Process) -> None:
    """A start that is cut off while it is stored ends as every vanished visitor."""
    start = asyncio.create_task(chat.visitor_starts("linden"))
    await handed_over(chat)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    await story.settle()
    assert len(await chat.store.waiting([ServiceId("linden")])) == 1
    await story.let_pass(120)
    await nobody_waits(story, chat)


async def handed_over(chat: Process) -> None:
    """Return when the store has taken something to write."""
    commits = chat.store._commits
    while commits._writer is None:  # noqa: ASYNC110  the adapter sets no event for a test
        await asyncio.sleep(0)


async def test_everybody_is_a_ghost_after_a_kill(story: Story, chat: Process) -> None:
    """After a kill those who do not come back go when their patience is over, those who do stay."""
    visitor, operator = await chat.talk()
    waiting = await chat.visitor_starts("linden")
    gone = await chat.visitor_starts("linden")
    await story.close(chat)
    chat = await story.open_process()
    await chat.store.mark_all_away(story.clock.now())
    back = await operator.comes_back(to=chat)
    await visitor.comes_back(to=chat)
    await waiting.comes_back(to=chat)
    await story.tick()
    await story.let_pass(120)
    assert await chat.is_live(visitor)
    assert await chat.is_live(waiting)
    assert not await chat.is_live(gone)
    await back.resumes(visitor)
    assert back.ear.last(ConversationOpened).readable


async def test_deadline_that_was_looked_at_is_not_due_again(story: Story, chat: Process) -> None:
    """After a kill everybody is looked at once, not at every tick."""
    visitor = await chat.visitor_starts("linden")
    await story.close(chat)
    chat = await story.open_process()
    await chat.store.mark_all_away(story.clock.now())
    await story.tick()
    assert await chat.store.due(story.clock.now()) == []
    await story.let_pass(120)
    assert not await chat.is_live(visitor)


async def test_visitor_of_a_service_that_is_no_more_is_let_go(story: Story, chat: Process) -> None:
    """A new site file without her service closes the conversation and stops nothing else."""
    lost = await chat.visitor_starts("eken")
    kept = await chat.visitor_starts("linden")
    await story.close(chat)
    story.services = {id_: one for id_, one in story.services.items() if id_ != "eken"}
    chat = await story.open_process()
    await chat.store.mark_all_away(story.clock.now())
    await story.tick()
    assert not await chat.is_live(lost)
    assert await chat.is_live(kept)
