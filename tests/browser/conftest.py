# SPDX-License-Identifier: EUPL-1.2
"""A real Chromium and a real demo server for the stories in this folder.

All tests here share one event loop, because the browser lives in it. What is seen is kept in
`artefacts/screens`.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from httpx import HTTPError
from playwright.async_api import Browser, Page, ViewportSize, WebSocket, async_playwright, expect

from tests.outside.connection import Closed
from tests.outside.connection import browser as outside
from tests.outside.overheard import overhear
from tests.outside.server import Server
from tests.outside.visitor import Visitor
from tests.web.furnishing import NewPlace, furnished, new_place
from tests.web.handed import Tickets, tickets

__all__ = ("furnished", "new_place")

HERE = Path(__file__).resolve().parent
SCREENS = HERE.parents[1] / "artefacts" / "screens"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = ViewportSize(width=1280, height=800)
PATIENCE_MS = 30_000
"""Stories await conditions. How long something takes is measured by the bench, not asserted here."""

_networks = itertools.count(101)

OpenPage = Callable[..., Awaitable[Page]]
"""`await open_page(address, viewport=…, language=…, javascript=…)`: each in a browser context of its own."""
KeepScreen = Callable[[Page, str], Awaitable[Path]]
"""`await keep_screen(page, name)`: a picture of the page, beside those of the same test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test of this folder run in the browser's loop."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("the browser tests need Chromium: sudo apt install chromium")
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo server for all stories."""
    with Server(tmp_path_factory.mktemp("demo"), capacity=10) as running:
        yield running


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that limits this machine's addresses too, so that a sanction is felt."""
    with Server(tmp_path_factory.mktemp("strict"), capacity=10, limits=True) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def comes(strict: Server) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Let visitors come, to linden if nothing else is said; all are gone after the test.

    Each test has a network of its own, so that none is limited by what another has done.
    """
    visitors: list[Visitor] = []
    source = f"127.0.{next(_networks)}.1"

    async def come(service: str = "linden", intake: dict[str, bool] | None = None) -> Visitor:
        visitors.append(await Visitor.starts(strict.at, service, source=source, intake=intake))
        return visitors[-1]

    yield come
    for visitor in visitors:
        with contextlib.suppress(Closed):
            await visitor.leaves()
        await visitor.connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_tickets(new_place: NewPlace) -> AsyncIterator[Tickets]:
    """One server in this process, so that receivers can act on it."""
    async with tickets(new_place("tickets")) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def at(shared_tickets: Tickets) -> Tickets:
    """The server of the module, with the clock where it should be."""
    shared_tickets.clock.ahead = timedelta()
    return shared_tickets


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for all stories; each opens contexts of its own in it."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Open addresses, each in a context of its own; a mistake on a page fails the test that opened it.

    No conversation outlives the test, whatever key a tab has kept: the next operator would be given it.
    """
    contexts = []
    begun: set[tuple[str, str]] = set()
    mistakes: list[str] = []

    async def open_(
        address: str, *, viewport: ViewportSize = DESKTOP, language: str = "sv-SE", javascript: bool = True
    ) -> Page:
        context = await browser.new_context(
            viewport=viewport, locale=language, java_script_enabled=javascript, reduced_motion="reduce"
        )
        contexts.append(context)
        context.on("page", lambda page: page.on("websocket", lambda socket: _note_begun(socket, begun)))
        page = await context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await page.goto(address)
        return page

    yield open_
    for context in contexts:
        await context.close()
    async with outside() as http:
        for address, token in begun:
            with contextlib.suppress(HTTPError):
                await http.post(f"{address}/leave", content=token)
    assert mistakes == []


def _note_begun(socket: WebSocket, begun: set[tuple[str, str]]) -> None:
    """Add the server's address and the token of each conversation that a visitor's socket begins."""
    at = urlsplit(socket.url)

    def note(payload: str | bytes) -> None:
        if '"welcome"' in str(payload) and (frame := json.loads(payload)).get("type") == "welcome":
            begun.add((f"http://{at.netloc}", frame["token"]))

    if at.path == "/ws/visitor":
        socket.on("framereceived", note)
    socket.on("framesent", _overhear)
    socket.on("framereceived", _overhear)


def _overhear(payload: str | bytes) -> None:
    """What is said from a page is looked for in the server's log as well."""
    with contextlib.suppress(ValueError):
        overhear(json.loads(payload))


@pytest.fixture
def keep_screen(request: pytest.FixtureRequest) -> Callable[[Page, str], Awaitable[Path]]:
    """Keep a picture of a page among the artefacts of the run, named after the test."""

    async def keep(page: Page, name: str) -> Path:
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{request.node.name}-{name}.png"
        await page.wait_for_load_state()
        await page.screenshot(path=path)
        return path

    return keep
