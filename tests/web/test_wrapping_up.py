# SPDX-License-Identifier: EUPL-1.2
"""Counting a conversation that is over, as a console or an attacker sends it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from chat.hours import local_day
from chat.ids import ServiceId
from tests.outside.connection import new_id
from tests.outside.operator import Operator
from tests.web.running import Running

FULL: dict[str, Any] = {
    "violence": ["physical", "after_separation", "physical"],
    "relation": "partner",
    "themes": ["shelter", "children"],
    "outcome": "handed_over",
    "age_band": "26_64",
}
ADDED = {
    "told_channel_chat",
    "told_violence_physical",
    "told_violence_after_separation",
    "told_relation_partner",
    "told_theme_shelter",
    "told_theme_children",
    "told_outcome_handed_over",
    "told_age_26_64",
}


@pytest.fixture(autouse=True)
def signed_in_anew(run: Running) -> None:
    """Whoever ended a conversation in an earlier test may still tell of it, at the same sign-in."""
    run.sign_ins.clear()


async def figures(run: Running, service: str = "linden") -> dict[str, int]:
    """Return today's counters of what staff told."""
    id_ = ServiceId(service)
    counters = await run.house.chat.lobby.store.counters([id_], local_day(run.house.clock.now()))
    return {name: n for name, n in counters.get(id_, {}).items() if name.startswith("told_")}


async def counts(operator: Operator, id_: str | None = None, **form: Any) -> dict[str, Any]:
    """Send one form; return what the server says to it."""
    id_ = id_ or new_id()
    form = {"service": "linden", "channel": "chat", **form}
    await operator.connection.send("wrap_up", id=id_, **form)
    return await operator.connection.expect_one_of("wrapped_up", "nack", id=id_)


def added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return by how much each counter has grown."""
    return {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}


async def test_form_is_counted_once_and_its_answer_tells_nothing(run: Running, written: io.StringIO) -> None:
    """Sent twice, also from the next socket; neither answer nor log knows which conversation it was."""
    visitor, operator, conversation = await run.talk()
    await operator.ends(conversation)
    before, id_, at = await figures(run), new_id(), written.tell()
    assert await counts(operator, id_, **FULL) == {"type": "wrapped_up", "id": id_}
    await operator.connects()
    assert await counts(operator, id_, **FULL) == {"type": "wrapped_up", "id": id_}
    assert (await counts(operator, **FULL))["code"] == "not_now"
    assert added(before, await figures(run)) == dict.fromkeys(ADDED, 1)
    written.seek(at)
    logged = written.read()
    assert not [word for word in (conversation, "wrap", "told_", id_) if word in logged]
    assert not [frame for frame in visitor.connection.seen if frame["type"].startswith("wrap")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"violence": ["beaten"]},
        {"violence": "physical"},
        {"violence": ["physical"] * 10},
        {"relation": "untold"},
        {"relation": ["partner"]},
        {"themes": ["free text about her"]},
        {"themes": ["stopping"]},
        {"outcome": "felt good"},
        {"age_band": "17"},
        {"age_band": 17},
        {"channel": "fax"},
        {"channel": None},
        {"note": "free text about her"},
        {"conversation": "c"},
        {"day": "2026-01-01"},
        {"by": 100},
        {"id": "short"},
        {"service": "Linden"},
    ],
    ids=json.dumps,
)
async def test_what_is_in_no_vocabulary_is_refused_and_takes_nothing(
    run: Running, wrong: dict[str, Any]
) -> None:
    """No text gets in, and the conversation can still be counted."""
    _, operator, conversation = await run.talk()
    await operator.ends(conversation)
    before = await figures(run)
    form = {"service": "linden", "channel": "chat", "id": new_id()} | wrong
    await operator.connection.send("wrap_up", **form)
    assert (await operator.connection.expect("nack"))["code"] == "bad_frame"
    assert await figures(run) == before
    assert (await counts(operator))["type"] == "wrapped_up"


async def test_contact_needs_a_shift_there_and_every_refusal_looks_alike(run: Running) -> None:
    """Of a service that is another's, of the other track, or that does not exist."""
    operator = await run.operator("anna", "linden", alias="Kim")
    before = await figures(run)
    assert (await counts(operator, channel="phone", outcome="line"))["type"] == "wrapped_up"
    assert added(before, await figures(run)) == dict.fromkeys(
        (
            "told_channel_phone",
            "told_violence_untold",
            "told_relation_untold",
            "told_theme_untold",
            "told_outcome_line",
            "told_age_untold",
        ),
        1,
    )
    for channel, code in (("visit", "not_allowed"), ("chat", "not_now")):
        refusals = [
            await counts(operator, service=name, channel=channel) for name in ("bron", "hamnen", "nowhere")
        ]
        assert {(frame["code"], frame["text"], frame["retry"]) for frame in refusals} == {
            (code, refusals[0]["text"], False)
        }
    await operator.connection.send("duty", on=False, services=[])
    await operator.connection.expect("duty", on=False)
    assert (await counts(operator, channel="phone"))["code"] == "not_allowed"


async def test_guest_does_not_count_what_the_holder_counts(run: Running) -> None:
    """Nor does a colleague on duty in the same service."""
    _, operator, conversation = await run.talk()
    colleague = await run.operator("maria", "linden", alias="Bo")
    await operator.ends(conversation)
    assert (await counts(colleague))["code"] == "not_now"
    assert (await counts(operator))["type"] == "wrapped_up"
