# SPDX-License-Identifier: EUPL-1.2
"""What every address of the contract answers, and with which headers."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from chat.errors import Unavailable
from chat.ids import ServiceId
from tests.texts import LANGUAGES
from tests.web.running import Running
from web import app
from web.languages import direction
from web.visitor.pages import MODULES

STATIC = Path(__file__).parents[2] / "web" / "static"
LARGEST_VISIT, LARGEST_LOADER = 20_000, 2_000
LARGEST_VISIT_IN_TWO_BYTES = 21_000
"""Where each letter takes two bytes."""

ADDRESSES = (
    ("GET", "/", 200, "text/html"),
    ("GET", "/accessibility", 200, "text/html"),
    ("GET", "/chat/linden", 200, "text/html"),
    ("GET", "/chat/hamnen", 200, "text/html"),
    ("GET", "/chat/nowhere", 404, "text/html"),
    ("GET", "/chat/", 404, "text/plain"),
    ("GET", "/status/linden", 200, "application/json"),
    ("GET", "/status/nowhere", 404, "application/json"),
    ("GET", "/rules/linden", 200, "application/json"),
    ("GET", "/rules/nowhere", 404, "application/json"),
    ("GET", "/consent/texts", 200, "application/json"),
    ("GET", "/widget.js", 200, "text/javascript"),
    ("GET", "/safety", 200, "text/html"),
    ("GET", "/safety/linden", 200, "text/html"),
    ("GET", "/safety/nowhere", 200, "text/html"),
    ("GET", "/staff/sign-in", 200, "text/html"),
    ("GET", "/staff/sign-out", 405, "text/plain"),
    ("GET", "/console", 303, None),
    ("GET", "/console/receivers/linden", 401, None),
    ("GET", "/supervisor", 303, None),
    ("GET", "/supervisor/board", 401, None),
    ("GET", "/supervisor/sanctions/lift", 405, "text/plain"),
    ("POST", "/supervisor/sanctions/lift", 403, None),
    ("GET", "/tickets", 303, None),
    ("GET", "/tickets/AAAAAAAAAAAAAAAAAAAAAA", 303, None),
    ("GET", "/tickets/AAAAAAAAAAAAAAAAAAAAAA/ticket.json", 303, None),
    ("GET", "/tickets/schema/ticket-1.json", 200, "application/json"),
    ("POST", "/tickets", 405, "text/plain"),
    ("POST", "/tickets/unlock", 403, None),
    ("POST", "/tickets/AAAAAAAAAAAAAAAAAAAAAA/open", 403, None),
    ("GET", "/tickets/AAAAAAAAAAAAAAAAAAAAAA/open", 405, "text/plain"),
    ("GET", "/leave", 405, "text/plain"),
    ("GET", "/ticket", 200, "text/html"),
    ("POST", "/ticket", 403, "text/html"),
    ("GET", "/ticket/leave", 405, "text/plain"),
    ("POST", "/ticket/leave", 403, "text/html"),
    ("GET", "/chat/linden/plain", 200, "text/html"),
    ("GET", "/chat/nowhere/plain", 404, "text/html"),
    ("POST", "/chat/linden/plain", 403, "text/html"),
    ("GET", "/chat/linden/plain/log", 200, "text/html"),
    ("GET", "/chat/linden/plain/leave", 405, "text/plain"),
    ("POST", "/chat/linden/plain/leave", 403, "text/html"),
    ("GET", "/healthz", 200, "text/plain"),
    ("GET", "/readyz", 200, "text/plain"),
    ("GET", "/demo/", 307, None),
    ("GET", "/chat/linden/", 404, "text/plain"),
    ("POST", "/staff/sign-in/", 404, "text/plain"),
    ("GET", "/readyz/", 404, "text/plain"),
    ("GET", "/ws/visitor", 404, "text/plain"),
    ("GET", "/nothing", 404, "text/plain"),
    ("POST", "/", 403, "text/plain"),
    ("DELETE", "/", 405, "text/plain"),
    ("GET", "/ask/linden", 200, "application/json"),
    ("GET", "/ask/nowhere", 404, "application/json"),
    ("GET", "/reading/linden", 200, "application/json"),
    ("GET", "/reading/nowhere", 404, "application/json"),
    ("GET", "/others/linden", 200, "application/json"),
    ("GET", "/others/nowhere", 404, "application/json"),
    ("GET", "/asked/linden", 200, "application/json"),
    ("GET", "/asked/nowhere", 404, "application/json"),
    ("GET", "/asked", 405, "text/plain"),
    ("POST", "/asked", 403, None),
    ("DELETE", "/chat/linden", 405, "text/plain"),
    ("PUT", "/staff/sign-in", 405, "text/plain"),
    ("POST", "/console", 405, "text/plain"),
    ("TRACE", "/healthz", 405, "text/plain"),
    ("POST", "/status/linden", 405, "text/plain"),
    ("POST", "/rules/linden", 405, "text/plain"),
)


@pytest.mark.parametrize(("method", "path", "status", "kind"), ADDRESSES)
async def test_address_answers(run: Running, method: str, path: str, status: int, kind: str | None) -> None:
    """The status and the type are those of the contract."""
    answer = await run.ask(method, path)
    assert answer.status_code == status
    if kind is not None:
        assert answer.headers["content-type"].startswith(kind)


SAME_FOR_EVERYBODY = ("/chat/linden", "/chat/hamnen", "/widget.js")
"""And nothing else is compressed: not even another page without words, which may have some one day."""


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in ADDRESSES])
async def test_answer_carries_the_headers_of_every_answer(run: Running, method: str, path: str) -> None:
    """Nothing is guessed from content, nobody gets a referrer, the server is not named, no cookie is set."""
    headers = (await run.ask(method, path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in headers
    assert ("content-encoding" in headers) is (method == "GET" and path in SAME_FOR_EVERYBODY)
    if path != "/staff/sign-in" or method != "GET":
        assert "set-cookie" not in headers


KEPT_NOWHERE = ("/", "/chat/linden", "/chat/nowhere", "/staff/sign-in")


@pytest.mark.parametrize("path", KEPT_NOWHERE)
async def test_page_is_kept_nowhere(run: Running, path: str) -> None:
    """No cache holds a page that tells that she was there."""
    assert (await run.get(path)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/staff/sign-in", "/chat/nowhere", "/healthz", "/nothing"])
async def test_page_may_not_be_framed(run: Running, path: str) -> None:
    """Only a chat has anything to do inside another page."""
    headers = (await run.get(path)).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


async def test_chat_is_framed_by_its_own_organisation_only(run: Running) -> None:
    """The policy is exactly this, with the exact origins of the site file."""
    page = await run.get("/chat/linden")
    assert page.headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        f"frame-ancestors http://localhost:{run.port} http://127.0.0.1:{run.port}",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    assert "x-frame-options" not in page.headers


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/?lang=sv", "sv"),
        ("/?lang=en", "en"),
        ("/?lang=xx", "sv"),
        ("/?lang=", "sv"),
        ("/?lang=../../en", "sv"),
        ("/?lang=%00", "sv"),
        ("/?lang=en&lang=sv", "sv"),
        ("/chat/linden", "sv"),
        ("/chat/linden?lang=en", "en"),
        ("/chat/linden?lang=xx", "sv"),
        ("/staff/sign-in?lang=en", "en"),
        ("/chat/nowhere?lang=en", "en"),
    ],
)
async def test_page_is_in_the_language_asked_for(run: Running, path: str, language: str) -> None:
    """An unknown one falls back to the service's own; the last of two counts."""
    assert re.search(rf'<html lang="{language}"', (await run.get(path)).text)


@pytest.mark.parametrize("service", ["linden", "eken", "bron", "hamnen"])
async def test_status_is_what_anybody_may_know(run: Running, service: str) -> None:
    """These keys and no others, for everybody alike, so caches may keep it for a moment."""
    answer = await run.get(f"/status/{service}")
    status = answer.json()
    assert set(status) == {"open", "closes_at", "opens_at", "waiting", "notice"}
    assert status["open"] is True
    assert status["waiting"] in {"none", "short", "long"}
    assert status["notice"] == run.house.site.services[ServiceId(service)].chat.notice_version
    assert answer.headers["cache-control"] == "public, max-age=10"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_loader_may_be_included_anywhere(run: Running) -> None:
    """It is small, and the one thing of ours that other sites load."""
    answer = await run.get("/widget.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(answer.content, 9, mtime=0)) <= LARGEST_LOADER


@pytest.mark.parametrize("language", LANGUAGES.codes)
async def test_download_of_a_visitor_is_small(run: Running, language: str) -> None:
    """Page, scripts and style in one language, gzipped one by one."""
    page = await run.get(f"/chat/linden?lang={language}")
    assert f"/chat/linden/plain?lang={language}" in page.text
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert {f"/static/{module}" for module in MODULES} < named
    parts = [page.content]
    for path in sorted(named):
        answer = await run.get(path)
        assert answer.status_code == 200, path
        parts.append(answer.content)
    weighs = sum(len(gzip.compress(part, 9, mtime=0)) for part in parts)
    assert weighs <= (LARGEST_VISIT if direction(language) == "ltr" else LARGEST_VISIT_IN_TWO_BYTES)


def test_page_names_every_module_that_a_script_imports() -> None:
    """A module that is imported but not named costs a round trip, and would not be counted."""
    imported = {"visitor/chat.js"}
    left = list(imported)
    while left:
        file = STATIC / left.pop()
        for name in re.findall(r'\b(?:from|import) "(\.[^"]+\.js)"', file.read_text(encoding="utf-8")):
            found = (file.parent / name).resolve().relative_to(STATIC).as_posix()
            if found not in imported:
                imported.add(found)
                left.append(found)
    assert imported == {"visitor/chat.js", *MODULES}


async def test_page_asks_for_nothing_elsewhere(run: Running) -> None:
    """Scripts, styles and images are all our own; what leads away is a link."""
    for path in ("/", "/chat/linden", "/staff/sign-in"):
        text = (await run.get(path)).text
        assert not re.findall(r'\bsrc="(?!/static/)', text)
        assert not re.findall(r'<link[^>]+href="(?!/static/)', text)
        assert "<style" not in text
        assert not re.findall(r"\son\w+=|\sstyle=", text)


async def test_demo_leads_to_the_sample_page_on_another_host(run: Running) -> None:
    """So the frame on it is really cross-site."""
    assert (await run.get("/demo/")).headers["location"] == run.at.host_page
    page = await run.ask("GET", "/demo/site", headers={"Host": f"localhost:{run.port}"})
    assert f"{run.at.url}/widget.js" in page.text


async def test_readiness_costs_one_small_query(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask, from anywhere, so nobody's account is read for it; and it does ask the store."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    engine = run.house.accounts._store._database._asynchronous.sync_engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await run.get("/readyz")).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([each for each in asked if each.startswith("SELECT")]) == 1
    assert not [each for each in asked if "accounts" in each]

    async def away() -> None:
        raise Unavailable("the store is away")

    monkeypatch.setattr(run.house.accounts, "answers", away)
    assert (await run.get("/readyz")).status_code == 503


@pytest.mark.parametrize("path", ["/chatt/linden", "/chat/linden/nothing", "/pickup"])
async def test_whoever_mistypes_an_address_finds_a_way_on(run: Running, path: str) -> None:
    """A person gets a page in her language, with the way out; a program two words."""
    answer = await run.get(f"{path}?lang=sv", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert 'id="exit"' in answer.text
    assert "112" in answer.text
    assert 'href="/?lang=sv"' in answer.text
    assert (await run.get(path)).text == "Not Found"


async def test_server_without_the_bus_is_ready_and_says_so(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other one is without it as well: a proxy that sent nobody to any of them would close the chat."""
    assert (await run.get("/readyz")).text == "ok\n"
    monkeypatch.setattr(type(run.house.chat.bus), "is_away", lambda _: True)
    answer = await run.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "degraded\n")


async def test_readiness_does_not_wait_for_a_store_that_hangs(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that gets no answer cannot tell a slow store from a dead server."""
    monkeypatch.setattr(app, "STORE_ANSWERS_S", 0.0)
    monkeypatch.setattr(run.house.accounts, "answers", asyncio.Event().wait)
    assert (await run.get("/readyz")).status_code == 503


async def test_draining_server_is_not_ready(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers, but nobody new should be sent to it."""
    monkeypatch.setattr(run.house, "draining", True)
    assert (await run.get("/readyz")).status_code == 503
    assert (await run.get("/healthz")).status_code == 200
