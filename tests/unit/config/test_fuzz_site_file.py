# SPDX-License-Identifier: EUPL-1.2
"""Any text, and mutated site files: a site or a list of mistakes in words, never a traceback."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from chat.hours import OpeningHours
from config.site_file import Reading
from tests.conftest import examples
from tests.unit.config.sites import RECEIVERS, RIGHT, TODAY, read

pytestmark = pytest.mark.fuzz

LINES = (RIGHT + RECEIVERS).splitlines()
KEYS = sorted({line.partition("=")[0].strip() for line in LINES if "=" in line})
SHIPPED = [
    (Path(config.__file__).parent / name).read_text(encoding="utf-8")
    for name in ("demo.toml", "site.example.toml")
]
VALUES = st.sampled_from(
    [
        *(
            '""',
            '" "',
            '"\\u0000"',
            '"\\uFFFF"',
            '"\\U0010FFFF"',
            '"a\\nb"',
            "''",
            '"""',
            '"{"',
            '"{}"',
            '"{x}"',
        ),
        *(
            '"{organisation.__class__}"',
            '"{0}"',
            '"{organisation!r:>999999999}"',
            '"%s"',
            '"\u202e"',
            '"<b>"',
        ),
        *(
            "true",
            "-1",
            "0",
            "1e400",
            "nan",
            "inf",
            "9223372036854775808",
            "1_000",
            "0x7f",
            "99999999999999999999",
        ),
        *("2026-02-30", "2026-11-20", "0001-01-01", "9999-12-31", "07:30:00", "2026-11-20T00:00:00Z"),
        *(
            "[]",
            "[[]]",
            '["a", 1]',
            '["sv", "sv"]',
            "{}",
            "{ a = {} }",
            "{ sv = 1 }",
            '{ "" = "x" }',
            '{ "å" = "x" }',
        ),
        *(
            '"http://"',
            '"javascript:alert(1)"',
            '"https://a@b"',
            '["http://[::1"]',
            '["https://*.x.example"]',
        ),
        *('"Mo-Su"', '"24/7 off"', '"99:99-99:99"', '"PH"', '"week 1-99"', '"2026 Feb 30"', '"\u200b"'),
    ]
)


def lists_what_is_wrong(reading: Reading) -> None:
    """See that there is a site, or words about each mistake."""
    assert (reading.site is None) == bool(reading.mistakes)
    for mistake in (*reading.mistakes, *reading.warnings):
        assert str(mistake).strip()


@given(text=st.text(max_size=200))
@settings(max_examples=examples(100))
def test_any_text_is_a_site_or_mistakes(text: str) -> None:
    """Also what is no TOML at all."""
    lists_what_is_wrong(read(text))


@given(changes=st.lists(st.tuples(st.sampled_from(range(len(LINES))), VALUES), min_size=1, max_size=4))
@settings(max_examples=examples(150))
def test_site_with_other_values_is_a_site_or_mistakes(changes: list[tuple[int, str]]) -> None:
    """Any value of any kind under any key."""
    lines = list(LINES)
    for place, value in changes:
        name, equals, _ = lines[place].partition("=")
        lines[place] = f"{name}= {value}" if equals else f"{name}\nmore = {value}"
    lists_what_is_wrong(read("\n".join(lines)))


@given(
    moves=st.lists(st.tuples(*[st.integers(0, len(LINES) - 1)] * 2), min_size=1, max_size=6), data=st.data()
)
@settings(max_examples=examples(100))
def test_site_with_lines_elsewhere_is_a_site_or_mistakes(
    moves: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Lines doubled, lost and moved to other tables."""
    lines = list(LINES)
    for source, target in moves:
        kept = data.draw(st.booleans())
        line = lines[source]
        if not kept:
            lines[source] = ""
        lines.insert(target, line)
    lists_what_is_wrong(read("\n".join(lines)))


@given(
    text=st.sampled_from([RIGHT, *SHIPPED]),
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    put=st.text(max_size=5) | st.text("[]{}\"'=.#\n,\\", max_size=5) | st.sampled_from(KEYS),
)
@settings(max_examples=examples(100))
def test_cut_site_is_a_site_or_mistakes(text: str, start: float, length: int, put: str) -> None:
    """A piece of a real file replaced by something else."""
    place = int(start * len(text))
    lists_what_is_wrong(read(text[:place] + put + text[place + length :]))


@pytest.mark.parametrize(
    "deep",
    [
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "9" * 5_000,
        "a = " + "{a=" * 3_000,
        ".".join("a" * 5_000) + " = 1",
    ],
)
def test_bottomless_site_is_mistakes(deep: str) -> None:
    """Nesting without end is refused in words."""
    lists_what_is_wrong(read(RIGHT + deep))


parts = st.sampled_from(
    [
        *(
            "Mo",
            "Tu-Fr",
            "Sa,Su",
            "PH",
            "SH",
            "EVE",
            "off",
            "closed",
            "open",
            "24/7",
            ";",
            ",",
            "||",
            " ",
            "-",
            ":",
        ),
        *(
            "10:00",
            "18:00-21:00",
            "20:00-26:00",
            "00:00-24:00",
            "25:00-26:00",
            "24:00-24:00",
            "sunrise-sunset",
        ),
        *(
            "week 1-53/2",
            "Jan 31-Feb 01",
            "2026 Dec 24",
            "easter -2 days",
            '"text"',
            "Mo[1]",
            "Mo[-1]",
            "1-99",
            "+",
        ),
    ]
)


@given(
    expression=st.lists(parts, max_size=8).map(" ".join)
    | st.lists(parts, max_size=8).map("".join)
    | st.text(max_size=30)
)
@settings(max_examples=examples(150))
def test_any_hours_are_hours_or_a_reason(expression: str) -> None:
    """What can be read can be asked, and what cannot is refused in words."""
    hours = None
    with contextlib.suppress(ValueError):
        hours = OpeningHours.parse(expression, last_chat_minutes=30)
    if hours is None:
        return
    now = datetime.combine(TODAY, time(12), UTC)
    assert hours.takes_new(now) <= hours.is_open(now)
    closes, opens = hours.closes_at(now), hours.opens_at(now)
    assert closes is None or (hours.is_open(now) and closes > now)
    assert opens is None or (not hours.is_open(now) and opens > now and hours.is_open(opens))
