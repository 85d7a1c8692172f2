# SPDX-License-Identifier: EUPL-1.2
"""Who asks for which statistics, and reading what that needs.

Owns what an address may ask for: one of one's own services, those of one organisation or all of them, in one
of the periods of the list. What is somebody else's answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from chat.grid import Week
from chat.ids import OrganisationId, ServiceId, Track
from handover.goals import Goal
from web.accounts.rights import Deed
from web.figures.periods import Kind, Period, is_over, listed, read
from web.figures.report import ABANDONED, HOURS, OF_ALL, OF_ONE, OF_YEAR, overview, reads_from, report
from web.figures.tally import Tally, share
from web.figures.values import Counted, Report
from web.figures.wording import Words
from web.house import House
from web.staff_page import AtPage, at_page, not_yours

TOGETHER: Final = 12
"""So many services are told of at a time; whoever looks after more sees one organisation after the other."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose figures somebody has asked for: of one service, of an organisation, or else of all of theirs."""

    services: tuple[ServiceId, ...]
    """All that may be chosen: of the organisation, where there is one."""
    service: ServiceId | None
    organisation: OrganisationId | None
    organisations: tuple[OrganisationId, ...]
    """Those that may be chosen; of few services none need be."""

    @classmethod
    def of(cls, at: AtPage, request: Request) -> Whose | Response:
        """Return what an address asks for, or the answer about what is somebody else's.

        A service that is not of the organisation asked for is that of the form before it was chosen.
        """
        site, asked = at.house.site, request.query_params
        runs = {id_: site.services[id_].organisation.id for id_ in at.house.may_serve(at.session)}
        name, runner = asked.get("service", ""), asked.get("organisation", "")
        if (name and name not in runs) or (runner and runner not in runs.values()):
            return not_yours(request, at.house, at.session, at.language)
        wanted = ServiceId(name) if name and runner in {"", runs[ServiceId(name)]} else None
        if len(runs) == 1:
            wanted = next(iter(runs))
        if not runner and len(runs) <= TOGETHER:
            return cls(tuple(runs), wanted, None, ())
        first = runs[wanted] if wanted else next(iter(runs.values()))
        organisation = OrganisationId(runner) if runner else first
        theirs = tuple(id_ for id_, each in runs.items() if each == organisation)
        return cls(theirs, wanted, organisation, tuple(dict.fromkeys(runs.values())))

    @property
    def shown(self) -> tuple[ServiceId, ...]:
        """Those that are told of."""
        return self.services if self.service is None else (self.service,)

    def choices(self, house: House) -> list[dict[str, str | bool]]:
        """Return the organisations to choose from, where there are several."""
        names = {id_: house.site.organisations[id_].name for id_ in self.organisations}
        found: list[dict[str, str | bool]] = [
            {"id": id_, "name": name, "chosen": id_ == self.organisation} for id_, name in names.items()
        ]
        return found if len(found) > 1 else []


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody has asked for."""

    at: AtPage
    whose: Whose
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
        if self.whose.service is not None:
            query["service"] = self.whose.service
        if self.whose.organisation is not None:
            query["organisation"] = self.whose.organisation
        if self.at.query:
            query["lang"] = self.at.language
        return f"{path}?{urlencode(query)}"


async def asked(request: Request) -> Asked | Response:
    """Return what an address asks for, or the answer to somebody who may not see it."""
    at = await at_page(request, Deed.SEE_FIGURES)
    if isinstance(at, Response):
        return at
    whose = Whose.of(at, request)
    if isinstance(whose, Response):
        return whose
    last = await at.house.told_until()
    choices = listed(await _first(at.house, whose.shown, last), last)
    name = request.query_params.get("period", "")
    period = read(name)
    if period is not None and is_over(period, last):
        return Asked(at, whose, period, choices, known=True)
    return Asked(at, whose, await _usual(at.house, whose.shown, choices), choices, known=not name)


async def _usual(
    house: House, services: tuple[ServiceId, ...], choices: Mapping[Kind, tuple[Period, ...]]
) -> Period:
    """Return the last month, or the last year where a month has too few to say any share.

    Of a small service a month is dashes alone, and whoever opens the page would take it for empty.
    """
    months, years = choices[Kind.MONTH], choices[Kind.YEAR]
    if months and years:
        month, names = months[0], ("answered", *ABANDONED)
        sums = await house.figures.sums(services, month.first, month.last, names)
        told = [[Counted(each[name]) if name in each else None for name in names] for each in sums.values()]
        if all(share(each[:1], each[1:]) is None for each in told):
            return years[0]
    return next(iter((*months, *choices[Kind.WEEK])))


async def _first(house: House, services: tuple[ServiceId, ...], last: Week) -> Week:
    firsts = [await house.figures.first_week(service) for service in services]
    return min((week for week in firsts if week is not None and week <= last), default=last)


async def made(asked: Asked) -> Report:
    """Read what is needed and return the report."""
    house, whose = asked.at.house, asked.whose
    if whose.service is not None:
        return await of_service(house, whose.service, asked.period)
    groups: dict[tuple[OrganisationId, Track], dict[ServiceId, Tally]] = {}
    for service in whose.shown:
        known = house.site.services[service]
        figures = await house.figures.told(service, asked.period.first, asked.period.last, OF_ALL)
        # The two tracks are never added up.
        groups.setdefault((known.organisation.id, known.chat.track), {})[service] = Tally(figures)
    names = {id_: each.name for id_, each in house.site.organisations.items()}
    sections = (overview(tallies, asked.period, names[id_]) for (id_, _), tallies in groups.items())
    name = names[whose.organisation] if whose.organisation is not None else ""
    return Report(None, asked.period, tuple(sections), name)


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
