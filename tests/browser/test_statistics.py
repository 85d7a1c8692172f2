# SPDX-License-Identifier: EUPL-1.2
"""The figures from the board by keyboard, as plots, tables, files and paper; and a year's answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.looking import look
from tests.browser.staff import PHONE, Supervisor
from tests.outside.server import Server

PAPER = ViewportSize(width=700, height=990)


async def _reaches(page: Page, wanted: Locator) -> None:
    """Go on with Tab until the focus is there."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard does not reach it")


async def _on_paper(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Look at it as it is printed, also from a dark screen: black on white, with nothing to press."""
    await page.emulate_media(media="print", color_scheme="dark")
    await page.set_viewport_size(PAPER)
    await expect(page.get_by_role("navigation", name="Sidor")).to_be_hidden()
    await expect(page.get_by_role("button", name="Logga ut")).to_be_hidden()
    await expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    await expect(page.locator("html")).to_have_js_property("scrollWidth", PAPER["width"])
    await keep_screen(page, f"{name}-paper")
    await page.emulate_media(media="screen", color_scheme="light")
    await page.set_viewport_size(DESKTOP)


async def _is_whole_on_a_phone(page: Page) -> None:
    """No table of two columns is cropped, and the letters of its plots can be read."""
    await page.set_viewport_size(PHONE)
    cropped = await page.locator(".panel > .scrolls").evaluate_all(
        "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.ariaLabel)"
    )
    assert cropped == []
    letters = await page.locator(".plot text:visible").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert letters
    assert min(letters) > 11
    await page.set_viewport_size(DESKTOP)


def _cell(table: Locator, row: str, column: int) -> Locator:
    return (
        table.locator("tr", has=table.page.get_by_role("rowheader", name=row, exact=True))
        .locator("td")
        .nth(column)
    )


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


async def test_supervisor_reads_compares_saves_and_prints_the_figures(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """From the board with the keyboard alone; the file says what the table says; the year is one page."""
    page = (await Supervisor.sits_down(await open_page("about:blank"), server)).page
    await _reaches(page, page.get_by_role("link", name="Statistik"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Statistik")
    await expect(page.get_by_text("Påhittade siffror.")).to_be_visible()
    await look(page, keep_screen, "overview")

    await _reaches(page, page.get_by_label("Chatt", exact=True))
    await page.keyboard.type("Kvinnojouren")
    await _reaches(page, page.get_by_label("Tid", exact=True))
    await page.keyboard.type("2025")
    await page.get_by_role("button", name="Visa", exact=True).press("Enter")
    await expect(page.get_by_role("heading", level=2, name="Kvinnojouren i Vallentuna 2025")).to_be_visible()
    trend = page.get_by_role("img", name="Så har det gått")
    await expect(trend).to_be_visible()
    await look(page, keep_screen, "year")
    await _is_whole_on_a_phone(page)
    await _on_paper(page, keep_screen, "year")

    details = page.locator("[data-table=waits]")
    await expect(details.locator("table")).to_be_hidden()
    await _reaches(page, details.locator("summary"))
    await page.keyboard.press("Enter")
    await expect(details.locator("table")).to_be_visible()
    shown = (await _cell(details.locator("table"), "30–60 sek", 0).inner_text()).split()[0]
    assert shown.isdecimal()

    link = page.get_by_role("link", name="kalkylblad")
    await _reaches(page, link)
    async with page.expect_download() as coming:
        await page.keyboard.press("Enter")
    saved = await coming.value
    assert saved.suggested_filename == "figures-linden-2025.csv"
    text = _text_of(await saved.path())
    cells = {
        tuple(line[:3]): line[4] for line in csv.reader(io.StringIO(text), delimiter=";") if len(line) == 7
    }
    assert cells["Väntan på svar", "30–60 sek", "2025"] == shown

    await page.get_by_role("link", name="på en sida").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Året 2025 i siffror")
    await expect(page.get_by_text("Under 2025 ville någon chatta omkring").first).to_be_visible()
    await look(page, keep_screen, "report")
    await _on_paper(page, keep_screen, "report")


async def test_chair_answers_the_years_questions(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """What is counted stands there; a mistake keeps what was written; then it is saved and printed."""
    page = (await Supervisor.sits_down(await open_page("about:blank"), server, "eva")).page
    await page.goto(f"{server.at.url}/supervisor/barometer")
    await page.get_by_role("link", name="2025").click()
    await page.get_by_role("link", name="Svara på frågorna").click()
    await page.get_by_label("Hur många volontärer är aktiva?").fill("en hel del")
    await page.get_by_label("Vilken kunskap saknar ni?").fill("Mer om digitalt våld")
    await (
        page.get_by_role("group", name="Kan ni ordna skyddat boende?").get_by_label("Ja, genom andra").check()
    )
    await page.get_by_role("button", name="Spara", exact=True).click()
    await expect(page.get_by_role("alert")).to_be_focused()
    volunteers = page.get_by_label("Hur många volontärer är aktiva?")
    await expect(volunteers).to_have_accessible_description("Skriv ett helt tal, högst 99999.")
    await expect(page.get_by_label("Vilken kunskap saknar ni?")).to_have_value("Mer om digitalt våld")
    await look(page, keep_screen, "answers")
    await volunteers.fill("24")
    await page.get_by_role("button", name="Spara", exact=True).click()
    await expect(page.get_by_role("status")).to_be_focused()
    await expect(page.locator("[data-part=competence]")).to_contain_text("Mer om digitalt våld")
    await expect(page.locator("[data-part=measures]")).to_contain_text("Ja, genom andra")
    await look(page, keep_screen, "barometer")
    await _on_paper(page, keep_screen, "barometer")
