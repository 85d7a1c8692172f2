# SPDX-License-Identifier: EUPL-1.2
"""Where a ticket stands, in plain words: what has happened, what comes next, what can still be done.

Owns which sentences of the catalogue belong to which state of `handover/ticket.py`. Knows no page and no
letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.hours import STOCKHOLM
from chat.ids import Track
from handover.receivers import ReceivedAt
from handover.ticket import Ticket, TicketState
from web.languages import SCRIPT, Languages, clock_time, day_and_month, isolated

DOMAIN = "ticket"
ASKED = "consent"

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class TicketWords:
    """Says things about tickets in one language."""

    language: str
    languages: Languages

    def say(self, key: str, **values: str) -> str:
        """Return a text of the catalogue with its values."""
        return self.languages.texts(self.language, DOMAIN).gettext(key) % values

    def asked(self, key: str, track: Track, **values: str) -> str:
        """Return a text in the words with which she was asked, so that she knows again what she sent.

        Whoever uses violence is asked in words of that track, where it has its own.
        """
        texts = self.languages.texts(self.language, ASKED)
        own = f"{key}.{track}"
        found = texts.pgettext(SCRIPT, own)
        return (found if found != own else texts.pgettext(SCRIPT, key)) % values

    def count(self, key: str, n: int, **values: str) -> str:
        """Return a text of the catalogue in the plural form for `n`."""
        return self.languages.texts(self.language, DOMAIN).ngettext(key, key, n) % {"n": str(n), **values}

    def day(self, moment: datetime) -> str:
        """Return the day in Sweden: `3 juni`."""
        return day_and_month(moment.astimezone(STOCKHOLM).date(), self.language)

    def moment(self, moment: datetime) -> str:
        """Return day and time in Sweden."""
        time = clock_time(moment.astimezone(STOCKHOLM), self.language)
        return self.say("moment", day=self.day(moment), time=time)

    # --- where it stands ---

    def state(self, ticket: Ticket, reference: str, *, has_answered: bool = False) -> list[str]:
        """Return what has happened and what comes next, a thought each.

        `reference`: the receiver's own. `has_answered`: what was written last is hers.
        """
        if ticket.state is TicketState.ANSWERED and has_answered:
            return [
                self.say("state.answered.hers"),
                self.say("next.answered.hers", day=self.day(ticket.deadline)),
            ]
        return [*self._happened(ticket, reference), *self._next(ticket)]

    def _happened(self, ticket: Ticket, reference: str) -> Iterator[str]:
        match ticket.state:
            case TicketState.DELIVERED:
                yield self.say(f"state.delivered.{ticket.received_at}")
            case TicketState.OPENED if ticket.opened_at is not None:
                yield self.say("state.opened", day=self.day(ticket.opened_at))
            case TicketState.ACCEPTED:
                yield self.say("state.accepted")
                if reference:
                    yield self.say("state.reference", reference=isolated(reference))
            case TicketState.EXPIRED:
                yield self._expired(ticket)
            case TicketState.WITHDRAWN:
                yield self.say("state.withdrawn")
                yield self._left(ticket)
            case state:
                yield self.say(f"state.{state}")

    def _expired(self, ticket: Ticket) -> str:
        if ticket.opened_at is None:
            return self.say("state.expired.unopened")
        return self.say("state.expired", day=self.day(ticket.opened_at))

    def _left(self, ticket: Ticket) -> str:
        """Return what her withdrawal has left with the receiver."""
        if ticket.received_at is ReceivedAt.DELIVERY:
            return self.say("left.delivery")
        if ticket.opened_at is None:
            return self.say("left.nothing")
        return self.say("left.opened", day=self.day(ticket.opened_at))

    def _next(self, ticket: Ticket) -> Iterator[str]:
        day = self.day(ticket.deadline)
        match ticket.state:
            case TicketState.DELIVERED:
                yield self.say(f"next.delivered.{ticket.received_at}", day=day)
                yield self.say("next.here")
            case TicketState.OPENED | TicketState.ANSWERED | TicketState.ACCEPTED as state:
                yield self.say(f"next.{state}", day=day)
            case _:
                yield self.say("next.closed", day=day)

    # --- taking it back ---

    def before_withdrawal(self, ticket: Ticket) -> list[str]:
        """Return what taking it back now does, and what it cannot do."""
        if ticket.can_be_recalled:
            return [self.say("withdraw.recalls"), self.say("withdraw.race")]
        told = self.say("withdraw.told"), self.say("withdraw.onward"), self.say("withdraw.ends")
        if ticket.opened_at is not None:
            return [self.say("withdraw.read", day=self.day(ticket.opened_at)), *told]
        return [self.say("withdraw.delivered"), *told]


def words_typed(code: str, words: Sequence[str]) -> int | None:
    """Return how many words somebody has typed; None when they are not kept apart, or none."""
    typed = _WORD.findall(unicodedata.normalize("NFC", code))
    if not typed or (len(typed) == 1 and len(typed[0]) > max(map(len, words))):
        return None
    return len(typed)
