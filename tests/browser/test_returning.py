# SPDX-License-Identifier: EUPL-1.2
"""Coming back: with a code, in a tab that keeps her place, and the word that shows that it is she."""

from __future__ import annotations

import json

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.arriving import PHONE, operator_comes, visitor_comes
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import LEFT_QUICKLY, OperatorAtConsole, VisitorOnPage
from tests.browser.wire import axe_finds
from tests.outside.server import Server

WATCHED = """
window.touched = [];
for (const name of ["getItem", "setItem", "removeItem", "clear", "key"]) {
  const was = Storage.prototype[name];
  Storage.prototype[name] = function (...all) { touched.push(name); return was.apply(this, all); };
}
for (const name of ["sessionStorage", "localStorage"]) {
  const of = Object.getOwnPropertyDescriptor(window, name);
  Object.defineProperty(window, name, { get() { touched.push(name); return of.get.call(window); } });
}
"""
"""Notes whoever as much as looks at what a tab or a browser may keep."""

KEPT = "[sessionStorage, localStorage].flatMap(Object.entries).concat(document.cookie.match(/.+/) ?? [])"


async def talks(open_page: OpenPage, server: Server) -> tuple[VisitorOnPage, OperatorAtConsole]:
    """She and an operator in a talk."""
    operator = await operator_comes(open_page, server, "linden")
    visitor, _ = await visitor_comes(open_page, server)
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    return visitor, operator


async def _two_that_fail(page: Page) -> list[str]:
    """Let the first code find too many others, and the answer to the second get lost on its way to her."""
    tries: list[str] = []

    async def carry(route: WebSocketRoute) -> None:
        upstream = route.connect_to_server()
        tries.append(["rate", "lost", "heard"][len(tries)])
        mine = tries[-1]

        async def down(text: str | bytes) -> None:
            frame = json.loads(text)
            if mine == "lost" and frame["type"] in {"welcome", "return_code"}:
                await route.close(code=1001)
            else:
                route.send(text)

        def up(text: str | bytes) -> None:
            if mine == "rate":
                nack = {"type": "nack", "code": "rate", "text": "Många försöker.", "retry": True}
                route.send(json.dumps(nack))
            else:
                upstream.send(text)

        route.on_message(up)
        upstream.on_message(down)

    await page.route_web_socket("**/ws/visitor", carry)
    return tries


async def code_on(page: Page) -> str:
    """Return the code that is on her screen."""
    words = page.get_by_role("list", name="Din kod").get_by_role("listitem")
    await expect(words).to_have_count(6)
    return " ".join(await words.all_text_contents())


async def test_code_brings_her_back_from_another_phone(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """She takes a code and closes the tab; hours later the talk is where it was. Quick exit ends it all."""
    visitor, operator = await talks(open_page, server)
    page = visitor.page
    await visitor.writes("Jag måste gå nu.")
    await operator.reads("Jag måste gå nu")
    await keep_screen(page, "talk")
    await visitor.button("Komma tillbaka").click()
    await visitor.sees("Du kan få en kod med sex ord.")
    assert await axe_finds(page) == []
    await keep_screen(page, "panel")
    await visitor.button("Visa en kod").click()
    code = await code_on(page)
    assert await axe_finds(page) == []
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.emulate_media(color_scheme="dark")
    await keep_screen(page, "code")
    await visitor.button("Dölj koden").click()
    await expect(page.get_by_text(code.split()[0], exact=True)).to_have_count(0)
    assert await page.evaluate(KEPT) == []
    await page.goto("about:blank")
    line = operator.pane().locator("[data-part=returns-line]")
    await expect(line).to_contain_text("kan komma tillbaka med sin kod, senast ")
    await keep_screen(operator.page, "away")
    await (await operator.tool("Lägg åt sidan")).click()
    over = operator.pane().locator("[data-part=over]")
    await expect(over).to_contain_text("Du har lagt samtalet åt sidan")
    await expect(over).to_contain_text("Kommer besökaren tillbaka med sin kod går samtalet före i kön.")
    await expect(operator.pane().locator("[data-part=over-heading]")).to_be_focused()
    await keep_screen(operator.page, "aside")
    await operator.pane().get_by_role("button", name="Ta bort från skärmen").click()

    other = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    her = VisitorOnPage.on_own_page(other)
    await her.button("Jag har en kod för att komma tillbaka").click()
    await other.get_by_label("Skriv dina sex ord").fill(" ".join(code.split()[1:]))
    await her.button("Öppna samtalet").click()
    await her.sees("Koden har sex ord. Vi ser 5.")
    await other.get_by_label("Skriv dina sex ord").fill("ett två tre fyra fem sex")
    await her.button("Öppna samtalet").click()
    await her.sees("Koden stämmer inte")
    assert await axe_finds(other) == []
    await keep_screen(other, "wrong")
    tries = await _two_that_fail(other)
    await other.get_by_label("Skriv dina sex ord").fill(code.upper())
    await her.button("Öppna samtalet").click()
    await her.sees_in_log("Jag måste gå nu.")
    assert tries == ["rate", "lost", "heard"]
    await her.sees("Du har fått en ny kod")
    await keep_screen(other, "back")
    await operator.accepts()
    await expect(line).to_contain_text("Besökaren kom tillbaka med en kod.")
    await operator.writes("Vad bra att du är här igen.")
    await her.sees_in_log("Vad bra att du är här igen.")
    await her.button("Visa koden").click()
    fresh = await code_on(other)
    assert fresh != code
    await other.locator("#exit").click()
    await expect(operator.pane().locator("[data-part=over-heading]")).to_be_visible()

    late = await open_page(f"{server.at.url}/chat/linden?lang=sv", viewport=PHONE)
    await late.get_by_role("button", name="Jag har en kod").click()
    await late.get_by_label("Skriv dina sex ord").fill(fresh)
    await late.get_by_role("button", name="Öppna samtalet").click()
    await expect(late.get_by_text("Koden stämmer inte")).to_be_visible()


async def test_tab_keeps_her_place_only_when_she_asks(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Without that nothing looks at any storage; with it a reload brings her back, until it is over."""
    page = await open_page("about:blank", viewport=PHONE)
    await page.add_init_script(WATCHED)
    await page.goto(f"{server.at.url}/chat/linden?lang=sv")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.writes("Min telefon glömmer.")
    await visitor.sees_in_log("Min telefon glömmer.")
    assert await page.evaluate("touched") == []
    await visitor.button("Komma tillbaka").click()
    await visitor.sees("Då sparas en nyckel i den här fliken")
    await keep_screen(page, "waiting")
    assert await page.evaluate("touched") == []
    await visitor.button("Spara nyckeln").click()
    await visitor.sees("En nyckel är sparad")
    ((name, _),) = await page.evaluate(KEPT)
    assert name == "place"
    await page.reload()
    await visitor.sees_in_log("Min telefon glömmer.")
    await expect(page.locator("#before")).to_be_hidden()

    copy = await page.context.new_page()
    await copy.add_init_script(
        f"sessionStorage.place ??= {await page.evaluate('JSON.stringify(sessionStorage.place)')}"
    )
    await copy.goto(f"{server.at.url}/chat/linden?lang=sv")
    await copy.reload()
    await VisitorOnPage.on_own_page(copy).sees_in_log("Min telefon glömmer.")
    await visitor.sees("Samtalet är öppet i ett annat fönster")
    await copy.close()
    await visitor.button("Fortsätt här").click()
    await visitor.button("Komma tillbaka").click()
    await visitor.button("Ta bort nyckeln").click()
    assert await page.evaluate(KEPT) == []
    await visitor.button("Spara nyckeln").click()
    await visitor.button("Stäng").click()
    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")
    assert await page.evaluate(KEPT) == []


async def test_agreed_word_tells_the_operator_alone(
    open_page: OpenPage, server: Server, keep_screen: KeepScreen
) -> None:
    """Offered, chosen, asked for: what came of it stands in the console, and her page thanks her alike."""
    visitor, operator = await talks(open_page, server)
    pane = operator.pane()
    line = pane.locator("[data-part=returns-line]")
    field = visitor.page.get_by_label("Ditt ord")
    for taken_back in (True, False):
        await (await operator.tool("Ord att känna igen varandra på")).click()
        await expect(pane).to_contain_text("Fråga besökaren i samtal")
        await expect(field).to_have_count(0)
        await keep_screen(operator.page, "sure")
        await pane.get_by_role("button", name="Ja, fråga").click()
        await expect(pane.locator("[data-part=composer]")).to_be_focused()
        await expect(field).to_be_visible()
        if taken_back:
            await pane.get_by_role("button", name="Ta tillbaka frågan").click()
            await expect(field).to_have_count(0)
    assert await axe_finds(visitor.page) == []
    await keep_screen(visitor.page, "choose")
    await field.fill("Blåbär")
    await visitor.button("Spara ordet").click()
    await visitor.sees("Tack. Nu kan ni prata vidare.")
    await expect(visitor.page.get_by_label("Skriv här")).to_be_focused()
    await expect(line).to_contain_text("Ni har ett ord att känna igen.")
    for told, came_of_it in (
        ("lingon", "Det kan vara någon annan. Berätta inget från tidigare."),
        ("  blå bär", "Ordet stämde"),
    ):
        await (await operator.tool("Fråga efter ordet")).click()
        await expect(pane.locator("[data-part=composer]")).to_be_focused()
        await visitor.sees("Vi kom överens om ett ord.")
        await field.fill(told)
        await visitor.button("Skicka ordet").click()
        await visitor.sees("Tack. Nu kan ni prata vidare.")
        await expect(line).to_contain_text(came_of_it)
    assert await axe_finds(operator.page) == []
    await keep_screen(operator.page, "console")
    await expect(visitor.page.get_by_text("Ordet stäm")).to_have_count(0)
    await visitor.ends()


async def test_way_out_beside_the_frame_ends_it_though_she_has_a_code(
    open_page: OpenPage, server: Server
) -> None:
    """The page around says why it hides the frame: to leave is not to go and come back."""
    operator = await operator_comes(open_page, server, "linden")
    page = await open_page(server.at.host_page, viewport=PHONE)
    visitor = await VisitorOnPage.on_host_page(page)
    await visitor.starts()
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.button("Komma tillbaka").click()
    await visitor.button("Spara nyckeln").click()
    await visitor.button("Visa en kod").click()
    await visitor.button("Dölj koden").click()
    await page.get_by_role("button", name="Lämna snabbt").click()
    await expect(operator.pane().locator("[data-part=over-heading]")).to_have_text(LEFT_QUICKLY)
