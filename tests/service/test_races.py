# SPDX-License-Identifier: EUPL-1.2
"""Two things at the same moment, and what one process does not know of another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from chat.errors import HasEnded, Refused, UnknownToken
from chat.events import EndReason
from chat.live.notices import ConversationOver, EntryShown, Notice, TakenOver, Welcomed
from chat.live.saying import Words
from chat.ports import Stored
from tests.service.conftest import ON_BOTH
from tests.service.standing import Ear
from tests.service.story import Process, Story, deaf

pytestmark = ON_BOTH


async def test_leave_against_say_is_never_half(story: Story, chat: Process) -> None:
    """Each word is either shown before the end or refused, 200 times."""
    operator = await chat.operator_on_duty("linden")
    for round_ in range(200):
        visitor = await chat.visitor_starts("linden")
        await operator.accepts(visitor)
        heard = len(operator.ear.notices)
        word = f"ord {round_}"
        order = [visitor.says(word), visitor.leaves()]
        said, left = await asyncio.gather(*(order if round_ % 2 else order[::-1]), return_exceptions=True)
        if not round_ % 2:
            said, left = left, said
        assert left is None
        told = [
            notice
            for notice in operator.ear.notices[heard:]
            if isinstance(notice, EntryShown | ConversationOver) and notice.conversation == visitor.id
        ]
        assert isinstance(told[-1], ConversationOver)
        acked = bool(visitor.ear.acks)
        assert acked == (len(told) == 2)
        assert acked or isinstance(said, HasEnded)
        assert isinstance(visitor.ear.notices[-1], ConversationOver)
    assert chat.chat.rooms.all() == []


async def test_words_from_both_sides_get_one_order(story: Story, chat: Process, other: Process) -> None:
    """Two processes say at once: no seq is missing or doubled, and both see the same conversation."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    for round_ in range(20):
        await asyncio.gather(visitor.says(f"v{round_}"), operator.says(visitor, f"o{round_}"))
    await story.settle()
    assert visitor.ear.texts() == [f"o{round_}" for round_ in range(20)]
    assert operator.ear.texts() == [f"v{round_}" for round_ in range(20)]
    seqs = sorted(seq for _, seq in visitor.ear.acks + operator.ear.acks)
    assert seqs == list(range(2, 42))


async def test_word_from_elsewhere_is_not_lost_by_the_first_word_here(
    story: Story, chat: Process, other: Process
) -> None:
    """She resumes here and writes at once, before this process has heard of a word said elsewhere."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    await visitor.vanishes()
    back = await visitor.comes_back(after=1)
    await story.settle()
    with deaf(chat):
        await operator.says(visitor, "medan du skrev")
        await story.settle()
        await back.says("nu")
    await story.settle()
    assert back.ear.texts() == ["medan du skrev"]
    assert operator.ear.texts() == ["nu"]


async def test_resume_knows_what_its_process_has_not_heard(
    story: Story, chat: Process, other: Process
) -> None:
    """Where the operator's process has missed a doorbell, she still gets everything, once, and so does he."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    with deaf(other):
        await visitor.says("ett")
        await visitor.says("två")
        await story.settle()
        back = await visitor.comes_back(after=3, to=other)
        assert back.ear.last(Welcomed).seq == 3
    await back.says("tre")
    await story.settle()
    assert back.ear.texts() == []
    assert operator.ear.texts() == ["ett", "två", "tre"]


async def test_ended_elsewhere_is_over_here(story: Story, chat: Process, other: Process) -> None:
    """The end in one process reaches the seats of the other, and then everything is refused."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    await operator.ends(visitor)
    await story.settle()
    assert visitor.ear.last(ConversationOver).reason is EndReason.OPERATOR
    assert [room.id for process in (chat, other) for room in process.chat.rooms.all()] == []
    with pytest.raises(HasEnded):
        await visitor.says("hallå?")
    assert isinstance(visitor.ear.notices[-1], ConversationOver)


async def test_end_that_was_not_heard_is_noticed(story: Story, chat: Process, other: Process) -> None:
    """Without the doorbell of the end, the next word finds out."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    with deaf(chat):
        await operator.ends(visitor)
        await story.settle()
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            await visitor.says("hallå?")
        assert isinstance(refused.value, HasEnded)
    assert visitor.ear.is_over
    assert chat.chat.rooms.all() == []


async def test_return_that_crosses_her_old_line_is_not_taken_for_being_away(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She is looked up just before the end of her old line is noted, and sits down just after: she stays."""
    visitor = await chat.visitor_starts("linden")
    find, noted = chat.store.find, asyncio.Event()

    async def slow(lookups: Sequence[bytes]) -> Stored | None:
        stored = await find(lookups)
        await noted.wait()
        return stored

    with monkeypatch.context() as between:
        between.setattr(chat.store, "find", slow)
        coming = asyncio.create_task(visitor.comes_back())
        await asyncio.sleep(0)
        await visitor.vanishes()
        noted.set()
        back = await coming
    assert (await chat.stored(back)).conversation.visitor_away_since is None
    await story.let_pass(600)
    assert await chat.is_live(back)
    assert not back.ear.is_over


async def test_return_of_a_socket_that_is_gone_takes_nobodys_place(story: Story, chat: Process) -> None:
    """It waited for its turn while she came back on another line: that one goes on undisturbed."""
    visitor = await chat.visitor_starts("linden")
    room = visitor.seat.room
    ear = Ear()
    async with room.lock:
        late = asyncio.create_task(chat.chat.visitors.resume(visitor.token, 0, ear, "late"))
        await story.settle()
        ear.is_gone = True
    with pytest.raises(UnknownToken):
        await late
    assert room.visitor is visitor.seat.seat
    assert visitor.ear.heard(TakenOver) == []
    await visitor.says("jag är kvar")


async def test_return_that_is_cut_off_while_it_is_shown_leaves_no_seat(story: Story, chat: Process) -> None:
    """She takes nothing while a long talk is shown again: she is noted as away, and her place runs out."""
    visitor = await chat.visitor_starts("linden")
    for number in range(3):
        words = [Words(story.client_id(), f"{number}.{word}") for word in range(50)]
        await chat.chat.visitors.say(visitor.seat, words)

    class Stuck(Ear):
        def deliver(self, notice: Notice) -> None:
            super().deliver(notice)
            if len(self.notices) == 70:
                coming.cancel()

    coming = asyncio.ensure_future(chat.chat.visitors.resume(visitor.token, 0, Stuck(), "stuck"))
    with pytest.raises(asyncio.CancelledError):
        await coming
    await visitor.vanishes()
    assert (await chat.stored(visitor)).conversation.visitor_away_since is not None
    await story.let_pass(600)
    assert not await chat.is_live(visitor)
