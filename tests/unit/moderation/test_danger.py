# SPDX-License-Identifier: EUPL-1.2
"""What a text tells of: level, subject and reason; and what time, reports and stories do to it."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from config.phrases import shipped_danger
from moderation.danger import Danger, Level, Subject, danger_in
from moderation.phrases import Rules
from moderation.reading import Reading
from tests.unit.moderation.listing import rules_of

SMALL = rules_of("""
[words]
now = "nu, ikväll"
past = "igår, förra - veckan"
long_ago = "när - jag - var - liten"
said = "sa"
scene = "filmen"
earnest = "på - riktigt"
if = "tänk - om"
[visitor-strangling]
acute = "strypgrepp"
[visitor-killing]
threat = "ska döda mig"
[self-suicide]
soon = "vill dö"
[visitor-stalking]
concern = "förföljer"
[visitor-child]
lasting = "slog barnen"
""")


@cache
def shipped() -> Rules:
    """Return the rules that come with Jourchatt."""
    return shipped_danger()


def level(text: str) -> str:
    """Return the level of a text by the small rules."""
    danger = danger_in(Reading(text), SMALL)
    return "none" if danger is None else danger.level


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("han tog strypgrepp", "acute"),
        ("han tog strypgrepp förra veckan", "concern"),
        ("igår tog han strypgrepp", "concern"),
        ("igår tog han strypgrepp och nu igen", "acute"),
        ("pappa tog strypgrepp när jag var liten", "none"),
        ("i filmen tog han strypgrepp", "none"),
        ("i filmen tog han strypgrepp, nej på riktigt", "acute"),
        ("tänk om han tar strypgrepp", "none"),
        ("han ska döda mig", "acute"),
        ("han sa att han ska döda mig", "concern"),
        ("han sa att han ska döda mig ikväll", "acute"),
        ("jag vill dö", "concern"),
        ("jag vill dö ikväll", "acute"),
        ("han förföljer mig nu", "concern"),
        ("han slog barnen när jag var liten", "concern"),
        ("hej", "none"),
    ],
)
def test_time_reports_and_stories_change_the_level(text: str, expected: str) -> None:
    """Each key of a group has its own rule."""
    assert level(text) == expected


def test_worst_is_returned() -> None:
    """Acute comes before a concern, wherever it stands."""
    danger = danger_in(Reading("han förföljer mig och tog strypgrepp"), SMALL)
    assert danger == Danger(Level.ACUTE, Subject.VISITOR, "strangling")


def test_danger_is_frozen() -> None:
    """Nobody changes what was found."""
    assert msgspec.structs.fields(Danger)
    with pytest.raises(AttributeError):
        danger_in(Reading("strypgrepp"), SMALL).level = Level.CONCERN  # type: ignore[union-attr,misc]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("han har en kniv i handen", Subject.VISITOR),
        ("han slår på dörren", Subject.VISITOR),
        ("jag gömmer mig på toan", Subject.VISITOR),
        ("han har låst in mig", Subject.VISITOR),
        ("har tagit massa tabletter", Subject.SELF),
        ("jag ska ta livet av mig ikväll", Subject.SELF),
        ("yxan ligger på köksbordet", Subject.VISITOR),
        ("han försöker slå in dörren", Subject.VISITOR),
        ("han låser in mig i källaren nu", Subject.VISITOR),
        ("när ni läser det här är jag borta", Subject.SELF),
        ("ett ord till så slår jag henne", Subject.OTHER),
        ("jag kommer slå ihjäl henne", Subject.OTHER),
        ("jag står utanför hennes dörr med kniv", Subject.OTHER),
        ("he has a knife", Subject.VISITOR),
        ("i want to die tonight", Subject.SELF),
        ("він під дверима зараз", Subject.VISITOR),
        ("połknęłam wszystkie tabletki", Subject.SELF),
        ("رح اقتلها", Subject.OTHER),
        ("se on oven takana nyt", Subject.VISITOR),
    ],
)
def test_shipped_rules_find_acute_danger(text: str, subject: Subject) -> None:
    """In every language, by subject."""
    danger = danger_in(Reading(text), shipped())
    assert danger is not None
    assert (danger.level, danger.subject) == (Level.ACUTE, subject)


@pytest.mark.parametrize(
    "text",
    [
        "jag dör av skratt",
        "jag måste döda tid",
        "slå en signal",
        "jag är dödstrött",
        "strypa internet",
        "hej",
    ],
)
def test_shipped_rules_know_idioms(text: str) -> None:
    """What only sounds like danger is none."""
    assert danger_in(Reading(text), shipped()) is None


@pytest.mark.parametrize(
    "text",
    [
        "om du är i fara ska du ringa 112",
        "när ska man ringa 112",
        "om jag går till polisen dödar han mig",
        "han stryper mig när han drömmer",
        "han läser alla mina mejl",
        "han har tagit mitt pass",
        "jag tar sertralin 50 mg",
        "jag är i tvättstugan",
        "han sover med en kniv under kudden",
        "min bror säger att han dödar mig om han ser mig med en kille",
        "he took my passport",
        "zabrał mi paszport",
        "ma broń w domu",
        "nie chcę umierać, po prostu jestem zmęczona",
        "jag tror han kommer döda mig en dag. inte nu men en dag",
    ],
)
def test_what_is_asked_told_or_threatened_with_is_not_acute(text: str) -> None:
    """General advice, habits, conditions, and words that are read in two ways."""
    danger = danger_in(Reading(text), shipped())
    assert danger is None or danger.level is not Level.ACUTE


def test_denied_weapon_is_not_acute() -> None:
    """As in "he has no knife"."""
    for text in ("han har inte kniv", "han har ingen kniv", "nie, nie ma noża"):
        danger = danger_in(Reading(text), shipped())
        assert danger is None or danger.level is not Level.ACUTE
