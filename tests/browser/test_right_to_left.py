# SPDX-License-Identifier: EUPL-1.2
"""A whole talk in Arabic: everything stands mirrored, and what runs the other way stands by itself."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.arriving import visitor_comes
from tests.browser.asked import SOCIAL, Asking
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.wire import axe_finds
from tests.outside.operator import Operator
from tests.outside.server import Server
from tests.texts import LANGUAGES

NARROW = ViewportSize(width=320, height=640)
HELLO = "مرحبًا، رقمي 070-123 45 67، متى يمكنني الاتصال؟"
DANGER = "معه سكين وسيقتلني الآن"
MIXED = "Hej, du kan ringa 020-50 50 50 eller 112."
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PARAGRAPHS = """(log) => [...log.querySelectorAll(".text")]
    .map((text) => getComputedStyle(text).direction + " " + text.textContent)"""


def say(key: str, domain: str = "visitor", context: str = "script") -> str:
    """Return a text of hers without its values' places."""
    texts = LANGUAGES.texts("ar", domain)
    found = texts.pgettext(context, key) if context else texts.gettext(key)
    return found.partition("%(")[0].rstrip()


def button(page: Page, key: str, domain: str = "visitor", context: str = "script") -> Locator:
    """Return the button with these words."""
    return page.get_by_role("button", name=say(key, domain, context), exact=True)


class Look:
    """Looks at a page in every size: nothing to the side, the way out at its place, nothing for axe."""

    def __init__(self, page: Page, keep: KeepScreen) -> None:
        self.page = page
        self.keep = keep

    async def at(self, name: str) -> None:
        """Look, and keep what is seen."""
        for viewport, scheme in ((DESKTOP, "dark"), (NARROW, "light")):
            await self.page.set_viewport_size(viewport)
            await self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await self.keep(self.page, f"{name}-{viewport['width']}")
            assert await self.page.evaluate(SIDEWAYS) == 0, name
            way_out = await self.page.locator(".exit").first.bounding_box()
            assert way_out is not None
            assert way_out["x"] > viewport["width"] / 2 - way_out["width"], name
        assert await axe_finds(self.page) == [], name


async def _is_before(first: Locator, second: Locator) -> bool:
    one, two = await first.bounding_box(), await second.bounding_box()
    assert one is not None
    assert two is not None
    return one["x"] < two["x"]


async def test_pages_before_a_talk_are_mirrored(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Names of places and telephone numbers stand as they are written."""
    page = await open_page(f"{server.at.url}/?lang=ar", viewport=NARROW)
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    number = page.locator("bdi", has_text="020-50 50 50").first
    assert await number.evaluate("(it) => getComputedStyle(it).direction") == "ltr"
    look = Look(page, keep_screen)
    await look.at("find")
    await page.goto(f"{server.at.url}/chat/bron?lang=ar")
    await expect(page.locator("#start")).to_be_in_viewport(ratio=1)
    await look.at("before")
    await page.goto(f"{server.at.url}/chat/bron/plain?lang=ar")
    await button(page, "start", context="").click()
    await page.get_by_label(say("write", context=""), exact=True).fill(HELLO)
    await button(page, "send", context="").click()
    await expect(page.locator(".asks bdi")).to_have_text("070-123 45 67")
    await look.at("plain-asking")
    await button(page, "back", context="asking").click()
    await button(page, "end", context="").click()
    await button(page, "end.yes", context="").click()


async def test_talk_in_arabic(server: Server, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """From the notice to the code: read from the right, with Swedish numbers and words as they are."""
    visitor, wire = await visitor_comes(open_page, server, viewport=NARROW, lang="ar")
    page, look = visitor.page, Look(visitor.page, keep_screen)
    field = page.get_by_label(say("write", context=""), exact=True)
    operator = Operator(server.at, server.at.operators_of("linden")[0])
    await operator.signs_in()
    await operator.connects()
    await expect(page.locator("#state")).to_contain_text(say("queue.meanwhile"))
    await look.at("1-waiting")
    await operator.goes_on_duty("linden", alias="Alva")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await expect(page.get_by_role("log")).to_contain_text("Alva")
    await field.press_sequentially("م")
    await page.locator("section[role=alertdialog]").wait_for(state="attached")
    await field.fill(HELLO)
    await button(page, "send", context="").click()
    await expect(page.get_by_role("alertdialog")).to_contain_text(say("kind.phone", context="asking"))
    await look.at("2-asking")
    await button(page, "remove", context="asking").click()
    await expect(page.get_by_role("log")).to_contain_text("[رقم الهاتف]")
    await field.fill(DANGER)
    await button(page, "send", context="").click()
    await expect(page.get_by_role("group", name=say("danger.visitor", context="asking"))).to_be_visible()
    await operator.says(conversation, MIXED)
    await expect(page.get_by_role("log")).to_contain_text(MIXED)
    await look.at("3-danger")
    texts = await page.get_by_role("log").evaluate(PARAGRAPHS)
    assert [text.partition(" ")[0] for text in texts] == ["rtl", "rtl", "ltr"]
    hers, theirs = page.locator(".message.visitor .text").first, page.locator(".message.operator .text")
    assert await _is_before(hers, theirs), "what she wrote stands at the end of the line: to the left"
    await expect(page.locator("time").first).to_have_text(re.compile("^[0-9]{2}:[0-9]{2}$"))
    await Asking(operator, conversation).asks(receivers=[SOCIAL])
    await button(page, "asked.look", "consent").click()
    await look.at("4-items")
    await button(page, "next", "consent").click()
    await look.at("5-receiver")
    sheet = page.get_by_role("dialog")
    for label in (say("item.want", "consent"), say("yes.data", "consent"), "Kvinnojouren"):
        await sheet.locator("label.box", has_text=label).get_by_role("checkbox").check()
    await button(page, "receiver.yes", "consent").click()
    await look.at("6-summary")
    await button(page, "summary.yes", "consent").click()
    words = sheet.get_by_role("list", name=say("code.yours", "consent")).get_by_role("listitem")
    await expect(words).to_have_count(6)
    await look.at("7-code")
    assert await _is_before(words.nth(0), words.nth(1)), "the words are Swedish"
    code = " ".join(await words.all_inner_texts())
    await button(page, "code.have", "consent").click()
    await button(page, "code.sure.yes", "consent").click()
    await button(page, "end", context="").click()
    await button(page, "end.yes", context="").click()
    await expect(page.locator("#over-heading")).to_have_text(say("over.visitor"))
    await look.at("8-over")
    await operator.connection.close()
    assert wire.sent("start")[0]["language"] == "ar"
    await page.goto(f"{server.at.url}/ticket?lang=ar")
    await look.at("9-field")
    await page.locator("#code").fill(code)
    await button(page, "code.show", "ticket", "").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(say("heading", "ticket", ""))
    for summary in await page.locator("summary").all():
        await summary.click()
    await look.at("10-ticket")
