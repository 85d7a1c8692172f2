# SPDX-License-Identifier: EUPL-1.2
"""Whoever can write to Redis rings whatever they like: no bell is believed, each is looked up."""

from __future__ import annotations

import asyncio

import pytest

from chat.errors import NotNow
from chat.events import EndReason
from chat.ids import DutyId
from chat.live import visiting
from chat.live.notices import ConversationOver, DangerDenied, SignInRevoked, TakenOver
from chat.ports import Bell, Doorbell
from tests.service.conftest import ON_BOTH
from tests.service.looking import Deaf, look, one_of_several
from tests.service.story import Process, Story

pytestmark = ON_BOTH


def forged(bell: Bell, **told: object) -> Doorbell:
    """Return a bell that none of ours has rung."""
    return Doorbell(bell=bell, origin="somebody", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["operator", "visitor", "no reason that there is"])
async def test_forged_end_ends_nothing(story: Story, chat: Process, other: Process, reason: str) -> None:
    """Both go on, and what was said meanwhile elsewhere is caught up on; the real end has the real reason."""
    visitor, operator = await chat.talk()
    story.bus.ring(forged(Bell.ENDED, conversation=visitor.id, seq=99, reason=reason))
    await story.settle()
    assert not visitor.ear.heard(ConversationOver)
    assert not operator.ear.heard(ConversationOver)
    await visitor.says("jag är kvar")
    assert operator.ear.texts() == ["jag är kvar"]
    back = await visitor.comes_back(to=other)
    await story.settle()
    await operator.ends(visitor)
    await story.settle()
    over = back.ear.last(ConversationOver)
    assert over.reason is EndReason.OPERATOR
    heard = len(back.ear.notices)
    story.bus.ring(forged(Bell.ENDED, conversation=visitor.id, seq=100, reason="visitor"))
    story.bus.ring(forged(Bell.ENTRY, conversation=visitor.id, seq=100))
    await story.settle()
    assert len(back.ear.notices) == heard, "nothing comes after the end"


async def test_forged_end_leaves_no_ghost_in_the_queue(story: Story, chat: Process) -> None:
    """Whoever is lost after it is away, with her usual patience, and does not wait there for ever."""
    visitor = await chat.visitor_starts("linden")
    story.bus.ring(forged(Bell.ENDED, conversation=visitor.id, seq=99, reason="operator"))
    await story.settle()
    await visitor.vanishes()
    await story.settle()
    assert (await chat.stored(visitor)).conversation.visitor_away_since is not None
    await story.let_pass(600)
    assert not await chat.is_live(visitor)


async def test_forged_takeover_sends_nobody_away(story: Story, chat: Process, other: Process) -> None:
    """Neither her nor a console; a real one sends away whoever was there before."""
    visitor, operator = await chat.talk()
    story.bus.ring(forged(Bell.TAKEN_OVER, conversation=visitor.id))
    story.bus.ring(forged(Bell.TAKEN_OVER, duty=operator.id))
    await story.settle()
    assert not visitor.ear.heard(TakenOver)
    assert not operator.ear.heard(TakenOver)
    await visitor.says("hej")
    assert operator.ear.texts() == ["hej"]
    back, moved = await visitor.comes_back(to=other), await operator.comes_back(to=other)
    await story.settle()
    assert visitor.ear.heard(TakenOver)
    assert operator.ear.heard(TakenOver)
    assert not back.ear.heard(TakenOver)
    assert not moved.ear.heard(TakenOver)


async def test_forged_revocation_closes_no_console(story: Story, chat: Process) -> None:
    """While the sign-in is valid; else it closes at once."""
    _, operator = await chat.talk()
    valid = {operator.id}

    async def is_signed_in(duty: DutyId) -> bool:
        return duty in valid

    chat.chat.operators.is_signed_in = is_signed_in
    story.bus.ring(forged(Bell.REVOKED, duty=operator.id))
    await story.settle()
    assert not operator.ear.heard(SignInRevoked)
    assert await chat.store.held_by(operator.id)
    valid.clear()
    story.bus.ring(forged(Bell.REVOKED, duty=operator.id))
    await story.settle()
    assert operator.ear.heard(SignInRevoked)
    assert await chat.store.held_by(operator.id) == []


async def test_nobody_says_in_her_name_that_she_is_not_in_danger(
    story: Story, chat: Process, other: Process
) -> None:
    """No bell says it: whatever is rung, it is told only when she has said it, and then once."""
    operator = await chat.operator_on_duty("linden")
    visitor = await other.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    for bell in Bell:
        story.bus.ring(forged(bell, conversation=visitor.id, seq=7))
    await story.settle()
    assert not operator.ear.heard(DangerDenied)
    await visiting.deny_danger(other.chat.visitors, visitor.seat)
    await story.settle()
    assert len(operator.ear.heard(DangerDenied)) == 1


# --- and none is needed ---


async def test_takeover_and_her_no_need_no_doorbell(story: Story) -> None:
    """With every doorbell lost one look sends away the older tab and console, and tells that she said no."""
    one, two = [await one_of_several(story, Deaf()) for _ in range(2)]
    visitor, operator = await one.talk()
    back = await visitor.comes_back(to=two)
    moved = await operator.comes_back(to=two)
    await look(story)
    assert visitor.ear.heard(TakenOver)
    assert operator.ear.heard(TakenOver)
    with pytest.raises(NotNow):
        await visitor.says("från den gamla")
    await moved.resumes(visitor)
    await visiting.deny_danger(two.chat.visitors, back.seat)
    third = await back.comes_back(to=one)
    await visiting.deny_danger(one.chat.visitors, third.seat)
    await look(story)
    await look(story)
    assert len(moved.ear.heard(DangerDenied)) == 2
    assert back.ear.heard(TakenOver)
    assert not third.ear.heard(TakenOver)
    assert not moved.ear.heard(TakenOver)
    await visitor.vanishes()
    await operator.vanishes()
    await look(story)
    stored = (await one.stored(third)).conversation
    assert (stored.visitor_away_since, stored.operator_away_since) == (None, None)
    assert one.chat.rooms.all() == [third.seat.room]


async def test_of_two_tabs_that_open_at_once_one_stays(story: Story) -> None:
    """Ten times over, at two processes that hear nothing of each other: never both, never none."""
    one, two = [await one_of_several(story, Deaf()) for _ in range(2)]
    visitor, _ = await one.talk()
    for _ in range(10):
        tabs = await asyncio.gather(visitor.comes_back(to=one), visitor.comes_back(to=two))
        for _ in range(3):
            await look(story)
        gone = [bool(tab.ear.heard(TakenOver)) for tab in tabs]
        assert sorted(gone) == [False, True]
        stays = tabs[gone.index(False)]
        await stays.says("hej")
        assert (await one.stored(visitor)).conversation.seat == stays.seat.seat.connection


async def test_of_two_consoles_that_open_at_once_one_stays(story: Story) -> None:
    """The same for a sign-in, also while one of them changes what it is on duty for."""
    one, two = [await one_of_several(story, Deaf()) for _ in range(2)]
    operator = await one.operator_on_duty("linden")
    for _ in range(10):
        here, there = await asyncio.gather(operator.comes_back(to=one), operator.comes_back(to=two))
        await asyncio.gather(here.goes_on_duty("linden"), look(story, two), return_exceptions=True)
        for _ in range(3):
            await look(story)
        assert sorted(bool(each.ear.heard(TakenOver)) for each in (here, there)) == [False, True]
