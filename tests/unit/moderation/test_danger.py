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
        ("han står utanför dörren med kniv nu", Subject.VISITOR),
        ("han håller en kniv mot min hals", Subject.VISITOR),
        ("pappa sitter med kniven mot mig", Subject.VISITOR),
        ("min pappa står här med kniv nu", Subject.VISITOR),
        ("han står vid sängen med kniven i handen", Subject.VISITOR),
        ("nu är han inne i rummet han slår mig", Subject.VISITOR),
        ("nu är han inne i rummet och slår mig", Subject.VISITOR),
        ("aj han slår", Subject.VISITOR),
        ("han slår in dörren nu", Subject.VISITOR),
        ("nu står han utanför, han har en kniv", Subject.VISITOR),
        ("han står med rakblad mot min arm", Subject.VISITOR),
        ("han hämtar repet nu", Subject.VISITOR),
        ("han har kniven mot min handled", Subject.VISITOR),
        ("min bror står på perrongen med kniv", Subject.VISITOR),
        ("jag sitter på toan med rakbladet nu", Subject.SELF),
        ("jag står på räcket", Subject.SELF),
        ("jag har tagit 30 alvedon", Subject.SELF),
        ("har svalt en hel burk tabletter", Subject.SELF),
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
        "jag hoppar på bussen nu",
        "tåget går om 10 minuter",
        "ska jag ta två alvedon eller?",
        "jag tar mina mediciner",
        "jag tog 3 alvedon",
        "jag tog 2 alvedon",
        "jag har tagit 20 bilder",
        "jag tog 14 dagar ledigt",
        "jag tog 300 av kontot",
        "allt är klart nu",
        "min katt sitter på balkongräcket",
        "mamma kommer hem snart",
        "mamma står på balkongen",
        "jag är på toaletten",
        "jag sitter i bilen",
        "jag ligger i sängen",
        "jag är näst på tur?",
        "han är hemma nu",
        "kan nån hjälpa mig att förstå",
        "jag dödade en spindel",
        "jag är på väg hem till honom",
        "Hej, jag är orolig för min syster",
        "jag har skjutit upp det i flera veckor",
        "sorry mitt batteri är på 4%",
        "vädret 13 grader och regn stod det när han kom in. perfekt",
        "chefen låser in oss",
        "han har satt kamera i köket",
        "om det är akut, ring 112",
        "sitter i bilen utanför ica",
        "jag har låst dörren",
        "min mejl är inte säker, han läser den",
        "jag blöder näsblod",
        "katten är på taket",
        "jag har skrivit brev till soc",
        "i took two paracetamol",
        "the train leaves in 10 minutes",
        "my cat is sitting on the balcony railing",
        "mum is coming home soon",
        "he is at home now",
        "can someone help me understand",
        "i am on my way home to him",
        "if it's urgent, call 112",
        "sitting in the car outside the shop",
        "should i take two paracetamol",
        "i have taken 20 pictures",
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


def test_what_is_put_off_is_no_danger() -> None:
    """Not even a concern."""
    assert danger_in(Reading("jag har skjutit upp det i flera veckor"), shipped()) is None
