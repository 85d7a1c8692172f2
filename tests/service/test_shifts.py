# SPDX-License-Identifier: EUPL-1.2
"""A shift: its pause, its cap, who else is here, what is given back, and how it ends."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from chat import commands
from chat.conversation import Phase
from chat.errors import AliasTaken, AtCapacity, NotAllowed, NotNow
from chat.ids import ServiceId
from chat.live import shifts
from chat.live.notices import (
    Colleague,
    ColleaguesListed,
    ConversationLost,
    ConversationOpened,
    DutyNoted,
    EntryShown,
    QueueMoved,
)
from tests.service.story import Operator, Process, Story, Visitor


async def _pauses(operator: Operator, *, on: bool = True) -> None:
    await shifts.pause(operator.process.chat.operators, operator.desk, on=on)
    await operator.process.story.settle()


async def _holds_at_most(operator: Operator, capacity: int | None) -> None:
    await shifts.hold_at_most(operator.process.chat.operators, operator.desk, capacity)
    await operator.process.story.settle()


async def _hands_back(operator: Operator, visitor: Visitor) -> None:
    operators = operator.process.chat.operators
    async with operators.held(operator.desk, visitor.id) as room:
        await operators.rooms.do(room, commands.HandBack(operator.id))
    await operator.process.story.settle()


def _colleagues(operator: Operator, service: str = "linden") -> list[Colleague]:
    told = operator.ear.last(ColleaguesListed)
    return [*next(each.others for each in told.services if each.service == service)]


async def test_pause_keeps_what_is_held_and_takes_nothing_new(story: Story, chat: Process) -> None:
    """She goes on writing with one, sees the next wait, and cannot take her until the pause is over."""
    operator = await chat.operator_on_duty("linden")
    held = await chat.visitor_starts("linden")
    await operator.accepts(held)
    await _pauses(operator)
    waiting = await chat.visitor_starts("linden")
    await story.settle()
    assert operator.queue == [waiting.id]
    with pytest.raises(NotNow):
        await operator.accepts(waiting)
    await operator.says(held, "Jag är kvar hos dig.")
    assert not waiting.ear.last(QueueMoved).here
    assert not (await chat.chat.lobby.status(ServiceId("linden"))).here
    await _pauses(operator, on=False)
    assert waiting.ear.last(QueueMoved).here
    await operator.accepts(waiting)


async def test_alias_of_who_has_lost_contact_is_free(chat: Process) -> None:
    """It may be the same person, back from another browser under the name that the visitor knows."""
    gone = await chat.operator_on_duty("linden", alias="Vera")
    other = await chat.operator_on_duty("linden", alias="Kim")
    operators, services = chat.chat.operators, [ServiceId("linden")]
    with pytest.raises(AliasTaken):
        await shifts.refuse_taken_alias(operators, other.desk, services, "vera")
    await gone.vanishes()
    await shifts.refuse_taken_alias(operators, other.desk, services, "vera")


async def test_whoever_gave_her_back_is_nobody_to_wait_for(story: Story, chat: Process) -> None:
    """Alone on duty with others, who gives her back is not who comes next; a colleague is."""
    alva = await chat.operator_on_duty("linden", alias="Alva")
    visitor = await chat.visitor_starts("linden")
    await alva.accepts(visitor)
    await _hands_back(alva, visitor)
    assert not visitor.ear.last(QueueMoved).here
    other = await chat.visitor_starts("linden")
    await story.settle()
    assert other.ear.last(QueueMoved).here
    await chat.operator_on_duty("linden", alias="Bodil")
    assert visitor.ear.last(QueueMoved).here


async def test_pause_is_as_long_as_it_is_and_outlives_a_reload(story: Story, chat: Process) -> None:
    """A second press does not begin it anew, nor does a new socket; the end of the shift ends it."""
    operator = await chat.operator_on_duty("linden")
    await _pauses(operator)
    since = story.clock.now()
    story.clock.advance(5 * 60)
    await _pauses(operator)
    back = await operator.comes_back()
    duty = back.ear.last(DutyNoted).duty
    assert duty is not None
    assert duty.paused_since == since
    await back.goes_off_duty()
    await back.goes_on_duty("linden")
    duty = back.ear.last(DutyNoted).duty
    assert duty is not None
    assert duty.paused_since is None


async def test_pause_of_a_lost_shift_does_not_come_back(story: Story, chat: Process) -> None:
    """Whoever was lost during a pause begins anew: nobody is paused without having pressed for it."""
    operator = await chat.operator_on_duty("linden")
    await _pauses(operator)
    paused = operator.desk.duty
    assert paused is not None
    await operator.vanishes()
    await chat.store.put_duty(replace(paused, services=frozenset()))  # as `forget_lost` leaves it
    back = await operator.comes_back()
    await back.goes_on_duty("linden")
    duty = back.ear.last(DutyNoted).duty
    assert duty is not None
    assert duty.paused_since is None


async def test_pause_lets_another_console_ring_at_once(story: Story, chat: Process) -> None:
    """In offer mode what rings at her goes on to the next, and rings there alone."""
    alva = await chat.operator_on_duty("aspen", alias="Alva")
    visitor = await chat.visitor_starts("aspen")
    await story.settle()
    assert alva.queue == [visitor.id]
    bodil = await chat.operator_on_duty("aspen", alias="Bodil")
    await _pauses(alva)
    assert alva.queue == []
    assert bodil.queue == [visitor.id]


@pytest.mark.parametrize("wish", ["pause", "cap"])
async def test_pause_and_cap_need_a_shift(chat: Process, wish: str) -> None:
    """Off duty there is nothing to pause, and no conversation to have fewer of."""
    operator = await chat.operator_on_duty("linden")
    await operator.goes_off_duty()
    with pytest.raises(NotNow):
        await (_pauses(operator) if wish == "pause" else _holds_at_most(operator, 1))


@pytest.mark.parametrize("processes", [1, 2])
async def test_own_cap_is_never_passed(story: Story, processes: int) -> None:
    """Ten claims at once by somebody who wants one: one is taken; a lower cap takes nothing from her."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    operator = await near.operator_on_duty("linden")
    await _holds_at_most(operator, 1)
    visitors = [await (near, far)[turn % 2].visitor_starts("linden") for turn in range(10)]
    outcomes = await asyncio.gather(*map(operator.accepts, visitors), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [AtCapacity] * 9
    await _holds_at_most(operator, 2)
    other = next(one for one, outcome in zip(visitors, outcomes, strict=True) if outcome is not None)
    await operator.accepts(other)
    await _holds_at_most(operator, 1)
    assert (await near.store.loads([ServiceId("linden")]))[operator.id] == 2
    await operator.says(other, "Du är kvar.")


async def test_colleagues_are_told_by_alias_live_and_within_the_service(story: Story, chat: Process) -> None:
    """Alone, then not; a pause shows, and so does losing the socket. Elsewhere nobody hears of it."""
    alva = await chat.operator_on_duty("linden", "eken", alias="Alva")
    assert (_colleagues(alva), _colleagues(alva, "eken")) == ([], [])
    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    stranger = await chat.operator_on_duty("aspen", alias="Cilla")
    assert _colleagues(alva) == [Colleague("Bodil", paused=False)]
    assert _colleagues(alva, "eken") == []
    assert _colleagues(bodil) == [Colleague("Alva", paused=False)]
    await _pauses(bodil)
    assert _colleagues(alva) == [Colleague("Bodil", paused=True)]
    await bodil.vanishes()
    await story.settle()
    assert _colleagues(alva) == []
    assert _colleagues(stranger, "aspen") == []


async def test_somebody_who_rings_elsewhere_is_waiting_all_the_same(story: Story, chat: Process) -> None:
    """In offer mode the list is empty for whoever has enough; whether anybody waits is told."""
    operator = await chat.operator_on_duty("aspen")
    first = await chat.visitor_starts("aspen")
    await story.settle()
    await operator.accepts(first)
    await chat.visitor_starts("aspen")
    await story.settle()
    assert operator.queue == []
    assert operator.ear.last(ColleaguesListed).services[0].waits


async def test_handed_back_the_next_reads_what_was_written(story: Story, chat: Process) -> None:
    """She is told and stands first; the old one hears nothing more, the new one has the history."""
    alva = await chat.operator_on_duty("linden", alias="Alva")
    visitor = await chat.visitor_starts("linden")
    await alva.accepts(visitor)
    await visitor.says("hej")
    earlier = await chat.visitor_starts("linden")
    await story.settle()
    await _hands_back(alva, visitor)
    assert visitor.ear.last(EntryShown).entry.alias == "Alva"
    assert alva.ear.last(ConversationLost).conversation == visitor.id
    assert alva.queue == [visitor.id, earlier.id]
    with pytest.raises(NotAllowed):
        await alva.says(visitor, "Jag är här.")
    bodil = await chat.operator_on_duty("linden", alias="Bodil")
    await bodil.accepts(visitor)
    assert [entry.text for entry in bodil.ear.last(ConversationOpened).entries if entry.text] == ["hej"]
    counted = await chat.counted()
    assert (counted["handed_back"], counted["answered"]) == (1, 1)
    assert "rescued" not in counted


async def test_handing_back_against_the_end_is_one_or_the_other(story: Story, chat: Process) -> None:
    """Whichever was first: never a row in the queue of a conversation that is over."""
    operator = await chat.operator_on_duty("linden")
    for turn in range(20):
        visitor = await chat.visitor_starts("linden")
        await operator.accepts(visitor)
        both = [_hands_back(operator, visitor), visitor.leaves()]
        await asyncio.gather(*(both if turn % 2 else both[::-1]), return_exceptions=True)
        await story.settle()
        stored = await chat.store.load(visitor.id)
        assert stored is None or stored.conversation.phase is Phase.WAITING
        if stored is not None:
            await visitor.leaves()
        await story.settle()
        assert operator.queue == []


async def test_how_it_was_is_counted_once_a_shift(story: Story, chat: Process) -> None:
    """Off duty there is no shift to tell of, and a switch that goes on and off makes no more of them."""
    operators, wrap_ups = chat.chat.operators, chat.chat.wrap_ups
    operator = await chat.operator_on_duty("linden", "eken")
    ended = await shifts.end(operators, operator.desk)
    assert ended is not None
    assert ended.services == {"linden", "eken"}
    assert operator.ear.last(DutyNoted).duty is None
    assert await shifts.end(operators, operator.desk) is None
    for _ in range(3):
        await wrap_ups.tell_of_shift(ended.services, "heavy", b"anna")
    assert (await chat.counted("eken"))["shift_felt_heavy"] == 1
    await story.let_pass(6 * 3600)
    await wrap_ups.tell_of_shift(ended.services, "good", b"anna")
    assert (await chat.counted("eken"))["shift_felt_good"] == 1
    linden = (await chat.store.counters([ServiceId("linden")], story.clock.now().date())).get(
        ServiceId("linden"), {}
    )
    assert not any(name.startswith("shift_felt") for name in linden)
