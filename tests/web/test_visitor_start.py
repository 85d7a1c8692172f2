# SPDX-License-Identifier: EUPL-1.2
"""The visitor's socket: the first frame, and frames that are not hers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chat.ids import ServiceId
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


async def test_refusals_are_in_the_language_of_her_page(run: Running) -> None:
    """Which may be another than the one that she writes in; a page that names none is in that one."""
    told = {}
    for interface in ("ar", None):
        visitor, _ = await start(run, language="en", interface=interface)
        await visitor.connection.send("start", service="linden", language="sv", notice="x")
        told[interface] = (await visitor.connection.expect("nack"))["text"]
        await visitor.connection.close()
        await visitor.connect()
        resumed = {"token": visitor.token, "after": 0} | ({"interface": interface} if interface else {})
        await visitor.connection.send("resume", **resumed)
        await visitor.connection.expect("welcome")
        await visitor.connection.send("start", service="linden", language="sv", notice="x")
        assert (await visitor.connection.expect("nack"))["text"] == told[interface]
    languages = run.house.languages
    assert told == {
        "ar": languages.texts("ar", "visitor").gettext("nack.not_now"),
        None: languages.texts("en", "visitor").gettext("nack.not_now"),
    }


async def test_closed_service_takes_nobody(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`closed`, and trying again at once will not help."""
    rooms = run.house.chat.rooms
    service = rooms.services[ServiceId("linden")]
    shut = {**rooms.services, service.id: replace(service, cannot_open="no decision")}
    monkeypatch.setattr(rooms, "services", shut)
    _, nack = await start(run)
    assert (nack["type"], nack["code"], nack["retry"]) == ("nack", "closed", False)


async def test_visitor_sees_no_account(run: Running) -> None:
    """Only the alias of the shift, in every frame of a whole talk."""
    visitor, operator, conversation = await run.talk("maria")
    await operator.says(conversation, "Hej.")
    await visitor.hears("Hej.")
    await operator.ends(conversation)
    await visitor.connection.expect("ended")
    assert "maria" not in json.dumps(visitor.connection.seen)
