# SPDX-License-Identifier: EUPL-1.2
"""Operators who go: a lid that is closed, a sign-in that is revoked, a duty that ends."""

from __future__ import annotations

import asyncio

import pytest

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import NotAllowed
from chat.ids import ServiceId
from chat.live.notices import (
    ConversationLost,
    ConversationOpened,
    DeskReady,
    DutyNoted,
    PeerTyping,
    QueueMoved,
    SignInRevoked,
    TakenOver,
    VisitorPresence,
)
from chat.ports import Bell, Doorbell
from tests.service.story import Process, Story, deaf

LINDEN = ServiceId("linden")


async def test_lost_operator_gives_her_back_after_90_seconds(story: Story, chat: Process) -> None:
    """She is told, stands at the front, and the next operator reads the whole history."""
    visitor, operator = await chat.talk()
    earlier = await chat.visitor_starts("linden")
    await visitor.says("det jag sa först")
    await operator.vanishes()
    await story.let_pass(89)
    assert visitor.ear.entries()[-1].kind is EntryKind.JOINED
    await story.let_pass(1)
    left = visitor.ear.entries()[-1]
    assert (left.seq, left.kind, left.alias) == (3, EntryKind.LEFT, "Alva")
    assert visitor.ear.last(QueueMoved).ahead == 0
    assert earlier.ear.last(QueueMoved).ahead == 1

    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    assert bodil.queue == [visitor.id, earlier.id]
    await bodil.accepts(visitor)
    assert bodil.ear.texts() == ["det jag sa först"]
    assert [entry.seq for entry in bodil.ear.entries()] == [1, 2, 3, 4]
    assert visitor.ear.entries()[-1].alias == "Bodil"


async def test_lost_operator_may_not_go_on(story: Story, chat: Process) -> None:
    """Back too late, the first operator finds the conversation gone and the duty ended."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await story.let_pass(90)
    back = await operator.comes_back()
    assert back.ear.last(DeskReady).held == ()
    assert back.ear.last(DutyNoted).duty is None
    with pytest.raises(NotAllowed):
        await back.says(visitor, "hallå")
    assert await chat.store.all_duties() == []


async def test_operator_back_in_time_keeps_her(story: Story, chat: Process) -> None:
    """Back within 90 seconds the conversation is still theirs, and so is the duty."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await story.let_pass(89)
    back = await operator.comes_back()
    assert [one.id for one in back.ear.last(DeskReady).held] == [visitor.id]
    duty = back.ear.last(DutyNoted).duty
    assert duty is not None
    assert (duty.alias, duty.away_since) == ("Alva", None)
    await story.let_pass(600)
    await back.says(visitor, "nu är jag här")
    assert visitor.ear.texts() == ["nu är jag här"]


async def test_reload_of_console_never_ends_as_away(story: Story, chat: Process) -> None:
    """The old socket's end and the new one's beginning may come in any order."""
    visitor, operator = await chat.talk()
    for round_ in range(40):
        steps = [operator.vanishes(), operator.comes_back()]
        done = await asyncio.gather(*(steps if round_ % 2 else steps[::-1]))
        operator = next(one for one in done if one is not None)
        assert (await chat.stored(visitor)).conversation.operator_away_since is None
        duty = await chat.store.duty(operator.id)
        assert duty is not None
        assert duty.away_since is None
    await operator.resumes(visitor)
    await visitor.says("hej")
    assert operator.ear.texts() == ["hej"]


async def test_reload_of_her_page_never_ends_as_away(story: Story, chat: Process) -> None:
    """The same for her: whatever order the two sockets take, she is present in the end."""
    visitor, operator = await chat.talk()
    for round_ in range(40):
        old = visitor
        if round_ % 2:
            _, visitor = await asyncio.gather(old.vanishes(), old.comes_back())
        else:
            visitor, _ = await asyncio.gather(old.comes_back(), old.vanishes())
        assert (await chat.stored(visitor)).conversation.visitor_away_since is None
    await operator.says(visitor, "hej")
    assert visitor.ear.texts() == ["hej"]


async def test_revoked_sign_in_gives_her_back_at_once(story: Story, chat: Process) -> None:
    """The console is told, she goes to the front, and nothing of the duty stays."""
    visitor, operator = await chat.talk()
    await chat.chat.operators.revoke(operator.id)
    await story.settle()
    assert operator.ear.heard(SignInRevoked)
    assert not operator.ear.heard(ConversationLost)
    assert visitor.ear.entries()[-1].kind is EntryKind.LEFT
    stored = (await chat.stored(visitor)).conversation
    assert (stored.phase, stored.front, stored.operator) == (Phase.WAITING, True, None)
    assert await chat.store.all_duties() == []
    assert chat.chat.rooms.readers.private_keys == {}
    for attempt in (operator.says(visitor, "kvar"), operator.resumes(visitor), operator.accepts(visitor)):
        with pytest.raises(NotAllowed):
            await attempt
    assert await chat.store.wrapped_for(visitor.id) == set()


async def test_revoked_sign_in_never_comes_on_duty_again(story: Story, chat: Process) -> None:
    """A duty frame that crosses the revocation leaves no duty behind."""
    operator = await chat.operator_connects(story.sign_in("linden"))
    for first in (0, 1):
        steps = [operator.goes_on_duty("linden"), chat.chat.operators.revoke(operator.id)]
        await asyncio.gather(*(steps[::-1] if first else steps), return_exceptions=True)
        await story.settle()
        assert await chat.store.all_duties() == []
        assert chat.chat.lobby._onlookers == {}


async def test_revocation_is_heard_in_other_processes(story: Story, chat: Process, other: Process) -> None:
    """A doorbell closes the console wherever it is."""
    operator = await other.operator_on_duty("linden")
    chat.chat.bus.ring(Doorbell(bell=Bell.REVOKED, duty=operator.id, origin=chat.chat.rooms.origin))
    await story.settle()
    assert operator.ear.heard(SignInRevoked)
    assert await chat.store.all_duties() == []


async def test_offer_to_revoked_operator_goes_to_the_next(story: Story, chat: Process) -> None:
    """What rang at a revoked console rings at another one at once."""
    alva = await chat.operator_on_duty("aspen")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    assert alva.queue == [visitor.id]
    bodil = await chat.operator_on_duty("aspen", alias="Bodil")
    await chat.chat.operators.revoke(alva.id)
    await story.settle()
    assert bodil.queue == [visitor.id]


async def test_duty_off_keeps_open_conversations(story: Story, chat: Process) -> None:
    """Off duty nothing new comes, and what is open goes on."""
    visitor, operator = await chat.talk()
    await operator.goes_off_duty()
    assert operator.ear.last(DutyNoted).duty is None
    await visitor.says("är du kvar?")
    await operator.says(visitor, "ja")
    await story.let_pass(600)
    assert visitor.ear.texts() == ["ja"]
    assert operator.ear.texts() == ["är du kvar?"]
    assert (await chat.stored(visitor)).conversation.phase is Phase.ACTIVE


async def test_duty_off_and_gone_leaves_no_row(story: Story, chat: Process) -> None:
    """A sign-in that went off duty and closed the console is forgotten, held conversations first."""
    visitor, operator = await chat.talk()
    await operator.goes_off_duty()
    await operator.vanishes()
    await story.let_pass(90)
    assert (await chat.stored(visitor)).conversation.phase is Phase.WAITING
    assert await chat.store.all_duties() == []


async def test_other_consoles_message_is_lost_notice(story: Story, chat: Process, other: Process) -> None:
    """A console that is still open in another process is told that the conversation went back."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await operator.accepts(visitor)
    await story.settle()
    from chat import commands

    async with chat.chat.rooms.visit(visitor.id) as room:
        assert room is not None
        await chat.chat.rooms.do(room, commands.ReturnToQueue(operator.id))
    await story.settle()
    assert operator.ear.heard(ConversationLost) == [ConversationLost(visitor.id, 2)]
    with pytest.raises(NotAllowed):
        await operator.says(visitor, "hallå?")


async def test_console_that_missed_the_loss_reads_nothing_more(
    story: Story, chat: Process, other: Process
) -> None:
    """Without the doorbell, resume is still decided by the store and shows nothing said since."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await operator.accepts(visitor)
    await story.settle()
    from chat import commands

    with deaf(other):
        async with chat.chat.rooms.visit(visitor.id) as room:
            assert room is not None
            await chat.chat.rooms.do(room, commands.ReturnToQueue(operator.id))
        await visitor.says("bara till nästa")
        await story.settle()
        with pytest.raises(NotAllowed):
            await operator.resumes(visitor)
    assert operator.ear.texts() == []


async def test_visitors_presence_is_shown(story: Story, chat: Process) -> None:
    """The console sees that she has no socket for the moment, and that she is back."""
    visitor, operator = await chat.talk()
    await visitor.vanishes()
    await visitor.comes_back()
    shown = [presence.connected for presence in operator.ear.heard(VisitorPresence)]
    assert shown == [False, True]


# --- two processes ---


async def test_talk_runs_over_two_processes(story: Story, chat: Process, other: Process) -> None:
    """She is here, the operator there: words, typing and presence cross, each once."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake='{"need":"talk"}')
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
    visitor = await chat.visitor_starts("linden", intake="{}")
    await visitor.says("hej")
    operator = await other.operator_connects(story.sign_in("linden"))
    await operator.goes_on_duty("linden")
    with deaf(chat):
        accepting = asyncio.create_task(operator.accepts(visitor))
        await story.clock.someone_sleeps()
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
    assert (room.key, room.token) == (None, None)
    assert chat.chat.rooms.readers.private_keys == {}
    assert await chat.is_live(visitor)
