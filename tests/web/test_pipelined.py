# SPDX-License-Identifier: EUPL-1.2
"""Frames that stand in line when the server closes: the last words and the exact code arrive all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.outside.connection import new_id
from tests.outside.visitor import Visitor
from tests.web.raw import CLOSE, TEXT, Raw, upgraded
from tests.web.running import Running
from web import connection, socket

UNKNOWN = "A" * 22
MORE = 30
"""Frames sent after the one that closes, in the same breath."""


def text(kind: str, **fields: Any) -> bytes:
    """Return a frame."""
    return json.dumps({"type": kind, **fields}).encode()


def pipeline(raw: Raw, *frames: bytes, after: bytes = b'{"type":"typing"}') -> None:
    """Send these and what stands in line behind them at once."""
    for frame in (*frames, *[after] * MORE):
        raw.frame(TEXT, frame)


async def heard(raw: Raw) -> tuple[list[dict[str, Any]], int | None]:
    """Return every frame until the close, and its code."""
    frames: list[dict[str, Any]] = []
    while (frame := await raw.read()) is not None:
        opcode, payload = frame
        if opcode == CLOSE:
            return frames, int.from_bytes(payload[:2], "big")
        if opcode == TEXT:
            frames.append(json.loads(payload))
    return frames, None


async def test_leave_with_frames_behind_it_ends_in_order(run: Running) -> None:
    """`ended`, then 1000."""
    visitor = await run.visitor()
    async with upgraded(run.port) as raw:
        pipeline(raw, text("resume", token=visitor.token, after=0), text("leave"))
        frames, code = await heard(raw)
    assert (frames[-1]["type"], code) == ("ended", 1000)


async def test_dead_token_with_frames_behind_it_is_4001(run: Running) -> None:
    """And no frame."""
    async with upgraded(run.port) as raw:
        pipeline(raw, text("resume", token="x", after=0))
        assert await heard(raw) == ([], 4001)


async def test_many_bad_frames_at_once_are_4029(run: Running) -> None:
    """After as many refusals as are allowed, all of which arrive."""
    async with upgraded(run.port) as raw:
        pipeline(raw, after=b"{}")
        frames, code = await heard(raw)
    assert ([frame["code"] for frame in frames], code) == (["bad_frame"] * socket.BAD_FRAMES, 4029)


async def test_binary_frame_with_frames_behind_it_is_1003(run: Running) -> None:
    """Whatever follows."""
    async with upgraded(run.port) as raw:
        raw.frame(0x2, b"x")
        pipeline(raw)
        assert await heard(raw) == ([], 1003)


async def test_taken_over_seat_with_frames_behind_it_is_4003(run: Running) -> None:
    """The socket that lost its seat hears so, however much it sends."""
    visitor = await run.visitor()
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, text("resume", token=visitor.token, after=0))
        assert (await raw.json())["type"] == "welcome"
        await visitor.resumes()
        pipeline(raw)
        assert (await heard(raw))[1] == 4003


async def test_wrong_csrf_with_frames_behind_it_is_4001(run: Running) -> None:
    """After one refusal."""
    operator = await run.operator("anna")
    async with upgraded(run.port, "/ws/operator", ("Cookie", operator.cookie_header)) as raw:
        pipeline(raw, text("hello", csrf="x"))
        frames, code = await heard(raw)
    assert ([frame["code"] for frame in frames], code) == (["not_allowed"], 4001)


async def test_console_without_a_sign_in_with_frames_behind_it_is_4001(run: Running) -> None:
    """And no frame."""
    async with upgraded(run.port, "/ws/operator") as raw:
        pipeline(raw, text("hello", csrf="x"))
        assert await heard(raw) == ([], 4001)


async def test_words_in_one_breath_are_answered_in_order(run: Running) -> None:
    """Words, a bad frame among them, a sign of writing and a retry: each answered, each word stored once."""
    visitor, operator, conversation = await run.talk()
    ids = [new_id() for _ in range(20)]
    words = [text("say", id=id_, text=f"ord {number}") for number, id_ in enumerate(ids)]
    async with upgraded(run.port) as raw:
        resume = text("resume", token=visitor.token, after=0)
        burst = [resume, *words[:9], b"{}", *words[9:], text("typing"), words[3], text("leave")]
        for frame in burst:
            raw.frame(TEXT, frame)
        frames, code = await heard(raw)
    acks = [frame["id"] for frame in frames if frame["type"] == "ack"]
    assert (acks, code) == ([*ids, ids[3]], 1000)
    assert [frame["code"] for frame in frames if frame["type"] == "nack"] == ["bad_frame"]
    for number in range(20):
        await operator.hears(conversation, f"ord {number}")
    said = [frame["text"] for frame in operator.connection.seen if frame["type"] == "said"]
    assert said == [f"ord {number}" for number in range(20)]


async def test_operator_says_in_several_conversations_in_one_breath(run: Running) -> None:
    """Each conversation gets its own words in order; an unknown one is refused for each of its frames."""
    operator = await run.operator("anna", "linden")
    visitors: list[Visitor] = []
    conversations: list[str] = []
    for _ in range(2):
        visitors.append(await run.visitor())
        conversations.append(await operator.sees_waiting(conversations))
        await operator.accepts(conversations[-1])
    order = [conversations[0], conversations[1], UNKNOWN] * 3
    for number, conversation in enumerate(order):
        await operator.connection.send("say", conversation=conversation, id=new_id(), text=f"ord {number}")
    for _ in range(3):
        nack = await operator.connection.expect("nack")
        assert (nack["code"], nack["conversation"]) == ("not_allowed", UNKNOWN)
    for _ in range(6):
        await operator.connection.expect("ack")
    for which, visitor in enumerate(visitors):
        for number in (which, which + 3, which + 6):
            assert (await visitor.connection.expect("said"))["text"] == f"ord {number}"


@pytest.mark.parametrize("path", ["/ws/visitor", "/ws/operator"])
async def test_refusals_without_end_are_4029(run: Running, path: str) -> None:
    """A socket that asks for what it cannot have, again and again, is closed."""
    operator = await run.operator("anna")
    async with upgraded(run.port, path, ("Cookie", operator.cookie_header)) as raw:
        for _ in range(connection.REFUSALS.burst + MORE):
            raw.frame(TEXT, text("typing") if path == "/ws/visitor" else text("end", conversation="x"))
        frames, code = await heard(raw)
    assert code == 4029
    assert {frame["code"] for frame in frames} == {"not_now"}


async def test_second_failure_of_ours_on_one_socket_is_4500(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is `unavailable` and may be tried again; then the server says that it cannot."""
    visitor = await run.visitor()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("chat.live.visitors.Visitors.typing", broken)
    async with upgraded(run.port) as raw:
        pipeline(raw, text("resume", token=visitor.token, after=0))
        frames, code = await heard(raw)
    refused = [(frame["code"], frame["retry"]) for frame in frames if frame["type"] == "nack"]
    assert (refused, code) == ([("unavailable", True)] * 2, 4500)
