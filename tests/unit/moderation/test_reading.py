# SPDX-License-Identifier: EUPL-1.2
"""How a text is read: the same word looks the same however it was typed."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.reading import Reading, fold, folded, parted


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Gåtan ÄR öppen", "gatan ar oppen"),
        ("Ga\N{COMBINING RING ABOVE}tan", "gatan"),
        ("Ｃａｆé １２", "cafe 12"),
        ("٠٧٠ ۱۲۳ ७०", "070 123 70"),
        ("𝟎𝟕𝟎 ⓪① ²", "070 01 2"),
        ("0\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}7", "07"),
        ("a\u200bb\u2066c\u2069\N{SOFT HYPHEN}d", "abcd"),
        ("1–2—3−4ー5", "1-2-3-4-5"),
        ("rad\n\tett\N{NO-BREAK SPACE}två", "rad  ett tva"),
        ("I'm п’ять", "im пять"),
        ("Ørnæs łódź", "ornas lodz"),
        ("أنا کجا", "انا كجا"),
        ("Їжак йод", "іжак иод"),
        ("٣ﻼ", "3ل"),
    ],
)
def test_text_is_read(typed: str, read: str) -> None:
    """Scripts' digits, widths, accents, spaces, dashes and invisible signs."""
    assert folded(typed) == read


def test_every_digit_of_every_script_is_read() -> None:
    """Whatever Unicode calls a decimal digit is read as that digit."""
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if unicodedata.category(letter) == "Nd":
            assert fold(letter) == str(unicodedata.digit(letter)), hex(code)


@given(st.text(max_size=200))
def test_text_and_reading_keep_step(text: str) -> None:
    """Lower case has the length of the other, and what stands for a letter leads back to it."""
    reading = Reading(text)
    assert len(reading.cased) == len(reading.plain)
    assert "".join(reading.parts) == reading.plain
    for place in range(len(reading.plain)):
        start, end = reading.span(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert fold(text[start]) == reading.cased[place]


@given(st.text(max_size=100))
def test_composed_and_decomposed_read_alike(text: str) -> None:
    """NFC and NFD of a text are the same text."""
    composed = unicodedata.normalize("NFC", text)
    assert folded(composed) == folded(unicodedata.normalize("NFD", composed))


@given(st.text(max_size=100))
def test_words_are_the_words_of_the_reading(text: str) -> None:
    """Words are runs of letters, in order."""
    assert Reading(text).words == re.findall(r"[^\W\d_]+", folded(text))


@given(st.text(st.characters(max_codepoint=127), max_size=100))
def test_ascii_is_parted_as_every_text_is(text: str) -> None:
    """Looking for ASCII letters alone, which is faster, finds the same words."""
    *pieces, last, _, _ = parted(f"{text} å")
    assert parted(text) == [*pieces, last.removesuffix(" ")]
