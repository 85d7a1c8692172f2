# SPDX-License-Identifier: EUPL-1.2
"""Makes lists of phrases ready to be looked for: words into numbers, phrases into sequences of classes.

Owns which phrases are tried for a text: each is filed under the words of the one of its steps that is seldom
in a text, with what else of it must be there. Made once, when the lists are loaded; reads no text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from moderation.phrase_lists import IDIOM, MOST_GAP, NONE, NOT, SIGNS, Lists, Phrase, Step
from moderation.spelling import HEAD, Lexicon, Listed

_COMMON: Final = frozenset(
    """
    jag dig har han hon det den dom inte mig att min mitt och med som kan far fick vill sager nar
    bara vad vet var sen hur kommer gar hem ingen fran till gor ska for man men blir vara ville
    kunde skulle hade eller alla lite the and you with for its just this now dont out have her here
    they about want not when that him she got was are how can has his will been were what from
    """.split()  # noqa: SIM905 - a list of a hundred words in quotation marks is hard to read
)
"""Words of three letters and more, as they are folded, in every other text. Only speed hangs on them."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One phrase as it is looked for. `first`: its first class; `width`: its most words.

    `gaps`: the other classes, each with the gap before it.
    """

    rank: int
    target: int
    first: int
    gaps: tuple[tuple[int, int], ...]
    classes: frozenset[int]
    width: int
    deniable: bool


Others = tuple[tuple[int, tuple[int, ...]], ...]
"""The classes after the first, each with how to shift a mask, again and again, to reach over the gap."""
Filed = tuple[int, int, Others, Sequence]
"""What a phrase needs, its first class, its other classes, and itself."""
THIS: Final = -1
"""Stands for a class where a phrase is filed under a word of it: the word itself will do, as the phrase is
filed under all the others too, and the whole class need not be worked out."""


class Index:
    """Phrases by entry, each with a bit for every class of it that must be somewhere in the text besides."""

    __slots__ = ("by_entry", "entries")

    def __init__(self, by_entry: dict[int, list[Filed]]) -> None:
        self.by_entry = {entry: tuple(each) for entry, each in by_entry.items()}
        self.entries = frozenset(by_entry)


def _shifts(reach: int) -> Iterator[int]:
    """Yield by how much to shift what is there already, again and again, to reach so far."""
    done = 1
    while done <= reach:
        step = min(done, reach + 1 - done)
        yield step
        done += step


_SHIFTS: Final = tuple(tuple(_shifts(reach)) for reach in range(MOST_GAP + 1))


def made(*several: Lists) -> list[Made]:
    """Return lists made ready, with one lexicon for all of them."""
    makings = [_Making(lists) for lists in several]
    lexicon = Lexicon(
        *(
            Listed(making.words, making.stems, lists.known)
            for making, lists in zip(makings, several, strict=True)
        )
    )
    return [
        Made(making, lexicon, meanings) for making, meanings in zip(makings, lexicon.meanings, strict=True)
    ]


class Made:
    """All about one of several lists that finding needs. `meanings`: what each entry stands for in it."""

    def __init__(self, making: _Making, lexicon: Lexicon, meanings: Collection[tuple[int, ...]]) -> None:
        self.numbers = making.numbers
        self.lexicon = lexicon
        closed = [making.closed(meaning) for meaning in meanings]
        self.entries_of = _turned(meanings, making.count)
        """The entries of each class."""
        self._heralds = _turned(closed, making.count)
        """Entries of which one is in every text that holds the class: of its words, of its phrases' words."""
        self._rarest = making.rarest
        self._bit_of = _bits(making.sequences, self._rarest)
        self.bits = [sum(self._bit_of.get(class_, 0) for class_ in classes) for classes in closed]
        """The classes of each entry as bits."""
        self.every_bit = sum(self._bit_of.values())
        self._parts = making.parts
        self.phrases = self._index(making.found)
        self.idioms = self._index(making.idioms)
        self.parts_of = {class_: self._index(parts) for class_, parts in making.parts.items()}

    def _index(self, sequences: Iterable[Sequence]) -> Index:
        by_entry: dict[int, list[Filed]] = {}
        for each in sequences:
            classes = each.classes
            rarest = self._rarest(each)
            needs = sum(self._bit_of[class_] for class_ in classes if class_ != rarest)
            own = self._alone(rarest)
            filed = _filed(needs, each, rarest)
            for entry in own:
                by_entry.setdefault(entry, []).append(filed)
            if more := self._heralds[rarest] - own:
                filed = _filed(needs, each)
                for entry in more:
                    by_entry.setdefault(entry, []).append(filed)
        return Index(by_entry)

    def _alone(self, class_: int) -> frozenset[int]:
        """Return the entries of a class by which no phrase of it may be found besides."""
        if class_ not in self._parts:
            return self.entries_of[class_]
        heralds = (self._heralds[self._rarest(part)] for part in self._parts[class_])
        return self.entries_of[class_].difference(*heralds)


class _Making:
    """Turns lists into numbers: words into classes, phrases into sequences of classes."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self.numbers: dict[str, int] = {}
        self.words: dict[str, set[int]] = {}
        self.stems: dict[str, set[int]] = {}
        self.parts: dict[int, list[Sequence]] = {}
        """The phrases that a class is made of besides single words."""
        self.count = 0
        self._made: dict[Step, int] = {}
        self._commonness: dict[int, float] = {}
        self._open: set[str] = set()
        self._denials = _single_words(lists, NOT) | _single_words(lists, NONE)
        self.idioms = [self._sequence(phrase, -1) for phrase in lists.classes.get(IDIOM, ())]
        for name in lists.classes:
            self._class(name)
        self.found = [
            self._sequence(phrase, place, group.rank)
            for place, group in enumerate(lists.groups)
            for phrase in group.phrases
        ]

    def closed(self, meaning: Iterable[int]) -> set[int]:
        """Return classes with all whose phrases are looked for when a word of them is seen."""
        classes = set(meaning)
        more = classes
        while more:
            more = {outer for inner in more for outer in self._outer.get(inner, ())} - classes
            classes |= more
        return classes

    @property
    def sequences(self) -> Iterator[Sequence]:
        """All phrases of groups and classes."""
        return chain(self.found, self.idioms, *self.parts.values())

    def rarest(self, sequence: Sequence) -> int:
        """Return the class of a phrase that is the least common."""
        if len(sequence.classes) == 1:
            return sequence.first
        return min(sequence.classes, key=self.commonness)

    @cached_property
    def _outer(self) -> dict[int, set[int]]:
        """The classes that hold a phrase of which a class is the rarest step."""
        outer: dict[int, set[int]] = {}
        for target, parts in self.parts.items():
            for part in parts:
                outer.setdefault(self.rarest(part), set()).add(target)
        return outer

    def commonness(self, class_: int) -> float:
        """Return how often a class may be seen, as a measure; a short word is taken for a common one."""
        if class_ not in self._commonness:
            self._commonness[class_] = sum(map(_commonness, self._words_of[class_])) + sum(
                min(map(self.commonness, part.classes)) for part in self.parts.get(class_, ())
            )
        return self._commonness[class_]

    @cached_property
    def _words_of(self) -> list[list[str]]:
        """The words and stems of each class."""
        words: list[list[str]] = [[] for _ in range(self.count)]
        for listed in (self.words, self.stems):
            for word, classes in listed.items():
                for class_ in classes:
                    words[class_].append(word)
        return words

    def _class(self, name: str) -> int:
        """Return the number of a named class, made with all that it is made of."""
        if name in self._open:
            raise ValueError(f"the class “{name}” is part of itself")
        if name in self.numbers:
            return self.numbers[name]
        if name not in self._lists.classes:
            raise ValueError(f"there is no class “{name}”")
        self._open.add(name)
        number = self.numbers[name] = self._new()
        self._fill(number, self._lists.classes[name])
        self._open.remove(name)
        return number

    def _step(self, step: Step) -> int:
        """Return the number of the class that a step is."""
        if not step.words and len(step.classes) == 1:
            return self._class(next(iter(step.classes)))
        key = Step(step.words, step.classes)
        if key not in self._made:
            number = self._made[key] = self._new()
            self._fill(number, [(key,)])
        return self._made[key]

    def _fill(self, number: int, phrases: Iterable[Phrase]) -> None:
        for phrase in phrases:
            if len(phrase) > 1:
                self.parts.setdefault(number, []).append(self._sequence(phrase, number))
                continue
            for word in phrase[0].words:
                listed = self.stems if word.endswith("*") else self.words
                listed.setdefault(word.removesuffix("*"), set()).add(number)
            for name in phrase[0].classes:
                self._class(name)
                self._fill(number, self._lists.classes[name])

    def _new(self) -> int:
        self.count += 1
        return self.count - 1

    def _sequence(self, phrase: Phrase, target: int, rank: int = 0) -> Sequence:
        first, *others = (self._step(step) for step in phrase)
        gaps = tuple(zip(others, (step.gap for step in phrase[1:]), strict=True))
        return Sequence(
            rank,
            target,
            first,
            gaps,
            frozenset([first, *others]),
            width=len(phrase) + sum(gap for _, gap in gaps),
            deniable=not any(map(self._denies, phrase)),
        )

    def _denies(self, step: Step) -> bool:
        """Tell whether a step is a denial itself, as in "cannot breathe"."""
        return not (step.classes.isdisjoint({NOT, NONE}) and step.words.isdisjoint(self._denials))


def _single_words(lists: Lists, name: str) -> set[str]:
    return {word for phrase in lists.classes.get(name, ()) if len(phrase) == 1 for word in phrase[0].words}


def _commonness(word: str) -> float:
    if word in SIGNS:
        return 2.0
    return 1.0 if len(word) < HEAD or word in _COMMON else 4.0 ** -len(word)


def _bits(sequences: Iterable[Sequence], rarest: Callable[[Sequence], int]) -> dict[int, int]:
    """Return a bit for each class that phrases need besides their rarest one; the most needed come first.

    So what one phrase needs is a small number.
    """
    needed = Counter(class_ for each in sequences for class_ in each.classes - {rarest(each)})
    return {class_: 1 << place for place, (class_, _) in enumerate(needed.most_common())}


def _filed(needs: int, sequence: Sequence, filed_under: int | None = None) -> Filed:
    """Return a phrase as it is filed; `filed_under`: the class of which it is the very word that is seen."""
    classes = [sequence.first, *(class_ for class_, _ in sequence.gaps)]
    if filed_under is not None:
        classes[classes.index(filed_under)] = THIS
    others = tuple(
        (class_, _SHIFTS[gap]) for class_, (_, gap) in zip(classes[1:], sequence.gaps, strict=True)
    )
    return needs, classes[0], others, sequence


def _turned(meanings: Iterable[Iterable[int]], count: int) -> list[frozenset[int]]:
    """Return the entries of each class."""
    entries: list[set[int]] = [set() for _ in range(count)]
    for entry, meaning in enumerate(meanings):
        for class_ in meaning:
            entries[class_].add(entry)
    return [frozenset(each) for each in entries]
