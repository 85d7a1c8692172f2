# SPDX-License-Identifier: EUPL-1.2
"""The staff's pages over a house that knows one sign-in, for the tests of those pages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from starlette.applications import Starlette

import web
from chat.grid import Week
from chat.ids import DutyId, OrganisationId, ServiceId
from chat.live.board import BoardRow
from chat.live.notices import AlertsListed
from chat.published import Figure
from chat.sealing import Token
from config.site import Site
from config.site_file import read_site
from handover.border import Border
from handover.ids import ReceiverId
from handover.ports import Count
from handover.service import Handovers
from handover.ticket import Ticket
from moderation.sanctions import Sanction
from tests.texts import LANGUAGES, TEMPLATES
from web.accounts.account import StaffRole, StaffSession
from web.house import House
from web.operator import pages as operator_pages
from web.staffing import pages as staffing_pages
from web.supervisor import pages as supervisor_pages

WEB = Path(web.__file__).parent
NOW = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
LINDEN, EKEN, BRON = ServiceId("linden"), ServiceId("eken"), ServiceId("bron")
COOKIE = {"Cookie": "__Host-staff=token"}


def demo_site() -> Site:
    """Return the demo's site, with one municipal service that may not open."""
    text = (WEB.parent / "config" / "demo.toml").read_text(encoding="utf-8")
    whole = read_site(text, today=date(2026, 11, 22), source="demo", unverified=True).whole()
    bron = whole.services[BRON]
    shut = replace(bron, chat=replace(bron.chat, cannot_open="beslut <saknas>"))
    return replace(whole, services={**whole.services, BRON: shut})


def session(role: StaffRole, services: Sequence[ServiceId], units: Sequence[ReceiverId] = ()) -> StaffSession:
    """Return a live sign-in of anna."""
    return StaffSession(
        id=DutyId("d" * 22),
        account="anna",
        role=role,
        services=frozenset(services),
        units=frozenset(units),
        token=Token(20_000, b"t" * 32),
        expires_at=NOW + timedelta(hours=16),
    )


@dataclass
class Pages:
    """The staff's pages over a house that knows one sign-in and these figures."""

    session: StaffSession | None
    rows: Sequence[BoardRow] = ()
    counters: Mapping[ServiceId, Mapping[str, int]] = field(default_factory=dict)
    figures: Mapping[ServiceId, Mapping[str, int]] = field(default_factory=dict)
    """What has been told of closed weeks."""
    told: Sequence[Figure] = ()
    """The same, figure by figure, for the pages that look at one by one."""
    sanctions: Sequence[Sanction] = ()
    late: Sequence[Ticket] = ()
    handed: Sequence[Count] = ()
    site: Site = field(default_factory=demo_site)
    without_key: Sequence[str] = ()
    """Receivers whose units have no key yet."""
    alerts: AlertsListed = field(default_factory=AlertsListed)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a page, as a browser with the staff cookie does."""
        app = Starlette(routes=[*operator_pages.routes, *staffing_pages.routes, *supervisor_pages.routes])
        app.state.house = self._house()
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as browser:
            return await browser.get(path, headers=COOKIE if headers is None else headers)

    def _house(self) -> SimpleNamespace:
        async def live(token: str | None) -> StaffSession | None:
            return self.session if token == "token" else None

        async def board(ids: Sequence[ServiceId]) -> list[BoardRow]:
            return [row for row in self.rows if row.service in ids]

        async def counters(
            ids: Sequence[ServiceId], day: date, last: date | None = None
        ) -> dict[ServiceId, Mapping[str, int]]:
            assert (day, last) == (NOW.date(), None)
            return {id_: counted for id_, counted in self.counters.items() if id_ in ids}

        async def sums(
            ids: Collection[ServiceId], first: Week, last: Week, names: Collection[str]
        ) -> dict[ServiceId, dict[str, int]]:
            assert last < Week.of(NOW.date())
            told = {id_: self.figures.get(id_, {}) for id_ in ids}
            return {id_: {name: each[name] for name in names if name in each} for id_, each in told.items()}

        async def told(service: ServiceId, first: Week, last: Week, names: Collection[str]) -> list[Figure]:
            theirs = [each for each in self.told if each.service == service and each.name in names]
            return [each for each in theirs if first <= each.week <= last]

        async def late(
            senders: Collection[OrganisationId], receivers: Collection[OrganisationId]
        ) -> list[Ticket]:
            return [each for each in self.late if each.sender in senders or each.organisation in receivers]

        async def counts(ids: Collection[ServiceId], first: date, last: date) -> list[Count]:
            return [each for each in self.handed if each.service in ids and first <= each.day <= last]

        async def unit_keys() -> dict[ReceiverId, bytes]:
            return {id_: b"k" * 32 for id_ in self.site.receivers if id_ not in self.without_key}

        async def alerts(ids: Collection[ServiceId]) -> AlertsListed:
            return self.alerts if ids else AlertsListed()

        async def no_shifts(*_: object) -> list[object]:
            return []

        async def told_until() -> Week:
            return Week.last_closed(NOW)

        store = SimpleNamespace(counters=counters)
        clock = SimpleNamespace(now=lambda: NOW)
        handovers = Handovers(
            Border(self.site.receivers, self.site.partnerships),
            {id_: organisation.name for id_, organisation in self.site.organisations.items()},
            (),
            SimpleNamespace(unit_keys=unit_keys, counts=counts),
            None,  # type: ignore[arg-type]
            clock,
            None,  # type: ignore[arg-type]
        )
        house = SimpleNamespace(
            site=self.site,
            languages=LANGUAGES,
            templates=TEMPLATES,
            accounts=SimpleNamespace(session=live),
            chat=SimpleNamespace(
                lobby=SimpleNamespace(store=store), board=SimpleNamespace(rows=board, alerts=alerts)
            ),
            office=SimpleNamespace(
                keeper=SimpleNamespace(late=late),
                handovers=handovers,
            ),
            limits=SimpleNamespace(
                sanctions=lambda ids: [each for each in self.sanctions if each.service in ids]
            ),
            clock=clock,
            roster=SimpleNamespace(shifts=no_shifts, mine=no_shifts, warnings=no_shifts),
            figures=SimpleNamespace(sums=sums, told=told),
        )
        house.page = lambda *args, **named: House.page(house, *args, **named)  # type: ignore[arg-type]
        house.may_serve = lambda who: House.may_serve(house, who)  # type: ignore[arg-type]
        house.told_until = told_until
        house.name_of = lambda service: House.name_of(house, service)  # type: ignore[arg-type]
        return house


def row(service: ServiceId, **figures: Any) -> BoardRow:
    """Return a quiet, open service with these figures changed."""
    quiet = BoardRow(
        service=service,
        open=True,
        cannot_open=None,
        waiting=0,
        longest_wait_s=None,
        on_duty=(),
        active=0,
        answered=0,
        abandoned=0,
    )
    return replace(quiet, **figures)


def given(page: str) -> dict[str, Any]:
    """Return what a console page hands to its scripts."""
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    values: dict[str, Any] = json.loads(found[1])
    return values
