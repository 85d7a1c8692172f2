# SPDX-License-Identifier: EUPL-1.2
"""Reads the site file: TOML text in, a `Site` and everything that is wrong with it out.

Owns the file as a whole. What single tables mean stands in `organisations`, `services`, `lines`,
`partnerships` and `receivers`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from chat.ids import OrganisationId, ServiceId
from config.baseline_table import read_baseline
from config.errors import Broken, Mistake
from config.guests import with_chat_notice
from config.lines import read_line
from config.moderation import with_judges
from config.organisations import read_organisation
from config.overlay import Overlays, lay_over, owner_of_path, strays, without_strays
from config.partnerships import read_partnership
from config.receivers import read_receiver
from config.replies import check_sendable
from config.services import read_service
from config.site import Line, PublicService, Site
from config.table import LANGUAGE, Notes, Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a site file gave: a site only when there are no mistakes."""

    source: str
    site: Site | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]
    set_aside: Mapping[OrganisationId, tuple[Mistake, ...]] = field(default_factory=dict)
    """What organisations have set and could not be read: for each of these the file alone holds."""
    strays: Mapping[OrganisationId, tuple[Mistake, ...]] = field(default_factory=dict)
    """What of it has no place, as of a service that has left the file: all else that they have set holds."""

    def whole(self) -> Site:
        """Return the site.

        Raises:
            Broken: with every mistake, when there is at least one.
        """
        if self.site is None:
            raise Broken(self.source, self.mistakes)
        return self.site


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The text of a site file, to be read again whenever an organisation has set something."""

    text: str
    source: str
    unverified: bool = False
    adapt: Callable[[Site], Site] = lambda site: site
    """What is made of a site once it is read: a demonstration gives it its own addresses."""

    def read(self, today: date, overlays: Overlays | None = None) -> Reading:
        """Read it with what organisations have set."""
        reading = read_site(
            self.text, today=today, source=self.source, unverified=self.unverified, overlays=overlays
        )
        return reading if reading.site is None else replace(reading, site=self.adapt(reading.site))

    @property
    def digest(self) -> str:
        """What tells this text from every other: 32 characters."""
        return blake2b(self.text.encode(), digest_size=16).hexdigest()

    def values(self) -> Mapping[str, Any]:
        """Return what the file alone says, as it stands there; only of a file that can be read."""
        return _parsed(self.text)


def read_site(
    text: str, *, today: date, source: str, unverified: bool = False, overlays: Overlays | None = None
) -> Reading:
    """Read the text of a site file, with what its organisations have set.

    Lines that have never been verified are left out, except emergency lines; `unverified` keeps them, which
    only a demonstration does. What has no place in an overlay is left out. One with a mistake in the rest is
    set aside whole: its organisation is as the file says, and nobody else notices.
    """
    notes = Notes()
    try:
        values = _parsed(text)
    except (ValueError, RecursionError) as error:
        # The library lets two refusals of Python through: too many brackets, and a number of 5,000 digits.
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        notes.mistake(
            source, f"This is not TOML: {reason}.", "Mend that place first; the rest cannot be read."
        )
        return Reading(source, None, tuple(notes.mistakes), ())

    def read(standing: Overlays) -> tuple[Site, Notes]:
        notes = Notes()
        laid = lay_over(values, standing.values()) if standing else values
        return _read(Table(laid, "", notes), today, source, unverified=unverified), notes

    left_out = {id_: found for id_, each in (overlays or {}).items() if (found := strays(values, id_, each))}
    standing = {id_: without_strays(values, id_, each) for id_, each in (overlays or {}).items()}
    aside: dict[OrganisationId, list[Mistake]] = {}
    site, notes = read(standing)
    while notes.mistakes and standing:
        broken = _at_fault(notes.mistakes, standing, values) or {
            id_: each for id_, overlay in standing.items() if (each := read({id_: overlay})[1].mistakes)
        }
        # Where only several together break it, none of them can be followed.
        aside |= broken or dict.fromkeys(standing, notes.mistakes)
        standing = {id_: each for id_, each in standing.items() if id_ not in aside}
        site, notes = read(standing)
    return Reading(
        source,
        None if notes.mistakes else site,
        tuple(notes.mistakes),
        tuple(notes.warnings),
        {id_: tuple(found) for id_, found in aside.items()},
        {id_: tuple(found) for id_, found in left_out.items()},
    )


@lru_cache(maxsize=2)
def _parsed(text: str) -> Mapping[str, Any]:
    """Return what TOML says. Remembered: a site with hundreds of services is read again for each change."""
    return tomllib.loads(text)


def _at_fault(
    mistakes: Collection[Mistake], standing: Overlays, values: Mapping[str, Any]
) -> dict[OrganisationId, list[Mistake]]:
    """Return the mistakes by the organisation whose matter they are, for those that have set something."""
    found: dict[OrganisationId, list[Mistake]] = {}
    for mistake in mistakes:
        owner = owner_of_path(mistake.path, values)
        if owner is not None and owner in standing:
            found.setdefault(owner, []).append(mistake)
    return found


def _read(table: Table, today: date, source: str, *, unverified: bool) -> Site:
    baseline = read_baseline(table.table("baseline", needed=False), LANGUAGE)
    organisations = {}
    for name, inner in table.named_tables("organisations"):
        organisation = read_organisation(name, inner, today, baseline, unverified=unverified)
        organisations[organisation.id] = organisation
    services = {}
    for name, inner in table.named_tables("services"):
        service = read_service(name, inner, organisations, baseline)
        if service is not None:
            services[ServiceId(name)] = service
    lines = [read_line(name, inner, today) for name, inner in table.named_tables("lines", needed=False)]
    partnerships = [read_partnership(inner, organisations) for inner in table.listed_tables("partnerships")]
    receivers = [
        read_receiver(name, inner, organisations, services, today)
        for name, inner in table.named_tables("receivers", needed=False)
    ]
    table.finish()
    shown = tuple(line for line in lines if unverified or line.verified_at or line.emergency)
    if not table.notes.mistakes:
        services = {service.id: service for service in with_judges(services.values(), shown)}
        for service in services.values():
            check_sendable(service, table.notes)
    _check_emergency(lines, table)
    _warn_of_closed(services.values(), table.notes)
    return Site(
        organisations=organisations,
        services=services,
        lines=shown,
        partnerships=tuple(each for each in partnerships if each is not None),
        receivers={
            each.id: with_chat_notice(each, services, table.notes) for each in receivers if each is not None
        },
        baseline=baseline,
        source=source,
    )


def _check_emergency(lines: Collection[Line], table: Table) -> None:
    if not any(line.emergency for line in lines):
        table.mistake(
            "lines",
            "No line is for an emergency, and a closed chat must always show one.",
            'Add [lines.sos] with address = "112" and emergency = true.',
        )


def _warn_of_closed(services: Collection[PublicService], notes: Notes) -> None:
    for service in services:
        if service.chat.cannot_open:
            organisation = service.organisation
            missing = [
                key
                for key in ("documentation_decision", "disposal_decision")
                if getattr(organisation, key) is None
            ]
            notes.warning(
                f"services.{service.id}",
                "The service stays closed: a municipality may not delete a chat without its decisions.",
                f"Add {' and '.join(missing)} (reference and date) to organisations.{organisation.id}.",
            )
