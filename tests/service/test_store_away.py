# SPDX-License-Identifier: EUPL-1.2
"""A store that does not take it now: nothing is acknowledged, nothing is lost, and nobody becomes a ghost."""

from __future__ import annotations

import asyncio

import pytest

from chat.entries import SealedEntry
from chat.errors import Unavailable
from chat.ids import ConversationId
from chat.live.notices import ConversationOpened
from tests.service.held import held_by_another
from tests.service.story import Process, Story


async def test_say_is_refused_while_the_store_is_locked(story: Story) -> None:
    """Nothing is acknowledged and nobody is shown anything; the same message is taken afterwards, once."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    again = story.client_id()
    with held_by_another(story):
        for _ in range(2):
            with pytest.raises(Unavailable):
                await visitor.says("hej", again)
        with pytest.raises(Unavailable):
            await visitor.leaves()
    assert visitor.ear.acks == []
    assert operator.ear.texts() == []
    await visitor.says("hej", again)
    assert visitor.ear.acks == [(again, 2)]
    assert operator.ear.texts() == ["hej"]


async def test_start_is_refused_while_the_store_is_locked(story: Story) -> None:
    """She is told, and neither a room nor a row is left."""
    chat = await story.open_process(busy_timeout=0.01)
    with held_by_another(story), pytest.raises(Unavailable):
        await chat.visitor_starts("linden")
    assert chat.chat.rooms.all() == []
    assert await chat.store.waiting(list(story.services)) == []


async def test_end_works_on_a_full_disk(story: Story, chat: Process) -> None:
    """When the database may not grow, what is said is refused, and the conversation can still be ended."""
    visitor, _ = await chat.talk()

    def allow(pages: int | None) -> None:
        driver = chat.database._writer._connection
        assert driver is not None
        (count,) = driver.exec_driver_sql("PRAGMA page_count").one()
        driver.exec_driver_sql(f"PRAGMA max_page_count={count if pages is None else pages}")
        driver.rollback()

    await chat.database._writer.run_bare(lambda _: allow(None))
    refused = None
    for _ in range(40):
        try:
            await visitor.says("å" * 2_000)
        except Unavailable as error:
            refused = error
            break
    assert refused is not None
    acked = len(visitor.ear.acks)
    assert (await chat.stored(visitor)).conversation.seq == acked + 1
    await visitor.leaves()
    assert not await chat.is_live(visitor)
    assert visitor.ear.is_over


async def test_socket_lost_while_the_store_is_locked_leaves_no_ghost(story: Story) -> None:
    """That she is gone is noted as soon as the store takes it."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with held_by_another(story):
        going = asyncio.create_task(visitor.vanishes())
        await story.clock.sleeps_in(going)
    story.clock.advance(1)
    await going
    assert (await chat.stored(visitor)).conversation.visitor_away_since is not None
    assert chat.chat.rooms.all() == []


async def test_console_lost_while_the_store_is_locked_is_noted_later(story: Story) -> None:
    """The key leaves memory at once, and she is not left with an operator who is not there."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    with held_by_another(story):
        going = asyncio.create_task(operator.vanishes())
        await story.clock.sleeps_in(going)
        assert chat.chat.rooms.readers.private_keys == {}
    story.clock.advance(1)
    await going
    assert (await chat.stored(visitor)).conversation.operator_away_since is not None


async def test_claim_that_failed_can_be_tried_again(story: Story) -> None:
    """A locked store refuses the claim, and the next try wins."""
    chat = await story.open_process(busy_timeout=0.01)
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with held_by_another(story), pytest.raises(Unavailable):
        await operator.accepts(visitor)
    assert operator.ear.heard(ConversationOpened) == []
    await operator.accepts(visitor)
    assert operator.ear.last(ConversationOpened).readable


async def test_resume_that_failed_takes_nobodys_place(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the store does not answer, the first connection keeps its seat."""
    chat = await story.open_process()
    visitor, operator = await chat.talk()
    entries = chat.store.entries

    async def away(conversation: ConversationId, after: int) -> list[SealedEntry]:
        raise Unavailable

    monkeypatch.setattr(chat.store, "entries", away, raising=False)
    with pytest.raises(Unavailable):
        await visitor.comes_back()
    monkeypatch.setattr(chat.store, "entries", entries)
    await operator.says(visitor, "kvar?")
    assert visitor.ear.texts() == ["kvar?"]


async def test_resume_that_failed_late_leaves_no_ghost(story: Story) -> None:
    """She was seated but could not be noted as back: the seat is emptied again and her time runs on."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor = await chat.visitor_starts("linden")
    await visitor.vanishes()
    with held_by_another(story), pytest.raises(Unavailable):
        await visitor.comes_back()
    assert chat.chat.rooms.all() == []
    await story.let_pass(120)
    assert not await chat.is_live(visitor)


async def test_console_that_could_not_be_opened_leaves_nobody_waiting(story: Story) -> None:
    """A connect that failed half-way is undone: her operator counts as away, not as there."""
    chat = await story.open_process(busy_timeout=0.01)
    visitor, operator = await chat.talk()
    await operator.vanishes()
    with held_by_another(story), pytest.raises(Unavailable):
        await operator.comes_back()
    assert chat.chat.operators.desks == {}
    await story.let_pass(90)
    assert (await chat.stored(visitor)).conversation.operator is None
