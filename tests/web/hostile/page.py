# SPDX-License-Identifier: EUPL-1.2
"""The tables of hostile input as one page, so that a reader sees every row and its outcome in one place.

Owns the text of `docs/hostile-input.md`. Writes no file and asks no server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tests.web.hostile import json_text, protocol, requests, texts, wire

HEAD = """# Hostile input

Written from the tables in `tests/web/hostile`; a test holds it against them. Write it anew:

    python -c "from tests.web.hostile.page import page; print(page(), end='')" > docs/hostile-input.md

`tests/web/test_hostile.py` and `tests/web/test_hostile_requests.py` run every row against a whole server.
After each row two others still talk with each other, and nothing of it is in the log.

A number is a close code or a status of HTTP; a word is the code of a `nack`, after which the socket goes on.
"""

STORIES: Mapping[str, tuple[str, str]] = {
    "20,000 pieces of one message": (
        "1009 at the 257th; less than 50 ms of the processor",
        "test_twenty_thousand_pieces_cost_little",
    ),
    "flood of 10,000 pings": (
        "each is answered; nobody else notices",
        "test_flood_of_pings_is_answered_and_harms_nobody",
    ),
    "twenty malformed frames on one socket": ("4029", "test_twenty_bad_frames_are_abuse"),
    "refusals without end on one socket": ("4029", "test_refusals_without_end_are_4029"),
    "a token of 1 MB": ("1009", "test_token_of_a_megabyte_is_too_large"),
    "a session's cookie that was there before the sign-in": (
        "another one after it; the old one opens nothing more",
        "test_preset_session_cookie_is_not_kept",
    ),
    "a name with markup at the sign-in": ("inert", "test_name_comes_back_inert"),
    "an Origin given twice": ("400 or 403", "test_socket_with_two_origins_is_refused"),
    "half a request": ("gone after 10 s", "test_half_a_request_is_dropped"),
    "texts of every kind on both screens": (
        "inert, in their own box and direction, unchanged; not one request",
        "tests/browser/test_hostile_text.py",
    ),
    "made-up frames, forms, tokens, hours, site files": (
        "an answer or a refusal, never anything else",
        "`make fuzz`",
    ),
}
"""What takes more than a row, and the test that tells it."""


def _rows(title: str, rows: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield f"\n## {title}\n\n| what | outcome |\n|---|---|\n"
    for name, outcome in rows:
        yield f"| {_cell(name)} | {_cell(str(outcome))} |\n"


def _cell(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text).replace("|", "\\|")


def _requests(rows: Mapping[str, requests.Request]) -> list[tuple[str, object]]:
    return [(name, row.status) for name, row in rows.items()]


def page() -> str:
    """Return the whole page."""
    delivered = "read by the other one byte for byte, at once and again"
    said = [(name, "too_long" if code else delivered) for name, (_, code) in texts.LENGTHS.items()]
    aliases = [(name, code or "shown") for name, (_, code) in texts.ALIASES.items()]
    parts = [
        _rows("On the wire, both sockets", ((name, out) for name, (_, out) in wire.WIRE.items())),
        _rows("What a handshake offers", ((each, "not agreed on") for each in wire.EXTENSIONS)),
        _rows("JSON, both sockets", ((name, "bad_frame") for name in json_text.BAD_FRAMES)),
        _rows("JSON that only looks so", ((name, "taken") for name in json_text.SOUND)),
        _rows("Her first frame", ((name, out) for name, (_, out) in protocol.BEFORE_START.items())),
        _rows("A token that is", ((name, "4001, no frame") for name in protocol.TOKENS)),
        _rows("While she talks", ((name, out) for name, (_, out) in protocol.WHILE_TALKING.items())),
        _rows("A console's first frame", ((name, out) for name, (_, out) in protocol.BEFORE_HELLO.items())),
        _rows("At the desk", ((name, out) for name, (_, out) in protocol.AT_THE_DESK.items())),
        _rows(
            "A conversation that waits or is held elsewhere, is over, or never was",
            ((name, "not_allowed, the same for all") for name in protocol.NOT_THEIRS),
        ),
        _rows("Texts", [*((name, delivered) for name in texts.DELIVERED), *said]),
        _rows("An alias", aliases),
        _rows("An Origin, for sockets and forms", ((name, 403) for name in requests.ORIGINS)),
        _rows("A Host", ((name, "400; 400 or 403 for a socket") for name in requests.HOSTS)),
        _rows("A path to a file", ((f"`{path[:60]}`", "400, 404 or 405") for path in requests.STATIC_PATHS)),
        _rows("Forms", _requests(requests.FORMS)),
        _rows("Other requests", _requests(requests.REQUESTS)),
        _rows("Forged headers", ((name, "the same as without") for name in requests.FORWARDED)),
        _rows("What is no request", ((name, "400, 405, 501 or gone") for name in requests.GARBAGE)),
        _rows("A head that does not end", ((name, "400, 431 or gone") for name in requests.ENDLESS)),
        _rows(
            "What takes more than a row", ((name, f"{out} ({test})") for name, (out, test) in STORIES.items())
        ),
    ]
    return HEAD + "".join(line for part in parts for line in part)
