# SPDX-License-Identifier: EUPL-1.2
"""Plots: where things stand, what nothing and one and very much look like, and that words stay words."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from web.figures.plots import Bar, Head, Point, Stack, bars, heat, line, stacks

HEAD = Head("plot-x", "Väntan <b>", 'Stegen & "allt"')
SVG = "{http://www.w3.org/2000/svg}"


def read(drawn: str) -> ET.Element:
    """Read a plot as XML: what is no XML is refused here."""
    return ET.fromstring(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314


def all_of(drawn: str, kind: str, part: str) -> list[ET.Element]:
    """Return the elements of a kind whose class begins so."""
    return [each for each in read(drawn).iter(SVG + kind) if each.get("class", "").startswith(part)]


def both(drawn: str) -> list[str]:
    """Return a plot that comes twice as it is drawn for a wide screen, and for a phone."""
    return [f"<svg{each}" for each in drawn.split("<svg")[1:]]


def every_plot() -> list[str]:
    """Return one of each, with nothing told, with one thing, and with much."""
    return [
        *both(bars(HEAD, [])),
        *both(bars(HEAD, [Bar("a", None, "–")])),
        *both(bars(HEAD, [Bar("a", 10**9, "1000000000"), Bar("b", 5, "5")])),
        *both(stacks(HEAD, [])),
        *both(stacks(HEAD, [Stack("j", (None, None), "j")])),
        *both(stacks(HEAD, [Stack("j", (10**9, 5), "j"), Stack("f", (5, None), "f", "2025")], marked=1)),
        *both(line(HEAD, [])),
        *both(line(HEAD, [Point("j", None, "j")])),
        *both(line(HEAD, [Point("j", 50, "j")])),
        *both(
            line(HEAD, [Point("j", 0, "j"), Point("f", None, "f"), Point("m", 100, "m"), Point("a", 90, "a")])
        ),
        *both(heat(HEAD, [], [], [])),
        *both(heat(HEAD, ["Mån"], ["00", "01"], [[(None, "–"), (10**9, "m")]])),
    ]


@pytest.mark.parametrize("drawn", every_plot())
def test_plot_is_named_and_needs_no_style_or_script(drawn: str) -> None:
    """Whatever it shows: an image with a title and a sentence, well formed, with nothing that CSP refuses."""
    root = read(drawn)
    assert root.get("role") == "img"
    named = [root.find(f".//*[@id='{each}']") for each in root.get("aria-labelledby", "").split()]
    assert [each.text for each in named if each is not None] == ["Väntan <b>", 'Stegen & "allt"']
    assert re.search(r"\s(style|on\w+|href)=|<(style|script|foreignObject|image)", drawn) is None
    _, _, wide, high = map(float, root.get("viewBox", "").split())
    for each in root.iter():
        for name, room in (("x", wide), ("cx", wide), ("y", high), ("cy", high)):
            assert 0 <= float(each.get(name, 0)) <= room
        assert float(each.get("x", 0)) + float(each.get("width", 0)) <= wide + 0.1 or each is root
        assert float(each.get("width", 1)) > 0


def test_words_are_words() -> None:
    """Whatever a service is called."""
    for drawn in both(bars(HEAD, [Bar("<script>alert(1)</script>", 5, '"><img src=x>')])):
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert [each.text for each in all_of(drawn, "text", "name")] == ["<script>alert(1)</script>"]


def test_bars_are_as_long_as_their_values() -> None:
    """The longest takes the room, half is half, and the smallest can still be seen."""
    lines = [Bar("a", 1000, ""), Bar("b", 500, ""), Bar("c", 5, ""), Bar("d", None, "–")]
    for drawn in both(bars(HEAD, lines)):
        widths = [int(each.get("width", 0)) for each in all_of(drawn, "rect", "bar")]
        assert widths == [widths[0], widths[0] // 2, 2]


def test_bars_on_a_phone_are_as_wide_as_it_is() -> None:
    """Whatever the names are: their letters are not scaled down."""
    _, tall = both(bars(HEAD, [Bar("Kvinnojouren i Vallentuna", 1000, "omkring 1000")]))
    assert float(read(tall).get("width", 0)) <= 299
    ids = [{each.get("id") for each in read(drawn).iter()} for drawn in both(bars(HEAD, [Bar("a", 5, "5")]))]
    assert ids[0] & ids[1] == {None}


def test_stack_lies_piece_on_piece() -> None:
    """Each begins where the one below ends, and they are as tall as the scale says."""
    drawn, _ = both(stacks(HEAD, [Stack("j", (50, 25, 25), "alla")]))
    pieces = all_of(drawn, "rect", "piece")
    below = [(float(each.get("y", 0)), float(each.get("height", 0))) for each in pieces]
    assert [height for _, height in below] == [below[0][1], below[0][1] // 2, below[0][1] // 2]
    for (low, _), (y, height) in pairwise(below):
        assert y + height == low
    assert [each.text for each in read(drawn).iter(SVG + "text")] == ["0", "50", "100", "j"]


def test_earlier_columns_are_marked() -> None:
    """Last year's are fainter."""
    drawn, _ = both(stacks(HEAD, [Stack("d", (9,), ""), Stack("j", (9,), "")], marked=1))
    assert [each.get("class") for each in all_of(drawn, "g", "column")] == ["column earlier", "column"]


def test_line_has_a_gap_where_nothing_is_told() -> None:
    """Nothing is drawn over it, and a point alone is a point."""
    drawn, _ = both(
        line(HEAD, [Point("", 90, ""), Point("", 80, ""), Point("", None, ""), Point("", 70, "")])
    )
    assert [len(each.get("points", "").split()) for each in all_of(drawn, "polyline", "line")] == [2]
    assert len(all_of(drawn, "circle", "point")) == 3


def test_heat_is_darker_the_more() -> None:
    """Nothing told is its own kind, not the lightest; the most is the darkest."""
    cells = [[(None, "–"), (1, ""), (5, ""), (10, "")]]
    drawn, _ = both(heat(HEAD, ["Mån"], ["00", "01", "02", "03"], cells))
    assert [each.get("class") for each in all_of(drawn, "rect", "heat")] == [
        "heat-0",
        "heat-1",
        "heat-3",
        "heat-5",
    ]


def test_heat_is_drawn_for_a_phone_too() -> None:
    """Hours go downwards there, all beneath one another; each square says what it says, and ids differ."""
    cells = [[(day * hour, f"{day} {hour}") for hour in range(24)] for day in range(7)]
    days, hours = list("mtotfls"), [f"{hour:02}" for hour in range(24)]
    wide, tall = (read(each) for each in both(heat(HEAD, days, hours, cells)))
    said = [
        sorted(each.text or "" for each in drawn.iter() if each.tag.endswith("title"))
        for drawn in (wide, tall)
    ]
    assert said[0] == said[1]
    assert float(tall.get("width", 0)) <= 299
    assert {each.get("id") for each in wide.iter()} & {each.get("id") for each in tall.iter()} == {None}


def test_no_word_of_a_plot_is_markup() -> None:
    """Whatever a service, an hour or a value is called."""
    bad = "<script>&amp;\"'"
    for drawn in (
        *both(bars(HEAD, [Bar(bad, 5, bad)])),
        *both(stacks(HEAD, [Stack(bad, (5, 7), bad, bad)])),
        *both(line(HEAD, [Point(bad, 50, bad)])),
        *both(heat(HEAD, [bad], [bad], [[(5, bad)]])),
    ):
        assert "<script" not in drawn
        assert bad in list(read(drawn).itertext())
