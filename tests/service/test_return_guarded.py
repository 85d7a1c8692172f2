# SPDX-License-Identifier: EUPL-1.2
"""What a code gives to nobody: an answer to what lay open for her, and work for the server."""

from __future__ import annotations

import pytest

from chat.entries import EntryKind
from chat.errors import NotNow
from tests.service.story import Process, Story, deaf
from tests.service.test_guests import invites, joins
from tests.service.test_proposing import answers, asks


@pytest.mark.parametrize("apart", [False, True])
async def test_whoever_comes_in_with_a_code_finds_no_question(
    story: Story, chat: Process, *, apart: bool
) -> None:
    """Put to somebody else, perhaps: it is taken back in that step, and the operator sees it."""
    visitor, operator = await chat.talk()
    await asks(operator, visitor, "får vi skicka det?")
    await story.settle()
    asked = visitor.seat.room.conversation.proposal
    assert asked is not None
    code = await visitor.takes_a_code()
    beside = await story.open_process() if apart else chat
    back = await beside.visitor_returns(code)
    await story.settle()
    for ear in (operator.ear, back.ear):
        assert ear.entries()[-1].kind is EntryKind.TAKEN_BACK
    with pytest.raises(NotNow):
        await answers(back, asked)


async def test_whoever_comes_in_with_a_code_finds_no_invitation(story: Story, chat: Process) -> None:
    """Nobody comes whom somebody else has let in."""
    visitor, operator = await chat.talk()
    guest = await chat.operator_on_duty("eken", alias="Gry")
    await invites(visitor, operator)
    assert joins(guest) == [visitor.id]
    back = await chat.visitor_returns(await visitor.takes_a_code())
    await story.settle()
    assert joins(guest) == []
    assert back.ear.entries()[-1].kind is EntryKind.UNINVITED
    assert operator.ear.entries()[-1].kind is EntryKind.UNINVITED


# --- nobody makes the server work for nothing ---


async def test_nothing_slow_is_done_for_whoever_may_have_no_code(chat: Process) -> None:
    """Unanswered, or not hers any more: no code is made before that is known."""
    slow: list[bytes] = []
    stretch = chat.chat.codes.stretching.stretch

    class Counting:
        async def stretch(self, secret: bytes, salt: bytes) -> bytes:
            slow.append(secret)
            return await stretch(secret, salt)

    chat.chat.codes.stretching = Counting()
    visitor = await chat.visitor_starts("linden")
    with pytest.raises(NotNow):
        await chat.chat.codes.give(visitor.seat)
    assert slow == []


async def test_code_is_given_where_nobody_heard_of_the_answer(story: Story, chat: Process) -> None:
    """Answered in another process, and the doorbell was lost: the store knows."""
    other = await story.open_process()
    operator = await other.operator_on_duty("linden")
    visitor = await chat.visitor_starts("linden")
    await story.settle()
    with deaf(chat):
        await operator.accepts(visitor)
        await story.settle()
        assert not visitor.seat.room.conversation.has_begun
        assert await visitor.takes_a_code()
