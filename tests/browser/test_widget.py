# SPDX-License-Identifier: EUPL-1.2
"""The loader as `docs/widget.md` describes it: what a host page may ask for, what it hears, what it keeps."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.leaving import arrives
from tests.browser.people import VisitorOnPage, chat_frame
from tests.browser.wire import axe_finds
from tests.outside.server import Server

TELLS = """for (const type of ["open", "close", "hide", "exit"]) {
  document.addEventListener(`jourchatt:${type}`, (event) => told(type, event.detail));
}"""
INCLUDE = """async (data) => {
  addEventListener("error", (event) => event.preventDefault(), { once: true });
  const script = document.createElement("script");
  script.src = document.querySelector("script[src$='/widget.js']").src;
  Object.assign(script.dataset, data);
  await new Promise((done) => {
    script.onload = done;
    document.head.append(script);
  });
}"""
FORGET = """() => {
  delete document[Symbol.for("jourchatt")];
  document.querySelectorAll("html > div").forEach((each) => each.remove());
}"""


async def test_host_page_opens_hides_and_closes_and_hears_no_more_than_that(
    server: Server, open_page: OpenPage
) -> None:
    """Each is told once, when something has changed, without a word of the talk; hiding does not end it."""
    page = await open_page("about:blank")
    told: list[tuple[str, object]] = []
    await page.expose_function("told", lambda *what: told.append(what))
    await page.add_init_script(TELLS)
    await page.goto(f"{server.at.host_page}?service=linden")
    await arrives(page)
    await page.wait_for_function("window.jourchatt")
    await page.evaluate("jourchatt.hide(); jourchatt.close(); jourchatt.open(); jourchatt.open()")
    visitor = VisitorOnPage(page, page.frame_locator("iframe"))
    await visitor.starts()
    await visitor.writes("hej")
    await visitor.sees("Skickat")
    await page.evaluate("jourchatt.hide()")
    await expect(page.get_by_role("button", name="Chatta med oss")).to_be_visible()
    assert chat_frame(page) is not None
    await page.evaluate("jourchatt.open()")
    await visitor.sees_in_log("hej")
    await page.evaluate("jourchatt.close()")
    await expect(page.locator("iframe")).to_have_count(0)
    await page.evaluate("jourchatt.open()")
    await page.get_by_role("button", name="Lämna snabbt").click()
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert told == [(each, None) for each in ("open", "hide", "open", "close", "open", "exit")]


async def test_name_that_is_taken_is_kept_and_a_second_loader_adds_nothing(
    server: Server, open_page: OpenPage
) -> None:
    """A host page's own `jourchatt` stays its own; twice is once; without a service there is nothing."""
    page = await open_page("about:blank")
    await page.add_init_script("window.jourchatt = 'theirs'")
    await page.goto(f"{server.at.host_page}?service=linden")
    launcher = page.get_by_role("button", name="Chatta med oss")
    await expect(launcher).to_be_visible()
    assert await page.evaluate("window.jourchatt") == "theirs"
    await page.evaluate(INCLUDE, {"service": "eken"})
    await expect(launcher).to_have_count(1)
    await page.evaluate(FORGET)
    await page.evaluate(INCLUDE, {"lang": "sv"})
    await expect(launcher).to_have_count(0)
    await page.evaluate(FORGET)
    await page.evaluate(
        "document.body.append(Object.assign(document.createElement('form'), { name: 'jourchatt' }))"
    )
    await page.evaluate(INCLUDE, {"service": "eken"})
    await expect(launcher).to_have_count(1)


async def test_passing_over_the_launcher_asks_for_nothing_and_a_refused_frame_leads_to_the_chat(
    server: Server, open_page: OpenPage
) -> None:
    """No request before the press; where the site may not hold the frame the chat is its own page."""
    page = await open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    async def refuses(route: Route) -> None:
        if route.request.frame.parent_frame is None:
            await route.continue_()
        else:
            await route.fulfill(body="", headers={"Content-Security-Policy": "frame-ancestors 'none'"})

    await page.route("**/chat/linden?*", refuses)
    await page.goto(f"{server.at.host_page}?service=linden")
    launcher = page.get_by_role("button", name="Chatta med oss")
    await launcher.hover()
    await launcher.focus()
    assert not [url for url in asked if "panel.js" in url or "/chat/" in url]
    await launcher.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.wait_for_url(f"{server.at.url}/chat/linden?*")
    await expect(page.get_by_role("heading", name="Du behöver inte säga vem du är")).to_be_visible()


LANGUAGES = {
    "sv": ("Chatta med oss", "Lämna snabbt"),
    "sv-easy": ("Skriv till oss", "Lämna snabbt"),
    "en-GB": ("Chat with us", "Leave quickly"),
    "ar": ("الدردشة معنا", "خروج سريع"),
    "fi": ("Chatta med oss", "Lämna snabbt"),
}


async def test_loader_speaks_four_languages_on_the_right_side_of_the_screen(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Arabic begins at the right, so the launcher stands at the left; what is unknown is Swedish."""
    page = await open_page(f"{server.at.host_page}?service=linden", viewport=PHONE)
    await page.wait_for_function("window.jourchatt")
    for language, (opens, leaves) in LANGUAGES.items():
        await page.evaluate(FORGET)
        await page.evaluate("delete window.jourchatt")
        await page.evaluate(INCLUDE, {"service": "linden", "lang": language})
        launcher = page.get_by_role("button", name=opens)
        assert await _is_at_the_left(page, opens) is (language == "ar")
        await keep_screen(page, language)
        await launcher.click()
        await expect(page.get_by_role("button", name=leaves).first).to_be_visible()
        await page.frame_locator("iframe").locator("html.hosted").wait_for()
        under = page.frame_locator("iframe").locator("#exit")
        await expect(under).to_have_text(leaves)
        chat = chat_frame(page)
        assert chat is not None
        await chat.wait_for_load_state()
        assert await page.locator("html > div .exit").bounding_box() == await under.bounding_box()
        await keep_screen(page, f"{language}-open")
        if language == "ar":
            assert await axe_finds(page) == []


async def _is_at_the_left(page: Page, name: str) -> bool:
    box = await page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    return box["x"] == pytest.approx(16, abs=1)
