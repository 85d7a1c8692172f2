# SPDX-License-Identifier: EUPL-1.2
"""What the statistics show whoever asks for nothing in particular, or looks after many services."""

from __future__ import annotations

from dataclasses import replace

from chat.ids import ServiceId
from tests.unit.web.figures.made import Pages, figure
from tests.unit.web.staff import BRON, EKEN, LINDEN, demo_site, session
from web.accounts.account import StaffRole
from web.figures.asked import TOGETHER

HAMNEN = ServiceId("hamnen")
PATH = "/supervisor/statistics"


async def test_page_begins_with_what_can_be_told() -> None:
    """The last month where a share of some service can be said; else the year, which has more than dashes."""
    last = "2026-10"
    for answered, weeks, period in ((140, 1, last), (7, 4, "2025")):
        told = [
            figure(name, times, later, service=LINDEN)
            for later in range(0, 90, weeks)
            for name, times in (("answered", answered), ("abandoned_waiting", 7))
        ]
        pages = Pages(session(StaffRole.SUPERVISOR, [EKEN, LINDEN]), told)
        assert f'<option value="{period}" selected>' in (await pages.get(PATH)).text


async def test_many_services_are_told_of_one_organisation_at_a_time() -> None:
    """On every page, so that none costs more the more one looks after; a service of another is let go."""
    site = demo_site()
    linden, hamnen = site.services[LINDEN], site.services[HAMNEN]
    made = {
        ServiceId(f"{each.chat.id}-{number}"): each for each in (hamnen, linden) for number in range(TOGETHER)
    }
    services = {id_: replace(each, chat=replace(each.chat, id=id_)) for id_, each in made.items()}
    pages = Pages(session(StaffRole.SUPERVISOR, list(services)), site=replace(site, services=services))
    for organisation, name in ((hamnen.organisation.id, "hamnen"), (linden.organisation.id, "linden")):
        for page in (f"{PATH}?period=2025&", f"{PATH}.json?period=2025&", f"{PATH}/year/2025?"):
            pages.store.asked.clear()
            answer = await pages.get(f"{page}organisation={organisation}&service=hamnen-0")
            assert answer.status_code == 200
            read = {asked[0] for asked in pages.store.asked}
            only = {ServiceId("hamnen-0")}
            assert read == (only if name == "hamnen" else {each for each in services if name in each})
    pages.store.asked.clear()
    page = (await pages.get(f"{PATH}/year/2025")).text
    assert {asked[0] for asked in pages.store.asked} == {each for each in services if "hamnen" in each}
    assert f'<option value="{linden.organisation.id}">' in page
    assert (await pages.get(f"{PATH}?organisation=nowhere")).status_code == 403
    # One organisation with more than that gets a list of links, and nothing is read for it.
    more = {**services, BRON: replace(site.services[BRON], organisation=hamnen.organisation)}
    pages = Pages(session(StaffRole.SUPERVISOR, list(more)), site=replace(site, services=more))
    page = (await pages.get(f"{PATH}/year/2025")).text
    assert 'href="?service=bron"' in page
    assert pages.store.asked == []
