# SPDX-License-Identifier: EUPL-1.2
"""She before her page for a code, in the stories about it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import OpenPage
from tests.web.handed import Tickets

NEUTRAL = "<!doctype html><title>Väder</title><h1>Vädret i dag</h1>"
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])


class Reader:
    """She, before her page."""

    def __init__(self, page: Page, *, javascript: bool) -> None:
        self.page = page
        self.javascript = javascript

    async def enters(self, code: str) -> None:
        """Type a code and go on."""
        await self.page.get_by_label("Din kod").fill(code)
        await self.presses("Visa")
        await expect(self.page.get_by_role("heading", name="Det du har skickat")).to_be_visible()
        await expect(self.page.locator("a.exit" if self.javascript else "button.exit")).to_be_visible()

    async def presses(self, button: str) -> None:
        """Press a button, and wait for what comes of it."""
        await self.begins(button)
        await expect(self.page.locator("[aria-busy]")).to_have_count(0)

    async def begins(self, button: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=button).first.click()

    async def sees(self, text: str) -> None:
        """Wait until the page says something."""
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def leaves(self) -> None:
        """Leave quickly, and be somewhere else."""
        await self.page.locator(".exit").click()
        await expect(self.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()

    async def is_at_the_empty_page(self) -> None:
        """Wait for the field for a code, with nothing in it, and nothing of hers around it."""
        await expect(self.page.get_by_label("Din kod")).to_have_value("")
        await expect(self.page.get_by_text("Det du har skickat")).to_have_count(0)


async def reader(
    open_page: OpenPage, at: Tickets, viewport: ViewportSize = PHONE, *, javascript: bool = True
) -> Reader:
    """Return her at the empty page; all other sites are one about the weather."""
    page = await open_page(f"{at.run.at.url}/ticket", viewport=viewport, javascript=javascript)
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    return Reader(page, javascript=javascript)


async def holds(page: Page, which: str) -> asyncio.Queue[Route]:
    """Let these requests of a page wait from now on, in the order in which they come."""
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route(which, lambda route: held.put_nowait(route))  # noqa: PLW0108 - needs a real one
    return held
