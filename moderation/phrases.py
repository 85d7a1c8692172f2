# SPDX-License-Identifier: EUPL-1.2
"""Finds phrases in a text: sequences of words and word classes with bounded gaps between them.

Owns the matching. Where a word stands is one bit of a number, so a phrase is a handful of shifts and ANDs
whatever the text is: every text costs one look at each of its words, and each step of a phrase is taken
once at most. Must not know what a phrase means or who wrote the text, and keeps nothing of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from moderation.phrase_lists import IDIOM, NONE, NOT, STOP, Group, Lists, Phrase, Step
from moderation.reading import Reading
from moderation.spelling import Lexicon

MOST_WORDS: Final = 512
"""More than a message of 2,000 letters holds. Of a longer text the first and the last half are read."""
_DENIED: Final = 3
"""How many words a denial reaches."""

SIGNS: Final = '.!?"“”„«»🔪🔫🗡🩸💊💣😂🤣😅😆😹🍆🍑🖕💦👅'
"""Signs that tell something; each is a word of its own. All others only part words."""
_PARTING: Final = " ,;:…()[]{}/\\-_*+=<>|~#&%@$^`،؟؛।"
_TOKEN: Final = re.compile(f"[^{re.escape(_PARTING + SIGNS)}]+|[{SIGNS}]")
_ASCII_SIGNS: Final = tuple(sign for sign in SIGNS if sign.isascii())
_ASCII_PARTING: Final = {ord(sign): " " for sign in _PARTING if sign.isascii()}
_EDGE: Final = "."
"""Stands before the first word and after the last, so that a phrase can say that it begins or ends there."""
_THREE_ALIKE: Final = re.compile(r"(.)\1\1")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1\1+")


def tokens(reading: Reading) -> list[str]:
    """Return the words, numbers and telling signs of a text; letters that are drawn out are single."""
    plain = reading.plain.replace("'", "")
    if _THREE_ALIKE.search(plain):
        plain = _DRAWN_OUT.sub(r"\1", plain)
    found = _split(plain) if plain.isascii() else _TOKEN.findall(plain)
    if len(found) > MOST_WORDS:
        found = found[: MOST_WORDS // 2] + found[-MOST_WORDS // 2 :]
    return found


def _split(plain: str) -> list[str]:
    """Return what `_TOKEN` finds in ASCII, as most European languages are once they are folded: faster."""
    for sign in _ASCII_SIGNS:
        if sign in plain:
            plain = plain.replace(sign, f" {sign} ")
    return plain.translate(_ASCII_PARTING).split()


def after(mask: int, reach: int) -> int:
    """Return the places up to `reach` words after each of `mask`, and these themselves."""
    done = 1
    while done <= reach:
        step = min(done, reach + 1 - done)
        mask |= mask << step
        done += step
    return mask


def before(mask: int, reach: int) -> int:
    """Return the places up to `reach` words before each of `mask`, and these themselves."""
    done = 1
    while done <= reach:
        step = min(done, reach + 1 - done)
        mask |= mask >> step
        done += step
    return mask


def around(mask: int, reach: int) -> int:
    """Return the places up to `reach` words to either side."""
    return after(mask, reach) | before(mask, reach)


@dataclass(frozen=True, slots=True)
class _Sequence:
    """One phrase as it is looked for. `steps`: a class and the gap before it; `width`: its most words.

    `needs`: a bit for each class that must be somewhere in the text.
    """

    rank: int
    target: int
    steps: tuple[tuple[int, int], ...]
    width: int
    deniable: bool
    needs: int


class Seen:
    """What stands where in one text. Lives as long as the text is judged.

    The places of a class are worked out when a phrase asks for them: most are never asked for.
    """

    __slots__ = ("_entries", "_masks", "_meant", "_present", "_rules")

    def __init__(self, rules: Rules, entries: dict[int, int], present: int) -> None:
        self._rules = rules
        self._entries = entries
        self._present = present
        self._masks: dict[int, int] = {}
        self._meant = -1
        self._leave_out_idioms()

    def mask(self, name: str) -> int:
        """Return the places where phrases of a class end."""
        number = self._rules.number_of(name)
        return 0 if number is None else self._mask(number)

    def groups(self) -> Iterator[tuple[Group, int]]:
        """Yield each group that is found with the places where it ends, the lowest rank first."""
        candidates = self._candidates(self._rules.phrases)
        if not candidates:
            return
        candidates.sort(key=lambda each: each.rank)
        negated = self.mask(NOT)
        denied = negated | self.mask(NONE)
        passable, startable = ~denied, ~self._reached(denied)
        for each in candidates:
            if each.deniable:
                mask = self._ends(each, passable, startable) & ~(negated >> 1)
            else:
                mask = self._ends(each, -1, -1)
            if mask:
                yield self._rules.groups[each.target], mask

    def _candidates(self, index: Mapping[int, Sequence[_Sequence]]) -> list[_Sequence]:
        """Return the phrases of which every class is somewhere in the text."""
        present = self._present
        return [
            each
            for entry in self._entries.keys() & index.keys()
            for each in index[entry]
            if each.needs & present == each.needs
        ]

    def _mask(self, class_: int) -> int:
        mask = self._masks.get(class_)
        if mask is None:
            entries, mask = self._entries, 0
            members = self._rules.entries_of[class_]
            if len(members) < len(entries):
                for entry in members:
                    if entry in entries:
                        mask |= entries[entry]
            else:
                for entry in entries:
                    if entry in members:
                        mask |= entries[entry]
            mask &= self._meant
            parts = self._rules.parts_of.get(class_)
            if parts is not None:
                for part in self._candidates(parts):
                    mask |= self._ends(part, -1, -1)
            self._masks[class_] = mask
        return mask

    def _ends(self, sequence: _Sequence, passable: int, startable: int) -> int:
        """Return where a phrase ends. Its gaps lie in `passable` only, and it begins in `startable`."""
        mask = startable
        for class_, gap in sequence.steps:
            here = self._mask(class_)
            if gap < 0:
                mask &= here
            else:
                reach = mask = mask << 1
                for _ in range(gap):
                    mask = (mask & passable) << 1
                    reach |= mask
                mask = reach & here
            if not mask:
                return 0
        return mask

    def _leave_out_idioms(self) -> None:
        meant = -1
        for idiom in self._candidates(self._rules.idioms):
            if ends := self._ends(idiom, -1, -1):
                meant &= ~before(ends, idiom.width - 1)
        if meant != -1:
            self._meant = meant
            self._masks.clear()

    def _reached(self, here: int) -> int:
        """Return the places that a denial before them reaches."""
        going_on, denied = ~self.mask(STOP), 0
        for _ in range(_DENIED):
            here = here << 1 & going_on
            denied |= here
        return denied


class Rules:
    """Lists made ready to be looked for; made once, when the lists are loaded.

    Raises:
        ValueError: a phrase names a class that is not there, or a class is part of itself.
    """

    def __init__(self, lists: Lists) -> None:
        making = _Making(lists)
        self.groups = lists.groups
        self._numbers = making.numbers
        self._lexicon = Lexicon(making.words, making.stems, lists.known)
        meanings = self._lexicon.meanings
        closed = [making.closed(meaning) for meaning in meanings]
        self._bits = [sum(1 << class_ for class_ in classes) for classes in closed]
        self.entries_of = _turned(meanings, making.count)
        self._heralds = _turned(closed, making.count)
        crowds = [len(meaning) for meaning in meanings]
        self.phrases = self._by_rarest(making.found, crowds)
        self.idioms = self._by_rarest(making.idioms, crowds)
        self.parts_of = {class_: self._by_rarest(parts, crowds) for class_, parts in making.parts.items()}

    def number_of(self, name: str) -> int | None:
        """Return the number of a class; one that is in no list has none."""
        return self._numbers.get(name)

    def seen(self, reading: Reading) -> Seen | None:
        """Return what stands where in a text; None when it has no word of any phrase."""
        entries = self._lexicon.places([_EDGE, *tokens(reading), _EDGE])
        present, bits = 0, self._bits
        for entry in entries:
            present |= bits[entry]
        return Seen(self, entries, present) if present else None

    def _by_rarest(self, sequences: Sequence[_Sequence], crowds: Sequence[int]) -> dict[int, list[_Sequence]]:
        """Return sequences by the words that one of their steps can begin with being seen.

        It is the step whose words mean the least besides: such words are seldom in a text.
        """
        index: dict[int, list[_Sequence]] = {}
        for each in sequences:
            choices = [self._heralds[class_] for class_, _ in each.steps]
            for entry in min(
                choices, key=lambda entries: max((crowds[entry] for entry in entries), default=0)
            ):
                index.setdefault(entry, []).append(each)
        return index


def _turned(meanings: Iterable[Iterable[int]], count: int) -> list[frozenset[int]]:
    """Return the entries of each class."""
    entries: list[set[int]] = [set() for _ in range(count)]
    for entry, meaning in enumerate(meanings):
        for class_ in meaning:
            entries[class_].add(entry)
    return [frozenset(each) for each in entries]


class _Making:
    """Turns lists into numbers: words into classes, phrases into sequences of classes."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self.numbers: dict[str, int] = {}
        self.words: dict[str, set[int]] = {}
        self.stems: dict[str, set[int]] = {}
        self.parts: dict[int, list[_Sequence]] = {}
        """The phrases that a class is made of besides single words."""
        self.count = 0
        self._made: dict[Step, int] = {}
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
        """Return classes with all that may be there when a word of them is."""
        classes = set(meaning)
        more = classes
        while more:
            more = {outer for inner in more for outer in self._outer.get(inner, ())} - classes
            classes |= more
        return classes

    @cached_property
    def _outer(self) -> dict[int, set[int]]:
        """The classes that a class begins a phrase of."""
        outer: dict[int, set[int]] = {}
        for target, parts in self.parts.items():
            for part in parts:
                outer.setdefault(part.steps[-1][0], set()).add(target)
        return outer

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

    def _sequence(self, phrase: Phrase, target: int, rank: int = 0) -> _Sequence:
        steps = tuple((self._step(step), step.gap if place else -1) for place, step in enumerate(phrase))
        needs = sum(1 << class_ for class_ in {class_ for class_, _ in steps})
        return _Sequence(
            rank,
            target,
            steps,
            width=len(phrase) + sum(step.gap for step in phrase[1:]),
            deniable=not any(map(self._denies, phrase)),
            needs=needs,
        )

    def _denies(self, step: Step) -> bool:
        """Tell whether a step is a denial itself, as in "cannot breathe"."""
        return not (step.classes.isdisjoint({NOT, NONE}) and step.words.isdisjoint(self._denials))


def _single_words(lists: Lists, name: str) -> set[str]:
    return {word for phrase in lists.classes.get(name, ()) if len(phrase) == 1 for word in phrase[0].words}
