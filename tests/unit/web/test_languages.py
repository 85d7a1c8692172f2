# SPDX-License-Identifier: EUPL-1.2
"""The catalogues, and how their texts reach templates and scripts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import DictLoader

from tests.texts import LANGUAGES
from web.catalogues import BrokenCatalogueError
from web.languages import (
    Languages,
    clock_time,
    day_and_month,
    direction,
    in_language,
    listed,
    tag,
    weekday,
    written,
)

WEB = Path(__file__).parents[3] / "web"

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
    """No text is missing, empty, or names a value that the Swedish one does not have."""
    assert LANGUAGES.problems() == []


def test_every_language_that_has_a_folder_is_offered() -> None:
    """What is begun is finished before it is merged."""
    assert set(LANGUAGES.codes) == set(LANGUAGES.languages)


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


def test_plural_forms_reach_the_scripts_under_the_names_that_browsers_use(tmp_path: Path) -> None:
    """Six of them in Arabic, in the order of its catalogue."""
    languages = Languages.load(write(tmp_path, sv=SWEDISH, ar=ARABIC))
    assert languages.script_texts("ar", "visitor")["before"] == {
        "zero": "z",
        "one": "o",
        "two": "t",
        "few": "f",
        "many": "m",
        "other": "x",
    }


def test_her_language_is_offered_only_when_nothing_of_hers_is_missing(tmp_path: Path) -> None:
    """She never sees a screen that is half in another: one text too few, and it cannot be chosen."""
    languages = Languages.load(write(tmp_path, sv=SWEDISH, ar=ARABIC, sv_easy=SWEDISH))
    assert languages.codes == ("sv", "sv-easy")
    assert languages.pick("sv-easy", "sv") == "sv-easy"
    assert languages.pick("ar", "sv") == "sv"
    whole = ARABIC + '\nmsgid "only.swedish"\nmsgstr "w %(what)s"\n'
    (tmp_path / "ar" / "visitor.po").write_text(whole, encoding="utf-8")
    assert Languages.load(tmp_path).pick("ar", "sv") == "ar"
    (tmp_path / "sv" / "consent.po").write_text(SWEDISH, encoding="utf-8")
    assert Languages.load(tmp_path).codes == ("sv",)


def test_her_language_needs_nothing_that_only_staff_read(tmp_path: Path) -> None:
    """Of a catalogue that both read, she needs what is hers; what is missing for staff is said in Swedish."""
    both = SWEDISH.replace('msgctxt "script"', 'msgctxt "visitor"')
    write(tmp_path, sv=SWEDISH, ar=ARABIC + '\nmsgid "only.swedish"\nmsgstr "w"\n')
    for domain in ("warm", "staff"):
        (tmp_path / "sv" / f"{domain}.po").write_text(both, encoding="utf-8")
    hers = ARABIC.replace('msgctxt "script"', 'msgctxt "visitor"')
    (tmp_path / "ar" / "warm.po").write_text(hers, encoding="utf-8")
    languages = Languages.load(tmp_path)
    assert "ar" in languages.codes
    assert languages.problems() == []
    assert languages.texts("ar", "staff").gettext("only.swedish") == "bara %(what)s"
    assert languages.pick_for_staff("ar") == "sv"


def test_pick_keeps_to_the_languages_that_a_page_has_texts_of_its_own_in() -> None:
    """What a service says about secrecy in Swedish is no use in the middle of another language."""
    assert LANGUAGES.pick("en", "sv", ("sv", "en")) == "en"
    assert LANGUAGES.pick("en", "sv", ("sv",)) == "sv"


def test_texts_that_nobody_has_vouched_for_are_shown_and_counted(tmp_path: Path) -> None:
    """A whole screen that may be clumsy helps her more than half a one."""
    doubtful = SWEDISH.replace('msgid "only.swedish"', '#, fuzzy\nmsgid "only.swedish"').replace(
        "bara", "only"
    )
    languages = Languages.load(write(tmp_path, sv=SWEDISH, en=doubtful))
    assert languages.problems() == []
    assert languages.texts("en", "visitor").gettext("only.swedish") == "only %(what)s"
    assert languages.counted("en") == {"visitor": (2, ["only.swedish"])}
    assert (languages.unvouched("en"), languages.unvouched("sv")) == (1, 0)


TONES = """
msgctxt "informal"
msgid "only.swedish"
msgstr "hej, bara %(what)s"

msgctxt "script informal"
msgid "before"
msgid_plural "before"
msgstr[0] "%(n)s före"
msgstr[1] "%(n)s före dig"
"""


def test_tone_is_a_language_s_own(tmp_path: Path) -> None:
    """Where a language has no words in it the usual ones are said, never those of another language."""
    languages = Languages.load(write(tmp_path, sv=SWEDISH + TONES, sv_easy=SWEDISH))
    assert languages.codes == ("sv", "sv-easy")
    said = [languages.texts(code, "visitor", "informal").gettext("only.swedish") for code in languages.codes]
    assert said == ["hej, bara %(what)s", "bara %(what)s"]
    assert languages.texts("sv", "visitor").gettext("only.swedish") == "bara %(what)s"
    texts = languages.texts("sv", "visitor", "informal")
    assert texts.npgettext("script", "before", "before", 2) == "%(n)s före dig"
    handed = [languages.script_texts(code, "visitor", tone="informal") for code in languages.codes]
    assert [each["before"] for each in handed] == [
        {"one": "%(n)s före", "other": "%(n)s före dig"},
        {"one": "%(n)s person", "other": "%(n)s personer"},
    ]
    assert [each.keys() for each in handed] == [{"before"}, {"before"}]
    assert languages.script_texts("sv-easy", "visitor", "script informal") == {}
    assert languages.texts("sv-easy", "visitor").pgettext("informal", "only.swedish") == "only.swedish"


def test_tone_needs_a_usual_text(tmp_path: Path) -> None:
    """Else a service in the usual tone would say nothing."""
    lonely = TONES.replace("only.swedish", "only.informal")
    problems = Languages.load(write(tmp_path, sv=SWEDISH + lonely)).problems()
    assert problems == ["sv/visitor.po: only.informal: has another tone and no usual one"]


def test_problems_name_what_is_missing_or_wrong(tmp_path: Path) -> None:
    """Each catalogue is held against the Swedish one."""
    broken = SWEDISH.replace("%(n)s personer", "%(m)s personer").replace("only.swedish", "only.other")
    problems = Languages.load(write(tmp_path, sv=SWEDISH, en=broken, ar=ARABIC)).problems()
    assert problems == [
        "ar/visitor.po: only.swedish: missing",
        "en/visitor.po: only.swedish: missing",
        "en/visitor.po: before: unknown value m",
        "en/visitor.po: only.other: not in the sv catalogue",
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


def test_times_in_arabic_have_the_digits_of_every_clock_in_sweden() -> None:
    """And both names of the month: which one she knows depends on where she grew up."""
    assert clock_time(datetime(2026, 6, 3, 18, 5, tzinfo=UTC), "ar") == "18:05"
    assert weekday(date(2026, 6, 3), "ar") == "الأربعاء"
    assert day_and_month(date(2026, 6, 3), "ar") == "3 حزيران/يونيو"


def test_numbers_in_groups_keep_their_order_in_arabic() -> None:
    """Else `020-50 50 50` would read `50 50 50-020`; what runs from left to right is left as it is."""
    assert written("الرقم 020-50 50 50 <b>") == "الرقم <bdi>020-50 50 50</bdi> &lt;b&gt;"
    assert written("ring 020-50 50 50 <b>") == "ring 020-50 50 50 &lt;b&gt;"


def test_things_are_listed_as_the_language_lists_them() -> None:
    """With its own word for and."""
    assert [listed(["a", "b", "c"], code) for code in ("sv-easy", "en", "ar")] == [
        "a, b och c",
        "a, b, and c",
        "a وb وc",
    ]
