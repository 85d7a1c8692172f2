# SPDX-License-Identifier: EUPL-1.2
"""What the pages list: every matter with what holds, the things of a list, the history.

Owns how much of a value stands in a list. Decides nothing and stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from chat.ids import OrganisationId, ServiceId
from config.overlay import value_at
from config.site import OpenWhen
from web.chair.draft import is_set
from web.chair.items import KINDS, items_of
from web.chair.matters import ORGANISATION, SERVICE, Matter, Shape, matters_of
from web.chair.place import Place, organisation_path
from web.chair.shown import about
from web.chair.version import KEPT, Version, before_last, differences
from web.chair.words import hours_words, language_of, say
from web.languages import in_language, listed, long_date
from web.staff_page import PAGES, AtPage

LONGEST_SUMMARY: Final = 160


async def organisation(at: AtPage, id_: OrganisationId) -> dict[str, Any]:
    """Return one organisation with its matters and its services."""
    house, newest = at.house, await at.house.chair.now(id_)
    own = house.site.organisations[id_]
    place = Place(at, "organisations", id_, own, None, newest)
    places = [Place(at, "services", each.id, own, each, newest) for each in house.site.services_of(id_)]
    kept = await house.chair.history(id_)
    return {
        "name": own.name,
        "back": _back(place, kept),
        "broken": [f"{each.path}: {each.what}" for each in house.chair.set_aside.get(id_, ())],
        "strays": [each.path for each in house.chair.strays.get(id_, ())],
        "matters": [_matter(place, each) for each in ORGANISATION] if places else [],
        "services": [service(each, kept) for each in places],
        "closing": next((path for key, path, _ in PAGES if key == "nav.roster"), ""),
    }


def service(place: Place, kept: Sequence[Version]) -> dict[str, Any]:
    """Return one service with its matters, and the way back; `kept`: the versions, newest first."""
    assert place.service is not None
    name = in_language(place.service.name, place.at.language, place.service.language)
    return {
        "name": say(place.at, "page.chat", name=name.text),
        "path": place.path,
        "chat": f"/chat/{place.name}",
        "back": _back(place, kept),
        "matters": [_matter(place, each) for each in SERVICE],
    }


def _back(place: Place, kept: Sequence[Version]) -> dict[str, Any]:
    """Return what taking back the last change needs, and says that it takes back."""
    before = before_last(kept)
    return {
        "history": organisation_path(place.organisation.id) + "/history",
        "version": place.newest.number,
        "number": before.number if before is not None else None,
        "words": _undoing(place, before, kept[0]) if before is not None else "",
    }


def _undoing(place: Place, before: Version, last: Version) -> str:
    changed = matters_of(differences(before.overlay, last.overlay))
    names = [_named(place, matter, name) for matter, name in changed]
    return say(place.at, "back.undo", what=listed(names, place.at.language))


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
            words = hours_words(place.at, value or "")
            is_staffed = place.service is not None and place.service.open_when is OpenWhen.STAFFED
            return say(place.at, "summary.staffed", hours=words) if is_staffed else words
        case Shape.TEXTS:
            texts = [value_at(table, path) for path in matter.paths]
            if len(texts) > 1:
                return say(place.at, "summary.texts", count=sum(each is not None for each in texts))
            text = in_language(value or {}, place.at.language, place.ground(matter).languages[0]).text
            if not text:
                return say(place.at, "summary.none")
            return text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
        case Shape.ITEMS:
            return say(place.at, "summary.items", count=len(items_of(matter, table)))
        case Shape.LANGUAGES:
            chosen = value or [place.ground(matter).languages[0]]
            return listed([language_of(place.at, code)["name"] for code in chosen], place.at.language)
        case Shape.ADDRESSES:
            return ", ".join(value or ()) or say(place.at, "summary.none")
        case _:
            return value or say(place.at, "summary.none")


def items(place: Place, matter: Matter) -> dict[str, Any]:
    """Return one list, each thing with the way to its form."""
    own, title = place.ground(matter).languages[0], next(iter(KINDS[matter.name].texts))
    things = items_of(matter, place.table())
    return about(place, matter) | {
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


async def history(place: Place) -> dict[str, Any]:
    """Return what is kept of an organisation's versions, newest first, with what each changed to what."""
    at, kept = place.at, await place.house.chair.history(place.organisation.id)
    before = {each.number: each.overlay for each in kept} | {0: {}}
    versions = [
        {
            "number": each.number,
            "account": each.account,
            "day": long_date(each.day, at.language) if each.day else "",
            "now": index == 0,
            "what": [
                {
                    "name": _named(place, matter, name),
                    "value": _summary(_seen(place, each, matter, name), matter),
                }
                for matter, name in matters_of(differences(before[each.number - 1], each.overlay))
            ]
            if each.number - 1 in before
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


def _seen(place: Place, version: Version, matter: Matter, name: str) -> Place:
    """Return where a matter lies, as it was in one version."""
    service = place.house.site.services.get(ServiceId(name)) if matter.kind == "services" else None
    return replace(place, kind=matter.kind, name=name, service=service, newest=version)


def _named(place: Place, matter: Matter, name: str) -> str:
    at, said = place.at, say(place.at, f"matter.{matter.name}")
    known = place.house.site.services.get(ServiceId(name)) if matter.kind == "services" else None
    return said if known is None else f"{said} ({in_language(known.name, at.language, known.language).text})"
