# SPDX-License-Identifier: EUPL-1.2
"""One evening with everybody at once: two volunteers, a supervisor and three who write."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.staff import Volunteer
from tests.browser.test_supervising import at_console
from tests.browser.wire import axe_finds
from tests.outside.server import Server
from tests.outside.visitor import Visitor

WORDS = ("jag är rädd för att gå hem", "hur får jag tag i ett boende", "min syster mår dåligt")
ADVICE = "Fråga om någon annan är hemma."
HELLO = "Hej, jag är med Alva."


class News:
    """What carries the consoles' frames; the news of the queue wait while it `holds`, as on a slow line."""

    def __init__(self, open_page: OpenPage) -> None:
        self.holds = False
        self._open_page = open_page
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []

    async def opens(self, address: str, **options: Any) -> Page:
        """Open a page whose frames come this way."""
        page = await self._open_page("about:blank", **options)
        await page.route_web_socket("**/ws/operator**", self._carry)
        await page.goto(address)
        return page

    def _carry(self, route: WebSocketRoute) -> None:
        route.connect_to_server().on_message(lambda text: self._pass(route, text))

    def _pass(self, route: WebSocketRoute, text: str | bytes) -> None:
        if self.holds and '"type":"waiting"' in str(text):
            self._held.append((route, text))
        else:
            route.send(text)

    def come(self) -> None:
        """Give what was held back, and hold no more."""
        self.holds = False
        for route, text in self._held:
            route.send(text)


async def _shared_out(alva: Volunteer, sam: Volunteer, news: News) -> None:
    """Both press for the first before either knows of the other; then Alva takes two and Sam one."""
    news.holds = True
    await asyncio.gather(
        *(each.waiting().first.locator("[data-part=accept]").click() for each in (alva, sam))
    )
    for each in (alva, sam):
        told = each.page.locator("article.pane:visible, [data-part=queue-notice-text]:visible")
        await expect(told).to_have_count(1)
    held = {each: await each.page.locator("article.pane").count() for each in (alva, sam)}
    assert sorted(held.values()) == [0, 1]
    news.come()
    for left, taker in ((2, None), (1, sam if held[alva] else alva), (0, alva)):
        if taker is not None:
            await taker.accepts()
        for each in (alva, sam):
            await expect(each.waiting()).to_have_count(left)


async def _words_in(volunteer: Volunteer, number: int) -> str:
    """Return whose words stand in a conversation, once they do."""
    log = volunteer.pane(number).locator("[data-part=log]")
    await expect(log).to_contain_text(re.compile("|".join(WORDS)))
    text = await log.inner_text()
    return next(words for words in WORDS if words in text)


async def test_two_volunteers_a_supervisor_and_three_who_write(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """A race for the first, notes that stay notes, a raised hand, and a giving away that an end overtakes."""
    siv = await at_console(open_page, server, "birgitta", "Siv")
    news = News(open_page)
    alva = await at_console(news.opens, server, "anna", "Alva")
    sam = await at_console(news.opens, server, "maria", "Sam")
    visitors = [await Visitor.starts(server.at, "linden") for _ in WORDS]
    for visitor, words in zip(visitors, WORDS, strict=True):
        await visitor.says(words)
    await expect(alva.waiting()).to_have_count(3)
    await expect(sam.waiting()).to_have_count(3)
    await _shared_out(alva, sam, news)
    of = {words: visitor for visitor, words in zip(visitors, WORDS, strict=True)}
    first, second = [await _words_in(alva, number) for number in (1, 2)]
    page = alva.page
    await keep_screen(page, "1-two-open")

    # Whoever writes to her colleagues goes on writing to them, whichever conversation comes to the front.
    await page.keyboard.press("Alt+2")
    await page.keyboard.press("Alt+A")
    notes = page.get_by_label("Skriv till dina kollegor")
    await expect(notes).to_be_focused()
    await page.keyboard.type("Hon har en syster.")
    await page.keyboard.press("Alt+1")
    await expect(notes).to_be_focused()
    await expect(notes).to_have_value("")
    await page.keyboard.press("Alt+2")
    await expect(notes).to_have_value("Hon har en syster.")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("tabpanel", name="Anteckningar")).to_contain_text("Hon har en syster.")
    await page.keyboard.press("Escape")

    # A hand in the first; the supervisor comes, reads, and is seen.
    await page.keyboard.press("Alt+1")
    await page.keyboard.press("Alt+R")
    await page.keyboard.press("Enter")
    hand = siv.page.locator("[data-part=alerts] [data-kind=hand]")
    await expect(hand).to_have_count(1)
    await hand.get_by_role("button").click()
    await siv.reads(first)
    came = await of[first].connection.expect("guest_joined")
    assert (came["alias"], came["supervisor"]) == ("Siv", True)
    # She begins to write at once: that is for Alva, who has it before her eyes without a click.
    await expect(siv.page.get_by_label("Skriv till dina kollegor")).to_be_focused()
    await siv.page.keyboard.type(ADVICE)
    await siv.page.keyboard.press("Control+Enter")
    await page.keyboard.press("Alt+2")
    await expect(alva.pane(1).get_by_role("button", name=re.compile(ADVICE))).to_be_visible()
    # Wherever the keys lead her then, none of them leads into what goes to the visitor.
    await siv.page.keyboard.press("Escape")
    await siv.page.keyboard.press("Alt+1")
    await siv.page.keyboard.type(ADVICE)
    await siv.page.keyboard.press("Enter")
    await siv.writes(HELLO)
    said = await of[first].connection.expect("said")
    assert said["text"] == HELLO
    await keep_screen(siv.page, "2-supervisor")

    # The second is offered to Sam, and she leaves before anybody has taken it: nobody is left with a ghost.
    await page.keyboard.press("Alt+2")
    await (await alva.tool("Låt någon ta över", 2)).click()
    await alva.pane(2).get_by_role("button", name=re.compile("Sam")).click()
    await alva.pane(2).get_by_role("button", name="Ja, erbjud").click()
    offer = sam.page.locator(".offer-card")
    await expect(offer).to_have_count(1)
    await keep_screen(sam.page, "3-offered")
    await of[second].leaves()
    await expect(offer).to_have_count(0)
    await expect(alva.pane(2).locator("[data-part=over-heading]")).to_be_visible()
    assert await axe_finds(page) == []
    await keep_screen(page, "4-left")

    await sam.ends()
    await alva.ends(1)
    await of[first].connection.expect("ended", reason="operator")
    await expect(siv.pane().locator("[data-part=over-heading]")).to_be_visible()
    for visitor in visitors:
        await visitor.connection.close()
