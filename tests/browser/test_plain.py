# SPDX-License-Identifier: EUPL-1.2
"""The chat without scripts in a real browser that runs none: two talk, and she leaves without a trace."""

from __future__ import annotations

from playwright.async_api import FrameLocator, Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import NEUTRAL
from tests.browser.staff import Volunteer
from tests.outside.server import Server

NARROW = ViewportSize(width=320, height=640)


class PlainVisitor:
    """She, in a browser without scripts."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def log(self) -> FrameLocator:
        """What has been said."""
        return self.page.frame_locator("iframe")

    async def presses(self, name: str) -> None:
        """Press a button of the page."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def writes(self, text: str) -> None:
        """Write and send."""
        await self.page.get_by_label("Skriv här").fill(text)
        await self.presses("Skicka")

    async def reads(self, text: str) -> None:
        """Wait until the log says so, by itself."""
        await expect(self.log.get_by_text(text).first).to_be_visible()

    async def sees(self, text: str) -> None:
        """Wait until the page says so."""
        await expect(self.page.get_by_text(text).first).to_be_visible()


async def comes(open_page: OpenPage, server: Server, viewport: ViewportSize = PHONE) -> PlainVisitor:
    """Let her come to the chat page, and from there to the one that needs no script."""
    page = await open_page(f"{server.at.url}/chat/linden", viewport=viewport, javascript=False)
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    await page.get_by_role("link", name="Chatta utan JavaScript").click()
    return PlainVisitor(page)


async def keep_looks(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep a picture on a narrow phone, in the dark and on a desktop; nothing is cut off at the side."""
    for size, scheme in ((NARROW, "light"), (PHONE, "dark"), (ViewportSize(width=1280, height=800), "light")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await keep_screen(page, f"{name}-{size['width']}-{scheme}")
    await page.set_viewport_size(PHONE)


async def test_two_talk_and_she_leaves_without_a_trace(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """She is met, asked before a number goes, heard in danger; after the exit Back shows nothing of it."""
    volunteer = await Volunteer.comes_on_duty(await open_page(f"{server.at.url}/console"), server)
    her = await comes(open_page, server)
    await her.sees("en kaka")
    await keep_looks(her.page, keep_screen, "before")
    await her.presses("Börja chatta")
    await her.reads("Du är näst på tur.")
    await keep_looks(her.page, keep_screen, "waiting")
    await volunteer.accepts()
    await her.writes("Hej, är någon där?")
    await volunteer.reads("Hej, är någon där?")
    await volunteer.writes("Hej. Jag är här.")
    await her.reads("Hej. Jag är här.")
    await her.writes("Ring mig på 070-123 45 67")
    await her.sees("Det ser ut som ett telefonnummer.")
    await keep_looks(her.page, keep_screen, "asked")
    await her.presses("Ta bort och skicka")
    await volunteer.reads("Ring mig på [telefonnummer]")
    await her.writes("Han är här nu och har en kniv, hjälp")
    await her.sees("Vi kan inte se var du är")
    await keep_looks(her.page, keep_screen, "danger")
    await her.presses("Ja, jag är i fara nu")
    await her.sees("får veta att det är bråttom.")
    await keep_looks(her.page, keep_screen, "talk")
    await her.presses("Lämna snabbt")
    await expect(her.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert await her.page.context.cookies() == []
    await expect(volunteer.pane()).to_contain_text("lämnade")
    await her.page.go_back()
    await expect(her.page.locator("main")).not_to_contain_text("Hej")
    await her.sees("Börja chatta")
