# SPDX-License-Identifier: EUPL-1.2
"""Notes and whispers over real sockets, frame by frame: who is shown them, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.web.running import Running
from tests.web.test_guests import answers, asked, sees_joins

UNKNOWN = "A" * 22


async def notes(
    operator: Operator, conversation: str, text: str, *, id_: str | None = None, whisper: bool = False
) -> dict[str, Any]:
    """Write something for the colleagues and return what is answered."""
    sent = id_ or new_id()
    await operator.connection.send("note", conversation=conversation, id=sent, text=text, whisper=whisper)
    return await operator.connection.expect_one_of("noted", "nack", conversation=conversation, id=sent)


async def reads(operator: Operator, conversation: str) -> dict[str, Any]:
    """Ask what stands there and return what is answered."""
    await operator.connection.send("notes", conversation=conversation)
    return await operator.connection.expect_one_of("notes", "nack", conversation=conversation)


async def test_note_is_acknowledged_and_read_by_the_next_one(run: Running) -> None:
    """Under the alias, with the id for its author alone; after the sign-in is revoked for whoever follows."""
    _, operator, conversation = await run.talk()
    told = await notes(operator, conversation, "hon vill ha ett boende")
    assert {**told, "at": "", "id": ""} == {
        "type": "noted",
        "conversation": conversation,
        "staff_seq": 1,
        "kind": "note",
        "alias": "Kim",
        "text": "hon vill ha ett boende",
        "at": "",
        "id": "",
        "own": True,
    }
    assert (await notes(operator, conversation, "en viskning", whisper=True))["kind"] == "whisper"
    assert [each["own"] for each in (await reads(operator, conversation))["entries"]] == [True, True]
    session = await run.session_of(operator)
    assert session is not None
    await run.house.chat.operators.revoke(session.id)
    following = await run.operator("maria", "linden", alias="Bodil")
    await following.accepts(await following.sees_waiting())
    entries = (await reads(following, conversation))["entries"]
    assert [(each["staff_seq"], each["alias"], each["text"]) for each in entries] == [
        (1, "Kim", "hon vill ha ett boende"),
    ]
    assert not [each for each in entries if {"own", "id"} & set(each)]


async def test_retry_gets_the_same_answer(run: Running) -> None:
    """The same id with another text is a conflict, as of messages; what is said has ids of its own."""
    visitor, operator, conversation = await run.talk()
    id_ = new_id()
    first = await notes(operator, conversation, "en gång", id_=id_)
    assert await notes(operator, conversation, "en gång", id_=id_) == first
    nack = await notes(operator, conversation, "två gånger", id_=id_)
    assert (nack["code"], nack["field"]) == ("conflict", "note")
    assert (await operator.says(conversation, "en gång", id_))["seq"] == 2
    await visitor.hears("en gång")
    assert len((await reads(operator, conversation))["entries"]) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ring 070-123 45 67", "identity"),
        ("a" * 2_001, "too_long"),
        ("Skriv till a@exempel.se", "identity"),
        (" \n\u200b", "bad_frame"),
    ],
)
async def test_refusal_names_the_note_and_keeps_nothing(run: Running, text: str, code: str) -> None:
    """As what is said is refused; the console is told that it is about a note."""
    _, operator, conversation = await run.talk()
    nack = await notes(operator, conversation, text)
    assert (nack["code"], nack["field"]) == (code, "note")
    assert (await reads(operator, conversation))["entries"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "a\0b"},
        {"text": "hej", "whisper": 1},
        {"text": "hej", "alias": "Kim"},
        {"text": "hej", "id": "kort"},
        {"text": None},
    ],
)
async def test_malformed_note_is_refused(run: Running, fields: dict[str, Any]) -> None:
    """And the socket stays."""
    _, operator, conversation = await run.talk()
    await operator.connection.send("note", **{"conversation": conversation, "id": new_id(), **fields})
    assert (await operator.connection.expect("nack"))["code"] == "bad_frame"
    assert (await reads(operator, conversation))["entries"] == []


async def test_unknown_and_foreign_look_alike(run: Running) -> None:
    """One that another holds, one that waits, one that is over, and none at all."""
    visitor, operator, conversation = await run.talk()
    await notes(operator, conversation, "hemligt")
    colleague = await run.operator("maria", "linden", alias="Bodil")
    await run.visitor("linden")
    waiting = await colleague.sees_waiting()
    answered = []
    for whom in (conversation, waiting, UNKNOWN, ""):
        answered += [await notes(colleague, whom, "jag också"), await reads(colleague, whom)]
    refused = [{name: each.get(name) for name in ("type", "code", "text", "field")} for each in answered]
    assert refused == [refused[0]] * 8
    assert refused[0]["code"] == "not_allowed"
    assert (await reads(operator, conversation))["entries"][0]["text"] == "hemligt"
    await visitor.leaves()
    await operator.connection.expect("ended", conversation=conversation)
    assert (await notes(operator, conversation, "efteråt"))["code"] in {"ended", "not_allowed"}


async def test_guest_is_refused_and_shown_nothing(run: Running) -> None:
    """Also one who may read all that was said."""
    visitor, operator, conversation = await run.talk()
    guest = await run.operator("karin", "bron", alias="Gry")
    await answers(visitor, await asked(visitor, operator, conversation), history=True)
    await sees_joins(guest)
    await guest.accepts(conversation)
    await notes(operator, conversation, "bara för oss")
    assert (await reads(guest, conversation))["code"] == "not_allowed"
    assert (await notes(guest, conversation, "en gäst"))["code"] == "not_allowed"
    await operator.says(conversation, "och nu till er alla")
    await guest.hears(conversation, "och nu till er alla")
    assert "bara för oss" not in repr(guest.connection.seen)


@pytest.mark.parametrize("kind", ["note", "notes"])
async def test_visitor_has_no_such_frame(run: Running, kind: str) -> None:
    """Neither to write one nor to ask for any."""
    visitor, operator, conversation = await run.talk()
    await notes(operator, conversation, "hemligt")
    await visitor.connection.send(kind, conversation=conversation, id=new_id(), text="jag")
    assert (await visitor.connection.expect("nack"))["code"] == "bad_frame"
    await visitor.resumes()
    await operator.says(conversation, "hej")
    await visitor.hears("hej")
    assert "hemligt" not in repr(visitor.connection.seen)
    assert (await reads(operator, conversation))["entries"][0]["staff_seq"] == 1
