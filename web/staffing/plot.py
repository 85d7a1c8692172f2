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

_LEFT, _TOP, _SIZE = 44, 22, 30


@dataclass(frozen=True, slots=True)
class Square:
    """One hour: how many, what stands in the square, and all of it in words."""

    people: int
    said: str
    whole: str
    is_open: bool


def week(
    title: str, about: str, days: Sequence[str], squares: Mapping[tuple[int, int], Square], *, id_: str
) -> str:
    """Return a line of squares for each weekday that has any, in columns of those hours that have."""
    hours = sorted({hour for _, hour in squares})
    shown = [day for day in range(7) if any(weekday == day for weekday, _ in squares)]
    least = min((each.people for each in squares.values()), default=0)
    span = max((each.people for each in squares.values()), default=0) - least + 1
    parts = [
        f'<text class="name mid" x="{_LEFT + (place + 0.5) * _SIZE:.0f}" y="14">{hour:02}</text>'
        for place, hour in enumerate(hours)
    ]
    for line, day in enumerate(shown):
        y = _TOP + line * _SIZE
        parts.append(f'<text class="name end" x="{_LEFT - 8}" y="{y + 20}">{escape(days[day])}</text>')
        for place, hour in enumerate(hours):
            square = squares.get((day, hour))
            if square is not None:
                level = (square.people - least) * LEVELS // span
                parts.append(_drawn(square, level, _LEFT + place * _SIZE, y))
    wide, high = _LEFT + _SIZE * len(hours), _TOP + _SIZE * len(shown)
    return (
        f'<svg class="week-plot" role="img" aria-labelledby="{id_}-title {id_}-about"'
        f' viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f'<title id="{id_}-title">{escape(title)}</title><desc id="{id_}-about">{escape(about)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _drawn(square: Square, level: int, x: int, y: int) -> str:
    shut = "" if square.is_open else " shut"
    return (
        f'<g class="level-{level}{shut}"><title>{escape(square.whole)}</title>'
        f'<rect x="{x + 1}" y="{y + 1}" width="{_SIZE - 2}" height="{_SIZE - 2}" rx="4"/>'
        f'<text class="mid" x="{x + _SIZE / 2:.0f}" y="{y + 20}">{escape(square.said)}</text></g>'
    )
