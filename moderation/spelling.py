# SPDX-License-Identifier: EUPL-1.2
"""The words that lists of phrases know, found however they are spelt.

Owns which spellings stand for a word: doubled and missing letters, swapped ones, and endings. All of them are
written down when the lists are loaded, so a word of a text costs two or three look-ups. Keeps nothing of what
it reads and must not know what a word means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import Final

HEAD: Final = 3
"""A stem has at least so many letters; the first ones tell whether any stem can fit."""
MOST_PLACES: Final = 1024
"""Of more words than these the rest is not looked up."""
_BITS: Final = tuple(1 << place for place in range(MOST_PLACES))
_MISSING: Final = 6
"""From so many letters on a word is still the same when one is missing."""
_SWAPPED: Final = 5
_NO_ALPHABET: Final = "\u0590"
"""From here on vowels are left out: with a letter more or less it is another word, so none is made up."""
_LONG_STEM: Final = 6
"""Shorter stems with a letter missing would be the beginning of too many other words."""

Meaning = frozenset[int]
"""The classes of one list that a word stands for."""


def doubled(word: str) -> list[str]:
    """Return a word with each letter doubled, and with each doubled letter single."""
    found = [word[:place] + word[place - 1 :] for place in range(1, len(word) + 1)]
    if len(word) > HEAD:
        found += [word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]]
    return found


def mistyped(word: str) -> list[str]:
    """Return a word with one letter missing, and with two swapped.

    The first letter is never missing, nor the last: in many languages it says who does it to whom.
    """
    found: list[str] = []
    places = range(1, len(word) - 1)
    if len(word) >= _MISSING:
        found += [word[:place] + word[place + 1 :] for place in places]
    if len(word) >= _SWAPPED:
        found += [word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in places]
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """What one list knows: words and stems (a word's beginning) with the classes that they are listed under.

    A word stands for everything that it is listed under, and for all that its beginning is a stem of. A word
    that is listed is never taken for another one misspelt; `known` are ordinary words that are not either.
    """

    words: Mapping[str, tuple[int, ...]]
    stems: Mapping[str, tuple[int, ...]]
    known: Iterable[str] = ()


class Lexicon:
    """The words and stems of several lists, so that a word is looked up once for all of them.

    What it stands for in one list has nothing to do with the other lists.
    """

    __slots__ = ("_heads", "_stems", "_words", "meanings")

    def __init__(self, *lists: Listed) -> None:
        spelt = reduce(_joined, map(_spelt, lists))
        self._words = spelt.words
        self._stems = spelt.stems
        self._heads = spelt.heads
        self.meanings: list[tuple[Meaning, ...]] = list(zip(*spelt.meanings, strict=True))
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
    """Lists with the spellings of all their words, each an entry: a number for what it stands for by list."""

    __slots__ = ("heads", "meanings", "stems", "words")

    def __init__(
        self, words: dict[str, int], stems: dict[str, int], meanings: Iterable[tuple[Meaning, ...]]
    ) -> None:
        self.words = words
        self.stems = stems
        self.meanings = list(meanings)
        self.heads = _heads(stems)

    def by_stem(self, word: str) -> int:
        """Return the entry of a word that stands in no list, by its beginning."""
        for length in self.heads.get(word[:HEAD], ()):
            entry = self.stems.get(word[:length])
            if entry is not None:
                return entry
        return 0


def _spelt(listed: Listed) -> _Spelt:
    """Return one list with the spellings of its words and stems."""
    heads = _heads(listed.stems)
    numbers: dict[Meaning, int] = {frozenset(): 0}

    def number(word: str, own: tuple[int, ...]) -> int:
        meaning = frozenset(own)
        for length in heads.get(word[:HEAD], ()):
            meaning = meaning.union(listed.stems.get(word[:length], ()))
        return numbers.setdefault(meaning, len(numbers))

    own_words = {word: number(word, own) for word, own in listed.words.items()}
    own_stems = {stem: number(stem, own) for stem, own in listed.stems.items()}
    words = _spellings(own_words)
    # A word that is known stands for what it is listed under, or for nothing; not even for its stem.
    words.update(dict.fromkeys(listed.known, 0))
    words.update(own_words)
    stems = _spellings({stem: entry for stem, entry in own_stems.items() if len(stem) > HEAD}, _LONG_STEM)
    stems.update(own_stems)
    return _Spelt(words, stems, zip(numbers))


def _joined(one: _Spelt, other: _Spelt) -> _Spelt:
    """Return what two lists know as one; what stands for nothing in the other keeps its entry.

    The words of `one` become those of both: they are so many that a copy of them would be felt.
    """
    first, pairs = len(one.meanings), dict[tuple[int, int], int]()

    def joined(own: dict[str, int], others: dict[str, int]) -> dict[str, int]:
        """Add the others to one's own."""
        heads, by_stem = other.heads, other.by_stem
        for word, listed in own.items():
            # Most words begin as no stem does, and that is seen without a call.
            if word[:HEAD] in heads and word not in others and (entry := by_stem(word)):
                own[word] = pairs.setdefault((listed, entry), first + len(pairs))
        heads, by_stem = one.heads, one.by_stem
        for word, entry in others.items():
            mine = own.get(word)
            if mine is None:
                mine = by_stem(word) if word[:HEAD] in heads else 0
            own[word] = pairs.setdefault((mine, entry), first + len(pairs)) if entry else mine
        return own

    words, stems = joined(one.words, other.words), joined(dict(one.stems), other.stems)
    return _Spelt(
        words,
        stems,
        chain(
            ((*each, *other.meanings[0]) for each in one.meanings),
            ((*one.meanings[entry], *other.meanings[more]) for entry, more in pairs),
        ),
    )


def _heads(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the stems are that begin with the same few letters, the longest first."""
    lengths: dict[str, list[int]] = {}
    for head, length in {(stem[:HEAD], len(stem)) for stem in stems}:
        lengths.setdefault(head, []).append(length)
    return {head: tuple(sorted(each, reverse=True)) for head, each in lengths.items()}


def _spellings(listed: Mapping[str, int], least: int = 0) -> dict[str, int]:
    """Return the spellings of what is listed; of several that are spelt alike the first one stands.

    What comes later takes the place of what was there: that is faster than to look whether anything is.
    """
    entries: dict[str, int] = {}
    backwards = [(word, entry) for word, entry in listed.items() if word < _NO_ALPHABET][::-1]
    for word, entry in backwards:
        if len(word) >= least:
            for spelling in mistyped(word):
                entries[spelling] = entry
    for word, entry in backwards:
        for spelling in doubled(word):
            entries[spelling] = entry
    return entries
