# SPDX-License-Identifier: EUPL-1.2
"""The console without a mouse: every step by key, the focus never lost, nothing that axe finds."""

from __future__ import annotations

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.staff import Comes, Volunteer
from tests.browser.wire import axe_finds
from tests.outside.server import Server
from tests.outside.visitor import Visitor

KNIFE = "han har en kniv"
DRAFT = "Det låter tungt. Vill du"
SOMEWHERE = """() => {
  const { activeElement } = document;
  return document.hasFocus() && activeElement !== document.body && activeElement.checkVisibility();
}"""
TABLET = ViewportSize(width=1024, height=768)
LARGE_ENOUGH = """() => [...document.querySelectorAll("button, select, summary, input, textarea")]
  .filter((each) => each.checkVisibility() && !each.matches(".inline"))
  .filter((each) => each.getBoundingClientRect().height < 43.9 && !each.closest("label.tick"))
  .map((each) => each.outerHTML.slice(0, 90))"""


async def _calm(page: Page) -> None:
    """Wait until the focus is somewhere that is seen; let axe look, in the other light each time."""
    await page.wait_for_function(SOMEWHERE)
    dark = await page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    await page.emulate_media(color_scheme="light" if dark else "dark")
    assert await axe_finds(page) == []


async def _press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_whole_shift_goes_by_key(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Three are taken, written to, left and ended; the focus is somewhere after each step."""
    volunteer = Volunteer(await open_page("about:blank"), strict.at)
    page = volunteer.page
    await volunteer.signs_in(strict.at.operators_of("linden")[0])
    await page.get_by_label("Alias").fill("Alva")
    await page.locator("input[value=linden]").check()
    await page.get_by_label("Samtal åt gången, högst").press("End")
    await page.locator("input[value=linden]").press("Enter")
    await expect(page.locator("[data-part=duty-on]")).to_be_visible()
    await _calm(page)

    visitors = []
    for number in (1, 2, 3):
        visitors.append(await comes())
        await visitors[-1].says(f"hej från {number}")
        await expect(volunteer.waiting()).to_have_count(1)
        await _press(page, "Alt+q")
        await expect(page.locator("[data-part=accept]")).to_be_focused()
        await _press(page, "Enter")
        await expect(volunteer.pane(number).locator("[data-part=composer]")).to_be_focused()
    await page.keyboard.type(DRAFT)
    await _press(page, "Alt+1")
    await expect(volunteer.pane(1).locator("[data-part=composer]")).to_be_focused()
    tabs = page.locator("[data-part=tabs]")
    await expect(tabs.get_by_role("button", name=re.compile("^Samtal 3, .*Utkast"))).to_be_visible()
    await expect(volunteer.pane(1).locator("[data-part=turn]")).to_have_text(re.compile("Väntar på svar"))
    await page.keyboard.type("Hej, vad bra att du skriver.")
    await _press(page, "Enter")
    await expect(volunteer.pane(1).locator("[data-part=turn]")).to_be_hidden()
    await _calm(page)
    await keep_screen(page, "three")

    more = volunteer.button("Mer", 1)
    await _press(page, "Alt+m")
    items = volunteer.pane(1).get_by_role("menuitem")
    await expect(items.first).to_be_focused()
    await _calm(page)
    await keep_screen(page, "menu")
    await _press(page, "End")
    await expect(items.last).to_be_focused()
    await _press(page, "Escape")
    await expect(more).to_be_focused()
    await expect(items.first).to_be_hidden()
    await _press(page, "ArrowDown", "b", "b", "Enter")
    await expect(volunteer.pane(1).get_by_role("heading", name="Bjud in någon nu")).to_be_focused()
    await _calm(page)
    await volunteer.button("Stäng", 1).press("Enter")
    await expect(volunteer.pane(1).locator("[data-part=composer]")).to_be_focused()
    await _press(page, "Alt+o")
    await expect(page.get_by_role("region", name="Skicka vidare, samtal 1")).to_be_visible()
    await _calm(page)
    await _press(page, "Escape")
    await _calm(page)
    # Each opens in the place of the other, and Escape leads back to where one writes.
    composer = volunteer.pane(1).locator("[data-part=composer]")
    parts = ("word-asking", "raise-asking", "warm-choice", "transfer-heading", "asking")
    open_now = volunteer.pane(1).locator(f":is({', '.join(f'[data-part={each}]' for each in parts)}):visible")
    for key in ("Alt+v", "Alt+r", "Alt+g", "Alt+t", "Alt+v", "Alt+x", "Alt+r"):
        await _press(page, key)
        await expect(open_now).to_have_count(1)
    await _calm(page)
    await _press(page, "Escape")
    await expect(open_now).to_have_count(0)
    await expect(composer).to_be_focused()
    await _press(page, "Alt+v")
    await expect(volunteer.pane(1).locator("[data-part=word-which]")).to_be_focused()
    await _press(page, "Tab", "Enter")
    await expect(composer).to_be_focused()
    await expect(volunteer.button("Ord att känna igen varandra på", 1)).to_have_count(0)
    await _calm(page)
    await _press(page, "Alt+h")
    await expect(page.get_by_role("dialog").get_by_role("heading", name="Tangenter")).to_be_in_viewport(
        ratio=1
    )
    for listed in ("Överallt", "I samtalet"):
        await expect(page.get_by_role("dialog").get_by_role("heading", name=listed)).to_be_visible()
    await _calm(page)
    await _press(page, "Escape")
    await _calm(page)

    await visitors[0].says(KNIFE)
    await expect(volunteer.alarm(1)).to_be_visible()
    await _calm(page)
    await _press(page, "Alt+s")
    await expect(volunteer.button("Visa igen", 1)).to_be_visible()
    await _press(page, "Alt+x")
    await expect(volunteer.pane(1).locator("[data-part=keep]")).to_be_focused()
    await _calm(page)
    await _press(page, "Escape")
    await expect(volunteer.pane(1).locator("[data-part=composer]")).to_be_focused()
    await _press(page, "Alt+b")
    await expect(page.locator("article.pane")).to_have_count(3)
    await _press(page, "Alt+x", "Tab", "Enter")
    await expect(volunteer.pane(1).locator("[data-part=over-heading]")).to_be_focused()
    await _calm(page)
    await _press(page, "Alt+b")
    await expect(page.locator("article.pane")).to_have_count(2)
    await page.wait_for_function(SOMEWHERE)

    await _press(page, "Alt+3")
    await expect(volunteer.pane(2).locator("[data-part=composer]")).to_have_value(DRAFT)
    await visitors[2].leaves()
    await expect(volunteer.pane(2).locator("[data-part=over-heading]")).to_be_focused()
    await expect(volunteer.pane(2).locator("[data-part=over-draft]")).to_have_text(DRAFT)
    await _calm(page)
    await keep_screen(page, "unsent")
    await _press(page, "Alt+b")
    await expect(page.locator("article.pane")).to_have_count(1)
    await _calm(page)
    await visitors[1].leaves()
    await expect(volunteer.pane().locator("[data-part=over-heading]")).to_be_visible()
    await _press(page, "Alt+2", "Alt+b")
    await expect(page.locator("article.pane")).to_have_count(0)
    await _calm(page)


async def test_draft_and_colours_stay_on_a_tablet_that_was_taken_over(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Another tab takes the console; back again the draft is there. What a finger presses is large enough."""
    page = await open_page("about:blank", viewport=TABLET)
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    volunteer = await Volunteer.comes_on_duty(page, strict)
    for _ in range(2):
        await comes()
        await volunteer.accepts()
    await volunteer.pane(2).locator("[data-part=composer]").fill(DRAFT)
    assert await page.evaluate("() => matchMedia('(pointer: coarse)').matches")
    await expect(volunteer.pane(1)).to_be_hidden()
    assert await page.evaluate(LARGE_ENOUGH) == []
    other = await page.context.new_page()
    await other.goto(f"{strict.at.url}/console")
    await expect(page.get_by_role("button", name="Använd den här fliken")).to_be_focused()
    await page.get_by_role("button", name="Använd den här fliken").press("Enter")
    await expect(volunteer.pane(2).locator("[data-part=composer]")).to_have_value(DRAFT)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(ground)
    await page.get_by_label("Färger").select_option("Mörkt")
    assert await page.evaluate(ground) != light
    await keep_screen(page, "dark")
    await page.emulate_media(color_scheme="dark")
    await page.get_by_label("Färger").select_option("Ljust")
    assert await page.evaluate(ground) == light
    assert await axe_finds(page) == []


async def test_long_talk_is_whole_though_the_page_holds_its_newest_part(
    server: Server, open_page: OpenPage
) -> None:
    """Earlier words come on the way up, by a button too, and what one reads stays where it is."""
    visitor = await Visitor.starts(server.at, "linden")
    await visitor.says(KNIFE)
    for number in range(1, 151):
        await visitor.says(f"det hände dag {number}")
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), server)
    page, lines = volunteer.page, volunteer.pane().locator(".message")
    await volunteer.accepts()
    await volunteer.reads("det hände dag 150")
    await expect(lines.last).to_be_in_viewport()
    held = await lines.count()
    assert held < 70
    reading = lines.nth(5)
    text = await reading.locator("[data-part=text]").text_content() or ""
    await volunteer.pane().locator("[data-part=scroll]").evaluate("log => { log.scrollTop = 200; }")
    await expect(volunteer.pane().get_by_text(text, exact=True)).to_be_in_viewport()
    await page.wait_for_function(f"() => document.querySelectorAll('.message').length > {held}")
    await expect(volunteer.pane().get_by_text(text, exact=True)).to_be_in_viewport()
    await visitor.says("och en till")
    await expect(volunteer.button("Nya meddelanden")).to_be_visible()
    await expect(volunteer.pane().get_by_text(text, exact=True)).to_be_in_viewport()
    await volunteer.button("Nya meddelanden").click()
    await expect(lines.last).to_be_in_viewport()
    await volunteer.button("Visa meddelandet").click()
    await expect(volunteer.pane().locator(".message:focus")).to_contain_text(KNIFE)
    await visitor.leaves()
