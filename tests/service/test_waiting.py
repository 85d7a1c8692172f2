# SPDX-License-Identifier: EUPL-1.2
"""The waiting room: places, lists, offers, claims, and that no ghost stays in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.errors import NotAllowed
from chat.ids import DutyId, ServiceId
from chat.live.board import Serving
from chat.live.notices import (
    ConversationOpened,
    DutyNoted,
    QueueMoved,
    WaitingListed,
    Welcomed,
)
from tests.service.story import Process, Story, Visitor

# --- places and lists ---


async def test_places_follow_the_queue(story: Story, chat: Process) -> None:
    """Each sees how many are before her, and hears of it again only when it changes."""
    first = await chat.visitor_starts("linden")
    second = await chat.visitor_starts("linden")
    await story.settle()
    assert first.ear.heard(QueueMoved) == [QueueMoved(0, None, here=False)]
    assert second.ear.heard(QueueMoved) == [QueueMoved(1, None, here=False)]

    operator = await chat.operator_on_duty("linden")
    assert first.ear.heard(QueueMoved)[1:] == [QueueMoved(0, (0, 2), here=True)]
    await chat.operator_on_duty("eken")
    await second.says("hej")
    await story.settle()
    assert len(first.ear.heard(QueueMoved)) == 2

    await operator.accepts(first)
    await story.settle()
    assert second.ear.last(QueueMoved) == QueueMoved(0, (0, 2), here=True)
    assert len(first.ear.heard(QueueMoved)) == 2


async def test_acute_passes_before_others(story: Story, chat: Process) -> None:
    """Whoever is in danger stands first, and those behind are told."""
    calm = await chat.visitor_starts("linden")
    await story.settle()
    acute = await chat.visitor_starts("linden", acute=True)
    operator = await chat.operator_on_duty("linden")
    assert operator.queue == [acute.id, calm.id]
    assert calm.ear.last(QueueMoved).ahead == 1
    assert acute.ear.last(QueueMoved).ahead == 0


async def test_place_is_told_again_after_resume(story: Story, chat: Process) -> None:
    """A new connection has not heard the place yet."""
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    back = await visitor.comes_back()
    await story.settle()
    assert back.ear.heard(QueueMoved) == [QueueMoved(0, None, here=False)]


async def test_place_outlives_a_lost_network(story: Story, chat: Process) -> None:
    """Twenty seconds in a tunnel: who stood before her and behind her stand there still."""
    waiting = []
    for _ in range(3):
        waiting.append(await chat.visitor_starts("linden"))
        story.clock.advance(1)
    first, second, third = waiting
    await second.vanishes()
    await story.let_pass(20)
    back = await second.comes_back()
    await story.settle()
    places = [one.ear.last(QueueMoved).ahead for one in (first, back, third)]
    assert places == [0, 1, 2]


async def test_lists_are_whole_on_every_change(story: Story, chat: Process) -> None:
    """A console gets the whole list at once and on every change, and none when nothing changed."""
    first = await chat.visitor_starts("linden")
    operator = await chat.operator_on_duty("linden")
    second = await chat.visitor_starts("linden")
    await story.settle()
    await chat.visitor_starts("eken")
    await story.settle()
    await first.leaves()
    await story.settle()
    await second.leaves()
    await story.settle()
    lists = [[one.id for one in told.conversations] for told in operator.ear.heard(WaitingListed)]
    assert lists == [[first.id], [first.id, second.id], [second.id], []]


async def test_list_covers_every_service_on_duty(story: Story, chat: Process) -> None:
    """Two services of one operator make one list, in order."""
    one = await chat.visitor_starts("linden")
    story.clock.advance(60)
    two = await chat.visitor_starts("eken")
    operator = await chat.operator_on_duty("eken", "linden")
    assert operator.queue == [one.id, two.id]
    await operator.goes_on_duty("eken")
    await story.settle()
    assert operator.queue == [two.id]
    await operator.goes_off_duty()
    heard = len(operator.ear.heard(WaitingListed))
    await one.leaves()
    await two.leaves()
    await story.settle()
    assert len(operator.ear.heard(WaitingListed)) == heard


async def test_list_says_who_has_no_socket(story: Story, chat: Process) -> None:
    """The console sees that she is away for the moment, and that she is back."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await visitor.vanishes()
    await story.settle()
    assert operator.ear.last(WaitingListed).conversations[0].visitor_away_since is not None
    await visitor.comes_back()
    await story.settle()
    assert operator.ear.last(WaitingListed).conversations[0].visitor_away_since is None


async def test_queue_is_one_over_processes(story: Story, chat: Process, other: Process) -> None:
    """A visitor in one process stands behind one in the other, and both consoles show both."""
    here = await chat.visitor_starts("linden")
    there = await other.visitor_starts("linden")
    near = await chat.operator_on_duty("linden")
    far = await other.operator_on_duty("linden")
    assert near.queue == far.queue == sorted([here.id, there.id])
    places = sorted(visitor.ear.last(QueueMoved).ahead for visitor in (here, there))
    assert places == [0, 1]


# --- offers ---


async def test_offer_rings_one_at_a_time(story: Story, chat: Process) -> None:
    """It rings at one console, after 30 s at the next, and only the ringing one may accept."""
    alva = await chat.operator_on_duty("aspen", alias="Alva")
    story.clock.advance(1)
    bodil = await chat.operator_on_duty("aspen", alias="Bodil")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    assert (alva.queue, bodil.queue) == ([visitor.id], [])
    with pytest.raises(NotAllowed):
        await bodil.accepts(visitor)

    await story.let_pass(29)
    assert (alva.queue, bodil.queue) == ([visitor.id], [])
    await story.let_pass(1)
    assert (alva.queue, bodil.queue) == ([], [visitor.id])
    with pytest.raises(NotAllowed):
        await alva.accepts(visitor)
    await bodil.accepts(visitor)
    await story.settle()
    assert bodil.ear.last(ConversationOpened).conversation.id == visitor.id
    assert bodil.queue == []
    await story.let_pass(30)
    assert alva.queue == []


async def test_offer_goes_round_again(story: Story, chat: Process) -> None:
    """When everybody has let it ring, it begins anew with the first."""
    alva = await chat.operator_on_duty("aspen", alias="Alva")
    story.clock.advance(1)
    bodil = await chat.operator_on_duty("aspen", alias="Bodil")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    for ringing, silent in ((alva, bodil), (bodil, alva), (alva, bodil), (bodil, alva)):
        assert (ringing.queue, silent.queue) == ([visitor.id], [])
        await story.let_pass(30)


async def test_offer_is_once_over_processes(story: Story, chat: Process, other: Process) -> None:
    """Both processes look for an operator, and one console rings."""
    alva = await chat.operator_on_duty("aspen")
    bodil = await other.operator_on_duty("aspen")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    ringing = [operator.id for operator in (alva, bodil) if operator.queue]
    assert ringing == [(await chat.stored(visitor)).conversation.operator]


async def test_freed_place_is_filled(story: Story, chat: Process) -> None:
    """With room for one, the next rings as soon as the conversation has ended."""
    operator = await chat.operator_on_duty("aspen")
    first = await chat.visitor_starts("aspen")
    second = await chat.visitor_starts("aspen")
    await story.settle()
    assert operator.queue == [first.id]
    await operator.accepts(first)
    await story.settle()
    assert operator.queue == []
    await first.leaves()
    await story.settle()
    assert operator.queue == [second.id]


async def test_place_freed_in_one_service_is_filled_from_another(story: Story, chat: Process) -> None:
    """An operator of two services, who can hold one conversation, is rung by the other service."""
    operator = await chat.operator_on_duty("aspen", "alen")
    first = await chat.visitor_starts("aspen")
    await story.settle()
    await operator.accepts(first)
    await story.settle()
    second = await chat.visitor_starts("alen")
    await story.settle()
    assert operator.queue == []
    await first.leaves()
    await story.settle()
    assert operator.queue == [second.id]


async def test_one_console_rings_for_one_at_a_time(story: Story, chat: Process) -> None:
    """Two services never ring together at somebody who can hold one conversation."""
    operator = await chat.operator_on_duty("aspen", "alen")
    first = await chat.visitor_starts("aspen")
    second = await chat.visitor_starts("alen")
    await story.settle()
    assert len(operator.queue) == 1
    ringing = first if operator.queue == [first.id] else second
    await ringing.leaves()
    await story.settle()
    assert operator.queue == [(second if ringing is first else first).id]


async def test_nobody_is_rung_for_whoever_is_away(story: Story, chat: Process) -> None:
    """She keeps her place without a socket, and it rings when she is back."""
    visitor = await chat.visitor_starts("aspen")
    await visitor.vanishes()
    operator = await chat.operator_on_duty("aspen")
    assert operator.queue == []
    await visitor.comes_back()
    await story.settle()
    assert operator.queue == [visitor.id]


# --- counting ---


async def test_counters_count_each_once(story: Story, chat: Process) -> None:
    """Started, answered, abandoned, rescued, ended: each when it happens and never twice."""
    visitor, operator = await chat.talk()
    leaver = await chat.visitor_starts("linden")
    await leaver.leaves()
    await operator.vanishes()
    await story.let_pass(90)
    gone = {"abandoned": 1, "abandoned_waiting": 1, "rescued": 1}
    counted = {"started": 2, "answered": 1, "waited_00": 1, "shifts": 1} | gone
    assert await chat.counted() == counted
    second = await chat.operator_on_duty("linden", alias="Bodil")
    await second.accepts(visitor)
    await visitor.leaves()
    assert await chat.counted() == counted | {"shifts": 2, "ended": 1, "lasted_00": 1}


async def test_rescued_visitor_who_gives_up_counts_as_ended(story: Story, chat: Process) -> None:
    """She had been answered once, so she is not counted as abandoned."""
    visitor, operator = await chat.talk()
    await chat.chat.operators.revoke(operator.id)
    await visitor.leaves()
    assert await chat.counted() == {
        "started": 1,
        "answered": 1,
        "waited_00": 1,
        "rescued": 1,
        "ended": 1,
        "lasted_00": 1,
        "shifts": 1,
    }


async def test_closed_service_refuses_and_counts(story: Story, chat: Process) -> None:
    """A service that may not open takes nobody; the wish is counted by whoever knows whom to count."""
    from chat.errors import ServiceClosed

    id_ = ServiceId("linden")
    story.services = {**story.services, id_: replace(story.services[id_], cannot_open="no decision")}
    chat = await story.open_process(beside=chat)
    with pytest.raises(ServiceClosed):
        await chat.visitor_starts("linden")
    assert await chat.counted() == {}
    await chat.chat.visitors.count_closed(id_)
    assert await chat.counted() == {"refused_closed": 1}


async def test_board_and_status_show_the_moment(story: Story, chat: Process) -> None:
    """The board tells who waits, how long, who is on duty and what happened today."""
    id_ = ServiceId("linden")
    _, operator = await chat.talk()
    await chat.visitor_starts("linden")
    story.clock.advance(75)
    row = (await chat.chat.board.rows([id_]))[0]
    assert (row.waiting, row.longest_wait_s, row.active, row.answered) == (1, 75, 1, 1)
    assert row.on_duty == (Serving("Alva", 1, 3),)
    assert (await chat.chat.lobby.status(id_)).waiting == "none"
    await operator.vanishes()
    await story.settle()
    assert (await chat.chat.board.rows([id_]))[0].on_duty == ()
    assert (await chat.chat.lobby.status(id_)).waiting == "long"


# --- who said what to whom ---


async def test_welcome_and_duty_come_first(story: Story, chat: Process) -> None:
    """The first notice is the welcome; the duty is confirmed before the list."""
    operator = await chat.operator_on_duty("linden")
    kinds = [type(notice) for notice in operator.ear.notices]
    assert kinds.index(WaitingListed) > kinds.index(DutyNoted)
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    assert isinstance(visitor.ear.notices[0], Welcomed)


async def test_visitors_never_hear_of_duties(story: Story, chat: Process) -> None:
    """No notice to a visitor holds a duty's id."""
    visitor, operator = await chat.talk()
    await operator.says(visitor, "hej")
    await operator.vanishes()
    await story.let_pass(90)
    await check_no_duty(visitor, operator.id)


async def check_no_duty(visitor: Visitor, duty: DutyId) -> None:
    """Look for a duty's id in everything that she was told."""
    assert duty not in repr(visitor.ear.notices)
