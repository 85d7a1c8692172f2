# SPDX-License-Identifier: EUPL-1.2
"""The roster at a real server: who sees and changes what, what she sees of it, and that she sees no name."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from chat.hours import STOCKHOLM
from config.site import OpenWhen
from tests.outside.operator import Operator
from tests.outside.server import Staff
from tests.web.people import signed_in
from tests.web.roster_desk import EKEN, HERS, Desk
from tests.web.running import Running
from web.accounts.account import StaffRole
from web.accounts.audit import Audited
from web.roster.telling import about_shifts, warnings_in_words

ACCOUNT, PASSWORD = "blavinge.4417@exempel.test", "ett lösenord som räcker"
"""What somebody signs in with may be their address."""


@pytest_asyncio.fixture(loop_scope="session")
async def staffed(run: Running) -> AsyncGenerator[None]:
    """Eken is open while somebody is on a shift, as its site file says from now on."""
    now = run.house.site_now
    before = now._baseline
    eken = replace(before.services[EKEN], open_when=OpenWhen.STAFFED)
    now._baseline = replace(before, services={**before.services, EKEN: eken})
    await now.renew()
    yield
    now._baseline = before
    await now.renew()


@pytest.mark.parametrize(
    ("name", "own", "foreign"),
    [
        ("ulla", ("linden", "eken"), ("bron", "hamnen")),
        ("birgitta", ("linden", "eken", "bron"), ("hamnen",)),
        ("mats", ("hamnen",), ("linden", "eken", "bron")),
        ("eva", ("linden", "eken"), ("bron", "hamnen")),
        ("anna", ("linden",), ("eken", "bron", "hamnen")),
        ("maja", ("linden", "eken"), ("bron", "hamnen")),
        ("ingrid", (), ("linden", "eken")),
    ],
)
async def test_roster_is_for_the_staff_of_a_service(
    run: Running, name: str, own: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    """To look and to change: what is nowhere looks like what is another's, whatever is asked for."""
    person = await signed_in(run, name)
    for service in own:
        assert (await Desk(run, person, service).page()).status_code == 200
    bodies = set()
    for service in (*foreign, "nowhere"):
        desk = Desk(run, person, service)
        answers = [await desk.page(), await desk.page("?shift=new&from=2026-11-23")]
        answers += [
            await desk.does(do, id="x", who=name) for do in ("take", "cancel", "make", "close", "reopen")
        ]
        assert {answer.status_code for answer in answers} == {403}
        bodies |= {answer.text for answer in answers}
    assert len(bodies) == 1
    start = await person.request("GET", "/staff/roster")
    assert start.status_code == (403 if not own else 303 if len(own) == 1 else 200)
    assert (await run.get("/staff/roster/linden")).headers["location"] == "/staff/sign-in"
    assert (await run.get("/staff/roster")).headers["location"] == "/staff/sign-in"


async def test_volunteer_has_no_form_of_a_planner_and_none_is_taken_from_her(
    run: Running, ulla: Desk
) -> None:
    """What the page does not show is refused all the same, in the same words."""
    shift = await ulla.makes(timedelta(days=10))
    sara = Desk(run, await signed_in(run, "sara"), "eken")
    page = (await sara.page(f"?shift={shift}")).text
    assert 'value="save"' not in page
    assert 'value="close"' not in page
    foreign = (await Desk(run, sara.person, "linden").page()).text
    wanted: dict[str, dict[str, Any]] = {
        "put": {"who": "sara"},
        "remove": {"who": "elin"},
        "cancel": {},
        "save": {"day": "2030-01-01", "begins": "18:00", "ends": "21:00", "wanted": 1, "fewest": 1},
        "make": {"day": "2026-12-01", "begins": "18:00", "ends": "21:00", "wanted": 1, "fewest": 1},
        "close": {"time": "23:59"},
        "reopen": {},
    }
    for do, fields in wanted.items():
        answer = await sara.does(do, id=shift, **fields)
        assert (answer.status_code, answer.text) == (403, foreign)
    assert (await ulla.does("take", id=shift)).status_code == 403, "whoever only plans is on no shift"


async def test_shift_goes_from_hand_to_hand(run: Running, ulla: Desk) -> None:
    """Taken, offered, taken over, given up late, seen by the board, and put on by a planner."""
    shift = await ulla.makes(timedelta(hours=20))
    sara = Desk(run, await signed_in(run, "sara"), "eken")
    maja = Desk(run, await signed_in(run, "maja"), "eken")
    taken = await sara.does("take", id=shift)
    assert taken.status_code == 303
    where = urlsplit(taken.headers["location"])
    assert (parse_qs(where.query)["done"], where.fragment) == (["take"], "")
    card = (await sara.page(f"?{where.query}")).text.partition(f'id="shift-{shift}"')[2]
    assert "Du har tagit passet" in card.partition("</article>")[0], "told where she looks"
    assert (await sara.does("take", id=shift)).status_code == 409
    assert "Ta över från" not in (await maja.page()).text
    assert (await maja.does("take_over", id=shift, whose="sara")).status_code == 409
    assert (await sara.does("offer", id=shift)).status_code == 303
    assert "Ta över från sara" in (await maja.page()).text
    assert (await maja.does("take_over", id=shift, whose="sara")).status_code == 303
    assert "Ja, jag kan inte komma" in (await maja.page()).text, "asked once, with what follows"
    left = await maja.does("leave", id=shift)
    assert left.status_code == 303
    told = (await maja.page(f"?{urlsplit(left.headers['location']).query}")).text
    assert "Den som planerar ser nu att någon behövs." in told
    home = (await ulla.person.request("GET", "/staff/roster")).text
    assert f'href="/staff/roster/eken#shift-{shift}"' in home, "whoever fills the gap is told of it first"
    assert "Någon behövs" not in (await maja.person.request("GET", "/staff/roster")).text
    warned = [each.text for each in await warnings_in_words(run.house, [EKEN], "sv")]
    assert len(warned) == 1
    assert "ingen har passet" in warned[0]
    assert "maja" not in warned[0]
    birgitta = await signed_in(run, "birgitta")
    calls = (await birgitta.request("GET", "/supervisor/board")).json()["alerts"]
    assert [each["text"] for each in calls if each["kind"] == "shift"] == warned
    assert "kan inte komma" in (await ulla.page()).text
    assert "maja" not in (await sara.page()).text, "who dropped out is told to planners alone"
    put = await ulla.does("put", id=shift, who="Elin ")
    assert put.status_code == 303
    assert "elin" not in put.headers["location"], "no name in an address"
    assert re.search(
        r"På passet står nu .elin.\.", (await ulla.page(f"?{urlsplit(put.headers['location']).query}")).text
    )
    assert await warnings_in_words(run.house, [EKEN], "sv") == []
    assert (await ulla.does("put", id=shift, who="anna")).status_code == 422
    today = await ulla.makes(timedelta(), hours=1)
    assert (await ulla.does("put", id=today, who="elin")).status_code == 303
    session = await run.session_of(sara.person)
    assert session is not None
    told, none = await about_shifts(run.house, session, "sv")
    assert none == "Du har inget kommande pass."
    assert re.fullmatch(r"På schemat i dag: .elin.\.", told)
    assert (await sara.does("take", id=today)).status_code == 409, "it has begun"
    assert (await sara.does("take", id=await ulla.makes(timedelta(days=10)))).status_code == 303
    _, told = await about_shifts(run.house, session, "sv")  # before, she was told that she has none
    assert "Ditt nästa pass:" in told
    (coming,) = [each for each in await run.house.roster.mine(session) if not each.cancelled]
    assert (await ulla.does("cancel", id=coming.id)).status_code == 303
    assert (await about_shifts(run.house, session, "sv"))[1:] == ["Du har inget kommande pass."]
    assert "Inställt" in (await sara.page(f"?from={coming.starts_at:%Y-%m-%d}")).text


async def test_what_was_done_to_a_shift_is_taken_back_where_it_was_told(run: Running, ulla: Desk) -> None:
    """Cancelled, and given back in good time and late: one button each, and never a second shift of it."""
    sara = Desk(run, await signed_in(run, "sara"), "eken")

    async def told(desk: Desk, do: str, shift: str) -> str:
        answer = await desk.does(do, id=shift)
        assert answer.status_code == 303
        return (await desk.page(f"?{urlsplit(answer.headers['location']).query}")).text

    for begins in (timedelta(days=11), timedelta(hours=30)):
        shift = await ulla.makes(begins, hours=1)
        assert (await sara.does("take", id=shift)).status_code == 303
        page = await told(sara, "leave", shift)
        assert page.count('value="take"') == page.count("Ångra, jag tar passet") == 1
        assert "öppnar inte chatten" not in page, "eken opens by its hours alone"
        assert "Du har tagit passet" in await told(sara, "take", shift)
    assert 'value="restore">Ångra<' in await told(ulla, "cancel", shift)
    assert (await sara.does("restore", id=shift)).status_code == 403
    assert 'value="restore"' not in (await sara.page()).text
    again = (await ulla.page()).text.partition(f'id="shift-{shift}"')[2].partition("</article>")[0]
    assert "Låt passet gälla igen" in again, "also later"
    another = await ulla.makes(timedelta(hours=30), hours=1)
    refused = await ulla.does("restore", id=shift)
    assert (refused.status_code, "Passen finns redan" in refused.text) == (422, True)
    assert 'value="restore">Ångra<' in await told(ulla, "cancel", another), "also of one that nobody was on"
    assert "Passet gäller igen." in await told(ulla, "restore", shift)
    assert "sara (du)" in (await sara.page()).text.replace('</bdi> <span class="soft">', " ")


async def test_planner_is_in_the_audit_and_volunteers_are_not(run: Running, ulla: Desk) -> None:
    """What people do with shifts of their own is in no log; who closed when is."""
    shift = await ulla.makes(timedelta(days=10))
    sara = Desk(run, await signed_in(run, "sara"), "eken")
    await sara.does("take", id=shift)
    await sara.does("leave", id=shift)
    until = f"{(run.house.clock.now() + timedelta(hours=3)).astimezone(STOCKHOLM):%H:%M}"
    await ulla.does("close", time=until)
    await ulla.does("reopen")
    deeds = await run.house.audit.entries()
    found = {each.kind for each in deeds if each.account == "ulla" and each.place == "eken"}
    assert {Audited.PLANNED, Audited.CLOSED, Audited.REOPENED} <= found
    assert {each.kind for each in deeds if each.account == "sara"} & {Audited.PLANNED} == set()


@pytest.mark.usefixtures("staffed")
async def test_opening_follows_the_shifts_and_tells_her_nobody_s_name(
    run: Running, ulla: Desk, written: io.StringIO
) -> None:
    """Closed while nobody has the shift, open while somebody has; no name on a page of hers, nor in a log."""
    await run.house.accounts.add(ACCOUNT, PASSWORD, StaffRole.OPERATOR, [EKEN], [])
    marked = Operator(run.at, Staff(ACCOUNT, PASSWORD, "operator", ("eken",)))
    await marked.signs_in()
    desk = Desk(run, marked, "eken")

    async def is_open() -> bool:
        status = await run.get("/status/eken")
        assert ACCOUNT not in status.text
        for path in HERS:
            assert ACCOUNT not in (await run.get(path)).text
        return bool(status.json()["open"])

    assert not await is_open()
    shift = await ulla.makes(timedelta(minutes=20))
    assert not await is_open()
    assert "Ingen än. 1 behövs, 2 får plats. Annars öppnar inte chatten" in (await ulla.page()).text
    assert (await desk.does("take", id=shift)).status_code == 303
    assert "Tar ingen över öppnar inte chatten." in (await desk.page()).text
    assert "Chatten öppnar inte den tiden." in (await ulla.page(f"?shift={shift}")).text, "before she cancels"
    cancelled = await ulla.does("cancel", id=shift)
    assert (await run.get("/status/eken")).json()["opens_at"] is None
    told = (await ulla.page(f"?{urlsplit(cancelled.headers['location']).query}")).text
    assert "Passet är inställt. Chatten öppnar inte den tiden." in told
    assert 'value="restore">Ångra<' in told
    restored = await ulla.does("restore", id=shift)
    told = (await ulla.page(f"?{urlsplit(restored.headers['location']).query}")).text
    assert re.search(r"Passet gäller igen\. På passet står nu .blavinge\.4417@exempel\.test.\.", told)
    opens = (await run.get("/status/eken")).json()["opens_at"]
    assert opens is not None, "she is told when it opens, before it does"
    start = (run.house.clock.now() - timedelta(hours=1)).astimezone(STOCKHOLM)
    end = start + timedelta(hours=5)
    form = {"day": f"{start:%Y-%m-%d}", "begins": f"{start:%H:%M}", "ends": f"{end:%H:%M}"}
    assert (await ulla.does("save", id=shift, wanted=2, fewest=1, **form)).status_code == 303
    assert await is_open()
    visitor = await run.visitor("eken")
    assert (await ulla.does("save", id=shift, wanted=2, fewest=2, **form)).status_code == 303
    assert not await is_open()
    assert (await visitor.says("Är ni kvar?"))["type"] == "ack", "nobody is thrown out"
    await run.house.accounts.disable(ACCOUNT)
    assert ACCOUNT not in written.getvalue()
    assert ACCOUNT in (await ulla.page()).text, "the search finds it where it may stand"


async def test_form_of_another_session_or_for_nothing_changes_nothing(run: Running, ulla: Desk) -> None:
    """As everywhere."""
    shift = await ulla.makes(timedelta(days=3))
    other = await run.session_of(await signed_in(run, "mats"))
    assert other is not None
    for csrf in ("", other.csrf):
        assert (await ulla.does("cancel", id=shift, csrf=csrf)).status_code == 403
    assert (await ulla.does("explode", id=shift)).status_code == 400
    for id_ in ("", "nowhere", "x" * 500, "%00", "'; --"):
        assert (await ulla.does("cancel", id=id_)).status_code == 404
    for query in ("?from=9999-99-99", "?shift=%00", "?done=explode", "?from=0001-01-01&shift=nowhere"):
        assert (await ulla.page(query)).status_code == 200
    cookie = {"Cookie": ulla.person.cookie_header, "Content-Type": "application/x-www-form-urlencoded"}
    session = await run.session_of(ulla.person)
    assert session is not None
    body = f"csrf={session.csrf}&do=cancel&id={shift}".encode()
    for origin in ({}, {"Origin": "https://evil.example"}):
        answer = await run.ask("POST", ulla.path, headers={**cookie, **origin}, content=body)
        assert answer.status_code == 403
    assert re.search(rf'id="shift-{shift}"', (await ulla.page(f"?shift={shift}")).text)
