# SPDX-License-Identifier: EUPL-1.2
"""What calls for a supervisor, as the board shows it: in words, with nothing of any conversation.

Owns the words. What there is to tell comes from `chat/live/alerts.py`; it is answered at the console. Only
what somebody must see to now: an agreement of which notice may be given stands under its own heading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from web.accounts.account import StaffRole, StaffSession
from web.house import House
from web.languages import clock_time, isolated
from web.roster.telling import warnings_in_words

DOMAIN: Final = "supervision"
_CONTEXT: Final = "board"


async def in_words(
    house: House, session: StaffSession, names: Mapping[ServiceId, str], language: str, query: str
) -> list[dict[str, Any]]:
    """Return `{"text", "since", "kind", "urgent", "href"}` for each alert, what cannot wait first.

    `kind`: `hand`, `unattended`, `returned`, `talk`, `taken` for a wish to talk that somebody has taken, or
    `shift` where somebody is missing now or soon, or a service is closed by hand. `since` is empty where
    there is no such moment. `href` is where it is seen to, with `query`; empty for who does not answer there.
    """
    texts = house.languages.texts(language, DOMAIN)
    listed = await house.chat.board.alerts(names)
    answered_at = f"/console{query}" if session.role is StaffRole.SUPERVISOR else ""

    def shown(kind: str, key: str, since: datetime, service: str = "", **aliases: str) -> dict[str, Any]:
        values = {"service": service, **{name: isolated(alias) for name, alias in aliases.items()}}
        at = clock_time(since.astimezone(STOCKHOLM), language)
        return {
            "kind": kind,
            "text": texts.pgettext(_CONTEXT, key) % values,
            "since": texts.pgettext(_CONTEXT, "since") % {"at": at},
            "urgent": kind in {"hand", "unattended"},
            "href": "" if kind == "taken" else answered_at,
        }

    def of(several: Collection[ServiceId]) -> str:
        return ", ".join(names[each] for each in sorted(several) if each in names)

    return [
        *(
            shown("hand", "hand", hand.hand_since, names[hand.service], alias=hand.alias or "")
            for hand in listed.hands
            if hand.hand_since is not None
        ),
        *(shown("unattended", "unattended", one.since, names[one.service]) for one in listed.unattended),
        *(shown("returned", "returned", one.since, names[one.service]) for one in listed.returned),
        *(
            shown("talk", "talk", talk.at, of(talk.services), alias=talk.alias)
            if talk.taken_by is None
            else shown("taken", "talk_taken", talk.at, alias=talk.alias, taken=talk.taken_by)
            for talk in listed.talks
        ),
        *await _about_shifts(house, list(names), language, query),
    ]


async def _about_shifts(
    house: House, services: Sequence[ServiceId], language: str, query: str
) -> list[dict[str, Any]]:
    """Return which shifts lack somebody, and what is closed by hand."""
    return [
        {
            "kind": "shift",
            "text": each.text,
            "since": "",
            "urgent": each.urgent,
            "href": each.href + query,
        }
        for each in await warnings_in_words(house, services, language)
    ]


def headings(house: House, language: str) -> dict[str, str]:
    """Return the words around them."""
    texts = house.languages.texts(language, DOMAIN)
    return {
        "alerts_heading": texts.pgettext(_CONTEXT, "alerts"),
        "alerts_none": texts.pgettext(_CONTEXT, "none"),
        "alerts_console": texts.pgettext(_CONTEXT, "console"),
    }
