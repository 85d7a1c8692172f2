# SPDX-License-Identifier: EUPL-1.2
"""Everything that people said, showed and got while tests ran, and whether any of it stands in a log.

Owns what is remembered, for this process and while `remember` is on. Every frame both ways, every form, every
cookie and every address that somebody came from passes here. What is shorter than `SHORTEST` could stand in
any text by chance.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl, quote, quote_plus

import httpx

from tests.service.traces import forms

SHORTEST: Final = 8
MOST: Final = 20_000
"""So many, the last ones: a server is looked at when it ends."""
ALWAYS: Final = ("127.0.0.1", "jourchatt-demo", "en handfull demo", "/chat/", "/tickets/", "__Host-")
"""What no line may hold, whoever said it."""
_WHEN: Final = re.compile(r'"at": "[^"]*", ')
_PLAIN: Final = re.compile(r"[a-z_-]{1,11}")
"""A short word of small letters may be the name of a module, as every role of the staff is."""
_OPEN: Final = frozenset({"type", "service", "language", "notice", "reason", "phase", "role", "code", "at"})
"""Fields whose words come from the contract or from the site file, and not from anybody."""

_said: dict[str, None] = {}
_remembers = False


def remember(*, on: bool) -> None:
    """Begin or end to remember."""
    global _remembers  # noqa: PLW0603 - one for the process, as what is printed is
    _remembers = on


def is_remembered() -> bool:
    """Tell whether anything is remembered."""
    return _remembers


def overhear(what: Any) -> None:
    """Remember every text in a frame, a form or a header."""
    if not _remembers:
        return
    match what:
        case str():
            if len(what) >= SHORTEST and not _PLAIN.fullmatch(what):
                _said[what] = None
                if len(_said) > MOST:
                    del _said[next(iter(_said))]
        case dict():
            for name, each in what.items():
                # A code is a secret where it is words: four at least.
                if name not in _OPEN or (name == "code" and " " in str(each)):
                    overhear(each)
        case list() | tuple():
            for each in what:
                overhear(each)
        case _:
            pass


async def overhear_request(request: httpx.Request) -> None:
    """Remember what a browser sends: every field of a form and of a query, and every cookie."""
    if not _remembers:
        return
    body = request.content.decode(errors="replace") if request.headers.get("content-length") else ""
    overhear([value for _, value in parse_qsl(request.url.query.decode())])
    overhear([value for _, value in parse_qsl(body)] or body)
    overhear([pair.partition("=")[2].strip() for pair in request.headers.get("cookie", "").split(";")])


def in_log(text: str, *more: str) -> list[str]:
    """Return what of all this, and of `more`, stands in a text: raw, in base64, hexadecimal or an address."""
    lines = "\n".join(dict.fromkeys(_WHEN.sub("", text).splitlines())).encode()
    lowered = lines.lower()
    return [
        word
        for word in dict.fromkeys((*ALWAYS, *_said, *more))
        if any(form in lines for form in forms(word)) or any(form in lowered for form in _in_address(word))
    ]


def _in_address(word: str) -> set[bytes]:
    return {quote(word).lower().encode(), quote_plus(word).lower().encode()}
