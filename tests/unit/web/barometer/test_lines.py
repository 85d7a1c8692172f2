# SPDX-License-Identifier: EUPL-1.2
"""What is counted for a year's questions: of the organisation's own services, and each track by itself."""

from __future__ import annotations

from dataclasses import replace

from chat.ids import OrganisationId, ServiceId
from tests.unit.web.figures.made import Pages, figure
from tests.unit.web.staff import EKEN, LINDEN, demo_site, session
from web.accounts.account import StaffRole
from web.barometer.answers import Given
from web.barometer.lines import parts
from web.figures.periods import year

JOUR, HAMNEN = OrganisationId("kvinnojouren-vallentuna"), ServiceId("hamnen")


async def answered(*, both: bool) -> dict[str, str]:
    """Return the lines about answered chats of the jour that runs one track, or both."""
    site = demo_site()
    if both:
        hamnen = replace(site.services[HAMNEN], organisation=site.organisations[JOUR])
        site = replace(site, services={**site.services, HAMNEN: hamnen})
    figures = [figure("answered", 700, service=each) for each in (LINDEN, EKEN, HAMNEN)]
    house = Pages(session(StaffRole.ADMINISTRATOR, [LINDEN]), figures, site=site).house()
    said = await parts(house, JOUR, year(2025), Given(), "sv")
    return {
        line.id: "".join(filter(str.isdigit, line.value))
        for part in said
        for line in part.lines
        if line.id.startswith("answered")
    }


async def test_services_of_one_track_are_one_line() -> None:
    """Added up; what others run is not in it."""
    assert await answered(both=False) == {"answered": "1400"}


async def test_both_tracks_are_never_added_up() -> None:
    """An organisation that runs both answers for each."""
    assert await answered(both=True) == {"answered exposed": "1400", "answered perpetrator": "700"}


async def test_easy_language_is_a_language_of_the_chat() -> None:
    """Named as such, beside the one that it is easy in."""
    house = Pages(session(StaffRole.ADMINISTRATOR, [LINDEN])).house()
    said = [line for part in await parts(house, JOUR, year(2025), Given(), "sv") for line in part.lines]
    (languages,) = (line.value for line in said if line.id == "languages")
    assert languages == "svenska, lättläst svenska, engelska och arabiska"
