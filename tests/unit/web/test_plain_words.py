# SPDX-License-Identifier: EUPL-1.2
"""The words of the chat without scripts are all there: most of them live in catalogues of other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.texts import LANGUAGES
from web.languages import SCRIPT
from web.visitor import asked, asking, consent, frames, reading, returning_texts, warm
from web.visitor.plain.words import DOMAIN, PlainWords

WEB = Path(__file__).parents[3] / "web"
PLACES = {
    "say": (DOMAIN, None),
    "script": ("visitor", SCRIPT),
    "count": ("visitor", SCRIPT),
    "page": ("visitor", None),
    "asking": ("visitor", asking.ASKING),
    "consent": (consent.DOMAIN, SCRIPT),
    "warm": (warm.DOMAIN, warm.CONTEXT),
    "moving": (warm.MOVING, warm.CONTEXT),
    "returning": (returning_texts.DOMAIN, returning_texts.CONTEXT),
    "room": (reading.DOMAIN, reading.CONTEXT),
    "afterwards": (asked.DOMAIN, asked.CONTEXT),
}


def named() -> set[tuple[str, str]]:
    """Return every key that the code and the templates name, with where it is looked for."""
    files = [*(WEB / "visitor/plain").glob("*.py"), *(WEB / "templates/visitor/plain").glob("*.html")]
    found: set[tuple[str, str]] = set()
    for path in files:
        text = path.read_text(encoding="utf-8")
        for where, key in re.findall(r'(?:words|self)\.(\w+)\(\s*"([a-z0-9_.]+)"', text):
            if where in PLACES:
                found.add((where, key))
        if "consent" in path.name or path.name in {"items.html", "receiver.html", "summary.html"}:
            found |= {("consent", key) for key in re.findall(r'\bsay\("([a-z0-9_.]+)"', text)}
    return found


def test_every_text_that_is_named_is_there() -> None:
    """A key that another page has given up would be shown as it is."""
    keys = named()
    assert len(keys) > 60
    missing = []
    for where, key in sorted(keys):
        domain, context = PLACES[where]
        texts = LANGUAGES.texts("sv", domain)
        if where == "count":
            said = texts.npgettext(SCRIPT, key, key, 1)
        else:
            said = texts.gettext(key) if context is None else texts.pgettext(context, key)
        if said == key:
            missing.append(f"{where}: {key}")
    assert missing == []


@pytest.mark.parametrize(
    ("place", "lost", "said"),
    [
        (frames.Queue(0, (0, 1), here=True), False, ["Du är näst på tur.", "Det kan ta några minuter."]),
        (frames.Queue(0, (0, 2), here=True), False, ["Du är näst på tur.", "Det kan ta några minuter."]),
        (frames.Queue(1, None, here=True), False, ["1 person före dig.", "Vi vet inte hur lång tid"]),
        (
            frames.Queue(3, (5, 10), here=True),
            False,
            ["3 personer före dig.", "Det brukar ta 5 till 10 minuter."],
        ),
        (frames.Queue(3, (10, 10), here=True), False, ["3 personer", "Det brukar ta ungefär 10 minuter."]),
        (frames.Queue(3, (0, 10), here=True), False, ["3 personer", "Det brukar ta högst 10 minuter."]),
        (frames.Queue(0, None, here=False), False, ["Ingen kan svara just nu.", "Din plats finns kvar"]),
        (frames.Queue(2, None, here=False), False, ["Ingen kan svara just nu.", "2 personer före dig. Din"]),
        (frames.Queue(0, None, here=False), True, ["Ingen annan är här just nu.", "Din plats finns kvar"]),
    ],
)
def test_place_is_told_as_on_the_chat_page(place: frames.Queue, lost: bool, said: list[str]) -> None:
    """The same sentences in the same cases as `texts.js`."""
    lines = PlainWords("sv", LANGUAGES).about_place(place, lost=lost)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True))


def test_names_are_kept_apart_from_the_sentence() -> None:
    """A name in another direction of writing does not turn what stands around it."""
    words = PlainWords("sv", LANGUAGES)
    assert words.script("typing", alias="كيم") == "\u2068كيم\u2069 skriver"
    assert words.seen(["phone", "address"]) == "Det ser ut som ett telefonnummer och en adress."
