# SPDX-License-Identifier: EUPL-1.2
"""A whole evening at a server of its own, everything at its loudest: neither its log nor its figures tell."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.outside.connection import browser, new_id
from tests.outside.handing import asks, says_yes
from tests.outside.operator import Operator
from tests.outside.overheard import in_log, overhear
from tests.outside.running import Running
from tests.outside.server import Addresses, Server, Staff
from tests.outside.visitor import Visitor
from tests.servers.program import free_port
from tests.web.plain.page import Plain
from tests.web.test_notes import notes
from tests.web.ticket_page import Her
from tests.web.ticketing import INTAKE, Worker, csrf_in
from web.metrics.names import METRICS, PROCESS, Kind

LOUD = (sys.executable, "-m", "tests.outside.loud", "demo", "--json")
WORD = "Kattfot-6150 gömmer sig"
NOTE = "Renfana-3381 står i anteckningen"
SOURCE = "127.0.0.53"
LIBRARIES = ("aiosqlite", "sqlalchemy", "uvicorn")
"""The last one tells every frame, as the library of the sockets hands it on."""


class Loud(Server):
    """A demo server whose libraries tell all they know, with settings besides."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        super().__init__(data, limits=True, command=LOUD)
        self._besides = environment

    def launch(self, command: object, environment: object = None, on_line: object = None) -> None:
        """Start it with these settings."""
        Running.launch(self, command, self._besides, on_line)  # type: ignore[arg-type]


def one(at: Addresses, name: str) -> Staff:
    """Return one of the staff."""
    return next(each for each in at.staff if each.name == name)


def set_up(file: Path, *, fails: bool) -> None:
    """Let the store fail from now on, or no longer."""
    file.touch() if fails else file.unlink()


async def talks(at: Addresses, fails: Path) -> tuple[str, str]:
    """Two talk, with everything that goes wrong; return the code of her ticket, and her conversation."""
    operator = Operator(at, one(at, "anna"))
    wrong = {"name": "anna", "password": "fel lösenord 77", "csrf": "f" * 43}
    assert (await operator.request("POST", "/staff/sign-in", wrong)).status_code == 403
    await operator.signs_in()
    await operator.connects()
    await operator.goes_on_duty("linden", alias="Vallmo-9027")
    her = await Visitor.starts(at, "linden", source=SOURCE, intake={"need": "talk", "acute": True})
    conversation = await operator.sees_waiting()
    await operator.accepts(conversation)
    said = await her.says(WORD)
    await her.says("Jag heter Berit Testsson, 070-174 06 05, 19900101-0017")
    await operator.hears(conversation, WORD)
    for times in range(3):
        await operator.says(conversation, f"du sa {WORD}, {times}")
    assert (await notes(operator, conversation, NOTE))["type"] == "noted"
    await her.connection.send_text(f'{{"type":"say","{WORD}":1')
    await her.connection.expect("nack")
    set_up(fails, fails=True)
    await her.connection.send("say", id=new_id(), text=f"{WORD} igen")
    assert (await her.connection.expect("nack"))["code"] == "unavailable"
    set_up(fails, fails=False)
    await her.connection.send("ask_return_code")
    code = (await her.connection.expect("return_code"))["words"]
    overhear(code)
    await her.connection.send("set_word", word="Blåklint-55")
    back = Visitor(at, "linden", source=SOURCE)
    await back.connect()
    await back.connection.send("come_back", code=code, after=0)
    back.token = (await back.connection.expect("welcome"))["token"]
    await asks(operator, conversation, INTAKE, messages=[said["seq"]], want=f"Hjälp med {WORD}")
    handed = await says_yes(back, identity={"name": "Berit Testsson"})
    overhear(handed.code)
    await operator.ends(conversation)
    await back.connection.expect("ended")
    return handed.code, conversation


async def is_received(at: Addresses, code: str) -> None:
    """A unit opens what was sent, writes, prints and exports it; she reads and answers on her page."""
    worker = Worker(at, one(at, "ingrid"))
    await worker.signs_in()
    await worker.unlocks(INTAKE, "fel fras som är lång nog")
    assert (await worker.unlocks(INTAKE, at.receiver_passphrases[INTAKE])).status_code == 303
    found = re.search(r'href="(/tickets/[\w-]{22})"', (await worker.sees("/tickets")).text)
    assert found is not None
    await worker.sends(f"{found[1]}/open")
    await worker.sends(f"{found[1]}/write", text=f"Vi har läst {WORD}", seen=0)
    for more in ("", "/print", "/ticket.json"):
        assert (await worker.sees(found[1] + more)).status_code == 200
    her = Her(at.url)
    await her.enters("aaaa bbbb cccc dddd eeee ffff")
    await her.enters(code)
    assert her.sees(WORD)


async def works_at_pages(at: Addresses) -> None:
    """People are invited, replies and the list of who did what are read, wrong addresses are tried."""
    eva = Worker(at, one(at, "eva"))
    await eva.signs_in()
    eva.csrf = csrf_in((await eva.sees("/staff/people/invite")).text)
    form = {"label": "Lisa Ny i höst", "role": "operator", "service.linden": "on"}
    link = re.search(r"/staff/invitation/([\w-]{43})", (await eva.sends("/staff/people/invite", **form)).text)
    assert link is not None
    overhear(link[1])
    invited = Operator(at, Staff("lisa.ny@exempel.test", "ett lösenord som räcker", "", ()))
    csrf = csrf_in((await invited.request("GET", f"/staff/invitation/{link[1]}")).text)
    form = {"name": invited.staff.name, "password": invited.staff.password, "again": invited.staff.password}
    await invited.request("POST", f"/staff/invitation/{link[1]}", {**form, "csrf": csrf})
    for path in ("/staff/me", "/staff/second-factor", "/staff/audit", "/replies", "/staff/people/links"):
        await eva.sees(path)
    async with browser() as http:
        for path in (f"/chat/linden?q={WORD}", f"/{WORD}", "/static/../../etc/passwd", "/metrics", "/readyz"):
            headers: dict[str, Any] = {
                "X-Forwarded-For": "203.0.113.9",
                "User-Agent": WORD.encode(),
                "Referer": f"http://{SOURCE}/",
            }
            await http.get(at.url + path, headers=headers)
        await http.post(f"{at.url}/leave", content=WORD.encode())
        await http.post(f"{at.url}/ticket", data={"code": WORD * 900})


async def writes_on_paper(at: Addresses) -> None:
    """She chats without scripts."""
    her = Plain(at.url)
    await her.starts()
    await her.says(f"{WORD} på papper")
    await her.looks()


async def figures(port: int) -> str:
    """Return what a monitor reads."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    return answer.text


async def test_nothing_that_anybody_said_or_showed_is_logged_or_told(
    tmp_path: Path,
) -> None:
    """Words, tokens, codes, passwords, cookies, tokens of forms, addresses, accounts and aliases: 0 times."""
    fails, port = tmp_path / "fail", free_port()
    with Loud(tmp_path, {"LOUD_FAILS": str(fails), "JOURCHATT_METRICS_PORT": str(port)}) as server:
        at = server.at
        code, conversation = await talks(at, fails)
        await is_received(at, code)
        await works_at_pages(at)
        await writes_on_paper(at)
        told = await figures(port)
        assert server.term() == 0
    logged = "".join(server.logged)
    besides = (
        conversation,
        SOURCE,
        "203.0.113.9",
        '"anna"',
        "Testsson",
        "lisa.ny@",
        "linden",
        "mottagningen",
        at.url,
    )
    assert in_log(logged, *besides) == []
    assert in_log(told, *besides) == []
    assert [line for line in server.output if line not in server.logged][1:] == [], "one line on stdout"
    heard = set(re.findall(r'"logger": "(\w+)', logged))
    assert set(LIBRARIES) <= heard, "they were really at their loudest"
    assert '"event": "fault"' in logged
    look_at_samples(told)


def look_at_samples(told: str) -> None:
    """Each sample has a name of the list, and no label or a word that stands beside its name there."""
    seen: dict[str, float] = {}
    for family in text_string_to_metric_families(told):
        metric = METRICS.get(family.name)
        for name, labels, value, *_ in family.samples:
            if metric is None:
                assert name in PROCESS
                assert labels == {}
            elif metric.kind is Kind.SPREAD:
                assert set(labels) <= {"le"}
                assert float(labels.get("le", 0)) >= 0
            else:
                assert set(labels) == ({metric.label} if metric.label else set())
                assert set(labels.values()) <= metric.words
            seen[name + "".join(labels.values())] = value
    assert {
        metric.told_as for metric in METRICS.values() if metric.kind is Kind.GAUGE and not metric.label
    } <= {
        *seen,
        "jourchatt_backup_newest_seconds",
    }
    assert seen["jourchatt_messages_total"] == 5, "told in fives"
    assert seen["jourchatt_socketsoperator"] == 5
    assert seen["jourchatt_tickets_unopenedin_time"] == 0
    for name in ("faults_total", "events_totalfault"):
        assert seen[f"jourchatt_{name}"] > 0, name


async def test_search_finds_what_is_planted(tmp_path: Path) -> None:
    """The same libraries without the allow-list tell words and tokens; and no form of them hides a word."""
    with Loud(tmp_path, {"LOUD_BARE": "1"}) as server:
        her = Visitor(server.at, "linden")
        await her.connect()
        overhear(WORD)
        await her.connection.send_text(f'{{"a":"{WORD}"}}')
        await her.connection.expect("nack")
        await her.connection.close()
        server.send(signal.SIGTERM)
        with pytest.raises(AssertionError, match="a log tells"):
            server.term()
    assert WORD in in_log("".join(server.logged))
    import base64
    from urllib.parse import quote_plus

    raw = WORD.encode()
    for form in (WORD, base64.b64encode(b"xy" + raw + b"z").decode(), raw.hex(), quote_plus(WORD)):
        assert WORD in in_log(f'{{"event": "{form}"}}'), form
