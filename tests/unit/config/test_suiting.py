# SPDX-License-Identifier: EUPL-1.2
"""Whom a service is for, and what may be read while waiting: what the site file says, and how it is wrong."""

from __future__ import annotations

import pytest

from chat.ids import ServiceId
from tests.unit.config.sites import RIGHT, read, with_more

LINDEN = ServiceId("linden")
IN_TWO_LANGUAGES = 'languages = ["sv", "en"]\nname.en = "Linden"\nnotice.en = "We."\nkept.en = "Gone."\n'
PIECE = '{title.sv = "T", text.sv = "x"}'


def test_facts_are_what_the_file_says() -> None:
    """They reach the choice of a service with its hours and languages; what is left out means everybody."""
    told = 'needs = ["talk"]\nage_bands = ["under_18"]\nmunicipalities = ["Vallentuna"]'
    service = read(with_more("services.linden", told)).whole().services[LINDEN]
    facts = service.facts
    asked = [facts.needs, facts.age_bands, facts.municipalities, facts.languages]
    assert [list(each) for each in asked] == [["talk"], ["under_18"], ["Vallentuna"], ["sv"]]
    assert (facts.hours, facts.track) == (service.chat.hours, service.chat.track)
    plain = read().whole().services[LINDEN].facts
    assert (plain.needs, plain.age_bands, plain.municipalities) == (frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(
    ("line", "key", "mend"),
    [
        ('needs = ["tallk"]', "needs", "Choose among talk, advice, shelter, stop_violence."),
        ('age_bands = ["18"]', "age_bands", "Choose among under_18, 18_25, over_25."),
        ('age_bands = "18_25"', "age_bands", 'Write age_bands = ["under_18"].'),
        ('municipalities = ["Ö", "ö"]', "municipalities", "Remove what is there twice."),
        (f'municipalities = ["{"x" * 65}"]', "municipalities", "Write a name of at most 64 letters."),
        ('reading = ["x"]', "reading[0]", "Write it as [[reading]]."),
        ('reading = [{title.sv = "T"}]', "reading[0].text", 'Add text.sv = "...".'),
        ('reading = [{title.sv = "T", text.sv = "x", x = 1}]', "reading[0].x", "Known here: text, title."),
        (f'reading = [{{title.sv = "{"x" * 81}", text.sv = "x"}}]', "reading[0].title.sv", "at most 80"),
        (f'reading = [{{title.sv = "T", text.sv = "{"x" * 2001}"}}]', "reading[0].text.sv", "at most 2000"),
        ("reading = [" + f"{PIECE}, " * 11 + "]", "reading", "Choose the 10"),
    ],
)
def test_mistake_says_where_and_how_to_mend(line: str, key: str, mend: str) -> None:
    """One mistake, at its place in the file."""
    mistakes = [(each.path, each.mend) for each in read(with_more("services.linden", line)).mistakes]
    assert [path for path, _ in mistakes] == [f"services.linden.{key}"]
    assert mend in mistakes[0][1]


@pytest.mark.parametrize(
    ("table", "line", "key"),
    [
        ("services.linden", 'needs = ["stop_violence"]', "needs"),
        ("services.bron", 'needs = ["shelter"]', "needs"),
        ("services.linden", 'municipalities = ["Vallentuna kommun"]', "municipalities"),
        (
            "services.linden",
            IN_TWO_LANGUAGES + 'reading = [{title = {sv = "T", en = "T"}, text.sv = "x"}]',
            "reading[0].text",
        ),
    ],
)
def test_doubtful_facts_are_a_warning(table: str, line: str, key: str) -> None:
    """The server starts with it, and somebody should look."""
    text = with_more(table, line)
    found = read(text)
    assert found.mistakes == ()
    before = {each.path for each in read(RIGHT).warnings}
    assert {each.path for each in found.warnings} - before == {f"{table}.{key}"}
