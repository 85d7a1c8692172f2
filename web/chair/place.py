# SPDX-License-Identifier: EUPL-1.2
"""Where somebody is who changes the site: at which service or organisation, and what holds there now.

Owns what a form is held against. Knows no form and no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from config.overlay import Overlay, lay_over, strays, value_at
from config.site import Organisation, PublicService
from moderation.verdict import Verdict
from web.chair.forms import Ground, codes
from web.chair.matters import Matter, Reader, Shape
from web.chair.version import Version
from web.house import House
from web.staff_page import AtPage


@dataclass(frozen=True, slots=True)
class Place:
    """One service or organisation, before somebody who may change what the site says of it."""

    at: AtPage
    kind: str
    """"services" or "organisations"."""
    name: str
    organisation: Organisation
    service: PublicService | None
    """None at the organisation itself."""
    newest: Version

    @property
    def house(self) -> House:
        """The house."""
        return self.at.house

    @property
    def path(self) -> str:
        """The address that its matters lie under."""
        return service_path(self.name) if self.service is not None else organisation_path(self.name)

    @property
    def services(self) -> list[PublicService]:
        """The services that it is about: one, or all of the organisation."""
        if self.service is not None:
            return [self.service]
        return self.house.site.services_of(self.organisation.id)

    def table(self, overlay: Overlay | None = None) -> Mapping[str, Any]:
        """Return its table with what is set (or `overlay` instead) laid over the site file's."""
        baseline = self.house.chair.baseline
        overlay = self.newest.overlay if overlay is None else overlay
        if strays(baseline, self.organisation.id, overlay):
            overlay = {}
        return self._in(lay_over(baseline, [overlay]))

    def ground(self, matter: Matter) -> Ground:
        """Return what a form of a matter is held against."""
        judge = self.services[0].chat.judge if self.services else None

        def tells_who(text: str) -> bool:
            return judge is not None and judge.of_operator(text).verdict is Verdict.REFUSE

        return Ground(
            baseline=self._in(self.house.chair.baseline),
            languages=self._languages(matter),
            decided=self.organisation.regime.is_authority,
            tells_who=tells_who,
            today=local_day(self.house.clock.now()),
        )

    def _languages(self, matter: Matter) -> tuple[str, ...]:
        own = self.service.language if self.service is not None else "sv"
        if matter.shape is Shape.LANGUAGES:
            known = self.house.languages.codes
            return codes(own, self.service.languages if self.service is not None else (), known)
        staff = ("sv", "en") if matter.reader is Reader.STAFF else ()
        hers = () if staff and matter.shape is Shape.TEXTS else (each.languages for each in self.services)
        table = self.table()
        there = (value_at(table, path) for path in matter.paths)
        texts = (each for each in there if isinstance(each, Mapping) and matter.shape is Shape.TEXTS)
        return codes(own, staff, *hers, *texts)

    def _in(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        found = value_at(values, (self.kind, self.name))
        return found if isinstance(found, Mapping) else {}


def service_path(name: str) -> str:
    """Return the address of one service's matters."""
    return f"/staff/site/{name}"


def organisation_path(name: str) -> str:
    """Return the address of one organisation's own matters."""
    return f"/staff/site/organisations/{name}"


async def place_of(request: Request, at: AtPage) -> Place | None:
    """Return where the path leads to; None for what does not exist and what is somebody else's."""
    house = at.house
    runs = house.may_run(at.session)
    named = request.path_params.get("organisation")
    service = None
    if named is None:
        service = house.site.services.get(ServiceId(request.path_params["service"]))
        if service is None:
            return None
    id_ = OrganisationId(named or "") if service is None else service.organisation.id
    if id_ not in runs:
        return None
    return Place(
        at=at,
        kind="organisations" if service is None else "services",
        name=id_ if service is None else service.id,
        organisation=house.site.organisations[id_],
        service=service,
        newest=await house.chair.now(id_),
    )
