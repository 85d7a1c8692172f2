# SPDX-License-Identifier: EUPL-1.2
"""The roster at a real server: who sees and changes what, what she sees of it, and that she sees no name."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from config.site import OpenWhen
from tests.outside.operator import Operator
from tests.outside.server import Staff
from tests.web.people import sends, signed_in
from tests.web.running import Running
from web.accounts.account import StaffRole
from web.accounts.audit import Audited
from web.roster.telling import about_shifts, warnings_in_words

EKEN = ServiceId("eken")
ACCOUNT, PASSWORD = "blavinge.4417@exempel.test", "ett lösenord som räcker"
"""What somebody signs in with may be their address."""
HERS = ("/chat/eken?lang=sv", "/chat/eken/plain?lang=sv", "/?lang=sv", "/others/eken?lang=sv")
"""Where she may read that a chat is closed."""


class Desk:
    """Somebody before the roster of one service."""

    def __init__(self, run: Running, person: Operator, service: str) -> None:
        self.run, self.person, self.path = run, person, f"/staff/roster/{service}"

    async def page(self, query: str = "") -> httpx.Response:
        """Open it."""
        return await self.person.request("GET", self.path + query)

    async def does(self, do: str, **fields: Any) -> httpx.Response:
        """Send a form."""
        return await sends(self.run, self.person, self.path, do=do, **fields)

    async def makes(self, begins: timedelta, hours: float = 3, **fields: Any) -> str:
        """Add one shift and return its id."""
        start = (self.run.house.clock.now() + begins).astimezone(STOCKHOLM)
        end = start + timedelta(hours=hours)
        form = {"day": f"{start:%Y-%m-%d}", "begins": f"{start:%H:%M}", "ends": f"{end:%H:%M}"}
        before = await self._ids()
        assert (await self.does("make", **form, **{"wanted": 2, "fewest": 1, **fields})).status_code == 303
        (new,) = await self._ids() - before
        return new

    async def _ids(self) -> set[str]:
        service = ServiceId(self.path.rpartition("/")[2])
        return {each.id for each in await self.run.house.roster.shifts([service], timedelta(days=400))}


@pytest_asyncio.fixture(loop_scope="session")
async def ulla(run: Running) -> AsyncGenerator[Desk]:
    """The coordinator at the roster of eken; there are no shifts afterwards."""
    desk = Desk(run, await signed_in(run, "ulla"), "eken")
    yield desk
    await desk.does("reopen")
    for each in await run.house.roster.shifts([EKEN], timedelta(days=400)):
        await desk.does("cancel", id=each.id)


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
        "close": {"until": "end"},
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
    assert (parse_qs(where.query)["done"], where.fragment) == (["take"], f"shift-{shift}")
    assert "Du har tagit passet" in (await sara.page("?done=take")).text
    assert (await sara.does("take", id=shift)).status_code == 409
    assert "Ta över från" not in (await maja.page()).text
    assert (await maja.does("take_over", id=shift, whose="sara")).status_code == 409
    assert (await sara.does("offer", id=shift)).status_code == 303
    assert "Ta över från sara" in (await maja.page()).text
    assert (await maja.does("take_over", id=shift, whose="sara")).status_code == 303
    assert (await maja.does("leave", id=shift)).status_code == 303
    warned = [each.text for each in await warnings_in_words(run.house, [EKEN], "sv")]
    assert len(warned) == 1
    assert "ingen har passet" in warned[0]
    assert "maja" not in warned[0]
    birgitta = await signed_in(run, "birgitta")
    calls = (await birgitta.request("GET", "/supervisor/board")).json()["alerts"]
    assert [each["text"] for each in calls if each["kind"] == "shift"] == warned
    assert "kan inte komma" in (await ulla.page()).text
    assert "maja" not in (await sara.page()).text, "who dropped out is told to planners alone"
    assert (await ulla.does("put", id=shift, who="Elin ")).status_code == 303
    assert await warnings_in_words(run.house, [EKEN], "sv") == []
    assert (await ulla.does("put", id=shift, who="anna")).status_code == 422
    today = await ulla.makes(timedelta(), hours=1)
    assert (await ulla.does("put", id=today, who="elin")).status_code == 303
    session = await run.session_of(sara.person)
    assert session is not None
    (told,) = await about_shifts(run.house, session, "sv")
    assert re.fullmatch(r"På schemat i dag: .elin.\.", told)
    assert (await sara.does("take", id=today)).status_code == 409, "it has begun"
    assert (await sara.does("take", id=await ulla.makes(timedelta(days=10)))).status_code == 303
    _, told = await about_shifts(run.house, session, "sv")
    assert "Ditt nästa pass:" in told
    (coming,) = [each for each in await run.house.roster.mine(session) if not each.cancelled]
    assert (await ulla.does("cancel", id=coming.id)).status_code == 303
    assert len(await about_shifts(run.house, session, "sv")) == 1
    assert "Inställt" in (await sara.page(f"?from={coming.starts_at:%Y-%m-%d}")).text


async def test_planner_is_in_the_audit_and_volunteers_are_not(run: Running, ulla: Desk) -> None:
    """What people do with shifts of their own is in no log; who closed when is."""
    shift = await ulla.makes(timedelta(days=10))
    sara = Desk(run, await signed_in(run, "sara"), "eken")
    await sara.does("take", id=shift)
    await sara.does("leave", id=shift)
    await ulla.does("close", until="time", time="23:59")
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
    assert (await desk.does("take", id=shift)).status_code == 303
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


async def test_closing_by_hand_tells_her_why_wherever_it_says_closed(run: Running, ulla: Desk) -> None:
    """In the words of the organisation, inert; who waits stays; taken back it is as before."""
    visitor = await run.visitor("eken")
    assert (await run.get("/status/eken")).json()["open"]
    words = "Vi är sjuka i kväll <b>alla</b>. {{ 7*7 }}"
    closed = await ulla.does("close", until="time", time="23:59", **{"words.sv": words})
    assert closed.status_code == 303
    assert not (await run.get("/status/eken")).json()["open"]
    for path in HERS:
        shown = await run.get(path)
        assert words in (shown.json()["state"] if path.startswith("/others") else unescape(shown.text))
        assert "<b>alla" not in shown.text or path.startswith("/others")
    assert words not in unescape((await run.get("/chat/linden?lang=sv")).text)
    assert (await visitor.says("Är ni kvar?"))["type"] == "ack"
    page = unescape((await ulla.page()).text)
    assert "Stängd för hand till" in page
    assert words in page
    board = await (await signed_in(run, "birgitta")).request("GET", "/supervisor?lang=sv")
    assert "Stängd för hand till" in unescape(board.text)
    assert [
        each.text.startswith("Tjejjouren i Vallentuna är stängd för hand")
        for each in await warnings_in_words(run.house, [EKEN], "sv")
    ] == [True]
    assert (await ulla.does("reopen")).status_code == 303
    assert (await run.get("/status/eken")).json()["open"]
    assert words not in unescape((await run.get(HERS[0])).text)
    assert (await ulla.does("reopen")).status_code == 409


@pytest.mark.parametrize(
    ("do", "fields", "says"),
    [
        ("close", {"until": "time", "time": "23:59", "words.sv": "Ring 070-123 45 67."}, "pekar ut någon"),
        ("close", {"until": "time", "time": "kväll", "words.sv": "Hej"}, "Skriv dag och tid"),
        ("close", {"until": "end", "words.sv": "Hej"}, "Välj en tid"),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "18:10", "wanted": "2", "fewest": "1"},
            "minst en halvtimme",
        ),
        (
            "make",
            {"day": "i morgon", "begins": "18:00", "ends": "21:00", "wanted": "2", "fewest": "1"},
            "Skriv dag och tid",
        ),
        (
            "make",
            {"day": "2026-12-01", "begins": "18:00", "ends": "21:00", "wanted": "٣", "fewest": "1"},
            "1 till 20",
        ),
    ],
)
async def test_form_that_cannot_be_says_why_and_keeps_what_was_written(
    run: Running, do: str, fields: dict[str, str], says: str
) -> None:
    """422, and nothing is lost."""
    desk = Desk(run, await signed_in(run, "ulla"), "linden")
    refused = await desk.does(do, **fields)
    assert refused.status_code == 422
    page = unescape(refused.text)
    assert says in page
    assert all(text in page for key, text in fields.items() if key != "until")


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
