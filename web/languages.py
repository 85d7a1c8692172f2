# SPDX-License-Identifier: EUPL-1.2
"""The interface's languages: gettext catalogues, read from their .po files when the server starts.

Owns which languages there are, their texts with real plural forms, and how they reach templates and scripts.
A new language is one more folder with its catalogues. Knows no page and no site file: texts that an
organisation writes itself are mappings from language to text, and `in_language` picks from one.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Self

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from jinja2 import BaseLoader, Environment, StrictUndefined

SOURCE = "sv"
"""The language that all texts are first written in; its catalogues say which texts there are."""

SCRIPT = "script"
"""The message context of texts that the page hands to its scripts."""

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories in the order in which gettext numbers a language's forms."""

ScriptText = str | dict[str, str]
"""One text, or its plural forms by the category that `Intl.PluralRules` names."""


class BrokenCatalogueError(Exception):
    """A .po file that cannot be read; the message names the file and the line."""


class Worded(NamedTuple):
    """A text with the language that it is in, which may be another than the page's."""

    text: str
    tag: str
    """For the `lang` attribute."""
    direction: str
    """For the `dir` attribute: `ltr` or `rtl`."""


@dataclass(frozen=True)
class Languages:
    """Every catalogue of the installation, by language and domain (`visitor`, `staff`)."""

    _catalogues: Mapping[tuple[str, str], Catalog]
    _texts: dict[tuple[str, str], gettext.NullTranslations] = field(default_factory=dict, init=False)
    _environments: dict[tuple[str, str, int], Environment] = field(default_factory=dict, init=False)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read `directory/<language>/<domain>.po`.

        Raises:
            BrokenCatalogueError: a file is not a catalogue, or there is none in Swedish.
        """
        catalogues = {
            (path.parent.name, path.stem): _read(path, path.parent.name)
            for path in sorted(directory.glob("*/*.po"))
        }
        if not any(language == SOURCE for language, _ in catalogues):
            message = f"{directory}: no catalogue in {SOURCE}"
            raise BrokenCatalogueError(message)
        return cls(catalogues)

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages a visitor can choose, the source language first."""
        found = {language for language, domain in self._catalogues if domain == "visitor"}
        return tuple(sorted(found, key=lambda code: (_base(code) != SOURCE, code)))

    def pick(self, requested: str | None, own: str) -> str:
        """Return the language to show: the requested one, else its base language, else `own`."""
        for wish in (requested or "", own):
            for code in (wish.lower(), _base(wish.lower())):
                if code in self.codes:
                    return code
        return SOURCE

    def texts(self, language: str, domain: str) -> gettext.NullTranslations:
        """Return the translations; what is missing comes from the base language, then Swedish."""
        key = (language, domain)
        if key not in self._texts:
            catalogues = [self._catalogues.get((code, domain)) for code in _chain(language)]
            found = [_compile(catalogue) for catalogue in catalogues if catalogue is not None]
            for first, second in pairwise(found):
                first.add_fallback(second)
            self._texts[key] = found[0] if found else gettext.NullTranslations()
        return self._texts[key]

    def script_texts(self, language: str, domain: str, context: str = SCRIPT) -> dict[str, ScriptText]:
        """Return the texts with this context, by message id, ready for JSON."""
        texts: dict[str, ScriptText] = {}
        for code in reversed(_chain(language)):
            catalogue = self._catalogues.get((code, domain))
            if catalogue is not None:
                found = _messages(catalogue, context)
                texts |= {_id(message): _for_script(message, code) for message in found}
        return texts

    def environment(self, loader: BaseLoader, language: str, domain: str) -> Environment:
        """Return the template environment that speaks this language: `_`, `ngettext`, `{% trans %}`.

        Values given to a text are escaped; texts themselves come from our own catalogues.
        """
        key = (language, domain, id(loader))
        if key not in self._environments:
            environment = Environment(
                loader=loader,
                autoescape=True,
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            # As it is written, not as escapes: an Arabic letter takes two bytes then, and six else.
            environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
            # The i18n extension adds this method when it is loaded; Jinja's types cannot know it.
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                self.texts(language, domain), newstyle=True
            )
            self._environments[key] = environment
        return self._environments[key]

    def name(self, language: str) -> str:
        """Return what the language calls itself."""
        return self.texts(language, "visitor").gettext("language.name")

    def problems(self) -> list[str]:
        """Return what is missing or wrong in any catalogue, one line each; nothing when all is well."""
        return [
            f"{language}/{domain}.po: {problem}"
            for (language, domain), catalogue in self._catalogues.items()
            for problem in _problems(catalogue, self._catalogues.get((SOURCE, domain), catalogue), language)
        ]


def tag(language: str) -> str:
    """Return the language as browsers and screen readers know it: easy Swedish is read aloud as Swedish."""
    return _base(language)


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return _locale(language).text_direction


def in_language(texts: Mapping[str, str], language: str, own: str) -> Worded:
    """Return a site text in `language`, else in its base language, else in the service's own language."""
    for code in (*_chain(language)[:-1], own, *texts):
        if code in texts:
            return Worded(texts[code], tag(code), direction(code))
    return Worded("", tag(language), direction(language))


def clock_time(moment: datetime, language: str) -> str:
    """Return `18:00`, as this language writes a time of day."""
    return format_time(moment, "HH:mm", locale=_locale(language))


def weekday(day: date, language: str) -> str:
    """Return `måndag`."""
    return format_date(day, "EEEE", locale=_locale(language))


def day_and_month(day: date, language: str) -> str:
    """Return `3 juni`."""
    at_noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return format_skeleton("MMMMd", at_noon, locale=_locale(language))


def long_date(day: date, language: str) -> str:
    """Return `3 juni 2026`."""
    return format_date(day, "long", locale=_locale(language))


def _base(language: str) -> str:
    return language.partition("-")[0]


def _chain(language: str) -> list[str]:
    """Return where a text is looked for, in order and without repetition; the source language is last."""
    return list(dict.fromkeys((language, _base(language), SOURCE)))


def _locale(language: str) -> Locale:
    return Locale.parse(_base(language))


def _read(path: Path, language: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=_base(language), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        message = f"{path}: {error}"
        raise BrokenCatalogueError(message) from error


def _compile(catalogue: Catalog) -> gettext.GNUTranslations:
    """Compile in memory: no .mo file can be older than its catalogue."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _messages(catalogue: Catalog, context: str | None = None) -> Iterator[Message]:
    for message in catalogue:
        if message.id and (context is None or message.context == context):
            yield message


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def _for_script(message: Message, language: str) -> ScriptText:
    forms = _forms(message)
    if isinstance(message.id, str):
        return forms[0]
    return dict(zip(_plural_categories(language), forms, strict=True))


def _plural_categories(language: str) -> list[str]:
    used = _locale(language).plural_form.tags | {"other"}
    return [category for category in _CATEGORIES if category in used]


def isolated(name: str) -> str:
    """Return a name as it may stand in a sentence of another direction of writing, without turning it."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def _problems(catalogue: Catalog, source: Catalog, language: str) -> Iterator[str]:
    wanted = {(message.context, _id(message)): message for message in _messages(source)}
    present = {(message.context, _id(message)): message for message in _messages(catalogue)}
    yield from sorted(f"{key[1]}: missing" for key in wanted.keys() - present.keys())
    yield from sorted(f"{key[1]}: not in the {SOURCE} catalogue" for key in present.keys() - wanted.keys())
    for key in sorted(wanted.keys() & present.keys(), key=str):
        message = present[key]
        if message.fuzzy or not all(_forms(message)):
            yield f"{key[1]}: not translated"
        if message.pluralizable and len(_forms(message)) != len(_plural_categories(language)):
            yield f"{key[1]}: {len(_plural_categories(language))} plural forms are needed"
        if message.pluralizable != wanted[key].pluralizable:
            yield f"{key[1]}: plural in one language only"
        known = set(_names(_forms(wanted[key])[-1]))
        strange = {name for form in _forms(message) for name in _names(form)} - known
        yield from (f"{key[1]}: unknown value {name}" for name in sorted(strange))


def _names(text: str) -> list[str]:
    """Return the names in `%(name)s` of a text."""
    return [part.partition(")")[0] for part in text.split("%(")[1:]]
