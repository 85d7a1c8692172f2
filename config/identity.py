# SPDX-License-Identifier: EUPL-1.2
"""Reads the rules by which identity data is seen.

Owns the file and what the site adds to it: its own lines are never identity data. Must not know what the
rules mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.site import Channel, Line
from moderation.identity_rules import IdentityRules, allowing, identity_rules
from moderation.reading import LETTERS

_FILE = Path(__file__).parent / "rules" / "identity.toml"
_NOT_DIGIT = re.compile("[^0-9]")


@cache
def identity_source() -> Mapping[str, Any]:
    """Return the file as it was written."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def read_identity(
    lines: Iterable[Line] = (), hosts: Collection[str] = (), more: Collection[str] = ()
) -> IdentityRules:
    """Return the rules in every language.

    What the site's lines name, and beside it `hosts` and the telephone numbers `more`, is never identity
    data.
    """
    numbers, allowed = allowed_by(lines)
    numbers += map(_digits, more)
    return allowing(_usual(), identity_source(), numbers=numbers, hosts=[*allowed, *map(_bare, hosts)])


@cache
def _usual() -> IdentityRules:
    """Return the rules of the file alone; it takes a moment to read."""
    return identity_rules(identity_source())


def allowed_by(lines: Iterable[Line]) -> tuple[list[str], list[str]]:
    """Return the telephone numbers (digits) and the hosts that are some line's own."""
    numbers, hosts = [], []
    for line in lines:
        if line.channel is Channel.PHONE:
            numbers.append(_digits(line.address))
        elif (host := urlsplit(line.address).hostname) is not None:
            hosts.append(_bare(host))
    return numbers, hosts


def browser_identity(
    language: str, lines: Iterable[Line] = (), hosts: Collection[str] = (), more: Collection[str] = ()
) -> dict[str, Any]:
    """Return the part of the file that a page in this language gets, in the file's own form.

    Only the rules are lists of kind, needs, pattern and checks: their names would be most of the download.
    """
    source = identity_source()
    far = set(source["far"].split())
    numbers, allowed = allowed_by(lines)
    numbers += map(_digits, more)
    other = "en" if language == "sv" else language
    codes = [code for code in source["words"] if code in {"common", "sv", other}]
    return {
        "letters": LETTERS,
        "words": {code: _without(source["words"][code], far) for code in codes},
        "numbers": {
            code: " ".join(source["numbers"][code].split()) for code in codes if code in source["numbers"]
        },
        "endings": {name: "" if name in far else _tidy(words) for name, words in source["endings"].items()},
        "allowed": {
            # Sorted, so that they are smaller on the way; their order means nothing.
            "numbers": " ".join(sorted({*source["allowed"]["numbers"].split(), *numbers})),
            "hosts": " ".join(sorted({*source["allowed"]["hosts"].split(), *allowed, *map(_bare, hosts)})),
        },
        "pieces": source["pieces"],
        "checks": source["checks"],
        "rule": [
            [rule["kind"], rule["needs"], rule["find"], rule.get("check", "")]
            for rule in source["rule"]
            if not rule.get("far", False)
        ],
    }


def _digits(number: str) -> str:
    return _NOT_DIGIT.sub("", number)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _without(lists: Mapping[str, str], far: Collection[str]) -> dict[str, str]:
    return {letter: _tidy(words) for letter, words in lists.items() if letter not in far}


def _tidy(words: str) -> str:
    """Return the words by their ends: so they are smallest on the way, and their order means nothing."""
    return " ".join(sorted(words.split(), key=lambda word: word[::-1]))
