# SPDX-License-Identifier: EUPL-1.2
"""Who gets to a ticket, and what everybody else gets: the same as for one that never was."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path

import httpx
import pytest

from chat.ids import DutyId, ServiceId
from handover.ids import ReceiverId
from handover.ticket import TicketState
from handover.units import Units
from tests.outside.connection import browser
from tests.outside.server import Staff
from tests.web.raw import PATIENCE
from tests.web.running import PASSWORDS, Running, running
from tests.web.ticketing import CLINIC, INTAKE, Worker, comes_to_work, hand_over, seen_in
from web import demo
from web.accounts.account import StaffRole
from web.receiver.pages import routes

BOLLNAS = "samverkan-bollnas"
MARKER = "Zmarkerad41kvinna"
OF_A_TICKET = [
    (method, route.path)
    for route in routes
    for method in sorted((route.methods or set()) - {"HEAD"})
    if "{ticket}" in route.path
]
EVERY = [(method, route.path) for route in routes for method in sorted((route.methods or set()) - {"HEAD"})]
FIELDS = {
    "text": "Hej",
    "reference": "SN 1",
    "accept_text": "",
    "reason": "Nej",
    "sure": "yes",
    "seen": "0",
    "number": "1",
    "comes": "yes",
    "version": "0",
    "do": "add",
    "names": "Skolan",
    "place": "Här",
    "time": "Nu",
}


async def asks(worker: Worker, method: str, path: str, **fields: str) -> httpx.Response:
    """Send any request of this side."""
    if method == "GET":
        return await worker.sees(path)
    return await worker.sends(path, **{**FIELDS, **fields})


def told(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """Return everything of an answer but the moment."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, answer.text, headers


async def test_foreign_and_unknown_tickets_are_answered_alike(run: Running) -> None:
    """Another unit's, the other track's, one that never was, no name at all: 404, byte for byte the same."""
    _, (clinic,) = await hand_over(run, CLINIC)
    _, (bollnas,) = await hand_over(run, BOLLNAS, service="hamnen")
    for unlocked in ([], [INTAKE]):
        worker = await comes_to_work(run, "ingrid", *unlocked)
        for method, path in OF_A_TICKET:
            answers = [
                told(await asks(worker, method, path.replace("{ticket}", name), passphrase=demo.PASSPHRASE))
                for name in ("A" * 22, clinic, bollnas, "A" * 21, "..%2e", "%00", "a'--")
            ]
            assert answers[0][0] == 404, path
            assert answers == [answers[0]] * len(answers), path
    for ticket in (clinic, bollnas):
        stored = await run.house.office.inbox.stepping.store.ticket(ticket)
        assert stored is not None
        assert (stored.ticket.state, stored.letters) == (TicketState.DELIVERED, 0)


async def test_other_roles_and_strangers_get_nothing(run: Running) -> None:
    """An operator and a supervisor, who looks after the very unit, get 403; without a sign-in it is 303."""
    _, (ticket,) = await hand_over(run, INTAKE, want=MARKER)
    paths = [(method, path.replace("{ticket}", ticket)) for method, path in EVERY if "schema" not in path]
    for name in ("anna", "birgitta"):
        other = await run.operator(name) if name == "anna" else Worker(run.at, run.staff(name))
        if isinstance(other, Worker):
            await other.signs_in()
        session = await run.session_of(other)
        assert session is not None
        worker = Worker(run.at, other.staff)
        worker.cookies, worker.csrf = dict(other.cookies), session.csrf
        for method, path in paths:
            answer = await asks(worker, method, path, unit=INTAKE, passphrase=demo.PASSPHRASE)
            assert answer.status_code == 403, path
            assert "hör inte till ditt konto" in answer.text
            assert MARKER not in answer.text
        assert session.id not in run.house.office.units.holders()
    stranger = Worker(run.at, run.staff("ingrid"))
    for method, path in paths:
        answer = await asks(stranger, method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in"), path


async def test_form_of_another_session_or_site_changes_nothing(run: Running) -> None:
    """No CSRF value, a wrong one, another session's, a foreign Origin: 403, and the ticket is as it was."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    other, mine = await comes_to_work(run, "olof"), worker.csrf
    for path in [path.replace("{ticket}", ticket) for method, path in EVERY if method == "POST"]:
        for csrf in ("", "x" * 43, other.csrf):
            worker.csrf = csrf
            assert (await worker.sends(path, **FIELDS)).status_code == 403, path
        async with browser() as http:
            answer = await http.post(
                run.at.url + path,
                data={**FIELDS, "csrf": mine},
                headers={"Origin": "https://chat.example", "Cookie": worker.cookie_header},
            )
        assert answer.status_code == 403, path
    stored = await run.house.office.inbox.stepping.store.ticket(ticket)
    assert stored is not None
    assert (stored.ticket.state, stored.letters) == (TicketState.OPENED, 0)
    assert run.house.office.units.holders()


async def test_forms_sent_twice_at_the_same_moment_do_once(run: Running) -> None:
    """Impatient fingers: ten at once write one letter, take it once, say no to nothing afterwards."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    store = run.house.office.inbox.stepping.store
    for number, (form, fields) in enumerate(
        (("write", {"text": "Hej"}), ("accept", {"reference": "SN 1", "accept_text": "Välkommen"}))
    ):
        sent = [worker.sends(f"/tickets/{ticket}/{form}", seen=number, **fields) for _ in range(10)]
        assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
        stored = await store.ticket(ticket)
        assert stored is not None
        assert stored.letters == number + 1
    answer = await worker.sends(f"/tickets/{ticket}/decline", reason="Nej", seen=2, sure="yes")
    assert answer.status_code == 409
    assert "redan besvarad" in answer.text


async def test_answer_before_it_was_opened_opens_nothing(run: Running) -> None:
    """A form that there is no page for leads to the page before opening."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    for form in ("write", "accept", "decline"):
        for fields in (
            FIELDS,
            {**FIELDS, "text": "", "reference": "", "reason": ""},
            {**FIELDS, "seen": "7"},
        ):
            answer = await worker.sends(f"/tickets/{ticket}/{form}", **fields)
            assert answer.status_code in {303, 404}
    stored = await run.house.office.inbox.stepping.store.ticket(ticket)
    assert stored is not None
    assert (stored.ticket.state, stored.letters) == (TicketState.DELIVERED, 0)


async def test_broken_forms_are_refused_and_never_a_fault(run: Running) -> None:
    """Numbers that are none, texts that no text can hold, fields left out."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    for fields in (
        {"text": "Hej", "seen": "-1"},
        {"text": "Hej", "seen": "9" * 400},
        {"text": "Hej", "seen": "\u0661"},
        {"text": "Hej"},
        {"text": "\0", "seen": "0"},
        {"seen": "0"},
    ):
        assert (await worker.sends(f"/tickets/{ticket}/write", **fields)).status_code in {400, 404}
    body = f"csrf={worker.csrf}&seen=0&text=%ED%A0%80%FF".encode()
    headers = {
        "Origin": run.at.url,
        "Cookie": worker.cookie_header,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = await run.ask("POST", f"/tickets/{ticket}/write", headers=headers, content=body)
    assert answer.status_code < 500
    for comes, number in (("perhaps", "1"), ("yes", "5"), ("yes", "x")):
        answer = await worker.sends(f"/tickets/{ticket}/comes", comes=comes, number=number)
        assert answer.status_code == 404


async def test_too_long_answer_stays_on_the_page(run: Running) -> None:
    """2,000 characters and one more: told, and not a word is lost."""
    _, (ticket,) = await hand_over(run, INTAKE)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    answer = await worker.sends(f"/tickets/{ticket}/write", text="å" * 2_001, seen=0)
    assert answer.status_code == 413
    assert "å" * 2_001 in answer.text


# --- the key


async def test_sign_out_locks(run: Running) -> None:
    """The key goes with the sign-in: the next one of the same account holds none."""
    worker = await comes_to_work(run, "ingrid", INTAKE)
    session = await run.session_of(worker)
    assert session is not None
    assert session.id in run.house.office.units.holders()
    await worker.sends("/staff/sign-out")
    assert session.id not in run.house.office.units.holders()
    assert "Enhetens lösenfras" in (await (await comes_to_work(run, "ingrid")).sees("/tickets")).text


async def test_account_disabled_beside_the_server_holds_no_key(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch finds it, although the account has no console and asks for nothing more."""
    locked = asyncio.Event()
    lock = Units.lock

    def noticed(units: Units, sign_in: DutyId) -> None:
        lock(units, sign_in)
        locked.set()

    async with running(place) as run:
        worker = await comes_to_work(run, "ingrid", INTAKE)
        monkeypatch.setattr(Units, "lock", noticed)
        assert run.house.office.units.holders()
        await run.house.accounts.disable("ingrid")
        async with asyncio.timeout(PATIENCE):
            await locked.wait()
        assert not run.house.office.units.holders()
        answer = await worker.sees("/tickets")
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")


async def test_key_of_one_unit_opens_no_other_and_no_other_sign_in(run: Running) -> None:
    """Two at the same unit unlock each for themselves."""
    _, (ticket,) = await hand_over(run, INTAKE, want=MARKER)
    await run.house.accounts.add(
        "ingrid-två", "två blåa hinkar", StaffRole.RECEIVER, (), [ReceiverId(INTAKE), ReceiverId(CLINIC)]
    )
    first = await comes_to_work(run, "ingrid", INTAKE)
    await first.sends(f"/tickets/{ticket}/open")
    second = Worker(run.at, Staff("ingrid-två", "två blåa hinkar", "receiver", ()))
    await second.signs_in()
    assert (await second.unlocks(CLINIC)).status_code == 303
    page = await second.sees(f"/tickets/{ticket}")
    assert "Nyckeln är låst" in page.text
    assert MARKER not in page.text


async def test_account_of_both_tracks_reaches_nothing(run: Running) -> None:
    """Refused plainly, with a way to sign out, on every page and form."""
    _, (ticket,) = await hand_over(run, INTAKE, want=MARKER)
    units = [ReceiverId(INTAKE), ReceiverId(BOLLNAS)]
    await run.house.accounts.add("två-spår", "tre blåa hinkar", StaffRole.COORDINATOR, (), units)
    both = Worker(run.at, Staff("två-spår", "tre blåa hinkar", "coordinator", ()))
    await both.signs_in()
    for method, path in EVERY:
        if not path.endswith("ticket-1.json"):
            answer = await asks(both, method, path.replace("{ticket}", ticket), unit=INTAKE)
            assert answer.status_code == 403
            assert "båda spåren" in answer.text
            assert "/staff/sign-out" in answer.text
            assert MARKER not in answer.text


async def test_coordinator_role_and_units_that_have_left_the_site(run: Running) -> None:
    """A coordinator's account is let in; a unit that is in no site file any more is nobody's."""
    await run.house.accounts.add(
        "samordnaren", "fyra blåa hinkar", StaffRole.COORDINATOR, map(ServiceId, ()), [ReceiverId("borta")]
    )
    worker = Worker(run.at, Staff("samordnaren", "fyra blåa hinkar", "coordinator", ()))
    await worker.signs_in()
    page = await worker.sees("/tickets")
    assert page.status_code == 200
    assert "hör inte till någon enhet än" in page.text
    assert (await worker.unlocks("borta")).status_code == 404


async def test_database_and_every_password_without_passphrase_read_no_ticket(place: Path) -> None:
    """The files hold the marker in no writing; no page shows it without the passphrase, five with it."""
    async with running(place) as run:
        her, (ticket,) = await hand_over(
            run, INTAKE, coordinates=INTAKE, want=MARKER, summary=MARKER, identity={"name": MARKER}
        )
        worker = await comes_to_work(run, "ingrid", INTAKE)
        await worker.sends(f"/tickets/{ticket}/open")
        await worker.sends(f"/tickets/{ticket}/write", text=MARKER, seen=0)
        await her.adds(ticket, MARKER)
        await worker.sends(f"/tickets/{ticket}/accept", reference=MARKER, accept_text="", seen=2)
        await worker.sends(f"/tickets/{ticket}/contacts", do="add", names=MARKER, version=0)
        seen = seen_in((await worker.sees(f"/tickets/{ticket}/samrad")).text)
        await worker.sends(f"/tickets/{ticket}/meeting", place=MARKER, time=MARKER, text="", seen=seen)
        pages = [path.replace("{ticket}", ticket) for method, path in EVERY if method == "GET"]
        shown = [MARKER in (await worker.sees(path)).text for path in pages]
        assert sum(shown) == 5  # the inbox (a case reference), the ticket, its print view, its file, samråd
        await worker.sends("/staff/sign-out")
        for name in PASSWORDS:
            other = Worker(run.at, run.staff(name))
            await other.signs_in()
            for path in pages:
                assert MARKER not in (await other.sees(path)).text
        raw = MARKER.encode()
        writings = [raw, MARKER.encode("utf-16-le"), raw.hex().encode()]
        writings += [base64.b64encode(b" " * shift + raw)[4:-4] for shift in range(3)]
        kept = await asyncio.to_thread(_files_in, place)
        assert [name for name in kept if "sqlite" in name]
        for name, content in kept.items():
            assert not [writing for writing in writings if writing in content], name


def _files_in(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()}


async def test_pages_carry_no_link_but_our_own(run: Running) -> None:
    """Whatever she wrote, every address on a page is of this side, and nothing is loaded from elsewhere."""
    identity = {"reach": "https://exempel.example/hon www.exempel.example 070-123 45 67 hon@exempel.example"}
    _, (ticket,) = await hand_over(run, INTAKE, identity=identity)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    for path in ("", "/print"):
        page = (await worker.sees(f"/tickets/{ticket}{path}")).text
        assert identity["reach"] in page
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        assert [each for each in addresses if not each.startswith(("/", "#"))] == []
