# SPDX-License-Identifier: EUPL-1.2
"""The chair of a small jour looks up who did what, on her phone, and prints it."""

from __future__ import annotations

from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.staff import PHONE, Supervisor
from tests.browser.wire import axe_finds
from tests.outside.operator import Operator
from tests.outside.server import Server
from tests.outside.visitor import Visitor

NARROW = ViewportSize(width=320, height=640)


async def test_chair_looks_up_who_did_what(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """By day, of her own jour; what she chooses is in the address, and the paper has only the list."""
    operator = Operator(server.at, next(one for one in server.at.staff if one.name == "anna"))
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Kim")
    visitor = await Visitor.starts(server.at, "linden")
    await operator.accepts(await operator.sees_waiting())

    page = await open_page("about:blank", viewport=PHONE)
    await Supervisor.sits_down(page, server, "eva")
    await page.goto(f"{server.at.url}/staff/audit")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vem har gjort vad")
    claimed = page.get_by_role("row").filter(has_text="anna").filter(has_text="Tog emot samtal")
    await expect(claimed).to_contain_text("Kvinnojouren i Vallentuna")
    for name, viewport in (("phone", PHONE), ("narrow", NARROW), ("desk", DESKTOP)):
        for scheme in ("light", "dark"):
            await page.set_viewport_size(viewport)
            await page.emulate_media(color_scheme=scheme)
            await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
            assert await axe_finds(page) == []
            await claimed.scroll_into_view_if_needed()
            await keep_screen(page, f"{name}-{scheme}")

    await page.get_by_label("Vem", exact=True).select_option("eva")
    await page.get_by_role("button", name="Visa").click()
    await expect(page).to_have_url(f"{server.at.url}/staff/audit?kind=&person=eva&month=")
    await expect(page.get_by_role("cell", name="Läste den här listan")).to_be_visible()
    await expect(claimed).to_have_count(0)
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="Hämta som kalkylblad").click()
    assert (await taken.value).suggested_filename.startswith("log-")
    await page.emulate_media(media="print", color_scheme="light")
    await expect(page.get_by_role("button", name="Visa")).to_be_hidden()
    await expect(page.get_by_role("table")).to_be_visible()
    await keep_screen(page, "print")
    await visitor.leaves()
    await operator.connection.close()
