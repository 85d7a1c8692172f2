# SPDX-License-Identifier: EUPL-1.2
"""A start under load, over real sockets: at once, for work, or a little later; never refused for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chat.hours import local_day
from chat.ids import ServiceId
from chat.sealing import Token
from moderation import admission
from tests.outside.connection import Frame
from tests.outside.visitor import Visitor
from tests.outside.work import solve, solves
from tests.web.raw import CLOSE, TEXT, upgraded
from tests.web.running import Running, running
from web import limits
from web.visitor.socket import STARTS_OF_A_SOCKET

HERS = b"\x7f\x00\x00"
"""The network of 127.0.0.1."""
ELSEWHERE = "127.80.1.1"


@pytest_asyncio.fixture(loop_scope="session")
async def limited(place: Path) -> AsyncGenerator[Running]:
    """A server that limits this machine's own addresses too."""
    async with running(place, limits=True) as run:
        yield run


def use_up(run: Running, network: bytes = HERS) -> None:
    """Let others of a network take its whole allowance."""
    for _ in range(admission.OWN.burst):
        run.house.limits.start(network, 0)


async def comes(run: Running, source: str | None = None) -> tuple[Visitor, dict[str, Any]]:
    """Return a visitor with an open socket, and what she sends with `start`."""
    visitor = Visitor(run.at, "linden", source)
    run.people.append(visitor)
    await visitor.connect()
    return visitor, {"service": "linden", "language": "sv", "notice": await visitor.notice()}


async def test_start_without_load_costs_no_work(limited: Running) -> None:
    """As many as a whole school come from one network, and all are let in at once."""
    for _ in range(admission.OWN.burst):
        visitor, fields = await comes(limited)
        answer = await visitor.asks_to_start(**fields)
        assert answer["type"] == "welcome"
        visitor.token = answer["token"]


async def test_start_beyond_the_allowance_costs_work_and_lets_in(limited: Running) -> None:
    """Whoever shares her network with a flood is never locked out; elsewhere nothing is asked for."""
    use_up(limited)
    visitor, fields = await comes(limited)
    nack = await visitor.asks_to_start(**fields)
    assert (nack["code"], nack["retry"], nack["bits"]) == ("work", True, 15)
    assert "Vi öppnar chatten" in nack["text"]
    assert (await visitor.works_and_asks_again(nack, **fields))["type"] == "welcome"
    other, fields = await comes(limited, ELSEWHERE)
    assert (await other.asks_to_start(**fields))["type"] == "welcome"


async def test_forged_address_is_no_other_network(limited: Running) -> None:
    """A forwarding header from somebody who is no proxy of ours changes nothing."""
    use_up(limited)
    _, fields = await comes(limited)
    async with upgraded(limited.port, "/ws/visitor", ("X-Forwarded-For", "203.0.113.9")) as raw:
        raw.frame(TEXT, json.dumps({"type": "start", **fields}).encode())
        assert (await raw.json())["code"] == "work"


async def asked_for_work(run: Running, source: str | None = None) -> tuple[Visitor, dict[str, Any], Frame]:
    """Return somebody who was asked for work."""
    visitor, fields = await comes(run, source)
    nack = await visitor.asks_to_start(**fields)
    assert nack["code"] == "work"
    return visitor, fields, nack


async def test_solved_challenge_lets_in_once(limited: Running) -> None:
    """The second to bring it is asked for work of their own."""
    use_up(limited)
    first, fields, nack = await asked_for_work(limited)
    work = {"challenge": nack["challenge"], "nonce": solve(nack["challenge"], nack["bits"])}
    assert (await first.asks_to_start(**fields, work=work))["type"] == "welcome"
    second, _ = await comes(limited)
    again = await second.asks_to_start(**fields, work=work)
    assert again["code"] == "work"
    assert again["challenge"] != nack["challenge"]


async def test_solved_challenge_survives_a_lost_socket(limited: Running) -> None:
    """A phone that changes its mast in between does not work twice."""
    use_up(limited)
    visitor, fields, nack = await asked_for_work(limited)
    visitor.connection.abort()
    await visitor.connect()
    assert (await visitor.works_and_asks_again(nack, **fields))["type"] == "welcome"


async def test_what_does_not_solve_gets_a_new_challenge(limited: Running) -> None:
    """A wrong nonce, a challenge that nobody made, and one that was made for another network."""
    use_up(limited)
    use_up(limited, b"\x7f\x50\x01")
    visitor, fields, nack = await asked_for_work(limited)
    challenge, bits = nack["challenge"], nack["bits"]
    wrong = next(nonce for nonce in map(str, range(99)) if not solves(challenge, nonce, bits))
    forged = challenge[:-1] + ("A" if challenge[-1] != "A" else "B")
    _, _, foreign = await asked_for_work(limited, ELSEWHERE)
    for work in (
        {"challenge": challenge, "nonce": wrong},
        {"challenge": forged, "nonce": solve(forged, bits)},
        {"challenge": foreign["challenge"], "nonce": solve(foreign["challenge"], bits)},
        {"challenge": "å" * 32, "nonce": ""},
    ):
        nack = await visitor.asks_to_start(**fields, work=work)
        assert nack["code"] == "work"
    assert (await visitor.works_and_asks_again(nack, **fields))["type"] == "welcome"


async def test_full_house_says_when_to_try_again(limited: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """All places taken: it is said in words and seconds; the socket stays, and a free place is hers."""
    monkeypatch.setattr(admission, "PLACES", 1)
    waiting = await limited.visitor()
    lobby = limited.house.chat.lobby
    await lobby.settle()
    visitor, fields = await comes(limited)
    nack = await visitor.asks_to_start(**fields)
    assert (nack["code"], nack["retry"], nack["wait_s"]) == ("unavailable", True, 60)
    assert "om ungefär 60 sekunder" in nack["text"]
    assert "challenge" not in nack
    await waiting.leaves()
    while lobby.waiting:  # noqa: ASYNC110 - the lobby may be reading already, by itself
        await asyncio.sleep(0)
    assert (await visitor.asks_to_start(**fields))["type"] == "welcome"


async def test_work_that_meets_a_full_house_is_not_lost(
    limited: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She is told to wait, and what she has solved lets her in afterwards."""
    use_up(limited)
    visitor, fields, nack = await asked_for_work(limited)
    work = {"challenge": nack["challenge"], "nonce": solve(nack["challenge"], nack["bits"])}
    with monkeypatch.context() as full:
        full.setattr(admission, "CROWD_PLACES", 0)
        assert (await visitor.asks_to_start(**fields, work=work))["wait_s"] == 60
    assert (await visitor.asks_to_start(**fields, work=work))["type"] == "welcome"


async def test_start_asked_for_over_and_over_is_closed(limited: Running) -> None:
    """`rate` is for what no person does; the socket goes, and a new one begins anew."""
    use_up(limited)
    _, fields = await comes(limited)
    async with upgraded(limited.port) as raw:
        for _ in range(STARTS_OF_A_SOCKET + 5):
            raw.frame(TEXT, json.dumps({"type": "start", **fields}).encode())
        codes = []
        while (frame := await raw.read()) is not None and frame[0] != CLOSE:
            codes.append(json.loads(frame[1])["code"])
    assert codes == ["work"] * STARTS_OF_A_SOCKET + ["rate"]
    assert frame is not None
    assert int.from_bytes(frame[1][:2], "big") == 4029
    await limited.visitor()


async def test_starts_at_a_closed_service_take_nothing(
    limited: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They cost others of her network no work, and only so many of them are counted."""
    services = limited.house.chat.rooms.services
    closed = replace(services[ServiceId("eken")], cannot_open="no decision")
    with monkeypatch.context() as shut:
        shut.setitem(services, ServiceId("eken"), closed)
        for _ in range(4):
            visitor, fields = await comes(limited)
            for _ in range(STARTS_OF_A_SOCKET):
                answer = await visitor.asks_to_start(**{**fields, "service": "eken"})
                assert answer["code"] == "closed"
    counted = await limited.house.chat.lobby.store.counters(
        [ServiceId("eken")], local_day(limited.house.clock.now())
    )
    assert counted[ServiceId("eken")]["refused_closed"] == limits.COUNTED.burst
    visitor, fields = await comes(limited)
    answer = await visitor.asks_to_start(**fields)
    assert answer["type"] == "welcome"
    visitor.token = answer["token"]


async def test_return_is_never_refused_because_of_her_network(limited: Running) -> None:
    """Others of her network guess tokens as fast as they can: she comes back all the same."""
    visitor = await limited.visitor()
    day, _ = limited.house.daily_keys.today(limited.house.clock.now())

    async def guess(number: int) -> int | None:
        async with upgraded(limited.port) as raw:
            token = Token(day, number.to_bytes(32, "big")).text()
            raw.frame(TEXT, json.dumps({"type": "resume", "token": token, "after": 0}).encode())
            return await raw.close_code()

    guesses = [asyncio.create_task(guess(number)) for number in range(50)]
    assert (await visitor.resumes())["phase"] == "waiting"
    assert set(await asyncio.gather(*guesses)) == {4001}
