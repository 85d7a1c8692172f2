# SPDX-License-Identifier: EUPL-1.2
"""How phrases are found: gaps, classes, spelling, denial and idioms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.phrases import read_lists, shipped_danger
from moderation import phrases
from moderation.danger import KINDS
from moderation.phrase_lists import SIGNS, Lists, Step
from moderation.phrases import MOST_WORDS, Rules, after, around, before, tokens
from moderation.reading import Reading, fold
from tests.conftest import examples
from tests.unit.moderation.listing import found, rules_of

GRAMMAR = """
[words]
not = "inte, aldrig"
none = "ingen, utan"
stop = "han, jag, och, ."
he = "han, min pappa"
idiom = "kniven i ryggen, döda - tid"
"""


def test_words_may_have_one_word_between() -> None:
    """A plain space allows one other word, not two."""
    assert found("har kniv", "har kniv")
    assert found("har kniv", "har en kniv")
    assert not found("har kniv", "har en stor kniv")


def test_dash_allows_no_word_between() -> None:
    """Words with a dash stand side by side."""
    assert found("slå - ihjäl", "slå ihjäl")
    assert not found("slå - ihjäl", "slå dig ihjäl")


@pytest.mark.parametrize(("gap", "words", "is_found"), [("..", 3, True), ("..", 4, False), ("..5", 5, True)])
def test_dots_say_how_many_words_may_stand_between(gap: str, words: int, *, is_found: bool) -> None:
    """Three without a number."""
    assert found(f"han {gap} kniv", "han " + "x " * words + "kniv") is is_found


def test_phrase_is_found_in_the_order_in_which_it_is_written() -> None:
    """Only a wave allows both orders."""
    assert not found("han kniv", "kniv han")
    assert found("han ~ kniv", "kniv har han")
    assert found("han ~ kniv", "han har kniv")
    assert not found("han ~2 kniv", "kniv a b c han")


def test_word_with_a_question_mark_may_be_left_out() -> None:
    """Both forms are found."""
    assert found("en? - kniv - nu", "kniv nu")
    assert found("en? - kniv - nu", "en kniv nu")


def test_choices_may_be_words_classes_and_several_words() -> None:
    """Any of them will do."""
    for message in ("han har", "min pappa har", "den där har"):
        assert found("@he|den_där - har", message, GRAMMAR)
    assert not found("@he|den_där - har", "den har", GRAMMAR)


def test_stem_is_found_with_any_ending() -> None:
    """And not in the middle of a word."""
    assert found("strypgrepp*", "ett strypgreppet")
    assert not found("grepp*", "strypgrepp")


def test_edge_is_where_a_text_begins_and_ends() -> None:
    """A full stop in a phrase is also the beginning and the end of the text."""
    assert found("han - kommer - .", "nu han kommer")
    assert found("han - kommer - .", "han kommer. jag")
    assert not found("han - kommer - .", "han kommer ofta")
    assert found(". - ska", "ska dit")


@pytest.mark.parametrize(
    "message",
    ["strypgrepp", "strypgrep", "stryppgrepp", "strpygrepp", "stypgrepp", "STRYPGREPP", "stryyyypgrepp"],
)
def test_long_word_is_found_misspelt(message: str) -> None:
    """One letter doubled, missing or swapped."""
    assert found("strypgrepp", message)


@pytest.mark.parametrize("message", ["hjälp", "hjalp", "hjelp", "hjääälp", "hhjälp", "hj̈älp"])
def test_swedish_letters_need_not_be_typed_right(message: str) -> None:
    """Without dots, as it sounds, and drawn out."""
    assert found("hjälp", message)


def test_known_word_is_no_misspelling() -> None:
    """Neither is one that is listed itself."""
    assert found("tappan", "tapan")
    assert not found("tappan", "tapan", 'known = "tapan"')
    assert not found("tappan x", "tapan x", '[words]\nother = "tapan"')


@pytest.mark.parametrize(
    ("message", "is_found"),
    [
        ("han har kniv", True),
        ("han har inte kniv", False),
        ("han har ingen kniv", False),
        ("aldrig har kniv", False),
        ("har kniv inte", False),
        ("jag vet inte. han har kniv", True),
        ("jag orkar inte och han har kniv", True),
        ("inte så att det bara har kniv", True),
        ("han har kniv ingen hjälper", True),
    ],
)
def test_denial_reaches_what_it_stands_before(message: str, *, is_found: bool) -> None:
    """A few words, not beyond what begins anew; "not" also denies what stands right before it."""
    assert found("har kniv", message, GRAMMAR) is is_found


def test_phrase_with_a_denial_of_its_own_is_not_denied() -> None:
    """As in "vill inte leva", whether it is written as a word or as a class."""
    assert found("vill inte leva", "jag vill inte leva", GRAMMAR)
    assert found("vill @not leva", "jag vill inte leva", GRAMMAR)


def test_idiom_hides_its_words() -> None:
    """Only those; the same word elsewhere in the text still counts."""
    assert not found("kniven", "hon satte kniven i ryggen på mig", GRAMMAR)
    assert found("kniven", "kniven i ryggen men han har kniven", GRAMMAR)


def test_class_may_be_made_of_classes_and_phrases() -> None:
    """However deep."""
    words = '[words]\na = "x"\nb = "@a - y"\nc = "@b - z, w"'
    assert found("@c nu", "x y z nu", words)
    assert found("@c nu", "w nu", words)
    assert not found("@c nu", "x z nu", words)


def test_word_of_a_class_may_also_begin_or_end_a_phrase_of_it() -> None:
    """The phrase is found all the same, and wherever the word stands in it."""
    words = '[words]\na = "x, y, x - y, y .. z"'
    for message in ("x y nu", "y x nu", "y q z nu"):
        assert found("@a - nu", message, words)
    assert not found("@a - nu", "y q nu", words)


def test_rules_that_share_a_lexicon_know_nothing_of_each_other() -> None:
    """A word listed in one may be a misspelt word, a stem or a known word of the other."""
    texts = (
        '[visitor-a]\nacute = "tappan, tapan* nu"',
        'known = "tappan"\n[visitor-a]\nacute = "tapan, tappa*"',
        '[visitor-a]\nacute = "nu"',
    )
    together = Rules.of_several(*(read_lists({"test.toml": text}, KINDS) for text in texts))
    for message in ("tappan", "tapan", "tapanen nu", "tappar", "nu", "tpapan", ""):
        reading = Reading(message)
        for text, rules in zip(texts, together, strict=True):
            alone = rules_of(text).seen(Reading(message))
            seen = rules.seen(reading)
            assert list(seen.groups() if seen else ()) == list(alone.groups() if alone else ())


def test_class_that_is_missing_or_part_of_itself_is_refused() -> None:
    """The rules say which one."""
    step = Step(frozenset(), frozenset({"a"}))
    with pytest.raises(ValueError, match="part of itself"):
        Rules(Lists(classes={"a": ((step,),)}))
    with pytest.raises(ValueError, match="no class"):
        Rules(Lists(classes={"b": ((step,),)}))


def test_group_of_lower_rank_comes_first() -> None:
    """Whatever the order in the text and in the file."""
    rules = rules_of('[visitor-a]\nconcern = "x"\n[visitor-b]\nacute = "y"')
    seen = rules.seen(Reading("x y"))
    assert seen is not None
    assert [group.kind for group, _ in seen.groups()] == ["acute", "concern"]


def test_text_without_any_listed_word_is_not_looked_at() -> None:
    """Nothing is seen."""
    assert rules_of('[visitor-a]\nacute = "x"').seen(Reading("hej hej")) is None


@given(st.integers(0, 2**70), st.integers(0, 12))
def test_reach_is_the_places_nearby(mask: int, reach: int) -> None:
    """`after`, `before` and `around` say the same as counting one by one."""
    places = {place for place in range(80) if mask >> place & 1}
    later = {place + far for place in places for far in range(reach + 1)}
    earlier = {place - far for place in places for far in range(reach + 1) if place >= far}
    assert after(mask, reach) == sum(1 << place for place in later)
    assert before(mask, reach) == sum(1 << place for place in earlier)
    assert around(mask, reach) == after(mask, reach) | before(mask, reach)


@settings(max_examples=examples(200))
@given(st.text(max_size=60) | st.text(alphabet=f"aå1б {SIGNS}{phrases._PARTING}'", max_size=60))
def test_text_is_parted_by_spaces_and_signs(text: str) -> None:
    """Telling signs are words of their own, in every script, and nothing is parted otherwise."""
    signs = re.escape(SIGNS)
    word = re.compile(rf"[^ {signs}{re.escape(phrases._PARTING)}]+|[{signs}]")
    plain = re.sub(r"([^\W\d_])\1\1+", r"\1", Reading(text).plain.replace("'", ""))
    assert tokens(Reading(text)) == word.findall(plain)


SAMPLE = rules_of(
    '[words]\nnot = "inte"\n[visitor-x]\nacute = "han .. har .. kniv, strypgrepp ~5 hals*, jag ska döda"'
)
TEXTS = ("han har en kniv", "halsen och strypgrepp", "jag ska döda", "han har inte kniv", "hej du")


def groups(text: str, rules: Rules = SAMPLE) -> list[str]:
    """Return the names of what is found."""
    seen = rules.seen(Reading(text))
    return [] if seen is None else [group.name for group, _ in seen.groups()]


@given(st.text(max_size=40) | st.text(alphabet="åäöÅÄÖa\u030a\u0308\u200b", max_size=20))
def test_text_is_folded_letter_by_letter(text: str) -> None:
    """Whatever is done first for speed."""
    assert Reading(text).cased == "".join(fold(letter) or "" for letter in text)


@given(st.sampled_from(TEXTS), st.integers(0, 30), st.sampled_from("\u200b\u200d\u00ad\u202e\u2060\u0301"))
def test_invisible_signs_change_nothing(text: str, place: int, sign: str) -> None:
    """Wherever they stand."""
    place = min(place, len(text))
    assert groups(text[:place] + sign + text[place:]) == groups(text)


@given(st.sampled_from(TEXTS))
def test_decomposed_letters_change_nothing(text: str) -> None:
    """NFD reads like NFC."""
    assert groups(unicodedata.normalize("NFD", text)) == groups(text)


@given(st.sampled_from(TEXTS), st.integers(0, 30), st.integers(1, 4))
def test_doubled_letter_changes_nothing(text: str, place: int, times: int) -> None:
    """Nor one that is drawn out."""
    place = min(place, len(text) - 1)
    if text[place] != " ":
        assert groups(text[:place] + text[place] * times + text[place:]) == groups(text)


@settings(max_examples=examples(200))
@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever is written, the shipped rules read it."""
    groups(text, shipped_danger_once())


_shipped: list[Rules] = []


def shipped_danger_once() -> Rules:
    """Return the shipped rules, read at the first call."""
    if not _shipped:
        _shipped.append(shipped_danger())
    return _shipped[0]


def steps(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many tokens are looked up and classes worked out for a text."""
    count = 0
    plain_missing, plain_tokens = phrases._Masks.__missing__, phrases.tokens

    def counted_missing(self: phrases._Masks, class_: int) -> int:
        nonlocal count
        count += 1
        return plain_missing(self, class_)

    def counted_tokens(reading: Reading) -> list[str]:
        nonlocal count
        read = plain_tokens(reading)
        count += len(read)
        return read

    with monkeypatch.context() as patch:
        patch.setattr(phrases._Masks, "__missing__", counted_missing)
        patch.setattr(phrases, "tokens", counted_tokens)
        groups(text, shipped_danger_once())
    return count


def _repeated() -> Iterator[str]:
    yield from ("kniv ", "inte ", "jag ska inte ", "film han har kniv ", "! ", "hjääälp ", "aab")


@pytest.mark.parametrize("part", list(_repeated()))
def test_work_grows_with_the_text_at_most(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the text costs at most twice the look-ups, and no more classes are looked for."""
    once, twice = steps(part * 100, monkeypatch), steps(part * 200, monkeypatch)
    assert twice <= 2 * once + 1


def test_very_long_text_is_read_at_both_ends() -> None:
    """What stands first and last is found; the middle of more words than any message holds is not read."""
    filler = "x " * 2 * MOST_WORDS
    assert len(tokens(Reading(filler))) == MOST_WORDS
    assert groups("jag ska döda " + filler)
    assert groups(filler + "jag ska döda")
    assert not groups(filler + "jag ska döda " + filler)
