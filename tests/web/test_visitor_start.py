# SPDX-License-Identifier: EUPL-1.2
"""The visitor's socket: the first frame, and frames that are not hers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chat.ids import ServiceId
from tests.outside.connection import Connection
from tests.outside.visitor import Visitor
from tests.web.running import Running


async def start(run: Running, **fields: Any) -> tuple[Visitor, dict[str, Any]]:
    """Send `start` with some fields changed or, where None, left out; return what comes first."""
    visitor = Visitor(run.at, "linden")
    run.people.append(visitor)
    await visitor.connect()
    frame = {"service": "linden", "language": "sv", "notice": await visitor.notice()} | fields
    await visitor.connection.send(
        "start", **{key: value for key, value in frame.items() if value is not None}
    )
    first = await anext(visitor.connection.frames())
    visitor.token = first.get("token", "")
    return visitor, first


async def test_start_gives_a_place(run: Running) -> None:
    """`welcome` with a token, then `queue`; nothing else, and the protocol is agreed on."""
    visitor, welcome = await start(run)
    assert set(welcome) == {"type", "token", "service", "phase", "seq"}
    assert (welcome["service"], welcome["phase"], welcome["seq"]) == ("linden", "waiting", 0)
    queue = await visitor.connection.expect("queue")
    assert (queue["ahead"], queue["wait"]) == (0, None)
    assert visitor.connection.socket.subprotocol == "jourchatt.v1"


STARTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"service": "nowhere"}, "not_allowed"),
    ({"service": "LINDEN"}, "bad_frame"),
    ({"service": "linden\n"}, "bad_frame"),
    ({"service": "../linden"}, "bad_frame"),
    ({"service": ""}, "bad_frame"),
    ({"service": "a" * 65}, "bad_frame"),
    ({"service": None}, "bad_frame"),
    ({"service": ["linden"]}, "bad_frame"),
    ({"notice": "another"}, "conflict"),
    ({"notice": ""}, "conflict"),
    ({"notice": None}, "bad_frame"),
    ({"notice": "a" * 65}, "bad_frame"),
    ({"notice": 1}, "bad_frame"),
    ({"language": None}, "bad_frame"),
    ({"language": "s"}, "bad_frame"),
    ({"language": "sv_SE"}, "bad_frame"),
    ({"language": "sv\n"}, "bad_frame"),
    ({"language": "a" * 17}, "bad_frame"),
    ({"intake": "acute"}, "bad_frame"),
    ({"intake": {"acute": 1}}, "bad_frame"),
    ({"intake": {"acute": "yes"}}, "bad_frame"),
    ({"intake": {"name": "Eva"}}, "bad_frame"),
    ({"intake": {"need": "a" * 65}}, "bad_frame"),
    ({"intake": {"need": ["a"]}}, "bad_frame"),
    ({"token": "x"}, "bad_frame"),
    ({"extra": 1}, "bad_frame"),
)


@pytest.mark.parametrize(("fields", "code"), STARTS)
async def test_start_is_refused(run: Running, fields: dict[str, Any], code: str) -> None:
    """The socket stays, and a right `start` on it goes through."""
    visitor, nack = await start(run, **fields)
    assert (nack["type"], nack["code"], nack["retry"]) == ("nack", code, False)
    assert nack["text"]
    await visitor.connection.send("start", service="linden", language="sv", notice=await visitor.notice())
    visitor.token = (await visitor.connection.expect("welcome"))["token"]


INTAKES: tuple[dict[str, Any] | None, ...] = (
    None,
    {},
    {"acute": True},
    {"need": "talk", "age_band": "18-25", "role": "exposed", "municipality": "Vallentuna", "acute": False},
    {"need": None},
)


@pytest.mark.parametrize("intake", INTAKES)
async def test_intake_may_be_left_out_in_every_part(run: Running, intake: dict[str, Any] | None) -> None:
    """Each answer may be skipped, and so may all."""
    _, welcome = await start(run, intake=intake)
    assert welcome["type"] == "welcome"


async def test_unknown_language_is_taken_as_it_is(run: Running) -> None:
    """She may write in any; what she is told comes in one that there is."""
    visitor, welcome = await start(run, language="ti")
    assert welcome["type"] == "welcome"
    await visitor.connection.send("start", service="linden", language="sv", notice="x")
    assert (await visitor.connection.expect("nack"))["text"]


async def test_closed_service_takes_nobody(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`closed`, and trying again at once will not help."""
    rooms = run.house.chat.rooms
    service = rooms.services[ServiceId("linden")]
    shut = {**rooms.services, service.id: replace(service, cannot_open="no decision")}
    monkeypatch.setattr(rooms, "services", shut)
    _, nack = await start(run)
    assert (nack["type"], nack["code"], nack["retry"]) == ("nack", "closed", False)


async def test_second_start_is_refused(run: Running) -> None:
    """One socket, one conversation; the first goes on."""
    visitor, welcome = await start(run)
    await visitor.connection.send("start", service="linden", language="sv", notice=await visitor.notice())
    assert (await visitor.connection.expect("nack"))["code"] == "not_now"
    await visitor.connection.send("resume", token=welcome["token"], after=0)
    assert (await visitor.connection.expect("nack"))["code"] == "not_now"
    assert (await visitor.says("Jag är kvar."))["seq"] == 1


BEFORE_START: tuple[tuple[str, dict[str, Any]], ...] = (
    ("say", {"id": "A" * 22, "text": "Hej."}),
    ("typing", {}),
    ("leave", {}),
)


@pytest.mark.parametrize(("kind", "fields"), BEFORE_START)
async def test_frame_before_start_is_refused(run: Running, kind: str, fields: dict[str, Any]) -> None:
    """`not_now`, with the id that it answers; the socket stays."""
    visitor = Visitor(run.at, "linden")
    await visitor.connect()
    run.people.append(visitor)
    await visitor.connection.send(kind, **fields)
    nack = await visitor.connection.expect("nack")
    assert (nack["code"], nack.get("id")) == ("not_now", fields.get("id"))
    await visitor.connection.send("start", service="linden", language="sv", notice=await visitor.notice())
    visitor.token = (await visitor.connection.expect("welcome"))["token"]


OPERATORS_FRAMES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("hello", {"csrf": "x"}),
    ("duty", {"on": True, "services": ["linden"], "alias": "Kim"}),
    ("accept", {"conversation": "A" * 22}),
    ("end", {"conversation": "A" * 22}),
    ("say", {"conversation": "A" * 22, "id": "A" * 22, "text": "Hej."}),
    ("typing", {"conversation": "A" * 22}),
    ("resume", {"conversation": "A" * 22, "after": 0}),
    ("welcome", {"token": "x", "service": "linden", "phase": "active", "seq": 0}),
    ("joined", {"seq": 1, "alias": "Kim"}),
    ("ended", {"seq": 1, "reason": "visitor"}),
)


@pytest.mark.parametrize(("kind", "fields"), OPERATORS_FRAMES)
async def test_frame_of_the_other_side_is_a_bad_frame(
    run: Running, kind: str, fields: dict[str, Any]
) -> None:
    """Before the start and after it."""
    visitor = await run.visitor()
    other = await Connection.open(run.at.ws_visitor, run.at.url)
    for connection in (visitor.connection, other):
        await connection.send(kind, **fields)
        assert (await connection.expect("nack"))["code"] == "bad_frame"
    await other.close()


async def test_visitor_sees_no_account(run: Running) -> None:
    """Only the alias of the shift, in every frame of a whole talk."""
    visitor, operator, conversation = await run.talk("maria")
    await operator.says(conversation, "Hej.")
    await visitor.hears("Hej.")
    await operator.ends(conversation)
    await visitor.connection.expect("ended")
    assert "maria" not in json.dumps(visitor.connection.seen)
