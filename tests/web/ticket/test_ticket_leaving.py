# SPDX-License-Identifier: EUPL-1.2
"""The way out of her page, and how a visit ends."""

from __future__ import annotations

import io
from datetime import timedelta

from tests.web.handed import INTAKE, Tickets
from tests.web.ticket_page import comes, with_code


async def test_leaving_ends_the_visit(at: Tickets) -> None:
    """303 to a neutral page; what was posted before opens nothing any more, whoever sends it again."""
    her = await with_code(at)
    entered = her.sent
    await her.presses("Jag vill ta tillbaka det")
    page = her.page
    await her.presses("Lämna snabbt")
    assert (her.status, her.headers["location"]) == (303, "https://www.smhi.se/")
    assert her.headers["cache-control"] == "no-store"
    her.page = page
    await her.presses("Ja, ta tillbaka det")
    assert her.is_at_the_empty_page()
    await her.sends(*entered)
    assert her.is_at_the_empty_page()
    assert her.sees("Sidan har stängts.")


async def test_way_out_is_never_barred(at: Tickets) -> None:
    """A dead visit, a form without anything: it leads out; another site's form does not get in at all."""
    her = comes(at)
    await her.sends("/ticket/leave", {"visit": "nobody's"})
    assert (her.status, her.headers["location"]) == (303, "https://www.smhi.se/")
    await her.sends("/ticket/leave", {"beacon": "1"})
    assert her.status == 204
    await her.sends("/ticket/leave", {}, "https://evil.example")
    assert her.status == 403


async def test_first_page_may_be_loaded_again_while_the_visit_goes_on(at: Tickets) -> None:
    """Two presses of one button, or a reload: she sees her page."""
    her = await with_code(at)
    await her.loads_again()
    assert her.sees("Det väntar på att bli läst.")


async def test_visit_is_over_after_a_quarter_of_an_hour(at: Tickets) -> None:
    """The next press shows the empty page, and does nothing."""
    her = await with_code(at)
    await her.presses("Jag vill ta tillbaka det")
    at.clock.ahead += timedelta(minutes=15)
    await her.presses("Ja, ta tillbaka det")
    assert her.is_at_the_empty_page()
    assert her.sees("Sidan har stängts. Skriv koden igen om du vill fortsätta.")
    who, ticket = await at.newest(INTAKE)
    assert any(
        each.ticket.id == ticket and each.ticket.is_readable
        for each in await at.run.house.office.inbox.tickets(who)
    )


async def test_she_may_close_the_page(at: Tickets) -> None:
    """Calmly: the empty page, and the visit is over."""
    her = await with_code(at)
    page = her.page
    await her.presses("Stäng")
    assert her.is_at_the_empty_page()
    her.page = page
    await her.presses("Se om något har hänt")
    assert her.sees("Sidan har stängts.")


async def test_no_word_and_no_code_is_logged(at: Tickets, written: io.StringIO) -> None:
    """Nothing of all this module is in the log."""
    code = await at.hands_over(INTAKE)
    her = comes(at)
    await her.enters(code)
    await her.presses("Skicka", text="ett märkligt ord: klockslag")
    log = written.getvalue()
    assert code not in log
    assert "klockslag" not in log
