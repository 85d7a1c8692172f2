# SPDX-License-Identifier: EUPL-1.2
"""A claim that stands although something failed after it: she is never left with nobody who hears her."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chat.entries import SealedEntry
from chat.errors import CannotUnseal, NotNow, Unavailable
from chat.live.notices import ConversationOpened
from chat.ports import Change
from tests.service.story import Process, Story

METHODS = ["entries", "intake", "wrapped_for"]


def failing(times: int, work: Callable[..., Any], error: type[Exception] = Unavailable) -> Callable[..., Any]:
    """Return `work` that fails the first `times`."""
    left = iter(range(times))

    async def tried(*given: Any) -> Any:
        if next(left, None) is not None:
            raise error
        return await work(*given)

    return tried


async def nothing_is_open(story: Story, chat: Process) -> None:
    """Let works that nobody waits for be done, however often they are tried."""
    await story.clock.goes_on_until(lambda: not chat.chat.persistence._works)
    await story.settle()


@pytest.mark.parametrize("method", METHODS)
async def test_opening_that_failed_follows_the_claim(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """The claim is reported as won, and a second later the console hears her."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden", intake={})
    await visitor.says("hej")
    await story.settle()
    with monkeypatch.context() as away:
        away.setattr(chat.store, method, failing(2, getattr(chat.store, method)))
        await operator.accepts(visitor)
        await nothing_is_open(story, chat)
    (opened,) = operator.ear.heard(ConversationOpened)
    assert (opened.readable, opened.intake) == (True, "{}")
    await visitor.says("hör du?")
    await operator.says(visitor, "ja")
    assert operator.ear.texts() == ["hej", "hör du?"]
    assert (len(operator.ear.acks), visitor.ear.texts()) == (1, ["ja"])


async def test_say_sits_down_again_where_the_seat_is_not_ready(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the opening is tried again the operator writes: everything that was missed is shown first."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await visitor.says("hej")
    await story.settle()
    with monkeypatch.context() as away:
        away.setattr(chat.store, "intake", failing(1, chat.store.intake))
        await operator.accepts(visitor)
    await visitor.says("är du där?")
    assert operator.ear.texts() == []
    await operator.says(visitor, "ja")
    assert operator.ear.texts() == ["hej", "är du där?"]
    assert len(operator.ear.acks) == 1
    await nothing_is_open(story, chat)
    assert len(operator.ear.heard(ConversationOpened)) == 1


async def test_nothing_is_said_from_a_seat_that_cannot_read(story: Story, chat: Process) -> None:
    """While nobody holds the key, what the operator writes is refused and not stored."""
    visitor = await chat.visitor_starts("linden")
    await visitor.vanishes()
    operator = await chat.operator_on_duty("linden")
    await operator.accepts(visitor)
    with pytest.raises(NotNow):
        await operator.says(visitor, "hallå?")
    assert (await chat.stored(visitor)).conversation.seq == 1


async def test_damaged_conversation_is_opened_as_unreadable(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What never unseals is shown as that, and can be ended."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    monkeypatch.setattr(chat.store, "intake", failing(99, chat.store.intake, CannotUnseal))
    await operator.accepts(visitor)
    assert operator.ear.last(ConversationOpened).readable is False
    await operator.ends(visitor)
    assert not await chat.is_live(visitor)


async def test_opening_that_breaks_notes_the_operator_away(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw leaves her at the front of the queue after 90 seconds, not alone."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    monkeypatch.setattr(chat.store, "intake", failing(1, chat.store.intake, KeyError))
    await operator.accepts(visitor)
    assert (await chat.stored(visitor)).conversation.operator_away_since is not None
    await story.let_pass(90)
    assert (await chat.stored(visitor)).conversation.front


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_console_that_goes_during_its_claim_counts_as_away(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch, *, is_cancelled: bool
) -> None:
    """It is gone, or its request is, when the claim is stored: her operator is away, or there after all."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    commit = chat.store.commit

    async def and_then_gone(change: Change) -> None:
        if change.claimed_by is not None and not is_cancelled:
            await operator.vanishes()
        await commit(change)
        if change.claimed_by is not None and is_cancelled:
            raise asyncio.CancelledError

    monkeypatch.setattr(chat.store, "commit", and_then_gone)
    accepting = asyncio.create_task(operator.accepts(visitor))
    await asyncio.wait({accepting})
    await nothing_is_open(story, chat)
    stored = (await chat.stored(visitor)).conversation
    assert stored.operator == operator.id
    if is_cancelled:
        assert accepting.cancelled()
        assert operator.ear.last(ConversationOpened).readable
    else:
        assert stored.operator_away_since is not None
        await story.let_pass(90)
        assert (await chat.stored(visitor)).conversation.front


# --- what another process stored ---


async def test_words_that_could_not_be_read_are_shown_later(
    story: Story, chat: Process, other: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The read behind a doorbell fails once: the word is shown all the same, and her own goes on."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    entries = chat.store.entries

    async def away(*_: object) -> list[SealedEntry]:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(chat.store, "entries", away)
        broken.setattr(chat.store, "said_after", away)
        await operator.says(visitor, "hör du mig?")
        for _ in range(2):
            with pytest.raises(Unavailable):
                await visitor.says("hej")
    assert chat.store.entries == entries
    await visitor.says("ja")
    assert visitor.ear.texts() == ["hör du mig?"]
    assert [seq for _, seq in visitor.ear.acks] == [3]


async def test_message_that_is_stored_unnoticed_is_acknowledged(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store took it and could not say so: the retry gets the seq that it has, and it is read once."""
    visitor, operator = await chat.talk()
    append, client_id = chat.store.append, story.client_id()

    async def answer_is_lost(entries: Sequence[SealedEntry], expected: int) -> None:
        await append(entries, expected)
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(chat.store, "append", answer_is_lost)
        with pytest.raises(Unavailable):
            await visitor.says("hej", client_id)
    await visitor.says("hej", client_id)
    await visitor.says("du")
    assert [seq for _, seq in visitor.ear.acks][-2:] == [2, 3]
    assert operator.ear.texts() == ["hej", "du"]
