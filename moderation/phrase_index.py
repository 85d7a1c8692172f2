# SPDX-License-Identifier: EUPL-1.2
"""Makes lists of phrases ready to be looked for: words into numbers, phrases into sequences of classes.

Owns which phrases are tried for a text: each is filed under the words of the one of its steps that is seldom
in a text, with what else of it must be there. Made once, when the lists are loaded; reads no text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final, NamedTuple

from moderation.phrase_lists import IDIOM, MOST_GAP, NONE, NOT, SIGNS, Lists, Phrase, Step
from moderation.spelling import HEAD, Lexicon, Listed, Meaning

_COMMON: Final = frozenset(
    """
    jag dig har han hon det den dom inte mig att min mitt och med som kan far fick vill sager nar
    bara vad vet var sen hur kommer gar hem ingen fran till gor ska for man men blir vara ville
    kunde skulle hade eller alla lite the and you with for its just this now dont out have her here
    they about want not when that him she got was are how can has his will been were what from
    """.split()  # noqa: SIM905 - a list of a hundred words in quotation marks is hard to read
)
"""Words of three letters and more, as they are folded, in every other text. Only speed hangs on them."""
_DENYING: Final = frozenset({NOT, NONE})


class Sequence(NamedTuple):
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

    def __init__(self, by_entry: Mapping[int, Iterable[Filed]]) -> None:
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

    def __init__(self, making: _Making, lexicon: Lexicon, meanings: Iterable[Meaning]) -> None:
        self.numbers = making.numbers
        self.lexicon = lexicon
        self._rarest = {each: making.rarest(each) for each in making.sequences}
        self._read(making, list(meanings))
        self.within = {
            class_: tuple((inner, self._bit_of[inner]) for inner in within)
            for class_, within in making.within.items()
        }
        """By class the classes with phrases that are part of it, each with its bit."""
        self.phrases = self._index(making.found)
        self.idioms = self._index(making.idioms)
        self.parts_of = {class_: self._index(parts) for class_, parts in making.parts.items()}

    def _read(self, making: _Making, meanings: list[Meaning]) -> None:
        """Work out what each entry says about which classes are in a text."""
        wider = making.wider
        told_of: dict[int, set[int]] = {}
        for class_, parts in making.parts.items():
            for part in parts:
                told_of.setdefault(self._rarest[part], set()).add(class_)
        outer = {
            class_: wider.get(class_, set()) | told_of.get(class_, set()) for class_ in (*wider, *told_of)
        }
        distinct = set(meanings)
        whole = {meaning: _closed(meaning, wider) for meaning in distinct}
        closed = {meaning: _closed(meaning, outer) for meaning in distinct}
        self.entries_of = _turned(map(whole.__getitem__, meanings), frozenset(range(making.count)))
        """The entries of each class."""
        self._bit_of = _bits(self._rarest, making.within.values())
        bits = {
            meaning: sum(self._bit_of.get(class_, 0) for class_ in classes)
            for meaning, classes in closed.items()
        }
        self.bits = [bits[meaning] for meaning in meanings]
        """The classes of each entry as bits."""
        self.every_bit = sum(self._bit_of.values())
        self._near = _turned(map(closed.__getitem__, meanings), frozenset(told_of))
        """Of classes that phrases of others are filed under: the entries of which one is in every text that
        holds the class, as a word of it or of a phrase of it."""
        self._told: dict[int, dict[int, int]] = {}
        for class_ in making.composed:
            self._tell(class_, making)

    def _tell(self, class_: int, making: _Making) -> dict[int, int]:
        """Return the entries that tell of a class by a phrase of it, each with what all these need."""
        if class_ in self._told:
            return self._told[class_]
        told: dict[int, int] = {}
        for part in making.parts.get(class_, ()):
            needs = self._needs(part)
            for entry in self._near[self._rarest[part]]:
                told[entry] = told.get(entry, needs) & needs
        for inner in making.within.get(class_, ()):
            for entry, needs in self._tell(inner, making).items():
                told[entry] = told.get(entry, needs) & needs
        self._told[class_] = told
        return told

    def _needs(self, sequence: Sequence) -> int:
        """Return the bits of the classes of a phrase besides the one that it is filed under."""
        rarest = self._rarest[sequence]
        return sum(self._bit_of[class_] for class_ in sequence.classes if class_ != rarest)

    def _index(self, sequences: Iterable[Sequence]) -> Index:
        by_entry: dict[int, list[Filed]] = {}
        for each in sequences:
            rarest = self._rarest[each]
            needs = self._needs(each)
            told, own = self._told.get(rarest, {}), self.entries_of[rarest]
            filed = _filed(needs, each, rarest)
            for entry in own - told.keys():
                by_entry.setdefault(entry, []).append(filed)
            for entry, more in told.items():
                filed = _filed(needs if entry in own else needs | more, each)
                by_entry.setdefault(entry, []).append(filed)
        return Index(by_entry)


class _Making:
    """Turns lists into numbers: words into classes, phrases into sequences of classes."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self.numbers: dict[str, int] = {}
        self.words: dict[str, tuple[int, ...]] = {}
        self.stems: dict[str, tuple[int, ...]] = {}
        self.wider: dict[int, set[int]] = {}
        """The classes that all of a class is in."""
        self.within: dict[int, list[int]] = {}
        """The classes with phrases that are part of a class."""
        self.parts: dict[int, list[Sequence]] = {}
        """The phrases that a class is made of besides single words and other classes."""
        self.count = 0
        self._made: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._of_words: list[float] = []
        """How common the words of each class are."""
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

    @property
    def sequences(self) -> Iterator[Sequence]:
        """All phrases of groups and classes."""
        return chain(self.found, self.idioms, *self.parts.values())

    @property
    def composed(self) -> AbstractSet[int]:
        """The classes that hold phrases, not only words."""
        return self.parts.keys() | self.within.keys()

    def rarest(self, sequence: Sequence) -> int:
        """Return the class of a phrase that is the least common."""
        if len(sequence.classes) == 1:
            return sequence.first
        return min(sequence.classes, key=self.commonness)

    def commonness(self, class_: int) -> float:
        """Return how often a class may be seen, as a measure; a short word is taken for a common one."""
        known = self._commonness.get(class_)
        if known is None:
            known = self._commonness[class_] = (
                self._of_words[class_]
                + sum(min(map(self.commonness, part.classes)) for part in self.parts.get(class_, ()))
                + sum(self.commonness(inner) - self._of_words[inner] for inner in self.within.get(class_, ()))
            )
        return known

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
        for phrase in self._lists.classes[name]:
            if len(phrase) > 1:
                self.parts.setdefault(number, []).append(self._sequence(phrase, number))
            else:
                self._add(number, phrase[0])
        self._open.remove(name)
        return number

    def _step(self, step: Step) -> int:
        """Return the number of the class that a step is."""
        if not step.words and len(step.classes) == 1:
            return self._class(next(iter(step.classes)))
        key = (step.words, step.classes)
        number = self._made.get(key)
        if number is None:
            number = self._made[key] = self._new()
            self._add(number, step)
        return number

    def _add(self, number: int, step: Step) -> None:
        """Make words and other classes part of a class."""
        for word in step.words:
            if word.endswith("*"):
                word, listed = word[:-1], self.stems  # noqa: PLW2901 - the star has been read
            else:
                listed = self.words
            # Tuples: a set for each word would take four times the room.
            listed[word] = (*listed.get(word, ()), number)
            self._of_words[number] += _commonness(word)
        for name in step.classes:
            inner = self._class(name)
            self.wider.setdefault(inner, set()).add(number)
            self._of_words[number] += self._of_words[inner]
            if inner in self.parts or inner in self.within:
                self.within.setdefault(number, []).append(inner)

    def _new(self) -> int:
        self._of_words.append(0.0)
        self.count += 1
        return self.count - 1

    def _sequence(self, phrase: Phrase, target: int, rank: int = 0) -> Sequence:
        classes = [self._step(step) for step in phrase]
        gaps = [step.gap for step in phrase[1:]]
        return Sequence(
            rank,
            target,
            classes[0],
            tuple(zip(classes[1:], gaps, strict=True)),
            frozenset(classes),
            width=len(phrase) + sum(gaps),
            deniable=not any(map(self._denies, phrase)),
        )

    def _denies(self, step: Step) -> bool:
        """Tell whether a step is a denial itself, as in "cannot breathe"."""
        return not (step.classes.isdisjoint(_DENYING) and step.words.isdisjoint(self._denials))


def _closed(classes: Meaning, more_of: Mapping[int, AbstractSet[int]]) -> Meaning:
    """Return classes with all that they lead to."""
    more: AbstractSet[int] = classes
    while more := set().union(*(more_of.get(class_, ()) for class_ in more)) - classes:
        classes |= more
    return classes


def _single_words(lists: Lists, name: str) -> set[str]:
    return {word for phrase in lists.classes.get(name, ()) if len(phrase) == 1 for word in phrase[0].words}


def _commonness(word: str) -> float:
    if word in SIGNS:
        return 2.0
    return 1.0 if len(word) < HEAD or word in _COMMON else 4.0 ** -len(word)


def _bits(rarest: Mapping[Sequence, int], within: Iterable[Iterable[int]]) -> dict[int, int]:
    """Return a bit for each class that phrases need besides their rarest one; the most needed come first.

    So what one phrase needs is a small number. Classes `within` others have one each, too.
    """
    needed = Counter(class_ for each, own in rarest.items() for class_ in each.classes if class_ != own)
    classes = [class_ for class_, _ in needed.most_common()]
    return {class_: 1 << at for at, class_ in enumerate(dict.fromkeys(chain(classes, *within)))}


def _filed(needs: int, sequence: Sequence, filed_under: int | None = None) -> Filed:
    """Return a phrase as it is filed; `filed_under`: the class of which it is the very word that is seen."""
    classes = [sequence.first, *(class_ for class_, _ in sequence.gaps)]
    if filed_under is not None:
        classes[classes.index(filed_under)] = THIS
    others = tuple(
        (class_, _SHIFTS[gap]) for class_, (_, gap) in zip(classes[1:], sequence.gaps, strict=True)
    )
    return needs, classes[0], others, sequence


def _turned(meanings: Iterable[Meaning], wanted: frozenset[int]) -> dict[int, frozenset[int]]:
    """Return the entries of each class that is wanted."""
    entries: dict[int, list[int]] = {class_: [] for class_ in wanted}
    for entry, meaning in enumerate(meanings):
        for class_ in meaning & wanted:
            entries[class_].append(entry)
    return {class_: frozenset(each) for class_, each in entries.items()}
