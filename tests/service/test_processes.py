# SPDX-License-Identifier: EUPL-1.2
"""One conversation over two processes: doorbells, takeovers, and which process holds the key."""

from __future__ import annotations

import asyncio

from chat.live.notices import (
    ConversationOpened,
    PeerTyping,
    TakenOver,
    VisitorPresence,
)
from chat.live.room import Room
from tests.service.conftest import ON_BOTH
from tests.service.story import Process, Story, deaf

pytestmark = ON_BOTH


async def test_talk_runs_over_two_processes(story: Story, chat: Process, other: Process) -> None:
    """She is here, the operator there: words, typing and presence cross, each once."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake={"need": "talk"})
    await story.settle()
    assert operator.queue == [visitor.id]
    await operator.accepts(visitor)
    await story.settle()
    opened = operator.ear.last(ConversationOpened)
    assert (opened.readable, opened.intake) == (True, '{"need":"talk"}')
    await visitor.says("ett")
    await story.settle()
    await operator.says(visitor, "två")
    chat.chat.visitors.typing(visitor.seat)
    await operator.types(visitor)
    await story.settle()
    assert (visitor.ear.texts(), operator.ear.texts()) == (["två"], ["ett"])
    assert (len(visitor.ear.heard(PeerTyping)), len(operator.ear.heard(PeerTyping))) == (1, 1)
    await visitor.vanishes()
    await story.settle()
    assert operator.ear.last(VisitorPresence).connected is False


async def test_console_moves_between_processes(story: Story, chat: Process, other: Process) -> None:
    """The sign-in opens a console elsewhere: the first is told, and its end changes nothing."""
    visitor, operator = await chat.talk()
    moved = await operator.comes_back(to=other)
    await story.settle()
    assert isinstance(operator.ear.notices[-1], TakenOver)
    assert chat.chat.rooms.readers.private_keys == {}
    await operator.vanishes()
    await moved.resumes(visitor)
    await visitor.says("hej")
    await story.settle()
    assert moved.ear.texts() == ["hej"]


async def test_end_of_an_old_connection_elsewhere_is_put_right(
    story: Story, chat: Process, other: Process
) -> None:
    """Without the doorbell of the takeover the old process notes her as away; the new one corrects it."""
    visitor, operator = await chat.talk()
    with deaf(chat):
        back = await visitor.comes_back(to=other)
        await story.settle()
        await visitor.vanishes()
        await story.settle()
    assert (await chat.stored(visitor)).conversation.visitor_away_since is None
    await story.let_pass(600)
    await back.says("kvar")
    await story.settle()
    assert operator.ear.texts() == ["kvar"]


# --- who holds the key ---


async def test_key_comes_from_the_process_where_she_is(story: Story, chat: Process, other: Process) -> None:
    """Accepted before it was wrapped: her process wraps it, and accept has waited for that."""
    visitor = await chat.visitor_starts("linden")
    await visitor.says("hej")
    operator = await other.operator_connects(story.sign_in("linden"))
    await operator.goes_on_duty("linden")
    assert await chat.store.wrapped_for(visitor.id) == set()
    await operator.accepts(visitor)
    (opened,) = operator.ear.heard(ConversationOpened)
    assert opened.readable
    assert operator.ear.texts() == ["hej"]


async def test_key_that_does_not_come_leaves_it_unreadable_until_it_does(
    story: Story, chat: Process, other: Process
) -> None:
    """After two seconds the console says that she is away for a moment, and opens when the key comes."""
    visitor = await chat.visitor_starts("linden", intake={})
    await visitor.says("hej")
    operator = await other.operator_connects(story.sign_in("linden"))
    await operator.goes_on_duty("linden")
    with deaf(chat):
        accepting = asyncio.create_task(operator.accepts(visitor))
        await story.clock.sleeps_in(accepting)
        story.clock.advance(1.9)
        await asyncio.sleep(0)
        assert not accepting.done()
        story.clock.advance(0.1)
        await accepting
    (opened,) = operator.ear.heard(ConversationOpened)
    assert (opened.readable, opened.entries, opened.intake) == (False, (), None)
    await visitor.says("är det någon där?")
    await story.settle()
    assert operator.ear.heard(ConversationOpened)[1].readable
    await operator.says(visitor, "ja")
    await story.settle()
    assert operator.ear.texts() == ["hej", "är det någon där?"]
    assert visitor.ear.texts() == ["ja"]


async def test_conversation_of_whoever_is_away_opens_when_she_is_back(story: Story, chat: Process) -> None:
    """Nobody holds the key: accept does not wait, and her return opens it."""
    visitor = await chat.visitor_starts("linden")
    await visitor.says("hej")
    await visitor.vanishes()
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    assert [opened.readable for opened in operator.ear.heard(ConversationOpened)] == [False]
    await visitor.comes_back()
    assert [opened.readable for opened in operator.ear.heard(ConversationOpened)] == [False, True]
    assert operator.ear.texts() == ["hej"]
    await operator.says(visitor, "hej hej")


async def test_wrap_made_while_she_was_here_opens_it_without_her(story: Story, chat: Process) -> None:
    """Whoever came on duty while she was connected reads what she wrote, also after she has vanished."""
    visitor = await chat.visitor_starts("linden")
    await visitor.says("skynda er")
    operator = await chat.operator_on_duty("linden")
    await visitor.vanishes()
    assert chat.chat.rooms.all() == []
    await operator.accepts(visitor)
    assert operator.ear.texts() == ["skynda er"]


async def test_wrap_is_made_again_for_whoever_was_forgotten(story: Story, chat: Process) -> None:
    """A duty that was lost, forgotten and is back reads again what waits, although the wraps went with it."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await visitor.says("hej")
    await story.settle()
    await operator.vanishes()
    await story.let_pass(90)
    assert await chat.store.wrapped_for(visitor.id) == set()
    back = await operator.comes_back()
    await back.goes_on_duty("linden")
    await story.settle()
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    await visitor.vanishes()
    await back.accepts(visitor)
    assert back.ear.texts() == ["hej"]


async def test_claim_leaves_one_reader(story: Story, chat: Process) -> None:
    """While she waits everybody on duty could read; after the claim only the one who accepted."""
    alva = await chat.operator_on_duty("linden")
    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    stranger = await chat.operator_on_duty("eken")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    assert await chat.store.wrapped_for(visitor.id) == {alva.id, bodil.id}
    await bodil.accepts(visitor)
    await story.settle()
    assert await chat.store.wrapped_for(visitor.id) == {bodil.id}
    assert stranger.queue == []


async def test_both_gone_is_unreadable(story: Story, chat: Process) -> None:
    """When both have left, no process holds the key."""
    visitor, operator = await chat.talk()
    room = visitor.seat.room
    await visitor.vanishes()
    assert room.key is not None
    await operator.vanishes()
    assert chat.chat.rooms.all() == []
    assert_forgotten(room)
    assert chat.chat.rooms.readers.private_keys == {}
    assert await chat.is_live(visitor)


def assert_forgotten(room: Room) -> None:
    """Neither key nor token is left in a room."""
    assert room.key is None
    assert room.token is None
