# SPDX-License-Identifier: EUPL-1.2
"""What a browser keeps of her page for a code: in its list of pages, on its disk, after she has left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from playwright.async_api import Error, Page, Route, async_playwright, expect

from tests.browser.conftest import FLAGS, OpenPage
from tests.browser.reader import SCRIPTS, Reader, holds, reader
from tests.browser.wire import PATIENCE_S, Wire
from tests.outside.codes import shows
from tests.web.handed import INTAKE, WANT, Tickets


@SCRIPTS
async def test_after_the_exit_nothing_leads_back(
    at: Tickets, open_page: OpenPage, *, javascript: bool
) -> None:
    """Back, again and again, and Reload show no ticket and no code; the visit is over on the server."""
    code = await at.hands_over(INTAKE)
    her = await reader(open_page, at, javascript=javascript)
    wire = Wire(her.page)
    await her.enters(code)
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Vill du ta tillbaka det?")
    async with her.page.expect_request("**/ticket/leave"):
        await her.leaves()
    assert her.page.url == "https://www.smhi.se/"
    for _ in range(4):
        await _tries(her.page.go_back(timeout=5_000))
        await _shows_nothing(her.page, code)
        await _tries(her.page.reload(timeout=5_000))
        await _shows_nothing(her.page, code)
    assert not any(shows(code, line.split(" ")[1]) for line in wire.requests)


async def _tries(way: Awaitable[object]) -> None:
    """Go some way; what was posted once, and is not sent again, is a page of the browser's own."""
    try:
        await way
    except Error as error:
        if "ERR_CACHE_MISS" not in str(error) and "Timeout" not in str(error):
            raise


async def _shows_nothing(page: Page, code: str) -> None:
    await page.wait_for_load_state()
    content = await page.content()
    for hers in ("Det du har skickat", "mottagning", WANT, code, "ta tillbaka"):
        assert hers not in content
    # It is required: with nothing in it, it is not valid.
    await expect(page.locator("#code:valid")).to_have_count(0)


async def test_profile_keeps_neither_code_nor_words(at: Tickets, chromium: str, tmp_path: Path) -> None:
    """What a browser writes to its disk, with its list of pages: the address, never what was sent from there.

    No other page gets the script, so nothing can be taken back from that list before it is written.
    """
    code = await at.hands_over(INTAKE)
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=chromium, headless=True, args=FLAGS
        )
        page = context.pages[0]
        await page.goto(f"{at.run.at.url}/ticket")
        await page.route("**/ticket.js", lambda route: route.abort())
        her = Reader(page, javascript=True)
        await page.get_by_label("Din kod").fill(code)
        await her.presses("Visa")
        await page.locator("summary").first.click()
        await page.get_by_label("Din text").fill("vattenmelon")
        await her.presses("Skicka")
        await her.sees("Det är skickat.")
        await page.locator("summary").first.click()
        await page.get_by_label("Din text").fill("kantarell")
        # The list is written in the order of what happened, up to this.
        await page.evaluate("history.pushState(null, '', '#sist')")
        async with asyncio.timeout(PATIENCE_S):
            while b"/ticket#sist" not in b"".join(_files(tmp_path, "Default/Sessions/*")):
                await page.wait_for_timeout(100)
        await context.close()
    files = _files(tmp_path, "**/*")
    for hers in (code, code.replace(" ", "+"), "vattenmelon", "kantarell", WANT, "csrf="):
        for encoding in ("utf-8", "utf-16-le"):
            assert not any(hers.encode(encoding) in each for each in files), hers


def _files(profile: Path, which: str) -> list[bytes]:
    return [path.read_bytes() for path in profile.glob(which) if path.is_file()]


async def test_no_form_makes_a_page_to_go_back_to(at: Tickets, open_page: OpenPage) -> None:
    """With scripts all of it is one page in the browser's list: Back, Forward and Reload show nothing."""
    code = await at.hands_over(INTAKE)
    her = await reader(open_page, at)
    page, moves = her.page, list[str]()
    page.on("request", lambda each: moves.append(each.method) if each.is_navigation_request() else None)
    await her.enters(code)
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await page.evaluate("scrollTo(0, 2000)")
    await her.presses("العربية")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator("html")).to_have_attribute("lang", "ar")
    await expect(page.locator("a.exit")).to_have_attribute("href", "https://www.smhi.se/")
    assert await page.evaluate("scrollY") == 0
    await her.presses("Svenska")
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await expect(page.locator("a.exit")).to_have_text("Lämna snabbt")
    assert moves == []
    await page.reload()
    await her.is_at_the_empty_page()
    await her.enters(code)
    await page.go_back()
    assert page.url == "about:blank"
    await page.go_forward()
    await her.is_at_the_empty_page()
    assert moves == ["GET", "GET"]


async def test_what_comes_after_she_has_left_is_not_shown(at: Tickets, open_page: OpenPage) -> None:
    """She presses twice, one is sent; she leaves while it is on its way, and the way out leads nowhere."""
    her = await reader(open_page, at)
    page = her.page
    await her.enters(await at.hands_over(INTAKE))
    await page.route("https://**/*", lambda route: route.fulfill(status=204))
    held = await holds(page, "**/ticket")
    await her.begins("Jag vill ta tillbaka det")
    await expect(page.locator("body")).to_have_attribute("aria-busy", "true")
    await her.begins("Jag vill ta tillbaka det")
    await her.begins("Se om något har hänt")
    asked = await held.get()
    answer = await asked.fetch()
    assert "Vill du ta tillbaka det?" in await answer.text()
    await page.locator("a.exit").click()
    await expect(page.locator("html.blank")).to_have_count(1)
    async with page.expect_event("requestfinished"):
        await asked.fulfill(response=answer)
    await expect(page.locator("body")).to_have_text("www.smhi.se")
    assert held.empty()


PAINTED = "() => performance.getEntriesByType('paint').length > 0"


async def test_before_the_script_runs_nothing_is_shown(at: Tickets, open_page: OpenPage) -> None:
    """So no form is sent that a browser keeps. In one that shows it, Tab keeps its place on the way out."""
    code, url = await at.hands_over(INTAKE), f"{at.run.at.url}/ticket"
    waits, older = await open_page("about:blank"), await open_page("about:blank")
    held = {page: await holds(page, "**/ticket.js") for page in (waits, older)}
    await older.route(url, _as_older_browsers_read_it)
    await waits.goto(url, wait_until="commit")
    await older.goto(url, wait_until="commit")
    await older.wait_for_function(PAINTED)
    await expect(waits.locator("#code")).to_have_count(1)
    assert not await waits.evaluate(PAINTED)
    await (await held[waits].get()).continue_()
    await waits.wait_for_function(PAINTED)
    await older.get_by_label("Din kod").fill(code)
    await older.get_by_role("button", name="Visa").click(no_wait_after=True)
    await expect(older.get_by_text("Det väntar på att bli läst.")).to_be_visible()
    await older.keyboard.press("Tab")
    await expect(older.locator("#leave button")).to_be_focused()
    await held[older].get()
    await (await held[older].get()).continue_()
    await expect(older.locator("a.exit")).to_be_focused()


async def _as_older_browsers_read_it(route: Route) -> None:
    answer = await route.fetch()
    text = await answer.text()
    assert ' blocking="render"' in text
    await route.fulfill(response=answer, body=text.replace(' blocking="render"', ""))
