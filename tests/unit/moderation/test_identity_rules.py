# SPDX-License-Identifier: EUPL-1.2
"""The rules themselves: bounded, needed, and the same for every reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.identity import identity_source, read_identity
from moderation import identity, numbers
from moderation.identity import identity_in
from moderation.identity_rules import IdentityRules, Rule
from moderation.numbers import Numbers
from moderation.reading import Reading
from moderation.verdict import Kind
from tests.corpus.identity import lines_of

RULES = read_identity()
CORPUS = Path(__file__).parents[2] / "corpus"
LONGEST = 700
"""Characters of a sketch that one rule can take: a web address with a long path."""
FIRST_DIGIT = 5
"""So many characters of what a rule takes stand before its first digit at most: the letters of an IBAN."""
LAST_DIGIT = 10
"""And so many after the last one: the town behind a postcode."""


def repeats(parsed: Any) -> Iterator[int]:
    """Yield how often each repeat of a pattern may repeat."""
    for operation, value in parsed:
        if operation.name in {"MAX_REPEAT", "MIN_REPEAT"}:
            yield int(value[1])
        for inner in value if isinstance(value, tuple) else (value,):
            for each in inner if isinstance(inner, list) else [inner]:
                if isinstance(each, re._parser.SubPattern):  # type: ignore[attr-defined]
                    yield from repeats(each)


@pytest.mark.parametrize(
    "rule", RULES.rules, ids=[f"{number}-{rule.kind}" for number, rule in enumerate(RULES.rules)]
)
def test_no_rule_can_run_away(rule: Rule) -> None:
    """Every quantifier has a bound, and so has what a rule can take: time grows with the text, not faster."""
    parsed = re._parser.parse(rule.pattern.pattern)  # type: ignore[attr-defined]
    assert max(repeats(parsed), default=0) <= 300
    assert parsed.getwidth()[1] <= LONGEST
    assert rule.pattern.groups >= 1
    assert rule.kind in set(Kind)


def digits(parsed: Any) -> tuple[int, int]:
    """Return how many digits a pattern matches, at least and at most."""
    least = most = 0
    for operation, value in parsed:
        match operation.name:
            case "LITERAL":
                few = many = int(chr(value) in "0123456789")
            case "IN":
                few = many = int(all(map(_is_digit, value)))
            case "SUBPATTERN":
                few, many = digits(value[3])
            case "MAX_REPEAT":
                few, many = (times * count for times, count in zip(value, digits(value[2]), strict=False))
            case "BRANCH":
                ways = [digits(way) for way in value[1]]
                few, many = min(few for few, _ in ways), max(many for _, many in ways)
            case _:
                few = many = 0
        least, most = least + few, most + many
    return least, most


def _is_digit(one_of: Any) -> bool:
    operation, value = one_of
    least, most = value if operation.name == "RANGE" else (value, value)
    return value is not None and ord("0") <= least <= most <= ord("9")


FOR_NUMBERS = pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=f"{number}-{rule.kind}")
        for number, rule in enumerate(RULES.rules)
        if rule.digits
    ],
)


@FOR_NUMBERS
def test_rule_says_how_many_digits_it_takes(rule: Rule) -> None:
    """What is said beside a pattern leaves out nothing that it matches; what stands before it is near."""
    parsed = re._parser.parse(rule.pattern.pattern)  # type: ignore[attr-defined]
    least, most = digits(parsed)
    assert [count for count in range(least, most + 1) if not rule.digits >> count & 1] == []
    taken = next(at for at, (operation, _) in enumerate(parsed) if operation.name == "SUBPATTERN")
    assert parsed[:taken].getwidth()[1] + FIRST_DIGIT <= numbers._BEFORE
    assert parsed[taken + 1 :].getwidth()[1] + LAST_DIGIT <= numbers._BEHIND


@FOR_NUMBERS
@settings(max_examples=40)
@given(data=st.data())
def test_rule_finds_what_its_digits_say(rule: Rule, data: st.DataObject) -> None:
    """Whatever its pattern matches is found as well where numbers of so many digits stand, and is whole."""
    sketch = data.draw(st.text(" a1,", max_size=50)) + data.draw(st.from_regex(rule.pattern))
    match = rule.pattern.search(sketch)
    if match is None:
        return
    stretches = Numbers(sketch).stretches(rule.digits)
    near = filter(None, (rule.pattern.search(sketch, *stretch) for stretch in stretches))
    assert next(near).span() == match.span()
    taken = re.compile("[0-9].*[0-9]", re.DOTALL).search(sketch, *match.span(1))
    assert taken is not None
    assert not re.search("[0-9]$", sketch[: taken.start()])
    assert not re.match("[0-9]", sketch[taken.end() :])


def test_no_rule_needs_what_old_phones_lack() -> None:
    """No lookbehind, no named groups: the browser reads the same patterns."""
    for rule in identity_source()["rule"]:
        assert "(?<" not in rule["find"]
        assert "(?P" not in rule["find"]


def test_every_rule_is_needed() -> None:
    """Each finds something in the corpus that no rule before it finds: what finds nothing is taken out."""
    used: Counter[str] = Counter()
    for file in CORPUS.glob("*/identity/*.txt"):
        for line in lines_of(file):
            for rule in _rules_that_find(line.text):
                used[rule.pattern.pattern] += 1
    assert [rule.pattern.pattern for rule in RULES.rules if used[rule.pattern.pattern] == 0] == []


def _rules_that_find(text: str) -> list[Rule]:
    reading = Reading(text)
    search = identity._Search(reading, RULES, has_digits=any(letter.isdigit() for letter in reading.plain))
    present = set(search.sketch) | ({"§"} if identity._LONG_NUMBER.search(search.sketch) else set())
    return [
        rule
        for rule in RULES.rules
        if all(not present.isdisjoint(needed) for needed in rule.needs)
        and [*search._of(rule, [(0, len(search.sketch))])]
    ]


def test_what_makes_many_candidates_is_bounded() -> None:
    """However many places a text offers, a rule takes and doubts so many at most."""
    counted = Counter(span.kind for span in identity_in(Reading("a@b.se " * 2_000), RULES))
    assert counted == {"email": identity.MOST_FOUND}


def test_every_class_is_explained() -> None:
    """The legend at the top of the file names every letter that a list has."""
    text = (Path(__file__).parents[3] / "config/rules/identity.toml").read_text(encoding="utf-8")
    legend = text[text.index("# Classes by list") : text.index("# Classes by form")]
    letters = {letter for lists in identity_source()["words"].values() for letter in lists}
    assert [
        letter for letter in sorted(letters) if f" {letter} " not in legend and f" {letter}, " not in legend
    ] == []


def test_words_stand_once() -> None:
    """Within one language and class no word stands twice."""
    for code, lists in identity_source()["words"].items():
        for letter, words in lists.items():
            twice = [word for word, count in Counter(words.split()).items() if count > 1]
            assert twice == [], (code, letter)


def test_rules_of_some_languages_find_less() -> None:
    """A page in one language does without the others' words."""
    from moderation.identity_rules import identity_rules

    swedish: IdentityRules = identity_rules(identity_source(), languages={"sv"})
    assert identity_in(Reading("мене звати Олена"), swedish) == ()
    assert identity_in(Reading("мене звати Олена"), RULES) != ()
