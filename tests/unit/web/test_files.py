# SPDX-License-Identifier: EUPL-1.2
"""How scripts, styles and pictures are sent."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from jinja2 import Environment, StrictUndefined
from starlette.applications import Starlette
from starlette.routing import Route

from web.files import ROOT, TELLING, files, static, templates

APP = Starlette(routes=[Route("/static/{path:path}", static)])
CHAT = "/static/visitor/chat.js"


async def get(path: str, **headers: str) -> httpx.Response:
    """Ask as a browser would; `accept_encoding` stands for the header of that name."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://chat.example") as http:
        return await http.get(path, headers={"accept-encoding": "identity"} | told)


def test_every_file_of_the_pages_is_sent() -> None:
    """All that lies there but the shapes for the compiler, which no browser asks for."""
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()}
    assert set(files()) == {path for path in there if not path.endswith(".d.ts")}


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
async def test_file_is_compressed_for_who_takes_it(accepted: str, packed: bool) -> None:
    """And whole for everybody else; what lies between keeps the two apart."""
    answer = await get(CHAT, accept_encoding=accepted)
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.content == files()["visitor/chat.js"].plain
    assert int(answer.headers["content-length"]) == len(
        answer.content if not packed else files()["visitor/chat.js"].gzipped
    )
    assert gzip.decompress(files()["visitor/chat.js"].gzipped) == answer.content


async def test_file_that_is_the_same_is_not_sent_again() -> None:
    """A browser asks each time, and runs no half of an older version."""
    first = await get(CHAT)
    assert first.headers["cache-control"] == "no-cache"
    again = await get(CHAT, if_none_match=f'"other", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert (await get(CHAT, if_none_match='W/"older"')).status_code == 200


async def test_what_asks_for_a_yes_is_kept_nowhere() -> None:
    """That it lies in a cache would tell that she was asked."""
    telling = [path for path in files() if path.startswith(TELLING)]
    assert {"visitor/consent/consent.js", "visitor/warm.js", "visitor/warm.css"} <= set(telling)
    for path in telling:
        assert (await get(f"/static/{path}")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["", "visitor", "visitor/", "../app.py", "..%2fapp.py", "visitor/types.d.ts", "%00"]
)
async def test_nothing_else_is_there(path: str) -> None:
    """Only what was read at the start has an address."""
    assert (await get(f"/static/{path}")).status_code == 404


def test_running_server_keeps_the_templates_that_it_began_with(tmp_path: Path) -> None:
    """An update lays newer files under it, which name what only the newer code gives."""
    (tmp_path / "part").mkdir()
    pages = (tmp_path / "shown.html", tmp_path / "part" / "not_yet.html")
    for page in pages:
        page.write_text("before", encoding="utf-8")
    environment = Environment(loader=templates(tmp_path), autoescape=True, undefined=StrictUndefined)
    assert environment.get_template("shown.html").render() == "before"
    for page in pages:
        page.write_text("{{ of_the_next_release }}", encoding="utf-8")
    assert environment.get_template("shown.html").render() == "before"
    assert environment.get_template("part/not_yet.html").render() == "before"


def test_nothing_that_serves_reads_templates_from_their_files_later() -> None:
    """Only the demo's sample page, which no update is laid under, loads them when they are asked for."""
    web = ROOT.parent
    late = [path.name for path in web.rglob("*.py") if "FileSystemLoader" in path.read_text(encoding="utf-8")]
    assert late == ["demo.py"]
