# SPDX-License-Identifier: EUPL-1.2
"""Finds phrases in a text: sequences of words and word classes with bounded gaps between them.

Owns the matching. Where a word stands is one bit of a number, so a phrase is a handful of shifts and ANDs whatever
the text is: every text costs one look at each of its words, and at most one step for each step of a phrase. Must not
know what a phrase means, who wrote the text or what follows from it, and keeps nothing of what it reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from moderation.phrase_lists import IDIOM, NONE, NOT, STOP, Group, Lists, Phrase, Step
from moderation.reading import Reading
from moderation.spelling import Lexicon

MOST_WORDS: Final = 1_024
"""More than any message holds. Of a longer text the first and the last half of it are read."""
_DENIED: Final = 3
"""How many words a denial reaches."""

_TOKEN: Final = re.compile(r"[^\W_]+|[.!](?![.!?])|[?](?![?!.])|[\"“”„«»:]|[🔪🔫🗡🩸💊💣😂🤣😅😆😹🍆🍑]")
_END: Final = "."
"""Stands after the last word, so that a phrase can say that nothing more follows."""
_THREE_ALIKE: Final = re.compile(r"(.)\1\1")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1\1+")


def tokens(reading: Reading) -> list[str]:
    """Return the words, numbers and telling signs of a text; letters that are drawn out are single."""
    plain = reading.plain.replace("'", "")
    if _THREE_ALIKE.search(plain):
        plain = _DRAWN_OUT.sub(r"\1", plain)
    found: list[str] = _TOKEN.findall(plain)
    if len(found) > MOST_WORDS:
        found = found[: MOST_WORDS // 2] + found[-MOST_WORDS // 2 :]
    return found


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
    """One phrase as it is looked for. `steps`: a class and the gap before it; `width`: its most words."""

    order: int
    target: int
    steps: tuple[tuple[int, int], ...]
    width: int
    deniable: bool = True

    def ends(self, masks: Mapping[int, int], passable: int, startable: int) -> int:
        """Return where it ends. Gaps lie in `passable` only, and it begins in `startable`."""
        mask = startable
        for class_, gap in self.steps:
            here = masks.get(class_)
            if here is None:
                return 0
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


class Seen:
    """What stands where in one text. Lives as long as the text is judged."""

    __slots__ = ("_masks", "_rules")

    def __init__(self, rules: Rules, masks: dict[int, int]) -> None:
        self._rules = rules
        self._masks = masks

    def mask(self, name: str) -> int:
        """Return the places where phrases of a class end."""
        return self._masks.get(self._rules.number_of(name), 0)

    def groups(self) -> Iterator[tuple[Group, int]]:
        """Yield each group that is found with the places where it ends, the lowest rank first."""
        rules, masks = self._rules, self._masks
        index = rules.index
        candidates = [each for class_ in masks if class_ in index for each in index[class_]]
        if not candidates:
            return
        candidates.sort(key=lambda each: each.order)
        negated = self.mask(NOT)
        passable = ~(negated | self.mask(NONE))
        startable = ~self._denied()
        for each in candidates:
            if each.deniable:
                mask = each.ends(masks, passable, startable) & ~(negated >> 1)
            else:
                mask = each.ends(masks, -1, -1)
            if mask:
                yield rules.groups[each.target], mask

    def _denied(self) -> int:
        """Return the places that a denial before them reaches."""
        here = self.mask(NOT) | self.mask(NONE)
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
        self._levels = making.levels()
        self._idioms = making.idioms
        self.index = making.index

    def number_of(self, name: str) -> int:
        """Return the number of a class; one that is in no list has none."""
        return self._numbers.get(name, -1)

    def seen(self, reading: Reading) -> Seen | None:
        """Return what stands where in a text; None when it has no word of any phrase."""
        meanings = self._lexicon.meanings
        masks: dict[int, int] = {}
        for entry, mask in self._lexicon.places([*tokens(reading), _END]).items():
            for class_ in meanings[entry]:
                masks[class_] = masks.get(class_, 0) | mask
        if not masks:
            return None
        self._leave_out_idioms(masks)
        for level in self._levels:
            _add_ends(level, masks)
        return Seen(self, masks)

    def _leave_out_idioms(self, masks: dict[int, int]) -> None:
        meant = -1
        for class_ in [class_ for class_ in masks if class_ in self._idioms]:
            for idiom in self._idioms[class_]:
                if ends := idiom.ends(masks, -1, -1):
                    meant &= ~before(ends, idiom.width - 1)
        if meant != -1:
            for class_, mask in masks.items():
                masks[class_] = mask & meant


def _add_ends(index: Mapping[int, list[_Sequence]], masks: dict[int, int]) -> None:
    """Add where the phrases of classes end to the places of these classes."""
    for class_ in [class_ for class_ in masks if class_ in index]:
        for each in index[class_]:
            if ends := each.ends(masks, -1, -1):
                masks[each.target] = masks.get(each.target, 0) | ends


class _Making:
    """Turns lists into numbers: words into classes, phrases into sequences, each found by its rarest step."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self.numbers: dict[str, int] = {}
        self.words: dict[str, set[int]] = {}
        self.stems: dict[str, set[int]] = {}
        self._made: dict[Step, int] = {}
        self._depth: dict[int, int] = {}
        self._open: set[str] = set()
        self._parts: list[_Sequence] = []
        idioms: list[_Sequence] = []
        for name, phrases in lists.classes.items():
            if name == IDIOM:
                idioms = [self._sequence(phrase, -1) for phrase in phrases]
            else:
                self._class(name)
        found = [
            self._sequence(phrase, place, group.rank)
            for place, group in enumerate(lists.groups)
            for phrase in group.phrases
        ]
        common = Counter(class_ for each in (*found, *self._parts) for class_, _ in each.steps)
        self.index = _by_rarest(found, common)
        self.idioms = _by_rarest(idioms, common)
        self._common = common

    def levels(self) -> list[dict[int, list[_Sequence]]]:
        """Return the phrases of classes, those first that others are made of."""
        depths = sorted({self._depth[each.target] for each in self._parts})
        return [
            _by_rarest([each for each in self._parts if self._depth[each.target] == depth], self._common)
            for depth in depths
        ]

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

    def _fill(self, number: int, phrases: tuple[Phrase, ...] | list[Phrase]) -> None:
        for phrase in phrases:
            if len(phrase) == 1:
                for word in phrase[0].words:
                    self._word(word, number)
                for name in phrase[0].classes:
                    self._class(name)
                    self._fill(number, self._lists.classes[name])
            else:
                sequence = self._sequence(phrase, number)
                self._parts.append(sequence)
                depth = 1 + max(self._depth[class_] for class_, _ in sequence.steps)
                self._depth[number] = max(self._depth[number], depth)

    def _word(self, word: str, number: int) -> None:
        listed = self.stems if word.endswith("*") else self.words
        listed.setdefault(word.removesuffix("*"), set()).add(number)

    def _new(self) -> int:
        number = len(self._depth)
        self._depth[number] = 0
        return number

    def _sequence(self, phrase: Phrase, target: int, rank: int = 0) -> _Sequence:
        steps = [(self._step(step), step.gap if place else -1) for place, step in enumerate(phrase)]
        width = len(phrase) + sum(step.gap for step in phrase[1:])
        return _Sequence(rank, target, tuple(steps), width, not any(map(self._denies, phrase)))

    def _denies(self, step: Step) -> bool:
        """Tell whether a step is a denial itself, as in "cannot breathe"."""
        if step.classes & {NOT, NONE}:
            return True
        denials = {
            word
            for name in (NOT, NONE)
            for phrase in self._lists.classes.get(name, ())
            if len(phrase) == 1
            for word in phrase[0].words
        }
        return not step.words.isdisjoint(denials)


def _by_rarest(sequences: list[_Sequence], common: Counter[int]) -> dict[int, list[_Sequence]]:
    """Return sequences by the class of their steps that is in the fewest of them: it is seldom in a text."""
    index: dict[int, list[_Sequence]] = {}
    for each in sequences:
        rarest = min((class_ for class_, _ in each.steps), key=lambda class_: common[class_])
        index.setdefault(rarest, []).append(each)
    return index
