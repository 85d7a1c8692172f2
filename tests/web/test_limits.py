# SPDX-License-Identifier: EUPL-1.2
"""Who says nothing, who never reads and who is too fast: dropped or slowed, and nobody else with them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.raw import TEXT, upgraded
from tests.web.running import PASSWORDS, Running, running
from tests.web.test_sign_in import Person
from web import limits, outbox, socket


@pytest.mark.parametrize("path", ["/ws/visitor", "/ws/operator"])
async def test_first_frame_must_come_soon(run: Running, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Who connects and says nothing is closed with 1008."""
    operator = await run.operator("anna")
    monkeypatch.setattr(socket, "FIRST_FRAME_S", 0.01)
    headers = [("Cookie", operator.cookie_header)] if path == "/ws/operator" else []
    async with upgraded(run.port, path, *headers) as raw:
        assert await raw.close_code() == 1008


async def test_half_a_first_frame_is_none(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that never ends does not keep a socket."""
    monkeypatch.setattr(socket, "FIRST_FRAME_S", 0.01)
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, b'{"type":', fin=False)
        assert await raw.close_code() == 1008


async def test_beat_comes_by_itself(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides hear one now and then."""
    monkeypatch.setattr(socket, "BEAT_S", 0.01)
    visitor = await run.visitor()
    operator = await run.operator("anna")
    await visitor.connection.expect("beat")
    await operator.connection.expect("beat")


async def test_peer_that_never_reads_is_dropped(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its outbox overflows, others go on, and coming back brings everything."""
    visitor, operator, conversation = await run.talk()
    with monkeypatch.context() as impatient:
        impatient.setattr(socket, "SEND_S", 0.2)
        said = await talk_to_a_wall(run, visitor, operator, conversation)
    other = await run.visitor("eken")
    await other.says("Mig stör det inte.")
    welcome = await visitor.resumes()
    assert welcome["seq"] == said + 1
    assert [(await visitor.connection.expect("said"))["seq"] for _ in range(said)] == list(range(2, said + 2))


async def talk_to_a_wall(run: Running, visitor: Visitor, operator: Operator, conversation: str) -> int:
    """Take her seat on a socket that reads nothing, talk until it is dropped, and return how often."""
    async with upgraded(run.port) as raw:
        raw.frame(TEXT, json.dumps({"type": "resume", "token": visitor.token, "after": 0}).encode())
        assert await visitor.connection.closed() == 4003
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
        deaf = set(run.house.visitor_hub.sockets)
        assert len(deaf) == 1
        said = 0
        async with asyncio.timeout(30):
            while deaf & run.house.visitor_hub.sockets:
                await operator.says(conversation, "\U0001f980" * 2_000)
                said += 1
    return said


async def test_long_talk_can_be_read_again(run: Running) -> None:
    """More entries, and more bytes, than an outbox holds: for her, and for the operator."""
    visitor, operator, conversation = await run.talk()
    said = outbox.OUTBOX_FRAMES + 10
    for _ in range(said):
        await visitor.says("\U0001f980" * 400)
    await visitor.resumes()
    seqs = [(await visitor.connection.expect("said"))["seq"] for _ in range(said)]
    assert seqs == list(range(2, said + 2))
    accepted = await operator.resumes(conversation)
    entries = accepted["entries"]
    while accepted["seq"] <= said:
        accepted = await operator.connection.expect("accepted")
        entries += accepted["entries"]
    assert [entry["seq"] for entry in entries] == list(range(1, said + 2))


async def test_messages_that_come_too_fast_wait(place: Path) -> None:
    """`rate` with the id; what is sent again a little later goes through once."""
    async with running(place, limits=True) as run:
        visitor = await run.visitor()
        ids = [new_id() for _ in range(limits.MESSAGES.burst + 40)]
        await asyncio.gather(*(visitor.connection.send("say", id=sent, text="Hej.") for sent in ids))
        nack = await visitor.connection.expect("nack")
        assert (nack["code"], nack["retry"]) == ("rate", True)
        assert nack["id"] in ids


async def test_guessing_passwords_is_slowed_down(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """403 with `Retry-After` and no look at the password; other names go on."""
    async with running(place, limits=True) as run:
        # All within the second that it is to be waited for.
        now = run.house.clock.now()
        monkeypatch.setattr(run.house.clock, "now", lambda: now)
        anna, maria = Person(run.at, run.staff("anna")), Person(run.at, run.staff("maria"))
        for _ in range(4):
            answer = await anna.tries("anna", "fel-lösenord")
            assert answer.status_code == 403
        answer = await anna.tries("anna", PASSWORDS["anna"])
        assert answer.status_code == 403
        assert int(answer.headers["retry-after"]) >= 1
        assert (await maria.tries("maria", PASSWORDS["maria"])).status_code == 303
