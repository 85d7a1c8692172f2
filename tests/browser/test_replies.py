# SPDX-License-Identifier: EUPL-1.2
"""What lies at hand while one writes: a reply by `/`, a line by one key, the card that fits; and its page."""

from __future__ import annotations

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.arriving import operator_comes, visitor_comes
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole
from tests.browser.staff import Supervisor
from tests.browser.wire import axe_finds
from tests.outside.server import Server

PHONE = ViewportSize(width=360, height=740)
SMALL = ViewportSize(width=1024, height=700)
HEJ = "Hej, jag heter Alva och är volontär på Kvinnojouren i Vallentuna."


async def _look(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep the screen at a desk, on a phone and in the dark; whoever listens to it has all of it."""
    await keep_screen(page, name)
    assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="dark")
    for size in (SMALL, PHONE):
        await page.set_viewport_size(size)
        await expect(page.locator("html")).to_have_js_property("scrollWidth", size["width"])
        await keep_screen(page, f"{name}-{size['width']}-dark")
    assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESKTOP)


async def test_reply_is_found_put_in_and_only_then_sent(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """`/`, letters, Enter; she gets nothing before the volunteer sends. Escape leaves nothing behind."""
    operator = await operator_comes(open_page, server, "linden")
    visitor, _ = await visitor_comes(open_page, server)
    await operator.accepts()
    page, pane = operator.page, operator.pane()
    composer, field = (
        pane.locator("[data-part=composer]"),
        page.get_by_role("combobox", name="Sök bland färdiga svar"),
    )
    options = page.get_by_role("listbox").get_by_role("option")
    await expect(composer).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.keyboard.press("/")
    await expect(field).to_be_focused()
    await expect(options).to_have_count(8)
    await _look(page, keep_screen, "finder")
    await page.keyboard.type("HALS")
    await expect(options).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(composer).to_be_focused()
    await expect(field).to_have_count(0)
    await expect(composer).to_have_value("")

    await page.keyboard.press("/")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text(
        "Avsluta varmt"
    )
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value(re.compile(f"^{re.escape(HEJ)}"))
    # She hears of nothing yet, and what was searched for was not asked of the server either.
    await expect(visitor.inside.get_by_role("log")).not_to_contain_text("jag heter")
    assert not any("search" in url or "HALS" in url for url in asked)
    await page.keyboard.press("Control+z")
    await expect(composer).to_have_value("")
    await page.keyboard.press("Control+y")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Ta den tid du behöver.")
    await page.keyboard.press("Enter")
    await visitor.sees_in_log(HEJ)
    await visitor.sees_in_log("Ta den tid du behöver.")

    await composer.fill("och/eller")
    await composer.press("/")
    await expect(composer).to_have_value("och/eller/")
    await expect(field).to_have_count(0)
    await visitor.ends()


async def test_line_and_card_are_at_hand_in_her_language(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Alt+L and one key put in a sentence that she can read; the card that fits the alarm lies open first."""
    operator = await operator_comes(open_page, server, "linden")
    visitor, _ = await visitor_comes(open_page, server, lang="en")
    await operator.accepts()
    page, composer = operator.page, operator.pane().locator("[data-part=composer]")
    await expect(composer).to_be_focused()
    await page.keyboard.press("/")
    await page.keyboard.type("halsning")
    await expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Greeting")
    await expect(page.get_by_role("listbox").get_by_role("option").nth(1)).to_contain_text("svenska")
    await page.keyboard.press("Escape")

    await page.keyboard.type("Wait. ")
    await page.keyboard.press("Alt+l")
    first = page.get_by_role("button", name=re.compile("Lägg in.*112"))
    await expect(first).to_be_focused()
    await _look(page, keep_screen, "lines")
    await page.keyboard.press("Alt+l")
    await expect(composer).to_be_focused()
    await page.keyboard.press("Alt+l")
    for _ in range(2):
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value(
        re.compile("^Wait. Kvinnofridslinjen: 020-50 50 50. Open day and night.")
    )
    await page.keyboard.press("Enter")
    await visitor.sees_in_log("020-50 50 50")

    await visitor.inside.locator("textarea").first.fill("I want to kill myself, I have the pills here")
    await visitor.inside.locator("textarea").first.press("Enter")
    for name in ("Send anyway", "No"):
        button = visitor.button(name)
        if await button.is_visible():
            await button.click()
    await expect(operator.pane().locator("[data-part=alarm]")).to_be_visible()
    await page.keyboard.press("Alt+k")
    card = page.locator(".routine-card[open]")
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("Tankar på att ta sitt liv")
    await _look(page, keep_screen, "card")
    await page.set_viewport_size(PHONE)
    await card.get_by_role("button", name=re.compile("straight out")).click()
    await expect(composer).to_be_focused()
    await expect(page.locator("[data-part=drawer]")).to_be_hidden()
    await expect(composer).to_have_value(
        "I want to ask you straight out: are you thinking of taking your life?"
    )
    await keep_screen(page, "put-in-360")


async def test_those_who_may_change_replies_and_the_console_has_them(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Linden's volunteers have no way there; eken's write one, see how it reads, and use it."""
    anna = await operator_comes(open_page, server, "linden")
    await anna.page.keyboard.press("Alt+k")
    await anna.page.get_by_role("tab", name="Svar").click()
    await expect(anna.page.get_by_role("tabpanel").get_by_text("Öppna ett samtal")).to_be_visible()
    await expect(anna.page.locator("[data-part=replies-list]")).to_contain_text("Jag tror dig")
    await expect(anna.page.get_by_role("link", name=re.compile("Ändra svaren"))).to_have_count(0)

    elin = OperatorAtConsole(await open_page("about:blank"), server.at)
    await elin.signs_in(server.at.operators_of("eken")[0])
    await elin.goes_on_duty("Alva", "eken")
    visitor, _ = await visitor_comes(open_page, server, "eken")
    await elin.accepts()
    await expect(elin.pane().locator("[data-part=composer]")).to_be_focused()
    await (await elin.tool("Svar och linjer")).click()
    await expect(elin.page.get_by_label("Sök bland färdiga svar")).to_be_focused()
    await _look(elin.page, keep_screen, "sheet")
    async with elin.page.context.expect_page() as opened:
        await elin.page.get_by_role("link", name=re.compile("Ändra svaren")).click()
    page = await opened.value
    await expect(page.get_by_role("heading", name="Färdiga svar")).to_be_visible()
    await _look(page, keep_screen, "list")
    await page.get_by_role("link", name="Nytt svar").click()
    swedish = page.get_by_role("group").first
    await swedish.get_by_label("Rubrik").fill("Plugget")
    await swedish.get_by_label("Svaret").fill("Hej, {alias} på {service} här. Hur går det i <b>skolan</b>?")
    await page.get_by_role("button", name="Förhandsgranska").click()
    await expect(
        page.get_by_text("Hej, Alva på Tjejjouren i Vallentuna här. Hur går det i <b>skolan</b>?")
    ).to_be_visible()
    await _look(page, keep_screen, "preview")
    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_role("status")).to_contain_text("Sparat")
    await page.close()

    await elin.page.keyboard.press("Alt+k")
    await elin.pane().locator("[data-part=composer]").focus()
    await elin.page.keyboard.press("/")
    await elin.page.keyboard.type("plugg")
    await expect(elin.page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    await elin.page.get_by_role("listbox").get_by_role("option").click()
    await expect(elin.pane().locator("[data-part=composer]")).to_have_value(re.compile("i <b>skolan</b>"))

    boss = await Supervisor.sits_down(await open_page("about:blank"), server)
    await boss.page.get_by_role("link", name="Färdiga svar").click()
    await boss.page.get_by_role("link", name="Tjejjouren i Vallentuna").click()
    await boss.page.get_by_role("button", name="Dölj: Plugget").click()
    await expect(boss.page.get_by_role("status")).to_contain_text("Svaret är dolt")
    await boss.page.get_by_role("button", name="Ta bort för gott: Plugget").click()
    await expect(boss.page.get_by_role("heading", name="Plugget")).to_have_count(0)
    await visitor.ends()
