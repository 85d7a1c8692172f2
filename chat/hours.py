# SPDX-License-Identifier: EUPL-1.2
"""When a service is open, by the clock on the wall in Sweden.

Owns `OpeningHours`, what a local day is and when a wall clock shows a time. Time comes as aware UTC and
leaves as aware UTC; Europe/Stockholm is only used in between. Knows no service, no roster and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import opening_hours

STOCKHOLM = ZoneInfo("Europe/Stockholm")

Span = tuple[datetime, datetime]
"""A half-open stretch of time, from and until, in UTC."""

_DAY = timedelta(days=1)
_HORIZON_DAYS = 366
"""How far a change is looked for; what stays the same for a year is said to stay so."""

LONGEST = 500
"""Characters of an expression. Many times what any service says, and as much as may be read in a moment."""

_TIMES = r"\d{1,2}:\d{2} ?- ?\d{1,2}:\d{2}"
# Two runs of spaces side by side could be parted in very many ways, all tried before it is no rule: there is
# at most one space anywhere, and it belongs to what follows.
_RULE = re.compile(
    rf"(?P<days>.*?)(?: ?(?P<times>{_TIMES}(?: ?, ?{_TIMES})*))?(?: ?(?P<word>open|off|closed))?"
)
_ADDED_RULE = re.compile(r"(?:(?<=:\d\d)|(?<=off)|(?<=closed)|(?<=open)|(?<=24/7))\s*,\s*(?!\d{1,2}:)")
"""A comma after a rule's times, before another rule's days: that rule adds and replaces nothing."""
_SPECIAL_DAY = re.compile(r"\b(?:PH|SH|EVE)\b")


def local_day(now: datetime) -> date:
    """Return the calendar day in Sweden at `now`, an aware datetime; a naive one raises ValueError."""
    return _aware(now).astimezone(STOCKHOLM).date()


def is_working_day(day: date) -> bool:
    """Tell whether authorities in Sweden work on a day: no weekend, no red day, no eve kept as one."""
    return day.weekday() < 5 and not is_day_off(day)


def is_day_off(day: date) -> bool:
    """Tell whether a day is red in Sweden, or an eve kept as one. A Sunday alone is neither."""
    return any(day in _days_off(day.year, kind) for kind in ("public", "de_facto"))


def instant(day: date, minutes: int) -> datetime:
    """Return when a wall clock in Sweden shows `minutes` after midnight of `day`, in UTC.

    In autumn a time may come twice: the first one counts, so nothing opens or closes again an hour later. In
    spring a time may be skipped: then it is the moment of the skip, which falls on a full hour.
    """
    shown = datetime.combine(day, time(), STOCKHOLM) + timedelta(minutes=minutes)
    found = shown.astimezone(UTC)
    if found.astimezone(STOCKHOLM).replace(tzinfo=None) != shown.replace(tzinfo=None):
        found = shown.replace(minute=0).astimezone(UTC)
    return found


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same stretches of time in order, those that touch or overlap as one, empty ones left out."""
    whole: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return tuple(whole)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of one service, as an OpenStreetMap `opening_hours` expression.

    Rules are parted by `;`, and a later one replaces the earlier for its days: `Mo-Fr 18:00-21:00; PH off`.
    Spans may be several (`10:00-12:00,18:00-21:00`) and may pass midnight (`20:00-02:00`). A span belongs to
    the day on which it begins: neither `PH off` nor the next day's own rule cuts off the night before, and
    the night after a closed day is not open. (opening-hours-py itself cuts at midnight, so it is asked about
    days only.)

    `PH` are the red days of Sweden, Sundays not among them. `EVE` is a word of our own for midsommarafton,
    julafton and nyårsafton, the eves that `holidays` lists as days off in fact. While `eves_closed`, they
    count as `PH` too, and a rule for `EVE` may follow: `Mo-Fr 10:00-16:00; PH off; EVE 10:00-12:00`. An
    expression that names neither is not changed by them. Nothing opens on one of `closed_dates`.

    What the expression says may be narrowed: to when somebody is there (`staffed`), and by what was closed
    before its time (`closings`). It is open where the expression, all of `staffed` and none of `closings` say
    so. Neither ever opens what the expression keeps closed.

    Raises:
        ValueError: on making, for an expression that cannot be read, with the reason in words, and for
            `staffed` or `closings` that are not as `joined` returns them.
    """

    expression: str
    last_chat_minutes: int = 0
    """No new chat is taken this many minutes before closing."""
    closed_dates: frozenset[date] = frozenset()
    eves_closed: bool = True
    staffed: tuple[Span, ...] | None = None
    """When somebody is on a shift, in order and apart from each other; None: it is not asked."""
    closings: tuple[Span, ...] = ()
    """What is closed before its time, in the same form."""

    def __post_init__(self) -> None:
        if self.last_chat_minutes < 0:
            raise ValueError("the minutes before closing cannot be negative")
        for spans in (self.staffed or (), self.closings):
            if joined(spans) != spans:
                raise ValueError("the spans must be in order and apart from each other")
        if len(self.expression) > LONGEST:
            raise ValueError(f"the opening hours have more than {LONGEST} characters")
        _rules(self.expression)

    @classmethod
    def parse(
        cls,
        expression: str,
        *,
        last_chat_minutes: int = 0,
        closed_dates: frozenset[date] = frozenset(),
        eves_closed: bool = True,
    ) -> OpeningHours:
        """Return the hours that `expression` says, or raise ValueError with the reason."""
        return cls(_tidy(expression), last_chat_minutes, closed_dates, eves_closed)

    def is_open(self, now: datetime) -> bool:
        """Tell whether the service is open: from its opening on, until just before its closing."""
        return self._end_of_span(_aware(now)) is not None

    def takes_new(self, now: datetime) -> bool:
        """Tell whether a new chat may start: open, and closing is further off than `last_chat_minutes`."""
        if not self.is_open(now):
            return False
        if self.last_chat_minutes == 0:
            return True
        closing = self.closes_at(now)
        return closing is None or closing - now > timedelta(minutes=self.last_chat_minutes)

    def closes_at(self, now: datetime) -> datetime | None:
        """Return when this opening ends (UTC); None when closed, or when it is open for a year to come."""
        end = self._end_of_span(_aware(now))
        return None if end is None else _end_of_opening(self, end)

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when it opens next (UTC); None when it is open, or stays closed for a year to come.

        For the opening after the present one, ask with `closes_at(now)`.
        """
        if self.is_open(now):
            return None
        today, last = local_day(now), _HORIZON_DAYS
        if self.staffed is not None:
            last = (local_day(self.staffed[-1][1]) - today).days if self.staffed else -1
        for ahead in range(min(last, _HORIZON_DAYS) + 1):
            day = today + ahead * _DAY
            # What is left of a night may begin on the morning after it. Then nothing of that morning's own
            # comes before: the night covers it.
            begins = [start for start, _ in _open_on(self, day - _DAY, day) if start > now]
            if begins:
                return min(begins)
        return None

    def _end_of_span(self, now: datetime) -> datetime | None:
        today = local_day(now)
        around = _open_on(self, today - _DAY, today)
        return max((end for start, end in around if start <= now < end), default=None)


def _aware(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("a time without a time zone cannot be placed in an opening")
    return now


# --- reading an expression ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule: on which days it holds, and the minutes from midnight between which those days are open."""

    every_day: bool
    red: bool
    eve: bool
    days: opening_hours.OpeningHours | None
    """Open at noon on just the days that the rule names in standard words."""
    minutes: tuple[tuple[int, int], ...]
    adds: bool

    def holds_on(self, day: date, *, eves_are_red: bool) -> bool:
        if self.every_day or (self.days is not None and self.days.is_open(datetime.combine(day, time(12)))):
            return True
        if self.red and day in _days_off(day.year, "public"):
            return True
        return (self.eve or (self.red and eves_are_red)) and day in _days_off(day.year, "de_facto")


@lru_cache(maxsize=1024)
def _rules(expression: str) -> tuple[_Rule, ...]:
    return tuple(
        _rule(text.strip(), adds=position > 0)
        for replacing in _tidy(expression).split(";")
        for position, text in enumerate(_ADDED_RULE.split(replacing))
    )


def _tidy(expression: str) -> str:
    """Return an expression with one space wherever there are some: before any pattern meets it."""
    return " ".join(expression.split())


def _rule(text: str, *, adds: bool) -> _Rule:
    reading = f"cannot read the opening hours {text!r}: "
    parts = _RULE.fullmatch(text)
    if not text:
        raise ValueError("the opening hours hold an empty rule: nothing at all, or a ';' too many")
    if parts is None or _standard(text) is None:
        raise ValueError(reading + "write days and times as in 'Mo-Fr 18:00-21:00' or 'PH off'")
    if parts["times"] and parts["word"] in {"off", "closed"}:
        raise ValueError(reading + "name the times that are open, not those that are not")
    if re.search(r",\s", parts["days"]):
        raise ValueError(reading + "write a list of days without spaces, as in 'Mo,We 18:00-21:00'")
    names = parts["days"].split(",")
    special = {name for name in names if name in {"PH", "EVE"}}
    days = ",".join(name for name in names if name not in special)
    every_day = days in {"", "24/7"} and not special
    if _SPECIAL_DAY.search(days) or (special and " " in days):
        raise ValueError(reading + "PH and EVE stand alone or in a plain list of weekdays; SH is not known")
    selector = None if every_day or not days else _standard(f"{days} 12:00-13:00")
    if re.search(r'[:"|+]|unknown', days) or not (every_day or special or selector):
        raise ValueError(reading + "only days and plain times are understood, no comments or sun times")
    return _Rule(every_day, "PH" in special, "EVE" in special, selector, _minutes(parts), adds)


def _standard(text: str) -> opening_hours.OpeningHours | None:
    """Return the expression as the library reads it, or None when it cannot or only by guessing."""
    try:
        read = opening_hours.OpeningHours(re.sub(r"\bEVE\b", "PH", text))
    except opening_hours.ParserError:  # type: ignore[attr-defined]  # it is there, its stub forgot it
        return None
    return None if read.warnings else read


def _minutes(parts: re.Match[str]) -> tuple[tuple[int, int], ...]:
    if parts["word"] in {"off", "closed"}:
        return ()
    if not parts["times"]:
        return ((0, 24 * 60),)
    spans = []
    for span in parts["times"].split(","):
        start, end = (int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d+):(\d+)", span))
        spans.append((start, end if end > start else end + 24 * 60))
    return tuple(sorted(spans))


# --- the calendar ------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _days_off(year: int, category: str) -> frozenset[date]:
    """Return the days that `holidays` lists for Sweden: "public" are the red days, "de_facto" the eves."""
    # The package loads every country of the world, which takes a second: only for those who name PH or EVE.
    from holidays.countries.sweden import Sweden  # noqa: PLC0415

    return frozenset(Sweden(years=year, include_sundays=False, categories=(category,)))


def _open_on(hours: OpeningHours, *days: date) -> tuple[Span, ...]:
    """Return what is open of the spans that begin on these local days. They may overlap, in no order."""
    spans = tuple(
        span
        for day in days
        if day not in hours.closed_dates
        for span in _begun_on(hours.expression, day, eves_closed=hours.eves_closed)
    )
    if hours.staffed is not None:
        spans = tuple(_shared(spans, hours.staffed))
    return tuple(_without(spans, hours.closings)) if hours.closings else spans


def _shared(spans: Iterable[Span], others: tuple[Span, ...]) -> Iterator[Span]:
    for start, end in spans:
        for since, until in others:
            if since < end and start < until:
                yield max(start, since), min(end, until)


def _without(spans: Iterable[Span], others: tuple[Span, ...]) -> Iterator[Span]:
    for start, end in spans:
        left = start
        for since, until in others:
            if since < end and left < until:
                if left < since:
                    yield left, since
                left = until
        if left < end:
            yield left, end


@lru_cache(maxsize=8192)
def _begun_on(expression: str, day: date, *, eves_closed: bool) -> tuple[Span, ...]:
    """Return the spans that begin on this local day, in order. Pure, and asked all the time: remembered."""
    minutes: tuple[tuple[int, int], ...] = ()
    for rule in _rules(expression):
        if rule.holds_on(day, eves_are_red=eves_closed):
            minutes = tuple(sorted(minutes + rule.minutes)) if rule.adds and rule.minutes else rule.minutes
    return tuple(_in_utc(day, minutes))


def _in_utc(day: date, minutes: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    for start, end in minutes:
        span = instant(day, start), instant(day, end)
        if span[0] < span[1]:  # a span inside the hour that spring skips is not there at all
            yield span


@lru_cache(maxsize=2048)
def _end_of_opening(hours: OpeningHours, end: datetime) -> datetime | None:
    """Follow spans that join each other from `end` on; None when they do so for a year."""
    most = end + _HORIZON_DAYS * _DAY
    while end <= most:
        day = local_day(end)
        further = [until for start, until in _open_on(hours, day - _DAY, day) if start <= end < until]
        if not further:
            return end
        end = max(further)
    return None
