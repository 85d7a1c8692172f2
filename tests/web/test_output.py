# SPDX-License-Identifier: EUPL-1.2
"""What the server writes while this folder runs, at the lowest level: nothing of anybody."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from chat.adapters.sql.store import SqlStore
from chat.errors import Unavailable
from chat.ids import ServiceId
from handover.adapters.sql import SqlTicketStore
from handover.ids import ReceiverId
from moderation.rate import Rate
from tests.outside.connection import new_id
from tests.web.running import PASSWORDS, Running
from tests.web.ticketing import INTAKE, comes_to_work, hand_over
from web import demo, house, logs
from web.accounts.account import StaffRole
from web.bootstrap import accounts_only, units_only

WORD = "hemligheten-9f3a"


async def test_log_holds_nothing_of_anybody(
    run: Running, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A talk, refusals and a fault of ours: no word, token, password, cookie, address, name or path."""
    visitor, operator, conversation = await run.talk()
    await visitor.says(WORD)
    await operator.hears(conversation, WORD)
    await visitor.connection.send_text(f'{{"type":"say","{WORD}":1')
    await visitor.connection.expect("nack")

    async def fail(*_: object, **__: object) -> None:
        raise Unavailable(f"{WORD} {visitor.token}")

    with monkeypatch.context() as broken:
        broken.setattr(SqlStore, "append", fail)
        await visitor.connection.send("say", id=new_id(), text=WORD)
        assert (await visitor.connection.expect("nack"))["code"] == "unavailable"
    await run.ask("POST", "/leave", content=WORD.encode())
    await run.get(f"/chat/linden?{WORD}", {"X-Forwarded-For": "203.0.113.9", "User-Agent": WORD})
    text = written.getvalue()
    assert '"event": "fault"' in text
    kept_out = [
        WORD,
        visitor.token,
        conversation,
        operator.csrf,
        *operator.cookies.values(),
        *PASSWORDS.values(),
        "127.0.0.1",
        "203.0.113.9",
        str(run.port),
        "/chat/",
        "linden",
        '"anna"',
        "hemligt",
        "Hej",
        "Jag ",
    ]
    assert [secret for secret in kept_out if secret and secret in text] == []


async def test_log_holds_nothing_of_a_handover(
    run: Running, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the question to her page and the receiver's, with a fault of ours in the middle."""
    her, (ticket,) = await hand_over(run, INTAKE, want=WORD, identity={"name": f"{WORD} namn"})
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    await worker.sends(f"/tickets/{ticket}/write", text=f"{WORD} fråga", seen=0)
    await worker.sees(f"/tickets/{ticket}/print")
    await her.adds(ticket, f"{WORD} svar")

    async def fail(*_: object, **__: object) -> None:
        raise Unavailable(f"{WORD} {her.code}")

    with monkeypatch.context() as broken:
        broken.setattr(SqlTicketStore, "letters", fail)
        assert (await worker.sees(f"/tickets/{ticket}")).status_code >= 500
    await worker.unlocks(INTAKE, f"{WORD} fras som är lång nog")
    await run.ask("POST", "/ticket", content=f"code={her.code.replace(' ', '+')}".encode())
    text = written.getvalue()
    spelled = her.code.replace(" ", "+")
    kept_out = [WORD, ticket, her.code, spelled, demo.PASSPHRASE, INTAKE, '"ingrid"', "/ticket"]
    assert [secret for secret in kept_out if secret in text] == []


def test_log_is_lines_of_json_with_known_events(written: io.StringIO) -> None:
    """Whatever ran before this: each line is one of ours, or tells only where a warning arose."""
    logging.getLogger("web").warning("something %s", WORD)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    allowed = {"at", "level", "logger", "event", "from", "errors", *logs.FIELDS}
    assert [line for line in lines if not set(line) <= allowed] == []
    assert {line["event"] for line in lines} <= logs.EVENTS | {logs.UNNAMED}
    assert WORD not in written.getvalue()


async def test_log_of_a_failing_store_stays_short(
    run: Running, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of messages are refused: each sender is told, the log has some of them and how many more."""
    visitor, _, _ = await run.talk()

    async def fail(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(house, "FAULTS", Rate(burst=3, every=timedelta(hours=1)))
    run.house._faults, before = None, len(written.getvalue())
    with monkeypatch.context() as broken:
        broken.setattr(SqlStore, "append", fail)
        for _ in range(40):
            await visitor.connection.send("say", id=new_id(), text="hej")
            assert (await visitor.connection.expect("nack"))["code"] == "unavailable"
    lines = [json.loads(line) for line in written.getvalue()[before:].splitlines()]
    assert [line["event"] for line in lines].count("fault") == 3
    run.house._faults = None
    run.house.note_fault(Unavailable())
    assert json.loads(written.getvalue().splitlines()[-1])["count"] == 37


async def test_log_holds_nothing_of_new_accounts_and_keys(written: io.StringIO, tmp_path: Path) -> None:
    """Whoever gets an account, and what opens a unit's key: no name, no password, no passphrase."""
    settings = demo.demo_settings(tmp_path, 1)
    async with accounts_only(settings) as accounts:
        await accounts.add("wilhelmina", WORD, StaffRole.OPERATOR, [ServiceId("linden")])
    async with units_only(settings) as units:
        await units.create(ReceiverId(INTAKE), f"{WORD} är en lång fras")
    text = written.getvalue()
    assert [secret for secret in (WORD, "wilhelmina", INTAKE) if secret in text] == []
