# SPDX-License-Identifier: EUPL-1.2
"""The phone in her hand: what is seen when the page is put away, and what names tell whoever picks it up."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.leaving import coloured
from tests.browser.people import VisitorOnPage
from tests.browser.wire import Wire
from tests.outside.server import Server

TELLING = re.compile(
    r"v[åa]ld|violen|abus|jour|kvinn|wom[ae]n|tjej|girl|st[öo]d|support|shelter|victim|kris|crisis",
    re.IGNORECASE,
)
NAMES = """[...document.querySelectorAll("*")].flatMap((each) =>
  [each.id, each.className.baseVal ?? each.className, each.getAttribute("name"), each.title])"""
WORDS = "vattenmelonen bakom gråsparven"


async def test_page_that_is_put_away_is_covered_and_one_tap_shows_it(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Another tab in front, then a frozen page: its picture shows the cover alone; the talk goes on below."""
    page = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.writes(WORDS)
    await visitor.sees("Skickat")
    said = page.get_by_text(WORDS)
    cover = page.get_by_role("button", name="Dold")

    other = await page.context.new_page()
    await other.bring_to_front()
    await expect(cover).to_be_visible()
    assert await page.evaluate("document.visibilityState") == "hidden"
    await expect(said).to_be_hidden()
    await keep_screen(page, "put-away")
    assert WORDS not in await page.locator("body").inner_text()
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    await session.send("Page.setWebLifecycleState", {"state": "active"})
    await page.bring_to_front()
    await expect(cover).to_be_visible()
    await cover.click()
    await expect(said).to_be_visible()

    await page.get_by_role("button", name="Dölj").click()
    await expect(said).to_be_hidden()
    covered = await coloured(page)
    await cover.click()
    await visitor.sees_in_log(WORDS)
    assert covered < await coloured(page)
    await visitor.ends()


async def test_names_tell_nothing(server: Server, open_page: OpenPage) -> None:
    """Title, icon, addresses, and every name in the page and of what it loads, alone and in a frame."""
    page = await open_page("about:blank", viewport=PHONE)
    wire = Wire(page)
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.is_asked_from_now_on()
    icon = await (await page.request.get(f"{server.at.url}/static/visitor/icon.svg")).text()
    names = [await page.title(), page.url, icon, *wire.requests, *await page.evaluate(NAMES)]
    await page.goto(f"{server.at.url}/safety/linden?lang=sv")
    names += [await page.title(), page.url, *await page.evaluate(NAMES)]
    host = await open_page(f"{server.at.host_page}?service=linden")
    await VisitorOnPage.on_host_page(host)
    frame = host.locator("iframe")
    names += [await frame.get_attribute(each) for each in ("title", "src", "name", "id")]
    assert [name for name in names if name and TELLING.search(name)] == []
    assert len(names) > 100
