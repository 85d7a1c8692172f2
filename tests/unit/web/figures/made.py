# SPDX-License-Identifier: EUPL-1.2
"""Made figures, and the pages of the statistics over a house that knows them and one sign-in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import httpx
from starlette.applications import Starlette

from chat.grid import Week
from chat.ids import ServiceId
from chat.published import Figure
from config.site import Site
from tests.texts import LANGUAGES, TEMPLATES
from tests.unit.web.staff import COOKIE, LINDEN, NOW, demo_site
from web.accounts.account import StaffSession
from web.figures import pages
from web.house import House

W = Week.of(date(2025, 3, 3))
"""The first week of March 2025 on the grid."""


def week(later: int) -> Week:
    """Return the week so many after `W`."""
    found = W
    for _ in range(abs(later)):
        found = found.after if later > 0 else found.before
    return found


def figure(
    name: str, value: int, later: int = 0, *, since: int | None = None, service: ServiceId = LINDEN
) -> Figure:
    """Return a figure told `later` weeks after `W`, counted from `since` weeks after it."""
    return Figure(service, name, week(later if since is None else since), week(later), value)


class Told:
    """Figures, as their store gives them."""

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self.figures = sorted(figures, key=lambda each: each.week)
        self.asked: list[tuple[ServiceId, Week, Week]] = []

    async def told(
        self, service: ServiceId, first: Week, last: Week, names: Collection[str] | None = None
    ) -> list[Figure]:
        """Return those of a service in some weeks, of some counters or all."""
        self.asked.append((service, first, last))
        found = [each for each in self.figures if each.service == service and first <= each.week <= last]
        return found if names is None else [each for each in found if each.name in names]

    async def first_week(self, service: ServiceId) -> Week | None:
        """Return the first that anything was told of."""
        return min((each.since for each in self.figures if each.service == service), default=None)

    async def sums(
        self, services: Collection[ServiceId], first: Week, last: Week, names: Collection[str]
    ) -> dict[ServiceId, dict[str, int]]:
        """Return the sums of what was told, by service and counter."""
        found: dict[ServiceId, dict[str, int]] = {}
        for service in services:
            added = Counter[str]()
            for each in self.figures:
                if each.service == service and first <= each.week <= last and each.name in names:
                    added[each.name] += each.value
            found[service] = dict(added)
        return found


@dataclass
class Pages:
    """The pages of the statistics over these figures."""

    session: StaffSession | None
    figures: Sequence[Figure] = ()
    site: Site = field(default_factory=demo_site)
    demo: bool = False
    told_until: Week = field(default_factory=lambda: Week.last_closed(NOW))
    """The last week that is closed in the books."""
    store: Told = field(init=False)

    def __post_init__(self) -> None:
        self.store = Told(self.figures)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page, as a browser with the staff cookie does."""
        app = Starlette(routes=pages.routes)
        app.state.house = self.house()
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as browser:
            return await browser.get(path, headers=COOKIE if headers is None else dict(headers))

    def house(self) -> Any:
        """Return as much of a house as the pages need."""

        async def live(token: str | None) -> StaffSession | None:
            return self.session if token == "token" else None

        async def told_until() -> Week:
            return self.told_until

        house = SimpleNamespace(
            site=self.site,
            languages=LANGUAGES,
            templates=TEMPLATES,
            accounts=SimpleNamespace(session=live),
            figures=self.store,
            clock=SimpleNamespace(now=lambda: NOW),
            told_until=told_until,
            demo=self.demo,
        )
        house.page = lambda *args, **named: House.page(house, *args, **named)  # type: ignore[arg-type]
        house.may_serve = lambda who: House.may_serve(house, who)  # type: ignore[arg-type]
        house.name_of = lambda service: House.name_of(house, service)  # type: ignore[arg-type]
        return house
