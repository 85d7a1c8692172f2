# SPDX-License-Identifier: EUPL-1.2
"""Two servers over one SQLite file with Redis between them: one is killed at the worst moment, Redis goes."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drill.watcher import Watcher
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.served import Deployment, Served
from tests.outside.visitor import Visitor
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.drill
TRIES = 60
"""Commits that are watched until one is caught; the other server commits too."""


@dataclass
class Both:
    """Two servers of one deployment."""

    place: Deployment
    redis: RedisServer
    one: Served
    two: Served

    @property
    def database(self) -> Path:
        """The file that both write."""
        return self.place.data / "shared" / "jourchatt.sqlite"

    def is_stored(self, client_id: str) -> bool:
        """Tell whether a message is in the store."""
        with closing(sqlite3.connect(self.database)) as file:
            found = file.execute("SELECT 1 FROM entry WHERE client_id = ?", [client_id]).fetchone()
        return found is not None

    def operator(self, name: str) -> Operator:
        """Return somebody of the staff, who has not signed in."""
        assert self.place.told is not None
        return Operator(self.one.at, next(each for each in self.place.told.staff if each.name == name))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Generator[Both]:
    """Both servers, running."""
    folder = tmp_path_factory.mktemp("several")
    with RedisServer(folder) as redis:
        place = Deployment(folder=folder / "place", redis_url=redis.url)
        place.fill()
        one, two = place.server("one"), place.server("two")
        one.start()
        two.start()
        try:
            yield Both(place, redis, one, two)
        finally:
            for each in (one, two):
                each.kill()


async def _caught(both: Both, visitor: Visitor, watcher: Watcher) -> tuple[str, str]:
    """Stop her server between the commit of what she says and every doorbell; return its id and text."""
    for number in range(TRIES):
        client_id, text = new_id(), f"är du där? {number}"
        stopping = asyncio.create_task(watcher.stops(both.one.pid))
        await visitor.connection.send("say", id=client_id, text=text)
        if await stopping:
            acked = [frame for frame in visitor.connection.seen if frame.get("id") == client_id]
            if not acked and both.is_stored(client_id):
                return client_id, text
            both.one.send(signal.SIGCONT)
        await visitor.connection.expect("ack", id=client_id)
    raise AssertionError(f"none of {TRIES} stops fell between a commit and its doorbell")


async def test_what_is_stored_is_shown_whatever_is_lost_in_between(both: Both) -> None:
    """Talk over both; one is killed before its doorbell; Redis goes and comes; all is said once."""
    operator = both.operator("anna")
    page = await operator.request("GET", "/staff/sign-in")
    assert page.status_code == 200
    operator.at = both.two.at  # each request may meet another server
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Alva")
    visitor = await Visitor.starts(both.one.at, "linden")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await visitor.says("hej")
    await operator.hears(conversation, "hej")
    await operator.says(conversation, "hej hej")
    await visitor.hears("hej hej")

    async with Watcher.over(both.database) as watcher:
        client_id, text = await _caught(both, visitor, watcher)
    await operator.hears(conversation, text)
    both.one.kill()
    visitor.at = both.two.at
    before = await visitor.resumes(after=0)
    ack = await visitor.says(text, client_id)
    assert ack["seq"] <= before["seq"], "the retry is the message that was stored"
    await operator.says(conversation, "jag är här")
    await visitor.hears("jag är här")

    both.one = both.one.follower()
    await asyncio.to_thread(both.one.start)
    both.redis.stop()
    assert (await operator.connection.expect("degraded"))["away"] is True
    await visitor.connection.close()
    visitor.at = both.one.at
    await visitor.resumes(after=ack["seq"])
    for number in range(3):
        await visitor.says(f"utan klocka {number}")
        await operator.hears(conversation, f"utan klocka {number}")
        await operator.says(conversation, f"ja {number}")
        await visitor.hears(f"ja {number}")
    waiting = await Visitor.starts(both.one.at, "linden")
    await operator.sees_waiting(besides=[conversation])
    await waiting.leaves()
    both.redis.start()
    assert (await operator.connection.expect("degraded"))["away"] is False
    await visitor.says("igen")
    await operator.hears(conversation, "igen")
    await operator.ends(conversation)
    await visitor.connection.expect("ended")
    await operator.connection.close()
    said = [frame["text"] for frame in operator.connection.seen if frame["type"] == "said"]
    assert len(said) == len(set(said))
