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
    DeskReady,
    DutyNoted,
    QueueMoved,
    SignInRevoked,
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
