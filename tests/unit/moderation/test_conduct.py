# SPDX-License-Identifier: EUPL-1.2
"""What is aimed at the volunteer, what is not, and the same text again and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.phrases import shipped_conduct
from moderation.conduct import MOST_SAID, WITHIN, Repeats, harassment_in
from moderation.phrases import Rules
from moderation.reading import Reading

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@cache
def shipped() -> Rules:
    """Return the rules that come with Jourchatt."""
    return shipped_conduct()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("du är en jävla hora", "harassment"),
        ("din äckliga fitta", "harassment"),
        ("jag ska hitta dig", "threat"),
        ("jag vet var du bor", "threat"),
        ("om du ringer polisen så letar jag upp dina barn", "threat"),
        ("h0ra", "harassment"),
        ("jag drömde om dig, du var naken", "sexual"),
        ("vad har du på dig", "sexual"),
        ("är du kåt", "sexual"),
        ("kan vi ha sex?", "sexual"),
        ("jag vet var du jobbar och jag ska döda dig", "threat"),
        ("ditt jävla as jag ska skära halsen av dig", "threat"),
        ("you stupid bitch", "harassment"),
    ],
)
def test_words_to_the_reader_are_found(text: str, reason: str) -> None:
    """Second person, and nobody's words but the writer's own."""
    assert harassment_in(Reading(text), shipped()) == reason


@pytest.mark.parametrize(
    "text",
    [
        "han sa att du är en jävla hora",
        "han skrev: din äckliga fitta",
        'han står där "jag ska hitta dig" hela tiden',
        "“du är en hora” stod det på lappen",
        "han skrev i mejlet: jag vet var du bor, jag kommer hitta dig, din hora",
        "jag är en hora",
        "han är ett jävla svin",
        "ni svarar ju aldrig",
        "jag hatar mitt liv",
        "fan vad jag är arg",
        "tack för att du finns",
        "det gör ont när vi har sex",
        "jag och min kille har haft sex utan kondom",
        "får man fråga om sex här",
        "kan vi ha sex på första dejten är det ok",
        "det är ditt fel att jag mår så här",
        "ni gör ju ingenting",
        "jag blev påkörd i en match",
        "är du dum eller",
        "vi ses vid stationen klockan 8",
        "var bor du",
        "",
    ],
)
def test_what_is_hers_to_write_is_left_alone(text: str) -> None:
    """Reports, quotations, anger and what she calls herself."""
    assert harassment_in(Reading(text), shipped()) is None


def test_quotation_that_is_never_closed_hides_nothing() -> None:
    """One sign too many must not turn the shield off; a closed quotation is somebody else's words."""
    assert harassment_in(Reading('"du är en hora'), shipped()) is not None
    assert harassment_in(Reading('"du är en hora" sa han'), shipped()) is None


def test_same_text_is_once_too_often_the_fourth_time() -> None:
    """Three times are allowed within two minutes."""
    repeats, answers = Repeats(), []
    for second in range(5):
        repeats, is_too_often = repeats.said(b"a", NOON + timedelta(seconds=second))
        answers.append(is_too_often)
    assert answers == [False, False, False, True, True]


def test_same_text_after_a_while_is_not_too_often() -> None:
    """What is older than two minutes does not count."""
    repeats = Repeats()
    for minute in range(10):
        repeats, is_too_often = repeats.said(b"a", NOON + minute * timedelta(seconds=41))
        assert not is_too_often


def test_another_text_begins_anew() -> None:
    """Only the same text in a row counts."""
    repeats = Repeats()
    for digest in (b"a", b"a", b"a", b"b", b"a"):
        repeats, is_too_often = repeats.said(digest, NOON)
        assert not is_too_often


@given(st.lists(st.tuples(st.sampled_from([b"a", b"b"]), st.integers(0, 200)), max_size=40))
def test_repeats_stay_small(said: list[tuple[bytes, int]]) -> None:
    """However much is said, one digest and three times are remembered."""
    repeats, now = Repeats(), NOON
    for digest, seconds in said:
        now += timedelta(seconds=seconds)
        lately = [time for time in repeats.times if now - time < WITHIN] if digest == repeats.digest else []
        repeats, is_too_often = repeats.said(digest, now)
        assert len(repeats.times) <= MOST_SAID
        assert is_too_often == (len(lately) >= MOST_SAID)
