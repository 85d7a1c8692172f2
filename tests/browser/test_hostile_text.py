# SPDX-License-Identifier: EUPL-1.2
"""What anybody may write, on both screens: inert, within its own box, in its own direction, unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, ViewportSize, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.outside.server import Server
from tests.outside.visitor import Visitor
from tests.web.hostile.texts import DIRECTION, HEAVY, INERT, LIVING

HERS_ONLY = {"address of a page", "formula"}
"""Staff give no address on the web: she may."""
PHONE = ViewportSize(width=360, height=740)
ALIAS = "\u0633\u0627\u0631\u0627"
"""Sara, in Arabic letters: a name in the other direction of writing."""


@dataclass
class Talk:
    """Two who talk, each before a screen, and what their pages have asked the network for since."""

    visitor: VisitorOnPage
    operator: OperatorAtConsole
    asked: list[str]

    @property
    def pages(self) -> dict[str, Page]:
        """Both screens by whose they are."""
        return {"visitor": self.visitor.page, "operator": self.operator.page}


@pytest_asyncio.fixture(loop_scope="session")
async def talk(server: Server, open_page: OpenPage) -> AsyncIterator[Talk]:
    """A visitor on a phone and an operator whose alias is written from right to left."""
    asked: list[str] = []
    phone = await open_page(f"{server.at.url}/chat/linden", viewport=PHONE)
    visitor = VisitorOnPage.on_own_page(phone)
    await visitor.starts()
    operator = OperatorAtConsole(await open_page(f"{server.at.url}/console"), server.at)
    await operator.signs_in(server.at.operators_of("linden")[0])
    await operator.goes_on_duty(ALIAS, "linden")
    await operator.accepts()
    await visitor.sees_in_log(ALIAS)
    await visitor.is_asked_from_now_on()

    def note(request: Request) -> None:
        # What is at hand the console loads by itself once a talk is open: a little later on a busy machine.
        if "/console/at-hand/" not in request.url:
            asked.append(request.url)

    for page in (visitor.page, operator.page):
        page.context.on("request", note)
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.context.on("page", lambda opened: asked.append(opened.url))
    yield Talk(visitor, operator, asked)
    if await operator.pane().count():
        await operator.ends()


BOXES = """() => [...document.querySelectorAll(".message .text")].map((box) => ({
  text: box.textContent, elements: box.childElementCount, nodes: box.childNodes.length,
  direction: getComputedStyle(box).direction, isolation: getComputedStyle(box).unicodeBidi,
  wrap: getComputedStyle(box).overflowWrap, overflow: getComputedStyle(box).overflowY,
  width: box.getBoundingClientRect().width, height: box.getBoundingClientRect().height,
  left: box.getBoundingClientRect().left, right: box.getBoundingClientRect().right,
  around: box.closest("[role=log]").getBoundingClientRect().width,
}))"""


async def boxes(page: Page) -> list[dict[str, Any]]:
    """Return every message as the browser has laid it out."""
    found: list[dict[str, Any]] = await page.evaluate(BOXES)
    return found


async def both_say(talk: Talk, texts: Mapping[str, str]) -> None:
    """Each writes everything, in their own field, and has it on the screen."""
    answers = 0
    for count, (title, text) in enumerate(texts.items(), 1):
        await talk.visitor.writes_and_means(text)
        await expect(talk.operator.pane().locator(".message[data-from=visitor]")).to_have_count(count)
        if title in HERS_ONLY:
            continue
        answers += 1
        await talk.operator.writes(text)
        await expect(talk.visitor.page.locator(".message.operator")).to_have_count(answers)


async def layout_holds(page: Page) -> None:
    """See that nothing has pushed the page out of its frame."""
    size = page.viewport_size
    assert size is not None
    wide, tall = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert (wide, tall) <= (size["width"], size["height"])
    for box in await boxes(page):
        assert 0 <= box["left"] < box["right"] <= size["width"], box["text"][:20]
        assert box["height"] <= 0.7 * size["height"] + 1, box["text"][:20]
        assert (box["wrap"], box["overflow"]) == ("anywhere", "auto")


def as_typed(text: str) -> str:
    """Return what a text field makes of a text: it knows one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def trimmed(text: str) -> str:
    """Return a text as the console sends it: without what a script calls white space around it."""
    return text.strip().strip("\ufeff")


def unchanged(text: str) -> str:
    """Return it."""
    return text


async def is_shown_to_both(
    talk: Talk, texts: Mapping[str, str], compared: Callable[[str], str] = unchanged
) -> None:
    """See that each text is on both screens as it was written, as one piece of text."""
    wanted = {compared(as_typed(text)) for text in texts.values()}
    for page in talk.pages.values():
        shown = await boxes(page)
        assert {compared(box["text"]) for box in shown} == wanted
        assert len(shown) == 2 * len(texts) - len(HERS_ONLY & texts.keys())
        assert {(box["elements"], box["nodes"]) for box in shown} == {(0, 1)}
        assert {box["isolation"] for box in shown} <= {"isolate", "plaintext"}
        await layout_holds(page)


async def test_markup_and_addresses_are_only_text(talk: Talk, keep_screen: KeepScreen) -> None:
    """No link, no element, no script, no dialog, and not one request, on either side."""
    talk.asked.clear()
    await both_say(talk, INERT)
    await is_shown_to_both(talk, INERT)
    for name, page in talk.pages.items():
        log = page.get_by_role("log")
        for kind in ("a", "img", "script", "b", "iframe", "svg", "link"):
            assert await log.locator(kind).count() == 0
        before = page.url
        await log.locator(".text", has_text="evil.example/ping").first.click()
        await log.locator(".text", has_text="javascript:").first.dblclick()
        assert page.url == before
        await keep_screen(page, name)
    assert talk.asked == []


async def test_living_scripts_are_shown_as_they_were_written(talk: Talk, keep_screen: KeepScreen) -> None:
    """Composed and decomposed, from left and from right, each in its own direction."""
    await both_say(talk, LIVING)
    await is_shown_to_both(talk, LIVING)
    for name, page in talk.pages.items():
        directions = {box["text"]: box["direction"] for box in await boxes(page)}
        for title, text in LIVING.items():
            right = any(word in title for word in ("Arabic", "Persian", "Hebrew"))
            assert directions[text] == ("rtl" if right else "ltr"), title
        await keep_screen(page, name)


async def test_heavy_texts_stay_in_their_boxes(talk: Talk, keep_screen: KeepScreen) -> None:
    """2,000 line breaks, one word without end, 500 joined emoji, a pile of marks: wrapped and bounded."""
    heavy = {name: text for name, text in HEAVY.items() if name not in {"one space", "2,000 line breaks"}}
    heavy["2,000 line breaks"] = "a" + "\n" * 1_998 + "b"
    await both_say(talk, heavy)
    await is_shown_to_both(talk, heavy, trimmed)
    for name, page in talk.pages.items():
        for title in ("one letter with 1,999 marks", "2,000 line breaks", "500 emoji joined to one"):
            box = page.locator(".message .text").nth(2 * list(heavy).index(title))
            await box.scroll_into_view_if_needed()
            await keep_screen(page, f"{name}-{title.replace(' ', '-').replace(',', '')}")


AROUND = """() => {
  const box = [...document.querySelectorAll(".message .text")].at(-1).getBoundingClientRect();
  return { x: Math.max(0, box.x - 20), y: box.y - 30, width: box.width + 40, height: 29 };
}"""
RESTYLE = """(style) => {
  const text = [...document.querySelectorAll(".message .text")].at(-1);
  const { width, height } = text.getBoundingClientRect();
  Object.assign(text.style, { inlineSize: `${width}px`, blockSize: `${height}px` }, style);
}"""


async def test_marks_do_not_leave_their_box(talk: Talk, keep_screen: KeepScreen) -> None:
    """Above a letter with 1,999 marks the page is as if they were not there; without the bound it is not."""
    await talk.visitor.writes("o" + "\u0301" * 1_999)
    await expect(talk.operator.pane().locator(".message[data-from=visitor]")).to_have_count(1)
    for name, page in talk.pages.items():
        await keep_screen(page, name)
        clip = await page.evaluate(AROUND)
        bounded = await page.screenshot(clip=clip)
        await page.evaluate(RESTYLE, {"overflow": "visible"})
        unbounded = await page.screenshot(clip=clip)
        await page.evaluate(RESTYLE, {"color": "transparent"})
        without = await page.screenshot(clip=clip)
        assert bounded == without
        assert unbounded != without


PLACES = """(words) => {
  const place = (element, word) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      const at = node.data.indexOf(word);
      if (at === -1) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      return Math.round(range.getBoundingClientRect().left);
    }
    return null;
  };
  return words.map(([selector, ...parts]) => {
    const element = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
    return parts.map((part) => place(element, part));
  });
}"""


async def stands_in_order(page: Page, selector: str, *parts: str) -> None:
    """See that these words stand beside each other from left to right."""
    (places,) = await page.evaluate(PLACES, [[selector, *parts]])
    assert None not in places, parts
    assert places == sorted(places), (selector, parts, places)


async def test_direction_of_a_text_ends_with_its_box(talk: Talk, keep_screen: KeepScreen) -> None:
    """Overrides and isolates, closed or not, turn nothing around them; nor does a name from right to left."""
    await both_say(talk, DIRECTION)
    await is_shown_to_both(talk, DIRECTION)
    visitor, operator = talk.visitor.page, talk.operator.page
    await stands_in_order(visitor, ".event", ALIAS, "är här")
    await stands_in_order(visitor, "#state", "Du", ALIAS)
    await stands_in_order(operator, ".note", "Du", "kom in")
    for page, meta in ((visitor, ".message.visitor .meta"), (operator, ".message[data-from=operator] .meta")):
        for number in range(await page.locator(meta).count()):
            assert (
                await page.locator(meta).nth(number).evaluate("(each) => getComputedStyle(each).direction")
                == "ltr"
            )
    for name, page in talk.pages.items():
        await keep_screen(page, name)


ANSWERS = {
    "need": "\u2069\u202eomvänt",
    "role": "x\u202ey" + "\u0301" * 40,
    "municipality": "\u2067\u2067Aby",
}


async def test_answers_before_the_start_turn_nothing(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What a script gave as her answers stands in a box for each, and the labels stay where they are."""
    visitor = await Visitor.starts(server.at, "eken", intake=ANSWERS)
    operator = OperatorAtConsole(await open_page(f"{server.at.url}/console"), server.at)
    await operator.signs_in(server.at.operators_of("eken")[0])
    await operator.goes_on_duty("Kim", "eken")
    await operator.accepts()
    intake = operator.pane().locator("[data-part=intake] span")
    await expect(intake).to_have_count(3)
    labels = []
    for number in range(3):
        one = intake.nth(number)
        text = await one.text_content() or ""
        label = text.partition(":")[0]
        labels.append(label)
        assert text.partition(": ")[2] in ANSWERS.values()
        left = await one.evaluate("(each) => each.getBoundingClientRect().left")
        (places,) = await operator.page.evaluate(PLACES, [["[data-part=intake]", label]])
        assert places[0] == pytest.approx(left, abs=2)
    await keep_screen(operator.page, "console")
    await visitor.leaves()


async def test_length_is_told_as_a_person_counts(talk: Talk, keep_screen: KeepScreen) -> None:
    """Three families too many are three, on both sides, and cannot be sent; without them they can."""
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    pen, composer = (
        talk.visitor.page.get_by_label("Skriv här"),
        talk.operator.pane().locator("[data-part=composer]"),
    )
    await pen.fill(family * 403)
    await expect(talk.visitor.page.locator("#count")).to_contain_text("3")
    await expect(talk.visitor.page.locator("#count")).not_to_contain_text("15")
    await talk.visitor.button("Skicka").click()
    await expect(talk.visitor.page.locator(".message.visitor")).to_have_count(0)
    await keep_screen(talk.visitor.page, "visitor")
    await composer.fill(family * 403)
    await expect(talk.operator.pane().locator("[data-part=length]")).to_contain_text("2003")
    await composer.press("Enter")
    await keep_screen(talk.operator.page, "operator")
    await talk.visitor.writes(family * 400)
    await expect(talk.operator.pane().locator(".message[data-from=visitor]")).to_have_count(1)
    await talk.operator.writes(family * 400)
    await expect(talk.visitor.page.locator(".message.operator")).to_have_count(1)
