# SPDX-License-Identifier: EUPL-1.2
"""What a supervisor sees of unsafe ends and of what follows on them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chat.ids import ServiceId
from chat.statistics import Counted
from moderation.sanctions import Sanction, Unsafe
from tests.unit.web.staff import BRON, EKEN, LINDEN, NOW, Pages, row, session
from web.accounts.account import StaffRole


async def test_board_tells_unsafe_ends_of_the_day_without_a_column() -> None:
    """Each reason that happened with its count, in one sentence; where nothing happened nothing is said."""
    counters: dict[ServiceId, dict[str, int]] = {
        LINDEN: {Counted.UNSAFE_THREAT: 1, Counted.UNSAFE_SPAM: 2, Counted.ANSWERED: 9},
        EKEN: {},
    }
    pages = Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), [row(LINDEN), row(EKEN)], counters)
    rows = (await pages.get("/supervisor/board")).json()["rows"]
    assert [line["cells"]["unsafe"] for line in rows] == [
        "Avslutade i dag för hot, trakasserier eller spam: hot (1), spam (2)",
        "",
    ]


def sanction(service: ServiceId, started_at: datetime | None = None) -> Sanction:
    """Return what followed half an hour ago on a threat."""
    since = NOW - timedelta(minutes=30)
    return Sanction(id="s" * 22, service=service, reason=Unsafe.THREAT, since=since, started_at=started_at)


async def test_board_lists_sanctions_of_own_services_only() -> None:
    """Service, reason, times, and whether somebody has started; another service's are not there."""
    sanctions = [sanction(LINDEN), sanction(EKEN, NOW - timedelta(minutes=10))]
    both = Pages(session(StaffRole.SUPERVISOR, [LINDEN, EKEN]), sanctions=sanctions)
    shown = [each["cells"] for each in (await both.get("/supervisor/board")).json()["sanctions"]]
    assert shown[0] == {
        "name": "Kvinnojouren i Vallentuna",
        "reason": "Avslutat på grund av hot",
        "times": "Sedan 18:35. Slutar 19:35.",
        "started": "Ingen har startat sedan dess.",
    }
    assert shown[1]["started"] == "Nästa start kom 18:55. Det kan vara någon annan på samma nät."
    one = Pages(session(StaffRole.SUPERVISOR, [BRON]), sanctions=sanctions)
    assert (await one.get("/supervisor/board")).json()["sanctions"] == []
    assert (
        'data-part="sanctions" aria-labelledby="sanctions-heading" hidden'
        in (await one.get("/supervisor")).text
    )


@pytest.mark.parametrize(("query", "action"), [("", ""), ("?lang=en", "?lang=en"), ("?lang=xx", "?lang=sv")])
async def test_sanction_is_lifted_by_a_form_that_needs_no_script(query: str, action: str) -> None:
    """The page has a form with the session's token and the sanction's id, in the language asked for."""
    who = session(StaffRole.SUPERVISOR, [LINDEN])
    page = (await Pages(who, [row(LINDEN)], sanctions=[sanction(LINDEN)]).get(f"/supervisor{query}")).text
    form = page.partition('<li class="sanction"')[2].partition("</form>")[0]
    assert f'method="post" action="/supervisor/sanctions/lift{action}"' in form
    assert f'name="csrf" value="{who.csrf}"' in form
    assert f'name="id" value="{"s" * 22}"' in form
