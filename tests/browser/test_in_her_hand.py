# SPDX-License-Identifier: EUPL-1.2
"""The phone in her hand: what is seen when the page is put away, and what names tell whoever picks it up."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.browser.arriving import PHONE
from tests.browser.conftest import SCREENS, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.raw_tab import raw_tabs
from tests.browser.wire import Wire
from tests.outside.server import Server

TELLING = re.compile(
    r"v[åa]ld|violen|abus|jour|kvinn|wom[ae]n|tjej|girl|st[öo]d|support|shelter|victim|kris|crisis",
    re.IGNORECASE,
)
NAMES = """[...document.querySelectorAll("*")].flatMap((each) =>
  [each.id, each.className.baseVal ?? each.className, each.getAttribute("name"), each.title])"""
WORDS = "vattenmelonen bakom gråsparven"


TALKS = f"""(() => {{
  document.querySelector("#start").click();
  const text = document.querySelector("#text");
  text.value = {json.dumps(WORDS)};
  text.dispatchEvent(new Event("input", {{ bubbles: true }}));
  document.querySelector("#send").click();
}})()"""
SHOWN = "document.body.innerText.includes('gråsparven')"


async def test_page_that_is_put_away_is_covered_and_one_tap_shows_it(
    server: Server, chromium: str, tmp_path: Path
) -> None:
    """Another tab in front, then a frozen page: its picture shows the cover alone; the talk goes on below."""
    page, other = f"{server.at.url}/chat/linden?lang=sv", f"{server.at.url}/?lang=sv"
    async with raw_tabs(chromium, tmp_path, other, page) as (away, chat):
        await chat.becomes("!document.querySelector('#start-bar').hidden")
        await chat.evaluate(TALKS)
        await chat.becomes(f"{SHOWN} && document.querySelector('#log').innerText.includes('Skickat')")
        _keep("1-in-front", await chat.picture())
        await away.comes_to_front()
        await chat.becomes("document.visibilityState === 'hidden'")
        assert await chat.evaluate("document.querySelector('#cover').hidden") is False
        assert await chat.evaluate(SHOWN) is False
        await chat.send("Page.setWebLifecycleState", state="frozen")
        await chat.send("Page.setWebLifecycleState", state="active")
        await chat.comes_to_front()
        await chat.becomes("document.visibilityState === 'visible'")
        assert await chat.evaluate(SHOWN) is False
        _keep("2-back", await chat.picture())
        await chat.evaluate("document.querySelector('#cover').click()")
        await chat.becomes(SHOWN)
        await chat.evaluate("document.querySelector('#hide').click()")
        assert await chat.evaluate(SHOWN) is False
        await chat.evaluate("document.querySelector('#leave').click()")
        await chat.becomes("document.documentElement.dataset.phase === 'over'")


def _keep(name: str, picture: bytes) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / f"test_page_that_is_put_away-{name}.png").write_bytes(picture)


async def test_names_tell_nothing(server: Server, open_page: OpenPage) -> None:
    """Title, icon, addresses, and every name in the page and of what it loads, alone and in a frame."""
    page = await open_page("about:blank", viewport=PHONE)
    wire = Wire(page)
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.is_asked_from_now_on()
    icon = await (await page.request.get(f"{server.at.url}/static/visitor/icon.svg")).text()
    names = [await page.title(), page.url, icon, *wire.requests, *await page.evaluate(NAMES)]
    await page.goto(f"{server.at.url}/safety/linden?lang=sv")
    names += [await page.title(), page.url, *await page.evaluate(NAMES)]
    host = await open_page(f"{server.at.host_page}?service=linden")
    await VisitorOnPage.on_host_page(host)
    frame = host.locator("iframe")
    names += [await frame.get_attribute(each) for each in ("title", "src", "name", "id")]
    assert [name for name in names if name and TELLING.search(name)] == []
    assert len(names) > 100
