# SPDX-License-Identifier: EUPL-1.2
"""Who accepts: one winner, no more than the capacity, and only whoever may."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from chat.conversation import Phase
from chat.errors import AtCapacity, LostClaim, NotAllowed, NotNow
from chat.ids import ConversationId, ServiceId
from chat.live.notices import ConversationOpened, DutyNoted
from tests.service.conftest import ON_BOTH
from tests.service.story import Operator, Process, Story

pytestmark = ON_BOTH


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_accept_at_once_and_one_wins(story: Story, processes: int) -> None:
    """200 times: exactly one wins, and the other is told the winner's alias."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    alva = await near.operator_on_duty("linden", alias="Alva")
    bodil = await far.operator_on_duty("linden", alias="Bodil")
    for round_ in range(200):
        visitor = await near.visitor_starts("linden")
        pair = [alva, bodil] if round_ % 2 else [bodil, alva]
        outcomes = await asyncio.gather(*(one.accepts(visitor) for one in pair), return_exceptions=True)
        losers = [outcome for outcome in outcomes if outcome is not None]
        assert len(losers) == 1
        assert isinstance(losers[0], LostClaim)
        winner = pair[outcomes.index(None)]
        assert losers[0].winner == ("Alva" if winner is alva else "Bodil")
        assert winner.ear.last(ConversationOpened).conversation.id == visitor.id
        await visitor.leaves()
        await story.settle()
    assert near.chat.rooms.all() == far.chat.rooms.all() == []
    assert (await near.counted())["answered"] == 200


@pytest.mark.parametrize("processes", [1, 2])
async def test_capacity_is_never_exceeded(story: Story, processes: int) -> None:
    """Ten claims at once by one operator: three are taken, seven refused, and a freed place can be filled."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    visitors = [await (near, far)[turn % 2].visitor_starts("linden") for turn in range(10)]
    operator = await near.operator_on_duty("linden")
    outcomes = await asyncio.gather(*map(operator.accepts, visitors), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [AtCapacity] * 7
    assert (await near.store.loads([ServiceId("linden")]))[operator.id] == 3
    taken = visitors[outcomes.index(None)]
    waiting = next(one for one, outcome in zip(visitors, outcomes, strict=True) if outcome is not None)
    await story.settle()
    await operator.ends(taken)
    await operator.accepts(waiting)
    assert (await near.store.loads([ServiceId("linden")]))[operator.id] == 3


async def test_accept_twice_opens_again(story: Story, chat: Process) -> None:
    """Accepting what one holds already opens it once more and joins nobody a second time."""
    visitor, operator = await chat.talk()
    await operator.accepts(visitor)
    assert len(operator.ear.heard(ConversationOpened)) == 2
    assert [entry.seq for entry in visitor.ear.entries()] == [1]


async def test_strangers_are_refused_alike(story: Story, chat: Process) -> None:
    """Other service, other track, unknown and ended conversations look the same for every verb."""
    visitor = await chat.visitor_starts("linden")
    perpetrator = await chat.visitor_starts("hamnen")
    held, _ = await chat.talk("linden")
    ended = await chat.visitor_starts("eken")
    await ended.leaves()
    stranger = await chat.operator_on_duty("eken")
    for whom in (visitor.id, perpetrator.id, held.id, ended.id, ConversationId("x" * 22), ConversationId("")):
        for attempt in every_verb(stranger, whom):
            with pytest.raises(NotAllowed) as refused:
                await attempt
            assert (str(refused.value), refused.value.code) == ("", "not_allowed")
    assert stranger.ear.heard(ConversationOpened) == []


def every_verb(operator: Operator, whom: ConversationId) -> list[asyncio.Future[object]]:
    """Everything that an operator may ask about a conversation."""
    asked = (
        operator.accepts(whom),
        operator.says(whom, "hej"),
        operator.types(whom),
        operator.resumes(whom),
        operator.ends(whom),
    )
    return [asyncio.ensure_future(one) for one in asked]


async def test_accept_needs_duty(story: Story, chat: Process) -> None:
    """Whoever is not on duty, or no longer, accepts nothing."""
    visitor = await chat.visitor_starts("linden")
    operator = await chat.operator_connects(story.sign_in("linden"))
    with pytest.raises(NotNow):
        await operator.accepts(visitor)
    await operator.goes_on_duty("linden")
    await operator.goes_off_duty()
    with pytest.raises(NotNow):
        await operator.accepts(visitor)
    assert (await chat.stored(visitor)).conversation.phase is Phase.WAITING


async def test_duty_needs_own_services_of_one_track_and_an_alias(story: Story, chat: Process) -> None:
    """A foreign service, another track after the first, and no alias are refused."""
    signed_in = story.sign_in("linden", "eken")
    operator = await chat.operator_connects(signed_in)
    for services, alias in [
        (["aspen"], "Alva"),
        (["nowhere"], "Alva"),
        (["hamnen"], "Alva"),
        (["linden"], None),
        (["linden"], ""),
    ]:
        with pytest.raises(NotAllowed):
            await operator.goes_on_duty(*services, alias=alias)
    assert await chat.store.all_duties() == []
    await operator.goes_on_duty("linden")
    await operator.goes_off_duty()
    back = await chat.operator_connects(replace(signed_in, services=frozenset({ServiceId("hamnen")})))
    with pytest.raises(NotAllowed):
        await back.goes_on_duty("hamnen")


async def test_sign_in_of_two_tracks_is_refused_whatever_it_wants(story: Story, chat: Process) -> None:
    """Signed in twice, one person could serve the two tracks side by side: so neither is served."""
    operator = await chat.operator_connects(story.sign_in("linden", "hamnen"))
    for services in (["linden"], ["hamnen"], ["linden", "hamnen"]):
        with pytest.raises(NotAllowed):
            await operator.goes_on_duty(*services)
    await operator.goes_off_duty()
    assert await chat.store.all_duties() == []


async def test_service_that_is_no_more_is_refused(story: Story, chat: Process) -> None:
    """A sign-in that is older than the site file goes on duty in what is left, and in nothing else."""
    operator = await chat.operator_on_duty("linden", "eken")
    await chat.visitor_starts("eken")
    await operator.vanishes()
    story.services = {id_: one for id_, one in story.services.items() if id_ != "eken"}
    later = await story.open_process(beside=chat)
    back = await operator.comes_back(to=later)
    duty = back.ear.last(DutyNoted).duty
    assert duty is not None
    assert duty.services == {"linden"}
    with pytest.raises(NotAllowed):
        await back.goes_on_duty("eken")
    await back.goes_on_duty("linden")
