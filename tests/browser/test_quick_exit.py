# SPDX-License-Identifier: EUPL-1.2
"""The quick exit: what is done first, with a dead server, and where somebody stands in the way.

How long it takes is measured by the bench; here is what comes before what.
"""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Dialog, Page, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.leaving import arrives, coloured, never_arrives, ordered
from tests.browser.people import VisitorOnPage, chat_frame, shift_thrice
from tests.outside.server import Server

STANDS_IN_THE_WAY = """() => {
  window.onbeforeunload = () => "stay";
  addEventListener("beforeunload", (event) => {
    event.preventDefault();
    event.returnValue = "stay";
  }, true);
}"""
SANDBOX = """(address) => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-same-origin allow-forms";
  frame.src = address;
  document.body.append(frame);
}"""


async def test_screen_is_empty_before_anything_else_with_the_server_dead(
    tmp_path: Path, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """On the chat's own page and in a frame: first nothing is seen, then the rest is done, then a link."""
    with Server(tmp_path) as own:
        page, host = await open_page("about:blank", viewport=PHONE), await open_page("about:blank")
        order, around = await ordered(page), await ordered(host)
        await page.goto(f"{own.at.url}/chat/linden?lang=sv")
        await host.goto(f"{own.at.host_page}?service=linden")
        alone, framed = VisitorOnPage.on_own_page(page), await VisitorOnPage.on_host_page(host)
        for visitor in (alone, framed):
            await visitor.starts()
            await visitor.writes("hej, är någon där?")
            await visitor.sees("Din plats finns kvar" if visitor is alone else "1 person före dig")
            await never_arrives(visitor.page)
        own.kill()
        around.clear()
        order.clear()

        await page.get_by_role("link", name="Lämna snabbt").click(no_wait_after=True)
        await host.get_by_role("button", name="Lämna snabbt").click(no_wait_after=True)
        for one, name in ((page, "own"), (host, "framed")):
            await expect(one.get_by_text("hej, är någon där?")).to_have_count(0)
            assert await coloured(one) == 0
            link = one.get_by_role("link", name="www.smhi.se")
            await expect(link).to_be_visible()
            await keep_screen(one, name)
        # The socket is dead, so only the beacon is tried, from a page without a single element.
        assert order == ["sendBeacon 0"]
        assert [each.split()[0] for each in around if not each.startswith("sendBeacon")] == [
            "told",
            "covered",
            "removed",
        ]
        assert chat_frame(host) is None


async def test_way_out_of_a_page_that_does_not_let_go(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """A page may not ask her to stay; one that saw to it before the chat was opened keeps an empty page."""
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    for early in (False, True):
        page = await open_page(f"{server.at.host_page}?service=linden")
        page.on("dialog", stay)
        await arrives(page)
        if early:
            await page.evaluate(STANDS_IN_THE_WAY)
        visitor = await VisitorOnPage.on_host_page(page)
        await visitor.starts()
        if not early:
            await page.evaluate(STANDS_IN_THE_WAY)
        await page.get_by_role("button", name="Lämna snabbt").click(no_wait_after=True)
        if early:
            await expect(page.get_by_role("link", name="www.smhi.se")).to_be_visible()
            assert asked == ["beforeunload"]
            assert await coloured(page) == 0
            await keep_screen(page, "kept")
            await page.evaluate("jourchatt.open()")
            assert chat_frame(page) is None
        else:
            await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
            assert asked == []


async def test_way_out_of_a_sandbox_and_without_scripts(server: Server, open_page: OpenPage) -> None:
    """A frame that may not move the page around it moves itself; without scripts the way out is a link."""
    page = await open_page(f"{server.at.host_page}?service=linden")
    await page.evaluate(SANDBOX, f"{server.at.url}/chat/linden?lang=sv")
    visitor = VisitorOnPage(page, page.frame_locator("body > iframe"))
    await visitor.starts()
    await visitor.writes("hej")
    await visitor.sees("Skickat")
    await visitor.inside.get_by_role("link", name="Lämna snabbt").click(no_wait_after=True)
    await expect(visitor.inside.get_by_role("log")).to_have_count(0)
    assert page.url.startswith(server.at.host_page.partition("?")[0])

    plain = await open_page(f"{server.at.url}/chat/linden?lang=sv", javascript=False)
    await arrives(plain)
    await plain.get_by_role("link", name="Lämna snabbt").click()
    await expect(plain.get_by_role("heading", name="Vädret i dag")).to_be_visible()


async def test_shift_three_times_leaves_and_writing_does_not(server: Server, open_page: OpenPage) -> None:
    """Capitals, Caps Lock, a held key, arrows and another keyboard are writing; three presses are not."""
    page = await open_page(f"{server.at.url}/chat/eken?lang=sv")
    await arrives(page)
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    field = page.get_by_label("Skriv här")
    keys = page.keyboard
    for letter in "HEJ":
        await keys.press(f"Shift+{letter}")
    await keys.press("CapsLock")
    await keys.type("abc")
    for _ in range(3):
        await keys.press("Shift+ArrowLeft")
    for _ in range(5):
        await keys.down("Shift")
    await keys.up("Shift")
    await keys.press("a")
    for held in ("Alt", "Control"):
        await keys.down(held)
        for _ in range(3):
            await keys.press("Shift")
        await keys.up(held)
    await expect(field).to_have_value("HEJa")
    await _presses_shift(page)


async def test_shift_three_times_leaves_from_the_frame_and_beside_it(
    server: Server, open_page: OpenPage
) -> None:
    """Wherever the keyboard is: in the chat, or on the host page around it, which goes too."""
    for inside in (True, False):
        page = await open_page(f"{server.at.host_page}?service=linden")
        await arrives(page)
        visitor = await VisitorOnPage.on_host_page(page)
        if inside:
            await visitor.inside.get_by_role("link", name="Vad andra kan se").click()
            await expect(visitor.inside.locator("html.hosted")).to_be_visible()
            await visitor.inside.get_by_role("heading", name="Dölj").click()
        else:
            await page.get_by_role("heading").first.click()
        await _presses_shift(page)


async def _presses_shift(page: Page) -> None:
    await shift_thrice(page)
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
