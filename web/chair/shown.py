# SPDX-License-Identifier: EUPL-1.2
"""What the page of one matter shows: its form with its words, and how it would look.

Owns which words stand where. Decides nothing and stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from config.overlay import FIELDS, Field, Path, value_at
from config.routines import cards
from config.site import OpenWhen, Site
from web.chair.draft import Draft
from web.chair.errors import Wrong
from web.chair.forms import Ground, expression_in, fields_of, text_field, time_field
from web.chair.items import KINDS, NEW
from web.chair.matters import Matter, Shape
from web.chair.place import Place, organisation_path, service_path
from web.chair.preview import DayShown, HerPage, her_page, hours_of, week_ahead
from web.chair.version import Values, with_values
from web.chair.warning import Thought
from web.chair.weekly import MOST_SPANS
from web.chair.words import days_of, hours_words, language_of, say
from web.languages import clock_time, day_and_month, in_language, listed, weekday
from web.staff_page import AtPage


@dataclass(frozen=True, slots=True)
class Preview:
    """How it would look."""

    frame: str = ""
    """Her page as HTML; empty where it does not stand there."""
    as_of: str = ""
    """Why the page in the frame is not as it is now, in words; empty where it is."""
    language: str = ""
    week: tuple[DayShown, ...] = ()
    texts: tuple[Mapping[str, str], ...] = ()
    """`{"name", "tag", "direction", "text"}` of each language in which it changes."""
    lines: tuple[str, ...] = ()
    """Addresses, as they will be kept."""


def form(place: Place, matter: Matter, draft: Draft, preview: Preview | None) -> dict[str, Any]:
    """Return the form of one matter, or of one thing of a list."""
    ground, at = place.ground(matter), place.at
    timed = matter.shape is Shape.ITEMS and KINDS[matter.name].timed
    return about(place, matter) | {
        "shape": matter.shape.value,
        "item": draft.item,
        "is_new": draft.item == NEW,
        "version": draft.version,
        "fields": draft.fields,
        "theirs": draft.theirs,
        "theirs_hours": hours_words(at, expression_in(draft.theirs, [])) if draft.theirs else "",
        "mistakes": _mistakes(at, draft.wrongs),
        "wrong": bool(draft.wrongs),
        "warnings": thoughts(at, draft.warnings),
        "sure": sure_of(draft.warnings),
        "preview": preview,
        "texts": _texts(place, matter, ground),
        "plain": KINDS[matter.name].plain if matter.shape is Shape.ITEMS else (),
        "timed": timed,
        "staffed": _shifts_of(place, matter),
        "weeks": _weeks(at) if timed or matter.shape is Shape.HOURS else (),
        "languages": [language_of(at, code) for code in ground.languages],
        "placeholders": _placeholders(matter, ground),
    }


def _shifts_of(place: Place, matter: Matter) -> str:
    """Return the way to the shifts where those open the chat within its hours; empty elsewhere."""
    service = place.service
    opened = service is not None and service.open_when is OpenWhen.STAFFED and matter.shape is Shape.HOURS
    return f"/staff/roster/{place.name}{place.at.query}" if opened else ""


def _weeks(at: AtPage) -> list[list[dict[str, str]]]:
    """Return the rows of a week, once for each opening that a day may have: the words and the fields."""
    return [
        [
            {"words": words, "from": time_field(day, slot, "from"), "until": time_field(day, slot, "until")}
            for day, words in days_of(at)
        ]
        for slot in range(1, MOST_SPANS + 1)
    ]


def about(place: Place, matter: Matter) -> dict[str, Any]:
    """Return what every page of a matter says: its name, what it is, whose, and the ways from it."""
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
    headings = {card.about.value: card.heading for card in cards()} if matter.name == "routine" else {}
    return [
        _group(
            place.at,
            path,
            ground,
            in_language(headings.get(path[-1], {}), place.at.language, "sv").text,
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
            {**language_of(at, code), "field": name, "baseline": baseline.get(name, ""), "own": number == 0}
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
    said: dict[str, list[str]] = {}
    for wrong in wrongs:
        said.setdefault(wrong.field, []).append(say(at, f"wrong.{wrong.why}", what=wrong.what))
    return {field: " ".join(texts) for field, texts in said.items()}


def sure_of(found: Sequence[Thought]) -> str:
    """Return what a form says back once these have been read."""
    return " ".join(sorted({each.about for each in found}))


def thoughts(at: AtPage, found: Sequence[Thought]) -> list[str]:
    """Return what somebody should think of, in words."""
    return [_thought(at, each.about, each.what) for each in found]


def _thought(at: AtPage, about: str, what: str) -> str:
    if about in {"drops_duty", "changes_duty", "other_languages"}:
        what = listed([language_of(at, code)["name"] for code in what.split(",")], at.language)
    return say(at, f"think.{about}", what=what)


async def preview(request: Request, place: Place, matter: Matter, values: Values, site: Site) -> Preview:
    """Return how a change would look; `site` is the site as it would be."""
    overlay = with_values(place.newest.overlay, values)
    before, after = place.table(), place.table(overlay)
    own = place.ground(matter).languages
    changed = _changed_languages(matter, before, after, own)
    frame = language = as_of = ""
    if matter.framed and place.services:
        her = site.services[place.services[0].id]
        language = next((code for code in changed if code in her.languages), her.language)
        page = await her_page(request, place.house, site, ServiceId(her.id), language)
        frame, as_of = page.html, _as_of(place.at, page)
    told = after.get(matter.paths[0][0]) if matter.shape in {Shape.ADDRESSES, Shape.ADDRESS} else ()
    return Preview(
        frame=frame,
        as_of=as_of,
        language=language_of(place.at, language)["name"] if language else "",
        week=tuple(_week(place, site)) if matter.shape is Shape.HOURS else (),
        texts=() if frame else _read_aloud(place, matter, after, changed),
        lines=(told,) if isinstance(told, str) else tuple(told or ()),
    )


def _week(place: Place, site: Site) -> list[DayShown]:
    """Return the week that opens the chat: where shifts open it, that of the shifts."""
    hours = hours_of(place.house, site, ServiceId(place.name))
    return week_ahead(
        hours,
        place.house.clock.now(),
        place.at.language,
        lambda time: say(place.at, "preview.open_until", time=time),
    )


def _as_of(at: AtPage, page: HerPage) -> str:
    if page.open_now:
        return ""
    if page.opens_at is None:
        return say(at, "preview.when_open")
    moment, language = page.opens_at.astimezone(STOCKHOLM), at.language
    day = f"{weekday(moment.date(), language)} {day_and_month(moment.date(), language)}"
    return say(at, "preview.as_of", day=day, time=clock_time(moment, language))


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
    return tuple({**language_of(place.at, code), "text": text} for code, text in texts.items() if text)
