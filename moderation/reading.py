# SPDX-License-Identifier: EUPL-1.2
"""How a text is read: folded so that the same word looks the same however it was typed.

Owns the folding and the way back to the text as it was written. Digits of every script become ASCII digits,
full-width and mathematical letters become plain ones, accents, joiners, bidi marks and other invisible signs
go, every space is a space and every dash a hyphen. So composed and decomposed letters read alike. The browser
folds by the same rules (`web/static/shared/identity.js`); a test holds the two together. Knows no rule and
keeps nothing of what it reads.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LETTERS: Final = {
    "ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "ß": "s", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    "ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "−": "-", "ー": "-", "。": ".",
    "'": "", "’": "", "‘": "", "´": "", "`": "", "ʼ": "",
    "\u2800": " ", "\u3164": " ", "\u115f": " ", "\u1160": " ", "\uffa0": " ",
}  # fmt: skip
"""Letters and signs that no decomposition brings together, though people type one for the other."""

_INVISIBLE: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co"})
_WORD: Final = re.compile(r"([^\W\d_]+)")
"""A run of letters; splitting by it gives what stands between words and the words in turn."""
_ASCII_WORD: Final = re.compile("([A-Za-z]+)")
"""The same for a text of ASCII alone, and a third faster."""
_MOST_FOLDS: Final = 20_000


def fold(letter: str) -> str | None:
    """Return the one character that stands for a letter, or None for what nobody sees."""
    if letter in LETTERS:
        return LETTERS[letter] or None
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    if category in _INVISIBLE:
        return None
    if category == "Pd":
        return "-"
    first = unicodedata.normalize("NFKD", letter)[0]
    if first == letter or first.isascii():
        digit = unicodedata.digit(first, None) if category == "Nd" else None
        return first if digit is None else str(digit)
    return fold(first)


class _Folds(dict[int, str | None]):
    """Foldings by code point, as `str.translate` asks for them. Bounded: nobody may fill it up."""

    def __missing__(self, code: int) -> str | None:
        folded = fold(chr(code))
        if len(self) < _MOST_FOLDS:
            self[code] = folded
        return folded


_FOLDS: Final = _Folds()
_SWEDISH: Final = tuple((letter, fold(letter) or "") for letter in "åäöÅÄÖ")


def _cased(text: str) -> str:
    """Return a text folded, its capitals kept. ASCII alone is folded fast, and most texts are nearly that."""
    if not text.isascii():
        for letter, plain in _SWEDISH:
            text = text.replace(letter, plain)
    return text.translate(_FOLDS)


def parted(text: str) -> list[str]:
    """Return a text in pieces: what is no word, a word, what is no word, and so on."""
    return (_ASCII_WORD if text.isascii() else _WORD).split(text)


class Reading:
    """One text as it is read.

    `cased` and `plain` (lower case) have the same length; each of their characters stands for one of `text`.
    `parts` is `plain` as it is `parted`. `looked_up` is where `moderation.phrases` has seen which words, and
    in which lexicon, so that it looks only once.
    """

    __slots__ = ("_places", "cased", "looked_up", "parts", "plain", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.cased = _cased(text)
        self.plain = self.cased.lower()
        self.looked_up: tuple[object, dict[int, int]] | None = None
        self.parts = parted(self.plain)
        self._places: list[int] | None = None
        if len(self.cased) != len(text):
            self._places = [place for place, letter in enumerate(text) if _FOLDS[ord(letter)] is not None]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `plain[start:end]` stands in the text; what nobody sees at its end belongs to it."""
        if self._places is None:
            return start, end
        places = self._places
        return places[start], places[end] if end < len(places) else len(self.text)

    @property
    def words(self) -> list[str]:
        """The words of `plain` in order: runs of letters of any script."""
        return self.parts[1::2]


def folded(text: str) -> str:
    """Return a text of ours (a cue, a phrase) as it must be written to be found in `Reading.plain`."""
    return _cased(text).lower()
