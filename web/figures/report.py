# SPDX-License-Identifier: EUPL-1.2
"""What is shown of one service: figures in, one `Report` out, for page, CSV and JSON alike.

Owns which sections there are and how each is worked out. Nothing here tells one operator from another: there
is no figure about one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from chat.grid import Week, hours_of, hours_shown, weeks_of_year
from chat.histograms import LASTED, WAITED, Steps, wanted
from chat.ids import ServiceId, Track
from chat.published import Figure
from chat.statistics import UNSAFE as UNSAFE_COUNTED
from chat.statistics import Counted as Counter_
from chat.wrapping_up import THEMES, UNTOLD, counter, counters
from handover.goals import Goal, Indicator
from web.figures.periods import Kind, Period, parts_of, trend_of
from web.figures.tally import Tally, quantile, rate, share, total
from web.figures.values import Cell, Counted, Rate, Report, Row, Section

ABANDONED: Final = ("abandoned_waiting", "abandoned_offered")
OPEN: Final = ("answered", *ABANDONED)
"""Whoever came while it was open."""
WANTED: Final = (*OPEN, "refused_closed")
"""Whoever wanted to chat, also while it was closed."""
UNSAFE: Final = tuple(map(str, UNSAFE_COUNTED.values()))
HANDED: Final = (
    "handover_asked",
    "handover_declined_by_her",
    "handover_sent",
    "handover_opened",
    "handover_accepted",
    "handover_declined",
    "handover_returned",
    "handover_expired",
    "handover_withdrawn",
)
EXIT: Final = tuple(each.value for each in Counter_ if each.startswith("exit_"))
INDICATORS: Final[Mapping[Indicator, str]] = {
    Indicator.CONVERSATIONS_ANSWERED: "answered",
    Indicator.HANDOVERS_SENT: "handover_sent",
    Indicator.HANDOVERS_OPENED: "handover_opened",
    Indicator.HANDOVERS_ACCEPTED: "handover_accepted",
}
HARD: Final = (*UNSAFE, "rescued", "supervised", "taken_over")
HANDS: Final = (
    "ended",
    "transferred",
    "taken_on",
    "handed_back",
    "accompanied",
    "offer_unanswered",
    "transfer_unanswered",
)
HOURS: Final = tuple(wanted(day, hour) for day in range(7) for hour in range(24))

OF_ALL: Final = frozenset({*WANTED, *WAITED.counters, "shifts", *UNSAFE})
"""The counters that an overview of several services needs."""
OF_YEAR: Final = frozenset({*OF_ALL, *LASTED.counters, *EXIT, *HANDED, *HARD, *HANDS})
"""Those that the yearly report needs."""
OF_ONE: Final = OF_YEAR.union(*counters().values())
"""Those that the page of one service needs, besides the hours of its period."""
BESIDE: Final = ("now", "before")
"""The period, and the one before it."""
SHARES: Final = ("answered", "abandoned", "share")
TREND: Final = ("demand", "answered", "abandoned", "refused_closed", "share")


def reads_from(period: Period) -> Week:
    """Return the first week whose figures the report of a period needs."""
    return min(period.before.first, trend_of(period)[0].first)


def report(
    service: ServiceId,
    track: Track,
    figures: Iterable[Figure],
    period: Period,
    goals: Sequence[Goal] = (),
    *,
    short: bool = False,
) -> Report:
    """Return what is shown of a service in a period.

    `figures`: those told of it from `reads_from(period)` on; more do no harm. `goals`: of its agreements.
    `short`: without what forms and hours tell.
    """
    tally = Tally(figures)
    both = (period, period.before)
    return Report(
        service,
        period,
        (
            Section("demand", BESIDE, tuple(_demand(tally, both))),
            Section("trend", TREND, tuple(_trend(tally, each) for each in trend_of(period))),
            *_shares(tally, period),
            _took("waits", WAITED, tally, both),
            _took("lengths", LASTED, tally, both),
            *([] if short or period.kind is Kind.WEEK else [_hours(tally, period)]),
            _plain("exit", EXIT, tally, both),
            *([] if short else _told(tally, track, both)),
            _plain("handovers", HANDED, tally, both),
            *([_goals(goals, tally, both)] if goals else []),
            _plain("hard", HARD, tally, both),
            _plain("hands", HANDS, tally, both),
        ),
    )


_OF_WHOM: Final = ("demand", "answered", "share", "abandoned", "refused_closed")


def overview(tallies: Mapping[ServiceId, Tally], period: Period, name: str) -> Section:
    """Return one row for each service of one organisation and track, and with several one for all of them."""
    columns = (*_OF_WHOM, "wait", "wait_long", "per_shift", "unsafe")
    rows = [Row(service, _line(tally, period)) for service, tally in tallies.items()]
    if len(rows) > 1:
        rows.append(Row("total", _summed(list(tallies.values()), period)))
    return Section("services", columns, tuple(rows), name)


def _line(tally: Tally, period: Period) -> tuple[Cell, ...]:
    answered = tally.of("answered", period)
    waited = [tally.of(name, period) for name in WAITED.counters]
    return (
        tally.sum(WANTED, period),
        answered,
        share([answered], [tally.of(name, period) for name in ABANDONED]),
        tally.sum(ABANDONED, period),
        tally.of("refused_closed", period),
        quantile(WAITED, waited, 50),
        quantile(WAITED, waited, 90),
        rate([answered], [tally.of("shifts", period)]),
        tally.sum(UNSAFE, period),
    )


def _summed(tallies: Sequence[Tally], period: Period) -> tuple[Cell, ...]:
    def each(*names: str) -> list[Counted | None]:
        return [tally.of(name, period) for tally in tallies for name in names]

    def over_all(*names: str) -> Counted | None:
        return total(each(*names))

    waited = [over_all(name) for name in WAITED.counters]
    return (
        over_all(*WANTED),
        over_all("answered"),
        share(each("answered"), each(*ABANDONED)),
        over_all(*ABANDONED),
        over_all("refused_closed"),
        # What is hidden here may be hidden in every service: the middle of sums would be a guess.
        *(quantile(WAITED, waited, percent) if len(tallies) == 1 else None for percent in (50, 90)),
        rate(each("answered"), each("shifts")),
        over_all(*UNSAFE),
    )


def _demand(tally: Tally, both: Sequence[Period]) -> Iterable[Row]:
    answered = [tally.of("answered", each) for each in both]
    shifts = [tally.of("shifts", each) for each in both]
    yield Row("demand", tuple(tally.sum(WANTED, each) for each in both))
    yield Row("answered", tuple(answered))
    yield Row(
        "share",
        tuple(
            share([given], [tally.of(name, each) for name in ABANDONED])
            for given, each in zip(answered, both, strict=True)
        ),
    )
    for name in (*ABANDONED, "refused_closed"):
        yield Row(name, tuple(tally.of(name, each) for each in both))
    yield Row("shifts", tuple(shifts))
    yield Row("per_shift", tuple(rate([had], [of]) for had, of in zip(answered, shifts, strict=True)))


def _trend(tally: Tally, period: Period) -> Row:
    answered = tally.of("answered", period)
    return Row(
        str(period),
        (
            tally.sum(WANTED, period),
            answered,
            tally.sum(ABANDONED, period),
            tally.of("refused_closed", period),
            share([answered], [tally.of(name, period) for name in ABANDONED]),
        ),
    )


def _shares(tally: Tally, period: Period) -> Iterable[Section]:
    """Yield the share that was answered by parts of two years, where the trend's months cannot say it.

    The parts are the shortest of which most can say it: quarters, halves or the years themselves.
    """
    place = TREND.index("share")
    for parts in parts_of(period):
        rows = [_trend(tally, each) for each in parts]
        if sum(row.cells[place] is not None for row in rows) * 2 >= len(rows):
            if parts[0].kind is not Kind.MONTH:
                columns = [TREND.index(name) for name in SHARES]
                rows = [Row(row.id, tuple(row.cells[each] for each in columns)) for row in rows]
                yield Section("shares", SHARES, tuple(rows))
            return


def _took(id_: str, steps: Steps, tally: Tally, both: Sequence[Period]) -> Section:
    counted = [[tally.of(name, each) for name in steps.counters] for each in both]
    middles = (
        Row(f"p{percent}", tuple(quantile(steps, each, percent) for each in counted)) for percent in (50, 90)
    )
    lines = (Row(name, cells) for name, cells in zip(steps.counters, zip(*counted, strict=True), strict=True))
    return Section(id_, BESIDE, (*middles, *lines))


def _hours(tally: Tally, period: Period) -> Section:
    """Return how many wanted to chat in each hour of the week, for each time that hour came.

    An hour that comes twice in autumn came twice, one that is missing in spring did not come. These counters
    are closed with the last week of a month, so a week has none of its own.
    """
    more: Counter[tuple[int, int]] = Counter()
    for week in period.weeks:
        more.update(_unusual(week))
    rows = (
        Row(
            str(day),
            tuple(
                _hour(tally, period, (day, hour), len(period.weeks) + more[day, hour]) for hour in range(24)
            ),
        )
        for day in range(7)
    )
    return Section("hours", tuple(f"{hour:02}" for hour in range(24)), tuple(rows))


def _hour(tally: Tally, period: Period, hour: tuple[int, int], came: int) -> Rate | None:
    """Return how many for each time that an hour came: `came` times in the period, and some before it."""
    counted = tally.of(wanted(*hour), period)
    if counted is None:
        return None
    since = min(counted.since or period.first, period.first)
    came += (period.first.monday - since.monday).days // 7
    # By years, not week by week: there are 168 hours, and some have been gathered for long.
    for year in range(since.year, period.first.year + 1):
        came += sum(more.get(hour, 0) for week, more in _clock_changes(year) if since <= week < period.first)
    return Rate((counted.value * 20 + came) // (came * 2)) if came else None


@lru_cache(maxsize=300)
def _clock_changes(year: int) -> tuple[tuple[Week, Mapping[tuple[int, int], int]], ...]:
    found = ((week, _unusual(week)) for week in weeks_of_year(year))
    return tuple((week, more) for week, more in found if more)


@lru_cache(maxsize=1_000)
def _unusual(week: Week) -> Mapping[tuple[int, int], int]:
    """Return by how much more or less than once an hour comes in a week, where that is so."""
    if all(hours_of(week.monday + timedelta(days=ahead)) == 24 for ahead in range(7)):
        return {}
    came = Counter(hours_shown(week))
    every = ((day, hour) for day in range(7) for hour in range(24))
    return {each: came[each] - 1 for each in every if came[each] != 1}


def _plain(id_: str, names: Iterable[str], tally: Tally, both: Sequence[Period]) -> Section:
    return Section(
        id_, BESIDE, tuple(Row(name, tuple(tally.of(name, each) for each in both)) for name in names)
    )


def _told(tally: Tally, track: Track, both: Sequence[Period]) -> Iterable[Section]:
    """Return a section for each question of the form; the first row of each says how many forms there are."""
    forms = Row("forms", tuple(tally.sum(counters()["channel"], each) for each in both))
    themes = {counter("theme", each) for each in (*THEMES[track], UNTOLD)}
    for field, names in counters().items():
        asked = [name for name in names if field != "themes" or name in themes]
        rows = _plain(field, asked, tally, both).rows
        yield Section("told_" + field, BESIDE, (forms, *rows))


def _goals(goals: Sequence[Goal], tally: Tally, both: Sequence[Period]) -> Section:
    """Return those goals that something counted says something of."""
    counted = [(number, each.text, each.indicator) for number, each in enumerate(goals) if each.indicator]
    return Section(
        "goals",
        BESIDE,
        tuple(
            Row(f"{number} {indicator}", tuple(tally.of(INDICATORS[indicator], each) for each in both), text)
            for number, text, indicator in counted
        ),
    )
