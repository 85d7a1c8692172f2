# SPDX-License-Identifier: EUPL-1.2
"""The main story: from a jour's website to both screens, and to the end."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import ViewportSize, WebSocketRoute, expect

from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import NEUTRAL, OperatorAtConsole, VisitorOnPage, chat_frame
from tests.outside.server import Server

PHONE = ViewportSize(width=360, height=740)


async def _operator(
    open_page: OpenPage, server: Server, service: str, alias: str, which: int = 0
) -> OperatorAtConsole:
    page = await open_page(f"{server.at.url}/console")
    operator = OperatorAtConsole(page, server.at)
    await operator.signs_in(server.at.operators_of(service)[which])
    await operator.goes_on_duty(alias, service)
    return operator


async def test_visitor_and_operator_talk_from_host_page_to_the_end(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """She opens the chat on a jour's website, waits, is answered, they talk, and she ends it."""
    host = await open_page(f"{server.at.host_page}?service=linden", viewport=PHONE)
    await keep_screen(host, "1-host-page")
    visitor = await VisitorOnPage.on_host_page(host)
    await visitor.sees("Du behöver inte säga vem du är")
    frame = chat_frame(host)
    assert frame is not None
    assert frame.url.startswith(server.at.url)
    assert not host.url.startswith(server.at.url)
    await keep_screen(host, "2-before-the-start")

    await visitor.starts()
    await visitor.sees("Din plats finns kvar")
    await visitor.writes("hej, är någon där?")
    await keep_screen(host, "3-waiting")

    operator = await _operator(open_page, server, "linden", "Alva")
    await expect(operator.waiting()).to_have_count(1)
    await keep_screen(operator.page, "4-queue")
    await operator.accepts()
    await operator.reads("hej, är någon där?")
    await visitor.sees_in_log("Alva")

    await operator.writes("Hej! Jag är här. Kan någon annan se din skärm?")
    await visitor.sees_in_log("Kan någon annan se din skärm?")
    await visitor.writes("nej, jag är ensam")
    await operator.reads("nej, jag är ensam")
    await keep_screen(host, "5-talking")
    await keep_screen(operator.page, "6-console")

    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")
    await expect(operator.pane().locator("[data-part=over]")).to_be_visible()
    await keep_screen(host, "7-over")
    await keep_screen(operator.page, "8-console-over")


async def test_operator_ends_and_visitor_is_thanked(server: Server, open_page: OpenPage) -> None:
    """The operator ends the talk; she reads that she is welcome back."""
    visitor = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/eken"))
    await visitor.starts()
    operator = await _operator(open_page, server, "eken", "Tove")
    await operator.accepts()
    await visitor.sees_in_log("Tove")
    await operator.ends()
    await visitor.sees("Du är välkommen tillbaka")


async def test_quick_exit_takes_the_host_page_away_and_the_operator_knows(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """One press: no chat, another page, and the operator reads that nobody should write."""
    host = await open_page(f"{server.at.host_page}?service=bron", viewport=PHONE)
    await host.context.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    visitor = await VisitorOnPage.on_host_page(host)
    await visitor.starts()
    operator = await _operator(open_page, server, "bron", "Kim")
    await operator.accepts()
    await visitor.sees_in_log("Kim")

    await host.get_by_role("button", name="Lämna snabbt").first.click()
    await expect(host.get_by_role("heading", name="Vädret i dag")).to_be_visible()
    assert chat_frame(host) is None
    await expect(operator.pane().locator("[data-part=over]")).to_contain_text("lämnade snabbt")
    await expect(operator.pane().locator("[data-part=over]")).to_contain_text("Skriv inte")
    await keep_screen(operator.page, "left-quickly")

    await host.go_back()
    assert chat_frame(host) is None
    await expect(host.get_by_text("Kim")).to_have_count(0)


async def test_second_operator_is_told_who_won(server: Server, open_page: OpenPage) -> None:
    """Two accept the same visitor: one wins, the other reads the winner's alias."""
    winner = await _operator(open_page, server, "hamnen", "Robin", 0)
    late = await open_page("about:blank")
    held = False

    def between(route: WebSocketRoute) -> None:
        """Carry everything, but keep back the news of the queue once `held`: as a slow network does."""
        upstream = route.connect_to_server()
        upstream.on_message(
            lambda text: None if held and '"type":"waiting"' in str(text) else route.send(text)
        )

    await late.route_web_socket("**/ws/operator**", between)
    loser = OperatorAtConsole(late, server.at)
    await loser.signs_in(server.at.operators_of("hamnen")[1])
    await loser.goes_on_duty("Mika", "hamnen")
    visitor = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/hamnen"))
    await visitor.starts()
    await expect(loser.waiting()).to_have_count(1)
    held = True
    await winner.accepts()
    await visitor.sees_in_log("Robin")
    await loser.accepts()
    await expect(late.locator("[data-part=queue-notice-text]")).to_contain_text("Robin")
    await expect(late.locator("article.pane")).to_have_count(0)
    await winner.ends()
    await visitor.sees("välkommen tillbaka")


async def test_server_killed_in_the_middle_loses_nothing(
    tmp_path: Path, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """The server dies and comes back: both see that contact is lost, and nothing of the talk is lost.

    Before that words are slow, as is told on a phone too; without contact nothing says that all goes on as
    usual. Her page leads to other help meanwhile, and takes nothing away that she has opened.
    """
    with Server(tmp_path) as own:
        visitor = VisitorOnPage.on_own_page(await open_page(f"{own.at.url}/chat/linden", viewport=PHONE))
        await visitor.starts()
        console = await open_page("about:blank", viewport=PHONE)
        sockets: list[WebSocketRoute] = []

        def between(route: WebSocketRoute) -> None:
            sockets.append(route)
            route.connect_to_server()

        await console.route_web_socket("**/ws/operator**", between)
        operator = OperatorAtConsole(console, own.at)
        await operator.signs_in(own.at.operators_of("linden")[0])
        await operator.goes_on_duty("Alva", "linden")
        await operator.accepts()
        await visitor.writes("före")
        await operator.reads("före")
        slow = console.get_by_text("dröja upp till två sekunder")
        sockets[-1].send('{"type":"degraded","away":true}')
        await expect(slow).to_be_visible()
        await keep_screen(console, "slow")
        help_at_hand = visitor.button("Andra sätt att få hjälp")
        await expect(help_at_hand).to_be_hidden()
        own.kill()
        await visitor.sees("ingen kontakt")
        await expect(console.get_by_text("Ingen kontakt med servern").first).to_be_visible()
        await expect(slow).to_be_hidden()
        await console.set_viewport_size({"width": 1024, "height": 740})
        await expect(console.get_by_role("heading", name="Kö", exact=True)).to_be_visible()
        await expect(console.get_by_text("Ingen väntar just nu")).to_be_hidden()
        await keep_screen(console, "lost-console")
        await visitor.writes("under tiden")
        await keep_screen(visitor.page, "lost")
        await help_at_hand.click()
        await expect(visitor.inside.get_by_role("heading", name="Andra vägar")).to_be_in_viewport()
        await keep_screen(visitor.page, "lost-help")
        own.start()
        await expect(visitor.inside.get_by_text("ingen kontakt")).to_be_hidden()
        await expect(help_at_hand).to_be_hidden()
        await expect(visitor.page.locator("#help")).to_be_visible()
        await visitor.page.locator("#help > summary").click()
        await expect(visitor.page.locator("#help")).to_be_hidden()
        await operator.reads("under tiden")
        await operator.writes("jag är kvar")
        await visitor.sees_in_log("jag är kvar")
        log = await visitor.inside.get_by_role("log").inner_text()
        assert [log.count(each) for each in ("före", "under tiden", "jag är kvar")] == [1, 1, 1]


async def test_chat_by_keyboard_alone(server: Server, open_page: OpenPage) -> None:
    """Tab and Enter are enough: the way out comes first, then the start, then the words."""
    page = await open_page(f"{server.at.url}/chat/eken")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Lämna snabbt")).to_be_focused()
    await page.get_by_role("button", name="Börja chatta").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Skriv här")).to_be_focused()
    await page.keyboard.type("hej")
    await page.keyboard.press("Enter")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.sees_in_log("hej")
    await visitor.ends()
    await visitor.sees("Du har avslutat chatten")


async def test_keyboard_follows_into_the_frame(server: Server, open_page: OpenPage) -> None:
    """After Enter on the launcher the next Tab is in the chat, not on the host page behind it."""
    host = await open_page(f"{server.at.host_page}?service=linden")
    await host.get_by_role("button", name="Chatta med oss").focus()
    await host.keyboard.press("Enter")
    inside = host.frame_locator("iframe")
    await expect(inside.get_by_role("button", name="Dölj")).to_be_visible()
    frame = chat_frame(host)
    assert frame is not None
    await frame.wait_for_function("document.hasFocus()")
    await host.keyboard.press("Tab")
    await expect(inside.get_by_role("button", name="Dölj")).to_be_focused()


async def test_lost_network_is_told_at_once(server: Server, open_page: OpenPage) -> None:
    """She reads that there is no contact, and what she wrote meanwhile goes out when it is back."""
    visitor = VisitorOnPage.on_own_page(await open_page(f"{server.at.url}/chat/linden"))
    await visitor.starts()
    await visitor.sees("Din plats finns kvar")
    await visitor.page.context.set_offline(True)
    await visitor.sees("ingen kontakt")
    await visitor.writes("under tiden")
    await visitor.page.context.set_offline(False)
    await expect(visitor.inside.get_by_text("Skickat", exact=True)).to_be_visible()
    await expect(visitor.inside.get_by_text("ingen kontakt")).to_be_hidden()
    await visitor.ends()
    await visitor.sees("Du har avslutat samtalet")


async def test_refused_alias_takes_one_press_more(server: Server, open_page: OpenPage) -> None:
    """A volunteer who tried her own name writes another and presses once: the button does not move away."""
    page = await open_page(f"{server.at.url}/console")
    operator = OperatorAtConsole(page, server.at)
    staff = server.at.operators_of("linden")[0]
    await operator.signs_in(staff)
    await page.get_by_label("Alias").fill(staff.name)
    await page.locator("[data-part=go-on]").click()
    await expect(page.get_by_text("Det ser ut som ditt eget namn")).to_be_visible()
    await operator.goes_on_duty("Alva", "linden")


async def test_what_she_writes_without_contact_tries_at_once(server: Server, open_page: OpenPage) -> None:
    """However long her page would have waited: the clock stands, only her writing opens a connection."""
    page = await open_page("about:blank")
    sockets: list[WebSocketRoute] = []
    tried: list[WebSocketRoute] = []
    refused: list[WebSocketRoute] = []
    is_away = False

    async def between(route: WebSocketRoute) -> None:
        if is_away:
            tried.append(route)
            await route.close(code=4000)
            refused.append(route)
            return
        sockets.append(route)
        route.connect_to_server()

    await page.route_web_socket("**/ws/visitor", between)
    await page.clock.install()
    await page.goto(f"{server.at.url}/chat/linden")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    await visitor.sees("Din plats finns kvar")
    is_away = True
    await sockets[0].close(code=4000)
    await page.clock.run_for(20_000)
    await visitor.sees("ingen kontakt")
    await page.clock.pause_at(await page.evaluate("Date.now() + 10_000"))
    # What it tried before the clock stood is refused too, before anybody is let in again.
    while len(refused) < len(tried):
        await page.evaluate("0")
    is_away = False
    assert len(sockets) == 1, "it has not come back by itself"
    await visitor.writes("hör du?")
    await expect(visitor.inside.get_by_text("Skickat", exact=True)).to_be_visible()
    await visitor.ends()
