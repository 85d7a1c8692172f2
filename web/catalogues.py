# SPDX-License-Identifier: EUPL-1.2
"""The catalogues of texts: which there are, who reads them, and what is wrong with one.

Owns the list of what a visitor reads, and what makes a catalogue complete. Gives no text to anybody:
`web/languages.py` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

SOURCE: Final = "sv"
"""The language that all texts are first written in; its catalogues say which texts there are."""

HERS: Final[Mapping[str, Collection[str] | None]] = {
    "visitor": None,
    "waiting": None,
    "find": None,
    "consent": None,
    "returning": ("visitor",),
    "plain": None,
    "safety": None,
    "statement": None,
    "ticket": None,
    "transfer": ("visitor",),
    "warm": ("visitor",),
}
"""What a visitor reads, by domain; with the message contexts of hers where staff read the rest of it.

A language is offered to her when it has all of it: she never sees a screen that is half in another.
"""

STAFF: Final = frozenset(
    {
        "alerting",
        "barometer",
        "figures",
        "audit",
        "chair",
        "handover",
        "notes",
        "partnership",
        "people",
        "receiver",
        "replies",
        "returning",
        "roster",
        "shift",
        "staff",
        "staffing",
        "supervision",
        "transfer",
        "warm",
        "wrapup",
    }
)
"""What staff read. What is missing here in a language is said in Swedish."""

TONES: Final = ("informal",)
"""Other tones than the usual one. A text in such a tone has it as the last word of its context, and the id of
the usual text that it stands in for."""

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories in the order in which gettext numbers a language's forms."""

Key = tuple[str | None, str]
"""What names a text: its context and its id."""


class BrokenCatalogueError(Exception):
    """A .po file that cannot be read; the message names the file and the line."""


def read_catalogue(path: Path, language: str) -> Catalog:
    """Read one .po file.

    Raises:
        BrokenCatalogueError: it is none.
    """
    try:
        with path.open("rb") as file:
            return read_po(file, locale=base_of(language), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        message = f"{path}: {error}"
        raise BrokenCatalogueError(message) from error


def messages(catalogue: Catalog, context: str | None = None) -> Iterator[Message]:
    """Yield the texts of a catalogue, or those with one context."""
    for message in catalogue:
        if message.id and (context is None or message.context == context):
            yield message


def id_of(message: Message) -> str:
    """Return the id of a text, which all its plural forms share."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the text, or each of its plural forms."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def plural_categories(language: str) -> list[str]:
    """Return the names of a language's plural forms, in gettext's order."""
    used = Locale.parse(base_of(language)).plural_form.tags | {"other"}
    return [category for category in _CATEGORIES if category in used]


def base_of(language: str) -> str:
    """Return `sv` of `sv-easy`."""
    return language.partition("-")[0]


def toned(context: str | None, tone: str) -> str:
    """Return the context of the texts that stand in for those of `context` in another tone."""
    return f"{context} {tone}" if context else tone


def is_hers(domain: str, context: str | None) -> bool:
    """Return whether a visitor reads the texts with this context of a domain."""
    contexts = HERS.get(domain, ())
    if context is not None and is_toned(context):
        context = _usual(context)
    return contexts is None or context in contexts


def is_toned(context: str | None) -> bool:
    """Return whether the texts with this context are in another tone than the usual one."""
    return (context or "").rpartition(" ")[2] in TONES


def wanted(source: Catalog, domain: str, *, staff: bool) -> dict[Key, Message]:
    """Return the texts that a language needs: hers, and where `staff` speak it theirs too.

    A text in another tone is never needed: the usual one is there.
    """
    return {
        key: message
        for key, message in _by_key(source).items()
        if not is_toned(key[0]) and (is_hers(domain, key[0]) or (staff and domain in STAFF))
    }


def gaps(catalogue: Catalog, source: Catalog, domain: str, language: str, *, staff: bool) -> Iterator[str]:
    """Yield what keeps a catalogue from being shown, a line each: missing, empty or broken texts."""
    present, known = _by_key(catalogue), _by_key(source)
    needed = wanted(source, domain, staff=staff)
    yield from sorted(f"{key[1]}: missing" for key in needed.keys() - present.keys())
    for key in sorted(known.keys() & present.keys(), key=str):
        yield from _wrong(present[key], known[key], language)


def strays(catalogue: Catalog, source: Catalog) -> Iterator[str]:
    """Yield the texts that nothing asks for, a line each: they do no harm."""
    known = _by_key(source)
    yield from sorted(
        f"{key[1]}: not in the {SOURCE} catalogue" for key in _by_key(catalogue).keys() - known.keys()
    )
    for context, id_ in sorted(known, key=str):
        if is_toned(context) and (_usual(context), id_) not in known:
            yield f"{id_}: has another tone and no usual one"


def unvouched(catalogue: Catalog) -> list[str]:
    """Return the ids of the texts that nobody who speaks the language has vouched for (`fuzzy`)."""
    return [id_of(message) for message in messages(catalogue) if message.fuzzy]


def _by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context, id_of(message)): message for message in messages(catalogue)}


def _usual(context: str | None) -> str | None:
    return (context or "").rpartition(" ")[0] or None


def _wrong(message: Message, source: Message, language: str) -> Iterator[str]:
    id_ = id_of(message)
    if not all(forms_of(message)):
        yield f"{id_}: not translated"
    if message.pluralizable and len(forms_of(message)) != len(plural_categories(language)):
        yield f"{id_}: {len(plural_categories(language))} plural forms are needed"
    if message.pluralizable != source.pluralizable:
        yield f"{id_}: plural in one language only"
    known = set(_names(forms_of(source)[-1]))
    strange = {name for form in forms_of(message) for name in _names(form)} - known
    yield from (f"{id_}: unknown value {name}" for name in sorted(strange))


def _names(text: str) -> list[str]:
    """Return the names in `%(name)s` of a text."""
    return [part.partition(")")[0] for part in text.split("%(")[1:]]
