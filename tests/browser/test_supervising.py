# SPDX-License-Identifier: EUPL-1.2
"""A second evening shift: she raises a hand, a supervisor comes and takes over, and she asks to talk."""

from __future__ import annotations

import re
from typing import Literal

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.staff import Volunteer
from tests.browser.wire import axe_finds
from tests.outside.server import Server

LIGHTS: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("phone", PHONE, "light"),
    ("wide", DESKTOP, "dark"),
)
WHISPER = "Fråga om barnen är hemma."
BEFORE = "hej, det är jobbigt i dag"


async def at_console(
    open_page: OpenPage, server: Server, name: str, alias: str, service: str = "linden"
) -> Volunteer:
    """Somebody of the staff signs in and goes on duty."""
    page = await open_page(f"{server.at.url}/staff/sign-in", viewport=DESKTOP)
    one = Volunteer(page, server.at)
    await one.signs_in(next(each for each in server.at.staff if each.name == name))
    await page.goto(f"{server.at.url}/console")
    await one.goes_on_duty(alias, service)
    return one


async def keep_both(page: Page, keep: KeepScreen, name: str) -> None:
    """Keep the page on a phone in light and wide in the dark; nothing is cut off at the side."""
    for size, viewport, scheme in LIGHTS:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size(viewport)
        await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
        await keep(page, f"{name}-{size}-{scheme}")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")


async def test_hand_supervisor_take_over_and_a_wish_to_talk(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Three screens and the board: each sees what happens at every step, and nobody more than that."""
    siv = await at_console(open_page, server, "birgitta", "Siv")
    calls = siv.page.locator("[data-part=alerts]")
    await expect(siv.page.locator("[data-part=queue]")).to_be_hidden()
    await expect(calls).to_contain_text("Ingen behöver dig just nu.")
    await keep_both(siv.page, keep_screen, "1-supervisor-calm")
    volunteer = await at_console(open_page, server, "anna", "Alva")
    her = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/linden", viewport=PHONE))
    board = await open_page(f"{server.at.url}/staff/sign-in", viewport=DESKTOP)
    watcher = Volunteer(board, server.at)
    await watcher.signs_in(next(each for each in server.at.staff if each.name == "birgitta"))
    await board.goto(f"{server.at.url}/supervisor")
    linden = board.locator("#service-linden")
    await expect(linden.locator("[data-part=on_duty]")).to_contain_text("Alva")
    await expect(linden.locator("[data-part=waiting]")).to_have_text("0")
    await keep_both(board, keep_screen, "0-board-calm")
    await her.starts()
    await her.writes(BEFORE)
    # Seen again after a while behind something else, it asks at once.
    await board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(linden.locator("[data-part=waiting]")).to_have_text("1")
    await volunteer.accepts()
    await volunteer.reads(BEFORE)
    pane = volunteer.pane()

    # She raises it with the key while she writes, takes it down, and raises it again with the button.
    await pane.locator("[data-part=composer]").focus()
    await volunteer.page.keyboard.press("Alt+KeyR")
    await expect(volunteer.button("Ja, räck upp handen")).to_be_focused()
    await expect(pane).to_contain_text("En handledare kan då komma in i samtalet och läsa det.")
    await volunteer.page.keyboard.press("Enter")
    await expect(pane.get_by_text("Du har räckt upp handen")).to_be_visible()
    hand = calls.locator("[data-kind=hand]")
    await expect(hand).to_contain_text("räcker upp handen")
    await volunteer.button("Ta ner handen").click()
    await expect(hand).to_have_count(0)
    await (await volunteer.tool("Räck upp handen")).click()
    await expect(hand).to_have_count(0)
    await volunteer.button("Ja, räck upp handen").click()
    await expect(hand).to_have_count(1)
    await keep_both(volunteer.page, keep_screen, "2-hand-up")
    assert await axe_finds(volunteer.page) == []
    await keep_both(siv.page, keep_screen, "3-supervisor-called")
    assert await axe_finds(siv.page) == []
    # The board has it by itself, when it asks next; where it is answered is one step of the keyboard away.
    calling = board.locator("[data-part=call-list]")
    await expect(calling).to_contain_text("räcker upp handen i")
    await expect(board).to_have_title(re.compile(r"^\(\d+\) Läget"))
    await expect(linden.locator("[data-part=waiting]")).to_have_text("0")
    await expect(linden.locator("[data-part=active]")).to_have_text("1")
    await expect(calling).to_have_attribute("aria-live", "polite")
    answer = calling.get_by_role("link", name="räcker upp handen i")
    await board.get_by_role("link", name="Färdiga svar").focus()
    await board.keyboard.press("Tab")
    await expect(answer).to_be_focused()
    await keep_both(board, keep_screen, "4-board")
    assert await axe_finds(board) == []
    await board.context.set_offline(True)
    await board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(board.get_by_text("Siffrorna kan vara gamla.")).to_be_visible()
    await board.context.set_offline(False)
    await expect(board.get_by_text("Siffrorna kan vara gamla.")).to_be_hidden()
    await board.get_by_role("link", name="Bemanning").click()
    await board.get_by_role("link", name="Kvinnojouren i Vallentuna").click()
    # One is drawn for a wide screen and one for a phone: until the page has its styles, both are seen.
    plot = board.get_by_role("img", name="Så många behövs, timme för timme")
    await expect(plot).to_have_count(1)
    await expect(plot).to_be_visible()
    await keep_both(board, keep_screen, "4-staffing")
    assert await axe_finds(board) == []
    await board.set_viewport_size(PHONE)
    table = board.get_by_role("region", name="Så många behövs, i en tabell")
    assert await table.evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing to push sideways"
    assert await axe_finds(board) == []
    await board.get_by_text("Räkna på egna siffror").click()
    await board.get_by_label("Tisdag", exact=True).fill("60")
    await board.keyboard.press("Enter")
    await expect(board.get_by_text("Räknat på dina egna siffror")).to_be_visible()

    await siv.page.keyboard.press("Alt+KeyR")
    await siv.page.keyboard.press("Enter")
    theirs = siv.pane()
    await expect(theirs.get_by_text("Du är här som handledare.")).to_be_visible()
    await siv.reads(BEFORE)
    await expect(theirs.locator("[data-part=ask_end]")).to_be_hidden()
    await expect(pane.get_by_text("handledare, är med i samtalet.")).to_be_visible()
    await her.sees_in_log("kan läsa det ni har skrivit.")
    await expect(her.page.locator(".guest-strip")).to_contain_text("är här också.")
    await expect(her.page.locator(".guest-strip button")).to_have_count(0)
    await siv.writes("Hej, jag heter Siv och hjälper till.")
    await her.sees_in_log("Hej, jag heter Siv och hjälper till.")
    await keep_both(her.page, keep_screen, "5-her")
    await her.page.set_viewport_size(PHONE)
    assert await axe_finds(her.page) == []

    await theirs.get_by_role("button", name="Viska till").click()
    await siv.page.get_by_label("Skriv till dina kollegor").fill(WHISPER)
    await keep_both(siv.page, keep_screen, "5-whisper")
    await siv.page.get_by_role("tabpanel").get_by_role("button", name="Viska till").click()
    await expect(pane.get_by_role("button", name=WHISPER)).to_be_visible()
    await keep_both(volunteer.page, keep_screen, "5-whispered")
    await (await volunteer.tool("Anteckningar, 1 ny")).click()
    told = volunteer.page.get_by_role("tabpanel", name="Anteckningar")
    await expect(told.locator(".note-entry").filter(has_text=WHISPER)).to_contain_text("Viskning")
    await expect(told.get_by_role("button", name="Viska i stället")).to_be_visible()
    await expect(her.page.locator("body")).not_to_contain_text(WHISPER)
    await siv.page.keyboard.press("Escape")
    await volunteer.page.keyboard.press("Escape")

    await (await siv.tool("Ta över samtalet")).click()
    asked = theirs.get_by_role("group", name="Ta över samtalet")
    await expect(asked).to_contain_text("lämnar samtalet direkt")
    await expect(theirs.get_by_role("button", name="Nej, låt det vara")).to_be_focused()
    await keep_both(siv.page, keep_screen, "6-take-over")
    assert await axe_finds(siv.page) == []
    await theirs.get_by_role("button", name="Ja, ta över").click()
    await expect(theirs.locator("[data-part=ask_end]")).to_be_visible()
    await expect(pane.locator("[data-part=over-heading]")).to_contain_text("har samtalet nu")
    await expect(pane.locator("[data-part=over-body]")).to_contain_text("Tack för det du gjorde.")
    await her.sees_in_log("är inte kvar i chatten.")
    await expect(her.page.locator(".guest-strip")).to_be_hidden()
    await her.writes("är du kvar, Siv?")
    await siv.reads("är du kvar, Siv?")
    await siv.writes("Ja, jag är här.")
    await her.sees_in_log("Ja, jag är här.")
    await expect(volunteer.page.locator("body")).not_to_contain_text("är du kvar, Siv?")
    await keep_both(volunteer.page, keep_screen, "7-relieved")
    assert await axe_finds(volunteer.page) == []
    await her.ends()

    card = volunteer.page.locator("[data-part=talk]")
    await volunteer.unfolds_my_shift()
    await card.get_by_role("button", name="Prata med någon").click()
    await expect(card).to_contain_text("Ingen handledare har svarat än.")
    wish = calls.locator("[data-kind=talk]")
    await wish.get_by_role("button").click()
    await expect(card).to_contain_text("har sett det och hör av sig till dig.")
    await expect(calls.locator("[data-kind=taken]")).to_have_count(1)
    await keep_both(volunteer.page, keep_screen, "8-wish-seen")
    await keep_screen(siv.page, "9-wish-taken")
    await card.get_by_role("button", name="Klart").click()
    await expect(calls.locator("[data-kind=taken]")).to_have_count(0)
