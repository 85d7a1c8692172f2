# SPDX-License-Identifier: EUPL-1.2
"""The words that lists of phrases know, found however they are spelt.

Owns which spellings stand for a word: doubled and missing letters, swapped ones, and endings. All of them are
written down when the lists are loaded, so a word of a text costs two or three look-ups. Keeps nothing of what
it reads and must not know what a word means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HEAD: Final = 3
"""A stem has at least so many letters; the first ones tell whether any stem can fit."""
MOST_PLACES: Final = 1024
"""Of more words than these the rest is not looked up."""
_BITS: Final = tuple(1 << place for place in range(MOST_PLACES))
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


@dataclass(frozen=True, slots=True)
class Listed:
    """What one list knows: words and stems (a word's beginning) with the classes that they are listed under.

    A word stands for everything that it is listed under, and for all that its beginning is a stem of. A word
    that is listed is never taken for another one misspelt; `known` are ordinary words that are not either.
    """

    words: Mapping[str, set[int]]
    stems: Mapping[str, set[int]]
    known: Iterable[str] = ()


class Lexicon:
    """The words and stems of several lists, so that a word is looked up once for all of them.

    What it stands for in one list has nothing to do with the other lists.
    """

    __slots__ = ("_heads", "_stems", "_words", "meanings")

    def __init__(self, *lists: Listed) -> None:
        spelt = [_Spelt(each) for each in lists]
        words = list(dict.fromkeys(word for each in spelt for word in each.words))
        stems = list(dict.fromkeys(stem for each in spelt for stem in each.stems))
        of_words = list(zip(*(each.of_words(words) for each in spelt), strict=True))
        of_stems = list(zip(*(each.of_stems(stems) for each in spelt), strict=True))
        nothing = (0,) * len(spelt)
        numbers = {own: number for number, own in enumerate(dict.fromkeys([nothing, *of_words, *of_stems]))}
        self._words = dict(zip(words, map(numbers.__getitem__, of_words), strict=True))
        self._stems = dict(zip(stems, map(numbers.__getitem__, of_stems), strict=True))
        self._heads = _heads(stems)
        self.meanings = [
            [each.meanings[entry] for entry in own]
            for each, own in zip(spelt, zip(*numbers, strict=True), strict=True)
        ]
        """By list what each entry stands for there; the first one stands for nothing."""

    def places(self, tokens: Sequence[str]) -> dict[int, int]:
        """Return where each entry stands, as a mask: bit n for the n-th token."""
        found: dict[int, int] = {}
        heads, stems = self._heads, self._stems
        for token, listed, bit in zip(tokens, map(self._words.get, tokens), _BITS, strict=False):
            entry = listed
            if entry is None and (lengths := heads.get(token[:HEAD])) is not None:
                for length in lengths:
                    entry = stems.get(token[:length])
                    if entry is not None:
                        break
            if entry:
                found[entry] = found[entry] | bit if entry in found else bit
        return found


class _Spelt:
    """One list with the spellings of all its words, each an entry: a number for what it stands for."""

    def __init__(self, listed: Listed) -> None:
        self.meanings: list[tuple[int, ...]] = [()]
        self._numbers: dict[tuple[int, ...], int] = {(): 0}
        self.words = {word: self._number(word, own, listed.stems) for word, own in listed.words.items()}
        self.stems = {stem: self._number(stem, own, listed.stems) for stem, own in listed.stems.items()}
        # A word that is known stands for what it is listed under, or for nothing; not even for its stem.
        for word in listed.known:
            self.words.setdefault(word, 0)
        _add_spellings(self.words, listed.words)
        _add_spellings(self.stems, [stem for stem in listed.stems if len(stem) > HEAD], least=_LONG_STEM)
        self._heads = _heads(self.stems)

    def _number(self, word: str, own: Iterable[int], stems: Mapping[str, set[int]]) -> int:
        meaning = tuple(sorted({*own, *_of_stems(word, stems)}))
        if meaning not in self._numbers:
            self._numbers[meaning] = len(self.meanings)
            self.meanings.append(meaning)
        return self._numbers[meaning]

    def of_words(self, words: Sequence[str]) -> list[int]:
        """Return the entry of each word."""
        heads, by_stem = self._heads, self._by_stem
        return [
            (by_stem(word) if word[:HEAD] in heads else 0) if entry is None else entry
            for word, entry in zip(words, map(self.words.get, words), strict=True)
        ]

    def of_stems(self, stems: Iterable[str]) -> list[int]:
        """Return the entry of what begins with each stem and stands in no list."""
        return list(map(self._by_stem, stems))

    def _by_stem(self, word: str) -> int:
        for length in self._heads.get(word[:HEAD], ()):
            entry = self.stems.get(word[:length])
            if entry is not None:
                return entry
        return 0


def _heads(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the stems are that begin with the same few letters, the longest first."""
    lengths: dict[str, set[int]] = {}
    for stem in stems:
        lengths.setdefault(stem[:HEAD], set()).add(len(stem))
    return {head: tuple(sorted(each, reverse=True)) for head, each in lengths.items()}


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
