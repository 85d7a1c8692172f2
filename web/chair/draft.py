# SPDX-License-Identifier: EUPL-1.2
"""A form of one matter as somebody fills it in: its fields, what is wrong, what it means, what others did.

Owns the way from the fields that came to what is to be set. Knows no page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chat.ids import ServiceId
from config.site import Site
from web.chair.errors import NoSuchVersion, Wrong
from web.chair.forms import fields_of, read_form
from web.chair.items import NEW, fields_of_item, items_of, put, read_item
from web.chair.matters import Matter, Shape
from web.chair.place import Place
from web.chair.preview import hours_of
from web.chair.version import Values, at_spot, with_values
from web.chair.warning import (
    Thought,
    of_addresses,
    of_duty,
    of_hours,
    of_line,
    of_staff_texts,
    of_texts,
    of_ways,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One form."""

    version: int
    """The organisation's version that it was read from."""
    fields: Mapping[str, str]
    item: str | None = None
    """Of a list: which thing it is; None elsewhere."""
    wrongs: tuple[Wrong, ...] = ()
    warnings: tuple[Thought, ...] = ()
    sure: frozenset[str] = frozenset()
    """What has been read and confirmed of the warnings."""
    theirs: Mapping[str, str] | None = None
    """What somebody else has saved meanwhile."""

    @property
    def is_sure(self) -> bool:
        """Whether everything that it means has been confirmed."""
        return {each.about for each in self.warnings} <= self.sure

    def with_wrongs(self, wrongs: Sequence[Wrong]) -> Draft:
        """Return it with what is wrong."""
        return replace(self, wrongs=tuple(wrongs))

    def with_warnings(self, place: Place, matter: Matter, values: Values, site: Site) -> Draft:
        """Return it with what the change means; `site` is the site as it would be."""
        match matter.shape:
            case Shape.TEXTS:
                after = place.table(with_values(place.newest.overlay, values))
                before, ground = place.table(), place.ground(matter)
                found = [*of_texts(matter, before, after, ground.languages)]
                found += of_staff_texts(matter, before, after, ground.languages, ground.tells_who)
                if matter.name in {"notice", "reporting_text"}:
                    services = [site.services[each.id] for each in place.services]
                    found = [*of_duty(place.house.site.services, services), *found]
            case Shape.HOURS:
                hours = next(site.services[each.id].chat.hours for each in place.services)
                opens = next(hours_of(place.house, site, ServiceId(each.id)) for each in place.services)
                found = [*of_hours(hours, opens, place.house.clock.now())]
            case Shape.ADDRESSES | Shape.ADDRESS:
                after = place.table(with_values(place.newest.overlay, values))
                told = after[matter.paths[0][0]]
                addresses = [told] if isinstance(told, str) else told
                found = [*of_addresses(matter, addresses, place.house.settings.public_url)]
            case Shape.ITEMS:
                found = self._thoughts_of_item(place, matter, site)
            case _:
                found = []
        return replace(self, warnings=tuple(found))

    def _thoughts_of_item(self, place: Place, matter: Matter, site: Site) -> list[Thought]:
        things: Mapping[str, Mapping[str, str]] = items_of(matter, place.table())
        found = [*of_line(matter, self.fields, things.get(self.item or NEW, {}))]
        if place.services:
            ways = (self.fields.get(key, "") for key in ("phone", "web", "address"))
            found += of_ways(ways, site.services[place.services[0].id])
        return found

    def against(self, place: Place, matter: Matter) -> Draft:
        """Return it beside what holds now: saved once more, it stands over that."""
        try:
            theirs: Mapping[str, str] = draft_of(place, matter, self.item).fields
        except NoSuchVersion:
            theirs = {}
        return replace(self, version=place.newest.number, theirs=theirs)


def draft_of(place: Place, matter: Matter, item: str | None) -> Draft:
    """Return the form as what holds now fills it; of a list, that of one thing.

    Raises:
        NoSuchVersion: the list has no such thing.
    """
    ground, table, version = place.ground(matter), place.table(), place.newest.number
    if matter.shape is not Shape.ITEMS:
        return Draft(version=version, fields=fields_of(matter, table, ground))
    if item is None:
        return Draft(version=version, fields={})
    things = {NEW: {}, **items_of(matter, table)}
    if item not in things:
        raise NoSuchVersion
    return Draft(version=version, fields=fields_of_item(matter, things[item], ground), item=item)


def given(place: Place, matter: Matter, *, remove: bool) -> tuple[Draft, Values]:
    """Return the form as it came, with what is wrong with it, and what it sets.

    Raises:
        NoSuchVersion: the list has no such thing, or only things of a list can be removed.
    """
    fields, ground = place.at.fields, place.ground(matter)
    draft = Draft(
        version=place.at.number("version"),
        fields=fields,
        sure=frozenset(fields.get("sure", "").split()),
    )
    if matter.shape is not Shape.ITEMS:
        if remove:
            raise NoSuchVersion
        values, wrongs = read_form(matter, place.name, fields, ground)
        return draft.with_wrongs(wrongs), values
    at, things = fields.get("item", NEW), items_of(matter, place.table())
    item, wrongs = (None, []) if remove else read_item(matter, fields, things.get(at, {}), ground)
    values, more = put(things, at, item, matter=matter, name=place.name, ground=ground)
    return replace(draft, item=at, wrongs=(*wrongs, *more)), values


def is_set(place: Place, matter: Matter) -> bool:
    """Tell whether something of a matter is set here, rather than as the site file says."""
    return any(at_spot(place.newest.overlay, spot) is not None for spot in matter.spots(place.name))
