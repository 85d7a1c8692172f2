# SPDX-License-Identifier: EUPL-1.2
"""When what she writes sounds like danger: 112, the queue, and her address, and never in her way."""

from __future__ import annotations

from playwright.async_api import Locator, Route, ViewportSize, expect

from tests.browser.arriving import PHONE, operator_comes, visitor_comes
from tests.browser.conftest import DESKTOP, KeepScreen, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

TYPING = ViewportSize(width=360, height=400)
"""A phone with its keyboard up."""
DANGER = "han slår in dörren nu, hjälp"


async def test_danger_puts_her_first_in_the_queue(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Second of two, she says that she is in danger: she reads that she goes first, and is answered first."""
    first, _ = await visitor_comes(open_page, server, viewport=DESKTOP)
    await first.writes("jag är först")
    second, wire = await visitor_comes(open_page, server)
    operator = await operator_comes(open_page, server, "linden")
    await second.sees("1 person före dig")
    await second.writes(DANGER)
    page = second.page
    strip = page.get_by_role("group", name="Är du i fara just nu?")
    await expect(strip).to_contain_text("Vi kan inte se var du är och inte skicka hjälp.")
    await expect(strip.get_by_role("link", name="Ring 112")).to_have_attribute("href", "tel:112")
    await expect(page.get_by_label("Skriv här")).to_be_focused()
    assert await axe_finds(page) == []
    await keep_screen(page, "asked")
    await second.button("Ja, jag är i fara nu").click()
    await second.sees("Nu går du före i kön")
    await second.sees("näst på tur")
    await first.sees("1 person före dig")
    await expect(page.get_by_role("link", name="Ring 112").first).to_be_focused()
    assert await axe_finds(page) == []
    await keep_screen(page, "told")
    assert len(wire.sent("acute")) == 1
    await operator.accepts()
    await operator.reads(DANGER)
    await second.sees("får veta att det är bråttom")
    await keep_screen(page, "told-active")
    await second.button("Stäng").click()
    await expect(page.get_by_label("Skriv här")).to_be_focused()
    await second.ends()
    await first.ends()


async def test_strip_is_shown_once_and_never_in_the_way(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """With the keyboard up she writes on; after No a line with 112 stays, and it asks again in minutes."""
    visitor, wire = await visitor_comes(open_page, server, viewport=TYPING)
    page = visitor.page
    await visitor.writes(DANGER)
    strip = page.get_by_role("group", name="Är du i fara just nu?")
    await expect(strip).to_be_visible()
    await page.keyboard.type("han är i hallen")
    await expect(page.get_by_label("Skriv här")).to_have_value("han är i hallen")
    await keep_screen(page, "keyboard-up")
    await expect(page.get_by_label("Skriv här")).to_be_in_viewport(ratio=1)
    await expect(visitor.button("Skicka")).to_be_in_viewport(ratio=1)
    await expect(strip.get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    await visitor.button("Skicka").click()
    await visitor.sees_in_log("han är i hallen")
    await visitor.button("Nej").click()
    await expect(strip).to_be_hidden()
    await visitor.writes(DANGER + " igen")
    await visitor.sees_in_log("igen")
    await expect(strip).to_be_hidden()
    small = page.locator(".near")
    await expect(small.get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    await keep_screen(page, "after-no")
    await page.evaluate("{ const now = performance.now() + 240000; performance.now = () => now; }")
    await visitor.writes(DANGER + " nu")
    await expect(strip).to_be_visible()
    await expect(small).to_be_hidden()
    await visitor.button("Nej").click()
    assert wire.sent("acute") == []
    await visitor.button("Jag är i fara nu").click()
    await visitor.sees("Tack för att du säger det.")
    await wire.until("acute")
    await visitor.button("Stäng").click()
    await expect(small.get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    await expect(small.get_by_role("button")).to_have_count(0)
    await visitor.ends()


async def test_in_danger_sending_as_it_stands_is_the_large_choice(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Her address may save her: one large button sends it, with 112 beside it."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.writes(DANGER)
    await expect(page.get_by_role("group", name="Är du i fara just nu?")).to_be_visible()
    await visitor.writes("jag bor på Storgatan 12 B i Vallentuna")
    question = page.get_by_role("alertdialog")
    await expect(question).to_be_focused()
    await expect(question.get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    for button in ("Skicka som det står", "Ta bort och skicka", "Ändra texten"):
        await expect(visitor.button(button)).to_be_in_viewport(ratio=1)
    assert await axe_finds(page) == []
    await keep_screen(page, "question")
    await expect(visitor.button("Skicka som det står")).to_be_enabled()
    await page.keyboard.press("Tab")
    await expect(visitor.button("Skicka som det står")).to_be_focused()
    await page.keyboard.press("Enter")
    await visitor.sees_in_log("jag bor på Storgatan 12 B i Vallentuna")
    assert [frame.get("keep", False) for frame in wire.said()] == [False, True]
    await visitor.ends()


async def test_masked_address_is_offered_again_in_danger(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """What only the server saw: said at once as an alert, and one press sends her words as they stand."""
    visitor, wire = await visitor_comes(open_page, server, rules=_blind)
    page = visitor.page
    text = f"{DANGER}. Adressen är Storgatan 12 B"
    await visitor.writes(text)
    alert = page.get_by_role("alert").filter(has_text="Vi tog bort adressen. Ska den som svarar se den?")
    await expect(alert).to_be_visible()
    await expect(alert).to_contain_text("Säg var du är.")
    await expect(alert.get_by_role("link", name="Ring 112")).to_have_attribute("href", "tel:112")
    assert await axe_finds(page) == []
    await keep_screen(page, "offered")
    await page.get_by_label("Skriv här").press_sequentially("skynda er")
    await expect(alert).to_be_visible()
    await alert.get_by_role("button", name="Skicka som det står").click()
    await visitor.sees_in_log(text)
    await expect(alert).to_be_hidden()
    assert [(frame["text"], frame.get("keep", False)) for frame in wire.said()] == [
        (text, False),
        (text, True),
    ]
    await visitor.ends()


async def _blind(route: Route) -> None:
    """Let the page look for nothing: as if all of it were what only the server sees."""
    answer = await route.fetch()
    await route.fulfill(response=answer, json={**(await answer.json()), "kinds": []})


async def test_address_that_she_took_away_is_offered_when_it_turns_out_to_be_danger(
    server: Server, open_page: OpenPage
) -> None:
    """She is asked before anybody knows that it is danger; once it is, she can still send what she wrote."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    text = f"{DANGER}. Adressen är Storgatan 12 B"
    await visitor.writes(text)
    await visitor.button("Ta bort och skicka").click()
    alert = page.get_by_role("alert").filter(has_text="Vi tog bort adressen. Ska den som svarar se den?")
    await expect(alert).to_be_visible()
    assert "Storgatan" not in wire.said()[0]["text"]
    await alert.get_by_role("button", name="Skicka som det står").click()
    await visitor.sees_in_log(text)
    await visitor.ends()


async def test_thoughts_of_dying_are_met_with_warm_words_and_lines(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """It is good that she tells; 112, and the other lines that the page has, one press away."""
    visitor, _ = await visitor_comes(open_page, server, service="eken")
    operator = await operator_comes(open_page, server, "eken")
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.writes("jag tänker ta livet av mig ikväll")
    page = visitor.page
    await visitor.sees("Bra att du skriver det. Det finns människor som vill lyssna.")
    assert await axe_finds(page) == []
    await keep_screen(page, "self")
    await visitor.button("Fler att prata med").click()
    await expect(page.get_by_role("heading", name="Andra vägar")).to_be_in_viewport()
    await keep_screen(page, "lines")
    await visitor.ends()


async def test_what_she_types_on_in_danger_answers_nothing(server: Server, open_page: OpenPage) -> None:
    """Enter, and straight on: no key of it sends her address, and every letter stands in her field."""
    visitor, wire = await visitor_comes(open_page, server, viewport=DESKTOP)
    page = visitor.page
    await visitor.writes(DANGER)
    await expect(page.get_by_role("group", name="Är du i fara just nu?")).to_be_visible()
    field = page.get_by_label("Skriv här")
    await field.fill("jag bor på Storgatan 12 B i Vallentuna")
    for key in ("Enter", "Enter", " ", "h", "a", "n", " ", "k", "o", "m"):
        await page.keyboard.press(key)
    await expect(field).to_have_value("jag bor på Storgatan 12 B i Vallentuna han kom")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    assert all("Storgatan" not in frame["text"] for frame in wire.said())
    await visitor.ends()


SMALL = [(360, 300), (360, 340), (360, 400), (360, 480), (390, 420), (640, 300), (320, 480), (360, 640)]


async def test_field_and_send_are_always_seen(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Strip, small line and both offers on small screens (the last with text of 200 %): she can write on."""
    first = ViewportSize(width=SMALL[0][0], height=SMALL[0][1])
    visitor, _ = await visitor_comes(open_page, server, viewport=first, rules=_blind)
    page = visitor.page
    seen = [
        page.get_by_label("Skriv här"),
        page.locator("#send"),
        page.get_by_role("link", name="Lämna snabbt"),
    ]

    async def is_well(state: str, *told: Locator) -> None:
        for width, height in SMALL:
            name = f"{width}-{height}-{state}"
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            size = "200%" if (width, height) == SMALL[-1] else ""
            await page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            await page.emulate_media(color_scheme="dark" if height == 420 else "light")
            for part in told:
                await expect(part, name).to_be_in_viewport(ratio=0.9)
            for part in seen:
                await expect(part, name).to_be_in_viewport(ratio=0.99)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
            await keep_screen(page, name)

    await visitor.writes(f"{DANGER}. nås på 070-123 45 67")
    await is_well("strip", page.locator(".in-danger").get_by_role("link"))
    await visitor.button("Nej").click()
    await is_well("line", page.locator(".near").get_by_role("link"))
    await page.evaluate("{ const now = performance.now() + 240000; performance.now = () => now; }")
    await visitor.writes(f"{DANGER}. Adressen är Storgatan 12 B")
    offer = page.get_by_role("alert").filter(has_text="Vi tog bort adressen.")
    await expect(offer).to_be_in_viewport()
    await is_well("offer")
    await offer.get_by_role("button", name="Stäng").click()
    await visitor.button("Ja, jag är i fara nu").click()
    await visitor.sees("Tack för att du säger det.")
    await is_well("told")
    await visitor.ends()


async def test_her_newest_words_are_seen_beside_the_strip(server: Server, open_page: OpenPage) -> None:
    """When it opens, and when it closes: what she wrote last stays in sight."""
    visitor, _ = await visitor_comes(open_page, server, viewport=ViewportSize(width=360, height=640))
    page = visitor.page
    for n in range(5):
        await visitor.writes(f"det här är rad {n} av det som jag vill berätta")
    await visitor.writes(DANGER)
    await expect(page.get_by_role("group", name="Är du i fara just nu?")).to_be_visible()
    newest = page.locator(".message").last.locator(".text")
    await expect(newest).to_be_in_viewport(ratio=0.99)
    await visitor.button("Nej").click()
    await expect(newest).to_be_in_viewport(ratio=0.99)
    await visitor.ends()


async def test_other_lines_are_seen_on_a_small_screen(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The strip folds when she presses for others to talk to, so that they are there before her."""
    visitor, _ = await visitor_comes(open_page, server, viewport=ViewportSize(width=360, height=640))
    page = visitor.page
    await visitor.writes("jag tänker ta livet av mig ikväll")
    await visitor.sees("Är det akut just nu?")
    await visitor.button("Fler du kan prata med").click()
    await expect(page.locator("section.in-danger")).to_be_hidden()
    await expect(page.locator("#help summary")).to_be_in_viewport(ratio=1)
    await expect(page.locator("#help .line-address").first).to_be_in_viewport()
    await keep_screen(page, "lines")
    await visitor.ends()


async def test_what_is_read_aloud_comes_into_what_was_there(server: Server, open_page: OpenPage) -> None:
    """The live regions stand there, empty and not hidden, before anything is said in them."""
    visitor, _ = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.is_asked_from_now_on()
    heard = page.locator("#page > .unseen[role=status]")
    regions = (
        "[...document.querySelectorAll('.offer, #page > .unseen')].map(one => [one.textContent, one.hidden])"
    )
    assert await page.evaluate(regions) == [["", False]] * 3
    await visitor.writes(DANGER)
    await expect(heard).to_contain_text("Är du i fara just nu? Ring 112.")
    await visitor.ends()


async def test_danger_for_somebody_else_is_asked_about_on_the_other_track(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Whoever may harm somebody reads about that somebody, and 112."""
    visitor, _ = await visitor_comes(open_page, server, service="hamnen")
    await visitor.writes("jag kommer slå ihjäl henne ikväll")
    await visitor.sees("Är någon i fara just nu?")
    await keep_screen(visitor.page, "other")
    await visitor.ends()


async def test_danger_is_met_even_if_nothing_more_can_be_loaded(server: Server, open_page: OpenPage) -> None:
    """Without the strip the page's own line with 112 comes to where she sees it."""
    page = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    await page.route("**/visitor/asking.js", lambda route: route.abort())
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.writes(DANGER)
    await visitor.sees_in_log(DANGER)
    line = page.locator("#page > .danger").get_by_role("link", name="Ring 112")
    await expect(line).to_be_in_viewport(ratio=1)
    await visitor.ends()


async def test_line_with_112_is_there_from_the_first_moment(server: Server, open_page: OpenPage) -> None:
    """Small for whoever waits; large, until it is closed, for her who said that it is dangerous."""
    visitor, _ = await visitor_comes(open_page, server)
    await expect(visitor.page.locator(".near").get_by_role("link", name="Ring 112")).to_be_in_viewport(
        ratio=1
    )
    await visitor.ends()
    page = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    acute = VisitorOnPage.on_own_page(page)
    await page.locator("#ask > summary").click()
    await acute.button("Ja").click()
    await acute.starts()
    strip = page.locator(".in-danger")
    await expect(strip.get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    await acute.sees("Tack för att du säger det.")
    await acute.button("Stäng").click()
    await expect(page.locator(".near").get_by_role("link", name="Ring 112")).to_be_in_viewport(ratio=1)
    await expect(strip).to_be_hidden()
    await acute.ends()


async def test_acute_is_said_again_after_a_lost_connection(server: Server, open_page: OpenPage) -> None:
    """Pressed without contact: she reads so, and it goes out when contact is back."""
    visitor, wire = await visitor_comes(open_page, server)
    page = visitor.page
    await visitor.writes(DANGER)
    await expect(visitor.button("Ja, jag är i fara nu")).to_be_visible()
    await page.context.set_offline(True)
    await visitor.sees("ingen kontakt")
    await visitor.button("Ja, jag är i fara nu").click()
    await visitor.sees("Vi säger till så fort kontakten är tillbaka.")
    assert wire.sent("acute") == []
    await page.context.set_offline(False)
    await visitor.sees("Tack för att du säger det.")
    await wire.until("acute")
    assert len(wire.sent("acute")) == 1
    await visitor.ends()
