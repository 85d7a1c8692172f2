# SPDX-License-Identifier: EUPL-1.2
"""The catalogues, and how their texts reach templates and scripts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import DictLoader

from web.catalogues import BrokenCatalogueError
from web.languages import (
    Languages,
    clock_time,
    day_and_month,
    direction,
    in_language,
    tag,
    weekday,
)
from web.visitor.pages import MODULES

WEB = Path(__file__).parents[3] / "web"
LANGUAGES = Languages.load(WEB / "locales")

ARABIC = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
"n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n"

msgctxt "script"
msgid "before"
msgid_plural "before"
msgstr[0] "z"
msgstr[1] "o"
msgstr[2] "t"
msgstr[3] "f"
msgstr[4] "m"
msgstr[5] "x"
"""

SWEDISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "script"
msgid "before"
msgid_plural "before"
msgstr[0] "%(n)s person"
msgstr[1] "%(n)s personer"

msgid "only.swedish"
msgstr "bara %(what)s"
"""


def write(directory: Path, **catalogues: str) -> Path:
    """Write one visitor's catalogue for each language; `_` stands for `-`."""
    for language, text in catalogues.items():
        folder = directory / language.replace("_", "-")
        folder.mkdir()
        (folder / "visitor.po").write_text(text, encoding="utf-8")
    return directory


def test_catalogues_are_complete_in_every_language() -> None:
    """No text is missing, empty, fuzzy, or names a value that the Swedish one does not have."""
    assert LANGUAGES.problems() == []


def test_catalogues_hold_every_text_that_pages_and_scripts_use() -> None:
    """What templates, pages and scripts ask for is there."""
    asked = set()
    for path in (WEB / "templates" / "visitor").glob("*.html"):
        asked |= set(re.findall(r'_\("([^"]+)"', path.read_text(encoding="utf-8")))
    asked |= set(re.findall(r'say\("([^"]+)"', (WEB / "visitor" / "pages.py").read_text(encoding="utf-8")))
    texts = LANGUAGES.texts("sv", "visitor")
    assert [key for key in sorted(asked) if texts.gettext(key) == key] == []
    handed = LANGUAGES.script_texts("sv", "visitor")
    scripts = [
        (WEB / "static" / module).read_text(encoding="utf-8") for module in (*MODULES, "visitor/chat.js")
    ]
    said = {key for script in scripts for key in re.findall(r'say\(\s*"([^"]+)"', script)}
    assert said - handed.keys() == set()


def test_languages_offer_the_source_language_first() -> None:
    """The order of the language switch."""
    assert LANGUAGES.codes[0] == "sv"
    assert "en" in LANGUAGES.codes


@pytest.mark.parametrize(
    ("requested", "own", "picked"),
    [
        ("en", "sv", "en"),
        ("EN", "sv", "en"),
        ("en-GB", "sv", "en"),
        ("xx", "en", "en"),
        (None, "en", "en"),
        ("", "sv", "sv"),
        ("../../etc", "sv", "sv"),
        ("xx", "xx", "sv"),
    ],
)
def test_pick_falls_back_to_the_own_language(requested: str | None, own: str, picked: str) -> None:
    """A language that is not there never becomes an error."""
    assert LANGUAGES.pick(requested, own) == picked


def test_texts_have_real_plural_forms() -> None:
    """One person, two persons."""
    texts = LANGUAGES.texts("sv", "visitor")
    forms = [texts.npgettext("script", "queue.before", "queue.before", n) % {"n": n} for n in (1, 2)]
    assert forms == ["1 person före dig.", "2 personer före dig."]


def test_a_new_language_is_one_more_catalogue(tmp_path: Path) -> None:
    """Six plural forms arrive at the scripts under the names that browsers use; the rest falls back."""
    languages = Languages.load(write(tmp_path, sv=SWEDISH, ar=ARABIC, sv_easy=SWEDISH))
    assert languages.codes == ("sv", "sv-easy", "ar")
    assert languages.pick("sv-easy", "sv") == "sv-easy"
    assert languages.script_texts("ar", "visitor")["before"] == {
        "zero": "z",
        "one": "o",
        "two": "t",
        "few": "f",
        "many": "m",
        "other": "x",
    }
    assert languages.texts("ar", "visitor").gettext("only.swedish") == "bara %(what)s"
    assert languages.texts("ar", "staff").gettext("anything") == "anything"


def test_problems_name_what_is_missing_or_wrong(tmp_path: Path) -> None:
    """Each catalogue is held against the Swedish one."""
    broken = SWEDISH.replace("%(n)s personer", "%(m)s personer").replace("only.swedish", "only.other")
    problems = Languages.load(write(tmp_path, sv=SWEDISH, en=broken, ar=ARABIC)).problems()
    assert problems == [
        "ar/visitor.po: only.swedish: missing",
        "en/visitor.po: only.swedish: missing",
        "en/visitor.po: only.other: not in the sv catalogue",
        "en/visitor.po: before: unknown value m",
    ]


def test_problems_ask_for_every_plural_form_and_every_translation(tmp_path: Path) -> None:
    """Two forms are too few for Arabic, and an empty text is no text."""
    empty = SWEDISH.replace("bara %(what)s", "")
    problems = Languages.load(write(tmp_path, sv=SWEDISH, ar=empty)).problems()
    assert problems == [
        "ar/visitor.po: before: 6 plural forms are needed",
        "ar/visitor.po: only.swedish: not translated",
    ]


def test_load_refuses_what_is_no_catalogue(tmp_path: Path) -> None:
    """A broken file stops the start with its name; so does a missing Swedish one."""
    with pytest.raises(BrokenCatalogueError, match=r"visitor\.po"):
        Languages.load(write(tmp_path, sv="this is no catalogue"))
    with pytest.raises(BrokenCatalogueError, match="no catalogue in sv"):
        Languages.load(tmp_path / "nowhere")


def test_environment_escapes_values_and_not_texts() -> None:
    """A value from outside is never markup."""
    loader = DictLoader({"page": '{{ _("danger.call", number=number) }}'})
    page = LANGUAGES.environment(loader, "sv", "visitor").get_template("page")
    assert page.render(number="<b>") == "Ring &lt;b&gt;"


def test_environments_do_not_share_a_language() -> None:
    """Two languages side by side each speak their own."""
    loader = DictLoader({"page": '{{ _("exit") }}'})
    said = [
        LANGUAGES.environment(loader, code, "visitor").get_template("page").render()
        for code in ("sv", "en", "sv")
    ]
    assert said == ["Lämna snabbt", "Leave quickly", "Lämna snabbt"]


def test_easy_swedish_is_read_aloud_as_swedish() -> None:
    """What the `lang` and `dir` attributes say."""
    assert (tag("sv-easy"), direction("sv-easy")) == ("sv", "ltr")
    assert (tag("ar"), direction("ar")) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ("Hi", "en", "ltr")), ("ar", ("Hej", "sv", "ltr")), ("sv-easy", ("Hej", "sv", "ltr"))],
)
def test_in_language_says_which_language_the_text_is_in(
    language: str, expected: tuple[str, str, str]
) -> None:
    """A text that falls back keeps its own language for screen readers."""
    assert tuple(in_language({"sv": "Hej", "en": "Hi"}, language, "sv")) == expected


def test_in_language_bears_an_empty_text() -> None:
    """A line without a note has none in any language."""
    assert in_language({}, "en", "sv").text == ""


def test_times_are_written_as_the_language_writes_them() -> None:
    """Hours with two digits, weekday and month in words."""
    assert clock_time(datetime(2026, 6, 3, 8, 5, tzinfo=UTC), "sv-easy") == "08:05"
    assert weekday(date(2026, 6, 3), "sv") == "onsdag"
    assert day_and_month(date(2026, 6, 3), "sv") == "3 juni"
    assert day_and_month(date(2026, 6, 3), "en") == "June 3"
