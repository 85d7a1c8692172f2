# SPDX-License-Identifier: EUPL-1.2
"""A raised hand over real sockets: who sees it, who comes, what she is told, what is recorded, what leaks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.outside.connection import Closed
from tests.outside.operator import Operator
from tests.web.running import Running
from web.accounts.audit import Audited


async def supervisor(run: Running, name: str = "birgitta", *services: str, alias: str = "Siv") -> Operator:
    """A supervisor with an open console, on duty."""
    one = await run.operator(name)
    await one.connection.send("duty", on=True, services=list(services or ("linden",)), alias=alias)
    await one.connection.expect("alerts")
    return one


async def audited(run: Running, account: str) -> set[Audited]:
    """Return what an account has done so far."""
    return {each.kind for each in await run.house.audit.entries() if each.account == account}


async def raised(run: Running, operator: Operator, conversation: str) -> None:
    """The operator raises a hand, and sees that it is up."""
    await operator.connection.send("hand", conversation=conversation, up=True)
    assert "since" in await operator.connection.expect("hand", conversation=conversation)


async def test_hand_join_take_over(run: Running) -> None:
    """The whole of it: seen live, joined, heard, taken over, ended; she is told each step by alias."""
    siv = await supervisor(run)
    visitor, operator, conversation = await run.talk()
    await visitor.says("det jag skrev innan")
    await raised(run, operator, conversation)
    alerts = await siv.connection.expect("alerts")
    while not alerts["hands"]:
        alerts = await siv.connection.expect("alerts")
    (hand,) = alerts["hands"]
    assert (hand["conversation"], hand["service"], hand["alias"]) == (conversation, "linden", "Kim")
    await siv.connection.send("supervise", conversation=conversation)
    accepted = await siv.connection.expect("accepted", conversation=conversation)
    assert accepted["as_guest"] == {
        "holder": "Kim",
        "organisation": "Kvinnojouren i Vallentuna",
        "history": True,
        "supervisor": True,
    }
    assert "det jag skrev innan" in [entry.get("text") for entry in accepted["entries"]]
    came = await visitor.connection.expect("guest_joined")
    assert (came["alias"], came["organisation"], came["supervisor"]) == (
        "Siv",
        "Kvinnojouren i Vallentuna",
        True,
    )
    await operator.connection.expect("supervisor_came", conversation=conversation, alias="Siv")
    await siv.says(conversation, "hej, jag hjälper till")
    assert (await visitor.connection.expect("said", text="hej, jag hjälper till"))["alias"] == "Siv"
    await siv.connection.send("take_over", conversation=conversation)
    held = await siv.connection.expect("yours", conversation=conversation)
    assert (held["alias"], held["relieved"]) == ("Siv", "Kim")
    lost = await operator.connection.expect("lost", conversation=conversation)
    assert lost["by"] == "Siv"
    assert (await visitor.connection.expect("guest_left"))["alias"] == "Kim"
    assert (await visitor.connection.expect("joined"))["alias"] == "Siv"
    told = len(operator.connection.seen)
    await visitor.says("är du kvar?")
    await siv.hears(conversation, "är du kvar?")
    await siv.says(conversation, "ja")
    await visitor.connection.expect("said", text="ja")
    await operator.connection.send("resume", conversation=conversation, after=0)
    assert (await operator.connection.expect("nack"))["code"] == "not_allowed"
    assert not [
        each for each in operator.connection.seen[told:] if each["type"] not in {"nack", "waiting", "beat"}
    ]
    await siv.ends(conversation)
    theirs, hers = await audited(run, "birgitta"), await audited(run, "anna")
    assert Audited.RAISED in hers
    assert {Audited.JOINED, Audited.TOOK_OVER} <= theirs
    everything = json.dumps(visitor.connection.seen, ensure_ascii=False)
    assert not [name for name in ("birgitta", "anna") if name in everything.lower()]


async def test_supervisor_sees_no_queue_and_gets_none(run: Running) -> None:
    """No waiting list, nothing to accept; nobody on duty is said, and that somebody waits, not who."""
    siv = await supervisor(run)
    visitor = await run.visitor("linden")
    alerts = await siv.connection.expect("alerts")
    while not alerts["unattended"]:
        alerts = await siv.connection.expect("alerts")
    conversation = run.house.chat.rooms.all()[0].id
    assert conversation not in json.dumps(alerts)
    await siv.connection.send("accept", conversation=conversation)
    assert (await siv.connection.expect("nack"))["code"] == "not_now"
    assert not [each for each in siv.connection.seen if each["type"] == "waiting"]
    place = await visitor.connection.expect("queue")
    assert place["here"] is False, "whoever supervises is nobody who answers her"


FRAMES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("hand", {"up": True}),
    ("hand", {"up": False}),
    ("supervise", {}),
    ("take_over", {}),
    ("say", {"id": "A" * 22, "text": "hej"}),
    ("resume", {"after": 0}),
    ("end", {}),
    ("leave", {}),
)


@pytest.mark.parametrize("who", ["maria", "sara", "peter", "mats", "birgitta"])
async def test_every_stranger_gets_the_same_refusal(run: Running, who: str) -> None:
    """A colleague, another service's, another track's operator and supervisor; one's own without a hand."""
    _, _, conversation = await run.talk()
    services = {"maria": "linden", "sara": "eken", "peter": "hamnen", "mats": "hamnen", "birgitta": "linden"}
    one = await run.operator(who)
    await one.connection.send("duty", on=True, services=[services[who]], alias="Alias")
    await one.connection.expect("duty", on=True)
    for type_, fields in FRAMES:
        refusals = []
        for name in (conversation, "?" * 22):
            await one.connection.send(type_, conversation=name, **fields)
            refusal = dict(await one.connection.expect("nack"))
            refusals.append({key: refusal[key] for key in ("code", "text", "retry")})
        assert refusals[0] == refusals[1], (type_, refusals)
        assert refusals[0]["code"] == "not_allowed", (type_, refusals)


async def test_hand_of_another_service_is_not_seen(run: Running) -> None:
    """A raised hand is for the supervisors of that service alone: no alert, and the same refusal."""
    other_service = await supervisor(run, "birgitta", "eken")
    other_track = await supervisor(run, "mats", "hamnen", alias="Hans")
    _, operator, conversation = await run.talk()
    await operator.connection.send("hand", conversation=conversation, up=True)
    await operator.connection.expect("hand", conversation=conversation, here=False)
    for one in (other_service, other_track):
        await one.connection.send("supervise", conversation=conversation)
        assert (await one.connection.expect("nack"))["code"] == "not_allowed"
        assert conversation not in json.dumps(
            [each for each in one.connection.seen if each["type"] == "alerts"]
        )


async def test_receiver_and_wrong_role_do_not_reach_the_console(run: Running) -> None:
    """A receiver's sign-in is no console's; an operator cannot take a wish to talk or supervise."""
    receiver = Operator(run.at, run.staff("ingrid"))
    run.people.append(receiver)
    await receiver.signs_in()
    with pytest.raises(Closed) as closed:
        await receiver.connects()
    assert closed.value.code == 4001
    operator = await run.operator("anna", "linden", alias="Kim")
    for type_, fields in (("take_talk", {"talk": "x"}), ("supervise", {"conversation": "x"})):
        await operator.connection.send(type_, **fields)
        assert (await operator.connection.expect("nack"))["code"] == "not_allowed"


async def test_wish_to_talk_is_answered_by_alias(run: Running) -> None:
    """The operator asks; a supervisor says to be in touch; no account is on either wire or the board."""
    siv = await supervisor(run)
    operator = await run.operator("anna", "linden", alias="Kim")
    await operator.connection.send("talk", on=True)
    assert "at" in await operator.connection.expect("talk")
    alerts = await siv.connection.expect("alerts")
    while not alerts["talks"]:
        alerts = await siv.connection.expect("alerts")
    (talk,) = alerts["talks"]
    assert (talk["alias"], talk["services"]) == ("Kim", ["linden"])
    assert "conversation" not in talk
    board = await siv.request("GET", "/supervisor/board")
    assert "Kim" in json.dumps(board.json()["alerts"], ensure_ascii=False)
    await siv.connection.send("take_talk", talk=talk["talk"])
    assert (await operator.connection.expect("talk"))["alias"] == "Siv"
    await operator.connection.send("talk", on=False)
    assert await operator.connection.expect("talk") == {"type": "talk"}
    for one in (siv, operator):
        wire = json.dumps([each for each in one.connection.seen if each["type"] != "ready"])
        assert "birgitta" not in wire
        assert "anna" not in wire
    await siv.connection.send("talk", on=True)
    assert (await siv.connection.expect("nack"))["code"] == "not_allowed"


@pytest.mark.usefixtures("_unwatched")
async def test_supervisor_who_signs_out_is_out_at_once(run: Running) -> None:
    """In the middle, and no watch has to look: the socket is closed, she is told, the talk goes on."""
    siv = await supervisor(run)
    visitor, operator, conversation = await run.talk()
    await raised(run, operator, conversation)
    await siv.connection.send("supervise", conversation=conversation)
    await siv.connection.expect("accepted", conversation=conversation)
    await visitor.connection.expect("guest_joined")
    await siv.request("POST", "/staff/sign-out", {"csrf": siv.csrf})
    assert await siv.connection.closed() == 4001
    assert (await visitor.connection.expect("guest_left"))["alias"] == "Siv"
    await operator.connection.expect("guest_left", conversation=conversation)
    await operator.says(conversation, "jag är kvar")
    await visitor.connection.expect("said", text="jag är kvar")


async def test_one_seat_is_said_plainly(run: Running) -> None:
    """While a guest is invited the hand stays down, and the refusal says why."""
    visitor, operator, conversation = await run.talk()
    await run.operator("karin", "bron", alias="Gry")
    await operator.connection.send(
        "invite", conversation=conversation, id="B" * 22, receiver="mottagningen-vallentuna"
    )
    question = await visitor.connection.expect("proposal")
    offer = question["proposal"]["offer"]
    yes = {"receiver": offer["receiver"], "notice": offer["notice_version"], "items": [], "secrecy": True}
    await visitor.connection.send("answer", id="C" * 22, proposal=question["seq"], yes=[yes])
    await operator.connection.expect("answered", conversation=conversation)
    await operator.connection.send("hand", conversation=conversation, up=True)
    refusal = await operator.connection.expect("nack", conversation=conversation)
    assert refusal["code"] == "not_now"
    assert "en plats" in refusal["text"]


async def test_calls_are_bounded(run: Running) -> None:
    """Nobody keeps every supervisor's console busy: after some calls the next one is refused for a while."""
    siv = await supervisor(run)
    operator = await run.operator("maria", "linden", alias="Moa")
    for call in range(30):
        await operator.connection.send("talk", on=call % 2 == 0)
    refused = await operator.connection.expect("nack")
    assert (refused["code"], refused["retry"]) == ("rate", True)
    told = [each for each in siv.connection.seen if each["type"] == "alerts" and each["talks"]]
    assert len(told) <= 10
    _, raising, conversation = await run.talk()
    for call in range(30):
        await raising.connection.send("hand", conversation=conversation, up=call % 2 == 0)
    assert (await raising.connection.expect("nack"))["code"] == "rate"


async def test_supervisor_begins_with_all_that_calls_one_ticked(run: Running) -> None:
    """She takes nobody from a queue: there is nothing to choose but where she is not to be called."""
    for name, ticked in (("birgitta", {"linden", "eken", "bron"}), ("maja", set())):
        one = await run.operator(name)
        page = (await one.request("GET", "/console")).text
        assert set(re.findall(r'value="(\w+)" data-track="\w+" checked', page)) == ticked
