# SPDX-License-Identifier: EUPL-1.2
"""The whole way of a handover on everybody's own screen: hers, the volunteer's, the receivers', hers."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator, Sequence

import pytest
from playwright.async_api import Page, expect

from tests.browser.arriving import PHONE, visitor_comes
from tests.browser.asked import Asked
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.drafter import COUNSELLOR, INTAKE, Drafter
from tests.browser.people import NEUTRAL
from tests.browser.receiving import ReceiverAtDesk
from tests.browser.wire import PATIENCE_S
from tests.outside.server import Server

WANT = "Jag vill ha ett ställe där han inte hittar mig."
LEFT_OUT = "Zebrarandig gardin"
"""Words of an item that she leaves out."""
UNCHOSEN = "Kvastskaft i hallen"
"""Words of a message that nobody chose."""
CHOSEN = "Han har läst mina meddelanden."
GROUP = "Samverkan mot våld, socialtjänsten i Bollnäs"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these stories' own: nobody else's tickets lie in its inboxes."""
    with Server(tmp_path_factory.mktemp("handover"), capacity=10) as running:
        yield running


@pytest.fixture
def passphrase(server: Server) -> str:
    """What opens every unit of the demo."""
    return server.at.receiver_passphrases["mottagningen-vallentuna"]


async def talk(
    server: Server, open_page: OpenPage, service: str, said: Sequence[str] = ()
) -> tuple[Asked, Drafter]:
    """Two who talk, each on a screen."""
    visitor, wire = await visitor_comes(open_page, server, service)
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), server, service)
    await drafter.accepts()
    await visitor.sees_in_log("Alva")
    for text in said:
        await visitor.writes_and_means(text)
        await drafter.reads(text)
    return Asked(visitor, wire), drafter


async def says_yes(asked: Asked, receiver: str, *items: str, also: tuple[str, ...] = ()) -> str:
    """Say yes to one receiver, who is shown now, and to nobody else; return the code."""
    await asked.is_at(receiver)
    await asked.ticks(*items, "får berätta det här för", "Uppgifterna om mig", *also)
    await asked.presses("Ja, det får de veta")
    await expect(asked.sheet.get_by_role("heading", name=receiver, level=2)).to_have_count(0)
    if await asked.visitor.button("Skicka inget hit").is_visible():
        await asked.presses("Skicka inget hit")
    await asked.is_at("Stämmer det här?")
    await asked.presses("Ja, skicka")
    await asked.is_at("Det är skickat")
    code = " ".join(await asked.words())
    await asked.knows_the_code()
    return code


async def her_page(open_page: OpenPage, server: Server, code: str) -> Page:
    """Let her come to her page with the code, typed as people type."""
    page = await open_page(f"{server.at.url}/ticket", viewport=PHONE)
    await page.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    await page.get_by_label("Din kod").fill(code.upper().replace(" ", ", "))
    await page.get_by_role("button", name="Visa").first.click()
    await expect(page.get_by_role("heading", name="Det du har skickat")).to_be_visible()
    return page


async def everything_reachable(desk: ReceiverAtDesk) -> str:
    """Return all that a receiver gets to see of the ticket that lies open: its pages, its print, its file."""
    page, address = desk.page, desk.page.url.split("?")[0]
    texts = [await page.content()]
    texts += [await (await page.request.get(address + path)).text() for path in ("/print", "/ticket.json")]
    await page.goto(address.rsplit("/", 1)[0])
    return "\n".join([*texts, await page.content()])


async def test_yes_to_one_of_two_all_the_way(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """Drafted, asked, edited, sent, opened, asked about, answered, and taken back when it is too late."""
    asked, drafter = await talk(server, open_page, "linden", (UNCHOSEN, CHOSEN))
    panel = await drafter.drafts()
    await panel.get_by_label("Kort om vad som har hänt").fill(LEFT_OUT)
    await panel.get_by_label(COUNSELLOR).check()
    log = drafter.pane().locator("[data-part=log]")
    await log.get_by_label("Skicka med").last.check()
    await drafter.asks()
    await asked.looks()
    await asked.sheet.get_by_label("Vad jag vill").first.fill(WANT)
    await asked.presses("Nästa")
    code = await says_yes(asked, INTAKE, "Vad jag vill", "Meddelanden från chatten")
    await expect(drafter.strip()).to_contain_text(re.compile(rf"Besökaren sa ja till: .?{INTAKE}"))
    await asked.visitor.ends()

    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "ingrid")
    await desk.unlocks(passphrase)
    await desk.opens()
    for text in (WANT, CHOSEN):
        await desk.sees(text)
    await keep_screen(desk.page, "receiver")
    address = desk.page.url.split("?")[0]
    reached = await everything_reachable(desk)
    assert WANT in reached
    for text in (LEFT_OUT, UNCHOSEN):
        assert text not in reached
    other = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "olof")
    await other.unlocks(passphrase)
    await expect(other.rows()).to_have_count(0)
    assert (await other.page.request.get(address)).status == 404

    await desk.page.goto(address)
    await desk.unfolds("Fråga eller skriv")
    await desk.page.get_by_label("Till personen", exact=True).fill("Har du någonstans att sova i natt?")
    await desk.button("Skicka").click()
    hers = await her_page(open_page, server, code)
    await expect(hers.get_by_text("Har du någonstans att sova i natt?")).to_be_visible()
    await keep_screen(hers, "hers")
    await hers.get_by_label("Din text").fill("Ja, hos en vän.")
    await hers.get_by_role("button", name="Skicka").click()
    await expect(hers.get_by_text("Det är skickat.")).to_be_visible()
    await desk.page.goto(address)
    await desk.sees("Ja, hos en vän.")
    await hers.get_by_role("button", name="Jag har ångrat mig").click()
    await expect(hers.get_by_text("Det de har läst går inte att ta tillbaka.")).to_be_visible()
    await keep_screen(hers, "hers-withdraw")
    await hers.get_by_role("button", name="Ja, jag ångrar mig").click()
    await expect(hers.get_by_text("Du har ångrat dig.").first).to_be_visible()
    await desk.page.reload()
    await expect(desk.page.get_by_text(WANT)).to_have_count(0)
    await keep_screen(desk.page, "receiver-withdrawn")


async def test_perpetrator_track_never_meets_the_other(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """Other receivers are offered, others see it, and to the rest it does not exist."""
    asked, drafter = await talk(server, open_page, "hamnen")
    panel = await drafter.drafts(to=GROUP)
    await expect(panel.get_by_label(INTAKE)).to_have_count(0)
    await drafter.asks()
    await asked.looks()
    await asked.presses("Nästa")
    await asked.is_at(GROUP)
    await keep_screen(asked.page, "receiver")
    await says_yes(asked, GROUP, "Vad jag vill", also=("Jag vet att polisen arbetar där",))
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "gunnar")
    await desk.unlocks(passphrase)
    await desk.opens()
    address = desk.page.url.split("?")[0]
    for name in ("ingrid", "teresa"):
        other = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, name)
        await other.unlocks(passphrase)
        await expect(other.page.get_by_text(GROUP)).to_have_count(0)
        assert (await other.page.request.get(address)).status == 404
    await asked.visitor.ends()


async def test_ticket_that_nobody_opens_comes_back(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, passphrase: str
) -> None:
    """Its time runs out: the receiver never had it, and her page says so and what she can do now."""
    asked, drafter = await talk(server, open_page, "linden")
    await drafter.drafts()
    await drafter.asks()
    await asked.looks()
    await asked.presses("Nästa")
    code = await says_yes(asked, INTAKE, "Vad jag vill")
    await asked.visitor.ends()
    # Fourteen days go by for the tickets, and for nothing else.
    with sqlite3.connect(server.data / "data" / "jourchatt.sqlite", timeout=10) as database:
        database.execute("UPDATE ticket SET deadline = 0 WHERE state = 'delivered'")
    database.close()
    desk = await ReceiverAtDesk.sits_down(await open_page("about:blank"), server, "ingrid")
    await desk.unlocks(passphrase)
    returned = desk.rows("Gick tillbaka, oöppnad")
    async with asyncio.timeout(PATIENCE_S):
        while not await returned.count():  # the page does not move by itself
            await desk.page.reload()
    hers = await her_page(open_page, server, code)
    await expect(hers.get_by_text("Ingen öppnade det i tid.")).to_be_visible()
    await keep_screen(hers, "hers")
