# SPDX-License-Identifier: EUPL-1.2
"""Patterns that fingers and calendars make: rows of keys, alphabets, repetitions, years and dates.

Owns what a pattern is and what it is worth in a password (`guessable.py`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LEAST = 4
_WALKS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopa",
    "qwertzuiop",
    "asdfghjkloa",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qazxsw23edcvfr45tgbnhy67ujm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9",
    "1a2b3c4d5e6f7g8h9i",
    "1!2@3#4$5%6^7&8*",
    '!"#¤%&/()=?',
    "!@#$%^&*()",
)  # fmt: skip
_BOTH_WAYS: Final = _WALKS + tuple(walk[::-1] for walk in _WALKS)
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)
_DATES = (
    re.compile(r"(?=((?:19|20)\d\d))"),
    re.compile(r"(?=((?:19|20)\d\d[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])))"),
    re.compile(r"(?=((?:0[1-9]|[12]\d|3[01])[-./]?(?:0[1-9]|1[0-2])[-./]?(?:19|20)\d\d))"),
)
_DATE = 2
"""What a year or a date costs: there are many, and people choose their own."""


def patterns(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each begins and ends, and what it costs. `text` is in small letters."""
    for run in _RUN.finditer(text):
        yield run.start(), run.end(), 1
    for date in _DATES:
        for found in date.finditer(text):
            yield found.start(1), found.end(1), _DATE
    for start in range(len(text)):
        yield from _walks(text, start)
        yield from _said_before(text, start)


def _walks(text: str, start: int) -> Iterator[tuple[int, int, int]]:
    end = start + _LEAST
    while end <= len(text) and any(text[start:end] in walk for walk in _BOTH_WAYS):
        yield start, end, 1
        end += 1


def _said_before(text: str, start: int) -> Iterator[tuple[int, int, int]]:
    end = start + _LEAST - 1
    while end <= len(text) and text[start:end] in text[:start]:
        yield start, end, 0
        end += 1
