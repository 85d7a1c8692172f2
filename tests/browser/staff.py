# SPDX-License-Identifier: EUPL-1.2
"""The staff of the stories about danger and conduct, and pictures of their screens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen
from tests.browser.people import OperatorAtConsole
from tests.outside.server import Server
from tests.outside.visitor import Visitor

PHONE = ViewportSize(width=360, height=740)
Comes = Callable[..., Awaitable[Visitor]]
"""`await comes("linden")`: somebody starts a chat, at a socket of her own."""


class Volunteer(OperatorAtConsole):
    """A volunteer who looks at what is told about danger and conduct."""

    @classmethod
    async def comes_on_duty(cls, page: Page, server: Server, service: str = "linden") -> Self:
        """Sign in and go on duty."""
        volunteer = cls(page, server.at)
        await volunteer.signs_in(server.at.operators_of(service)[0])
        await volunteer.goes_on_duty("Alva", service)
        return volunteer

    async def accepts(self) -> None:
        """Take the first who waits, and wait for the conversation: what she says after that is new."""
        held = await self.page.locator("article.pane").count()
        await super().accepts()
        await expect(self.page.locator("article.pane")).to_have_count(held + 1)

    def alarm(self, number: int = 1) -> Locator:
        """The banner about danger of one conversation."""
        return self.pane(number).get_by_role("region", name="Om fara")

    async def told_at_once(self, text: str) -> None:
        """Wait until a screen reader has been interrupted with these words."""
        await expect(self.page.locator("[data-part=alarm-announcer]")).to_contain_text(text)


class Supervisor:
    """Somebody at the board."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def sits_down(cls, page: Page, server: Server, name: str = "birgitta") -> Supervisor:
        """Sign in and come to the board."""
        staff = next(one for one in server.at.staff if one.name == name)
        await page.goto(f"{server.at.url}/supervisor")
        await page.get_by_label("Namn").fill(staff.name)
        await page.get_by_label("Lösenord").fill(staff.password)
        await page.get_by_role("button", name="Logga in").click()
        await expect(page.get_by_role("heading", name="Läget just nu")).to_be_visible()
        return cls(page)

    def sanctions(self) -> Locator:
        """What is in force just now."""
        return self.page.locator("main .sanction")


async def keep_both_sizes(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep a picture of a desktop and of a phone, where nothing may be cut off at the side."""
    await keep_screen(page, f"{name}-desktop")
    await page.set_viewport_size(PHONE)
    await expect(page.locator("html")).to_have_js_property("scrollWidth", 360)
    await keep_screen(page, f"{name}-phone")
    await page.set_viewport_size(DESKTOP)
