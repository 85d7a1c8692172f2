# SPDX-License-Identifier: EUPL-1.2
"""A chair changes what is theirs: hours with a look at the week, a text with a look at the page, and back."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.looking import look
from tests.outside.server import Server


async def test_chair_changes_hours_and_text_looks_saves_and_takes_it_back(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Eva changes Thursday, looks at the week, saves; whoever comes sees it; undo makes it undone."""
    eva = next(one for one in server.at.staff if one.name == "eva")
    page = await open_page(f"{server.at.url}/staff/site")
    await page.get_by_label("Namn").fill(eva.name)
    await page.get_by_label("Lösenord").fill(eva.password)
    await page.get_by_role("button", name="Logga in").click()
    await expect(page.get_by_role("heading", name="Chattens innehåll")).to_be_visible()
    await look(page, keep_screen, "overview")

    await page.get_by_role("link", name="Öppettider").first.click()
    await page.get_by_label("Öppet dygnet runt, alla dagar").uncheck()
    await page.get_by_label("torsdag från").first.fill("03:00")
    await page.get_by_role("button", name="Se hur det blir").click()
    await expect(page.get_by_text("Fyll i både från och till")).to_be_visible()
    await look(page, keep_screen, "mistake")
    await page.get_by_label("torsdag till").first.fill("03:01")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("03:00–03:01")).to_be_visible()
    await keep_screen(page, "preview")
    visitor = await open_page(f"{server.at.url}/chat/linden?lang=sv")
    await expect(visitor.locator("body")).not_to_contain_text("klockan 03:00")

    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_role("status")).to_contain_text("Sparat. Det gäller nu.")
    await visitor.reload()
    await expect(visitor.locator("body")).to_contain_text("klockan 03:00")
    await keep_screen(page, "saved")
    await page.get_by_role("button", name="Ångra: Öppettider").first.click()
    await expect(page.get_by_role("status")).to_contain_text("Det är tillbaka som det var.")
    await visitor.reload()
    await expect(visitor.locator("body")).not_to_contain_text("klockan 03:00")

    await page.get_by_role("link", name="Texten före första ordet").first.click()
    await page.get_by_label("svenska", exact=True).fill(
        "Vi är volontärer på {organisation}. Skriv inte ditt namn."
    )
    await page.get_by_role("button", name="Spara").click()
    frame = page.frame_locator("iframe[title='Chattens första sida']")
    think = page.get_by_role("region", name="Tänk på det här innan du sparar")
    await expect(think).to_contain_text("anmälan när barn far illa")
    await expect(frame.get_by_text("Vi är volontärer på Kvinnojouren i Vallentuna.")).to_be_visible()
    await look(page, keep_screen, "notice")
    await page.get_by_role("link", name="Tillbaka utan att spara").click()
    await page.get_by_role("link", name="Vad som har ändrats").click()
    await expect(page.get_by_role("listitem")).to_contain_text(["eva", "eva"])
    await look(page, keep_screen, "history")
