# SPDX-License-Identifier: EUPL-1.2
"""What protects the volunteer: covered words, a message that tells too much, an unsafe end and the board.

Whoever writes sits at a socket here, so that these stories are about the staff's screens alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.staff import Comes, Supervisor, Volunteer, keep_both_sizes
from tests.outside.server import Server

THREAT = "jag ska döda dig"
SPAM = "köp billiga klockor hos oss nu"
LIFTS = "Häv för Kvinnojouren i Vallentuna"


def _covering(page: Page, cover: str) -> Awaitable[None]:
    """Carry everything, but let the server have seen `cover` in whatever is the threat."""

    def carry(route: WebSocketRoute) -> None:
        upstream = route.connect_to_server()

        def down(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["type"] == "said" and frame["text"] == THREAT:
                frame["seen"] = {"cover": cover}
            route.send(json.dumps(frame))

        upstream.on_message(down)

    return page.route_web_socket("**/ws/operator**", carry)


async def test_covered_words_are_in_the_page_after_a_click_and_not_before(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """A threat is covered, its time is not; a click shows it, another covers it, and no word is left."""
    page = await open_page("about:blank")
    await _covering(page, "threat")
    volunteer = await Volunteer.comes_on_duty(page, strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says(THREAT)
    covered = volunteer.pane().locator(".message", has_text="Kan vara hot mot dig")
    await expect(covered).to_contain_text(re.compile(r"\d\d:\d\d"))
    assert THREAT not in await page.content()
    await keep_both_sizes(page, keep_screen, "covered")
    await visitor.says("förlåt")
    await volunteer.reads("förlåt")
    await volunteer.button("Visa ändå").click()
    await expect(covered).to_contain_text(THREAT)
    await expect(volunteer.button("Dölj igen")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(covered).not_to_contain_text(THREAT)
    assert THREAT not in await page.content()


async def test_the_same_again_and_again_is_one_line(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """What comes too often is folded with a count, and can be read all the same."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    for _ in range(6):
        await visitor.says(SPAM)
    await volunteer.reads("Samma sak igen, 3 gånger")
    await expect(volunteer.pane().get_by_text(SPAM)).to_have_count(3)
    await keep_both_sizes(volunteer.page, keep_screen, "again")
    await volunteer.button("Visa ändå").click()
    await expect(volunteer.pane().get_by_text(SPAM)).to_have_count(6)
    await expect(volunteer.pane().get_by_text("Dölj igen")).to_have_count(3)


async def test_message_that_tells_who_somebody_is_is_mended_and_sent(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The hint tells before, the refusal why; the text comes back, is mended, and a support line goes out."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await comes()
    await volunteer.accepts()
    hint = volunteer.pane().get_by_text("Skriv inga telefonnummer, adresser, länkar eller konton")
    await expect(hint).to_be_visible()
    await volunteer.writes("Ring mig på 070-123 45 67")
    await volunteer.reads("Ditt meddelande ser ut att ha ett telefonnummer. Skriv om det.")
    await keep_both_sizes(volunteer.page, keep_screen, "refused")
    await volunteer.button("Ändra").click()
    composer = volunteer.pane().locator("[data-part=composer]")
    await expect(composer).to_have_value("Ring mig på 070-123 45 67")
    await volunteer.writes("Ring Kvinnofridslinjen på 020-50 50 50")
    await visitor.connection.expect("said", text="Ring Kvinnofridslinjen på 020-50 50 50")
    await expect(volunteer.pane().locator(".message")).to_have_count(1)
    await expect(hint).to_be_hidden()


async def test_unsafe_end_is_seen_on_the_board_and_lifted(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The next from the same network works a little, and gets in; the supervisor sees and lifts it."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    board = await Supervisor.sits_down(await open_page("about:blank"), strict)
    other = await Supervisor.sits_down(await open_page("about:blank"), strict, "mats")
    visitor = await comes()
    await volunteer.accepts()
    await volunteer.button("Avsluta").click()
    await keep_both_sizes(volunteer.page, keep_screen, "asking")
    await volunteer.button("Avsluta för hot, trakasserier eller spam").click()
    await keep_both_sizes(volunteer.page, keep_screen, "choosing")
    await volunteer.button("Hot").click()
    await expect(volunteer.pane()).to_contain_text("Ingen stängs ute.")
    await keep_both_sizes(volunteer.page, keep_screen, "sure")
    await volunteer.button("Ja, avsluta").click()
    assert (await visitor.connection.expect("ended"))["reason"] == "operator"
    await expect(volunteer.pane()).to_contain_text("Ta en paus om du behöver")
    await keep_both_sizes(volunteer.page, keep_screen, "after")

    await expect(board.sanctions()).to_have_count(1)
    await expect(board.sanctions()).to_contain_text("Ingen har startat sedan dess.")
    assert (await comes()).bits > 0
    await expect(board.sanctions()).to_contain_text("Det kan vara någon annan på samma nät.")
    await expect(board.page.locator("#service-linden")).to_contain_text("hot (1)")
    await expect(board.page.locator("#service-eken [data-part=unsafe]")).to_be_hidden()
    await keep_both_sizes(board.page, keep_screen, "board")
    await other.page.reload()
    await expect(other.page.get_by_role("heading", name="Läget just nu")).to_be_visible()
    await expect(other.page.get_by_role("button", name=LIFTS)).to_have_count(0)
    await board.page.get_by_role("button", name=LIFTS).click()
    await expect(board.sanctions()).to_have_count(0)
    await expect(board.page.get_by_role("heading", name="Nät där starten tar lite längre")).to_be_hidden()
    lifted = board.page.get_by_text("Hävt för Kvinnojouren i Vallentuna.")
    await expect(lifted).to_be_focused()
    await expect(lifted).to_have_attribute("role", "status")
    await expect(board.page).not_to_have_url(re.compile("lifted"))
    await keep_both_sizes(board.page, keep_screen, "lifted")
    assert (await comes()).bits == 0


async def test_sanction_is_lifted_without_scripts(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The board's form is a form."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict)
    await comes()
    await volunteer.accepts()
    await volunteer.button("Avsluta").click()
    await volunteer.button("Avsluta för hot, trakasserier eller spam").click()
    await volunteer.button("Spam").click()
    await volunteer.button("Ja, avsluta").click()
    await expect(volunteer.pane()).to_contain_text("Du avslutade för att besökaren hotade")
    board = await Supervisor.sits_down(await open_page("about:blank", javascript=False), strict)
    await expect(board.sanctions()).to_have_count(1)
    await board.page.get_by_role("button", name="Häv för").click()
    await expect(board.sanctions()).to_have_count(0)
    await expect(board.page.get_by_role("heading", name="Läget just nu")).to_be_visible()
    await expect(board.page.get_by_text("Hävt för Kvinnojouren i Vallentuna.")).to_be_focused()


async def test_unsafe_end_by_keyboard_alone(strict: Server, open_page: OpenPage, comes: Comes) -> None:
    """Alt+X, two steps to the other way, Enter; Escape leaves it; the reason is asked about once more."""
    volunteer = await Volunteer.comes_on_duty(await open_page("about:blank"), strict, "hamnen")
    await comes("hamnen")
    await volunteer.accepts()
    page, pane = volunteer.page, volunteer.pane()
    await expect(pane.locator("[data-part=composer]")).to_be_focused()
    for leaves in (True, False):
        await page.keyboard.press("Alt+x")
        await expect(volunteer.button("Fortsätt samtal 1")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await expect(volunteer.button("Avsluta för hot, trakasserier eller spam")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(pane.locator("[data-part=unsafe-heading]")).to_be_focused()
        if leaves:
            await page.keyboard.press("Escape")
            await expect(pane.locator("[data-part=composer]")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(volunteer.button("Hot")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(volunteer.button("Trakasserier")).to_be_focused()
    await page.keyboard.press("Enter")
    sure = pane.locator("[data-part=unsafe-heading]")
    await expect(sure).to_be_focused()
    await expect(sure).to_have_text("Avsluta samtal 1 för trakasserier?")
    await page.keyboard.press("Tab")
    await expect(volunteer.button("Fortsätt samtal 1")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(pane.locator("[data-part=over-heading]")).to_be_focused()
