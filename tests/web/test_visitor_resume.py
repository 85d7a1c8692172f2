# SPDX-License-Identifier: EUPL-1.2
"""The visitor's socket: coming back with a token, or with something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.outside.connection import Connection, new_id
from tests.web.running import Running

UNKNOWN_TOKENS = {
    "empty": "",
    "garbage": "garbage",
    "right length": "A" * 46,
    "a day far ahead": "__8" + "A" * 43,
    "null": "\x00",
    "not ascii": "åäö" * 15,
    "emoji": "\U0001f980" * 46,
    "30,000 characters": "A" * 30_000,
    "path": "../../etc/passwd",
    "sql": "' OR 1=1 --",
}


@pytest.mark.parametrize("token", UNKNOWN_TOKENS.values(), ids=UNKNOWN_TOKENS)
async def test_unknown_token_is_closed_without_a_frame(run: Running, token: str) -> None:
    """4001, whatever its form; a null character makes it no frame at all."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token=token, after=0)
    if "\x00" in token:
        assert (await connection.expect("nack"))["code"] == "bad_frame"
        await connection.close()
        return
    assert await connection.closed() == 4001
    assert connection.seen == []


def flipped(token: str, place: int) -> str:
    """Return the token with one character changed."""
    other = "A" if token[place] != "A" else "B"
    return token[:place] + other + token[place + 1 :]


async def test_token_that_is_almost_right_is_unknown(run: Running) -> None:
    """Flipped in any part, cut, longer, in other letters, or with room around it."""
    visitor = await run.visitor()
    token = visitor.token
    almost = [flipped(token, place) for place in (0, 2, 3, 20, len(token) - 2)]
    almost += [token[:-1], token[1:], token + "A", token + "=", token.swapcase(), f" {token}", f"{token}\n"]
    for wrong in almost:
        connection = await Connection.open(run.at.ws_visitor, run.at.url)
        await connection.send("resume", token=wrong, after=0)
        assert await connection.closed() == 4001, wrong
        assert connection.seen == []
    await visitor.says("Jag är kvar.")


async def test_staff_cookie_is_no_token_of_a_visitor(run: Running) -> None:
    """The two kinds never open each other's doors."""
    operator = await run.operator("anna")
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token=operator.cookies["__Host-staff"], after=0)
    assert await connection.closed() == 4001
    visitor = await run.visitor()
    console = await Connection.open(run.at.ws_operator, run.at.url, f"__Host-staff={visitor.token}")
    assert await console.closed() == 4001


async def test_token_of_a_megabyte_is_too_large(run: Running) -> None:
    """The limit of a frame comes first: 1009."""
    connection = await Connection.open(run.at.ws_visitor, run.at.url)
    await connection.send("resume", token="A" * 1_000_000, after=0)
    assert await connection.closed() == 1009


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
