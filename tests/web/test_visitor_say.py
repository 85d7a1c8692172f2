# SPDX-License-Identifier: EUPL-1.2
"""The visitor's socket: saying, typing, ending, and what an observer sees of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.outside.connection import Connection, new_id
from tests.web.raw import CLOSE, TEXT, upgraded
from tests.web.running import Running


async def test_author_gets_only_the_ack(run: Running) -> None:
    """The other side gets `said`; numbers have no gap; times are to the minute."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    ack = await visitor.says("Hej, är någon där?", sent)
    assert ack == {"type": "ack", "id": sent, "seq": 2}
    said = await operator.hears(conversation, "Hej, är någon där?")
    assert (said["seq"], said["from"], said["id"]) == (2, "visitor", sent)
    assert len(said["at"]) == len("2026-01-01T00:00Z")
    await operator.says(conversation, "Ja.")
    answer = await visitor.hears("Ja.")
    assert (answer["seq"], answer["from"]) == (3, "operator")
    assert [frame for frame in visitor.connection.seen if frame["type"] == "said"] == [answer]


async def test_she_may_write_while_she_waits(run: Running) -> None:
    """What she wrote is there when somebody comes."""
    visitor, operator, conversation = await run.meeting()
    await visitor.says("Jag väntar.")
    accepted = await operator.accepts(conversation)
    assert [entry.get("text") for entry in accepted["entries"]] == ["Jag väntar.", None]


async def test_used_id_gives_the_first_ack_or_a_conflict(run: Running) -> None:
    """The same text again: the same seq, one row. Another text: `conflict`, and nothing is stored."""
    visitor = await run.visitor()
    sent = new_id()
    first = await visitor.says("Samma.", sent)
    assert await visitor.says("Samma.", sent) == first
    await visitor.connection.send("say", id=sent, text="Annan.")
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["retry"]) == ("conflict", sent, False)
    assert (await visitor.says("Nästa."))["seq"] == first["seq"] + 1


@pytest.mark.parametrize("keep", [True, False])
async def test_say_may_ask_to_keep(run: Running, keep: bool) -> None:
    """The optional field is taken."""
    visitor = await run.visitor()
    sent = new_id()
    await visitor.connection.send("say", id=sent, text="Hej.", keep=keep)
    assert (await visitor.connection.expect("ack"))["id"] == sent


async def test_typing_is_shown_to_the_other_side_only(run: Running) -> None:
    """And is no entry."""
    visitor, operator, conversation = await run.talk()
    await visitor.connection.send("typing")
    await operator.connection.expect("typing", conversation=conversation)
    await operator.connection.send("typing", conversation=conversation)
    await visitor.connection.expect("typing")
    assert (await visitor.says("Hej."))["seq"] == 2


@pytest.mark.parametrize(("fields", "reason"), [({}, "visitor"), ({"quickly": True}, "left_quickly")])
async def test_leave_ends_for_both(run: Running, fields: dict[str, Any], reason: str) -> None:
    """`ended`, then close 1000; nothing after it; the token is dead."""
    visitor, operator, conversation = await run.talk()
    await visitor.connection.send("leave", **fields)
    ended = await visitor.connection.expect("ended")
    assert (ended["reason"], ended["seq"]) == (reason, 2)
    assert await visitor.connection.closed() == 1000
    assert visitor.connection.seen[-1] == ended
    assert (await operator.connection.expect("ended", conversation=conversation))["reason"] == reason
    again = await Connection.open(run.at.ws_visitor, run.at.url)
    await again.send("resume", token=visitor.token, after=0)
    assert await again.closed() == 4001
    assert again.seen == []


async def test_leave_while_waiting_empties_the_queue(run: Running) -> None:
    """No ghost stays in it."""
    visitor, operator, _ = await run.meeting()
    await visitor.leaves()
    assert await visitor.connection.closed() == 1000
    assert (await operator.connection.expect("waiting", conversations=[]))["conversations"] == []


async def test_nothing_is_delivered_after_the_end(run: Running) -> None:
    """What is sent in the same breath as the end is stored before it or refused, never half."""
    visitor, operator, conversation = await run.talk()
    await asyncio.gather(
        visitor.connection.send("leave"),
        *(
            operator.connection.send("say", conversation=conversation, id=new_id(), text=f"Sent {n}")
            for n in range(20)
        ),
    )
    assert await visitor.connection.closed() == 1000
    assert visitor.connection.seen[-1]["type"] == "ended"
    answered: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        async for frame in operator.connection.frames():
            answered += [frame] if frame["type"] in {"ack", "nack"} else []
            if len(answered) == 20:
                break
    acked = [frame for frame in answered if frame["type"] == "ack"]
    heard = [frame for frame in visitor.connection.seen if frame["type"] == "said"]
    assert [frame["seq"] for frame in heard] == [frame["seq"] for frame in acked]
    assert {frame["code"] for frame in answered if frame["type"] == "nack"} <= {"ended", "not_allowed"}


async def test_author_after_the_end_is_not_answered(run: Running) -> None:
    """What she sends on behind `leave` gets nothing but the end."""
    visitor = await run.visitor()
    async with upgraded(run.port) as raw:
        frames = [
            {"type": "resume", "token": visitor.token, "after": 0},
            {"type": "leave"},
            {"type": "say", "id": new_id(), "text": "För sent."},
        ]
        for frame in frames:
            raw.frame(TEXT, json.dumps(frame).encode())
        seen = []
        while (got := await raw.read()) is not None and got[0] != CLOSE:
            seen.append(json.loads(got[1])["type"])
    assert seen[0] == "welcome"
    assert seen[-1] == "ended"
    assert "ack" not in seen


async def test_sizes_do_not_tell_how_much_was_said(run: Running) -> None:
    """1 and 400 characters give frames of one size, both ways."""
    visitor = await run.visitor()
    operator = await run.operator("anna")
    await operator.goes_on_duty("linden", alias="Kim")
    await operator.accepts(run.listed(operator))
    sizes: dict[str, set[int]] = {"ack": set(), "said": set()}
    conversation = next(f["conversation"] for f in operator.connection.seen if f["type"] == "accepted")
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, json.dumps({"type": "resume", "token": visitor.token, "after": 1}).encode())
        assert (await raw.json())["type"] == "welcome"
        for text in ("a", "b" * 400):
            raw.frame(TEXT, json.dumps({"type": "say", "id": new_id(), "text": text}).encode())
            await operator.says(conversation, text)
            for _ in range(2):
                while True:
                    got = await raw.read()
                    assert got is not None
                    kind = json.loads(got[1])["type"]
                    if kind in sizes:
                        sizes[kind].add(len(got[1]))
                        break
    assert sizes == {"ack": {1024}, "said": {1024}}
