# SPDX-License-Identifier: EUPL-1.2
"""A volunteer who drafts a handover, and whoever is asked by her."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.staff import PHONE, Comes, Volunteer, keep_both_sizes
from tests.browser.wire import axe_finds
from tests.outside.connection import Frame, new_id
from tests.outside.server import Server
from tests.outside.visitor import Visitor

SMALL = ViewportSize(width=1024, height=720)
INTAKE = "Socialtjänstens mottagning i Vallentuna"
COUNSELLOR = "Kuratorn på vårdcentralen i Vallentuna"
WANT = "Jag vill veta vad som händer om jag lämnar honom"
WHY = "Att få hjälp med boende"


class Drafter(Volunteer):
    """A volunteer with the panel of a handover."""

    def panel(self, number: int = 1) -> Locator:
        """The panel of one conversation."""
        return self.page.get_by_role("region", name=f"Skicka vidare, samtal {number}", exact=True)

    def strip(self, number: int = 1) -> Locator:
        """Where the question stands."""
        return self.pane(number).locator("[data-part=question]")

    async def opens(self, number: int = 1) -> Locator:
        """Open the panel and return it."""
        await (await self.tool("Skicka vidare", number)).click()
        await expect(self.panel(number)).to_be_visible()
        return self.panel(number)

    async def drafts(self, number: int = 1, *, to: str = INTAKE) -> Locator:
        """Open the panel and fill in what has to be there."""
        panel = await self.opens(number)
        await panel.get_by_label("Vad vill besökaren?").fill(WANT)
        await panel.get_by_label("Varför ska det skickas?").fill(WHY)
        await panel.get_by_label(to).check()
        return panel

    async def asks(self, number: int = 1) -> None:
        """Look at what she will see, and ask."""
        panel = self.panel(number)
        await panel.get_by_role("button", name="Visa vad besökaren får se").click()
        await panel.get_by_role("button", name=re.compile("Jag har frågat")).click()


async def meets(open_page: OpenPage, server: Server, comes: Comes) -> tuple[Drafter, Visitor]:
    """A volunteer on duty who has taken the first who came."""
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), server)
    visitor = await comes()
    await drafter.accepts()
    return drafter, visitor


async def says_yes(visitor: Visitor, asked: Frame, *items: str) -> None:
    """Answer yes to every receiver, for these items."""
    proposal = asked["proposal"]
    await visitor.connection.send("code")
    code = (await visitor.connection.expect("code"))["words"]
    content: dict[str, Any] = {name: proposal["content"][name] for name in items}
    if "messages" in content:
        content["messages"] = [message["seq"] for message in content["messages"]]
    yes = [
        {
            "receiver": offer["receiver"],
            "notice": offer["notice_version"],
            "items": list(items),
            "secrecy": True,
            "data": True,
            "police": offer.get("police", False),
        }
        for offer in proposal["offers"]
    ]
    answer = {"id": new_id(), "proposal": asked["seq"], "code": code, "content": content, "yes": yes}
    await visitor.connection.send("answer", **answer)
    await visitor.connection.expect("answered")


async def says_no(visitor: Visitor, asked: Frame) -> None:
    """Answer no."""
    await visitor.connection.send("answer", id=new_id(), proposal=asked["seq"])
    await visitor.connection.expect("answered")


async def looks_well(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Nothing is wrong for axe, nothing is cut off at the side, light and dark, large and small."""
    assert await axe_finds(page) == []
    await keep_both_sizes(page, keep_screen, name)
    await page.set_viewport_size(SMALL)
    await expect(page.locator("html")).to_have_js_property("scrollWidth", SMALL["width"])
    await keep_screen(page, f"{name}-small")
    await page.emulate_media(color_scheme="dark")
    assert await axe_finds(page) == []
    await keep_screen(page, f"{name}-dark")
    await page.set_viewport_size(PHONE)
    assert await axe_finds(page) == []
    await keep_screen(page, f"{name}-phone-dark")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESKTOP)


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab does not lead there")
