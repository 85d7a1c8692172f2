# SPDX-License-Identifier: EUPL-1.2
"""A tab that keeps her place lets go of it by every way out, and whatever of the page has not come."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.arriving import PHONE, operator_comes
from tests.browser.conftest import OpenPage
from tests.browser.leaving import arrives
from tests.browser.people import LEFT_QUICKLY, OperatorAtConsole, VisitorOnPage
from tests.browser.thorough import once_more
from tests.outside.server import Server

KEPT = "Object.entries(sessionStorage).length"
SECRET = "Det som står mellan oss."


async def keeps_her_place(open_page: OpenPage, server: Server) -> tuple[VisitorOnPage, OperatorAtConsole]:
    """She talks with somebody, and the tab keeps a key."""
    operator = await operator_comes(open_page, server, "linden")
    page = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    await arrives(page)
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await operator.accepts()
    await visitor.writes(SECRET)
    await visitor.sees_in_log(SECRET)
    await visitor.button("Komma tillbaka").click()
    await visitor.button("Spara nyckeln").click()
    await visitor.sees("En nyckel är sparad")
    return visitor, operator


async def is_told(operator: OperatorAtConsole) -> None:
    """The operator reads that she left quickly."""
    heading = operator.pane().locator("[data-part=over-heading]")
    await expect(heading).to_have_text(LEFT_QUICKLY)


async def finds_nothing(page: Page, server: Server) -> None:
    """Whoever opens the chat in her tab, and loads it again, finds one that has not begun."""
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    assert await page.evaluate(KEPT) == 0
    await page.reload()
    await expect(page.locator("#start-bar")).to_be_visible()
    await expect(page.get_by_text(SECRET)).to_have_count(0)


@pytest.mark.parametrize("late", once_more(["chat.js", "returning.js"]))
async def test_way_out_lets_go_before_the_rest_has_come(
    open_page: OpenPage, server: Server, late: str
) -> None:
    """She loads the page again on a slow network and leaves at once: it is over, and nothing comes back."""
    visitor, operator = await keeps_her_place(open_page, server)
    page = visitor.page
    held: list[Route] = []

    async def stalls(route: Route) -> None:
        held.append(route)

    await page.context.route(f"**/static/visitor/{late}", stalls)
    async with page.expect_response("**/static/visitor/out.js"):
        await page.reload(wait_until="commit")
    # It stands by itself before the rest; here it is waited for, the same module.
    await page.evaluate("import('/static/visitor/out.js').then(() => true)")
    if late == "returning.js":
        await visitor.sees_in_log(SECRET)
    await page.get_by_role("link", name="Lämna snabbt").click(no_wait_after=True)
    await is_told(operator)
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert len(held) == 1
    await page.context.unroute(f"**/static/visitor/{late}")
    await finds_nothing(page, server)


async def test_every_page_with_our_name_lets_go(open_page: OpenPage, server: Server) -> None:
    """The exits of the pages about leaving, and for finding a chat; whoever goes back sees nothing."""
    for path in ("/safety/linden", "/", "/accessibility", "/chat/nowhere"):
        visitor, operator = await keeps_her_place(open_page, server)
        page = visitor.page
        await page.goto(f"{server.at.url}{path}?lang=sv")
        await page.locator("#exit").click()
        await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
        await is_told(operator)
        await finds_nothing(page, server)
        await operator.page.close()


async def test_back_and_a_frame_are_covered_and_a_missing_part_costs_nothing(
    open_page: OpenPage, server: Server
) -> None:
    """Who did not just load it again has to tap first; without the later parts it goes on all the same."""
    visitor, operator = await keeps_her_place(open_page, server)
    page = visitor.page
    await page.context.route("**/returning/texts*", lambda route: route.abort())
    await page.goto(f"{server.at.url}/safety/linden?lang=sv")
    await page.go_back()
    await expect(page.locator("#cover")).to_be_visible()
    await expect(page.get_by_role("log")).to_be_hidden()
    await page.locator("#cover").click()
    await visitor.sees_in_log(SECRET)
    await page.reload()
    await visitor.sees_in_log(SECRET)
    await expect(page.locator("#before")).to_be_hidden()
    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")
    assert await page.evaluate(KEPT) == 0
    await operator.page.close()


async def test_page_that_goes_is_not_a_quick_exit(open_page: OpenPage, server: Server) -> None:
    """Loaded again without a key, or the frame closed by the page around though she has a code: over."""
    for framed in (False, True):
        operator = await operator_comes(open_page, server, "linden")
        page = await open_page(
            server.at.host_page if framed else f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE
        )
        visitor = await VisitorOnPage.on_host_page(page) if framed else VisitorOnPage.on_own_page(page)
        await visitor.starts()
        await operator.accepts()
        await visitor.sees_in_log("Alva")
        if framed:
            await visitor.button("Komma tillbaka").click()
            await visitor.button("Visa en kod").click()
            await visitor.button("Dölj koden").click()
            await page.evaluate("jourchatt.close()")
            await expect(page.locator("iframe")).to_have_count(0)
        else:
            await page.reload()
        heading = operator.pane().locator("[data-part=over-heading]")
        await expect(heading).to_be_visible()
        await expect(heading).not_to_have_text(LEFT_QUICKLY)
        await operator.page.close()


async def test_code_that_she_has_not_seen_is_nothing_to_come_back_with(
    open_page: OpenPage, server: Server
) -> None:
    """She came back with a code, has not looked at the new one, and closes the page: it is over."""
    visitor, operator = await keeps_her_place(open_page, server)
    await visitor.button("Ta bort nyckeln").click()
    await visitor.button("Visa en kod").click()
    words = visitor.page.get_by_role("list", name="Din kod").get_by_role("listitem")
    await expect(words).to_have_count(6)
    code = " ".join(await words.all_text_contents())
    await visitor.page.goto("about:blank")
    await expect(operator.pane().locator("[data-part=returns-line]")).to_contain_text("kod")
    page = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    her = VisitorOnPage.on_own_page(page)
    await her.button("Jag har en kod för att komma tillbaka").click()
    await page.get_by_label("Skriv dina sex ord").fill(code)
    await her.button("Öppna samtalet").click()
    await her.sees("Du har fått en ny kod")
    await expect(page.locator(".near").get_by_role("link", name="Ring 112")).to_be_visible()
    await page.goto("about:blank")
    await expect(operator.pane().locator("[data-part=over-heading]")).to_be_visible()
