# SPDX-License-Identifier: EUPL-1.2
"""Seeing what tells who somebody is: where it stands in a text, and of what kind it is.

Owns the search. What is looked for stands in the rules (`config/rules/identity.toml`), which the browser
reads too (`web/static/shared/identity.js`). The text is sketched, each word as one letter for its class, and
the rules are regular expressions over the sketch. Only those are tried that the signs in the sketch and the
digits of its numbers leave possible. Every quantifier in them is bounded and so is the number of candidates
that are looked at, so the work grows with the length of the text and no faster. Keeps nothing, and must not
know who wrote or what becomes of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from msgspec import Struct

from moderation.checks import ALLOWING, LINE, Piece
from moderation.identity_rules import LONG_NUMBER, IdentityRules, Rule
from moderation.numbers import Numbers
from moderation.reading import Reading, parted

MOST_FOUND: Final = 300
MOST_DOUBTED: Final = 60
"""So many pieces one rule finds in one text, and so many that it takes for possible and its check does not. A
message of a person has a few; without bounds a text made up for it would cost more than its length."""

_DIGIT: Final = re.compile("[0-9]")
_IN_CAPITALS: Final = re.compile("[A-Z]{3}[ -]?[0-9]")
_DIGIT_NEXT: Final = re.compile("[ -]?[0-9]")
_DOT_BEFORE_LETTER: Final = re.compile(r"\.[^\W\d_]")
_LETTER_AFTER_DIGIT: Final = re.compile("[0-9][oil]")
_LETTER_BEFORE_DIGIT: Final = re.compile("[oil][0-9]")
_RUN: Final = re.compile(r"[^\W_]+")
_LETTERS_FOR_DIGITS: Final = str.maketrans("oil", "011")
_LONG_NUMBER: Final = re.compile(r"[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){4}")
_TAKEN: Final = "\x00"
_LONG: Final = 300
"""In a shorter sketch a rule is looked for everywhere: that is as fast as to find out where it may be."""
_CHAIN: Final = 5
"""So many words for digits in one message are read as a number."""


class Span(Struct, frozen=True, order=True):
    """One piece of identity data: `text[start:end]` is of this kind."""

    start: int
    end: int
    kind: str


def identity_in(reading: Reading, rules: IdentityRules) -> tuple[Span, ...]:
    """Return every piece of identity data in the order in which they stand, none overlapping."""
    plain = reading.plain
    has_digits = _DIGIT.search(plain) is not None
    if not has_digits and rules.alone.isdisjoint(words := reading.words) and not _has_sign(plain):
        if rules.numbers.keys().isdisjoint(words):
            return ()
        if sum(word in rules.numbers for word in words) < _CHAIN and not rules.streets_in(words):
            return ()
    return tuple(sorted(_Search(reading, rules, has_digits=has_digits).spans()))


def _has_sign(plain: str) -> bool:
    """Tell whether there is a sign that may be one of an address on the web or of a name there."""
    # Looking for one sign at a time is many times as fast as for any of four.
    return "@" in plain or "/" in plain or "_" in plain or _DOT_BEFORE_LETTER.search(plain) is not None


class _Search:
    """One search through one text."""

    def __init__(self, reading: Reading, rules: IdentityRules, *, has_digits: bool) -> None:
        self._reading = reading
        self._rules = rules
        self._has_digits = has_digits
        self._plain, parts = reading.plain, reading.parts
        if has_digits and _has_letters_for_digits(self._plain):
            self._plain = _RUN.sub(_as_digits, self._plain)
            parts = parted(self._plain)
        self._parts = parts
        self._letters = self._sketched()
        self.sketch = "".join(self._letters)
        self._steps: tuple[list[int], list[int]] | None = None
        self._numbers: Numbers | None = None

    def _sketched(self) -> list[str]:
        """Return the parts of the text, each word as the letter of its class or as digits that it names."""
        rules, words = self._rules, self._parts[1::2]
        known, by_form, numbers = rules.classes.get, rules.by_form, rules.numbers
        typed = self._reading.cased
        cased = words if typed == self._reading.plain else parted(typed)[1::2]
        if len(cased) != len(words):  # letters were read as digits
            cased = self._cased_words()
        letters = [known(word) or by_form(word, shown) for word, shown in zip(words, cased, strict=True)]
        if self._has_digits and _IN_CAPITALS.search(typed) is not None and typed != typed.upper():
            # "RDB 268" is no word in capitals where all else is not.
            letters = [
                "V"
                if len(word) == 3 and _is_in_capitals(word, shown) and _DIGIT_NEXT.match(after)
                else letter
                for word, shown, after, letter in zip(words, cased, self._parts[2::2], letters, strict=True)
            ]
        if self._counts(words, letters):
            letters = [numbers.get(word, letter) for word, letter in zip(words, letters, strict=True)]
        sketched = self._parts.copy()
        sketched[1::2] = letters
        return sketched

    def _counts(self, words: list[str], letters: list[str]) -> bool:
        """Tell whether words stand for digits here: many of them, or some among many digits."""
        numbers, named = self._rules.numbers, letters.count("q")
        if named > 2 and sum(word in numbers for word in words) >= _CHAIN:
            return True
        begins = named > 0 and any(numbers.get(word, "").startswith("0") for word in words)
        return (named > 1 or begins) and len(_DIGIT.findall(self._plain)) >= _CHAIN

    def _cased_words(self) -> list[str]:
        place, found = 0, []
        for index, part in enumerate(self._parts):
            if index % 2:
                found.append(self._reading.cased[place : place + len(part)])
            place += len(part)
        return found

    def spans(self) -> Iterator[Span]:
        """Find everything, rule by rule."""
        signs = set(self.sketch)
        if not signs.isdisjoint("0123456789") and _LONG_NUMBER.search(self.sketch) is not None:
            signs.add(LONG_NUMBER)
        is_long, whole = len(self.sketch) > _LONG, [(0, len(self.sketch))]
        for rule in self._rules.called_for(signs):
            if rule.digits:
                numbers = self._numbers = self._numbers or Numbers(self.sketch)
                if not rule.digits & numbers.digits:
                    continue
                if is_long:
                    yield from self._of(rule, numbers.stretches(rule.digits))
                    continue
            if rule.pattern.search(self.sketch) is not None:
                yield from self._of(rule, whole)

    def _of(self, rule: Rule, stretches: list[tuple[int, int]]) -> Iterator[Span]:
        """Yield what one rule finds in some stretches of the sketch."""
        place = found = doubted = 0
        for begin, stop in stretches:
            place = max(place, begin)
            while (match := rule.pattern.search(self.sketch, place, stop)) is not None:
                start, end = match.span(1)
                where, until = self._in_plain(start), self._in_plain(end - 1, after=True)
                piece = Piece(self.sketch[start:end], self._plain[where:until])
                failed = next((check for check in rule.checks if not check(piece, self._rules.allowed)), None)
                if failed in ALLOWING:
                    # Ours, whole: it may come as often as it will, and hides nothing that stands after it.
                    place, found = end, found + 1
                    if failed is LINE:
                        # Nor does it begin anything: "08-123 456 78, vardagar" holds no postcode.
                        self._take(start, end, rule)
                elif failed is not None:
                    place, doubted = match.start() + 1, doubted + 1
                else:
                    place, found = end, found + 1
                    self._take(start, end, rule)
                    yield Span(*self._reading.span(where, until), rule.kind)
                if found >= MOST_FOUND or doubted >= MOST_DOUBTED:
                    return

    def _take(self, start: int, end: int, rule: Rule) -> None:
        """Take a piece out of the sketch: no later rule sees it again."""
        self.sketch = self.sketch[:start] + _TAKEN * (end - start) + self.sketch[end:]
        if not rule.digits or len(self.sketch) <= _LONG:
            # A number may be cut in two now. If it was taken whole, counting anew pays where it is soon done.
            self._numbers = None

    def _in_plain(self, place: int, *, after: bool = False) -> int:
        """Return where the text of one character of the sketch begins, or ends."""
        if self._steps is None:
            self._steps = self._ways()
        marks, ways = self._steps
        step = bisect_right(marks, place + 1 if after else place) - 1
        return ways[step] + (place + 1 if after else place) - marks[step]

    def _ways(self) -> tuple[list[int], list[int]]:
        """Return where each part begins in the sketch, and where in the text."""
        return [0, *accumulate(map(len, self._letters))], [0, *accumulate(map(len, self._parts))]


def _is_in_capitals(plain: str, cased: str) -> bool:
    return all(one != other for one, other in zip(plain, cased, strict=True))


def _has_letters_for_digits(plain: str) -> bool:
    return _LETTER_AFTER_DIGIT.search(plain) is not None or _LETTER_BEFORE_DIGIT.search(plain) is not None


def _as_digits(run: re.Match[str]) -> str:
    """Read "o7o" and "83i" as the digits that are meant; "10l" may be litres, which is no harm."""
    typed = run[0]
    if len(typed) > 2 or "o" in typed:
        digits = typed.translate(_LETTERS_FOR_DIGITS)
        return digits if digits.isdigit() else typed
    return typed
