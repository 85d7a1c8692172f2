# SPDX-License-Identifier: EUPL-1.2
"""What her page gets when she begins to write: rules, what they are for, and the words of the questions."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from chat.ids import ServiceId
from config.identity import browser_identity, identity_source
from config.site import Moderation, Site
from config.site_file import read_site
from moderation.policy import Policy
from moderation.verdict import Kind, Verdict
from tests.texts import LANGUAGES
from web.visitor.asking import ASKING, routes

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
LATER = ("asking.js", "danger.js", "pieces.js", "question.js")
LARGEST_RULES = 6_000


@pytest.fixture
def site() -> Site:
    """The demo's site."""
    text = (ROOT / "config" / "demo.toml").read_text(encoding="utf-8")
    return read_site(text, today=NOW.date(), source="demo.toml", unverified=True).whole()


async def get(site: Site, path: str) -> httpx.Response:
    """Ask the route over a site."""
    app = Starlette(routes=routes)
    app.state.house = SimpleNamespace(site=site, languages=LANGUAGES, clock=SimpleNamespace(now=lambda: NOW))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://chat.example"
    ) as client:
        return await client.get(path)


def with_policy(site: Site, **identity: Verdict) -> Site:
    """Return the site with what Linden decides about some kinds."""
    policy = Policy(identity={Kind(kind): verdict for kind, verdict in identity.items()})
    linden = site.services[ServiceId("linden")]
    decided = dataclasses.replace(linden, moderation=Moderation(policy=policy, hosts=("linden.example",)))
    return dataclasses.replace(site, services={**site.services, linden.id: decided})


def rules_of(site: Site, language: str) -> dict[str, Any]:
    """Return what Linden looks for: not its lines, nor where it refers people."""
    decided = site.services[ServiceId("linden")].moderation
    return dict(browser_identity(language, site.lines, decided.hosts, decided.numbers))


async def test_rules_are_what_the_browser_needs_and_no_more(site: Site) -> None:
    """The rules of the language, every kind, the masks as the server writes them, the emergency line."""
    answer = (await get(site, "/rules/linden?lang=sv")).json()
    assert set(answer) == {"rules", "kinds", "masks", "texts", "call"}
    assert answer["rules"] == json.loads(json.dumps(rules_of(site, "sv")))
    assert answer["kinds"] == list(Kind)
    assert answer["masks"]["phone"] == "[telefonnummer]"
    assert answer["call"] == {"text": "Ring 112", "href": "tel:112"}
    assert answer["texts"]["seen"] == "Det ser ut som %(kinds)s."


async def test_rules_leave_out_what_the_service_lets_stand(site: Site) -> None:
    """What is allowed is not asked about; what is asked about or masked is. Its own hosts are never found."""
    answer = (await get(with_policy(site, name=Verdict.ALLOW, link=Verdict.ASK), "/rules/linden")).json()
    assert set(answer["kinds"]) == set(Kind) - {Kind.NAME}
    assert "linden.example" in answer["rules"]["allowed"]["hosts"].split()


async def test_rules_are_in_the_language_asked_for_and_in_the_tone_of_the_service(site: Site) -> None:
    """An unknown language is the service's own; a tjejjour has some words of its own."""
    english = (await get(site, "/rules/linden?lang=en")).json()
    assert english["masks"]["phone"] == "[phone number]"
    assert english["texts"]["remove"] == "Take it out and send"
    unknown = (await get(site, "/rules/linden?lang=xx")).json()
    assert unknown["masks"]["phone"] == "[telefonnummer]"
    informal = (await get(site, "/rules/eken?lang=sv")).json()["texts"]
    formal = (await get(site, "/rules/linden?lang=sv")).json()["texts"]
    assert informal.keys() == formal.keys()
    assert informal["seen"] == "Det här ser ut som %(kinds)s."


async def test_rules_are_for_what_she_writes_and_texts_for_what_she_reads(site: Site) -> None:
    """The server masks in the language of the conversation, which may be another than the page's."""
    answer = (await get(site, "/rules/linden?lang=en&written=ar")).json()
    assert answer["texts"]["remove"] == "Take it out and send"
    assert answer["masks"]["phone"] == "[رقم الهاتف]"
    assert answer["rules"] == json.loads(json.dumps(rules_of(site, "ar")))
    # The console asks so, with the language of a conversation: also one that no page of ours is in.
    assert (await get(site, "/rules/linden?lang=fi")).json()["masks"]["phone"] == "[puhelinnumero]"


async def test_rules_may_be_kept_on_the_way(site: Site) -> None:
    """The same for all; her page asks past her browser's cache, so nothing there tells that she wrote."""
    answer = await get(site, "/rules/linden")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["content-type"] == "application/json"
    assert 'cache: "no-store"' in (WEB / "static" / "visitor" / "later.js").read_text(encoding="utf-8")


async def test_rules_of_an_unknown_service_are_not_there(site: Site) -> None:
    """No page, no trace of what was asked for."""
    answer = await get(site, "/rules/%3Cb%3E")
    assert (answer.status_code, answer.json()) == (404, {"error": "unknown service"})


@pytest.mark.parametrize("language", LANGUAGES.codes)
async def test_rules_are_small(site: Site, language: str) -> None:
    """Gzipped, as a proxy sends them."""
    answer = (await get(site, f"/rules/linden?lang={language}")).json()
    rules = json.dumps(answer["rules"], ensure_ascii=False, separators=(",", ":")).encode()
    assert len(gzip.compress(rules, 9)) <= LARGEST_RULES


def test_every_word_of_the_later_scripts_is_in_the_catalogue() -> None:
    """Also a name for each kind, and informal words only for what has formal ones."""
    texts = LANGUAGES.script_texts("sv", "visitor", ASKING)
    scripts = [(WEB / "static" / "visitor" / name).read_text(encoding="utf-8") for name in LATER]
    said = {key for script in scripts for key in re.findall(r'(?:say|about)\(\s*"([^"]+)"', script)}
    said |= {
        key for script in scripts for key in re.findall(r'"((?:told|seen|danger|keep)\.[a-z.]+)"', script)
    }
    said |= {f"kind.{kind}" for kind in (*Kind, "other")}
    subjects = ("visitor", "self", "other")
    said |= {f"{key}.{subject}" for key in ("danger", "near") for subject in subjects}
    said |= {"danger.yes.self", "danger.yes.other"}
    assert said - texts.keys() == set()
    assert texts.keys() - said - {"seen"} == set()
    assert LANGUAGES.script_texts("sv", "visitor", f"{ASKING} informal").keys() < texts.keys()


def test_every_language_of_the_page_has_masks_for_every_kind() -> None:
    """What stands in the place of a number is said in her language."""
    masks: dict[str, Any] = identity_source()["masks"]
    for language in LANGUAGES.codes:
        assert set(masks[language.partition("-")[0]]) == set(Kind)
