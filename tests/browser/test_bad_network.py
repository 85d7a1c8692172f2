# SPDX-License-Identifier: EUPL-1.2
"""Somebody on a train: the connection is cut again and again, before and after what is sent has come."""

from __future__ import annotations

import asyncio
import json
from random import Random

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.arriving import PHONE
from tests.browser.conftest import KeepScreen, OpenPage
from tests.browser.people import VisitorOnPage
from tests.browser.staff import Comes, Volunteer
from tests.browser.wire import PATIENCE_S
from tests.outside.operator import Operator
from tests.outside.server import Server

TEXTS = [f"mening {number} från tåget" for number in range(1, 13)]


class Train:
    """The way between a console and the server, with tunnels. `cuts`: how often it was cut, and where."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.cuts = {"before": 0, "after": 0}
        self.still = True
        """While it stands still nothing is cut."""

    async def takes(self, console: WebSocketRoute) -> None:
        """Carry one connection, until it is cut."""
        server = console.connect_to_server()
        cut = False

        async def to_server(message: str | bytes) -> None:
            nonlocal cut
            if cut:
                return
            tunnel = (
                None
                if self.still or '"say"' not in str(message)
                else self._random.choice(("before", "after", None))
            )
            if tunnel != "before":
                server.send(message)
            if tunnel is not None:
                self.cuts[tunnel] += 1
                cut = True
                await console.close(code=4000)
                await server.close()

        def to_console(message: str | bytes) -> None:
            if not cut:
                console.send(message)

        console.on_message(to_server)
        server.on_message(to_console)


class Way:
    """The way of one page, on which what is said is lost and one kind of frame is held back for a while."""

    def __init__(self, kind: str) -> None:
        self.holds = False
        self._kind = kind
        self._routes: list[WebSocketRoute] = []
        self._held: list[str | bytes] = []

    async def takes(self, page: WebSocketRoute) -> None:
        """Carry one connection."""
        server = page.connect_to_server()
        self._routes.append(page)

        def to_page(message: str | bytes) -> None:
            if self.holds and f'"{self._kind}"' in str(message):
                self._held.append(message)
            else:
                page.send(message)

        page.on_message(
            lambda message: None if self.holds and '"say"' in str(message) else server.send(message)
        )
        server.on_message(to_page)

    async def is_cut_and_held(self, page: Page) -> None:
        """Cut the connection, wait until the next one has what is held back, and lose nothing more."""
        await self._routes[0].close(code=4000)
        async with asyncio.timeout(PATIENCE_S):
            while not self._held:
                await page.evaluate("() => new Promise(requestAnimationFrame)")
        self.holds = False

    def lets_go(self) -> None:
        """Give what was held back."""
        for message in self._held:
            self._routes[-1].send(message)


class Full:
    """The way of one page to a server whose disk is full: what is said is refused until there is room."""

    def __init__(self) -> None:
        self.has_room = False

    async def takes(self, page: WebSocketRoute) -> None:
        """Carry one connection."""
        server = page.connect_to_server()

        def to_server(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame["type"] != "say" or self.has_room:
                server.send(message)
                return
            about = {key: frame[key] for key in ("id", "conversation") if key in frame}
            page.send(json.dumps({"type": "nack", "code": "unavailable", "text": "", "retry": True, **about}))

        page.on_message(to_server)
        server.on_message(page.send)


async def test_what_is_written_on_a_bad_network_comes_once_and_in_order(
    strict: Server, open_page: OpenPage, comes: Comes, keep_screen: KeepScreen
) -> None:
    """Frames and answers are lost at a dozen places; each message is there once, on both sides."""
    page = await open_page("about:blank")
    train = Train(seed=2026)
    await page.route_web_socket("**/ws/operator*", train.takes)
    volunteer = await Volunteer.comes_on_duty(page, strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says("hör du mig?")
    await volunteer.reads("hör du mig?")
    train.still = False
    for text in TEXTS:
        await volunteer.writes(text)
    await keep_screen(page, "cut-off")
    heard = [(await visitor.connection.expect("said"))["text"] for _ in TEXTS]
    assert heard == TEXTS
    train.still = True
    await visitor.says("jag hörde allt")
    await volunteer.reads("jag hörde allt")
    said = volunteer.pane().locator(".message [data-part=text]")
    await expect(said).to_have_text(["hör du mig?", *TEXTS, "jag hörde allt"])
    assert train.cuts["before"] > 0
    assert train.cuts["after"] > 0
    await volunteer.ends()


async def test_what_is_written_on_coming_back_does_not_overtake_what_waited(
    strict: Server, open_page: OpenPage, comes: Comes
) -> None:
    """The first message is lost in a tunnel; the second is written before the conversation is open again."""
    page = await open_page("about:blank")
    way = Way("accepted")
    await page.route_web_socket("**/ws/operator*", way.takes)
    volunteer = await Volunteer.comes_on_duty(page, strict)
    visitor = await comes()
    await volunteer.accepts()
    await visitor.says("hör du mig?")
    await volunteer.reads("hör du mig?")
    way.holds = True
    await volunteer.writes("det första")
    await way.is_cut_and_held(page)
    await volunteer.writes("det andra")
    await expect(volunteer.pane().get_by_text("det andra")).to_be_visible()
    way.lets_go()
    heard = [(await visitor.connection.expect("said"))["text"] for _ in range(2)]
    assert heard == ["det första", "det andra"]
    await volunteer.ends()


async def test_what_she_writes_on_coming_back_does_not_overtake_what_waited(
    server: Server, open_page: OpenPage
) -> None:
    """The same at her page: the second message is written before she has been greeted again."""
    page = await open_page("about:blank")
    way = Way("welcome")
    await page.route_web_socket("**/ws/visitor*", way.takes)
    await page.goto(f"{server.at.url}/chat/linden")
    visitor = VisitorOnPage.on_own_page(page)
    await visitor.starts()
    operator = Operator(server.at, server.at.operators_of("linden")[0])
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Alva")
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    await visitor.sees_in_log("Alva")
    way.holds = True
    await visitor.writes("det första")
    await way.is_cut_and_held(page)
    await visitor.writes("det andra")
    await visitor.sees_in_log("det andra")
    way.lets_go()
    said = [await operator.connection.expect("said", conversation=conversation) for _ in range(2)]
    assert [frame["text"] for frame in said] == ["det första", "det andra"]
    await visitor.ends()
    await operator.connection.close()


async def test_what_cannot_be_kept_just_now_goes_by_itself(
    server: Server, open_page: OpenPage, keep_screen: KeepScreen
) -> None:
    """Nobody presses anything: it says so meanwhile; what was written is there once when there is room."""
    hers, theirs = await open_page("about:blank", viewport=PHONE), await open_page("about:blank")
    full = Full()
    await hers.route_web_socket("**/ws/visitor*", full.takes)
    await theirs.route_web_socket("**/ws/operator*", full.takes)
    operator = Volunteer(theirs, server.at)
    await operator.signs_in(server.at.operators_of("eken")[0])
    await operator.goes_on_duty("Alva", "eken")
    await hers.goto(f"{server.at.url}/chat/eken?lang=sv")
    visitor = VisitorOnPage.on_own_page(hers)
    await visitor.starts()
    await operator.accepts()
    await visitor.sees_in_log("Alva")
    await visitor.writes("är du där?")
    await operator.writes("jag är här")
    for page in (hers, theirs):
        await expect(page.get_by_text("Inte skickat än. Vi försöker igen.", exact=True)).to_be_visible()
        await expect(page.get_by_role("button", name="Försök nu")).to_be_visible()
        await keep_screen(page, "hers" if page is hers else "theirs")
    full.has_room = True
    await operator.reads("är du där?")
    await visitor.sees_in_log("jag är här")
    for page in (hers, theirs):
        await expect(page.get_by_role("button", name="Försök nu")).to_have_count(0)
    await expect(hers.get_by_role("log").get_by_text("är du där?")).to_have_count(1)
    await operator.ends()
