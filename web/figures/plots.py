# SPDX-License-Identifier: EUPL-1.2
"""Plots as SVG: numbers and words in, text out.

Owns the geometry. No script, no style attribute: colours come from the stylesheet by class, so that dark
and print work. Beside each plot the page has a table with the same; the plot names itself and says in a
sentence what it shows. Knows no figure of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

LEVELS: Final = 5
"""Shades of a heat map; the lowest is for nothing told."""

_ROOMY: Final = 8
"""Of so many points the numbers do not touch one another."""
_DESK: Final = 560
_PHONE: Final = 290
"""The room that a narrow phone has for a plot, in pixels: letters are as large there as they are drawn."""
_ROUND: Final = (10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)
"""Tenths of a power of ten at which a scale may end."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a plot is called: an id of its own on the page, a title, and what it shows in a sentence."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how long it is (None: nothing told), and what stands at its end."""

    name: str
    value: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Stack:
    """One column of several pieces from below; `name` may be empty where there is no room for it."""

    name: str
    pieces: tuple[int | None, ...]
    said: str
    """All of it in words, for who points at it."""
    under: str = ""
    """A second line under the name: the year where one begins."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line, in percent; None leaves a gap."""

    name: str
    percent: int | None
    said: str
    under: str = ""


def bars(head: Head, lines: Sequence[Bar]) -> str:
    """Return bars that lie under one another, with their names before and their values after them.

    It comes twice, and the stylesheet shows one: on a phone names stand above their bars, to be read.
    """
    tall = Head(f"{head.id}-tall", head.title, head.about)
    return _beside(head, lines) + _above(tall, lines)


def _above(head: Head, lines: Sequence[Bar]) -> str:
    room = _PHONE - 10 - _room_of([each.said for each in lines])
    most = max((each.value or 0 for each in lines), default=0)
    parts, top = [], 0
    for each in lines:
        name, said = escape(each.name), escape(each.said)
        parts.append(f'<text class="name" x="0" y="{top + 14}">{name}</text>')
        length = _scaled(each.value or 0, most, max(room, _PHONE // 4))
        if length:
            parts.append(f'<rect class="bar" x="0" y="{top + 20}" width="{length}" height="14" rx="2"/>')
            parts.append(f'<text class="value" x="{length + 6}" y="{top + 32}">{said}</text>')
        else:
            # Nothing to draw: it takes no more room than its name.
            parts.append(f'<text class="value quiet end" x="{_PHONE}" y="{top + 14}">{said}</text>')
        top += 40 if length else 22
    return _svg(head, _PHONE, max(top, 22), parts, kind="tall")


def _beside(head: Head, lines: Sequence[Bar]) -> str:
    row = 24
    left = 16 + _room_of([each.name for each in lines])
    wide = left + 190 + 10 + _room_of([each.said for each in lines])
    right = wide - left - 190
    most = max((each.value or 0 for each in lines), default=0)
    parts = []
    for number, each in enumerate(lines):
        top = number * row
        parts.append(f'<text class="name end" x="{left - 8}" y="{top + 16}">{escape(each.name)}</text>')
        length = _scaled(each.value or 0, most, wide - left - right)
        if length:
            parts.append(f'<rect class="bar" x="{left}" y="{top + 4}" width="{length}" height="16" rx="2"/>')
        parts.append(f'<line class="axis" x1="{left}" x2="{left}" y1="{top}" y2="{top + row}"/>')
        quiet = "" if each.value else " quiet"
        parts.append(
            f'<text class="value{quiet}" x="{left + length + 6}" y="{top + 16}">{escape(each.said)}</text>'
        )
    return _svg(head, wide, max(row * len(lines), row), parts, kind="bars")


def stacks(head: Head, columns: Sequence[Stack], *, marked: int = 0) -> str:
    """Return columns beside one another, each of pieces; those before `marked` are of an earlier time.

    It comes twice, as wide as a desk and as a phone have room for.
    """
    tall = Head(f"{head.id}-tall", head.title, head.about)
    return _columns(head, columns, marked, _DESK, "wide") + _columns(tall, columns, marked, _PHONE, "tall")


def _columns(head: Head, columns: Sequence[Stack], marked: int, wide: int, kind: str) -> str:
    high, left, foot = 230, 42, 46
    most = _round_up(max((_whole(each) for each in columns), default=0))
    room = high - foot - 12
    marks = (0, most // 2, most) if most > 1 else (0, 1)
    parts = list(_grid(marks, _Room(left, wide, 12, room, max(most, 1))))
    step = (wide - left) / max(len(columns), 1)
    for number, each in enumerate(columns):
        x, base = left + number * step, float(12 + room)
        earlier = " earlier" if number < marked else ""
        parts.append(f'<g class="column{earlier}"><title>{escape(each.said)}</title>')
        parts.append(f'<rect class="behind" x="{x:.1f}" y="12" width="{step:.1f}" height="{room}"/>')
        for place, piece in enumerate(each.pieces):
            tall = _scaled(piece or 0, most, room)
            if tall:
                base -= tall
                parts.append(
                    f'<rect class="piece-{place}" x="{x + step * 0.15:.1f}" y="{base:.1f}"'
                    f' width="{step * 0.7:.1f}" height="{tall}"/>'
                )
        if not any(each.pieces):
            parts.append(f'<text class="value quiet mid" x="{x + step / 2:.1f}" y="{base - 4:.1f}">–</text>')
        parts.append("</g>")
        parts.extend(_below(each.name, each.under, x + step / 2, high - 26))
    return _svg(head, wide, high, parts, kind)


def line(head: Head, points: Sequence[Point]) -> str:
    """Return a line of percentages from left to right, with a gap where nothing is told.

    Where there is room each point says its number. It comes twice, as columns do.
    """
    tall = Head(f"{head.id}-tall", head.title, head.about)
    return _line(head, points, _DESK, "wide") + _line(tall, points, _PHONE, "tall")


def _line(head: Head, points: Sequence[Point], wide: int, kind: str) -> str:
    high, left, foot = 230, 52, 46
    room = high - foot - 12
    parts = list(_grid((0, 25, 50, 75, 100), _Room(left, wide, 12, room, 100), unit=" %"))
    step = (wide - left) / max(len(points), 1)

    def at(number: int, percent: int) -> tuple[float, float]:
        return left + (number + 0.5) * step, 12 + room * (1 - min(percent, 100) / 100)

    for run in _runs(points):
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*each) for each in run))
        if len(run) > 1:
            parts.append(f'<polyline class="line" points="{places}"/>')
    for number, each in enumerate(points):
        if each.percent is not None:
            x, y = at(number, each.percent)
            parts.append(
                f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
                f"<title>{escape(each.said)}</title></circle>"
            )
            if len(points) <= _ROOMY:
                below = 22 if each.percent > 85 else -10
                parts.append(f'<text class="value mid" x="{x:.1f}" y="{y + below:.1f}">{each.percent}</text>')
        parts.extend(_below(each.name, each.under, left + (number + 0.5) * step, high - 26))
    return _svg(head, wide, high, parts, kind)


Cells = Sequence[Sequence[tuple[int | None, str]]]
"""Lines of squares: what is told of each, if anything, and all of it in words."""


def heat(head: Head, days: Sequence[str], hours: Sequence[str], cells: Cells) -> str:
    """Return squares in `days` lines and `hours` columns, the darker the more; each says what it is.

    A square where nothing is told is empty, with a small mark: it is not the same as few. It comes twice too:
    on a phone hours go downwards, so that the evening is on the screen.
    """
    turned = list(zip(*cells, strict=True))
    tall = Head(f"{head.id}-tall", head.title, head.about)
    wide = _squares(head, days, hours, cells, size=(26, 26), kind="heat")
    return wide + _squares(tall, hours, days, turned, size=(34, 18), kind="tall")


def _squares(
    head: Head,
    lines: Sequence[str],
    columns: Sequence[str],
    cells: Cells,
    *,
    size: tuple[int, int],
    kind: str,
) -> str:
    left, top, (wide, high) = 40, 20, size
    most = max((value or 0 for each in cells for value, _ in each), default=0)
    step = 3 if len(columns) > 7 else 1
    parts = [
        f'<text class="name mid" x="{left + (place + 0.5) * wide:.0f}" y="13">{escape(name)}</text>'
        for place, name in enumerate(columns)
        if place % step == 0
    ]
    for line_, (name, each) in enumerate(zip(lines, cells, strict=True)):
        y = top + line_ * high
        parts.append(f'<text class="name end" x="{left - 8}" y="{y + high // 2 + 4}">{escape(name)}</text>')
        for place, (value, said) in enumerate(each):
            parts.append(
                f'<rect class="heat-{_level(value, most)}" x="{left + place * wide + 1}" y="{y + 1}"'
                f' width="{wide - 2}" height="{high - 2}" rx="3"><title>{escape(said)}</title></rect>'
            )
    return _svg(head, left + wide * len(columns), top + high * len(lines), parts, kind=kind)


@dataclass(frozen=True, slots=True)
class _Room:
    """Where marks of a scale stand: `most` is at the top."""

    left: int
    right: int
    top: int
    high: int
    most: int


def _level(value: int | None, most: int) -> int:
    if not value:
        return 0
    return 1 + min(LEVELS - 1, value * LEVELS // (most + 1))


def _room_of(texts: Sequence[str]) -> int:
    """Return how much room the longest of some short texts takes, by a good guess."""
    return 7 * max(map(len, texts), default=0)


def _svg(head: Head, wide: int, high: int, parts: Sequence[str], kind: str) -> str:
    title, about = f"{head.id}-title", f"{head.id}-about"
    named = f'<title id="{title}">{escape(head.title)}</title><desc id="{about}">{escape(head.about)}</desc>'
    return (
        f'<svg class="plot plot-{kind}" role="img" aria-labelledby="{title} {about}"'
        f' viewBox="0 0 {wide} {high}"'
        f' width="{wide}" height="{high}">{named}{"".join(parts)}</svg>'
    )


def _grid(marks: Sequence[int], room: _Room, unit: str = "") -> Iterator[str]:
    for mark in marks:
        y = room.top + room.high - mark * room.high // room.most
        yield f'<line class="axis" x1="{room.left}" x2="{room.right}" y1="{y}" y2="{y}"/>'
        yield f'<text class="name end" x="{room.left - 6}" y="{y + 4}">{mark}{unit}</text>'


def _below(name: str, under: str, x: float, y: int) -> Iterator[str]:
    for place, said in enumerate((name, under)):
        if said:
            yield f'<text class="name mid" x="{x:.1f}" y="{y + 18 * place}">{escape(said)}</text>'


def _runs(points: Sequence[Point]) -> Iterator[list[tuple[int, int]]]:
    """Yield the stretches without a gap, as places and percentages."""
    run: list[tuple[int, int]] = []
    for number, each in enumerate(points):
        if each.percent is None:
            if run:
                yield run
            run = []
        else:
            run.append((number, each.percent))
    if run:
        yield run


def _whole(stack: Stack) -> int:
    return sum(piece or 0 for piece in stack.pieces)


def _scaled(value: int, most: int, room: int) -> int:
    """Return how much of the room a value takes; the smallest that is told can still be seen."""
    return max(2, value * room // most) if value and most else 0


def _round_up(most: int) -> int:
    """Return a round number that is not smaller, so that half of it is whole."""
    if most <= 10:
        return most + most % 2
    size: int = 10 ** (len(str(most)) - 1)
    return next(size * tenths // 10 for tenths in _ROUND if size * tenths // 10 >= most)
