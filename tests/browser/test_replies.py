# SPDX-License-Identifier: EUPL-1.2
"""What lies at hand while one writes: a reply by `/`, a line by one key, the card that fits; and changing replies."""

from __future__ import annotations

from tests.browser.arriving import operator_comes, visitor_comes
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.wire import axe_finds
from playwright.async_api import expect
from tests.outside.server import Server


async def test_reply_is_found_put_in_and_only_then_sent(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """`/`, a few letters without accents, Enter; she gets nothing before the volunteer sends."""
    operator = await operator_comes(open_page, server, "linden")
    visitor, _ = await visitor_comes(open_page, server)
    await operator.accepts()
    page = operator.page
    composer = operator.pane().locator("[data-part=composer]")
    await expect(composer).to_be_focused()
    await page.keyboard.press("/")
    await keep_screen(page, "finder")
    for key in ("l", "k"):
        await page.keyboard.press("Alt+" + key)
        await keep_screen(page, "sheet-" + key)
    await operator.pane().locator("[data-part=at-hand]").click()
    await keep_screen(page, "sheet-r")
    print(await axe_finds(page))
