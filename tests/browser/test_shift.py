# SPDX-License-Identifier: EUPL-1.2
"""An evening of a volunteer: she begins a shift, practises first, takes a break, and forgets nobody."""

from __future__ import annotations

import json
import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole
from tests.browser.staff import PHONE, Comes
from tests.browser.wire import Wire, axe_finds
from tests.outside.operator import Operator
from tests.outside.server import Server

NARROW = ViewportSize(width=1024, height=700)


async def _keep_all(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep pictures at 1024 px and on a phone, light and dark; nothing is cut off or hard to read."""
    for size in (NARROW, PHONE):
        await page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
            await keep_screen(page, f"{name}-{size['width']}-{scheme}")
            if (scheme == "dark") == (size is PHONE):
                assert await axe_finds(page) == []
        await expect(page.locator("html")).to_have_js_property("scrollWidth", size["width"])
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESKTOP)


async def test_first_evening_begins_with_a_practice_that_nobody_hears(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """One screen, a name proposed, and a visitor who is played: greeting, silence, danger, a number, the end.

    Nothing of it is sent. A second one is broken off as soon as somebody real waits.
    """
    page = await open_page("about:blank")
    wire = Wire(page)
    volunteer = OperatorAtConsole(page, strict.at)
    await volunteer.signs_in(strict.at.operators_of("linden")[0])
    alias = page.get_by_label("Alias")
    await expect(alias).not_to_have_value("")
    await page.locator("input[value=linden]").check()
    await expect(page.get_by_text("Bakjouren finns på telefon hela kvällen")).to_be_visible()
    await page.get_by_label("engelska").check()
    await _keep_all(page, keep_screen, "start")

    box, missing = page.locator("input[value=linden]"), page.locator("[data-part=duty-mistake]")
    await box.uncheck()
    await page.locator("[data-part=go-on]").click()
    await expect(box).to_be_focused()
    await expect(page.get_by_role("group", name="Svara för").locator(missing)).to_be_visible()
    name = await alias.input_value()
    sent = len(wire.frames)
    await page.get_by_role("button", name="Öva först").click()
    pane, tip = volunteer.pane(), page.locator("[data-part=practice-tip]")
    on = pane.get_by_role("button", name="Gå vidare")
    await volunteer.reads("hej. är det nån där")
    await expect(pane.locator("[data-part=composer]")).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.locator(".finder-option").first).to_contain_text(f"jag heter {name} och")
    await page.keyboard.press("Escape")
    await expect(pane).not_to_contain_text("Det här går inte att öva")
    await volunteer.writes("Hej, jag är här.")
    await expect(tip).to_contain_text("fråga en sak i taget")
    await on.click()
    await volunteer.writes("Vad bra att du skriver.")
    await expect(tip).to_contain_text("Nu blir det tyst. Vänta.")
    await volunteer.writes("Är du kvar?")
    await expect(tip).to_contain_text("vänta in nästa ord")
    await on.click()
    await volunteer.reads("var tvungen att gömma mobilen")
    for word in ("han har en kniv", "[telefonnummer]", "tack för att du var kvar"):
        await volunteer.writes("Jag är kvar hos dig.")
        await on.click()
        await volunteer.reads(word)
        if "kniv" in word:
            await expect(pane.get_by_role("region", name="Om fara")).to_contain_text("112")
            await _keep_all(page, keep_screen, "danger")
            await volunteer.writes("Ring 112. Jag är kvar.")
            await expect(tip).to_contain_text("räcka upp handen")
            await pane.get_by_role("button", name="Räck upp handen", exact=True).click()
            await page.keyboard.press("Enter")
            await expect(tip).to_contain_text("Låt någon ta över")
            await expect(pane.get_by_role("button", name="Mer")).to_be_hidden()
            await _keep_all(page, keep_screen, "hand")
        elif "telefonnummer" in word:
            await volunteer.writes("Du kan ringa henne själv.")
            await expect(tip).to_contain_text("vart besökaren kan vända sig")
            await (await volunteer.tool("Svar och linjer")).click()
            await page.keyboard.press("Alt+l")
            await page.keyboard.press("Alt+l")
            await expect(page.locator("[data-part=drawer]")).to_be_hidden()
    await page.keyboard.press("Alt+x")
    await pane.locator("[data-part=end]").click()
    await expect(tip).to_contain_text("raderas orden")
    await expect(pane.locator(".practice")).to_contain_text("Övning")
    await keep_screen(page, "over")
    await pane.locator("[data-part=dismiss]").click()
    await expect(page.locator("[data-part=shift-start-heading]")).to_be_focused()
    # That the console is there it says by itself, now and then.
    assert [frame for frame in wire.frames[sent:] if json.loads(frame)["type"] != "there"] == []
    await expect(missing).to_be_hidden()
    await box.check()
    await page.get_by_label("engelska").check()

    await page.locator("[data-part=go-on]").click()
    await expect(page.locator("[data-part=alone-line]")).to_have_text("Du är ensam i tjänst just nu.")
    duty = next(frame for frame in wire.frames if '"duty"' in frame)
    assert re.search(r'"languages":\["en"\]', duty)
    assert '"capacity":1' in duty


async def test_evening_with_a_pause_ends_and_nobody_is_forgotten(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """One at a time, a break, a colleague; then each open talk is seen to before the shift is over."""
    page = await open_page("about:blank")
    wire = Wire(page)
    volunteer = OperatorAtConsole(page, strict.at)
    await volunteer.signs_in(strict.at.operators_of("linden")[0])
    colleague = Operator(strict.at, strict.at.operators_of("linden")[1])
    await colleague.signs_in()
    await colleague.connects()
    await colleague.goes_on_duty("linden", alias="Noa")
    alias = page.get_by_label("Alias")
    await alias.fill("noa")
    await page.locator("input[value=linden]").check()
    await expect(page.locator("[data-part=capacity]")).to_have_value("1")
    await page.locator("[data-part=go-on]").click()
    taken = page.get_by_role("alert").filter(has_text=re.compile("heter redan .noa.. Här är"))
    await expect(taken).to_be_visible()
    await expect(taken).to_contain_text(re.compile(f"förslag: .{await alias.input_value()}.\\."))
    await expect(alias).to_be_focused()
    await keep_screen(page, "alias")
    await page.keyboard.type("Mira")
    await expect(taken).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-part=most]")).to_have_value("1")
    await expect(page.locator("[data-part=beside]")).to_contain_text("Noa")
    await expect(page.locator("[data-part=alone]")).to_be_hidden()

    first, second, third = await comes(), await comes(), await comes()
    await volunteer.accepts()
    await expect(volunteer.pane().locator("[data-part=composer]")).to_be_focused()
    await expect(volunteer.waiting()).to_have_count(2)
    # One conversation, the drawer and a small window: whoever waits is the most important thing on it.
    await page.set_viewport_size(NARROW)
    await page.keyboard.press("Alt+k")
    await expect(page.locator("[data-part=drawer]")).to_be_in_viewport(ratio=1)
    for place in (0, 1):
        await expect(page.locator("[data-part=accept]").nth(place)).to_be_in_viewport(ratio=1)
    await keep_screen(page, "two-wait")
    await page.keyboard.press("Alt+k")
    await page.set_viewport_size(DESKTOP)
    # That she has as many as she chose she is told before she presses, and where to change it.
    full = page.locator("[data-part=queue-full]")
    await expect(full).to_contain_text("Du har 1 samtal, så många som du valde.")
    await expect(page.locator("[data-part=accept]").first).to_have_attribute("aria-disabled", "true")
    await keep_screen(page, "full")
    await full.get_by_role("button", name="Ändra antalet").click()
    await expect(page.locator("[data-part=most]")).to_be_focused()
    await page.locator("[data-part=most]").select_option("3")
    await expect(full).to_be_hidden()
    await expect(page.locator("[data-part=most]")).to_have_value("3")
    await volunteer.accepts()
    await expect(page.locator("article.pane")).to_have_count(2)

    await expect(volunteer.waiting()).to_have_count(1)
    await page.keyboard.press("Alt+p")
    await expect(page.locator("[data-part=paused-for]")).to_contain_text("Paus sedan")
    await expect(page.get_by_role("button", name="Tillbaka")).to_have_attribute("aria-pressed", "true")
    await expect(volunteer.waiting().locator("[data-part=accept]")).to_have_attribute("aria-disabled", "true")
    await colleague.connection.send("pause", on=True)
    await expect(page.locator("[data-part=alone-line]")).to_have_text("Alla andra har paus just nu.")
    await _keep_all(page, keep_screen, "paused")
    await page.reload()
    await expect(page.locator("[data-part=paused-for]")).to_contain_text("Paus sedan")
    await expect(page.locator("article.pane")).to_have_count(2)
    await page.keyboard.press("Alt+p")
    await expect(page.locator("[data-part=paused]")).to_be_hidden()

    await page.get_by_role("button", name="Logga ut").click()
    end = page.get_by_role("dialog", name="Avsluta passet")
    rows = end.locator(".shift-open-one")
    await expect(rows).to_have_count(2)
    await page.get_by_role("button", name="Inte än").click()
    # All that is open stands in it from the first moment: nothing moves under the pointer.
    at_once = """() => {
        document.querySelector("[data-part=go-off]").click();
        return document.querySelector("[data-part=end-open]").hidden;
    }"""
    assert await page.evaluate(at_once) is False
    # As much as the question before a transfer tells: whose turn it is, how long, and the last words.
    await first.says("hinner du lite till")
    await expect(rows.first).to_contain_text("Väntar på svar")
    await expect(rows.first).to_contain_text(re.compile("samtal 1 har varit här i .*hinner du lite till"))
    await expect(end).to_contain_text("Du är den enda som tar emot just nu, och någon väntar.")
    await end.get_by_role("button", name="Avsluta passet").click()
    await expect(end).to_contain_text("Bestäm först vad som händer med de 2 samtal som är öppna.")
    await _keep_all(page, keep_screen, "end")
    await rows.first.get_by_role("button", name="Lämna till kön").click()
    await expect(rows.first).to_contain_text("Ingen annan tar emot just nu.")
    await expect(rows.first).to_contain_text("Lämna samtal 1 till kön?")
    await rows.first.get_by_role("button", name="Ja, lämna till kön").click()
    await expect(rows).to_have_count(1)
    await first.connection.expect("left")
    await expect(page.locator("[data-part=shift-end-heading]")).to_be_focused()
    await rows.first.get_by_role("button", name="Avsluta samtalet").click()
    await rows.first.get_by_role("button", name="Ja, avsluta samtalet").click()
    await expect(rows).to_have_count(0)
    await second.connection.expect("ended")
    await end.get_by_text("Tungt").click()
    await expect(end).to_contain_text("Bär inte det ensam.")
    await keep_screen(page, "felt")
    await end.get_by_role("button", name="Avsluta passet").click()
    await expect(page.locator("[data-part=shift-thanks-heading]")).to_be_focused()
    await keep_screen(page, "thanks")
    assert wire.sent("duty")[-1] == {"type": "duty", "on": False, "services": [], "felt": "heavy"}
    await third.connection.expect("queue", here=False)
    await colleague.connection.close()


async def test_practice_gives_way_to_whoever_is_real(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """On duty by then, somebody who waits ends the play at once, and stands in the queue."""
    page = await open_page("about:blank")
    volunteer = OperatorAtConsole(page, strict.at)
    await volunteer.signs_in(strict.at.operators_of("linden")[0])
    await page.get_by_role("button", name="Öva först").click()
    await volunteer.reads("hej. är det nån där")
    await page.locator("[data-part=to-start]").click()
    await volunteer.goes_on_duty("Mira", "linden")
    await comes()
    await expect(page.locator("[data-part=shift-told]")).to_have_text("Övningen avbröts. Någon väntar.")
    await expect(page.locator("article.pane")).to_have_count(0)
    await volunteer.accepts()
    await expect(volunteer.pane()).not_to_have_attribute("data-practice", "true")
    await expect(page.locator("[data-part=name]").first).to_have_text("Samtal 2")
