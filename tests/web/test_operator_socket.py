# SPDX-License-Identifier: EUPL-1.2
"""The console's socket, frame by frame, in the words of the contract."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from chat.routing import AGE_BANDS, NEEDS, ROLES
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.web.running import Running

UNKNOWN = "A" * 22

VERBS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept", {}),
    ("say", {"id": "B" * 22, "text": "Hej."}),
    ("typing", {}),
    ("end", {}),
    ("resume", {"after": 0}),
    ("resume", {"after": -1}),
    ("resume", {"after": 99}),
    ("say", {"id": "B" * 22, "text": "a" * 2_001}),
)


async def nack_of(operator: Operator, kind: str, **fields: Any) -> dict[str, Any]:
    """Send a frame and return the `nack` that it gets."""
    await operator.connection.send(kind, **fields)
    return await operator.connection.expect("nack")


# --- hello and duty ------------------------------------------------------------------------------------


async def test_hello_is_answered_with_ready_and_the_duty(run: Running) -> None:
    """Nothing is held and nobody is on duty yet."""
    operator = await run.operator("anna")
    ready, duty = operator.connection.seen[0], await operator.connection.expect("duty")
    assert ready == {"type": "ready", "held": []}
    assert duty == {"type": "duty", "on": False, "services": []}


async def test_tracks_never_meet_within_one_sign_in(run: Running) -> None:
    """Not even one after the other, and not after a new socket."""
    await run.house.accounts.disable("maja")
    await run.house.accounts.reset("maja", run.staff("maja").password)
    operator = await run.operator("maja", "linden", "eken")
    assert (await nack_of(operator, "duty", on=True, services=["hamnen"], alias="Kim"))[
        "code"
    ] == "not_allowed"


async def test_waiting_list_comes_whole_on_every_change(run: Running) -> None:
    """After `duty`, when somebody comes, goes or is accepted: all of it, in the order of the queue."""
    operator = await run.operator("maja", "linden", "eken")
    assert operator.connection.seen[-1] == {"type": "waiting", "conversations": []}
    first = await run.visitor("linden")
    await run.visitor("eken")
    await operator.connection.expect("waiting")
    async with asyncio.timeout(10):
        while len(lists := waiting_lists(operator)[-1]) < 2:
            await operator.connection.expect("waiting")
    assert [one["service"] for one in lists] == ["linden", "eken"]
    assert {"conversation", "service", "since", "acute", "language"} <= set(lists[0])
    acute = await run.visitor("linden", intake={"acute": True}, language="en")
    changed = (await operator.connection.expect("waiting"))["conversations"]
    assert [(one["acute"], one["language"]) for one in changed] == [
        (True, "en"),
        (False, "sv"),
        (False, "sv"),
    ]
    await first.leaves()
    async with asyncio.timeout(10):
        while len(waiting_lists(operator)[-1]) > 2:
            await operator.connection.expect("waiting")
    await operator.accepts(changed[0]["conversation"])
    await acute.connection.expect("joined")
    async with asyncio.timeout(10):
        while len(waiting_lists(operator)[-1]) > 1:
            await operator.connection.expect("waiting")
    assert [one["service"] for one in waiting_lists(operator)[-1]] == ["eken"]


def waiting_lists(operator: Operator) -> list[list[dict[str, Any]]]:
    """Return every waiting list that this console got."""
    return [frame["conversations"] for frame in operator.connection.seen if frame["type"] == "waiting"]


async def test_waiting_list_shows_own_services_only(run: Running) -> None:
    """Who waits elsewhere is not there."""
    operator = await run.operator("karin", "bron")
    await run.visitor("linden")
    await run.visitor("hamnen")
    await run.visitor("bron")
    listed = (await operator.connection.expect("waiting"))["conversations"]
    assert [one["service"] for one in listed] == ["bron"]


async def test_off_duty_takes_nobody_but_keeps_the_talk(run: Running) -> None:
    """Open conversations stay; a new one is refused; no list comes."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("duty", on=False)
    assert (await operator.connection.expect("duty", on=False))["services"] == []
    await operator.says(conversation, "Jag är kvar hos dig.")
    await visitor.hears("Jag är kvar hos dig.")
    assert (await nack_of(operator, "accept", conversation=UNKNOWN))["code"] == "not_now"


# --- accepting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "intake",
    [
        *({"need": need} for need in NEEDS),
        *({"age_band": band} for band in AGE_BANDS),
        *({"role": role} for role in ROLES),
    ],
)
async def test_answer_chosen_before_the_start_reaches_the_console(
    run: Running, intake: dict[str, str]
) -> None:
    """None of our own answers is taken for an account; what she writes herself is looked at."""
    _, operator, conversation = await run.meeting(intake={**intake, "municipality": "070-123 45 67"})
    shown = (await operator.accepts(conversation))["intake"]
    assert intake.items() <= shown.items()
    assert "070" not in shown["municipality"]


async def test_accepted_brings_everything(run: Running) -> None:
    """The entries so far, her answers, and the visitor is told the alias only."""
    intake = {"need": "talk", "age_band": "18-25", "acute": True}
    visitor, operator, conversation = await run.meeting(intake=intake)
    await visitor.says("Jag väntar.")
    accepted = await operator.accepts(conversation)
    assert (accepted["seq"], accepted["service"], accepted["acute"]) == (2, "linden", True)
    assert accepted["intake"] == intake
    assert datetime.fromisoformat(accepted["started"]).tzinfo is not None
    assert [(entry["type"], entry["seq"]) for entry in accepted["entries"]] == [("said", 1), ("joined", 2)]
    assert await visitor.connection.expect("joined") == {"type": "joined", "seq": 2, "alias": "Kim"}


async def test_own_conversation_may_be_accepted_again(run: Running) -> None:
    """The same answer, and nobody joins twice."""
    visitor, operator, conversation = await run.talk()
    assert (await operator.accepts(conversation))["seq"] == 1
    assert (await visitor.says("Hej."))["seq"] == 2


async def test_lost_claim_names_the_winner(run: Running) -> None:
    """`conflict` with the alias; the conversation is not theirs in any way."""
    _, winner, conversation = await run.meeting("anna")
    loser = await run.operator("maria", "linden", alias="Lo")
    await winner.accepts(conversation)
    nack = await nack_of(loser, "accept", conversation=conversation)
    assert (nack["code"], nack["conversation"]) == ("conflict", conversation)
    assert "Kim" in nack["text"]
    assert "anna" not in nack["text"]


async def test_claims_at_the_same_moment_have_one_winner(run: Running) -> None:
    """Each of three is told how it went."""
    _, first, conversation = await run.meeting("anna")
    others = [await run.operator(name, "linden", alias=name[::-1]) for name in ("maria", "maja")]
    everybody = [first, *others]
    for each in everybody:
        await each.connection.send("accept", conversation=conversation)
    won = []
    async with asyncio.timeout(10):
        for each in everybody:
            async for frame in each.connection.frames():
                if frame["type"] == "accepted":
                    won.append(each)
                    break
                if frame["type"] == "nack":
                    assert frame["code"] == "conflict"
                    break
    assert len(won) == 1


async def test_capacity_is_never_exceeded(run: Running) -> None:
    """A fourth conversation is refused, and a place that is freed is there again."""
    operator = await run.operator("karin", "bron")
    taken: list[str] = []
    for _ in range(4):
        await run.visitor("bron")
        conversation = await operator.sees_waiting(taken)
        taken.append(conversation)
        if len(taken) < 4:
            await operator.accepts(conversation)
    nack = await nack_of(operator, "accept", conversation=taken[3])
    assert (nack["code"], nack["conversation"]) == ("not_now", taken[3])
    await operator.ends(taken[0])
    await operator.accepts(taken[3])


# --- what is not theirs --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "fields"), VERBS[1:5])
async def test_waiting_conversation_cannot_be_read_before_it_is_accepted(
    run: Running, kind: str, fields: dict[str, Any]
) -> None:
    """Also in the operator's own service."""
    _, operator, conversation = await run.meeting()
    nack = await nack_of(operator, kind, conversation=conversation, **fields)
    assert (nack["code"], nack["conversation"]) == ("not_allowed", conversation)


@pytest.mark.parametrize(("kind", "fields"), VERBS[1:5])
async def test_colleagues_conversation_is_refused(run: Running, kind: str, fields: dict[str, Any]) -> None:
    """Of the same service: it is hers to whom it belongs."""
    visitor, _, conversation = await run.talk("anna")
    colleague = await run.operator("maria", "linden")
    nack = await nack_of(colleague, kind, conversation=conversation, **fields)
    assert (nack["code"], nack["conversation"]) == ("not_allowed", conversation)
    assert (await visitor.says("Hej."))["seq"] == 2


# --- the talk ------------------------------------------------------------------------------------------


async def test_used_id_gives_the_first_ack_or_a_conflict(run: Running) -> None:
    """As for her; the two sides' ids are apart."""
    visitor, operator, conversation = await run.talk()
    sent = new_id()
    ack = await operator.says(conversation, "Samma.", sent)
    assert ack == {"type": "ack", "conversation": conversation, "id": sent, "seq": 2}
    assert await operator.says(conversation, "Samma.", sent) == ack
    nack = await nack_of(operator, "say", conversation=conversation, id=sent, text="Annan.")
    assert (nack["code"], nack["id"], nack["conversation"]) == ("conflict", sent, conversation)
    assert (await visitor.says("Min egen.", sent))["seq"] == 3


async def test_resume_brings_what_was_missed(run: Running) -> None:
    """`accepted` with the entries after `after`; beyond the head it is a bad frame."""
    visitor, operator, conversation = await run.talk()
    await operator.says(conversation, "Ett.")
    await visitor.says("Två.")
    for after, seqs in ((0, [1, 2, 3]), (2, [3]), (3, [])):
        accepted = await operator.resumes(conversation, after)
        assert [entry["seq"] for entry in accepted["entries"]] == seqs
        assert accepted["seq"] == 3
    for after in (-1, 4, 2**53, 2**53 + 1):
        assert (await nack_of(operator, "resume", conversation=conversation, after=after))[
            "code"
        ] == "bad_frame"


async def test_new_socket_finds_what_is_held(run: Running) -> None:
    """`ready` names it, the duty is as it was, and the talk goes on."""
    visitor, operator, conversation = await run.talk()
    operator.connection.abort()
    await visitor.says("Är du kvar?")
    ready = await operator.connects()
    assert ready["held"] == [{"conversation": conversation, "service": "linden", "seq": 2}]
    assert (await operator.connection.expect("duty"))["on"] is True
    await operator.connection.expect("waiting")
    entries = (await operator.resumes(conversation, 1))["entries"]
    assert [entry["text"] for entry in entries] == ["Är du kvar?"]
    await operator.says(conversation, "Ja.")
    await visitor.hears("Ja.")


async def test_second_console_takes_over(run: Running) -> None:
    """The first gets 4003; what is held is at the second."""
    visitor, operator, conversation = await run.talk()
    first = operator.connection
    await operator.connects()
    assert await first.closed() == 4003
    await operator.resumes(conversation)
    await visitor.says("Till den nya.")
    await operator.hears(conversation, "Till den nya.")
    assert [frame for frame in first.seen if frame["type"] == "said"] == []


async def test_operator_is_told_when_she_is_away(run: Running) -> None:
    """And when she is back."""
    visitor, operator, conversation = await run.talk()
    visitor.connection.abort()
    await operator.connection.expect("presence", conversation=conversation, connected=False)
    await visitor.resumes()
    await operator.connection.expect("presence", conversation=conversation, connected=True)


async def test_accepted_while_she_is_away_comes_again_when_it_can_be_read(run: Running) -> None:
    """Who comes on duty while she is away has no key until she is back."""
    visitor = await run.visitor()
    await visitor.says("Jag väntar.")
    visitor.connection.abort()
    await run_until_away(run)
    operator = await run.operator("anna", "linden")
    conversation = run.listed(operator)
    accepted = await operator.accepts(conversation)
    assert (accepted["readable"], accepted["entries"]) == (False, [])
    nack = await nack_of(operator, "say", conversation=conversation, id=new_id(), text="Hej?")
    assert nack["code"] == "not_now"
    await visitor.resumes()
    again = await operator.connection.expect("accepted", readable=True)
    assert [entry.get("text") for entry in again["entries"]] == ["Jag väntar.", None]


async def run_until_away(run: Running) -> None:
    """Return when the server has noticed that the lost socket is gone."""
    await run.quiet()


@pytest.mark.parametrize("who", ["operator", "visitor"])
async def test_end_is_the_end_for_both(run: Running, who: str) -> None:
    """Everything after it is refused as if there had never been anything."""
    visitor, operator, conversation = await run.talk()
    if who == "operator":
        await operator.ends(conversation)
        assert (await visitor.connection.expect("ended"))["reason"] == "operator"
    else:
        await visitor.leaves()
        ended = await operator.connection.expect("ended", conversation=conversation)
        assert (ended["reason"], ended["seq"]) == ("visitor", 2)
    assert await visitor.connection.closed() == 1000
    for kind, fields in VERBS[:5]:
        nack = await nack_of(operator, kind, conversation=conversation, **fields)
        assert nack["code"] in {"not_allowed", "ended"}
    unknown = await nack_of(operator, "end", conversation=UNKNOWN)
    assert unknown["code"] == (await nack_of(operator, "end", conversation=conversation))["code"]
