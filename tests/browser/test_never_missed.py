# SPDX-License-Identifier: EUPL-1.2
"""Nobody is missed: it rings once, until somebody answers, and a console that slept tells what it missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, WebSocketRoute, expect

from chat.adapters.in_process import InProcessBus
from chat.ids import ServiceId
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.staff import PHONE, Volunteer
from tests.browser.test_plain import PlainVisitor
from tests.browser.wire import PATIENCE_S, axe_finds
from tests.web.furnishing import NewPlace
from tests.web.running import Running, running

AWAY = Path(__file__).with_name("away.js")
LINDEN = ServiceId("linden")
TABLET = ViewportSize(width=768, height=1024)
HERS = "Han kommer hem klockan fem."
DOUBTFUL = """() => {
  const part = (name) => document.querySelector(`[data-part=${name}]`);
  return document.body.dataset.link === "doubtful" && part("presence").hidden
    && part("banner").innerText.includes("Osäker kontakt")
    && part("trouble").innerText.includes("inte skickat")
    && part("pause").getAttribute("aria-disabled") === "true";
}"""
"""All of it at once: it lasts as long as the page is patient."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def run(new_place: NewPlace) -> AsyncIterator[Running]:
    """A server in this process, so that a story can say how long an operator is waited for."""
    async with running(new_place("missed"), capacity=10) as run:
        yield run


def _is_lost_after_a_second(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who is away is lost after a second, not after 90."""
    services = run.house.chat.rooms.services
    deadlines = replace(services[LINDEN].deadlines, operator_lost=timedelta(seconds=1))
    monkeypatch.setitem(services, LINDEN, replace(services[LINDEN], deadlines=deadlines))


class Network:
    """What carries a console's frames, and stops when a lid is closed or the line is bad."""

    def __init__(self) -> None:
        self.is_cut = False
        self.holds = False
        self._open: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    async def carry(self, route: WebSocketRoute) -> None:
        """Carry one socket; while it holds, nobody is told that the server is there."""
        if self.is_cut:
            await route.close(code=1001)
            return
        upstream = route.connect_to_server()
        upstream.on_message(lambda text: None if self.holds and '"here"' in str(text) else route.send(text))
        self._open.append((route, upstream))

    async def cut(self) -> None:
        """From now on nothing comes or goes."""
        self.is_cut = True
        for route, upstream in self._open:
            await upstream.close()
            await route.close(code=1001)
        self._open.clear()


async def _comes(page: Page, run: Running, name: str, alias: str, service: str = "linden") -> Volunteer:
    await page.add_init_script(path=AWAY)
    volunteer = Volunteer(page, run.at)
    await volunteer.signs_in(run.staff(name))
    await volunteer.goes_on_duty(alias, service)
    return volunteer


async def _rings(page: Page, kind: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-ringing", kind)


async def _rings_at_one(one: Volunteer, other: Volunteer) -> tuple[Volunteer, Volunteer]:
    """Wait until one of the two rings, and return them, the one that rings first."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for loud, still in ((one, other), (other, one)):
                if await loud.page.locator("body").get_attribute("data-ringing"):
                    return loud, still


async def _shows(page: Page, *are_open: bool) -> list[dict[str, Any]]:
    """Wait until as many notifications have been shown, each open or not any more, and return them."""
    await page.wait_for_function(
        "are => JSON.stringify(desk.shown().map(({ open }) => open)) === JSON.stringify(are)", arg=are_open
    )
    return cast("list[dict[str, Any]]", await page.evaluate("desk.shown()"))


async def test_it_rings_once_until_somebody_answers(
    run: Running, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Two consoles in one browser: one rings, the other when that one is silenced, none once she is taken."""
    first = await _comes(await open_page("about:blank"), run, "anna", "Alva")
    await first.page.context.clear_cookies()
    second = await _comes(await first.page.context.new_page(), run, "maja", "Bodil")
    section = first.page.locator("[data-part=alerting]")
    await first.unfolds_my_shift()
    await section.locator("summary").click()
    await first.page.get_by_role("button", name="Prova ljudet").click()
    await expect(section.get_by_text("Så låter det när någon väntar.")).to_be_visible()
    await expect(section).to_have_attribute("data-sound", "on")
    await first.page.get_by_role("button", name="Tillåt aviseringar").click()
    await expect(section.get_by_text("På. Rutan visas")).to_be_visible()
    await keep_screen(first.page, "section")
    assert await axe_finds(first.page) == []

    visitor = await run.visitor("linden")
    await expect(first.page).to_have_title("(1) Konsol")
    await expect(second.page).to_have_title("(1) Konsol")
    loud, still = await _rings_at_one(first, second)
    await _rings(loud.page, "waiting")
    await _rings(still.page, "")
    await keep_screen(loud.page, "ringing")
    await loud.page.get_by_role("button", name="Tysta ringningen").click()
    await _rings(loud.page, "")
    await _rings(still.page, "waiting")
    await still.accepts()
    for each in (first, second):
        await _rings(each.page, "")
    await expect(loud.page).to_have_title("Konsol")

    # The window is not looked at: one soft tone and one neutral notification, gone with a look.
    await first.page.evaluate("desk.look(false)")
    assert await _shows(first.page) == []
    other = await run.visitor("linden", intake={"acute": True})
    await expect(first.waiting()).to_have_count(1)
    (notification,) = await _shows(first.page, True)
    assert notification == {
        "title": "Nytt i fliken",
        "tag": "new",
        "silent": True,
        "requireInteraction": True,
        "open": True,
    }
    await first.page.evaluate("desk.look(true)")
    await _shows(first.page, False)
    await first.page.evaluate("desk.look(false)")
    await other.leaves()
    await expect(first.waiting()).to_have_count(0)
    await visitor.leaves()
    for each in (first, second):
        await each.ends_shift()


async def test_console_that_is_not_heard_says_so_at_once(
    run: Running, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """A lid, a frozen tab and a lost network: never "connected" before an answer has come back."""
    page = await open_page("about:blank")
    network = Network()
    await page.route_web_socket("**/ws/operator**", network.carry)
    volunteer = await _comes(page, run, "anna", "Alva")
    visitor = await run.visitor("linden")
    await volunteer.accepts()
    body = page.locator("body")
    await expect(body).to_have_attribute("data-link", "fine")

    network.holds = True
    await page.evaluate("desk.sleep(8 * 3600 * 1000)")
    await page.wait_for_function(DOUBTFUL)
    await keep_screen(page, "doubtful")
    await visitor.says("är du kvar?")
    network.holds = False
    await page.evaluate("document.dispatchEvent(new Event('resume'))")  # the answer was held back: asked anew
    await expect(body).to_have_attribute("data-link", "fine")

    await page.evaluate("links.length = 0")
    await page.context.set_offline(True)
    await expect(body).not_to_have_attribute("data-link", "fine")
    await page.context.set_offline(False)
    await expect(body).to_have_attribute("data-link", "fine")
    # In doubt or lost, whichever the page hears of first: "fine" comes once, after both.
    links = await page.evaluate("links")
    assert links.index("fine") == len(links) - 1 > 0, links
    await volunteer.reads("är du kvar?")
    await visitor.leaves()
    await volunteer.ends_shift()


async def test_lone_operator_lost_and_back(
    run: Running, open_page: OpenPage, keep_screen: KeepScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She is told that nobody else is here, the next reads it all, and who slept sees what happened."""
    network = Network()
    page = await open_page("about:blank")
    await page.route_web_socket("**/ws/operator**", network.carry)
    alva = await _comes(page, run, "anna", "Alva")
    visitor = VisitorOnPage.on_own_page(await open_page(f"{run.at.url}/chat/linden", viewport=PHONE))
    await visitor.starts()
    await alva.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.writes_and_means(HERS)
    await alva.reads(HERS)
    plain = PlainVisitor(await open_page(f"{run.at.url}/chat/linden/plain", viewport=PHONE, javascript=False))
    await plain.presses("Börja chatta")
    await alva.accepts()
    await plain.reads("Alva")

    await run.operator("sara", "eken", alias="Tove")
    _is_lost_after_a_second(run, monkeypatch)
    await network.cut()
    await visitor.sees("Ingen annan är här just nu.")
    await visitor.sees("Nästa person kan läsa det du har skrivit")
    await visitor.sees("Här svarar någon nu")
    await keep_screen(visitor.page, "nobody-else")
    await plain.reads("Ingen annan är här just nu.")
    await keep_screen(plain.page, "nobody-else-plain")
    await expect(page.locator("[data-part=banner]")).to_contain_text("Ingen kontakt")

    bodil = await _comes(await open_page("about:blank"), run, "maja", "Bodil")
    await expect(bodil.waiting()).to_have_count(2)
    await bodil.accepts()
    await bodil.reads(HERS)
    await visitor.sees_in_log("Bodil")

    network.is_cut = False
    await page.evaluate("dispatchEvent(new Event('online'))")
    for number, text in ((1, "Bodil\u2069 har tagit emot det."), (2, "Ingen har tagit emot det än.")):
        over = alva.pane(number).locator("[data-part=over]")
        await expect(over).to_contain_text("Medan du var borta")
        await expect(over).to_contain_text("gick samtalet tillbaka till kön")
        await expect(over).to_contain_text(text)
    await keep_screen(page, "missed")
    for size, name in ((TABLET, "tablet"), (PHONE, "phone")):
        await page.set_viewport_size(size)
        await keep_screen(page, f"missed-{name}")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(DESKTOP)
    await keep_screen(page, "missed-dark")
    assert await axe_finds(page) == []
    await page.get_by_role("button", name="Gå i tjänst igen som").click()
    await expect(page.locator("[data-part=duty-on]")).to_be_visible()
    await expect(page.locator("[data-part=while-away]")).to_be_hidden()
    await alva.button("Ta emot igen", 2).click()
    await plain.reads("Alva")
    await expect(alva.pane(2).locator("[data-part=composer]")).to_be_visible()
    await visitor.ends()


async def test_slow_messages_are_told_until_they_are_fast_again(
    run: Running, open_page: OpenPage, keep_screen: KeepScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the processes do not hear each other: said at the top, also to whoever comes in meanwhile."""
    page = await open_page("about:blank")
    volunteer = await _comes(page, run, "sara", "Disa", "eken")
    line = page.get_by_role("status").filter(has_text="dröja upp till två sekunder")
    await expect(line).to_have_count(0)
    bus = cast("InProcessBus", run.house.chat.bus)
    monkeypatch.setattr(bus, "is_away", lambda: True)
    bus._listeners.turn(True)
    await expect(line).to_be_visible()
    for size, name in ((DESKTOP, "slow-desktop"), (PHONE, "slow-phone")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="light" if size is PHONE else "dark")
        await expect(line).to_be_in_viewport()
        await keep_screen(page, name)
    assert await axe_finds(page) == []
    await volunteer.page.reload()
    await expect(line).to_be_visible()
    monkeypatch.undo()
    bus._listeners.turn(False)
    await expect(line).to_have_count(0)
