# SPDX-License-Identifier: EUPL-1.2
"""A year's answers: which can be taken, and what the questions may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from config.barometer import AnswerKind, Part, questions
from web.barometer.answers import LONGEST, Given, answered
from web.barometer.errors import Changed, Done, Unfit


def tells_who(text: str) -> bool:
    """Stand in for the judge: a number of a person is one."""
    return re.search(r"\d{6}-\d{4}", text) is not None


def take(given: Mapping[str, str], before: Given | None = None, read: int = 1) -> Given:
    """Return what becomes of a form over version 1."""
    return answered((1, before or Given()), read, given, questions(), tells_who)


def test_answers_are_kept_as_they_are_meant() -> None:
    """A number without what stands before it, a choice by its id, a text without air around it."""
    given = {"volunteers": " 0012 ", "shelter": "others", "area": "  Åmål\r\noch Säffle ", "employees": "  "}
    assert take(given) == Given({"volunteers": "12", "shelter": "others", "area": "Åmål\noch Säffle"})


def test_letters_are_one_sign() -> None:
    """What looks the same is stored the same."""
    assert take({"area": "A\u030ama\u030al"}).answers["area"] == "Åmål"


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        ("volunteers", "tolv", "number"),
        ("volunteers", "-3", "number"),
        ("volunteers", "1,5", "number"),
        ("volunteers", "١٢", "number"),
        ("volunteers", "100000", "number"),
        ("volunteers", "9" * 5000, "number"),
        ("shelter", "Ja, eget", "choice"),
        ("shelter", "maybe", "choice"),
        ("area", "x" * (LONGEST + 1), "long"),
        ("area", "Åmål\u202elåmÅ", "strange"),
        ("area", "Åmål\x00", "strange"),
        ("area", "En kvinna, 850101-1234", "identity"),
    ],
)
def test_unfit_answer_is_refused_and_says_why(question: str, answer: str, why: str) -> None:
    """Nothing of the form is kept, and the question is named."""
    with pytest.raises(Unfit) as refused:
        take({question: answer, "employees": "3"})
    assert refused.value.why == {question: why}


def test_what_is_no_question_is_left_out() -> None:
    """Whatever a form carries besides."""
    assert take({"csrf": "x", "done": "2026-01-01", "volunteers": "3"}) == Given({"volunteers": "3"})


def test_done_is_done() -> None:
    """Whoever comes later changes nothing, also with the newest version."""
    with pytest.raises(Done):
        take({"volunteers": "3"}, Given({"volunteers": "12"}, date(2026, 1, 9)))


def test_older_version_is_refused() -> None:
    """Somebody else was faster."""
    with pytest.raises(Changed):
        take({"volunteers": "3"}, read=0)


def test_questions_are_about_the_organisation_in_both_languages() -> None:
    """Each part has some of its own; each is whole; none asks for a person or for how many were helped."""
    asked = questions()
    assert {each.part for each in asked} == set(Part)
    assert len({each.id for each in asked}) == len(asked)
    for each in asked:
        assert set(each.text) == {"sv", "en"}
        assert all(text.endswith("?") for text in each.text.values())
        assert (each.kind is AnswerKind.CHOICE) == bool(each.choices)
        assert all(set(texts) == {"sv", "en"} for texts in each.choices.values())
        assert not re.search(
            r"namn|personnummer|våldsutsatta|kvinnor|offer|klient|ärende", each.text["sv"].lower()
        )
