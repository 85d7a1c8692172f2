# SPDX-License-Identifier: EUPL-1.2
"""Her screens reach everybody: in each state, small and large, zoomed, dark, from the left and the right."""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.played import Played
from tests.browser.reached import ELSEWHERE, EVERYWHERE, NARROW, Sizes, wrong_on
from tests.outside.server import Server

QUESTION = {
    "content": {
        "want": "Jag vill veta vad som händer om jag berättar mer.",
        "summary": "Han har slagit mig flera gånger sedan i våras.",
        "forms": ["physical"],
        "relation": "partner",
        "danger": "Jag tror att det blir värre.",
        "messages": [{"seq": 2, "by": "operator", "text": "hej, vad bra att du skriver"}],
        "contact": {"way": "code", "times": "Vardagar på förmiddagen"},
    },
    "offers": [
        {
            "receiver": "mottagningen-vallentuna",
            "name": "Socialtjänstens mottagning i Vallentuna",
            "organisation": "Vallentuna kommun, socialtjänsten",
            "notice": ["Vi läser det måndag till fredag.", "Är det bråttom, ring 112."],
            "notice_version": "v1",
            "police": False,
            "may_coordinate": True,
        }
    ],
    "purpose": "Att få hjälp med någonstans att bo.",
    "asked_by": "Alva",
    "sender": "Kvinnojouren i Vallentuna",
}


class Looks(Protocol):
    """Looks at a screen under the name of its state, in some sizes and colours."""

    async def __call__(self, state: str, sizes: Sizes = ...) -> None:
        """Look."""


SIZES: dict[str, Sizes] = {"sv": EVERYWHERE, "ar": ELSEWHERE, "sv-easy": ((NARROW, "light"),)}
"""By language, so that every pair is seen once. Easy Swedish, the longest, where there is least room."""


@pytest.mark.parametrize("lang", ["sv", "ar", pytest.param("sv-easy", marks=pytest.mark.thorough)])
async def test_every_state_of_the_chat_reaches_everybody(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, lang: str
) -> None:
    """Nothing for axe, nothing sideways or too small to press, no focus out of sight, no text cut off."""
    played = await Played.opens(open_page, f"{server.at.url}/chat/linden?lang={lang}", NARROW)
    page = played.page
    wrong: list[str] = []

    async def looks(state: str, sizes: Sizes = SIZES[lang]) -> None:
        wrong.extend(f"{state} {line}" for line in await wrong_on(page, sizes))
        await keep_screen(page, f"{state}-wide")
        await page.set_viewport_size(NARROW)
        await keep_screen(page, state)

    await expect(page.locator("#start")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    await looks("01-before")
    await _before_the_talk(played, looks)
    await _in_the_talk(played, looks, keep_screen)
    await _asked_for_a_yes(played, looks)
    await _at_the_end(played, looks)
    assert not wrong, "\n".join(wrong)


async def _before_the_talk(played: Played, looks: Looks) -> None:
    page = played.page
    await played.starts()
    played.says("nack", code="unavailable", text="", retry=True)
    await expect(page.locator("#refusal")).to_be_visible()
    await looks("02-refused")
    await played.starts()
    await looks("03-connecting")
    played.lets_in()
    played.says("queue", ahead=2, wait=[5, 20], here=True)
    await expect(page.locator("#state")).to_contain_text("2")
    await looks("04-waiting")
    played.says("queue", ahead=0, wait=None, here=False)
    await expect(page.locator("#help")).to_have_attribute("open", "")
    await looks("05-nobody")


BORDER = "(e) => getComputedStyle(e).borderBlockStartWidth"


async def _in_the_talk(played: Played, looks: Looks, keep_screen: KeepScreen) -> None:
    page, field, send = played.page, played.page.locator("#text"), played.page.locator("#send")
    played.joins()
    played.tells(2, "hej, vad bra att du skriver. Hur är det just nu?")
    played.says("typing")
    await expect(page.locator("#typing")).not_to_be_empty()
    await looks("06-active")
    await field.fill("jag vet inte hur jag ska börja")
    await send.click()
    await played.acknowledges(3)
    await field.fill("det här kommer inte fram")
    await send.click()
    played.says("nack", id=(await played.hears("say"))["id"], code="unavailable", text="", retry=True)
    await expect(page.locator(".message .inline")).to_be_visible()
    await looks("07-not-sent")
    await field.fill("ring mig på 070-123 45 67")
    await send.click()
    await expect(page.get_by_role("alertdialog")).to_be_focused()
    await looks("08-masked-question")
    await page.get_by_role("alertdialog").get_by_role("button").first.click()
    await played.acknowledges(4)
    played.says("danger", subject="visitor")
    await expect(page.locator(".in-danger")).to_be_visible()
    await looks("09-danger")
    await page.emulate_media(forced_colors="active")
    # What is pressed is known by its border there. (axe reads the colours of the style, which nobody sees.)
    for pressed in ("#exit", "#send", "#hide", ".in-danger .strong"):
        assert float((await page.locator(pressed).evaluate(BORDER)).removesuffix("px")) >= 1
    await keep_screen(page, "09-danger-forced-colours")
    await page.emulate_media(forced_colors="none")
    await page.locator("#hide").click()
    await looks("10-covered")
    await page.locator("#cover").click()
    await page.locator("#end").click()
    await looks("11-ending")
    await page.locator("#stay").click()
    await played.loses_her()
    await expect(page.locator("#banner")).to_be_visible()
    await looks("12-lost")
    await played.finds_her("active", 4)


async def _asked_for_a_yes(played: Played, looks: Looks) -> None:
    page, sheet = played.page, played.page.get_by_role("dialog")
    played.says("proposal", seq=5, proposal=QUESTION)
    await expect(page.locator("#e5 button")).to_have_count(2)
    await looks("13-asked")
    await page.locator("#e5 button").first.click()
    for name in ("14-items", "15-receiver"):
        await expect(sheet.get_by_role("heading").first).to_be_focused()
        await looks(name)
        await sheet.locator(".choices").last.get_by_role("button").first.click()
    await looks("16-lacks")
    await sheet.get_by_role("button").first.click()
    await expect(sheet).to_be_hidden()


async def _at_the_end(played: Played, looks: Looks) -> None:
    page, over = played.page, played.page.locator("#over")
    played.says("ended", seq=6, reason="operator")
    await expect(over).to_be_focused()
    await looks("17-over")
    await page.locator("#clear").click()
    for number, reason in enumerate(("visitor", "expired", "closed", 4001, 4003, 4500), 18):
        await page.reload()
        await played.starts()
        played.lets_in()
        if isinstance(reason, int):
            await played.closes(reason)
        else:
            played.says("ended", seq=1, reason=reason)
        await expect(over).to_be_focused()
        await looks(f"{number}-over-{reason}", ((NARROW, "dark"),))


@pytest.mark.parametrize(
    "path",
    ["/", "/chat/nowhere", "/ticket", "/accessibility"],
    ids=["find", "missing", "ticket", "accessibility"],
)
async def test_every_other_page_reaches_everybody(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, path: str
) -> None:
    """The same for the pages around the chat, in Swedish and in Arabic."""
    page: Page = await open_page(f"{server.at.url}{path}?lang=sv", viewport=NARROW)
    wrong = await wrong_on(page, EVERYWHERE)
    await keep_screen(page, "wide")
    await page.goto(f"{server.at.url}{path}?lang=ar")
    wrong += await wrong_on(page, ELSEWHERE)
    await keep_screen(page, "narrow")
    assert not wrong, "\n".join(wrong)


async def test_plain_chat_is_offered_where_the_scripts_do_not_run(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Turned off, or one of them never comes: there is a link and no dead button. Else it is never seen."""
    address, link = f"{server.at.url}/chat/linden?lang=sv", "Öppna den enkla chatten"
    off = await open_page(address, viewport=NARROW, javascript=False)
    await expect(off.get_by_role("link", name=link)).to_be_visible()
    await expect(off.locator("#start")).to_be_hidden()
    await keep_screen(off, "off")
    old = await open_page("about:blank", viewport=NARROW)
    await old.route("**/visitor/view.js", lambda route: route.abort())
    await old.goto(address)
    await old.evaluate("document.getAnimations().forEach((late) => late.finish())")
    await expect(old.get_by_role("link", name=link)).to_have_attribute("href", "/chat/linden/plain?lang=sv")
    await expect(old.locator("#start")).to_be_hidden()
    await old.unroute("**/visitor/view.js")
    await old.reload()
    await expect(old.locator("#start")).to_be_visible()
    await expect(old.get_by_role("link", name=link)).to_be_hidden()


async def test_nothing_that_begins_a_chat_waits_for_anything_but_the_page(
    server: Server, open_page: OpenPage
) -> None:
    """One round trip after the page itself: what it names names nothing more. To write needs no other."""
    page = await open_page("about:blank")
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    asked: dict[str, str] = {}

    def note(event: dict[str, Any]) -> None:
        asked.setdefault(event["request"]["url"], event["initiator"].get("url", ""))

    session.on("Network.requestWillBeSent", note)
    address = f"{server.at.url}/chat/linden?lang=sv"
    await page.goto(address)
    await expect(page.locator("#start")).to_be_visible()
    behind = {url: by for url, by in asked.items() if address not in (url, by)}
    assert {url for url in behind if not url.endswith("/icon.svg")} == set()
    assert f"{server.at.url}/static/visitor/chat.js" in asked
    # From here on nothing comes but what her socket brings.
    await page.route("**/*", lambda route: route.abort())
    await page.locator("#start").click()
    await page.locator("#text").fill("hej")
    await page.locator("#send").click()
    await expect(page.locator(".delivery")).to_have_text("Skickat")
    await page.locator("#end").click()
    await page.locator("#leave").click()
    await expect(page.locator("#over")).to_be_focused()
    await expect(page.locator("#over-heading")).to_have_text("Samtalet är slut")
