# SPDX-License-Identifier: EUPL-1.2
"""The chat without a mouse and without a screen: every step by key, every word announced, and once."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Frame, Page, Route, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import NEUTRAL, chat_frame, shift_thrice
from tests.browser.played import Played
from tests.outside.server import Server

ISOLATES = dict.fromkeys(map(ord, "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"))
LISTEN = """() => {
  window.announced = [];
  const live = '[role=log], [role=status], [role=alert], [aria-live]';
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      const place = (target instanceof Element ? target : target.parentElement)?.closest(live);
      if (!place || !place.checkVisibility()) continue;
      const said = type === 'childList' ? [...addedNodes] : [target];
      window.announced.push(...said.map((node) => node.textContent.trim()));
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes what a screen reader is given to say: what is put into a live region that is seen."""


async def announced(page: Page) -> list[str]:
    """Return what was announced since the last time."""
    heard: list[str] = await page.evaluate("() => window.announced.splice(0).filter(Boolean)")
    return [line.translate(ISOLATES) for line in heard]


async def tree(page: Page) -> list[tuple[str, str]]:
    """Return role and name of everything that is there for a screen reader, in its order."""
    session = await page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    await session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[tuple[str, str]] = []

    def walk(node: dict[str, Any]) -> None:
        if not node["ignored"]:
            found.append((node["role"]["value"], node.get("name", {}).get("value", "").strip()))
        for child in node.get("childIds", ()):
            walk(by_id[child])

    walk(nodes[0])
    return found


async def test_every_word_is_announced_once(server: Server, open_page: OpenPage) -> None:
    """Joined, said, place and refusals: once each, also after a redraw, a lost network and a resume."""
    played = await Played.opens(open_page, f"{server.at.url}/chat/linden?lang=sv", DESKTOP)
    page = played.page
    await page.evaluate(LISTEN)
    await played.starts()
    await expect(page.locator("#text")).to_be_focused()
    played.lets_in()
    for _ in range(3):
        played.says("queue", ahead=2, wait=[5, 20], here=True)
    played.says("queue", ahead=1, wait=[5, 10], here=True)
    await expect(page.locator("#state")).to_contain_text("1 person")
    heard = await announced(page)
    assert heard.count("2 personer före dig.") == heard.count("1 person före dig.") == 1
    played.joins()
    played.tells(2, "hej, vad bra att du skriver")
    for _ in range(3):
        played.says("typing")
    await page.locator("#text").fill("jag vet inte hur jag ska börja")
    await page.keyboard.press("Enter")
    await played.acknowledges(3)
    await expect(page.get_by_text("Skickat", exact=True)).to_be_visible()
    await played.loses_her()
    await expect(page.locator("#banner")).to_be_visible()
    await played.finds_her("active", 3)
    played.joins()
    played.tells(2, "hej, vad bra att du skriver")
    played.tells(4, "ta den tid du behöver")
    await expect(page.get_by_role("log")).to_contain_text("ta den tid du behöver")
    heard = await announced(page)
    for words in (
        "Alva från Kvinnojouren i Vallentuna är här.",
        "Alva: hej, vad bra att du skriver",
        "Du: jag vet inte hur jag ska börja",
        "Alva: ta den tid du behöver",
        "Du har ingen kontakt just nu.",
    ):
        assert len([line for line in heard if words in line]) == 1, (words, heard)
    assert "Alva skriver" not in heard  # It would be said over her own writing, again and again.
    await _reads_in_order(page)
    played.says("ended", seq=5, reason="operator")
    await expect(page.locator("#over")).to_be_focused()
    assert ("region", "Samtalet är slut") in await tree(page)


async def _reads_in_order(page: Page) -> None:
    """Who it is stands before what was said, in the log, whose name is heard."""
    read = await tree(page)
    log = read.index(("log", "Meddelanden"))
    words = [name for role, name in read[log:] if role == "StaticText"]
    first = words.index("hej, vad bra att du skriver")
    assert words[first - 1] == "Alva:"
    assert words[words.index("jag vet inte hur jag ska börja") - 1] == "Du:"
    assert ("textbox", "Skriv här") in read
    assert read.index(("link", "Lämna snabbt")) < read.index(("button", "Dölj")) < log


async def test_refusal_and_the_way_back_are_heard(server: Server, open_page: OpenPage) -> None:
    """Why it did not begin is an alert, and she stands at the button again."""
    played = await Played.opens(open_page, f"{server.at.url}/chat/linden?lang=sv", DESKTOP)
    page = played.page
    await page.evaluate(LISTEN)
    await played.starts()
    played.says("nack", code="closed", text="", retry=False)
    await expect(page.get_by_role("alert")).to_contain_text("tar inte emot fler")
    await expect(page.locator("#start")).to_be_focused()
    assert len([line for line in await announced(page) if "tar inte emot fler" in line]) == 1


async def test_on_a_telephone_the_conversation_has_the_focus(server: Server, browser: Browser) -> None:
    """Not the field, whose keyboard would cover what she should read; nor the top of the page."""
    context = await browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    played = Played(page)
    await played.takes_over()
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    await page.locator("#start").tap()
    await played.hears("start")
    await expect(page.locator("#talk")).to_be_focused()
    played.lets_in()
    played.says("queue", ahead=0, wait=None, here=True)
    await expect(page.locator("#state")).to_contain_text("näst på tur")
    await expect(page.locator("#talk")).to_be_focused()
    await context.close()


async def test_whole_story_by_key_alone(server: Server, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """From a jour's page: open, start, write, send, hide, show, end; and away with Shift three times."""
    page = await open_page("about:blank")
    played = Played(page)
    await played.takes_over()

    async def elsewhere(route: Route) -> None:
        await route.fulfill(content_type="text/html; charset=utf-8", body=NEUTRAL)

    await page.route("https://www.smhi.se/**", elsewhere)
    await page.goto(server.at.host_page)
    launcher = page.get_by_role("button", name="Chatta med oss")
    await expect(launcher).to_be_visible()
    await _tabs(page, "document.activeElement.shadowRoot !== null")
    await page.keyboard.press("Enter")
    await expect(page.frame_locator("iframe").locator("#start")).to_be_visible()
    chat = chat_frame(page)
    assert chat is not None
    await _tabs_in(page, chat, "start")
    await keep_screen(page, "1-start")
    await page.keyboard.press("Enter")
    await played.hears("start")
    played.lets_in()
    played.joins()
    await expect(chat.locator("#text")).to_be_focused()
    await page.keyboard.type("hej")
    await page.keyboard.press("Enter")
    await played.acknowledges(2)
    await _tabs_in(page, chat, "hide")
    await page.keyboard.press("Enter")
    await expect(chat.locator("#cover")).to_be_focused()
    await expect(chat.get_by_text("hej", exact=True)).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(chat.locator("#hide")).to_be_focused()
    await expect(chat.get_by_text("hej", exact=True)).to_be_visible()
    await _tabs_in(page, chat, "end")
    await page.keyboard.press("Enter")
    await expect(chat.locator("#stay")).to_be_focused()
    await keep_screen(page, "2-ending")
    await _tabs_in(page, chat, "leave")
    await page.keyboard.press("Enter")
    await played.hears("leave")
    played.says("ended", seq=3, reason="visitor")
    await expect(chat.locator("#over")).to_be_focused()
    await shift_thrice(page)
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert await page.evaluate("document.activeElement === document.body")


MOST_TABS = 60


async def _tabs(page: Page, until: str) -> None:
    """Press Tab until this holds on the page."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate(until):
            return
    raise AssertionError(f"the keyboard never comes to where {until}")


async def _tabs_in(page: Page, chat: Frame, id_: str) -> None:
    """Press Tab until the focus is on this element of the chat."""
    for _ in range(MOST_TABS):
        if await chat.evaluate("(id) => document.hasFocus() && document.activeElement?.id === id", id_):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never comes to #{id_}")
