# SPDX-License-Identifier: EUPL-1.2
"""Every row of the tables in `tests/web/hostile`, against a whole server, with its exact outcome.

Whatever a row does: afterwards two others still talk, and not one line has been logged.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.outside.connection import Connection, new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.hostile import json_text, protocol, texts, wire
from tests.web.hostile.filling import fill, of_operator, of_visitor
from tests.web.raw import CLOSE, PING, PONG, TEXT, Raw, frame, upgraded
from tests.web.running import Running

SIDES = ("/ws/visitor", "/ws/operator")


# --- what holds for every row --------------------------------------------------------------------------


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def others(bystanders: tuple[Visitor, Operator, str], written: io.StringIO) -> AsyncGenerator[None]:
    """Two who talk with each other before and after each row; the server has nothing to say about it."""
    visitor, operator, conversation = bystanders
    before = len(written.getvalue())
    yield
    word = "".join(filter(str.isalpha, new_id()))  # nothing that could be a number or a handle
    await visitor.says(word)
    await operator.hears(conversation, word)
    await operator.says(conversation, word)
    await visitor.hears(word)
    assert written.getvalue()[before:] == ""


@asynccontextmanager
async def side(run: Running, path: str, *more: tuple[str, str]) -> AsyncGenerator[Raw]:
    """Open one of the two sockets, the console's with a sign-in."""
    headers = list(more)
    if path == "/ws/operator":
        operator = await run.operator("anna")
        headers.append(("Cookie", operator.cookie_header))
    async with upgraded(run.port, path, *headers) as raw:
        yield raw


# --- the wire ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SIDES)
@pytest.mark.parametrize(("sent", "outcome"), wire.WIRE.values(), ids=wire.WIRE)
async def test_wire_has_its_outcome(run: Running, path: str, sent: bytes, outcome: int | str) -> None:
    """Closed with the exact code, or answered with a `nack` after which the socket goes on."""
    async with side(run, path) as raw:
        raw.writer.write(sent)
        if isinstance(outcome, int):
            assert await raw.close_code() == outcome
            return
        for _ in range(2):
            assert (await raw.json())["code"] == outcome
            raw.frame(TEXT, wire.SOUND)


async def test_flood_of_pings_is_answered_and_harms_nobody(run: Running) -> None:
    """Each gets its pong in order, and others talk meanwhile."""
    async with upgraded(run.port) as raw:
        raw.writer.write(b"".join(frame(PING, b"%d" % number) for number in range(10_000)))
        visitor, operator, conversation = await run.talk()
        await visitor.says("Hej.")
        await operator.hears(conversation, "Hej.")
        for number in range(10_000):
            assert await raw.read() == (PONG, b"%d" % number)


@pytest.mark.parametrize("offer", wire.EXTENSIONS)
@pytest.mark.parametrize("path", SIDES)
async def test_compression_is_never_agreed_on(run: Running, path: str, offer: str) -> None:
    """Whatever is offered; and the server does not say what it is."""
    async with side(run, path, ("Sec-WebSocket-Extensions", offer)) as raw:
        assert "sec-websocket-extensions" not in raw.headers
        assert "server" not in raw.headers


@pytest.mark.parametrize(("offer", "agreed"), wire.SUBPROTOCOLS.items())
async def test_subprotocol_is_ours_or_none(run: Running, offer: str | None, agreed: str | None) -> None:
    """Nothing else is agreed on."""
    headers = [("Sec-WebSocket-Protocol", offer)] if offer else []
    async with upgraded(run.port, "/ws/visitor", *headers) as raw:
        assert raw.headers.get("sec-websocket-protocol") == agreed


# --- JSON ----------------------------------------------------------------------------------------------


async def is_refused(connection: Connection, text: str, code: str) -> None:
    """Send a frame and see that it is refused, in words that are not its own."""
    await connection.send_text(text)
    nack = await connection.expect("nack")
    assert (nack["code"], nack["retry"]) == (code, False)
    assert set(nack) - {"id", "conversation", "field"} == {"type", "code", "text", "retry"}
    assert nack["text"]


@pytest.mark.parametrize("text", json_text.BAD_FRAMES.values(), ids=json_text.BAD_FRAMES)
async def test_bad_json_is_a_bad_frame(run: Running, text: str) -> None:
    """On both sockets, in the middle of a talk that goes on."""
    visitor, operator, conversation = await run.talk()
    await is_refused(visitor.connection, text, "bad_frame")
    await is_refused(operator.connection, text, "bad_frame")
    await visitor.says("Hej.")
    await operator.hears(conversation, "Hej.")


@pytest.mark.parametrize(("text", "heard"), json_text.SOUND.values(), ids=json_text.SOUND)
async def test_odd_json_is_what_it_says(run: Running, text: str, heard: str) -> None:
    """Escapes, spaces and doubled keys are other ways to write a frame."""
    visitor, operator, conversation = await run.talk()
    await visitor.connection.send_text(text)
    assert (await visitor.connection.expect("ack"))["id"] == json_text.ID
    assert (await operator.hears(conversation, heard))["id"] == json_text.ID


# --- the order of the protocol -------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code"), protocol.BEFORE_START.values(), ids=protocol.BEFORE_START)
async def test_frame_before_start_is_refused(run: Running, text: str, code: str) -> None:
    """A right `start` on the same socket goes through afterwards."""
    earlier, late = await run.visitor(), Visitor(run.at, "linden")
    run.people.append(late)
    values = await of_visitor(earlier)
    await late.connect()
    await is_refused(late.connection, fill(text, values), code)
    await late.connection.send_text(fill(protocol.start(), values))
    late.token = (await late.connection.expect("welcome"))["token"]
    await earlier.says("Jag är kvar.")


@pytest.mark.parametrize("form", protocol.TOKENS.values(), ids=protocol.TOKENS)
async def test_token_that_is_not_live_is_closed_without_a_frame(run: Running, form: str) -> None:
    """4001, whatever its form; and whose token it nearly was notices nothing."""
    visitor, operator = await run.visitor(), await run.operator("anna")
    token = fill(form, {**await of_visitor(visitor), **of_operator(operator)})
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token=token, after=0)
    assert await connection.closed() == 4001
    assert connection.seen == []
    await visitor.says("Jag är kvar.")


async def test_token_of_a_megabyte_is_too_large(run: Running) -> None:
    """The limit of a frame comes first: 1009."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token="A" * 1_000_000, after=0)
    assert await connection.closed() == 1009
    assert connection.seen == []


@pytest.mark.parametrize(("text", "code"), protocol.WHILE_TALKING.values(), ids=protocol.WHILE_TALKING)
async def test_frame_out_of_place_is_refused_while_she_talks(run: Running, text: str, code: str) -> None:
    """Nothing of it is stored, and the talk goes on."""
    visitor, operator, conversation = await run.talk()
    used = new_id()
    await visitor.says("S\u00e5gt.", used)
    values = {**await of_visitor(visitor), "used": used, "csrf": operator.csrf, "foreign": protocol.UNKNOWN}
    await is_refused(visitor.connection, fill(text, values), code)
    assert (await visitor.says("Nästa."))["seq"] == 3
    await operator.hears(conversation, "Nästa.")


@pytest.mark.parametrize(("text", "outcome"), protocol.BEFORE_HELLO.values(), ids=protocol.BEFORE_HELLO)
async def test_frame_before_hello_is_refused(run: Running, text: str, outcome: str | int) -> None:
    """A cookie alone opens nothing; a wrong value is told so and closed."""
    visitor, operator, conversation = await run.talk()
    another = await run.operator("maria")
    values = {**await of_visitor(visitor), "own": conversation, "others-csrf": another.csrf}
    late = await Connection.open(run.at.ws_operator, run.at.url, operator.cookie_header)
    await is_refused(late, fill(text, values), outcome if isinstance(outcome, str) else "not_allowed")
    if isinstance(outcome, int):
        assert await late.closed() == outcome
    await late.close()
    await operator.says(conversation, "Jag är kvar.")
    await visitor.hears("Jag är kvar.")


@pytest.mark.parametrize(("text", "code"), protocol.AT_THE_DESK.values(), ids=protocol.AT_THE_DESK)
async def test_frame_out_of_place_is_refused_at_the_desk(run: Running, text: str, code: str) -> None:
    """Nothing of it is done, and the talk goes on."""
    visitor, operator, conversation = await run.talk()
    used = new_id()
    await operator.says(conversation, "Sagt.", used)
    values = {**await of_visitor(visitor), **of_operator(operator), "own": conversation, "used": used}
    await is_refused(operator.connection, fill(text, values), code)
    assert (await operator.says(conversation, "Nästa."))["seq"] == 3
    await visitor.hears("Nästa.")


@pytest.mark.parametrize(("kind", "fields"), protocol.NOT_THEIRS.values(), ids=protocol.NOT_THEIRS)
async def test_foreign_and_unknown_are_refused_alike(
    run: Running, kind: str, fields: dict[str, object]
) -> None:
    """A waiting one of another service, one that is held there, an ended one and none at all: one answer."""
    other = await run.operator("sara", "eken")
    taken: list[str] = []
    for _ in range(3):
        await run.visitor("eken")
        taken.append(await other.sees_waiting(taken))
    waiting, held, ended = taken
    await other.accepts(held)
    await other.accepts(ended)
    await other.ends(ended)
    operator = await run.operator("anna", "linden")
    answers = []
    for conversation in (waiting, held, ended, protocol.UNKNOWN, "", "x" * 64, "../x", "\u202e", " "):
        await operator.connection.send(kind, conversation=conversation, **fields)
        nack = await operator.connection.expect("nack")
        assert nack.pop("conversation", "") == conversation
        answers.append(nack)
    assert answers == [answers[0]] * len(answers)
    assert answers[0]["code"] == "not_allowed"


# --- texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", texts.DELIVERED.values(), ids=texts.DELIVERED)
async def test_text_arrives_as_it_was_written(run: Running, text: str) -> None:
    """Byte for byte, both ways, and again from the store; what tells who somebody is only with her yes."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    await visitor.connection.send("say", id=sent, text=text, keep=True)
    assert "text" not in await visitor.connection.expect("ack", id=sent)
    await operator.hears(conversation, text)
    answer = "Tack." if "://" in text else text  # staff may not send a link
    await operator.says(conversation, answer)
    await visitor.hears(answer)
    assert [entry["text"] for entry in (await operator.resumes(conversation, 1))["entries"]] == [text, answer]
    await visitor.resumes(1)
    assert [(await visitor.connection.expect("said"))["text"] for _ in range(2)] == [text, answer]


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "raw"])
@pytest.mark.parametrize(("text", "code"), texts.LENGTHS.values(), ids=texts.LENGTHS)
async def test_text_is_at_most_2000_code_points(
    run: Running, text: str, code: str | None, escaped: bool
) -> None:
    """However it is written on the wire; a frame beyond 32 KiB is closed before anybody counts."""
    visitor = await run.visitor()
    sent = new_id()
    written = json.dumps({"type": "say", "id": sent, "text": text}, ensure_ascii=escaped)
    await visitor.connection.send_text(written)
    if len(written.encode()) > wire.LIMIT:
        assert await visitor.connection.closed() == 1009
    elif code is None:
        assert (await visitor.connection.expect("ack"))["id"] == sent
    else:
        nack = await visitor.connection.expect("nack")
        assert (nack["code"], nack.get("id")) == (code, sent)


@pytest.mark.parametrize(("alias", "code"), texts.ALIASES.values(), ids=texts.ALIASES)
async def test_alias_is_readable_or_refused(run: Running, alias: str, code: str | None) -> None:
    """Nothing invisible, nothing that turns the direction of writing, no pile of marks."""
    operator = await run.operator("anna")
    await operator.connection.send("duty", on=True, services=["linden"], alias=alias)
    if code is None:
        assert (await operator.connection.expect("duty", on=True))["alias"] == alias
    else:
        assert (await operator.connection.expect("nack"))["code"] == code


# --- abuse ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SIDES)
async def test_twenty_bad_frames_are_abuse(run: Running, path: str) -> None:
    """19 are borne; the twentieth is answered and closes the socket with 4029."""
    async with side(run, path) as raw:
        for _ in range(19):
            raw.frame(TEXT, b"hej")
            assert (await raw.json())["code"] == "bad_frame"
        raw.frame(TEXT, b"hej")
        assert (await raw.json())["code"] == "bad_frame"
        last = await raw.read()
        assert last is not None
        assert (last[0], int.from_bytes(last[1][:2], "big")) == (CLOSE, 4029)


async def test_refused_frames_are_no_bad_frames(run: Running) -> None:
    """What is well formed but not allowed is not abuse, a little more often than a mistake happens."""
    visitor = await run.visitor()
    for _ in range(25):
        await visitor.connection.send("say", id=new_id(), text="a" * 2_001)
        assert (await visitor.connection.expect("nack"))["code"] == "too_long"
    await visitor.says("Hej.")
