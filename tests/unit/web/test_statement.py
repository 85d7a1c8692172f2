# SPDX-License-Identifier: EUPL-1.2
"""The accessibility statement, as the server renders it."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import pytest
from starlette.applications import Starlette

from chat.ids import OrganisationId
from config.site import Accessibility, Review, Site
from tests.texts import LANGUAGES
from tests.unit.web.test_visitor_pages import WEB, Installation, demo_site
from web.languages import SCRIPT
from web.visitor.statement import DOMAIN, FAULTS, routes


def with_way(way: Accessibility | None) -> Site:
    """Return the demo's site where Öppenvården says this."""
    site, id_ = demo_site(), OrganisationId("oppenvarden-vallentuna")
    organisation = dataclasses.replace(site.organisations[id_], accessibility=way)
    return dataclasses.replace(site, organisations={**site.organisations, id_: organisation})


async def page(site: Site, lang: str = "sv") -> str:
    """Return the statement of a site."""
    installation = Installation(site)
    installation.app = Starlette(routes=routes)
    installation.app.state.house = installation.house
    return (await installation.get(f"/accessibility?lang={lang}")).text


async def test_statement_says_what_the_law_asks_for() -> None:
    """Who, how far, what is lacking, how to report, who watches, how and when it was tried and changed."""
    text = await page(demo_site())
    for piece in (
        "Kvinnojouren i Vallentuna",
        "Vallentuna Öppenvård",
        "Trygghetens hus i Bollnäs",
        "delvis förenlig",
        "tillganglighet@oppenvarden.example",
        'href="mailto:tillganglighet@oppenvarden.example"',
        "Myndigheten för digital förvaltning",
        'href="https://www.digg.se/tdosanmalan"',
        "har inte gått igenom chatten själva än",
        "Redogörelsen ändrades senast 26 november 2026",
    ):
        assert piece in text, piece
    assert "<title>Tillgänglighet</title>" in text
    assert "socialtjänsten" not in text, "who runs no chat does not stand behind one"
    found = LANGUAGES.texts("sv", DOMAIN)
    assert [text.find(found.gettext(f"fault.{fault}")) > 0 for fault in FAULTS] == [True] * len(FAULTS)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (None, "Har inte lämnat någon väg än."),
        (Accessibility(feedback="0123-456 78", reviewed_at=date(2026, 11, 1)), "gick själva igenom"),
        (
            Accessibility(feedback="0123-456 78", reviewed_at=date(2026, 11, 1), review=Review.OUTSIDE),
            "lät någon utomstående granska chatten 1 november 2026",
        ),
    ],
)
async def test_statement_says_what_an_organisation_has_said(way: Accessibility | None, said: str) -> None:
    """And says it when it has said nothing."""
    assert said in await page(with_way(way))


async def test_statement_claims_no_more_than_was_done() -> None:
    """Nobody with an aid has tried it, and as long as that is so, it says so, in each language."""
    assert "inte prövad tillsammans med människor" in await page(demo_site())
    assert "not been tried together with people" in await page(demo_site(), "en")
    for lang in LANGUAGES.codes:
        assert not re.search(r"helt förenlig|fully compliant", await page(demo_site(), lang))


def test_every_word_of_it_is_said() -> None:
    """The catalogue has what the page says, and nothing else."""
    template = (WEB / "templates" / "visitor" / "statement.html").read_text(encoding="utf-8")
    module = (WEB / "visitor" / "statement.py").read_text(encoding="utf-8")
    said = set(re.findall(r'say\("([a-z.]+)"', template + module)) | {f"fault.{fault}" for fault in FAULTS}
    said |= {f"reviewed.{review}" for review in Review}
    catalogue = (WEB / "locales" / "sv" / f"{DOMAIN}.po").read_text(encoding="utf-8")
    assert said == set(re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE))
    assert LANGUAGES.script_texts("sv", DOMAIN, SCRIPT) == {}
