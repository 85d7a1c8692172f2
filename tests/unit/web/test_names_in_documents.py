# SPDX-License-Identifier: EUPL-1.2
"""What the board of an organisation reads calls everything as its page does."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from tests.unit.web import chair_help
from tests.unit.web.staff import WEB
from web.catalogues import STAFF

NOT_OF_THE_PAGES = {
    "den som sköter servern",
    "Koden vid inloggning",
    "Varje kväll ni har öppet",
    "Varje månad",
    "Varje år",
}
"""Bold in the board's page, and no name of anything on a page."""


def test_names_that_the_board_reads_are_those_of_the_pages() -> None:
    """Every name in bold is a text of a staff page, as it stands there; … is what differs in it."""
    page = (WEB.parent / "docs" / "styrelsen.md").read_text(encoding="utf-8")
    bold = {" ".join(each.split()).rstrip(".") for each in re.findall(r"\*\*([^*]+)\*\*", page)}
    texts = set()
    for domain in STAFF:
        with (WEB / "locales" / "sv" / f"{domain}.po").open("rb") as file:
            texts |= {re.sub(r"%\(\w+\)s", "…", str(message.string)) for message in read_po(file)}
    assert bold - NOT_OF_THE_PAGES - texts == set()


def test_page_of_the_board_is_what_the_document_says() -> None:
    """A chair who has no repository reads the same in the browser; see `chair_help.py` for how it is made."""
    assert chair_help.PAGE.read_text(encoding="utf-8") == chair_help.page(), "site_help_text.html is stale"
