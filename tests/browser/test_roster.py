# SPDX-License-Identifier: EUPL-1.2
"""An evening is planned, given up, taken over and closed before its time, with plain forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, ViewportSize, expect

from chat.hours import STOCKHOLM
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

PHONE = ViewportSize(width=360, height=740)
NARROW = ViewportSize(width=320, height=640)
WORDS = "Vi är sjuka i kväll och öppnar igen i morgon."


async def _comes(
    open_page: OpenPage, server: Server, name: str, viewport: ViewportSize, *, javascript: bool = False
) -> Page:
    """Sign in and come to the roster of eken; volunteers do so without any script."""
    staff = next(one for one in server.at.staff if one.name == name)
    page = await open_page(f"{server.at.url}/staff/sign-in", viewport=viewport, javascript=javascript)
    await page.get_by_label("Namn").fill(staff.name)
    await page.get_by_label("Lösenord").fill(staff.password)
    await page.get_by_role("button", name="Logga in").click()
    await expect(page.get_by_role("heading", name="Logga in")).to_have_count(0)
    await page.goto(f"{server.at.url}/staff/roster/eken")
    await expect(page.get_by_role("heading", name="Schema")).to_be_visible()
    return page


async def _look(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep it at a desk and on phones, in the light and in the dark; nothing is cut off, and all is told."""
    for viewport, dark in ((DESKTOP, False), (PHONE, True), (NARROW, False)):
        await page.set_viewport_size(viewport)
        await page.emulate_media(color_scheme="dark" if dark else "light")
        await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
        await keep_screen(page, f"{name}-{viewport['width']}{'-dark' if dark else ''}")
    assert await axe_finds(page) == []
    await page.set_viewport_size(DESKTOP)


async def _presses(page: Page, words: str, told: str) -> Locator:
    """Press a button of the first shift, and read what came of it; return that shift."""
    await page.locator("article.shift").first.get_by_role("button", name=words).click()
    await expect(page.get_by_role("status")).to_contain_text(told)
    return page.locator("article.shift").first


async def test_evening_is_planned_given_up_taken_over_and_closed(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """The coordinator makes the evenings, two volunteers share one, and she is told why it is closed."""
    ulla = await _comes(open_page, server, "ulla", DESKTOP, javascript=True)
    await expect(ulla.locator("article.shift")).to_have_count(0)
    now = datetime.now(UTC).astimezone(STOCKHOLM)  # noqa: TID251 - a browser test lives in real time
    await _plans(ulla, now, keep_screen)
    sara = await _comes(open_page, server, "sara", PHONE)
    maja = await _comes(open_page, server, "maja", PHONE)
    evening = await _presses(sara, "Jag tar passet", "Du har tagit passet")
    await expect(evening).to_contain_text("sara (du)")
    await keep_screen(sara, "sara-phone")
    await expect(evening.get_by_role("status")).to_be_in_viewport()
    await evening.get_by_text("Jag kan inte", exact=True).click()
    await expect(evening).to_contain_text("Platsen blir ledig för andra")
    await keep_screen(sara, "sara-asked")
    await _presses(sara, "Ja, jag kan inte komma", "Du står inte på passet längre")
    await expect(sara.get_by_role("status")).to_be_in_viewport()
    await expect(evening.get_by_role("button", name="Ångra, jag tar passet")).to_be_in_viewport()
    await keep_screen(sara, "sara-absent")
    await ulla.reload()
    await expect(ulla.locator("article.shift").first).to_contain_text("Någon kan inte komma")
    await expect(ulla.locator("article.shift").first).to_contain_text("kan inte komma")
    await maja.reload()
    evening = await _presses(maja, "Jag tar passet", "Du har tagit passet")
    await expect(evening).not_to_contain_text("sara")
    await _presses(maja, "Jag vill byta bort det", "vill byta bort")
    await sara.reload()
    evening = await _presses(sara, "Ta över från maja", "Du har tagit över")
    await expect(evening).to_contain_text("sara (du)")
    await expect(evening).not_to_contain_text("maja")

    await ulla.reload()
    await ulla.locator("article.shift").first.get_by_role("link", name="Ändra").click()
    await expect(ulla.get_by_role("heading", name="Ändra passet")).to_be_visible()
    await _look(ulla, keep_screen, "change")
    await ulla.get_by_text("Ställ in passet", exact=True).click()
    await ulla.get_by_role("button", name="Ställ in", exact=True).click()
    await expect(ulla.get_by_role("status")).to_contain_text("Passet är inställt")
    await _look(ulla, keep_screen, "cancelled")
    await _presses(ulla, "Ångra", "På passet står nu")
    await _closes(open_page, server, ulla, now, keep_screen)


async def _plans(ulla: Page, now: datetime, keep_screen: KeepScreen) -> None:
    """Make one evening tomorrow, and every Tuesday and Thursday after it for three weeks."""
    await ulla.get_by_role("link", name="Lägg till pass").click()
    tomorrow, later = now + timedelta(days=1), now + timedelta(days=2)
    await ulla.get_by_label("Dag", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    await ulla.get_by_role("button", name="Lägg till").click()
    await expect(ulla.locator("article.shift")).to_have_count(1)
    await _fills(ulla, later)
    await _look(ulla, keep_screen, "new")
    await ulla.get_by_role("button", name="Lägg till").click()
    await expect(ulla.get_by_role("status")).to_contain_text("4 pass är tillagda")
    await ulla.get_by_role("button", name="Ta bort igen").click()
    await expect(ulla.get_by_role("status")).to_contain_text("4 pass är inställda")
    await expect(ulla.locator("article.shift")).to_have_count(1)
    await _fills(ulla, later)
    await ulla.get_by_role("button", name="Lägg till").click()
    await expect(ulla.get_by_role("status")).to_contain_text("4 pass är tillagda")
    await expect(ulla.locator("article.shift")).to_have_count(5)
    await _look(ulla, keep_screen, "weeks")


async def _fills(ulla: Page, first: datetime) -> None:
    """Fill in every Tuesday and Thursday of two weeks."""
    await ulla.get_by_role("link", name="Lägg till pass").click()
    await ulla.get_by_label("Dag", exact=True).fill(f"{first:%Y-%m-%d}")
    for day in ("tisdag", "torsdag"):
        await ulla.get_by_label(day).check()
    await ulla.get_by_label("Till och med").fill(f"{first + timedelta(days=13):%Y-%m-%d}")


async def _closes(
    open_page: OpenPage, server: Server, ulla: Page, now: datetime, keep_screen: KeepScreen
) -> None:
    """Close for two hours with words to her, who has just opened the page; and open again."""
    her = await open_page(f"{server.at.url}/chat/eken?lang=sv", viewport=PHONE)
    start = her.get_by_role("button", name="Börja chatta")
    await expect(start).to_be_visible()
    await ulla.get_by_text("Stäng chatten i förtid").click()
    await ulla.get_by_label("Stängd till klockan").fill(f"{now + timedelta(hours=2):%H:%M}")
    await ulla.get_by_label("Text till besökarna, om du vill svenska").first.fill(WORDS)
    await keep_screen(ulla, "close")
    await ulla.get_by_role("button", name="Stäng nu").click()
    await expect(ulla.get_by_role("heading", name="Stängd för hand till")).to_be_visible()
    await _look(ulla, keep_screen, "closed")

    await start.click()
    await expect(her.get_by_role("alert")).to_contain_text("tar inte emot fler just nu")
    await start.click()
    await expect(her.get_by_role("heading", name="Chatten är stängd just nu")).to_be_visible()
    await expect(her.get_by_text(WORDS)).to_be_visible()
    await keep_screen(her, "hers-closed")
    assert await axe_finds(her) == []
    await ulla.get_by_role("button", name="Öppna igen").click()
    await expect(ulla.get_by_role("status")).to_contain_text("följer sina vanliga tider")
    await her.reload()
    await expect(start).to_be_visible()
    await expect(her.get_by_text(WORDS)).to_have_count(0)
