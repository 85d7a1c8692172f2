# SPDX-License-Identifier: EUPL-1.2
"""The interface's languages: gettext catalogues, read from their .po files when the server starts.

Owns which languages there are, their texts with real plural forms, and how they reach templates and scripts.
A new language is one more folder with its catalogues. Knows no page and no site file: texts that an
organisation writes itself are mappings from language to text, and `in_language` picks from one.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Self

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from web import catalogues
from web.catalogues import HERS, STAFF, base_of, forms_of, id_of, messages, plural_categories, toned

SOURCE: Final = catalogues.SOURCE
"""The language that all texts are first written in."""

SCRIPT: Final = "script"
"""The message context of texts that the page hands to its scripts."""

_RIGHT_TO_LEFT: Final = re.compile("[\\u0590-\\u08ff]")
_NUMBER_IN_GROUPS: Final = re.compile(r"(\+?[0-9]+(?:[ -][0-9]+)+)")

ScriptText = str | dict[str, str]
"""One text, or its plural forms by the category that `Intl.PluralRules` names."""


class Worded(NamedTuple):
    """A text with the language that it is in, which may be another than the page's."""

    text: str
    tag: str
    """For the `lang` attribute."""
    direction: str
    """For the `dir` attribute: `ltr` or `rtl`."""


class Toned(gettext.NullTranslations):
    """A language's texts in another tone, where it has them in it: else its usual ones.

    Never those of another language: in easy Swedish the tone of Swedish would be the wrong one.
    """

    def __init__(self, own: gettext.NullTranslations, usual: gettext.NullTranslations, tone: str) -> None:
        super().__init__()
        self._own = own
        self._usual = usual
        self._tone = tone

    def gettext(self, message: str) -> str:
        """Return the text without a context."""
        found = self._own.pgettext(self._tone, message)
        return found if found != message else self._usual.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """Return the text of a context."""
        found = self._own.pgettext(toned(context, self._tone), message)
        return found if found != message else self._usual.pgettext(context, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for `n` of the text without a context."""
        found = self._own.npgettext(self._tone, msgid1, msgid2, n)
        return found if found not in {msgid1, msgid2} else self._usual.ngettext(msgid1, msgid2, n)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for `n` of the text of a context."""
        found = self._own.npgettext(toned(context, self._tone), msgid1, msgid2, n)
        return found if found not in {msgid1, msgid2} else self._usual.npgettext(context, msgid1, msgid2, n)


@dataclass(frozen=True)
class Languages:
    """Every catalogue of the installation, by language and domain (`visitor`, `staff`)."""

    _catalogues: Mapping[tuple[str, str], Catalog]
    codes: tuple[str, ...] = field(init=False)
    """The languages that a visitor can choose, the source language first: those that have all her screens."""
    _texts: dict[tuple[str, str, str], gettext.NullTranslations] = field(default_factory=dict, init=False)
    _environments: dict[tuple[str, str, str, int], Environment] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Leave out every language that would show her a screen that is half in another."""
        offered = [code for code in self.languages if not any(self._gaps(code, HERS))]
        offered.sort(key=lambda code: (base_of(code) != SOURCE, code))
        object.__setattr__(self, "codes", tuple(offered))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read `directory/<language>/<domain>.po`.

        Raises:
            BrokenCatalogueError: a file is not a catalogue, or there is none in Swedish.
        """
        found = {
            (path.parent.name, path.stem): catalogues.read_catalogue(path, path.parent.name)
            for path in sorted(directory.glob("*/*.po"))
        }
        if not any(language == SOURCE for language, _ in found):
            message = f"{directory}: no catalogue in {SOURCE}"
            raise catalogues.BrokenCatalogueError(message)
        return cls(found)

    @property
    def languages(self) -> list[str]:
        """Every language that has a catalogue, whether or not it is complete."""
        return list(dict.fromkeys(language for language, _ in self._catalogues))

    @property
    def for_staff(self) -> list[str]:
        """Every language that anything is written in for staff."""
        return [code for code in self.languages if self._is_for_staff(code)]

    def pick(self, requested: str | None, own: str, offered: Collection[str] | None = None) -> str:
        """Return the language to show her: the requested one, else its base language, else `own`.

        `offered`: those that the page's own texts are in; None when it has none of its own.
        """
        known = self.codes if offered is None else [code for code in self.codes if code in offered]
        return _pick(requested, own, known)

    def pick_for_staff(self, requested: str | None) -> str:
        """Return the language to show staff: the requested one if anything is written in it for them."""
        return _pick(requested, SOURCE, self.for_staff)

    def kept_for_staff(self, requested: str | None) -> str:
        """Return `?lang=…`, which keeps the language from page to page; empty where none was asked for."""
        return "" if requested is None else f"?lang={self.pick_for_staff(requested)}"

    def texts(self, language: str, domain: str, tone: str = "") -> gettext.NullTranslations:
        """Return the translations, in this tone where the language has it.

        What is missing comes from the base language, then Swedish. Of her own texts nothing is.
        """
        key = (language, domain, tone)
        if key not in self._texts:
            found = [
                _compile(self._catalogues[code, domain])
                for code in self._sources(language, domain)
                if (code, domain) in self._catalogues
            ]
            for first, second in pairwise(found):
                first.add_fallback(second)
            usual = found[0] if found else gettext.NullTranslations()
            own = self._catalogues.get((language, domain))
            if tone in catalogues.TONES and own is not None:
                self._texts[key] = Toned(_compile(own), usual, tone)
            else:
                self._texts[key] = usual
        return self._texts[key]

    def script_texts(
        self, language: str, domain: str, context: str = SCRIPT, tone: str = ""
    ) -> dict[str, ScriptText]:
        """Return the texts with this context in this tone, by message id, ready for JSON."""
        texts: dict[str, ScriptText] = {}
        for code in reversed(self._sources(language, domain)):
            texts |= self._for_scripts(code, domain, context)
        return texts | (self._for_scripts(language, domain, toned(context, tone)) if tone else {})

    def environment(self, loader: BaseLoader, language: str, domain: str, tone: str = "") -> Environment:
        """Return the template environment that speaks this language: `_`, `ngettext`, `{% trans %}`.

        Values given to a text are escaped; texts themselves come from our own catalogues.
        """
        key = (language, domain, tone, id(loader))
        if key not in self._environments:
            environment = Environment(
                loader=loader,
                autoescape=True,
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            environment.filters["written"] = written
            # As it is written, not as escapes: an Arabic letter takes two bytes then, and six else.
            environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
            # The i18n extension adds this method when it is loaded; Jinja's types cannot know it.
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                self.texts(language, domain, tone), newstyle=True
            )
            self._environments[key] = environment
        return self._environments[key]

    def name(self, language: str) -> str:
        """Return what the language calls itself."""
        return self.texts(language, "visitor").gettext("language.name")

    def others_for_staff(self, language: str) -> list[tuple[str, str]]:
        """Return every other language for staff, and what it calls itself."""
        return [(code, self.name(code)) for code in self.for_staff if code != language]

    def problems(self) -> list[str]:
        """Return what is missing or wrong in any catalogue, one line each; nothing when all is well."""
        return [
            problem
            for language in self.languages
            for problem in (*self._gaps(language, {*HERS, *STAFF}), *self._strays(language))
        ]

    def counted(self, language: str) -> dict[str, tuple[int, list[str]]]:
        """Return, by domain, how many texts a language has, and which of them nobody has vouched for."""
        return {
            domain: (sum(1 for _ in messages(catalogue)), catalogues.unvouched(catalogue))
            for (code, domain), catalogue in self._catalogues.items()
            if code == language
        }

    def known(self, language: str, *, hers: bool) -> list[tuple[str, str | None, str]]:
        """Return domain, context and id of each text that she reads, or of each that only staff read."""
        return [
            (domain, message.context, id_of(message))
            for (code, domain), catalogue in self._catalogues.items()
            if code == language
            for message in messages(catalogue)
            if catalogues.is_hers(domain, message.context) is hers
        ]

    def unvouched(self, language: str) -> int:
        """Return how many of her texts nobody who speaks the language has vouched for."""
        return sum(len(ids) for domain, (_, ids) in self.counted(language).items() if domain in HERS)

    def _sources(self, language: str, domain: str) -> list[str]:
        """Return where a text is looked for, in order.

        A language that is offered to her has all of hers; what it lacks, such as another tone, it does
        without.
        """
        return [language] if domain in HERS and language in self.codes else _chain(language)

    def _for_scripts(self, language: str, domain: str, context: str) -> dict[str, ScriptText]:
        catalogue = self._catalogues.get((language, domain))
        found = messages(catalogue, context) if catalogue is not None else ()
        return {id_of(message): _for_script(message, language) for message in found}

    def _is_for_staff(self, language: str) -> bool:
        return any((language, domain) in self._catalogues for domain in STAFF.difference(HERS))

    def _gaps(self, language: str, domains: Collection[str]) -> Iterator[str]:
        """Yield what keeps these catalogues from being shown."""
        staff = self._is_for_staff(language)
        for (code, domain), source in self._catalogues.items():
            if code != SOURCE or domain not in domains:
                continue
            catalogue = self._catalogues.get((language, domain))
            if catalogue is not None:
                found = catalogues.gaps(catalogue, source, domain, language, staff=staff)
                yield from (f"{language}/{domain}.po: {gap}" for gap in found)
            elif catalogues.wanted(source, domain, staff=staff):
                yield f"{language}/{domain}.po: missing"

    def _strays(self, language: str) -> Iterator[str]:
        for (code, domain), catalogue in self._catalogues.items():
            if code == language:
                found = catalogues.strays(catalogue, self._catalogues.get((SOURCE, domain), Catalog()))
                yield from (f"{language}/{domain}.po: {stray}" for stray in found)


def tag(language: str) -> str:
    """Return the language as browsers and screen readers know it: easy Swedish is read aloud as Swedish."""
    return base_of(language)


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return _locale(language).text_direction


def in_language(texts: Mapping[str, str], language: str, own: str) -> Worded:
    """Return a site text in `language`, else in its base language, else in the service's own language."""
    for code in (*_chain(language)[:-1], own, *texts):
        if code in texts:
            return Worded(texts[code], tag(code), direction(code))
    return Worded("", tag(language), direction(language))


def language_name(code: str, language: str) -> str:
    """Return what `language` calls a language; the code itself where it has no name for it."""
    return str(_locale(language).languages.get(base_of(code), code))


def clock_time(moment: datetime, language: str) -> str:
    """Return `18:00`, as this language writes a time of day."""
    return format_time(moment, "HH:mm", locale=_locale(language))


def weekday(day: date, language: str) -> str:
    """Return `måndag`."""
    return format_date(day, "EEEE", locale=_locale(language))


def day_and_month(day: date, language: str) -> str:
    """Return `3 juni`; in Arabic with both names of the month: which one she knows depends on her country."""
    if base_of(language) == "ar":
        here, there = (Locale.parse(code).months["format"]["wide"][day.month] for code in ("ar_SY", "ar_EG"))
        return f"{day.day} {here}" if here == there else f"{day.day} {here}/{there}"
    at_noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return format_skeleton("MMMMd", at_noon, locale=_locale(language))


def short_day(day: date, language: str) -> str:
    """Return `3 juni` in few characters: `3 jun`."""
    at_noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return format_skeleton("MMMd", at_noon, locale=_locale(language))


def long_date(day: date, language: str) -> str:
    """Return `3 juni 2026`."""
    return format_date(day, "long", locale=_locale(language))


def month_and_year(month: date, language: str) -> str:
    """Return `juni 2026`."""
    return format_date(month, "MMMM y", locale=_locale(language))


def _pick(requested: str | None, own: str, known: Collection[str]) -> str:
    for wish in (requested or "", own):
        for code in (wish.lower(), base_of(wish.lower())):
            if code in known:
                return code
    return SOURCE


def _chain(language: str) -> list[str]:
    """Return where a text is looked for, in order and without repetition; the source language is last."""
    return list(dict.fromkeys((language, base_of(language), SOURCE)))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(base_of(language))


def _compile(catalogue: Catalog) -> gettext.GNUTranslations:
    """Compile in memory: no .mo file can be older than its catalogue.

    What nobody has vouched for yet (`fuzzy`) is shown too: a whole screen that may be clumsy helps her more
    than half a one.
    """
    compiled = io.BytesIO()
    write_mo(compiled, catalogue, use_fuzzy=True)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _for_script(message: Message, language: str) -> ScriptText:
    forms = forms_of(message)
    if isinstance(message.id, str):
        return forms[0]
    return dict(zip(plural_categories(language), forms, strict=True))


def written(text: str) -> Markup:
    """Return a text for a page: numbers in groups keep their order in one that runs from right to left."""
    if not _RIGHT_TO_LEFT.search(text):
        return escape(text)
    pieces = _NUMBER_IN_GROUPS.split(text)
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def listed(names: Sequence[str], language: str) -> str:
    """Return `du, A och B`, as this language lists things."""
    return format_list(names, locale=_locale(language))


def isolated(name: str) -> str:
    """Return a name as it may stand in a sentence of another direction of writing, without turning it."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"
