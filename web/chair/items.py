# SPDX-License-Identifier: EUPL-1.2
"""Lists that a chair changes one thing at a time: what to read, lines of her own, where to point somebody.

Owns what one thing is made of and what a change makes of the whole list. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.addresses import wrong_link
from config.lines import MOST_OWN
from config.overlay import value_at
from config.reading import LONGEST_TEXT, LONGEST_TITLE
from config.reading import MOST as MOST_READING
from config.referrals import MOST as MOST_REFERRALS
from web.chair.errors import NoSuchVersion, Wrong
from web.chair.forms import (
    Fields,
    Ground,
    as_json,
    check_text,
    cleaned,
    expression_in,
    fields_of_hours,
    text_field,
)
from web.chair.matters import Matter
from web.chair.version import Values

NEW: Final = "new"
LONGEST_SOURCE: Final = 200

_PHONE = re.compile(r"\+?[0-9][0-9 –-]{1,18}[0-9]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What one thing of a list is made of."""

    texts: Mapping[str, int]
    """Texts by language, with the most characters of each."""
    spare: tuple[str, ...] = ()
    """Those of them that need not be there."""
    plain: tuple[str, ...] = ()
    """Single fields."""
    timed: bool = False
    """Whether it has opening hours, and was checked on a day."""
    most: int = MOST_READING


KINDS: Final[Mapping[str, Kind]] = {
    "reading": Kind({"title": LONGEST_TITLE, "text": LONGEST_TEXT}),
    "referrals": Kind(
        {"name": 120, "what": 300, "note": 300}, ("note",), ("phone", "web"), timed=True, most=MOST_REFERRALS
    ),
    "lines": Kind(
        {"name": 120, "note": 300}, ("note",), ("channel", "address", "source"), timed=True, most=MOST_OWN
    ),
}

Items = dict[str, dict[str, Any]]
"""The things of one list by their name in the form: an id, or their place."""


def items_of(matter: Matter, table: Mapping[str, Any]) -> Items:
    """Return what a list holds now; `table` is the service's or organisation's, as it is laid together."""
    value = as_json(value_at(table, matter.paths[0])) or {}
    return dict(value) if isinstance(value, Mapping) else {str(at): each for at, each in enumerate(value)}


def read_item(
    matter: Matter, fields: Fields, before: Mapping[str, Any], ground: Ground
) -> tuple[dict[str, Any], list[Wrong]]:
    """Return the thing that a form describes, and what is wrong with it. `before`: as it was, or empty."""
    kind, wrongs = KINDS[matter.name], list[Wrong]()
    item: dict[str, Any] = {key: _texts(key, fields, ground, wrongs, matter=matter) for key in kind.texts}
    for key in kind.plain:
        item[key] = " ".join(fields.get(key, "").split())
    if kind.timed:
        item["hours"] = expression_in(fields, wrongs)
        _check_ways(matter, item, wrongs)
        if "source" in item:
            check_text("source", item["source"], ground, wrongs, most=LONGEST_SOURCE, named=True)
        _check_day(item, fields, before, ground, wrongs)
    return {key: value for key, value in item.items() if value not in ({}, "")}, wrongs


def _texts(
    key: str, fields: Fields, ground: Ground, wrongs: list[Wrong], *, matter: Matter
) -> dict[str, str]:
    kind = KINDS[matter.name]
    texts = {code: cleaned(fields.get(text_field((key,), code), "")) for code in ground.languages}
    kept = {code: text for code, text in texts.items() if text}
    if not texts[ground.languages[0]] and (kept or key not in kind.spare):
        wrongs.append(Wrong(text_field((key,), ground.languages[0]), "needed"))
    for code, text in kept.items():
        # Who answers a line may be named, and its number too.
        check_text(text_field((key,), code), text, ground, wrongs, most=kind.texts[key], named=kind.timed)
    return kept


def put(
    items: Items, at: str, item: Mapping[str, Any] | None, *, matter: Matter, name: str, ground: Ground
) -> tuple[Values, list[Wrong]]:
    """Return the list with one thing put in (`NEW`: at its end), changed, or (None) taken away.

    `matter` and `name`: which list of which service or organisation it is.

    Raises:
        NoSuchVersion: there is nothing of this name.
    """
    if at != NEW and at not in items:
        raise NoSuchVersion
    after = {key: value for key, value in items.items() if key != at or item is not None}
    if item is not None:
        after[_free(items) if at == NEW else at] = dict(item)
    most = KINDS[matter.name].most
    wrongs = [Wrong("", "many", str(most))] if len(after) > most else []
    value: Any = after if matter.name == "lines" else list(after.values())
    there = as_json(value_at(ground.baseline, matter.paths[0]))
    same = value == there or (not value and not there)
    return [((matter.kind, name, matter.paths[0]), None if same else value)], wrongs


def _free(items: Items) -> str:
    """Return an id that none of them has."""
    return next(id_ for number in range(1, len(items) + 2) if (id_ := f"own-{number}") not in items)


def _check_ways(matter: Matter, item: Mapping[str, Any], wrongs: list[Wrong]) -> None:
    if matter.name == "referrals":
        if not (item["phone"] or item["web"]):
            wrongs.append(Wrong("phone", "needed"))
        _check_phone("phone", item["phone"], wrongs)
        _check_link("web", item["web"], wrongs)
        return
    wrongs += [Wrong(key, "needed") for key in ("address", "source") if not item[key]]
    if not item["hours"] and not any(wrong.field.startswith("hours") for wrong in wrongs):
        wrongs.append(Wrong("hours.Mo.1.from", "never"))
    if item["channel"] not in {"phone", "chat", "web"}:
        wrongs.append(Wrong("channel", "needed"))
    elif item["channel"] == "phone":
        _check_phone("address", item["address"], wrongs)
    else:
        _check_link("address", item["address"], wrongs)


def _check_phone(field: str, text: str, wrongs: list[Wrong]) -> None:
    if text and not _PHONE.fullmatch(text):
        wrongs.append(Wrong(field, "phone", text[:40]))


def _check_link(field: str, text: str, wrongs: list[Wrong]) -> None:
    if text and wrong_link(text):
        wrongs.append(Wrong(field, "link", text[:100]))


def _check_day(
    item: dict[str, Any], fields: Fields, before: Mapping[str, Any], ground: Ground, wrongs: list[Wrong]
) -> None:
    """Whoever changes how it is reached has to have checked that: else an old day would vouch for it."""
    ways = ("phone", "web", "channel", "address", "hours")
    same = all(item.get(key, "") == before.get(key, "") for key in ways)
    if "checked" in fields:
        item["verified_at"] = ground.today.isoformat()
    elif same and before.get("verified_at"):
        item["verified_at"] = before["verified_at"]
    else:
        wrongs.append(Wrong("checked", "checked"))


def fields_of_item(matter: Matter, item: Mapping[str, Any], ground: Ground) -> dict[str, str]:
    """Return the fields of one thing's form."""
    kind = KINDS[matter.name]
    fields = {
        text_field((key,), code): item.get(key, {}).get(code, "")
        for key in kind.texts
        for code in ground.languages
    }
    fields |= {key: item.get(key, "") for key in kind.plain}
    return fields | (fields_of_hours(item.get("hours", "")) if kind.timed else {})
