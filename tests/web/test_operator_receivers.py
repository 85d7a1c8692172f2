# SPDX-License-Identifier: EUPL-1.2
"""The console's side of a handover at a real server: who sees receivers, and where a refusal points."""

from __future__ import annotations

from typing import Any

import pytest

from chat.ids import Track
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.web.running import Running

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
