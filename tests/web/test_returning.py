# SPDX-License-Identifier: EUPL-1.2
"""Coming back over the wire: a code opens a conversation once; the word is told to the operator alone."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chat.errors import TooManyTries
from tests.outside.connection import Connection, Frame, new_id
from tests.outside.handing import asks, says_yes
from tests.outside.visitor import Visitor
from tests.service.standing import QuickStretching
from tests.service.traces import traces
from tests.web.handed import INTAKE
from tests.web.running import Running
from web import limits
from web.lanes import Lanes

YES = {"receiver": INTAKE, "notice": "1", "items": ["want"], "secrecy": True, "data": True}
"""What nobody reads before it is known whether a yes counts."""


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


async def test_code_is_made_in_the_lane_of_her_network(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """As slow as trying one, so it waits where those wait; too many there, and she may ask again."""
    visitor, _, conversation = await run.talk()
    lanes: list[str] = []

    @asynccontextmanager
    async def full(id_: str) -> AsyncGenerator[None]:
        lanes.append(id_)
        if lanes:
            raise TooManyTries
        yield

    monkeypatch.setattr(run.house.limits, "making_turn", full)
    await visitor.connection.send("ask_return_code")
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack["retry"], lanes) == ("rate", True, [conversation])


class Slow:
    """Stretches nothing, in a few turns of the loop: others come meanwhile."""

    async def stretch(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        for _ in range(8):
            await asyncio.sleep(0)
        return await QuickStretching().stretch(secret, salt)


async def test_right_code_gets_in_beside_many_who_try_wrong_ones_without_a_pause(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the lane has places for, each trying again at once: hers is let in at its first try."""
    visitor, _, _ = await run.talk()
    code = await code_of(visitor)
    monkeypatch.setattr(run.house.limits, "counts", lambda _network: True)
    monkeypatch.setattr(run.house.chat.codes, "stretching", Slow())
    monkeypatch.setattr("web.visitor.socket.WRONG_CODES_OF_A_SOCKET", 10_000)
    refused_for: Counter[str] = Counter()
    is_crowded = asyncio.Event()

    async def guesses(connection: Connection) -> None:
        while True:
            await connection.send("come_back", code="ett två tre fyra fem sex")
            refused_for[(await connection.expect("nack"))["code"]] += 1
            if refused_for["wrong_code"] >= crowd and refused_for["rate"]:
                is_crowded.set()

    monkeypatch.setattr(run.house.limits, "_codes_lanes", Lanes(4))  # a smaller crowd fills it
    crowd = limits.CODES.burst + 15
    sockets = [await Connection.open(run.at.ws_visitor, run.at.url) for _ in range(crowd)]
    guessing = [asyncio.create_task(guesses(socket)) for socket in sockets]
    await is_crowded.wait()
    await returns(run, code)
    for one in guessing:
        one.cancel()
    await asyncio.wait(guessing)
    await asyncio.gather(*(socket.close() for socket in sockets))


async def test_third_wrong_code_closes_the_socket(run: Running) -> None:
    """Her page takes a new one for each; whoever guesses pays with a handshake."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    for _ in range(3):
        await connection.send("come_back", code="ett två tre fyra fem sex")
        assert (await connection.expect("nack"))["code"] == "wrong_code"
    assert await connection.closed() == 4029


async def test_page_whose_network_went_before_the_answer_gets_in_with_the_same_frame(run: Running) -> None:
    """It has used her code and heard nothing: the same page is let in, and nobody else with that code."""
    visitor, _, _ = await run.talk()
    await visitor.says("Jag är i en tunnel.")
    code, nonce = await code_of(visitor), new_id()
    lost = await Connection.open(run.at.ws_visitor, run.at.url)
    await lost.send("come_back", code=code, nonce=nonce)
    assert await visitor.connection.closed() == 4003, "the code is used"
    await lost.close()
    wrong = await refused(run, code)
    assert wrong["code"] == "wrong_code"
    back = await Connection.open(run.at.ws_visitor, run.at.url)
    await back.send("come_back", code=code, nonce=nonce)
    given = await back.expect("return_code")
    assert given["words"] != code
    await back.expect("said", text="Jag är i en tunnel.")
    await back.close()
    await returns(run, given["words"])


@pytest.mark.parametrize("nonce", ["", "kort", "å" * 22, "x" * 23, 7])
async def test_what_is_no_nonce_is_a_bad_frame(run: Running, nonce: Any) -> None:
    """Of the page's own making, and of one form."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("come_back", code="hej", nonce=nonce)
    assert (await connection.expect("nack"))["code"] == "bad_frame"
    await connection.close()


async def test_network_of_whoever_sits_there_outlives_the_page_before(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old socket goes after the new one has come: nobody has departed until that one goes too."""
    visitor, _, conversation = await run.talk()
    departed: asyncio.Queue[str] = asyncio.Queue()
    monkeypatch.setattr(run.house.limits, "departed", departed.put_nowait)
    back = await returns(run, await code_of(visitor))
    assert await visitor.connection.closed() == 4003
    await back.says("Nu är jag här.")
    assert departed.empty()
    await back.connection.close()
    assert await departed.get() == conversation
    assert departed.empty()


async def test_yes_does_not_count_while_the_word_is_asked_for_or_was_wrong(run: Running) -> None:
    """Nothing slow is done for it, and no new question is put; once the word is right, a yes counts."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("offer_word", conversation=conversation)
    await visitor.connection.expect("word", step="choose")
    await visitor.connection.send("choose_word", word="lingon")
    await operator.connection.expect("word", word={"state": "agreed", "left": 3})
    question = await asks(operator, conversation, INTAKE)
    for told, state, left in (("hallon", "differed", 2), ("lingon", "matched", 2)):
        await operator.connection.send("ask_word", conversation=conversation)
        await visitor.connection.expect("word", step="tell")
        yes = {"id": new_id(), "proposal": question["seq"], "code": "x", "yes": [YES]}
        await visitor.connection.send("answer", **yes)
        assert (await visitor.connection.expect("nack"))["code"] == "not_now"
        await visitor.connection.send("tell_word", word=told)
        await operator.connection.expect("word", word={"state": state, "left": left})
        if state == "differed":
            await visitor.connection.send("answer", **yes)
            assert (await visitor.connection.expect("nack"))["code"] == "not_now"
            draft = {"purpose": "Att få hjälp vidare", "want": "Att veta.", "receivers": [INTAKE]}
            await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)
            assert (await operator.connection.expect("nack"))["code"] == "not_now"
    handed = await says_yes(visitor)
    assert handed.receivers


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


@pytest.mark.parametrize("kind", ["offer_word", "take_back_word", "ask_word", "set_aside"])
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
