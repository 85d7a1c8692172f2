# SPDX-License-Identifier: EUPL-1.2
"""What tells who she is: her page asks before it leaves the browser, and says what was taken out."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, ViewportSize, expect

from tests.browser.arriving import PHONE, operator_comes, visitor_comes
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.thorough import once_more
from tests.browser.wire import axe_finds
from tests.outside.server import Server

ZOOMED = ViewportSize(width=640, height=400)
"""A screen of 1280 by 800 at 200 % zoom."""
NUMBER = "070-123 45 67"
HIGHEST = """mark => {
  const heights = [];
  for (let at = 0; at < 160; at += 10) {
    mark.parentElement.style.textIndent = `${at}px`;
    heights.push(mark.getBoundingClientRect().height);
  }
  mark.parentElement.style.textIndent = "";
  return Math.max(...heights);
}"""
"""How high what is marked gets, moved along its line."""


async def test_number_that_she_takes_away_never_leaves_the_browser(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She is asked above the field, the number marked; taken away, it is in no frame and in no request."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.writes(f"ring mig på {NUMBER} om du kan")
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Det ser ut som ett telefonnummer.")
    await expect(question.locator("mark")).to_have_text(NUMBER)
    await expect(question).to_be_focused()
    assert await question.locator("mark").evaluate(HIGHEST) < 35  # one line, wherever in the text it stands
    assert await axe_finds(page) == []
    await keep_screen(page, "question")
    await visitor.button("Ta bort och skicka").click()
    await visitor.sees_in_log("ring mig på [telefonnummer] om du kan")
    await expect(page.get_by_label("Skriv här")).to_be_focused()
    await expect(page.get_by_label("Skriv här")).to_have_value("")
    await expect(question).to_be_hidden()
    for said in wire.everything():
        assert "123 45 67" not in said
        assert "1234567" not in said
    assert [frame["text"] for frame in wire.said()] == ["ring mig på [telefonnummer] om du kan"]
    assert wire.said()[0].get("keep") is None
    await visitor.ends()


async def test_number_that_she_sends_anyway_is_kept(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Her word stands: the operator reads what she wrote."""
    visitor, wire = await visitor_comes(open_page, server)
    operator = await operator_comes(open_page, server, "linden")
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.writes(f"ring {NUMBER}, jag bor på Storgatan 12 B i Vallentuna")
    question = visitor.page.get_by_role("alertdialog")
    await expect(question).to_contain_text("ett telefonnummer och en adress")
    await keep_screen(visitor.page, "several")
    await visitor.button("Skicka ändå").click()
    await operator.reads(f"ring {NUMBER}, jag bor på Storgatan 12 B i Vallentuna")
    assert [frame["keep"] for frame in wire.said()] == [True]
    await visitor.ends()


async def test_question_by_keyboard_alone(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Enter asks, Escape leads back to her words, Enter twice answers nothing, Tab and Enter do."""
    visitor, wire = await visitor_comes(open_page, server, viewport=DESKTOP)
    page = visitor.page
    field = page.get_by_label("Skriv här")
    await field.focus()
    await page.keyboard.type(f"nås på {NUMBER}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alertdialog")).to_be_focused()
    await keep_screen(page, "desktop")
    await page.keyboard.press("Escape")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(f"nås på {NUMBER}")
    assert wire.said() == []
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(visitor.button("Ta bort och skicka")).to_be_enabled()
    assert wire.said() == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await visitor.sees_in_log("nås på [telefonnummer]")
    await page.keyboard.type(f"igen {NUMBER}")
    await page.keyboard.press("Enter")
    await expect(visitor.button("Skicka ändå")).to_be_enabled()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(visitor.button("Skicka ändå")).to_be_focused()
    await page.keyboard.press("Enter")
    await visitor.sees_in_log(f"igen {NUMBER}")
    await expect(field).to_be_focused()
    assert [frame.get("keep", False) for frame in wire.said()] == [False, True]
    await visitor.ends()


async def test_writing_on_is_an_answer_too(server: Server, open_page: OpenPage) -> None:
    """The question never bars the field: one more letter and it is gone, and it is asked anew, once."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    field = page.get_by_label("Skriv här")
    await visitor.writes(f"nås på {NUMBER}")
    question = page.get_by_role("alertdialog")
    await expect(question).to_be_visible()
    await field.press_sequentially(" i kväll")
    await expect(question).to_be_hidden()
    await page.locator("#send").click()
    await expect(question).to_be_visible()
    await expect(page.locator("mark")).to_have_count(1)
    await visitor.button("Ändra texten").click()
    await expect(field).to_have_value(f"nås på {NUMBER} i kväll")
    assert wire.said() == []
    await visitor.ends()


async def test_what_she_has_allowed_is_not_asked_about_again(server: Server, open_page: OpenPage) -> None:
    """The same piece goes as it stands; another is asked about alone, and taken out alone."""
    visitor, wire = await visitor_comes(open_page, server)
    question = visitor.page.get_by_role("alertdialog")
    await visitor.writes(f"nås på {NUMBER}")
    await visitor.button("Skicka ändå").click()
    await visitor.writes(f"alltså {NUMBER}")
    await visitor.sees_in_log(f"alltså {NUMBER}")
    await visitor.writes(f"{NUMBER} eller 070-765 43 21")
    await expect(question.locator("mark")).to_have_text("070-765 43 21")
    await visitor.button("Ta bort och skicka").click()
    await visitor.sees_in_log(f"{NUMBER} eller [telefonnummer]")
    assert [frame.get("keep", False) for frame in wire.said()] == [True, True, True]
    await visitor.ends()


async def test_names_need_not_be_asked_about_again(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """One quiet choice: names go as they stand from then on, and a number is still asked about."""
    visitor, _ = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.writes("jag heter Fatima")
    await expect(page.locator("mark")).to_have_text("Fatima")
    await keep_screen(page, "name")
    await visitor.button("Fråga inte om namn igen").click()
    await visitor.sees_in_log("jag heter Fatima")
    await visitor.writes("min son heter Elias")
    await visitor.sees_in_log("min son heter Elias")
    await visitor.writes(f"ring {NUMBER}")
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    await expect(visitor.button("Fråga inte om namn igen")).to_have_count(0)
    await visitor.ends()


async def test_rules_that_fail_to_load_do_not_stop_her(server: Server, open_page: OpenPage) -> None:
    """The server masks, and the page says so as soon as it can; what hangs is not waited for."""
    visitor, wire = await visitor_comes(open_page, server, rules=lambda route: route.abort())
    page = visitor.page
    await visitor.writes(f"ring {NUMBER}")
    await visitor.sees_in_log("ring [telefonnummer]")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await page.unroute("**/rules/**")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/rules/**", hold)
    await visitor.writes(f"nås på {NUMBER}")
    await visitor.sees_in_log("nås på [telefonnummer]")
    assert [frame["text"] for frame in wire.said()] == [f"ring {NUMBER}", f"nås på {NUMBER}"]
    for route in held:
        await route.continue_()
    await expect(page.get_by_role("status").filter(has_text="Vi tog bort ett telefonnummer.")).to_be_visible()
    await visitor.ends()


async def test_what_only_the_server_saw_can_be_sent_again_as_it_stands(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """It is said once, in place; one press sends her words again, and writing on lets go of them."""
    visitor, wire = await visitor_comes(open_page, server, rules=_blind)
    page = visitor.page
    operator = await operator_comes(open_page, server, "linden")
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.writes(f"ring {NUMBER}")
    told = page.get_by_role("status").filter(has_text="Vi tog bort ett telefonnummer.")
    await expect(told).to_be_visible()
    await operator.reads("ring [telefonnummer]")
    assert await axe_finds(page) == []
    await keep_screen(page, "taken")
    await visitor.button("Skicka som det står").click()
    await operator.reads(f"ring {NUMBER}")
    await expect(told).to_be_hidden()
    assert [frame.get("keep", False) for frame in wire.said()] == [False, True]
    await visitor.writes(f"eller {NUMBER}")
    await expect(told).to_be_visible()
    await page.get_by_label("Skriv här").press_sequentially("o")
    await expect(told).to_be_hidden()
    await visitor.ends()


async def _blind(route: Route) -> None:
    """Let the page look for nothing: as if all of it were what only the server sees."""
    answer = await route.fetch()
    await route.fulfill(response=answer, json={**(await answer.json()), "kinds": []})


async def test_kept_is_kept_over_a_lost_connection(server: Server, open_page: OpenPage) -> None:
    """Sent anyway without contact: the same id, the same words and her yes go out when it is back."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.sees("Din plats finns kvar")
    await visitor.is_asked_from_now_on()
    await page.context.set_offline(True)
    await visitor.sees("ingen kontakt")
    await visitor.writes(f"ring {NUMBER}")
    await visitor.button("Skicka ändå").click()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Skickat", exact=True)).to_be_visible()
    await visitor.sees_in_log(f"ring {NUMBER}")
    said = wire.said()
    assert {(frame["text"], frame["keep"]) for frame in said} == {(f"ring {NUMBER}", True)}
    assert len({frame["id"] for frame in said}) == 1
    await visitor.ends()


async def test_end_takes_the_question_with_it(server: Server, open_page: OpenPage) -> None:
    """Over is over: nothing is asked about any more, and her words are nowhere on the page."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.writes(f"nås på {NUMBER}")
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")
    await expect(page.locator("section[role=alertdialog]")).to_be_hidden()
    await expect(page.locator("section[role=alertdialog]")).to_be_empty()
    assert wire.said() == []


SCREENS = {
    "phone": PHONE,
    "zoomed": ZOOMED,
    "typing": ViewportSize(width=360, height=400),
    "lying": ViewportSize(width=640, height=330),
    "narrow": ViewportSize(width=320, height=640),
}


@pytest.mark.parametrize("danger", once_more([True, False]))
async def test_question_fits_every_screen(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, *, danger: bool
) -> None:
    """A long text on small screens, zoomed, and from right to left: every choice and the way out are seen."""
    visitor, _ = await visitor_comes(open_page, server, viewport=PHONE)
    page = visitor.page
    choices = ["Ta bort och skicka", "Skicka ändå", "Ändra texten", "Avsluta"]
    if danger:
        choices[1] = "Skicka som det står"
        await visitor.writes("han slår in dörren nu, hjälp")
        await visitor.sees("Vi kan inte se var du är")
    for name, screen in SCREENS.items():
        await page.set_viewport_size(screen)
        await visitor.writes(f"{'allt det som har hänt. ' * 50} ring {NUMBER}. {'och mer. ' * 20}")
        await expect(page.locator("mark"), name).to_be_in_viewport()
        for direction in ("rtl", "ltr"):
            await page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
            for choice in choices:
                await expect(visitor.button(choice), name).to_be_in_viewport(ratio=0.99)
            await expect(page.get_by_role("link", name="Lämna snabbt"), name).to_be_in_viewport(ratio=0.99)
            assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"], name
            await keep_screen(page, f"{name}-{direction}")
        await visitor.button("Ändra texten").click()
        await expect(page.get_by_label("Skriv här")).to_be_focused()
    await visitor.ends()


async def test_two_texts_at_once_are_one_question(server: Server, open_page: OpenPage) -> None:
    """Sent before the rules had come, one after the other: asked about together, and in their order."""
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    visitor, wire = await visitor_comes(open_page, server, rules=late)
    page = visitor.page
    # The second that her page waits is as long as this takes.
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate("Date.now() + 1"))
    await visitor.writes(f"först {NUMBER}")
    await visitor.writes("sedan")
    come.set()
    await expect(page.get_by_role("alertdialog")).to_have_count(1)
    await page.clock.resume()
    await visitor.button("Ta bort och skicka").click()
    await visitor.sees_in_log("sedan")
    assert [frame["text"] for frame in wire.said()] == ["först [telefonnummer]\nsedan"]
    await visitor.ends()
