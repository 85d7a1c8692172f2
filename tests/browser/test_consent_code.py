# SPDX-License-Identifier: EUPL-1.2
"""The six words after her yes: seen at once, asked about twice, and nothing said that is not so."""

from __future__ import annotations

from playwright.async_api import ViewportSize, expect

from tests.browser.asked import INTAKE, POLICE, SOCIAL, Asked, Asking, in_a_talk
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

SMALL = ViewportSize(width=360, height=640)
DANGER = "han slår in dörren nu, hjälp"
DYING = "jag tänker ta livet av mig ikväll"


async def _says_yes(asked: Asked, asking: Asking, *ticks: str, receiver: str = SOCIAL) -> list[str]:
    """Say yes to one item for one receiver, and return the words of the code."""
    await asking.asks(receivers=[receiver])
    await asked.looks()
    await asked.presses("Nästa")
    await asked.ticks("Vad jag vill", *ticks)
    await asked.says_yes_to_first()
    await asked.presses("Ja, skicka")
    await asked.is_at("Det är skickat")
    return await asked.words()


NARROW = ViewportSize(width=320, height=568)


async def test_all_six_words_are_seen_at_once(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """On small screens, with the band about danger open: 112, every word, and where to use them."""
    async with in_a_talk(server, open_page, viewport=SMALL, said=(DANGER,)) as (asked, asking, _):
        page = asked.page
        await asked.visitor.sees("Är du i fara just nu?")
        await _says_yes(asked, asking)
        await expect(asked.code).to_have_count(6)
        band = page.get_by_role("group", name="Är du i fara just nu?")
        for size, name in ((SMALL, "360"), (NARROW, "320"), (DESKTOP, "large")):
            await page.set_viewport_size(size)
            for word in await asked.code.all():
                await expect(word, name).to_be_in_viewport(ratio=0.99)
            await expect(band.get_by_role("link", name="Ring 112"), name).to_be_in_viewport(ratio=0.99)
            seen = await band.bounding_box()
            assert seen is not None
            assert seen["height"] < 60, name
            if size != NARROW:
                await expect(asked.sheet.get_by_text("/ticket"), name).to_be_in_viewport(ratio=0.99)
            await page.emulate_media(color_scheme="dark")
            await keep_screen(page, f"code-{name}-dark")
            assert await axe_finds(page) == [], name
            await page.emulate_media(color_scheme="light")
            await keep_screen(page, f"code-{name}-light")
            assert await axe_finds(page) == [], name
        await asked.presses("Tillbaka till chatten")
        await expect(asked.visitor.button("Ja, jag är i fara nu")).to_be_visible()


async def test_code_is_not_lost_by_one_press(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She is asked once more without seeing the words, and gets them back if she is not sure."""
    async with in_a_talk(server, open_page, viewport=SMALL) as (asked, asking, _):
        words = await _says_yes(asked, asking)
        await expect(asked.sheet).to_contain_text("Går du bakåt eller laddar om sidan försvinner koden.")
        await asked.presses("Jag kan orden")
        await asked.is_at("Kan du alla sex?")
        await expect(asked.code).to_have_count(0)
        assert await axe_finds(asked.page) == []
        await keep_screen(asked.page, "sure")
        await asked.presses("Visa dem igen")
        await expect(asked.code).to_have_text(words)
        await asked.knows_the_code()
        await expect(asked.sheet).to_be_hidden()


async def test_what_has_gone_is_not_denied(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """A no after a yes, a question taken back, and the ended page: each says what is so."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await _says_yes(asked, asking)
        await asked.knows_the_code()
        await asking.asks(receivers=[SOCIAL])
        await asking.takes_back()
        await asked.visitor.sees_in_log("har tagit tillbaka frågan. Inget mer har skickats.")
        await asking.asks(receivers=[SOCIAL])
        log = asked.page.get_by_role("log")
        await asked.visitor.sees_in_log("Säger du nej skickar vi inget mer.")
        await expect(log).not_to_contain_text("tagit tillbaka")
        await asked.presses("Nej tack")
        await asked.visitor.sees_in_log("Vi skickar inget mer. Det du redan har skickat till")
        await expect(log).not_to_contain_text("Vi skickar inget.")
        await expect(asked.page.get_by_text("Det du sa ja till finns kvar")).to_have_count(0)
        await keep_screen(asked.page, "no-more")
        await asking.ends()
        ended = asked.page.get_by_text("Det du sa ja till finns kvar hos")
        await expect(ended).to_contain_text(INTAKE)
        await expect(ended).to_contain_text("/ticket")
        assert await axe_finds(asked.page) == []
        await keep_screen(asked.page, "ended")
        await asked.presses("Ta bort texten från skärmen")
        await expect(ended).to_have_count(0)


async def test_what_cannot_be_taken_back_is_said_before(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What counts as received at once: said in the summary, and no promise about changing her mind."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks(receivers=[POLICE])
        await asked.looks()
        await asked.presses("Nästa")
        await asked.says_yes_to_first("Vad jag vill")
        await asked.ticks("Jag vet att polisen arbetar där")
        await asked.presses("Ja, det får de veta")
        await asked.is_at("Stämmer det här?")
        await expect(asked.sheet).to_contain_text("går inte att ta tillbaka.")
        await expect(asked.sheet).not_to_contain_text("Utan koden kan du inte ångra dig")
        await keep_screen(asked.page, "final")


async def test_danger_of_her_own_leads_to_somebody_to_talk_to(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The folded band keeps 112 and those she can talk to; saying that it is acute leads to the chat."""
    async with in_a_talk(server, open_page, viewport=SMALL, said=(DYING,)) as (asked, asking, _):
        await asked.visitor.sees("Är det akut just nu?")
        await asking.asks()
        await asked.looks()
        await keep_screen(asked.page, "self")
        await expect(asked.visitor.button("Fler du kan prata med")).to_be_visible()
        await expect(asked.visitor.button("Ja, det är akut")).to_be_hidden()
        await asked.presses("Tillbaka till chatten")
        await asked.presses("Nej")
        await asked.presses("Titta på det")
        await asked.presses("Det är akut nu")
        await expect(asked.sheet).to_be_hidden()
        await expect(asked.page.get_by_role("link", name="Ring 112").first).to_be_visible()
