# SPDX-License-Identifier: EUPL-1.2
"""Finding a chat, saying a little first, reading while she waits, and what she is asked when it is over."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, ViewportSize, expect

from chat.hours import OpeningHours
from chat.ids import ServiceId
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole, VisitorOnPage
from tests.browser.wire import axe_finds
from tests.web.furnishing import NewPlace
from tests.web.running import Running, running

SMALLEST = ViewportSize(width=320, height=640)
PHONE = ViewportSize(width=360, height=740)
HER_WORDS = "Det är hemma det är svårt."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(new_place: NewPlace) -> AsyncIterator[Running]:
    """A server in this process, so that a story can let the hours pass."""
    async with running(new_place("finding"), capacity=10) as run:
        yield run


async def fits(page: Page) -> bool:
    """Whether nothing lies beside the screen."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def looked_at(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Nothing is wrong for those who cannot see it well, and nothing lies beside the narrowest screen."""
    was = page.viewport_size or PHONE
    assert await axe_finds(page) == []
    await page.set_viewport_size(SMALLEST)
    assert await fits(page), name
    await page.set_viewport_size(was)
    await keep_screen(page, name)


async def on_duty(open_page: OpenPage, run: Running, *services: str) -> OperatorAtConsole:
    """Sign in as the first of a service's staff and go on duty, as Alva."""
    operator = OperatorAtConsole(await open_page(f"{run.at.url}/console"), run.at)
    await operator.signs_in(run.at.operators_of(services[0])[0])
    await operator.goes_on_duty("Alva", *services)
    return operator


async def test_from_not_knowing_where_to_how_it_was(
    open_page: OpenPage, house: Running, keep_screen: KeepScreen
) -> None:
    """She finds a chat by answers, says a little first, reads while she waits, talks, and says how it was."""
    operator = await on_duty(open_page, house, "linden")
    page = await open_page(house.at.url, viewport=PHONE)
    await looked_at(page, keep_screen, "1-find")
    await page.get_by_text("Osäker på vilken?").click()
    is_it, at_once = page.get_by_label("Är det farligt just nu?"), page.locator("#acute")
    await is_it.select_option(label="Ja")
    await expect(at_once.get_by_role("link", name="Ring 112")).to_be_visible()
    await looked_at(page, keep_screen, "2-danger")
    await is_it.select_option(label="Nej")
    await expect(at_once).to_be_hidden()
    await page.get_by_label("Vem gäller det?").select_option(label="Någon jag bryr mig om")
    await page.get_by_label("Vilken kommun").fill("Vallentuna")
    await looked_at(page, keep_screen, "2-asked")
    await page.get_by_role("button", name="Visa vad som passar").click()
    await expect(page.get_by_role("heading", name="Det här kan passa dig")).to_be_visible()
    await looked_at(page, keep_screen, "3-found")
    # Nothing of it is left to go back to: loaded again it is the page that everybody sees.
    await expect(page).to_have_url(f"{house.at.url}/?lang=sv")
    await page.reload()
    await expect(page.get_by_role("heading", name="Vem vill du skriva till?")).to_be_visible()
    await page.get_by_role("link", name="Kvinnojouren i Vallentuna").first.click()

    visitor = VisitorOnPage.on_own_page(page)
    await page.get_by_text("Vill du säga något innan?").click()
    await page.get_by_role("button", name="Ja", exact=True).click()
    danger = page.locator("#ask").get_by_role("alert")
    await expect(danger.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    await looked_at(page, keep_screen, "4-danger")
    await page.get_by_role("button", name="Nej", exact=True).click()
    await expect(danger).to_be_hidden()
    await page.get_by_label("Vad vill du?").select_option(label="Få råd")
    await page.get_by_label("Hur gammal är du?").select_option(label="Under 18")
    await page.get_by_label("Vilken kommun").fill("Vallentuna")
    await visitor.starts()
    await visitor.sees("Du är näst på tur.")
    await page.set_viewport_size(SMALLEST)

    # Tapped where they are: nothing scrolls before somebody comes.
    for summary in ("Att läsa medan du väntar", "Om du är rädd just nu"):
        await page.get_by_text(summary).evaluate("element => element.click()")
    await expect(page.get_by_text("sätta båda fötterna i golvet")).to_be_visible()
    await page.get_by_text("Om du är rädd just nu").evaluate(
        "element => element.focus({preventScroll: true})"
    )
    scroll = page.locator("#scroll")
    assert await scroll.evaluate("element => element.scrollTop") == 0

    await expect(operator.waiting()).to_have_count(1)
    await operator.accepts()
    for words in ("råd", "under 18", "Vallentuna"):
        await expect(operator.pane().locator("[data-part=intake]")).to_contain_text(words)
    strip = page.get_by_text("är här nu.")
    await expect(strip).to_be_visible()
    await operator.writes("Hej. Jag är här.")
    await visitor.sees_in_log("Jag är här.")
    assert await scroll.evaluate("element => element.scrollTop") == 0
    assert await page.evaluate("document.activeElement.textContent") == "Om du är rädd just nu"
    await looked_at(page, keep_screen, "5-come-while-reading")
    await visitor.button("Till samtalet").click()
    await expect(page.get_by_role("log").get_by_text("Jag är här.")).to_be_in_viewport()
    await expect(strip).to_be_hidden()
    await visitor.writes(HER_WORDS)
    await operator.reads(HER_WORDS)

    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    await visitor.ends()
    await visitor.sees("Kändes det bra att skriva här?")
    await looked_at(page, keep_screen, "6-asked-after")
    await visitor.button("Ja").click()
    await visitor.sees("Fick du hjälp med det du ville?")
    await visitor.button("Lite").click()
    await visitor.sees("Skulle du skriva hit igen?")
    await visitor.button("Kanske").click()
    await visitor.sees("Tack för att du svarade.")
    await looked_at(page, keep_screen, "7-thanks")
    told = [json.loads(request.post_data or "{}") for request in sent if request.url.endswith("/asked")]
    assert [(one["question"], one["answer"]) for one in told] == [
        ("felt", "yes"),
        ("helped", "some"),
        ("again", "some"),
    ]
    assert all(set(one) == {"handle", "question", "answer"} for one in told)


async def test_closed_empty_and_closing_time(
    open_page: OpenPage, house: Running, keep_screen: KeepScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What she is told where nobody can answer; her place outlives closing time and a lost network."""
    operator = await on_duty(open_page, house, "eken")
    page = await open_page(f"{house.at.url}/chat/linden", viewport=PHONE)
    await expect(page.get_by_text("Ingen kan svara här just nu.")).to_be_visible()
    await looked_at(page, keep_screen, "1-nobody")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.sees("Ingen kan svara just nu.")
    await expect(page.get_by_role("heading", name="Här svarar någon nu")).to_be_visible()
    await expect(page.get_by_role("link", name="Tjejjouren i Vallentuna")).to_be_visible()
    await looked_at(page, keep_screen, "2-alone")

    services, lobby = house.house.site.services, house.house.chat.lobby
    linden = services[ServiceId("linden")]
    closed = dataclasses.replace(linden.chat, hours=OpeningHours.parse("03:00-03:01"))
    monkeypatch.setitem(services, linden.id, dataclasses.replace(linden, chat=closed))
    monkeypatch.setitem(lobby.services, linden.id, closed)
    await visitor.sees("Chatten har stängt och ingen är kvar här.")
    await expect(page.get_by_text("klockan 03:00")).to_be_visible()
    await looked_at(page, keep_screen, "3-closed-while-waiting")
    await page.context.set_offline(True)
    await visitor.sees("Du har ingen kontakt just nu.")
    await page.context.set_offline(False)
    await visitor.sees("Din plats finns kvar")

    newcomer = await open_page(f"{house.at.url}/chat/linden", viewport=PHONE)
    await expect(newcomer.get_by_role("heading", name="Chatten är stängd just nu")).to_be_visible()
    await expect(newcomer.get_by_role("button", name="Börja chatta")).to_have_count(0)
    await expect(newcomer.get_by_role("link", name="Tjejjouren i Vallentuna")).to_be_visible()
    await looked_at(newcomer, keep_screen, "4-closed")

    # Those who wait are answered while anybody is there, and somebody has come.
    late = await on_duty(open_page, house, "linden")
    await visitor.sees("Chatten har stängt för nya. Du står kvar i kön")
    await expect(late.waiting()).to_have_count(1)
    await late.accepts()
    await visitor.sees("Du chattar med")
    await visitor.ends()
    await operator.page.close()


async def test_finding_without_scripts(open_page: OpenPage, house: Running, keep_screen: KeepScreen) -> None:
    """The form works by itself, says what the browser may remember, and danger leads to 112 first."""
    page = await open_page(house.at.url, viewport=SMALLEST, javascript=False)
    await page.get_by_text("Osäker på vilken?").click()
    await page.get_by_label("Är det farligt just nu?").select_option(label="Ja")
    await page.get_by_label("Vem gäller det?").select_option(label="Jag skadar någon, eller är rädd för det")
    await page.get_by_role("button", name="Visa vad som passar").click()
    await expect(page.get_by_text("inte skicka hjälp")).to_be_visible()
    await expect(page.get_by_role("link", name="Trygghetens hus i Bollnäs")).to_have_count(1)
    await expect(page.get_by_role("link", name="Tjejjouren")).to_have_count(0)
    assert await page.locator("noscript p").is_visible()
    assert page.url == f"{house.at.url}/"
    await keep_screen(page, "found")
    await page.get_by_role("link", name="Visa alla igen").click()
    await expect(page.get_by_label("Vem gäller det?")).to_have_value("")
