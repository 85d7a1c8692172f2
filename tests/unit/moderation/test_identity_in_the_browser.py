# SPDX-License-Identifier: EUPL-1.2
"""The browser sees the same identity data as the server, piece by piece, whatever is written."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from config.identity import browser_identity, identity_source
from moderation.identity import identity_in
from moderation.identity_rules import IdentityRules, identity_rules
from moderation.reading import LETTERS, Reading
from tests.corpus.identity import lines_of

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tests" / "js" / "shared" / "identity_pieces.js"
CORPUS = ROOT / "tests" / "corpus"
RULE = ("kind", "needs", "find", "check")
"""The parts of a rule, in the order in which a page gets them."""
NOISE_BYTES = 8 * 1024
NOISES = 40
LANGUAGES = ("sv", "en", "fi", "ar", "fa", "uk", "pl", "so")

PLAIN = (
    "",
    " ",
    "ring mig på 070-123 45 67",
    "mitt nummer är +46 (0)70 123 45 67, sms går bra",
    "noll sju noll ett två tre fyra fem sex sju",
    "nollsjutti, ett två tre, fyrtiofem, sextiosju",
    "o7o-l23 45 67 och 83i och 10l mjölk",
    "jag bor på Storgatan 12 B lgh 1102, 753 20 Uppsala",
    "jag bor på storgatan tolv och han på Lilla Vägen 3",
    "mejla anna.svensson@gmail.com eller anna snabel-a hotmail punkt com",
    "kolla https://evil.example/ping?x=1 men också www.1177.se och kvinnofridslinjen.se",
    "850709-9805 är mitt personnummer, 19850709-9805 med",
    "konto SE45 5000 0000 0583 9825 7466, clearing 8327-9 123 456 789-0",
    "bilen ABC 123, abc12d, A B C 1 2 3",
    "snap: anna_99, insta @anna.s, min tiktok heter annaaa",
    "ring 112 eller 020-50 50 50, 020505050112",
    "020-50 50 50 ABC 020-50 50 50, kontonummer",
    "klockan 18:30 den 2026-11-22, 1 200 kr, 3,5 mil",
    "jag heter Anna Svensson, min man Ali Hassan",
    "my number is 0701234567 and I live at 12 High Street",
)
HARD = (
    unicodedata.normalize("NFD", "jag bor på Västra Vägen 5 i Växjö, 352 30 Växjö"),
    "０７０－１２３　４５　６７",
    "𝟎𝟕𝟎-𝟏𝟐𝟑 𝟒𝟓 𝟔𝟕",
    "٠٧٠ ١٢٣ ٤٥ ٦٧ و ۰۷۰۱۲۳۴۵۶۷",
    "0️⃣7️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
    "⓪⑦⓪①②③④⑤⑥⑦ och ⑴⑵⑶ ½ ² ⅷ",
    "0\u200b7\u200b0\u200d1\u200e2\u200f3\u202e4\u20665\ufeff6\u00ad7",
    "070\u00a0123\u202f45\u300967",
    "070\u2013123\u201445\u221267",
    "07\n01\t23\r\n45\x0b67\x0c\x1c\x85",
    "😀070👩‍👩‍👧‍👦123😀45😀67😀",
    "𝒶𝓃𝓃𝒶@𝑔𝓂𝒶𝒾𝓁.com ａｎｎａ＠ｇｍａｉｌ．ｃｏｍ",
    "İstanbul ıssız ǅ ŉ ß ẞ ﬃ Σίσυφος ΣΑΣ 12",
    "STORGATAN 12 och Straße 7, STRAẞE 7",
    "\ud83d 070\udc00123 45 67 \ud83d",
    "a" * 300 + "@" + "b" * 300 + ".com",
    "0" * 2000,
    "07" * 1000,
    "@" * 2000,
    "1 " * 1000,
    "0701234567 " * 400,
    "gatan 1 " * 300,
    "\u0301\u0301070\u03011\u03012\u030134567",
    "اسمي محمد ورقمي ٠٧٠١٢٣٤٥٦٧ شارع الملك 12",
    "мій номер 070 123 45 67, вулиця Шевченка 12",
)
ALPHABET = (
    "0123456789" * 4
    + "  .,-+/@()[]_:;'#|\n\t"
    + "abcdefgåäöABCÅÄÖ"
    + "٠١٢۴۵०१０１𝟎①½²"
    + "\u200b\u0301\u00a0\u202e\ufeff\u20e3\ufe0f😀عшßıİ"
)


def noise(seed: int) -> str:
    """Return 8 KiB of what looks a little like numbers, the same each time."""
    chance = random.Random(seed)
    words = [
        "storgatan",
        "snap",
        "ring",
        "nr",
        "konto",
        "noll",
        "sju",
        "gmail",
        "punkt",
        "com",
        "Vägen",
        "www",
    ]
    text = ""
    while len(text.encode()) < NOISE_BYTES:
        text += chance.choice(words) if chance.random() < 0.1 else chance.choice(ALPHABET)
    return text


@cache
def lines(part: int, parts: int) -> list[str]:
    """Return what is plain, what is hard, the whole corpus, and one part of the noise."""
    return [*PLAIN, *HARD, *map(noise, range(part, NOISES, parts)), *corpus()]


def corpus() -> list[str]:
    """Return every line of the corpus that is there, its marks taken away."""
    files = sorted(chain(CORPUS.glob("*/identity/*.txt"), CORPUS.glob("*/ordinary/*.txt")))
    return [line.text for file in files for line in lines_of(file)]


def in_the_browser(rules: Mapping[str, Any], lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the pieces of each line as the script finds them: kind and text."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the comparison with the browser's search needs Node: sudo apt install nodejs")
    given = json.dumps({"rules": rules, "lines": list(lines)})
    answer = subprocess.run(
        [node, str(SCRIPT)], input=given, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    return [
        [
            (
                span["kind"],
                utf16(line)[2 * span["start"] : 2 * span["end"]].decode("utf-16-le", "surrogatepass"),
            )
            for span in spans
        ]
        for line, spans in zip(lines, found, strict=True)
    ]


def utf16(text: str) -> bytes:
    """Return a text as a browser counts it."""
    return text.encode("utf-16-le", "surrogatepass")


def on_the_server(rules: IdentityRules, lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the pieces of each line as the server finds them."""
    return [
        [(span.kind, line[span.start : span.end]) for span in identity_in(Reading(line), rules)]
        for line in lines
    ]


def as_in_the_file(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page gets in the form of the rules' file, which names the parts of each rule."""
    return {**rules, "rule": [dict(zip(RULE, rule, strict=True)) for rule in rules["rule"]]}


def different(rules: Mapping[str, Any], lines: Sequence[str]) -> list[tuple[str, object, object]]:
    """Return the lines in which the two do not find the same, with what each finds."""
    here = on_the_server(identity_rules(as_in_the_file(rules)), lines)
    pairs = zip(lines, here, in_the_browser(rules, lines), strict=True)
    return [(line[:200], here, there) for line, here, there in pairs if here != there]


EVERY_RULE = {
    **identity_source(),
    "letters": LETTERS,
    "rule": [[rule.get(name, "") for name in RULE] for rule in identity_source()["rule"]],
}


def test_both_find_the_same_by_all_rules() -> None:
    """Every rule in every language, and all of the noise."""
    assert different(EVERY_RULE, lines(0, 1)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_find_the_same_by_the_rules_of_a_page(language: str) -> None:
    """What a page in this language gets, in both; the noise is shared out among the languages."""
    part = LANGUAGES.index(language)
    assert different(browser_identity(language), lines(part, len(LANGUAGES))) == []


def test_the_page_sees_what_is_plain() -> None:
    """It would be no comparison if neither found anything."""
    found = on_the_server(identity_rules(as_in_the_file(browser_identity("sv"))), [*PLAIN, *HARD, *corpus()])
    assert {"phone", "email", "address", "postcode", "personnummer", "iban", "link", "vehicle"} <= {
        kind for line in found for kind, _ in line
    }
