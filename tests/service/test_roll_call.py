# SPDX-License-Identifier: EUPL-1.2
"""A process dies, sleeps or ends, and what becomes of its people and of everybody else."""

from __future__ import annotations

import asyncio

import pytest

from chat.adapters.in_process import InProcessBus
from chat.conversation import Phase
from chat.live.lookout import LOOK_S
from chat.live.notices import ConversationLost, ConversationOver, VisitorPresence
from tests.service.looking import look, looks_for, one_of_several
from tests.service.story import Process, Story, Visitor

LOST_S = 90
"""How long an operator may be away (`Deadlines.operator_lost`)."""


@pytest.fixture
async def three(story: Story) -> list[Process]:
    """Three processes that know of each other, each with its own connections."""
    processes = [await one_of_several(story) for _ in range(3)]
    await look(story)
    await look(story)
    return processes


async def away(process: Process, whom: Visitor) -> tuple[bool, bool]:
    """Return whether she, and whether her operator, is noted as away."""
    state = (await process.stored(whom)).conversation
    return state.visitor_away_since is not None, state.operator_away_since is not None


async def test_people_of_a_dead_process_get_their_patience(story: Story, three: list[Process]) -> None:
    """Fifteen seconds after its last sign they are away; nobody else is touched, in any way."""
    dying, one, other = three
    hers, _ = await dying.talk()
    operator = await one.operator_on_duty("eken")
    theirs = await other.visitor_starts("eken")
    await story.settle()
    await operator.accepts(theirs)
    waiting = await other.visitor_starts("bjorken")
    await looks_for(story, 6, *three)
    versions = {each.id: (await one.stored(each)).version for each in (theirs, waiting)}
    told = len(operator.ear.heard(VisitorPresence)), len(theirs.ear.notices)
    await story.close(dying)
    await looks_for(story, 12, one, other)
    assert await away(one, hers) == (False, False)
    await looks_for(story, 9, one, other)
    assert await away(one, hers) == (True, True)
    assert {each.id: (await one.stored(each)).version for each in (theirs, waiting)} == versions
    assert (len(operator.ear.heard(VisitorPresence)), len(theirs.ear.notices)) == told
    await looks_for(story, LOST_S, one, other)
    state = (await one.stored(hers)).conversation
    assert (state.phase, state.front) == (Phase.WAITING, True)
    back = await one.visitor_resumes(hers.token)
    await looks_for(story, 600, one, other)
    assert not back.ear.is_over
    assert (await away(one, theirs), await away(one, waiting)) == ((False, False), (False, False))


async def test_whoever_has_moved_on_by_then_is_not_touched(story: Story, three: list[Process]) -> None:
    """She and her operator came back in other processes before anybody noticed that theirs had died."""
    dying, one, other = three
    visitor, operator = await dying.talk()
    await story.close(dying)
    back = await visitor.comes_back(to=one)
    console = await operator.comes_back(to=other)
    await console.resumes(visitor)
    await looks_for(story, 120, one, other)
    assert await away(one, visitor) == (False, False)
    await back.says("kvar")
    await story.settle()
    assert console.ear.texts() == ["kvar"]
    assert not console.ear.heard(ConversationLost)


async def test_process_that_slept_puts_its_people_right(story: Story, three: list[Process]) -> None:
    """It is taken for dead; awake again it is known anew, and whoever sits in it is there."""
    asleep, one, other = three
    visitor, operator = await asleep.talk()
    assert not any(process.shredder.report().unfinished_since for process in (one, other))
    await looks_for(story, 24, one, other)
    assert await away(one, visitor) == (True, True)
    assert any(process.shredder.report().unfinished_since for process in (one, other)), "it may have deleted"
    assert asleep.chat.rooms.origin not in await one.chat.register.processes.look()  # type: ignore[union-attr]
    await look(story, asleep)
    assert await away(one, visitor) == (False, False)
    duty = await one.store.duty(operator.id)
    assert duty is not None
    assert duty.away_since is None
    await looks_for(story, 600, *three)
    assert not visitor.ear.is_over
    assert not operator.ear.heard(ConversationLost)


async def test_all_that_slept_together_take_nobody_for_dead(story: Story, three: list[Process]) -> None:
    """The machine stood still for an hour: the first one awake sees old signs and buries nobody."""
    visitor, _ = await three[1].talk()
    version = (await three[0].stored(visitor)).version
    story.clock.advance(3600)
    for process in three:
        await look(story, process)
    await looks_for(story, 30, *three)
    assert (await three[0].stored(visitor)).version == version
    assert len(await three[0].chat.register.processes.look()) == 3  # type: ignore[union-attr]


async def test_two_that_die_at_once_are_called_for_once_each(story: Story, three: list[Process]) -> None:
    """The second one can answer no more: the call that waited for it is begun anew, and ends."""
    first, second, left = three
    hers, _ = await first.talk()
    theirs, _ = await second.talk("eken")
    waiting = await left.visitor_starts("bjorken")
    await story.close(first)
    await looks_for(story, 6, second, left)
    await story.close(second)
    await looks_for(story, 30, left)
    assert await away(left, hers) == (True, True)
    assert await away(left, theirs) == (True, True)
    assert await away(left, waiting) == (False, False)


async def test_death_noticed_by_two_at_the_same_moment_is_noted_once(
    story: Story, three: list[Process]
) -> None:
    """Both look at once, ten seconds long: she is noted as away in one step."""
    dying, one, other = three
    visitor, _ = await dying.talk()
    version = (await one.stored(visitor)).version
    await story.close(dying)
    for _ in range(16):
        story.clock.advance(1.5)
        await asyncio.gather(look(story, one), look(story, other))
    assert await away(one, visitor) == (True, True)
    assert (await one.stored(visitor)).version == version + 1


async def test_offer_survives_the_death_of_another_process(story: Story, three: list[Process]) -> None:
    """A console that rings, and one to which a conversation is offered, sit in a process that lives."""
    dying, one, other = three
    await dying.operator_on_duty("linden")
    ringing = await one.operator_on_duty("aspen", alias="Bodil")
    visitor = await other.visitor_starts("aspen")
    await story.settle()
    assert (await one.stored(visitor)).conversation.operator == ringing.id
    await ringing.accepts(visitor)
    await story.close(dying)
    await looks_for(story, 60, one, other)
    assert (await one.stored(visitor)).conversation.operator == ringing.id
    assert await away(one, visitor) == (False, False)


async def test_process_that_ends_in_order_calls_for_nobody(story: Story, three: list[Process]) -> None:
    """Everybody has moved on and been noted: its row goes with it, and no version moves."""
    ending, one, other = three
    visitor, _ = await one.talk()
    register = ending.chat.register
    assert register is not None
    await register.leave()
    await story.close(ending)
    version = (await one.stored(visitor)).version
    assert set(await one.chat.register.processes.look()) == {one.chat.rooms.origin, other.chat.rooms.origin}  # type: ignore[union-attr]
    await looks_for(story, 30, one, other)
    assert (await one.stored(visitor)).version == version


async def test_process_that_ends_with_people_in_it_is_found_out(story: Story, three: list[Process]) -> None:
    """What could not be noted at its end is not passed over: the others call the roll."""
    ending, one, other = three
    visitor = await ending.visitor_starts("linden")
    register = ending.chat.register
    assert register is not None
    await register.leave()
    await story.close(ending)
    await looks_for(story, 24, one, other)
    assert (await away(one, visitor))[0]


async def test_last_one_who_is_asked_may_end_instead_of_answering(story: Story, three: list[Process]) -> None:
    """It leaves while the roll is called: nobody is waited for, and the lost are noted."""
    dying, one, ending = three
    visitor = await dying.visitor_starts("linden")
    await story.close(dying)
    await looks_for(story, 12, one, ending)
    for _ in range(8):
        story.clock.advance(1.5)
        await look(story, one)
        if any(sign.asked for sign in (await one.chat.register.processes.look()).values()):  # type: ignore[union-attr]
            break
    assert (await away(one, visitor))[0] is False
    assert ending.chat.register is not None
    await ending.chat.register.leave()
    assert (await away(one, visitor))[0]
    assert not visitor.ear.heard(ConversationOver)


# --- who should be heard ---


class Counts(InProcessBus):
    """A bus that notes how many others it is told to hear."""

    expected = -1

    def expect(self, others: int) -> None:
        """Note it."""
        self.expected = others


async def test_bus_is_told_how_many_others_live_beyond_doubt(story: Story) -> None:
    """Nobody whose row was left behind, and nobody any more who has just fallen silent."""
    crashed = await one_of_several(story)
    await look(story)
    await story.close(crashed)
    buses = [Counts(), Counts()]
    one, ending = [await one_of_several(story, bus) for bus in buses]
    await looks_for(story, 3, one, ending)
    assert [bus.expected for bus in buses] == [0, 0]
    await looks_for(story, 6, one, ending)
    assert [bus.expected for bus in buses] == [1, 1]
    await story.close(ending)
    await looks_for(story, 9 + LOOK_S, one)
    assert buses[0].expected == 0


# --- site files ---


async def test_process_that_does_not_know_a_service_closes_nobody_in_it(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of an update, or by mistake: while another file may have the service it is left alone."""
    one = await one_of_several(story, site="with eken")
    visitor, _ = await one.talk("eken")
    without = await one_of_several(story, site="without")
    without.chat.renew({id_: each for id_, each in without.chat.rooms.services.items() if id_ != "eken"})
    await look(story)
    await looks_for(story, 6, one, without)
    await one.store.mark_all_away(story.clock.now())
    for _ in range(20):  # the time of the other stands still
        story.clock.advance(LOOK_S)
        await look(story)
        await without.chat.timekeeper.tick()
    assert (await one.stored(visitor)).conversation.phase is Phase.ACTIVE
    assert "sites_differ" in [record.getMessage() for record in caplog.records]
    await story.close(one)
    await looks_for(story, 60, without)
    assert await without.store.load(visitor.id) is None, "when no file has it any more it is over"
