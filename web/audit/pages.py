# SPDX-License-Identifier: EUPL-1.2
"""`/staff/audit` and its files: who did what in the organisations that somebody runs.

Owns what may be chosen, and that reading this is itself recorded. Never shows content, a visitor or a
conversation: the log has none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.hours import local_day
from chat.ids import OrganisationId, ServiceId
from handover.ids import ReceiverId
from web.accounts.audit import OF_A_TALK_KEPT, SORTS, Audited, AuditEntry, AuditPlace, Choices, Sought, Where
from web.accounts.rights import Deed
from web.attachment import CSV, JSON, attached, nested, table
from web.audit.listing import COLUMNS, Line, as_table, by_day, lines_of
from web.house import House
from web.languages import in_language, isolated, listed, long_date, month_and_year
from web.staff_page import AtPage, at_page, whole_number

DOMAIN: Final = "audit"
PATH: Final = "/staff/audit"
ON_A_PAGE: Final = 100
_FURTHEST: Final = 10_000
"""Pages: nobody leafs so far, and a number beyond it would only keep the database busy."""


_FILES: Final[Mapping[str, str]] = {"csv": CSV, "json": JSON}


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What somebody has chosen to see. What is not among the choices counts as not chosen."""

    sought: Sought
    page: int

    def query(self, at: AtPage, **other: str) -> str:
        """Return it as a query, with the language where one was asked for."""
        sought = self.sought
        wanted = {
            "kind": sought.kind or "",
            "person": sought.account or "",
            "month": f"{sought.month:%Y-%m}" if sought.month else "",
            "lang": at.language if at.query else "",
        }
        found = {key: value for key, value in (wanted | other).items() if value}
        return f"?{urlencode(found)}" if found else ""


async def audit(request: Request) -> Response:
    """Answer `GET /staff/audit`: `?kind=`, `?person=`, `?month=2026-02` and `?page=` choose."""
    at = await at_page(request, Deed.SEE_AUDIT)
    if isinstance(at, Response):
        return at
    own = frozenset(at.house.may_run(at.session))
    await _record(at, Audited.AUDIT_READ, own)
    choices = await at.house.audit.choices(own)
    chosen = _chosen(request.query_params, own, choices)
    skip = (chosen.page - 1) * ON_A_PAGE
    found = await at.house.audit.sought(chosen.sought, skip=skip, most=ON_A_PAGE + 1)
    lines = _Words(at.house, at.language).lines(found[:ON_A_PAGE])
    context = {
        "whose": _whose(at, own, chosen.sought),
        "days": [(long_date(date.fromisoformat(day), at.language), each) for day, each in by_day(lines)],
        "several": len(own) > 1,
        "kept": _kept(at, own),
        "choices": _choices(at, choices, chosen.sought),
        "newer": PATH + _leaf(at, chosen, -1) if chosen.page > 1 else "",
        "older": PATH + _leaf(at, chosen, 1) if len(found) > ON_A_PAGE else "",
        "files": [
            (at.say(DOMAIN, f"file.{kind}"), f"{PATH}/export.{kind}{chosen.query(at)}") for kind in _FILES
        ],
        "lang": at.language if at.query else "",
        "path": PATH,
    }
    return at.page(request, "staff/audit.html", context, domain=DOMAIN)


async def export(request: Request) -> Response:
    """Answer `GET /staff/audit/export.csv` and `.json`: all that the same choice finds, as a file."""
    kind = request.path_params["kind"]
    if kind not in _FILES:
        raise HTTPException(404)
    at = await at_page(request, Deed.SEE_AUDIT)
    if isinstance(at, Response):
        return at
    own = frozenset(at.house.may_run(at.session))
    await _record(at, Audited.AUDIT_EXPORTED, own)
    choices = await at.house.audit.choices(own)
    found = await at.house.audit.sought(_chosen(request.query_params, own, choices).sought)
    headings = [at.say(DOMAIN, f"column.{each}") for each in COLUMNS]
    # A year of a large organisation takes seconds to write, and chats go on meanwhile.
    body = await asyncio.to_thread(_file, kind, _Words(at.house, at.language), found, headings)
    name = f"log-{local_day(at.house.clock.now())}.{kind}"
    return attached(body, _FILES[kind], name)


def _file(kind: str, words: _Words, found: Collection[AuditEntry], headings: Sequence[str]) -> bytes:
    lines = words.lines(found)
    return nested([asdict(line) for line in lines]) if kind == "json" else table(as_table(lines, headings))


async def _record(at: AtPage, kind: Audited, own: Collection[OrganisationId]) -> None:
    for organisation in own:
        await at.house.record(kind, at.session, organisation)


def _chosen(given: Mapping[str, str], own: frozenset[OrganisationId], choices: Choices) -> _Chosen:
    kind, person = given.get("kind"), given.get("person")
    month, page = given.get("month"), given.get("page", "")
    sought = Sought(
        organisations=own,
        kind=next((each for each in choices.kinds if each == kind), None),
        account=person if person in choices.accounts else None,
        month=next((each for each in choices.months if f"{each:%Y-%m}" == month), None),
    )
    return _Chosen(sought, min(max(whole_number(page), 1), _FURTHEST))


def _leaf(at: AtPage, chosen: _Chosen, by: int) -> str:
    page = replace(chosen, page=chosen.page + by).page
    return chosen.query(at, page=str(page) if page > 1 else "")


def _choices(at: AtPage, choices: Choices, sought: Sought) -> list[dict[str, Any]]:
    """Return the three fields, each with what can be chosen and what is."""
    words = _Words(at.house, at.language)
    kinds = sorted(((words.deed(each), each.value) for each in choices.kinds), key=lambda named: named[0])
    people = [(each, each) for each in choices.accounts]
    months = [(month_and_year(each, at.language), f"{each:%Y-%m}") for each in choices.months]
    month = f"{sought.month:%Y-%m}" if sought.month else ""
    return [
        {"name": name, "label": at.say(DOMAIN, f"choose.{name}"), "options": options, "chosen": chosen}
        for name, options, chosen in (
            ("kind", kinds, sought.kind or ""),
            ("person", people, sought.account or ""),
            ("month", months, month),
        )
    ]


def _whose(at: AtPage, own: Collection[OrganisationId], sought: Sought) -> str:
    """Return whose list it is, of which day and what of it was chosen: a printed one must tell that too."""
    names = [isolated(at.house.site.organisations[each].name) for each in own]
    chosen = [
        _Words(at.house, at.language).deed(sought.kind) if sought.kind else "",
        isolated(sought.account) if sought.account else "",
        month_and_year(sought.month, at.language) if sought.month else "",
    ]
    day = long_date(local_day(at.house.clock.now()), at.language)
    return " · ".join(each for each in (listed(names, at.language), day, *chosen) if each)


def _kept(at: AtPage, own: Collection[OrganisationId]) -> list[str]:
    """Return how long entries stay: those of conversations, and what each organisation says of the rest."""
    told = [at.say(DOMAIN, "kept.talks", days=OF_A_TALK_KEPT.days)]
    alike: dict[int, list[str]] = {}
    for each in own:
        organisation = at.house.site.organisations[each]
        alike.setdefault(organisation.audit_days, []).append(isolated(organisation.name))
    for days, names in sorted(alike.items()):
        if len(alike) == 1:
            told.append(at.say(DOMAIN, "kept.rest", days=days))
        else:
            told.append(at.say(DOMAIN, "kept.rest_of", days=days, names=listed(names, at.language)))
    return told


@dataclass(frozen=True, slots=True)
class _Words:
    """What entries are called in one language."""

    house: House
    language: str

    def lines(self, entries: Collection[AuditEntry]) -> list[Line]:
        return lines_of(entries, self.deed, self.place, self.organisation)

    def deed(self, kind: Audited) -> str:
        return self.house.languages.texts(self.language, DOMAIN).gettext(f"deed.{kind.value}")

    def place(self, kind: Audited, place: AuditPlace) -> str:
        """Return the name of a place; its id when it has left the site."""
        site = self.house.site
        match SORTS[kind].where:
            case Where.SERVICE:
                service = site.services.get(ServiceId(place))
                return in_language(service.name, self.language, service.language).text if service else place
            case Where.UNIT:
                unit = site.receivers.get(ReceiverId(place))
                return unit.name_in(self.language) if unit else place
            case Where.ORGANISATION:
                return self.organisation(OrganisationId(place))

    def organisation(self, id_: OrganisationId) -> str:
        known = self.house.site.organisations.get(id_)
        return known.name if known else id_


routes: Final = [
    Route(PATH, audit, methods=["GET"]),
    Route(PATH + "/export.{kind}", export, methods=["GET"]),
]
