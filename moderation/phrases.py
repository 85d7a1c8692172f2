# SPDX-License-Identifier: EUPL-1.2
"""Finds phrases in a text: sequences of words and word classes with bounded gaps between them.

Owns the matching. Where a word stands is one bit of a number, so a phrase is a handful of shifts and ANDs
whatever the text is: every text costs one look at each of its words, and each step of a phrase is taken
twice at most. Must not know what a phrase means or who wrote the text, and keeps nothing of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from moderation.phrase_index import THIS, Index, Made, Sequence
from moderation.phrase_index import made as made_ready
from moderation.phrase_lists import NONE, NOT, SIGNS, STOP, Group, Lists
from moderation.reading import Reading

MOST_WORDS: Final = 512
"""More than a message of 2,000 letters holds. Of a longer text the first and the last half are read."""
_DENIED: Final = 3
"""How many words a denial reaches."""

_PARTING: Final = ",;:…()[]{}/\\-_*+=<>|~#&%@$^`،؟؛।"
_ASCII_PARTING: Final = {ord(sign): " " for sign in _PARTING if sign.isascii()}
_ASCII_SIGNS: Final = tuple(sign for sign in SIGNS if sign.isascii())
_EDGE: Final = "."
"""Stands before the first word and after the last, so that a phrase can say that it begins or ends there."""
_DRAWN_OUT: Final = re.compile(r"(.)\1\1(?<=[^\W\d_])\1*")
"""A letter three times or more. Few signs are there three times, so whether it is a letter comes last."""


def tokens(reading: Reading) -> list[str]:
    """Return the words, numbers and telling signs of a text; letters that are drawn out are single."""
    plain = reading.plain
    if "'" in plain:
        plain = plain.replace("'", "")
    pieces = _DRAWN_OUT.split(plain)
    if len(pieces) > 1:
        # Between what is drawn out stands the one letter of it.
        plain = "".join(pieces)
    found = _split(plain)
    if len(found) > MOST_WORDS:
        found = found[: MOST_WORDS // 2] + found[-MOST_WORDS // 2 :]
    return found


def _split(plain: str) -> list[str]:
    """Return what is parted by spaces and signs, and the signs that tell something.

    Searching a text for a sign that is not there costs next to nothing, a regular expression a lot.
    """
    is_ascii = plain.isascii()
    for sign in _ASCII_SIGNS if is_ascii else SIGNS:
        if sign in plain:
            plain = plain.replace(sign, f" {sign} ")
    if is_ascii:
        return plain.translate(_ASCII_PARTING).split()
    for sign in _PARTING:
        if sign in plain:
            plain = plain.replace(sign, " ")
    return plain.split()


def after(mask: int, reach: int) -> int:
    """Return the places up to `reach` words after each of `mask`, and these themselves."""
    if not mask:
        return 0
    done = 1
    while done <= reach:
        step = min(done, reach + 1 - done)
        mask |= mask << step
        done += step
    return mask


def before(mask: int, reach: int) -> int:
    """Return the places up to `reach` words before each of `mask`, and these themselves."""
    if not mask:
        return 0
    done = 1
    while done <= reach:
        step = min(done, reach + 1 - done)
        mask |= mask >> step
        done += step
    return mask


def around(mask: int, reach: int) -> int:
    """Return the places up to `reach` words to either side."""
    return after(mask, reach) | before(mask, reach) if mask else 0


class _Masks(dict[int, int]):
    """Where phrases of each class end, worked out when a phrase asks for it: most are never asked for."""

    __slots__ = ("_absent", "_entries", "_found", "_rules")

    def __init__(self, rules: Rules, entries: dict[int, int], absent: int) -> None:
        super().__init__()
        self._rules = rules
        self._entries = entries
        self._found = set(entries)
        self._absent = absent

    def __missing__(self, class_: int) -> int:
        entries, rules, mask = self._entries, self._rules, 0
        for entry in rules.entries_of[class_] & self._found:
            mask |= entries[entry]
        for inner, bit in rules.within.get(class_, ()):
            if not bit & self._absent:
                mask |= self[inner]
        parts = rules.parts_of.get(class_)
        if parts is not None and not parts.entries.isdisjoint(self._found):
            this = self.get(THIS, 0)
            for _, ends in self.ends(parts):
                mask |= ends
            self[THIS] = this
        self[class_] = mask
        return mask

    def leave_out(self, places: int) -> None:
        """Look at other places only."""
        self.clear()
        self._entries = {entry: mask & ~places for entry, mask in self._entries.items()}

    def ends(self, index: Index) -> list[tuple[Sequence, int]]:
        """Return the phrases that are there with the places where they end, whatever is denied.

        One loop without calls: this is where the time goes.
        """
        found, absent, by_entry = [], self._absent, index.by_entry
        for entry in index.entries & self._found:
            self[THIS] = self._entries[entry]
            for needs, first, others, sequence in by_entry[entry]:
                if needs & absent:
                    continue
                mask = self[first]
                for class_, shifts in others:
                    mask <<= 1
                    for shift in shifts:
                        mask |= mask << shift
                    mask &= self[class_]
                    if not mask:
                        break
                if mask:
                    found.append((sequence, mask))
        return found


def _rank(found: tuple[Sequence, int]) -> int:
    return found[0].rank


class Seen:
    """What stands where in one text. Lives as long as the text is judged."""

    __slots__ = ("_masks", "_rules")

    def __init__(self, rules: Rules, entries: dict[int, int], absent: int) -> None:
        self._rules = rules
        self._masks = _Masks(rules, entries, absent)
        self._leave_out_idioms()

    def mask(self, name: str) -> int:
        """Return the places where phrases of a class end."""
        number = self._rules.number_of(name)
        return 0 if number is None else self._masks[number]

    def groups(self) -> Iterator[tuple[Group, int]]:
        """Yield each group that is found with the places where it ends, the lowest rank first."""
        found = self._masks.ends(self._rules.phrases)
        if not found:
            return
        found.sort(key=_rank)
        negated = self.mask(NOT)
        denied = negated | self.mask(NONE)
        startable = ~self._reached(denied)
        for sequence, ends in found:
            if denied and sequence.deniable:
                mask = self._ends(sequence, ~denied, startable) & ~(negated >> 1)
            else:
                mask = ends
            if mask:
                yield self._rules.groups[sequence.target], mask

    def _ends(self, sequence: Sequence, passable: int, startable: int) -> int:
        """Return where a phrase ends. Its gaps lie in `passable` only, and it begins in `startable`."""
        masks = self._masks
        mask = startable & masks[sequence.first]
        for class_, gap in sequence.gaps:
            reach = mask = mask << 1
            for _ in range(gap):
                mask = (mask & passable) << 1
                reach |= mask
            mask = reach & masks[class_]
        return mask

    def _reached(self, here: int) -> int:
        """Return the places that a denial before them reaches."""
        if not here:
            return 0
        going_on, denied = ~self.mask(STOP), 0
        for _ in range(_DENIED):
            here = here << 1 & going_on
            denied |= here
        return denied

    def _leave_out_idioms(self) -> None:
        idle = 0
        for idiom, ends in self._masks.ends(self._rules.idioms):
            idle |= before(ends, idiom.width - 1)
        if idle:
            self._masks.leave_out(idle)


class Rules:
    """Lists made ready to be looked for; made once, when the lists are loaded.

    Raises:
        ValueError: a phrase names a class that is not there, or a class is part of itself.
    """

    def __init__(self, lists: Lists, ready: Made | None = None) -> None:
        made = ready or made_ready(lists)[0]
        self.groups = tuple(replace(group, phrases=()) for group in lists.groups)
        """Without their phrases: as they were written they take much room, and are needed no more."""
        self.number_of = made.numbers.get
        """The number of a class by its name; one that is in no list has none."""
        self.entries_of = made.entries_of
        self.phrases = made.phrases
        self.idioms = made.idioms
        self.parts_of = made.parts_of
        self.within = made.within
        self._lexicon = made.lexicon
        self._bits = made.bits
        self._every_bit = made.every_bit

    @classmethod
    def of_several(cls, *several: Lists) -> tuple[Rules, ...]:
        """Return the rules of each; a text is looked up once for all that are looked for in it."""
        return tuple(cls(lists, made) for lists, made in zip(several, made_ready(*several), strict=True))

    def seen(self, reading: Reading) -> Seen | None:
        """Return what stands where in a text; None when it has no word of any phrase."""
        entries = self._entries(reading)
        if not entries:
            return None
        present, bits = 0, self._bits
        for entry in entries:
            present |= bits[entry]
        return Seen(self, entries, self._every_bit ^ present)

    def _entries(self, reading: Reading) -> dict[int, int]:
        """Return where each entry stands; rules that share a lexicon look only once."""
        looked_up = reading.looked_up
        if looked_up is not None and looked_up[0] is self._lexicon:
            return looked_up[1]
        entries = self._lexicon.places([_EDGE, *tokens(reading), _EDGE])
        reading.looked_up = (self._lexicon, entries)
        return entries
