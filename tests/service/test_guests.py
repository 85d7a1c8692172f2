# SPDX-License-Identifier: EUPL-1.2
"""A guest beside her and her operator: who comes, what they read, and how they go."""

from __future__ import annotations

import asyncio

import pytest

from chat.commands import Invites
from chat.conversation import Phase
from chat.entries import EntryKind
from chat.errors import AtCapacity, LostClaim, NotAllowed, NotNow
from chat.ids import ClientId, ServiceId
from chat.live import proposing, visiting
from chat.live.notices import (
    AcuteMarked,
    ConversationLost,
    ConversationOpened,
    DeskReady,
    PeerTyping,
    SignInRevoked,
    WaitingListed,
)
from tests.service.story import Operator, Process, Story, Visitor

EKEN = ServiceId("eken")


async def invites(
    visitor: Visitor, operator: Operator, *, history: bool = False, service: str = "eken"
) -> None:
    """The operator asks, and she says yes."""
    rooms, story = visitor.process.chat.rooms, visitor.process.story
    at_console = operator.process.chat.operators
    async with at_console.proposing(operator.desk, visitor.id) as room:
        await proposing.ask(
            operator.process.chat.rooms, room, operator.id, story.client_id(), "får någon komma?"
        )
    await story.settle()
    asked = visitor.seat.room.conversation.proposal
    assert asked is not None
    yes = proposing.Answered("ja", invites=Invites(ServiceId(service), "Tjejjouren", history))
    await proposing.answer(rooms, visitor.seat.room, story.client_id(), asked, lambda _: yes)
    await story.settle()


async def three(
    process: Process, *, history: bool = False, beside: Process | None = None
) -> tuple[Visitor, Operator, Operator]:
    """She, her operator, and a guest who has come; she has written before."""
    visitor, operator = await process.talk()
    await visitor.says("innan")
    guest = await (beside or process).operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator, history=history)
    await guest.accepts(visitor)
    await process.story.settle()
    return visitor, operator, guest


def kinds(one: Visitor | Operator) -> list[EntryKind]:
    """Return the kinds of what somebody was shown."""
    return [entry.kind for entry in one.ear.entries()]


def joins(operator: Operator) -> list[str]:
    """Return where this console is shown that a guest is awaited."""
    return [conversation.id for conversation in operator.ear.last(WaitingListed).joins]


@pytest.mark.parametrize("apart", [False, True])
async def test_three_hear_each_other(story: Story, chat: Process, *, apart: bool) -> None:
    """Everybody is shown what the two others say, once and in order; she sees who of the two it was."""
    beside = await story.open_process() if apart else None
    visitor, operator, guest = await three(chat, beside=beside)
    await visitor.says("hej båda")
    await story.settle()
    await guest.says(visitor, "hej, jag är Gry")
    await story.settle()
    await operator.says(visitor, "vad bra")
    await story.settle()
    assert visitor.ear.texts() == ["hej, jag är Gry", "vad bra"]
    assert operator.ear.texts() == ["innan", "hej båda", "hej, jag är Gry"]
    assert guest.ear.texts() == ["hej båda", "vad bra"]
    said = {entry.text: entry.alias for entry in visitor.ear.entries() if entry.kind is EntryKind.SAID}
    assert said == {"hej, jag är Gry": "Gry", "vad bra": None}
    seqs = [entry.seq for entry in visitor.ear.entries()]
    assert seqs == sorted(set(seqs))
    came = next(entry for entry in visitor.ear.entries() if entry.kind is EntryKind.GUEST_JOINED)
    assert (came.alias, came.organisation) == ("Gry", "Tjejjouren")
    assert EntryKind.GUEST_JOINED in kinds(operator)


async def test_nobody_comes_uninvited(story: Story, chat: Process) -> None:
    """Without her yes there is nothing to accept, in her service or another; with it only from that one."""
    visitor, operator = await chat.talk()
    other = await chat.operator_on_duty("linden", alias="Bodil")
    guest = await chat.operator_on_duty("eken", alias="Gry")
    stranger = await chat.operator_on_duty("hamnen", alias="Sten")
    with pytest.raises(LostClaim):
        await other.accepts(visitor)
    with pytest.raises(NotAllowed):
        await guest.accepts(visitor)
    assert joins(guest) == []
    await invites(visitor, operator)
    assert (joins(guest), joins(other), joins(stranger)) == ([visitor.id], [], [])
    with pytest.raises(NotAllowed):
        await stranger.accepts(visitor)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    await guest.accepts(visitor)
    await story.settle()
    assert await chat.store.wrapped_for(visitor.id) == {operator.id, guest.id}
    assert joins(guest) == []


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_come_at_once_and_one_is_in(story: Story, processes: int) -> None:
    """200 times: exactly one joins, and the other is told the alias of who did."""
    near = await story.open_process()
    far = await story.open_process() if processes == 2 else near
    visitor, operator = await near.talk()
    gry = await near.operator_on_duty("eken", alias="Gry")
    liv = await far.operator_on_duty("eken", alias="Liv")
    for round_ in range(200):
        await invites(visitor, operator)
        pair = [gry, liv] if round_ % 2 else [liv, gry]
        outcomes = await asyncio.gather(*(one.accepts(visitor) for one in pair), return_exceptions=True)
        (lost,) = [outcome for outcome in outcomes if outcome is not None]
        assert isinstance(lost, LostClaim)
        winner = pair[outcomes.index(None)]
        assert lost.winner == ("Gry" if winner is gry else "Liv")
        await winner.process.chat.operators.leave(winner.desk, visitor.id)
        await story.settle()
    assert (await near.counted())["accompanied"] == 200
    assert await near.store.wrapped_for(visitor.id) == {operator.id}


@pytest.mark.parametrize("apart", [False, True])
async def test_guest_reads_nothing_that_was_written_before(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """Neither at the coming, nor by resuming from the start, nor after coming back; her answers neither."""
    beside = await story.open_process() if apart else chat
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake={"need": "talk"})
    await story.settle()
    await operator.accepts(visitor)
    await visitor.says("innan")
    guest = await beside.operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator)
    await guest.accepts(visitor)
    await story.settle()
    joined = (await chat.stored(visitor)).conversation.seq
    await visitor.says("efter")
    await story.settle()
    await guest.resumes(visitor, after=0)
    await guest.vanishes()
    guest = await guest.comes_back()
    assert [held.id for held in guest.ear.last(DeskReady).held] == [visitor.id]
    await guest.resumes(visitor, after=0)
    for opened in guest.ear.heard(ConversationOpened):
        assert opened.readable
        assert opened.intake is None
    assert guest.ear.texts() == ["efter"]
    assert min(entry.seq for entry in guest.ear.entries()) == joined + 1


async def test_guest_reads_all_with_her_leave_but_no_question_to_her(story: Story, chat: Process) -> None:
    """What was written before is shown; what she was asked and answered is between her and who holds it."""
    visitor, operator, guest = await three(chat, history=True)
    await invites_nothing(visitor, operator)
    await guest.resumes(visitor, after=0)
    assert guest.ear.last(ConversationOpened).intake is None
    assert guest.ear.texts()[0] == "innan"
    assert {EntryKind.PROPOSED, EntryKind.ANSWERED}.isdisjoint(kinds(guest))
    assert {EntryKind.PROPOSED, EntryKind.ANSWERED} <= set(kinds(operator))


async def invites_nothing(visitor: Visitor, operator: Operator) -> None:
    """The operator asks something else, and she says no."""
    rooms, story = visitor.process.chat.rooms, visitor.process.story
    await proposing.ask(rooms, visitor.seat.room, operator.id, story.client_id(), "hemligt underlag")
    asked = visitor.seat.room.conversation.proposal
    assert asked is not None
    no = proposing.Answered("nej")
    await proposing.answer(rooms, visitor.seat.room, story.client_id(), asked, lambda _: no)


async def test_guest_may_not_end_ask_or_speak_after_leaving(story: Story, chat: Process) -> None:
    """A guest writes and leaves; the rest is not theirs, and afterwards nothing is."""
    visitor, operator, guest = await three(chat)
    with pytest.raises(NotAllowed):
        await guest.ends(visitor)
    with pytest.raises(NotAllowed):
        async with chat.chat.operators.proposing(guest.desk, visitor.id):
            pass
    with pytest.raises(NotAllowed):
        await chat.chat.operators.leave(operator.desk, visitor.id)
    await chat.chat.operators.leave(guest.desk, visitor.id)
    assert guest.ear.heard(ConversationLost)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    for verb in (
        guest.says(visitor, "en sak till"),
        guest.resumes(visitor),
        guest.types(visitor),
        guest.accepts(visitor),
    ):
        with pytest.raises(NotAllowed):
            await verb
    assert kinds(visitor)[-1] is EntryKind.GUEST_LEFT
    await visitor.says("nu är vi två")
    assert guest.ear.texts() == []


async def test_her_yes_can_be_taken_back(story: Story, chat: Process) -> None:
    """Before anybody has come nobody comes, and afterwards the guest is gone within the same step."""
    visitor, operator = await chat.talk()
    guest = await chat.operator_on_duty("eken", alias="Gry")
    with pytest.raises(NotNow):
        await visiting.withdraw(chat.chat.visitors, visitor.seat)
    await invites(visitor, operator)
    await visiting.withdraw(chat.chat.visitors, visitor.seat)
    await story.settle()
    assert joins(guest) == []
    with pytest.raises(NotAllowed):
        await guest.accepts(visitor)
    assert kinds(operator)[-1] is EntryKind.UNINVITED
    await invites(visitor, operator)
    await guest.accepts(visitor)
    await visiting.withdraw(chat.chat.visitors, visitor.seat)
    assert guest.ear.heard(ConversationLost)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    await visitor.says("bara vi")
    assert guest.ear.texts() == []


async def test_revoked_guest_is_gone_in_one_step(story: Story, chat: Process) -> None:
    """The sign-in ends: no wrap is left, she and her operator are told, and nothing more is heard there."""
    visitor, operator, guest = await three(chat)
    await chat.chat.operators.revoke(guest.id)
    assert guest.ear.heard(SignInRevoked)
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    await visitor.says("hej")
    assert guest.ear.texts() == []
    assert kinds(visitor)[-1] is kinds(operator)[-2] is EntryKind.GUEST_LEFT
    assert (await chat.stored(visitor)).conversation.phase is Phase.ACTIVE


async def test_lost_guest_is_gone_after_ninety_seconds(story: Story, chat: Process) -> None:
    """A closed laptop: until then they may come back, afterwards she is told, and a new yes is needed."""
    visitor, operator, guest = await three(chat)
    await guest.vanishes()
    await story.let_pass(60)
    guest = await guest.comes_back()
    await story.let_pass(60)
    assert EntryKind.GUEST_LEFT not in kinds(visitor)
    await guest.vanishes()
    await story.let_pass(90)
    assert kinds(visitor)[-1] is EntryKind.GUEST_LEFT
    assert await chat.store.wrapped_for(visitor.id) == {operator.id}
    guest = await guest.comes_back()
    await guest.goes_on_duty("eken", alias="Gry")
    with pytest.raises(NotAllowed):
        await guest.accepts(visitor)


async def test_guest_goes_with_the_holder(story: Story, chat: Process) -> None:
    """Her operator is lost: she is at the front of the queue, alone, and whoever comes next asks anew."""
    visitor, operator, guest = await three(chat)
    await chat.chat.operators.revoke(operator.id)
    await story.settle()
    assert kinds(visitor)[-2:] == [EntryKind.GUEST_LEFT, EntryKind.LEFT]
    assert guest.ear.heard(ConversationLost)
    state = (await chat.stored(visitor)).conversation
    assert (state.phase, state.front, state.guest, state.invitation) == (Phase.WAITING, True, None, None)
    assert await chat.store.wrapped_for(visitor.id) == set()
    with pytest.raises(NotAllowed):
        await guest.says(visitor, "är du kvar?")
    await chat.operator_on_duty("linden", alias="Bodil")
    assert joins(guest) == []


@pytest.mark.parametrize("seed", range(20))
async def test_end_while_somebody_comes(story: Story, chat: Process, seed: int) -> None:
    """She leaves while a guest accepts: the guest is in before the end and told of it, or never came."""
    visitor, operator = await chat.talk()
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator)

    async def accept() -> None:
        for _ in range(seed):
            await asyncio.sleep(0)
        await guest.accepts(visitor)

    came, _ = await asyncio.gather(accept(), visitor.leaves(), return_exceptions=True)
    await story.settle()
    assert not await chat.is_live(visitor)
    assert (came is None) == guest.ear.is_over
    assert came is None or isinstance(came, NotAllowed | NotNow) or type(came).__name__ == "HasEnded"
    assert chat.chat.rooms.all() == []
    assert joins(guest) == []


async def test_guest_takes_a_place(story: Story, chat: Process) -> None:
    """Being a guest counts as a conversation, for what one may hold and for the figures."""
    guest = await chat.operator_on_duty("eken", alias="Gry")
    held = [await chat.visitor_starts("eken") for _ in range(2)]
    for each in held:
        await guest.accepts(each)
    visitor, operator = await chat.talk()
    await invites(visitor, operator)
    await guest.accepts(visitor)
    assert (await chat.store.loads([EKEN]))[guest.id] == 3
    one_more = await chat.visitor_starts("eken")
    with pytest.raises(AtCapacity):
        await guest.accepts(one_more)
    again, another = await chat.talk()
    await invites(again, another)
    with pytest.raises(AtCapacity):
        await guest.accepts(again)
    await chat.chat.operators.leave(guest.desk, visitor.id)
    await guest.accepts(again)


async def test_typing_danger_and_presence_reach_all_who_are_there(story: Story, chat: Process) -> None:
    """She sees which of the two writes; both of them see that she writes and that she is in danger."""
    visitor, operator, guest = await three(chat)
    chat.chat.visitors.typing(visitor.seat)
    await guest.types(visitor)
    await chat.chat.visitors.mark_acute(visitor.seat)
    assert [one.ear.heard(PeerTyping)[-1].alias for one in (visitor, operator, guest)] == ["Gry", None, None]
    assert operator.ear.heard(AcuteMarked)
    assert guest.ear.heard(AcuteMarked)


async def test_retry_of_a_guest_is_stored_once(story: Story, chat: Process) -> None:
    """The same id again gets the same number, also after coming back."""
    visitor, _, guest = await three(chat)
    name = ClientId("g" * 22)
    await guest.says(visitor, "hej", name)
    await guest.vanishes()
    guest2 = await guest.comes_back()
    await guest2.resumes(visitor)
    await guest2.says(visitor, "hej", name)
    assert guest2.ear.acks == guest.ear.acks
    assert visitor.ear.texts() == ["hej"]


async def test_restart_gives_everybody_time_to_come_back(story: Story, chat: Process) -> None:
    """After a start of the only process a guest is away like the others, and comes back."""
    visitor, operator, guest = await three(chat)
    token = visitor.token
    await chat.store.mark_all_away(story.clock.now())
    await story.close(chat)
    later = await story.open_process()
    back = await guest.comes_back(to=later)
    holder = await operator.comes_back(to=later)
    her = await later.visitor_resumes(token)
    await back.resumes(visitor.id)
    await holder.resumes(visitor.id)
    await story.let_pass(100)
    await back.says(visitor.id, "jag är kvar")
    assert her.ear.texts()[-1] == "jag är kvar"
    state = (await later.stored(visitor.id)).conversation
    assert state.guest is not None
    assert state.guest.away_since is None
