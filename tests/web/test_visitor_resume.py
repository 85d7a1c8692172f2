# SPDX-License-Identifier: EUPL-1.2
"""The visitor's socket: coming back with a token, or with something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.outside.connection import Connection, new_id
from tests.web.running import Running


async def test_staff_cookie_is_no_token_of_a_visitor(run: Running) -> None:
    """The two kinds never open each other's doors."""
    operator = await run.operator("anna")
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token=operator.cookies["__Host-staff"], after=0)
    assert await connection.closed() == 4001
    visitor = await run.visitor()
    console = await Connection.open(run.at.ws_operator, run.at.url, f"__Host-staff={visitor.token}")
    assert await console.closed() == 4001


@pytest.mark.parametrize(
    "after", [-1, 3, 2**31, 2**53, 2**53 + 1, 2**64, 10**400, -(10**400), 1.5, "0", None, True]
)
async def test_resume_outside_the_log_is_a_bad_frame(run: Running, after: Any) -> None:
    """Negative, beyond the newest entry, or no number; then the right one goes through."""
    visitor = await run.visitor()
    await visitor.says("Ett.")
    await visitor.says("Två.")
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send_text(json.dumps({"type": "resume", "token": visitor.token, "after": after}))
    assert (await connection.expect("nack"))["code"] == "bad_frame"
    await visitor.says("Den första sitter kvar.")
    await connection.send("resume", token=visitor.token, after=2)
    assert (await connection.expect("welcome"))["seq"] == 3
    assert [(await connection.expect("said"))["seq"]] == [3]
    await connection.close()


@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_resume_brings_every_entry_once_in_order(run: Running, after: int) -> None:
    """`welcome`, then all after `after`, her own included, with their ids, then what is new."""
    visitor, operator, conversation = await run.talk()
    first, second = new_id(), new_id()
    await visitor.says("Ett.", first)
    await operator.says(conversation, "Två.", second)
    welcome = await visitor.resumes(after)
    assert (welcome["phase"], welcome["seq"], welcome["token"]) == ("active", 3, visitor.token)
    await visitor.says("Tre.")
    kinds = {"joined", "said", "ack"}
    entries = [frame for frame in visitor.connection.seen if frame["type"] in kinds]
    assert [(entry["type"], entry["seq"], entry.get("from"), entry.get("id")) for entry in entries[:-1]] == [
        ("joined", 1, None, None),
        ("said", 2, "visitor", first),
        ("said", 3, "operator", second),
    ][after:]
    assert (entries[-1]["type"], entries[-1]["seq"]) == ("ack", 4)


async def test_second_tab_takes_over(run: Running) -> None:
    """The first gets 4003 and no word more; everything goes to the second."""
    visitor, operator, conversation = await run.talk()
    first = visitor.connection
    await visitor.resumes(after=1)
    assert await first.closed() == 4003
    await operator.says(conversation, "Bara till den andra.")
    await visitor.hears("Bara till den andra.")
    assert [frame for frame in first.seen if frame["type"] == "said"] == []
