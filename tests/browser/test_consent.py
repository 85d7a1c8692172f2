# SPDX-License-Identifier: EUPL-1.2
"""She is asked for a yes: item by item, receiver by receiver, and nothing leaves without it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.arriving import PHONE
from tests.browser.asked import (
    COORDINATOR,
    COUNSELLOR,
    INTAKE,
    POLICE,
    SOCIAL,
    SUMMARY,
    WANT,
    Asked,
    in_a_talk,
)
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.thorough import once_more
from tests.browser.wire import axe_finds
from tests.outside.server import Server

NUMBER = "070-123 45 67"
SIDEWAYS = """[document.documentElement, document.querySelector(".sheet")]
    .map((element) => element.scrollWidth - element.clientWidth)"""
"""How far the page and the sheet can be moved to the side."""


async def test_yes_to_one_of_two_receivers_with_one_item_left_out(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The left-out item is in no frame; she gets her six words; the log shows only how it went."""
    async with in_a_talk(server, open_page, said=("hej, det är jobbigt hemma",)) as (asked, asking, seqs):
        page = asked.page
        assert asked.wire.asked_for("/consent/") == []
        await asking.asks(messages=seqs)
        await asked.visitor.sees_in_log(f"{INTAKE} och {COUNSELLOR}")
        await asked.visitor.sees_in_log("Säger du nej skickar vi inget.")
        assert await axe_finds(page) == []
        await keep_screen(page, "1-card")
        await asked.looks()
        assert await axe_finds(page) == []
        await keep_screen(page, "2-items")
        await asked.goes_to_first_receiver()
        await expect(asked.sheet.locator("input:checked")).to_have_count(0)
        await keep_screen(page, "3-receiver")
        await asked.ticks("Vad jag vill", "Meddelanden från chatten")
        await expect(asked.sheet.locator("input:checked")).to_have_count(2)
        assert await axe_finds(page) == []
        await asked.presses("Ja, det får de veta")
        await asked.is_told_above("får berätta det här för", "Ska vi få berätta det?")
        await keep_screen(page, "4-lacks")
        await asked.ticks("får berätta det här för", "Uppgifterna om mig")
        await asked.presses("Ja, det får de veta")
        await asked.is_at("Kuratorn på vårdcentralen i Vallentuna")
        await asked.presses("Skicka inget hit")
        await asked.is_at("Stämmer det här?")
        assert await axe_finds(page) == []
        await keep_screen(page, "5-summary")
        assert asked.wire.sent("code") == asked.wire.sent("answer") == []
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        assert await asking.is_answered() == ["Socialtjänstens mottagning i Vallentuna"]
        assert len(await asked.words()) == 6
        assert await axe_finds(page) == []
        await keep_screen(page, "6-code")
        answer = await asked.answers()
        assert [(yes["receiver"], yes["items"]) for yes in answer["yes"]] == [
            ("mottagningen-vallentuna", ["want", "messages"])
        ]
        assert answer["content"] == {"want": WANT, "messages": seqs}
        for word in SUMMARY.split():
            if len(word) > 4:
                assert word not in asked.answer_on_the_wire()
        await asked.knows_the_code()
        await expect(asked.sheet).to_be_hidden()
        await asked.visitor.sees_in_log("Du har sagt ja.")
        await keep_screen(page, "7-after")
        await expect(page.get_by_role("log")).not_to_contain_text("undrar")


async def test_no_keeps_the_talk_open(server: Server, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """One press; nothing is sent, it is said kindly, and she can write on."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks()
        await asked.presses("Nej tack")
        await asked.visitor.sees_in_log("Det är helt okej. Vi skickar inget.")
        assert await asking.is_answered() == []
        answer = await asked.answers()
        assert (answer["yes"], answer.get("content"), answer.get("code")) == ([], None, None)
        assert asked.wire.sent("code") == []
        await asked.visitor.writes("tack för att du frågade")
        await asked.visitor.sees_in_log("tack för att du frågade")
        await expect(asked.visitor.button("Nej tack")).to_have_count(0)
        await keep_screen(asked.page, "no")


async def test_no_at_the_very_end_is_a_no(server: Server, open_page: OpenPage) -> None:
    """Everything ticked, and then she does not want to: nothing of it has left her page."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks(receivers=[SOCIAL])
        await asked.looks()
        await asked.goes_to_first_receiver()
        await asked.says_yes_to_first("Vad jag vill", "Vad som har hänt")
        await asked.presses("Nej, skicka inget")
        assert await asking.is_answered() == []
        await expect(asked.sheet).to_be_hidden()
        await asked.visitor.sees_in_log("Vi skickar inget")
        assert all(WANT not in frame and "slagit" not in frame for frame in asked.wire.frames)


async def test_text_that_she_changes_is_what_goes(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Her words and choices stand; a number in them is marked and never leaves; what is left out is out."""
    said = ("hej", "han läser min telefon")
    async with in_a_talk(server, open_page, said=said) as (asked, asking, seqs):
        page, sheet = asked.page, asked.sheet
        await asking.asks(receivers=[SOCIAL], messages=seqs)
        await asked.looks()
        await sheet.get_by_label("Vad jag vill").fill(f"Jag vill bo någon annanstans, ring {NUMBER}")
        await expect(sheet.locator("mark")).to_have_text(NUMBER)
        await keep_screen(page, "marked")
        await sheet.get_by_label("När det passar").fill("Bara på lunchen")
        await sheet.get_by_role("button", name="Hot, kontroll eller elaka ord").click()
        await sheet.get_by_label("Bor det barn hemma?").select_option(label="Ta inte med det")
        await sheet.get_by_role("button", name="Lämna ute: han läser").click()
        await asked.goes_to_first_receiver()
        await expect(asked.box("Bor det barn hemma?")).to_have_count(0)
        await asked.says_yes_to_first(
            "Vad jag vill", "Vad det handlar om", "Meddelanden från chatten", "Hur de kan nå mig"
        )
        await asked.is_at("Stämmer det här?")
        await expect(sheet).to_contain_text("ring [telefonnummer]")
        await expect(sheet).not_to_contain_text("han läser min telefon")
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        answer = await asked.answers()
        assert answer["content"] == {
            "want": "Jag vill bo någon annanstans, ring [telefonnummer]",
            "forms": ["physical"],
            "messages": seqs[:1],
            "contact": {"way": "code", "times": "Bara på lunchen"},
        }
        assert all("123 45 67" not in sent for sent in asked.wire.everything())


async def test_who_she_is_needs_a_yes_of_its_own(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Folded and empty; a tick beside her name is not enough; the other receiver is not told."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        page, sheet = asked.page, asked.sheet
        await asking.asks()
        await asked.looks()
        await expect(sheet.get_by_label("Namn eller det du vill kallas")).to_be_hidden()
        await sheet.get_by_text("Vill du berätta vem du är?").click()
        await sheet.get_by_label("Namn eller det du vill kallas").fill("Sam Ek")
        await keep_screen(page, "unfolded")
        assert await axe_finds(page) == []
        await asked.goes_to_first_receiver()
        await expect(asked.box("får veta vem jag är")).to_be_hidden()
        await asked.says_yes_to_first("Vad jag vill", "Namn eller det du vill kallas")
        await asked.is_told_above("får veta vem jag är", "Ska de få veta vem du är?")
        await keep_screen(page, "own-yes")
        await asked.ticks("får veta vem jag är")
        await asked.presses("Ja, det får de veta")
        await asked.is_at(COUNSELLOR)
        await asked.says_yes_to_first("Vad jag vill")
        await asked.is_at("Stämmer det här?")
        await asked.presses("Ja, skicka")
        assert await asking.is_answered() == [INTAKE, COUNSELLOR]
        first, second = (await asked.answers())["yes"]
        assert (first["identity"], first["items"]) == (True, ["want", "name"])
        assert (second["identity"], second["items"]) == (False, ["want"])


async def test_receiver_with_police_needs_a_yes_of_its_own(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """It is said that police work there, and she ticks that she knows; the measure is hers to wish for."""
    async with in_a_talk(server, open_page) as (asked, asking, _):
        await asking.asks(receivers=[POLICE])
        await asked.looks()
        await asked.presses("Nästa")
        await asked.is_at(COORDINATOR)
        await expect(asked.sheet).to_contain_text("Det här är polisen.")
        await asked.says_yes_to_first("Vad jag vill")
        await asked.is_told_above("Jag vet att polisen arbetar där", "om du vill skicka hit")
        await keep_screen(asked.page, "police")
        await asked.ticks("Jag vet att polisen arbetar där")
        await asked.presses("Ja, det får de veta")
        await asked.presses("Ja, skicka")
        assert await asking.is_answered() == [COORDINATOR]
        (yes,) = (await asked.answers())["yes"]
        assert (yes["police"], yes["measure"], yes["coordinate"]) == (True, False, False)


async def test_keyboard_alone(server: Server, open_page: OpenPage, keep_screen: KeepScreen) -> None:
    """The way out comes first, the chat under the sheet is out of reach, Esc does nothing, Space ticks."""
    async with in_a_talk(server, open_page, viewport=DESKTOP) as (asked, asking, _):
        page, sheet = asked.page, asked.sheet
        keys = page.keyboard
        await asking.asks(receivers=[SOCIAL])
        await asked.visitor.button("Titta på det").focus()
        await keys.press("Enter")
        await expect(sheet.get_by_role("heading", level=2)).to_be_focused()
        await keys.press("Escape")
        await expect(sheet).to_be_visible()
        await keep_screen(page, "desktop")
        await page.get_by_role("link", name="Lämna snabbt").focus()
        await keys.press("Shift+Tab")
        assert await page.evaluate("document.activeElement === document.body")
        await page.get_by_role("link", name="Lämna snabbt").focus()
        seen = await _tabbed(page)
        assert seen[:2] == ["hide", "end"]
        assert len(seen) > 8
        assert not {"text", "send", "log"} & set(seen)
        await asked.goes_to_first_receiver()
        await expect(sheet.get_by_role("heading", level=2)).to_be_focused()
        await keys.press("Tab")
        await expect(asked.box("Vad jag vill")).to_be_focused()
        await keys.press("Space")
        for label in ("får berätta det här för", "Uppgifterna om mig"):
            await asked.box(label).focus()
            await keys.press("Space")
        await asked.visitor.button("Ja, det får de veta").focus()
        await keys.press("Enter")
        await asked.is_at("Stämmer det här?")
        await keep_screen(page, "summary")
        await keys.press("Tab")
        await expect(asked.visitor.button("Ja, skicka")).to_be_focused()
        await keys.press("Enter")
        await asked.is_at("Det är skickat")
        await keep_screen(page, "code")
        await asked.visitor.button("Jag kan orden").focus()
        await keys.press("Enter")
        await asked.is_at("Kan du alla sex?")
        await asked.visitor.button("Ja, ta bort dem").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("log")).to_be_focused()


async def _tabbed(page: Page) -> list[str]:
    """Press Tab until the page is left, and return the ids of what had the focus."""
    seen: list[str] = []
    for _ in range(60):
        await page.keyboard.press("Tab")
        at = await page.evaluate(
            "document.activeElement === document.body ? null : document.activeElement.id"
        )
        if at is None:
            break
        seen.append(at)
    return seen


SCREENS = {
    "phone": (PHONE, "light"),
    "dark": (PHONE, "dark"),
    "zoomed": (ViewportSize(width=640, height=400), "light"),
    "narrow": (ViewportSize(width=320, height=480), "light"),
    "large": (DESKTOP, "dark"),
}
"""`zoomed`: a screen of 1280 by 800 at 200 %; the chat on a phone of 360 at 200 % is `narrow` and less."""


@pytest.mark.parametrize("screen", once_more(SCREENS))
async def test_every_screen_fits_and_is_readable(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen, screen: str
) -> None:
    """No sideways scrolling, every button reachable, nothing that a checker finds, from right to left too."""
    viewport, scheme = SCREENS[screen]
    async with in_a_talk(server, open_page, viewport=viewport) as (asked, asking, _):
        page = asked.page
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await asking.asks(receivers=[SOCIAL], summary="allt det som har hänt " * 60)
        await expect(asked.visitor.button("Nej tack")).to_be_in_viewport(ratio=0.99)
        await _check(asked, keep_screen, "card", "Titta på det", "Nej tack")
        await asked.looks()
        await _check(asked, keep_screen, "items", "Nästa")
        await asked.goes_to_first_receiver()
        await asked.ticks("Vad jag vill", "Vad som har hänt", "får berätta det här för", "Uppgifterna om mig")
        await _check(asked, keep_screen, "receiver", "Ja, det får de veta", "Skicka inget hit")
        await asked.presses("Ja, det får de veta")
        await _check(asked, keep_screen, "summary", "Ja, skicka", "Nej, skicka inget")
        await asked.presses("Ja, skicka")
        await asked.is_at("Det är skickat")
        await _check(asked, keep_screen, "code", "Jag kan orden")


async def _check(asked: Asked, keep_screen: KeepScreen, name: str, *buttons: str) -> None:
    page = asked.page
    assert await axe_finds(page) == []
    await keep_screen(page, f"{name}-top")
    for direction in ("rtl", "ltr"):
        await page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        assert await page.evaluate(SIDEWAYS) == [0, 0]
    for button in buttons:
        await asked.visitor.button(button).scroll_into_view_if_needed()
        await expect(asked.visitor.button(button)).to_be_in_viewport(ratio=0.99)
        await expect(page.get_by_role("link", name="Lämna snabbt")).to_be_in_viewport(ratio=0.99)
    await keep_screen(page, f"{name}-end")
