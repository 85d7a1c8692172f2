# SPDX-License-Identifier: EUPL-1.2
"""A warm handover over real sockets: the question, her answer, three in the chat, and every way out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running

UNIT = "mottagningen-vallentuna"


async def asked(visitor: Visitor, operator: Operator, conversation: str) -> dict[str, Any]:
    """The operator asks; return the question as she is shown it."""
    await operator.connection.send("invite", conversation=conversation, id=new_id(), receiver=UNIT)
    question = await visitor.connection.expect("proposal")
    await operator.connection.expect("proposal", conversation=conversation)
    return question


async def answers(
    visitor: Visitor, question: dict[str, Any], *, history: bool = False, **more: Any
) -> dict[str, Any]:
    """She says yes; return what comes of it."""
    offer = question["proposal"]["offer"]
    yes = {
        "receiver": offer["receiver"],
        "notice": offer["notice_version"],
        "items": [],
        "secrecy": True,
    } | more
    await visitor.connection.send("answer", id=new_id(), proposal=question["seq"], yes=[yes], history=history)
    return await visitor.connection.expect_one_of("answered", "nack")


async def sees_joins(guest: Operator) -> str:
    """Wait until a guest is awaited, and return in which conversation."""
    while True:
        lists = [frame for frame in guest.connection.seen if frame["type"] == "waiting"]
        for listed in lists[-1]["conversations"] if lists else ():
            if listed.get("joins"):
                return str(listed["conversation"])
        await guest.connection.expect("waiting")


async def test_three_talk_and_she_sends_one_away(run: Running) -> None:
    """With her yes somebody comes from the municipality, reads what she allows, and goes when she wants."""
    visitor, operator, conversation = await run.talk()
    guest = await run.operator("karin", "bron", alias="Gry")
    await visitor.says("det jag skrev innan")
    await operator.connection.send("guests", conversation=conversation)
    possible = await operator.connection.expect("guests", conversation=conversation)
    (one,) = [each for each in possible["receivers"] if each["receiver"] == UNIT]
    assert one["here"] is True
    question = await asked(visitor, operator, conversation)
    offer = question["proposal"]["offer"]
    assert question["proposal"]["type"] == "warm"
    assert any("sekretess" in text for text in offer["notice"])
    answered = await answers(visitor, question)
    assert (answered["type"], answered["invited"]) == ("answered", offer["organisation"])
    assert await sees_joins(guest) == conversation
    accepted = await guest.accepts(conversation)
    assert accepted["readable"] is True
    assert accepted["entries"] == []
    assert accepted["as_guest"] == {
        "holder": "Kim",
        "organisation": "Kvinnojouren i Vallentuna",
        "history": False,
    }
    came = await visitor.connection.expect("guest_joined")
    assert (came["alias"], came["organisation"]) == ("Gry", offer["organisation"])
    await operator.connection.expect("guest_joined", conversation=conversation)
    await guest.says(conversation, "hej, jag kommer från kommunen")
    heard = await visitor.connection.expect("said", text="hej, jag kommer från kommunen")
    assert (heard["from"], heard["alias"]) == ("operator", "Gry")
    assert (await operator.hears(conversation, "hej, jag kommer från kommunen"))["alias"] == "Gry"
    await operator.says(conversation, "bra att du kom")
    assert "alias" not in await visitor.connection.expect("said", text="bra att du kom")
    await guest.hears(conversation, "bra att du kom")
    await guest.connection.send("end", conversation=conversation)
    assert (await guest.connection.expect("nack", conversation=conversation))["code"] == "not_allowed"
    recorded = {each.place for each in await run.house.audit.entries() if each.account == "karin"}
    assert recorded == {"bron"}, "whose guest it is learns no name of theirs"
    await visitor.connection.send("uninvite")
    await visitor.connection.expect("guest_left")
    await guest.connection.expect("lost", conversation=conversation)
    await guest.connection.send("say", conversation=conversation, id=new_id(), text="en sak till")
    assert (await guest.connection.expect("nack", conversation=conversation))["code"] == "not_allowed"
    await visitor.says("nu är vi två igen")
    await operator.hears(conversation, "nu är vi två igen")
    everything = json.dumps(guest.connection.seen, ensure_ascii=False)
    assert "det jag skrev innan" not in everything
    assert "nu är vi två igen" not in everything


async def test_yes_without_what_it_needs_lets_nobody_in(run: Running) -> None:
    """No waiver, another version, another receiver, a consent for nothing: refused; it is still asked."""
    visitor, operator, conversation = await run.talk()
    await run.operator("karin", "bron", alias="Gry")
    question = await asked(visitor, operator, conversation)
    for more, code in (
        ({"secrecy": False}, "bad_frame"),
        ({"notice": "another"}, "conflict"),
        ({"receiver": "kurator-vardcentralen"}, "bad_frame"),
        ({"police": True}, "bad_frame"),
        ({"identity": True}, "bad_frame"),
        ({"items": ["want"]}, "bad_frame"),
    ):
        assert (await answers(visitor, question, **more))["code"] == code, more
    assert [each.conversation.invitation for each in run.house.chat.rooms.all()] == [None]
    await visitor.connection.send("answer", id=new_id(), proposal=question["seq"])
    assert "invited" not in await visitor.connection.expect("answered")
    assert "invited" not in await operator.connection.expect("answered", conversation=conversation)


@pytest.mark.parametrize("receiver", ["kurator-vardcentralen", "samverkan-bollnas", "nowhere", ""])
async def test_only_a_chat_across_an_open_border_is_asked_about(run: Running, receiver: str) -> None:
    """Without a chat of its own, of the other track, or unknown: no question is put to her."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("invite", conversation=conversation, id=new_id(), receiver=receiver)
    assert (await operator.connection.expect("nack"))["code"] in {"bad_frame", "not_allowed", "not_now"}
    await visitor.says("ingen frågade mig något")
    assert not [frame for frame in visitor.connection.seen if frame["type"] == "proposal"]


async def test_nobody_on_duty_there_is_said_before_she_is_asked(run: Running) -> None:
    """A yes to somebody who cannot come would be a promise that is not kept."""
    _, operator, conversation = await run.talk()
    await operator.connection.send("guests", conversation=conversation)
    possible = await operator.connection.expect("guests", conversation=conversation)
    assert [each["here"] for each in possible["receivers"] if each["receiver"] == UNIT] == [False]
    await operator.connection.send("invite", conversation=conversation, id=new_id(), receiver=UNIT)
    assert (await operator.connection.expect("nack"))["code"] == "not_now"


async def test_history_is_read_with_her_leave_and_the_guest_may_leave(run: Running) -> None:
    """What was written before comes with `accepted`; leaving is the guest's own and ends nothing."""
    visitor, operator, conversation = await run.talk()
    guest = await run.operator("karin", "bron", alias="Gry")
    await visitor.says("det jag skrev innan")
    answered = await answers(visitor, await asked(visitor, operator, conversation), history=True)
    assert answered["history"] is True
    await sees_joins(guest)
    accepted = await guest.accepts(conversation)
    assert [entry["text"] for entry in accepted["entries"] if entry["type"] == "said"] == [
        "det jag skrev innan"
    ]
    assert {entry["type"] for entry in accepted["entries"]} <= {"said", "joined", "left", "guest_joined"}
    await guest.connection.send("leave", conversation=conversation)
    await guest.connection.expect("lost", conversation=conversation)
    await visitor.connection.expect("guest_left")
    await operator.connection.expect("guest_left", conversation=conversation)
    await operator.connection.send("leave", conversation=conversation)
    assert (await operator.connection.expect("nack", conversation=conversation))["code"] == "not_allowed"
    await operator.says(conversation, "jag är kvar")


async def test_her_own_service_is_no_guest(run: Running) -> None:
    """Whoever answers for a receiver already is not asked about."""
    _, operator, conversation = await run.talk("karin", "bron")
    await operator.connection.send("guests", conversation=conversation)
    possible = await operator.connection.expect("guests", conversation=conversation)
    assert UNIT not in [each["receiver"] for each in possible["receivers"]]
    await operator.connection.send("invite", conversation=conversation, id=new_id(), receiver=UNIT)
    assert (await operator.connection.expect("nack"))["code"] == "bad_frame"
