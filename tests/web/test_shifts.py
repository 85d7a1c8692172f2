# SPDX-License-Identifier: EUPL-1.2
"""The frames about a shift, through the real socket: what a console may send, and what others see of it."""

from __future__ import annotations

from typing import Any

import pytest

from chat.hours import local_day
from chat.ids import ServiceId
from tests.outside.operator import Operator
from tests.web.running import Running
from tests.web.test_supervision import audited
from web.accounts.audit import Audited


async def _nack(operator: Operator, kind: str, **fields: Any) -> str:
    await operator.connection.send(kind, **fields)
    return str((await operator.connection.expect("nack"))["code"])


async def test_shift_from_its_start_to_its_end(run: Running) -> None:
    """Cap, pause and the way back are shown in `duty`; the wire holds aliases and no account."""
    anna = await run.operator("anna")
    connection = anna.connection
    await connection.send("duty", on=True, services=["linden"], alias="Mira", languages=["en"], capacity=1)
    duty = await connection.expect("duty", on=True)
    assert (duty["capacity"], duty["languages"], "paused" in duty) == (1, ["en"], False)
    alone = await connection.expect("colleagues")
    assert alone["services"] == [{"service": "linden", "others": []}]
    maja = await run.operator("maja", "linden", alias="Kim")
    beside = await connection.expect("colleagues")
    assert beside["services"] == [{"service": "linden", "others": [{"alias": "Kim"}]}]
    await maja.connection.send("pause", on=True)
    paused = await maja.connection.expect("duty", on=True, services=["linden"])
    while "paused" not in paused:
        paused = await maja.connection.expect("duty")
    assert paused["paused"].endswith("Z")
    assert (await connection.expect("colleagues"))["services"][0]["others"] == [
        {"alias": "Kim", "paused": True}
    ]
    visitor = await run.visitor("linden")
    conversation = await anna.sees_waiting()
    assert await _nack(maja, "accept", conversation=conversation) == "not_now"
    await anna.accepts(conversation)
    await run.visitor("linden")
    second = await anna.sees_waiting([conversation])
    assert await _nack(anna, "accept", conversation=second) == "not_now"
    await connection.send("hold_at_most", capacity=2)
    await anna.accepts(second)
    await connection.send("hand_back", conversation=conversation)
    await connection.expect("lost", conversation=conversation)
    await visitor.connection.expect("left")
    assert "anna" not in str(maja.connection.seen)


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("pause", {"on": True}, "not_now"),
        ("hold_at_most", {"capacity": 1}, "not_now"),
        ("hold_at_most", {"capacity": 0}, "bad_frame"),
        ("hold_at_most", {"capacity": 21}, "bad_frame"),
        ("pause", {"on": 1}, "bad_frame"),
        ("hand_back", {"conversation": "A" * 22}, "not_allowed"),
        ("duty", {"on": False, "felt": "fine"}, "bad_frame"),
    ],
)
async def test_what_is_no_wish_of_a_shift_is_refused(
    run: Running, kind: str, fields: dict[str, Any], code: str
) -> None:
    """Off duty, out of bounds, or about nobody: the same plain refusals as elsewhere."""
    operator = await run.operator("anna")
    assert await _nack(operator, kind, **fields) == code


async def test_alias_of_a_colleague_who_is_there_is_refused_where_that_is_asked(run: Running) -> None:
    """However it is written, in a service of both; her own, and one of who is gone or elsewhere, is free."""
    maria = await run.operator("maria", "linden", alias="Vera")
    maja = await run.operator("maja")
    wish = {"on": True, "own_alias": True}

    async def comes(alias: str, *services: str) -> dict[str, Any]:
        await maja.connection.send("duty", **wish, services=[*services], alias=alias)
        return await maja.connection.expect("duty", alias=alias.strip())

    for alias in ("Vera", " vera", "VERA", "\uff36era"):
        assert await _nack(maja, "duty", **wish, services=["linden", "eken"], alias=alias) == "conflict"
    assert await _nack(maja, "duty", **wish, services=["bron"], alias="Vera") == "not_allowed"
    await comes("Vera", "eken")
    await comes("Verna", "linden")
    await comes("verna", "linden")
    await maria.connection.send("duty", on=False)
    await maja.connection.expect("colleagues", services=[{"service": "linden", "others": []}])
    await comes("Vera", "linden")
    anna = await run.operator("anna")
    await anna.connection.send("duty", on=True, services=["linden"], alias="Vera")
    await anna.connection.expect("duty", on=True)


async def test_nobody_hands_back_what_another_holds(run: Running) -> None:
    """A colleague of the same service is refused as anybody would be who made the id up."""
    _, operator, conversation = await run.meeting()
    await operator.accepts(conversation)
    other = await run.operator("maja", "linden", alias="Kim")
    assert await _nack(other, "hand_back", conversation=conversation) == "not_allowed"


async def test_giving_back_again_and_again_is_slowed_and_kept(run: Running) -> None:
    """Each time stands in her talk for good, so six in a row are the most; who did it can be seen."""
    visitor, anna, conversation = await run.talk()
    for _ in range(6):
        await anna.connection.send("hand_back", conversation=conversation)
        await anna.connection.expect("lost", conversation=conversation)
        await anna.accepts(conversation)
    assert await _nack(anna, "hand_back", conversation=conversation) == "rate"
    assert Audited.HANDED_BACK in await audited(run, "anna")
    await anna.says(conversation, "jag är kvar")
    await visitor.connection.expect("said", text="jag är kvar")
    assert [frame["type"] for frame in visitor.connection.seen].count("left") == 6


async def test_how_it_was_is_told_once_however_the_switch_is_turned(run: Running) -> None:
    """One person has one shift in an evening: the figures cannot be pumped."""
    anna = await run.operator("anna", "linden")
    for _ in range(3):
        await anna.connection.send("duty", on=False, felt="heavy")
        await anna.connection.expect("duty", on=False)
        await anna.connection.send("duty", on=True, services=["linden"], alias="Mira")
        await anna.connection.expect("duty", on=True)
    today = local_day(run.house.clock.now())
    counted = await run.house.chat.rooms.store.counters([ServiceId("linden")], today)
    assert counted[ServiceId("linden")]["shift_felt_heavy"] == 1
