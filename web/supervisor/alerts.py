# SPDX-License-Identifier: EUPL-1.2
"""What calls for a supervisor, as the board shows it: in words, with nothing of any conversation.

Owns the words. What there is to tell comes from `chat/live/alerts.py`; it is answered at the console.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from chat.hours import STOCKHOLM
from chat.ids import ServiceId
from web.house import House
from web.languages import clock_time, isolated

DOMAIN: Final = "supervision"
_CONTEXT: Final = "board"


async def in_words(
    house: House, services: Collection[ServiceId], names: Mapping[ServiceId, str], language: str
) -> list[dict[str, Any]]:
    """Return `{"text", "since", "kind", "urgent"}` for each alert of some services, what cannot wait first.

    `kind`: `hand`, `unattended`, `returned`, `talk`, or `taken` for a wish to talk that somebody has taken.
    """
    texts = house.languages.texts(language, DOMAIN)
    listed = await house.chat.alerts.of(services)

    def shown(kind: str, key: str, since: datetime, service: str = "", **aliases: str) -> dict[str, Any]:
        values = {"service": service, **{name: isolated(alias) for name, alias in aliases.items()}}
        at = clock_time(since.astimezone(STOCKHOLM), language)
        return {
            "kind": kind,
            "text": texts.pgettext(_CONTEXT, key) % values,
            "since": texts.pgettext(_CONTEXT, "since") % {"at": at},
            "urgent": kind in {"hand", "unattended"},
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
    ]


def headings(house: House, language: str) -> dict[str, str]:
    """Return the words around them."""
    texts = house.languages.texts(language, DOMAIN)
    return {
        "alerts_heading": texts.pgettext(_CONTEXT, "alerts"),
        "alerts_none": texts.pgettext(_CONTEXT, "none"),
        "alerts_console": texts.pgettext(_CONTEXT, "console"),
    }
