# SPDX-License-Identifier: EUPL-1.2
"""The lines of the board: each service now and today, in words, what needs somebody first.

Owns the words and the order. What there is to tell comes from `chat/live/board.py`.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chat.hours import STOCKHOLM, local_day
from chat.ids import ServiceId
from chat.live.board import BoardRow, Serving
from moderation.sanctions import Unsafe
from web.house import House
from web.languages import clock_time, day_and_month, isolated, weekday
from web.roster.telling import closed_by_hand
from web.supervisor import unsafe

LONG_S: Final = 10 * 60
"""Whoever has waited so long calls for somebody, also where others are answered."""
MANY: Final = 8
"""From so many services on, those where something happens stand first, and the list can be narrowed down."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Says rows in one language, at one moment."""

    language: str
    texts: gettext.NullTranslations
    now: datetime

    def rows(
        self,
        rows: Sequence[BoardRow],
        counts: Mapping[ServiceId, Mapping[Unsafe, int]],
        by_hand: Mapping[ServiceId, str],
    ) -> list[dict[str, Any]]:
        """Return each row in words; of a few services in the order given, which never moves.

        `by_hand`: what is told of those that somebody has closed.
        """
        if len(rows) >= MANY:
            rows = sorted(rows, key=_rank)
        return [self._row(row, counts.get(row.service, {}), by_hand.get(row.service, "")) for row in rows]

    def _row(self, row: BoardRow, counts: Mapping[Unsafe, int], by_hand: str) -> dict[str, Any]:
        alert = self._alert(row)
        cells = {
            "state": self._state(row, by_hand),
            "alert": alert,
            "waiting": str(row.waiting),
            "longest": self._wait(row.longest_wait_s),
            "on_duty": self._people(row.on_duty),
            "active": str(row.active),
            "answered": str(row.answered),
            "abandoned": str(row.abandoned),
            "unsafe": unsafe.counts_in_words(counts, self.texts),
        }
        return {
            "service": row.service,
            "cells": cells,
            "alert": bool(alert),
            "shut": row.cannot_open is not None,
            "busy": _rank(row) < _QUIET,
            "alone": _is_alone(row),
        }

    def _alert(self, row: BoardRow) -> str:
        _ = self.texts.gettext
        if _needs_somebody(row):
            return _("board.all_paused" if row.on_duty else "board.alone")
        return _("board.long") if _waits_long(row) else ""

    def _state(self, row: BoardRow, by_hand: str) -> str:
        _ = self.texts.gettext
        if row.cannot_open is not None:
            return _("board.cannot_open") % {"reason": row.cannot_open}
        if by_hand:
            return by_hand
        if row.open:
            return self._open(row)
        if row.opens_at is None:
            return _("board.closed")
        return _("board.closed_until") % {"at": self._at(row.opens_at)}

    def _open(self, row: BoardRow) -> str:
        _ = self.texts.gettext
        closes = row.closes_at
        if closes and not row.takes_new:
            return _("board.closes_soon") % {"at": self._at(closes)}
        soon = closes is not None and closes - self.now < timedelta(days=1)
        said = _("board.open_until") % {"at": self._at(closes)} if closes and soon else _("board.open")
        if not _is_alone(row):
            return said
        return _("board.open_paused" if row.on_duty else "board.open_alone") % {"open": said}

    def _at(self, moment: datetime) -> str:
        """Return `18:00`, or with its day where that is another than today."""
        here, today = moment.astimezone(STOCKHOLM), local_day(self.now)
        at, day = clock_time(here, self.language), here.date()
        if day == today:
            return at
        near = day - today < timedelta(days=7)
        return f"{weekday(day, self.language) if near else day_and_month(day, self.language)} {at}"

    def _wait(self, seconds: int | None) -> str:
        if seconds is None:
            return "–"
        if seconds < 60:
            return self.texts.gettext("board.seconds")
        hours, minutes = divmod(seconds // 60, 60)
        if hours == 0:
            return self.texts.gettext("board.minutes") % {"n": minutes}
        return self.texts.gettext("board.hours") % {"hours": hours, "minutes": minutes}

    def _people(self, on_duty: Sequence[Serving]) -> str:
        """Return each alias with its load, isolated, so that none can turn the order of the others."""
        if not on_duty:
            return self.texts.gettext("board.nobody")
        one, paused = self.texts.gettext("board.one"), self.texts.gettext("board.one_paused")
        return ", ".join(
            (paused if each.paused else one)
            % {"alias": isolated(each.alias), "active": each.active, "capacity": each.capacity}
            for each in on_duty
        )


async def rows_now(house: House, services: Sequence[ServiceId], language: str) -> list[dict[str, Any]]:
    """Return the board's lines of some services: `{"service", "cells", "alert", "shut", "busy", "alone"}`."""
    texts = house.languages.texts(language, "staff")
    rows = await house.chat.board.rows(services)
    counts = await unsafe.counted_today(house, services)
    by_hand = {service: closed_by_hand(house, service, language) for service in services}
    return Telling(language, texts, house.clock.now()).rows(rows, counts, by_hand)


_QUIET: Final = 5


def _rank(row: BoardRow) -> int:
    if _needs_somebody(row):
        return 0
    if _waits_long(row):
        return 1
    if row.waiting:
        return 2
    if _is_alone(row):
        return 3
    if row.active or row.on_duty:
        return 4
    return _QUIET


def _needs_somebody(row: BoardRow) -> bool:
    return row.waiting > 0 and _nobody_answers(row)


def _waits_long(row: BoardRow) -> bool:
    return row.longest_wait_s is not None and row.longest_wait_s >= LONG_S


def _is_alone(row: BoardRow) -> bool:
    """Tell whether somebody may still come, nobody waits yet, and nobody is there."""
    return row.open and row.takes_new and not row.waiting and _nobody_answers(row)


def _nobody_answers(row: BoardRow) -> bool:
    return all(each.paused for each in row.on_duty)
