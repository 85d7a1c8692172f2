# SPDX-License-Identifier: EUPL-1.2
"""The words with which she is asked for a yes, and the scripts that say them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette

from chat.violence import Relation, ViolenceForm
from handover.items import Answer, ContactWay, Item
from tests.texts import LANGUAGES
from web.visitor.consent import DOMAIN, routes
from web.visitor.pages import MODULES

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
SCRIPTS = WEB / "static" / "visitor" / "consent"
SITE = SimpleNamespace(services={"eken": SimpleNamespace(tone="informal")})
LARGEST = 24_500


async def get(path: str) -> httpx.Response:
    """Ask the route."""
    app = Starlette(routes=routes)
    app.state.house = SimpleNamespace(languages=LANGUAGES, site=SITE)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://chat.example"
    ) as client:
        return await client.get(path)


async def test_texts_are_those_of_the_catalogue_and_no_more() -> None:
    """In the language asked for, else in Swedish; the same for everybody."""
    swedish = await get("/consent/texts")
    assert swedish.json() == LANGUAGES.script_texts("sv", DOMAIN)
    assert swedish.json()["asked.no"] == "Nej tack"
    assert (await get("/consent/texts?lang=en")).json()["asked.no"] == "No thanks"
    assert (await get("/consent/texts?lang=%3Cb%3E")).json() == swedish.json()


async def test_texts_are_in_the_tone_of_the_service() -> None:
    """A tjejjour asks in its own words; a service that nobody knows has the usual ones."""
    usual, informal = [(await get(f"/consent/texts?service={id_}")).json() for id_ in ("linden", "eken")]
    assert usual == LANGUAGES.script_texts("sv", DOMAIN)
    assert informal == LANGUAGES.script_texts("sv", DOMAIN, tone="informal")
    assert informal.keys() == usual.keys()
    assert informal != usual


async def test_texts_may_be_kept_on_the_way() -> None:
    """The same for all; her page asks past her browser's cache, so none of its words are there."""
    answer = await get("/consent/texts?lang=sv")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["content-type"] == "application/json"
    assert 'cache: "no-store"' in (SCRIPTS.parent / "later.js").read_text(encoding="utf-8")


def test_every_word_of_the_scripts_is_in_the_catalogue() -> None:
    """And nothing else: a name for every item, every answer and every consent."""
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    said = set(re.findall(r'say\(\s*"([^"]+)"', scripts))
    texts = LANGUAGES.script_texts("sv", DOMAIN).keys()
    families: dict[str, Iterable[str]] = {
        "item": [*Item, "times"],
        "form": ViolenceForm,
        "relation": Relation,
        "answer": Answer,
        "way": ContactWay,
        "yes": ("secrecy", "data", "measure", "police", "identity", "coordinate"),
        "lack": ("items", "secrecy", "data", "police", "identity"),
        "trouble": ("conflict", "not_now", "not_allowed", "bad_frame", "later"),
        "message": ("visitor", "operator"),
    }
    said |= {f"{family}.{name}" for family, names in families.items() for name in names}
    said |= {key for key in texts if f'"{key}"' in scripts}
    said |= {
        key + more for key in ("asked", "asked.over", "taken_back", "declined") for more in ("", ".more")
    }
    said |= {key for key in texts if key.removesuffix(".perpetrator") in said}
    assert said - texts == set()
    assert texts - said == set()


def test_nothing_of_it_comes_before_she_is_asked() -> None:
    """The page does not ask for it beforehand; all of it together is small."""
    assert not any("consent" in module for module in MODULES)
    files = [*SCRIPTS.glob("*.js"), SCRIPTS / "consent.css"]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= LARGEST


@pytest.mark.parametrize("language", LANGUAGES.codes)
def test_texts_promise_nothing_loud(language: str) -> None:
    """No exclamation marks, and none of the words that we do not use."""
    for text in LANGUAGES.script_texts(language, DOMAIN).values():
        assert "!" not in str(text)
        assert not re.search(r"\b(offer|klient|ärende|användare)", str(text), re.IGNORECASE)
