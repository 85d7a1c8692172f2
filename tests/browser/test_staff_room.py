# SPDX-License-Identifier: EUPL-1.2
"""What a volunteer sees where there is little room: an enlarged window, a phone's keyboard, three at a time.

Whoever writes sits at a socket here, so that these stories are about the staff's screens alone.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.staff import PHONE, Comes, Volunteer
from tests.outside.server import Server

KNIFE = "han har en kniv"
SPAM = "köp billiga klockor hos oss nu"
ENLARGED = ViewportSize(width=640, height=400)
KEYBOARD = ViewportSize(width=360, height=340)
IN_VIEW = """element => {
  const {top, bottom, left, right} = element.getBoundingClientRect();
  const pane = element.closest(".pane").getBoundingClientRect();
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return top >= 0 && bottom <= innerHeight && right <= innerWidth && bottom <= pane.bottom + 1
    && (element === seen || element.contains(seen));
}"""


async def _in_view(volunteer: Volunteer, selector: str, number: int = 1) -> None:
    """Wait until it is seen whole: what follows from a new size is laid out a frame later."""
    element = await volunteer.pane(number).locator(selector).first.element_handle()
    await volunteer.page.wait_for_function(IN_VIEW, arg=element)


async def _height(page: Page, selector: str) -> float:
    box = await page.locator(selector).first.bounding_box()
    return 0.0 if box is None else box["height"]


@pytest.mark.parametrize("size", [ENLARGED, KEYBOARD])
async def test_little_height_leaves_the_volunteer_what_she_writes(
    size: ViewportSize, strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The banner is one line until she asks for it, and the compose box is whole before and after."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(KNIFE)
    page = volunteer.page
    await expect(volunteer.button("Jag har sett det")).to_be_visible()
    await page.set_viewport_size(size)
    await expect(volunteer.button("Visa igen")).to_be_visible()
    await keep_screen(page, f"{size['width']}-line")
    assert await _height(page, ".alarm") <= (50 if size is ENLARGED else 60)
    for part in ("composer", "send", "alarm-short"):
        await _in_view(volunteer, f"[data-part={part}]")
    await expect(volunteer.alarm()).to_contain_text("Det låter som att besökaren är i fara nu.")

    await visitor.says("han har en kniv, jag bor på Storgatan 5")
    await expect(volunteer.alarm().locator(".alarm-name")).to_contain_text("En adress togs bort")
    await keep_screen(page, f"{size['width']}-place")
    await volunteer.button("Visa igen").click()
    await expect(volunteer.button("Jag har sett det")).to_be_visible()
    await keep_screen(page, f"{size['width']}-whole")
    for part in ("composer", "send"):
        await _in_view(volunteer, f"[data-part={part}]")
    await page.set_viewport_size(DESKTOP)
    await expect(volunteer.button("Jag har sett det")).to_be_visible()


async def test_three_beside_each_other_leave_the_log_most_of_the_pane(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The heading has the pane's width, the routine is behind its name, and the log is what is largest."""
    wide = await open_page("about:blank", viewport=ViewportSize(width=1440, height=900))
    volunteer = await Volunteer.comes_on_duty(wide, strict)
    visitors = []
    for _ in range(3):
        visitors.append(await comes())
        await volunteer.accepts()
    for visitor in visitors:
        await visitor.says("han slår mig ibland")
    page = volunteer.page
    await expect(volunteer.button("Jag har sett det", 1)).to_be_visible()
    await keep_screen(page, "three")
    name = await volunteer.pane().locator(".alarm-name").bounding_box()
    fold = await volunteer.button("Jag har sett det").bounding_box()
    assert name is not None
    assert fold is not None
    assert fold["y"] >= name["y"] + name["height"]
    assert await _height(page, ".scroll") > await _height(page, ".alarm")
    routine = volunteer.pane().get_by_text("Gå igenom skyddsplanen tillsammans")
    await expect(routine).to_be_hidden()
    await volunteer.pane().get_by_text("Så gör ni").click()
    await expect(routine).to_be_visible()
    await keep_screen(page, "three-routine")
    await page.emulate_media(color_scheme="dark")
    await keep_screen(page, "three-dark")
    for number in (1, 2, 3):
        for part in ("number", "raise", "more", "ask_end"):
            await _in_view(volunteer, f"[data-part={part}]", number)
    await page.set_viewport_size(ViewportSize(width=1024, height=768))
    await visitors[1].leaves()
    tabs = page.locator("[data-part=tabs]").get_by_role("listitem")
    await expect(tabs.nth(1)).to_contain_text("Avslutat")
    await expect(page.get_by_role("button", name=re.compile("^Samtal 2, .*Avslutat"))).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Samtal 1, .*Väntar"))).to_be_visible()
    await keep_screen(page, "three-1024-dark")
    await page.emulate_media(color_scheme="light")
    await keep_screen(page, "three-1024")


async def test_routine_is_open_where_there_is_room(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """One alone on a desktop has it at once; a phone does not, and a choice of one's own stays."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says("han slår mig ibland")
    routine = volunteer.pane().get_by_text("Gå igenom skyddsplanen tillsammans")
    await expect(routine).to_be_visible()
    await volunteer.page.set_viewport_size(PHONE)
    await expect(routine).to_be_hidden()
    await keep_screen(volunteer.page, "phone")
    await volunteer.pane().get_by_text("Så gör ni").click()
    await volunteer.page.set_viewport_size(ViewportSize(width=360, height=700))
    await expect(routine).to_be_visible()


async def test_unsafe_end_is_beside_what_is_covered(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """On a phone, also over its keyboard, the button and then each reason is in view."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    for _ in range(4):
        await visitor.says(SPAM)
    page = volunteer.page
    beside = volunteer.button("Avsluta för hot eller spam")
    for size in (DESKTOP, KEYBOARD, PHONE):
        await page.set_viewport_size(size)
        await expect(beside).to_be_visible()
        await volunteer.button("Avsluta").click()
        await keep_screen(page, f"{size['height']}-asking")
        await _in_view(volunteer, "[data-part=ask_unsafe]")
        await page.keyboard.press("Escape")
        await beside.evaluate("element => new Promise(requestAnimationFrame)")
        await keep_screen(page, f"{size['height']}-beside")
        await _in_view(volunteer, "[data-part=unsafe-end]:not([hidden] *)")
        await beside.click()
        await expect(volunteer.pane().locator("[data-part=unsafe-heading]")).to_be_focused()
        await keep_screen(page, f"{size['height']}-reasons")
        for reason in ("threat", "harassment", "sexual", "spam"):
            await _in_view(volunteer, f"[data-unsafe={reason}]")
        await _in_view(volunteer, "[data-part=keep]")
        await page.keyboard.press("Escape")
        await expect(volunteer.pane().locator("[data-part=unsafe-heading]")).to_be_hidden()
        await expect(volunteer.pane().locator("[data-part=composer]")).to_be_focused()
    await visitor.leaves()
    await expect(volunteer.pane().locator("[data-part=over-heading]")).to_be_visible()
    await expect(beside).to_be_hidden()


async def test_one_key_opens_the_reasons(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Alt+U from the composer and from the queue, listed among the keys; Escape leaves it."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    await comes()
    await volunteer.accepts()
    page, pane = volunteer.page, volunteer.pane()
    for before in ("Alt+1", "Alt+q"):
        await page.keyboard.press(before)
        await page.keyboard.press("Alt+u")
        await expect(pane.locator("[data-part=unsafe-heading]")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(pane.locator("[data-part=composer]")).to_be_focused()
    await page.keyboard.press("Alt+h")
    await expect(page.get_by_role("dialog")).to_contain_text("Avsluta för hot, trakasserier eller spam")
    await keep_screen(page, "keys")


async def test_refused_messages_have_their_reason_each(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Five within a minute: under each that it is not sent, why, and a way to change it; and it is told."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    await comes()
    await volunteer.accepts()
    for _ in range(5):
        await volunteer.writes("Ring mig på 070-123 45 67")
    refused = volunteer.pane().locator(".message[data-delivery=failed]")
    await expect(refused).to_have_count(5)
    for at in range(5):
        await expect(refused.nth(at).get_by_role("button", name="Ändra")).to_be_visible()
        await expect(
            refused.nth(at).get_by_text("Inte skickat. Ditt meddelande ser ut att ha")
        ).to_be_visible()
    told = volunteer.page.locator("[data-part=announcer]")
    await expect(told).to_contain_text(
        "Samtal 1. Inte skickat. Ditt meddelande ser ut att ha ett telefonnummer"
    )
    await keep_screen(volunteer.page, "refused")


async def test_other_track_is_told_without_naming_who_is_hurt(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Whoever has hit somebody is not said to live with violence."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict, "hamnen")
    visitor = await comes("hamnen")
    await volunteer.accepts()
    await visitor.says("jag slog min son")
    await volunteer.reads("jag slog min son")
    await keep_screen(volunteer.page, "track")
    await expect(volunteer.pane()).not_to_contain_text("besökaren lever med")
    await expect(volunteer.alarm()).to_contain_text("Det låter som att det finns allvarligt våld eller hot.")


async def test_letters_of_double_size_leave_the_composer(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Text alone enlarged to 200 %, on a desktop and on a phone: what she writes is in view."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(KNIFE)
    page = volunteer.page
    await expect(volunteer.button("Jag har sett det")).to_be_visible()
    await page.locator("html").evaluate("element => { element.style.fontSize = '200%'; }")
    for size in (DESKTOP, PHONE):
        await page.set_viewport_size(size)
        await page.evaluate("() => new Promise(requestAnimationFrame)")
        await keep_screen(page, f"{size['width']}-double")
        await _in_view(volunteer, "[data-part=composer]")
