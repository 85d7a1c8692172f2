# SPDX-License-Identifier: EUPL-1.2
"""What the fields of a form make of one matter: values in, or what is wrong with each field.

Owns the names of fields and what may stand in one. The rules of the site file are asked afterwards, of the
whole; here is said in the chair's own words what people most often get wrong. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chat.hours import OpeningHours
from config.accessibility import wrong_way
from config.addresses import origin_of, wrong_link, wrong_origin
from config.notices import fill
from config.organisations import says_something
from config.overlay import FIELDS, Field, Path, value_at
from config.table import Notes
from web.chair.errors import Why, Wrong
from web.chair.matters import Matter, Reader, Shape
from web.chair.version import Spot, Values
from web.chair.weekly import DAYS, MOST_SPANS, Span, Week, expression_of, week_of
from web.replies.reply import is_strange

LONGEST: Final = 4_000
"""Characters of one text: more than that nobody reads before the first word."""
LONGEST_NAME: Final = 120
MOST_ADDRESSES: Final = 20
MOST_DAYS: Final = 60
MOST_MINUTES: Final = 240

_FILLED: Final = {
    "notice": ("organisation", "service", "reporting_text"),
    "kept": ("organisation", "service", "reporting_text"),
    "reporting_text": ("organisation",),
}
"""What may stand in braces in which text; others are shown as they stand."""

_FILLS_ITSELF: Final = re.compile(r"\{[a-z_]+\}")
"""The name between braces would look like that of an account."""

_CLOCK: Final = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?")

_ALWAYS: Final = "hours.always"
_RED: Final = "hours.red"
_RAW: Final = "hours.raw"

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a form is held against."""

    baseline: Mapping[str, Any]
    """The service's or organisation's own table in the site file."""
    languages: tuple[str, ...]
    """In which a text may be written; the first must be there."""
    decided: bool
    """Whether `{decision}` is filled: a municipality's."""
    tells_who: Callable[[str], bool]
    """Looks for what tells who somebody is."""
    today: date


def read_form(matter: Matter, name: str, fields: Fields, ground: Ground) -> tuple[Values, list[Wrong]]:
    """Return what a form sets, and everything that is wrong with it; lists of things are read elsewhere."""
    wrongs: list[Wrong] = []
    found: dict[Path, Any]
    match matter.shape:
        case Shape.HOURS:
            found = _hours(fields, ground, wrongs)
        case Shape.TEXTS:
            found = {path: _texts(path, fields, ground, wrongs, matter.reader) for path in matter.paths}
        case Shape.LANGUAGES:
            found = {("languages",): _languages(fields, ground, wrongs)}
        case Shape.ADDRESSES:
            found = {("host_origins",): _origins(fields, wrongs)}
        case Shape.ADDRESS:
            found = {("exit_url",): _link(fields, wrongs)}
        case _:
            found = {matter.paths[0]: _way(fields, wrongs)}
    values: list[tuple[Spot, Any]] = [
        ((matter.kind, name, path), _unless_baseline(path, value, matter, ground))
        for path, value in found.items()
    ]
    return values, wrongs


def _unless_baseline(path: Path, value: Any, matter: Matter, ground: Ground) -> Any:  # noqa: ANN401
    """Return None for what the site file says already: it follows the file from now on."""
    if FIELDS[matter.kind][path] in {Field.TEXTS, Field.SPARE_TEXTS}:
        return value or None
    return None if value == as_json(value_at(ground.baseline, path)) else value


# --- texts --------------------------------------------------------------------------------------------------


def cleaned(text: str) -> str:
    """Return a text as it is kept: ends of lines alike, no spaces around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _texts(path: Path, fields: Fields, ground: Ground, wrongs: list[Wrong], reader: Reader) -> dict[str, str]:
    spare = FIELDS["services"].get(path) is Field.SPARE_TEXTS
    there = value_at(ground.baseline, path) or {}
    kept: dict[str, str] = {}
    for code in ground.languages:
        text = cleaned(fields.get(text_field(path, code), ""))
        if text == there.get(code, ""):
            continue
        if text or spare:
            kept[code] = text
        if path == ("reporting_text",) and text and not says_something(text):
            wrongs.append(Wrong(text_field(path, code), "says_nothing"))
        check_text(
            text_field(path, code),
            text,
            ground,
            wrongs,
            most=_longest(path),
            filled=path[-1],
            # Whom staff ring stands here and nowhere else: who is kept from it writes it where all see it.
            named=reader is Reader.STAFF,
        )
    said = {code: kept.get(code, there.get(code, "")) for code in ground.languages}
    own = ground.languages[0]
    if not said[own] and (any(said.values()) or (reader is Reader.HER and not there)):
        wrongs.append(Wrong(text_field(path, own), "needed"))
    return kept


def text_field(path: Path, code: str) -> str:
    """Return the name of the field of a text in one language."""
    return ".".join((*path, code))


def _longest(path: Path) -> int:
    return LONGEST_NAME if path == ("name",) else LONGEST


def check_text(
    field: str,
    text: str,
    ground: Ground,
    wrongs: list[Wrong],
    *,
    most: int = LONGEST,
    filled: str = "",
    named: bool = False,
) -> None:
    """Note what keeps a text from being shown.

    `filled`: the text whose braces are filled, if it is one. `named`: it may tell who somebody is.
    """
    why: Why | None = None
    what = ""
    if len(text) > most:
        why, what = "long", str(most)
    elif is_strange(text.replace("\n", "")):
        why = "strange"
    elif not named and ground.tells_who(_FILLS_ITSELF.sub(" ", text)):
        why = "identity"
    elif filled in _FILLED:
        known = (*_FILLED[filled], *(["decision"] if ground.decided and filled != "reporting_text" else []))
        notes = Notes()
        fill(text, dict.fromkeys(known, ""), field, notes)
        if notes.mistakes:
            why, what = "placeholder", ", ".join(f"{{{name}}}" for name in known)
    if why is not None:
        wrongs.append(Wrong(field, why, what))


# --- hours --------------------------------------------------------------------------------------------------


def week_in(fields: Fields, wrongs: list[Wrong]) -> Week:
    """Return the week that the rows of a form say."""
    days = []
    for day in DAYS:
        spans: list[Span] = []
        for slot in range(1, MOST_SPANS + 1):
            start, end = (fields.get(time_field(day, slot, edge), "").strip() for edge in ("from", "until"))
            if not start and not end:
                continue
            span = _time(start), _time(end)
            if span[0] is None or span[1] is None:
                wrongs.append(Wrong(time_field(day, slot, "from"), "span"))
                continue
            spans.append((span[0], span[1]))
        days.append(tuple(spans))
    return Week(
        tuple(days),
        always=_ALWAYS in fields,
        red_days_closed=_RED in fields,
    )


def time_field(day: str, slot: int, edge: str) -> str:
    """Return the name of the field of one time of day."""
    return ".".join(("hours", day, str(slot), edge))


def _time(text: str) -> str | None:
    """Return a time of day as people write it: `18`, `18.30`, `1830` and `18:30`."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 24 or int(found[2] or 0) > 59:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour == 24:
        return "00:00" if minute == 0 else None
    return f"{hour:02}:{minute:02}"


def expression_in(fields: Fields, wrongs: list[Wrong]) -> str:
    """Return the expression of a form's rows, or the one that was written itself; empty: neither."""
    raw = fields.get(_RAW, "").strip()
    _refuse_two_answers(fields, raw, wrongs)
    if not raw:
        week = week_in(fields, wrongs)
        return "" if week.is_empty else expression_of(week)
    try:
        OpeningHours.parse(raw)
    except ValueError as error:
        wrongs.append(Wrong(_RAW, "expression", str(error)))
    return raw


def _refuse_two_answers(fields: Fields, raw: str, wrongs: list[Wrong]) -> None:
    """Of two answers to when it is open none may win in silence: the chat would be open at other times."""
    rows = any(
        fields.get(time_field(day, slot, edge), "").strip()
        for day in DAYS
        for slot in range(1, MOST_SPANS + 1)
        for edge in ("from", "until")
    )
    if raw and (rows or _ALWAYS in fields or _RED in fields):
        wrongs.append(Wrong(_RAW, "rows_and_raw"))
    elif rows and _ALWAYS in fields:
        wrongs.append(Wrong(_ALWAYS, "always_and_times"))


def _hours(fields: Fields, ground: Ground, wrongs: list[Wrong]) -> dict[Path, Any]:
    expression = expression_in(fields, wrongs)
    if not expression and not wrongs:
        wrongs.append(Wrong("hours.Mo.1.from", "never"))
    last = fields.get("last", "").strip() or "0"
    if not (last.isascii() and last.isdecimal() and int(last[:9]) <= MOST_MINUTES):
        wrongs.append(Wrong("last", "number", str(MOST_MINUTES)))
        last = "0"
    closed = _closed_dates(fields, ground, wrongs)
    minutes: int | None = int(last[:9])
    if minutes == 0 and "last_chat_minutes" not in ground.baseline:
        minutes = None
    days: list[str] | None = closed
    if not closed and "closed_dates" not in ground.baseline:
        days = None
    return {("hours",): expression, ("last_chat_minutes",): minutes, ("closed_dates",): days}


def _closed_dates(fields: Fields, ground: Ground, wrongs: list[Wrong]) -> list[str]:
    kept = set()
    texts = fields.get("closed", "").replace(",", "\n").split()
    # Days that have passed may be among them; beyond that nothing is looked at, and no word said of each.
    if len(texts) > 2 * MOST_DAYS:
        wrongs.append(Wrong("closed", "many", str(MOST_DAYS)))
        return []
    for text in texts:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            wrongs.append(Wrong("closed", "date", text[:20]))
            continue
        # What has passed would only grow: it leaves with the next change.
        if day >= ground.today:
            kept.add(day.isoformat())
    if len(kept) > MOST_DAYS:
        wrongs.append(Wrong("closed", "many", str(MOST_DAYS)))
    return sorted(kept)


def fields_of(matter: Matter, table: Mapping[str, Any], ground: Ground) -> dict[str, str]:
    """Return the fields of a form as they are filled by what holds now: `table`, as it is laid together."""
    first = as_json(value_at(table, matter.paths[0]))
    match matter.shape:
        case Shape.HOURS:
            last = str(table.get("last_chat_minutes", 0) or "")
            closed = "\n".join(as_json(table.get("closed_dates", [])))
            return {**fields_of_hours(first or ""), "last": last, "closed": closed}
        case Shape.TEXTS:
            texts = {path: value_at(table, path) or {} for path in matter.paths}
            return {
                text_field(path, code): texts[path].get(code, "")
                for path in texts
                for code in ground.languages
            }
        case Shape.LANGUAGES:
            own = ground.baseline.get("language", ground.languages[0])
            return {f"language.{code}": "on" for code in first or [own]}
        case Shape.ADDRESSES:
            return {"addresses": "\n".join(first or [])}
        case Shape.ADDRESS:
            return {"address": first or ""}
        case _:
            return {"way": first or ""}


def fields_of_hours(expression: str) -> dict[str, str]:
    """Return the fields of hours: rows where rows can show them, else the expression itself."""
    week = week_of(expression) if expression else Week()
    if week is None:
        return {_RAW: expression}
    fields = {
        time_field(day, slot, edge): time
        for day, spans in zip(DAYS, week.days, strict=True)
        for slot, span in enumerate(spans, 1)
        for edge, time in zip(("from", "until"), span, strict=True)
    }
    marks = {_ALWAYS: week.always, _RED: week.red_days_closed}
    return fields | {name: "on" for name, marked in marks.items() if marked}


# --- the rest -----------------------------------------------------------------------------------------------


def _languages(fields: Fields, ground: Ground, wrongs: list[Wrong]) -> list[str]:
    own = ground.baseline.get("language", ground.languages[0])
    chosen = [code for code in ground.languages if f"language.{code}" in fields]
    if own not in chosen:
        wrongs.append(Wrong(f"language.{own}", "own_language"))
    return chosen


def _origins(fields: Fields, wrongs: list[Wrong]) -> list[str]:
    found: dict[str, None] = {}
    texts = fields.get("addresses", "").split()
    if len(texts) > 2 * MOST_ADDRESSES:
        wrongs.append(Wrong("addresses", "many", str(MOST_ADDRESSES)))
        return []
    for text in texts:
        origin = _as_origin(text)
        if origin is None:
            wrongs.append(Wrong("addresses", "origin", text[:100]))
        else:
            found[origin] = None
    if len(found) > MOST_ADDRESSES:
        wrongs.append(Wrong("addresses", "many", str(MOST_ADDRESSES)))
    return list(found)


def _as_origin(text: str) -> str | None:
    """Return the origin of an address as people copy it: with a path, without https."""
    whole = text if "://" in text else f"https://{text}"
    if "*" in whole or "@" in whole:
        return None
    try:
        origin = origin_of(whole)
    except ValueError:
        return None
    return None if wrong_origin(origin) or "." not in origin else origin


def _link(fields: Fields, wrongs: list[Wrong]) -> str:
    text = fields.get("address", "").strip()
    whole = text if "://" in text or not text else f"https://{text}"
    if not whole or wrong_link(whole):
        wrongs.append(Wrong("address", "link", text[:100]))
    return whole


def _way(fields: Fields, wrongs: list[Wrong]) -> str:
    text = fields.get("way", "").strip()
    if text and wrong_way(text):
        wrongs.append(Wrong("way", "way", text[:100]))
    return text


def as_json(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
    """Return a value of the site file as an overlay would say it: dates as texts, sets of nothing."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, Mapping):
        return {key: as_json(each) for key, each in value.items()}
    return value


def codes(first: str, *others: Collection[str]) -> tuple[str, ...]:
    """Return languages once each, the first before all."""
    return tuple(dict.fromkeys((first, *(code for some in others for code in some))))
