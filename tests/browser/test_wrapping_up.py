# SPDX-License-Identifier: EUPL-1.2
"""A volunteer counts what she was told: with the keyboard alone, in the pane that remains and beside it."""

from __future__ import annotations

import json

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.staff import Comes, Volunteer
from tests.browser.wire import Wire, axe_finds
from tests.outside.server import Server
from tests.outside.visitor import Visitor

SMALL = ViewportSize(width=320, height=640)
LOW = ViewportSize(width=640, height=360)
SIZES = {"small": SMALL, "phone": PHONE, "low": LOW, "wide": DESKTOP}


async def keep_in_every_light(page: Page, keep: KeepScreen, name: str) -> None:
    """Keep the page at four sizes in light and dark: nothing is cut off at the side, and axe finds none."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size, viewport in SIZES.items():
            await page.set_viewport_size(viewport)
            await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
            await keep(page, f"{name}-{size}-{scheme}")
        assert await axe_finds(page) == []
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")


async def talk(volunteer: Volunteer, comes: Comes, service: str = "linden") -> Visitor:
    """Somebody starts a chat and is answered."""
    visitor = await comes(service)
    await volunteer.accepts()
    await visitor.connection.expect("joined")
    return visitor


async def test_volunteer_counts_with_the_keyboard_and_goes_on(
    strict: Server, comes: Comes, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Two are over and one goes on: digits, Tab and Enter count one, a press skips the other."""
    page = await open_page(f"{strict.at.url}/staff/sign-in", viewport=DESKTOP)
    wire = Wire(page)
    volunteer = Volunteer(page, strict.at)
    await volunteer.signs_in(next(one for one in strict.at.staff if one.name == "maja"))
    await volunteer.goes_on_duty("Alva", "linden", "eken")
    first = await talk(volunteer, comes)
    await volunteer.writes("hej, vad bra att du skriver")
    await first.connection.expect("said")
    second = await talk(volunteer, comes)
    await first.leaves()
    form = page.get_by_role("form", name="Räkna samtal 1")
    await expect(form).to_be_visible()
    await expect(form.locator("input:checked")).to_have_count(0)
    # It is in nobody's way: she goes on where she was, and takes the next one.
    await volunteer.writes("jag är kvar här", 2)
    await second.hears("jag är kvar här")
    third = await talk(volunteer, comes)
    await expect(volunteer.pane(3).locator("[data-part=composer]")).to_be_focused()
    await second.leaves()
    await page.keyboard.press("Alt+2")
    await page.keyboard.press("Alt+1")
    await page.keyboard.press("Alt+W")
    await expect(form.get_by_label("Fysiskt")).to_be_focused()
    for key in (
        "2",
        "2",
        "2",
        "8",
        "ArrowRight",
        "Space",
        "Tab",
        "1",
        "Tab",
        "3",
        "0",
        "Tab",
        "2",
        "Tab",
        "5",
    ):
        await page.keyboard.press(key)
    await expect(form.locator("input:checked")).to_have_count(8)
    await keep_in_every_light(page, keep_screen, "1-form")
    await page.keyboard.press("Enter")
    await wire.until("wrap_up")
    (sent,) = wire.sent("wrap_up")
    assert {name: value for name, value in sent.items() if name not in {"id", "type"}} == {
        "service": "linden",
        "channel": "chat",
        "violence": ["psychological", "latent", "after_separation"],
        "relation": "partner",
        "themes": ["shelter", "other"],
        "outcome": "line",
    }
    await expect(volunteer.page.locator("article.pane")).to_have_count(2)
    await page.wait_for_function("document.activeElement !== document.body")
    await page.keyboard.press("Alt+2")
    await volunteer.button("Hoppa över").click()
    await expect(volunteer.page.locator("article.pane")).to_have_count(1)
    assert len(wire.sent("wrap_up")) == 1
    # A contact that came another way.
    await page.keyboard.press("Alt+W")
    sheet = page.get_by_role("tabpanel", name="Räkna")
    await expect(sheet.get_by_label("Telefon")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_role("alert")).to_have_text("Välj först hur kontakten kom.")
    await keep_in_every_light(page, keep_screen, "2-contact")
    for key in ("2", "Enter"):
        await page.keyboard.press(key)
    await expect(sheet.get_by_role("alert")).to_have_text("Välj vem kontakten kom till.")
    for key in ("2", "Tab", "1", "Enter"):
        await page.keyboard.press(key)
    await expect(sheet.get_by_role("status")).to_have_text("Räknat. Vill du räkna en till?")
    await expect(sheet.locator("input:checked")).to_have_count(0)
    contact = wire.sent("wrap_up")[1]
    assert {name: contact[name] for name in contact.keys() - {"id", "type"}} == {
        "service": "eken",
        "channel": "visit",
        "violence": ["physical"],
    }
    await page.keyboard.press("Escape")
    await expect(volunteer.pane(1).locator("[data-part=composer]")).to_be_focused()
    assert not [name for name in ("conversation", "text") if name in json.dumps(wire.sent("wrap_up"))]
    await third.leaves()


async def test_perpetrator_track_and_a_line_that_breaks(
    strict: Server, comes: Comes, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Its own words; what is sent while the line is down counts once it is back; no form after a threat."""
    page = await open_page(f"{strict.at.url}/staff/sign-in", viewport=PHONE)
    wire = Wire(page)
    volunteer = await Volunteer.comes_on_duty(page, strict, "hamnen")
    visitor = await talk(volunteer, comes, "hamnen")
    await visitor.leaves()
    form = volunteer.pane().get_by_role("form")
    await expect(form.get_by_role("group", name="Vem går det ut över?")).to_be_visible()
    await expect(form.get_by_label("Skyddat boende")).to_have_count(0)
    await form.get_by_label("Att sluta").check()
    await form.get_by_label("Sades inte").last.check()
    await keep_in_every_light(page, keep_screen, "1-perpetrator")
    await page.set_viewport_size(PHONE)
    await page.context.set_offline(True)
    await form.get_by_role("button", name="Klart").click()
    await expect(volunteer.page.locator("article.pane")).to_have_count(0)
    await page.context.set_offline(False)
    await wire.until("wrap_up")
    await expect(page.locator("[data-part=wrapup-note]")).to_be_empty()
    assert len({frame["id"] for frame in wire.sent("wrap_up")}) == 1
    assert wire.sent("wrap_up")[0]["themes"] == ["stopping"]
    await talk(volunteer, comes, "hamnen")
    await volunteer.pane().locator("[data-part=composer]").press("Alt+U")
    await volunteer.button("Hot").click()
    await volunteer.button("Ja, avsluta").click()
    await expect(volunteer.pane().locator("[data-part=over-heading]")).to_be_visible()
    await expect(volunteer.pane().get_by_role("form")).to_have_count(0)
    await volunteer.button("Ta bort från skärmen").click()
