# SPDX-License-Identifier: EUPL-1.2
"""What the pages show: every matter with what holds, one form with its words, the history.

Owns which words stand where. Decides nothing and stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from chat.ids import OrganisationId, ServiceId
from config.overlay import FIELDS, Field, Path, value_at
from config.site import Site
from web.chair.draft import Draft, is_set
from web.chair.errors import Wrong
from web.chair.forms import Ground, fields_of, text_field
from web.chair.items import KINDS, NEW, items_of
from web.chair.matters import ORGANISATION, SERVICE, Matter, Shape, matters_of
from web.chair.place import Place, organisation_path, service_path, services_of
from web.chair.preview import DayShown, her_page, week_ahead
from web.chair.version import KEPT, Values, differences, with_values
from web.chair.weekly import DAYS, MOST_SPANS, week_of
from web.chair.words import say
from web.languages import in_language, listed
from web.staff_page import AtPage


@dataclass(frozen=True, slots=True)
class Preview:
    """How it would look."""

    frame: str = ""
    """Her page as HTML; empty where it does not stand there."""
    language: str = ""
    week: tuple[DayShown, ...] = ()
    texts: tuple[Mapping[str, str], ...] = ()
    """`{"name", "tag", "direction", "text"}` of each language in which it changes."""
    lines: tuple[str, ...] = ()
    """Addresses, as they will be kept."""


# --- the lists ----------------------------------------------------------------------------------------------


async def organisation(at: AtPage, id_: OrganisationId) -> dict[str, Any]:
    """Return one organisation with its matters and its services."""
    house, newest = at.house, await at.house.chair.now(id_)
    own = house.site.organisations[id_]
    place = Place(at, "organisations", id_, own, None, newest)
    places = [Place(at, "services", each.id, own, each, newest) for each in services_of(house, id_)]
    return {
        "name": own.name,
        "version": newest.number,
        "history": organisation_path(id_) + "/history",
        "broken": [f"{each.path}: {each.what}" for each in house.chair.set_aside.get(id_, ())],
        "matters": [_matter(place, each) for each in ORGANISATION] if places else [],
        "services": [service(each) for each in places],
        "closing": next((path for key, path, _ in PAGES if key == "nav.roster"), ""),
    }


def service(place: Place) -> dict[str, Any]:
    """Return one service with its matters."""
    assert place.service is not None
    name = in_language(place.service.name, place.at.language, place.service.language)
    return {
        "name": name.text,
        "organisation": place.organisation.name,
        "path": place.path,
        "chat": f"/chat/{place.name}",
        "history": organisation_path(place.organisation.id) + "/history",
        "version": place.newest.number,
        "matters": [_matter(place, each) for each in SERVICE],
    }


def _matter(place: Place, matter: Matter) -> dict[str, Any]:
    return {
        "name": say(place.at, f"matter.{matter.name}"),
        "href": f"{place.path}/{matter.name}{place.at.query}",
        "set": is_set(place, matter),
        "summary": _summary(place, matter),
    }


def _summary(place: Place, matter: Matter) -> str:
    table = place.table()
    value = value_at(table, matter.paths[0])
    match matter.shape:
        case Shape.HOURS:
            return hours_words(place.at, value or "")
        case Shape.TEXTS:
            texts = [value_at(table, path) for path in matter.paths]
            if len(texts) > 1:
                return say(place.at, "summary.texts", count=sum(each is not None for each in texts))
            text = in_language(value or {}, place.at.language, place.ground(matter).languages[0]).text
            return text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
        case Shape.ITEMS:
            return say(place.at, "summary.items", count=len(items_of(matter, table)))
        case Shape.LANGUAGES:
            chosen = value or [place.ground(matter).languages[0]]
            return listed([_language(place.at, code)["name"] for code in chosen], place.at.language)
        case Shape.ADDRESSES:
            return ", ".join(value or ()) or say(place.at, "summary.none")
        case _:
            return value or say(place.at, "summary.none")


def items(place: Place, matter: Matter) -> dict[str, Any]:
    """Return one list, each thing with the way to its form."""
    own, title = place.ground(matter).languages[0], next(iter(KINDS[matter.name].texts))
    things = items_of(matter, place.table())
    return _about(place, matter) | {
        "items": [
            {
                "id": id_,
                "name": in_language(each.get(title, {}), place.at.language, own).text,
                "more": ", ".join(each[key] for key in ("address", "phone", "web") if each.get(key)),
                "checked": _checked(place.at, each) if KINDS[matter.name].timed else "",
            }
            for id_, each in things.items()
        ],
        "full": len(things) >= KINDS[matter.name].most,
        "version": place.newest.number,
    }


def _checked(at: AtPage, item: Mapping[str, Any]) -> str:
    day = item.get("verified_at")
    if not day:
        return say(at, "checked.never")
    return say(at, "checked.on", day=long_date(date.fromisoformat(day), at.language))


# --- one form -----------------------------------------------------------------------------------------------


def form(place: Place, matter: Matter, draft: Draft, preview: Preview | None) -> dict[str, Any]:
    """Return the form of one matter, or of one thing of a list."""
    ground, at = place.ground(matter), place.at
    timed = matter.shape is Shape.ITEMS and KINDS[matter.name].timed
    return _about(place, matter) | {
        "shape": matter.shape.value,
        "item": draft.item,
        "is_new": draft.item == NEW,
        "version": draft.version,
        "fields": draft.fields,
        "theirs": draft.theirs,
        "mistakes": _mistakes(at, draft.wrongs),
        "wrong": bool(draft.wrongs),
        "warnings": [_warning(at, each.about, each.what) for each in draft.warnings],
        "sure": " ".join(sorted({each.about for each in draft.warnings})),
        "preview": preview,
        "texts": _texts(place, matter, ground),
        "plain": KINDS[matter.name].plain if matter.shape is Shape.ITEMS else (),
        "timed": timed,
        "days": _days(at) if timed or matter.shape is Shape.HOURS else (),
        "slots": range(1, MOST_SPANS + 1),
        "languages": [_language(at, code) for code in ground.languages],
        "placeholders": _placeholders(matter, ground),
    }


def _about(place: Place, matter: Matter) -> dict[str, Any]:
    at = place.at
    name = place.organisation.name
    if place.service is not None:
        name = in_language(place.service.name, at.language, place.service.language).text
    return {
        "matter": matter.name,
        "path": f"{place.path}/{matter.name}",
        "heading": say(at, f"matter.{matter.name}"),
        "hint": say(at, f"about.{matter.name}"),
        "of": name,
        "back": (service_path(place.name) if place.service is not None else "/staff/site") + at.query,
        "history": organisation_path(place.organisation.id) + "/history",
    }


def _texts(place: Place, matter: Matter, ground: Ground) -> list[dict[str, Any]]:
    if matter.shape is Shape.ITEMS:
        kind = KINDS[matter.name]
        return [
            _group(place.at, (key,), ground, say(place.at, f"field.{key}"), {}, long=most > 200)
            for key, most in kind.texts.items()
        ]
    if matter.shape is not Shape.TEXTS:
        return []
    baseline = fields_of(matter, ground.baseline, ground)
    several = len(matter.paths) > 1
    return [
        _group(
            place.at,
            path,
            ground,
            say(place.at, f"routine.{path[-1]}") if several else "",
            baseline,
            long=path != ("name",),
            spare=FIELDS[matter.kind][path] is Field.SPARE_TEXTS,
        )
        for path in matter.paths
    ]


def _group(
    at: AtPage,
    path: Path,
    ground: Ground,
    label: str,
    baseline: Mapping[str, str],
    *,
    long: bool,
    spare: bool = False,
) -> dict[str, Any]:
    fields = []
    for number, code in enumerate(ground.languages):
        name = text_field(path, code)
        fields.append(
            {**_language(at, code), "field": name, "baseline": baseline.get(name, ""), "own": number == 0}
        )
    return {"label": label, "fields": fields, "long": long, "spare": spare}


def _placeholders(matter: Matter, ground: Ground) -> list[str]:
    if matter.name == "reporting_text":
        return ["organisation"]
    if matter.name not in {"notice", "kept"}:
        return []
    return ["organisation", "service", "reporting_text", *(["decision"] if ground.decided else [])]


def _mistakes(at: AtPage, wrongs: Sequence[Wrong]) -> dict[str, str]:
    """Return what is wrong by field, in words; what belongs to none under the empty name."""
    said: dict[str, str] = {}
    for wrong in wrongs:
        text = say(at, f"wrong.{wrong.why}", what=wrong.what)
        said[wrong.field] = f"{said[wrong.field]} {text}" if wrong.field in said else text
    return said


def _warning(at: AtPage, about: str, what: str) -> str:
    if about in {"drops_duty", "other_languages"}:
        what = listed([_language(at, code)["name"] for code in what.split(",")], at.language)
    return say(at, f"think.{about}", what=what)


async def preview(request: Request, place: Place, matter: Matter, values: Values, site: Site) -> Preview:
    """Return how a change would look; `site` is the site as it would be."""
    overlay = with_values(place.newest.overlay, values)
    before, after = place.table(), place.table(overlay)
    own = place.ground(matter).languages
    changed = _changed_languages(matter, before, after, own)
    frame = language = ""
    if matter.framed and place.services:
        her = site.services[place.services[0].id]
        language = next((code for code in changed if code in her.languages), her.language)
        frame = await her_page(request, place.house, site, ServiceId(her.id), language)
    week: Sequence[DayShown] = ()
    if matter.shape is Shape.HOURS:
        hours = site.services[ServiceId(place.name)].chat.hours
        week = week_ahead(hours, place.house.clock.now(), place.at.language)
    told = after.get(matter.paths[0][0]) if matter.shape in {Shape.ADDRESSES, Shape.ADDRESS} else ()
    return Preview(
        frame=frame,
        language=_language(place.at, language)["name"] if language else "",
        week=tuple(week),
        texts=() if frame else _read_aloud(place, matter, after, changed),
        lines=(told,) if isinstance(told, str) else tuple(told or ()),
    )


def _changed_languages(
    matter: Matter, before: Mapping[str, Any], after: Mapping[str, Any], own: Sequence[str]
) -> list[str]:
    if matter.shape is not Shape.TEXTS:
        return []
    return [
        code
        for code in own
        if any(
            (value_at(before, path) or {}).get(code) != (value_at(after, path) or {}).get(code)
            for path in matter.paths
        )
    ]


def _read_aloud(
    place: Place, matter: Matter, after: Mapping[str, Any], changed: Sequence[str]
) -> tuple[Mapping[str, str], ...]:
    """Return texts that do not stand on her first page, as they will be read."""
    if matter.shape is Shape.TEXTS:
        texts = {
            code: "\n\n".join(
                filter(None, ((value_at(after, path) or {}).get(code) for path in matter.paths))
            )
            for code in changed
        }
    elif matter.shape is Shape.ITEMS:
        item = place.at.fields
        keys = KINDS[matter.name].texts
        texts = {
            code: "\n\n".join(filter(None, (item.get(text_field((key,), code), "").strip() for key in keys)))
            for code in place.ground(matter).languages
        }
    else:
        texts = {}
    return tuple({**_language(place.at, code), "text": text} for code, text in texts.items() if text)


# --- the history --------------------------------------------------------------------------------------------


async def history(place: Place) -> dict[str, Any]:
    """Return what is kept of an organisation's versions, newest first, with what each changed."""
    at, kept = place.at, await place.house.chair.history(place.organisation.id)
    before = {each.number: each.overlay for each in kept}
    versions = [
        {
            "number": each.number,
            "account": each.account,
            "day": long_date(each.day, at.language) if each.day else "",
            "now": index == 0,
            "what": [
                _named(place.house, at, matter, name)
                for matter, name in matters_of(differences(before.get(each.number - 1, {}), each.overlay))
            ]
            if each.number == 1 or each.number - 1 in before
            else [],
        }
        for index, each in enumerate(kept)
    ]
    return {
        "heading": say(at, "history.heading"),
        "of": place.organisation.name,
        "path": organisation_path(place.organisation.id) + "/history",
        "versions": versions,
        "version": kept[0].number if kept else 0,
        "kept": KEPT,
        "back": "/staff/site" + at.query,
    }


def _named(house: House, at: AtPage, matter: Matter, name: str) -> str:
    said = say(at, f"matter.{matter.name}")
    known = house.site.services.get(ServiceId(name)) if matter.kind == "services" else None
    return said if known is None else f"{said} ({in_language(known.name, at.language, known.language).text})"


# --- words --------------------------------------------------------------------------------------------------


def say(at: AtPage, key: str, **values: str | int) -> str:
    """Return a text of the room's catalogue."""
    return at.say(DOMAIN, key, **values)


def hours_words(at: AtPage, expression: str) -> str:
    """Return hours in words (`måndag–torsdag 18:00–21:00`), or the expression where there are none for it."""
    week = week_of(expression) if expression else None
    if week is None:
        return expression
    names = _days(at)
    parts = [say(at, "hours.always")] if week.always else []
    for spans, group in groupby(range(7), key=lambda index: week.days[index]):
        days = list(group)
        if spans and not week.always:
            named = names[days[0]][1] if len(days) == 1 else f"{names[days[0]][1]}–{names[days[-1]][1]}"
            parts.append(f"{named} {', '.join(f'{start}–{end}' for start, end in spans)}")
    return "; ".join([*parts, *([say(at, "hours.red_closed")] if week.red_days_closed else [])])


def _days(at: AtPage) -> list[tuple[str, str]]:
    """Return the weekdays, as the fields have them and as people say them."""
    monday = _A_MONDAY.toordinal()
    return [(day, weekday(date.fromordinal(monday + at_), at.language)) for at_, day in enumerate(DAYS)]


def _language(at: AtPage, code: str) -> dict[str, str]:
    name = language_name(code, at.language)
    return {
        "code": code,
        "name": say(at, "language.easy", language=name) if code.endswith("-easy") else name,
        "tag": tag(code),
        "direction": direction(code),
    }
