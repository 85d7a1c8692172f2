# SPDX-License-Identifier: EUPL-1.2
"""What can be known of a whole of two parts, told in sevens without any chance, after any number of weeks.

Owns the sets of leftovers that are possible for all that was told before a week, and for all that was told
after it. There are few such sets, so following them until no new ones come covers every length of history
and all counts: of a week it only matters which counters were told something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from typing import Final

Left = tuple[int, int, int]
"""What is left over of one part, of the other and of the whole."""
Lefts = frozenset[Left]
Told = tuple[bool, bool, bool]
"""Which of the three were told something in a week."""

AHEAD: Final = (0, 7)
"""How much more has been told of the whole than of its parts: known, and what is left over has to fit."""
FITTING: Final[dict[int, Lefts]] = {
    ahead: frozenset((one, other, one + other - ahead) for one, other in product(range(7), repeat=2))
    & frozenset(product(range(7), range(7), range(7)))
    for ahead in AHEAD
}
START: Final[Lefts] = frozenset({(0, 0, 0)})


@cache
def may_follow(before: Left, after: Left, told: Told) -> bool:
    """Tell whether a week leads from one to the other: what is not told does not grow smaller."""
    return all(was_told or now >= was for was, now, was_told in zip(before, after, told, strict=True))


def weeks_from(ahead: int) -> Iterator[tuple[Told, int]]:
    """Yield every kind of week, with how far the whole is ahead of its parts after it."""
    for one, other, whole, then in product((False, True), (False, True), (False, True), AHEAD):
        # What is told of the whole takes it ahead, what is told of parts back; both together do either.
        back = forward = (one or other) and whole
        if whole and not (one or other):
            forward = True
        elif (one or other) and not whole:
            back = True
        stays = back == forward
        if (then == ahead and stays) or (then > ahead and forward) or (then < ahead and back):
            yield (one, other, whole), then


def before_any_week() -> set[tuple[int, Lefts]]:
    """Return, for all that may have been told so far, what may be left over."""

    def following(ahead: int, lefts: Lefts) -> Iterator[tuple[int, Lefts]]:
        for told, then in weeks_from(ahead):
            yield then, reached(lefts, told, FITTING[then])

    return _all_from([(0, START)], following)


def after_any_week() -> set[tuple[int, Lefts]]:
    """Return, for all that may be told from now on, what may be left over now."""

    def preceding(then: int, lefts: Lefts) -> Iterator[tuple[int, Lefts]]:
        for ahead in AHEAD:
            for told, reached_then in weeks_from(ahead):
                if reached_then == then:
                    fitting = FITTING[ahead]
                    yield ahead, frozenset(x for x in fitting if any(may_follow(x, y, told) for y in lefts))

    return _all_from(FITTING.items(), preceding)


def reached(lefts: Lefts, told: Told, among: Lefts) -> Lefts:
    """Return what of `among` may be left over after a week."""
    return frozenset(after for after in among if any(may_follow(before, after, told) for before in lefts))


def _all_from(
    known: Iterable[tuple[int, Lefts]], step: Callable[[int, Lefts], Iterator[tuple[int, Lefts]]]
) -> set[tuple[int, Lefts]]:
    found = set(known)
    to_do = list(found)
    while to_do:
        new = {each for each in step(*to_do.pop()) if each[1]} - found
        found |= new
        to_do += new
    return found


def certain_weeks() -> int:
    """Return in how many situations a week's count, or what is left over, has one value alone."""
    certain, later = 0, after_any_week()
    for ahead, before in before_any_week():
        pasts = [now & before for then, now in later if then == ahead and before != START]
        certain += sum(_one_alone(past) for past in pasts if past)
        for told, then in weeks_from(ahead):
            for _, after in (each for each in later if each[0] == then):
                grown = {
                    (after_[0] - was[0], after_[1] - was[1], after_[2] - was[2])
                    for was, after_ in product(before, after)
                    if may_follow(was, after_, told)
                }
                certain += _one_alone(grown) if grown else 0
    return certain


def _one_alone(possible: Iterable[Left]) -> int:
    return sum(len(set(values)) == 1 for values in zip(*possible, strict=True))
