# SPDX-License-Identifier: EUPL-1.2
"""Where numbers stand in a sketch and how many digits they have, so that a rule is tried there alone.

Owns what may be one number: digits with little between them. A rule for numbers takes whole runs of digits,
and so many that it says (`Rule.digits`); where no runs that stand together have so many, it can find nothing.
Knows no rule.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"[0-9](?:[^0-9A-Za-z\x00]{0,4}[0-9]){4,}")
"""Five digits or more, and so little between them that a rule may take them for one number."""
_RUN: Final = re.compile("[0-9]+")
_BEFORE: Final = 32
"""A rule begins at most so many signs before its number: a word, and what stands between the two."""
_BEHIND: Final = 32
"""And it ends, and looks, at most so many behind it."""


class Numbers:
    """The numbers of one sketch, in order.

    They still hold when some were taken out of the sketch whole: what is left is fewer of the same.
    """

    __slots__ = ("_each", "digits")

    def __init__(self, sketch: str) -> None:
        self._each: list[tuple[int, int, int]] = []
        self.digits = 0
        """How many digits there are in any runs that stand together, as bits."""
        for number in _NUMBER.finditer(sketch):
            start, end = number.span()
            # A rule looks no further than to the next digit, and sees that there is one.
            following = _RUN.search(sketch, end, end + _BEHIND)
            end = end + _BEHIND if following is None else following.start() + 1
            digits = _digits(number[0])
            self._each.append((max(start - _BEFORE, 0), end, digits))
            self.digits |= digits

    def stretches(self, digits: int) -> list[tuple[int, int]]:
        """Return where to look for numbers of so many digits: parts of the sketch, apart and in order."""
        found: list[tuple[int, int]] = []
        for start, end, counts in self._each:
            if not digits & counts:
                continue
            if found and start <= found[-1][1]:
                start, _ = found.pop()  # noqa: PLW2901 - one stretch with the number before it
            found.append((start, end))
        return found


def _digits(number: str) -> int:
    """Return how many digits there are in any runs that stand together, as bits."""
    together = ending = 0
    for run in _RUN.findall(number):
        ending = (ending | 1) << len(run)
        together |= ending
    return together
