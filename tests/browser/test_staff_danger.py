# SPDX-License-Identifier: EUPL-1.2
"""Danger as the volunteer is told of it: what, who, from which message, and what the service does then.

Whoever writes sits at a socket here, so that these stories are about the staff's screens alone.
"""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.staff import PHONE, Comes, Volunteer, keep_both_sizes
from tests.outside.server import Server

KNIFE = "han har en kniv"
AT_HOME = "han har en kniv, jag bor på Storgatan 5, 186 30 Vallentuna"


async def test_danger_is_told_with_the_services_routine(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Concern first, then acute: what it sounds like, from which message, and what this service does."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says("hej")
    await volunteer.reads("hej")
    await expect(volunteer.alarm()).to_be_hidden()
    await visitor.says("han slår mig ibland")
    await expect(volunteer.alarm()).to_contain_text("Det låter som att besökaren lever med allvarligt våld")
    await expect(volunteer.alarm()).to_contain_text("Gå igenom skyddsplanen tillsammans")
    await expect(volunteer.alarm()).to_contain_text("Det är en gissning")
    await keep_both_sizes(volunteer.page, keep_screen, "concern")

    await volunteer.button("Jag har sett det").click()
    await expect(volunteer.pane().locator("[data-part=composer]")).to_be_focused()
    await expect(volunteer.alarm().get_by_text("skyddsplanen")).to_be_hidden()
    await visitor.says("han slår mig ibland, igen")
    await volunteer.reads("igen")
    await expect(volunteer.button("Visa igen")).to_be_visible()

    await visitor.says(KNIFE)
    await volunteer.told_at_once("Samtal 1. Det låter som att besökaren är i fara nu.")
    await expect(volunteer.alarm()).to_contain_text("Be henne ringa 112 och säga var hon är.")
    await volunteer.button("Visa meddelandet").click()
    await expect(volunteer.pane().locator(".message", has_text=KNIFE)).to_be_focused()
    await keep_both_sizes(volunteer.page, keep_screen, "acute")
    await visitor.connection.send("acute")
    await volunteer.told_at_once("Samtal 1. Besökaren säger: Jag är i fara nu.")
    await volunteer.writes("Jag är här. Kan du ringa 112?")
    await volunteer.reads("Kan du ringa 112?")


async def test_answer_before_the_chat_is_told_as_that_and_is_not_heard_in_the_next_talk(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Where it comes from, and when; her no too. Once it is over nothing of it is left to be read aloud."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes(intake={"acute": True})
    await volunteer.accepts()
    await volunteer.told_at_once("Samtal 1. Besökaren svarade Ja på frågan: Är det farligt just nu?")
    await expect(volunteer.alarm()).to_contain_text(re.compile(r"Före samtalet, .?\d\d:\d\d"))
    await expect(volunteer.alarm()).not_to_contain_text("Jag är i fara nu")
    await visitor.connection.send("not_acute")
    await expect(volunteer.alarm()).to_contain_text("Besökaren svarade Nej på frågan om fara, ")
    announcer = volunteer.page.locator("[data-part=announcer]")
    await expect(announcer).to_have_text("Samtal 1. Besökaren svarade Nej på frågan om fara.")
    await keep_both_sizes(volunteer.page, keep_screen, "answered")
    await visitor.leaves()
    await expect(volunteer.pane().locator("[data-part=over-heading]")).to_have_text(
        "Besökaren lämnade samtalet"
    )
    await expect(volunteer.page.locator("[data-part=alarm-announcer]")).to_have_text("")
    await volunteer.button("Hoppa över").click()
    await expect(announcer).to_have_text("")
    await comes()
    await volunteer.accepts()
    await expect(volunteer.page.get_by_role("article")).to_have_accessible_name("Samtal 2")


async def test_danger_without_words_of_the_service_has_ours(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """By her own hand: general words, in the console's language."""
    page = await open_page("about:blank")
    volunteer = await Volunteer.comes_on_duty(page, strict)
    await page.goto(f"{strict.at.url}/console?lang=en")
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says("jag vill dö")
    alarm = volunteer.pane().get_by_role("region", name="About danger")
    await expect(alarm).to_contain_text("Ask straight out: Are you thinking of taking your life?")
    await keep_both_sizes(page, keep_screen, "own-hand")


async def test_place_that_was_taken_out_is_told_at_once(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """In acute danger an address is missing: on the screen and aloud, also when the banner was folded."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(KNIFE)
    await volunteer.button("Jag har sett det").click()
    await visitor.says(AT_HOME)
    await volunteer.told_at_once("Samtal 1. En adress togs bort ur besökarens meddelande.")
    await expect(volunteer.alarm()).to_contain_text("En adress togs bort")
    masked = volunteer.pane().locator(".masked")
    await expect(masked.first).to_have_text("[adress]")
    await keep_both_sizes(volunteer.page, keep_screen, "place")


async def test_danger_marks_the_tab_of_a_conversation_that_is_not_shown(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """On a phone only one is shown: the other's tab has a mark, with words for who does not see it."""
    page = await open_page("about:blank", viewport=PHONE)
    volunteer = await Volunteer.comes_on_duty(page, strict)
    first = await comes()
    await volunteer.accepts()
    await page.locator("[data-part=to-queue]").click()
    await comes()
    await volunteer.accepts()
    await expect(volunteer.pane(2)).to_be_visible()
    await first.says(KNIFE)
    tab = page.get_by_role("button", name=re.compile("Samtal 1, olästa: 1, Akut, Väntar"))
    await expect(tab).to_be_visible()
    await keep_screen(page, "tab")
    await tab.click()
    await expect(volunteer.alarm(1)).to_contain_text("Det låter som att besökaren är i fara nu.")
    await volunteer.button("Jag har sett det", 1).click()
    await expect(page.get_by_role("button", name=re.compile("Samtal 1, .*Akut"))).to_have_count(0)


async def test_danger_by_keyboard_alone(strict: Server, open_page: OpenPage, comes: Comes) -> None:
    """The banner is folded and opened with Enter, and the focus goes where one would look for it."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(KNIFE)
    page = volunteer.page
    await volunteer.button("Jag har sett det").focus()
    await page.keyboard.press("Enter")
    await expect(volunteer.pane().locator("[data-part=composer]")).to_be_focused()
    await volunteer.button("Visa igen").focus()
    await page.keyboard.press("Enter")
    await expect(volunteer.pane().locator("[data-part=alarm-heading]")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(volunteer.button("Jag har sett det")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(volunteer.button("Visa meddelandet")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(volunteer.pane().locator(".message", has_text=KNIFE)).to_be_focused()


async def test_second_tab_tells_the_danger_and_the_first_keeps_no_word(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """The console opened once more has the banner; in the first one nothing of it is left."""
    page = await open_page("about:blank")
    volunteer = await Volunteer.comes_on_duty(page, strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(KNIFE)
    await expect(volunteer.alarm()).to_be_visible()
    tab = await page.context.new_page()
    await tab.goto(f"{strict.at.url}/console")
    second = Volunteer(tab, strict.at)
    await expect(second.alarm()).to_contain_text("Det låter som att besökaren är i fara nu.")
    await expect(page.get_by_text("Konsolen är öppen i en annan flik")).to_be_visible()
    # In the body: the head has the words of the practice too, which are nobody's.
    assert KNIFE not in await page.locator("body").inner_html()
    await asyncio.gather(visitor.says(AT_HOME), second.told_at_once("En adress togs bort"))
