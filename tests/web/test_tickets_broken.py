# SPDX-License-Identifier: EUPL-1.2
"""When the house cannot do it, or what it kept is not what she sent: told plainly, and no word is lost."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from chat.errors import Unavailable
from handover.adapters.sql import SqlTicketStore
from handover.adapters.tables import ticket as tickets
from handover.export import TicketDocument
from handover.ids import ReceiverId, TicketId
from handover.sealing import Spot, seal, unseal
from tests.web.running import Running
from tests.web.ticketing import INTAKE, Worker, comes_to_work, hand_over
from web.accounts.service import Accounts

UNIT = ReceiverId(INTAKE)


async def opened(run: Running) -> tuple[TicketId, Worker]:
    """Return a ticket that lies open, and who opened it."""
    _, (ticket,) = await hand_over(run, INTAKE, want="Jag vill prata")
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    return ticket, worker


def store_of(run: Running) -> SqlTicketStore:
    """Return where it is all kept."""
    store = run.house.office.inbox.stepping.store
    assert isinstance(store, SqlTicketStore)
    return store


async def put_body(run: Running, ticket: TicketId, body: bytes) -> None:
    """Put another content in its place, as somebody with the database could."""
    change = update(tickets).where(tickets.c.id == ticket).values(body=body)
    await store_of(run)._database.run_write(lambda connection: connection.execute(change))


async def test_store_that_is_away_costs_no_word(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer says that nothing has changed, and carries the very text to be sent again."""
    ticket, worker = await opened(run)

    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(SqlTicketStore, "commit", away)
        answer = await worker.sends(f"/tickets/{ticket}/write", text="Vi hörs\ni morgon", seen=0)
    assert answer.status_code == 503
    assert "Inget har ändrats." in answer.text
    assert "Vi hörs\ni morgon</textarea>" in answer.text
    assert f'action="/tickets/{ticket}/write"' in answer.text
    again = await worker.sends(f"/tickets/{ticket}/write", text="Vi hörs\ni morgon", seen=0)
    assert again.status_code == 303


async def test_damaged_content_is_a_fault_with_a_number(run: Running) -> None:
    """Nothing is guessed: the page gives the id under which it is logged."""
    ticket, worker = await opened(run)
    stored = await store_of(run).body(ticket)
    assert stored is not None
    await put_body(run, ticket, stored[:-1] + bytes([stored[-1] ^ 1]))
    run.house._faults = None  # other tests of this server may have had their share of what is logged
    answer = await worker.sees(f"/tickets/{ticket}")
    assert answer.status_code == 500
    assert "Felet har nummer" in answer.text
    assert "Traceback" not in answer.text


async def test_content_that_is_not_what_she_saw_is_told(run: Running) -> None:
    """Somebody with the database sealed another wish to the unit: the page warns, on paper too."""
    ticket, worker = await opened(run)
    query = select(tickets.c.body).where(tickets.c.id == ticket)
    body = await store_of(run)._database.run_read(lambda connection: connection.execute(query).scalar())
    session = await run.session_of(worker)
    assert session is not None
    assert isinstance(body, bytes)
    spot = Spot("ticket", ticket, UNIT)
    private = run.house.office.units.key(session.id, UNIT)
    true = msgspec.json.decode(unseal(body, private, spot), type=TicketDocument)
    forged = replace(true, content=replace(true.content, want="Ring min man"))
    public = private.public_key().public_bytes_raw()
    await put_body(run, ticket, seal(msgspec.json.encode(forged), public, spot))
    for path in ("", "/print"):
        page = (await worker.sees(f"/tickets/{ticket}{path}")).text
        assert "Kontrollsumman stämmer inte." in page
        assert "Kontrollsumman stämmer. " not in page


async def test_fault_that_nobody_thought_of_is_a_page_with_a_number(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every kind of request, in the worker's language, kept nowhere; what was typed is carried."""
    ticket, worker = await opened(run)

    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(SqlTicketStore, "ticket", breaks)
        patch.setattr(SqlTicketStore, "inbox", breaks)
        for method, path in (
            ("GET", ""),
            ("GET", f"/{ticket}"),
            ("GET", f"/{ticket}/ticket.json"),
            ("POST", f"/{ticket}/write"),
        ):
            run.house._faults = None
            form = {"csrf": worker.csrf, "text": "Vi hörs", "seen": "0"}
            answer = await worker.request(method, f"/tickets{path}", form if method == "POST" else None)
            assert answer.status_code == 500
            assert "Felet har nummer" in answer.text
            assert "Det går inte just nu" in answer.text
            assert answer.headers["cache-control"] == "no-store"
            if method == "POST":
                assert "Inget har ändrats" not in answer.text  # nobody knows that
                assert "Vi hörs</textarea>" in answer.text


async def test_nobody_is_known_while_the_store_is_away(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the sign-in can be looked up: the same plain page, and the words go on with it."""
    ticket, worker = await opened(run)

    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(Accounts, "session", away)
        page = await worker.sees("/tickets?lang=en")
        answer = await worker.sends(f"/tickets/{ticket}/write", text="Vi hörs", seen=0)
    assert (page.status_code, answer.status_code) == (503, 503)
    assert '<html lang="en">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "Inget har ändrats." in answer.text
    assert "Vi hörs</textarea>" in answer.text
    assert f'value="{worker.csrf}"' in answer.text
