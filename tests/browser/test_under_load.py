# SPDX-License-Identifier: EUPL-1.2
"""Many come at once: what she sees meanwhile, that she gets in, and that the way out never waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, ViewportSize, WebSocketRoute, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import NEUTRAL, VisitorOnPage, shift_thrice
from tests.outside.server import Server
from tests.outside.visitor import Visitor

PHONE = ViewportSize(width=360, height=740)
NEVER = 32
"""Bits that no page finds within the patience of a test."""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that limits this machine's addresses too."""
    with Server(tmp_path_factory.mktemp("limited"), limits=True) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def crowded(limited: Server) -> AsyncIterator[Server]:
    """The same, when others of her network have used up its allowance, and some more of it."""
    others: list[Visitor] = []
    while sum(other.bits > 0 for other in others) < 4:
        others.append(await Visitor.starts(limited.at, "eken"))
    yield limited
    await asyncio.gather(*(other.leaves() for other in others))
    await asyncio.gather(*(other.connection.close() for other in others))


async def _comes(page: Page, server: Server) -> VisitorOnPage:
    await page.goto(f"{server.at.url}/chat/linden")
    return VisitorOnPage.on_own_page(page)


def _between(page: Page, nacks: list[dict[str, object]]) -> Awaitable[None]:
    """Carry everything, but change the server's refusals: each by the next of `nacks`, if any is left."""

    def carry(route: WebSocketRoute) -> None:
        upstream = route.connect_to_server()

        def down(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["type"] == "nack" and nacks:
                frame |= nacks.pop(0)
            route.send(json.dumps(frame))

        upstream.on_message(down)

    return page.route_web_socket("**/ws/visitor", carry)


async def test_visitor_under_load_is_let_in_after_some_work(
    crowded: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She reads why it takes a moment, writes meanwhile, and stands in the queue with what she wrote."""
    page = await open_page("about:blank", viewport=PHONE)
    arrived = asyncio.Event()

    async def slowly(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await page.route("**/work.js", slowly)
    visitor = await _comes(page, crowded)
    await visitor.starts()
    await visitor.sees("Vi öppnar chatten")
    await visitor.writes("hej, är någon där?")
    await keep_screen(page, "making-room")
    arrived.set()
    await visitor.sees("Din plats finns kvar")
    await expect(visitor.inside.get_by_text("Vi öppnar chatten")).to_have_count(0)
    await visitor.sees_in_log("hej, är någon där?")
    await keep_screen(page, "queued")
    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")


async def test_quick_exit_works_while_the_page_works(crowded: Server, open_page: OpenPage) -> None:
    """In the middle of work that would never end: Hide answers, and the page is gone at once."""
    page = await open_page("about:blank")
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    await _between(page, [{"bits": NEVER}])
    visitor = await _comes(page, crowded)
    await visitor.starts()
    await visitor.sees("Vi öppnar chatten")
    await visitor.button("Dölj").click()
    await expect(visitor.inside.get_by_label("Skriv här")).to_be_hidden()
    await shift_thrice(page)
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()


async def test_old_phone_waits_instead_and_gets_in_later(
    crowded: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """After a while without luck the page says that it waits, shows other ways, and asks again by itself."""
    page = await open_page("about:blank", viewport=PHONE)
    await page.clock.install()
    await _between(page, [{"bits": NEVER}])
    visitor = await _comes(page, crowded)
    await visitor.starts()
    await visitor.sees("Vi öppnar chatten")
    await page.clock.fast_forward(21_000)
    await visitor.sees("Vi försöker igen åt dig om en liten stund")
    await expect(visitor.inside.get_by_role("link", name="020-50 50 50")).to_be_visible()
    await keep_screen(page, "waiting-instead")
    await page.clock.fast_forward(20_000)
    await visitor.sees("Din plats finns kvar")
    await visitor.ends()


async def test_full_house_is_said_with_other_ways_and_asked_again(
    crowded: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She reads when the next try is and what else is open; what she has written goes out when she is in."""
    page = await open_page("about:blank", viewport=PHONE)
    await page.clock.install()
    text = "Alla platser är tagna. Vi försöker igen åt dig om ungefär 60 sekunder."
    full = {"code": "unavailable", "text": text, "wait_s": 60, "challenge": None, "bits": None}
    await _between(page, [full])
    visitor = await _comes(page, crowded)
    await visitor.starts()
    await visitor.sees("Alla platser är tagna")
    await visitor.writes("jag väntar gärna")
    await expect(visitor.inside.get_by_role("link", name="020-50 50 50")).to_be_visible()
    await keep_screen(page, "full")
    await page.clock.fast_forward(76_000)
    await visitor.sees("Din plats finns kvar")
    await visitor.sees_in_log("jag väntar gärna")
    await expect(visitor.inside.get_by_text("Skickat", exact=True)).to_be_visible()
    await visitor.ends()
