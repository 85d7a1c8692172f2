# SPDX-License-Identifier: EUPL-1.2
"""The pages of the staffing calculator: who may see them, and what they say and rest on."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from chat.demand import period
from chat.grid import Week
from chat.histograms import LASTED, wanted
from chat.hours import OpeningHours
from chat.ids import OrganisationId, ServiceId
from chat.published import Figure
from tests.unit.web.staff import EKEN, LINDEN, NOW, Pages, session
from web.accounts.account import StaffRole

JOUR = OrganisationId("kvinnojouren-vallentuna")
FIRST, LAST = period(Week.last_closed(NOW))


def busy(value: int = 7 * 30) -> list[Figure]:
    """Return a year in which Tuesdays at seven are busy, and one night when it is closed has a few."""
    figures = {wanted(1, 19): value, wanted(1, 18): 7 * 20, LASTED.counters[4]: 70}
    return [Figure(LINDEN, name, FIRST, LAST, each) for name, each in figures.items()]


async def page(
    path: str, figures: list[Figure] | None = None, role: StaffRole = StaffRole.COORDINATOR
) -> httpx.Response:
    """Return what somebody of linden and eken gets."""
    house = Pages(session(role, [LINDEN, EKEN]), told=figures or [])
    return await house.get(path)


def text_of(answer: httpx.Response) -> str:
    """Return what can be read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.RECEIVER])
async def test_who_does_not_plan_is_refused_as_for_what_is_not_there(role: StaffRole) -> None:
    """Another role, another service and no service answer the same."""
    refused = await page("/supervisor/staffing/linden", role=role)
    elsewhere = await page("/supervisor/staffing/hamnen")
    nowhere = await page("/supervisor/staffing/nowhere")
    assert refused.status_code == elsewhere.status_code == nowhere.status_code == 403
    assert elsewhere.text == nowhere.text


async def test_who_is_not_signed_in_is_led_there() -> None:
    """And learns of no service."""
    house = Pages(session(StaffRole.COORDINATOR, [LINDEN]))
    for path in ("/supervisor/staffing", "/supervisor/staffing/linden", "/supervisor/staffing/nowhere"):
        answer = await house.get(path, headers={})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/staff/sign-in")


async def test_one_service_has_no_list() -> None:
    """It is planned there, in the language that was asked for; several are listed, only one's own."""
    one = await Pages(session(StaffRole.COORDINATOR, [LINDEN])).get("/supervisor/staffing?lang=en")
    assert 'action="/supervisor/staffing/linden"' in one.text
    assert 'name="lang" value="en"' in one.text
    several = await page("/supervisor/staffing")
    assert 'href="/supervisor/staffing/eken"' in several.text
    assert "hamnen" not in several.text


async def test_page_tells_what_the_figures_need() -> None:
    """The busiest hours first, with what one fewer would mean, then table and plot; and what it rests on."""
    answer = await page("/supervisor/staffing/linden?minutes=60&capacity=1&share=90", busy(7 * 80))
    assert 'href="/staff/roster/linden"' in answer.text
    said = text_of(answer)
    assert answer.status_code == 200
    assert "För att 90 av 100 ska få svar inom 5 minuter" in said
    assert "Tisdag 19–20 vill flest chatta" in said
    assert "Det som är för få för att visas i statistiken räknar vi som sex" in said
    assert re.search(r"blir kön bara längre|räcker inte: då får \d+ av 100", said)
    assert '<svg class="week-plot wide" role="img"' in answer.text
    # In the sentence, as what each of the two plots shows, and in the table.
    assert said.count("Tisdag 19–20") == 4
    assert "För lite" not in said


async def test_page_says_how_many_chats_each_is_taken_to_hold() -> None:
    """One at a time unless somebody says more: what a chat allows at most is no plan."""
    first = text_of(await page("/supervisor/staffing/linden", busy(7 * 80)))
    assert ", om var och en tar ett samtal i taget." in first
    assert first == text_of(await page("/supervisor/staffing/linden?capacity=1", busy(7 * 80)))
    more = text_of(await page("/supervisor/staffing/linden?capacity=3", busy(7 * 80)))
    assert ", om var och en tar 3 samtal samtidigt." in more


async def test_chat_that_opens_when_staffed_is_planned_by_its_written_hours() -> None:
    """Without a single shift there is a plan; where no hours are written, the page says so."""

    async def said(hours: OpeningHours, query: str = "") -> str:
        house = Pages(session(StaffRole.COORDINATOR, [LINDEN]), told=busy(7 * 80))
        linden = house.site.services[LINDEN]
        chat = replace(linden.chat, hours=hours)
        house = Pages(
            session(StaffRole.COORDINATOR, [LINDEN]),
            told=busy(7 * 80),
            site=replace(house.site, services={**house.site.services, LINDEN: replace(linden, chat=chat)}),
        )
        return text_of(await house.get(f"/supervisor/staffing/linden{query}"))

    staffed = await said(replace(OpeningHours.parse("Tu 18:00-21:00"), staffed=()))
    assert "Tisdag 19–20 vill flest chatta" in staffed
    assert "Inom era öppettider blir det" in staffed
    assert "Räkna på egna siffror" in staffed
    assert "Chatten har inga öppettider i veckan" in await said(OpeningHours.parse("off"))


async def test_page_asks_for_own_numbers_where_too_little_is_told() -> None:
    """No plan is made of nothing, and the fields for it stand open; with them there is one."""
    asks = await page("/supervisor/staffing/linden")
    assert "för lite statistik att räkna på" in text_of(asks)
    assert "<svg" not in asks.text
    assert "<details open>" in asks.text
    answer = await page("/supervisor/staffing/linden?day_1=300&minutes=40&capacity=1&lang=en")
    assert "Worked out from your own numbers" in text_of(answer)
    assert "<svg" in answer.text
    assert 'name="lang" value="en"' in answer.text


async def test_fields_that_hold_no_number_are_named_and_kept() -> None:
    """422, nothing is worked out, and what was typed stands there as text."""
    answer = await page("/supervisor/staffing/linden?share=%3Cb%3E&capacity=0", busy())
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert "<b>" not in answer.text
    assert "Skriv ett tal mellan 50 och 99." in text_of(answer)
    assert "<svg" not in answer.text


async def test_administrator_plans_what_they_run_and_nothing_else() -> None:
    """By organisation, as everywhere."""
    whole = Pages(replace(session(StaffRole.ADMINISTRATOR, []), organisations=frozenset({JOUR})))
    assert (await whole.get("/supervisor/staffing/linden")).status_code == 200
    assert (await whole.get("/supervisor/staffing/hamnen")).status_code == 403
    assert ServiceId("hamnen") in whole.site.services
