# SPDX-License-Identifier: EUPL-1.2
"""The people of the stories, as they sit before a screen: what they press, write and see.

Knows the words and roles on the pages, as a person does, and as few ids as it can.
"""

from __future__ import annotations

import contextlib
import re

from playwright.async_api import Frame, FrameLocator, Locator, Page, expect
from playwright.async_api import TimeoutError as NotInTime

from tests.outside.server import Addresses, Staff

NEUTRAL = "<!doctype html><html lang=sv><title>Väder</title><body><h1>Vädret i dag</h1>"
"""What the quick exit's address answers here, where no other site can be reached."""
LAID_OUT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two frames: whatever has changed has its place."""
LEFT_QUICKLY = re.compile("^Besökaren lämnade snabbt")
"""How the heading of a conversation begins whose visitor pressed the quick exit."""


class VisitorOnPage:
    """Somebody who writes: in the frame on a host page, or on the chat's own page."""

    def __init__(self, page: Page, inside: Page | FrameLocator) -> None:
        self.page = page
        self.inside = inside

    @classmethod
    async def on_host_page(cls, page: Page) -> VisitorOnPage:
        """Press the launcher on a jour's website."""
        await page.get_by_role("button", name="Chatta med oss").click()
        return cls(page, page.frame_locator("iframe"))

    @classmethod
    def on_own_page(cls, page: Page) -> VisitorOnPage:
        """The chat as a page of its own."""
        return cls(page, page)

    def button(self, name: str) -> Locator:
        """A button of the chat by its words."""
        return self.inside.get_by_role("button", name=name, exact=True)

    async def starts(self) -> None:
        """Begin, after the notice."""
        await self.button("Börja chatta").click()
        await expect(self.inside.get_by_label("Skriv här")).to_be_visible()

    async def sees(self, text: str) -> None:
        """Wait until these words are on her screen."""
        await expect(self.inside.get_by_text(text, exact=False).first).to_be_visible()

    async def sees_in_log(self, text: str) -> None:
        """Wait until these words stand among the messages."""
        await expect(self.inside.get_by_role("log")).to_contain_text(text)

    async def writes(self, text: str) -> None:
        """Write and send."""
        await self.inside.get_by_label("Skriv här").fill(text)
        await self.button("Skicka").click()

    async def is_asked_from_now_on(self) -> None:
        """Begin to write, and wait until the page has what it asks with."""
        field = self.inside.get_by_label("Skriv här")
        await field.press_sequentially("h")
        await self.can_be_asked()
        await field.fill("")

    async def can_be_asked(self) -> None:
        """Wait until the page has what it asks with: it waits for that itself, but only for a second."""
        await self.inside.locator("section[role=alertdialog]").wait_for(state="attached")

    async def writes_and_means(self, text: str) -> None:
        """Write and send, on a page that has what it asks with; what it asks about first is sent anyway."""
        await self.writes(text)
        anyway = self.button("Skicka ändå")
        if await anyway.is_visible():
            await anyway.click()

    async def ends(self) -> None:
        """End the talk, and mean it."""
        await self.button("Avsluta").click()
        await self.button("Ja, avsluta").click()


class OperatorAtConsole:
    """A volunteer before the console."""

    def __init__(self, page: Page, at: Addresses) -> None:
        self.page = page
        self.at = at

    async def signs_in(self, staff: Staff) -> None:
        """Sign in on the page that the console leads to."""
        await self.page.goto(f"{self.at.url}/console")
        await self.page.get_by_label("Namn").fill(staff.name)
        await self.page.get_by_label("Lösenord").fill(staff.password)
        await self.page.get_by_role("button", name="Logga in").click()

    async def goes_on_duty(self, alias: str, *services: str) -> None:
        """Take an alias and go on duty."""
        await self.page.get_by_label("Alias").wait_for()
        # A page with half of its styles shows nobody anything, but a test already finds what is hidden there.
        await self.page.wait_for_load_state()
        await self.page.get_by_label("Alias").fill(alias)
        ticked = "boxes => boxes.map((box) => box.value)"
        for service in await self.page.locator("input[data-track]:checked").evaluate_all(ticked):
            if services and service not in services:
                await self.page.locator(f"input[value={service}]").uncheck()
        for service in services:
            await self.page.locator(f"input[value={service}]").check()
        await self._takes_all_that_come()
        await self.page.locator("[data-part=go-on]").click()
        await self.is_on_duty()

    async def _takes_all_that_come(self) -> None:
        """Choose as many at once as the service lets her have; a page begins with one at a time."""
        most = self.page.locator("[data-part=capacity]")
        if await most.is_visible():
            await most.select_option(index=await most.locator("option").count() - 1)

    async def is_on_duty(self) -> None:
        """Wait until the shift has begun."""
        await expect(self.page.locator("[data-part=duty-on]")).to_be_visible()

    async def signs_out_of_all(self) -> None:
        """Sign out with conversations open, and let each go back to the queue first."""
        await self.page.get_by_role("button", name="Logga ut").click()
        await self._sees_to_all()
        await self.page.get_by_role("button", name="Logga ut").click()
        await expect(self.page.get_by_label("Lösenord")).to_be_visible()

    async def ends_shift(self) -> None:
        """End the shift; what is still open goes back to the queue first."""
        await self.unfolds_my_shift()
        await self.page.locator("[data-part=go-off]").click()
        await self._sees_to_all()

    async def _sees_to_all(self) -> None:
        end = self.page.get_by_role("dialog", name="Avsluta passet")
        rows = end.locator(".shift-open-one")
        while left := await rows.count():
            await rows.first.get_by_role("button", name="Lämna till kön").click()
            await rows.first.get_by_role("button", name="Ja, lämna till kön").click()
            await expect(rows).to_have_count(left - 1)
        await end.get_by_role("button", name="Avsluta passet").click()
        await expect(end).to_be_hidden()

    async def unfolds_my_shift(self) -> None:
        """Open the fold with what is about oneself: how many at once, a pause, the end, sound."""
        mine = self.page.locator("[data-part=my-shift]")
        if await mine.get_attribute("open") is None:
            await mine.locator("> summary").click()
        await expect(self.page.locator("[data-part=go-off]")).to_be_visible()

    def waiting(self) -> Locator:
        """The cards of those who wait."""
        return self.page.locator(".waiting-card")

    async def accepts(self) -> None:
        """Take the first who waits."""
        await self.waiting().first.locator("[data-part=accept]").click()

    def pane(self, number: int = 1) -> Locator:
        """One open conversation, by its place."""
        return self.page.locator("article.pane").nth(number - 1)

    def button(self, name: str, number: int = 1) -> Locator:
        """A button of one conversation by its words."""
        return self.pane(number).get_by_role("button", name=name, exact=True)

    async def tool(self, name: str, number: int = 1) -> Locator:
        """What can be done about a conversation: in its bar, or in the menu where the column is narrow."""
        await self.pane(number).wait_for(state="attached")
        await self.page.evaluate(LAID_OUT)
        in_bar = self.button(name, number)
        if await in_bar.is_visible():
            return in_bar
        await self.button("Mer", number).click()
        return self.pane(number).get_by_role("menuitem", name=name, exact=True)

    async def reads(self, text: str, number: int = 1) -> None:
        """Wait until these words stand in a conversation."""
        await expect(self.pane(number).locator("[data-part=log]")).to_contain_text(text)

    async def writes(self, text: str, number: int = 1) -> None:
        """Write and send with Enter, in one that has no column of its own just now too."""
        composer = self.pane(number).locator("[data-part=composer]")
        await composer.wait_for(state="attached")
        await self.page.evaluate(LAID_OUT)
        if not await composer.is_visible():
            await self.page.keyboard.press(f"Alt+{number}")
        await composer.fill(text)
        await composer.press("Enter")

    async def ends(self, number: int = 1) -> None:
        """End a conversation, and mean it."""
        await self.pane(number).locator("[data-part=ask_end]").click()
        await self.pane(number).locator("[data-part=end]").click()


async def shift_thrice(page: Page) -> None:
    """Press Shift three times quickly; again, where this machine was too busy for three within the time."""
    before = page.url
    for _ in range(8):
        for _ in range(3):
            await page.keyboard.press("Shift")
        with contextlib.suppress(NotInTime):
            await page.wait_for_url(lambda url: url != before, wait_until="commit", timeout=1_500)
            return


def chat_frame(page: Page) -> Frame | None:
    """The frame with the chat on a host page, if there is one."""
    return next((frame for frame in page.frames if "/chat/" in frame.url), None)
