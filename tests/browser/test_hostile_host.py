# SPDX-License-Identifier: EUPL-1.2
"""A host page with everything that listens: it learns no word and no token, and cannot take the way out away.

The same page with the chat in its own document, as a widget without a frame would have it, hears everything:
that is what the frame is for, and what shows that the page can hear.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.wire import Wire
from tests.outside.operator import Operator
from tests.outside.server import Server

LISTENS = (Path(__file__).parent / "hostile.js").read_text(encoding="utf-8")
HERS = "vattenmelonen bakom gråsparven"
DRAFT = "halva blåmusslan"
THEIRS = "igelkotten under trappräcket"
FLOOD, WEIGHT = 20_000, 1_000_000


async def test_host_page_that_listens_to_everything_learns_nothing(
    server: Server, open_page: OpenPage
) -> None:
    """She types with real keys in the frame, is answered, and the page around it has heard neither."""
    page = await _host(open_page, server)
    wire = Wire(page)
    visitor = await VisitorOnPage.on_host_page(page)
    async with _talk(server, visitor, page):
        await page.evaluate("probe() && undefined")
        await page.evaluate("replay()")
        heard = await _heard(page)
        secrets = [HERS, DRAFT, THEIRS, *wire.secrets()]
        assert len(secrets) == 5
        assert [secret for secret in secrets if secret in heard] == []
        # What it may hear: where the way out leads. What it looks for in the frame is refused.
        assert "smhi.se" in heard
        assert "refused SecurityError" in heard


async def test_same_page_with_the_chat_in_its_own_document_hears_everything(
    server: Server, open_page: OpenPage
) -> None:
    """The control: the chat's own scripts and markup, on its own site, but beside a page that listens."""
    page = await open_page("about:blank")
    wire = Wire(page)
    await page.add_init_script(LISTENS)
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    visitor = VisitorOnPage.on_own_page(page)
    async with _talk(server, visitor, page):
        await page.evaluate("replay()")
        heard = await _heard(page)
    assert [secret for secret in [HERS, DRAFT, THEIRS, *wire.secrets()] if secret not in heard] == []


async def test_channel_that_is_flooded_changes_nothing_and_the_way_out_stays(
    server: Server, open_page: OpenPage
) -> None:
    """Twenty thousand messages, some of a megabyte: the talk goes on, and one word is enough to leave."""
    page = await _host(open_page, server)
    visitor = await VisitorOnPage.on_host_page(page)
    async with _talk(server, visitor, page) as operator:
        await page.evaluate("([count, size]) => flood(count, size)", [FLOOD, WEIGHT])
        await visitor.writes("är du kvar?")
        await visitor.sees_in_log("är du kvar?")
        await expect(visitor.inside.get_by_text("Skickat").first).to_be_visible()
        # It was told once where the way out leads, however often it asked.
        assert await page.evaluate("answers()") == 1
        await page.evaluate("theirs.postMessage({type: 'exit'}, '*')")
        await visitor.inside.locator("html.blank").wait_for(state="attached")
        assert (await operator.connection.expect("ended"))["reason"] == "left_quickly"


async def _host(open_page: OpenPage, server: Server) -> Page:
    """Open the sample page of a jour, on its own site, with the listeners before everything else."""
    page = await open_page("about:blank")
    await page.add_init_script(LISTENS)
    await page.goto(f"{server.at.host_page}?service=linden")
    return page


@asynccontextmanager
async def _talk(server: Server, visitor: VisitorOnPage, page: Page) -> AsyncIterator[Operator]:
    """Hold a whole talk: her words by real keys, an answer, and a message that she has not sent yet."""
    operator = Operator(server.at, server.at.operators_of("linden")[0])
    await operator.signs_in()
    await operator.connects()
    try:
        await operator.goes_on_duty("linden", alias="Alva")
        await visitor.starts()
        conversation = await operator.sees_waiting()
        await operator.accepts(conversation)
        field = visitor.inside.get_by_label("Skriv här")
        await field.click()
        await page.keyboard.type(HERS)
        await page.keyboard.press("Enter")
        await operator.hears(conversation, HERS)
        await operator.says(conversation, THEIRS)
        await visitor.sees_in_log(THEIRS)
        await page.keyboard.type(DRAFT)
        await expect(field).to_have_value(DRAFT)
        yield operator
    finally:
        await operator.connection.send("duty", on=False, services=[])
        await operator.connection.close()


async def _heard(page: Page) -> str:
    """Return everything that the page has heard once its recorder has come round."""
    return str(await page.evaluate("new Promise((done) => setTimeout(() => done(heard()), 150))"))
