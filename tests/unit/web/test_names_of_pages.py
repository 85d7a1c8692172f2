# SPDX-License-Identifier: EUPL-1.2
"""One name for one page: in the menu, over it, in its tab, and in what the board of an organisation reads."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from tests.unit.web.staff import LANGUAGES, WEB
from web.catalogues import STAFF
from web.staff_page import PAGES

NAMES = {
    "nav.board": ("staff", "nav.board"),
    "nav.figures": ("figures", "page.title"),
    "nav.barometer": ("barometer", "page.title"),
    "nav.roster": ("roster", "page.title", "page.heading"),
    "nav.staffing": ("staffing", "page.title"),
    "nav.replies": ("replies", "page.title"),
    "nav.site": ("chair", "page.title"),
    "nav.audit": ("audit", "title", "heading"),
    "nav.people": ("people", "people.title", "people.heading"),
}
"""Of each page in the menu: its catalogue, and the ids of title and heading. The console has neither: its tab
tells nobody who walks by what it is."""

NOT_OF_THE_PAGES = {
    "den som sköter servern",
    "Koden vid inloggning",
    "Varje kväll ni har öppet",
    "Varje månad",
    "Varje år",
}
"""Bold in the board's page, and no name of anything on a page."""


@pytest.mark.parametrize("language", ["sv", "en"])
def test_page_is_called_the_same_in_menu_heading_and_title(language: str) -> None:
    """Whoever follows a name finds that name."""
    assert [key for key, *_ in PAGES if key != "nav.console"] == [*NAMES]
    for key, (domain, *ids) in NAMES.items():
        name = LANGUAGES.texts(language, "staff").gettext(key)
        assert {LANGUAGES.texts(language, domain).gettext(each) for each in ids} == {name}, key


def test_names_that_the_board_reads_are_those_of_the_pages() -> None:
    """Every name in bold is a text of a staff page, as it stands there."""
    page = (WEB.parent / "docs" / "styrelsen.md").read_text(encoding="utf-8")
    bold = {" ".join(each.split()).rstrip(".") for each in re.findall(r"\*\*([^*]+)\*\*", page)}
    texts = set()
    for domain in STAFF:
        with (WEB / "locales" / "sv" / f"{domain}.po").open("rb") as file:
            texts |= {message.string for message in read_po(file)}
    assert bold - NOT_OF_THE_PAGES - texts == set()
