# SPDX-License-Identifier: EUPL-1.2
"""The words that lists of phrases know, found however they are spelt.

Owns which spellings stand for a word: doubled and missing letters, swapped ones, and endings. All of them are
written down when the lists are loaded, so a word of a text costs two or three look-ups. Keeps nothing of what
it reads and must not know what a word means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

HEAD: Final = 3
"""A stem has at least so many letters; the first ones tell whether any stem can fit."""
_MISSING: Final = 6
"""From so many letters on a word is still the same when one is missing."""
_SWAPPED: Final = 5
_LONG_STEM: Final = 6
"""Shorter stems with a letter missing would be the beginning of too many other words."""


def doubled(word: str) -> Iterator[str]:
    """Yield a word with each letter doubled, and with each doubled letter single."""
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]
        if len(word) > HEAD and place and letter == word[place - 1]:
            yield word[:place] + word[place + 1 :]


def mistyped(word: str) -> Iterator[str]:
    """Yield a word with one letter missing, then with two swapped.

    The first letter is never missing, nor the last: in many languages it says who does it to whom.
    """
    if len(word) >= _MISSING:
        for place in range(1, len(word) - 1):
            yield word[:place] + word[place + 1 :]
    if len(word) >= _SWAPPED:
        for place in range(1, len(word) - 1):
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


class Lexicon:
    """Words and stems with what they stand for.

    A word stands for everything that it is listed under, and for all that its beginning is a stem of. A word
    that is listed is never taken for another one misspelt; `known` are ordinary words that are not either.
    """

    __slots__ = ("_heads", "_stems", "_words", "meanings")

    def __init__(
        self, words: Mapping[str, set[int]], stems: Mapping[str, set[int]], known: Iterable[str] = ()
    ) -> None:
        self.meanings: list[tuple[int, ...]] = []
        """What each entry stands for, by the number that `entry` returns."""
        numbers: dict[tuple[int, ...], int] = {}

        def number(word: str, own: Iterable[int]) -> int:
            meaning = tuple(sorted({*own, *_of_stems(word, stems)}))
            if meaning not in numbers:
                numbers[meaning] = len(self.meanings)
                self.meanings.append(meaning)
            return numbers[meaning]

        self._words = {word: number(word, own) for word, own in words.items()}
        self._stems = {stem: number(stem, own) for stem, own in stems.items()}
        # A word that is known stands for what it is listed under, or for nothing; not even for its stem.
        nothing = number("", ())
        for word in known:
            self._words.setdefault(word, nothing)
        _add_spellings(self._words, words)
        _add_spellings(self._stems, [stem for stem in stems if len(stem) > HEAD], least=_LONG_STEM)
        self._heads: dict[str, tuple[int, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for stem in self._stems:
            lengths.setdefault(stem[:HEAD], set()).add(len(stem))
        self._heads = {head: tuple(sorted(each, reverse=True)) for head, each in lengths.items()}

    def places(self, tokens: Iterable[str]) -> dict[int, int]:
        """Return where each entry stands, as a mask: bit n for the n-th token."""
        found: dict[int, int] = {}
        words, heads, stems = self._words, self._heads, self._stems
        bit = 1
        for token in tokens:
            entry = words.get(token)
            if entry is None and (lengths := heads.get(token[:HEAD])) is not None:
                for length in lengths:
                    entry = stems.get(token[:length])
                    if entry is not None:
                        break
            if entry is not None:
                found[entry] = found.get(entry, 0) | bit
            bit <<= 1
        return found


def _of_stems(word: str, stems: Mapping[str, set[int]]) -> Iterator[int]:
    for length in range(HEAD, len(word) + 1):
        yield from stems.get(word[:length], ())


def _add_spellings(entries: dict[str, int], listed: Iterable[str], least: int = 0) -> None:
    """Add the spellings of what is listed; one that is there already stands for what it stood for."""
    listed = list(listed)
    for word in listed:
        for spelling in doubled(word):
            entries.setdefault(spelling, entries[word])
    for word in listed:
        if len(word) >= least:
            for spelling in mistyped(word):
                entries.setdefault(spelling, entries[word])
