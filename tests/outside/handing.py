# SPDX-License-Identifier: EUPL-1.2
"""A handover from outside: an operator asks, she says yes or no. From the contract's frames alone.

Knows the sockets of both; nothing of the pages on which people do the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.outside.connection import Frame, new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor

WANT = "Jag vill veta vad som händer om jag berättar."
ALL_BUT_IDENTITY = (
    "want",
    "summary",
    "forms",
    "relation",
    "children",
    "danger",
    "called_112",
    "messages",
    "contact",
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What her yes gave: the code that only she has, and who was sent something."""

    code: str
    receivers: tuple[str, ...]


async def asks(operator: Operator, conversation: str, *receivers: str, **draft: Any) -> Frame:
    """Let the operator put a handover to her; return the question as the operator sees it.

    `draft` are the items by name; without any, it is what she wants alone.
    """
    asked = {"purpose": "Att få hjälp vidare", "want": WANT, **draft, "receivers": list(receivers)}
    await operator.connection.send("ask", conversation=conversation, id=new_id(), draft=asked)
    answer = await operator.connection.expect_one_of("proposal", "nack", conversation=conversation)
    assert answer["type"] == "proposal", answer
    return answer


async def says_yes(
    visitor: Visitor,
    *,
    to: Collection[str] | None = None,
    identity: dict[str, str] | None = None,
    coordinates: str | None = None,
    measure: bool = False,
) -> Handed:
    """Let her say yes to everything that she is asked, for some receivers or for all of them.

    `identity`: her name or how to reach her, which she writes herself. `coordinates`: the one that may.
    """
    asked = await visitor.connection.expect("proposal")
    proposal = asked["proposal"]
    await visitor.connection.send("code")
    code = (await visitor.connection.expect("code"))["words"]
    content = {**proposal["content"], **(identity or {})}
    content["messages"] = [message["seq"] for message in proposal["content"].get("messages", [])]
    items = [item for item in (*ALL_BUT_IDENTITY, *(identity or {})) if content.get(item)]
    answers = [
        {
            "receiver": offer["receiver"],
            "notice": offer["notice_version"],
            "items": items,
            "secrecy": True,
            "data": True,
            "measure": measure,
            "police": bool(offer.get("police", False)),
            "identity": identity is not None,
            "coordinate": offer["receiver"] == coordinates,
        }
        for offer in proposal["offers"]
        if to is None or offer["receiver"] in to
    ]
    return await _answers(visitor, asked["seq"], code, content, answers)


async def says_no(visitor: Visitor) -> Handed:
    """Let her say no to what she is asked."""
    asked = await visitor.connection.expect("proposal")
    return await _answers(visitor, asked["seq"], "", None, [])


async def _answers(
    visitor: Visitor, seq: int, code: str, content: dict[str, Any] | None, answers: list[dict[str, Any]]
) -> Handed:
    sent: dict[str, Any] = {"id": new_id(), "proposal": seq, "code": code, "yes": answers}
    if content is not None:
        sent["content"] = content
    await visitor.connection.send("answer", **sent)
    answered = await visitor.connection.expect_one_of("answered", "nack")
    assert answered["type"] == "answered", answered
    return Handed(code, tuple(answered.get("receivers", ())))
