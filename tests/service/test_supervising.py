# SPDX-License-Identifier: EUPL-1.2
"""A raised hand: who comes, what they read, how they go, and how they take over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import AtCapacity, HasEnded, LostClaim, NotAllowed, NotNow, Refused
from chat.ids import ServiceId
from chat.live import visiting
from chat.live.notices import (
    AlertsListed,
    ConversationLost,
    ConversationOpened,
    DutyNoted,
    HandStands,
    SignInRevoked,
    WaitingListed,
)
from tests.service.story import Operator, Process, Story, Visitor
from tests.service.test_guests import invites, kinds

LINDEN = ServiceId("linden")


async def three(process: Process, *, beside: Process | None = None) -> tuple[Visitor, Operator, Operator]:
    """She, her operator, and the supervisor who has come; she has written before."""
    supervisor = await (beside or process).operator_on_duty("linden", alias="Siv", supervises=True)
    visitor, operator = await process.talk()
    await visitor.says("innan")
    await operator.raises(visitor)
    await process.story.settle()
    await supervisor.supervises(visitor)
    await process.story.settle()
    return visitor, operator, supervisor


async def later(turns: int, work: Awaitable[object]) -> None:
    """Do something after so many turns of the loop: each number meets another moment of what goes on."""
    for _ in range(turns):
        await asyncio.sleep(0)
    await work


def hands(supervisor: Operator) -> list[str]:
    """Return in which conversations this console is shown a raised hand."""
    return [hand.id for hand in supervisor.ear.last(AlertsListed).hands]


@pytest.mark.parametrize("apart", [False, True])
async def test_supervisor_comes_reads_all_and_is_seen(story: Story, chat: Process, *, apart: bool) -> None:
    """They read what was written before; she and her operator are told who came, and hear them."""
    visitor, operator, supervisor = await three(chat, beside=await story.open_process() if apart else None)
    opened = supervisor.ear.last(ConversationOpened)
    assert opened.readable
    assert supervisor.ear.texts() == ["innan"]
    came = next(entry for entry in visitor.ear.entries() if entry.kind is EntryKind.SUPERVISOR_CAME)
    assert (came.alias, came.organisation) == ("Siv", "Jouren")
    assert EntryKind.SUPERVISOR_CAME in kinds(operator)
    await supervisor.says(visitor, "hej, jag heter Siv")
    await story.settle()
    await visitor.says("hej Siv")
    await story.settle()
    assert visitor.ear.texts() == ["hej, jag heter Siv"]
    assert operator.ear.texts() == ["innan", "hej, jag heter Siv", "hej Siv"]
    assert supervisor.ear.texts() == ["innan", "hej Siv"]
    assert await chat.store.wrapped_for(visitor.id) == {operator.id, supervisor.id}
    await supervisor.leaves(visitor)
    await story.settle()
    assert kinds(visitor)[-1] is EntryKind.GUEST_LEFT
    assert supervisor.ear.heard(ConversationLost)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    with pytest.raises(NotAllowed):
        await supervisor.supervises(visitor)
    counted = await chat.counted()
    assert (counted["supervised"], counted.get("accompanied", 0), counted["answered"]) == (1, 0, 1)


async def test_supervisor_serves_no_queue(story: Story, chat: Process) -> None:
    """No place, no waiting list, no wrap of whoever waits, and nothing to accept or to be rung for."""
    supervisor = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    status = await chat.chat.lobby.status(LINDEN)
    assert not status.here
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    assert await chat.store.wrapped_for(visitor.id) == set()
    assert supervisor.ear.heard(WaitingListed) == []
    with pytest.raises(Refused):
        await supervisor.accepts(visitor)
    (row,) = await chat.chat.board.rows([LINDEN])
    assert row.on_duty == ()
    at_offers = await chat.operator_on_duty("alen", alias="Siv", supervises=True)
    offered = await chat.visitor_starts("alen")
    await story.settle()
    assert offered.seat.room.conversation.phase is Phase.WAITING, "no supervisor's console rings"
    assert at_offers.ear.heard(WaitingListed) == []
    alerts = supervisor.ear.last(AlertsListed)
    assert [(each.service, each.waiting) for each in alerts.unattended] == [(LINDEN, 1)]
    operator = await chat.operator_on_duty("linden")
    assert supervisor.ear.last(AlertsListed).unattended == ()
    await operator.accepts(visitor)
    duty = supervisor.ear.last(DutyNoted).duty
    assert duty is not None
    assert not duty.services
    assert duty.supervising == {LINDEN}


async def test_hands_are_seen_live_and_by_their_own_alone(story: Story, chat: Process) -> None:
    """Up, down, up again, taken by one: every supervisor of that service sees it, and nobody else does."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    tora = await chat.operator_on_duty("linden", "eken", alias="Tora", supervises=True)
    stranger = await chat.operator_on_duty("eken", alias="Elsa", supervises=True)
    other_track = await chat.operator_on_duty("hamnen", alias="Hans", supervises=True)
    visitor, operator = await chat.talk()
    colleague = await chat.operator_on_duty("linden", alias="Bodil")
    assert (hands(siv), hands(tora)) == ([], [])
    await operator.raises(visitor)
    await story.settle()
    assert hands(siv) == hands(tora) == [visitor.id]
    assert operator.ear.last(HandStands).since == story.clock.now()
    await operator.raises(visitor, up=False)
    await story.settle()
    assert hands(siv) == []
    assert operator.ear.last(HandStands).since is None
    await operator.raises(visitor)
    await story.settle()
    for one in (stranger, other_track, colleague):
        with pytest.raises(NotAllowed):
            await one.supervises(visitor)
        if one is not colleague:
            assert hands(one) == []
    assert colleague.ear.heard(AlertsListed) == []
    await tora.supervises(visitor)
    await story.settle()
    assert hands(siv) == hands(tora) == []
    with pytest.raises(LostClaim) as lost:
        await siv.supervises(visitor)
    assert lost.value.winner == "Tora"
    with pytest.raises(NotAllowed):
        await stranger.supervises(visitor)


@pytest.mark.parametrize("apart", [False, True])
async def test_whether_anybody_sees_a_hand_is_told_as_it_changes(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """Nobody is there; one comes, goes off duty, comes back, is lost: no help is promised that has gone."""
    there = await story.open_process() if apart else chat
    visitor, operator = await chat.talk()
    await operator.raises(visitor)
    await story.settle()
    assert not operator.ear.last(HandStands).here
    siv = await there.operator_on_duty("linden", alias="Siv", supervises=True)
    await story.settle()
    assert operator.ear.last(HandStands).here
    await siv.goes_off_duty()
    await story.settle()
    assert not operator.ear.last(HandStands).here
    await siv.goes_on_duty("linden", alias="Siv")
    await story.settle()
    assert operator.ear.last(HandStands).here
    await siv.vanishes()
    await story.settle()
    told = operator.ear.last(HandStands)
    assert (told.since, told.here) == (story.clock.now(), False)
    again = await operator.comes_back()
    await again.resumes(visitor)
    await story.settle()
    assert not again.ear.last(HandStands).here, "a reload promises nothing"


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_supervisors_at_once_and_one_is_in(story: Story, processes: int) -> None:
    """60 times: exactly one is in, the other is told who."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    siv, tora = (
        await near.operator_on_duty("linden", alias="Siv", supervises=True),
        await far.operator_on_duty("linden", alias="Tora", supervises=True),
    )
    visitor, operator = await near.talk()
    for round_ in range(60):
        await operator.raises(visitor)
        await story.settle()
        pair = [siv, tora] if round_ % 2 else [tora, siv]
        outcomes = await asyncio.gather(*(one.supervises(visitor) for one in pair), return_exceptions=True)
        (lost,) = [outcome for outcome in outcomes if outcome is not None]
        assert isinstance(lost, LostClaim), lost
        winner = pair[outcomes.index(None)]
        assert lost.winner == ("Siv" if winner is siv else "Tora")
        await winner.leaves(visitor)
        await story.settle()
    assert (await near.counted())["supervised"] == 60
    assert await near.store.wrapped_for(visitor.id) == {operator.id}


async def test_a_yes_to_a_guest_takes_the_hand_down(story: Story, chat: Process) -> None:
    """One seat: the hand is gone from every console, and the operator sees that it is."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    visitor, operator = await chat.talk()
    await operator.raises(visitor)
    await story.settle()
    await invites(visitor, operator)
    assert hands(siv) == []
    assert operator.ear.last(HandStands).since is None
    with pytest.raises(NotAllowed):
        await siv.supervises(visitor)
    await visiting.withdraw(chat.chat.visitors, visitor.seat)
    await operator.raises(visitor)
    await siv.supervises(visitor)
    with pytest.raises(NotNow):
        await visiting.withdraw(chat.chat.visitors, visitor.seat)


async def test_supervisor_has_a_bound_too(story: Story, chat: Process) -> None:
    """As many as the service's capacity; taking over needs no further place."""
    siv = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    capacity = chat.chat.rooms.services[LINDEN].capacity
    talks = [await chat.talk() for _ in range(capacity + 1)]
    for visitor, operator in talks:
        await operator.raises(visitor)
    for visitor, _ in talks[:capacity]:
        await siv.supervises(visitor)
    last, _ = talks[-1]
    with pytest.raises(AtCapacity):
        await siv.supervises(last)
    for visitor, _ in talks[:capacity]:
        await siv.takes_over(visitor)
    with pytest.raises(AtCapacity):
        await siv.supervises(last)
    await siv.ends(talks[0][0])
    await siv.supervises(last)


async def test_revoked_supervisor_is_gone_in_one_step(story: Story, chat: Process) -> None:
    """As a guest they go and the talk goes on; as who holds it she is first in the queue."""
    visitor, operator, supervisor = await three(chat)
    await chat.chat.operators.revoke(supervisor.id)
    assert supervisor.ear.heard(SignInRevoked)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    assert kinds(visitor)[-1] is EntryKind.GUEST_LEFT
    await visitor.says("hej")
    assert supervisor.ear.texts() == ["innan"]
    again, holder, siv = await three(chat)
    await siv.takes_over(again)
    await chat.chat.operators.revoke(siv.id)
    state = (await chat.stored(again)).conversation
    assert (state.phase, state.front, state.operator) == (Phase.WAITING, True, None)
    with pytest.raises(NotAllowed):
        await holder.says(again, "jag tar den igen")


async def test_lost_supervisor_is_gone_after_ninety_seconds(story: Story, chat: Process) -> None:
    """Until then they come back to where they were; afterwards she is told, and off duty they are too."""
    visitor, _, supervisor = await three(chat)
    await supervisor.vanishes()
    await story.let_pass(60)
    supervisor = await supervisor.comes_back()
    await supervisor.resumes(visitor)
    await story.let_pass(60)
    assert EntryKind.GUEST_LEFT not in kinds(visitor)
    await supervisor.vanishes()
    await story.let_pass(90)
    assert kinds(visitor)[-1] is EntryKind.GUEST_LEFT
    await story.let_pass(90)
    supervisor = await supervisor.comes_back()
    assert supervisor.ear.last(DutyNoted).duty is None
    assert supervisor.ear.heard(AlertsListed) == []


async def test_operator_lost_is_told_to_the_supervisor(story: Story, chat: Process) -> None:
    """The hand goes with the operator; that she waits at the front is told until she is taken."""
    visitor, operator, supervisor = await three(chat)
    await supervisor.leaves(visitor)
    await operator.raises(visitor)
    await operator.vanishes()
    await story.let_pass(90)
    assert kinds(visitor)[-1] is EntryKind.LEFT
    assert hands(supervisor) == []
    alerts = supervisor.ear.last(AlertsListed)
    assert [each.service for each in alerts.returned] == [LINDEN]
    assert [each.waiting for each in alerts.unattended] == [1]
    await visitor.vanishes()
    await story.settle()
    assert supervisor.ear.last(AlertsListed) == AlertsListed(), "nobody is called to one who is away"
    await visitor.comes_back()
    await story.settle()
    assert supervisor.ear.last(AlertsListed) == alerts
    next_one = await chat.operator_on_duty("linden", alias="Bodil")
    await next_one.accepts(visitor)
    await story.settle()
    assert supervisor.ear.last(AlertsListed) == AlertsListed()


async def test_hands_where_she_is_away_come_after_the_others_and_those_of_nobody_not_at_all(
    story: Story, chat: Process
) -> None:
    """Who is there is come to first; a hand with nobody on either side calls to an empty room."""
    supervisor = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    first, one = await chat.talk()
    second, other = await chat.talk()
    await one.raises(first)
    await story.let_pass(1)
    await other.raises(second)
    await story.settle()
    assert hands(supervisor) == [first.id, second.id]
    await first.vanishes()
    await story.settle()
    assert hands(supervisor) == [second.id, first.id]
    assert supervisor.ear.last(AlertsListed).hands[1].visitor_away_since is not None
    await one.vanishes()
    await story.settle()
    assert hands(supervisor) == [second.id]
    await first.comes_back()
    await story.settle()
    assert hands(supervisor) == [first.id, second.id]


@pytest.mark.parametrize("seed", range(12))
async def test_end_against_raise_come_and_take_over(story: Story, chat: Process, seed: int) -> None:
    """Whatever comes first, it is over for everybody: nobody is left in it, no hand, no wrap, no ghost."""
    supervisor = await chat.operator_on_duty("linden", alias="Siv", supervises=True)
    for step in ("raise", "come", "take"):
        visitor, operator = await chat.talk()
        if step != "raise":
            await operator.raises(visitor)
        if step == "take":
            await supervisor.supervises(visitor)
        verb = {"raise": operator.raises, "come": supervisor.supervises, "take": supervisor.takes_over}[step]
        outcome, left = await asyncio.gather(
            later(seed, verb(visitor)), visitor.leaves(), return_exceptions=True
        )
        await story.settle()
        assert left is None
        assert outcome is None or isinstance(outcome, NotAllowed | HasEnded | NotNow), outcome
        assert not await chat.is_live(visitor)
        assert hands(supervisor) == []
        assert await chat.store.held_by(supervisor.id) == await chat.store.held_by(operator.id) == []
        await chat.chat.operators.revoke(operator.id)
    assert chat.chat.rooms.all() == []


async def test_restart_keeps_a_raised_hand(story: Story, chat: Process) -> None:
    """The store knows it: after a start of the only process it is up since when it was."""
    visitor, operator = await chat.talk()
    await operator.raises(visitor)
    raised = story.clock.now()
    await chat.store.mark_all_away(story.clock.now())
    await story.close(chat)
    later = await story.open_process()
    supervisor = await later.operator_on_duty("linden", alias="Siv", supervises=True)
    assert hands(supervisor) == [], "nobody is there yet"
    operator = await operator.comes_back(to=later)
    await story.settle()
    (hand,) = supervisor.ear.last(AlertsListed).hands
    assert (hand.id, hand.hand_since) == (visitor.id, raised)
    with pytest.raises(NotAllowed):
        await operator.takes_over(visitor.id)
