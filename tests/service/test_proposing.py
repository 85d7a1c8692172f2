# SPDX-License-Identifier: EUPL-1.2
"""Asking her for a yes: shown to both, answered once, stored with what it allows or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, text

from chat.entries import Entry, EntryKind
from chat.errors import HasEnded, NotAllowed, NotNow, Refused, Unavailable
from chat.ids import ClientId
from chat.live import proposing
from chat.live.proposing import Answered
from tests.service.story import Operator, Process, Story, Visitor


@dataclass(frozen=True)
class Note:
    """Stores something beside an answer, in a table of its own."""

    word: str

    def write(self, connection: Connection) -> None:
        """Insert the word; a word that is there already breaks a rule of the table."""
        connection.execute(
            text("INSERT INTO installation (name, value) VALUES (:word, x'00')"), {"word": self.word}
        )


def stored_notes(story: Story) -> set[str]:
    """Return what has been stored beside answers."""
    connection = sqlite3.connect(story.file)
    try:
        return {name for (name,) in connection.execute("SELECT name FROM installation")}
    finally:
        connection.close()


async def asks(
    operator: Operator, visitor: Visitor, question: str, client_id: ClientId | None = None
) -> None:
    """Put a question to her."""
    async with operator.process.chat.operators.proposing(operator.desk, visitor.id) as room:
        id_ = client_id or operator.process.story.client_id()
        await proposing.ask(operator.process.chat.rooms, room, operator.id, id_, question)


async def takes_back(operator: Operator, visitor: Visitor) -> None:
    """Take the question back."""
    async with operator.process.chat.operators.proposing(operator.desk, visitor.id) as room:
        await proposing.take_back(operator.process.chat.rooms, room, operator.id)


async def answers(visitor: Visitor, seq: int, word: str = "ja", client_id: ClientId | None = None) -> None:
    """Answer a question; the word is stored beside the answer."""

    def decide(question: str) -> Answered:
        return Answered(f"{word} till {question}", (Note(word),))

    id_ = client_id or visitor.process.story.client_id()
    await visitor.process.chat.visitors.answer(visitor.seat, id_, seq, decide)


def questions(entries: list[Entry]) -> list[tuple[EntryKind, str]]:
    """Return everything about questions that was shown, in order."""
    about = {EntryKind.PROPOSED, EntryKind.TAKEN_BACK, EntryKind.ANSWERED}
    return [(entry.kind, entry.text) for entry in entries if entry.kind in about]


def newest(visitor: Visitor) -> int:
    """Return the seq of the newest question that she was shown."""
    return [entry.seq for entry in visitor.ear.entries() if entry.kind is EntryKind.PROPOSED][-1]


async def outcome(work: Awaitable[None]) -> type[Exception] | None:
    """Return why something was refused, or None."""
    try:
        await work
    except Refused as refusal:
        return type(refusal)
    return None


# --- one conversation ---


async def test_question_and_answer_are_shown_to_both_and_numbered(story: Story, chat: Process) -> None:
    """Like everything else that is said there; staff and visitor see the same."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Får vi?")
    await visitor.says("Vänta lite")
    await answers(visitor, newest(visitor))
    shown = [(EntryKind.PROPOSED, "Får vi?"), (EntryKind.ANSWERED, "ja till Får vi?")]
    assert questions(visitor.ear.entries()) == questions(operator.ear.entries()) == shown
    assert (await chat.stored(visitor)).conversation.seq == 4
    assert stored_notes(story) == {"ja"}


async def test_question_survives_a_reload_on_both_sides(story: Story, chat: Process, other: Process) -> None:
    """Also in another process; and she answers from there."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Får vi?")
    await visitor.vanishes()
    back = await visitor.comes_back(to=other)
    await operator.vanishes()
    returned = await operator.comes_back()
    await returned.resumes(visitor)
    await story.settle()
    assert (
        questions(back.ear.entries())
        == questions(returned.ear.entries())
        == [(EntryKind.PROPOSED, "Får vi?")]
    )
    await answers(back, newest(back))
    await story.settle()
    assert questions(returned.ear.entries())[-1] == (EntryKind.ANSWERED, "ja till Får vi?")


async def test_retry_is_answered_and_stored_once(story: Story, chat: Process) -> None:
    """The same question and the same answer again, after a lost acknowledgement."""
    visitor, operator = await chat.talk()
    question, answer = story.client_id(), story.client_id()
    for _ in range(2):
        await asks(operator, visitor, "Får vi?", question)
    for _ in range(2):
        await answers(visitor, newest(visitor), client_id=answer)
    back = await _after_reload(visitor)
    await answers(back, newest(back), client_id=answer)
    assert (await chat.stored(visitor)).conversation.seq == 3
    assert stored_notes(story) == {"ja"}


async def _after_reload(visitor: Visitor) -> Visitor:
    await visitor.vanishes()
    return await visitor.comes_back()


async def test_only_what_lies_on_the_table_is_answered(chat: Process) -> None:
    """Not one that was replaced, taken back, answered, or never asked."""
    visitor, operator = await chat.talk()
    with pytest.raises(NotNow):
        await answers(visitor, 1)
    await asks(operator, visitor, "Först")
    first = newest(visitor)
    await asks(operator, visitor, "Sedan")
    with pytest.raises(NotNow):
        await answers(visitor, first, "nej")
    await takes_back(operator, visitor)
    with pytest.raises(NotNow):
        await answers(visitor, newest(visitor), "nej")
    with pytest.raises(NotNow):
        await takes_back(operator, visitor)
    await asks(operator, visitor, "Till sist")
    await answers(visitor, newest(visitor))
    with pytest.raises(NotNow):
        await answers(visitor, newest(visitor), "nej")


async def test_only_the_holder_asks(chat: Process) -> None:
    """A colleague of the same service cannot, and sees no difference to a conversation that never was."""
    visitor, operator = await chat.talk()
    colleague = await chat.operator_on_duty("linden", alias="Bodil")
    for tried in (asks(colleague, visitor, "Får vi?"), takes_back(colleague, visitor)):
        with pytest.raises(NotAllowed):
            await tried
    await asks(operator, visitor, "Får vi?")
    with pytest.raises(NotAllowed):
        await takes_back(colleague, visitor)


async def test_answer_that_cannot_be_stored_changes_nothing(story: Story, chat: Process) -> None:
    """What is beside it breaks a rule: neither is there, and she may answer again."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Ett")
    await answers(visitor, newest(visitor), "ja")
    await asks(operator, visitor, "Två")
    with pytest.raises((Unavailable, Refused)):
        await answers(visitor, newest(visitor), "ja")
    assert [kind for kind, _ in questions(visitor.ear.entries())][-1] is EntryKind.PROPOSED
    await answers(visitor, newest(visitor), "nej")
    assert stored_notes(story) == {"ja", "nej"}


async def test_decision_that_is_refused_changes_nothing(chat: Process) -> None:
    """What reads her answer may say that it cannot be one."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Får vi?")

    def refuse(_question: str) -> Answered:
        raise NotAllowed

    with pytest.raises(NotAllowed):
        await chat.chat.visitors.answer(visitor.seat, chat.story.client_id(), newest(visitor), refuse)
    assert len(questions(visitor.ear.entries())) == 1
    await answers(visitor, newest(visitor))


async def test_question_outlives_an_operator_who_is_lost(story: Story, chat: Process) -> None:
    """She may still answer, and whoever comes next sees both."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Får vi?")
    await operator.vanishes()
    await story.let_pass(91)
    await answers(visitor, newest(visitor))
    second = await chat.operator_on_duty("linden", alias="Bodil")
    await second.accepts(visitor)
    assert [kind for kind, _ in questions(second.ear.entries())] == [EntryKind.PROPOSED, EntryKind.ANSWERED]


async def test_end_takes_the_question_with_it(story: Story, chat: Process) -> None:
    """Nothing of it is left in the store, and no answer is taken."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "Får vi?")
    await operator.ends(visitor)
    with pytest.raises(HasEnded):
        await answers(visitor, newest(visitor))
    assert not await chat.is_live(visitor)
    assert stored_notes(story) == set()


# --- at the same moment ---


async def test_yes_against_taking_back(story: Story, chat: Process, other: Process) -> None:
    """A thousand times, in two processes: either the yes stands, or it was taken back and is nothing."""
    visitor, operator = await chat.talk()
    await visitor.vanishes()
    visitor = await visitor.comes_back(to=other)
    await story.settle()
    seen: Counter[str] = Counter()
    for turn in range(1_000):
        await asks(operator, visitor, f"fråga {turn}")
        await story.settle()
        both = [
            outcome(answers(visitor, newest(visitor), f"ja {turn}")),
            outcome(takes_back(operator, visitor)),
        ]
        came = await asyncio.gather(*(both if turn % 2 else both[::-1]))
        said, taken = came if turn % 2 else came[::-1]
        assert (said, taken) in {(None, NotNow), (NotNow, None)}, turn
        seen["yes" if said is None else "taken back"] += 1
        await story.settle()
    assert len(seen) == 2, "a race that one side always wins shows nothing"
    notes = {f"ja {turn}" for turn in range(1_000)}
    assert len(stored_notes(story) & notes) == seen["yes"]
    assert questions(visitor.ear.entries()) == questions(operator.ear.entries())


async def test_yes_against_the_end(story: Story, chat: Process) -> None:
    """Before the end it is stored and stands; after it nothing is stored. Never half."""
    operator = await chat.operator_on_duty("linden")
    seen: Counter[str] = Counter()
    for turn in range(200):
        visitor = await chat.visitor_starts("linden")
        await operator.accepts(visitor)
        await asks(operator, visitor, "Får vi?")
        both = [outcome(answers(visitor, newest(visitor), f"ja {turn}")), outcome(visitor.leaves())]
        came = await asyncio.gather(*(both if turn % 2 else both[::-1]))
        said, left = came if turn % 2 else came[::-1]
        assert left is None
        assert said in {None, HasEnded}
        assert (f"ja {turn}" in stored_notes(story)) == (said is None)
        seen["yes" if said is None else "ended"] += 1
    assert len(seen) == 2
