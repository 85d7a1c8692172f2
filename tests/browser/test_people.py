# SPDX-License-Identifier: EUPL-1.2
"""The story of somebody new: invited, at work with a code from her phone, and shut out.

All of it on a phone's screen, looked at by axe in light and dark.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pyotp
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import OperatorAtConsole
from tests.browser.staff import PHONE
from tests.browser.wire import axe_finds
from tests.outside.server import Server, Staff

PASSWORD = "sju små sånger"
ADMINISTRATOR = Staff("eva", "jourchatt-demo", "administrator", ())


async def _look(page: Page, keep_screen: KeepScreen, name: str) -> None:
    """Look at a page in both lights: nothing stands beyond its edge, and axe finds nothing."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await axe_finds(page) == [], (name, scheme)
        await keep_screen(page, f"{name}-{scheme}")
    await page.emulate_media(color_scheme="light")
    width = (page.viewport_size or DESKTOP)["width"]
    await expect(page.locator("html")).to_have_js_property("scrollWidth", width)


async def _signs_in(page: Page, server: Server, staff: Staff) -> None:
    await page.goto(f"{server.at.url}/staff/sign-in")
    await page.get_by_label("Namn").fill(staff.name)
    await page.get_by_label("Lösenord").fill(staff.password)
    await page.get_by_role("button", name="Logga in").click()


async def _invites(page: Page, server: Server, keep_screen: KeepScreen) -> str:
    """Let Eva make a link for Lisa, and return it."""
    await _signs_in(page, server, ADMINISTRATOR)
    await page.wait_for_url(re.compile("/supervisor"))
    await page.goto(f"{server.at.url}/staff/people")
    await expect(page.get_by_role("link", name="anna")).to_be_visible()
    await _look(page, keep_screen, "list")
    await page.get_by_role("link", name="Bjud in någon").click()
    await page.get_by_label("Vem är länken till?").fill("Lisa, ny i höst")
    await page.get_by_label("Svarar i chatten").check()
    await page.get_by_role("button", name="Gör en länk").click()
    await expect(page.get_by_role("alert")).to_contain_text("minst en verksamhet")
    await expect(page.get_by_label("Vem är länken till?")).to_have_value("Lisa, ny i höst")
    await _look(page, keep_screen, "invite")
    await page.get_by_label("Kvinnojouren i Vallentuna").first.check()
    await page.get_by_role("button", name="Gör en länk").click()
    await expect(page.get_by_role("heading", name="Länken är klar")).to_be_visible()
    await page.get_by_role("button", name="Kopiera länken").click()
    # A browser without the right to the clipboard marks the text instead.
    await expect(page.locator("#copied")).to_contain_text(re.compile("Kopierad|markerad"))
    await _look(page, keep_screen, "link")
    return await page.locator(".one-time code").inner_text()


async def _joins(page: Page, link: str, keep_screen: KeepScreen) -> None:
    """Let Lisa choose a name and a password."""
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Välkommen")).to_be_visible()
    await _look(page, keep_screen, "joining")
    await page.get_by_label("Namn att logga in med").fill("lisa")
    await page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    await page.get_by_label("Lösenordet en gång till").fill(PASSWORD)
    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_role("status")).to_contain_text("logga in som lisa")
    await page.get_by_role("link", name="Till inloggningen").click()


async def _sets_up_a_factor(page: Page, server: Server, keep_screen: KeepScreen) -> str:
    """Let Lisa's phone show codes from now on; return a code on paper."""
    await page.goto(f"{server.at.url}/staff/me")
    await _look(page, keep_screen, "me")
    await page.get_by_role("link", name="Lägg till en kod").click()
    secret = (await page.locator("[data-part=secret]").inner_text()).replace(" ", "")
    await _look(page, keep_screen, "factor")
    await page.get_by_label("Sex siffror").fill("000000")
    await page.get_by_label("Ditt lösenord").fill(PASSWORD)
    await page.get_by_role("button", name="Slå på").click()
    await expect(page.get_by_role("alert")).to_contain_text("Koden stämmer inte")
    shown = (await page.locator("[data-part=secret]").inner_text()).replace(" ", "")
    assert shown == secret
    # The server's clock is this machine's.
    code = pyotp.TOTP(secret).at(datetime.now(UTC))  # noqa: TID251 - as a phone does
    await page.get_by_label("Sex siffror").fill(code)
    await page.get_by_label("Ditt lösenord").fill(PASSWORD)
    await page.get_by_role("button", name="Slå på").click()
    await expect(page.locator(".paper-codes li")).to_have_count(10)
    await _look(page, keep_screen, "paper")
    paper = await page.locator(".paper-codes code").first.inner_text()
    await page.get_by_role("button", name="Logga ut").click()
    return paper


async def test_somebody_new_is_invited_works_and_is_shut_out(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Eva invites, Lisa joins, sets up a code, goes on duty, and is out when Eva shuts her out."""
    eva = await open_page("about:blank", viewport=PHONE)
    link = await _invites(eva, server, keep_screen)
    page = await open_page("about:blank", viewport=PHONE, javascript=True)
    await _joins(page, link, keep_screen)
    lisa = Staff("lisa", PASSWORD, "operator", ("linden",))
    await _signs_in(page, server, lisa)
    await page.wait_for_url(re.compile("/console$"))
    paper = await _sets_up_a_factor(page, server, keep_screen)

    await page.goto(link)
    await expect(page.get_by_role("heading", name="Länken går inte att använda")).to_be_visible()
    await keep_screen(page, "dead-link")
    await _signs_in(page, server, lisa)
    await expect(page.get_by_label("Kod", exact=True)).to_be_focused()
    await page.get_by_label("Kod", exact=True).fill("000000")
    await page.get_by_role("button", name="Logga in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Koden stämmer inte")
    await _look(page, keep_screen, "code")
    await page.get_by_label("Kod", exact=True).fill(paper)
    await page.get_by_role("button", name="Logga in").click()
    await OperatorAtConsole(page, server.at).goes_on_duty("Alva", "linden")

    await eva.goto(f"{server.at.url}/staff/people")
    await eva.get_by_role("link", name="lisa").click()
    await expect(eva.get_by_text("Ja, en kod från telefonen")).to_be_visible()
    await _look(eva, keep_screen, "person")
    await eva.get_by_role("button", name="Stäng av kontot").click()
    await expect(eva.get_by_role("status")).to_contain_text("avstängt och utloggat")
    await page.wait_for_url(re.compile("/staff/sign-in"))
    await eva.set_viewport_size(DESKTOP)
    await eva.get_by_role("link", name="Alla personer").click()
    await expect(eva.get_by_text("Avstängd")).to_be_visible()
    await _look(eva, keep_screen, "list-desktop")
