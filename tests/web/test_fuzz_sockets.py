# SPDX-License-Identifier: EUPL-1.2
"""Made-up sequences of frames on both sockets of a talk, sound ones and noise mixed, against a whole server.

Whatever comes: each answer is a frame of the protocol, what is acknowledged is read by the other one exactly
once, in order and byte for byte, and nothing is logged.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.outside.connection import Connection, Frame, new_id
from tests.outside.operator import Operator
from tests.outside.visitor import Visitor
from tests.web.running import Running
from web.operator.frames import ToOperator
from web.visitor.frames import ToVisitor

pytestmark = pytest.mark.fuzz

IDS = [letter * 22 for letter in "ABCD"]
"""Few, so that they are used again."""
LIMIT = 2_000


@dataclass(frozen=True)
class Say:
    """Something is said."""

    by: str
    id: str
    text: str


@dataclass(frozen=True)
class Noise:
    """Any text frame that says nothing and ends nothing."""

    by: str
    text: str


@dataclass(frozen=True)
class Return:
    """A new socket takes over the old one's seat."""

    by: str


Step = Say | Noise | Return
sides = st.sampled_from(["visitor", "operator"])
any_text = st.text(st.characters(), max_size=30)
heavy_text = st.builds(
    str.__mul__, st.sampled_from(["a", "\u0301", "\U0001f980", "\n", "\u202e"]), st.integers(1_998, 2_002)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
types = st.sampled_from(["start", "resume", "say", "typing", "hello", "accept", "welcome", "said", "ended"])
fields = st.sampled_from(
    ["token", "after", "id", "text", "conversation", "csrf", "service", "notice", "intake"]
)
near_frames = st.builds(
    lambda kind, rest: json.dumps({"type": kind, **rest}),
    types,
    st.dictionaries(fields, json_values, max_size=4),
)
noise = near_frames | any_text.map(json.dumps) | st.text(max_size=40) | st.just('{"type":"typing"}')
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(Say, sides, st.sampled_from(IDS), any_text | heavy_text),
        st.builds(Say, sides, st.sampled_from(IDS), any_text),
        st.builds(Noise, sides, noise),
        st.builds(Return, sides),
    ),
    max_size=14,
)


@dataclass
class Side:
    """One party: what was sent, what must be answered, and what was."""

    name: str
    connection: Connection
    conversation: str
    said: dict[str, str] = field(default_factory=dict)
    expected: list[tuple[str, str]] = field(default_factory=list)
    seen: list[Frame] = field(default_factory=list)

    async def send(self, step: Say) -> None:
        """Say something, and note what must be answered."""
        self.expected.append((step.id, self._verdict(step)))
        about = {"conversation": self.conversation} if self.name == "operator" else {}
        await self.connection.send("say", id=step.id, text=step.text, **about)

    def _verdict(self, step: Say) -> str:
        bad = step.text == "" or any(char == "\0" or "\ud800" <= char <= "\udfff" for char in step.text)
        if bad:
            return "bad_frame"
        if len(step.text) > LIMIT:
            return "too_long"
        return "ack" if self.said.setdefault(step.id, step.text) == step.text else "conflict"

    async def settle(self) -> None:
        """Return when everything so far is answered: what comes together may be refused after a later ack."""
        for _ in range(2):
            last = Say(self.name, new_id(), "Nu är allt besvarat.")
            await self.send(last)
            await self.connection.expect("ack", id=last.id)
        self.seen += self.connection.seen
        self.connection.seen = []

    def answers(self) -> list[tuple[str, str]]:
        """Return what was answered to what was said."""
        return sorted(
            (frame["id"], frame.get("code", "ack"))
            for frame in self.seen
            if frame["type"] in {"ack", "nack"} and "id" in frame
        )


async def act(talk: dict[str, Side], visitor: Visitor, operator: Operator, plan: Sequence[Step]) -> None:
    """Do all of it, without waiting for answers where none is needed."""
    for step in plan:
        party = talk[step.by]
        if isinstance(step, Say):
            await party.send(step)
        elif isinstance(step, Noise):
            await party.connection.send_text(step.text)
        else:
            await party.settle()
            if step.by == "visitor":
                await visitor.resumes(after=head(party))
                party.connection = visitor.connection
            else:
                await operator.connects()
                party.connection = operator.connection
                await operator.resumes(party.conversation)
    for party in talk.values():
        await party.settle()


def head(party: Side) -> int:
    """Return the newest entry that a party has seen."""
    return max((int(frame["seq"]) for frame in party.seen if "seq" in frame), default=0)


def whole(frames: Sequence[Frame], who: str) -> list[tuple[int, str, str]]:
    """Return what one of the two said, as the other one reads it again."""
    return [
        (one["seq"], one["id"], one["text"]) for one in frames if one["type"] == "said" and one["from"] == who
    ]


@example(plan=[Say("visitor", IDS[0], "\ud800"), Say("visitor", IDS[0], "a"), Say("visitor", IDS[0], "b")])
@example(
    plan=[Say("operator", IDS[0], "a"), Return("operator"), Say("operator", IDS[0], "a"), Return("visitor")]
)
@given(plan=steps)
@settings(
    max_examples=examples(20),
    # The server is the same for all examples on purpose; each begins a talk of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_sequence_of_frames_keeps_the_talk_whole(
    run: Running, written: io.StringIO, plan: list[Step]
) -> None:
    """See the module."""
    before = len(written.getvalue())
    visitor, operator, conversation = await run.talk()
    talk = {
        "visitor": Side("visitor", visitor.connection, conversation),
        "operator": Side("operator", operator.connection, conversation),
    }
    await act(talk, visitor, operator, plan)
    for party, union in ((talk["visitor"], ToVisitor), (talk["operator"], ToOperator)):
        for frame in party.seen:
            msgspec.convert(frame, union, strict=True)
        assert party.answers() == sorted(party.expected)
    entries: list[dict[str, Any]] = (await operator.resumes(conversation))["entries"]
    welcome = await visitor.resumes()
    hers = [await visitor.connection.expect("said") for entry in entries if entry["type"] == "said"]
    assert [entry["seq"] for entry in entries] == list(range(1, welcome["seq"] + 1))
    for who, party in talk.items():
        read = whole(entries, who)
        assert read == whole(hers, who)
        assert {id_: text for _, id_, text in read} == party.said
        assert len(read) == len(party.said)
    await run.all_leave()
    assert written.getvalue()[before:] == ""
