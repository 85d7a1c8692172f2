# SPDX-License-Identifier: EUPL-1.2
"""Coming back at the very moment when something else happens, in two processes over one store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from chat import commands
from chat.errors import HasEnded, NotNow, Refused, UnknownToken, WrongCode
from chat.live import agreeing
from chat.live.notices import ReturnCodeGiven
from tests.service.conftest import ON_BOTH
from tests.service.story import Process, Story, Visitor, deaf
from tests.service.test_agreed_words import chooses, orders

pytestmark = ON_BOTH

ROUNDS = 12


async def _either(*works: asyncio.Future[object]) -> list[object]:
    return list(await asyncio.gather(*works, return_exceptions=True))


@pytest.mark.parametrize("apart", [False, True])
async def test_of_two_with_one_code_exactly_one_comes_in(story: Story, chat: Process, *, apart: bool) -> None:
    """Side by side, again and again: one has the talk, the other a wrong code."""
    beside = await story.open_process() if apart else chat
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    for _ in range(ROUNDS):
        came = await asyncio.gather(
            chat.visitor_returns(code), beside.visitor_returns(code), return_exceptions=True
        )
        inside = [one for one in came if isinstance(one, Visitor)]
        assert [type(one) for one in came if not isinstance(one, Visitor)] == [WrongCode]
        assert len(inside) == 1
        code = inside[0].code
        await story.settle()
    assert (await chat.stored(visitor)).conversation.returns == ROUNDS


@pytest.mark.parametrize("ends", ["her", "operator"])
async def test_return_against_end(story: Story, chat: Process, other: Process, ends: str) -> None:
    """She is in and it ends, or it had ended: never half, and nothing of it is left."""
    for _ in range(ROUNDS):
        visitor, operator = await chat.talk()
        code = await visitor.takes_a_code()
        end = operator.ends(visitor) if ends == "operator" else visitor.leaves()
        came, ended = await asyncio.gather(other.visitor_returns(code), end, return_exceptions=True)
        await story.settle()
        assert isinstance(came, Visitor) or type(came) in {WrongCode, HasEnded}
        assert ended is None or isinstance(ended, Refused), ended
        assert not await chat.is_live(visitor)
        assert not isinstance(came, Visitor) or came.ear.is_over
        await operator.vanishes()


async def test_return_against_drop(story: Story, chat: Process, other: Process) -> None:
    """Dropped first, the code opens nothing; used first, the drop is of a page that sits there no more."""
    for _ in range(ROUNDS):
        visitor, operator = await chat.talk()
        code = await visitor.takes_a_code()
        came, dropped = await asyncio.gather(
            other.visitor_returns(code), chat.chat.codes.drop(visitor.seat), return_exceptions=True
        )
        await story.settle()
        stored = await chat.stored(visitor)
        has_code = stored.return_key is not None
        assert has_code == (stored.conversation.code_until is not None)
        if isinstance(came, Visitor):
            assert dropped is None or isinstance(dropped, NotNow)
        else:
            assert (type(came), has_code) == (WrongCode, False)
        await operator.ends(visitor)
        await operator.vanishes()


async def test_return_against_her_old_page_elsewhere(story: Story, chat: Process, other: Process) -> None:
    """Where no doorbell is heard: what the old page does next finds out that another token counts."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    with deaf(chat):
        back = await other.visitor_returns(code)
        with pytest.raises(UnknownToken):
            await visitor.comes_back()
        for asks in (visitor.says("jag är kvar"), chat.chat.codes.give(visitor.seat)):
            with pytest.raises(NotNow):
                await asks
    assert (await other.stored(visitor)).return_key is not None
    assert len(back.ear.heard(ReturnCodeGiven)) == 1


async def test_midnight_does_not_bring_an_old_token_back(story: Story, chat: Process, other: Process) -> None:
    """A process that has not heard renews a token that counts no more: nothing comes of it."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    with deaf(chat):
        back = await other.visitor_returns(code)
        await story.let_pass(24 * 3600)
        with pytest.raises(UnknownToken):
            await visitor.comes_back()
    await back.comes_back()


@pytest.mark.parametrize("does", ["drop", "choose", "tell", "give"])
async def test_old_page_elsewhere_changes_nothing_of_hers(
    story: Story, chat: Process, other: Process, does: str
) -> None:
    """Before its process has heard anything: neither her code nor the word is the old page's to touch."""
    visitor, operator = await chat.talk()
    await orders(operator, visitor, commands.OfferWord(operator.id))
    if does != "choose":
        await chooses(visitor, "blåbär")
    if does == "tell":
        await orders(operator, visitor, commands.AskForWord(operator.id))
    code, seat = await visitor.takes_a_code(), visitor.seat
    acts: dict[str, Callable[[], Awaitable[None]]] = {
        "drop": lambda: chat.chat.codes.drop(seat),
        "choose": lambda: agreeing.choose(chat.chat.visitors, seat, "hus"),
        "tell": lambda: agreeing.tell(chat.chat.visitors, seat, "blåbär"),
        "give": lambda: chat.chat.codes.give(seat),
    }
    with deaf(chat):
        back = await other.visitor_returns(code)
        before = await other.stored(back)
        with pytest.raises(NotNow):
            await acts[does]()
    after = await other.stored(back)
    assert (after.return_key, after.word) == (before.return_key, before.word)
    assert after.conversation.word == before.conversation.word
