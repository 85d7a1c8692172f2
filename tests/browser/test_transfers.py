# SPDX-License-Identifier: EUPL-1.2
"""A conversation goes to a colleague and then to the municipality: two volunteers, a third one, and she."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.browser.test_guests import console, keep_in_every_light
from tests.browser.wire import axe_finds
from tests.outside.server import Server

BEFORE = "hej, jag behöver prata med någon"


def offer(operator: OperatorAtConsole) -> Locator:
    """Return the card of what is offered to somebody."""
    return operator.page.locator(".offer-card")


async def test_conversation_goes_to_a_colleague_and_with_her_yes_to_the_municipality(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Offered, declined, taken by keys; then she reads what applies elsewhere, and says yes."""
    alva = await console(open_page, server, "anna", "linden", "Alva")
    sam = await console(open_page, server, "maria", "linden", "Sam")
    gry = await console(open_page, server, "karin", "bron", "Gry")
    her = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/linden", viewport=PHONE))
    await her.starts()
    await her.writes(BEFORE)
    await alva.accepts()
    await alva.reads(BEFORE)
    pane = alva.pane()

    # To a colleague, who says no at first.
    await alva.page.keyboard.press("Alt+T")
    await expect(pane.get_by_role("heading", name="Låt någon annan ta över")).to_be_focused()
    await expect(pane.get_by_role("button", name="Sam")).to_be_visible()
    await keep_in_every_light(alva.page, keep_screen, "1-to-whom")
    assert await axe_finds(alva.page) == []
    await pane.get_by_role("button", name="Sam").click()
    sure = pane.get_by_role("heading", name=re.compile("Erbjuda samtal 1 till .*Sam"))
    await expect(sure).to_be_focused()
    await expect(pane.locator("[data-part=transfer-which]")).to_contain_text(BEFORE)
    await keep_screen(alva.page, "2-sure")
    await pane.get_by_role("button", name="Ja, erbjud").click()
    await expect(pane.locator("[data-part=transfer-line]")).to_contain_text("Samtalet erbjuds")
    await expect(offer(sam)).to_contain_text("vill lämna över ett samtal till dig")
    await keep_in_every_light(sam.page, keep_screen, "3-offered")
    assert await axe_finds(sam.page) == []
    await offer(sam).get_by_role("button", name=re.compile("Säg nej")).click()
    await expect(pane.locator("[data-part=transfer-line]")).to_contain_text("kan inte ta emot just nu")
    await keep_screen(alva.page, "4-declined")
    await alva.writes("Jag är kvar hos dig.")
    await (await alva.tool("Byt kollega")).click()
    await pane.get_by_role("button", name="Sam").click()
    await pane.get_by_role("button", name="Ja, erbjud").click()
    await expect(offer(sam)).to_be_visible()
    await sam.page.keyboard.press("Alt+T")
    await sam.page.keyboard.press("Enter")
    await expect(pane.locator("[data-part=over-heading]")).to_contain_text("har samtalet nu")
    await keep_screen(alva.page, "5-handed")
    await her.sees_in_log("har lämnat över till någon annan.")
    await her.sees_in_log("är här.")
    await sam.reads(BEFORE)
    await sam.writes("Hej, jag heter Sam och har läst det ni skrev.")
    await her.sees_in_log("Hej, jag heter Sam och har läst det ni skrev.")
    await expect(alva.page.locator("body")).not_to_contain_text("jag heter Sam")

    # To another organisation, only with her yes.
    theirs = sam.pane()
    await (await sam.tool("Byt kollega")).click()
    await theirs.get_by_role("button", name=re.compile("Den som först tar emot på .*Öppenvård")).click()
    await expect(theirs.get_by_role("heading", name=re.compile("Fråga besökaren i samtal 1"))).to_be_focused()
    await theirs.get_by_role("button", name="Ja, fråga").click()
    await expect(theirs.locator("[data-part=transfer-line]")).to_contain_text("Besökaren har fått frågan")
    card = her.page.locator(".asks-her")
    await expect(card.get_by_role("heading", name="Vill du fortsätta med någon från")).to_be_visible()
    await expect(card).to_contain_text("sekretess")
    await expect(card.locator("input:checked")).to_have_count(0)
    await keep_in_every_light(her.page, keep_screen, "6-question")
    assert await axe_finds(her.page) == []
    await her.button("Ja, fortsätt där").click()
    await expect(card.get_by_role("alert")).to_contain_text("Inget lämnas över utan att du har kryssat")
    await card.get_by_label("Samtalet får lämnas över till").check()
    await her.button("Ja, fortsätt där").click()
    await her.sees_in_log("Du är kvar här tills någon därifrån kommer.")
    await expect(offer(gry)).to_contain_text("Kvinnojouren i Vallentuna")
    await her.button("Jag ångrar mig").click()
    await her.sees_in_log("Det blev inget byte till")
    await expect(offer(gry)).to_have_count(0)
    await expect(theirs.locator("[data-part=transfer-line]")).to_contain_text("Besökaren har ångrat sig")

    await (await sam.tool("Byt kollega")).click()
    await theirs.get_by_role("button", name=re.compile("Den som först tar emot på .*Öppenvård")).click()
    await theirs.get_by_role("button", name="Ja, fråga").click()
    await card.get_by_label("Samtalet får lämnas över till").check()
    await her.button("Ja, fortsätt där").click()
    await keep_screen(gry.page, "7-offered-elsewhere")
    await offer(gry).get_by_role("button", name=re.compile("Ta emot")).click()
    await her.sees_in_log("Gry\u2069 från \u2068Vallentuna Öppenvård")
    await expect(gry.pane()).to_contain_text("inte läser det som skrevs innan")
    await expect(gry.pane()).not_to_contain_text(BEFORE)
    await gry.writes("Hej, jag arbetar på kommunen. Vad behöver du?")
    await her.sees_in_log("Hej, jag arbetar på kommunen. Vad behöver du?")
    await her.writes("en plats att bo")
    await gry.reads("en plats att bo")
    await expect(sam.page.locator("body")).not_to_contain_text("en plats att bo")
    await keep_screen(her.page, "8-her")
    await keep_screen(gry.page, "9-there")
    assert await axe_finds(gry.page) == []
    await her.ends()
