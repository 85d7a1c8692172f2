# SPDX-License-Identifier: EUPL-1.2
"""What is said together is stored together, and each message has its own outcome."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

import pytest

from chat.entries import LONGEST_TEXT, SealedEntry
from chat.errors import ChatError, HasEnded, IdReused, TextTooLong, Unavailable
from chat.live.saying import Words
from tests.service.story import Process, Story, Visitor, deaf


def named(story: Story, *texts: str) -> list[Words]:
    """Return words, each under an id of its own."""
    return [Words(story.client_id(), text) for text in texts]


async def outcomes(visitor: Visitor, words: Sequence[Words]) -> list[type[ChatError] | None]:
    """Let her say these together; return what became of each."""
    found = await visitor.process.chat.visitors.say(visitor.seat, words)
    return [None if error is None else type(error) for error in found]


async def test_words_that_come_together_share_one_step(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call of the store, acknowledgements and words in order, seqs without a gap."""
    visitor, operator = await chat.talk()
    append, calls = chat.store.append, []

    async def counting(entries: Sequence[SealedEntry], expected: int) -> None:
        calls.append(len(entries))
        await append(entries, expected)

    monkeypatch.setattr(chat.store, "append", counting)
    words = named(story, "ett", "två", "tre")
    assert await outcomes(visitor, words) == [None, None, None]
    assert calls == [3]
    assert visitor.ear.acks == [(each.client_id, seq) for seq, each in enumerate(words, 2)]
    assert operator.ear.texts() == ["ett", "två", "tre"]


async def test_each_message_has_its_own_outcome(story: Story, chat: Process) -> None:
    """Too long, an id used before with other words, and a retry stand between words that are stored."""
    visitor, operator = await chat.talk()
    (said,) = named(story, "redan sagt")
    assert await outcomes(visitor, [said]) == [None]
    first, long, last = named(story, "först", "x" * (LONGEST_TEXT + 1), "sist")
    together = [first, Words(said.client_id, "annat"), long, last]
    assert await outcomes(visitor, together) == [None, IdReused, TextTooLong, None]
    assert await outcomes(visitor, [said, first]) == [None, None]
    assert visitor.ear.acks == [
        (said.client_id, 2),
        (first.client_id, 3),
        (last.client_id, 4),
        (said.client_id, 2),
        (first.client_id, 3),
    ]
    assert operator.ear.texts() == ["redan sagt", "först", "sist"]


@pytest.mark.parametrize(("again", "second"), [("hej", None), ("annat", IdReused)])
async def test_same_id_twice_in_one_breath(
    story: Story, chat: Process, again: str, second: type[ChatError] | None
) -> None:
    """The second is a retry of the first: stored once, acknowledged again or refused."""
    visitor, operator = await chat.talk()
    (words,) = named(story, "hej")
    assert await outcomes(visitor, [words, Words(words.client_id, again)]) == [None, second]
    assert operator.ear.texts() == ["hej"]
    assert visitor.ear.acks == [(words.client_id, 2)] * (2 if second is None else 1)


async def test_failed_step_stores_none_of_its_words(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are refused, none is shown, and the retry stores all of them, in order."""
    visitor, operator = await chat.talk()
    words = named(story, "ett", "två")

    async def away(entries: Sequence[SealedEntry], expected: int) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(chat.store, "append", away)
        assert await outcomes(visitor, words) == [Unavailable, Unavailable]
    assert (visitor.ear.acks, operator.ear.texts()) == ([], [])
    assert await outcomes(visitor, words) == [None, None]
    assert operator.ear.texts() == ["ett", "två"]


async def test_words_after_the_end_are_all_refused(chat: Process, story: Story) -> None:
    """None of them is stored or shown."""
    visitor, operator = await chat.talk()
    await operator.ends(visitor)
    assert await outcomes(visitor, named(story, "vänta", "hallå")) == [HasEnded, HasEnded]
    assert operator.ear.texts() == []


async def test_words_are_stored_where_their_author_was_gone_meanwhile(story: Story, chat: Process) -> None:
    """Her socket is lost while they are stored: the operator sees them, once, and so does she."""
    visitor, operator = await chat.talk()
    words = named(story, "ett", "två")
    saying = asyncio.ensure_future(chat.chat.visitors.say(visitor.seat, words))
    await asyncio.sleep(0)
    await asyncio.gather(saying, visitor.vanishes())
    back = await visitor.comes_back(after=0)
    assert operator.ear.texts() == ["ett", "två"]
    assert [entry.text for entry in back.ear.entries() if entry.text] == ["ett", "två"]
    assert [type(error) for error in await chat.chat.visitors.say(back.seat, words)] == [type(None)] * 2


async def test_retry_behind_a_damaged_word_is_stored_once(
    story: Story, chat: Process, other: Process
) -> None:
    """One entry does not open any more: those after it are shown, and a retry of one is recognised."""
    operator = await chat.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    await operator.says(visitor, "hej")
    with deaf(chat):
        elsewhere = await visitor.comes_back(to=other)
        damaged = await elsewhere.says("ett")
        whole = await elsewhere.says("två")
    with sqlite3.connect(story.file) as connection:
        connection.execute("UPDATE entry SET body = zeroblob(length(body)) WHERE client_id = ?", (damaged,))
    connection.close()
    await story.settle()
    assert operator.ear.texts() == ["två"]
    head = (await chat.stored(visitor)).conversation.seq
    back = await elsewhere.comes_back(after=head, to=chat)
    assert await outcomes(back, [Words(whole, "två")]) == [None]
    entries = await chat.store.entries(visitor.id, 0)
    assert [entry.client_id for entry in entries].count(whole) == 1


async def test_author_hears_her_own_words_as_an_ack_only(
    story: Story, chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the store took them and could not say so, and the retry finds them there."""
    visitor, operator = await chat.talk()
    append, words = chat.store.append, named(story, "hej")

    async def answer_is_lost(entries: Sequence[SealedEntry], expected: int) -> None:
        await append(entries, expected)
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(chat.store, "append", answer_is_lost)
        assert await outcomes(visitor, words) == [Unavailable]
    assert await outcomes(visitor, words) == [None]
    assert [entry.text for entry in visitor.ear.entries() if entry.text] == []
    assert operator.ear.texts() == ["hej"]


async def test_groups_of_two_processes_keep_one_order(story: Story, chat: Process, other: Process) -> None:
    """Both sides say several things at once, many times: nothing is lost, doubled or out of order."""
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    await operator.accepts(visitor)
    await story.settle()
    for round_ in range(20):
        hers = named(story, *(f"v{round_}.{number}" for number in range(3)))
        theirs = named(story, *(f"o{round_}.{number}" for number in range(2)))
        found = await asyncio.gather(
            chat.chat.visitors.say(visitor.seat, hers),
            other.chat.operators.say(operator.desk, visitor.id, theirs),
        )
        assert [*found[0], *found[1]] == [None] * 5
    await story.settle()
    assert operator.ear.texts() == [f"v{round_}.{number}" for round_ in range(20) for number in range(3)]
    assert visitor.ear.texts() == [f"o{round_}.{number}" for round_ in range(20) for number in range(2)]
    seqs = sorted(seq for _, seq in visitor.ear.acks + operator.ear.acks)
    assert seqs == list(range(2, 102))
