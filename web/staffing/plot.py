# SPDX-License-Identifier: EUPL-1.2
"""The week as squares with how many people each hour needs, as SVG: numbers and words in, text out.

Owns the geometry. No style attribute: colours come from the stylesheet by class. The table beside it says the
same. Knows no figure of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

LEVELS: Final = 5
"""Shades; the lightest is for the fewest."""

_LEFT, _TOP = 44, 22


@dataclass(frozen=True, slots=True)
class Square:
    """One hour: how many, what stands in the square, and all of it in words."""

    people: int
    said: str
    whole: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What a plot is called, what it shows in a sentence, and its id on the page."""

    title: str
    about: str
    id: str


def week(
    title: str, about: str, days: Sequence[str], squares: Mapping[tuple[int, int], Square], *, id_: str
) -> str:
    """Return a line of squares for each weekday that has any, in columns of those hours that have.

    It comes twice, and the stylesheet shows one: on a phone hours go downwards, so that all fit.
    """
    hours = sorted({hour for _, hour in squares})
    shown = [day for day in range(7) if any(weekday == day for weekday, _ in squares)]
    names = [f"{hour:02}" for hour in hours], [days[day] for day in shown]
    wide = [[squares.get((day, hour)) for hour in hours] for day in shown]
    tall = [[squares.get((day, hour)) for day in shown] for hour in hours]
    named = Named(title, about, id_), Named(title, about, f"{id_}-tall")
    return _map(named[0], names[0], names[1], wide, size=(30, 30), kind="wide") + _map(
        named[1], names[1], names[0], tall, size=(34, 24), kind="tall"
    )


def _map(
    named: Named,
    columns: Sequence[str],
    lines: Sequence[str],
    squares: Sequence[Sequence[Square | None]],
    *,
    size: tuple[int, int],
    kind: str,
) -> str:
    every = [each.people for line in squares for each in line if each is not None]
    least = min(every, default=0)
    span = max(every, default=0) - least + 1
    parts = [
        f'<text class="name mid" x="{_LEFT + (place + 0.5) * size[0]:.0f}" y="14">{escape(name)}</text>'
        for place, name in enumerate(columns)
    ]
    for number, (name, line) in enumerate(zip(lines, squares, strict=True)):
        y = _TOP + number * size[1]
        parts.append(
            f'<text class="name end" x="{_LEFT - 8}" y="{y + size[1] // 2 + 5}">{escape(name)}</text>'
        )
        for place, square in enumerate(line):
            if square is not None:
                level = (square.people - least) * LEVELS // span
                parts.append(_drawn(square, level, _LEFT + place * size[0], y, size))
    wide, high = _LEFT + size[0] * len(columns), _TOP + size[1] * len(lines)
    return (
        f'<svg class="week-plot {kind}" role="img" aria-labelledby="{named.id}-title {named.id}-about"'
        f' viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f'<title id="{named.id}-title">{escape(named.title)}</title>'
        f'<desc id="{named.id}-about">{escape(named.about)}</desc>{"".join(parts)}</svg>'
    )


def _drawn(square: Square, level: int, x: int, y: int, size: tuple[int, int]) -> str:
    shut = "" if square.is_open else " shut"
    wide, high = size
    return (
        f'<g class="level-{level}{shut}"><title>{escape(square.whole)}</title>'
        f'<rect x="{x + 1}" y="{y + 1}" width="{wide - 2}" height="{high - 2}" rx="4"/>'
        f'<text class="mid" x="{x + wide / 2:.0f}" y="{y + high // 2 + 5}">{escape(square.said)}</text></g>'
    )
