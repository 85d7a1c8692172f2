# SPDX-License-Identifier: EUPL-1.2
"""The rules by which identity data is seen, as they are read from their file.

Owns their form and what is prepared once: folded words by class, compiled patterns. Reads no file itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from moderation.checks import CHECKS, Allowed, Piece
from moderation.reading import folded

_PIECE: Final = re.compile("<([a-z]+)>")
LONG_NUMBER: Final = "§"
"""What a rule needs that looks for a number of five digits or more."""
NO_NEED: Final = ""
"""Stands for a need that a rule does not have."""
_DIGITS: Final = frozenset("0123456789")
_SIGNS: Final = frozenset(f"0123456789+@/._#([{{<*{LONG_NUMBER}")


Check = Callable[[Piece, Allowed], bool]


class Rule(Struct, frozen=True):
    """One thing to look for. What the pattern's first group finds is of this kind, if the check agrees."""

    kind: str
    needs: tuple[frozenset[str], ...]
    """Of each of these at least one character must stand in the sketch."""
    pattern: re.Pattern[str]
    checks: tuple[Check, ...] = ()
    digits: int = 0
    """How many digits the numbers in a piece have together, as bits; 0 where that is not said."""


class Look(Struct, frozen=True):
    """One look at a piece: a pattern that must match this side of it, or must not."""

    side: Literal["digits", "tight", "plain", "sketch"]
    must: bool
    pattern: re.Pattern[str]

    def __call__(self, piece: Piece, _allowed: Allowed) -> bool:
        """Tell whether the piece is as it must be."""
        return (self.pattern.search(getattr(piece, self.side)) is not None) is self.must


class Endings(Struct, frozen=True):
    """What words in no list end with: streets, what may be one, surnames; and words that do so by chance."""

    streets: tuple[str, ...]
    places: tuple[str, ...]
    surnames: tuple[str, ...]
    none: frozenset[str]
    tails: frozenset[str]
    """The last two letters of all of these: most words are none of them."""


class IdentityRules(Struct, frozen=True, kw_only=True):
    """Everything that `identity_in` needs."""

    classes: Mapping[str, str]
    """The letter of each known word."""
    numbers: Mapping[str, str]
    """The digits that a word names."""
    endings: Endings
    rules: tuple[Rule, ...]
    calls: tuple[Mapping[str, int], ...]
    """For the first need of all rules, for the second and so on: by sign the rules that it is enough for, as
    bits."""
    alone: frozenset[str]
    """Words that call for a search even where there is no digit and no sign."""
    allowed: Allowed

    def called_for(self, signs: Collection[str]) -> Iterator[Rule]:
        """Yield the rules of which these signs are all that they need, in order."""
        possible = -1
        for calls in self.calls:
            enough = calls[NO_NEED]
            for sign in signs:
                enough |= calls.get(sign, 0)
            possible &= enough
        while possible:
            place = possible & -possible
            possible ^= place
            yield self.rules[place.bit_length() - 1]

    def by_form(self, plain: str, cased: str) -> str:
        """Return the letter of a word that stands in no list."""
        if (
            len(plain) > 4
            and plain[-2:] in self.endings.tails
            and (plain not in self.endings.none or cased[0] != plain[0])
        ):
            if plain.endswith(self.endings.streets):
                return "S"
            if cased[0] != plain[0] and plain.endswith(self.endings.places):
                return "Z"
            if plain.endswith(self.endings.surnames):
                return "J"
        return _by_case(plain, cased)

    def streets_in(self, words: Collection[str]) -> bool:
        """Tell whether any word is a street by its ending."""
        return any(word.endswith(self.endings.streets) for word in words)


def _by_case(plain: str, cased: str) -> str:
    length = len(plain)
    if cased[0] == plain[0]:
        return "lcv"[length - 1] if length < 4 else "w"
    if length == 1:
        return "L"
    if cased[1] == plain[1]:
        return "N"
    return "CV"[length - 2] if length < 4 else "X"


def identity_rules(
    source: Mapping[str, Any],
    *,
    languages: Collection[str] | None = None,
    numbers: Collection[str] = (),
    hosts: Collection[str] = (),
) -> IdentityRules:
    """Return the rules of a file that has been read, of some languages only if they are named.

    `numbers` (digits) and `hosts` are allowed beside those of the file.

    Raises:
        KeyError: a part is missing.
        re.error: a pattern is none.
    """
    wanted = [code for code in source["words"] if languages is None or code in {"common", *languages}]
    classes: dict[str, str] = {}
    for code in wanted:
        classes = _classes(source["words"][code]) | classes
    checks = {
        name: [Look(side, must, re.compile(pattern)) for side, must, pattern in looks]
        for name, looks in source["checks"].items()
    }
    rules = tuple(_rule(rule, source["pieces"], checks) for rule in source["rule"])
    letters = frozenset().union(*(_called_for_alone(rule) for rule in rules))
    counting = _numbers([source["numbers"][code] for code in wanted if code in source["numbers"]])
    return IdentityRules(
        classes={word: "x" if digits == "1" else "q" for word, digits in counting.items()} | classes,
        numbers=counting,
        endings=_endings(source["endings"]),
        rules=rules,
        calls=_calls(rules),
        alone=frozenset(word for word, letter in classes.items() if letter in letters),
        allowed=_allowed(source, numbers, hosts),
    )


def allowing(
    rules: IdentityRules, source: Mapping[str, Any], *, numbers: Collection[str], hosts: Collection[str]
) -> IdentityRules:
    """Return rules of the same file that allow these `numbers` (digits) and `hosts` beside those of the file.

    Everything else is shared: a site has hundreds of services, and their rules differ in nothing else.
    """
    return replace(rules, allowed=_allowed(source, numbers, hosts))


def _endings(lists: Mapping[str, str]) -> Endings:
    streets, places, surnames = (_words(lists[name]) for name in ("streets", "places", "surnames"))
    # An ending of one letter stands for all that a word may have before it.
    letters = "abcdefghijklmnopqrstuvwxyz"
    tails = {
        tail
        for ending in (*streets, *places, *surnames)
        for tail in ([ending[-2:]] if len(ending) > 1 else [letter + ending for letter in letters])
    }
    return Endings(streets, places, surnames, frozenset(_words(lists["none"])), frozenset(tails))


def _classes(lists: Mapping[str, str]) -> dict[str, str]:
    return {folded(word): letter for letter, words in lists.items() for word in words.split()}


def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in text.split())


def _numbers(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.split() for text in texts]
    found = {
        folded(word): digits for each in pairs for word, digits in zip(each[::2], each[1::2], strict=True)
    }
    tens = {word: digits[0] for word, digits in found.items() if len(digits) == 2 and digits[1] == "0"}
    units = {word: digits for word, digits in found.items() if len(digits) == 1 and digits != "0"}
    # "sjuttiotre" and its like: every language that writes them in one word is read so.
    return found | {ten + unit: tens[ten] + units[unit] for ten in tens for unit in units}


def _rule(rule: Mapping[str, Any], pieces: Mapping[str, str], known: Mapping[str, Sequence[Look]]) -> Rule:
    pattern = rule["find"]
    while (piece := _PIECE.search(pattern)) is not None:
        pattern = pattern.replace(piece[0], pieces[piece[1]])
    needs = tuple(frozenset(needed) for needed in rule["needs"])
    checks: list[Check] = []
    for name in rule.get("check", "").split():
        checks += known[name] if name in known else [CHECKS[name]]
    digits = 0
    if "digits" in rule:
        least, most = rule["digits"]
        digits = sum(1 << count for count in range(least, most + 1))
    return Rule(rule["kind"], needs, re.compile(pattern, re.ASCII), tuple(checks), digits)


def _calls(rules: Sequence[Rule]) -> tuple[dict[str, int], ...]:
    """Return which sign is enough for which rules, need by need."""
    found = []
    for needs in zip_longest(*(rule.needs for rule in rules), fillvalue={NO_NEED}):
        calls = {NO_NEED: 0}
        for place, needed in enumerate(needs):
            for sign in needed:
                calls[sign] = calls.get(sign, 0) | 1 << place
        found.append(calls)
    return tuple(found)


def _allowed(source: Mapping[str, Any], numbers: Collection[str], hosts: Collection[str]) -> Allowed:
    every = {*source["allowed"]["numbers"].split(), *numbers}
    chain = re.compile(f"(?:{'|'.join(sorted(every))})+")
    return Allowed(frozenset(every), (*source["allowed"]["hosts"].split(), *hosts), chain)


def _called_for_alone(rule: Rule) -> frozenset[str]:
    """Return the classes of words that a rule looks for where there may be no digit and no sign."""
    if any(needed >= _DIGITS or needed <= _SIGNS for needed in rule.needs):
        return frozenset()
    return rule.needs[0]
