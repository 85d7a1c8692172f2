# SPDX-License-Identifier: EUPL-1.2
"""What she is shown is about her, and what tells who she is is marked before anything goes."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, Route, ViewportSize, expect

from tests.browser.asked import INTAKE, SOCIAL, in_a_talk
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

NUMBER = "070-123 45 67"
OTHERS = "samverkan-bollnas"


async def test_who_uses_violence_is_asked_about_what_it_does_to_others(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The same items, with words that fit: never as if it were done to them."""
    async with in_a_talk(server, open_page, service="hamnen") as (asked, asking, _):
        sheet = asked.sheet
        forms = ["physical", "neglect", "latent"]
        await asking.asks(receivers=[OTHERS], forms=forms, summary="Jag har slagit henne.")
        await asked.looks()
        await expect(sheet.get_by_label("Vem det går ut över")).to_be_visible()
        await expect(sheet.get_by_label("Vad jag är rädd att göra")).to_be_visible()
        await expect(sheet).to_contain_text("Inte ge någon det den behöver")
        for hers in ("Vem det är som gör det", "Inte få det man behöver", "Hur farligt jag tror"):
            await expect(sheet).not_to_contain_text(hers)
        assert await axe_finds(asked.page) == []
        await keep_screen(asked.page, "items")
        await asked.presses("Nästa")
        await asked.ticks("Vem det går ut över", "Vad jag gör, eller är rädd att göra")
        await asked.ticks("Jag vet att polisen arbetar där")
        await asked.says_yes_to_first()
        await asked.is_at("Stämmer det här?")
        await expect(sheet).to_contain_text("Att någon är rädd för vad jag kan göra")
        await keep_screen(asked.page, "summary")


async def test_number_is_marked_though_she_never_wrote_in_the_chat(
    server: Server, open_page: OpenPage
) -> None:
    """What looks for it comes with the start: in the boxes and the summary the number is gone."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.sheet.get_by_label("Vad jag vill").fill(f"Ring {NUMBER}")
        await expect(asked.sheet.locator("mark")).to_have_text(NUMBER)
        await asked.goes_to_first_receiver()
        await expect(asked.sheet).to_contain_text("Ring [telefonnummer]")
        await asked.says_yes_to_first("Vad jag vill")
        await asked.is_at("Stämmer det här?")
        await expect(asked.sheet).to_contain_text("Ring [telefonnummer]")
        await expect(asked.sheet).not_to_contain_text("123 45 67")


async def test_what_looks_for_it_may_fail_to_load(server: Server, open_page: OpenPage) -> None:
    """She is not kept from going on."""

    async def kept(address: str, **options: Any) -> Page:
        page = await open_page("about:blank", **options)
        await page.route("**/rules/*", _fails)
        await page.goto(address)
        return page

    async with in_a_talk(server, kept, ready=False) as (asked, asking, _):
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await asked.presses("Ja, skicka")
        assert await asking.is_answered() == [INTAKE]


async def _fails(route: Route) -> None:
    await route.abort()


async def test_every_message_is_read_before_it_is_ticked_and_has_its_name(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """All of them, whole, by who said them; what she left out stays out of the next question too."""
    said = ("hej, det är jobbigt hemma", "han läser min telefon " * 12, "barnen är rädda", "jag vill bort")
    size = ViewportSize(width=360, height=640)
    async with in_a_talk(server, open_page, viewport=size, said=said) as (asked, asking, seqs):
        await asking.says("du är inte ensam")
        mine = asking.operator.connection.seen[-1]["seq"]
        await asking.asks(receivers=[SOCIAL], messages=[*seqs, mine])
        await asked.looks()
        await expect(asked.sheet).to_contain_text("\u2068Alva\u2069 skrev")
        await asked.presses("Lämna ute: barnen är rädda")
        await asked.goes_to_first_receiver()
        shown = asked.sheet.locator("label", has_text="Meddelanden från chatten").locator(".more")
        await expect(shown).to_have_count(4)
        for line in await shown.all():
            assert await line.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
        await shown.last.scroll_into_view_if_needed()
        await keep_screen(asked.page, "messages")
        await asked.says_yes_to_first("Meddelanden från chatten")
        await asked.presses("Ja, skicka")
        await asked.knows_the_code()
        await asking.asks(receivers=[SOCIAL], messages=[*seqs, mine])
        await asked.looks()
        await expect(
            VisitorOnPage.on_own_page(asked.page).button("Ta med igen: barnen är rädda")
        ).to_be_visible()


async def test_no_contact_is_said_once(server: Server, open_page: OpenPage) -> None:
    """Where her answer waits to be sent, the sheet says it; elsewhere the band above does."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page = asked.page
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill")
        await page.context.set_offline(True)
        band = page.get_by_text("Du har ingen kontakt just nu.")
        await expect(band.locator("visible=true")).to_have_count(1)
        await asked.presses("Ja, skicka")
        await expect(asked.sheet).to_contain_text("Vi skickar när kontakten är tillbaka.")
        await expect(band.locator("visible=true")).to_have_count(1)
        await page.context.set_offline(False)
        await asked.is_at("Det är skickat")
