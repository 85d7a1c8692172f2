# SPDX-License-Identifier: EUPL-1.2
"""Two servers of one place, and requests that alternate between them: it works, or it says calmly what to do.

Who is at `/chat/…/plain`, `/ticket` or an unlocked unit is in the memory of one process, on purpose: keys do
not travel. A proxy should keep a network at one server; whoever comes to the other one loses nothing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.servers.redis import RedisServer
from tests.web.plain.page import Plain
from tests.web.running import Running, running
from tests.web.ticket_page import Her
from tests.web.ticketing import INTAKE, comes_to_work

Two = tuple[Running, Running]
PASSPHRASE_ASKED = 'name="passphrase"'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def two(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Two]:
    """Both servers, in this process, over one database."""
    place: Path = tmp_path_factory.mktemp("alternating")
    with RedisServer(place) as redis:
        async with (
            running(place / "at", redis_url=redis.url) as one,
            running(place / "at", redis_url=redis.url, staff=False) as other,
        ):
            yield one, other


async def test_plain_talk_goes_on_at_the_other_server_with_one_press(two: Two) -> None:
    """There it is open elsewhere; she takes it over, and nothing that was said is missing or twice."""
    one, other = two
    operator = await other.operator("anna", "linden", alias="Kim")
    her = Plain(one.at.url)
    await her.starts()
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await her.says("vid den första")
    await operator.hears(conversation, "vid den första")
    her.url = other.at.url
    frame = (await her.asks("GET", f"{her.path}/log")).text
    assert "Samtalet finns kvar" in frame
    assert 'http-equiv="refresh"' in frame, "it is shown again by itself when the first server has gone"
    await her.opens()
    assert "Samtalet finns kvar" in her.text(), (
        "nobody has sent her away: it may be her own page of a moment ago"
    )
    await her.presses("Fortsätt här")
    await her.says("vid den andra")
    await operator.hears(conversation, "vid den andra")
    await operator.says(conversation, "jag ser dig")
    log = await her.looks()
    assert [log.count(text) for text in ("vid den första", "vid den andra", "jag ser dig")] == [1, 1, 1]
    her.url = one.at.url
    await her.opens()
    assert "vid den andra" not in her.text()
    assert "http-equiv" not in (await her.asks("GET", f"{her.path}/log")).text, (
        "taken back only when she says so"
    )
    assert "Samtalet är öppet i ett annat fönster" in her.text(), "here she was sent away"
    assert her.form("Fortsätt här")
    await operator.ends(conversation)


async def test_quick_exit_reaches_her_wherever_the_beacon_arrives(two: Two) -> None:
    """Her socket is at the one, the beacon at the other: the operator sees it, and her socket is closed."""
    one, other = two
    visitor, operator, conversation = await one.talk()
    answer = await other.ask("POST", "/leave", content=visitor.token.encode())
    assert answer.status_code == 204
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "left_quickly"
    assert await visitor.connection.closed() == 1000


async def test_form_of_the_ticket_page_is_typed_again_at_the_other_server(two: Two) -> None:
    """A form is good where it was given out; elsewhere there is a fresh one."""
    one, other = two
    her = Her(one.at.url)
    await her.opens()
    her.url = other.at.url
    await her.presses("Visa", code="sex ord som inte finns här")
    assert (her.status, her.is_at_the_empty_page()) == (200, True)
    fresh = her.text()
    await her.presses("Visa", code="sex ord som inte finns här")
    assert her.is_at_the_empty_page()
    assert her.text() != fresh, "now the code itself was looked at"


async def test_unlocked_unit_asks_for_its_passphrase_at_the_other_server(two: Two) -> None:
    """One sign-in holds at both; the key of the unit only where it was unlocked."""
    one, other = two
    worker = await comes_to_work(one, "ingrid", INTAKE)
    assert PASSPHRASE_ASKED not in (await worker.sees("/tickets")).text
    worker.at = other.at
    assert PASSPHRASE_ASKED in (await worker.sees("/tickets")).text
    assert (await worker.unlocks(INTAKE)).status_code == 303
    assert PASSPHRASE_ASKED not in (await worker.sees("/tickets")).text
