# SPDX-License-Identifier: EUPL-1.2
"""A supervisor reads on the board how handovers go, and what the agreements of her organisations say."""

from __future__ import annotations

from typing import Literal

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.staff import PHONE, Supervisor
from tests.browser.wire import axe_finds
from tests.outside.server import Server


async def keep_sections(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Keep pictures of the sections on a desktop and on a phone, light and dark; nothing is cut off."""
    section = page.locator("[data-part=handed]")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            await page.set_viewport_size(viewport)
            await section.evaluate("element => element.scrollIntoView()")
            await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
            await keep_screen(page, f"{name}-{size}-{scheme}")
            assert await axe_finds(page) == []
    await page.set_viewport_size(DESKTOP)
    await page.emulate_media(color_scheme="light")


async def test_supervisor_reads_the_agreements(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Every agreement of her organisations with its goals; none of another place."""
    page = await open_page(server.at.url)
    await Supervisor.sits_down(page, server)
    agreements = page.get_by_role("region", name="Avtal")
    await expect(agreements.locator(".agreement")).to_have_count(5)
    partnership = agreements.locator(".agreement").first
    await expect(partnership).to_contain_text("Idéburet offentligt partnerskap")
    await expect(partnership).to_contain_text("Gäller sedan den 1 juli 2021.")
    await expect(partnership).to_contain_text("Fler kvinnor och barn får hjälp och skydd")
    await expect(partnership).to_contain_text("Besvarade samtal den här perioden:")
    await expect(partnership).to_contain_text("50 000 kr om året")
    await expect(agreements).not_to_contain_text("Bollnäs")
    handed = page.get_by_role("region", name="Överlämningar")
    await expect(handed).to_contain_text("Ingen överlämning har blivit liggande.")
    await keep_sections(page, keep_screen, "agreements")


async def test_board_shows_a_late_handover_when_the_figures_come(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The next figures bring it without a new page, and the ones after that take it away again."""
    page = await open_page(server.at.url)
    late = {
        "unit": "Socialtjänstens mottagning i Vallentuna",
        "waits": "2 överlämningar är oöppnade. Den äldsta kom den 9 november.",
        "left": "I morgon går den första tillbaka oläst, och personen ser det.",
        "address": "Hör av er till varandra: mottagning.socialtjanst@vallentuna.example",
        "urgent": True,
    }
    calm = {"left": "Om 9 dagar går den tillbaka oläst, och personen ser det.", "urgent": False}
    shown = [late, {**late, **calm, "unit": "<b>Kuratorn</b>"}]

    async def figures(route: Route) -> None:
        answer = await route.fetch()
        board = await answer.json()
        board["handed"] = {**board["handed"], "late": list(shown), "calm": "" if shown else "Ingen ligger."}
        await route.fulfill(json=board)

    await page.route("**/supervisor/board*", figures)
    await Supervisor.sits_down(page, server)
    lines = page.locator("main .late:not(.call)")
    await expect(lines).to_have_count(2)
    await expect(lines.first).to_contain_text("Den äldsta kom den 9 november.")
    await expect(lines.nth(1).get_by_role("heading")).to_have_text("<b>Kuratorn</b>")
    await expect(page.get_by_text("Ingen överlämning har blivit liggande.")).to_be_hidden()
    await expect(lines.first).to_contain_text("mottagning.socialtjanst@vallentuna.example")
    for place, urgent in enumerate(("true", "false")):
        await expect(lines.nth(place)).to_have_attribute("data-urgent", urgent)
    await keep_sections(page, keep_screen, "late")
    for viewport, first in ((PHONE, "handed"), (DESKTOP, "figures")):
        await page.set_viewport_size(viewport)
        handed = await page.locator("[data-part=handed]").evaluate("one => one.getBoundingClientRect().top")
        figures_top = await page.locator("table").evaluate("one => one.getBoundingClientRect().top")
        assert (handed < figures_top) is (first == "handed")
    shown.pop(0)
    await expect(lines).to_have_count(1)
    await expect(lines.first.get_by_role("heading")).to_have_text("<b>Kuratorn</b>")
    shown.clear()
    await expect(lines).to_have_count(0)
    await expect(page.get_by_text("Ingen ligger.")).to_be_visible()
    await expect(page.get_by_text("Hör av er till varandra")).to_be_hidden()


async def test_supervisor_without_script_reads_the_same(server: Server, open_page: OpenPage) -> None:
    """The sections are on the page itself."""
    page = await open_page(server.at.url, javascript=False)
    await Supervisor.sits_down(page, server, "mats")
    await expect(page.get_by_role("region", name="Överlämningar")).to_be_visible()
    await expect(page.locator(".agreement")).to_have_count(1)
    await expect(page.locator(".agreement")).to_contain_text("Bollnäs")
