# SPDX-License-Identifier: EUPL-1.2
"""What a unit is told around a ticket: its place in the list, the track, what was taken out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.running import Running
from tests.web.ticketing import CLINIC, INTAKE, comes_to_work, hand_over

BOLLNAS = "samverkan-bollnas"
MASKED = "Han ringer [telefonnummer] och [namn] och [telefonnummer]"
USES_VIOLENCE = "Personen använder våld eller är rädd att göra det."


async def test_list_begins_with_what_waits_longest_for_the_unit(run: Running) -> None:
    """Not opened first, then new letters, then what has been read and answered."""
    tickets = []
    for _ in range(3):
        her, (ticket,) = await hand_over(run, CLINIC)
        tickets.append((her, ticket))
    worker = await comes_to_work(run, "olof", CLINIC)
    (_, read), (her, written), (_, fresh) = tickets
    for ticket in (read, written):
        await worker.sends(f"/tickets/{ticket}/open")
    await her.adds(written, "Ring inte")
    page = (await worker.sees("/tickets")).text
    places = [page.index(f'href="/tickets/{ticket}"') for ticket in (fresh, written, read)]
    assert places == sorted(places)


async def test_ticket_tells_on_top_that_the_person_uses_violence(run: Running) -> None:
    """On the screen and on paper, with the words of that track; never on the other one."""
    answers: dict[str, Any] = {"relation": "casual", "forms": ["physical"], "danger": "Att jag slår"}
    _, (ticket,) = await hand_over(run, BOLLNAS, service="hamnen", **answers)
    worker = await comes_to_work(run, "gunnar", BOLLNAS)
    await worker.sends(f"/tickets/{ticket}/open")
    for path in ("", "/print"):
        page = (await worker.sees(f"/tickets/{ticket}{path}")).text
        assert page.index(USES_VIOLENCE) < page.index('class="item')
        for words in ("Vem det går ut över", "Vad personen gör, eller är rädd att göra"):
            assert words in page
        assert "Någon personen knappt känner" in page
        assert "Vem det är som gör det" not in page
    _, (other,) = await hand_over(run, INTAKE, **answers)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{other}/open")
    for path in ("", "/print"):
        page = (await worker.sees(f"/tickets/{other}{path}")).text
        assert USES_VIOLENCE not in page
        assert "Vem det är som gör det" in page


async def test_mask_is_explained_once_where_there_is_one(run: Running) -> None:
    """Brackets of her own explain nothing."""
    for summary, times in (
        ("Han ringer [telefonnummer] och [namn] och [telefonnummer]", 1),
        ("[suck] [igen]", 0),
    ):
        _, (ticket,) = await hand_over(run, INTAKE, summary=summary)
        worker = await comes_to_work(run, "ingrid", INTAKE)
        await worker.sends(f"/tickets/{ticket}/open")
        page = (await worker.sees(f"/tickets/{ticket}")).text
        assert page.count("betyder att vi tog bort något som kan visa vem personen är") == times
        assert ("[telefonnummer] betyder" in page) == bool(times)


async def test_taken_ticket_does_not_say_that_nothing_is_decided(run: Running) -> None:
    """Before it is taken it does."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    assert "Inget är beslutat genom att ni skriver" in (await worker.sees(f"/tickets/{ticket}")).text
    await worker.sends(f"/tickets/{ticket}/accept", reference="SN 1", accept_text="", seen=0)
    page = (await worker.sees(f"/tickets/{ticket}")).text
    assert "Inget är beslutat" not in page
    assert "Till personen" in page


async def test_empty_passphrase_costs_no_try(run: Running) -> None:
    """Ten slips of the finger, and the right one still opens."""
    worker = await comes_to_work(run, "ingrid")
    for _ in range(10):
        answer = await worker.unlocks(INTAKE, "  ")
        assert answer.status_code == 400
        assert "Skriv lösenfrasen först." in answer.text
    assert (await worker.unlocks(INTAKE)).status_code == 303


async def test_answer_that_does_not_fit_says_why(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference of 201 characters, and a ticket that holds no more letters: told, and nothing is lost."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    fields = {"reference": "9" * 201, "accept_text": "Välkommen", "seen": 0}
    answer = await worker.sends(f"/tickets/{ticket}/accept", **fields)
    assert answer.status_code == 413
    assert "Skriv ert diarienummer först. Högst 200 tecken." in answer.text
    assert "Välkommen</textarea>" in answer.text
    monkeypatch.setattr("handover.stepping.MOST_LETTERS", 0)
    answer = await worker.sends(f"/tickets/{ticket}/write", text="En till", seen=0)
    assert answer.status_code == 409
    assert "Här ryms inga fler brev." in answer.text
    assert "En till</textarea>" in answer.text
