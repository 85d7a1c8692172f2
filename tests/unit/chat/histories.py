# SPDX-License-Identifier: EUPL-1.2
"""Histories of counters that hang together, and what an attacker makes of all that was told of them.

Owns small worlds in which some counters are sums of others. The attacker knows the rule, the ties, and every
figure of every week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import product

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import Gathered, close

WEEK = Week(date(2026, 1, 5))
LINDEN = ServiceId("linden")
A_COUNTER = "answered"

Rule = Callable[[int, int], tuple[int, int]]
"""From what one counter has gathered and a week's count, to what is told and what is gathered then."""
Counts = tuple[int, ...]
"""A week's count of each counter of a world."""
World = Callable[[int], Iterator[Counts]]
"""Every week that can be, with counts up to a number."""


@cache
def sevens(gathered: int, count: int) -> tuple[int, int]:
    """The rule as it is, in a week in which chance holds nothing back: that hides least."""
    before = {A_COUNTER: Gathered(WEEK, gathered)}
    told, left = close(LINDEN, WEEK, WEEK, before, {A_COUNTER: count}, lambda _: 0)
    return sum(figure.value for figure in told), left[A_COUNTER].value


def all_from_five(gathered: int, count: int) -> tuple[int, int]:
    """What would not do: all that is gathered is told as soon as it is five."""
    whole = gathered + count
    return (whole, 0) if whole >= 5 else (0, whole)


def whole_of(parts: int) -> World:
    """Some counters, and one that is their sum: how long they waited, and all who were answered."""

    def weeks(most: int) -> Iterator[Counts]:
        return ((*each, sum(each)) for each in product(range(most + 1), repeat=parts))

    return weeks


def same_twice(most: int) -> Iterator[Counts]:
    """Two questions of one form with two answers each: both pairs have the same sum."""
    for one, other, third in product(range(most + 1), repeat=3):
        if 0 <= one + other - third <= most:
            yield one, other, third, one + other - third


def betrayed(world: World, weeks: int, most: int, rule: Rule) -> set[int]:
    """Return the hidden values that some attacker knows for certain, of all histories of a world.

    Hidden are what any counter has counted over any weeks of the history, and what is not told of it at the
    end. With a rule that goes by sevens, counts of the parts of a whole up to six stand for all: add sevens
    to them in any history, and so to the whole, and its figures grow by the same sevens. So what is
    uncertain stays so.
    """
    possible: dict[tuple[Counts, ...], list[set[int]]] = {}
    for history in product(tuple(world(most)), repeat=weeks):
        told, left = _told_of(history, rule)
        hidden = _hidden_of(history, left)
        known = possible.get(told)
        if known is None:
            possible[told] = [{value} for value in hidden]
        else:
            for values, value in zip(known, hidden, strict=True):
                values.add(value)
    return {min(values) for known in possible.values() for values in known if len(values) == 1}


def endings(history: Sequence[Counts]) -> set[Counts]:
    """Return what may be gathered at the end where sevens alone told what they told of `same_twice`."""
    told, _ = _told_of(history, sevens)
    gathered: set[Counts] = {(0, 0, 0, 0)}
    so_far: Counts = (0, 0, 0, 0)
    for of_week in told:
        so_far = tuple(map(sum, zip(so_far, of_week, strict=True)))
        gathered = {
            left
            for left in product(range(7), repeat=4)
            if so_far[0] + so_far[1] + left[0] + left[1] == so_far[2] + so_far[3] + left[2] + left[3]
            and any(_never_less(each, of_week, left) for each in gathered)
        }
    return gathered


def _never_less(before: Counts, told: Counts, left: Counts) -> bool:
    return all(now + out >= was for was, out, now in zip(before, told, left, strict=True))


def _told_of(history: Sequence[Counts], rule: Rule) -> tuple[tuple[Counts, ...], Counts]:
    told, gathered = [], (0,) * len(history[0])
    for counts in history:
        closed = [rule(so_far, count) for so_far, count in zip(gathered, counts, strict=True)]
        told.append(tuple(each[0] for each in closed))
        gathered = tuple(each[1] for each in closed)
    return tuple(told), gathered


def _hidden_of(history: Sequence[Counts], left: Counts) -> list[int]:
    hidden = list(left)
    for counter in zip(*history, strict=True):
        for first in range(len(counter)):
            so_far = 0
            for count in counter[first:]:
                so_far += count
                hidden.append(so_far)
    return hidden
