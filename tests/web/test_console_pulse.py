# SPDX-License-Identifier: EUPL-1.2
"""A console that sleeps: noticed by its network or by its silence, and from there on counted as away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.ids import ServiceId
from tests.outside.connection import Closed
from tests.outside.operator import Operator
from tests.web.passing import passes
from tests.web.raw import TEXT, pinged, until, upgraded
from tests.web.running import Running, running
from web import server
from web.operator import pulse

LINDEN = ServiceId("linden")


def _soon_lost(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an operator be lost after a second, where the real one is given 90."""
    services = run.house.chat.rooms.services
    deadlines = replace(services[LINDEN].deadlines, operator_lost=timedelta(seconds=1))
    monkeypatch.setitem(services, LINDEN, replace(services[LINDEN], deadlines=deadlines))


async def _asks(operator: Operator, number: int) -> None:
    await operator.connection.send("there", id=number)
    assert await operator.connection.expect("here") == {"type": "here", "id": number}


async def test_there_is_answered_with_the_same_number(run: Running) -> None:
    """A round trip that no frame from before a sleep can stand in for; only after hello."""
    operator = await run.operator("anna")
    await _asks(operator, 7)
    await _asks(operator, 2**31)
    for wrong in (-1, 2**31 + 1, "7", None, 1.5):
        await operator.connection.send("there", id=wrong)
        assert (await operator.connection.expect("nack"))["code"] == "bad_frame"


async def test_silent_page_is_gone_though_its_network_answers(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen tab's browser answers every ping. She is told all the same, and stands first."""
    monkeypatch.setattr(pulse, "PULSE_S", 0.5)
    _soon_lost(run, monkeypatch)
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("what_became", conversation=conversation)
    await operator.connection.expect("became")
    # Whoever has never sent it is a client of the contract, and is not expected to.
    bodil = await run.operator("maja", "linden", alias="Bodil")
    await _asks(operator, 1)
    with pytest.raises(Closed) as closed:
        await operator.connection.expect("nothing")
    assert closed.value.code == 4008
    assert not bodil.connection.socket.close_code
    await visitor.connection.expect("left")
    assert await bodil.sees_waiting() == conversation

    back = await operator.connects()
    assert back["held"] == []
    await operator.connection.send("what_became", conversation=conversation)
    became = await operator.connection.expect("became")
    assert (became["now"], "alias" in became) == ("waits", False)
    await bodil.accepts(conversation)
    await operator.connection.send("what_became", conversation=conversation)
    became = await operator.connection.expect("became", now="taken")
    assert became["alias"] == "Bodil"


async def test_page_that_answers_stays(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sign of life gives it its whole time again."""
    monkeypatch.setattr(pulse, "PULSE_S", 2.0)
    operator = await run.operator("anna")
    for number in range(1, 4):
        await _asks(operator, number)
        passes(1.2)
    await _asks(operator, 4)


async def test_lid_that_is_closed_is_noticed_by_its_silence(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine asleep answers no ping: the lone operator is lost from there, and she is told both."""
    monkeypatch.setattr(server, "PING_S", 0.2)
    monkeypatch.setattr(server, "PONG_S", 5.0)
    async with running(place) as run:
        _soon_lost(run, monkeypatch)
        visitor, operator, conversation = await run.talk()
        cookie = ("Cookie", operator.cookie_header)
        async with upgraded(run.port, "/ws/operator", cookie) as raw:
            raw.frame(TEXT, json.dumps({"type": "hello", "csrf": operator.csrf}).encode())
            with pytest.raises(Closed) as closed:
                await operator.connection.expect("nothing")
            assert closed.value.code == 4003
            ready: dict[str, Any] = await raw.json()
            assert [held["conversation"] for held in ready["held"]] == [conversation]
            # It sends nothing from here on, no answer to a ping either.
            await pinged(raw)
            for _ in range(2):
                passes(3.0)
                await visitor.says("är du kvar?")
            await until(lambda: not run.house.chat.operators.desks)
        await visitor.connection.expect("left")
        await visitor.connection.expect("queue", here=False)
