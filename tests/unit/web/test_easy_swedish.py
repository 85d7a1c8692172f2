# SPDX-License-Identifier: EUPL-1.2
"""Easy Swedish is measured: short sentences, one thought in each, common words.

A text that breaks a rule is written again; so there are no exceptions. What a machine cannot see, a reader
must: whether it is warm, whether it is true, and whether those it is written for understand it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
EASY = "sv-easy"
MOST_WORDS = 10
MOST_LETTERS = 18
MOST_LIX = 25.0
LONG_WORD = 6
"""Words with more letters than this count as long in LIX."""

CLAUSES = frozenset({"som", "när", "om", "innan", "medan", "eftersom", "ifall", "fastän", "vars"})
"""Words that begin a clause within a sentence."""

ABOUT = frozenset(
    {
        "annat",
        "berättat",
        "börja",
        "det",
        "fråga",
        "frågade",
        "frågan",
        "handlar",
        "ladda",
        "mer",
        "något",
        "prata",
    }
    | {"ruta", "råd", "skriva"}
)
"""The words after which `om` means about, or again. Each is needed: a test holds it."""

NAMES = frozenset({"name"})
"""Keys of the site file that are what somebody is called: nothing that we can word."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a value that is put in counts as one word."""
    whole = re.sub(r"\{(reporting_text)\}", "\n", text)
    filled = re.sub(r"%\(\w+\)s|\{\w+\}", "värde", whole)
    return [part for part in re.split(r"(?<=[.?!:])\s+|\n+", filled) if words(part)]


def words(text: str) -> list[str]:
    """Return the words of a text, numbers among them; `16.30` is one."""
    return re.findall(r"\w+(?:[.@-]\w+)*", text)


def faults(sentence: str) -> list[str]:
    """Return what makes a sentence hard, or nothing."""
    found = []
    each = [word.lower() for word in words(sentence)]
    if len(each) > MOST_WORDS:
        found.append(f"{len(each)} words")
    found += [f"“{word}” has {len(word)} letters" for word in each if len(word) > MOST_LETTERS]
    found += [
        f"a clause: “{before} {word}”"
        for before, word in pairwise(["", *each])
        if word in CLAUSES and not (word == "om" and before in ABOUT)
    ]
    if "!" in sentence:
        found.append("an exclamation mark")
    return found


def lix(text: str) -> float:
    """Return the Swedish readability index: under 25 is very easy (Björnsson 1968)."""
    all_words, all_sentences = words(" ".join(sentences(text))), sentences(text)
    long_words = [word for word in all_words if len(word) > LONG_WORD]
    return len(all_words) / len(all_sentences) + 100 * len(long_words) / len(all_words)


def catalogues() -> Iterator[tuple[str, str, str]]:
    """Yield domain, id and text of every message of every catalogue."""
    for path in sorted((ROOT / "web" / "locales" / EASY).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="sv"):
                forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
                name = message.id if isinstance(message.id, str) else message.id[0]
                yield from ((path.stem, str(name), form) for form in forms if message.id)


def site_texts() -> Iterator[tuple[str, str, str]]:
    """Yield file, key and text of all that the shipped site files say."""
    for path in sorted((ROOT / "config").glob("*.toml")):
        yield from (
            (path.stem, key, text)
            for key, text in _easy(tomllib.loads(path.read_text(encoding="utf-8")), "")
            if key.rpartition(".")[2] not in NAMES
        )


def _easy(table: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if key == EASY and isinstance(value, str):
            yield path, value
        elif key == EASY and isinstance(value, dict):
            yield from ((name, text) for name, text in value.items())
        elif isinstance(value, dict | list):
            inner = value if isinstance(value, dict) else {str(n): each for n, each in enumerate(value, 1)}
            yield from _easy(inner, f"{path}.{key}" if path else key)


ALL = [*catalogues(), *site_texts()]


def test_every_sentence_is_easy() -> None:
    """At most ten words, a thought each, no long word, no exclamation mark."""
    hard = [
        (f"{domain}: {key}: {sentence}", found)
        for domain, key, text in ALL
        for sentence in sentences(text)
        if (found := faults(sentence))
    ]
    assert hard == []


def test_no_om_is_allowed_that_is_not_there() -> None:
    """The list of what may stand before `om` does not outlive the texts."""
    all_words = [
        [word.lower() for word in words(sentence)] for _, _, text in ALL for sentence in sentences(text)
    ]
    before = {one for each in all_words for one, word in pairwise(each) if word == "om"}
    assert before == ABOUT


@pytest.mark.parametrize("domain", sorted({domain for domain, _, _ in ALL}))
def test_every_domain_is_easy_to_read(domain: str) -> None:
    """The readability index of all its texts together."""
    assert lix("\n".join(text for name, _, text in ALL if name == domain)) < MOST_LIX


@pytest.mark.parametrize(
    "sentence",
    [
        "Om någon kan se din skärm kan du öppna chatten i ett privat fönster.",
        "Du kan skriva till oss när du vill.",
        "Den som svarar läser det sedan.",
        "Vi undrar om du vill svara.",
        "Nu är du här!",
        "Det är en dokumentationsskyldighet.",
        "En två tre fyra fem sex sju åtta nio tio elva.",
    ],
)
def test_a_hard_sentence_is_found(sentence: str) -> None:
    """The measure sees what it is there to see."""
    assert faults(sentence)


def test_the_measure_reads_a_text_sentence_by_sentence() -> None:
    """A value is one word, a time of day ends nothing, and a line ends what stands on it."""
    text = "%(alias)s undrar: Får vi läsa klockan 16.30?\nJa. {reporting_text} Börja om."
    assert sentences(text) == ["värde undrar:", "Får vi läsa klockan 16.30?", "Ja.", "Börja om."]
    assert [faults(sentence) for sentence in sentences(text)] == [[]] * 4
    assert lix("Du kan skriva. Vi läser.") == pytest.approx(2.5)
    assert lix("Överlämningsunderlaget diarieförs.") > MOST_LIX
