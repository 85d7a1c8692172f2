# SPDX-License-Identifier: EUPL-1.2
"""Made-up figures for the demonstration, so that the statistics of a new one are not empty.

Owns how they are made up: the same every time, from the service's own opening hours, and told by the rule of
`chat/published.py` like any others. Nothing outside the demo may rest on anything here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from chat.grid import Week, weeks_of_year
from chat.histograms import LASTED, WAITED, wanted_at
from chat.ids import ServiceId, Track
from chat.ports import Clock
from chat.published import FEWEST_SHOWN, Figure
from chat.statistics import EXIT_ANSWERS, EXIT_QUESTIONS
from chat.wrapping_up import THEMES, counter, counters
from config.site import PublicService, Site

_BUSY: Final[Mapping[str, int]] = {"linden": 26, "eken": 19, "bron": 11, "hamnen": 6}
"""How many want to chat in a usual week; in services that are not named as many as in the quietest."""
_WAITS: Final = (22, 18, 17, 19, 11, 7, 3, 2, 1, 0)
_LENGTHS: Final = (5, 7, 14, 19, 23, 18, 9, 4, 1, 0)
_EXIT: Final = (62, 27, 11)
_CHANNELS: Final = (80, 11, 4, 3, 2)
_MADE_OF = 100


class MadeUpFigures:
    """Figures from the beginning of the year before last, made when somebody looks at a service."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self._site = site
        self._clock = clock
        self._made: dict[tuple[ServiceId, Week], list[Figure]] = {}

    async def told(
        self, service: ServiceId, first: Week, last: Week, names: Collection[str] | None = None
    ) -> list[Figure]:
        """Return the figures told in the weeks from `first` to `last`, of some counters or all."""
        made = self._of(service)
        weeks = [each.week for each in made]
        found = made[bisect_left(weeks, first) : bisect_right(weeks, last)]
        return found if names is None else [each for each in found if each.name in names]

    async def first_week(self, service: ServiceId) -> Week | None:
        """Return the first week that anything was made up of."""
        made = self._of(service)
        return min((each.since for each in made), default=None)

    async def sums(
        self, services: Collection[ServiceId], first: Week, last: Week, names: Collection[str] | None = None
    ) -> dict[ServiceId, dict[str, int]]:
        """Return the sums of what was told in these weeks, by service and counter."""
        found: dict[ServiceId, dict[str, int]] = {}
        for service in services:
            added: Counter[str] = Counter()
            for figure in await self.told(service, first, last, names):
                added[figure.name] += figure.value
            found[service] = dict(added)
        return found

    def _of(self, service: ServiceId) -> list[Figure]:
        last = Week.last_closed(self._clock.now())
        known = self._site.services.get(service)
        if known is None:
            return []
        if (service, last) not in self._made:
            self._made = {key: each for key, each in self._made.items() if key[1] == last}
            self._made[service, last] = list(_told(known, last))
        return self._made[service, last]


def _told(service: PublicService, last: Week) -> Iterator[Figure]:
    """Yield what the rule tells of the made-up weeks, the oldest first."""
    gathered: Counter[str] = Counter()
    since: dict[str, Week] = {}
    week = opened = weeks_of_year(last.year - 2)[0]
    id_ = service.chat.id
    monthly: Counter[str] = Counter()
    while week <= last:
        counted, hours = _week(service, week)
        monthly.update(hours)
        if week.after.month != week.month:
            counted.update(monthly)
            monthly = Counter()
        for name, value in counted.items():
            since.setdefault(name, opened)
            gathered[name] += value
            told = gathered[name] - gathered[name] % FEWEST_SHOWN
            if told:
                yield Figure(id_, name, since[name], week, told)
                gathered[name] -= told
                since[name] = week.after
        week = week.after


def _week(service: PublicService, week: Week) -> tuple[Counter[str], Counter[str]]:
    """Return what is counted in one made-up week, and by hour of the week."""
    chance = Random(f"{service.chat.id} {week}")  # noqa: S311 - the same figures every time
    counted: Counter[str] = Counter()
    hours: Counter[str] = Counter()
    usual = _BUSY.get(service.chat.id, min(_BUSY.values()))
    # Fewer in summer, more after the holidays, and a few more each year.
    season = 1 + (0.15 if week.number < 8 else -0.25 if 25 < week.number < 33 else 0) + 0.05 * (week.year % 5)
    begins = datetime(week.monday.year, week.monday.month, week.monday.day, tzinfo=UTC)
    for _ in range(round(usual * season * chance.uniform(0.75, 1.25))):
        # Most come in the evening; a demo's own services are always open, which no real one is.
        at = begins + timedelta(
            days=min(6, int(chance.triangular(0, 7, 2))), hours=chance.triangular(6, 24, 19)
        )
        is_open = 16 <= at.hour < 22 and chance.random() < 0.95
        hours[wanted_at(at)] += 1
        _chat(counted, chance, service.chat.track, is_open=is_open)
    counted["shifts"] += max(2, round(usual / 5 + chance.uniform(-1, 1)))
    return counted, hours


def _chat(counted: Counter[str], chance: Random, track: Track, *, is_open: bool) -> None:
    if not is_open:
        counted["refused_closed"] += 1
        return
    if chance.random() > 0.9:
        counted["abandoned_waiting" if chance.random() < 0.8 else "abandoned_offered"] += 1
        return
    counted["answered"] += 1
    counted["ended"] += 1
    counted[chance.choices(WAITED.counters, _WAITS)[0]] += 1
    counted[chance.choices(LASTED.counters, _LENGTHS)[0]] += 1
    for name, often in (
        ("rescued", 4),
        ("transferred", 6),
        ("handed_back", 5),
        ("supervised", 3),
        ("taken_over", 1),
    ):
        counted[name] += chance.random() * _MADE_OF < often
    if chance.random() < 0.02:
        counted[chance.choice(("unsafe_threat", "unsafe_harassment", "unsafe_sexual", "unsafe_spam"))] += 1
    for question in EXIT_QUESTIONS:
        if chance.random() < 0.4:
            answer = chance.choices(EXIT_ANSWERS, _EXIT)[0]
            counted[f"exit_{question}_{answer}"] += 1
    _handover(counted, chance)
    if chance.random() < 0.85:
        _form(counted, chance, track)


def _handover(counted: Counter[str], chance: Random) -> None:
    steps = (("asked", 14), ("sent", 70), ("opened", 88), ("accepted", 80))
    for step, often in steps:
        if chance.random() * _MADE_OF >= often:
            other = {"sent": "declined_by_her", "opened": "returned", "accepted": "declined"}.get(step)
            if other is not None:
                counted["handover_" + other] += 1
            return
        counted["handover_" + step] += 1


def _form(counted: Counter[str], chance: Random, track: Track) -> None:
    for field, names in counters().items():
        known = [
            name
            for name in names
            if field != "themes" or name in {counter("theme", each) for each in THEMES[track]}
        ]
        if field == "channel":
            counted[chance.choices(known, _CHANNELS)[0]] += 1
            continue
        weights = [len(known) - place for place in range(len(known))]
        for name in {
            chance.choices(known, weights)[0] for _ in range(2 if field in {"violence", "themes"} else 1)
        }:
            counted[name] += 1
