# SPDX-License-Identifier: EUPL-1.2
"""What the page of a roster shows of shifts and closings: plain values for its template.

Owns which buttons somebody gets at a shift. Names are those of colleagues in a service of one's own; whether
somebody may is decided again when the form comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from chat.hours import STOCKHOLM, is_day_off, local_day
from chat.ids import ServiceId
from config.site import OpenWhen, PublicService
from web.accounts.account import AT_CONSOLE, StaffSession
from web.accounts.rights import Deed, may
from web.languages import Languages, day_and_month, direction, language_name, short_day, tag, weekday
from web.roster.closing import Closing, is_within
from web.roster.forms import clock_of
from web.roster.shift import LATE, Hold, Shift
from web.roster.telling import DOMAIN, moment_in_words, span_in_words

_SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Showing:
    """Who looks at which service's roster, when and in which language."""

    session: StaffSession
    service: PublicService
    languages: Languages
    language: str
    now: datetime

    def say(self, key: str, **values: str) -> str:
        """Return a text of the roster."""
        text = self.languages.texts(self.language, DOMAIN).gettext(key)
        return text % values if values else text

    def count(self, key: str, n: int, **values: str) -> str:
        """Return a text in the plural form for `n`."""
        text = self.languages.texts(self.language, DOMAIN).ngettext(key, key, n)
        return text % {"n": str(n), **values}

    def is_shut(self, each: Shift) -> bool:
        """Whether what is left of a shift is closed by hand: nobody is needed on it."""
        closings = self.service.chat.hours.closings
        return any(is_within(each.starts_at, each.ends_at, self.now, closed) for closed in closings)

    @property
    def opens_by_shift(self) -> bool:
        """Whether the chat is open while enough people are on a shift, and not otherwise."""
        return self.service.open_when is OpenWhen.STAFFED

    @property
    def plans(self) -> bool:
        """Whether they make shifts here."""
        return may(self.session, Deed.PLAN)

    @property
    def closes(self) -> bool:
        """Whether they may close it before its time."""
        return may(self.session, Deed.CLOSE)

    @property
    def serves(self) -> bool:
        """Whether they may be on a shift here themselves."""
        return self.session.role in AT_CONSOLE and self.service.id in self.session.services


def weeks(at: Showing, first: date, count: int, shifts: Iterable[Shift]) -> list[dict[str, Any]]:
    """Return whole weeks from a Monday on: each with its days, each with its shifts."""
    by_day: dict[date, list[Shift]] = {}
    for each in shifts:
        by_day.setdefault(local_day(each.starts_at), []).append(each)
    return [_week(at, first + timedelta(weeks=ahead), by_day) for ahead in range(count)]


def mine(
    shifts: Iterable[Shift], names: Mapping[ServiceId, str], now: datetime, language: str, query: str
) -> list[dict[str, Any]]:
    """Return one's own shifts in the services that are named, whatever week they are in."""
    return [
        {
            "service": names[each.service],
            "when": span_in_words(each.starts_at, each.ends_at, now, language),
            "cancelled": each.cancelled,
            "href": f"/staff/roster/{each.service}?{_week_of(each)}{query.replace('?', '&')}#shift-{each.id}",
        }
        for each in shifts
        if each.service in names
    ]


def _week_of(each: Shift) -> str:
    return urlencode({"from": local_day(each.starts_at).isoformat()})


def _week(at: Showing, monday: date, by_day: Mapping[date, list[Shift]]) -> dict[str, Any]:
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    today = local_day(at.now)
    return {
        "number": monday.isocalendar().week,
        "span": f"{short_day(monday, at.language)} – {short_day(days[-1], at.language)}",
        "is_empty": not any(day in by_day for day in days),
        "days": [
            {
                "iso": day.isoformat(),
                "weekday": weekday(day, at.language).capitalize(),
                "date": short_day(day, at.language),
                "today": day == today,
                "past": day < today,
                "red": is_day_off(day),
                "shifts": [shift(at, each) for each in by_day.get(day, ())],
            }
            for day in days
        ],
    }


def shift(at: Showing, each: Shift) -> dict[str, Any]:
    """Return one shift with what somebody may do with it."""
    own, is_over = each.held.get(at.session.account), each.ends_at <= at.now
    return {
        "id": each.id,
        "day": each.starts_at.astimezone(STOCKHOLM).date().isoformat(),
        "begins": clock_of(each.starts_at),
        "ends": clock_of(each.ends_at),
        "times": f"{clock_of(each.starts_at)}–{clock_of(each.ends_at)}",
        "when": _when(at, each),
        "cancelled": each.cancelled,
        "over": is_over,
        "own": own in {Hold.TAKEN, Hold.OFFERED} and not each.cancelled,
        "state": _state(at, each),
        "needs": not is_over and not at.is_shut(each) and _is_pressing(at, each),
        "warned": _what_follows(at, each, own),
        "people": _people(at, each),
        "deeds": [] if is_over else list(_deeds(at, each, own)),
        "wanted": each.wanted,
        "fewest": each.fewest,
    }


def _is_pressing(at: Showing, each: Shift) -> bool:
    """Tell whether a shift should catch the eye: weeks ahead an open place is nothing to be alarmed by."""
    return each.needs_somebody or (each.is_short and each.starts_at - at.now < _SOON)


def _when(at: Showing, each: Shift) -> str:
    day = each.starts_at.astimezone(STOCKHOLM).date()
    return f"{weekday(day, at.language)} {day_and_month(day, at.language)} {clock_of(each.starts_at)}"


def _state(at: Showing, each: Shift) -> str:
    if each.cancelled:
        return at.say("shift.cancelled")
    if each.ends_at <= at.now:
        return at.say("shift.over")
    if at.is_shut(each):
        return at.say("shift.shut")
    if each.places == 0:
        return at.say("shift.full")
    if each.is_short:
        return ". ".join(_short(at, each))
    if each.needs_somebody:
        return at.count("shift.dropped", each.places)
    return at.count("shift.open", each.places)


def _short(at: Showing, each: Shift) -> Iterable[str]:
    """Yield what it means that too few are on it, one sentence for each thing."""
    if each.needs_somebody:
        yield at.say("shift.cannot")
    if each.on or each.fewest == each.wanted:
        yield at.count("shift.short", each.fewest - len(each.on))
    else:
        yield at.say("shift.nobody", fewest=str(each.fewest), wanted=str(each.wanted))
    if at.opens_by_shift and _is_pressing(at, each) and each.starts_at > at.now:
        yield at.say("shift.else_closed")


def _what_follows(at: Showing, each: Shift, own: Hold | None) -> str:
    """Return what becomes of the evening if they, who are on it, say late that they cannot come."""
    if own not in {Hold.TAKEN, Hold.OFFERED} or each.starts_at - at.now >= LATE:
        return ""
    told = [at.say("absent.told")]
    if at.opens_by_shift and len(each.on) <= each.fewest and not at.is_shut(each):
        told.append(at.say("absent.closes"))
    if each.starts_at <= at.now:
        told.append(at.say("absent.begun"))
    return " ".join(told)


def _people(at: Showing, each: Shift) -> list[dict[str, Any]]:
    """Who is on it; who has dropped out is told to planners alone."""
    names = (*each.on, *(each.absent if at.plans and not each.cancelled else ()))
    return [
        {
            "name": name,
            "you": name == at.session.account,
            "offers": each.held[name] is Hold.OFFERED and each.starts_at > at.now,
            "absent": each.held[name] is Hold.ABSENT,
        }
        for name in names
    ]


def _deeds(at: Showing, each: Shift, own: Hold | None) -> Iterable[dict[str, str]]:
    """Yield the buttons, as `do`, `whose` and words: for oneself, and of a cancelled one for planners."""
    begun = each.starts_at <= at.now
    if each.cancelled:
        if at.plans:
            yield _deed("restore", at.say("do.restore"))
        return
    if not at.serves:
        return
    if own in {Hold.TAKEN, Hold.OFFERED}:
        if not begun and own is Hold.TAKEN:
            yield _deed("offer", at.say("do.offer"))
        elif not begun:
            yield _deed("keep", at.say("do.keep"))
        late = each.starts_at - at.now < LATE
        yield _deed("leave", at.say("do.absent" if late else "do.leave"))
        return
    if begun or at.is_shut(each):
        return
    if each.places > 0:
        yield _deed("take", at.say("do.take"))
    for name, hold in sorted(each.held.items()):
        if hold is Hold.OFFERED:
            yield {**_deed("take_over", at.say("do.take_over", name=name)), "whose": name}


def _deed(do: str, words: str) -> dict[str, str]:
    return {"do": do, "whose": "", "words": words}


def closing(at: Showing, found: Closing) -> dict[str, Any]:
    """Return how the service is closed by hand."""
    own = found.words.get(at.service.language) or next(iter(found.words.values()), "")
    return {"until": moment_in_words(found.ends_at, at.now, at.language), "words": own}


def words_fields(at: Showing, written: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a field for each language of the service, its own first."""
    codes = dict.fromkeys((at.service.language, *at.service.languages))
    return [
        {
            "code": code,
            "name": language_name(code, at.language) if "-" not in code else at.say(f"language.{code}"),
            "tag": tag(code),
            "direction": direction(code),
            "own": code == at.service.language,
            "text": written.get(f"words.{code}", ""),
        }
        for code in codes
    ]


def others(
    names: Mapping[ServiceId, str], current: ServiceId, query: str, first: Collection[ServiceId]
) -> list[dict[str, Any]]:
    """Return the way to the rosters of one's other services."""
    return [
        {"name": names[id_], "href": f"/staff/roster/{id_}{query}", "current": id_ == current}
        for id_ in first
    ]


def weekday_names(language: str) -> list[str]:
    """Return the names of the days, Monday first."""
    monday = date(2026, 1, 5)
    return [weekday(monday + timedelta(days=ahead), language) for ahead in range(7)]


def local_iso(moment: datetime) -> str:
    """Return a local day as a field for a day wants it."""
    return local_day(moment).isoformat()
