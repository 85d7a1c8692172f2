# SPDX-License-Identifier: EUPL-1.2
"""A supervisor takes a conversation over, by a press or because its operator is lost."""

from __future__ import annotations

import asyncio

import pytest

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import IdReused, NotAllowed, NotNow, SeatTaken
from chat.ids import ServiceId
from chat.live.notices import ConversationLost, ConversationTaken, MessageStored
from tests.service.story import Process, Story
from tests.service.test_guests import invites, kinds
from tests.service.test_supervising import later, three

LINDEN = ServiceId("linden")


@pytest.mark.parametrize("apart", [False, True])
async def test_taking_over_relieves_the_operator_in_one_step(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """Told by whom, out of everything at once, with no wrap left; she is told; nothing is counted twice."""
    beside = await story.open_process() if apart else None
    visitor, operator, supervisor = await three(chat, beside=beside)
    await supervisor.takes_over(visitor)
    await story.settle()
    lost = operator.ear.last(ConversationLost)
    assert (lost.conversation, lost.by) == (visitor.id, "Siv")
    assert await chat.store.wrapped_for(visitor.id) == {supervisor.id}
    assert await chat.store.held_by(operator.id) == []
    assert kinds(visitor)[-2:] == [EntryKind.RELIEVED, EntryKind.JOINED]
    assert visitor.ear.entries()[-1].alias == "Siv"
    assert supervisor.ear.heard(ConversationLost) == []
    taken = supervisor.ear.last(ConversationTaken)
    assert (taken.seq, taken.alias, taken.relieved) == (visitor.ear.entries()[-1].seq, "Siv", "Alva")
    before = len(operator.ear.notices)
    await visitor.says("är du kvar?")
    await story.settle()
    await supervisor.says(visitor, "jag är här")
    await story.settle()
    assert supervisor.ear.texts()[-1] == "är du kvar?"
    assert visitor.ear.texts()[-1] == "jag är här"
    heard = [notice for notice in operator.ear.notices[before:] if getattr(notice, "conversation", None)]
    assert heard == []
    for verb in (operator.says(visitor, "hallå"), operator.resumes(visitor), operator.ends(visitor)):
        with pytest.raises(NotAllowed):
            await verb
    counted = await chat.counted()
    assert (counted["taken_over"], counted["answered"], counted.get("rescued", 0)) == (1, 1, 0)
    assert (await chat.store.loads([LINDEN]))[operator.id] == 0
    await supervisor.ends(visitor)
    assert (await chat.counted())["ended"] == 1
    assert not await chat.is_live(visitor)


@pytest.mark.parametrize("apart", [False, True])
async def test_word_from_before_taking_over_is_said_once(story: Story, chat: Process, *, apart: bool) -> None:
    """Its ack was lost, and it comes again from whoever holds it now; its id takes no other text."""
    visitor, _, supervisor = await three(chat)
    id_ = story.client_id()
    await supervisor.says(visitor, "jag är här", id_)
    await supervisor.takes_over(visitor)
    await story.settle()
    back = await supervisor.comes_back(to=await story.open_process() if apart else chat)
    await story.settle()
    acked = len(back.ear.heard(MessageStored))
    await back.says(visitor, "jag är här", id_)
    await story.settle()
    assert visitor.ear.texts() == ["jag är här"]
    assert len(back.ear.heard(MessageStored)) == acked + 1
    with pytest.raises(IdReused):
        await back.says(visitor, "något annat", id_)


async def test_taking_over_needs_a_supervisor_who_is_in(story: Story, chat: Process) -> None:
    """Neither before coming, nor for another supervisor, nor for a guest of another organisation."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    tora = await chat.operator_on_duty("linden", alias="Tora", supervises=True)
    visitor, operator = await chat.talk()
    await operator.raises(visitor)
    with pytest.raises(NotAllowed):
        await siv.takes_over(visitor)
    await siv.supervises(visitor)
    for one in (tora, operator):
        with pytest.raises(NotAllowed):
            await one.takes_over(visitor)
    await siv.leaves(visitor)
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator)
    await guest.accepts(visitor)
    with pytest.raises(NotAllowed):
        await guest.takes_over(visitor)
    with pytest.raises(SeatTaken):
        await operator.raises(visitor)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("how", ["lost", "revoked"])
async def test_supervisor_who_is_there_goes_on_when_the_operator_is_lost(
    story: Story, chat: Process, how: str, *, apart: bool
) -> None:
    """She waits for nobody: they hold it in the same step, in whatever process they sit."""
    visitor, operator, supervisor = await three(chat, beside=await story.open_process() if apart else None)
    if how == "revoked":
        await chat.chat.operators.revoke(operator.id)
    else:
        await operator.vanishes()
        await story.let_pass(90)
    await story.settle()
    assert kinds(visitor)[-2:] == [EntryKind.RELIEVED, EntryKind.JOINED]
    state = (await chat.stored(visitor)).conversation
    assert (state.phase, state.operator, state.guest, state.front) == (
        Phase.ACTIVE,
        supervisor.id,
        None,
        False,
    )
    assert await chat.store.wrapped_for(visitor.id) == {supervisor.id}
    assert supervisor.ear.last(ConversationTaken).relieved == "Alva"
    assert supervisor.ear.heard(ConversationLost) == []
    await visitor.says("hallå?")
    await story.settle()
    await supervisor.says(visitor, "jag är kvar")
    await story.settle()
    assert (supervisor.ear.texts()[-1], visitor.ear.texts()[-1]) == ("hallå?", "jag är kvar")
    assert (await chat.counted())["taken_over"] == 1
    assert (await chat.counted()).get("rescued", 0) == 0


async def test_supervisor_who_is_away_too_goes_with_the_operator(story: Story, chat: Process) -> None:
    """Both consoles are gone: she is first in the queue, and nobody holds what they cannot see."""
    visitor, operator, supervisor = await three(chat)
    await supervisor.vanishes()
    await operator.vanishes()
    await story.let_pass(90)
    state = (await chat.stored(visitor)).conversation
    assert (state.phase, state.front, state.guest) == (Phase.WAITING, True, None)
    assert await chat.store.wrapped_for(visitor.id) == set()


@pytest.mark.parametrize("seed", range(12))
async def test_say_against_taking_over_is_before_or_refused(story: Story, chat: Process, seed: int) -> None:
    """What the operator says stands before the change of hands, or is refused: never after it."""
    visitor, operator, supervisor = await three(chat)

    outcome, taken = await asyncio.gather(
        later(seed, operator.says(visitor, "vänta")), supervisor.takes_over(visitor), return_exceptions=True
    )
    await story.settle()
    assert taken is None
    shown = [entry.text or entry.kind.value for entry in visitor.ear.entries()]
    assert (outcome is None) == ("vänta" in shown)
    assert outcome is None or isinstance(outcome, NotAllowed | NotNow), outcome
    if outcome is None:
        assert shown.index("vänta") < shown.index("relieved")


async def test_two_take_over_at_once(story: Story, chat: Process) -> None:
    """The same press twice: once, and the second one is not allowed any more."""
    visitor, _, supervisor = await three(chat)
    outcomes = await asyncio.gather(
        supervisor.takes_over(visitor), supervisor.takes_over(visitor), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [NotAllowed]
    assert (await chat.counted())["taken_over"] == 1
