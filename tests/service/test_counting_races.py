# SPDX-License-Identifier: EUPL-1.2
"""What two processes do at the same moment is counted once: claims, ends, time that runs out, shifts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from msgspec.structs import replace

from chat.errors import Refused
from chat.ids import DutyId
from chat.statistics import shifts_begun
from tests.service.story import Process, Story
from tests.service.test_counting import counted
from tests.service.transferring import offers


async def at_once(story: Story, *works: Coroutine[Any, Any, object]) -> int:
    """Do it all at the same moment, and return how much of it was carried out."""
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    await story.settle()
    assert all(isinstance(each, Refused) for each in outcomes if isinstance(each, BaseException)), outcomes
    return sum(not isinstance(each, BaseException) for each in outcomes)


async def test_claims_and_ends_in_two_processes_count_once(
    story: Story, chat: Process, other: Process
) -> None:
    """Two accept and one of them gets her; both of them end it."""
    for number in range(1, 6):
        visitor = await chat.visitor_starts("linden")
        near = await chat.operator_on_duty("linden", alias="Alva")
        far = await other.operator_on_duty("linden", alias="Bodil")
        assert await at_once(story, near.accepts(visitor), far.accepts(visitor)) == 1
        found = await counted(chat)
        assert (found["answered"], found["waited_00"]) == (number, number)
        holder = near if (await chat.stored(visitor)).conversation.operator == near.id else far
        await at_once(story, visitor.leaves(), holder.ends(visitor))
        found = await counted(chat)
        assert (found["ended"], found["lasted_00"]) == (number, number)


async def test_time_that_runs_out_in_two_processes_counts_once(
    story: Story, chat: Process, other: Process
) -> None:
    """A ring, an offer of a transfer, and the patience with somebody who is away."""
    await other.operator_on_duty("aspen")
    await chat.visitor_starts("aspen")
    visitor, old = await chat.talk()
    new = await other.operator_on_duty("linden", alias="Sam")
    await offers(old, visitor, new)
    lost = await chat.visitor_starts("linden")
    await lost.vanishes()
    await story.settle()
    story.clock.advance(31)
    ticks = [each.chat.timekeeper.tick for each in (chat, other)]
    await at_once(story, *(tick() for tick in ticks))
    assert (await counted(chat, "aspen"))["offer_unanswered"] == 1
    story.clock.advance(91)
    await at_once(story, *(tick() for tick in ticks))
    found = await counted(chat)
    assert (found["transfer_unanswered"], found["abandoned_waiting"], found["abandoned"]) == (1, 1, 1)


async def test_shift_that_begins_in_two_processes_counts_once(
    story: Story, chat: Process, other: Process
) -> None:
    """A console that is reloaded lands in another process while the first is still at it."""
    operator = await chat.operator_connects(story.sign_in("linden", "bjorken"))
    await operator.goes_on_duty("linden", "bjorken")
    duty = await chat.store.duty(operator.id)
    assert duty is not None
    assert (await counted(chat))["shifts"] == 1
    for number in range(5):
        fresh = replace(duty, id=DutyId(f"{number}" * 22))
        begun = shifts_begun(fresh, None, story.clock.now())
        both = (each.store.put_duty(fresh, begun=begun) for each in (chat, other))
        assert await at_once(story, *both) == 2
        assert (await counted(chat))["shifts"] == (await counted(chat, "bjorken"))["shifts"] == 2 + number
