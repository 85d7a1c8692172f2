# SPDX-License-Identifier: EUPL-1.2
"""A code: six words of our own list, forgiven however they are typed."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.code import LIST_LENGTH, WORDS_IN_CODE, new_code, read_code
from config.codes import code_words
from tests.service.standing import SeededRandomness

WORDS = code_words()
CODES = st.lists(st.sampled_from(WORDS), min_size=WORDS_IN_CODE, max_size=WORDS_IN_CODE).map(" ".join)


def test_list_is_fit_for_codes() -> None:
    """2,048 different words of plain letters, none of which begins another."""
    assert len(set(WORDS)) == len(WORDS) == LIST_LENGTH
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in WORDS)
    in_order = sorted(WORDS)
    assert not [pair for pair in pairwise(in_order) if pair[1].startswith(pair[0])]


def test_every_word_can_be_drawn() -> None:
    """No word is left out, and each place uses all of them."""
    drawn = [new_code(WORDS, SeededRandomness(seed)).split() for seed in range(12_000)]
    for place in range(WORDS_IN_CODE):
        assert len({code[place] for code in drawn}) > 0.99 * LIST_LENGTH


@given(CODES, st.sampled_from([" ", "  ", "\n", ", ", "-", " - ", ". ", "\t", ""]), st.booleans())
def test_code_is_read_however_it_is_typed(code: str, between: str, shouted: bool) -> None:
    """Capitals, commas, hyphens, lines, or no space at all."""
    typed = between.join(code.split())
    assert read_code(f"  {typed.upper() if shouted else typed.title()} \n", WORDS) == code


@given(st.text(max_size=300))
def test_what_is_no_code_is_none(text: str) -> None:
    """Whatever is typed: a code in its one form, or None. Never an error."""
    found = read_code(text, WORDS)
    assert found is None or (len(found.split()) == WORDS_IN_CODE and set(found.split()) <= set(WORDS))


@pytest.mark.parametrize("wrong", ["", " ".join(WORDS[:5]), " ".join(WORDS[:7]), "x" * 100_000])
def test_wrong_number_of_words(wrong: str) -> None:
    """Five, seven, none, or a flood."""
    assert read_code(wrong, WORDS) is None


def test_how_a_letter_is_composed_does_not_matter() -> None:
    """A list with å in it would be read from any keyboard."""
    words = [*WORDS[:5], "gården"]
    typed = unicodedata.normalize("NFD", " ".join(words).upper())
    assert read_code(typed, words) == " ".join(words)
