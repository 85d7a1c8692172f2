# SPDX-License-Identifier: EUPL-1.2
"""What a chair is told before the duty to report is lost, and before a number that would be stopped."""

from __future__ import annotations

import pytest

from chat.ids import OrganisationId, ServiceId
from config.site import Site
from config.site_file import read_site
from tests.unit.config.sites import RIGHT, TODAY
from web.chair.warning import of_duty, of_ways

DUTY = "Vi måste anmäla om ett barn far illa."


def says(notice: dict[str, str], duty: dict[str, str]) -> Site:
    """Return the small right site where one organisation has set these two, laid together and filled."""
    set_ = {"services": {"linden": {"notice": notice}}, "organisations": {"jouren": {"reporting_text": duty}}}
    reading = read_site(RIGHT, today=TODAY, source="it", overlays={OrganisationId("jouren"): set_})
    assert reading.set_aside == {}
    return reading.whole()


@pytest.mark.parametrize(
    ("notice", "duty", "told"),
    [
        ({"sv": "Vi är. {reporting_text} Välkommen."}, {"sv": DUTY}, []),
        ({"sv": f"Vi är. {DUTY} Välkommen."}, {"sv": DUTY}, []),
        ({"sv": "Vi är."}, {"sv": DUTY}, [("drops_duty", "sv")]),
        ({"sv": "{reporting_text}", "en": "Hello."}, {"sv": DUTY}, [("drops_duty", "en")]),
        ({"sv": "Vi är.", "en": "Hello."}, {"sv": DUTY, "en": DUTY}, [("drops_duty", "en,sv")]),
        ({"sv": "{reporting_text}"}, {"sv": "Välkommen till oss."}, [("changes_duty", "sv")]),
        (
            {"sv": "Vi är."},
            {"sv": "Välkommen till oss."},
            [("drops_duty", "sv"), ("changes_duty", "sv")],
        ),
    ],
)
def test_duty_that_she_would_not_read_first_is_told(
    notice: dict[str, str], duty: dict[str, str], told: list[tuple[str, str]]
) -> None:
    """In every language, whichever of the two texts loses it, and however the other one is."""
    before = says({"sv": "Hej. {reporting_text}"}, {"sv": DUTY}).services
    found = [*of_duty(before, says(notice, duty).services.values())]
    assert [(each.about, each.what) for each in found] == told


def test_notice_that_never_said_it_is_not_told_again() -> None:
    """What somebody has read once and confirmed stays so."""
    services = says({"sv": "Vi är."}, {"sv": DUTY}).services
    assert [*of_duty(services, services.values())] == []


def test_number_or_link_that_staff_could_not_send_is_told() -> None:
    """A mobile phone and a page of somebody's own; what passes is nothing to think of."""
    linden = says({}, {"sv": DUTY}).services[ServiceId("linden")]
    ways = ["070-123 45 67", "", "https://facebook.com/anna", "112"]
    assert [each.what for each in of_ways(ways, linden)] == [ways[0], ways[2]]


@pytest.mark.parametrize("duty", [".", "–", "{organisation}", "Ja.", "1234567890123"])
def test_duty_that_says_nothing_is_set_aside(duty: str) -> None:
    """Also where it was set before anybody looked."""
    own = OrganisationId("jouren")
    set_ = {"organisations": {own: {"reporting_text": {"sv": duty}}}}
    assert own in read_site(RIGHT, today=TODAY, source="it", overlays={own: set_}).set_aside
