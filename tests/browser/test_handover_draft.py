# SPDX-License-Identifier: EUPL-1.2
"""A volunteer drafts a handover together with the visitor, asks, and is told the answer.

Whoever writes sits at a socket here, so that these stories are about the console alone.
"""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import ViewportSize, WebSocketRoute, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.drafter import (
    COUNSELLOR,
    INTAKE,
    WANT,
    WHY,
    Drafter,
    looks_well,
    meets,
    says_no,
    says_yes,
    tab_to,
)
from tests.browser.staff import Comes, keep_both_sizes
from tests.browser.thorough import once_more
from tests.browser.wire import axe_finds
from tests.outside.server import Server
from tests.outside.visitor import Visitor


async def test_draft_with_messages_is_asked_and_she_says_yes(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """From both sides' messages and her own words to a question, and the names of those she said yes to."""
    drafter, visitor = await meets(open_page, strict, comes)
    await visitor.says("Han slog mig i går")
    await drafter.reads("Han slog mig i går")
    await drafter.writes("Vill du att någon får veta det?")
    panel = await drafter.drafts()
    await panel.get_by_label("Kort om vad som har hänt").fill("Våld i går kväll.")
    await panel.get_by_label("Fysiskt").check()
    await panel.get_by_label("Partner nu eller förut").check()
    children = panel.get_by_role("group", name="Bor det barn i hemmet?")
    await children.get_by_label("Ja", exact=True).check()
    await panel.get_by_label("Mottagaren svarar").check()
    await panel.get_by_label("När är det säkert?").fill("vardagar före 15")
    await panel.get_by_label(COUNSELLOR).check()
    log = drafter.pane().locator("[data-part=log]")
    await log.get_by_label("Skicka med").nth(0).check()
    await log.get_by_label("Skicka med").nth(1).check()
    await expect(panel.get_by_text("2 av 20 valda").first).to_be_visible()
    await panel.get_by_label("Vad vill besökaren?").scroll_into_view_if_needed()
    await looks_well(drafter.page, keep_screen, "draft")
    await panel.get_by_label(INTAKE).scroll_into_view_if_needed()
    await keep_both_sizes(drafter.page, keep_screen, "draft-end")
    await panel.get_by_role("button", name="Visa vad besökaren får se").click()
    await expect(panel.get_by_role("heading", name="Det här får besökaren se")).to_be_focused()
    preview = panel.locator("[data-part=hand-preview]")
    for text in (
        WANT,
        WHY,
        "Våld i går kväll.",
        "Slag eller annat som gör ont",
        "Du skrev: Han slog mig i går",
        "skrev: Vill du",
        "Jag läser svaret med min kod",
        "skriver varför:",
        "Det som kan visa vem någon är tar vi bort ur meddelandena.",
        INTAKE,
    ):
        await expect(preview).to_contain_text(text)
    await looks_well(drafter.page, keep_screen, "preview")
    await panel.get_by_text("Svara aldrig åt besökaren.").scroll_into_view_if_needed()
    await keep_both_sizes(drafter.page, keep_screen, "guide")
    await panel.get_by_role("button", name="Jag har frågat. Visa frågan för besökaren").click()
    asked = await visitor.connection.expect("proposal")
    content = asked["proposal"]["content"]
    assert [message["by"] for message in content["messages"]] == ["visitor", "operator"]
    assert content["contact"] == {"way": "code", "times": "vardagar före 15"}
    assert (content["want"], asked["proposal"]["purpose"]) == (WANT, WHY)
    await expect(panel).to_be_hidden()
    await expect(drafter.button("Mer")).to_be_focused()
    await expect(drafter.strip()).to_contain_text(
        re.compile(r"Besökaren har frågan framför sig sedan .?\d\d:\d\d")
    )
    await looks_well(drafter.page, keep_screen, "asked")
    await says_yes(visitor, asked, "want", "messages")
    await expect(drafter.strip()).to_contain_text(
        re.compile(rf"Besökaren sa ja till: .?{INTAKE}.? och .?{COUNSELLOR}.?\. Besökaren har fått en kod\.")
    )
    await expect(drafter.page.locator("[data-part=announcer]")).to_contain_text("Besökaren sa ja till")
    await looks_well(drafter.page, keep_screen, "yes")
    await drafter.strip().get_by_role("button", name="Ta bort beskedet").click()
    await expect(drafter.strip()).to_be_hidden()
    await drafter.reads("Besökaren sa ja till")
    await drafter.opens()
    await expect(drafter.panel().get_by_label("Vad vill besökaren?")).to_have_value("")


async def test_no_is_told_as_fine_and_asking_again_replaces(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """A second question takes the place of the first; her no ends it, and nothing of the draft is left."""
    drafter, visitor = await meets(open_page, strict, comes)
    await drafter.drafts()
    await drafter.asks()
    first = await visitor.connection.expect("proposal")
    panel = await drafter.opens()
    await panel.get_by_label("Vad vill besökaren?").fill("Något annat")
    await panel.get_by_role("button", name="Visa vad besökaren får se").click()
    await expect(panel).to_contain_text("Den försvinner när du frågar igen.")
    await panel.get_by_role("button", name="Jag har frågat. Visa den nya frågan för besökaren").click()
    second = await visitor.connection.expect("proposal")
    assert second["seq"] > first["seq"]
    assert second["proposal"]["content"]["want"] == "Något annat"
    await says_no(visitor, second)
    await expect(drafter.strip()).to_contain_text("Besökaren sa nej. Det är helt okej.")
    await keep_both_sizes(drafter.page, keep_screen, "no")
    await drafter.opens()
    await expect(panel.get_by_label("Vad vill besökaren?")).to_have_value("")
    await panel.get_by_role("button", name="Börja från den förra frågan").click()
    await expect(panel.get_by_label("Vad vill besökaren?")).to_have_value("Något annat")


async def test_question_is_taken_back(strict: Server, open_page: OpenPage, comes: Comes) -> None:
    """She is no longer asked, the console says so, and the draft can be asked again."""
    drafter, visitor = await meets(open_page, strict, comes)
    await drafter.drafts()
    await drafter.asks()
    await visitor.connection.expect("proposal")
    await drafter.strip().get_by_role("button", name="Ta tillbaka").click()
    await visitor.connection.expect("taken_back")
    await expect(drafter.strip()).to_contain_text("Frågan är tillbakatagen.")
    panel = await drafter.opens()
    await expect(panel.get_by_label("Vad vill besökaren?")).to_have_value(WANT)
    await drafter.asks()
    await visitor.connection.expect("proposal")


@pytest.mark.parametrize(
    "label", once_more(["Kort om vad som har hänt", "Varför ska det skickas?", "När är det säkert?"])
)
async def test_what_tells_who_she_is_is_refused_at_its_field(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen, label: str
) -> None:
    """The field has the focus and the reason, no other has; mended, it is asked."""
    drafter, visitor = await meets(open_page, strict, comes)
    panel = await drafter.drafts()
    await panel.get_by_label("Ett möte").check()
    field = panel.get_by_label(label)
    await field.fill("Ring mig på 070-123 45 67")
    await drafter.asks()
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("Här står ett telefonnummer"))
    await expect(panel.locator("[aria-invalid=true]")).to_have_count(1)
    await keep_both_sizes(drafter.page, keep_screen, "identity")
    await field.fill("vardagar")
    await expect(field).to_have_attribute("aria-invalid", "false")
    await drafter.asks()
    await visitor.connection.expect("proposal")


async def test_whoever_is_under_18_is_thought_of_before_the_question(
    strict: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What she answered before the start is told where the guardians matter."""
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), strict)
    for band, told in (("under_18", True), ("over_25", False)):
        visitor = await Visitor.starts(strict.at, "linden", intake={"age_band": band}, source="127.0.99.1")
        await drafter.accepts()
        number = await drafter.page.locator("article.pane").count()
        panel = await drafter.drafts(number)
        await panel.get_by_role("button", name="Visa vad besökaren får se").click()
        await expect(panel.get_by_text("känner någon som arbetar hos mottagaren")).to_be_visible()
        await expect(panel.get_by_text("Prata om vårdnadshavarna innan du frågar.")).to_be_visible(
            visible=told
        )
        await keep_screen(drafter.page, band)
        await panel.get_by_role("button", name="Ändra").click()
        await visitor.leaves()
        await expect(panel).to_have_count(0)


async def test_receiver_without_agreement_says_why(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Where no agreement is in force nothing can be chosen, and other ways stand beside it."""
    drafter = await Drafter.comes_on_duty(await open_page("about:blank"), strict, "bron")
    await comes("bron")
    await drafter.accepts()
    panel = await drafter.opens()
    shut = panel.get_by_label(COUNSELLOR)
    await expect(shut).to_be_disabled()
    line = panel.locator(".receiver", has_text=COUNSELLOR)
    await expect(line).to_contain_text(re.compile("Det finns inget avtal med .?Vårdcentralen.* just nu"))
    await expect(panel.get_by_label(INTAKE)).to_be_enabled()
    await expect(panel.locator("[data-part=instead]")).to_contain_text("020-50 50 50")
    await shut.scroll_into_view_if_needed()
    await looks_well(drafter.page, keep_screen, "shut")


async def test_draft_is_kept_between_two_conversations_and_a_lost_connection(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Each conversation has a draft of its own, closed or open, connected or not; an ended one has none."""
    page = await open_page("about:blank")
    sockets, back = [], asyncio.Event()

    def carry(route: WebSocketRoute) -> None:
        route.connect_to_server()
        sockets.append(route)
        if len(sockets) > 1:
            back.set()

    await page.route_web_socket("**/ws/operator**", carry)
    drafter = await Drafter.comes_on_duty(page, strict)
    first = await comes()
    await drafter.accepts()
    second = await comes()
    await drafter.accepts()
    panel = await drafter.drafts(1)
    await panel.get_by_role("button", name="Stäng utan att skicka").click()
    other = await drafter.opens(2)
    await expect(other.get_by_label("Vad vill besökaren?")).to_have_value("")
    await other.get_by_label("Vad vill besökaren?").fill("Den andras vilja")
    await keep_screen(page, "two")
    assert await axe_finds(page) == []
    await sockets[0].close(code=1012)
    async with asyncio.timeout(30):
        await back.wait()
    await expect(page.locator("[data-part=link]")).to_have_attribute("data-link", "fine")
    await page.keyboard.press("Alt+1")
    await drafter.opens(1)
    await expect(panel.get_by_label("Vad vill besökaren?")).to_have_value(WANT)
    await expect(other.get_by_label("Vad vill besökaren?")).to_have_value("Den andras vilja")
    await drafter.asks(1)
    assert (await first.connection.expect("proposal"))["proposal"]["content"]["want"] == WANT
    await second.leaves()
    await expect(other).to_have_count(0)
    for field in await page.locator("textarea").all():
        assert await field.input_value() != "Den andras vilja"


async def test_leaving_the_page_asks_first_while_a_draft_is_unasked(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """A draft is nowhere but in the page: leaving it by mistake is asked about, and what was asked is not."""
    drafter, visitor = await meets(open_page, strict, comes)
    await drafter.drafts()
    async with drafter.page.expect_event("dialog") as asked:
        await drafter.page.evaluate("() => void setTimeout(() => location.reload())")
    dialog = await asked.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await expect(drafter.panel().get_by_label("Vad vill besökaren?")).to_have_value(WANT)
    await drafter.asks()
    await visitor.connection.expect("proposal")
    await expect(drafter.panel()).to_be_hidden()
    await drafter.page.reload()
    await drafter.reads("frågade om något får skickas till")


async def test_from_button_to_asked_by_keyboard_alone(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """Alt+O, the fields in their order, a tick in the log, the preview, and Escape one step back."""
    drafter, visitor = await meets(open_page, strict, comes)
    await visitor.says("Han slog mig i går")
    await drafter.reads("Han slog mig i går")
    page, panel, composer = drafter.page, drafter.panel(), drafter.pane().locator("[data-part=composer]")
    await expect(composer).to_be_focused()
    await page.keyboard.press("Alt+o")
    await expect(panel.get_by_label("Vad vill besökaren?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(drafter.button("Mer")).to_be_focused()
    # Whoever has not seen that it closed goes on writing: not a letter of it may reach the visitor.
    await page.keyboard.type("Rädd")
    await expect(composer).to_have_value("")
    await page.keyboard.press("Alt+o")
    await page.keyboard.type(WANT)
    await tab_to(page, panel.get_by_role("button", name="Välj i samtalet"))
    await page.keyboard.press("Enter")
    await expect(drafter.pane().get_by_label("Skicka med")).to_be_focused()
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(panel.get_by_role("button", name="Välj i samtalet")).to_be_focused()
    await tab_to(page, panel.get_by_role("button", name="Visa vad besökaren får se"))
    await page.keyboard.press("Enter")
    await expect(panel.get_by_label("Varför ska det skickas?")).to_be_focused()
    await page.keyboard.type(WHY)
    await tab_to(page, panel.get_by_label(INTAKE))
    await page.keyboard.press("Space")
    await tab_to(page, panel.get_by_role("button", name="Visa vad besökaren får se"))
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("heading", name="Det här får besökaren se")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(panel.get_by_role("button", name="Visa vad besökaren får se")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, panel.get_by_role("button", name="Jag har frågat. Visa frågan för besökaren"))
    await page.keyboard.press("Enter")
    asked = await visitor.connection.expect("proposal")
    assert [message["text"] for message in asked["proposal"]["content"]["messages"]] == ["Han slog mig i går"]
    await expect(drafter.button("Mer")).to_be_focused()


async def test_whoever_takes_over_reads_what_was_asked(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Questions and answers stand in the log of the next operator, without the items that she chose."""
    drafter, visitor = await meets(open_page, strict, comes)
    await drafter.drafts()
    await drafter.asks()
    await says_yes(visitor, await visitor.connection.expect("proposal"), "want")
    await expect(drafter.strip()).to_contain_text("sa ja till")
    panel = await drafter.drafts()
    await panel.get_by_label("Vad vill besökaren?").fill("Mer hjälp")
    await drafter.asks()
    again = await visitor.connection.expect("proposal")
    await drafter.signs_out_of_all()
    other = Drafter(await open_page("about:blank"), strict.at)
    await other.signs_in(strict.at.operators_of("linden")[1])
    await other.goes_on_duty("Bea", "linden")
    await other.accepts()
    await other.reads("frågade om något får skickas till")
    await other.reads("Besökaren sa ja till")
    await expect(other.strip()).to_contain_text("Besökaren har frågan framför sig")
    await other.pane().locator("summary", has_text="Visa frågan").last.click()
    await other.reads("Mer hjälp")
    await keep_both_sizes(other.page, keep_screen, "log")
    assert await axe_finds(other.page) == []
    await says_no(visitor, again)
    await expect(other.strip()).to_contain_text("Besökaren sa nej.")
    panel = await other.opens()
    await panel.get_by_role("button", name="Börja från den förra frågan").click()
    await expect(panel.get_by_label("Vad vill besökaren?")).to_have_value("Mer hjälp")


async def test_panel_fits_a_very_small_screen(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """At 320 pixels, and with a keyboard over half of a phone, there is room to write and a way out."""
    drafter, visitor = await meets(open_page, strict, comes)
    await visitor.says("Hej, är du där?")
    await drafter.reads("Hej, är du där?")
    await drafter.page.set_viewport_size(ViewportSize(width=320, height=640))
    panel = await drafter.opens()
    await expect(drafter.page.locator("html")).to_have_js_property("scrollWidth", 320)
    await keep_screen(drafter.page, "narrow")
    await panel.get_by_role("button", name="Visa samtalet").click()
    await drafter.pane().get_by_label("Skicka med").check()
    await keep_screen(drafter.page, "choosing")
    await panel.get_by_role("button", name="Klar").click()
    await expect(panel.get_by_text("1 av 20 valda").first).to_be_visible()
    await drafter.page.set_viewport_size(ViewportSize(width=360, height=380))
    await panel.get_by_label("Kort om vad som har hänt").click()
    box = await panel.get_by_label("Kort om vad som har hänt").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 380
    await keep_screen(drafter.page, "low")
    for button in (
        panel.get_by_role("button", name="Stäng utan att skicka"),
        panel.get_by_role("button", name="Visa vad"),
    ):
        await expect(button).to_be_in_viewport(ratio=1)
    await expect(drafter.button("Avsluta")).to_be_in_viewport(ratio=1)
    await drafter.button("Avsluta").click()
    await expect(drafter.button("Avsluta nu")).to_be_in_viewport(ratio=1)
    await keep_screen(drafter.page, "low-ending")
