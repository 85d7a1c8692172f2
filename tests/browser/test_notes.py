# SPDX-License-Identifier: EUPL-1.2
"""What colleagues write for each other: its own field, from one volunteer to the next, and never to her."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.arriving import visitor_comes
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole
from tests.browser.test_guests import console
from tests.browser.wire import axe_finds
from tests.outside.server import Server

NOTE = "Hon vill veta mer om boendet. Fråga om barnen."
SECOND = "Hon hör av sig i morgon kväll."
SIZES = (("narrow", 320, 640), ("tablet", 1024, 768), ("wide", 1280, 800))


def sheet(operator: OperatorAtConsole) -> Locator:
    """The sheet with the notes."""
    return operator.page.get_by_role("tabpanel", name="Anteckningar")


def field(operator: OperatorAtConsole) -> Locator:
    """The field of the notes."""
    return operator.page.get_by_label("Skriv till dina kollegor")


def opener_of(operator: OperatorAtConsole) -> Locator:
    """The button of a conversation that tells how many notes there are."""
    return operator.pane().locator("[data-part=notes-open]")


async def keep_everywhere(page: Page, keep: KeepScreen, name: str) -> None:
    """Keep it in three sizes, in light and dark; nothing is cut off at the side, and axe finds nothing."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size, width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await expect(page.locator("html")).to_have_js_property("scrollWidth", width)
            await keep(page, f"{name}-{size}-{scheme}")
        assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    await page.set_viewport_size(DESKTOP)


async def test_note_goes_from_one_volunteer_to_the_next_and_never_to_her(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """By keys alone: written, refused, mended, kept; read by whoever takes over, and gone with the talk."""
    first = await console(open_page, server, "anna", "linden", "Alva")
    her, wire = await visitor_comes(open_page, server)
    await her.writes("hej")
    await first.accepts()
    await first.reads("hej")
    page = first.page
    opener = opener_of(first)
    await page.keyboard.press("Alt+A")
    await expect(field(first)).to_be_focused()
    await expect(sheet(first)).to_contain_text("Bara vi som arbetar i samtalet ser det här.")
    await expect(sheet(first)).to_contain_text("Ingen har antecknat något än.")

    await page.keyboard.type("Ring 070-123 45 67")
    await page.keyboard.press("Enter")
    await expect(field(first)).to_have_value("Ring 070-123 45 67\n")
    await page.keyboard.press("Control+Enter")
    await expect(sheet(first)).to_contain_text("Inte sparad: här står ett telefonnummer")
    await expect(page.locator("[data-part=notes-announcer]")).to_contain_text("Inte sparad: här står")
    await expect(first.pane().locator("[data-part=pane-notice]")).to_be_hidden()
    await keep_screen(page, "1-refused")
    await sheet(first).get_by_role("button", name="Ändra").click()
    await expect(field(first)).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Control+Enter")
    entry = sheet(first).get_by_role("listitem")
    await expect(entry).to_have_count(1)
    await expect(entry).to_contain_text(NOTE)
    await expect(entry).to_contain_text("Alva\u2069 (du)")
    await expect(field(first)).to_be_focused()
    await expect(field(first)).to_have_value("")
    await expect(page.locator("[data-part=notes-announcer]")).to_have_text("Anteckningen är sparad.")
    await expect(opener).to_have_attribute("aria-label", "Anteckningar, 1 anteckning")
    await page.keyboard.type(SECOND)
    await page.keyboard.press("Control+Enter")
    await expect(entry).to_have_count(2)
    await expect(entry.first).to_contain_text(SECOND)
    await page.keyboard.type("inte klar")
    await keep_everywhere(page, keep_screen, "3-kept")
    await page.keyboard.press("Escape")
    await expect(sheet(first)).to_be_hidden()
    await first.writes("Jag är snart tillbaka.")
    await her.sees_in_log("Jag är snart tillbaka.")
    await page.keyboard.press("Alt+A")
    await expect(field(first)).to_have_value("inte klar")

    following = await console(open_page, server, "maria", "linden", "Bodil")
    out = page.get_by_role("button", name="Logga ut")
    page.on("dialog", lambda dialog: dialog.accept())
    await out.click()
    await page.get_by_role("button", name="Inte än").click()
    await out.click()
    await her.sees_in_log("Alva")
    await following.accepts()
    await following.reads("Jag är snart tillbaka.")
    opener = opener_of(following)
    await expect(opener).to_have_attribute("aria-label", "Anteckningar, 2 nya")
    assert await axe_finds(following.page) == []
    await keep_screen(following.page, "2-new")
    await following.pane().get_by_role("button", name="Läs 2 nya anteckningar från dina kollegor").click()
    await expect(field(following)).to_be_focused()
    entry = sheet(following).get_by_role("listitem")
    await expect(entry).to_have_count(2)
    await expect(entry.last).to_contain_text(NOTE)
    await expect(entry.last).to_contain_text("Alva")
    await expect(opener).to_have_attribute("aria-label", "Anteckningar, 2 anteckningar")
    await expect(following.page.locator(".notes-new")).to_be_hidden()
    await keep_screen(following.page, "4-next")

    await following.writes("Hej, jag heter Bodil.")
    await her.sees_in_log("Hej, jag heter Bodil.")
    heard = [*wire.heard, await her.page.content()]
    for marker in (NOTE, SECOND, "inte klar", "070-123 45 67", "note", "anteckn"):
        assert not [frame for frame in heard if marker in frame], marker
    assert [frame for frame in heard if "Hej, jag heter Bodil." in frame], "what is hers is found"
    await her.ends()
    await expect(sheet(following)).to_contain_text("Samtalet är slut. Anteckningarna raderas med det.")
    await expect(entry).to_have_count(0)
    assert NOTE not in await following.page.content()
    await keep_screen(following.page, "5-over")
