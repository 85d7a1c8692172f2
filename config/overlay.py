# SPDX-License-Identifier: EUPL-1.2
"""What organisations have set themselves, laid over what the site file says.

Owns `FIELDS`, the one table of what may be set, and the laying over. An overlay is a tree in the shape of the
site file, as JSON: `{"organisations": {ORG: {...}}, "services": {ID: {...}}}`, dates as ISO texts. Nothing
but its own organisation and that organisation's services can be in it, and nothing that `FIELDS` does not
name. What the values mean is checked where the site file is read: by the same rules. Knows no store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from datetime import date
from enum import Enum, auto
from typing import Any, Final

from chat.ids import OrganisationId
from config.errors import Mistake
from config.site import Alarm

Overlay = Mapping[str, Any]
"""What one organisation has set. Empty: nothing."""
Overlays = Mapping[OrganisationId, Overlay]
Path = tuple[str, ...]
"""The keys that lead to one field within an organisation or a service."""

NOTHING: Final[Overlay] = {}


class Field(Enum):
    """What kind of value a field is, and so how it is laid over the one in the file."""

    TEXTS = auto()
    """A text by language: each language stands for itself; one that is not set is as in the file."""
    SPARE_TEXTS = auto()
    """The same where a text need not be there: an empty one takes the file's away."""
    VALUE = auto()
    """One value, or a list: whole instead of the file's."""
    DAYS = auto()
    """A list of dates, whole."""
    TABLES = auto()
    """Tables, listed or named, whole; `verified_at` in each is a date."""


FIELDS: Final[Mapping[str, Mapping[Path, Field]]] = {
    "services": {
        ("name",): Field.TEXTS,
        ("hours",): Field.VALUE,
        ("last_chat_minutes",): Field.VALUE,
        ("closed_dates",): Field.DAYS,
        ("notice",): Field.TEXTS,
        ("kept",): Field.TEXTS,
        ("tonight",): Field.SPARE_TEXTS,
        ("alone",): Field.SPARE_TEXTS,
        # A text may be put in another's place, not taken away: a routine is only ever tightened.
        **{("routine", about.value): Field.TEXTS for about in Alarm},
        ("reading",): Field.TABLES,
        ("languages",): Field.VALUE,
    },
    "organisations": {
        ("host_origins",): Field.VALUE,
        ("exit_url",): Field.VALUE,
        ("reporting_text",): Field.TEXTS,
        ("accessibility", "feedback"): Field.VALUE,
        ("referrals",): Field.TABLES,
        ("lines",): Field.TABLES,
    },
}
"""All that an organisation may set. Not here, and so not to be set: ids, regime, decisions, tracks,
receivers, partnerships, moderation, deadlines."""

_PLACE = re.compile(r"(organisations|services)\.([A-Za-z0-9_-]+)")


def owner_of_path(path: str, values: Mapping[str, Any]) -> OrganisationId | None:
    """Return whose matter a path of the site file is (`services.linden.hours`); None: nobody's alone."""
    found = _PLACE.match(path)
    if found is None:
        return None
    if found[1] == "organisations":
        return OrganisationId(found[2])
    owner = _table(_table(values, "services"), found[2]).get("organisation")
    return OrganisationId(owner) if isinstance(owner, str) else None


def strays(values: Mapping[str, Any], organisation: OrganisationId, overlay: Overlay) -> list[Mistake]:
    """Return everything in an overlay that its organisation may not set, or that has no place there."""
    if organisation not in _table(values, "organisations"):
        return [
            Mistake(
                f"organisations.{organisation}",
                "It has set something, and is no longer in the site file.",
                "Put it back, or let what it has set rest.",
            )
        ]
    return [
        Mistake(".".join(path), "An organisation cannot set this itself.", "Take it out of what it has set.")
        for path in _paths(overlay)
        if not _is_allowed(path, values, organisation)
    ]


def without_strays(values: Mapping[str, Any], organisation: OrganisationId, overlay: Overlay) -> Overlay:
    """Return what of an overlay has its place: the rest of it holds though one service has left the file."""
    kept: dict[str, Any] = {}
    for path in _paths(overlay):
        if organisation in _table(values, "organisations") and _is_allowed(path, values, organisation):
            table = kept
            for key in path[:-1]:
                table = table.setdefault(key, {})
            table[path[-1]] = value_at(overlay, path)
    return kept


def lay_over(values: Mapping[str, Any], overlays: Collection[Overlay]) -> dict[str, Any]:
    """Return the values of a site file with what was set in their place; only overlays without strays."""
    laid: dict[str, Any] = dict(values)
    for overlay in overlays:
        for kind, named in overlay.items():
            laid[kind] = dict(laid[kind])
            for name, fields in named.items():
                table = laid[kind][name] = dict(laid[kind][name])
                for path, field in FIELDS[kind].items():
                    if (value := value_at(fields, path)) is not None:
                        _set(table, path, _laid(value_at(table, path), value, field))
    return laid


def value_at(table: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what stands at a path of nested tables; None where there is nothing."""
    value: Any = table
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def with_dates(value: Any, field: Field) -> Any:  # noqa: ANN401 - of any shape that JSON has
    """Return a value with the dates that TOML knows and JSON writes as texts; what is none stays a text."""
    if field is Field.DAYS and isinstance(value, list):
        return [_day(each) for each in value]
    if field is Field.TABLES and isinstance(value, list):
        return [_with_day(each) for each in value]
    if field is Field.TABLES and isinstance(value, Mapping):
        return {name: _with_day(each) for name, each in value.items()}
    return deepcopy(value)


def _paths(overlay: Any) -> Iterator[Path]:  # noqa: ANN401 - of any shape
    """Yield the path of every field that is set, and of whatever is no field.

    `overlay` is of any shape: it comes from the database.
    """
    if not isinstance(overlay, Mapping):
        yield ("overlay",)
        return
    for kind, named in overlay.items():
        if kind not in FIELDS or not isinstance(named, Mapping):
            yield (kind,)
            continue
        for name, fields in named.items():
            if not isinstance(fields, Mapping):
                yield (kind, name)
                continue
            for key, value in fields.items():
                deeper = any(path[0] == key and len(path) > 1 for path in FIELDS[kind])
                if not deeper:
                    yield (kind, name, key)
                elif isinstance(value, Mapping):
                    yield from ((kind, name, key, inner) for inner in value)
                else:
                    yield (kind, name, key)


def _is_allowed(path: Path, values: Mapping[str, Any], organisation: OrganisationId) -> bool:
    if len(path) < 3 or path[2:] not in FIELDS[path[0]]:
        return False
    if path[0] == "organisations":
        return path[1] == organisation
    return _table(_table(values, "services"), path[1]).get("organisation") == organisation


def _laid(there: Any, value: Any, field: Field) -> Any:  # noqa: ANN401 - of any shape
    if field not in {Field.TEXTS, Field.SPARE_TEXTS} or not isinstance(value, Mapping):
        return with_dates(value, field)
    both = {**(there if isinstance(there, Mapping) else {}), **value}
    return {code: text for code, text in both.items() if text != ""}


def _set(table: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401 - of any shape
    *outer, last = path
    for key in outer:
        inner = table.get(key)
        table[key] = dict(inner) if isinstance(inner, Mapping) else {}
        table = table[key]
    if value == {}:
        table.pop(last, None)
    else:
        table[last] = value


def _day(value: Any) -> Any:  # noqa: ANN401 - a text, or what somebody else has put there
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def _with_day(table: Any) -> Any:  # noqa: ANN401 - a table, or what somebody else has put there
    if not isinstance(table, Mapping):
        return table
    return {key: _day(value) if key == "verified_at" else deepcopy(value) for key, value in table.items()}


def _table(values: Any, key: str) -> Mapping[str, Any]:  # noqa: ANN401 - of any shape
    inner = values.get(key) if isinstance(values, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}
