# SPDX-License-Identifier: EUPL-1.2
"""A unit receives: it unlocks, opens, asks, takes a ticket or not, prints it, and coordinates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import DESKTOP, SCREENS, KeepScreen, OpenPage
from tests.browser.receiving import CLINIC, INTAKE, OTHER_JOUR, POLICE, ReceiverAtDesk, hand_over
from tests.browser.staff import PHONE
from tests.browser.wire import axe_finds
from tests.outside.server import Server

EVERYTHING: dict[str, Any] = {
    "want": "Jag vill veta vad som händer med barnen om jag lämnar honom. Ring inte hem.",
    "summary": "Han har kontrollerat pengar och telefon i flera år. De senaste månaderna har han slagit.",
    "forms": ["physical", "economic", "digital"],
    "relation": "partner",
    "children": "yes",
    "danger": "Det är värst på helgerna. Jag är rädd för vad han gör om han får veta.",
    "called_112": "no",
    "contact": {"way": "code", "times": "vardagar före klockan tolv"},
    "messages": ("Han tog min telefon i går", "<b>Jag</b> är <img src=x> rädd"),
}


async def _is_fit(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """No finding of axe, no scrolling sideways on a phone, and pictures of all four looks."""
    await page.wait_for_load_state()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for size, screen in (("desktop", DESKTOP), ("phone", PHONE)):
            await page.set_viewport_size(ViewportSize(**screen))
            assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"], name
            assert await axe_finds(page) == [], f"{name} {scheme} {size}"
            await keep_screen(page, f"{name}-{scheme}-{size}")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(DESKTOP)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these stories' own: nobody else's tickets lie in its inboxes."""
    with Server(tmp_path_factory.mktemp("tickets"), capacity=10) as running:
        yield running


@pytest.fixture
def passphrase(server: Server) -> str:
    """What opens every unit's key here."""
    return server.at.receiver_passphrases[INTAKE]


async def test_unit_unlocks_opens_asks_and_takes_it(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """From a locked inbox to a case reference; what the person wrote is text and nothing else."""
    await hand_over(
        server, INTAKE, identity={"name": "Karin", "reach": "https://exempel.example/karin"}, **EVERYTHING
    )
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "ingrid")
    page = desk.page
    await desk.sees("väntar")
    await expect(page.get_by_text("Kvinnojouren i Vallentuna")).to_have_count(0)
    await _is_fit(page, keep_screen, "locked")
    await desk.unlocks("helt fel lösenfras här")
    await expect(page.get_by_role("alert")).to_contain_text("Lösenfrasen öppnar inte nyckeln")
    await desk.unlocks(passphrase)
    await desk.sees("Kvinnojouren i Vallentuna")
    await _is_fit(page, keep_screen, "inbox")
    await desk.looks_at()
    await desk.sees("Från och med då kan personen inte ta tillbaka den.")
    await _is_fit(page, keep_screen, "cover")
    await desk.button("Öppna och läs").click()
    await expect(page.locator(".item").first).to_contain_text("Jag vill veta vad som händer med barnen")
    assert await page.locator(".words a, .words b, .words img").count() == 0
    await _is_fit(page, keep_screen, "opened")
    await desk.sees("<b>Jag</b> är <img src=x> rädd")
    await desk.unfolds("Det här har personen sagt ja till")
    await desk.sees("Kontrollsumman stämmer.")
    await desk.unfolds("Det här läste personen om er")
    await desk.unfolds("Fråga eller skriv")
    await page.get_by_label("Till personen", exact=True).fill("Har du någonstans att sova i natt?")
    await _is_fit(page, keep_screen, "ticket")
    await desk.button("Skicka").click()
    await expect(page.get_by_role("status")).to_contain_text("Skickat.")
    await desk.unfolds("Ta emot")
    await page.get_by_label("Ert diarienummer").fill("SN 2026:118")
    await desk.button("Ta emot").click()
    await expect(page.get_by_role("status")).to_contain_text("Ni har tagit emot den.")
    await desk.sees("SN 2026:118")
    await _is_fit(page, keep_screen, "accepted")
    await desk.button("Lås nyckeln").click()
    await expect(page.get_by_role("status")).to_contain_text("Nyckeln är låst.")


async def test_unit_says_no_and_the_content_is_gone(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """The page says what happens before the button, and afterwards that nothing is left to read."""
    await hand_over(server, CLINIC, **EVERYTHING)
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "olof")
    await desk.unlocks(passphrase)
    await desk.opens()
    await desk.unfolds("Säg nej")
    await desk.sees("det går inte att ångra")
    await desk.page.get_by_label("Varför, och vem som kan hjälpa i stället").fill(
        "Ring vårdcentralen där du bor."
    )
    await _is_fit(desk.page, keep_screen, "declining")
    await desk.button("Gå vidare").click()
    await desk.sees("Vill ni säga nej?")
    await _is_fit(desk.page, keep_screen, "declining-surely")
    await desk.button("Ja, säg nej och avsluta").click()
    await desk.sees("Innehållet finns inte kvar här.")
    await expect(desk.page.get_by_text("Jag vill veta vad som händer")).to_have_count(0)
    await _is_fit(desk.page, keep_screen, "declined")
    await desk.page.get_by_role("link", name="Till inkorgen").click()
    await desk.unfolds("avslutad")
    await expect(desk.rows("Ni har sagt nej")).to_be_visible()
    await _is_fit(desk.page, keep_screen, "closed-ones")


async def test_ticket_on_paper(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str, tmp_path: Path
) -> None:
    """Several pages of A4, black on white whatever the screen is, with the number at the head of each."""
    long = {**EVERYTHING, "summary": "Det började för tre år sedan. " * 60, "messages": ("Hej " * 300,) * 6}
    await hand_over(server, POLICE, **long)
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "teresa")
    page = desk.page
    await desk.unlocks(passphrase)
    await desk.opens()
    number = page.url.partition("/tickets/")[2].partition("?")[0]
    await page.get_by_role("link", name="För utskrift").click()
    await desk.sees("Skriv ut med webbläsarens egen utskrift.")
    await page.emulate_media(color_scheme="dark")
    assert await axe_finds(page) == []
    for size in (PHONE, DESKTOP):
        await page.set_viewport_size(size)
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    await keep_screen(page, "screen")
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    await expect(page.locator(".running")).to_contain_text(number)
    await expect(page.locator(".running")).to_contain_text("brottsoffer@polisen.example")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    pdf = await page.pdf(prefer_css_page_size=True, path=SCREENS / "test_ticket_on_paper.pdf")
    assert pdf.count(b"/Type /Page\n") >= 3
    assert b"595" in pdf  # the width of A4 in points


async def test_three_receivers_and_one_that_coordinates(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """It sees how the others stand and not what they got, holds the list, and proposes a meeting."""
    await hand_over(server, INTAKE, CLINIC, OTHER_JOUR, coordinates=INTAKE, want="Bara för er ögon")
    clinic = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "olof")
    await clinic.unlocks(passphrase)
    await clinic.opens()
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "ingrid")
    page = desk.page
    await desk.unlocks(passphrase)
    await desk.opens()
    await desk.sees("Det kan ni göra när ni har tagit emot.")
    await desk.unfolds("Ta emot")
    await page.get_by_label("Ert diarienummer").fill("SN 2026:119")
    await desk.button("Ta emot").click()
    await page.get_by_role("link", name="Samråd och kontaktlista").click()
    await expect(desk.rows("Kuratorn")).to_contain_text("Öppnat")
    await expect(desk.rows("stödsamtal")).to_contain_text("Inte öppnat")
    await expect(page.get_by_text("Bara för er ögon")).to_have_count(0)
    names = "\n".join(f"Myndighet nummer {n}" for n in range(1, 41))
    await page.get_by_label("Lägg till kontakter").fill(names)
    await desk.button("Lägg till").click()
    await expect(page.locator(".contacts > li")).to_have_count(40)
    await desk.unfolds("Myndighet nummer 7")
    line = page.locator(".contacts details[open]")
    await line.get_by_label("Läge").select_option("Vi har tagit över")
    await line.get_by_label("Anteckning").fill("Vi ringer Försäkringskassan på torsdag")
    await line.get_by_label("Plats i listan").fill("1")
    await _is_fit(page, keep_screen, "list")
    await line.get_by_role("button", name="Spara").click()
    await expect(page.locator(".contacts > li").first).to_contain_text("Vi har tagit över")
    await page.get_by_label("Plats", exact=True).fill("Biblioteket, rum 2")
    await page.get_by_label("Tid", exact=True).fill("torsdag 3 december klockan 10")
    await desk.button("Skicka förslaget").click()
    await expect(page.get_by_role("status")).to_contain_text("Förslaget är skickat.")
    await clinic.page.reload()
    await clinic.sees("Socialtjänstens mottagning i Vallentuna föreslår ett möte")
    await clinic.sees("Biblioteket, rum 2")
    await _is_fit(clinic.page, keep_screen, "invited")
    await clinic.button("Vi kommer").click()
    await expect(clinic.page.get_by_role("status")).to_contain_text("Ni kommer på mötet.")
    await page.reload()
    await expect(desk.rows("Kuratorn")).to_contain_text("Senaste mötet: kommer")


async def test_two_at_the_same_list_lose_nothing(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """Whoever comes second is told, sees the new list, and still has what was typed."""
    await hand_over(server, INTAKE, coordinates=INTAKE, want="Hej")
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "ingrid")
    page = desk.page
    await desk.unlocks(passphrase)
    await desk.opens()
    await desk.unfolds("Ta emot")
    await page.get_by_label("Ert diarienummer").fill("SN 2026:120")
    await desk.button("Ta emot").click()
    await page.get_by_role("link", name="Samråd och kontaktlista").click()
    await page.get_by_label("Lägg till kontakter").fill("Försäkringskassan\nSkolan")
    await desk.button("Lägg till").click()
    await expect(page.locator(".contacts > li")).to_have_count(2)
    second = await page.context.new_page()
    await second.goto(page.url)
    await desk.unfolds("Skolan")
    await page.locator("details[open]").get_by_role("button", name="Flytta upp").click()
    await expect(page.locator(".contacts > li").first).to_contain_text("Skolan")
    await second.locator("summary").filter(has_text="Försäkringskassan").click()
    await second.locator("details[open]").get_by_label("Anteckning").fill("Ring på måndag")
    await second.locator("details[open]").get_by_role("button", name="Spara").click()
    await expect(second.get_by_role("alert")).to_contain_text("Inget sparades.")
    kept = second.locator("form.kept")
    await expect(kept.get_by_label("Anteckning")).to_have_value("Ring på måndag")
    await _is_fit(second, keep_screen, "conflict")
    await expect(kept.get_by_label("Spara på raden")).to_have_value("1")
    await kept.get_by_role("button", name="Spara").click()
    await expect(second.locator(".contacts > li").nth(1)).to_contain_text("Ring på måndag")


async def test_question_and_answer_go_there_and_back(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """The clinic asks, she reads that with her code and answers, the clinic sees that something is new."""
    handed = await hand_over(server, CLINIC, want="Jag vill prata med någon om sömnen")
    clinic = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "olof")
    await clinic.unlocks(passphrase)
    await clinic.opens()
    await clinic.unfolds("Fråga eller skriv")
    await clinic.page.get_by_label("Till personen", exact=True).fill("Passar torsdag?")
    await clinic.button("Skicka").click()
    her = await open_page(f"{server.at.url}/ticket", viewport=PHONE)
    await her.get_by_label("Din kod").fill(handed.code)
    await her.get_by_role("button", name="Visa").click()
    await expect(her.get_by_text("Passar torsdag?").first).to_be_visible()
    await her.get_by_label("Din text").fill("Ja, på eftermiddagen")
    await her.get_by_role("button", name="Skicka").click()
    await expect(her.get_by_text("Ja, på eftermiddagen").first).to_be_visible()
    await clinic.page.get_by_role("link", name="Inkorg").click()
    await expect(clinic.rows("1 nytt brev från personen")).to_be_visible()
    await keep_screen(clinic.page, "new")
    await clinic.looks_at("1 nytt brev från personen")
    letter = clinic.page.locator(".letter").last
    await expect(letter).to_contain_text("Nytt")
    await expect(letter).to_contain_text("Ja, på eftermiddagen")
    await clinic.unfolds("Ta emot")
    await clinic.page.get_by_label("Ert diarienummer").fill("VC 2026:4")
    await clinic.button("Ta emot").click()
    await her.get_by_role("button", name="Jag har ångrat mig").click()
    await her.get_by_role("button", name="Ja, jag ångrar mig").click()
    await expect(her.get_by_text("Du har ångrat dig.").first).to_be_visible()
    await clinic.button("Lås nyckeln").click()
    await clinic.sees("1 person har ångrat sig sedan ni läste.")
    await _is_fit(clinic.page, keep_screen, "regretted-locked")
    await clinic.unlocks(passphrase)
    await expect(clinic.page.get_by_role("link", name="VC 2026:4")).to_be_visible()
    await _is_fit(clinic.page, keep_screen, "regretted")
    await clinic.page.get_by_role("link", name="Läs vad det betyder.").click()
    await clinic.sees("Ert diarienummer: VC 2026:4")
    await _is_fit(clinic.page, keep_screen, "regretted-closed")
    await clinic.page.get_by_role("link", name="Inkorg").first.click()
    await expect(clinic.page.get_by_text("har ångrat sig")).to_have_count(0)


async def test_keyboard_alone_without_scripts(server: Server, open_page: OpenPage, passphrase: str) -> None:
    """From the sign-in to a sent answer, with Tab and Enter, in a browser that runs no scripts."""
    await hand_over(server, OTHER_JOUR, want="Jag vill prata med någon")
    page = await open_page(f"{server.at.url}/tickets", javascript=False)
    desk, keys = ReceiverAtDesk(page), page.keyboard
    astrid = next(one for one in server.at.staff if one.name == "astrid")
    await expect(page.get_by_label("Namn")).to_be_focused()
    await keys.type(astrid.name)
    await keys.press("Tab")
    await keys.type(astrid.password)
    await keys.press("Enter")
    await desk.sees("väntar")
    await _tabs_to(page, "Enhetens lösenfras")
    await keys.type(passphrase)
    await keys.press("Enter")
    await desk.sees("Inte öppnad")
    await _tabs_to(page, await page.locator(".row a").first.inner_text())
    await keys.press("Enter")
    await desk.sees("När du öppnar den antecknas det.")
    await _tabs_to(page, "Öppna och läs")
    await keys.press("Enter")
    await desk.sees("Öppnad. Det är antecknat.")
    await _tabs_to(page, "Fråga eller skriv")
    await keys.press("Enter")
    await _tabs_to(page, "Till personen")
    await keys.type("När passar det dig?")
    await _tabs_to(page, "Skicka")
    await keys.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Skickat.")
    await expect(page.locator(".letter")).to_contain_text("När passar det dig?")


FOCUSED = """() => {
  const {innerText, labels} = document.activeElement;
  return [innerText, ...Array.from(labels ?? [], (label) => label.innerText)].join(" ");
}"""


async def _tabs_to(page: Page, name: str) -> None:
    """Press Tab until what has this name is focused."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if name in await page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab does not lead to {name}")
