# SPDX-License-Identifier: EUPL-1.2
"""What is gone without having said so: sign-ins, consoles, rows, and a store that is away meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chat import commands
from chat.conversation import Phase
from chat.errors import Unavailable
from chat.events import EndReason
from chat.ids import ConversationId, DutyId
from chat.live.notices import ConversationOver, PeerTyping, QueueMoved, SignInRevoked, WaitingListed
from chat.live.rooms import Rooms
from chat.ports import Bell, Doorbell, Stored
from tests.service.held import held_by_another
from tests.service.story import Process, Story, deaf

# --- duties ---


async def test_nobody_is_on_duty_90_seconds_after_a_kill(story: Story, chat: Process) -> None:
    """Somebody was on duty and does not come back: the queue does not count on them for ever."""
    await chat.operator_on_duty("linden")
    await story.close(chat)
    chat = await story.open_process()
    await chat.store.mark_all_away(story.clock.now())
    await story.let_pass(89)
    assert len(await chat.store.all_duties()) == 1
    await story.let_pass(1)
    assert await chat.store.all_duties() == []


async def test_sign_in_without_a_console_is_known_and_can_be_revoked(story: Story, chat: Process) -> None:
    """It ended while its console was not connected: she stands at the front at once."""
    visitor, operator = await chat.talk()
    idle = await chat.operator_connects(story.sign_in("linden"))
    assert await chat.chat.operators.duties() == {operator.id, idle.id}
    await operator.vanishes()
    assert operator.id in await chat.chat.operators.duties()
    await chat.chat.operators.revoke(operator.id)
    await story.settle()
    stored = (await chat.stored(visitor)).conversation
    assert (stored.phase, stored.front) == (Phase.WAITING, True)
    assert visitor.ear.last(QueueMoved).ahead == 0
    assert await chat.chat.operators.duties() == {idle.id}


async def test_one_that_cannot_be_returned_stops_no_other(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revoked with two conversations, of which one breaks: the other one is at the front."""
    first, operator = await chat.talk()
    second = await chat.visitor_starts("linden")
    await operator.accepts(second)
    broken, whole = sorted((first.id, second.id))
    if (await chat.store.held_by(operator.id))[0] != broken:
        broken, whole = whole, broken
    do = Rooms.do

    async def breaking(self: Rooms, room: Any, command: commands.Command) -> Any:
        if room.id == broken:
            raise KeyError
        return await do(self, room, command)

    with monkeypatch.context() as breaks:
        breaks.setattr(Rooms, "do", breaking)
        await chat.chat.operators.revoke(operator.id)
    assert (await chat.stored(whole)).conversation.front
    assert not (await chat.stored(broken)).conversation.front


async def test_revocation_during_a_connect_that_fails_is_carried_out(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk is cleared once, the failure is the connect's own, and no duty is left."""
    operator = await chat.operator_on_duty("linden")
    await operator.vanishes()
    revoking: list[asyncio.Task[None]] = []

    async def revoked_meanwhile(duty: DutyId) -> list[ConversationId]:
        monkeypatch.undo()
        revoking.append(asyncio.create_task(chat.chat.operators.revoke(duty)))
        while chat.chat.operators.desks:  # noqa: ASYNC110  the chat sets no event for a test
            await asyncio.sleep(0)
        raise Unavailable

    monkeypatch.setattr(chat.store, "held_by", revoked_meanwhile)
    with pytest.raises(Unavailable):
        await operator.comes_back()
    await revoking[0]
    assert await chat.chat.operators.duties() == set()
    assert chat.chat.rooms.readers.private_keys == {}


async def test_old_desk_clears_nothing_of_the_new_one(story: Story, chat: Process) -> None:
    """The end of a desk that was taken over leaves the new one its keys and its list."""
    operator = await chat.operator_on_duty("linden")
    back = await operator.comes_back()
    chat.chat.operators._clear(operator.desk)
    assert chat.chat.operators.desks == {back.id: back.desk}
    assert set(chat.chat.rooms.readers.private_keys) == {back.id}
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    assert back.queue == [visitor.id]


async def test_duty_that_came_back_is_not_written_over(story: Story, chat: Process) -> None:
    """What the timekeeper read before its turn is old: the newer absence has its own patience."""
    _, operator = await chat.talk()
    await operator.vanishes()
    (old,) = await chat.store.all_duties()
    story.clock.advance(60)
    back = await operator.comes_back()
    await back.vanishes()
    await chat.chat.operators.forget_lost(old)
    stored = await chat.store.duty(operator.id)
    assert stored is not None
    assert stored.services == {"linden"}
    assert stored.away_since == story.clock.now()


async def test_offer_goes_on_when_its_console_is_gone(story: Story, chat: Process) -> None:
    """A console that rings and disconnects: the next one rings at once, not after 30 seconds."""
    alva = await chat.operator_on_duty("aspen")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    assert alva.queue == [visitor.id]
    bodil = await chat.operator_on_duty("aspen", alias="Bodil")
    await alva.vanishes()
    await story.settle()
    assert bodil.queue == [visitor.id]


# --- visitors ---


async def test_beacon_is_kept_in_mind_while_the_store_is_away(story: Story) -> None:
    """She has left, whatever the store says at that moment."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with held_by_another(story):
        await chat.chat.visitors.leave_by_token(visitor.token)
        assert visitor.ear.heard(ConversationOver) == []
    await story.clock.goes_on_until(lambda: not chat.chat.persistence._works)
    assert visitor.ear.last(ConversationOver).reason is EndReason.LEFT_QUICKLY
    assert not await chat.is_live(visitor)


async def test_works_that_go_on_end_with_the_process(story: Story) -> None:
    """A stop gives up what is not stored."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    with held_by_another(story):
        await chat.chat.visitors.leave_by_token(visitor.token)
        await chat.chat.stop()
    assert chat.chat.persistence._works == set()


async def test_start_that_breaks_after_its_commit_leaves_no_ghost(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong once she is stored: her time runs, and she goes."""
    create = chat.store.create

    async def and_then_break(*given: Any, **named: Any) -> None:
        await create(*given, **named)
        raise KeyError

    with monkeypatch.context() as breaks:
        breaks.setattr(chat.store, "create", and_then_break)
        with pytest.raises(KeyError):
            await chat.visitor_starts("linden")
    assert len(await chat.store.waiting(list(story.services))) == 1
    await story.let_pass(120)
    assert await chat.store.waiting(list(story.services)) == []
    assert chat.chat.rooms.all() == []


async def test_row_that_is_gone_is_told_as_closed(story: Story, chat: Process, other: Process) -> None:
    """Nobody kept why: she is told the end after the newest entry that is known here."""
    visitor, operator = await chat.talk()
    with deaf(chat):
        async with other.chat.rooms.visit(visitor.id) as room:
            assert room is not None
            await other.chat.rooms.do(room, commands.CloseConversation())
        await story.settle()
        chat.chat.bus.ring(Doorbell(bell=Bell.STATE, conversation=visitor.id, origin="elsewhere"))
    chat.chat.bus.ring(Doorbell(bell=Bell.STATE, conversation=visitor.id, origin="elsewhere"))
    await story.settle()
    assert visitor.ear.last(ConversationOver) == ConversationOver(visitor.id, 2, EndReason.CLOSED)
    assert operator.ear.is_over


async def test_typing_is_passed_on_every_two_seconds(story: Story, chat: Process) -> None:
    """However often either side writes, the other is told once in two seconds."""
    visitor, operator = await chat.talk()
    for _ in range(3):
        for _ in range(5):
            chat.chat.visitors.typing(visitor.seat)
            await operator.types(visitor)
        story.clock.advance(1)
    assert len(visitor.ear.heard(PeerTyping)) == len(operator.ear.heard(PeerTyping)) == 2


# --- other processes ---


async def test_room_that_a_doorbell_empties_is_left(story: Story, chat: Process, other: Process) -> None:
    """The last party here loses the conversation elsewhere: room and key leave memory."""
    visitor, operator = await chat.talk()
    await visitor.vanishes()
    (room,) = chat.chat.rooms.all()
    async with other.chat.rooms.visit(visitor.id) as there:
        assert there is not None
        await other.chat.rooms.do(there, commands.ReturnToQueue(operator.id))
    await story.settle()
    assert chat.chat.rooms.all() == []
    assert room.key is None


async def test_doorbell_is_followed_once_the_store_answers(
    story: Story, chat: Process, other: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away when it rings: the look follows, and she counts as present again."""
    visitor, _ = await chat.talk()
    load = chat.store.load
    failures = iter([1, 2])

    async def away_at_first(conversation: ConversationId) -> Stored | None:
        if next(failures, None) is not None:
            raise Unavailable
        return await load(conversation)

    monkeypatch.setattr(chat.store, "load", away_at_first)
    async with other.chat.rooms.visit(visitor.id) as room:
        assert room is not None
        await other.chat.rooms.do(room, commands.NoteVisitorAway())
    await asyncio.sleep(0)
    await story.clock.goes_on_until(lambda: not story.bus._listeners.hearing)
    assert (await chat.stored(visitor)).conversation.visitor_away_since is None


# --- many ---


async def test_list_is_cut_and_says_how_many_more(story: Story, chat: Process) -> None:
    """A console gets the first hundred and the number of the others."""
    await asyncio.gather(*(chat.visitor_starts("linden") for _ in range(103)))
    operator = await chat.operator_on_duty("linden")
    listed = operator.ear.last(WaitingListed)
    assert (len(listed.conversations), listed.more) == (100, 3)
    heard = len(operator.ear.heard(WaitingListed))
    last = next(one for one in chat.chat.rooms.all() if one.id not in operator.queue)
    await chat.chat.rooms.do(last, commands.LeaveConversation())
    await story.settle()
    assert operator.ear.last(WaitingListed).more == 2
    assert len(operator.ear.heard(WaitingListed)) == heard + 1


async def test_newcomers_wraps_share_commits(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A duty that begins before a long queue does not write once for each who waits."""
    visitors = await asyncio.gather(*(chat.visitor_starts("linden") for _ in range(60)))
    await story.settle()
    at_work = most = 0
    add_wraps = chat.store.add_wraps

    async def counted(*given: Any) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await add_wraps(*given)
        at_work -= 1

    monkeypatch.setattr(chat.store, "add_wraps", counted)
    operator = await chat.operator_on_duty("linden")
    assert most > 1
    for visitor in visitors:
        assert await chat.store.wrapped_for(visitor.id) == {operator.id}


# --- time ---


@pytest.mark.parametrize("broken", ["due", "all_duties"])
async def test_part_of_a_tick_that_fails_stops_no_other(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Old daily keys are forgotten although nothing else can be read."""
    story.keys().today(story.clock.now())
    story.clock.advance(timedelta(days=3).total_seconds())
    forgotten: list[object] = []
    monkeypatch.setattr(chat.chat.timekeeper.keys, "forget_old", forgotten.append, raising=False)

    async def fail(*given: Any) -> Any:
        raise KeyError

    monkeypatch.setattr(chat.store, broken, fail)
    await chat.chat.timekeeper.tick()
    assert len(forgotten) == 1


async def test_conversation_that_breaks_stops_nobody_elses_time(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row cannot be read: the others expire and the lost duty is forgotten."""
    visitors = [await chat.visitor_starts("linden") for _ in range(3)]
    operator = await chat.operator_on_duty("linden")
    for visitor in visitors:
        await visitor.vanishes()
    await operator.vanishes()
    broken, load = visitors[1].id, chat.store.load

    async def load_or_break(conversation: ConversationId) -> Stored | None:
        if conversation == broken:
            raise KeyError
        return await load(conversation)

    with monkeypatch.context() as breaks:
        breaks.setattr(chat.store, "load", load_or_break)
        await story.let_pass(120)
    assert [await chat.is_live(visitor) for visitor in visitors] == [False, True, False]
    assert await chat.store.all_duties() == []
    assert not operator.ear.heard(SignInRevoked)
