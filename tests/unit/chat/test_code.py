# SPDX-License-Identifier: EUPL-1.2
"""A code: six words of our own list, forgiven however they are typed."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.code import LIST_LENGTH, WORDS_IN_CODE, new_code, read_code
from config.codes import code_words
from tests.service.standing import SeededRandomness

WORDS = code_words()
NEVER = frozenset(Path(__file__).with_name("never_in_codes.txt").read_text(encoding="utf-8").split())
"""Insults in languages that are spoken here, the body, violence, the people and places that a conversation is
about, and what our own pages say. It holds what was found once, and finds nothing new."""
CODES = st.lists(st.sampled_from(WORDS), min_size=WORDS_IN_CODE, max_size=WORDS_IN_CODE).map(" ".join)


def test_list_is_fit_for_codes() -> None:
    """2,048 different words of plain letters, none of which begins another."""
    assert len(set(WORDS)) == len(WORDS) == LIST_LENGTH
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in WORDS)
    in_order = sorted(WORDS)
    assert not [pair for pair in pairwise(in_order) if pair[1].startswith(pair[0])]


def test_words_are_not_mistaken_for_each_other() -> None:
    """One letter wrong, left out, too many or swapped makes no word, rather than another one."""
    known = set(WORDS)
    blurred = [word[:at] + "." + word[at + 1 :] for word in WORDS for at in range(len(word))]
    assert len(set(blurred)) == len(blurred)
    for word in WORDS:
        assert not known & {word[:at] + word[at + 1 :] for at in range(len(word))}
        swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
        assert not known & (swapped - {word})


def test_list_holds_no_word_that_hurts_or_tells() -> None:
    """No insult in the languages spoken here, and no word that our own pages say."""
    assert not NEVER & set(WORDS)
    telling = (
        "sex",
        "slag",
        "kniv",
        "hora",
        "horn",
        "fagg",
        "fitt",
        "kuk",
        "kack",
        "fart",
        "cum",
        "fuk",
        "rape",
    )
    assert not [word for word in WORDS if word.startswith(telling)]


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
