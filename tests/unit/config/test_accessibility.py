# SPDX-License-Identifier: EUPL-1.2
"""What the site file says for the accessibility statement."""

from __future__ import annotations

from datetime import date

import pytest

from chat.ids import OrganisationId
from config.accessibility import law
from config.site import Accessibility, Review
from config.site_file import Reading, read_site
from tests.unit.config.sites import RIGHT, TODAY

GIVEN = 'accessibility = { feedback = "0123-456 78", reviewed_at = 2026-11-01 }\n'
AT = "organisations.kommunen.accessibility"


def read(given: str, today: date = TODAY) -> Reading:
    """Read the site with this in the place of what the municipality says."""
    assert GIVEN in RIGHT
    return read_site(RIGHT.replace(GIVEN, given), today=today, source="site.toml")


def test_organisation_says_where_it_is_told() -> None:
    """The way, when it was reviewed and by whom; an association need not say anything."""
    site = read(GIVEN.replace(" }", ', review = "outside" }')).whole()
    said = Accessibility(feedback="0123-456 78", reviewed_at=date(2026, 11, 1), review=Review.OUTSIDE)
    assert site.organisations[OrganisationId("kommunen")].accessibility == said
    assert site.organisations[OrganisationId("jouren")].accessibility is None
    assert read(GIVEN).warnings == ()


@pytest.mark.parametrize(
    ("way", "href"),
    [
        ("0123-456 78", "tel:012345678"),
        ("+46 123 456 78", "tel:+4612345678"),
        ("tillganglighet@example.se", "mailto:tillganglighet@example.se"),
        ("https://example.se/fel", "https://example.se/fel"),
    ],
)
def test_way_becomes_a_link(way: str, href: str) -> None:
    """By what it is."""
    said = read(GIVEN.replace("0123-456 78", way)).whole().organisations[OrganisationId("kommunen")]
    assert said.accessibility is not None
    assert said.accessibility.href == href


@pytest.mark.parametrize(
    "way",
    [
        *("", "112", "ring oss", "a@b", "http://example.se/", "javascript:alert(1)", "a b@example.se"),
        *("javascript:alert(1)//@example.se", "\u202egro.live@example.se", "a\u200bb@example.se"),
        *(f"{'a' * 300}@example.se", f"a@{'b.' * 300}se", "0123 " * 100),
    ],
)
def test_way_that_leads_nowhere_is_a_mistake(way: str) -> None:
    """Nor is anything a link that is not one of the three."""
    reading = read(GIVEN.replace("0123-456 78", way))
    assert [mistake.path for mistake in reading.mistakes] == [f"{AT}.feedback"]


def test_authority_without_a_way_is_warned() -> None:
    """The law asks it of the municipality, not of the association."""
    assert [warning.path for warning in read("").warnings] == [AT]


@pytest.mark.parametrize(
    ("today", "warned"), [(date(2027, 11, 1), False), (date(2027, 11, 2), True)], ids=["a year", "a day more"]
)
def test_old_review_is_warned(today: date, *, warned: bool) -> None:
    """After twelve months somebody should go through it again."""
    paths = [warning.path for warning in read(GIVEN, today).warnings]
    assert (f"{AT}.reviewed_at" in paths) is warned


def test_review_to_come_is_a_mistake() -> None:
    """Nobody has reviewed anything tomorrow."""
    reading = read(GIVEN.replace("2026-11-01", "2026-11-21"))
    assert [mistake.path for mistake in reading.mistakes] == [f"{AT}.reviewed_at"]


def test_law_is_named_and_led_to() -> None:
    """Our own part has every language that the catalogues of it are written in first."""
    assert set(law().name) >= {"sv", "en"}
    assert law().report.startswith("https://")
