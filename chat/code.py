# SPDX-License-Identifier: EUPL-1.2
"""Six words that only she has: the code for what she has sent, and the one that reopens her conversation.

Owns the form of a code: which words there are, how one is made, and what is forgiven when it is typed. What
a code opens is in `handover/sealing.py` and in `chat/sealing.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from chat.ids import Randomness

WORDS_IN_CODE = 6
LEAST_DIFFERENT = 5
LIST_LENGTH = 2_048
"""Eleven bits a word: 66 in a code."""

_BETWEEN = re.compile(r"[^a-zåäö]+")


def new_code(words: Sequence[str], randomness: Randomness) -> str:
    """Return a fresh code, its words with single spaces between them."""
    while True:
        drawn = int.from_bytes(randomness.bytes(9), "big")
        code = " ".join(words[(drawn >> (11 * n)) % LIST_LENGTH] for n in range(WORDS_IN_CODE))
        if is_strong(code):  # one in a hundred thousand is not
            return code


def is_strong(code: str) -> bool:
    """Tell whether `new_code` may give it: nobody must be able to guess what a page has made up."""
    return len(set(code.split())) >= LEAST_DIFFERENT


def read_code(text: str, words: Sequence[str]) -> str | None:
    """Return the one form of a code however it was typed, or None when it cannot be one.

    Capitals, spaces, commas, dots, hyphens, line breaks and the way in which å, ä and ö are composed do not
    matter.
    """
    if len(text) > 400:
        return None
    plain = unicodedata.normalize("NFC", text).casefold()
    typed = [word for word in _BETWEEN.split(plain) if word]
    known = frozenset(words)
    if len(typed) == 1:
        typed = _parted(typed[0], known)
    if len(typed) != WORDS_IN_CODE or any(word not in known for word in typed):
        return None
    return " ".join(typed)


def _parted(run: str, known: frozenset[str]) -> list[str]:
    """Part what was typed without any space. The list is free of words that begin another one."""
    parts: list[str] = []
    start = 0
    for end in range(1, len(run) + 1):
        if run[start:end] in known:
            parts.append(run[start:end])
            start = end
    return parts if start == len(run) else []
