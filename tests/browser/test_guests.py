# SPDX-License-Identifier: EUPL-1.2
"""Three screens: she, her volunteer, and somebody from the municipality whom she lets in and sends away."""

from __future__ import annotations

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

BEFORE = "hej, jag vill prata om hur det är"


async def console(
    open_page: OpenPage, server: Server, name: str, service: str, alias: str
) -> OperatorAtConsole:
    """Somebody of the staff signs in and goes on duty."""
    page = await open_page(f"{server.at.url}/staff/sign-in", viewport=DESKTOP)
    operator = OperatorAtConsole(page, server.at)
    await operator.signs_in(next(one for one in server.at.staff if one.name == name))
    await operator.goes_on_duty(alias, service)
    return operator


async def keep_in_every_light(page: Page, keep: KeepScreen, name: str, wide: ViewportSize = DESKTOP) -> None:
    """Keep the page on a phone and wide, in light and in the dark; nothing is cut off at the side."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size, viewport in (("phone", PHONE), ("wide", wide)):
            await page.set_viewport_size(viewport)
            await expect(page.locator("html")).to_have_js_property("scrollWidth", viewport["width"])
            await keep(page, f"{name}-{size}-{scheme}")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")


async def test_somebody_comes_with_her_yes_and_goes_when_she_wants(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She reads who would come, ticks, says yes; three write; what came before stays unseen."""
    volunteer = await console(open_page, server, "anna", "linden", "Alva")
    guest = await console(open_page, server, "karin", "bron", "Gry")
    her = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/linden", viewport=PHONE))
    await her.starts()
    await her.writes(BEFORE)
    await volunteer.accepts()
    await volunteer.reads(BEFORE)
    pane = volunteer.pane()
    await (await volunteer.tool("Bjud in")).click()
    await expect(pane.get_by_role("heading", name="Bjud in någon nu")).to_be_visible()
    ask = pane.get_by_role("button", name=re.compile("Fråga om någon från"))
    await expect(ask).to_be_visible()
    await keep_in_every_light(volunteer.page, keep_screen, "1-invite")
    assert await axe_finds(volunteer.page) == []
    await ask.click()
    await expect(pane.get_by_text("Besökaren har fått frågan")).to_be_visible()
    card = her.page.locator(".asks-her")
    await expect(card.get_by_role("heading", name="Vill du att någon från")).to_be_visible()
    await expect(card.locator("input:checked")).to_have_count(0)
    await keep_in_every_light(her.page, keep_screen, "2-question")
    assert await axe_finds(her.page) == []
    await her.button("Ja, bjud in").click()
    await expect(card.get_by_role("alert")).to_contain_text("Ingen kommer utan att du har kryssat")
    await card.get_by_label("får prata om mig med den som kommer.").check()
    await her.button("Ja, bjud in").click()
    await her.sees_in_log("Du har sagt ja till att någon från")
    await expect(pane.get_by_text("har kommit än")).to_be_visible()
    invitation = guest.page.locator(".joins-card")
    await expect(invitation).to_contain_text("Kvinnojouren i Vallentuna")
    await keep_in_every_light(guest.page, keep_screen, "3-invited")
    await invitation.get_by_role("button", name="Gå med").click()
    await expect(guest.pane().get_by_text("Du är med som gäst.")).to_be_visible()
    await expect(guest.pane().locator("[data-part=ask_end]")).to_be_hidden()
    await her.sees_in_log("är här också.")
    await volunteer.reads("kom med i samtalet")
    await guest.writes("Hej, jag kommer från kommunen. Vad behöver du?")
    await her.sees_in_log("Hej, jag kommer från kommunen. Vad behöver du?")
    await expect(her.page.locator(".message .author")).to_have_text("Gry: ")
    await volunteer.reads("Hej, jag kommer från kommunen. Vad behöver du?")
    await her.writes("någonstans att bo")
    await volunteer.writes("Vi hjälps åt, alla tre.")
    await guest.reads("någonstans att bo")
    await guest.reads("Vi hjälps åt, alla tre.")
    await expect(guest.pane()).not_to_contain_text(BEFORE)
    await keep_in_every_light(her.page, keep_screen, "4-her")
    await keep_in_every_light(volunteer.page, keep_screen, "5-volunteer")
    await keep_in_every_light(guest.page, keep_screen, "6-guest")
    assert await axe_finds(her.page) == []
    assert await axe_finds(guest.page) == []
    await her.button("Be \u2068Gry\u2069 gå").click()
    await her.sees_in_log("är inte kvar i chatten.")
    await expect(guest.pane().locator("[data-part=over-heading]")).to_have_text(
        "Du är inte längre med i samtalet"
    )
    await her.writes("nu är vi två igen")
    await volunteer.reads("nu är vi två igen")
    await expect(guest.page.locator("body")).not_to_contain_text("nu är vi två igen")
    await her.ends()


async def test_no_is_no_and_a_question_taken_back_is_gone(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Nobody is told of her no but her volunteer, and what was taken back cannot be answered."""
    volunteer = await console(open_page, server, "maria", "linden", "Alva")
    guest = await console(open_page, server, "johan", "bron", "Gry")
    her = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/linden", viewport=PHONE))
    await her.starts()
    await her.writes("hej")
    await volunteer.accepts()
    pane = volunteer.pane()

    async def asks() -> None:
        await (await volunteer.tool("Bjud in")).click()
        await pane.get_by_role("button", name=re.compile("Fråga om någon från")).click()
        await expect(her.button("Nej tack")).to_be_visible()

    await asks()
    await her.button("Nej tack").click()
    await her.sees_in_log("Du sa nej. Det är helt okej. Ni fortsätter som förut.")
    await expect(pane.get_by_text("Besökaren sa nej. Det är helt okej.")).to_be_visible()
    await asks()
    await pane.get_by_role("button", name="Ta tillbaka frågan").click()
    await expect(her.button("Nej tack")).to_be_hidden()
    await her.sees_in_log("gäller inte längre.")
    await keep_screen(her.page, "her")
    await expect(guest.page.locator(".joins-card")).to_have_count(0)
    await her.ends()
