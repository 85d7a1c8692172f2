# SPDX-License-Identifier: EUPL-1.2
"""The visitor's pages as the server renders them, before any script."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from chat.ids import ServiceId
from chat.live.lobby import ServiceStatus
from config.site import Channel, Site
from config.site_file import read_site
from tests.texts import LANGUAGES, TEMPLATES
from web.catalogues import HERS
from web.files import files
from web.house import House
from web.languages import Languages
from web.visitor import elsewhere, find, questions, reading
from web.visitor.pages import MODULES, routes

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
"""A Sunday, 20:00 in Sweden."""
OPEN = ServiceStatus(
    open=True,
    here=True,
    closes_at=NOW + timedelta(hours=1),
    opens_at=None,
    waiting="short",
    spoken=frozenset({"sv"}),
)
EMPTY = dataclasses.replace(OPEN, here=False, waiting="none")
"""Open by the clock, nobody on duty."""
CLOSED = ServiceStatus(
    open=False,
    here=False,
    closes_at=None,
    opens_at=NOW + timedelta(hours=22),
    waiting="none",
    spoken=frozenset(),
)
LARGEST_VISIT, LARGEST_LOADER = 20_000, 2_000
HOST = "https://jouren.example"
KEY = bytes(32)


def demo_site() -> Site:
    """Read the demo's site, with one page that may frame its chats."""
    text = (ROOT / "config" / "demo.toml").read_text(encoding="utf-8")
    text = text.replace("host_origins = []", f'host_origins = ["{HOST}"]')
    return read_site(text, today=date(2026, 11, 22), source="demo.toml", unverified=True).whole()


class Lobby:
    """Says of each service what the test says."""

    def __init__(self) -> None:
        self.statuses: dict[str, ServiceStatus] = {}

    async def status(self, service: ServiceId) -> ServiceStatus:
        """Return what was said, else open."""
        return self.statuses.get(service, OPEN)


class Installation:
    """The pages over the demo's site."""

    def __init__(self, site: Site) -> None:
        self.lobby = Lobby()
        self.house: Any = SimpleNamespace(
            site=site,
            languages=LANGUAGES,
            templates=TEMPLATES,
            clock=SimpleNamespace(now=lambda: NOW),
            daily_keys=SimpleNamespace(today=lambda _: (20_000, KEY), for_day={20_000: KEY}.get),
            chat=SimpleNamespace(lobby=self.lobby),
            page=self.page,
        )
        every = (routes, find.routes, elsewhere.routes, questions.routes, reading.routes)
        self.app = Starlette(routes=[route for each in every for route in each])
        self.app.state.house = self.house

    def page(self, request: Request, template: str, context: dict[str, Any], **options: Any) -> Response:
        """Render as a house does."""
        return House.page(self.house, request, template, context, **options)

    def text(self, language: str, key: str) -> str:
        """Return one text of hers."""
        languages: Languages = self.house.languages
        return languages.texts(language, "visitor").gettext(key)

    def all_texts(self, language: str) -> list[str]:
        """Return every text of hers without values or plural forms."""
        languages: Languages = self.house.languages
        found = [languages.script_texts(language, "visitor").values()]
        keys = [key for domain, context, key in languages.known(language, hers=True) if not context]
        texts = [self.text(language, key) for key in keys]
        texts += [text for values in found for text in values if isinstance(text, str)]
        return sorted((text for text in texts if "%(" not in text), key=len, reverse=True)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
            return await client.get(path, headers=headers)


@pytest.fixture
def installation() -> Installation:
    """The demo's pages, everything open."""
    return Installation(demo_site())


def order(text: str, pieces: Sequence[str]) -> list[int]:
    """Return where each piece begins; -1 for what is not there."""
    return [text.find(piece) for piece in pieces]


async def test_chat_page_says_everything_before_any_script(installation: Installation) -> None:
    """Who answers, the law, what is kept, the danger line and the other ways stand in the page itself."""
    page = (await installation.get("/chat/linden")).text
    for piece in (
        "Du behöver inte säga vem du är",
        "Vi har skrivit på ett löfte om tystnad",
        "socialtjänsten",
        "raderar vi det",
        'href="tel:112"',
        "Öppet till 21:00, kort kö",
        'href="tel:020505050"',
        "telefonens samtalslista",
        'href="/chat/linden/plain?lang=sv"',
    ):
        assert piece in page, piece


async def test_chat_page_puts_the_way_out_first(installation: Installation) -> None:
    """It is a plain link, the first thing that can be reached, and hides nothing behind a script."""
    page = (await installation.get("/chat/linden")).text
    first = re.search(r"<(a|button|input|textarea|summary)\b[^>]*>", page)
    assert first is not None
    assert 'id="exit"' in first[0]
    assert 'href="https://www.smhi.se/"' in first[0]


async def test_chat_page_has_a_neutral_title_and_no_inline_code(installation: Installation) -> None:
    """Nothing that the tab shows names a jour, and the policy against inline code has nothing to stop."""
    page = (await installation.get("/chat/linden")).text
    assert "<title>Chatt</title>" in page
    assert re.findall(r"\sstyle=|\son\w+=|<style", page) == []
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []


async def test_chat_page_hands_the_scripts_what_they_need(installation: Installation) -> None:
    """The block is JSON, knows the notice that is shown, and cannot be broken out of."""
    site = installation.house.site
    service = site.services[ServiceId("linden")]
    named = dataclasses.replace(service, name={**service.name, "en": "</script><b>"})
    installation.house.site = dataclasses.replace(site, services={**site.services, service.id: named})
    page = (await installation.get("/chat/linden?lang=en")).text
    block = re.search(r'<script type="application/json" id="given">(.*?)</script>', page)
    assert block is not None
    given = json.loads(block[1])
    assert given["name"] == "</script><b>"
    assert given["notice"] == service.chat.notice_version
    assert (given["service"], given["language"], given["origins"]) == ("linden", "en", [HOST])
    assert given["texts"]["queue.before"]["one"] == "%(n)s person before you."


async def test_chat_page_may_be_framed_by_its_organisation_only(installation: Installation) -> None:
    """The exact origins stand in the policy."""
    policy = (await installation.get("/chat/linden")).headers["content-security-policy"]
    assert f"frame-ancestors {HOST};" in policy


async def test_closed_chat_says_when_it_opens_and_what_else_is_open(installation: Installation) -> None:
    """Other services of the same track that are open now, and never those of the other track."""
    installation.lobby.statuses = {"linden": CLOSED, "eken": CLOSED}
    page = (await installation.get("/chat/linden")).text
    assert "Chatten är stängd just nu" in page
    assert "Öppnar i morgon klockan 18:00" in page
    assert 'id="start"' not in page
    assert "/chat/bron?lang=sv" in page
    assert "/chat/eken" not in page
    assert "/chat/hamnen" not in page


async def test_closed_chat_leads_to_no_chat_where_nobody_answers(installation: Installation) -> None:
    """What is open but has nobody on duty is not a way to get help now."""
    installation.lobby.statuses = {"linden": CLOSED, "eken": EMPTY}
    page = (await installation.get("/chat/linden")).text
    assert "/chat/bron?lang=sv" in page
    assert "/chat/eken" not in page


async def test_open_chat_without_anybody_says_so_and_does_not_shine(installation: Installation) -> None:
    """Open by the clock, but with nobody on duty, is told apart from open."""
    installation.lobby.statuses = {"linden": EMPTY}
    page = (await installation.get("/chat/linden")).text
    assert "Öppet till 21:00, men ingen kan svara just nu" in page
    assert '"service-state"' in page
    assert 'id="start"' in page


async def test_chat_page_speaks_the_language_that_is_asked_for(installation: Installation) -> None:
    """An unknown language is the service's own; a text in another language than the page says so."""
    english = (await installation.get("/chat/linden?lang=en")).text
    assert '<html lang="en" dir="ltr">' in english
    assert "Start chatting" in english
    unknown = (await installation.get("/chat/linden?lang=xx")).text
    assert '<html lang="sv" dir="ltr">' in unknown


async def test_chat_page_of_a_tjejjour_is_informal(installation: Installation) -> None:
    """It says hi; and where a language has no such words, the usual ones of that language."""
    assert "Hej. Du behöver inte säga vem du är" in (await installation.get("/chat/eken")).text
    arabic = (await installation.get("/chat/eken?lang=ar")).text
    assert f'<h1 id="heading">{installation.text("ar", "start.heading")}</h1>' in arabic


async def test_chat_page_is_not_in_a_language_that_the_service_does_not_offer(
    installation: Installation,
) -> None:
    """What is said about secrecy would stand there in another."""
    linden = installation.house.site.services[ServiceId("linden")]
    spoken = {**installation.house.site.services, linden.id: dataclasses.replace(linden, languages=("sv",))}
    installation.house.site = dataclasses.replace(installation.house.site, services=spoken)
    assert '<html lang="sv" dir="ltr">' in (await installation.get("/chat/linden?lang=ar")).text


async def test_arabic_runs_from_right_to_left_with_swedish_numbers(installation: Installation) -> None:
    """The whole page turns; what runs the other way stands apart."""
    page = (await installation.get("/chat/linden?lang=ar")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>020-50 50 50</bdi>" in page
    assert "21:00،" in page
    # Every text of the catalogue that stands in the page is Arabic: no Swedish one has slipped in.
    swedish = {text for text in installation.all_texts("sv") if len(text) > 8}
    assert [text for text in swedish if text in page] == []


async def test_a_new_language_is_one_folder_of_catalogues(installation: Installation, tmp_path: Path) -> None:
    """With all of hers the whole page is in it, with one less it is not there at all."""
    shutil.copytree(WEB / "locales", tmp_path, dirs_exist_ok=True)
    (tmp_path / "fi").mkdir()
    for domain in set(Languages.load(tmp_path).counted("sv")) & set(HERS):
        text = (tmp_path / "sv" / f"{domain}.po").read_text(encoding="utf-8")
        made_up = re.sub(r'^(msgstr(?:\[\d\])? )"(?=.)(?!"$)', r'\1"~~', text, flags=re.MULTILINE)
        (tmp_path / "fi" / f"{domain}.po").write_text(made_up.replace('msgstr "~~"\n', 'msgstr ""\n', 1))
    linden = installation.house.site.services[ServiceId("linden")]
    spoken = {
        **installation.house.site.services,
        linden.id: dataclasses.replace(linden, languages=("sv", "fi")),
    }
    installation.house.site = dataclasses.replace(installation.house.site, services=spoken)
    installation.house.languages = Languages.load(tmp_path)
    page = (await installation.get("/chat/linden?lang=fi")).text
    assert '<html lang="fi" dir="ltr">' in page
    assert "~~Du behöver inte säga vem du är" in page
    said = installation.all_texts("sv")
    for text in said:
        page = page.replace(f"~~{text}", "")
    assert [text for text in said if len(text) > 8 and text in page] == []
    (tmp_path / "fi" / "ticket.po").unlink()
    installation.house.languages = Languages.load(tmp_path)
    assert '<html lang="sv" dir="ltr">' in (await installation.get("/chat/linden?lang=fi")).text


@pytest.mark.parametrize("path", ["/chat/nope", "/chat/Linden", "/chat/%3Cb%3E"])
async def test_unknown_service_is_a_calm_page_with_a_way_on(installation: Installation, path: str) -> None:
    """It blames nobody and leads to all chats."""
    answer = await installation.get(path)
    assert answer.status_code == 404
    assert "Du har inte gjort något fel" in answer.text
    assert 'href="/?lang=sv"' in answer.text


async def test_find_shows_open_chats_first_and_the_two_tracks_apart(installation: Installation) -> None:
    """The other track has its own heading, after everything for those exposed."""
    installation.lobby.statuses = {"linden": CLOSED, "eken": EMPTY}
    page = (await installation.get("/")).text
    places = order(page, ["/chat/bron", "/chat/eken", "/chat/linden", "Är du rädd för vad", "/chat/hamnen"])
    assert places == sorted(places)
    assert -1 not in places


async def test_find_keeps_the_way_of_who_uses_violence_folded(installation: Installation) -> None:
    """Whoever is exposed does not meet it; whoever seeks it finds the chat and its line in one tap."""
    page = (await installation.get("/")).text
    folded = page[page.index('<details class="ask apart">') :]
    for piece in ("/chat/hamnen", "tel:020555666"):
        assert piece in folded
        assert page.count(piece) == 1


async def test_find_shows_lines_with_112_first_and_then_chats(installation: Installation) -> None:
    """Chats first, where speaking is unsafe."""
    site = installation.house.site
    chat = dataclasses.replace(
        site.lines[0], id="c", channel=Channel.CHAT, address="https://x.example/", emergency=False
    )
    installation.house.site = dataclasses.replace(site, lines=(*site.lines, chat))
    page = (await installation.get("/")).text
    lines = page[page.index('<ul class="lines">') :]
    places = order(lines, ["tel:112", "https://x.example/", "tel:020505050"])
    assert places == sorted(places)
    assert 'rel="noreferrer noopener"' in lines


async def test_status_says_what_the_contract_says(installation: Installation) -> None:
    """Times are UTC to the minute; it may be cached and read from any page."""
    answer = await installation.get("/status/linden")
    notice = installation.house.site.services[ServiceId("linden")].chat.notice_version
    assert answer.json() == {
        "open": True,
        "closes_at": "2026-11-22T20:00Z",
        "opens_at": None,
        "waiting": "short",
        "notice": notice,
    }
    assert answer.headers["cache-control"] == "public, max-age=10"
    assert (await installation.get("/status/nope")).status_code == 404


async def test_loader_may_be_included_by_any_site(installation: Installation) -> None:
    """It is JavaScript with a short cache, and as small as promised."""
    answer = await installation.get("/widget.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert len(gzip.compress(answer.content)) <= LARGEST_LOADER


async def test_first_page_is_compressed_because_it_is_the_same_for_everybody(
    installation: Installation,
) -> None:
    """No word of hers, no token and no secret is in it: whoever asks, and however, gets the same bytes."""
    her = await installation.get("/chat/linden", {"Accept-Encoding": "gzip"})
    somebody = {"Accept-Encoding": "gzip", "Cookie": "__Host-staff=secret", "User-Agent": "other"}
    other = await installation.get("/chat/linden?lang=sv&words=secret", somebody)
    assert her.headers["content-encoding"] == other.headers["content-encoding"] == "gzip"
    assert her.content == other.content
    assert not re.search(r"csrf|token|secret", her.text, re.IGNORECASE)
    assert (
        "content-encoding" not in (await installation.get("/chat/linden", {"Accept-Encoding": "br"})).headers
    )


async def test_whole_download_of_a_visitor_stays_small(installation: Installation) -> None:
    """Page, scripts, styles, icon and one language, each gzipped as it is sent."""
    names = (*MODULES, "visitor/chat.js", "visitor/visitor.css", "visitor/icon.svg")
    page = (await installation.get("/chat/linden")).content
    sent = [page, *(files()[name].plain for name in names)]
    assert sum(len(gzip.compress(part)) for part in sent) <= LARGEST_VISIT


def test_modules_are_just_what_the_scripts_import() -> None:
    """The list that the page preloads is neither short nor stale."""
    found: set[str] = set()
    waiting = ["visitor/chat.js"]
    while waiting:
        module = waiting.pop()
        text = (WEB / "static" / module).read_text(encoding="utf-8")
        for name in re.findall(r'from "([^"]+)"', text):
            path = (Path("/", module).parent / name).resolve().relative_to("/").as_posix()
            if path not in found:
                found.add(path)
                waiting.append(path)
    assert found == set(MODULES)


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        (timedelta(hours=1), "i dag klockan 21:00"),
        (timedelta(hours=5), "i morgon klockan 01:00"),
        (timedelta(days=3), "på onsdag klockan 20:00"),
        (timedelta(days=10), "den 2 december klockan 20:00"),
    ],
)
async def test_opening_is_said_as_people_say_it(
    installation: Installation, opens: timedelta, said: str
) -> None:
    """By the calendar in Sweden, not by hours from now."""
    installation.lobby.statuses = {"linden": dataclasses.replace(CLOSED, opens_at=NOW + opens)}
    assert f"Öppnar {said}" in (await installation.get("/chat/linden")).text
