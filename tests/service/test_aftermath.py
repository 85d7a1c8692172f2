# SPDX-License-Identifier: EUPL-1.2
"""What an operator who comes back learns of what was lost, and what she reads who lost a lone one."""

from __future__ import annotations

from chat.entries import EntryKind
from chat.ids import ConversationId, ServiceId
from chat.live.aftermath import GONE, Aftermath, aftermath
from chat.live.notices import ConversationOpened, QueueMoved, VisitorPresence
from tests.service.standing import EVENING
from tests.service.story import Operator, Process, Story, Visitor


async def _known(to: Operator, whom: Visitor | ConversationId) -> Aftermath:
    conversation = whom if isinstance(whom, str) else whom.id
    return await aftermath(to.process.store, to.id, to.desk.signed_in.services, conversation)


async def test_returning_operator_learns_what_became_of_each(story: Story, chat: Process) -> None:
    """That it waits and since when, then under which alias it was taken, then nothing more."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await story.let_pass(90)
    back = await operator.comes_back()
    lost_at = story.clock.now()
    await story.let_pass(60)
    assert await _known(back, visitor) == Aftermath("waits", lost_at)

    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    await bodil.accepts(visitor)
    await story.let_pass(60)
    assert await _known(back, visitor) == Aftermath("taken", lost_at, "Bodil")
    await bodil.ends(visitor)
    assert await _known(back, visitor) == GONE


async def test_aftermath_tells_nothing_of_what_was_never_lost(story: Story, chat: Process) -> None:
    """One that waits for the first time, one of another service, one's own and none at all look alike."""
    operator = await chat.operator_on_duty("linden")
    fresh = await chat.visitor_starts("linden")
    held = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(held)
    elsewhere = await chat.operator_on_duty("aspen", alias="Bodil")
    theirs = await chat.visitor_starts("aspen")
    await story.settle()
    await elsewhere.accepts(theirs)
    await elsewhere.vanishes()
    await story.let_pass(90)
    assert (await chat.stored(theirs)).conversation.front
    for whom in (fresh, held, theirs, ConversationId("none")):
        assert await _known(operator, whom) == GONE


async def test_visitor_of_a_lone_lost_operator_is_told_that_nobody_is_here(
    story: Story, chat: Process
) -> None:
    """She stands first and reads that nobody is here; the next on duty is told to her, and reads it all."""
    visitor, operator = await chat.talk()
    await visitor.says("han kommer hem klockan fem")
    await operator.vanishes()
    await story.let_pass(90)
    moved = visitor.ear.last(QueueMoved)
    assert (moved.ahead, moved.here, moved.wait) == (0, False, None)
    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    assert visitor.ear.last(QueueMoved).here
    await bodil.accepts(visitor)
    assert bodil.ear.texts() == ["han kommer hem klockan fem"]
    assert [entry.kind for entry in visitor.ear.entries()] == [
        EntryKind.JOINED,
        EntryKind.LEFT,
        EntryKind.JOINED,
    ]


async def test_visitor_of_one_of_two_is_told_that_somebody_is_here(story: Story, chat: Process) -> None:
    """Where a colleague is on duty nobody claims that she is alone."""
    visitor, operator = await chat.talk()
    await chat.operator_on_duty("linden", alias="Bodil")
    await operator.vanishes()
    await story.let_pass(90)
    assert visitor.ear.last(QueueMoved).here


async def test_operator_sees_since_when_she_is_away(story: Story, chat: Process) -> None:
    """At the moment, and after a reload of the console; once she is back there is nothing to tell."""
    visitor, operator = await chat.talk()
    await story.let_pass(30)
    await visitor.vanishes()
    gone_at = story.clock.now()
    assert gone_at > EVENING
    assert operator.ear.last(VisitorPresence) == VisitorPresence(visitor.id, connected=False, since=gone_at)
    await story.let_pass(60)
    await operator.vanishes()
    again = await operator.comes_back()
    await again.resumes(visitor)
    assert again.ear.last(ConversationOpened).conversation.visitor_away_since == gone_at
    await visitor.comes_back()
    assert again.ear.last(VisitorPresence) == VisitorPresence(visitor.id, connected=True)


async def test_services_are_those_of_the_sign_in(story: Story, chat: Process) -> None:
    """Off duty, as after a lost shift, one may still learn what became of one's own."""
    visitor, operator = await chat.talk()
    await operator.vanishes()
    await story.let_pass(90)
    back = await operator.comes_back()
    assert back.desk.duty is None
    assert back.desk.signed_in.services == frozenset({ServiceId("linden")})
    assert (await _known(back, visitor)).now == "waits"
