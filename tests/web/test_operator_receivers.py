# SPDX-License-Identifier: EUPL-1.2
"""The console's side of a handover at a real server: who sees receivers, and where a refusal points."""

from __future__ import annotations

from typing import Any

import pytest

from chat.ids import Track
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.web.handed import LaterClock
from tests.web.running import Running
from web.operator.handing import QUESTIONS

DRAFT: dict[str, Any] = {
    "receivers": ["mottagningen-vallentuna"],
    "purpose": "Att få hjälp",
    "want": "Jag vill veta vad som händer",
}
NUMBER = "Ring 070-123 45 67"


async def _receivers(run: Running, operator: Operator, service: str) -> tuple[int, Any]:
    answer = await run.get(f"/console/receivers/{service}", {"Cookie": operator.cookie_header})
    if answer.status_code != 200:
        return answer.status_code, answer.content
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()


async def test_receivers_are_told_to_operators_of_the_service(run: Running) -> None:
    """Anna serves linden; eken, hamnen and nowhere answer her alike."""
    operator = await run.operator("anna")
    status, told = await _receivers(run, operator, "linden")
    assert status == 200
    exposed = {id_ for id_, each in run.house.site.receivers.items() if each.track is Track.EXPOSED}
    assert {each["id"] for each in told["receivers"] if not each["why"]} == exposed
    refused = [
        await _receivers(run, operator, name) for name in ("eken", "hamnen", "nowhere", "%00", "LINDEN")
    ]
    assert refused == [(403, b"")] * len(refused)


async def test_receiver_without_agreement_says_why(run: Running) -> None:
    """Bron's municipality has agreed with social services and with the jour, with nobody else."""
    _, told = await _receivers(run, await run.operator("karin"), "bron")
    why = {each["id"]: each["why"] for each in told["receivers"]}
    open_now = {id_ for id_, reason in why.items() if not reason}
    assert open_now == {"mottagningen-vallentuna", "kvinnojouren-stod"}
    assert len(why) == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_receivers_are_only_read(run: Running, method: str) -> None:
    """Nothing is changed at this address."""
    assert (await run.ask(method, "/console/receivers/linden")).status_code == 405


async def test_receivers_without_session_are_refused(run: Running) -> None:
    """With a cookie of nobody, too."""
    for headers in ({}, {"Cookie": "__Host-staff=nobody"}):
        assert (await run.get("/console/receivers/linden", headers)).status_code == 401


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"want": NUMBER}, "want"),
        ({"summary": NUMBER}, "summary"),
        ({"danger": NUMBER}, "danger"),
        ({"purpose": NUMBER}, "purpose"),
        ({"contact": {"way": "code", "times": NUMBER}}, "contact"),
        ({"summary": NUMBER, "purpose": NUMBER}, "summary"),
    ],
)
async def test_identity_in_a_draft_is_refused_with_its_field(
    run: Running, fields: dict[str, Any], field: str
) -> None:
    """The console can say which of several texts it is; she is asked nothing."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    await operator.connection.send("ask", conversation=conversation, id=sent, draft=DRAFT | fields)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["field"], nack["id"]) == ("identity", field, sent)
    await operator.connection.send("ask", conversation=conversation, id=sent, draft=DRAFT)
    assert (await visitor.connection.expect("proposal"))["proposal"]["purpose"] == DRAFT["purpose"]


async def test_other_refusals_name_no_field(run: Running) -> None:
    """A field is named where one of several texts is at fault, and nowhere else."""
    _, operator, conversation = await run.talk()
    await operator.connection.send("say", conversation=conversation, id=new_id(), text=NUMBER)
    assert "field" not in await operator.connection.expect("nack", code="identity")
    empty = {name: value for name, value in DRAFT.items() if name != "want"}
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=empty)
    assert "field" not in await operator.connection.expect("nack", code="bad_frame")


@pytest.mark.parametrize("seq", [0, -1, 2**53 + 1, 2**63, 2**70])
async def test_message_that_no_number_can_have_is_a_bad_frame(run: Running, seq: int) -> None:
    """It is refused like any broken frame: no fault of ours, and the talk goes on."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    draft = DRAFT | {"messages": [seq]}
    await operator.connection.send("ask", conversation=conversation, id=sent, draft=draft)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["id"], nack["retry"]) == ("bad_frame", sent, False)
    await operator.connection.send("ask", conversation=conversation, id=sent, draft=DRAFT)
    await visitor.connection.expect("proposal")


async def test_greatest_number_names_a_message_that_was_never_said(run: Running) -> None:
    """Refused as incomplete, in every database alike."""
    _, operator, conversation = await run.talk()
    draft = DRAFT | {"messages": [2**53]}
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["text"]) == ("bad_frame", "Något saknas för att det ska gå att skicka.")


async def test_question_that_does_not_fit_a_frame_says_that_it_is_too_long(run: Running) -> None:
    """Not that something is missing: whoever drafted it must know what to do."""
    visitor, operator, conversation = await run.talk()
    for _ in range(8):
        await visitor.says("åäö " * 495)
    said = [frame["seq"] for frame in visitor.connection.seen if frame["type"] == "ack"][-8:]
    sent = new_id()
    draft = DRAFT | {"messages": said}
    await operator.connection.send("ask", conversation=conversation, id=sent, draft=draft)
    nack = await operator.connection.expect("nack")
    assert (nack["code"], nack["id"]) == ("too_long", sent)
    assert nack["text"].startswith("Frågan är för lång.")


async def test_she_is_not_asked_again_and_again(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six questions at once, then one a minute: also about a guest, and over a connection that is new."""
    clock = LaterClock(run.house.clock)
    monkeypatch.setattr(run.house, "clock", clock)
    _, operator, conversation = await run.talk()
    await run.operator("karin", "bron", alias="Gry")
    for _ in range(QUESTIONS.burst):
        await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=DRAFT)
        await operator.connection.expect("proposal", conversation=conversation)
    for frame, more in (("ask", {"draft": DRAFT}), ("invite", {"receiver": "mottagningen-vallentuna"})):
        sent = new_id()
        await operator.connection.send(frame, conversation=conversation, id=sent, **more)
        nack = await operator.connection.expect("nack")
        assert (nack["code"], nack["id"], nack["retry"]) == ("rate", sent, True)
    await operator.connection.close()
    await operator.connects()
    await operator.resumes(conversation)
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=DRAFT)
    await operator.connection.expect("nack", code="rate")
    clock.ahead += QUESTIONS.every
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=DRAFT)
    await operator.connection.expect("proposal", conversation=conversation)


async def test_how_often_she_is_asked_is_each_conversations_own(run: Running) -> None:
    """Whoever asks one of two too often may still ask the other."""
    _, operator, first = await run.talk()
    await run.visitor("linden")
    second = await operator.sees_waiting({first})
    await operator.accepts(second)
    for _ in range(QUESTIONS.burst):
        await operator.connection.send("ask", conversation=first, id=new_id(), draft=DRAFT)
        await operator.connection.expect("proposal", conversation=first)
    await operator.connection.send("ask", conversation=first, id=new_id(), draft=DRAFT)
    await operator.connection.expect("nack", code="rate", conversation=first)
    await operator.connection.send("ask", conversation=second, id=new_id(), draft=DRAFT)
    await operator.connection.expect("proposal", conversation=second)


async def test_refused_draft_is_no_question(run: Running) -> None:
    """She has seen none of them: whoever mends a draft may still ask."""
    visitor, operator, conversation = await run.talk()
    for _ in range(QUESTIONS.burst + 1):
        draft = DRAFT | {"want": NUMBER}
        await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=draft)
        await operator.connection.expect("nack", code="identity")
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=DRAFT)
    await visitor.connection.expect("proposal")
