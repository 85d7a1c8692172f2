# SPDX-License-Identifier: EUPL-1.2
"""Samråd through the pages: how the others stand, one list, meetings; never what the others got."""

from __future__ import annotations

import asyncio
import re

from handover.ids import TicketId
from tests.web.running import Running
from tests.web.ticketing import CLINIC, INTAKE, OTHER_JOUR, Her, Worker, comes_to_work, hand_over, seen_in
from web.accounts.audit import Audited

SECRET = "Bara för er ögon"


async def coordinates(run: Running, *others: str) -> tuple[Her, list[TicketId], Worker]:
    """Return a coordinator who has taken its ticket, and the tickets of all."""
    her, tickets = await hand_over(run, INTAKE, *others, coordinates=INTAKE, want=SECRET)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{tickets[0]}/open")
    await worker.sends(f"/tickets/{tickets[0]}/accept", reference="SN 1", accept_text="", seen=0)
    return her, tickets, worker


async def listed(run: Running) -> int:
    """Return how often the trace says that the list or a meeting was touched."""
    entries = await run.house.audit.entries()
    return sum(each.times or 0 for each in entries if each.kind is Audited.LISTED)


async def test_coordinator_sees_how_the_others_stand_and_nothing_of_theirs(run: Running) -> None:
    """Name and state; after a letter and a refusal there, not a word of either."""
    _, tickets, worker = await coordinates(run, CLINIC, OTHER_JOUR)
    clinic = await comes_to_work(run, "olof", CLINIC)
    await clinic.sends(f"/tickets/{tickets[1]}/open")
    await clinic.sends(f"/tickets/{tickets[1]}/write", text="Hemligt mellan oss", seen=0)
    jour = await comes_to_work(run, "astrid", OTHER_JOUR)
    await jour.sends(f"/tickets/{tickets[2]}/open")
    await jour.sends(f"/tickets/{tickets[2]}/decline", reason="Skälet till det", seen=0, sure="yes")
    page = (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    assert 'Kuratorn på vårdcentralen i Vallentuna</bdi></strong> <span class="state">Har skrivit' in page
    assert 'stödsamtal i Vallentuna</bdi></strong> <span class="state">Sa nej' in page
    for hidden in (SECRET, "Hemligt mellan oss", "Skälet till det", tickets[1], tickets[2]):
        assert hidden not in page


async def test_samrad_is_the_coordinators_alone_and_begins_with_taking_it(run: Running) -> None:
    """Another receiver gets what a foreign ticket gets; before it is taken the page leads to the ticket."""
    _, tickets = await hand_over(run, INTAKE, CLINIC, coordinates=INTAKE)
    clinic = await comes_to_work(run, "olof", CLINIC)
    await clinic.sends(f"/tickets/{tickets[1]}/open")
    await clinic.sends(f"/tickets/{tickets[1]}/accept", reference="J 1", accept_text="", seen=0)
    before = await listed(run)
    for answer in (
        await clinic.sees(f"/tickets/{tickets[1]}/samrad"),
        await clinic.sends(f"/tickets/{tickets[1]}/contacts", do="add", names="Skolan", version=0),
        await clinic.sends(f"/tickets/{tickets[1]}/meeting", place="Här", time="Nu", text="", seen=1),
    ):
        assert answer.status_code == 404
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{tickets[0]}/open")
    for path, fields in (
        ("contacts", {"do": "add", "names": "Skolan", "version": 0}),
        ("meeting", {"seen": 0}),
    ):
        answer = await worker.sends(f"/tickets/{tickets[0]}/{path}", **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{tickets[0]}")
    assert await listed(run) == before


async def test_list_is_changed_line_by_line_and_she_reads_it(run: Running) -> None:
    """Added, given a status and a note, moved, taken out; each change recorded, each under her code too."""
    her, tickets, worker = await coordinates(run)
    before, address = await listed(run), f"/tickets/{tickets[0]}/contacts"
    changes: tuple[dict[str, object], ...] = (
        {"do": "add", "names": "Skolan\r\n\r\n  Banken \r\nSoc <b>"},
        {"do": "save", "line": 1, "name": "Banken", "status": "taken_over", "note": "Kl 9", "place": "1"},
        {"do": "down", "line": 0},
        {"do": "up", "line": 2},
        {"do": "remove", "line": 0},
    )
    for version, fields in enumerate(changes):
        assert (await worker.sends(address, version=version, **fields)).status_code == 303
    assert await listed(run) == before + len(changes)
    lines = (await her.pickup.view(her.visit)).contacts.lines
    assert [(line.name, line.status.value, line.note) for line in lines] == [
        ("Soc <b>", "planned", ""),
        ("Banken", "taken_over", "Kl 9"),
    ]
    page = (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    assert "Soc &lt;b&gt;" in page


async def test_list_refuses_what_does_not_fit_and_keeps_what_was_typed(run: Running) -> None:
    """No name, too long, too many, a form that is none of ours: told, and nothing is changed."""
    her, tickets, worker = await coordinates(run)
    address = f"/tickets/{tickets[0]}/contacts"
    await worker.sends(address, do="add", names="\n".join(f"Nummer {n}" for n in range(60)), version=0)
    page = (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    assert "Listan är full" in page
    refused = (
        ({"do": "add", "names": "En till"}, 400, "rymmer 60 kontakter"),
        (
            {"do": "save", "line": 3, "name": " ", "status": "done", "note": "Min anteckning"},
            400,
            "Skriv vem",
        ),
        ({"do": "save", "line": 3, "name": "å" * 121, "status": "done", "note": ""}, 400, "För långt"),
        (
            {"do": "save", "line": 3, "name": "Banken", "status": "gone", "note": "Kvar"},
            409,
            "Inget sparades",
        ),
        (
            {"do": "save", "line": 99, "name": "Banken", "status": "done", "note": "Kvar"},
            409,
            "Inget sparades",
        ),
        ({"do": "everything"}, 409, "Inget sparades"),
        (
            {"do": "save", "line": 3, "name": "B", "status": "done", "note": "K", "place": "-1"},
            400,
            "ett tal",
        ),
        ({"do": "up", "line": "9" * 5_000}, 404, "Den finns inte här"),
        ({"do": "add", "line": "9" * 5_000, "names": "En till"}, 400, "rymmer 60 kontakter"),
    )
    for fields, status, said in refused:
        answer = await worker.sends(address, version=1, **fields)
        assert answer.status_code == status
        assert said in answer.text
        assert str(fields.get("note", "")) in answer.text
    plan = {"place": "x" * 201, "time": "Nu", "text": "", "seen": seen_in(page)}
    answer = await worker.sends(f"/tickets/{tickets[0]}/meeting", **plan)
    assert answer.status_code == 413
    assert "Plats och tid får ha 200 tecken var, och orden 2\N{NO-BREAK SPACE}000." in answer.text
    assert len((await her.pickup.view(her.visit)).contacts.lines) == 60


async def test_list_that_moved_on_is_told_and_the_same_form_twice_is_not(run: Running) -> None:
    """An older version changes nothing and keeps the words; a form sent ten times at once adds one line."""
    her, tickets, worker = await coordinates(run)
    address = f"/tickets/{tickets[0]}/contacts"
    sent = [worker.sends(address, do="add", names="Skolan", version=0) for _ in range(10)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
    answer = await worker.sends(
        address, do="save", line=0, name="Skolan", status="done", note="Ring Anna", version=0
    )
    assert answer.status_code == 409
    assert "Någon annan ändrade listan" in answer.text
    assert 'value="Ring Anna"' in answer.text
    answer = await worker.sends(address, do="add", names="Banken\nSkatteverket", version=0)
    assert "Banken\nSkatteverket</textarea>" in answer.text
    assert [line.name for line in (await her.pickup.view(her.visit)).contacts.lines] == ["Skolan"]


async def test_meeting_reaches_whoever_has_opened_and_each_says_whether_it_comes(run: Running) -> None:
    """She and the clinic get it once, however often it is sent; the jour that has not opened does not."""
    her, tickets, worker = await coordinates(run, CLINIC, OTHER_JOUR)
    clinic = await comes_to_work(run, "olof", CLINIC)
    await clinic.sends(f"/tickets/{tickets[1]}/open")
    page = (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    assert "Ingen behöver säga vem personen är" in page
    told = re.search(r"Plats och tid går genast till personen och till:(.*?)Välj en plats", page, re.DOTALL)
    assert told is not None
    assert re.findall(r"<bdi>(.*?)</bdi>", told[1]) == ["Kuratorn på vårdcentralen i Vallentuna"]
    address = f"/tickets/{tickets[0]}/meeting"
    answer = await worker.sends(address, place="", time="torsdag", text="Fika", seen=seen_in(page))
    assert answer.status_code == 400
    assert 'value="torsdag"' in answer.text
    plan = {"place": "Biblioteket", "time": "torsdag 10", "text": "Det finns fika", "seen": seen_in(page)}
    sent = [worker.sends(address, **plan) for _ in range(5)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
    assert [len(await her.reads(ticket)) for ticket in tickets] == [2, 1, 0]
    page = (await clinic.sees(f"/tickets/{tickets[1]}")).text
    assert "Socialtjänstens mottagning i Vallentuna föreslår ett möte" in page
    assert "Biblioteket" in page
    assert (await clinic.sends(f"/tickets/{tickets[1]}/comes", number=1, comes="no")).status_code == 303
    assert "kommer inte" in (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    await clinic.sends(f"/tickets/{tickets[1]}/comes", number=1, comes="yes")
    page = (await worker.sees(f"/tickets/{tickets[0]}/samrad")).text
    assert "Senaste mötet: kommer</span>" in page
    stale = await worker.sends(address, place="Torget", time="fredag", text="", seen=plan["seen"])
    assert stale.status_code == 409
    assert 'value="Torget"' in stale.text
