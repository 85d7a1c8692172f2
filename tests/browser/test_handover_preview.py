# SPDX-License-Identifier: EUPL-1.2
"""A volunteer is shown what the visitor will read, and what in it may tell who somebody is."""

from __future__ import annotations

import re

from playwright.async_api import Locator, ViewportSize, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.drafter import INTAKE, Drafter, meets, says_yes
from tests.browser.staff import PHONE, Comes, keep_both_sizes
from tests.browser.wire import axe_finds
from tests.outside.server import Server
from tests.outside.visitor import Visitor

LAPTOP = ViewportSize(width=1280, height=720)
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PREVIEW = "Visa vad besökaren får se"


async def test_name_in_a_draft_is_warned_of_and_messages_are_shown_as_they_go(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """A name is told before it is asked; what the server takes out of a message is not in the preview."""
    drafter, visitor = await meets(open_page, strict, comes)
    await visitor.says("Han kommer hit i kväll")
    await drafter.reads("Han kommer hit i kväll")
    await drafter.writes("Jag heter Alva Bergström och lyssnar")
    panel = await drafter.drafts()
    await panel.get_by_label("Kort om vad som har hänt").fill("Hon heter Lisa och vill ha hjälp.")
    for place in range(2):
        await drafter.pane().get_by_label("Skicka med").nth(place).check()
    await panel.get_by_role("button", name=PREVIEW).click()
    warning = panel.get_by_text("Här står kanske ett namn")
    await expect(warning).to_have_text(re.compile("namn: .?Lisa.?. Ta bort det om det visar vem någon är"))
    items = panel.locator("[data-part=preview-items]")
    await expect(items).to_contain_text("Du skrev: Han kommer hit i kväll")
    await expect(items).not_to_contain_text("Bergström")
    assert await axe_finds(drafter.page) == []
    await keep_both_sizes(drafter.page, keep_screen, "names")
    shown = await items.locator("dd", has_text="Alva").inner_text()
    await panel.get_by_role("button", name="Ändra").click()
    await panel.get_by_label("Kort om vad som har hänt").fill("Hon vill ha hjälp att flytta.")
    await panel.get_by_role("button", name=PREVIEW).click()
    await expect(warning).to_be_hidden()
    await panel.get_by_role("button", name=re.compile("Jag har frågat")).click()
    messages = (await visitor.connection.expect("proposal"))["proposal"]["content"]["messages"]
    assert shown.endswith(f" skrev: {messages[1]['text']}")


async def test_visitor_who_reads_another_language_is_thought_of(
    strict: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The panel says in which language to write; the log has the receiver's name in the operator's own."""
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), strict)
    visitor = await Visitor.starts(strict.at, "linden", language="en", source="127.0.98.1")
    await drafter.accepts()
    panel = await drafter.opens()
    hint = panel.locator("[data-part=hand-language]")
    await expect(hint).to_be_in_viewport(ratio=1)
    await expect(hint).to_have_text(re.compile("läser .?engelska.?. Skriv det här på .?engelska"))
    await keep_both_sizes(drafter.page, keep_screen, "english")
    await panel.get_by_role("button", name="Stäng utan att skicka").click()
    await drafter.drafts()
    await drafter.asks()
    asked = await visitor.connection.expect("proposal")
    assert asked["proposal"]["offers"][0]["name"] != INTAKE
    await expect(drafter.pane().locator(".question-note").last).to_contain_text(INTAKE)
    await says_yes(visitor, asked, "want")
    await expect(drafter.strip()).to_contain_text(re.compile(f"Besökaren sa ja till: .?{INTAKE}"))
    await expect(drafter.pane().locator(".question-note").last).to_contain_text(INTAKE)
    await visitor.leaves()


async def test_whoever_uses_violence_is_asked_what_they_fear_to_do(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """On that track danger is what the visitor may do."""
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), strict, "hamnen")
    await comes("hamnen")
    await drafter.accepts()
    panel = await drafter.opens()
    await expect(panel.get_by_label("Vad är besökaren rädd att göra?")).to_be_visible()
    await expect(panel.get_by_text("Hur farligt tycker besökaren")).to_have_count(0)


async def test_messages_are_chosen_from_the_first_on(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The focus begins at the first box, Tab leads on to the next, and a line says what to do."""
    drafter, visitor = await meets(open_page, strict, comes)
    for text in ("Hej", "Han slog mig", "Jag är rädd"):
        await visitor.says(text)
        await drafter.reads(text)
    panel = await drafter.opens()
    await panel.get_by_role("button", name="Välj i samtalet").click()
    boxes = drafter.pane().get_by_label("Skicka med")
    await expect(boxes.first).to_be_focused()
    await expect(panel.get_by_text("Kryssa i de meddelanden som ska följa med.")).to_be_visible()
    await keep_both_sizes(drafter.page, keep_screen, "choose")
    for place in (1, 2):
        await drafter.page.keyboard.press("Tab")
        await expect(boxes.nth(place)).to_be_focused()
    await drafter.page.keyboard.press("Tab")
    await panel.get_by_role("button", name="Klar").click()
    await expect(panel.get_by_text("Kryssa i de meddelanden")).to_be_hidden()


async def test_first_message_is_in_sight_on_a_phone(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """The talk comes back in the place of the panel, and does not jump to its end."""
    drafter, visitor = await meets(open_page, strict, comes)
    for number in range(12):
        await visitor.says(f"Rad {number} av det jag vill säga")
    await drafter.reads("Rad 11 av")
    await drafter.page.set_viewport_size(PHONE)
    panel = await drafter.opens()
    await panel.get_by_role("button", name="Välj i samtalet").click()
    boxes = drafter.pane().get_by_label("Skicka med")
    await expect(boxes.first).to_be_focused()
    # Whatever is drawn after a new size has been drawn by then.
    await drafter.page.evaluate(DRAWN)
    await expect(boxes.first).to_be_in_viewport(ratio=0.9)
    await expect(boxes.last).not_to_be_in_viewport()
    await keep_screen(drafter.page, "choose-long")


async def test_two_conversations_beside_each_other_keep_their_names(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """On a small laptop, with the panel open; what came of the last question makes room for it."""
    drafter, visitor = await meets(open_page, strict, comes)
    await drafter.drafts()
    await drafter.asks()
    await says_yes(visitor, await visitor.connection.expect("proposal"), "want")
    await comes()
    await drafter.accepts()
    await drafter.page.set_viewport_size(LAPTOP)
    await expect(drafter.strip(1)).to_contain_text("sa ja till")
    await keep_screen(drafter.page, "two")
    for number in (1, 2):
        await whole(drafter.pane(number).locator(".head .label"))
    await drafter.opens(1)
    await expect(drafter.strip(1)).to_be_hidden()
    for number in (1, 2):
        await whole(drafter.pane(number).locator(".head .label"))
    await expect(drafter.page.get_by_role("button", name="Stäng", exact=True)).to_have_count(0)
    await keep_screen(drafter.page, "two-open")
    assert await axe_finds(drafter.page) == []


async def whole(label: Locator) -> None:
    """All of a text is seen: nothing of it is cut off."""
    shown, wanted = await label.evaluate("one => [one.getBoundingClientRect().width, one.scrollWidth]")
    assert shown >= max(wanted - 1, 60)
