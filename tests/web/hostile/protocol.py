# SPDX-License-Identifier: EUPL-1.2
"""Table: sound frames at the wrong moment, about the wrong thing, or of the wrong side.

In a frame, `<token>`, `<notice>`, `<csrf>`, `<own>`, `<foreign>` and `<ended>` stand for what a test has at
hand: her token, the notice's version, the console's CSRF value, the conversation that is held, one of another
service that somebody else holds, and one that is over. Knows no server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ID = "AAAAAAAAAAAAAAAAAAAAAA"
UNKNOWN = "BBBBBBBBBBBBBBBBBBBBBB"


def text(kind: str, **fields: Any) -> str:
    """Return a frame."""
    return json.dumps({"type": kind, **fields}, ensure_ascii=False)


def start(**fields: Any) -> str:
    """Return a right `start` with some fields changed or, where None, left out."""
    whole = {"service": "linden", "language": "sv", "notice": "<notice>"} | fields
    return text("start", **{name: value for name, value in whole.items() if value is not None})


HER_VERBS = {
    "say": text("say", id=ID, text="Hej."),
    "typing": text("typing"),
    "answer": text("answer", id=ID, proposal=1),
    "code": text("code"),
    "leave": text("leave"),
}
DRAFT: dict[str, Any] = {"receivers": ["mottagningen-vallentuna"], "purpose": "Hjälp", "want": "Ett boende"}
VERBS: Mapping[str, dict[str, Any]] = {
    "accept": {},
    "say": {"id": ID, "text": "Hej."},
    "typing": {},
    "end": {},
    "resume": {"after": 0},
    "ask": {"id": ID, "draft": DRAFT},
    "take_back": {},
}
FROM_SERVER = {
    "welcome": text("welcome", token="x", service="linden", phase="active", seq=0),
    "joined": text("joined", seq=1, alias="Kim"),
    "said": text("said", seq=1, **{"from": "service"}, text="Hej.", at="2026-01-01T00:00Z"),
    "ended": text("ended", seq=1, reason="visitor"),
    "answered": text("answered", seq=1, receivers=["x"]),
    "waiting": text("waiting", conversations=[]),
}
CONSOLES = {
    "hello": text("hello", csrf="<csrf>"),
    "duty": text("duty", on=True, services=["linden"], alias="Kim"),
    **{kind: text(kind, conversation=UNKNOWN, **fields) for kind, fields in VERBS.items()},
}

BEFORE_START: Mapping[str, tuple[str, str]] = {
    **{f"{kind} before start": (frame, "not_now") for kind, frame in HER_VERBS.items()},
    **{f"the console's {kind} before start": (frame, "bad_frame") for kind, frame in CONSOLES.items()},
    **{f"the server's {kind} before start": (frame, "bad_frame") for kind, frame in FROM_SERVER.items()},
    "start: unknown service": (start(service="nowhere"), "not_allowed"),
    "start: service in capitals": (start(service="LINDEN"), "bad_frame"),
    "start: service and a line break": (start(service="linden\n"), "bad_frame"),
    "start: service as a path": (start(service="../linden"), "bad_frame"),
    "start: empty service": (start(service=""), "bad_frame"),
    "start: long service": (start(service="a" * 65), "bad_frame"),
    "start: no service": (start(service=None), "bad_frame"),
    "start: list of services": (start(service=["linden"]), "bad_frame"),
    "start: another notice": (start(notice="another"), "conflict"),
    "start: empty notice": (start(notice=""), "conflict"),
    "start: no notice": (start(notice=None), "bad_frame"),
    "start: long notice": (start(notice="a" * 65), "bad_frame"),
    "start: notice is a number": (start(notice=1), "bad_frame"),
    "start: no language": (start(language=None), "bad_frame"),
    "start: language too short": (start(language="s"), "bad_frame"),
    "start: language with an underline": (start(language="sv_SE"), "bad_frame"),
    "start: language and a line break": (start(language="sv\n"), "bad_frame"),
    "start: long language": (start(language="a" * 17), "bad_frame"),
    "start: intake is a word": (start(intake="acute"), "bad_frame"),
    "start: acute is a number": (start(intake={"acute": 1}), "bad_frame"),
    "start: acute is a word": (start(intake={"acute": "yes"}), "bad_frame"),
    "start: unknown answer": (start(intake={"name": "Eva"}), "bad_frame"),
    "start: long answer": (start(intake={"need": "a" * 65}), "bad_frame"),
    "start: answer is a list": (start(intake={"need": ["a"]}), "bad_frame"),
    "start: a token": (start(token="x"), "bad_frame"),
    "start: an unknown field": (start(extra=1), "bad_frame"),
    "resume: no `after`": (text("resume", token="x"), "bad_frame"),
    "resume: token is null": (text("resume", token=None, after=0), "bad_frame"),
    "resume: her token, `after` negative": (text("resume", token="<token>", after=-1), "bad_frame"),
    "resume: her token, `after` beyond the head": (text("resume", token="<token>", after=3), "bad_frame"),
    "resume: her token, `after` is 2^53": (text("resume", token="<token>", after=2**53), "bad_frame"),
}
"""A visitor's first frame and the `nack`; then a right `start` on the same socket is answered."""

TOKENS: Mapping[str, str] = {
    "empty": "",
    "garbage": "garbage",
    "right length": "A" * 46,
    "of a day far ahead": "__8" + "A" * 43,
    "not ASCII": "åäö" * 15,
    "emoji": "\U0001f980" * 46,
    "30,000 characters": "A" * 30_000,
    "a path": "../../etc/passwd",
    "SQL": "' OR 1=1 --",
    "cut at the end": "<cut>",
    "cut at the beginning": "<headless>",
    "one character more": "<token>A",
    "padded": "<token>=",
    "a space before": " <token>",
    "a line break after": "<token>\n",
    "flipped in its day": "<flipped:0>",
    "flipped at its first key byte": "<flipped:3>",
    "flipped in the middle": "<flipped:20>",
    "flipped at the end": "<flipped:44>",
    "in other letters": "<swapped>",
    "twice": "<token><token>",
    "a staff session's": "<staff>",
}
"""What `resume` may carry instead of a live token. Outcome: close 4001, and not one frame."""

WHILE_TALKING: Mapping[str, tuple[str, str]] = {
    "second start": (start(), "not_now"),
    "resume after start": (text("resume", token="<token>", after=0), "not_now"),
    **{f"the console's {kind}": (frame, "bad_frame") for kind, frame in CONSOLES.items()},
    **{f"the server's {kind}": (frame, "bad_frame") for kind, frame in FROM_SERVER.items()},
    "say with a conversation": (text("say", conversation="<foreign>", id=ID, text="Hej."), "bad_frame"),
    "used id with another text": (text("say", id="<used>", text="Annan."), "conflict"),
    "used id with the text decomposed": (text("say", id="<used>", text="Sa\u030agt."), "conflict"),
    "say with a text that is too long": (text("say", id=ID, text="a" * 2_001), "too_long"),
    "answer to what was never asked": (text("answer", id=ID, proposal=7), "not_now"),
    "answer to her own message": (text("answer", id=ID, proposal=1), "not_now"),
    "answer to question 0": (text("answer", id=ID, proposal=0), "bad_frame"),
    "answer to question 2^70": (text("answer", id=ID, proposal=2**70), "bad_frame"),
    "answer under the id of a message": (text("answer", id="<used>", proposal=1), "conflict"),
    "answer with a wrong id": (text("answer", id="x", proposal=1), "bad_frame"),
    "answer with an unknown field": (text("answer", id=ID, proposal=1, name="Eva"), "bad_frame"),
    "yes without a receiver": (text("answer", id=ID, proposal=1, yes=[{"items": ["want"]}]), "bad_frame"),
    "yes to seven": (
        text("answer", id=ID, proposal=1, yes=[{"receiver": "x", "notice": "1", "items": ["want"]}] * 7),
        "bad_frame",
    ),
    "yes to an unknown item": (
        text("answer", id=ID, proposal=1, yes=[{"receiver": "x", "notice": "1", "items": ["partner"]}]),
        "bad_frame",
    ),
    "content with an unknown item": (
        text("answer", id=ID, proposal=1, content={"perpetrator": "ett namn"}),
        "bad_frame",
    ),
    "content that is too long": (
        text("answer", id=ID, proposal=1, content={"want": "a" * 1_001}),
        "bad_frame",
    ),
}
"""A visitor's frame in the middle of a talk, and the `nack`; the talk goes on."""

BEFORE_HELLO: Mapping[str, tuple[str, str | int]] = {
    "duty before hello": (CONSOLES["duty"], "not_now"),
    **{f"{kind} before hello": (CONSOLES[kind], "not_now") for kind in VERBS},
    **{
        f"{kind} of what is held, before hello": (text(kind, conversation="<own>", **fields), "not_now")
        for kind, fields in VERBS.items()
    },
    "start": (start(), "bad_frame"),
    "leave": (text("leave"), "bad_frame"),
    "hello without a value": (text("hello"), "bad_frame"),
    "hello with a number": (text("hello", csrf=1), "bad_frame"),
    "hello with an empty value": (text("hello", csrf=""), 4001),
    "hello with a made-up value": (text("hello", csrf="x" * 43), 4001),
    "hello with another session's value": (text("hello", csrf="<others-csrf>"), 4001),
}
"""A console's first frame with its cookie, and the `nack`; a close code comes after `not_allowed`."""

AT_THE_DESK: Mapping[str, tuple[str, str]] = {
    "second hello": (text("hello", csrf="<csrf>"), "not_now"),
    "her start": (start(), "bad_frame"),
    "her resume": (text("resume", token="<token>", after=0), "bad_frame"),
    **{f"her {kind}": (frame, "bad_frame") for kind, frame in HER_VERBS.items()},
    **{f"the server's {kind}": (frame, "bad_frame") for kind, frame in FROM_SERVER.items()},
    "accepted": (text("accepted", conversation=UNKNOWN), "bad_frame"),
    "conversation of 65 characters": (text("accept", conversation="x" * 65), "bad_frame"),
    "conversation is a number": (text("accept", conversation=1), "bad_frame"),
    "conversation missing": (text("accept"), "bad_frame"),
    **{
        f"resume, `after` is {after}": (text("resume", conversation="<own>", after=after), "bad_frame")
        for after in (-1, 99, 2**53, 2**53 + 1)
    },
    "used id with another text": (
        text("say", conversation="<own>", id="<used>", text="Annan."),
        "conflict",
    ),
    "say with a text that is too long": (
        text("say", conversation="<own>", id=ID, text="a" * 2_001),
        "too_long",
    ),
    **{
        f"ask: {name}": (text("ask", conversation="<own>", id=ID, draft=DRAFT | wrong), code)
        for name, wrong, code in (
            ("nobody", {"receivers": []}, "bad_frame"),
            ("seven", {"receivers": ["x"] * 7}, "bad_frame"),
            ("somebody who is not", {"receivers": ["nowhere"]}, "bad_frame"),
            ("the same twice", {"receivers": DRAFT["receivers"] * 2}, "bad_frame"),
            ("the other track", {"receivers": ["samverkan-bollnas"]}, "not_allowed"),
            ("without a purpose", {"purpose": "  "}, "bad_frame"),
            ("nothing", {"want": ""}, "bad_frame"),
            ("a message that is not", {"messages": [99]}, "bad_frame"),
            ("message 2^70", {"messages": [2**70]}, "bad_frame"),
            ("21 messages", {"messages": list(range(1, 22))}, "bad_frame"),
            ("a name", {"name": "Eva"}, "bad_frame"),
            ("a number in a text", {"want": "Ring 070-174 06 05"}, "identity"),
            ("an unknown form of violence", {"forms": ["other"]}, "bad_frame"),
        )
    },
    "take back what was never asked": (text("take_back", conversation="<own>"), "not_now"),
    "duty in a foreign service": (text("duty", on=True, services=["eken"], alias="Kim"), "not_allowed"),
    "duty in a service that is not": (
        text("duty", on=True, services=["nowhere"], alias="Kim"),
        "not_allowed",
    ),
    "duty in own and foreign": (
        text("duty", on=True, services=["linden", "eken"], alias="Kim"),
        "not_allowed",
    ),
    "duty without an alias": (text("duty", on=True, services=["linden"]), "not_allowed"),
    "duty in nothing": (text("duty", on=True, services=[], alias="Kim"), "not_now"),
    "duty: service in capitals": (text("duty", on=True, services=["LINDEN"], alias="Kim"), "bad_frame"),
    "duty: services as a word": (text("duty", on=True, services="linden", alias="Kim"), "bad_frame"),
    "duty: 65 services": (text("duty", on=True, services=["linden"] * 65, alias="Kim"), "bad_frame"),
    "duty: on is a word": (text("duty", on="yes", services=["linden"], alias="Kim"), "bad_frame"),
    "duty: an account's name": (text("duty", on=True, services=["linden"], name="x"), "bad_frame"),
}
"""A console's frame in the middle of a talk, and the `nack`; the talk goes on."""

NOT_THEIRS: Mapping[str, tuple[str, dict[str, Any]]] = {
    **{f"{kind} it": (kind, fields) for kind, fields in VERBS.items()},
    "resume it from below nothing": ("resume", {"after": -1}),
    "resume it beyond the head": ("resume", {"after": 99}),
    "say too much in it": ("say", {"id": ID, "text": "a" * 2_001}),
}
"""What an operator asks of a conversation that waits elsewhere, is held elsewhere, is over, or never was.

Outcome: `nack not_allowed`, the very same for all of them.
"""
