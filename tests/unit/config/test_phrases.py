# SPDX-License-Identifier: EUPL-1.2
"""How lists of phrases are read, and what is said about each way to get them wrong."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import Broken
from config.phrases import read_lists, shipped_conduct, shipped_danger
from moderation.danger import Subject, danger_in
from moderation.reading import Reading

KINDS = ("acute", "concern")


def read(text: str) -> None:
    """Read one file of that text."""
    read_lists({"sv.toml": text}, KINDS)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("[x", "sv.toml", "not TOML"),
        ('[visitor-a]\nacute = "@he har"', "sv.toml.visitor-a.acute", "no class “he”"),
        ('[visitor-a]\nacute = "ab* har"', "sv.toml.visitor-a.acute", "too short for a stem"),
        ('[visitor-a]\nacute = "har ..13 kniv"', "sv.toml.visitor-a.acute", "at most 12"),
        ('[visitor-a]\nacute = "har %"', "sv.toml.visitor-a.acute", "no word, class or gap"),
        ('[visitor-a]\nacute = "har?"', "sv.toml.visitor-a.acute", "may not be left out"),
        ('[visitor-a]\nacute = "a ~ b ~ c ~ d ~ e"', "sv.toml.visitor-a.acute", "too many phrases"),
        ('[visitor-a]\nacute = ["a", 1]', "sv.toml.visitor-a.acute", "not a text"),
        ("[visitor-a]\nacute = 1", "sv.toml.visitor-a.acute", "a whole number"),
        ('[visitor-a]\nacut = "a"', "sv.toml.visitor-a.acut", "Nothing is called that"),
        ("visitor-a = 1", "sv.toml.visitor-a", "not a table"),
        ('[words]\nHe = "han"', "sv.toml.words.He", "not a name"),
        ('[words]\na = "@b"\nb = "@a"', "words.a", "part of itself"),
    ],
)
def test_mistake_is_named_with_its_file_and_place(text: str, place: str, what: str) -> None:
    """Each way to get a list wrong has its own sentence."""
    with pytest.raises(Broken) as refused:
        read(text)
    mistake = refused.value.mistakes[0]
    assert mistake.path == place
    assert what in str(mistake)


def test_all_mistakes_are_told_at_once() -> None:
    """Of all files."""
    with pytest.raises(Broken) as refused:
        read_lists({"a.toml": '[x]\nacute = "%"', "b.toml": "["}, KINDS)
    assert [mistake.path for mistake in refused.value.mistakes] == ["a.toml.x.acute", "b.toml"]


def test_group_of_no_known_subject_is_a_mistake() -> None:
    """Danger is about somebody."""
    with pytest.raises(Broken, match="visitor, self, other"):
        read_lists({"sv.toml": '[nobody-a]\nacute = "a"'}, KINDS, subjects=tuple(Subject))


def test_classes_of_all_files_are_one() -> None:
    """People mix languages."""
    lists = read_lists({"a.toml": '[words]\nhe = "han"', "b.toml": '[words]\nhe = "he"'}, KINDS)
    assert len(lists.classes["he"]) == 2


def test_what_is_written_with_the_next_word_belongs_to_its_own_file() -> None:
    """The Arabic "and" makes no Swedish word."""
    lists = read_lists({"a.toml": 'before = ["w"]\n[x]\nacute = "ab"', "b.toml": '[x]\nacute = "cd"'}, KINDS)
    words = {word for phrase in lists.groups[0].phrases for word in phrase[0].words}
    assert words == {"ab", "wab", "cd"}


def test_service_may_add_phrases_of_its_own() -> None:
    """Beside those that come with Jourchatt, with their classes."""
    text = "han tar fram skurhinken"
    assert danger_in(Reading(text), shipped_danger()) is None
    rules = shipped_danger({"visitor-weapon": {"acute": "@he .. skurhinken"}})
    danger = danger_in(Reading(text), rules)
    assert danger is not None
    assert danger.reason == "weapon"


def test_mistake_of_a_service_is_named() -> None:
    """Its place begins with `extra`."""
    with pytest.raises(Broken, match=r"extra\.visitor-weapon\.acute"):
        shipped_danger({"visitor-weapon": {"acute": "@nobody"}})


def test_shipped_lists_have_nothing_to_mend() -> None:
    """Both kinds are read."""
    assert shipped_danger().groups
    assert {group.name for group in shipped_conduct().groups} == {"threat", "harassment", "sexual"}


@given(st.text(alphabet="ab@|*?.~-_5 ,\"'%é", max_size=30))
def test_reading_a_list_never_fails_otherwise(phrase: str) -> None:
    """Whatever is written, it is read or refused with a sentence."""
    with suppress(Broken):
        read_lists({}, KINDS, {"x": {"acute": phrase}})
