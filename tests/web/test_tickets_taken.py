# SPDX-License-Identifier: EUPL-1.2
"""A ticket on paper and as a file: complete, valid, and inert whatever was written in it."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from handover.ids import TicketId
from tests.web.running import Running
from tests.web.schema import mistakes
from tests.web.ticketing import INTAKE, Her, Worker, comes_to_work, hand_over
from web.receiver.answering import number, words

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "ticket.schema.json").read_text(encoding="utf-8"))
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ csrf }} {% raw %} ${7*7} %(name)s",
    "=HYPERLINK('x';'y')+1",
    "javascript:alert(1)",
    "\u202egnort\u202c",
    "\u200b\U000e0041e\u0301" + "\u0301" * 200,
    "\n" * 300 + "slut",
    "ሰላም مرحبا å ä ö",
)


async def opened(run: Running, **draft: Any) -> tuple[Her, TicketId, Worker]:
    """Return a ticket that lies open, and who opened it."""
    her, (ticket,) = await hand_over(run, INTAKE, **draft)
    worker = await comes_to_work(run, "ingrid", INTAKE)
    await worker.sends(f"/tickets/{ticket}/open")
    return her, ticket, worker


async def test_file_follows_the_published_schema(run: Running) -> None:
    """A real one, with every item and letters both ways; and one that is damaged is told apart."""
    her, ticket, worker = await opened(
        run,
        want="Hej",
        summary="Han hotar",
        forms=["latent"],
        relation="family",
        children="unsure",
        danger="Mycket",
        called_112="yes",
        messages=["ett", "två"],
        contact={"way": "meeting", "times": "kvällar"},
        identity={"name": "Karin"},
    )
    await worker.sends(f"/tickets/{ticket}/write", text="När?", seen=0)
    await her.adds(ticket, "I morgon")
    answer = await worker.sees(f"/tickets/{ticket}/ticket.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == f'attachment; filename="ticket-{ticket}.json"'
    assert answer.headers["cache-control"] == "no-store"
    file = answer.json()
    assert list(mistakes(file, SCHEMA, SCHEMA)) == []
    assert [each["text"] for each in file["letters"]] == ["När?", "I morgon"]
    damaged = deepcopy(file)
    damaged["document"]["content"]["partner"] = "ett namn"
    damaged["document"]["consent"]["yes"]["items"].append("everything")
    del damaged["state"]
    assert len(list(mistakes(damaged, SCHEMA, SCHEMA))) == 3


async def test_digest_of_the_file_can_be_checked_by_anybody(run: Running) -> None:
    """SHA-256 of consent and content as JSON with sorted keys, as the format says."""
    _, ticket, worker = await opened(run, want="Åäö \u202e <b>")
    document = (await worker.sees(f"/tickets/{ticket}/ticket.json")).json()["document"]
    shown = {"consent": document["consent"], "content": document["content"]}
    exact = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(exact).hexdigest() == document["shown_sha256"]


async def test_schema_is_served_to_everybody(run: Running) -> None:
    """The very file of the repository; whoever reads a ticket needs no account for that."""
    answer = await run.get("/tickets/schema/ticket-1.json")
    assert answer.json() == SCHEMA


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_inert_on_every_page(run: Running, text: str) -> None:
    """Shown byte by byte as text on the screen and on paper, and unchanged in the file."""
    her, ticket, worker = await opened(run, want=text)
    await her.adds(ticket, text)
    wanted = text.strip()
    file = (await worker.sees(f"/tickets/{ticket}/ticket.json")).json()
    stored = file["document"]["content"]["want"]
    assert stored == wanted or "[länk]" in stored
    for path in ("", "/print"):
        answer = await worker.sees(f"/tickets/{ticket}{path}")
        assert answer.status_code == 200
        for tag in ("<script>alert", "<img src=x", 'href="javascript'):
            assert tag not in answer.text
        inert = (
            stored.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&#34;")
            .replace("'", "&#39;")
        )
        assert f'<div class="words" dir="auto">{inert}</div>' in answer.text


async def test_taking_tells_nothing_of_a_ticket_that_is_over(run: Running) -> None:
    """After a withdrawal neither paper nor file is given out."""
    her, ticket, worker = await opened(run, want="Hej")
    await her.withdraws(ticket)
    for path in ("print", "ticket.json"):
        answer = await worker.sees(f"/tickets/{ticket}/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{ticket}")


def test_words_of_a_form_are_what_a_text_can_hold() -> None:
    """Lines end in one way; null bytes and half surrogate pairs are left out."""
    assert words({"a": " x\r\ny\rz\0\ud800 "}, "a") == "x\ny\nz"
    assert words({}, "a") == ""
    assert number({"a": "12"}, "a") == 12
