# SPDX-License-Identifier: EUPL-1.2
"""Closing a service before its time: from when until when, and what is said about it.

Owns which stretch is closed and what may stand in the words: pure. Knows no store, no sign-in and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chat.hours import OpeningHours
from chat.ids import ServiceId
from web.replies.reply import is_strange
from web.roster.errors import NothingToClose, Unfit

LONGEST_TEXT: Final = 200
MOST: Final = timedelta(days=14)
"""Closed longer than this, it is its hours that have changed."""


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
    if ends_at is None or not now < ends_at <= now + MOST or ends_at <= opens_at:
        raise Unfit("until")
    return Closing(service=service, starts_at=now, ends_at=ends_at, words=dict(words))


def fit_words(words: Mapping[str, str], tells_who: Callable[[str], bool]) -> dict[str, str]:
    """Return what visitors are told as it is kept; languages without any words are left out.

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
        if text:
            kept[language] = text
    return kept
