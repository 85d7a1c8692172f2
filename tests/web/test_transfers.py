# SPDX-License-Identifier: EUPL-1.2
"""Giving a conversation away over real sockets: what each side is sent, and what nobody is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running


async def places(operator: Operator, conversation: str) -> dict[str, dict[str, Any]]:
    """Return where a conversation could go, by service."""
    await operator.connection.send("transfers", conversation=conversation)
    told = await operator.connection.expect("transfers", conversation=conversation)
    return {place["service"]: place for place in told["places"]}


async def sees_offer(operator: Operator) -> dict[str, Any]:
    """Wait until something is offered to this console, and return it."""
    while True:
        lists = [frame for frame in operator.connection.seen if frame["type"] == "waiting"]
        for listed in lists[-1]["conversations"] if lists else ():
            if listed.get("offered"):
                return dict(listed)
        await operator.connection.expect("waiting")


async def gives(operator: Operator, conversation: str, service: str, to: str | None = None) -> None:
    """Offer it."""
    named = {"to": to} if to is not None else {}
    await operator.connection.send(
        "transfer", conversation=conversation, id=new_id(), service=service, **named
    )


async def asked(visitor: Visitor, operator: Operator, conversation: str) -> dict[str, Any]:
    """Ask her about going on with the municipality, and return the question."""
    await gives(operator, conversation, "bron")
    return await visitor.connection.expect("proposal")


async def answers(visitor: Visitor, question: dict[str, Any], **more: Any) -> dict[str, Any]:
    """She says yes; return what comes of it."""
    offer = question["proposal"]["offer"]
    yes = {
        "receiver": offer["receiver"],
        "notice": offer["notice_version"],
        "items": [],
        "secrecy": True,
    } | more
    await visitor.connection.send("answer", id=new_id(), proposal=question["seq"], yes=[yes], history=False)
    return await visitor.connection.expect_one_of("answered", "nack")


async def test_colleague_is_chosen_by_alias_and_takes_it(run: Running) -> None:
    """No account is named; the offer is told to both, and with acceptance the old one is told who has it."""
    visitor, old, conversation = await run.talk()
    await visitor.says("det jag skrev innan")
    new = await run.operator("maria", "linden", alias="Sam")
    here = await places(old, conversation)
    assert here["linden"]["own"] is True
    (sam,) = here["linden"]["people"]
    assert (sam["alias"], sam["free"]) == ("Sam", 3)
    session = await run.session_of(new)
    assert session is not None
    assert session.id not in json.dumps(here)
    assert "hamnen" not in here
    await gives(old, conversation, "linden", sam["to"])
    stands = await old.connection.expect("transfer", conversation=conversation)
    assert stands["transfer"]["alias"] == "Sam"
    assert 100 < stands["transfer"]["left_s"] <= 120
    offered = await sees_offer(new)
    assert (offered["conversation"], offered["offered"], offered["holder"]) == (conversation, "you", "Kim")
    assert offered["organisation"] == "Kvinnojouren i Vallentuna"
    accepted = await new.accepts(conversation)
    assert accepted["readable"] is True
    assert "since_transfer" not in accepted
    assert [each["text"] for each in accepted["entries"] if each["type"] == "said"] == ["det jag skrev innan"]
    lost = await old.connection.expect("lost", conversation=conversation)
    assert lost["by"] == "Sam"
    assert (await visitor.connection.expect("handed"))["alias"] == "Kim"
    joined = await visitor.connection.expect("joined", alias="Sam")
    assert "organisation" not in joined
    await visitor.says("hej Sam")
    await new.hears(conversation, "hej Sam")
    for frame in (
        "say",
        "typing",
        "end",
        "resume",
        "transfers",
        "keep_transfer",
        "decline_transfer",
        "transfer",
    ):
        fields: dict[str, dict[str, Any]] = {
            "say": {"id": new_id(), "text": "en sak till"},
            "resume": {"after": 0},
            "transfer": {"id": new_id(), "service": "linden"},
        }
        await old.connection.send(frame, conversation=conversation, **fields.get(frame, {}))
        assert (await old.connection.expect("nack"))["code"] == "not_allowed", frame
    assert "hej Sam" not in json.dumps(old.connection.seen, ensure_ascii=False)


async def test_no_returns_it_and_strangers_get_one_answer(run: Running) -> None:
    """Whoever is asked says no and the holder is told; for others it does not exist, whatever they ask."""
    _, old, conversation = await run.talk()
    new = await run.operator("maria", "linden", alias="Sam")
    stranger = await run.operator("karin", "bron", alias="Gry")
    (sam,) = (await places(old, conversation))["linden"]["people"]
    await gives(old, conversation, "linden", sam["to"])
    await sees_offer(new)
    for name in (conversation, "nothing"):
        for frame in ("accept", "decline_transfer", "keep_transfer", "transfers"):
            await stranger.connection.send(frame, conversation=name)
            nack = await stranger.connection.expect("nack")
            assert (nack["code"], nack["retry"]) == ("not_allowed", False), (frame, name)
    await new.connection.send("decline_transfer", conversation=conversation)
    await old.connection.expect("transfer", conversation=conversation)
    stands = await old.connection.expect("transfer", conversation=conversation)
    assert stands["transfer"]["ended"] == "declined"
    await gives(old, conversation, "linden", new_id())
    assert (await old.connection.expect("nack", conversation=conversation))["code"] == "not_now"


async def test_she_goes_to_another_organisation_with_her_yes(run: Running) -> None:
    """The question shows their notice; nobody there reads what was before, and no account is named."""
    visitor, old, conversation = await run.talk(intake={"need": "talk"})
    await visitor.says("det jag skrev innan")
    there = await places(old, conversation)
    assert (there["bron"]["crosses"], there["bron"]["here"]) == (True, False)
    await gives(old, conversation, "bron")
    assert (await old.connection.expect("nack", conversation=conversation))["code"] == "not_now"
    new = await run.operator("karin", "bron", alias="Gry")
    assert (await places(old, conversation))["bron"].get("people") is None
    question = await asked(visitor, old, conversation)
    assert question["proposal"]["type"] == "transfer"
    offer = question["proposal"]["offer"]
    assert any("sekretess" in text for text in offer["notice"])
    assert any("raderar" in text for text in offer["notice"])
    answered = await answers(visitor, question)
    assert (answered["type"], answered["invited"]) == ("answered", "Vallentuna Öppenvård")
    offered = await sees_offer(new)
    assert (offered["offered"], offered["organisation"]) == ("anybody", "Kvinnojouren i Vallentuna")
    await visitor.says("medan jag väntar")
    await old.hears(conversation, "medan jag väntar")
    accepted = await new.accepts(conversation)
    assert accepted["service"] == "bron"
    assert (accepted["readable"], accepted["since_transfer"]) == (True, True)
    assert [each["type"] for each in accepted["entries"]] == ["joined"]
    assert "intake" not in accepted
    joined = await visitor.connection.expect("joined", alias="Gry")
    assert joined["organisation"] == "Vallentuna Öppenvård"
    await new.says(conversation, "hej från kommunen")
    await visitor.hears("hej från kommunen")
    again = await new.resumes(conversation)
    everything = json.dumps([again, *new.connection.seen], ensure_ascii=False)
    assert "det jag skrev innan" not in everything
    assert "medan jag väntar" not in everything
    hers = json.dumps(visitor.connection.seen, ensure_ascii=False)
    assert "karin" not in hers
    assert "anna" not in hers
    recorded = {each.place for each in await run.house.audit.entries() if each.account == "karin"}
    assert recorded == {"bron"}, "where it came from learns no name of theirs"
    resumed = await visitor.resumes()
    assert resumed["service"] == "bron"
    assert (await visitor.connection.expect("said", text="det jag skrev innan"))["from"] == "visitor"


async def test_yes_without_what_it_needs_moves_nobody(run: Running) -> None:
    """No waiver, another version, another place, a consent for nothing: refused; it is still asked."""
    visitor, old, conversation = await run.talk()
    await run.operator("karin", "bron", alias="Gry")
    question = await asked(visitor, old, conversation)
    for more, code in (
        ({"secrecy": False}, "bad_frame"),
        ({"notice": "another"}, "conflict"),
        ({"receiver": "eken"}, "bad_frame"),
        ({"police": True}, "bad_frame"),
        ({"items": ["want"]}, "bad_frame"),
    ):
        assert (await answers(visitor, question, **more))["code"] == code, more
    assert [each.conversation.transfer for each in run.house.chat.rooms.all()] == [None]
    await visitor.connection.send("answer", id=new_id(), proposal=question["seq"])
    assert "invited" not in await visitor.connection.expect("answered")


@pytest.mark.parametrize("service", ["hamnen", "nowhere", "eken"])
async def test_what_may_not_be_asked_is_refused(run: Running, service: str) -> None:
    """The other track, nothing, and a service where nobody is: no question, no offer."""
    visitor, old, conversation = await run.talk()
    await gives(old, conversation, service)
    nack = await old.connection.expect("nack", conversation=conversation)
    assert nack["code"] in {"not_allowed", "not_now"}
    assert "proposal" not in {frame["type"] for frame in visitor.connection.seen}


async def test_she_takes_back_her_yes_and_stays(run: Running) -> None:
    """Before anybody has come: nothing is offered there any more, and both here are told."""
    visitor, old, conversation = await run.talk()
    new = await run.operator("karin", "bron", alias="Gry")
    await answers(visitor, await asked(visitor, old, conversation))
    await sees_offer(new)
    await visitor.connection.send("uninvite")
    assert (await visitor.connection.expect("stayed"))["organisation"] == "Vallentuna Öppenvård"
    await old.connection.expect("stayed", conversation=conversation)
    await new.connection.send("accept", conversation=conversation)
    assert (await new.connection.expect("nack", conversation=conversation))["code"] == "not_allowed"


async def test_offers_again_and_again_ring_no_colleague_for_ever(run: Running) -> None:
    """Each one rings at a colleague's: six in a row are the most, whoever takes them back in between."""
    _, old, conversation = await run.talk()
    new = await run.operator("maria", "linden", alias="Sam")
    to = (await places(old, conversation))["linden"]["people"][0]["to"]
    for _ in range(6):
        await gives(old, conversation, "linden", to)
        await sees_offer(new)
        await old.connection.send("keep_transfer", conversation=conversation)
        while any(
            listed.get("offered") for listed in (await new.connection.expect("waiting"))["conversations"]
        ):
            continue
    await gives(old, conversation, "linden", to)
    assert (await old.connection.expect("nack"))["code"] == "rate"
