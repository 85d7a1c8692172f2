# SPDX-License-Identifier: EUPL-1.2
"""Passwords that are tried among the first are refused, and phrases of several words never are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.accounts.adapters.common import common_passwords
from web.accounts.errors import PasswordGuessable
from web.accounts.guessable import EXPECTED, Why, folded, why_guessable, words_near

NEAR = words_near(["Åsa Öberg", "Kvinnojouren Vallentuna", "linden", "eken", "chat.exempel.test"])
COMMON = common_passwords()
WORDS = (
    "katt", "cykel", "måne", "regn", "sten", "blad", "penna", "hylla", "fönster", "tåg", "ost", "potatis",
    "dragon", "monkey", "iloveyou", "horse", "battery", "purple", "shadow", "kaffe", "gul", "liten",
)  # fmt: skip
SOME = [each for each in sorted(COMMON)[::7] if not each.isdigit()]
HABITS = ("", "1", "12", "123", "2026", "!", "1!", "2026!", "?", "99", ".")


def why(password: str) -> Why | None:
    """Return what makes it guessable for Åsa Öberg of Linden."""
    return why_guessable(password, NEAR, COMMON)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("password12", Why.COMMON),
        ("iloveyou2026", Why.COMMON),
        ("Monkey123!", Why.COMMON),
        ("ch3lse4fc1", Why.COMMON),
        ("Fotboll2026", Why.COMMON),
        ("Sommar2026", Why.NEAR),
        ("vinter-2027!", Why.NEAR),
        ("P@ssw0rd2026", Why.NEAR),
        ("lösenord123", Why.NEAR),
        ("LOSENORD123", Why.NEAR),
        ("Jourchatt2026", Why.NEAR),
        ("jourchatt-demo", Why.NEAR),
        ("kvinnojouren vallentuna", Why.NEAR),
        ("KvinnojourenVallentuna1", Why.NEAR),
        ("Linden Eken", Why.NEAR),
        ("!!lindenlinden", Why.NEAR),
        ("åsaöberg1985", Why.NEAR),
        ("oberg850612", Why.NEAR),
        ("måndag tisdag", Why.NEAR),
        ("1qaz2wsx3edc4rfv5", Why.PATTERN),
        ("åpoiuytrewq", Why.PATTERN),
        ("asdfghjklö1", Why.PATTERN),
        ("qwer4321qwer", Why.PATTERN),
        ("aaaaaaaaaaaa", Why.PATTERN),
        ("xyxyxyxyxyxy", Why.PATTERN),
        ("hej hej hej hej", Why.PATTERN),
        ("19850612-1985", Why.PATTERN),
        ("1234567890", Why.COMMON),
        ("12345678901234567890", Why.PATTERN),
        ("", Why.PATTERN),
    ],
)
def test_password_that_is_tried_first_is_refused_with_the_reason(password: str, reason: Why) -> None:
    """Lists, names from here, seasons, rows of keys, repetitions, and the habits around them."""
    assert why(password) is reason


@pytest.mark.parametrize(
    "password",
    [
        "nio gula cyklar",
        "åtta glada katter",
        "correct horse battery staple",
        "en katt i en låda",
        "jag tycker om te",
        "vi ses i linden ikväll",
        "tandläkarstol",
        "monkey dragon",
        "K7#mq2Zr!x",
        "8392064175",
        "uvmxkqzpwt",
        "mitt lösenord är en liten häst",
        "пароль кошка луна",
        "密码是一只很小的猫在这里",
    ],
)
def test_phrase_and_chance_are_never_refused(password: str) -> None:
    """However simple the words are, in whatever letters; also with a word from here among them."""
    assert why(password) is None


@given(st.lists(st.sampled_from(WORDS), min_size=3, max_size=8, unique=True), st.sampled_from(" -_. "))
def test_three_different_words_are_always_enough(words: list[str], between: str) -> None:
    """No phrase is refused for being simple."""
    assert why(between.join(words)) is None


@given(
    st.sampled_from([*sorted(EXPECTED), *sorted(NEAR), *SOME]),
    st.sampled_from(HABITS),
    st.sampled_from(HABITS),
    st.sampled_from(
        [str.title, str.upper, str.swapcase, lambda text: text.replace("o", "0").replace("e", "3")]
    ),
)
@example("abc123", "", "2026!", str.upper)
def test_word_with_the_habits_around_it_is_refused(word: str, before: str, after: str, put: object) -> None:
    """One word is one word, in capitals, with a year, an exclamation mark and figures for letters."""
    assert callable(put)
    assert why(f"{before}{put(word)}{after}") is not None


@given(st.text(max_size=256))
def test_judging_never_fails_and_never_depends_on_case(password: str) -> None:
    """Whatever is typed."""
    assert (why(password) is None) == (why(folded(password)) is None)


@given(st.text(max_size=60), st.integers(2, 4))
def test_saying_it_again_adds_nothing(once: str, times: int) -> None:
    """A password that is guessable is so twice."""
    if why(once) is not None and len(folded(once)) > 3:
        assert why(once * times) is not None


def test_every_password_of_the_list_is_refused() -> None:
    """The list that is carried along, as it is: 30,000, of which more than a thousand have ten characters."""
    assert len(COMMON) == 30_000
    assert sum(len(each) >= 10 for each in COMMON) > 1_000
    assert all(why_guessable(each, (), COMMON) is not None for each in COMMON if len(each) >= 10)


def test_reason_is_a_sentence_on_the_command_line() -> None:
    """Each says what helps."""
    for each in Why:
        assert "four words" in str(PasswordGuessable(each))
