# SPDX-License-Identifier: EUPL-1.2
"""The demo's made-up figures: the same every time, told like real ones, made only when somebody looks."""

from __future__ import annotations

from types import SimpleNamespace

from chat.grid import Week, weeks_of_year
from chat.ids import ServiceId
from chat.published import FEWEST_SHOWN
from tests.unit.web.staff import LINDEN, NOW, demo_site
from web.demo_figures import MadeUpFigures
from web.figures.report import OF_ONE

FIRST, LAST = weeks_of_year(2024)[0], Week.last_closed(NOW)


def made() -> MadeUpFigures:
    """Return the figures of a new demo."""
    return MadeUpFigures(demo_site(), SimpleNamespace(now=lambda: NOW))


async def test_figures_are_the_same_every_time() -> None:
    """Whoever opens the page twice, or starts the demo again, sees the same."""
    assert await made().told(LINDEN, FIRST, LAST) == await made().told(LINDEN, FIRST, LAST)
    assert await made().first_week(LINDEN) == FIRST


async def test_figures_are_told_as_real_ones_are() -> None:
    """In whole sevens, of weeks that are over, none twice; hours with the last week of their month."""
    figures = await made().told(LINDEN, FIRST, LAST)
    assert len(figures) > 1_000
    since: dict[str, Week] = {}
    for each in figures:
        assert each.value > 0
        assert each.value % FEWEST_SHOWN == 0
        assert since.get(each.name, FIRST) == each.since <= each.week <= LAST
        since[each.name] = each.week.after
        if each.name.startswith("wanted_"):
            assert each.week == each.week.month.weeks[-1]
    assert {"answered", "refused_closed", "shifts", "handover_sent"} <= set(since)


async def test_part_is_a_part() -> None:
    """Some weeks, some counters, and their sums."""
    whole = await made().told(LINDEN, FIRST, LAST)
    some = await made().told(LINDEN, FIRST.after, LAST.before, OF_ONE)
    assert some == [each for each in whole if each.week not in {FIRST, LAST} and each.name in OF_ONE]
    sums = await made().sums([LINDEN], FIRST, LAST, ["answered"])
    assert sums == {LINDEN: {"answered": sum(each.value for each in whole if each.name == "answered")}}
    assert await made().told(ServiceId("nowhere"), FIRST, LAST) == []
