# SPDX-License-Identifier: EUPL-1.2
"""A page of those who lead, looked at as they do: at a desk in the light, on a phone in the dark."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, KeepScreen
from tests.browser.staff import PHONE
from tests.browser.wire import axe_finds


async def look(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep both screens; nothing is cut off at the side, and whoever listens has all of it."""
    await keep_screen(page, name)
    assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(PHONE)
    await expect(page.locator("html")).to_have_js_property("scrollWidth", PHONE["width"])
    await keep_screen(page, f"{name}-phone-dark")
    assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESKTOP)
