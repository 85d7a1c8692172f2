# SPDX-License-Identifier: EUPL-1.2
"""What is left on her device: a real browser's profile on the disk after each way in which a talk can end."""

from __future__ import annotations

import gzip
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.asked import in_a_talk
from tests.browser.disk import found
from tests.browser.people import NEUTRAL, VisitorOnPage
from tests.browser.profile import Profile, forgives, profile_on_disk, until
from tests.browser.wire import Wire
from tests.outside.server import Server

HERS = "vattenmelonen gömdes bakom gråsparven"
THEIRS = "igelkotten sover under trappräcket"
DRAFT = "blåmusslan blev kvar i handskfacket"
ALONE = "murgrönan växer över brevlådan"
ADDRESS = "/chat/linden"
WITNESS = "[sessionStorage, localStorage].forEach((each) => each.setItem('witness', 'witness'))"
"""What is stored by the test, so that it is seen when the browser has written its stores."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these stories: whoever is killed here stays in its queue for a while, before others."""
    with Server(tmp_path_factory.mktemp("killed"), capacity=10) as running:
        yield running


async def test_quick_exit_and_a_kill_leave_nothing(server: Server, chromium: str, tmp_path: Path) -> None:
    """On the chat's own page and in a frame: gone from the screen, from Back and Forward, from every file."""
    before = f"{server.at.url}/?lang=sv"
    async with (
        profile_on_disk(chromium, tmp_path) as hers,
        _in_a_talk(server, hers, before) as (page, secrets),
    ):
        host = await hers.opens(f"{server.at.host_page}?service=eken")
        framed, wire = await VisitorOnPage.on_host_page(host), Wire(host)
        await framed.starts()
        await framed.writes(ALONE)
        await framed.sees("Skickat")
        await _is_written(page, tmp_path)
        for each in (page, host):
            await each.bring_to_front()
            await _leaves(each)
        for move in (page.go_back, page.reload, page.go_forward, page.reload, host.go_back, host.reload):
            # From the browser's memory of pages there is nothing to load.
            await move(wait_until="commit")
            for tab in (page, host):
                await _shows_nothing(tab)
        secrets += [ALONE, *wire.secrets()]
        hers.kill()
    assert found(tmp_path, secrets) == {}
    assert found(tmp_path, [ADDRESS])
    await _reopened(chromium, tmp_path, secrets)


async def test_end_and_a_closed_tab_leave_nothing(server: Server, chromium: str, tmp_path: Path) -> None:
    """She ends the talk and closes the tab; even a browser that may write all it wants has nothing."""
    async with profile_on_disk(chromium, tmp_path) as hers:
        async with _in_a_talk(server, hers) as (page, secrets):
            visitor = VisitorOnPage(page, page)
            await visitor.ends()
            await visitor.sees("Du har avslutat samtalet")
            await page.reload()
            await _shows_nothing(page)
            await page.close()
        await hers.closes()
    assert found(tmp_path, secrets) == {}
    assert found(tmp_path, [ADDRESS])


async def test_crash_leaves_nothing_and_the_restored_tab_is_empty(
    server: Server, chromium: str, tmp_path: Path
) -> None:
    """The phone dies in the middle, with half a message written: the reopened tab begins anew."""
    async with profile_on_disk(chromium, tmp_path) as hers, _in_a_talk(server, hers) as (page, secrets):
        await _is_written(page, tmp_path)
        hers.kill()
    assert found(tmp_path, secrets) == {}
    tabs = await _reopened(chromium, tmp_path, secrets)
    assert [address for address in tabs if ADDRESS in address]


async def test_search_finds_what_is_planted(chromium: str, tmp_path: Path) -> None:
    """The same search sees storage, cookies, databases, history, cached answers, what a tab remembers."""
    planted = {
        "localStorage": "kastrullen låg i lokalförrådet",
        "indexedDB": "kastrullen låg i registerlådan",
        "cookie": "kastrullen-i-kakburken",
        "history": "kastrullen-i-historieboken",
        "cache": "kastrullen låg i mellanförrådet",
        "field": "kastrullen låg kvar i formuläret",
    }
    with _other_site(planted["cache"]) as address:
        async with profile_on_disk(chromium, tmp_path) as hers:
            page = await hers.opens(address)
            await page.evaluate(PLANTS, planted)
            await page.locator("textarea").press_sequentially(planted["field"])
            # A tab remembers what stands in a field when it goes on from there.
            await page.goto(f"{address}next")
            await until(lambda: _holds(tmp_path, "Sessions/Session_*", b"localhost"))
            await hers.closes()
        places = found(tmp_path, list(planted.values()))
        assert _unseen(places, planted) == []
    # So much that the store has put it into tables, which are compressed.
    assert any(".ldb (store)" in place for place in places[planted["indexedDB"]])


# --- how she gets there


@asynccontextmanager
async def _in_a_talk(
    server: Server, hers: Profile, begins_at: str = "about:blank"
) -> AsyncIterator[tuple[Page, list[str]]]:
    """Talk on the chat's own page, with half a message in the field; yields what may be found nowhere."""

    async def opens(address: str, **_: Any) -> Page:
        page = await hers.opens(begins_at)
        await page.goto(address)
        return page

    async with in_a_talk(server, opens, said=(HERS,)) as (asked, asking, _):
        await asking.says(THEIRS)
        await asked.visitor.sees_in_log(THEIRS)
        await asked.page.get_by_label("Skriv här").press_sequentially(DRAFT)
        secrets = asked.wire.secrets()
        assert len(secrets) == 2
        yield asked.page, [HERS, THEIRS, DRAFT, *secrets]


async def _leaves(page: Page) -> None:
    await page.route(
        "https://**/*", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html; charset=utf-8")
    )
    await page.get_by_text("Lämna snabbt").first.click()
    await expect(page.get_by_role("heading", name="Vädret i dag")).to_be_visible()


async def _shows_nothing(page: Page) -> None:
    text = "".join([await frame.locator("body").inner_text() for frame in page.frames])
    assert [secret for secret in (HERS, THEIRS, DRAFT, ALONE) if secret in text] == []
    assert await page.locator("#text").or_(page.locator("iframe")).count() in {0, 1}


async def _reopened(chromium: str, folder: Path, secrets: list[str]) -> list[str]:
    """Open the profile again with its old tabs, look at each, end in order, and search once more."""
    forgives(folder)
    async with profile_on_disk(chromium, folder, "--restore-last-session") as again:
        tabs = [page for page in again.context.pages if page.url.startswith("http")]
        for page in tabs:
            await _shows_nothing(page)
            if await page.locator("#text").count():
                assert await page.locator("#text").input_value() == ""
        addresses = [page.url for page in tabs]
        await again.closes()
    assert found(folder, secrets) == {}
    return addresses


async def _is_written(page: Page, folder: Path) -> None:
    """Wait until the browser has written what it had, as it does now and then: a kill before shows little."""
    await page.evaluate(WITNESS)
    await until(lambda: _holds(folder, "Session Storage/*.log", b"witness"))
    await until(lambda: _holds(folder, "Local Storage/leveldb/*.log", b"witness"))
    await until(lambda: _holds(folder, "Sessions/Session_*", ADDRESS.encode()))


def _holds(folder: Path, place: str, wanted: bytes) -> bool:
    return any(wanted in path.read_bytes() for path in (folder / "Default").glob(place))


# --- what is planted
# ------------------------------------------------------------------------------------------------

PLANTS = """async (words) => {
  localStorage.setItem("kept", words.localStorage);
  document.cookie = `kept=${words.cookie}; max-age=9999`;
  history.replaceState(null, "", `?${words.history}`);
  await (await fetch("/cached")).text();
  await new Promise((done) => {
    const opening = indexedDB.open("kept", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
    opening.onsuccess = () => {
      const writing = opening.result.transaction("kept", "readwrite");
      for (let n = 0; n < 300; n += 1) {
        writing.objectStore("kept").put("om ".repeat(9000) + words.indexedDB + n, n);
      }
      writing.oncomplete = done;
    };
  });
}"""


@contextmanager
def _other_site(cached: str) -> Iterator[str]:
    """Serve a page with a field that a browser may remember, and an answer that it may keep."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            if self.path == "/cached":
                body = gzip.compress(cached.encode() * 20)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Cache-Control", "max-age=9999")
            else:
                body = b"<!doctype html><meta charset=utf-8><title>Other</title><form><textarea></textarea>"
                self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{site.server_port}/"
    finally:
        site.shutdown()
        site.server_close()


READ_AS = {
    "localStorage": "store",
    "indexedDB": "store",
    "cookie": "decrypted",
    "history": "table",
    "cache": "unpacked",
    "field": "decrypted",
}


def _unseen(places: dict[str, set[str]], planted: dict[str, str]) -> list[str]:
    """Return what was planted and not seen as only a search that knows the format sees it."""
    return [
        way
        for way, word in planted.items()
        if not any(place.endswith(f"({READ_AS[way]})") for place in places.get(word, ()))
    ]
