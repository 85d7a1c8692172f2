# SPDX-License-Identifier: EUPL-1.2
"""Her page for a code in a real browser: with scripts and without, on small screens, by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, ViewportSize, expect

from handover.letters import ContactLine, ContactList, ContactStatus
from tests.browser.arriving import PHONE
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import shift_thrice
from tests.browser.reader import NEUTRAL, SCRIPTS, holds, reader
from tests.browser.wire import axe_finds
from tests.web.handed import COUNSELLOR, INTAKE, POLICE, Tickets

NUMBER = "070-123 45 67"
ZOOMED = ViewportSize(width=640, height=400)


@SCRIPTS
async def test_question_is_answered_with_a_number_taken_out(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """She reads what they ask, answers, and sees what was sent; a second answer may show who she is."""
    code = await at.hands_over(INTAKE)
    await at.writes(INTAKE, "När kan du prata?")
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(code.upper().replace(" ", ", "))
    await her.sees("De har skrivit till dig.")
    await keep_screen(her.page, "asked")
    await her.page.get_by_label("Din text").fill(f"På torsdag. Ring {NUMBER}.")
    await her.presses("Skicka")
    await her.sees("Så här skickades det:")
    await her.sees("På torsdag. Ring [telefonnummer].")
    await keep_screen(her.page, "masked")
    await her.sees("Du har svarat.")
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill(f"Ring {NUMBER}.")
    await her.page.get_by_label("Det jag skriver får visa vem jag är").check()
    await her.presses("Skicka")
    await her.sees("Det är skickat.")
    assert (await at.letters_of(INTAKE))[1:] == ["På torsdag. Ring [telefonnummer].", f"Ring {NUMBER}."]


@SCRIPTS
async def test_taken_back_before_it_is_read(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """A second step says what it does; then they cannot read it."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    await keep_screen(her.page, "waits")
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Om du tar tillbaka det nu får de inte läsa något.")
    assert not javascript or await axe_finds(her.page) == []
    await keep_screen(her.page, "sure")
    await her.presses("Ja, ta tillbaka det")
    await her.sees("De fick aldrig läsa det.")
    await keep_screen(her.page, "taken-back")


async def test_shift_three_times_leaves_and_ends_the_visit(at: Tickets, open_page: OpenPage) -> None:
    """As in the chat; the server is told."""
    her = await reader(open_page, at)
    await her.enters(await at.hands_over(INTAKE))
    assert len(at.run.house.office.pickup._visits) >= 1
    before = set(at.run.house.office.pickup._visits)
    async with her.page.expect_request("**/ticket/leave") as told:
        await shift_thrice(her.page)
    await expect(her.page.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    answer = await (await told.value).response()
    assert answer is None or answer.status == 204
    await at.run.quiet()
    assert len(before - set(at.run.house.office.pickup._visits)) == 1


@SCRIPTS
async def test_visit_that_is_over_shows_the_empty_page(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen, *, javascript: bool
) -> None:
    """A quarter of an hour later the next press does nothing but say so."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    at.clock.ahead += timedelta(minutes=16)
    await her.presses("Jag vill ta tillbaka det")
    await her.sees("Sidan har stängts. Skriv koden igen om du vill fortsätta.")
    await her.is_at_the_empty_page()
    await keep_screen(her.page, "over")


async def test_wrong_code_is_one_calm_sentence(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Enter goes on, also by keyboard alone; the field is empty again."""
    her = await reader(open_page, at)
    await her.page.get_by_label("Din kod").focus()
    await her.page.keyboard.type("fel ord")
    await her.page.keyboard.press("Enter")
    await her.sees("Det är sex ord. Du skrev 2.")
    await her.is_at_the_empty_page()
    await expect(her.page.get_by_label("Din kod")).to_be_focused()
    assert await axe_finds(her.page) == []
    await keep_screen(her.page, "wrong")


async def test_without_a_network_nothing_is_sent_and_nothing_is_lost(
    at: Tickets, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What she wrote stays, and she is told so where she pressed; when the network is back it goes.

    The same when what answers is not the server, but a proxy before one that is away, and when nothing does.
    """
    her = await reader(open_page, at)
    await her.enters(await at.hands_over(INTAKE))
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill("Jag är kvar.")
    await her.page.context.set_offline(True)
    await her.presses("Skicka")
    await her.sees("Du har ingen kontakt just nu. Din text är kvar. Försök igen om en stund.")
    await expect(her.page.get_by_text("Du har ingen kontakt just nu.")).to_be_in_viewport(ratio=1)
    await expect(her.page.get_by_label("Din text")).to_have_value("Jag är kvar.")
    assert await axe_finds(her.page) == []
    await keep_screen(her.page, "offline")
    await her.page.context.set_offline(False)
    await expect(her.page.get_by_text("Du har ingen kontakt just nu.")).to_be_hidden()
    held, hint = await holds(her.page, "**/ticket"), her.page.locator("#offline")
    for answers in (True, False):
        await her.begins("Skicka")
        sent = await held.get()
        await expect(hint).to_be_hidden()
        await (sent.fulfill(status=502, body=NEUTRAL, content_type="text/html") if answers else sent.abort())
        await expect(hint).to_be_visible()
        await expect(her.page.get_by_label("Din text")).to_have_value("Jag är kvar.")
    await her.page.unroute_all()
    await her.presses("Skicka")
    await her.sees("Det är skickat.")
    assert (await at.letters_of(INTAKE))[-1] == "Jag är kvar."


@SCRIPTS
async def test_what_she_wrote_survives_a_store_that_is_away(
    at: Tickets,
    open_page: OpenPage,
    keep_screen: KeepScreen,
    monkeypatch: pytest.MonkeyPatch,
    *,
    javascript: bool,
) -> None:
    """Her words in a field, and one press sends them when it goes again."""
    her = await reader(open_page, at, javascript=javascript)
    await her.enters(await at.hands_over(INTAKE))
    await her.page.locator("summary").first.click()
    await her.page.get_by_label("Din text").fill("Jag är kvar.")
    with monkeypatch.context() as patch:
        patch.setattr(at.run.house.office.pickup.stepping, "store", None)
        await her.presses("Skicka")
        await her.sees("Det här skrev du. Det är inte skickat:")
        await expect(her.page.locator("textarea")).to_have_value("Jag är kvar.")
        assert not javascript or await axe_finds(her.page) == []
        await keep_screen(her.page, "unsent")
    await her.presses("Skicka")
    await her.sees("Det är skickat.")


async def test_keyboard_alone_is_enough(at: Tickets, open_page: OpenPage) -> None:
    """Tab, Enter and Space: in, write, tick, send; the way out is what Tab finds first."""
    her = await reader(open_page, at)
    keys = her.page.keyboard
    await her.page.get_by_label("Din kod").focus()
    await keys.type(await at.hands_over(INTAKE))
    await keys.press("Enter")
    await her.sees("Det väntar på att bli läst.")
    await keys.press("Tab")
    await expect(her.page.locator(".exit")).to_be_focused()
    await her.page.locator("summary").first.focus()
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.type("Hej")
    await keys.press("Tab")
    await keys.press("Space")
    await expect(her.page.get_by_label("Det jag skriver får visa vem jag är")).to_be_checked()
    await keys.press("Tab")
    held = await holds(her.page, "**/ticket")
    await keys.press("Enter")
    await expect(her.page.locator("body")).to_have_attribute("aria-busy", "true")
    await (await held.get()).continue_()
    told = her.page.get_by_role("status")
    await expect(told).to_be_focused()
    await expect(told).to_have_text("Det är skickat.")
    await her.page.get_by_role("button", name="Se om något har hänt").press("Enter")
    await her.page.locator(".exit").focus()
    await (await held.get()).continue_()
    await expect(told).to_have_count(0)
    await expect(her.page.locator(".exit")).to_be_focused()


async def _everything_happens(at: Tickets) -> str:
    """One sends to three: one accepts and coordinates, one declines, the police have it unread."""
    code = await at.hands_over(INTAKE, COUNSELLOR, POLICE, coordinator=INTAKE)
    await at.accepts(
        INTAKE, "VK 2026:1177", "Välkommen. Vi finns här på vardagar, och du behöver inte säga vem du är."
    )
    await at.opens(COUNSELLOR)
    who, ticket = await at.newest(INTAKE)
    where, when = "Biblioteket i Vallentuna, rum 3", "Torsdag klockan 10"
    await at.run.house.office.samrad.propose_meeting(who, ticket, where, when, "Vi bjuder på kaffe.")
    done = [ContactLine(f"Myndighet nummer {n}", ContactStatus.DONE, "Ring före tolv") for n in range(12)]
    left = [ContactLine(f"Myndighet nummer {n}") for n in range(12, 34)]
    lines = (*done, *left)
    await at.run.house.office.samrad.put_contacts(who, ticket, ContactList(lines), 0)
    await at.declines(COUNSELLOR, "Du bor i en annan kommun.")
    return code


SCREENS = {
    "phone": PHONE,
    "narrow": ViewportSize(width=320, height=640),
    "zoomed": ZOOMED,
    "desktop": DESKTOP,
}


async def _looks(page: Page) -> AsyncIterator[str]:
    """Show a page on every screen, light and dark, from its top; yield the name of each."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for screen, size in SCREENS.items():
            await page.set_viewport_size(size)
            await page.evaluate("scrollTo(0, 0)")
            yield f"{screen}-{scheme}"


async def test_page_fits_every_screen(at: Tickets, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """No sideways scroll, targets of 44 px, nothing for axe, in both directions; the exit stays."""
    her = await reader(open_page, at)
    page = her.page
    async for look in _looks(page):
        await keep_screen(page, f"{look}-empty")
        await _is_fit(page, look)
    await her.enters(await _everything_happens(at))
    await her.sees("12 av 34 är klara.")
    async for look in _looks(page):
        await _is_fit(page, look)
    await page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    async for look in _looks(page):
        await _is_fit(page, look)
        top = await keep_screen(page, f"{look}-top")
        await page.screenshot(path=top.with_suffix(".whole.png"), full_page=True)
        await page.evaluate("scrollTo(0, 2000)")
        await expect(page.locator(".exit"), look).to_be_in_viewport(ratio=1)
        await keep_screen(page, f"{look}-below")
    await page.evaluate("document.documentElement.dir = 'rtl'")
    async for look in _looks(page):
        await _is_fit(page, f"{look}-rtl")
        await keep_screen(page, f"{look}-rtl")


TARGETS = """
() => [...document.querySelectorAll("button, a, summary, .tick, textarea")]
  .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML)
"""


async def _is_fit(page: Page, look: str) -> None:
    await page.wait_for_load_state()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, look
    assert await page.evaluate(TARGETS) == [], look
    assert await axe_finds(page) == [], look
