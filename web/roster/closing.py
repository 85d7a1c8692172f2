# SPDX-License-Identifier: EUPL-1.2
"""Closing a service before its time: from when until when, and what is said about it.

Owns which stretch is closed and what may stand in the words: pure. Knows no store, no sign-in and no page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.hours import OpeningHours, Span
from chat.ids import ServiceId
from web.replies.reply import is_strange
from web.roster.errors import Doubt, NothingToClose, Unfit

LONGEST_TEXT: Final = 200
MOST: Final = timedelta(days=14)
"""Closed longer than this, it is its hours that have changed."""
LONG: Final = timedelta(hours=12)
"""A time of day may be one that is past already, and so mean tomorrow: longer than this is asked about."""

_PROMISE: Final = re.compile(
    r"hör(a|s|de)? av (oss|mig|dig|er|sig)|(återkommer|återkomma) till"
    r"|(ringer|ringa|kontaktar|kontakta|mejlar|mejla|mailar|maila|sms:?ar|sms:?a|skriver till|skriva till)"
    r" (upp |tillbaka )?(dig|er)\b|tar kontakt|ringer (upp|tillbaka)"
    r"|(get|be|come) (back|in touch)|(call|contact|e-?mail|text|reach|phone) you\b|call back"
    r"|نتصل بك|سنتصل|نتواصل معك|سنتواصل|نعاود الاتصال",
    re.IGNORECASE,
)
"""What promises that somebody contacts her. Nobody can: the chat knows nobody's number. Only asked about, for
“vi kan inte ringa dig” has the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A service is closed by hand, in UTC."""

    service: ServiceId
    starts_at: datetime
    ends_at: datetime
    words: Mapping[str, str] = field(default_factory=dict)
    """What visitors are told about it, by language; may be empty."""


def opening_to_close(hours: OpeningHours, now: datetime) -> tuple[datetime, datetime | None]:
    """Return the opening that is closed when nothing else is said: the one that runs, or the next.

    `hours` must be without closings. The end is None for what never closes by itself.

    Raises:
        NothingToClose: it does not open within a year.
    """
    if hours.is_open(now):
        return now, hours.closes_at(now)
    opens_at = hours.opens_at(now)
    if opens_at is None:
        raise NothingToClose
    return opens_at, hours.closes_at(opens_at)


def fit_closing(
    service: ServiceId, hours: OpeningHours, now: datetime, until: datetime | None, words: Mapping[str, str]
) -> Closing:
    """Return what is to be closed from now on, until a chosen moment or the end of the opening.

    `words` must have been through `fit_words`.

    Raises:
        NothingToClose: it does not open within a year.
        Unfit: the moment is missing for what never closes by itself, or is none.
    """
    opens_at, closes_at = opening_to_close(hours, now)
    ends_at = until if until is not None else closes_at
    if ends_at is None:
        raise Unfit("clock")
    if not now < ends_at <= now + MOST or ends_at <= opens_at:
        raise Unfit("until")
    return Closing(service=service, starts_at=now, ends_at=ends_at, words=dict(words))


def is_within(starts_at: datetime, ends_at: datetime, now: datetime, closed: Span) -> bool:
    """Tell whether all that is left of a stretch of time is closed."""
    since, until = closed
    return since <= max(starts_at, now) and ends_at <= until


def doubts(closing: Closing, *, by_clock: bool, aliases: Collection[str] = ()) -> list[Doubt]:
    """Return what may not have been meant. `by_clock`: the end is a time of day that was typed.

    `aliases`: by which visitors know those who are on duty. Many are words as well, so they are only asked
    about.
    """
    found: list[Doubt] = []
    if by_clock and closing.ends_at - closing.starts_at > LONG:
        found.append("length")
    if any(_PROMISE.search(text) for text in closing.words.values()):
        found.append("promise")
    if any(_names(text, alias) for text in closing.words.values() for alias in aliases):
        found.append("alias")
    return found


def fit_words(
    words: Mapping[str, str], tells_who: Callable[[str], bool], names: Collection[str] = ()
) -> dict[str, str]:
    """Return what visitors are told as it is kept; languages without any words are left out.

    `names` are those of colleagues, as they sign in: visitors are told none of them.

    Raises:
        Unfit: with the reason.
    """
    kept = {}
    for language, written in words.items():
        text = " ".join(written.split())
        if len(text) > LONGEST_TEXT:
            raise Unfit("long")
        if is_strange(text):
            raise Unfit("strange")
        if text and tells_who(text):
            raise Unfit("identity")
        if any(_names(text, name) for name in names):
            raise Unfit("name")
        if text:
            kept[language] = text
    return kept


def _names(text: str, name: str) -> bool:
    """Tell whether a text has a name as a word of its own, or whose something is: `Annas`."""
    return re.search(rf"(?<!\w){re.escape(name)}s?(?!\w)", text, re.IGNORECASE) is not None
