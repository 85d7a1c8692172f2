# SPDX-License-Identifier: EUPL-1.2
"""What calls for a supervisor, on the board: in words, with no conversation in it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chat.ids import DutyId, ServiceId
from chat.live.notices import AlertsListed, Returned, Unattended
from chat.phase import Phase
from chat.talks import Talk
from tests.unit.chat.making import a_conversation
from tests.unit.web.staff import LINDEN, NOW, Pages, row, session
from web.accounts.account import StaffRole

SINCE = NOW - timedelta(minutes=4)
HAND = replace(
    a_conversation("conversation-secret", service=LINDEN),
    phase=Phase.ACTIVE,
    alias="Alva",
    hand_since=SINCE,
)
TALK = Talk(
    id="talk-secret", duty=DutyId("duty-secret"), alias="Mira", services=frozenset({LINDEN}), at=SINCE
)
ALL = AlertsListed(
    (HAND,),
    (TALK, replace(TALK, id="other", taken_by="Siv")),
    (Returned(LINDEN, SINCE, acute=False),),
    (Unattended(LINDEN, 2, SINCE),),
)


def board(alerts: AlertsListed = ALL, role: StaffRole = StaffRole.SUPERVISOR) -> Pages:
    """Return the pages as a supervisor of one service is shown them."""
    return Pages(session(role, [LINDEN]), [row(LINDEN)], alerts=alerts)


async def told(pages: Pages, query: str = "") -> list[dict[str, Any]]:
    """Return the alerts of the board."""
    alerts: list[dict[str, Any]] = (await pages.get(f"/supervisor/board{query}")).json()["alerts"]
    return alerts


async def test_board_tells_who_calls_and_since_when() -> None:
    """What cannot wait first; each in a sentence of its own, so that no colour is needed."""
    alerts = await told(board())
    assert [each["kind"] for each in alerts] == ["hand", "unattended", "returned", "talk", "taken"]
    assert [each["urgent"] for each in alerts] == [True, True, False, False, False]
    texts = [each["text"].replace("\u2068", "").replace("\u2069", "") for each in alerts]
    assert texts[0].startswith("Alva räcker upp handen i ")
    assert texts[3].startswith("Mira i ")
    assert texts[4] == "Siv hör av sig till Mira"
    assert all(each["since"].startswith("sedan ") for each in alerts)
    assert "raising a hand" in (await told(board(), "?lang=en"))[0]["text"]
    # Also from another tab: how many cannot wait.
    assert "<title>(2) Läget" in (await board().get("/supervisor")).text


async def test_board_names_no_conversation() -> None:
    """Neither the page nor the figures hold any id: there is nothing to look up."""
    pages = board()
    for path in ("/supervisor", "/supervisor/board"):
        assert "secret" not in (await pages.get(path)).text


async def test_quiet_board_says_so() -> None:
    """No empty list without a word."""
    page = (await board(AlertsListed()).get("/supervisor")).text
    assert "Ingen räcker upp handen eller vill prata just nu." in page
    assert await told(board(AlertsListed())) == []


@pytest.mark.parametrize(("role", "leads"), [(StaffRole.SUPERVISOR, True), (StaffRole.ADMINISTRATOR, False)])
async def test_board_leads_to_the_console_of_whoever_may_answer(role: StaffRole, leads: bool) -> None:
    """An administrator sees the same and cannot answer it."""
    page = (await board(role=role).get("/supervisor")).text
    assert ('class="to-board" href="/console"' in page) is leads
    assert "räcker upp handen" in page


async def test_alias_is_shown_inert() -> None:
    """An alias that turns the writing or holds markup stays in its place."""
    bad = replace(TALK, alias="<b>\u202eMira")
    page = (await board(AlertsListed((), (bad,))).get("/supervisor")).text
    assert "<b>" not in page.replace("<body", "")
    text = (await told(board(AlertsListed((), (bad,)))))[0]["text"]
    assert "\u2068<b>\u202eMira\u2069" in text


async def test_agreements_stand_under_their_own_heading_and_call_for_nobody() -> None:
    """What can wait a month is counted beside the heading of agreements, only for who looks after a party."""
    pages = board(AlertsListed())
    assert await told(pages) == []
    page = (await pages.get("/supervisor")).text
    assert re.search('data-part="call-none">', page)
    calls, agreements = page.split('data-part="agreements"')
    assert "säga upp" not in calls
    assert "1 att se över" in agreements
    assert page.count("Senast den 31 december 2026 kan ni säga upp") == 1
    other = Pages(session(StaffRole.SUPERVISOR, [ServiceId("hamnen")]), [row(ServiceId("hamnen"))])
    assert "att se över" not in (await other.get("/supervisor")).text


async def test_what_calls_leads_to_where_it_is_answered() -> None:
    """The sentence is the link, in the language that was asked for; an administrator cannot answer."""
    links = [each["href"] for each in await told(board(), "?lang=en")]
    assert links == ["/console?lang=en"] * 4 + [""]
    assert {each["href"] for each in await told(board(role=StaffRole.ADMINISTRATOR))} == {""}
