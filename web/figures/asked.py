# SPDX-License-Identifier: EUPL-1.2
"""Who asks for which statistics, and reading what that needs.

Owns what an address may ask for: one of one's own services or all of them, in one of the periods of the list.
What is somebody else's answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from chat.grid import Week
from chat.ids import OrganisationId, ServiceId, Track
from handover.goals import Goal
from web.accounts.rights import Deed
from web.figures.periods import Kind, Period, is_over, listed, read
from web.figures.report import HOURS, OF_ALL, OF_ONE, OF_YEAR, overview, reads_from, report
from web.figures.tally import Tally
from web.figures.values import Report
from web.figures.wording import Words
from web.house import House
from web.staff_page import AtPage, at_page, not_yours


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody has asked for. `service` None is all of theirs."""

    at: AtPage
    services: tuple[ServiceId, ...]
    service: ServiceId | None
    period: Period
    choices: Mapping[Kind, tuple[Period, ...]]
    known: bool
    """Whether there is such a period to show; else `period` is another."""

    @property
    def words(self) -> Words:
        """Say statistics in the page's language."""
        return Words(self.at.house, self.at.language)

    def link(self, path: str, **more: str) -> str:
        """Return an address for the same service, period and language."""
        query = {"period": str(self.period), **more}
        if self.service is not None:
            query["service"] = self.service
        if self.at.query:
            query["lang"] = self.at.language
        return f"{path}?{urlencode(query)}"


async def asked(request: Request) -> Asked | Response:
    """Return what an address asks for, or the answer to somebody who may not see it."""
    at = await at_page(request, Deed.SEE_FIGURES)
    if isinstance(at, Response):
        return at
    services = tuple(at.house.may_serve(at.session))
    wanted = request.query_params.get("service", "")
    if wanted and wanted not in services:
        return not_yours(request, at.house, at.session, at.language)
    if not wanted and len(services) == 1:
        wanted = services[0]
    service = ServiceId(wanted) if wanted else None
    last = await at.house.told_until()
    choices = listed(await _first(at.house, services, last), last)
    name = request.query_params.get("period", "")
    period = read(name)
    if period is not None and is_over(period, last):
        return Asked(at, services, service, period, choices, known=True)
    usual = next(iter((*choices[Kind.MONTH], *choices[Kind.WEEK])))
    return Asked(at, services, service, usual, choices, known=not name)


async def _first(house: House, services: tuple[ServiceId, ...], last: Week) -> Week:
    firsts = [await house.figures.first_week(service) for service in services]
    return min((week for week in firsts if week is not None and week <= last), default=last)


async def made(asked: Asked) -> Report:
    """Read what is needed and return the report."""
    house = asked.at.house
    if asked.service is not None:
        return await of_service(house, asked.service, asked.period)
    groups: dict[tuple[OrganisationId, Track], dict[ServiceId, Tally]] = {}
    for service in asked.services:
        known = house.site.services[service]
        figures = await house.figures.told(service, asked.period.first, asked.period.last, OF_ALL)
        # The two tracks are never added up.
        groups.setdefault((known.organisation.id, known.chat.track), {})[service] = Tally(figures)
    names = {id_: each.name for id_, each in house.site.organisations.items()}
    sections = (overview(tallies, asked.period, names[id_]) for (id_, _), tallies in groups.items())
    return Report(None, asked.period, tuple(sections))


async def of_service(house: House, service: ServiceId, period: Period, *, short: bool = False) -> Report:
    """Return the report of one service; where it is `short`, without forms and hours."""
    known = house.site.services[service]
    names = OF_YEAR if short else OF_ONE
    figures = await house.figures.told(service, reads_from(period), period.last, names)
    if not short:
        figures += await house.figures.told(service, period.first, period.last, HOURS)
    goals = goals_of(house, known.organisation.id, period)
    return report(service, known.chat.track, figures, period, goals, short=short)


def goals_of(house: House, organisation: OrganisationId, period: Period) -> list[Goal]:
    """Return the goals of the agreements that an organisation was a party of when a period ended."""
    return [
        goal
        for each in house.site.partnerships
        if organisation in each.parties and each.in_force(period.last.monday)
        for goal in each.goals
    ]
