# SPDX-License-Identifier: EUPL-1.2
"""What she is asked after the end: a handle with the end, and one number more for each answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.hours import local_day
from chat.ids import ServiceId
from chat.statistics import Counted
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running

LINDEN = ServiceId("linden")


async def counted(run: Running) -> dict[str, int]:
    """Return the counters of what is asked afterwards."""
    day = local_day(run.house.clock.now())
    counters = await run.house.chat.lobby.store.counters([LINDEN], day)
    return {name: n for name, n in counters.get(LINDEN, {}).items() if name.startswith("exit_")}


async def ended(visitor: Visitor) -> dict[str, Any]:
    """End the chat and return the last frame."""
    return await visitor.leaves()


async def tells(run: Running, handle: object, question: object = "felt", answer: object = "yes") -> int:
    """Send an answer from our own page; return the status."""
    content = json.dumps({"handle": handle, "question": question, "answer": answer}).encode()
    response = await run.ask("POST", "/asked", headers={"Origin": run.at.url}, content=content)
    assert response.content == b""
    assert response.headers["cache-control"] == "no-store"
    return response.status_code


async def test_answer_is_counted_once_and_a_forged_one_never(run: Running) -> None:
    """Every time the same 204: nobody learns whether it counted."""
    visitor, _, _ = await run.talk()
    handle = (await ended(visitor))["asked"]
    before = await counted(run)
    for sent in (handle, handle, handle[::-1], "", 7, None):
        assert await tells(run, sent) == 204
    after = await counted(run)
    assert after.get(Counted.EXIT_FELT_YES, 0) == before.get(Counted.EXIT_FELT_YES, 0) + 1
    assert sum(after.values()) == sum(before.values()) + 1


async def test_operator_who_ends_it_hears_nothing_of_the_handle(run: Running) -> None:
    """It goes to her alone, and tells nothing of the conversation."""
    visitor, operator, conversation = await run.talk()
    await operator.connection.send("end", conversation=conversation)
    hers = await visitor.connection.expect("ended")
    theirs = await operator.connection.expect("ended", conversation=conversation)
    assert len(hers["asked"]) == 22
    assert hers["asked"] not in {visitor.token, conversation}
    assert "asked" not in theirs
    assert hers["asked"] not in json.dumps(operator.connection.seen)


async def test_only_who_was_answered_is_asked(run: Running) -> None:
    """Nobody is asked how it was to wait for nobody, or after she has left quickly."""
    alone = await run.visitor()
    assert "asked" not in await ended(alone)
    visitor, _, _ = await run.talk()
    await visitor.connection.send("leave", quickly=True)
    assert "asked" not in await visitor.connection.expect("ended")


async def test_who_came_back_in_between_is_asked_too(run: Running) -> None:
    """The socket that hears the end need not be the one that was answered on."""
    visitor, _, _ = await run.talk()
    await visitor.connection.close()
    await visitor.resumes(1)
    assert "asked" in await ended(visitor)


async def test_after_a_restart_nothing_is_counted_and_nothing_is_wrong(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handles are in memory alone."""
    visitor, _, _ = await run.talk()
    handle = (await ended(visitor))["asked"]
    before = await counted(run)
    monkeypatch.setattr(run.house, "exit_questions", type(run.house.exit_questions)())
    assert await tells(run, handle) == 204
    assert await counted(run) == before


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_other_sites_count_nothing(run: Running, origin: str | None) -> None:
    """Refused, and the question is still open to her."""
    visitor, _, _ = await run.talk()
    handle = (await ended(visitor))["asked"]
    before = await counted(run)
    content = json.dumps({"handle": handle, "question": "felt", "answer": "no"}).encode()
    headers = {"Origin": origin} if origin else None
    assert (await run.ask("POST", "/asked", headers=headers, content=content)).status_code == 403
    assert await counted(run) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"handle":1}', b"[" * 250, b"A" * 60_000])
async def test_any_body_is_answered_alike(run: Running, body: bytes) -> None:
    """No more of it is read than an answer has; what no form is as long as never gets here."""
    response = await run.ask("POST", "/asked", headers={"Origin": run.at.url}, content=body)
    assert (response.status_code, response.content) == (204, b"")
    assert (await run.ask("POST", "/asked", content=b"A" * 1_000_000)).status_code == 413


async def test_a_flood_counts_nothing_and_reads_no_store(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guessing costs the server a look into memory."""
    calls = []

    async def count(counts: object) -> None:
        calls.append(counts)

    monkeypatch.setattr(run.house.chat.lobby.store, "count", count)
    for number in range(200):
        assert await tells(run, f"{number:022}") == 204
    assert calls == []


async def test_store_away_is_no_trouble_of_hers(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be counted is not counted."""
    visitor, _, _ = await run.talk()
    handle = (await ended(visitor))["asked"]

    async def fail(_: object) -> None:
        raise OSError

    monkeypatch.setattr(run.house.chat.lobby.store, "count", fail)
    assert await tells(run, handle) == 204


async def test_words_are_the_services_own(run: Running) -> None:
    """In her language and the service's tone, the same for everybody."""
    warm, informal = [(await run.get(f"/asked/{one}?lang=sv")).json() for one in ("linden", "eken")]
    assert warm["texts"]["felt"] == "Kändes det bra att skriva här?"
    assert informal["texts"]["felt"] == "Kändes det okej att skriva här?"
    assert warm["questions"] == ["felt", "helped", "again"]
    assert set(warm["texts"]) >= {*warm["questions"], "yes", "no", "skip", "thanks", "intro"}


async def test_answers_of_the_intake_reach_the_operator(run: Running) -> None:
    """As she chose them, with the language that she wants to write in; danger stands first in the queue."""
    operator: Operator = await run.operator("anna", "linden", alias="Kim")
    intake = {"need": "shelter", "age_band": "under_18", "municipality": "Vallentuna", "acute": True}
    await run.visitor("linden", language="en", intake=intake)
    conversation = await operator.sees_waiting()
    (card,) = [
        one
        for frame in operator.connection.seen
        if frame["type"] == "waiting"
        for one in frame["conversations"]
        if one["conversation"] == conversation
    ][-1:]
    assert (card["acute"], card["language"]) == (True, "en")
    opened = await operator.accepts(conversation)
    assert {key: opened["intake"][key] for key in ("need", "age_band", "municipality")} == {
        key: intake[key] for key in ("need", "age_band", "municipality")
    }
