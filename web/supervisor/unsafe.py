# SPDX-License-Identifier: EUPL-1.2
"""What a supervisor sees of conversations that staff ended to protect themselves, and lifting what followed.

Owns the words about it: counts of the day without anybody's name, and what is asked of a network just now. It
never says that somebody misbehaved, because many share a network. Knows no conversation and no network.
"""

from __future__ import annotations

import gettext
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from chat.hours import STOCKHOLM, local_day
from chat.ids import ServiceId
from chat.statistics import UNSAFE
from moderation.sanctions import Sanction, Unsafe
from web.accounts.account import StaffSession
from web.accounts.audit import Audited
from web.house import House
from web.languages import clock_time

REASONS: Final = {
    Unsafe.THREAT: "board.reason_threat",
    Unsafe.HARASSMENT: "board.reason_harassment",
    Unsafe.SEXUAL: "board.reason_sexual",
    Unsafe.SPAM: "board.reason_spam",
}


async def counted_today(
    house: House, services: Collection[ServiceId]
) -> Mapping[ServiceId, dict[Unsafe, int]]:
    """Return how many conversations of each service staff ended today, by why; what was not is left out."""
    counters = await house.chat.lobby.store.counters(services, local_day(house.clock.now()))
    return {
        service: {reason: n for reason, name in UNSAFE.items() if (n := counted.get(name, 0)) > 0}
        for service, counted in counters.items()
    }


def counts_in_words(counts: Mapping[Unsafe, int], texts: gettext.NullTranslations) -> str:
    """Return one sentence about a service's day; empty when there is nothing to tell."""
    if not counts:
        return ""
    one = texts.gettext("board.unsafe_one")
    reasons = ", ".join(one % {"reason": _reason(reason, texts), "n": n} for reason, n in counts.items())
    return texts.gettext("board.unsafe") % {"reasons": reasons}


def sanctions_in_words(
    house: House, services: Collection[ServiceId], names: Mapping[ServiceId, str], language: str
) -> list[dict[str, Any]]:
    """Return the sanctions in force for some services, the newest first, as the board shows them."""
    texts = house.languages.texts(language, "staff")
    return [
        _shown(sanction, names[ServiceId(sanction.service)], texts, language)
        for sanction in house.limits.sanctions(services)
    ]


async def lift(house: House, session: StaffSession, id_: str) -> ServiceId | None:
    """End one of the session's services' sanctions and record who did; return for which service.

    One that is gone is just gone: None.
    """
    services = house.may_serve(session)
    found = next((each for each in house.limits.sanctions(services) if each.id == id_), None)
    if found is None or not house.limits.lift(id_, services):
        return None
    service = ServiceId(found.service)
    await house.record(Audited.LIFTED, session, service)
    return service


def _shown(sanction: Sanction, name: str, texts: gettext.NullTranslations, language: str) -> dict[str, Any]:
    _ = texts.gettext
    since = _clock(sanction.since, language)
    started = _("board.sanction_quiet")
    if sanction.started_at is not None:
        started = _("board.sanction_started") % {"at": _clock(sanction.started_at, language)}
    cells = {
        "name": name,
        "reason": _("board.sanction_reason") % {"reason": _reason(sanction.reason, texts)},
        "times": _("board.sanction_times") % {"since": since, "until": _clock(sanction.until, language)},
        "started": started,
    }
    label = _("board.lift_which") % {"service": name, "since": since}
    return {"id": sanction.id, "cells": cells, "label": label}


def _reason(reason: Unsafe, texts: gettext.NullTranslations) -> str:
    return texts.gettext(REASONS[reason])


def _clock(moment: datetime, language: str) -> str:
    return clock_time(moment.astimezone(STOCKHOLM), language)
