# SPDX-License-Identifier: EUPL-1.2
"""Reads one table of a parsed TOML file and notes everything that is wrong in it.

Owns wording and place of what is wrong with single values. Must not know what the tables mean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from config.errors import Mistake

Choice = TypeVar("Choice", bound=StrEnum)

LANGUAGE = "sv"
"""The language that every text of an organisation and of a line has at least."""

_ID = re.compile(r"[a-z0-9-]{1,64}")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_KINDS: dict[type, str] = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a decimal number",
    list: "a list",
    dict: "a table",
    date: "a date",
    datetime: "a date with a time",
}


@dataclass(slots=True)
class Notes:
    """Collects what is found: mistakes stop the start, warnings do not."""

    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def mistake(self, path: str, what: str, mend: str) -> None:
        """Note something that must be mended."""
        self.mistakes.append(Mistake(path, what, mend))

    def warning(self, path: str, what: str, mend: str) -> None:
        """Note something that should be mended."""
        self.warnings.append(Mistake(path, what, mend))


class Table:
    """One table at its path. A value that is missing or wrong is noted, and a harmless one stands in for it.

    So a whole file is read in one pass; what was built from stand-ins is thrown away with the mistakes.
    """

    def __init__(self, values: Mapping[str, object], path: str, notes: Notes) -> None:
        self._values = values
        self._asked: set[str] = set()
        self.path = path
        self.notes = notes

    def at(self, key: str) -> str:
        """Return the path of one key."""
        shown = key if _BARE_KEY.fullmatch(key) else f'"{key}"'
        return f"{self.path}.{shown}" if self.path else shown

    def mistake(self, key: str, what: str, mend: str) -> None:
        """Note that this key must be mended."""
        self.notes.mistake(self.at(key), what, mend)

    def warning(self, key: str, what: str, mend: str) -> None:
        """Note that this key should be mended."""
        self.notes.warning(self.at(key), what, mend)

    def has(self, key: str) -> bool:
        """Tell whether the key is there, whatever its value."""
        self._asked.add(key)
        return key in self._values

    def peek(self, key: str) -> object:
        """Return the value as it is, for a key that may be of two kinds; None when it is not there."""
        self._asked.add(key)
        return self._values.get(key)

    def text(self, key: str, default: str | None = None, *, example: str = "...") -> str:
        """Return a text that is not empty. `example` is what the mend shows."""
        value = self._get(key, str, default, f'{key} = "{example}"')
        if isinstance(value, str) and (value.strip() or value == default):
            return value.strip()
        if isinstance(value, str):
            self.mistake(key, "The text is empty.", f'Write {key} = "{example}".')
        return ""

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number within bounds, both included."""
        value = self._get(key, int, default, f"{key} = {default}")
        if not isinstance(value, int):
            return default
        if not least <= value <= most:
            self.mistake(key, f"{value} is out of bounds.", f"Choose a number from {least} to {most}.")
            return default
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is not there."""
        return self._get(key, bool, default=False, example=f"{key} = true") is True

    def day(self, key: str, default: date | None = None, *, needed: bool = True) -> date | None:
        """Return a date; None when it is not there and not needed, or wrong."""
        if not needed and not self.has(key):
            return default
        value = self._get(key, date, None, f"{key} = 2026-01-31")
        return value if isinstance(value, date) else None

    def days(self, key: str) -> tuple[date, ...]:
        """Return a list of dates, which may be missing."""
        value = self._get(key, list, [], f"{key} = [2026-12-24]")
        found = value if isinstance(value, list) else []
        if not all(type(each) is date for each in found):
            self.mistake(key, "Something in the list is not a date.", f"Write {key} = [2026-12-24].")
            return ()
        return tuple(found)

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of the values of an enumeration."""
        names = ", ".join(kind)
        first = next(iter(kind))
        value = self._get(key, str, default, f'{key} = "{first}"')
        if not isinstance(value, str):
            return default or first
        if value not in set(kind):
            self.mistake(key, f"“{value}” is not known here.", f"Choose one of: {names}.")
            return default or first
        return kind(value)

    def words(
        self, key: str, default: Collection[str] | None = None, *, example: str = "..."
    ) -> tuple[str, ...]:
        """Return a list of texts, none of them empty or there twice."""
        value = self._get(key, list, list(default) if default is not None else None, f'{key} = ["{example}"]')
        if not isinstance(value, list):
            return ()
        if not all(isinstance(each, str) and each.strip() for each in value):
            self.mistake(key, "Something in the list is not a text.", f'Write {key} = ["{example}"].')
            return ()
        if len(set(value)) != len(value):
            self.mistake(key, "Something stands twice in the list.", "Remove what is there twice.")
        return tuple(dict.fromkeys(value))

    def texts(self, key: str, language: str, *, needed: bool = True) -> dict[str, str]:
        """Return one text in several languages; `language` must be among them."""
        if not needed and not self.has(key):
            return {}
        table = self.table(key, example=f'{key}.{language} = "..."')
        if table is None:
            return {}
        found = {}
        for code in table:
            if not _LANGUAGE.fullmatch(code):
                table.mistake(code, "That is not a language code.", "Use a code such as sv, sv-easy or en.")
            found[code] = table.text(code)
        if language not in found:
            self.mistake(
                key,
                f"The text is missing in “{language}”.",
                f'Add {key}.{language} = "..." beside the others.',
            )
        return found

    def table(self, key: str, *, example: str = "", needed: bool = True) -> Table | None:
        """Return a table within this one, or None when it is missing or something else."""
        if not needed and not self.has(key):
            return None
        value = self._get(key, dict, None, example or f"[{self.at(key)}]")
        return Table(value, self.at(key), self.notes) if isinstance(value, dict) else None

    def named_tables(self, key: str, *, needed: bool = True) -> Iterator[tuple[str, Table]]:
        """Yield every table within the table `key`, with its name, which must be an id."""
        outer = self.table(key, example=f"[{key}.some-id]", needed=needed)
        if outer is None:
            return
        if needed and not any(True for _ in outer):
            self.mistake(key, "There is none.", f"Add at least one table [{key}.some-id].")
        for name in outer:
            if not _ID.fullmatch(name):
                outer.mistake(
                    name, "That is not an id.", "Use at most 64 small letters a-z, digits and hyphens."
                )
            inner = outer.table(name)
            if inner is not None:
                yield name, inner

    def listed_tables(self, key: str) -> Iterator[Table]:
        """Yield every table of the list `[[key]]`, which may be missing."""
        value = self._get(key, list, [], f"[[{key}]]")
        for index, each in enumerate(value if isinstance(value, list) else []):
            path = f"{self.at(key)}[{index}]"
            if isinstance(each, dict):
                yield Table(each, path, self.notes)
            else:
                self.notes.mistake(path, f"This is {_kind_of(each)}, not a table.", f"Write it as [[{key}]].")

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._values:
            if key in self._asked:
                continue
            near = difflib.get_close_matches(key, self._asked, n=1)
            mend = f"Did you mean “{near[0]}”?" if near else f"Remove it. Known here: {self._known()}."
            self.mistake(key, "Nothing is called that here.", mend)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys; each counts as asked for."""
        for key in self._values:
            self._asked.add(key)
            yield key

    def _known(self) -> str:
        return ", ".join(sorted(self._asked))

    def _get(self, key: str, kind: type, default: object, example: str) -> object:
        """Return the value if it is of the kind, the default if it is missing, else None after a note."""
        self._asked.add(key)
        if key not in self._values:
            if default is None:
                self.mistake(key, "This is missing.", f"Add {example}.")
            return default
        value = self._values[key]
        # A bool is an int and a datetime is a date in Python, but neither is in TOML.
        if type(value) is not kind:
            self.mistake(key, f"This is {_kind_of(value)}, not {_KINDS[kind]}.", f"Write {example}.")
            return None
        return value


def _kind_of(value: object) -> str:
    return _KINDS.get(type(value), "something else")
