# SPDX-License-Identifier: EUPL-1.2
"""Who did what, at a real server: one's own organisations only, never a conversation, and read on record."""

from __future__ import annotations

import csv
import io
import re
import threading
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from chat.errors import Unavailable
from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from chat.live.closing import Closing
from tests.web.people import signed_in
from tests.web.running import Running
from tests.web.test_supervision import raised, supervisor
from web.accounts.audit import Audited
from web.attachment import table
from web.audit import pages
from web.server import forget_what_is_old

JOUR, CARE = OrganisationId("kvinnojouren-vallentuna"), OrganisationId("oppenvarden-vallentuna")


async def test_chair_reads_who_did_what_in_her_own_organisation(run: Running) -> None:
    """A claim stands there by name, service and day: none of another organisation, no visitor, no time.

    Nor how many there were.
    """
    await run.talk("anna", "linden")
    visitor, _, conversation = await run.talk("anna", "linden")
    await run.talk("karin", "bron")
    page = unescape((await (await signed_in(run, "eva")).request("GET", "/staff/audit?lang=sv")).text)
    assert re.search(
        r"<bdi>anna</bdi></td>\s*<td>Tog emot samtal</td>\s*<td>Kvinnojouren i Vallentuna</td>"
        r'\s*<td class="figure"></td>',
        page,
    )
    assert "karin" not in page
    assert "Öppenvård" not in page
    assert conversation not in page
    assert visitor.token not in page
    assert re.search(r"\d\d:\d\d", page) is None, "no time of day"


async def test_nobody_claims_comes_or_takes_over_without_a_trace(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stored with the step itself, whatever becomes of what is recorded afterwards."""

    async def fails(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(run.house.audit, "record", fails)
    _, operator, conversation = await run.talk("maja", "eken")

    async def recorded(name: str) -> set[Audited]:
        entries = await run.house.audit.entries()
        return {each.kind for each in entries if (each.account, each.place) == (name, "eken")}

    assert await recorded("maja") == {Audited.CLAIMED}
    siv = await supervisor(run, "birgitta", "eken")
    await raised(run, operator, conversation)
    await siv.connection.send("supervise", conversation=conversation)
    await siv.connection.expect("accepted", conversation=conversation)
    await siv.connection.send("take_over", conversation=conversation)
    await siv.connection.expect("yours", conversation=conversation)
    assert await recorded("birgitta") == {Audited.JOINED, Audited.TOOK_OVER}


async def test_reading_and_taking_along_are_recorded_once_a_day(run: Running) -> None:
    """Whoever looks is listed too, and sees it at once; looking again adds nothing."""
    eva = await signed_in(run, "eva")
    for _ in range(3):
        assert "Läste den här listan" in (await eva.request("GET", "/staff/audit")).text
    for kind in ("csv", "json", "csv"):
        assert (await eva.request("GET", f"/staff/audit/export.{kind}")).status_code == 200
    own = [each for each in await run.house.audit.entries() if each.account == "eva"]
    assert {(each.kind, each.organisation, each.place, each.times) for each in own} == {
        (Audited.AUDIT_READ, JOUR, JOUR, None),
        (Audited.AUDIT_EXPORTED, JOUR, JOUR, None),
    }


async def test_choice_is_the_same_on_the_page_and_in_the_files(run: Running) -> None:
    """By kind, person and month. What is not there to choose counts as not chosen, and never crosses over."""
    audit, today = run.house.audit, local_day(run.house.clock.now())
    long_ago = today - timedelta(days=100)
    for account, place, day in (("=wilma", "linden", today), ("vera", "eken", long_ago)):
        await audit.record(Audited.LIFTED, account, JOUR, ServiceId(place), day)
    await audit.record(Audited.LIFTED, "stig", CARE, ServiceId("bron"), today)
    eva = await signed_in(run, "eva")

    async def people(query: str) -> set[str]:
        page = await eva.request("GET", f"/staff/audit?{query}")
        file = await eva.request("GET", f"/staff/audit/export.csv?{query}")
        data = await eva.request("GET", f"/staff/audit/export.json?{query}")
        rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff")), delimiter=";"))
        shown = set(re.findall(r"<td><bdi>(.*?)</bdi></td>", page.text))
        assert shown == {row[1].removeprefix("'") for row in rows[1:]}
        assert shown == {each["person"] for each in data.json()}
        assert len(rows) - 1 == len(data.json())
        return shown

    assert await people("kind=lifted") >= {"=wilma", "vera"}
    assert await people("kind=lifted&month=" + f"{long_ago:%Y-%m}") == {"vera"}
    assert await people("person=vera&kind=lifted") == {"vera"}
    assert "stig" not in await people("")
    assert "stig" not in await people("person=stig&kind=nothing&month=x")
    file = await eva.request("GET", "/staff/audit/export.csv?person=%3Dwilma")
    assert ";'=wilma;" in file.text
    assert re.fullmatch(
        r'attachment; filename="log-\d{4}-\d\d-\d\d\.csv"', file.headers["content-disposition"]
    )


async def test_file_is_written_beside_the_chats(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of many people takes seconds: on the loop, every chat would wait for it."""
    threads: list[threading.Thread] = []

    def noted(*given: Any) -> bytes:
        threads.append(threading.current_thread())
        return table(*given)

    monkeypatch.setattr(pages, "table", noted)
    eva = await signed_in(run, "eva")
    assert (await eva.request("GET", "/staff/audit/export.csv")).status_code == 200
    assert threads
    assert threading.main_thread() not in threads


async def test_long_list_comes_in_pages(run: Running) -> None:
    """A hundred lines at a time, each once; a number that is none is the first page."""
    day = local_day(run.house.clock.now()) - timedelta(days=150)
    for number in range(130):
        await run.house.audit.record(Audited.LISTED, f"person-{number:03}", JOUR, ServiceId("x"), day)
    eva = await signed_in(run, "eva")

    async def people(page: str) -> list[str]:
        text = (await eva.request("GET", f"/staff/audit?kind=listed&page={page}")).text
        return re.findall(r"<td><bdi>(person-\d+)</bdi></td>", text)

    first, second = await people("1"), await people("2")
    assert (len(first), len(second)) == (100, 30)
    assert first + second == sorted({*first, *second})
    for strange in ("0", "-1", "x", "²", "9" * 40):
        assert await people(strange) == first
    assert await people("3") == []


@pytest.mark.parametrize("path", ["/staff/audit/export.xml", "/staff/audit/export.", "/staff/audit/other"])
async def test_file_of_another_kind_is_nowhere(run: Running, path: str) -> None:
    """404, for everybody."""
    assert (await (await signed_in(run, "eva")).request("GET", path)).status_code == 404
    assert (await run.get(path)).status_code == 404


async def test_old_entries_go_with_the_housekeeping(run: Running) -> None:
    """The server deletes by what each organisation says, and claims after thirty days."""
    audit, today = run.house.audit, local_day(run.house.clock.now())
    for kind in (Audited.CLAIMED, Audited.RAISED, Audited.LIFTED):
        await audit.record(kind, "wanda", JOUR, ServiceId("linden"), today - timedelta(days=31))
        await audit.record(kind, "wanda", JOUR, ServiceId("linden"), today - timedelta(days=181))
    await audit.record(
        Audited.CLAIMED, "wilma", OrganisationId(""), ServiceId("linden"), today - timedelta(days=1)
    )
    await forget_what_is_old(run.house)
    assert [each.organisation for each in await audit.entries() if each.account == "wilma"] == [JOUR], (
        "of a time when it was not recorded whose place it was"
    )
    left = [each for each in await audit.entries() if each.account == "wanda"]
    assert [(each.kind, (today - each.day).days) for each in left] == [(Audited.LIFTED, 31)]


async def test_no_entry_goes_while_the_date_is_doubted(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """One start with a clock years ahead would delete all of it."""

    async def doubts(_: Closing) -> bool:
        return False

    audit, today = run.house.audit, local_day(run.house.clock.now())
    monkeypatch.setattr(Closing, "believes_the_date", doubts)
    await audit.record(Audited.LIFTED, "viveka", JOUR, ServiceId("linden"), today - timedelta(days=999))
    await forget_what_is_old(run.house)
    assert "viveka" in {each.account for each in await audit.entries()}
    monkeypatch.undo()
    await forget_what_is_old(run.house)
    assert "viveka" not in {each.account for each in await audit.entries()}
