# SPDX-License-Identifier: EUPL-1.2
"""Coming back over the wire: a code opens a conversation once; the word is told to the operator alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.outside.connection import Connection, Frame
from tests.outside.visitor import Visitor
from tests.service.standing import QuickStretching
from tests.service.traces import traces
from tests.web.running import Running
from web import limits


@pytest.fixture(autouse=True)
def quick(run: Running, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch nothing, but where the whole way is tried: Argon2 has tests of its own."""
    if "tmp_path" not in request.fixturenames:
        monkeypatch.setattr(run.house.chat.codes, "stretching", QuickStretching())


async def code_of(visitor: Visitor) -> str:
    """Return a code that she asks for."""
    await visitor.connection.send("ask_return_code")
    return str((await visitor.connection.expect("return_code"))["words"])


async def returns(run: Running, code: str, after: int = 0) -> Visitor:
    """Somebody comes in with a code; they are gone when the test is over."""
    visitor = Visitor(run.at, "linden")
    run.people.append(visitor)
    await visitor.connect()
    await visitor.connection.send("come_back", code=code, after=after)
    visitor.token = (await visitor.connection.expect("welcome"))["token"]
    return visitor


async def refused(run: Running, code: Any) -> Frame:
    """Try a code that opens nothing, and return the refusal."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("come_back", code=code)
    nack = await connection.expect("nack")
    assert [frame["type"] for frame in connection.seen] == ["nack"]
    await connection.close()
    return nack


async def test_code_opens_what_was_said_and_then_another_one_does(
    run: Running, written: io.StringIO, tmp_path: Path
) -> None:
    """Her first page is sent away, its token and the code are dead, and no word of either is written."""
    visitor, operator, conversation = await run.talk()
    await visitor.says("Jag måste gå nu.")
    code = await code_of(visitor)
    back = await returns(run, code.upper().replace(" ", " - "))
    assert await visitor.connection.closed() == 4003
    given = await back.connection.expect("return_code")
    assert given["words"] != code
    await back.hears("Jag måste gå nu.")
    kinds = [frame["type"] for frame in back.connection.seen]
    assert kinds[:2] == ["welcome", "return_code"]
    assert (await operator.connection.expect("presence", returns=1))["connected"]
    old = await Connection.open(run.at.ws_visitor, run.at.url)
    await old.send("resume", token=visitor.token, after=0)
    assert await old.closed() == 4001
    wrong = await refused(run, code)
    assert (wrong["code"], wrong["retry"]) == ("wrong_code", False)
    await operator.says(conversation, "Välkommen tillbaka.")
    await back.hears("Välkommen tillbaka.")
    await back.connection.send("drop_return_code")
    assert "words" not in await back.connection.expect("return_code")
    assert await refused(run, given["words"]) == wrong, "dropped and used look the same"
    words = [code, code.split()[0] + " " + code.split()[1], given["words"]]
    assert not [word for word in words if word in written.getvalue()]
    assert traces(run.house.settings.data, words) == []


@pytest.mark.parametrize("code", ["", "hej", "ett två tre fyra fem sex", "x" * 400])
async def test_every_code_that_opens_nothing_is_refused_alike(run: Running, code: str) -> None:
    """Malformed or unknown: the same words, and the socket stays for another try."""
    assert (await refused(run, code))["text"] == "Koden stämmer inte."


@pytest.mark.parametrize("code", [None, 3, "x" * 401, ["a"]])
async def test_what_is_no_text_is_a_bad_frame(run: Running, code: Any) -> None:
    """Too long for any code, or none at all."""
    assert (await refused(run, code))["code"] == "bad_frame"


async def test_code_comes_once_somebody_has_answered(run: Running) -> None:
    """Before that, and before a conversation, it is not the moment."""
    visitor = await run.visitor()
    await visitor.connection.send("ask_return_code")
    assert (await visitor.connection.expect("nack"))["code"] == "not_now"
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("ask_return_code")
    assert (await connection.expect("nack"))["code"] == "not_now"
    await connection.close()


async def test_one_conversation_asks_for_few_codes(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each one makes the server work on purpose."""
    visitor, _, _ = await run.talk()
    monkeypatch.setattr(run.house.limits, "may_answer", lambda _conversation: False)
    await visitor.connection.send("ask_return_code")
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack["retry"]) == ("rate", True)


async def test_many_wrong_codes_wait_for_each_other_and_shut_nobody_out(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever shares a network with somebody who guesses still gets in with a right one."""
    visitor, _, _ = await run.talk()
    code = await code_of(visitor)
    monkeypatch.setattr(run.house.limits, "counts", lambda _network: True)
    for _ in range(limits.CODES.burst + 1):
        assert (await refused(run, "ett två tre fyra fem sex"))["code"] == "wrong_code"
    await returns(run, code)


async def test_word_is_told_to_the_operator_alone(run: Running, written: io.StringIO) -> None:
    """Offered, chosen, asked for after a return: her page hears the same whatever came of it."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("offer_word", conversation=conversation)
    assert (await visitor.connection.expect("word"))["step"] == "choose"
    await visitor.connection.send("choose_word", word="Krusbärsbusken")
    assert (await visitor.connection.expect("word"))["step"] == "heard"
    assert (await operator.connection.expect("word", word={"state": "agreed", "left": 3}))["word"]
    back = await returns(run, await code_of(visitor))
    for told, state, left in (
        ("lingon", "differed", 2),
        (None, "skipped", 2),
        ("krusbärs busken", "matched", 2),
    ):
        await operator.connection.send("ask_word", conversation=conversation)
        assert (await back.connection.expect("word"))["step"] == "tell"
        await back.connection.send("tell_word", **({} if told is None else {"word": told}))
        assert (await back.connection.expect("word"))["step"] == "heard"
        await operator.connection.expect("word", word={"state": state, "left": left})
    again = await operator.resumes(conversation)
    assert (again["word"], again["returns"]) == ({"state": "matched", "left": 2}, 1)
    seen = [*operator.connection.seen, *back.connection.seen, *visitor.connection.seen]
    assert "krusbär" not in repr(seen).lower()
    assert "krusbär" not in written.getvalue().lower()


@pytest.mark.parametrize("kind", ["offer_word", "ask_word", "set_aside"])
async def test_another_operator_orders_nothing(run: Running, kind: str) -> None:
    """Theirs, foreign and unknown: only the holder may, and the others learn nothing."""
    visitor, operator, conversation = await run.talk()
    other = await run.operator("maria", "linden")
    for name in (conversation, "A" * 22):
        await other.connection.send(kind, conversation=name)
        assert (await other.connection.expect("nack"))["code"] == "not_allowed"
    await operator.connection.send(kind, conversation=conversation)
    answer = await operator.connection.expect_one_of("word", "nack")
    assert answer["type"] == "word" or answer["code"] == "not_now"
    await visitor.says("Jag är kvar.")


async def test_operator_sees_until_when_she_can_come_back_and_lets_go(run: Running) -> None:
    """Away with a code: until when, and put aside she is nobody's until she returns, at the front."""
    visitor, operator, conversation = await run.talk()
    code = await code_of(visitor)
    await visitor.connection.close()
    away = await operator.connection.expect("presence", connected=False)
    assert away["until"].endswith("Z")
    await operator.connection.send("set_aside", conversation=conversation)
    await operator.connection.expect("lost")
    await returns(run, code)
    assert await operator.sees_waiting() == conversation
    listed = run.listed(operator)
    assert listed == conversation
