# SPDX-License-Identifier: EUPL-1.2
"""A server that is asked to stop: everybody is told, nothing is lost, and the next one goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.outside.connection import browser
from tests.web.running import ON, running
from web import server
from web.bootstrap import open_house
from web.demo import demo_settings, demo_site
from web.server_options import CannotStart


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here moves by themselves: do not wait long for it."""
    monkeypatch.setattr(server, "DRAIN_S", 0.2)


async def test_drain_tells_everybody_and_the_next_server_goes_on(place: Path) -> None:
    """`drain`, then 4012, then it is gone; over the same data the talk goes on where it was."""
    async with running(place) as run:
        visitor, operator, conversation = await run.talk()
        await visitor.says("Före.")
        run.server.ask_to_stop()
        for each in (visitor, operator):
            assert 0 < (await each.connection.expect("drain"))["within_ms"] <= 200
        assert await visitor.connection.closed() == 4012
        assert await operator.connection.closed() == 4012
        async with asyncio.timeout(10):
            await run.serving
        port = run.port
    async with running(place, port=port, staff=False) as run:
        welcome = await visitor.resumes()
        assert (welcome["phase"], welcome["seq"]) == ("active", 2)
        assert (await visitor.connection.expect("said"))["text"] == "Före."
        ready = await operator.connects()
        assert [held["conversation"] for held in ready["held"]] == [conversation]
        entries = (await operator.resumes(conversation))["entries"]
        assert [entry.get("text") for entry in entries] == [None, "Före."]
        await operator.says(conversation, "Efter.")
        await visitor.hears("Efter.")
        run.people += [visitor, operator]


async def test_drain_acknowledges_what_was_sent_before(place: Path) -> None:
    """Between `drain` and the close everything still works; it takes no new connection."""
    async with running(place) as run:
        visitor, operator, conversation = await run.talk()
        run.server.ask_to_stop()
        await visitor.connection.expect("drain")
        await visitor.says("Under tiden.")
        await operator.hears(conversation, "Under tiden.")
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", run.port)
        async with asyncio.timeout(10):
            await run.serving


async def test_process_beside_others_says_that_it_drains_before_it_stops_listening(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends people here sees it over a new connection, and nobody is sent to a closed door."""
    begun, seen = asyncio.Event(), asyncio.Event()
    async with running(place) as run:
        sleep = run.house.clock.sleep

        async def until_seen(seconds: float) -> None:
            if seconds == server.SEEN_DRAINING_S:
                begun.set()
                await seen.wait()
            else:
                await sleep(seconds)

        visitor = await run.visitor()
        monkeypatch.setattr(server, "SEEN_DRAINING_S", 1.0625)  # nobody else sleeps for just so long
        monkeypatch.setattr(run.house.clock, "sleep", until_seen)
        monkeypatch.setattr(run.house.chat.bus, "is_shared", lambda: True)
        run.server.ask_to_stop()
        async with asyncio.timeout(10), browser() as http:
            await begun.wait()
            answer = await http.get(f"http://127.0.0.1:{run.port}/readyz")
        assert (answer.status_code, answer.text.strip()) == (503, "draining")
        assert not [frame for frame in visitor.connection.seen if frame["type"] == "drain"]
        seen.set()
        await visitor.connection.expect("drain")
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", run.port)
        async with asyncio.timeout(10):
            await run.serving


async def test_drain_ends_soon_when_everybody_has_moved(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not wait for a time, only for people."""
    monkeypatch.setattr(server, "DRAIN_S", 60.0)
    async with running(place) as run:
        visitor, operator, _ = await run.talk()
        run.server.ask_to_stop()
        for each in (visitor, operator):
            await each.connection.expect("drain")
            await each.connection.close()
        async with asyncio.timeout(10):
            await run.serving


async def test_stop_asked_twice_is_at_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever insists does not wait."""
    monkeypatch.setattr(server, "DRAIN_S", 60.0)
    async with running(place) as run:
        visitor = await run.visitor()
        run.server.ask_to_stop()
        await visitor.connection.expect("drain")
        run.server.ask_to_stop()
        async with asyncio.timeout(10):
            await run.serving


async def test_next_server_waits_for_the_one_that_is_ending(place: Path) -> None:
    """It says so once, and has the data as soon as the other one has let go."""
    said: list[str] = []
    async with running(place) as run:
        visitor = await run.visitor()

        async def follow() -> int:
            site = run.house.site
            async with open_house(run.house.settings, site, patience_s=60, on_wait=said.append) as house:
                assert not run.house.chat.rooms.all(), "the other one was not done"
                return len(await house.chat.board.rows(site.services))

        following = asyncio.create_task(follow())
        run.server.ask_to_stop()
        assert await visitor.connection.closed() == 4012
        async with asyncio.timeout(10):
            await run.serving
        services = len(run.house.site.services)
    async with asyncio.timeout(10):
        assert await following == services
    assert len(said) == 1
    assert said[0].startswith("Another server is using the data directory")


async def test_next_server_does_not_wait_for_ever(place: Path) -> None:
    """One that is not ending keeps its data, and the other says what to do."""
    said: list[str] = []
    async with running(place) as run:
        opening = open_house(run.house.settings, run.house.site, patience_s=0.1, on_wait=said.append)
        with pytest.raises(CannotStart, match="stop it first"):
            async with opening:
                pass
        assert len(said) == 1
        await run.visitor()


async def test_reserved_port_is_closed_until_everything_is_ready() -> None:
    """Nobody waits in the queue of a server that cannot answer yet."""
    reserved = server.reserve("127.0.0.1", 0)
    try:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*reserved.getsockname())
    finally:
        reserved.close()


async def test_stop_asked_before_it_listens_stops(place: Path) -> None:
    """It is not lost because there is nothing to drain yet."""
    reserved = server.reserve("127.0.0.1", 0)
    try:
        port = reserved.getsockname()[1]
        async with open_house(demo_settings(place, port), demo_site(port, 3, ON), demo=True) as house:
            starting = server.Server(house, [f"http://127.0.0.1:{port}"], reserved, [], lambda: None)
            starting.ask_to_stop()
            async with asyncio.timeout(10):
                await starting.serve_until_stopped()
    finally:
        reserved.close()
