# SPDX-License-Identifier: EUPL-1.2
"""The chat without scripts in a real browser that runs none: two talk, and she leaves without a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import FrameLocator, Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import NEUTRAL
from tests.browser.staff import Volunteer
from tests.browser.wire import axe_finds
from tests.outside.handing import asks
from tests.outside.server import Server
from tests.web.furnishing import NewPlace
from tests.web.handed import INTAKE, POLICE
from tests.web.running import Running, running

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
        """Press a button of the page, each of which leads to a page."""
        async with self.page.expect_navigation():
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
    shown = await page.locator("main").inner_text()
    assert not {"Skift", "Dölj"} & set(shown.split())  # what only a script does is not promised here
    await page.get_by_role("link", name="Öppna den enkla chatten").click()
    return PlainVisitor(page)


async def keep_looks(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep a picture on a narrow phone, in the dark and on a desktop; nothing is cut off at the side."""
    for size, scheme in ((NARROW, "light"), (PHONE, "dark"), (ViewportSize(width=1280, height=800), "light")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await keep_screen(page, f"{name}-{size['width']}-{scheme}")
    await page.set_viewport_size(PHONE)


async def keep_whole(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep a picture of a page that is longer than the screen."""
    await page.set_viewport_size(ViewportSize(width=360, height=1600))
    await keep_screen(page, name)
    await expect(page.locator("html")).to_have_js_property("scrollWidth", 360)
    await page.set_viewport_size(PHONE)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_tickets(new_place: NewPlace) -> AsyncIterator[Running]:
    """One server in this process, whose units have keys."""
    async with running(new_place("plain")) as run:
        yield run


async def test_two_talk_and_she_leaves_without_a_trace(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """She is met, asked before a number goes, heard in danger; after the exit Back shows nothing of it."""
    volunteer = await Volunteer.comes_on_duty(await open_page(f"{server.at.url}/console"), server)
    her = await comes(open_page, server)
    await her.sees("en kaka")
    await her.page.get_by_text("Vill du säga något innan?").click()
    at_once = her.page.get_by_text("Vi kan inte se var du är")
    await expect(at_once).to_be_hidden()
    await her.page.get_by_label("Ja", exact=True).check()
    await expect(at_once).to_be_visible()
    await keep_looks(her.page, keep_screen, "before")
    await her.page.get_by_label("Nej", exact=True).check()
    await expect(at_once).to_be_hidden()
    await her.presses("Börja chatta")
    await her.reads("Du är näst på tur.")
    await her.page.get_by_text("Att läsa medan du väntar").click()
    await expect(her.page.locator("iframe")).to_be_in_viewport()
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
    await her.page.get_by_role("button", name="Lämna snabbt").click()
    await expect(her.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert await her.page.context.cookies() == []
    await expect(volunteer.pane()).to_contain_text("lämnade")
    await her.page.go_back()
    await expect(her.page.locator("main")).not_to_contain_text("Hej")
    await her.sees("Börja chatta")
    assert her.page.url.endswith("/plain?lang=sv")
    await expect(her.page.get_by_text("stoppar webbläsaren kakan")).to_have_count(0)


async def test_link_beside_the_exit_needs_no_answer(open_page: OpenPage, shared_tickets: Running) -> None:
    """Without any network it leads away all the same; with one, Chromium tells us with a ping."""
    run = shared_tickets
    operator = await run.operator("anna", "linden", alias="Kim")
    page = await open_page(f"{run.at.url}/chat/linden/plain", viewport=PHONE, javascript=False)
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    her = PlainVisitor(page)
    await her.presses("Börja chatta")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await page.context.set_offline(True)
    await page.get_by_role("link", name="Byt bara sida").click()
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    await page.context.set_offline(False)
    await page.goto(f"{run.at.url}/chat/linden/plain")
    await page.get_by_role("link", name="Byt bara sida").click()
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    ended = await operator.connection.expect("ended", conversation=conversation)
    assert ended["reason"] == "left_quickly"


async def test_yes_without_scripts_up_to_the_code_and_what_it_opens(
    open_page: OpenPage, shared_tickets: Running, keep_screen: KeepScreen
) -> None:
    """She is asked, changes, ticks, is told what lacks, says yes, learns her code, and uses it."""
    run = shared_tickets
    operator = await run.operator("anna", "linden", alias="Kim")
    page = await open_page(f"{run.at.url}/chat/linden/plain", viewport=PHONE, javascript=False)
    her = PlainVisitor(page)
    await her.presses("Börja chatta")
    await her.reads("Du är näst på tur.")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    said = "Han läser mina meddelanden och står för räkningarna."
    await her.writes(said)
    heard = await operator.hears(conversation, said)
    draft = {
        "want": "Jag vill veta vad som händer om jag flyttar.",
        "summary": "Kontroll i telefonen.",
        "forms": ["digital", "economic"],
        "children": "yes",
        "messages": [heard["seq"]],
        "contact": {"way": "code"},
    }
    await asks(operator, conversation, INTAKE, POLICE, **draft)
    await her.reads("Du har fått en fråga.")
    await expect(her.log.locator('a[target="_top"]')).to_have_count(0)
    await page.get_by_label("Skriv här").fill("Jag undrar")
    await her.presses("Visa nytt")  # beside her field: the log may load itself again under a click
    await expect(page.get_by_label("Skriv här")).to_have_value("Jag undrar")
    await keep_looks(page, keep_screen, "asked-for-a-yes")
    await her.presses("Titta på det")
    await page.get_by_label("Vad jag vill").fill("Jag vill veta vad som händer. Ring 070-123 45 67")
    await keep_whole(page, keep_screen, "items")
    await her.presses("Nästa")
    await page.get_by_label("Vad jag vill").check()
    await her.presses("Ja, det får de veta")
    await her.sees("Ska vi få berätta det?")
    await keep_whole(page, keep_screen, "receiver")
    await page.get_by_label("får berätta det här för").check()
    await page.get_by_label("Uppgifterna om mig").check()
    await her.presses("Ja, det får de veta")
    await keep_whole(page, keep_screen, "police")
    await her.presses("Skicka inget hit")
    await her.sees("Ring [telefonnummer]")
    await keep_whole(page, keep_screen, "summary")
    await her.presses("Ja, skicka")
    await expect(page.locator("ol.code li")).to_have_count(6)
    words = await page.locator("ol.code li").all_text_contents()
    await keep_looks(page, keep_screen, "code")
    await her.presses("Jag kan orden")
    await her.presses("Ja, ta bort dem")
    await her.presses("Avsluta")
    await her.presses("Ja, avsluta")
    await her.sees("Det du sa ja till finns kvar hos")
    await keep_looks(page, keep_screen, "over")
    assert await page.context.cookies() == []
    for answer in ("Ja", "Lite", "Ja"):
        await her.presses(answer)
    await her.sees("Tack för att du svarade.")
    assert await page.context.cookies() == []
    await page.goto(f"{run.at.url}/ticket")
    await page.get_by_label("Din kod").fill(" ".join(words))
    await her.presses("Visa")
    await her.sees("Det du har skickat")


async def test_every_screen_can_be_used_by_everybody(open_page: OpenPage, shared_tickets: Running) -> None:
    """Axe, which is a script itself, finds nothing at 320 px; the tab order begins with the exit."""
    run = shared_tickets
    operator = await run.operator("anna", "linden", alias="Kim")
    page = await open_page(f"{run.at.url}/chat/linden/plain", viewport=NARROW)
    her = PlainVisitor(page)
    await page.keyboard.press("Tab")
    await expect(page.locator(".exit")).to_be_focused()
    await page.get_by_text("Vill du säga något innan?").click()
    await page.get_by_label("Ja", exact=True).check()
    assert await axe_finds(page) == []
    await page.get_by_label("Nej", exact=True).check()
    await her.presses("Börja chatta")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await her.writes("Hej")
    await operator.says(conversation, "Hej, jag är här.")
    await asks(operator, conversation, INTAKE, want="Jag vill veta mer.", forms=["digital"])
    await page.goto(f"{run.at.url}/chat/linden/plain/log")
    await expect(page.get_by_text("Hej, jag är här.")).to_be_visible()
    # That it loads itself again is what it is for (WCAG 2.2.1: a real-time event), and she can slow it down.
    assert [finding for finding in await axe_finds(page) if not finding.startswith("meta-refresh")] == []
    await page.goto(f"{run.at.url}/chat/linden/plain")
    assert await axe_finds(page) == []
    await her.presses("Titta på det")
    assert await axe_finds(page) == []
    await her.presses("Nästa")
    await her.presses("Ja, det får de veta")
    assert await axe_finds(page) == []
    for tick in ("Vad jag vill", "får berätta det här för", "Uppgifterna om mig"):
        await page.get_by_label(tick).check()
    await her.presses("Ja, det får de veta")
    assert await axe_finds(page) == []
    await her.presses("Ja, skicka")
    assert await axe_finds(page) == []
    await her.presses("Jag kan orden")
    await her.presses("Ja, ta bort dem")
    await operator.ends(conversation)
    await page.goto(f"{run.at.url}/chat/linden/plain")
    await her.sees("Tack för att du skrev.")
    assert await axe_finds(page) == []
    await her.presses("Ja")
    await her.sees("Fick du hjälp med det du ville?")
    assert await axe_finds(page) == []
