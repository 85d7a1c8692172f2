# SPDX-License-Identifier: EUPL-1.2
"""A return whose answer never reached her page: the same page, and no other, comes in with the same again."""

from __future__ import annotations

import pytest

from chat.errors import WrongCode
from chat.live import unheard
from tests.service.story import Process, Story

NONCE = "n" * 22


async def test_page_that_heard_no_answer_comes_in_with_the_same_again(story: Story, chat: Process) -> None:
    """Her network went before the new token and words came: the same page gets others."""
    visitor, operator = await chat.talk()
    await visitor.says("jag är kvar")
    code = await visitor.takes_a_code()
    for _ in range(3):
        back = await chat.visitor_returns(code, nonce=NONCE)
        await story.let_pass(60)
    assert back.ear.texts() == ["jag är kvar"]
    await back.says("nu hör jag")
    await story.settle()
    assert "nu hör jag" in operator.ear.texts()


@pytest.mark.parametrize("nonce", [None, "m" * 22])
async def test_used_code_opens_nothing_for_anybody_else(chat: Process, nonce: str | None) -> None:
    """Without the page's own random text it is as dead as ever."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    await chat.visitor_returns(code, nonce=NONCE)
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code, nonce=nonce)


@pytest.mark.parametrize("then", ["late", "another", "dropped", "over", "used"])
async def test_second_try_is_over(story: Story, chat: Process, then: str) -> None:
    """After two minutes, once she has another code or none, and with the conversation."""
    visitor, _ = await chat.talk()
    code = await visitor.takes_a_code()
    back = await chat.visitor_returns(code, nonce=NONCE)
    match then:
        case "late":
            story.clock.advance(120)
        case "another":
            await back.takes_a_code()
        case "dropped":
            await chat.chat.codes.drop(back.seat)
        case "used":
            await chat.visitor_returns(back.code)
        case _:
            await back.leaves()
            assert len(chat.chat.codes.unheard) == 0
    with pytest.raises(WrongCode):
        await chat.visitor_returns(code, nonce=NONCE)


async def test_what_is_remembered_of_returns_is_bounded(
    chat: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest goes; and what is old goes by itself."""
    monkeypatch.setattr(unheard, "MOST", 2)
    codes: list[str] = []
    for _ in range(3):
        visitor, operator = await chat.talk()
        codes.append(await visitor.takes_a_code())
        await chat.visitor_returns(codes[-1], nonce=NONCE)
        await operator.vanishes()
    assert len(chat.chat.codes.unheard) == 2
    with pytest.raises(WrongCode):
        await chat.visitor_returns(codes[0], nonce=NONCE)
    await chat.visitor_returns(codes[2], nonce=NONCE)
