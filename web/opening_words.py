# SPDX-License-Identifier: EUPL-1.2
"""When something is open, in the words that she reads, such as `Öppnar i morgon klockan 18:00`.

Owns the words for moments and hours, which her pages say and staff pass on to her. Knows no service and no
page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.hours import STOCKHOLM, OpeningHours
from chat.live.lobby import ServiceStatus
from web.languages import Languages, clock_time, day_and_month, weekday


@dataclass(frozen=True, slots=True)
class OpeningWords:
    """Says when something is open, in one language at one moment."""

    language: str
    languages: Languages
    now: datetime

    def say(self, key: str, **values: str) -> str:
        """Return a text of the catalogue with its values."""
        return self.languages.texts(self.language, "visitor").gettext(key) % values

    def when(self, moment: datetime) -> str:
        """Return when something happens, by the clock in Sweden: `i morgon klockan 18:00`."""
        local, today = moment.astimezone(STOCKHOLM), self.now.astimezone(STOCKHOLM).date()
        time = clock_time(local, self.language)
        match (local.date() - today).days:
            case 0:
                return self.say("when.today", time=time)
            case 1:
                return self.say("when.tomorrow", time=time)
            case days if days < 7:
                return self.say("when.weekday", weekday=weekday(local.date(), self.language), time=time)
            case _:
                return self.say("when.date", date=day_and_month(local.date(), self.language), time=time)

    def state(self, status: ServiceStatus) -> str:
        """Return `Öppet till 21:00. Någon kan svara nu.`, `Öppet till 21:00, kort kö`, or when it opens."""
        if not status.open:
            if status.opens_at is None:
                return self.say("closed.state")
            return self.say("closed.opens", when=self.when(status.opens_at))
        open_ = self._until(status.closes_at)
        if status.here and status.waiting == "none":
            return self.say("open.now", open=open_)
        queue = self.say(f"open.{status.waiting}" if status.here else "open.nobody")
        return self.say("open.queue", open=open_, queue=queue)

    def hours(self, expression: str) -> str:
        """Return `Öppet nu.`, `Öppet dygnet runt.`, or when what has these hours opens."""
        hours = OpeningHours.parse(expression)
        if hours.is_open(self.now):
            return self.say("line.open" if hours.closes_at(self.now) else "line.always")
        opens = hours.opens_at(self.now)
        return self.say("line.closed") if opens is None else self.say("line.opens", when=self.when(opens))

    def _until(self, closes_at: datetime | None) -> str:
        if closes_at is None:
            return self.say("open.always")
        if closes_at - self.now >= timedelta(days=1):
            return self.say("open")
        return self.say("open.until", when=clock_time(closes_at.astimezone(STOCKHOLM), self.language))
